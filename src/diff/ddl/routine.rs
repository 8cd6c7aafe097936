//! Functions, procedures, aggregates and window functions.

use super::{Alter, Statement, text};
use crate::codegen::manifest::{Argument, ArgumentMode, Parallel, Routine, RoutineKind, Volatility};
use crate::codegen::sql::{self, identifier, qualified};

/// CREATE OR REPLACE: it makes the routine or gives it what it says, keeping
/// its privileges and its comment.
pub fn create(schema: &str, routine: &Routine) -> Statement {
    let name = qualified(schema, &routine.name);
    if routine.kind == RoutineKind::Aggregate {
        let definition = routine.definition.as_deref().unwrap_or_default();
        let arguments = aggregate_arguments(routine, sql::argument);
        return Statement::new(format!("CREATE OR REPLACE AGGREGATE {name}({arguments}) ({definition})"));
    }
    let word = if routine.kind == RoutineKind::Procedure { "PROCEDURE" } else { "FUNCTION" };
    let arguments: Vec<String> = routine
        .arguments
        .iter()
        // The columns of RETURNS TABLE are in what it returns.
        .filter(|argument| argument.mode != ArgumentMode::Table)
        .map(sql::argument)
        .collect();
    let mut parts = vec![format!("CREATE OR REPLACE {word} {name}({})", arguments.join(", "))];
    if let Some(returns) = &routine.returns {
        parts.push(format!("RETURNS {returns}"));
    }
    parts.push(format!("LANGUAGE {}", identifier(&routine.language)));
    parts.extend(attributes(routine));
    if let Some(body) = &routine.sql_body {
        parts.push(body.clone());
    } else {
        let body = routine.body.as_deref().unwrap_or_default();
        parts.push(match &routine.library {
            Some(library) => format!("AS {}, {}", text::literal(library), text::literal(body)),
            None => format!("AS {}", text::dollar_quoted(body)),
        });
    }
    Statement::new(parts.join("\n"))
}

fn attributes(routine: &Routine) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    if !routine.transforms.is_empty() {
        let types: Vec<String> = routine.transforms.iter().map(|name| format!("FOR TYPE {name}")).collect();
        parts.push(format!("TRANSFORM {}", types.join(", ")));
    }
    if routine.kind == RoutineKind::Window {
        parts.push("WINDOW".to_owned());
    }
    match routine.volatility {
        Volatility::Immutable => parts.push("IMMUTABLE".to_owned()),
        Volatility::Stable => parts.push("STABLE".to_owned()),
        Volatility::Volatile => {}
    }
    if routine.leakproof {
        parts.push("LEAKPROOF".to_owned());
    }
    if routine.strict {
        parts.push("STRICT".to_owned());
    }
    if routine.security_definer {
        parts.push("SECURITY DEFINER".to_owned());
    }
    match routine.parallel {
        Parallel::Safe => parts.push("PARALLEL SAFE".to_owned()),
        Parallel::Restricted => parts.push("PARALLEL RESTRICTED".to_owned()),
        Parallel::Unsafe => {}
    }
    parts.extend(routine.cost.map(|cost| format!("COST {cost}")));
    parts.extend(routine.rows.map(|rows| format!("ROWS {rows}")));
    parts.extend(routine.support.as_ref().map(|support| format!("SUPPORT {support}")));
    parts.extend(routine.settings.iter().map(|setting| self::setting(setting)));
    parts
}

/// Settings whose value is a list of names, which the server keeps in double
/// quotes and takes as literals (GUC_LIST_QUOTE).
const LISTS: [&str; 7] = [
    "createrole_self_grant",
    "local_preload_libraries",
    "search_path",
    "session_preload_libraries",
    "shared_preload_libraries",
    "temp_tablespaces",
    "unix_socket_directories",
];

fn setting(setting: &str) -> String {
    let (name, value) = setting.split_once('=').unwrap_or((setting, ""));
    let quoted_name = name.split('.').map(identifier).collect::<Vec<_>>().join(".");
    let value = match LISTS.contains(&name.to_ascii_lowercase().as_str()) {
        true => names(value).iter().map(|name| text::literal(name)).collect::<Vec<_>>().join(", "),
        false => text::literal(value),
    };
    format!("SET {quoted_name} TO {value}")
}

/// The names of a list, out of their quotes; the empty list is one empty name.
fn names(list: &str) -> Vec<String> {
    let mut names = vec![String::new()];
    let mut characters = list.chars().peekable();
    let mut quoted = false;
    while let Some(c) = characters.next() {
        match c {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                names.last_mut().expect("there is one from the start").push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => names.push(String::new()),
            c if c.is_whitespace() && !quoted => {}
            c => names.last_mut().expect("there is one from the start").push(c),
        }
    }
    names
}

/// DROP FUNCTION, PROCEDURE or AGGREGATE.
pub fn drop(schema: &str, routine: &Routine) -> Statement {
    Statement::new(format!("DROP {} {}", word(routine), signature(schema, routine)))
}

/// What DROP, COMMENT ON and GRANT call it.
pub fn word(routine: &Routine) -> &'static str {
    match routine.kind {
        RoutineKind::Function | RoutineKind::Window => "FUNCTION",
        RoutineKind::Procedure => "PROCEDURE",
        RoutineKind::Aggregate => "AGGREGATE",
    }
}

/// `schema.name(types)`; an aggregate's with its ORDER BY.
pub fn signature(schema: &str, routine: &Routine) -> String {
    let name = qualified(schema, &routine.name);
    match routine.kind {
        RoutineKind::Aggregate => {
            let types = aggregate_arguments(routine, |argument| match argument.mode {
                ArgumentMode::Variadic => format!("VARIADIC {}", argument.type_name),
                _ => argument.type_name.clone(),
            });
            format!("{name}({types})")
        }
        _ => format!("{name}({})", routine.input_types().join(", ")),
    }
}

fn aggregate_arguments(routine: &Routine, print: impl Fn(&Argument) -> String) -> String {
    let printed: Vec<String> = routine.arguments.iter().map(print).collect();
    match routine.direct_arguments.and_then(|count| usize::try_from(count).ok()) {
        None if printed.is_empty() => "*".to_owned(),
        None => printed.join(", "),
        Some(count) => {
            let (direct, ordered) = printed.split_at_checked(count).unwrap_or((&printed, &[]));
            // A variadic direct argument is the ordered one as well.
            let ordered =
                if ordered.is_empty() { direct.last().cloned().into_iter().collect() } else { ordered.to_vec() };
            format!("{} ORDER BY {}", direct.join(", "), ordered.join(", ")).trim_start().to_owned()
        }
    }
}

/// How one attribute of a routine becomes another.
pub fn alter(schema: &str, from: &Routine, to: &Routine, attribute: &str) -> Alter {
    match attribute {
        "returns" | "direct_arguments" => Alter::Recreate,
        "arguments" if !may_replace(from, to) => Alter::Recreate,
        _ => Alter::InPlace(vec![create(schema, to)]),
    }
}

/// CREATE OR REPLACE keeps the names of arguments and may not take a default away.
fn may_replace(from: &Routine, to: &Routine) -> bool {
    from.arguments.len() == to.arguments.len()
        && from.arguments.iter().zip(&to.arguments).all(|(from, to)| {
            (from.name.is_none() || from.name == to.name)
                && from.mode == to.mode
                && from.type_name == to.type_name
                && (from.default.is_none() || to.default.is_some())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_setting_is_not_quoted_again() {
        assert_eq!(setting("search_path=crm, pg_temp"), "SET search_path TO 'crm', 'pg_temp'");
        assert_eq!(setting("search_path=\"\""), "SET search_path TO ''");
        assert_eq!(setting("search_path=\"a, \"\"b\", c"), "SET search_path TO 'a, \"b', 'c'");
        assert_eq!(setting("work_mem=8MB"), "SET work_mem TO '8MB'");
        assert_eq!(setting("app.Name=it's"), "SET app.\"Name\" TO 'it''s'");
    }

    #[test]
    fn an_aggregate_names_its_ordered_arguments() {
        let aggregate = |yaml: &str| -> Routine { serde_yaml::from_str(yaml).unwrap() };
        let plain = aggregate("{name: n, kind: aggregate}");
        assert_eq!(signature("s", &plain), "s.n(*)");
        let ordered = aggregate(
            "{name: n, kind: aggregate, direct_arguments: 1, arguments: [{type: float8}, {type: anyelement}]}",
        );
        assert_eq!(signature("s", &ordered), "s.n(float8 ORDER BY anyelement)");
    }
}

//! Functions, procedures, aggregates and window functions.

use super::{Context, comment};
use crate::codegen::manifest::{ArgumentMode, Parallel, Routine, RoutineKind, Schema, Volatility};
use crate::codegen::markdown::{Fence, Inline};
use crate::codegen::sql;

/// The section of one function.
pub struct FunctionPart {
    pub anchor: String,
    /// Qualified, with the types of its arguments: overloaded functions differ.
    pub name: Inline,
    pub comment: Option<Inline>,
    /// One line: kind, language and what is not the default.
    pub facts: Inline,
    /// As CREATE FUNCTION has it, with names and defaults.
    pub signature: Fence,
    pub body: Option<Fence>,
}

impl FunctionPart {
    pub fn new(context: &Context<'_>, schema: &Schema, routine: &Routine) -> Self {
        let types: Vec<&str> = routine
            .arguments
            .iter()
            .filter(|argument| argument.mode.is_input())
            .map(|argument| argument.type_name.as_str())
            .collect();
        let name = format!("{}({})", sql::qualified(&schema.name, &routine.name), types.join(", "));
        let body = [&routine.sql_body, &routine.body, &routine.definition].into_iter().find_map(Option::as_deref);
        let body = body.filter(|text| context.options.definitions && !text.trim().is_empty());
        Self {
            anchor: context.site.anchors.function(&schema.name, routine).unwrap_or_default().to_owned(),
            name: Inline::sql(&name),
            comment: comment(routine.comment.as_deref()),
            facts: facts(routine),
            signature: Fence::new("sql", &signature(schema, routine)),
            body: body.map(|text| Fence::new(body_language(routine), text)),
        }
    }
}

fn signature(schema: &Schema, routine: &Routine) -> String {
    // The columns of RETURNS TABLE are in the result's type already.
    let arguments: Vec<String> =
        routine.arguments.iter().filter(|argument| argument.mode != ArgumentMode::Table).map(sql::argument).collect();
    let name = sql::qualified(&schema.name, &routine.name);
    let mut text = format!("{name}({})", arguments.join(", "));
    if text.len() > 100 && arguments.len() > 1 {
        text = format!("{name}(\n    {}\n)", arguments.join(",\n    "));
    }
    if let Some(returns) = &routine.returns {
        text.push_str(&format!("\nRETURNS {returns}"));
    }
    text
}

fn facts(routine: &Routine) -> Inline {
    let kind = match routine.kind {
        RoutineKind::Function => "Function",
        RoutineKind::Procedure => "Procedure",
        RoutineKind::Aggregate => "Aggregate",
        RoutineKind::Window => "Window function",
    };
    let mut facts = vec![Inline::markup(kind)];
    if !routine.language.is_empty() {
        facts.push(Inline::code(&routine.language));
    }
    let words = [
        (routine.volatility == Volatility::Immutable, "immutable"),
        (routine.volatility == Volatility::Stable, "stable"),
        (routine.strict, "strict"),
        (routine.security_definer, "**security definer**"),
        (routine.leakproof, "leakproof"),
        (routine.parallel == Parallel::Safe, "parallel safe"),
        (routine.parallel == Parallel::Restricted, "parallel restricted"),
    ];
    facts.extend(words.into_iter().filter(|(is, _)| *is).map(|(_, word)| Inline::markup(word)));
    facts.extend(routine.settings.iter().map(|setting| Inline::sql(&format!("SET {setting}"))));
    facts.extend(routine.library.iter().map(|library| Inline::markup("library ").then(Inline::code(library))));
    Inline::join(facts, " · ")
}

/// What the body's lines are, for a renderer that colours them. Only names
/// that are known here get behind a fence.
fn body_language(routine: &Routine) -> &'static str {
    match routine.language.as_str() {
        "sql" | "plpgsql" => "sql",
        "plpython3u" | "plpythonu" => "python",
        "plperl" | "plperlu" => "perl",
        "pltcl" | "pltclu" => "tcl",
        "plv8" => "javascript",
        "plrust" => "rust",
        _ => "text",
    }
}

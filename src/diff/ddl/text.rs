//! Pieces of SQL text that several kinds share.

use crate::codegen::sql::identifier;

/// A string literal; with backslashes in it, in the E form, which reads the
/// same whatever `standard_conforming_strings` is.
pub fn literal(text: &str) -> String {
    let quoted = text.replace('\'', "''");
    if quoted.contains('\\') { format!("E'{}'", quoted.replace('\\', "\\\\")) } else { format!("'{quoted}'") }
}

/// Text between dollar quotes whose tag is not in it.
pub fn dollar_quoted(text: &str) -> String {
    let mut tag = "$$".to_owned();
    let mut number = 0;
    // A text that ends in a dollar sign would run into the closing quote.
    while text.contains(&tag) || (tag == "$$" && text.ends_with('$')) {
        number += 1;
        tag = format!("$body{number}$");
    }
    format!("{tag}{text}{tag}")
}

/// `name='value', …` out of `name=value`: storage options as SQL takes them.
/// A name may have a namespace before its dot, as `toast.autovacuum_enabled`.
pub fn options(options: &[String]) -> String {
    options.iter().map(|option| storage_option(option)).collect::<Vec<_>>().join(", ")
}

/// The names of options, for RESET.
pub fn option_names<'o>(options: impl Iterator<Item = &'o String>) -> String {
    options.map(|option| option_name(option)).collect::<Vec<_>>().join(", ")
}

/// The statements' middles that turn one list of options into another:
/// `RESET (…)` for those that go, `SET (…)` for those that come or change.
pub fn changed_options(from: &[String], to: &[String]) -> Vec<String> {
    let name = |option: &String| option.split_once('=').map_or(option.as_str(), |(name, _)| name).to_owned();
    let kept: Vec<String> = to.iter().map(name).collect();
    let gone: Vec<&String> = from.iter().filter(|option| !kept.contains(&name(option))).collect();
    let new: Vec<String> = to.iter().filter(|option| !from.contains(option)).cloned().collect();
    let mut parts = Vec::new();
    if !gone.is_empty() {
        parts.push(format!("RESET ({})", option_names(gone.into_iter())));
    }
    if !new.is_empty() {
        parts.push(format!("SET ({})", options(&new)));
    }
    parts
}

fn storage_option(option: &str) -> String {
    match option.split_once('=') {
        Some((_, value)) => format!("{}={}", option_name(option), literal(value)),
        None => option_name(option),
    }
}

fn option_name(option: &str) -> String {
    let name = option.split_once('=').map_or(option, |(name, _)| name);
    name.split('.').map(identifier).collect::<Vec<_>>().join(".")
}

/// Whether the server casts one of its own types to another, by pg_cast of
/// server 15; from and to text it casts everything. What it does not cast goes
/// through text, which takes every type's input form.
pub fn casts(from: &str, to: &str) -> bool {
    let (from_name, to_name) = (from, to);
    let (from, to) = (family(from), family(to));
    from.0 == to.0 && (from.1 == Family::Text || to.1 == Family::Text || (from.1 == to.1 && from.1 != Family::Other))
        || from.1 == Family::Text && !from.0
        || matches!((from_name, to_name), ("boolean", "integer") | ("integer", "boolean"))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Number,
    Text,
    Moment,
    Bits,
    Address,
    Json,
    Other,
}

/// Whether a type is an array, and which family its elements are of.
fn family(type_name: &str) -> (bool, Family) {
    let is_array = type_name.ends_with(']');
    let name = type_name.split(['(', '[']).next().unwrap_or(type_name).trim_end();
    let family = match name {
        "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision" => Family::Number,
        "text" | "character varying" | "character" | "name" => Family::Text,
        "date" => Family::Moment,
        _ if name.starts_with("timestamp") => Family::Moment,
        "bit" | "bit varying" => Family::Bits,
        "inet" | "cidr" => Family::Address,
        "json" | "jsonb" => Family::Json,
        _ => Family::Other,
    };
    (is_array, family)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_quoted_so_that_it_reads_back() {
        assert_eq!(literal("it's"), "'it''s'");
        assert_eq!(literal("a\\b'c"), "E'a\\\\b''c'");
        assert_eq!(dollar_quoted("a"), "$$a$$");
        assert_eq!(dollar_quoted("a $$ b"), "$body1$a $$ b$body1$");
        assert_eq!(dollar_quoted("costs $"), "$body1$costs $$body1$");
    }

    #[test]
    fn options_that_go_are_reset_and_those_that_come_are_set() {
        let list = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(
            options(&list("fillfactor=70 toast.autovacuum_enabled=false")),
            "fillfactor='70', toast.autovacuum_enabled='false'"
        );
        assert_eq!(
            changed_options(&list("a=1 b=2"), &list("b=3 c=4")),
            ["RESET (a)".to_owned(), "SET (b='3', c='4')".to_owned()]
        );
    }
}

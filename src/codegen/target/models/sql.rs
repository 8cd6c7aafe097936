//! The SQL and the literals that stand in the models.

use crate::codegen::quote::is_plain;
use crate::codegen::sql;

/// A name in double quotes, as Postgres takes any name.
pub(super) fn quoted(name: &str) -> String {
    if !name.contains('"') {
        return ["\"", name, "\""].concat();
    }
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A name as the server prints it: in quotes only where it needs them. A
/// keyword is quoted too often rather than too seldom.
pub(super) fn regtype(schema: &str, name: &str) -> String {
    if schema == "public" { sql::identifier(name) } else { sql::qualified(schema, name) }
}

/// A Rust string literal that holds any text. What is not printable is
/// escaped, so that no literal turns the direction of what is read.
pub(super) fn literal(text: &str) -> String {
    if is_plain(text) {
        return ["\"", text, "\""].concat();
    }
    format!("{text:?}")
}

/// SELECT of all columns, each with the cast that it is read through.
pub(super) fn select(schema: &str, table: &str, columns: &[(&str, Option<&str>)]) -> String {
    let list: Vec<String> = columns
        .iter()
        .map(|(name, cast)| match cast {
            Some(cast) => format!("{name}::{cast} AS {name}", name = quoted(name)),
            None => quoted(name),
        })
        .collect();
    let list = list.join(", ");
    let blank = if list.is_empty() { "" } else { " " };
    format!("SELECT {list}{blank}FROM {}.{}", quoted(schema), quoted(table))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selects_what_is_quoted_and_cast() {
        assert_eq!(
            select("a", "b\"c", &[("x", None), ("Y z", Some("text"))]),
            "SELECT \"x\", \"Y z\"::text AS \"Y z\" FROM \"a\".\"b\"\"c\""
        );
        assert_eq!(select("a", "b", &[]), "SELECT FROM \"a\".\"b\"");
    }

    #[test]
    fn prints_types_as_the_server_does() {
        assert_eq!(regtype("public", "mood"), "mood");
        assert_eq!(regtype("crm", "My Mood"), "crm.\"My Mood\"");
    }
}

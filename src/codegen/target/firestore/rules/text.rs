//! Text as rules write it: strings, names, paths, and SQL in a comment.

use crate::codegen::quote::quoted;

/// Words that rules keep for themselves, or that a condition here means
/// something else by. A field of such a name is read by index.
const RESERVED: [&str; 29] = [
    "allow",
    "as",
    "create",
    "data",
    "delete",
    "exists",
    "false",
    "function",
    "get",
    "if",
    "import",
    "in",
    "is",
    "let",
    "list",
    "match",
    "math",
    "null",
    "read",
    "request",
    "resource",
    "return",
    "rules_version",
    "service",
    "true",
    "update",
    "write",
    "size",
    "keys",
];

/// A string literal; `None` for a text with a character that is not printed
/// and has no escape.
pub fn string(text: &str) -> Option<String> {
    // Line and paragraph separators end a line for some readers.
    let is_unwritable =
        |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t') || matches!(c, '\u{2028}' | '\u{2029}');
    (!text.chars().any(is_unwritable)).then(|| quoted(text, '\'', |_| None))
}

/// Whether a word can stand as a name in rules.
fn is_identifier(word: &str) -> bool {
    let starts = word.starts_with(|c: char| c.is_ascii_alphabetic());
    starts && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !RESERVED.contains(&word)
}

/// A field of a map: `row.name`, or `row['full name']`.
pub fn member(row: &str, field: &str) -> Option<String> {
    if is_identifier(field) { Some(format!("{row}.{field}")) } else { Some(format!("{row}[{}]", string(field)?)) }
}

/// A word for a function, out of any text.
pub fn word(text: &str) -> String {
    let word: String = text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    if word.starts_with(|c: char| c.is_ascii_alphabetic()) { word } else { format!("p_{word}") }
}

/// Whether a collection's id can be a literal of a path in `match`.
pub fn is_path_literal(id: &str) -> bool {
    let begins = id.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    begins && id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

/// The names that a condition mentions outside its strings, each with whether
/// it is called.
pub fn names(condition: &str) -> Vec<(&str, bool)> {
    let mut names = Vec::new();
    let bytes = condition.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'\'' {
            at += 1;
            while at < bytes.len() && bytes[at] != b'\'' {
                at += if bytes[at] == b'\\' { 2 } else { 1 };
            }
            at += 1;
        } else if bytes[at].is_ascii_alphanumeric() || bytes[at] == b'_' {
            let start = at;
            while at < bytes.len() && (bytes[at].is_ascii_alphanumeric() || bytes[at] == b'_') {
                at += 1;
            }
            names.push((&condition[start..at], bytes.get(at) == Some(&b'(')));
        } else {
            at += 1;
        }
    }
    names
}

/// Whether a condition calls a function.
pub fn calls(condition: &str, function: &str) -> bool {
    names(condition).contains(&(function, true))
}

/// A text on one line, of which a comment can be made.
pub fn comment(text: &str) -> String {
    let shown = |c: char| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c };
    let text: String = text.chars().map(shown).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_mentions_nothing() {
        assert_eq!(names("uid() != 'row(\\'x' && row.a"), [("uid", true), ("row", false), ("a", false)]);
        assert!(calls("a(b())", "b") && !calls("'b()' == b", "b"));
    }

    #[test]
    fn nothing_leaves_its_quotes_or_its_line() {
        assert_eq!(string("it's \\ \n").as_deref(), Some(r"'it\'s \\ \n'"));
        assert_eq!(string("\u{0}"), None);
        assert_eq!(member("row", "name").as_deref(), Some("row.name"));
        assert_eq!(member("row", "in").as_deref(), Some("row['in']"));
        assert_eq!(member("row", "a'b").as_deref(), Some(r"row['a\'b']"));
        assert_eq!(comment("a\n  b\u{2028}*/ c"), "a b */ c");
        assert_eq!(word("see own; rows"), "see_own__rows");
        assert_eq!(word("1st"), "p_1st");
        assert!(is_path_literal("a.b-1") && !is_path_literal(".a") && !is_path_literal("a b"));
    }
}

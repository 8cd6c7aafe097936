//! Text as TypeScript, whatever it holds.

use crate::codegen::quote::{self, is_unseen};
use crate::codegen::target::amplify::text::comment;

/// A string literal in single quotes.
///
/// What a reader does not see is written as an escape, line separators among
/// it, so that the literal is one line and means the text exactly.
pub fn quoted(text: &str) -> String {
    quote::quoted(text, '\'', |c| is_unseen(c).then(|| format!("\\u{{{:x}}}", u32::from(c))))
}

/// An array of string literals.
pub fn list<S: AsRef<str>>(items: &[S]) -> String {
    let items: Vec<String> = items.iter().map(|item| quoted(item.as_ref())).collect();
    format!("[{}]", items.join(", "))
}

/// A text's lines for `//` comments. Each is one line for TypeScript too,
/// which also ends a line at U+2028 and U+2029.
pub fn comments(text: Option<&str>) -> Vec<String> {
    let lines = text.unwrap_or_default().lines().map(comment);
    lines.filter(|line| !line.is_empty()).collect()
}

/// A default as a number, where a number says exactly that text, else as a
/// string: the schema builder prints it into GraphQL either way.
pub fn number(text: &str) -> String {
    // Below 2^53 and above 10^-6 JavaScript prints decimals as Rust does.
    let is_same = text.parse::<f64>().is_ok_and(|value| {
        let size = value.abs();
        value.to_string() == text && (size == 0.0 || (1e-6..9e15).contains(&size))
    });
    if is_same && text != "-0" { text.to_owned() } else { quoted(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_end_where_they_should() {
        assert_eq!(quoted("it's\\\n${x}`\u{2028}\u{1}"), "'it\\'s\\\\\\n${x}`\\u{2028}\\u{1}'");
        assert_eq!(list(&["a", "'"]), "['a', '\\'']");
    }

    #[test]
    fn comments_are_lines() {
        assert_eq!(comments(Some("a\n\n*/ b\u{2028}alert()\r\nc")), ["a", "*/ b alert()", "c"]);
        assert!(comments(Some(" \n")).is_empty() && comments(None).is_empty());
    }

    #[test]
    fn numbers_are_exact_or_text() {
        for text in ["5", "-1", "0", "0.5", "12.25"] {
            assert_eq!(number(text), text);
        }
        for text in ["0.10", "+5", "007", "-0", "12345678901234567890", "0.0000001", ".5", "NaN", "inf"] {
            assert_eq!(number(text), format!("'{text}'"));
        }
    }
}

//! Text in GraphQL's two kinds of quotes, whatever it holds.

use crate::codegen::quote::{self, is_unseen};

/// A GraphQL string literal on one line.
///
/// Quotes, backslashes and control characters are escaped; what is left is
/// legal source text (GraphQL specification, section 2.9.4).
pub fn quoted(text: &str) -> String {
    quote::quoted(text, '"', |c| is_unseen(c).then(|| format!("\\u{:04X}", u32::from(c))))
}

/// A description: a block string where the text has several lines and means
/// the same in one, else a string on one line. No line break at the end.
pub fn description(text: &str, indent: &str) -> String {
    let text = text.trim();
    let plain = |line: &str| !line.chars().any(is_unseen);
    let block = text.contains('\n')
        && !text.contains("\"\"\"")
        && !text.contains('\\')
        && text.lines().all(plain)
        // A block string drops the indentation that all of its lines share.
        && text.lines().skip(1).any(|line| !line.is_empty() && !line.starts_with(' '));
    if !block {
        return format!("{indent}{}", quoted(text));
    }
    let lines = text.lines().map(|line| if line.is_empty() { String::new() } else { format!("{indent}{line}") });
    format!("{indent}\"\"\"\n{}\n{indent}\"\"\"", lines.collect::<Vec<_>>().join("\n"))
}

/// Text for a `#` comment: one line, without control characters.
pub fn comment(text: &str) -> String {
    let line: String = text.chars().map(|c| if is_unseen(c) { ' ' } else { c }).collect();
    line.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_hostile_text() {
        assert_eq!(quoted("a\"\"\"\\\u{1}\n"), "\"a\\\"\\\"\\\"\\\\\\u0001\\n\"");
        assert_eq!(description("one line", ""), "\"one line\"");
        assert_eq!(description("two\nlines", "  "), "  \"\"\"\n  two\n  lines\n  \"\"\"");
        assert_eq!(description("two\n\"\"\"lines", ""), "\"two\\n\\\"\\\"\\\"lines\"");
        assert_eq!(description("a\n  b", ""), "\"a\\n  b\"");
        assert_eq!(comment("a\nb\u{7f}  c"), "a b c");
    }
}

//! String literals of the languages that quote as C does: GraphQL, TypeScript,
//! security rules.

/// A text between quotes, on one line. The quote, the backslash, line breaks
/// and tabs are escaped; `escape` says what stands for any other character
/// that cannot stand for itself.
pub fn quoted(text: &str, quote: char, escape: impl Fn(char) -> Option<String>) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push(quote);
    for c in text.chars() {
        match c {
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            c if c == quote || c == '\\' => literal.extend(['\\', c]),
            c => match escape(c) {
                Some(escaped) => literal.push_str(&escaped),
                None => literal.push(c),
            },
        }
    }
    literal.push(quote);
    literal
}

/// Whether a text stands for itself between double quotes, in these languages
/// as in JSON and Rust: what most names do, which need no look at each character.
pub fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\')
}

/// What a reader does not see, or what ends a line or turns its direction:
/// controls, the zero-width and direction marks, and the line separators.
pub fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_ends_where_it_should() {
        assert_eq!(quoted("it's \"\\\n\r\t", '"', |_| None), "\"it's \\\"\\\\\\n\\r\\t\"");
        assert_eq!(quoted("'\u{0}", '\'', |c| is_unseen(c).then(|| "?".to_owned())), "'\\'?'");
    }
}

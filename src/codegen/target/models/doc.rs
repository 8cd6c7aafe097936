//! Doc comments from texts that anybody wrote.
//!
//! A comment in the database is plain text, but rustdoc reads Markdown: an
//! indented line or a fence would be compiled as a doctest of the including
//! crate, `[x]` would be a broken link, `<b>` an unclosed tag. So every line
//! loses its indentation and its markup is escaped.

/// A text as the lines of a doc comment: escaped, each with a leading blank
/// unless it is empty, without empty lines at either end.
pub(super) fn lines(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let text = text.replace("\r\n", "\n");
    for line in text.split(['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}']) {
        let escaped = escape(line);
        match escaped.is_empty() {
            true if lines.last().is_none_or(String::is_empty) => {}
            true => lines.push(String::new()),
            false => lines.push(format!(" {escaped}")),
        }
    }
    if lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// One line of Markdown that shows `line` as it is, runs of blanks as one.
/// A web address becomes a link, for rustdoc warns of a bare one.
pub(super) fn escape(line: &str) -> String {
    let words: Vec<String> = line.split_whitespace().map(word).collect();
    let text = words.join(" ");
    // What is markup at the beginning of a line only: headings, lists, rules.
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    if digits > 0 && text[digits..].starts_with(['.', ')']) {
        return format!("{}\\{}", &text[..digits], &text[digits..]);
    }
    if text.starts_with(['#', '-', '+', '=']) {
        return format!("\\{text}");
    }
    text
}

/// A text in code font where Markdown can show it so, else escaped.
pub(super) fn code(text: &str) -> String {
    // Most names and types are of no other characters.
    if !text.is_empty() && text.bytes().all(|byte| matches!(byte, b'!'..=b'~') && byte != b'`') {
        return ["`", text, "`"].concat();
    }
    let plain = !text.trim().is_empty()
        && !text.contains('`')
        && !text.starts_with(' ')
        && !text.ends_with(' ')
        && text.chars().all(|c| !is_invisible(c));
    if plain { format!("`{text}`") } else { escape(text) }
}

fn word(word: &str) -> String {
    if (word.starts_with("https://") || word.starts_with("http://"))
        && word.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '\\' | '`' | '"'))
    {
        // The full stop or bracket behind an address belongs to the sentence.
        let end = word.trim_end_matches(['.', ',', ';', ':', ')', ']', '!', '?', '\'']).len();
        let (address, rest) = word.split_at(end);
        if address.len() > "https://".len() {
            return format!("<{address}>{}", escape_word(rest));
        }
    }
    escape_word(word)
}

fn escape_word(word: &str) -> String {
    let mut escaped = String::with_capacity(word.len());
    let mut before = ' ';
    let mut rest = word.chars().peekable();
    while let Some(c) = rest.next() {
        let next = rest.peek().copied().unwrap_or(' ');
        match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '~' | '|' | '&' => {
                escaped.push('\\');
                escaped.push(c);
            }
            // Between letters it is no emphasis, and names stay readable.
            '_' if !(before.is_alphanumeric() && next.is_alphanumeric()) => escaped.push_str("\\_"),
            // rustdoc warns of a bare address wherever it stands in a word.
            ':' if next == '/' => escaped.push_str("&#58;"),
            c if is_invisible(c) => escaped.push_str(&format!("U+{:04X}", u32::from(c))),
            c => escaped.push(c),
        }
        before = c;
    }
    escaped
}

/// Control characters, and those that rustc refuses in a comment because they
/// turn the direction of what is read.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_code_a_link_or_a_tag() {
        assert_eq!(lines("\n\n    let x = 1;\r\n\t\tcode\n\n\nend\n"), [" let x = 1;", " code", "", " end"]);
        assert_eq!(lines("```rust\npanic!()\n```"), [" \\`\\`\\`rust", " panic!()", " \\`\\`\\`"]);
        assert_eq!(lines("~~~"), [" \\~\\~\\~"]);
        assert_eq!(escape("see [`Foo`](bar) <b>"), "see \\[\\`Foo\\`\\](bar) \\<b\\>");
        assert_eq!(escape("-     fn main() {}"), "\\- fn main() {}");
        assert_eq!(escape("1. one"), "1\\. one");
        assert_eq!(escape("*/ \"\"\" \\"), "\\*/ \"\"\" \\\\");
        assert_eq!(escape("user_id _x_ __"), "user_id \\_x\\_ \\_\\_");
        assert_eq!(escape("a\u{202e}b"), "aU+202Eb");
    }

    #[test]
    fn addresses_become_links() {
        assert_eq!(escape("See https://example.org/a_b."), "See <https://example.org/a_b>.");
        assert_eq!(escape("(http://x.y)"), "(http&#58;//x.y)");
    }

    #[test]
    fn shows_code_where_it_can() {
        assert_eq!(code("numeric(10,2)[]"), "`numeric(10,2)[]`");
        assert_eq!(code("a`b"), "a\\`b");
        assert_eq!(code(""), "");
    }
}

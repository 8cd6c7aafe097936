//! The tokens of a GraphQL document, as far as they can be told at a glance
//! (GraphQL, October 2021, section 2.1). What needs a second look (an escaped
//! code point, a fraction, a character outside of strings and comments that no
//! token begins with) is not told at all, so that nobody relies on it.

/// One token. Blanks, commas and comments are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token<'t> {
    Name(&'t str),
    /// An integer without a sign.
    Int(&'t str),
    /// A string or a block string, whatever it holds.
    String,
    /// A punctuator of type definitions.
    Mark(u8),
    /// Behind the last.
    End,
}

/// What is left of a document.
#[derive(Debug, Clone)]
pub struct Tokens<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Tokens<'t> {
    pub fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    /// The next token; `None` where it cannot be told for certain.
    pub fn next(&mut self) -> Option<Token<'t>> {
        let bytes = self.text.as_bytes();
        loop {
            let Some(&byte) = bytes.get(self.at) else { return Some(Token::End) };
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' | b',' => self.at += 1,
                b'#' => self.at = end(bytes, self.at, |byte| !matches!(byte, b'\n' | b'\r')),
                b'A'..=b'Z' | b'a'..=b'z' | b'_' => return Some(Token::Name(self.run(is_name))),
                b'{' | b'}' | b'(' | b')' | b'[' | b']' | b':' | b'!' | b'@' => {
                    self.at += 1;
                    return Some(Token::Mark(byte));
                }
                b'"' => {
                    self.at = string(bytes, self.at)?;
                    return Some(Token::String);
                }
                b'0'..=b'9' => {
                    let digits = self.run(|byte| is_name(byte) || byte == b'.');
                    let is_int = digits.bytes().all(|byte| byte.is_ascii_digit());
                    let is_short = digits == "0" || !digits.starts_with('0');
                    return (is_int && is_short).then_some(Token::Int(digits));
                }
                _ => return None,
            }
        }
    }

    /// Steps to the next bracket, or to a string or comment, where one would not
    /// count: for whoever counts brackets alone. What is between is not told.
    pub fn skip_to_bracket(&mut self) {
        let is_other = |byte| !matches!(byte, b'{' | b'}' | b'(' | b')' | b'[' | b']' | b'"' | b'#');
        self.at = end(self.text.as_bytes(), self.at, is_other);
    }

    /// What begins here of bytes of that kind, which are ASCII.
    fn run(&mut self, is_in: impl Fn(u8) -> bool) -> &'t str {
        let start = self.at;
        self.at = end(self.text.as_bytes(), start, is_in);
        &self.text[start..self.at]
    }
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Where the bytes of that kind end that begin at `start`.
fn end(bytes: &[u8], start: usize, is_in: impl Fn(u8) -> bool) -> usize {
    bytes[start..].iter().position(|byte| !is_in(*byte)).map_or(bytes.len(), |length| start + length)
}

/// Where the string ends that begins at `start`.
fn string(bytes: &[u8], start: usize) -> Option<usize> {
    if bytes[start..].starts_with(b"\"\"\"") {
        return block_string(bytes, start + 3);
    }
    let mut at = start + 1;
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => {
                matches!(bytes.get(at + 1)?, b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't').then_some(())?;
                at += 2;
            }
            b'\n' | b'\r' => return None,
            _ => at += 1,
        }
    }
}

/// Where the block string ends whose text begins at `at`.
fn block_string(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at = end(bytes, at, |byte| !matches!(byte, b'"' | b'\\'));
        let rest = &bytes[at..];
        at += match rest {
            [b'"', b'"', b'"', ..] => return Some(at + 3),
            [b'\\', b'"', b'"', b'"', ..] => 4,
            // No escape, but there are parsers that take it for one.
            [b'\\', b'"', ..] => return None,
            [_, ..] => 1,
            [] => return None,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tokens up to the end, or up to what cannot be told.
    fn tokens(text: &str) -> (String, bool) {
        let mut tokens = Tokens::new(text);
        let mut told = String::new();
        loop {
            match tokens.next() {
                Some(Token::End) => return (told, true),
                Some(Token::Name(name)) => told.push_str(name),
                Some(Token::Int(digits)) => told.push_str(digits),
                Some(Token::String) => told.push('"'),
                Some(Token::Mark(mark)) => told.push(char::from(mark)),
                None => return (told, false),
            }
            told.push(' ');
        }
    }

    #[test]
    fn tells_tokens() {
        for (text, told) in [
            ("type T@a(b:[\"x\",2]){c:_d1!}#e\r\n\tf", "type T @ a ( b : [ \" 2 ] ) { c : _d1 ! } f "),
            ("\"\" \"\\\"ä\\n\" \"\"\"a\"b\n\\\"\"\" \\n\\\\ \"\"\"", "\" \" \" "),
            ("\"\"\"a\"\"\"\"\"", "\" \" "),
            ("0 10 # \"", "0 10 "),
            ("", ""),
        ] {
            assert_eq!(tokens(text), (told.to_owned(), true), "{text}");
        }
    }

    #[test]
    fn does_not_tell_what_needs_a_second_look() {
        for text in [
            "\u{feff}a",
            "ä",
            "=",
            "&",
            "|",
            "$a",
            "...",
            "-1",
            "1.5",
            "01",
            "1a",
            "\"",
            "\"a\nb\"",
            "\"\\u0041\"",
            "\"\\x\"",
            "\"\"\"",
            "\"\"\"a\\\"\"",
            "\"\"\"a\\\"\" \"\"\"",
            "\u{0}",
        ] {
            assert_eq!(tokens(text), (String::new(), false), "{text}");
        }
    }
}

//! The text's side: where a value begins and ends, and what it says.

use std::borrow::Cow;

use super::{Other, Result};

/// The longest key, in bytes. The library takes a text of more than 1,024
/// characters for no key (YAML 1.2, 7.4.2).
const LONGEST_KEY: usize = 1_000;

pub(super) struct Reader<'t> {
    text: &'t str,
    pub at: usize,
    pub depth: usize,
}

/// Where a value stands, and so what may come before and behind it.
#[derive(Clone, Copy)]
pub(super) enum Place {
    /// At the beginning of all.
    Start,
    /// Behind the colon of a mapping with that indent.
    Key(usize),
    /// Behind the dash of a list with that indent.
    Dash(usize),
    /// Between brackets, where it begins.
    Inline,
}

/// What a value is.
pub(super) enum Kind {
    /// With its indent, and its first line at hand.
    BlockMap(usize),
    BlockList(usize),
    /// With its bracket at hand.
    InlineMap,
    InlineList,
    Text(Style),
}

#[derive(Clone, Copy)]
pub(super) enum Style {
    Bare,
    Single,
    Double,
    /// With the indent of its lines.
    Literal(usize),
}

impl<'t> Reader<'t> {
    /// At the first line that is no remark.
    pub fn new(text: &'t str) -> Result<Self> {
        if !text.ends_with('\n') || !is_plain(text) {
            return Err(Other);
        }
        let mut reader = Self { text, at: 0, depth: 0 };
        while reader.peek() == Some(b'#') {
            reader.at = reader.line_end()? + 1;
        }
        Ok(reader)
    }

    pub fn is_at_end(&self) -> bool {
        self.at == self.text.len()
    }

    pub fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub fn rest(&self) -> &'t [u8] {
        &self.text.as_bytes()[self.at..]
    }

    /// Where the line ends.
    pub fn line_end(&self) -> Result<usize> {
        self.text[self.at..].find('\n').map(|length| self.at + length).ok_or(Other)
    }

    pub fn expect(&mut self, expected: u8) -> Result<()> {
        if self.peek() != Some(expected) {
            return Err(Other);
        }
        self.at += 1;
        Ok(())
    }

    fn blanks(&self) -> usize {
        self.rest().iter().take_while(|byte| **byte == b' ').count()
    }

    /// What the value is that begins here. It is then at hand: blanks, dashes
    /// and line ends before it are behind.
    pub fn kind(&mut self, place: Place) -> Result<Kind> {
        let deeper = match place {
            Place::Start => return Ok(Kind::BlockMap(0)),
            Place::Inline => 0,
            Place::Key(indent) if self.peek() == Some(b'\n') => return self.block(indent),
            Place::Key(indent) | Place::Dash(indent) => {
                self.expect(b' ')?;
                indent + 2
            }
        };
        Ok(match self.peek().ok_or(Other)? {
            b'{' => Kind::InlineMap,
            b'[' => Kind::InlineList,
            b'|' if !matches!(place, Place::Inline) => Kind::Text(Style::Literal(deeper)),
            _ if matches!(place, Place::Dash(_)) && self.is_key() => Kind::BlockMap(deeper),
            b'\'' => Kind::Text(Style::Single),
            b'"' => Kind::Text(Style::Double),
            _ => Kind::Text(Style::Bare),
        })
    }

    /// The block below a key of that indent.
    fn block(&mut self, indent: usize) -> Result<Kind> {
        self.at += 1;
        let blanks = self.blanks();
        self.at += blanks;
        let is_list = self.rest().starts_with(b"- ");
        match blanks.checked_sub(indent) {
            Some(0 | 2) if is_list => Ok(Kind::BlockList(blanks)),
            Some(2) => Ok(Kind::BlockMap(blanks)),
            _ => Err(Other),
        }
    }

    /// Whether the text at hand is a key in a block.
    fn is_key(&mut self) -> bool {
        let at = self.at;
        let is_key = self.key(false).is_ok();
        self.at = at;
        is_key
    }

    /// A key with its colon.
    pub fn key(&mut self, inside: bool) -> Result<Cow<'t, str>> {
        let start = self.at;
        let key = match self.peek().ok_or(Other)? {
            b'\'' => self.single()?,
            b'"' => self.double()?,
            _ => Cow::Borrowed(self.bare(inside, true)?),
        };
        let is_short = self.at - start <= LONGEST_KEY;
        self.expect(b':')?;
        let ends_well = self.peek() == Some(b' ') || !inside && self.peek() == Some(b'\n');
        if is_short && ends_well { Ok(key) } else { Err(Other) }
    }

    /// The text of that style that is at hand, up to its last character. A block
    /// is read with its last line's end.
    pub fn read(&mut self, style: Style, place: Place) -> Result<Cow<'t, str>> {
        match style {
            Style::Bare => self.bare(matches!(place, Place::Inline), false).map(Cow::Borrowed),
            Style::Single => self.single(),
            Style::Double => self.double(),
            Style::Literal(indent) => self.literal(indent).map(Cow::Owned),
        }
    }

    /// A bare text (YAML 1.2, 7.3.3), up to its line's end, what ends an entry
    /// between brackets, or a key's colon.
    fn bare(&mut self, inside: bool, is_key: bool) -> Result<&'t str> {
        let rest = &self.text[self.at..];
        let begins_well = match rest.as_bytes() {
            [b'-', digit, ..] => digit.is_ascii_digit(),
            [first, ..] if first.is_ascii() => first.is_ascii_alphanumeric() || matches!(first, b'_' | b'(' | b'/'),
            _ => rest.chars().next().is_some_and(char::is_alphabetic),
        };
        let bytes = rest.as_bytes();
        let mut before = 0;
        let mut end = 0;
        while let Some(&byte) = bytes.get(end) {
            match byte {
                b'\n' => break,
                b':' if is_key && matches!(bytes.get(end + 1), Some(b' ' | b'\n')) => break,
                b',' | b']' | b'}' if inside => break,
                b'[' | b'{' | b':' | b'?' | b'"' | b'\'' if inside => return Err(Other),
                b':' if matches!(bytes.get(end + 1), Some(b' ' | b'\n')) => return Err(Other),
                b'#' if before == b' ' => return Err(Other),
                b'\t' => return Err(Other),
                _ => before = byte,
            }
            end += 1;
        }
        if !begins_well || before == b' ' {
            return Err(Other);
        }
        self.at += end;
        Ok(&rest[..end])
    }

    /// A text in single quotes (YAML 1.2, 7.3.2), a quote in it written twice.
    fn single(&mut self) -> Result<Cow<'t, str>> {
        let start = self.at + 1;
        let (mut end, mut is_doubled) = (start, false);
        let bytes = self.text.as_bytes();
        loop {
            match bytes.get(end).ok_or(Other)? {
                b'\'' if bytes.get(end + 1) == Some(&b'\'') => {
                    is_doubled = true;
                    end += 2;
                }
                b'\'' => break,
                b'\n' | b'\t' => return Err(Other),
                _ => end += 1,
            }
        }
        self.at = end + 1;
        let text = &self.text[start..end];
        Ok(if is_doubled { Cow::Owned(text.replace("''", "'")) } else { Cow::Borrowed(text) })
    }

    /// A text in double quotes (YAML 1.2, 7.3.1), with the escapes that are
    /// written.
    fn double(&mut self) -> Result<Cow<'t, str>> {
        self.at += 1;
        let start = self.at;
        let (mut out, mut from) = (String::new(), start);
        loop {
            match self.peek().ok_or(Other)? {
                b'"' => break,
                b'\n' | b'\t' => return Err(Other),
                b'\\' => {
                    out.push_str(&self.text[from..self.at]);
                    out.push(self.escaped()?);
                    from = self.at;
                }
                _ => self.at += 1,
            }
        }
        let last = &self.text[from..self.at];
        self.at += 1;
        if from == start {
            return Ok(Cow::Borrowed(last));
        }
        out.push_str(last);
        Ok(Cow::Owned(out))
    }

    /// The character that a backslash and what follows it stand for.
    fn escaped(&mut self) -> Result<char> {
        let digits = match self.text.as_bytes().get(self.at + 1).ok_or(Other)? {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            plain => {
                self.at += 2;
                return match plain {
                    b'"' => Ok('"'),
                    b'\\' => Ok('\\'),
                    b'n' => Ok('\n'),
                    b't' => Ok('\t'),
                    b'r' => Ok('\r'),
                    b'0' => Ok('\0'),
                    _ => Err(Other),
                };
            }
        };
        let start = self.at + 2;
        let written = self.text.get(start..start + digits).ok_or(Other)?;
        if !written.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(Other);
        }
        self.at = start + digits;
        u32::from_str_radix(written, 16).ok().and_then(char::from_u32).ok_or(Other)
    }

    /// A literal block (YAML 1.2, 8.1.2) whose lines have that indent.
    fn literal(&mut self, indent: usize) -> Result<String> {
        self.expect(b'|')?;
        let says_indent = self.peek() == Some(b'2');
        self.at += usize::from(says_indent);
        let chomping = self.peek().filter(|byte| matches!(byte, b'-' | b'+'));
        self.at += usize::from(chomping.is_some());
        self.expect(b'\n')?;
        let first = self.rest().get(indent);
        if !says_indent && (self.blanks() != indent || matches!(first, None | Some(b'\n' | b'\t'))) {
            return Err(Other);
        }
        let mut out = String::new();
        while let Some(byte) = self.peek() {
            let end = self.line_end()?;
            if byte != b'\n' {
                let blanks = self.blanks();
                // A line of blanks alone, which readers take in different ways.
                if self.at + blanks == end {
                    return Err(Other);
                }
                if blanks < indent {
                    break;
                }
                out.push_str(&self.text[self.at + indent..end]);
            }
            out.push('\n');
            self.at = end + 1;
        }
        let length = out.trim_end_matches('\n').len();
        match chomping {
            _ if length == 0 => return Err(Other),
            Some(b'-') => out.truncate(length),
            Some(_) => {}
            None => out.truncate(length + 1),
        }
        Ok(out)
    }

    /// What has to be behind a value on its line. Behind a block there is nothing.
    pub fn finish(&mut self, place: Place) -> Result<()> {
        if matches!(place, Place::Inline) { Ok(()) } else { self.expect(b'\n') }
    }

    /// Steps to the next entry of a block with that indent, if it has one more.
    pub fn is_next(&mut self, indent: usize, is_map: bool) -> Result<bool> {
        let blanks = self.blanks();
        if blanks > indent {
            return Err(Other);
        }
        // At its key's indent, a list ends where the next key begins.
        let is_next = blanks == indent && self.rest().get(indent).is_some_and(|byte| is_map || *byte == b'-');
        if is_next {
            self.at += indent;
        }
        Ok(is_next)
    }

    /// Steps to the next entry between brackets, or past the closing one.
    pub fn is_next_inside(&mut self, is_first: bool, bracket: u8) -> Result<bool> {
        // The opening bracket.
        self.at += usize::from(is_first);
        if self.peek() == Some(bracket) {
            self.at += 1;
            return Ok(false);
        }
        if !is_first {
            self.expect(b',')?;
            self.expect(b' ')?;
        }
        Ok(true)
    }
}

/// Whether the text holds no character that YAML refuses or takes for the end of
/// a line (1.1, 4.1 and 4.2), but the usual one.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'\t' | b'\n' | b' '..=b'~'))
        || text.chars().all(|c| {
            matches!(c, '\t' | '\n' | ' '..='~' | '\u{a0}'..)
                && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
        })
}

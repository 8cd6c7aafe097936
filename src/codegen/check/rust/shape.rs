//! The shape of a text: what is left of it where all that a syntax check does
//! not ask about is alike.
//!
//! Whether a text is Rust depends on the kinds of its tokens (syn looks at the
//! spelling of an identifier for keywords alone), so that each name becomes
//! `x` and each text `""`; and where a list takes any number of elements, more
//! of the same kind change nothing. Generated items have few shapes, however
//! many there are, so that nearly all that is read has been read before.
//!
//! The lexer here knows the tokens that are usual. A text that has any other
//! gets no shape: the parser reads it as it is.

use std::collections::{HashSet, VecDeque};

use proc_macro2::extra::invalidate_current_thread_spans;
use syn::parse::Parser;
use syn::{Fields, ItemStruct};

/// The parts of items that were read so far, each by its own shape.
#[derive(Default)]
pub struct Parts {
    attributes: HashSet<Vec<u8>>,
    /// The texts of the last ones, of which most attributes are one.
    recent: VecDeque<String>,
    fields: HashSet<Vec<u8>>,
}

/// Any outer attribute. Wherever one may stand any number may, and an item
/// whose attribute is missing has nothing to do with its other tokens
/// (Rust Reference, "Attributes").
const ATTRIBUTE: &[u8] = b"#[x]";

/// Any field of a struct that has a name. `pub`, a name and a colon begin
/// nothing else, so that wherever these tokens are read, fields are.
const FIELD: &[u8] = b"pub x: x,";

/// Lines of which one more changes nothing, since its first tokens to its
/// comma stand only in a list of as many as one likes: the fields of a struct
/// expression, and the arms of a match.
const REPEATABLE: [&[u8]; 3] = [b"x: x.x(\"\")?,", b"Self::x => \"\",", b"\"\" => x(Self::x),"];

/// The elements of an array from its third on, each `""` behind these. (Of two
/// one may not be left out: `["", ""; 2]` is no array, and `[""; 2]` is.)
const LISTS: [(&[u8], usize); 2] = [(b"[\"\", \"\", \"\"", 4), (b"[\n\"\",\n\"\",\n\"\"", 4)];

/// What syn tells from other identifiers: `accept_as_ident` of its `ident.rs`,
/// the words of `Token!` that may be names, and words that are said to become
/// keywords.
#[rustfmt::skip]
fn is_keyword(word: &[u8]) -> bool {
    matches!(
        word,
        b"_" | b"abstract" | b"as" | b"async" | b"auto" | b"await" | b"become" | b"box" | b"break" | b"builtin" |
            b"const" | b"continue" | b"crate" | b"default" | b"do" | b"dyn" | b"else" | b"enum" | b"extern" |
            b"false" | b"final" | b"fn" | b"for" | b"gen" | b"if" | b"impl" | b"in" | b"let" | b"loop" | b"macro" |
            b"macro_rules" | b"match" | b"mod" | b"move" | b"mut" | b"override" | b"pin" | b"priv" | b"pub" |
            b"raw" | b"ref" | b"return" | b"safe" | b"Self" | b"self" | b"static" | b"struct" | b"super" |
            b"trait" | b"true" | b"try" | b"type" | b"typeof" | b"union" | b"unsafe" | b"unsized" | b"use" |
            b"virtual" | b"where" | b"while" | b"yeet" | b"yield"
    )
}

impl Parts {
    /// The shapes of what stands between the lines of a text that are a
    /// closing brace, with those lines, in order: the text is a list of items
    /// if each of its shapes is. `None` where a token is not known for certain.
    ///
    /// `each` gets them, and says whether to go on; so what comes back is
    /// whether it always did.
    pub fn shapes(&mut self, text: &str, mut each: impl FnMut(&str) -> bool) -> Option<bool> {
        // A `#!` line is none of tokens, and the first of a file is skipped.
        if text.starts_with("#!") && !text.starts_with("#![") || text.contains('\r') {
            return None;
        }
        let mut shape = Shape { parts: self, out: Vec::new(), line: 0, attribute: None };
        let mut at = 0;
        while at < text.len() {
            let end = shape.token(text, at)?;
            let is_over = text.as_bytes()[at] == b'\n' && ends_item(&text.as_bytes()[..at]);
            at = end;
            if is_over || at == text.len() {
                if !each(std::str::from_utf8(&shape.out).ok()?) {
                    return Some(false);
                }
                shape.out.clear();
                shape.line = 0;
                // What goes on behind a line that ends an item is no attribute.
                shape.attribute = None;
            }
        }
        Some(true)
    }
}

/// Whether the last line is a closing brace.
fn ends_item(before: &[u8]) -> bool {
    before.ends_with(b"\n}") || before == b"}"
}

/// What is made of a text, from its beginning.
struct Shape<'p> {
    parts: &'p mut Parts,
    out: Vec<u8>,
    /// Where in `out` its last line begins.
    line: usize,
    attribute: Option<Attribute>,
}

/// An attribute that is being read.
#[derive(Clone, Copy)]
struct Attribute {
    /// Where it begins in the text, and in what is made of it.
    at: usize,
    start: usize,
    /// How many of its brackets are open.
    open: usize,
}

/// How many attributes are compared with before one is read.
const RECENT: usize = 8;

impl Shape<'_> {
    /// Reads the token or the white space at a place; where it ends.
    fn token(&mut self, text: &str, at: usize) -> Option<usize> {
        let bytes = text.as_bytes();
        let next = bytes.get(at + 1).copied().unwrap_or(b' ');
        match bytes[at] {
            b' ' | b'\t' => {
                if !matches!(self.out.last(), None | Some(b' ' | b'\n')) {
                    self.out.push(b' ');
                }
                return Some(at + 1);
            }
            b'\n' => self.end_line(),
            byte if is_name_start(byte) => return self.word(bytes, at),
            b'0'..=b'9' => return self.number(bytes, at),
            b'"' => return self.text(bytes, at),
            b'\'' => return self.quote(bytes, at),
            b'/' if next == b'*' => return None,
            b'/' if next == b'/' => {
                match &bytes[at + 2..] {
                    [b'/', b'/', ..] => {}
                    [b'/', ..] => self.push_attribute(),
                    [b'!', ..] => self.out.extend(b"//!"),
                    _ => {}
                }
                return Some(text[at..].find('\n').map_or(text.len(), |length| at + length));
            }
            b'#' if next == b'[' && self.attribute.is_none() => {
                // It ends where the bracket does that it began with, so that no
                // other attribute goes on as it does.
                if let Some(known) = self.parts.recent.iter().find(|known| text[at..].starts_with(known.as_str())) {
                    let end = at + known.len();
                    self.push_attribute();
                    return Some(end);
                }
                self.attribute = Some(Attribute { at, start: self.out.len(), open: 0 });
                self.out.push(b'#');
            }
            b'[' => {
                self.out.push(b'[');
                self.attribute = self.attribute.map(|it| Attribute { open: it.open + 1, ..it });
            }
            b']' => {
                self.out.push(b']');
                match self.attribute {
                    Some(Attribute { at: begin, start, open: 1 }) => {
                        self.end_attribute(start)?;
                        self.parts.recent.truncate(RECENT - 1);
                        self.parts.recent.push_front(text[begin..=at].to_owned());
                    }
                    Some(it) => self.attribute = Some(Attribute { open: it.open.checked_sub(1)?, ..it }),
                    None => {}
                }
            }
            byte if b"(){}<>:;,.=?&*!|+-^%@$~#/".contains(&byte) => self.out.push(byte),
            _ => return None,
        }
        Some(at + 1)
    }

    fn word(&mut self, bytes: &[u8], at: usize) -> Option<usize> {
        let mut end = end_of_word(bytes, at);
        let word = &bytes[at..end];
        match bytes.get(end) {
            // A raw name, but for those that none may have.
            Some(b'#') if word == b"r" && bytes.get(end + 1).is_some_and(|byte| is_name_start(*byte)) => {
                let name = end + 1;
                end = end_of_word(bytes, name);
                let is_name = !matches!(&bytes[name..end], b"_" | b"self" | b"Self" | b"super" | b"crate");
                if !is_name || bytes.get(end).is_some_and(|byte| goes_on(*byte)) {
                    return None;
                }
                self.out.push(b'x');
            }
            Some(byte) if goes_on(*byte) => return None,
            _ if is_keyword(word) => self.out.extend(word),
            _ => self.out.push(b'x'),
        }
        Some(end)
    }

    /// A number stays as it is; of one with an exponent it would take more to
    /// say where it ends.
    fn number(&mut self, bytes: &[u8], at: usize) -> Option<usize> {
        let end = end_of_word(bytes, at);
        let number = &bytes[at..end];
        let has_exponent = !number.starts_with(b"0x") && number.iter().any(|byte| matches!(byte, b'e' | b'E'));
        if has_exponent || bytes.get(end).is_some_and(|byte| goes_on(*byte)) {
            return None;
        }
        self.out.extend(number);
        Some(end)
    }

    /// A literal of a text. One that has escapes which may be wrong stays.
    fn text(&mut self, bytes: &[u8], at: usize) -> Option<usize> {
        let mut end = at + 1;
        let mut is_plain = true;
        loop {
            match bytes.get(end)? {
                b'"' => break,
                b'\\' => {
                    is_plain &= matches!(bytes.get(end + 1)?, b'"' | b'\\' | b'\'' | b'n' | b'r' | b't' | b'0');
                    end += 2;
                }
                _ => end += 1,
            }
        }
        end += 1;
        if bytes.get(end).is_some_and(|byte| is_name_start(*byte) || byte.is_ascii_digit() || goes_on(*byte)) {
            return None;
        }
        if !is_plain {
            self.out.extend(&bytes[at..end]);
            return Some(end);
        }
        self.out.extend(b"\"\"");
        if let Some((_, more)) = LISTS.iter().find(|(list, _)| self.out.ends_with(list)) {
            self.out.truncate(self.out.len() - more);
            self.line = self.line.min(self.out.len());
        }
        Some(end)
    }

    /// A lifetime, or a character that is no escape; either stays.
    fn quote(&mut self, bytes: &[u8], at: usize) -> Option<usize> {
        let end = match &bytes[at + 1..] {
            [b'\\' | b'\'' | b'\n', ..] => return None,
            [0..0x80, b'\'', ..] => at + 3,
            [byte, ..] if is_name_start(*byte) => end_of_word(bytes, at + 1),
            _ => return None,
        };
        if bytes.get(end).is_some_and(|byte| is_name_start(*byte) || byte.is_ascii_digit() || goes_on(*byte)) {
            return None;
        }
        self.out.extend(&bytes[at..end]);
        Some(end)
    }

    /// Puts an attribute, if there is none just before.
    fn push_attribute(&mut self) {
        if self.attribute.is_some() || !self.out.trim_ascii_end().ends_with(ATTRIBUTE) {
            self.out.extend(ATTRIBUTE);
        }
    }

    /// Takes an attribute of a shape that the parser accepts by itself for any.
    fn end_attribute(&mut self, start: usize) -> Option<()> {
        let attribute = &self.out[start..];
        if !self.parts.attributes.contains(attribute) {
            let parsed = syn::Attribute::parse_outer.parse_str(std::str::from_utf8(attribute).ok()?);
            let is_one = parsed.is_ok_and(|attributes| attributes.len() == 1);
            invalidate_current_thread_spans();
            if !is_one {
                return None;
            }
            self.parts.attributes.insert(attribute.to_vec());
        }
        self.out.truncate(start);
        self.line = self.line.min(start);
        self.attribute = None;
        self.push_attribute();
        Some(())
    }

    /// Ends a line, and leaves it out where it is one more of the same list.
    fn end_line(&mut self) {
        if self.out.last() == Some(&b' ') {
            self.out.pop();
        }
        if self.attribute.is_none() {
            if self.is_field() {
                self.out.truncate(self.line);
                let before = &self.out[..];
                let attributed = before.strip_suffix(b"#[x]\n").unwrap_or(before);
                match attributed.strip_suffix(b"\n").is_some_and(|fields| fields.ends_with(FIELD)) {
                    true => self.out.truncate(attributed.len()),
                    false => self.out.extend(FIELD),
                }
            } else {
                let line = &self.out[self.line..];
                let before = self.out[..self.line].strip_suffix(b"\n");
                if REPEATABLE.contains(&line) && before.is_some_and(|before| before.ends_with(line)) {
                    self.out.truncate(self.line);
                }
            }
        }
        if !matches!(self.out.last(), None | Some(b'\n')) {
            self.out.push(b'\n');
        }
        self.line = self.out.len();
    }

    /// Whether the last line is a whole field of a struct, with its comma. Its
    /// type ends there whatever follows, since it does before a brace.
    fn is_field(&mut self) -> bool {
        let line = &self.out[self.line..];
        if !line.starts_with(b"pub x: ") || !line.ends_with(b",") {
            return false;
        }
        if line == FIELD || self.parts.fields.contains(line) {
            return true;
        }
        let is_field = std::str::from_utf8(line).is_ok_and(|line| {
            let parsed = syn::parse_str::<ItemStruct>(&format!("struct x {{\n{line}\n}}"));
            parsed.is_ok_and(|item| match &item.fields {
                Fields::Named(fields) => fields.named.len() == 1 && fields.named.trailing_punct(),
                _ => false,
            })
        });
        invalidate_current_thread_spans();
        if is_field {
            self.parts.fields.insert(line.to_vec());
        }
        is_field
    }
}

fn is_name_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_'
}

fn end_of_word(bytes: &[u8], start: usize) -> usize {
    let is_of_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    bytes[start..].iter().position(|byte| !is_of_word(byte)).map_or(bytes.len(), |length| start + length)
}

/// Whether a token that ends in a word, a number or a quote may be another one
/// with what follows it: a literal with a prefix, a word of another script.
fn goes_on(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'#') || !byte.is_ascii()
}

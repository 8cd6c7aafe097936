//! Half of generated Rust is comments and attributes, the same few again and
//! again. Wherever an attribute may stand any number may (Rust Reference,
//! "Attributes": each grammar rule that takes one takes a list), so that of
//! those below each other one is read with its item, and each different one by
//! itself, once.

use std::borrow::Cow;
use std::collections::BTreeSet;

use proc_macro2::extra::invalidate_current_thread_spans;
use syn::parse::Parser;

/// The attributes that were read so far.
#[derive(Default)]
pub struct Reduction {
    attributes: BTreeSet<String>,
}

impl Reduction {
    /// A text that is Rust if and only if the piece is: of attributes and doc
    /// comments that stand below each other, one. A piece of which it cannot
    /// be said for certain, line by line, what is in a literal or a comment
    /// stays whole.
    pub fn reduce<'t>(&mut self, piece: &'t str) -> Cow<'t, str> {
        self.reduced(piece).map_or(Cow::Borrowed(piece), Cow::Owned)
    }

    fn reduced(&mut self, piece: &str) -> Option<String> {
        let mut reduced = String::with_capacity(piece.len() / 2);
        let mut is_below = false;
        let mut lines = piece.split_inclusive('\n');
        while let Some(line) = lines.next() {
            let text = line.trim_ascii();
            // Any other comment of a whole line says nothing to a parser; an
            // inner one is an attribute, and stays.
            if text.starts_with("//") && !text.starts_with("///") {
                if text.contains('\r') {
                    return None;
                }
                is_below &= !text.starts_with("//!");
                reduced.push_str(line);
                continue;
            }
            let is_attribute = if text.starts_with("///") && !text.starts_with("////") {
                // A carriage return alone makes a comment none.
                let is_doc = !line.trim_end_matches(['\r', '\n']).contains('\r');
                is_doc.then_some(true)?
            } else if text.starts_with("#[") {
                let attribute = match text.ends_with(']') {
                    true => Cow::Borrowed(text),
                    // Laid out on several lines, it ends where it began.
                    false => {
                        let mut whole = line.to_owned();
                        let end = format!("{})]", &line[..line.find('#')?]);
                        while !whole.trim_ascii_end().ends_with(&end) {
                            whole.push_str(lines.next()?);
                        }
                        Cow::Owned(whole)
                    }
                };
                self.is_attribute(&attribute).then_some(true)?
            } else {
                false
            };
            match is_attribute {
                true if is_below => {}
                true => reduced.push_str("#[x]\n"),
                false if ends_where_it_began(line) => reduced.push_str(line),
                false => return None,
            }
            is_below = is_attribute;
        }
        Some(reduced)
    }

    /// Whether a text is one outer attribute.
    fn is_attribute(&mut self, text: &str) -> bool {
        if self.attributes.contains(text) {
            return true;
        }
        let parsed = syn::Attribute::parse_outer.parse_str(text);
        let is_one = parsed.is_ok_and(|attributes| attributes.len() == 1);
        invalidate_current_thread_spans();
        if is_one {
            self.attributes.insert(text.to_owned());
        }
        is_one
    }
}

/// Whether no literal and no comment goes on behind a line that begins in
/// none. A line for which more than a glance is needed does not count.
fn ends_where_it_began(line: &str) -> bool {
    let mut bytes = line.bytes();
    let mut before = b' ';
    while let Some(byte) = bytes.next() {
        match byte {
            // The literal of a character may be a quote, and of a raw text the
            // backslash is one; a comment may say anything.
            b'"' if before == b'\'' || before == b'r' || before == b'#' => return false,
            b'\\' => return false,
            b'/' if before == b'/' => return false,
            b'*' if before == b'/' => return false,
            b'"' => loop {
                match bytes.next() {
                    Some(b'"') => break,
                    Some(b'\\') => {
                        bytes.next();
                    }
                    Some(_) => {}
                    None => return false,
                }
            },
            _ => {}
        }
        before = byte;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_attributes_one_is_left() {
        let reduced = |text: &str| Reduction::default().reduce(text).into_owned();
        assert_eq!(
            reduced(
                "//! F.\n/// A.\n///\n#[derive(Debug)]\n#[cfg_attr(\n    a,\n    b(\n        c\n    )\n)]\npub struct S {\n    /// B.\n    pub a: X,\n}\n"
            ),
            "//! F.\n#[x]\npub struct S {\n#[x]\n    pub a: X,\n}\n"
        );
        for whole in [
            "const A: &str = \"\n/// \";\n",
            "const A: &str = r\"\\\";\n/// A.\nstruct S;\n",
            "/* \n/// */\nstruct S;\n",
            "const A: char = '\"';\n/// A.\nstruct S;\n",
            "/// A.\n#[derive(\nstruct S;\n",
            "#[derive]] struct S; #[a]\nstruct T;\n",
            "//// No doc.\n/// a\rb\nstruct S;\n",
        ] {
            assert_eq!(reduced(whole), whole);
        }
    }
}

//! A document that says the same again and again, in few words: most of a
//! generated page are rows of tables, and of a row the check asks only how it
//! is parted and what is open in it.
//!
//! What a text is to Markdown (CommonMark 0.31, GFM 0.29) is decided by the
//! beginnings of its lines, and within a line by its pipes, backslashes,
//! backticks, tags and links: these stay. Whatever lies between is `x`; that it
//! may be emphasis is nothing that the check asks about. A fence has no body, of
//! rows and of list items that follow each other and are alike there is one, and
//! anchors and links are compared here.
//!
//! The forms that are known are those of this program's templates, each of which
//! can be read in one way only. A text that has any other is not reduced:
//! definitions of links, tags that are not listed, fences that stand in
//! something, tables that touch other text.

use std::collections::HashSet;

use super::MERMAID_SIZE;

/// A document that is accepted only if the text is. One that is refused may
/// have other faults than the text, in other places. `None` where the reduction
/// is not sure of itself.
pub fn reduce(text: &str) -> Option<String> {
    // It may end a line, or not.
    if text.contains('\r') {
        return None;
    }
    let mut reading = Reading { reduced: Vec::with_capacity(text.len() / 8), ..Reading::default() };
    let mut rest = text;
    while !rest.is_empty() {
        rest = reading.line(rest)?;
    }
    let leads_somewhere = reading.links.iter().all(|link| reading.anchors.contains(link));
    let is_whole = leads_somewhere && reading.above != Above::Header;
    is_whole.then(|| String::from_utf8(reading.reduced).ok()).flatten()
}

/// What the line before is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Above {
    /// Nothing, or a blank line: whatever follows begins at its beginning.
    #[default]
    Blank,
    /// A table's header, which a delimiter row must follow.
    Header,
    /// The delimiter row, or a row below it.
    Row,
    Other,
}

#[derive(Default)]
struct Reading<'t> {
    reduced: Vec<u8>,
    above: Above,
    /// Where in `reduced` the last lines are that one that follows may be like.
    alike: Vec<(usize, usize)>,
    anchors: HashSet<&'t str>,
    links: Vec<&'t str>,
}

/// How many lines one is compared with.
const ALIKE: usize = 16;

impl<'t> Reading<'t> {
    /// Reads a line, or a whole fence; what follows.
    fn line(&mut self, text: &'t str) -> Option<&'t str> {
        let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
        if line.starts_with("```") {
            return self.fence(line, text);
        }
        let start = self.reduced.len();
        if line.starts_with('|') {
            self.row(line, start)?;
            return Some(rest);
        }
        if self.above == Above::Header {
            return None;
        }
        // (One that is empty may be none, but a heading's line.)
        let is_item = line.strip_prefix("- ").is_some_and(|text| !text.is_empty() && !text.starts_with(' '));
        if !is_item {
            self.alike.clear();
        }
        if line.starts_with('<') && self.block(line) {
            // Nothing is left to read.
        } else {
            self.within(line, false)?;
        }
        self.reduced.push(b'\n');
        self.above = if line.is_empty() { Above::Blank } else { Above::Other };
        if is_item {
            // Of other items one may hold what follows it.
            let last = self.alike.pop();
            self.alike.clear();
            self.alike.extend(last);
            self.keep_or_drop(start);
        }
        Some(rest)
    }

    /// A row, which ends with its last pipe. That it is one of a table is for the
    /// parser to say of the header; then, so are all below.
    fn row(&mut self, line: &'t str, start: usize) -> Option<()> {
        match self.above {
            Above::Blank => {
                self.alike.clear();
                self.above = Above::Header;
            }
            Above::Header if line.bytes().all(|byte| matches!(byte, b'|' | b'-' | b':' | b' ')) => {
                self.reduced.extend(line.as_bytes());
                self.reduced.push(b'\n');
                self.above = Above::Row;
                return Some(());
            }
            Above::Row => {}
            Above::Header | Above::Other => return None,
        }
        if line.len() < 2 || !line.ends_with('|') {
            return None;
        }
        self.within(line, true)?;
        self.reduced.push(b'\n');
        if self.above == Above::Row {
            self.keep_or_drop(start);
        }
        Some(())
    }

    /// Leaves the last line out, if one of those that it is compared with is
    /// like it.
    fn keep_or_drop(&mut self, start: usize) {
        let end = self.reduced.len();
        let line = &self.reduced[start..];
        if self.alike.iter().any(|(start, end)| self.reduced[*start..*end] == *line) {
            self.reduced.truncate(start);
        } else {
            if self.alike.len() == ALIKE {
                self.alike.remove(0);
            }
            self.alike.push((start, end));
        }
    }

    /// A fence that stands by itself, and nothing in it looks like another's
    /// beginning or end.
    fn fence(&mut self, line: &str, text: &'t str) -> Option<&'t str> {
        let length = line.bytes().take_while(|byte| *byte == b'`').count();
        let language = &line[length..];
        if self.above != Above::Blank || !language.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return None;
        }
        let mut from = line.len();
        let end = loop {
            let at = from + text.get(from..)?.find('`')?;
            let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
            let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
            if text[start..end].trim_start_matches([' ', '\t']).starts_with("```") {
                let is_end = start == at && end - at == length && text[at..end].bytes().all(|byte| byte == b'`');
                break is_end.then_some(end)?;
            }
            from = end;
        };
        // There are never fewer bytes than UTF-16 units.
        if language == "mermaid" && end > MERMAID_SIZE {
            return None;
        }
        for part in [line.as_bytes(), b"\n", &line.as_bytes()[..length], b"\n"] {
            self.reduced.extend(part);
        }
        self.above = Above::Other;
        self.alike.clear();
        Some(text.get(end + 1..).unwrap_or_default())
    }

    /// A line that is a tag or comment and nothing else, if it is one of those
    /// that are known.
    fn block(&mut self, line: &'t str) -> bool {
        if matches!(line, "<details>" | "</details>") {
            self.reduced.extend(line.as_bytes());
            return true;
        }
        let within = |start, end| line.strip_prefix(start).and_then(|rest| rest.strip_suffix(end));
        let is_text = |text: &str| text.bytes().all(|byte| byte == b' ' || byte.is_ascii_alphanumeric());
        if within("<summary>", "</summary>").is_some_and(is_text) {
            self.reduced.extend(b"<summary>x</summary>");
            return true;
        }
        let is_comment = within("<!--", "-->").is_some_and(|text| !text.contains('>'));
        if is_comment {
            self.reduced.extend(b"<!-- x -->");
        }
        is_comment
    }

    /// What is within a line.
    fn within(&mut self, line: &'t str, is_row: bool) -> Option<()> {
        let bytes = line.as_bytes();
        let mut at = if is_row { 0 } else { self.beginning(line)? };
        while at < bytes.len() {
            let end =
                at + bytes[at..].iter().position(|byte| !IS_PLAIN[usize::from(*byte)]).unwrap_or(bytes.len() - at);
            if end > at {
                let is_blank = bytes[at..end].iter().all(|byte| *byte == b' ');
                self.reduced.push(if is_blank { b' ' } else { b'x' });
                at = end;
                continue;
            }
            at = match bytes[at] {
                byte @ (b'|' | b'\\' | b'`') => {
                    self.reduced.push(byte);
                    at + 1
                }
                b'<' => self.tag(line, at)?,
                b']' => self.bracket(line, at, is_row)?,
                _ => return None,
            };
        }
        Some(())
    }

    /// What a line begins with, up to what can only be the beginning of text;
    /// where that is.
    fn beginning(&mut self, line: &str) -> Option<usize> {
        for (at, c) in line.char_indices() {
            match c {
                '`' | '~' if line[at..].starts_with("```") || line[at..].starts_with("~~~") => return None,
                'a'..='z' | 'A'..='Z' | '`' | '\\' | '[' | ']' | '<' => return Some(at),
                ' '..='~' => self.reduced.push(line.as_bytes()[at]),
                // Blanks of other scripts are none to Markdown, but may be to the check.
                c => return (!c.is_ascii() && c.is_alphanumeric()).then_some(at),
            }
        }
        Some(line.len())
    }

    /// A tag that is known, where it is no text; what is behind it.
    fn tag(&mut self, line: &'t str, at: usize) -> Option<usize> {
        let rest = &line[at..];
        if rest.starts_with("<br>") {
            self.reduced.extend(b"<br>");
            return Some(at + 4);
        }
        let is_tag = rest.as_bytes().get(1).is_some_and(|next| next.is_ascii_alphabetic() || b"/!?".contains(next));
        if !is_tag || self.above == Above::Blank && is_in_code(line, at) {
            self.reduced.push(b'x');
            return Some(at + 1);
        }
        // Nothing can have been opened before that would make it text: a line
        // behind a blank one, or the first cell of a row.
        let is_first = at == 0 && self.above == Above::Blank || &line[..at] == "| ";
        let (anchor, _) = rest.strip_prefix("<a id=\"").filter(|_| is_first)?.split_once("\"></a>")?;
        let is_plain = anchor.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'));
        if anchor.is_empty() || !is_plain || !self.anchors.insert(anchor) {
            return None;
        }
        self.reduced.extend(b"<a></a>");
        Some(at + "<a id=\"\"></a>".len() + anchor.len())
    }

    /// A bracket that closes: with what a link has behind it, if it is one. (If
    /// it is not, another link leads somewhere or the text is read as a whole.)
    fn bracket(&mut self, line: &'t str, at: usize, is_row: bool) -> Option<usize> {
        match line.as_bytes().get(at + 1) {
            Some(b'(') => {
                let rest = &line[at + 2..];
                let is_of_target = |byte: u8| byte.is_ascii_alphanumeric() || b".#/_-".contains(&byte);
                let length = rest.bytes().position(|byte| !is_of_target(byte))?;
                if length == 0 || rest.as_bytes()[length] != b')' {
                    return None;
                }
                if let Some(anchor) = rest[..length].strip_prefix('#') {
                    self.links.push(anchor);
                }
                self.reduced.push(b'x');
                Some(at + 2 + length + 1)
            }
            Some(b':') if !is_row => None,
            _ => {
                self.reduced.push(b'x');
                Some(at + 1)
            }
        }
    }
}

/// Whether a place in a paragraph's first line is in one of its code spans,
/// where they are such that each second backtick closes one.
fn is_in_code(line: &str, at: usize) -> bool {
    let is_simple = !line.starts_with('|') && !line.contains('\\') && !line.contains("``");
    is_simple && line[..at].matches('`').count() % 2 == 1 && line[at..].contains('`')
}

/// The bytes that mean nothing within a line.
const IS_PLAIN: [bool; 256] = {
    let mut plain = [true; 256];
    let mut byte = 0;
    while byte < b' ' {
        plain[byte as usize] = false;
        byte += 1;
    }
    let other = *b"|\\`<]\x7f";
    let mut at = 0;
    while at < other.len() {
        plain[other[at] as usize] = false;
        at += 1;
    }
    plain
};

#[cfg(test)]
mod tests;

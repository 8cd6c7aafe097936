//! Text of the manifest as Markdown that shows it and does nothing else.
//!
//! Architecture Invariant: whatever the manifest says reaches the inventory or
//! a drift report only as an [`Inline`], a [`Cell`] or a [`Fence`]. So no name, comment, default or
//! definition can open a tag, end a table row, close a fence or make a link;
//! a template that prints a plain `String` of the manifest is a mistake.
//!
//! The rules are those of GitHub Flavored Markdown 0.29, of which tables
//! (section 4.10) matter most: a `|` parts cells even in a code span, unless a
//! backslash stands right before it.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use askama::{FastWritable, Values};

/// Markdown for the inside of a paragraph, heading or list item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inline {
    /// Escaped already, and good in a table's cell as well but for what is piped.
    markup: Cow<'static, str>,
    /// The code spans that hold a pipe: where each is, and what is to be seen.
    piped: Vec<(Range<usize>, String)>,
}

/// Markdown for a cell of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell(Cow<'static, str>);

/// A fenced code block whose fence no line of the body can close.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fence {
    language: &'static str,
    body: String,
}

impl Inline {
    /// Prose, such as a comment. Line breaks stay line breaks.
    pub fn text(text: &str) -> Self {
        Self { markup: escape_text(text).into(), piped: Vec::new() }
    }

    /// A name, exactly as it is: control characters are shown as their
    /// pictures (`␊`), so that two names that differ look different.
    pub fn code(text: &str) -> Self {
        let text = visible(text);
        let mut span = String::with_capacity(text.len() + 2);
        push_code_span(&text, &mut span);
        let piped = if text.contains('|') { vec![(0..span.len(), text.into_owned())] } else { Vec::new() };
        Self { markup: span.into(), piped }
    }

    /// An SQL expression on one line: white space that holds a line break
    /// becomes one blank, but not within quotes.
    pub fn sql(expression: &str) -> Self {
        Self::code(&on_one_line(expression))
    }

    /// Markdown that this program wrote itself.
    pub fn markup(markup: &'static str) -> Self {
        Self { markup: markup.into(), piped: Vec::new() }
    }

    /// A link. The characters of its target must mean nothing in Markdown, as
    /// those of the inventory's anchors and files.
    pub fn link(self, target: &str) -> Self {
        let mut link = String::with_capacity(self.markup.len() + target.len() + 4);
        ["[", &self.markup, "](", target, ")"].iter().for_each(|part| link.push_str(part));
        Self { markup: link.into(), piped: moved(self.piped, 1).collect() }
    }

    pub fn then(mut self, next: Inline) -> Self {
        if self.markup.is_empty() {
            return next;
        }
        self.piped.extend(moved(next.piped, self.markup.len()));
        self.markup.to_mut().push_str(&next.markup);
        self
    }

    /// The parts with a separator between.
    pub fn join(parts: impl IntoIterator<Item = Inline>, separator: &'static str) -> Self {
        let mut parts = parts.into_iter();
        let first = parts.next().unwrap_or_default();
        parts.fold(first, |joined, part| joined.then(Self::markup(separator)).then(part))
    }

    pub fn cell(self) -> Cell {
        if self.piped.is_empty() {
            return Cell(self.markup);
        }
        let mut cell = String::with_capacity(self.markup.len() + 8);
        let mut at = 0;
        for (span, text) in self.piped {
            cell.push_str(&self.markup[at..span.start]);
            // GitHub takes `\|` in a cell for a pipe before it looks at code
            // spans; parsers differ where a backslash stands before that, so
            // such a text is written as HTML with character references.
            match text.contains("\\|") {
                true => cell.push_str(&html_code(&text)),
                false => cell.push_str(&self.markup[span.clone()].replace('|', "\\|")),
            }
            at = span.end;
        }
        cell.push_str(&self.markup[at..]);
        Cell(cell.into())
    }
}

/// Code spans with so much before them.
fn moved(spans: Vec<(Range<usize>, String)>, by: usize) -> impl Iterator<Item = (Range<usize>, String)> {
    spans.into_iter().map(move |(span, text)| (span.start + by..span.end + by, text))
}

impl fmt::Display for Inline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.markup)
    }
}

impl FastWritable for Inline {
    fn write_into(&self, dest: &mut dyn fmt::Write, _: &dyn Values) -> askama::Result<()> {
        Ok(dest.write_str(&self.markup)?)
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FastWritable for Cell {
    fn write_into(&self, dest: &mut dyn fmt::Write, _: &dyn Values) -> askama::Result<()> {
        Ok(dest.write_str(&self.0)?)
    }
}

impl Fence {
    /// `language` is what stands behind the opening fence.
    pub fn new(language: &'static str, body: &str) -> Self {
        let body = match body.contains('\r') {
            true => Cow::Owned(body.replace("\r\n", "\n").replace('\r', "\n")),
            false => Cow::Borrowed(body),
        };
        Self { language, body: body.trim_matches('\n').to_owned() }
    }
}

impl fmt::Display for Fence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fence = "`".repeat(longest_run(&self.body, '`').max(2) + 1);
        write!(f, "{fence}{}\n{}\n{fence}", self.language, self.body)
    }
}

/// A text for the inside of an HTML comment, which `--` must not end.
pub fn html_comment(text: &str) -> String {
    let mut escaped = visible(text).into_owned();
    while escaped.contains("--") {
        escaped = escaped.replace("--", "- -");
    }
    escaped
}

fn escape_text(text: &str) -> String {
    let text = text.trim();
    let mut escaped = String::with_capacity(text.len() + 8);
    if !text.contains(['\n', '\r']) {
        escape_line(text, &mut escaped);
        return escaped;
    }
    for (number, line) in text.replace("\r\n", "\n").split(['\n', '\r']).enumerate() {
        if number > 0 {
            escaped.push_str("<br>");
        }
        escape_line(line.trim(), &mut escaped);
    }
    escaped
}

/// One line of prose. It may come to stand at the start of a line, where a
/// list or heading marker would count.
fn escape_line(line: &str, escaped: &mut String) {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 && line.bytes().enumerate().all(|(at, byte)| is_itself(byte, at == 0)) {
        escaped.push_str(line);
        return;
    }
    let characters: Vec<char> = line.chars().collect();
    for (at, &c) in characters.iter().enumerate() {
        let neighbour = |index: Option<usize>| index.and_then(|index| characters.get(index)).copied();
        let next = neighbour(at.checked_add(1));
        let parted = next.is_none_or(char::is_whitespace);
        let starts_block = at == 0
            && match c {
                '#' | '=' | ':' => true,
                '-' => parted || next == Some('-'),
                '+' => parted,
                _ => false,
            };
        let ends_list_number = digits > 0 && at == digits && matches!(c, '.' | ')') && parted;
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            // A dollar sign opens a formula on GitHub, even behind a backslash.
            '$' => escaped.push_str("&#36;"),
            '\\' | '`' | '*' | '[' | ']' | '|' | '~' => escaped.extend(['\\', c]),
            // Within a word an underscore is no emphasis, and names are full of them.
            '_' => {
                let in_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
                if !(in_word(neighbour(at.checked_sub(1))) && in_word(next)) {
                    escaped.push('\\');
                }
                escaped.push('_');
            }
            c if starts_block || ends_list_number => escaped.extend(['\\', c]),
            '\t' => escaped.push(' '),
            c => push_visible(c, escaped),
        }
    }
}

/// Whether a character stands for itself wherever it is in a line of prose that
/// begins with no digit; `is_first` where it begins the line. Most lines have
/// no other.
fn is_itself(byte: u8, is_first: bool) -> bool {
    match byte {
        b'-' | b'+' | b'=' | b':' | b'#' => !is_first,
        b' ' | b'!' | b'"' | b'%' | b'\'' | b'(' | b')' | b',' | b'.' | b'/' | b';' | b'?' | b'@' | b'^' => true,
        b'{' | b'}' => true,
        _ => byte.is_ascii_alphanumeric(),
    }
}

fn is_printable_ascii(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// The text with every character that is not seen made visible.
pub fn visible(text: &str) -> Cow<'_, str> {
    if is_printable_ascii(text) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    text.chars().for_each(|c| push_visible(c, &mut shown));
    Cow::Owned(shown)
}

/// Control characters as their pictures, and those that turn the direction of
/// writing or have no width as their code points: a name that uses them would
/// look like another.
fn push_visible(c: char, shown: &mut String) {
    match c {
        '\0'..='\x1f' => shown.extend(char::from_u32(0x2400 + u32::from(c))),
        '\x7f' => shown.push('\u{2421}'),
        '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}' => shown.push_str(&format!("⟨U+{:04X}⟩", u32::from(c))),
        c => shown.push(c),
    }
}

/// Prose on one line: each run of white space is one blank. It is borrowed where
/// it was so, and holds nothing that is not seen.
pub fn one_line(text: &str) -> Cow<'_, str> {
    if is_printable_ascii(text) && !text.contains("  ") && !text.starts_with(' ') && !text.ends_with(' ') {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn on_one_line(expression: &str) -> Cow<'_, str> {
    if !expression.contains('\n') {
        return Cow::Borrowed(expression.trim());
    }
    let mut line = String::with_capacity(expression.len());
    let mut quote = None;
    let mut rest = expression.trim().chars().peekable();
    while let Some(c) = rest.next() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if matches!(c, '\'' | '"') => quote = Some(c),
            None if c.is_whitespace() => {
                let mut run = String::from(c);
                while let Some(space) = rest.next_if(|c| c.is_whitespace()) {
                    run.push(space);
                }
                line.push_str(if run.contains('\n') { " " } else { &run });
                continue;
            }
            None => {}
        }
        line.push(c);
    }
    Cow::Owned(line)
}

/// Adds a code span (section 6.3): more backticks than any run within, and blanks
/// where the first or last character would be taken for the fence or stripped.
fn push_code_span(text: &str, span: &mut String) {
    if text.is_empty() {
        return span.push_str("*(empty)*");
    }
    let run = longest_run(text, '`');
    let stripped = text.starts_with(' ') && text.ends_with(' ') && !text.chars().all(|c| c == ' ');
    let pad = if stripped || text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    let fence = |span: &mut String| (0..=run).for_each(|_| span.push('`'));
    fence(span);
    [pad, text, pad].into_iter().for_each(|part| span.push_str(part));
    fence(span);
}

/// Code as HTML, everything that Markdown or HTML would read as a reference.
fn html_code(text: &str) -> String {
    let mut html = String::from("<code>");
    for c in text.chars() {
        match c {
            '&' | '<' | '>' | '"' | '`' | '*' | '_' | '[' | ']' | '\\' | '|' | '~' | '$' | '!' | '#' => {
                html.push_str(&format!("&#{};", u32::from(c)));
            }
            c => html.push(c),
        }
    }
    html.push_str("</code>");
    html
}

fn longest_run(text: &str, wanted: char) -> usize {
    if !text.contains(wanted) {
        return 0;
    }
    text.split(|c| c != wanted).map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

    use super::*;

    const HOSTILE: [&str; 21] = [
        "a|b",
        "a\\|b",
        "\\",
        "`",
        "``a` b``",
        " both ",
        "<details><summary>x</summary>",
        "<!-- keep:begin x -->",
        "-->",
        "[x](javascript:y)",
        "![x](y)",
        "# *a* _b_ __c__ ~~d~~ ***",
        "1. one",
        "2)",
        "-",
        "---",
        "==",
        "+ x",
        "- [ ] todo",
        "&lt; &#124;",
        "a || b\\",
    ];

    /// What a reader sees of a document's code spans and text.
    fn seen(markdown: &str) -> String {
        let mut seen = String::new();
        for event in Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
            match event {
                Event::Text(text) | Event::Code(text) => seen.push_str(&text),
                Event::SoftBreak => seen.push(' '),
                Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::Heading { .. } | Tag::List(_)) => {
                    panic!("{markdown} made something")
                }
                _ => {}
            }
        }
        seen
    }

    #[test]
    fn hostile_text_is_shown_and_does_nothing() {
        for text in HOSTILE {
            assert_eq!(seen(&Inline::text(text).to_string()), text.trim(), "text {text}");
            assert_eq!(seen(&Inline::code(text).to_string()), text, "code {text}");
        }
    }

    #[test]
    fn hostile_text_stays_in_its_cell() {
        for text in HOSTILE {
            for (what, inline) in [("text", Inline::text(text)), ("code", Inline::code(text))] {
                let table = format!("| a | b |\n| --- | --- |\n| {} | end |\n", inline.cell());
                let mut cells = Vec::new();
                let mut html = String::new();
                for event in Parser::new_ext(&table, Options::ENABLE_TABLES) {
                    match event {
                        Event::Start(Tag::TableCell) => cells.push(String::new()),
                        Event::Text(text) | Event::Code(text) => {
                            cells.last_mut().expect("a cell is open").push_str(&text)
                        }
                        Event::InlineHtml(tag) => html.push_str(&tag),
                        Event::End(TagEnd::Table) => break,
                        _ => {}
                    }
                }
                let wanted = if what == "text" { text.trim() } else { text };
                assert_eq!(cells, ["a", "b", wanted, "end"], "{what} {text}: {table}");
                assert!(html.is_empty() || html == "<code></code>", "{html}");
            }
        }
    }

    #[test]
    fn line_breaks_and_hidden_characters_are_seen() {
        assert_eq!(Inline::text("one\r\n two\n\nthree").to_string(), "one<br>two<br><br>three");
        assert_eq!(Inline::code("a\nb").to_string(), "`a␊b`");
        assert_eq!(Inline::code("a\u{202e}b").to_string(), "`a⟨U+202E⟩b`");
        assert_eq!(
            Inline::sql("CASE\n    WHEN a = 'x\ny'  THEN 1\nEND").to_string(),
            "`CASE WHEN a = 'x␊y'  THEN 1 END`"
        );
        assert_eq!(Inline::code("").to_string(), "*(empty)*");
        assert_eq!(html_comment("a-->b----"), "a- ->b- - - -");
    }

    #[test]
    fn a_fence_is_longer_than_what_it_holds() {
        assert_eq!(Fence::new("sql", "SELECT 1\n").to_string(), "```sql\nSELECT 1\n```");
        assert_eq!(Fence::new("", "````\n").to_string(), "`````\n````\n`````");
    }
}

//! The Markdown check: what GitHub would show otherwise than it is meant.
//!
//! Nearly any text is Markdown, so the parser alone refuses nothing. This
//! check asks what a broken document cannot answer: has each row of a table
//! the cells of its header, does each link within the document lead somewhere,
//! is each fence and tag closed? `cells` counts cells in the source, because
//! pulldown-cmark pads short rows and cuts long ones, as GitHub does.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

mod cells;
pub(super) mod html;
mod reduction;

/// Mermaid draws nothing above this (`maxTextSize`).
const MERMAID_SIZE: usize = 50_000;

/// What is wrong with a document, a line each with the place in the source;
/// none when it is sound.
///
/// What is repeated is read once; a text that is refused so is read as a whole,
/// for the places of its faults.
pub fn faults(text: &str) -> Vec<String> {
    match reduction::reduce(text).is_some_and(is_sound) {
        true => Vec::new(),
        false => faults_of_whole(text),
    }
}

thread_local! {
    /// Reductions that were found sound on this thread: what is left of pages is
    /// often the same.
    static SOUND: RefCell<HashSet<String>> = RefCell::default();
}

/// How many reductions are remembered, and how long they are at most: a program
/// that runs for days keeps a megabyte of them.
const REMEMBERED: usize = 512;
const LONGEST: usize = 2048;

fn is_sound(reduced: String) -> bool {
    if SOUND.with_borrow(|sound| sound.contains(&reduced)) {
        return true;
    }
    let is_sound = faults_of_whole(&reduced).is_empty();
    if is_sound && reduced.len() <= LONGEST {
        SOUND.with_borrow_mut(|sound| {
            if sound.len() == REMEMBERED {
                sound.clear();
            }
            sound.insert(reduced);
        });
    }
    is_sound
}

fn faults_of_whole(text: &str) -> Vec<String> {
    let mut reading = Reading { text, ..Reading::default() };
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        reading.event(event, range);
    }
    reading.finish()
}

/// What is known while the events pass by.
#[derive(Default)]
struct Reading<'t> {
    text: &'t str,
    faults: Vec<(usize, String)>,
    /// The cells of the open table's header.
    header: Option<usize>,
    /// The open heading's text so far.
    heading: Option<String>,
    /// How often GitHub made each slug.
    slugs: BTreeMap<String, usize>,
    /// Explicit anchors, and the slugs of headings.
    anchors: BTreeSet<String>,
    explicit: BTreeSet<String>,
    /// Links within the document, and where they are.
    links: Vec<(usize, String)>,
    /// The lines of the open HTML block.
    block: Option<(usize, String)>,
    open_tags: Vec<(usize, String)>,
}

impl Reading<'_> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(Tag::Table(_)) => self.header = None,
            Event::Start(Tag::TableHead) => self.row(range, true),
            Event::Start(Tag::TableRow) => self.row(range, false),
            Event::Start(Tag::Paragraph) if has_row(&self.text[range.clone()]) => {
                self.fault(range.start, "a line starts as a table's row does, but is in no table");
            }
            Event::Start(Tag::Heading { .. }) => self.heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => {
                let heading = self.heading.take().unwrap_or_default();
                self.add_slug(&heading);
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => self.fence(&info, range),
            Event::Start(Tag::Link { dest_url, .. }) => self.link(range.start, &dest_url),
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut self.heading {
                    heading.push_str(&text);
                }
            }
            Event::Start(Tag::HtmlBlock) => self.block = Some((range.start, String::new())),
            Event::Html(line) => match &mut self.block {
                Some((_, block)) => block.push_str(&line),
                None => self.html(range.start, &line),
            },
            Event::End(TagEnd::HtmlBlock) => {
                if let Some((start, block)) = self.block.take() {
                    self.html(start, &block);
                }
            }
            Event::InlineHtml(tag) => self.html(range.start, &tag),
            _ => {}
        }
    }

    fn row(&mut self, range: Range<usize>, is_header: bool) {
        let source = self.text[range.clone()].lines().next().unwrap_or_default();
        let row = cells::count(source);
        if row.pipe_in_code {
            self.fault(range.start, "a pipe in a code span parts cells unless a backslash stands before it");
        }
        match self.header {
            None if is_header => self.header = Some(row.cells),
            Some(header) if header != row.cells => {
                self.fault(range.start, format!("a table's row has {} cells, its header {header}", row.cells));
            }
            _ => {}
        }
    }

    /// A fence that nothing closes swallows the rest of the document.
    fn fence(&mut self, info: &str, range: Range<usize>) {
        let source = &self.text[range.clone()];
        let marker = |line: &str| -> (char, usize) {
            let line = line.trim_start_matches([' ', '\t', '>']);
            let character = line.chars().next().unwrap_or(' ');
            (character, line.chars().take_while(|c| *c == character).count())
        };
        let (character, length) = marker(source.lines().next().unwrap_or_default());
        let last = source.trim_end().lines().skip(1).last().unwrap_or_default();
        let (last_character, last_length) = marker(last);
        let alone = last.trim_start_matches([' ', '\t', '>']).trim_end().chars().all(|c| c == character);
        if last_character != character || last_length < length || !alone {
            self.fault(range.start, "a code fence is not closed");
        }
        if info == "mermaid" && source.encode_utf16().count() > MERMAID_SIZE {
            self.fault(
                range.start,
                format!("a diagram is longer than the {MERMAID_SIZE} characters that mermaid draws"),
            );
        }
    }

    fn html(&mut self, start: usize, html: &str) {
        for piece in html::pieces(html) {
            match piece {
                html::Piece::Open { name, attributes } => {
                    for (attribute, value) in attributes {
                        match attribute.as_str() {
                            "id" | "name" => {
                                if !self.explicit.insert(value.clone()) {
                                    self.fault(start, format!("the anchor `{value}` is there twice"));
                                }
                                self.anchors.insert(value);
                            }
                            "href" => self.link(start, &value),
                            _ => {}
                        }
                    }
                    if !html::is_void(&name) {
                        self.open_tags.push((start, name));
                    }
                }
                html::Piece::Close { name } => match self.open_tags.last() {
                    Some((_, open)) if *open == name => {
                        self.open_tags.pop();
                    }
                    _ => self.fault(start, format!("</{name}> closes nothing")),
                },
                html::Piece::UnclosedComment => self.fault(start, "an HTML comment is not closed"),
            }
        }
    }

    fn link(&mut self, start: usize, target: &str) {
        if let Some(anchor) = target.strip_prefix('#') {
            self.links.push((start, anchor.to_owned()));
        }
    }

    /// The anchor that GitHub gives a heading: lower case, without punctuation
    /// but `-` and `_`, blanks as `-`, and a number behind the second of a kind.
    fn add_slug(&mut self, heading: &str) {
        let kept = heading.trim().to_lowercase();
        let kept = kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        let slug: String = kept.map(|c| if c == ' ' { '-' } else { c }).collect();
        let seen = self.slugs.entry(slug.clone()).or_default();
        let slug = if *seen == 0 { slug } else { format!("{slug}-{seen}") };
        *seen += 1;
        self.anchors.insert(slug);
    }

    fn fault(&mut self, start: usize, what: impl Into<String>) {
        self.faults.push((start, what.into()));
    }

    fn finish(mut self) -> Vec<String> {
        for (start, tag) in std::mem::take(&mut self.open_tags) {
            self.fault(start, format!("<{tag}> is not closed"));
        }
        for (start, anchor) in std::mem::take(&mut self.links) {
            if !self.anchors.contains(&anchor) {
                self.fault(start, format!("a link leads to #{anchor}, which is not there"));
            }
        }
        self.faults.sort();
        let line = |start: usize| self.text[..start].matches('\n').count() + 1;
        self.faults.iter().map(|(start, what)| format!("line {}: {what}", line(*start))).collect()
    }
}

/// Whether a paragraph holds what was meant for a table: without a delimiter
/// row of the header's length there is none.
fn has_row(paragraph: &str) -> bool {
    paragraph.lines().any(|line| line.trim_start().starts_with('|'))
}

#[cfg(test)]
mod tests {
    use super::faults;

    #[test]
    fn accepts_a_sound_document() {
        let sound = "<!-- a note -->\n# One *two* `three_3`\n\n[up](#one-two-three_3) [x](#x) [twice](#again-1)\n\n\
                     <a id=\"x\"></a>\n\n## Again\n\n## Again\n\n| a | b |\n| --- | --- |\n| `x\\|y` | a\\|b<br>c |\n| | |\n\n\
                     <details>\n<summary>More</summary>\n\n````sql\n```\n<details>\n````\n\n</details>\n\n~~~\nx\n~~~\n";
        assert_eq!(faults(sound), Vec::<String>::new());
    }

    #[test]
    fn refuses_rows_of_other_lengths() {
        let table = |row: &str| faults(&format!("| a | b |\n| --- | --- |\n| 1 | 2 |\n{row}\n"));
        assert_eq!(table("| 1 |"), ["line 4: a table's row has 1 cells, its header 2"]);
        assert_eq!(table("| 1 | 2 | 3 |"), ["line 4: a table's row has 3 cells, its header 2"]);
        // Two pipes too many and a cell too few cancel each other out.
        assert_eq!(
            table("| `x|y` |"),
            ["line 4: a pipe in a code span parts cells unless a backslash stands before it"]
        );
        assert!(table("| `1` | \\| |").is_empty());
        assert_eq!(faults("| a | b |\n| --- |\n| 1 | 2 |\n").len(), 1, "no table at all");
    }

    #[test]
    fn refuses_what_is_not_closed() {
        assert_eq!(faults("a\n\n````sql\nx\n```\n"), ["line 3: a code fence is not closed"]);
        assert_eq!(faults("```\n"), ["line 1: a code fence is not closed"]);
        assert_eq!(faults("<details>\n<summary>x</summary>\n\ny\n"), ["line 1: <details> is not closed"]);
        assert_eq!(faults("x\n\n</details>\n"), ["line 3: </details> closes nothing"]);
        assert_eq!(faults("<!-- x\n\ny\n"), ["line 1: an HTML comment is not closed"]);
        assert_eq!(faults("a <b>b\n"), ["line 1: <b> is not closed"]);
    }

    #[test]
    fn refuses_links_that_lead_nowhere() {
        assert_eq!(faults("# A\n\n[x](#b)\n"), ["line 3: a link leads to #b, which is not there"]);
        assert_eq!(faults("# A\n\n<a href=\"#b\">x</a>\n"), ["line 3: a link leads to #b, which is not there"]);
        assert_eq!(faults("<a id=\"x\"></a> <a id=\"x\"></a>\n"), ["line 1: the anchor `x` is there twice"]);
    }

    #[test]
    fn refuses_diagrams_that_mermaid_does_not_draw() {
        let long = format!("```mermaid\nerDiagram\n{}```\n", "    \"a\"\n".repeat(7_000));
        assert_eq!(faults(&long).len(), 1);
    }
}

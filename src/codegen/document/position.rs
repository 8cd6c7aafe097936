//! Where in a text a value stands.

use std::fmt;

use saphyr_parser::{Event, Parser, Span};

/// The way from a document's root to a value.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path(pub Vec<Step>);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    Key(String),
    Index(usize),
}

impl Path {
    /// The path one key further.
    pub fn key(&self, key: &str) -> Path {
        self.with(Step::Key(key.to_owned()))
    }

    /// The path one list item further.
    pub fn index(&self, index: usize) -> Path {
        self.with(Step::Index(index))
    }

    /// The path with the first of the prefixes that it begins with replaced.
    pub fn moved(&self, prefixes: &[(Path, Path)]) -> Path {
        let moved = prefixes.iter().find_map(|(now, before)| Some((self.0.strip_prefix(now.0.as_slice())?, before)));
        moved.map_or_else(|| self.clone(), |(rest, before)| Path([before.0.as_slice(), rest].concat()))
    }

    fn with(&self, step: Step) -> Path {
        let mut steps = self.0.clone();
        steps.push(step);
        Path(steps)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if at == 0 => write!(f, "{key}")?,
                Step::Key(key) => write!(f, ".{key}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// A place in a text: line and column, both from 1; the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

/// The places of a document's values. Built only where there is a mistake to
/// place: reading a correct document does not pay for it.
pub struct Positions {
    root: Option<Node>,
}

struct Node {
    at: Position,
    children: Children,
}

enum Children {
    None,
    Map(Vec<(String, Position, Node)>),
    List(Vec<Node>),
}

impl Positions {
    /// Parses YAML or JSON for its positions. A text that cannot be parsed
    /// has none.
    pub fn of(text: &str) -> Positions {
        let mut parser = Parser::new_from_str(text);
        let mut root = None;
        while let Some(Ok((event, span))) = parser.next_event() {
            if matches!(event, Event::StreamStart | Event::DocumentStart(_)) {
                continue;
            }
            root = node(event, span, &mut parser);
            break;
        }
        Positions { root }
    }

    /// Where the value (or, with `at_key`, its key) stands; where the path
    /// leads nowhere, the last value on the way that there is.
    pub fn find(&self, path: &Path, at_key: bool) -> Option<Position> {
        let mut node = self.root.as_ref()?;
        let mut position = node.at;
        for (depth, step) in path.0.iter().enumerate() {
            let last = depth + 1 == path.0.len();
            let next = match (step, &node.children) {
                (Step::Key(key), Children::Map(entries)) => {
                    let entry = entries.iter().find(|(name, _, _)| name == key);
                    entry.map(|(_, key_at, value)| (if last && at_key { *key_at } else { value.at }, value))
                }
                (Step::Index(index), Children::List(items)) => items.get(*index).map(|item| (item.at, item)),
                _ => None,
            };
            let Some((at, child)) = next else { break };
            (position, node) = (at, child);
        }
        Some(position)
    }
}

fn position(span: Span) -> Position {
    Position { line: span.start.line(), column: span.start.col() + 1 }
}

type Events<'t> = Parser<'t, saphyr_parser::StrInput<'t>>;

fn following<'t>(parser: &mut Events<'t>) -> Option<(Event<'t>, Span)> {
    parser.next_event()?.ok()
}

/// The node that begins with this event; `None` where the text breaks off.
fn node<'t>(event: Event<'t>, span: Span, parser: &mut Events<'t>) -> Option<Node> {
    let children = match event {
        Event::MappingStart(..) => {
            let mut entries = Vec::new();
            loop {
                let (event, key_span) = following(parser)?;
                let key = match event {
                    Event::MappingEnd => break,
                    Event::Scalar(text, ..) => text.into_owned(),
                    _ => return None,
                };
                let (event, value_span) = following(parser)?;
                entries.push((key, position(key_span), node(event, value_span, parser)?));
            }
            Children::Map(entries)
        }
        Event::SequenceStart(..) => {
            let mut items = Vec::new();
            loop {
                let (event, item_span) = following(parser)?;
                if event == Event::SequenceEnd {
                    break;
                }
                items.push(node(event, item_span, parser)?);
            }
            Children::List(items)
        }
        _ => Children::None,
    };
    Some(Node { at: position(span), children })
}

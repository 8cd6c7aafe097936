//! The text in which the server keeps a query, taken apart.
//!
//! The form is that of the server's `outfuncs.c` and `read.c`: a node is
//! `{KIND :field value :field value}`, a list is `(a b)`, with a letter first
//! where it is one of numbers, nothing is `<>`, and the bytes of a constant
//! stand in brackets behind their length. A backslash takes the meaning from
//! the character behind it; a word ends at a blank or a bracket.
//!
//! A value's place is what tells it from a field's name: a column may well be
//! named `:expr`. So a field is followed by exactly one value, whatever that
//! looks like, and anything that does not fit is no tree at all.
//!
//! The items stand in one list in the order of the text, each with the place
//! behind its last part. So a text is read in one pass, without recursion.

/// A text, taken apart.
#[derive(Debug)]
pub(super) struct Tree<'t> {
    entries: Vec<Entry<'t>>,
}

#[derive(Debug)]
struct Entry<'t> {
    what: What,
    /// A node's kind, a field's name with its colon, or a word as it stands.
    text: &'t str,
    /// The place behind its last part.
    end: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Node,
    Field,
    List,
    Word,
    Null,
}

/// A node, a list, a word or nothing: one place of a tree.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item<'t> {
    tree: &'t Tree<'t>,
    place: usize,
}

/// Deeper than any query that a server would still plan.
const DEEPEST: usize = 10_000;

impl<'t> Tree<'t> {
    /// Takes a text apart; `None` where it is not of the form above.
    pub fn parse(text: &'t str) -> Option<Tree<'t>> {
        let mut words = Words { text, next: 0 };
        let mut entries: Vec<Entry<'t>> = Vec::with_capacity(text.len() / 8);
        let mut open: Vec<usize> = Vec::new();
        // Whether the innermost node's last field still wants its value.
        let mut wanting = false;
        while let Some(word) = words.next() {
            let inside = open.last().and_then(|place| entries.get(*place)).map(|entry| entry.what);
            let fits = match inside {
                None => entries.is_empty(),
                Some(What::Node) => wanting,
                Some(_) => true,
            };
            let what = match word {
                "}" | ")" => {
                    let expected = if word == "}" { What::Node } else { What::List };
                    if inside != Some(expected) || wanting {
                        return None;
                    }
                    let end = entries.len();
                    entries.get_mut(open.pop()?)?.end = end;
                    continue;
                }
                "[" if inside == Some(What::Node) && !wanting => {
                    // A constant's bytes, which nothing here reads.
                    if entries.last()?.what != What::Word || !words.by_ref().any(|word| word == "]") {
                        return None;
                    }
                    continue;
                }
                "{" => What::Node,
                "(" => What::List,
                _ if !fits && inside == Some(What::Node) && word.starts_with(':') => What::Field,
                _ if inside.is_none() => return None,
                "<>" => What::Null,
                _ => What::Word,
            };
            if !fits && what != What::Field {
                return None;
            }
            wanting = what == What::Field;
            let place = entries.len();
            let text = if what == What::Node { words.next().filter(|kind| !"(){}".contains(kind))? } else { word };
            entries.push(Entry { what, text, end: place + 1 });
            if matches!(what, What::Node | What::List) {
                if open.len() == DEEPEST {
                    return None;
                }
                open.push(place);
            }
        }
        (open.is_empty() && !entries.is_empty()).then_some(Tree { entries })
    }

    /// The whole.
    pub fn root(&'t self) -> Item<'t> {
        Item { tree: self, place: 0 }
    }

    /// Every node of a kind, at whatever depth.
    pub fn nodes(&'t self, kinds: &'static [&'static str]) -> impl Iterator<Item = Item<'t>> {
        let nodes = self.entries.iter().enumerate().filter(|(_, entry)| entry.what == What::Node);
        nodes.filter(|(_, entry)| kinds.contains(&entry.text)).map(|(place, _)| Item { tree: self, place })
    }
}

impl<'t> Item<'t> {
    fn entry(self) -> Option<&'t Entry<'t>> {
        self.tree.entries.get(self.place)
    }

    /// What no other item of the tree has.
    pub fn place(self) -> usize {
        self.place
    }

    /// A node's kind.
    pub fn kind(self) -> Option<&'t str> {
        self.entry().filter(|entry| entry.what == What::Node).map(|entry| entry.text)
    }

    /// A node's field, by name.
    pub fn field(self, name: &str) -> Option<Item<'t>> {
        self.kind()?;
        let parts = self.parts();
        let named = |item: &Item<'t>| {
            let entry = item.entry().filter(|entry| entry.what == What::Field);
            entry.and_then(|entry| entry.text.strip_prefix(':')) == Some(name)
        };
        let mut parts = parts.skip_while(|item| !named(item));
        parts.next()?;
        parts.next()
    }

    /// What a list holds; nothing holds nothing, which is how the server
    /// writes an empty list.
    pub fn list(self) -> Option<impl Iterator<Item = Item<'t>>> {
        matches!(self.entry()?.what, What::List | What::Null).then(|| self.parts())
    }

    /// Whether it is nothing.
    pub fn is_null(self) -> bool {
        self.entry().is_some_and(|entry| entry.what == What::Null)
    }

    /// A word as it stands, with its backslashes.
    pub fn word(self) -> Option<&'t str> {
        self.entry().filter(|entry| entry.what == What::Word).map(|entry| entry.text)
    }

    pub fn number(self) -> Option<u32> {
        self.word()?.parse().ok()
    }

    pub fn flag(self) -> Option<bool> {
        self.word()?.parse().ok()
    }

    fn parts(self) -> impl Iterator<Item = Item<'t>> {
        let mut place = self.place + 1;
        let end = self.entry().map_or(place, |entry| entry.end);
        std::iter::from_fn(move || {
            let item = (place < end).then_some(Item { tree: self.tree, place })?;
            // Behind itself in any case.
            place = item.entry()?.end.max(place + 1);
            Some(item)
        })
    }
}

/// The words and brackets of a text.
struct Words<'t> {
    text: &'t str,
    next: usize,
}

impl<'t> Iterator for Words<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let bytes = self.text.as_bytes();
        while matches!(bytes.get(self.next), Some(b' ' | b'\n' | b'\t')) {
            self.next += 1;
        }
        let start = self.next;
        self.next += 1;
        if !matches!(bytes.get(start)?, b'(' | b')' | b'{' | b'}') {
            self.next = start;
            while let Some(byte) = bytes.get(self.next) {
                match byte {
                    b' ' | b'\n' | b'\t' | b'(' | b')' | b'{' | b'}' => break,
                    b'\\' => self.next += 2,
                    _ => self.next += 1,
                }
            }
            self.next = self.next.min(bytes.len());
        }
        // It ends before a byte of ASCII or at the end of the text, where a
        // character ends too.
        self.text.get(start..self.next)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEXT: &str = r#"({QUERY :resname :expr :name a\ b\} :null <> :names ("x y" ":z") :n -1 :b true
        :constvalue 4 [ 1 0 -7 0 ] :bits (b 3 5) :inner {VAR :varno 2} :last ""})"#;

    #[test]
    fn a_value_is_one_whatever_it_looks_like() {
        let tree = Tree::parse(TEXT).unwrap();
        let query = tree.root().list().unwrap().next().unwrap();
        assert_eq!(query.kind(), Some("QUERY"));
        let word = |name| query.field(name).and_then(Item::word);
        assert_eq!((word("resname"), word("expr")), (Some(":expr"), None));
        assert_eq!((word("name"), word("last")), (Some(r"a\ b\}"), Some("\"\"")));
        assert!(query.field("null").unwrap().is_null());
        assert_eq!(query.field("b").unwrap().flag(), Some(true));
        assert_eq!((word("constvalue"), query.field("n").unwrap().number()), (Some("4"), None));
        assert_eq!(query.field("bits").unwrap().list().unwrap().count(), 3);
        assert_eq!(query.field("inner").unwrap().field("varno").unwrap().number(), Some(2));
        assert_eq!(query.field("varno").map(Item::place), None, "a field of another node");
        assert_eq!(tree.nodes(&["VAR"]).count(), 1);
    }

    #[test]
    fn what_does_not_fit_is_no_tree() {
        for text in [
            "",
            "x",
            "{",
            "}",
            "(})",
            "{A b}",
            "{A :b}",
            "{A :b 1 2}",
            "{A :b {C} 1}",
            "{}",
            "(a) b",
            "{A :b 1 [ 2",
            "{(}",
        ] {
            assert!(Tree::parse(text).is_none(), "{text}");
        }
        assert!(Tree::parse(&"(".repeat(1_000_000)).is_none());
        assert!(Tree::parse(&("(".repeat(5000) + &")".repeat(5000))).is_some());
    }

    proptest! {
        #[test]
        fn no_text_is_a_panic(text in r#"([{}()\[\]<>: \\"éa1]|\{A :b |\(b 1\)){0,60}"#) {
            if let Some(tree) = Tree::parse(&text) {
                let _ = tree.root().list().map(Iterator::count);
                let _ = tree.root().field("b");
            }
        }

        #[test]
        fn nor_is_a_piece_of_one(from in 0..TEXT.len(), to in 0..TEXT.len()) {
            let _ = TEXT.get(from..to).map(Tree::parse);
        }
    }
}

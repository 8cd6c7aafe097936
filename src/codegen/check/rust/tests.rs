//! The verdicts are those of a parse of the whole text.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::*;
use crate::codegen::check::generated;

#[test]
fn accepts_rust_and_says_where_it_is_none() {
    assert_eq!(faults("pub struct User { pub id: i64 }\n"), Vec::<String>::new());
    let faults = faults("pub struct User {\n    pub type: i64,\n}\n");
    assert_eq!(faults.len(), 1);
    assert!(faults[0].starts_with("2:9: "), "{faults:?}");
}

#[test]
fn a_long_text_is_read_in_pieces_and_refused_with_its_true_place() {
    let item = |at: usize| format!("/// Ä text.\npub struct S{at} {{\n    pub a: i64,\n}}\n");
    let text: String = (0..4000).map(item).collect();
    assert!(pieces(&text).count() > 3);
    assert_eq!(pieces(&text).collect::<String>(), text);
    assert_eq!(faults(&text), Vec::<String>::new());
    let line = text.lines().count() / 4 * 3 / 4 * 4 + 3;
    let broken: String = text
        .lines()
        .enumerate()
        .map(|(at, l)| if at + 1 == line { "    pub type: i64,\n".to_owned() } else { format!("{l}\n") })
        .collect();
    assert!(faults(&broken)[0].starts_with(&format!("{line}:9: ")), "{:?}", faults(&broken));
}

#[test]
fn what_is_rust_in_pieces_alone_is_refused() {
    let items = "pub struct S {\n    pub a: i64,\n}\n".repeat(PIECE / 30);
    for behind in ["//! Of the file.\n", "#![allow(dead_code)]\n", "#!/usr/bin/env x\n", "\u{feff}struct T;\n"] {
        assert!(!faults(&format!("{items}{behind}")).is_empty(), "{behind}");
        assert_eq!(faults(&format!("{behind}{items}")), Vec::<String>::new(), "{behind}");
    }
    // A line that looks like an item's end may be of a text.
    let text = format!("{items}const T: &str = \"\n}}\n\";\n{items}");
    assert_eq!(faults(&text), Vec::<String>::new());
}

#[test]
fn what_is_left_out_is_not_let_through() {
    for refused in [
        "struct S {\n    a: X,\n    /// Of nothing.\n}\n",
        "struct S {\n    a: X,\n    #[x]\n    #[y]\n}\n",
        "#[derive(Debug)]\n#[derive(]\nstruct S;\n",
        "/// A.\n/// B.\n",
        "/// A.\n/// a\rb\nstruct S;\n",
        "fn f() { let a =\n#[x]\n#[y]\n; }\n",
        "const A: &str = \"\n/// \" x;\n/// \";\n",
        "const A: &str = \"\\\n/// \" x;\n/// \";\n",
        "#[a] struct S { #[b]\nstruct T;\n",
        "#[a(\n}\n)]\nstruct S;\n",
        "struct S {\n    pub a: X,\n    pub b: Y\n    pub c: Z,\n}\n",
        "struct S {\n    pub a: X,\n    pub type: Y,\n}\n",
        "struct S {\n    pub a: X,\n    pub b: fn() ->,\n}\n",
        "enum E {\n    pub a: X,\n    pub b: X,\n}\n",
        "const A: [&str; 2] = [\"a\", \"b\"; 2];\n",
        "const A: &[&str] = &[\"a\", \"b\", \"c\"; 2];\n",
        "const A: &[&str] = &[\"a\", \"b\", \"\\u{110000}\"];\n",
        "const A: &[&str] = &[\"a\", \"b\", \"\\q\"];\n",
        "const A: u8 = 'ab';\n",
        "struct r#self;\n",
        "struct S {\n}\n#!/usr/bin/env x\n",
        "struct S {\n}\n#![a]\n",
        "fn f() {\n    x: row.try_get(\"x\")?,\n    y: row.try_get(\"y\")?,\n}\n",
        "fn f() {\n    match a {\n        b =>\n        Self::x => \"\",\n        Self::x => \"\",\n    }\n}\n",
    ] {
        assert!(!faults(refused).is_empty(), "{refused}");
        assert!(syn::parse_file(refused).is_err(), "{refused}");
    }
}

#[test]
fn says_where_a_text_that_has_no_tokens_breaks_off() {
    assert_eq!(faults("fn f() { \"open\n").len(), 1);
}

/// The shapes of a text, one after the other; `None`: it has none.
fn shapes(text: &str) -> Option<String> {
    let mut shapes = String::new();
    shape::Parts::default().shapes(text, |shape| {
        shapes.push_str(shape);
        true
    })?;
    Some(shapes)
}

#[test]
fn of_a_list_one_element_is_left() {
    for (text, shape) in [
        (
            "//! F.\n/// A.\n///\n#[derive(Debug)]\n#[cfg_attr(\n    a,\n    b(\n        c\n    )\n)]\n\
             pub struct S {\n    /// B.\n    pub a: Option<super::X>,\n    #[b]\n    pub r#type: Vec<i64>,\n}\n",
            "//!\n#[x]\npub struct x {\n#[x]\npub x: x,\n}\n",
        ),
        (
            "fn f() {\n    Ok(Self {\n        a: row.try_get(\"a\")?,\n        b: row.try_get(\"\\\"b\")?,\n    })\n}\n",
            "fn x() {\nx(Self {\nx: x.x(\"\")?,\n})\n}\n",
        ),
        ("const A: T = &[\"a\", \"b\", \"c\", \"d\"]; // More.\n", "const x: x = &[\"\", \"\"];\n"),
        ("const A: T = &[\n    \"a\",\n    \"b\",\n    \"c\",\n];\n", "const x: x = &[\n\"\",\n\"\",\n];\n"),
        ("fn f(&'a self) -> u8 {\n    b' '\n}\n", ""),
        ("fn f(&'a self) -> char {\n    'x'\n}\n", "fn x(&'a self) -> x {\n'x'\n}\n"),
        ("const A: &str = r\"\\\";\n", ""),
        ("/* \n/// */\nstruct S;\n", ""),
        ("const A: f64 = 1e5;\n", ""),
        ("const A: u8 = 0x1e;\n", "const x: x = 0x1e;\n"),
        ("struct Größe;\n", ""),
        ("const A: &str = \"\\u{e9}é\";\n", "const x: &x = \"\\u{e9}é\";\n"),
        ("/// a\rb\nstruct S;\n", ""),
    ] {
        assert_eq!(shapes(text).unwrap_or_default(), shape, "{text}");
    }
}

/// The items of all Rust that is generated for the projects of this repository,
/// each different one once, but for the largest.
fn generated_items() -> Vec<String> {
    let texts = generated::texts("rs");
    let items = texts.iter().flat_map(|text| text.split_inclusive("\n}\n"));
    let mut items: Vec<String> = items.filter(|item| item.len() < 3000).map(str::to_owned).collect();
    items.sort();
    items.dedup();
    items
}

/// What may become of a token, or stand beside it.
#[rustfmt::skip]
const PIECES: &[&str] = &[
    "", " ", "\n", "\n\n", "\r", "\r\n", "\t", "\u{feff}", "\u{a0}", "\0",
    "{", "}", "(", ")", "[", "]", "<", ">", ",", ";", ":", "::", "=", "=>", "->", "#", "!", "\n}\n",
    "#!", "#![a]", "#[a]", "#[a(]", "#[a]\n#[b]\n", "#[a = 1]", "#[a b]",
    "\"", "'", "\\", "/", "//", "///", "//!", "////", "/*", "*/", "/** a */", "/*! a */", "/// a\n",
    "\"a\"", "\"\\u{1f600}\"", "\"\\x80\"", "\"\\\n  a\"", "r\"\\\"", "r#\"\"\"#", "b\"a\"", "c\"a\"", "b'a'",
    "'a'", "'a", "'\"'", "'\\''", "'''", "'é'", "'static", "'r#a",
    "1", "1e5", "1e+_", "1e+_5", "0x1e", "1.", ".1", "1.e5", "1_u8", "0b2", "1..2", "e5", "0.1.2",
    "_", "r#type", "r#self", "r#_", "r#x", "r#", "é", "self", "Self", "super", "crate", "type", "pub", "fn", "union",
    "auto", "default", "raw", "safe", "macro_rules", "dyn", "async", "gen", "static", "mut", "const", "unsafe", "impl",
    "where", "enum", "struct", "match", "true", "extern", "mod", "use", "let", "x", "row", "Ok", "x!", "macro_rules! a ",
    "pub x: x,\n", "pub x: x,\npub x: x,\n", "pub a: fn(),\n", "pub x: x = 1,\n", "pub x: A<B, C>,\n", "pub x: dyn A +,\n",
    "x: x.x(\"\")?,\n", "\nSelf::A => \"\",\n", "\n\"\" => Ok(Self::A),\n", "\"\", \"\", ", "\"a\"; 2",
];

/// A text in words, white space, and single other characters.
fn tokens(text: &str) -> Vec<&str> {
    let kind = |c: char| match c {
        c if c.is_alphanumeric() || c == '_' => 0,
        ' ' => 1,
        _ => 2,
    };
    let mut tokens = Vec::new();
    let mut start = 0;
    let mut before = None;
    for (at, c) in text.char_indices() {
        if before.is_some_and(|before| before != kind(c) || before == 2) {
            tokens.push(&text[start..at]);
            start = at;
        }
        before = Some(kind(c));
    }
    tokens.push(&text[start..]);
    tokens
}

/// An edit of a list: what stands at a place is left out, twice there, swapped
/// with what is at another, or something else.
fn edit<'t>(list: &mut Vec<&'t str>, what: usize, at: Index, other: Index, piece: &'t str) {
    if list.is_empty() {
        return;
    }
    let (at, other) = (at.index(list.len()), other.index(list.len()));
    match what {
        0 => {
            list.remove(at);
        }
        1 => list.insert(at, list[at]),
        2 => list.swap(at, other),
        3 => list.insert(at, piece),
        _ => list[at] = piece,
    }
}

/// How many texts are tried; many more were when the shapes were written.
const CASES: u32 = 400;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(CASES) })]

    /// The unedited items stand before and behind too, so that what has a
    /// known shape is there.
    #[test]
    fn the_verdict_is_that_of_the_whole_text(
        items in vec(any::<Index>(), 1..4),
        edits in vec((0..5usize, any::<bool>(), any::<Index>(), any::<Index>(), select(PIECES)), 0..4),
    ) {
        let all = ITEMS.with(std::rc::Rc::clone);
        let good: String = items.iter().map(|at| all[at.index(all.len())].as_str()).collect();
        let mut edited = good.clone();
        for (what, is_of_lines, at, other, piece) in edits {
            let mut list = if is_of_lines { edited.split_inclusive('\n').collect() } else { tokens(&edited) };
            edit(&mut list, what, at, other, piece);
            edited = list.concat();
        }
        for text in [edited.clone(), format!("{good}{edited}"), format!("{edited}{good}")] {
            let is_rust = syn::parse_file(&text).is_ok();
            invalidate_current_thread_spans();
            prop_assert_eq!(faults(&text).is_empty(), is_rust, "{}", text);
        }
    }
}

thread_local! {
    static ITEMS: std::rc::Rc<Vec<String>> = std::rc::Rc::new(generated_items());
}

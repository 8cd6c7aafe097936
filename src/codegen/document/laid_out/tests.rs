//! What is read here is what the YAML library reads, and what schemacast writes
//! is read here.

use std::collections::BTreeMap;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde::Deserialize;
use serde_json::Value;

use super::read_laid_out;
use crate::codegen::manifest::{Manifest, to_yaml};

/// What asks for each kind of value that is read by its type.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Typed {
    text: Option<String>,
    #[serde(default)]
    flag: bool,
    signed: Option<i32>,
    unsigned: Option<u16>,
    fraction: Option<f64>,
    style: Option<Color>,
    #[serde(default)]
    list: Vec<Option<String>>,
    one: Option<[String; 1]>,
    #[serde(default)]
    map: BTreeMap<String, Typed>,
    any: Option<Value>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Color {
    Red,
    Green,
}

/// Whether the text is read as these types, having seen that the library reads
/// the same.
fn is_read(text: &str) -> [bool; 3] {
    fn of<T: serde::de::DeserializeOwned + PartialEq + std::fmt::Debug>(text: &str) -> bool {
        let Some(read) = read_laid_out::<T>(text) else { return false };
        assert_eq!(Some(&read), serde_yaml::from_str(text).ok().as_ref(), "{text}");
        true
    }
    [of::<Value>(text), of::<Typed>(text), of::<Manifest>(text)]
}

/// Of all that a fuzzer begins with, the text that has each way in it.
const TYPED: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/seeds/manifest/each_way_of_writing"));

#[test]
fn each_way_that_something_is_written_is_read() {
    let typed = TYPED.replace("      - {}\n", "");
    assert_eq!(is_read(&typed), [true, true, false], "{typed}");
    assert_eq!(is_read(TYPED), [true, false, false], "an empty mapping is no text");
}

#[test]
fn the_manifests_that_are_written_are_read() {
    let manifests = concat!(env!("CARGO_MANIFEST_DIR"), "/manifests");
    for project in ["barton-outreach-core", "odoboo-workspace"] {
        let text = std::fs::read_to_string(format!("{manifests}/{project}/NEON_SCHEMA_MANIFEST.yaml")).unwrap();
        assert_eq!(is_read(&text), [true, false, true], "{project}");
    }
}

#[test]
fn what_is_written_in_another_way_is_not_read() {
    for text in [
        "",
        "a: b",
        " a: b\n",
        "- a\n",
        "a:\n",
        "a: \n",
        "a:  b\n",
        "a: b \n",
        "a : b\n",
        "a: b\n\nc: d\n",
        "a: b\n# c\nd: e\n",
        "a: b # c\n",
        "a: b\n  c\n",
        "a: b\r\nc: d\n",
        "a: b\n...\nc: d\n",
        "---\na: b\n",
        "%YAML 1.2\n---\na: b\n",
        "a: &b c\n",
        "a: *b\n",
        "a: !b c\n",
        "a: ? b\n",
        "? a\n: b\n",
        "a: b: c\n",
        "a: b:\n",
        "a: -\n",
        "a: - b\n",
        "a: >\n  b\n",
        "a: |\nb: c\n",
        "a: |\n\n  b\n",
        "a: |\n   b\n",
        "a: |1\n b\n",
        "a: |\n  \tb\n",
        "a: |\n  b\n \n  c\n",
        "a: |-2\n  b\n",
        "a: 'b\n  c'\n",
        "a: 'b' c\n",
        "a: \"b\\\n  c\"\n",
        "a: \"\\e\"\n",
        "a: \"\\ud800\"\n",
        "a: \"\\x+1\"\n",
        "a: 'b\tc'\n",
        "a: b\tc\n",
        "a: \u{85}b\n",
        "a: b\u{2028}c\n",
        "a: b\u{7f}\n",
        "a:\n - b\n",
        "a:\n   b: c\n",
        "a:\n  b: c\n   d: e\n",
        "a:\n  b: c\n d: e\n",
        "a:\n- b\n  c: d\n",
        "a:\n  - b\n- c\n",
        "a:\n-\n  b: c\n",
        "a:\n- - b\n",
        "a: [b,c]\n",
        "a: [b, c,]\n",
        "a: [ b]\n",
        "a: [b\n]\n",
        "a: [b: c]\n",
        "a: {b:c}\n",
        "a: {b, c: d}\n",
        "a: {b: c}}\n",
        "a: {b: c d: e}\n",
        "a: {b: [c, {d: e}]} f\n",
        "<<: {a: b}\n",
        "a: ~\n",
        "a: null\n",
        "a: True\n",
        "a: 0x10\n",
        "a: 010\n",
        "a: 1.5e3\n",
        "a: 1.\n",
        "a: 0123.5\n",
        "a: +1\n",
        "a: -.inf\n",
        "a: 9223372036854775808\n",
    ] {
        assert!(!is_read(text)[0], "{text}");
    }
    let long = format!("{}: b\n", "a".repeat(1_025));
    assert!(!is_read(&long)[0] && serde_yaml::from_str::<Value>(&long).is_err());
    let deep = format!("a: {}{}\n", "[".repeat(100), "]".repeat(100));
    assert!(!is_read(&deep)[0]);
}

#[test]
fn what_is_asked_for_is_read_as_the_library_reads_it() {
    for (text, is_typed) in [
        ("text: null\n", false),
        ("text: nullif(a)\n", true),
        ("text: true\n", true),
        ("text: 12\n", true),
        ("text: 1e3\n", true),
        ("text: inf\n", true),
        ("flag: 'true'\n", false),
        ("flag: yes\n", false),
        ("signed: '1'\n", false),
        ("signed: 2147483648\n", false),
        ("unsigned: -1\n", false),
        ("unsigned: 65536\n", false),
        ("fraction: 100\n", true),
        ("fraction: -0\n", true),
        ("fraction: -0.25\n", true),
        ("fraction: 1e3\n", false),
        ("fraction: .5\n", false),
        ("style: 'green'\n", true),
        ("style: blue\n", false),
        ("style: {red: 1}\n", false),
        ("list: a\n", false),
        ("list: [null]\n", false),
        ("list: {a: b}\n", false),
        ("map: [a]\n", false),
        ("one: [a, b]\n", false),
        ("one: []\n", false),
        ("one:\n- a\n- b\n", false),
        ("one:\n- a\ntext: b\n", true),
        ("text: a\ntext: b\n", false),
        ("other: a\n", false),
        ("map: {a: {}, a: {flag: true}}\n", true),
    ] {
        assert_eq!(is_read(text)[1], is_typed, "{text}");
    }
}

/// What YAML gives a meaning, where it has one and where it has none.
const FRAGMENTS: [&str; 62] = [
    " ", "  ", "    ", "\n", "\n  ", "\n- ", "\n  - ", "- ", ": ", ":", ",", ", ", "[", "]", "{", "}", "[]", "{}", "'",
    "''", "\"", "\\", "\\\"", "\\n", "\\x41", "\\", "#", " #", "# x\n", "|", "|\n", "|-\n", "|+\n", "|2\n", "|2-\n",
    ">\n", "&a ", "*a", "!a ", "!!str ", "? ", "%", "---\n", "...\n", "~", "null", "true", "-1", "0", "007", "1.5",
    "0x1", "x", "key: ", "\t", "\r", "\u{85}", "\u{2028}", "\u{feff}", "ü", "<<", "\u{7f}",
];

fn edited(text: &str, edits: &[(Index, usize, &str)]) -> String {
    let mut text = text.to_owned();
    for (at, length, fragment) in edits {
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let at = at.index(places.len());
        let end = (at + length).min(places.len() - 1);
        text.replace_range(places[at]..places[end], fragment);
    }
    text
}

fn any_value() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        4 => vec(select(FRAGMENTS.as_slice()), 0..6).prop_map(|fragments| fragments.concat()),
        1 => ".*",
        2 => "[a-z_]{1,8}",
    ];
    let key = text.clone().prop_filter("a manifest's names are short", |text| text.len() < 200);
    let leaf = prop_oneof![6 => text.prop_map(Value::from), 1 => any::<bool>().prop_map(Value::from), 1 => any::<i64>().prop_map(Value::from), 1 => Just(Value::Null)];
    leaf.prop_recursive(5, 40, 6, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::from),
            btree_map(key.clone(), inner, 0..5).prop_map(Value::from_iter)
        ]
    })
}

proptest! {
    #[test]
    fn an_edited_text_is_read_as_the_library_reads_it(
        edits in vec((any::<Index>(), 0_usize..4, select(FRAGMENTS.as_slice())), 1..4),
    ) {
        is_read(&edited(TYPED, &edits));
    }

    #[test]
    fn any_text_is_read_as_the_library_reads_it(lines in vec(select(FRAGMENTS.as_slice()), 0..24)) {
        is_read(&format!("{}\n", lines.concat()));
    }

    #[test]
    fn a_written_value_is_read_as_the_library_reads_it(
        value in any_value(), edits in vec((any::<Index>(), 0_usize..3, select(FRAGMENTS.as_slice())), 0..2),
    ) {
        is_read(&edited(&to_yaml(&value), &edits));
    }
}

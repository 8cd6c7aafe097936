//! The order in which firebase-tools writes composite indexes and field
//! overrides (its `compareSpecIndex` and `compareFieldOverride`), so that what
//! a project pulls back is what was generated.
//!
//! Its strings are compared with JavaScript's `localeCompare`: the Unicode
//! Collation Algorithm with CLDR's root order. This is that algorithm for
//! what names are made of: ASCII, and letters that are ASCII with a mark.
//! Other letters come behind by their code points, which is the order of the
//! scripts but not always of the letters in them.

use std::cmp::Ordering;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

use super::indexes::{CompositeIndex, FieldOverride, IndexField};

/// `compareSpecIndex`, for indexes of the scope COLLECTION.
pub fn compare_indexes(a: &CompositeIndex<'_>, b: &CompositeIndex<'_>) -> Ordering {
    let field = |a: &IndexField<'_>, b: &IndexField<'_>| {
        compare_text(&a.field_path, &b.field_path).then_with(|| a.mode.cmp(&b.mode))
    };
    let pairs = a.fields.iter().zip(&b.fields).map(|(a, b)| field(a, b));
    let fields = || pairs.fold(Ordering::Equal, Ordering::then).then(a.fields.len().cmp(&b.fields.len()));
    compare_text(a.collection_group, b.collection_group).then_with(fields)
}

/// `compareFieldOverride`, for overrides without a time to live.
pub fn compare_overrides(a: &FieldOverride<'_>, b: &FieldOverride<'_>) -> Ordering {
    let paths = || compare_text(&a.field_path, &b.field_path);
    compare_text(a.collection_group, b.collection_group).then_with(paths)
}

/// `localeCompare`: all letters, then all marks, then all cases. What it
/// calls equal is put in the order of its bytes, so that there is one order.
fn compare_text(a: &str, b: &str) -> Ordering {
    if !a.is_ascii() || !b.is_ascii() {
        return text_key(a).cmp(&text_key(b));
    }
    // No mark is in ASCII, and its control characters say nothing.
    fn said(text: &str) -> impl Iterator<Item = u8> + '_ {
        text.bytes().filter(|byte| ASCII[usize::from(*byte)] > 0)
    }
    let letters = said(a).map(|byte| ASCII[usize::from(byte)]).cmp(said(b).map(|byte| ASCII[usize::from(byte)]));
    let is_upper = |byte: u8| byte.is_ascii_uppercase();
    letters.then_with(|| said(a).map(is_upper).cmp(said(b).map(is_upper))).then_with(|| a.cmp(b))
}

/// The order of the letters of ASCII; 0 is ignored.
static ASCII: LazyLock<[u32; 128]> = LazyLock::new(|| {
    let letter = |byte: usize| {
        let text = u8::try_from(byte).map(char::from).map(String::from).unwrap_or_default();
        weights(&text).first().map_or(0, |weight| weight.letter)
    };
    std::array::from_fn(letter)
});

/// What a text stands by in that order.
fn text_key(text: &str) -> TextKey {
    let weights = weights(text);
    let level = |level: fn(&Weight) -> u32| weights.iter().map(level).filter(|weight| *weight > 0).collect();
    TextKey {
        letters: level(|weight| weight.letter),
        marks: level(|weight| weight.mark),
        cases: level(|weight| weight.case),
        text: text.to_owned(),
    }
}

/// Compared field by field, in this order.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct TextKey {
    letters: Vec<u32>,
    marks: Vec<u32>,
    cases: Vec<u32>,
    text: String,
}

/// A collation element; a weight of 0 is ignored on its level.
struct Weight {
    letter: u32,
    mark: u32,
    case: u32,
}

/// White space and punctuation before digits before letters, as CLDR's root
/// has them.
const PUNCTUATION: &str = "\t\n\u{b}\u{c}\r\u{85}\u{2028}\u{2029} _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$";

fn weights(text: &str) -> Vec<Weight> {
    let mut weights = Vec::with_capacity(text.len());
    for c in text.nfd() {
        match c {
            'ß' => weights.extend([letter('s', 1, 2), letter('s', 1, 2)]),
            'æ' | 'Æ' => weights.extend([letter('a', 1, 2), letter('e', 1, 2)]),
            'œ' | 'Œ' => weights.extend([letter('o', 1, 2), letter('e', 1, 2)]),
            'ø' | 'Ø' => weights.push(letter('o', 2, 1 + u32::from(c == 'Ø'))),
            'đ' | 'Đ' => weights.push(letter('d', 2, 1 + u32::from(c == 'Đ'))),
            'ł' | 'Ł' => weights.push(letter('l', 2, 1 + u32::from(c == 'Ł'))),
            '\u{300}'..='\u{36f}' => weights.push(Weight { letter: 0, mark: u32::from(c), case: 1 }),
            'A'..='Z' => weights.push(letter(c.to_ascii_lowercase(), 1, 2)),
            '\u{a0}' => weights.push(letter(' ', 1, 2)),
            c if PUNCTUATION.contains(c) => weights.push(letter(c, 1, 1)),
            c if c.is_control() || c == '\u{200b}' => {}
            c if c.is_ascii() => weights.push(letter(c, 1, 1)),
            c => {
                let lower = c.to_lowercase().next().unwrap_or(c);
                weights.push(letter(lower, 1, 1 + u32::from(lower != c)));
            }
        }
    }
    weights
}

fn letter(c: char, mark: u32, case: u32) -> Weight {
    let letter = match PUNCTUATION.chars().position(|other| other == c) {
        Some(at) => u32::try_from(at).unwrap_or(0) + 1,
        // Symbols outside ASCII stand between the punctuation and the digits.
        None if !c.is_ascii() && !c.is_alphanumeric() => 0x100 + u32::from(c),
        None => 0x20_0000 + u32::from(c),
    };
    Weight { letter, mark, case }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The expected orders are those that JavaScript's `localeCompare` gave.
    #[test]
    fn compares_as_firebase_tools_does() {
        let mut ascii: Vec<String> = (32u8..127).map(|byte| char::from(byte).to_string()).collect();
        ascii.sort_by(|a, b| compare_text(a, b));
        let expected =
            " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789aAbBcCdDeEfFgGhHiIjJkKlLmMnNoOpPqQrRsStTuUvVwWxXyYzZ";
        assert_eq!(ascii.concat(), expected);
        for (less, greater) in [
            ("a_b", "ab"),
            ("a b", "a_b"),
            ("ab", "aB"),
            ("aB", "abc"),
            ("aB", "Ab"),
            ("e", "é"),
            ("é", "f"),
            ("éa", "eb"),
            ("é", "É"),
            ("ss", "ß"),
            ("ß", "st"),
            ("z", "中"),
            ("z", "я"),
            ("ω", "я"),
            ("æ", "af"),
            ("o", "ø"),
            ("ø", "p"),
            ("d", "đ"),
            ("ł", "m"),
            ("`a b`", "ab"),
            ("😀", "a"),
            ("€", "a"),
            ("order_items", "orders"),
            ("a", "a1"),
            ("a10", "a9"),
            ("\n", " "),
            ("\t", "\n"),
            (" ", "\u{a0}"),
            ("\u{a0}", "_"),
            ("a9", "a\u{1}b"),
        ] {
            assert_eq!(compare_text(less, greater), Ordering::Less, "{less} {greater}");
            assert_eq!(compare_text(greater, less), Ordering::Greater, "{less} {greater}");
        }
        assert_eq!(compare_text("same", "same"), Ordering::Equal);
    }

    #[test]
    fn ascii_stands_as_it_does_among_other_letters() {
        let texts =
            ["", "a", "A", "aB", "Ab", "ab", "a_b", "a\u{1}b", "a\nb", "`a b`", "b", "B1", "b10", "b9", "~", "\u{7f}"];
        for a in texts {
            for b in texts {
                assert_eq!(compare_text(a, b), text_key(a).cmp(&text_key(b)), "{a:?} {b:?}");
            }
        }
    }
}

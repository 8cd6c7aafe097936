//! Rust identifiers from any name.
//!
//! Everything is folded to ASCII by the rule that all targets share. A letter
//! of another script would be a legal identifier, but `mixed_script_confusables`,
//! `confusable_idents` and `uncommon_codepoints` look at a crate as a whole and
//! can be allowed at its root alone, which is not ours: a generated file that
//! keeps `с` or `о` breaks the build of a crate that denies warnings. The true
//! name always stands in the rename attributes and in the SQL.

use std::collections::{BTreeMap, BTreeSet};

use crate::codegen::names;

/// Words that may be written raw: the reference's strict and reserved keywords
/// of every edition to 2024.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Type names that generated code, or what a derive makes of it, writes
/// without a path; a struct of that name would take their place. A single
/// letter may be a type parameter of a derived impl.
const TAKEN_TYPES: &[&str] = &[
    "AsRef",
    "Box",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Display",
    "Drop",
    "Eq",
    "Err",
    "Fn",
    "From",
    "Hash",
    "Into",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Self",
    "Some",
    "String",
    "ToString",
    "Vec",
];

/// Files that are there whatever the schemas are called, and names that
/// Windows gives to devices: no file or folder may have them.
const TAKEN_MODULES: &[&str] = &[
    "aux", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "con", "lpt1", "lpt2", "lpt3",
    "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9", "mod", "nul", "prn", "support",
];

/// A field's identifier: `Größe (cm)` → `groesse_cm`, `type` → `r#type`.
pub(super) fn field(name: &str) -> String {
    keyword(digit(or_spelled(name, names::snake(&names::ascii(name)), names::snake)))
}

/// A type's or variant's identifier: `in-progress` → `InProgress`.
pub(super) fn pascal(name: &str) -> String {
    let ident = digit(or_spelled(name, names::pascal(&names::ascii(name)), names::pascal));
    if ident == "Self" { "Self_".to_owned() } else { ident }
}

/// A variant's identifier; the empty label's is `Empty`.
pub(super) fn variant(label: &str) -> String {
    pascal(label)
}

/// A type's identifier from the name of a table or view, in the singular.
pub(super) fn pascal_singular(name: &str) -> String {
    pascal(&names::singular(&names::snake(&names::ascii(name))))
}

/// The identifiers of a struct's fields, in the order of `names`.
pub(super) fn fields<'n>(names: impl Iterator<Item = &'n str>) -> Vec<String> {
    tell_apart(names, field, |name| keyword(digit(names::snake(&spelled(name)))), marked_words)
}

/// The identifiers of an enum's variants, in the order of `labels`.
pub(super) fn variants<'n>(labels: impl Iterator<Item = &'n str>) -> Vec<String> {
    tell_apart(labels, variant, |label| pascal(&spelled(label)), marked)
}

/// The modules of schemas, by schema.
pub(super) fn modules<'n>(names: impl Iterator<Item = &'n str>) -> BTreeMap<String, String> {
    let names: Vec<&str> = names.collect();
    let plain = |ident: String| {
        let ident = ident.trim_start_matches("r#").to_owned();
        if TAKEN_MODULES.contains(&ident.as_str()) { format!("{ident}_") } else { ident }
    };
    let spelt = |name: &str| plain(names::snake(&spelled(name)));
    let idents = tell_apart(names.iter().copied(), |name| plain(field(name)), spelt, marked_words);
    names.iter().map(|name| (*name).to_owned()).zip(idents).collect()
}

/// The identifiers of types: each key's candidates, best first, with a mark of
/// the key behind the first where none of them is its alone.
pub(super) fn types(wanted: &BTreeMap<String, Vec<String>>) -> BTreeMap<String, String> {
    let taken: BTreeSet<String> =
        TAKEN_TYPES.iter().map(|name| (*name).to_owned()).chain(('A'..='Z').map(String::from)).collect();
    let wanted = wanted
        .iter()
        .map(|(key, candidates)| {
            let mut candidates = candidates.clone();
            let first = candidates.first().cloned().unwrap_or_default();
            candidates.push(marked(key, &first));
            (key.clone(), candidates)
        })
        .collect();
    names::assign(&wanted, &taken, str::to_owned)
}

/// A type's name with a word before it: `_2fa` → `New2fa`.
pub(super) fn prefixed(word: &str, ident: &str) -> String {
    format!("{word}{}", ident.trim_start_matches('_'))
}

/// A type's name with a word behind it: `Self_` → `SelfId`.
pub(super) fn suffixed(ident: &str, word: &str) -> String {
    format!("{}{word}", ident.trim_end_matches('_'))
}

/// The identifier as code writes it: a keyword raw.
pub(super) fn raw(ident: &str) -> String {
    keyword(ident.to_owned())
}

/// The identifier without `r#`: the word that a derive sees.
pub(super) fn unraw(ident: &str) -> &str {
    ident.trim_start_matches("r#")
}

/// Every character that is no ASCII letter, digit or `_` by its code point.
pub(super) fn spelled(name: &str) -> String {
    name.chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '_' { c.to_string() } else { format!("_u{:x}_", u32::from(c)) })
        .collect()
}

/// A mark behind words; `self_` has its `_` already.
fn marked_words(name: &str, stem: &str) -> String {
    format!("{}_{}", unraw(stem).trim_end_matches('_'), names::mark(name, 6))
}

/// A mark without `_`, which has no place inside a type's name.
fn marked(name: &str, stem: &str) -> String {
    format!("{}X{}", stem.trim_end_matches('_'), names::mark(name, 6))
}

/// Each name its own identifier: its first choice, else its second, else one
/// with a mark. A name that is spelled as its identifier keeps it; of the
/// others, those that collide all move on.
fn tell_apart<'n>(
    names: impl Iterator<Item = &'n str>,
    first: impl Fn(&str) -> String,
    second: impl Fn(&str) -> String,
    marked: impl Fn(&str, &str) -> String,
) -> Vec<String> {
    let names: Vec<&str> = names.collect();
    let choices: Vec<String> = names.iter().map(|name| first(name)).collect();
    let mut taken = BTreeSet::new();
    let mut wanted = BTreeMap::new();
    for (name, choice) in names.iter().zip(&choices) {
        if unraw(choice) != *name {
            wanted.insert((*name).to_owned(), vec![choice.clone(), second(name), marked(name, choice)]);
        } else {
            taken.insert(choice.clone());
        }
    }
    let assigned = match wanted.is_empty() {
        true => BTreeMap::new(),
        false => crate::codegen::names::assign(&wanted, &taken, str::to_owned),
    };
    // A manifest that gives a name twice contradicts itself, but what is made
    // of it is still told apart: by how often the name came before.
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    names
        .iter()
        .zip(choices)
        .map(|(name, choice)| {
            let ident = assigned.get(*name).cloned().unwrap_or(choice);
            let before = seen.entry(name).or_default();
            *before += 1;
            if *before == 1 { ident } else { marked(&format!("{name}\0{before}"), &ident) }
        })
        .collect()
}

/// The identifier, or, where nothing is left of the name, its code points.
fn or_spelled(name: &str, ident: String, case: impl Fn(&str) -> String) -> String {
    match (ident.is_empty(), name.is_empty()) {
        (false, _) => ident,
        (true, true) => case("empty"),
        // Underscores alone are spelled too, for nothing else is there.
        (true, false) => case(&name.chars().map(|c| format!("_u{:x}_", u32::from(c))).collect::<String>()),
    }
}

fn digit(ident: String) -> String {
    if ident.starts_with(|c: char| c.is_ascii_digit()) { format!("_{ident}") } else { ident }
}

fn keyword(ident: String) -> String {
    match ident.as_str() {
        // These cannot be raw.
        "self" | "super" | "crate" | "_" => format!("{ident}_"),
        word if KEYWORDS.contains(&word) => format!("r#{word}"),
        _ => ident,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makes_fields_of_any_name() {
        for (name, ident) in [
            ("userId", "user_id"),
            ("type", "r#type"),
            ("gen", "r#gen"),
            ("self", "self_"),
            ("Self", "self_"),
            ("crate", "crate_"),
            ("2fa", "_2fa"),
            ("größe (cm)", "groesse_cm"),
            ("😀", "u1f600"),
            ("a😀b", "a_u1f600_b"),
            ("имя", "u438_u43c_u44f"),
            ("__", "u5f_u5f"),
            ("$", "u24"),
            ("", "empty"),
        ] {
            assert_eq!(field(name), ident, "{name}");
        }
    }

    #[test]
    fn makes_types_of_any_name() {
        for (name, ident) in
            [("order_lines", "OrderLine"), ("self", "Self_"), ("2fa_codes", "_2faCode"), ("People", "Person")]
        {
            assert_eq!(pascal_singular(name), ident, "{name}");
        }
        let one = |name: &str| types(&BTreeMap::from([("k".to_owned(), vec![name.to_owned()])]))["k"].clone();
        assert!(one("String").starts_with("StringX") && one("R").starts_with("RX") && one("User") == "User");
    }

    #[test]
    fn colliding_fields_are_told_apart_whatever_their_order() {
        assert_eq!(fields(["a-b", "a_b", "a b"].into_iter()), ["a_u2d_b", "a_b", "a_u20_b"]);
        assert_eq!(fields(["a b", "a_b", "a-b", "c"].into_iter()), ["a_u20_b", "a_b", "a_u2d_b", "c"]);
        let twice = fields(["x", "x"].into_iter());
        assert_ne!(twice[0], twice[1]);
    }

    #[test]
    fn labels_that_fold_to_one_variant_are_told_apart() {
        let idents = variants(["open", "Open", "in progress", "in-progress", "", "Self", "42"].into_iter());
        assert_eq!(idents[1], "Open");
        assert!(idents[0].starts_with("OpenX"), "{idents:?}");
        assert_eq!(idents[2..], ["InU20Progress", "InU2dProgress", "Empty", "Self_", "_42"]);
    }

    #[test]
    fn a_schema_takes_no_file_that_is_taken() {
        let modules = modules(["support", "aux", "type", "crm", "CRM"].into_iter());
        assert_eq!((&*modules["support"], &*modules["aux"], &*modules["type"]), ("support_", "aux_", "type"));
        assert_eq!(modules["crm"], "crm");
        assert_ne!(modules["CRM"], "crm");
    }
}

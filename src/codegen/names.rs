//! Case conversion, singulars, folding to ASCII, and collision-free naming:
//! the only user of heck.
//!
//! Architecture Invariant: a name depends on its own object and on those that
//! it collides with, never on what else is in the schema or on an order. So
//! adding an unrelated table changes no name.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use heck::{ToLowerCamelCase, ToSnakeCase, ToUpperCamelCase};
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

/// `customer_order` → `CustomerOrder`.
pub fn pascal(text: &str) -> String {
    if is_snake(text) { joined(text, true) } else { text.to_upper_camel_case() }
}

/// `customer_order` → `customerOrder`.
pub fn camel(text: &str) -> String {
    if is_snake(text) { joined(text, false) } else { text.to_lower_camel_case() }
}

/// `CustomerOrder` → `customer_order`.
pub fn snake(text: &str) -> String {
    if is_snake(text) { text.to_owned() } else { text.to_snake_case() }
}

/// Whether a text is what most names are, lower-case words of ASCII with a `_`
/// between them: heck looks for words letter by letter, which takes it longer
/// than all else that is done with a name.
fn is_snake(text: &str) -> bool {
    let mut before = b'_';
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' => {}
            b'_' if before != b'_' => {}
            _ => return false,
        }
        before = byte;
    }
    before != b'_'
}

/// The words of a text that [`is_snake`], each with a capital, but for the
/// first where `capital` says no.
fn joined(text: &str, mut capital: bool) -> String {
    let mut joined = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '_' => capital = true,
            c => {
                joined.push(if capital { c.to_ascii_uppercase() } else { c });
                capital = false;
            }
        }
    }
    joined
}

/// The text in ASCII letters, digits and `_`, by one rule: German and Nordic
/// letters as they are spelt without them (ö → oe, ß → ss, ø → oe, å → aa),
/// other accents dropped, what is then not ASCII spelt as its code point
/// (`u4e2d`), and everything else a `_`.
pub fn ascii(text: &str) -> String {
    if text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        return text.to_owned();
    }
    let mut folded = String::with_capacity(text.len());
    for c in text.nfc() {
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '_' => folded.push(c),
            'ä' | 'æ' => folded.push_str("ae"),
            'ö' | 'ø' | 'œ' => folded.push_str("oe"),
            'ü' => folded.push_str("ue"),
            'Ä' | 'Æ' => folded.push_str("Ae"),
            'Ö' | 'Ø' | 'Œ' => folded.push_str("Oe"),
            'Ü' => folded.push_str("Ue"),
            'ß' => folded.push_str("ss"),
            'å' => folded.push_str("aa"),
            'Å' => folded.push_str("Aa"),
            'ł' => folded.push('l'),
            'Ł' => folded.push('L'),
            'đ' | 'ð' => folded.push('d'),
            'Đ' | 'Ð' => folded.push('D'),
            'þ' => folded.push_str("th"),
            'Þ' => folded.push_str("Th"),
            c if c.is_ascii() => folded.push('_'),
            c => {
                let mut base = std::iter::once(c).nfkd().filter(char::is_ascii_alphanumeric).peekable();
                if base.peek().is_some() {
                    folded.extend(base);
                } else if c.is_alphanumeric() || !c.is_whitespace() && !is_separator(c) {
                    folded.push_str(&format!("_u{:x}_", u32::from(c)));
                } else {
                    folded.push('_');
                }
            }
        }
    }
    folded
}

/// Punctuation and spaces outside ASCII, which part words as `-` does.
fn is_separator(c: char) -> bool {
    matches!(c, '\u{00a0}' | '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{303f}')
}

/// The singular of an English plural, by the common endings and exceptions.
/// Only the last word of a name is looked at: `order_lines` → `order_line`.
/// What is no plural comes back as it is.
pub fn singular(text: &str) -> String {
    let start = text
        .rfind(|c: char| !c.is_alphanumeric())
        .map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    let camel_start = text[start..].rfind(|c: char| c.is_ascii_uppercase()).map_or(start, |at| start + at);
    let (head, word) = text.split_at(camel_start);
    let lower = word.to_ascii_lowercase();
    let keep_case = |replacement: &str| {
        let upper = word.chars().next().is_some_and(char::is_uppercase);
        let mut letters = replacement.chars();
        match letters.next() {
            Some(first) if upper => first.to_uppercase().chain(letters).collect(),
            _ => replacement.to_owned(),
        }
    };
    let drop = |count: usize, add: &str| format!("{}{add}", &word[..word.len() - count]);
    const SAME: [&str; 23] = [
        "series",
        "species",
        "news",
        "data",
        "media",
        "status",
        "address",
        "process",
        "access",
        "business",
        "analysis",
        "basis",
        "bus",
        "gas",
        "lens",
        "campus",
        "virus",
        "bonus",
        "census",
        "corpus",
        "chaos",
        "canvas",
        "analytics",
    ];
    const IRREGULAR: [(&str, &str); 15] = [
        ("people", "person"),
        ("children", "child"),
        ("men", "man"),
        ("women", "woman"),
        ("mice", "mouse"),
        ("indices", "index"),
        ("vertices", "vertex"),
        ("matrices", "matrix"),
        ("criteria", "criterion"),
        ("phenomena", "phenomenon"),
        ("analyses", "analysis"),
        ("bases", "base"),
        ("movies", "movie"),
        ("cookies", "cookie"),
        ("caches", "cache"),
    ];
    let word = if SAME.contains(&lower.as_str()) || !word.is_ascii() {
        word.to_owned()
    } else if let Some((_, one)) = IRREGULAR.iter().find(|(many, _)| *many == lower) {
        keep_case(one)
    } else if lower.len() > 4 && lower.ends_with("ies") {
        drop(3, "y")
    } else if ["sses", "shes", "ches", "xes", "zzes", "tuses", "buses", "ruses", "nuses"]
        .iter()
        .any(|ending| lower.ends_with(ending))
    {
        drop(2, "")
    } else if lower.len() > 2
        && lower.ends_with('s')
        && !["ss", "us", "is"].iter().any(|ending| lower.ends_with(ending))
    {
        drop(1, "")
    } else {
        word.to_owned()
    };
    format!("{head}{word}")
}

/// The `candidates`' nearest to a misspelt name, where one is near enough to
/// be meant.
pub fn nearest(wanted: &str, candidates: impl Iterator<Item = String>) -> Option<String> {
    let wanted_lower = wanted.to_lowercase();
    candidates
        .map(|candidate| (strsim::damerau_levenshtein(&wanted_lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= (candidate.chars().count().max(3) / 3))
        .min()
        .map(|(_, candidate)| candidate)
}

/// A short, stable mark of an object's true identity: the first `digits`
/// hexadecimal digits of its SHA-256.
pub fn mark(identity: &str, digits: usize) -> String {
    hex(&Sha256::digest(identity.as_bytes())).chars().take(digits).collect()
}

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

/// Gives each key a name of its own.
///
/// `wanted` maps each key (an object's true identity) to its candidates, best
/// first. A key takes its first candidate that no other key wants at the same
/// place and that `taken` does not hold; objects that collide all move on to
/// their next one; after the last they get it with a mark of their identity
/// behind it (`name_1f3a9c`). `fold` maps names to what must differ (such as
/// lower case where the target compares so).
pub fn assign(
    wanted: &BTreeMap<String, Vec<String>>,
    taken: &BTreeSet<String>,
    fold: impl Fn(&str) -> String,
) -> BTreeMap<String, String> {
    let mut names: Vec<Option<String>> = vec![None; wanted.len()];
    let mut used: HashSet<String> = taken.iter().map(|name| fold(name)).collect();
    let mut open: Vec<(usize, &String, &[String])> =
        wanted.iter().enumerate().map(|(at, (key, candidates))| (at, key, candidates.as_slice())).collect();
    let deepest = wanted.values().map(Vec::len).max().unwrap_or(0);
    for round in 0..deepest {
        let candidate = |candidates: &[String]| candidates.get(round).map(|candidate| fold(candidate));
        let claimed: Vec<Option<String>> = open.iter().map(|(_, _, candidates)| candidate(candidates)).collect();
        let mut claims: HashMap<&str, usize> = HashMap::with_capacity(open.len());
        claimed.iter().flatten().for_each(|folded| *claims.entry(folded).or_default() += 1);
        let is_free = |folded: &&String| claims[folded.as_str()] == 1 && !used.contains(*folded);
        let won: Vec<bool> = claimed.iter().map(|folded| folded.as_ref().filter(is_free).is_some()).collect();
        let mut left = Vec::new();
        for ((claim, folded), won) in open.into_iter().zip(claimed).zip(won) {
            match folded {
                Some(folded) if won => {
                    names[claim.0] = Some(claim.2[round].clone());
                    used.insert(folded);
                }
                _ => left.push(claim),
            }
        }
        open = left;
        if open.is_empty() {
            break;
        }
    }
    for (at, key, candidates) in open {
        // Two underscores in a row are reserved in GraphQL.
        let stem = candidates.last().map_or("", String::as_str).trim_end_matches('_');
        let marked =
            (6..=64).map(|digits| format!("{stem}_{}", mark(key, digits))).find(|name| !used.contains(&fold(name)));
        let name = marked.unwrap_or_else(|| format!("{stem}_{}", mark(key, 64)));
        used.insert(fold(&name));
        names[at] = Some(name);
    }
    wanted.keys().cloned().zip(names.into_iter().flatten()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_to_ascii_by_one_rule() {
        assert_eq!(ascii("größe"), "groesse");
        assert_eq!(ascii("café au-lait"), "cafe_au_lait");
        assert_eq!(ascii("中"), "_u4e2d_");
        assert_eq!(ascii("a\u{0308}"), "ae");
    }

    #[test]
    fn usual_names_become_what_heck_makes_of_them() {
        let letters = ["a", "z", "_", "0", "9", "bc", "A", "-", "é"];
        for at in 0..letters.len().pow(5) {
            let name: String = (0..5).map(|n| letters[at / letters.len().pow(n) % letters.len()]).collect();
            assert_eq!(snake(&name), name.to_snake_case(), "{name}");
            assert_eq!(pascal(&name), name.to_upper_camel_case(), "{name}");
            assert_eq!(camel(&name), name.to_lower_camel_case(), "{name}");
        }
        assert_eq!((snake(""), pascal(""), hex(&[0, 0x1f, 0xa0])), (String::new(), String::new(), "001fa0".to_owned()));
    }

    #[test]
    fn makes_singulars() {
        for (many, one) in [
            ("contacts", "contact"),
            ("companies", "company"),
            ("addresses", "address"),
            ("order_lines", "order_line"),
            ("people", "person"),
            ("status", "status"),
            ("statuses", "status"),
            ("boxes", "box"),
            ("OrderLines", "OrderLine"),
            ("news", "news"),
            ("analysis", "analysis"),
            ("s", "s"),
            ("", ""),
            ("größen", "größen"),
            ("caches", "cache"),
            ("branches", "branch"),
            ("snapshots", "snapshot"),
            ("analytics", "analytics"),
        ] {
            assert_eq!(singular(many), one, "{many}");
        }
    }

    #[test]
    fn colliding_names_do_not_depend_on_the_rest() {
        let wanted = |keys: &[(&str, &[&str])]| {
            keys.iter()
                .map(|(key, names)| (key.to_string(), names.iter().map(|name| name.to_string()).collect()))
                .collect()
        };
        let two = wanted(&[("a.users", &["User", "AUser"]), ("b.users", &["User", "BUser"])]);
        let names = assign(&two, &BTreeSet::new(), str::to_owned);
        assert_eq!(names["a.users"], "AUser");
        assert_eq!(names["b.users"], "BUser");
        let mut three = two.clone();
        three.insert("c.orders".into(), vec!["Order".into()]);
        let more = assign(&three, &BTreeSet::new(), str::to_owned);
        assert_eq!(more["a.users"], names["a.users"]);
        let same = wanted(&[("x", &["N"]), ("y", &["N"])]);
        let names = assign(&same, &BTreeSet::new(), str::to_owned);
        assert_ne!(names["x"], names["y"]);
    }
}

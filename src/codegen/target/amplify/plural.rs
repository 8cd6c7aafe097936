//! The plural that Amplify gives a model's name in `listXs`, in its default
//! `queryField` and nowhere else.
//!
//! The transformer takes it from the npm package `pluralize` 8 (MIT); the
//! endings and words below are that package's rules, in the order in which it
//! tries them, because another plural would be another operation's name.

use std::collections::HashSet;
use std::sync::LazyLock;

/// `OrderLine` → `OrderLines`, `Person` → `People`, `Media` → `Media`.
pub fn plural(word: &str) -> String {
    let lower = word.to_lowercase();
    if IRREGULAR.iter().any(|(_, many)| *many == lower) {
        return word_like(word, &lower);
    }
    if let Some((_, many)) = IRREGULAR.iter().find(|(one, _)| *one == lower) {
        return word_like(word, many);
    }
    if lower.is_empty() || UNCOUNTABLE.contains(&*lower) {
        return word.to_owned();
    }
    let Some((start, ending)) = replacement(&lower) else { return word.to_owned() };
    let matched = &word[start..];
    let model = if matched.is_empty() {
        let last = word.char_indices().last().map_or(0, |(at, _)| at);
        &word[last..]
    } else {
        matched
    };
    format!("{}{}", &word[..start], word_like(model, &ending))
}

/// The text with its letters' case as the model has them.
fn word_like(model: &str, text: &str) -> String {
    let first_upper = model.chars().next().is_some_and(|c| c.is_uppercase() || !c.is_lowercase());
    if model == text {
        text.to_owned()
    } else if model == model.to_lowercase() {
        text.to_lowercase()
    } else if model == model.to_uppercase() {
        text.to_uppercase()
    } else if first_upper {
        let mut letters = text.chars();
        let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
        format!("{first}{}", letters.as_str().to_lowercase())
    } else {
        text.to_lowercase()
    }
}

/// Where the ending of a lower-case word begins that a rule replaces, and by
/// what; `None` where the word stays as it is.
fn replacement(word: &str) -> Option<(usize, String)> {
    if UNCHANGED.iter().any(|ending| word.ends_with(ending)) || ends_consonant_ese(word) {
        return None;
    }
    if word == "thou" {
        return Some((0, "you".into()));
    }
    // (heads, tails, what the head is followed by in the plural)
    if let Some(found) = swap(word, &["m"], &["an", "en"], "en") {
        return Some(found);
    }
    if word.ends_with("eaux") {
        return None;
    }
    for (heads, tails, ending) in LATER {
        if let Some(found) = swap(word, heads, tails, ending) {
            return Some(found);
        }
    }
    if let "mice" | "mouse" | "titmice" | "titmouse" | "lice" | "louse" = word {
        let stem = word.trim_end_matches("ouse").trim_end_matches("ice");
        return Some((0, format!("{stem}ice")));
    }
    for (heads, tails, ending) in MIDDLE {
        if let Some(found) = swap(word, heads, tails, ending) {
            return Some(found);
        }
    }
    let before = |count: usize| word.chars().rev().nth(count);
    let from = |count: usize| word.char_indices().rev().nth(count - 1).map_or(0, |(at, _)| at);
    if word.ends_with("ey")
        && before(2).is_some_and(|c| "ln".contains(c))
        && before(3).is_some_and(|c| "ieo".contains(c))
        && before(4).is_some_and(|c| !"ch".contains(c))
    {
        return Some((from(5), format!("{}ies", &word[from(5)..word.len() - 2])));
    }
    if word.ends_with("quy") {
        return Some((word.len() - 3, "quies".into()));
    }
    if word.ends_with('y') && before(1).is_some_and(|c| !"aeiouy".contains(c)) {
        return Some((from(2), format!("{}ies", &word[from(2)..word.len() - 1])));
    }
    for (heads, tails, ending) in EARLIER {
        if let Some(found) = swap(word, heads, tails, ending) {
            return Some(found);
        }
    }
    let ends = |kinds: &[&str]| ends_by_class(word, kinds);
    if ["seraph", "cherub"].iter().any(|head| word.ends_with(head)) {
        return Some((word.len(), "im".into()));
    }
    if (ends(&["!l", "=ias"])) || ends(&["aeiou", "=las"]) || ends(&["ejzr", "=as"]) || ends(&["iu", "=am"]) {
        return None;
    }
    if ends(&["=e", "mn", "=us"]) {
        return None;
    }
    if ends(&["=e", "mn", "=u"]) {
        return Some((from(3), format!("{}s", &word[from(3)..])));
    }
    if let Some(at) = sibilant(word) {
        return Some((at, format!("{}es", &word[at..])));
    }
    for head in ["ax", "test"] {
        if let Some(stem) = word.strip_suffix("is").filter(|stem| stem.ends_with(head)) {
            return Some((stem.len() - head.len(), format!("{head}es")));
        }
    }
    if word.chars().next_back().is_some_and(|c| !c.is_ascii()) || word.ends_with('s') {
        return None;
    }
    Some((word.len(), "s".into()))
}

/// Where one of the heads, followed by one of the tails, ends the word: the
/// head with its new ending.
fn swap(word: &str, heads: &[&str], tails: &[&str], ending: &str) -> Option<(usize, String)> {
    let mut found: Option<(usize, String)> = None;
    for tail in tails {
        let Some(stem) = word.strip_suffix(tail) else { continue };
        for head in heads.iter().filter(|head| stem.ends_with(**head)) {
            let start = stem.len() - head.len();
            if found.as_ref().is_none_or(|(at, _)| start < *at) {
                found = Some((start, format!("{head}{ending}")));
            }
        }
    }
    found
}

/// Whether the word ends in these: `=text` is the text itself, `!abc` a letter
/// that is none of these, `abc` one of these.
fn ends_by_class(word: &str, kinds: &[&str]) -> bool {
    let mut rest = word;
    for kind in kinds.iter().rev() {
        if let Some(text) = kind.strip_prefix('=') {
            let Some(stem) = rest.strip_suffix(text) else { return false };
            rest = stem;
        } else {
            let Some(last) = rest.chars().next_back() else { return false };
            let inside = match kind.strip_prefix('!') {
                Some(letters) => !letters.contains(last),
                None => kind.contains(last),
            };
            if !inside {
                return false;
            }
            rest = &rest[..rest.len() - last.len_utf8()];
        }
    }
    true
}

fn ends_consonant_ese(word: &str) -> bool {
    ends_by_class(word, &["!aeiou", "=ese"])
}

/// Where the ending of `alias`, `…us`, `atlas`, `gas` or `iris` begins.
fn sibilant(word: &str) -> Option<usize> {
    for ending in ["alias", "tlas", "tmas", "gas", "ris"] {
        if word.ends_with(ending) {
            return Some(word.len() - ending.len());
        }
    }
    if ends_by_class(word, &["!aou", "=us"]) {
        let stem = &word[..word.len() - 2];
        return stem.char_indices().next_back().map(|(at, _)| at);
    }
    None
}

type Rule = (&'static [&'static str], &'static [&'static str], &'static str);

/// Endings that are their own plural, besides a consonant and `ese`.
const UNCHANGED: [&str; 9] = ["sheep", "pox", "ois", "ous", "measles", "fish", "deer", "pokemon", "pokémon"];

/// Tried after `…man`.
const LATER: [Rule; 2] = [(&["child"], &["ren", ""], "ren"), (&["pe"], &["rson", "ople"], "ople")];

/// Tried after the mice.
const MIDDLE: [Rule; 2] = [
    (&["matr", "cod", "mur", "sil", "vert", "ind", "append"], &["ix", "ex"], "ices"),
    (&["x", "ch", "ss", "sh", "zz"], &[""], "es"),
];

/// Tried after the words in `y`.
const EARLIER: [Rule; 9] = [
    (&["kni", "wi", "li"], &["fe"], "ves"),
    (&["ar", "l", "ea", "eo", "oa", "hoo"], &["f"], "ves"),
    (&["s"], &["is"], "es"),
    (
        &[
            "apheli",
            "hyperbat",
            "periheli",
            "asyndet",
            "noumen",
            "phenomen",
            "criteri",
            "organ",
            "prolegomen",
            "hedr",
            "automat",
        ],
        &["a", "on"],
        "a",
    ),
    (
        &[
            "agend",
            "addend",
            "millenni",
            "dat",
            "extrem",
            "bacteri",
            "desiderat",
            "strat",
            "candelabr",
            "errat",
            "ov",
            "symposi",
            "curricul",
            "automat",
            "quor",
        ],
        &["a", "um"],
        "a",
    ),
    (&["her", "at", "gr"], &["o"], "oes"),
    (&["seraph", "cherub"], &["im"], "im"),
    (&["alumn", "alg", "vertebr"], &["a", "ae"], "ae"),
    (
        &[
            "alumn", "syllab", "vir", "radi", "nucle", "fung", "cact", "stimul", "termin", "bacill", "foc", "uter",
            "loc", "strat",
        ],
        &["us", "i"],
        "i",
    ),
];

const IRREGULAR: [(&str, &str); 45] = [
    ("i", "we"),
    ("me", "us"),
    ("he", "they"),
    ("she", "they"),
    ("them", "them"),
    ("myself", "ourselves"),
    ("yourself", "yourselves"),
    ("itself", "themselves"),
    ("herself", "themselves"),
    ("himself", "themselves"),
    ("themself", "themselves"),
    ("is", "are"),
    ("was", "were"),
    ("has", "have"),
    ("this", "these"),
    ("that", "those"),
    ("echo", "echoes"),
    ("dingo", "dingoes"),
    ("volcano", "volcanoes"),
    ("tornado", "tornadoes"),
    ("torpedo", "torpedoes"),
    ("genus", "genera"),
    ("viscus", "viscera"),
    ("stigma", "stigmata"),
    ("stoma", "stomata"),
    ("dogma", "dogmata"),
    ("lemma", "lemmata"),
    ("schema", "schemata"),
    ("anathema", "anathemata"),
    ("ox", "oxen"),
    ("axe", "axes"),
    ("die", "dice"),
    ("yes", "yeses"),
    ("foot", "feet"),
    ("eave", "eaves"),
    ("goose", "geese"),
    ("tooth", "teeth"),
    ("quiz", "quizzes"),
    ("human", "humans"),
    ("proof", "proofs"),
    ("carve", "carves"),
    ("valve", "valves"),
    ("looey", "looies"),
    ("thief", "thieves"),
    ("passerby", "passersby"),
];

/// Words that are their own plural.
static UNCOUNTABLE: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "adulthood advice agenda aid aircraft alcohol ammo analytics anime athletics audio bison blood bream \
        buffalo butter carp cash chassis chess clothing cod commerce cooperation corps debris diabetes \
        digestion elk energy equipment excretion expertise firmware flounder fun gallows garbage graffiti \
        hardware headquarters health herpes highjinks homework housework information jeans justice kudos \
        labour literature machinery mackerel mail media mews moose music mud manga news only personnel pike \
        plankton pliers police pollution premises rain research rice salmon scissors series sewage shambles \
        shrimp software species staff swine tennis traffic transportation trout tuna wealth welfare whiting \
        wildebeest wildlife you"
        .split(' ')
        .collect()
});

#[cfg(test)]
mod tests {
    use super::plural;

    #[test]
    fn agrees_with_the_transformer() {
        for (one, many) in [
            ("Contact", "Contacts"),
            ("OrderLine", "OrderLines"),
            ("Category", "Categories"),
            ("Person", "People"),
            ("People", "People"),
            ("Status", "Statuses"),
            ("Address", "Addresses"),
            ("Media", "Media"),
            ("AuditNews", "AuditNews"),
            ("News", "News"),
            ("MyX", "MyXES"),
            ("Analysis", "Analyses"),
            ("Schema", "Schemata"),
            ("DbSchema", "DbSchemas"),
            ("Index", "Indices"),
            ("Child", "Children"),
            ("Woman", "Women"),
            ("Knife", "Knives"),
            ("Data", "Data"),
            ("Journey", "Journeys"),
            ("Key", "Keys"),
            ("Money", "Monies"),
            ("Hero", "Heroes"),
            ("Virus", "Viri"),
            ("Iris", "Irises"),
            ("_2fa", "_2fas"),
            ("Table1", "Table1s"),
        ] {
            assert_eq!(plural(one), many, "{one}");
        }
    }
}

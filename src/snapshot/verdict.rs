//! For whom a difference is breaking, as far as two definitions' texts tell.
//!
//! What they tell: that an object or a column came or went, that a column's
//! type, nullability or default is another, that a constraint or an enum's
//! label came or went, that a routine returns something else. What they do not:
//! whether a view still has the columns it had, whether a body still does what
//! it did, who may read after a policy changed, and whether a column that went
//! and one that came are one that was renamed. That is "undecided", and never
//! counted as compatible.

use serde::Serialize;

use super::definition::{self, ColumnText, TableText};
use crate::diff::{TypeChange, type_change};

/// Who relies on the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Documents by FIRESTORE_SCHEMA.json.
    Firestore,
    /// The GraphQL API.
    Amplify,
    /// Programs that are compiled with the models.
    Models,
    /// Links to the inventory's anchors.
    Inventory,
    /// Whoever asks the database itself.
    Database,
}

use Audience::{Amplify, Database, Firestore, Inventory, Models};

impl Audience {
    pub const ALL: [Self; 5] = [Firestore, Amplify, Models, Inventory, Database];

    pub fn word(self) -> &'static str {
        match self {
            Firestore => "firestore",
            Amplify => "amplify",
            Models => "models",
            Inventory => "inventory",
            Database => "database",
        }
    }
}

/// What an effect means for an audience. The worst comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Something that worked may fail.
    Breaking,
    /// The texts do not tell.
    Undecided,
    /// What worked goes on working.
    Compatible,
}

impl Verdict {
    pub fn word(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Undecided => "undecided",
            Self::Compatible => "compatible",
        }
    }
}

/// One thing that a difference does.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Effect {
    pub verdict: Verdict,
    /// For whom. Empty where it is compatible: for everybody.
    pub audiences: Vec<Audience>,
    pub text: String,
}

const EVERYBODY: &[Audience] = &Audience::ALL;
/// Those that hold rows of their own or give and take them.
const ROWS: &[Audience] = &[Firestore, Amplify, Models, Database];
/// Those with a name for it.
const NAMES: &[Audience] = &[Inventory, Database];

fn breaking(audiences: &[Audience], text: impl Into<String>) -> Effect {
    Effect { verdict: Verdict::Breaking, audiences: audiences.to_vec(), text: text.into() }
}

fn undecided(audiences: &[Audience], text: impl Into<String>) -> Effect {
    Effect { verdict: Verdict::Undecided, audiences: audiences.to_vec(), text: text.into() }
}

fn compatible(text: impl Into<String>) -> Effect {
    Effect { verdict: Verdict::Compatible, audiences: Vec::new(), text: text.into() }
}

/// The effects of an object that came, went or changed.
pub fn judge(kind: &str, from: Option<&str>, to: Option<&str>) -> Vec<Effect> {
    match (from, to) {
        (Some(from), Some(to)) => changed(kind, from, to),
        (None, Some(to)) => added(kind, to),
        (Some(from), None) => removed(kind, from),
        (None, None) => Vec::new(),
    }
}

fn added(kind: &str, to: &str) -> Vec<Effect> {
    match kind {
        "index" if is_unique(to) => vec![breaking(&[Database], "refuses rows that were taken before")],
        "trigger" | "rule" => vec![undecided(&[Database], "runs when rows are written; what it does is not told")],
        "policy" => vec![undecided(&[Amplify, Database], "who may read or write is another")],
        _ => Vec::new(),
    }
}

fn removed(kind: &str, from: &str) -> Vec<Effect> {
    match kind {
        "table" | "foreign_table" | "view" | "materialized_view" | "type" => {
            vec![breaking(EVERYBODY, "whoever names it finds nothing")]
        }
        "function" | "procedure" | "aggregate" => vec![breaking(NAMES, "whoever calls it finds nothing")],
        "schema" | "sequence" => vec![breaking(&[Database], "whoever names it finds nothing")],
        "edge_function" => vec![breaking(&[Database], "whoever calls it finds nothing")],
        "extension" => vec![undecided(&[Database], "who uses what it brought is not told")],
        "trigger" | "rule" => vec![undecided(&[Database], "no longer runs when rows are written")],
        "policy" => vec![undecided(&[Amplify, Database], "who may read or write is another")],
        "index" if is_unique(from) => vec![compatible("takes rows that were refused before")],
        "index" => vec![undecided(&[Firestore], "a composite index of Firestore may go with it")],
        _ => Vec::new(),
    }
}

fn changed(kind: &str, from: &str, to: &str) -> Vec<Effect> {
    match kind {
        "table" | "foreign_table" => tables(&definition::table(from), &definition::table(to)),
        "type" => vec![types(from, to)],
        "view" | "materialized_view" => {
            vec![undecided(ROWS, "its query changed; whether its columns did is not told")]
        }
        "function" | "procedure" | "aggregate" => vec![routine(kind, from, to)],
        "policy" => vec![undecided(&[Amplify, Database], "who may read or write is another")],
        "trigger" | "rule" => vec![undecided(&[Database], "what it does when rows are written is not told")],
        "extension" => vec![undecided(&[Database], "what its other version does is not told")],
        "index" if is_unique(to) && !is_unique(from) => {
            vec![breaking(&[Database], "refuses rows that were taken before")]
        }
        "index" => vec![undecided(&[Firestore, Database], "what it covers is another")],
        "sequence" => vec![compatible("its numbers are others")],
        _ => vec![undecided(EVERYBODY, "how it changed is not told")],
    }
}

fn is_unique(index: &str) -> bool {
    index.starts_with("CREATE UNIQUE ")
}

fn routine(kind: &str, from: &str, to: &str) -> Effect {
    if kind != "aggregate" && definition::returns(from) != definition::returns(to) {
        let text = |definition| definition::returns(definition).unwrap_or("nothing");
        return breaking(&[Database], format!("returns {}, not {}", text(to), text(from)));
    }
    undecided(&[Database], "its body or options changed; whether it does the same is not told")
}

fn types(from: &str, to: &str) -> Effect {
    let (Some(from), Some(to)) = (definition::labels(from), definition::labels(to)) else {
        return undecided(ROWS, "what its values may be is another");
    };
    let gone: Vec<&str> = from.iter().copied().filter(|label| !to.contains(label)).collect();
    if !gone.is_empty() {
        return breaking(ROWS, format!("the label {} is gone", gone.join(", ")));
    }
    let new: Vec<&str> = to.iter().copied().filter(|label| !from.contains(label)).collect();
    match new.is_empty() {
        true => undecided(&[Database], "its labels sort otherwise"),
        // A `match` over all variants, and a reader of an older build.
        false => breaking(&[Models], format!("the label {} is new, which older builds do not know", new.join(", "))),
    }
}

fn tables(from: &TableText<'_>, to: &TableText<'_>) -> Vec<Effect> {
    let mut effects = Vec::new();
    for old in &from.columns {
        match to.columns.iter().find(|new| new.name == old.name) {
            None => effects.push(breaking(EVERYBODY, format!("the column {} is gone", old.name))),
            Some(new) => column(old, new, &mut effects),
        }
    }
    for new in to.columns.iter().filter(|new| !from.columns.iter().any(|old| old.name == new.name)) {
        effects.push(match new.is_required() {
            true => breaking(ROWS, format!("the column {} is new, and whoever writes must give it", new.name)),
            false => compatible(format!("the column {} is new", new.name)),
        });
    }
    for line in from.others.iter().filter(|line| !to.others.contains(line)) {
        effects.push(line_gone(line, &to.others));
    }
    for line in to.others.iter().filter(|line| !from.others.contains(line)) {
        effects.push(line_new(line));
    }
    if effects.is_empty() {
        effects.push(compatible("its columns stand in another order"));
    }
    effects
}

fn column(old: &ColumnText<'_>, new: &ColumnText<'_>, effects: &mut Vec<Effect>) {
    let name = old.name;
    if old.data_type != new.data_type {
        let text = format!("the column {name} is {}, not {}", new.data_type, old.data_type);
        match type_change(old.data_type, new.data_type) {
            TypeChange::InPlace => effects.push(compatible(text)),
            // Every value has its place, but a reader has another type for it.
            TypeChange::Rewritten => {
                effects.push(breaking(&[Amplify, Models], text.clone()));
                effects.push(undecided(&[Firestore, Database], text));
            }
            TypeChange::Converted => effects.push(breaking(ROWS, text)),
        }
    }
    match (old.not_null, new.not_null) {
        (false, true) => effects.push(breaking(ROWS, format!("the column {name} may not be null any more"))),
        (true, false) => {
            effects.push(breaking(&[Firestore, Amplify, Models], format!("the column {name} may be null now")));
        }
        _ => {}
    }
    if old.generated != new.generated {
        effects.push(breaking(&[Models, Database], format!("the column {name} gets its value otherwise")));
    } else if old.default != new.default {
        let text = |what: &str| format!("the column {name} {what}");
        effects.push(match (old.default, new.default) {
            (Some(_), None) if new.not_null => breaking(ROWS, text("has no default any more, and must be given")),
            // `NewUser` has an Option where there is a default.
            (None, Some(_)) if old.not_null => breaking(&[Models], text("has a default, so new rows may leave it out")),
            (Some(_), None) => undecided(&[Database], text("has no default any more")),
            (None, Some(_)) => compatible(text("has a default")),
            _ => undecided(&[Database], text("has another default")),
        });
    }
    if old.collation != new.collation {
        effects.push(undecided(&[Database], format!("the column {name} sorts otherwise")));
    }
}

/// What stands behind a constraint's name, and the name.
fn constraint(line: &str) -> Option<(&str, &str)> {
    let rest = line.strip_prefix("CONSTRAINT ")?;
    let kinds = ["PRIMARY KEY", "FOREIGN KEY", "UNIQUE", "CHECK", "EXCLUDE"];
    let at = kinds.iter().filter_map(|kind| rest.find(&format!(" {kind}"))).min()?;
    Some((&rest[..at], &rest[at + 1..]))
}

fn line_gone(line: &str, new: &[&str]) -> Effect {
    match constraint(line) {
        // It is told with the line that is new.
        Some((name, text)) if text.starts_with("PRIMARY KEY") => {
            breaking(&[Firestore, Amplify, Models], format!("the primary key {name} is not {text} any more"))
        }
        Some((name, text)) if text.starts_with("FOREIGN KEY") => {
            breaking(&[Amplify], format!("the foreign key {name} is not {text} any more"))
        }
        Some((name, _)) if new.iter().filter_map(|line| constraint(line)).any(|(other, _)| other == name) => {
            compatible(format!("the constraint {name} is another"))
        }
        Some((name, _)) => compatible(format!("the constraint {name} is gone")),
        None => other_line(line, "not"),
    }
}

fn line_new(line: &str) -> Effect {
    match constraint(line) {
        Some((name, text)) if text.starts_with("PRIMARY KEY") => {
            breaking(&[Firestore, Amplify, Models, Database], format!("the primary key {name} is {text}"))
        }
        Some((name, text)) => breaking(&[Database], format!("{name} refuses rows that were taken before: {text}")),
        None => other_line(line, "now"),
    }
}

fn other_line(line: &str, word: &str) -> Effect {
    if line.starts_with("ROW LEVEL SECURITY") {
        return undecided(&[Amplify, Database], format!("{word} {line}: who may read or write is another"));
    }
    let is_storage = ["PARTITION ", "WITH ", "UNLOGGED", "INHERITED BY "].iter().any(|start| line.starts_with(start));
    if is_storage { compatible(format!("{word} {line}")) } else { undecided(&[Database], format!("{word} {line}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `verdict audience…` of each effect.
    fn told(kind: &str, from: Option<&str>, to: Option<&str>) -> Vec<String> {
        let words = |effect: &Effect| {
            let audiences: Vec<&str> = effect.audiences.iter().map(|audience| audience.word()).collect();
            [&[effect.verdict.word()], audiences.as_slice()].concat().join(" ")
        };
        judge(kind, from, to).iter().map(words).collect()
    }

    const ALL: &str = "breaking firestore amplify models inventory database";
    const ROWS: &str = "breaking firestore amplify models database";

    #[test]
    fn a_change_of_a_table_is_as_bad_as_what_it_does_to_a_column_or_constraint() {
        for (from, to, expected) in [
            ("a text", "b text", &[ALL, "compatible"][..]),
            ("a text", "a text NOT NULL", &[ROWS]),
            ("a text NOT NULL", "a text", &["breaking firestore amplify models"]),
            ("a integer", "a bigint", &["breaking amplify models", "undecided firestore database"]),
            ("a bigint", "a integer", &[ROWS]),
            ("a character varying(10)", "a text", &["compatible"]),
            ("a text DEFAULT 'x' NOT NULL", "a text NOT NULL", &[ROWS]),
            ("a text NOT NULL", "a text DEFAULT 'x' NOT NULL", &["breaking models"]),
            ("a text DEFAULT 'x'", "a text DEFAULT 'y'", &["undecided database"]),
            ("a bigint", "a bigint GENERATED ALWAYS AS IDENTITY", &["breaking models database"]),
            ("a text COLLATE x.y", "a text", &["undecided database"]),
            ("a text\nb text", "b text\na text", &["compatible"]),
            ("a text\nCONSTRAINT p PRIMARY KEY (a)", "a text", &["breaking firestore amplify models"]),
            ("a text\nCONSTRAINT f FOREIGN KEY (a) REFERENCES b.c(d)", "a text", &["breaking amplify"]),
            ("a text", "a text\nCONSTRAINT \"u UNIQUE\" UNIQUE (a)", &["breaking database"]),
            ("a text\nCONSTRAINT c CHECK (x)", "a text", &["compatible"]),
            ("a text", "a text\nROW LEVEL SECURITY", &["undecided amplify database"]),
            ("a text\nPARTITION a.b DEFAULT", "a text", &["compatible"]),
        ] {
            assert_eq!(told("table", Some(from), Some(to)), expected, "{from} → {to}");
        }
    }

    #[test]
    fn what_the_texts_do_not_tell_is_undecided() {
        let f =
            |returns: &str, body: &str| format!("CREATE OR REPLACE FUNCTION a.f()\n RETURNS {returns}\nAS $${body}$$");
        for (kind, from, to, expected) in [
            ("function", f("text", "1"), f("text", "2"), "undecided database"),
            ("function", f("text", "1"), f("integer", "1"), "breaking database"),
            ("type", "ENUM ('a', 'b')".to_owned(), "ENUM ('a')".to_owned(), ROWS),
            ("type", "ENUM ('a', 'b')".to_owned(), "ENUM ('b', 'a')".to_owned(), "undecided database"),
            ("type", "DOMAIN text".to_owned(), "DOMAIN integer".to_owned(), &ROWS.replace("breaking", "undecided")),
            ("view", "SELECT 1".to_owned(), "SELECT 2".to_owned(), &ROWS.replace("breaking", "undecided")),
            ("index", "CREATE INDEX a".to_owned(), "CREATE UNIQUE INDEX a".to_owned(), "breaking database"),
            ("policy", "a".to_owned(), "b".to_owned(), "undecided amplify database"),
            (
                "what is to come",
                "a".to_owned(),
                "b".to_owned(),
                "undecided firestore amplify models inventory database",
            ),
        ] {
            assert_eq!(told(kind, Some(&from), Some(&to)), [expected], "{kind}: {from} → {to}");
        }
        assert_eq!(told("materialized_view", Some("x"), None), [ALL]);
        assert_eq!(told("aggregate", Some("x"), None), ["breaking inventory database"]);
        assert_eq!(told("table", None, Some("a text")), Vec::<String>::new());
    }
}

//! Sequences.

use super::{Alter, Statement};
use crate::codegen::manifest::{Persistence, Sequence, SequenceOptions};
use crate::codegen::sql::{self, qualified};

/// CREATE SEQUENCE. Who owns it is said when its owner is there.
pub fn create(schema: &str, sequence: &Sequence) -> Statement {
    let unlogged = if sequence.persistence == Persistence::Unlogged { "UNLOGGED " } else { "" };
    let name = qualified(schema, &sequence.name);
    let options = sql::sequence(&sequence.options);
    Statement::new(format!("CREATE {unlogged}SEQUENCE {name} {options}").trim_end().to_owned())
}

/// DROP SEQUENCE; where it stood is lost.
pub fn drop(schema: &str, sequence: &Sequence) -> Statement {
    Statement::destructive(format!("DROP SEQUENCE {}", qualified(schema, &sequence.name)))
}

/// OWNED BY.
pub fn own(schema: &str, sequence: &Sequence) -> Statement {
    let owner = sequence.owned_by.as_deref().unwrap_or("NONE");
    Statement::new(format!("ALTER SEQUENCE {} OWNED BY {owner}", qualified(schema, &sequence.name)))
}

/// How one attribute becomes another.
pub fn alter(schema: &str, from: &Sequence, to: &Sequence, attribute: &str) -> Alter {
    let name = qualified(schema, &to.name);
    match attribute {
        "persistence" => {
            let word = if to.persistence == Persistence::Unlogged { "UNLOGGED" } else { "LOGGED" };
            Alter::by(format!("ALTER SEQUENCE {name} SET {word}"))
        }
        _ if attribute.starts_with("options.") => {
            let changed: Vec<String> = changed(&from.options, &to.options).collect();
            let alter = Statement::new(format!("ALTER SEQUENCE {name} {}", changed.join(" ")));
            Alter::InPlace(moved_within(&name, &from.options, &to.options).into_iter().chain([alter]).collect())
        }
        other => Alter::Impossible(format!("schemacast does not know how to change `{other}` of a sequence")),
    }
}

/// A sequence that stands outside its new bounds is moved to the nearer one
/// first: else Postgres refuses the bounds.
fn moved_within(name: &str, from: &SequenceOptions, to: &SequenceOptions) -> Option<Statement> {
    let low = to.minimum.filter(|_| to.minimum != from.minimum);
    let high = to.maximum.filter(|_| to.maximum != from.maximum);
    let (low_text, high_text) = (low.map(|low| low.to_string()), high.map(|high| high.to_string()));
    let mut value = "last_value".to_owned();
    if let Some(low) = &low_text {
        value = format!("GREATEST({value}, {low})");
    }
    if let Some(high) = &high_text {
        value = format!("LEAST({value}, {high})");
    }
    (value != "last_value").then(|| {
        let regclass = super::text::literal(name);
        Statement::new(format!(
            "SELECT pg_catalog.setval({regclass}, {value}, is_called AND last_value = {value}) FROM {name}"
        ))
    })
}

/// `START WITH 1`, `NO MAXVALUE` … : what turns one into the other.
pub fn changed<'o>(from: &'o SequenceOptions, to: &'o SequenceOptions) -> impl Iterator<Item = String> + use<'o> {
    let mut parts = Vec::new();
    if from.type_name != to.type_name {
        parts.push(format!("AS {}", to.type_name.as_deref().unwrap_or("bigint")));
    }
    let descending = to.increment.is_some_and(|increment| increment < 0);
    let first = if descending { to.maximum.unwrap_or(-1) } else { to.minimum.unwrap_or(1) };
    if from.increment != to.increment {
        parts.push(format!("INCREMENT BY {}", to.increment.unwrap_or(1)));
    }
    let turned = descending != from.increment.is_some_and(|increment| increment < 0) || from.type_name != to.type_name;
    if from.minimum != to.minimum || turned {
        parts.push(to.minimum.map_or_else(|| "NO MINVALUE".to_owned(), |minimum| format!("MINVALUE {minimum}")));
    }
    if from.maximum != to.maximum || turned {
        parts.push(to.maximum.map_or_else(|| "NO MAXVALUE".to_owned(), |maximum| format!("MAXVALUE {maximum}")));
    }
    if from.start != to.start
        || (to.start.is_none() && (from.minimum, from.maximum) != (to.minimum, to.maximum))
        || turned
    {
        parts.push(format!("START WITH {}", to.start.unwrap_or(first)));
    }
    if from.cache != to.cache {
        parts.push(format!("CACHE {}", to.cache.unwrap_or(1)));
    }
    if from.cycle != to.cycle {
        parts.push(if to.cycle { "CYCLE" } else { "NO CYCLE" }.to_owned());
    }
    parts.into_iter()
}

//! Strict documents: YAML or JSON text into a type, or every mistake of form
//! that the text holds, each with line, column and the nearest known key.
//!
//! `explain` walks a document against the JSON Schema that its type declares;
//! `position` says where in the text a value stands; `text` is what is refused
//! before a parser sees it; `laid_out` reads the one layout that schemacast
//! writes, and the YAML library whatever else is YAML.

mod explain;
mod laid_out;
mod position;
mod text;

use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::Value;

pub use explain::{Fault, explain};
pub use laid_out::read_laid_out;
pub use position::{Path, Position, Positions, Step};
pub use text::{LARGEST, check, text, zero_characters};

/// Something wrong with a document's text, with its place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// `None` where the mistake has no place, as in an empty text.
    pub position: Option<Position>,
    pub message: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.position {
            Some(Position { line, column }) => write!(f, "{line}:{column}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

/// Reads a document of a type, whose JSON Schema is `schema`.
///
/// # Errors
/// The one mistake of a text that does not parse, or all mistakes of form.
pub fn read<T: DeserializeOwned>(text: &str, schema: &Value) -> Result<T, Vec<Mistake>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    check(text).map_err(|mistake| vec![mistake])?;
    let zeros = zero_characters(text);
    if !zeros.is_empty() {
        return Err(zeros);
    }
    match read_strictly(text) {
        Some(document) => Ok(document),
        None => {
            let value = parse(text).map_err(|mistake| vec![mistake])?;
            from_value(value, schema).map_err(|faults| place(text, faults))
        }
    }
}

/// The fast way: the document, where nothing is wrong with it.
pub fn read_strictly<T: DeserializeOwned>(text: &str) -> Option<T> {
    // JSON is read by its own rules: YAML readers know no surrogate pairs.
    if is_json(text) {
        return serde_json::from_str(text).ok();
    }
    read_laid_out(text).or_else(|| serde_yaml::from_str(text).ok())
}

/// A document of a type out of a parsed one.
///
/// # Errors
/// All its mistakes of form.
pub fn from_value<T: DeserializeOwned>(value: Value, schema: &Value) -> Result<T, Vec<Fault>> {
    let mut faults = explain(&value, schema);
    if faults.is_empty() {
        match serde_json::from_value(value) {
            Ok(document) => return Ok(document),
            // The schema and the type come from one declaration; where they
            // disagree, serde's own words are better than silence.
            Err(error) => faults.push(Fault { path: Path::default(), at_key: false, message: error.to_string() }),
        }
    }
    Err(faults)
}

/// YAML or JSON into a value.
///
/// # Errors
/// Where it is neither, the parser's message and place.
pub fn parse(text: &str) -> Result<Value, Mistake> {
    // What begins with a brace may also be YAML's flow style.
    let as_json = is_json(text).then(|| serde_json::from_str(text));
    if let Some(Ok(value)) = as_json {
        return Ok(value);
    }
    let value: serde_yaml::Value = match (serde_yaml::from_str(text), as_json) {
        (Ok(value), _) => value,
        (Err(_), Some(Err(error))) => {
            return Err(Mistake {
                position: Some(Position { line: error.line(), column: error.column() }),
                message: format!("not valid JSON: {}", without_place(&error.to_string())),
            });
        }
        (Err(error), _) => {
            return Err(Mistake {
                position: error.location().map(|at| Position { line: at.line(), column: at.column() }),
                message: not_yaml(without_place(&error.to_string())),
            });
        }
    };
    serde_json::to_value(value).map_err(|error| Mistake { position: None, message: format!("not plain YAML: {error}") })
}

/// Faults with their places in the text, in the text's order, each once.
pub fn place(text: &str, faults: Vec<Fault>) -> Vec<Mistake> {
    let positions = Positions::of(text);
    let mut mistakes: Vec<Mistake> = faults
        .into_iter()
        .map(|fault| Mistake { position: positions.find(&fault.path, fault.at_key), message: fault.message })
        .collect();
    mistakes.sort();
    mistakes.dedup();
    mistakes
}

fn is_json(text: &str) -> bool {
    text.trim_start().starts_with('{')
}

/// A message of YAML's parser. Aliases that repeat more than it allows have no
/// place: each by itself is right.
fn not_yaml(message: &str) -> String {
    match message {
        "repetition limit exceeded" => {
            "its aliases (`*name`) repeat more than is read; write what they stand for".to_owned()
        }
        message => format!("not valid YAML: {message}"),
    }
}

/// A parser's message without the place that it repeats.
fn without_place(text: &str) -> &str {
    text.split(" at line ").next().unwrap_or(text)
}

//! The parsers of the Firestore target's files: a strict JSON Schema for each
//! of the JSON files, and what a JSON Schema cannot say as checks of their own
//! (`references` and `server`); `rules` compiles firestore.rules.

use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::Value;

mod keys;
mod reduction;
mod references;
mod rules;
mod server;

pub use rules::faults as rules_faults;

/// The JSON Schema (2020-12) of FIRESTORE_SCHEMA.json.
pub const FIRESTORE_SCHEMA_JSON: &str = include_str!("firestore/schema.json");

/// The JSON Schema (2020-12) of firestore.indexes.json.
const INDEXES_SCHEMA_JSON: &str = include_str!("firestore/indexes.json");

static SCHEMA: LazyLock<Result<Validator, String>> = LazyLock::new(|| compile(FIRESTORE_SCHEMA_JSON));
static INDEXES: LazyLock<Result<Validator, String>> = LazyLock::new(|| compile(INDEXES_SCHEMA_JSON));

/// What FIRESTORE_SCHEMA.json's JSON Schema refuses, and what the file says
/// of collections and fields that are not in it.
pub fn schema_faults(text: &str) -> Vec<String> {
    if is_sound(text) { Vec::new() } else { faults(text, &SCHEMA, references::faults) }
}

/// Whether FIRESTORE_SCHEMA.json is known to have no fault. What is not known
/// has to be read as a whole, which also says where the faults are.
fn is_sound(text: &str) -> bool {
    let (Ok(validator), Some(reduced)) = (&*SCHEMA, reduction::reduce(text)) else { return false };
    serde_json::from_str(&reduced).is_ok_and(|reduced| validator.is_valid(&reduced))
}

/// What firestore.indexes.json's JSON Schema refuses, and what the Admin API
/// would refuse when the file is deployed.
pub fn indexes_faults(text: &str) -> Vec<String> {
    faults(text, &INDEXES, server::faults)
}

fn compile(schema: &str) -> Result<Validator, String> {
    let schema: Value = serde_json::from_str(schema).map_err(|error| format!("the JSON Schema: {error}"))?;
    jsonschema::draft202012::new(&schema).map_err(|error| format!("the JSON Schema: {error}"))
}

/// The faults of a text, sorted; each names the place by its JSON Pointer.
/// The checks of the content run only where the shape is right.
fn faults(text: &str, schema: &Result<Validator, String>, content: fn(&Value) -> Vec<String>) -> Vec<String> {
    let validator = match schema {
        Ok(validator) => validator,
        Err(error) => return vec![error.clone()],
    };
    let value = match keys::read(text) {
        Ok(value) => value,
        Err(error) => return vec![error],
    };
    if validator.is_valid(&value) {
        return sorted(content(&value));
    }
    let errors = validator.iter_errors(&value);
    let faults: Vec<String> =
        errors.map(|error| fault(error.instance_path().as_str(), &shorten(&error.to_string()))).collect();
    // A validator that says no and not why has still said no.
    if faults.is_empty() { vec![fault("", "its JSON Schema refuses it")] } else { sorted(faults) }
}

fn sorted(mut faults: Vec<String>) -> Vec<String> {
    faults.sort();
    faults.dedup();
    faults
}

/// A fault at a place of the file.
fn fault(pointer: &str, message: &str) -> String {
    format!("{}: {message}", if pointer.is_empty() { "/" } else { pointer })
}

/// A message may quote the whole value, which may be the whole file.
fn shorten(message: &str) -> String {
    const LONGEST: usize = 300;
    if message.chars().count() <= LONGEST {
        return message.to_owned();
    }
    let half = LONGEST / 2;
    let tail: Vec<char> = message.chars().rev().take(half).collect();
    format!("{} … {}", message.chars().take(half).collect::<String>(), tail.into_iter().rev().collect::<String>())
}

#[cfg(test)]
mod tests;

//! The parsers over what was rendered. An artifact that its parser refuses is
//! never written.

use crate::codegen::artifact::{Artifact, Format};
use crate::codegen::loss::Known;

mod firestore;
#[cfg(test)]
mod generated;
pub mod graphql;
mod markdown;
mod page;
mod rust;

pub use firestore::FIRESTORE_SCHEMA_JSON;

/// Parses an artifact with the parser of its format.
///
/// # Errors
/// Every fault that the parser finds, with line and column where it says them.
pub fn check(artifact: &Artifact) -> Result<(), Vec<String>> {
    let faults = match artifact.format {
        Format::GraphQl | Format::GraphQlApi => graphql::faults(&artifact.contents),
        Format::FirestoreSchema => firestore::schema_faults(&artifact.contents),
        Format::FirestoreIndexes => firestore::indexes_faults(&artifact.contents),
        Format::FirestoreRules => firestore::rules_faults(&artifact.contents),
        Format::Findings => Known::read(&artifact.contents).err().into_iter().collect(),
        Format::Text => Vec::new(),
        Format::Rust => rust::faults(&artifact.contents),
        Format::Markdown => markdown::faults(&artifact.contents),
        Format::Html => page::faults(&artifact.contents),
        Format::Yaml => yaml_faults(&artifact.contents),
    };
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

fn yaml_faults(text: &str) -> Vec<String> {
    serde_yaml::from_str::<serde_yaml::Value>(text).err().map(|error| error.to_string()).into_iter().collect()
}

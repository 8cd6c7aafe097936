//! FIRESTORE_SCHEMA.json, firestore.indexes.json and firestore.rules: every
//! table as a collection that mirrors it.
//!
//! `names` says what each collection and field is called, `type_map` what a
//! Postgres type becomes, `value` what a field's value then looks like,
//! `literal` and `default` which defaults are certain, `document_id` and
//! `reference` what a key becomes, `indexes`, `index_order` and `constraint`
//! what an index or constraint becomes, `findings` what is lost on the way,
//! `rules` what row security becomes, and `view` puts it all together for the
//! templates.

use askama::Template;

use crate::codegen::artifact::{Artifact, Format};
use crate::codegen::loss::Code;
use crate::codegen::target::{CastError, Input, Output, Target, Told};

mod constraint;
mod default;
mod destinations;
mod document_id;
mod findings;
mod index_order;
mod indexes;
mod literal;
mod names;
mod options;
mod reference;
mod rules;
#[cfg(test)]
mod tests;
mod type_map;
mod value;
mod view;

use view::Views;

pub use names::Names;
pub use options::{Dates, FirestoreOptions, References};

/// The target `firestore`.
pub struct Firestore;

impl Target for Firestore {
    fn name(&self) -> &'static str {
        "firestore"
    }

    fn about(&self) -> &'static str {
        "FIRESTORE_SCHEMA.json, firestore.indexes.json and firestore.rules: tables as Firestore collections"
    }

    fn codes(&self) -> &'static [&'static Code] {
        &findings::CODES
    }

    fn cast(&self, input: &Input<'_>) -> Result<Output, CastError> {
        let Views { schema, indexes, rules, findings, destinations } = view::view(input)?;
        Ok(Output {
            artifacts: vec![
                Artifact {
                    path: "FIRESTORE_SCHEMA.json".to_owned(),
                    contents: render(&schema)?,
                    format: Format::FirestoreSchema,
                },
                Artifact {
                    path: "firestore.indexes.json".to_owned(),
                    contents: render(&indexes)?,
                    format: Format::FirestoreIndexes,
                },
                Artifact {
                    path: "firestore.rules".to_owned(),
                    contents: render(&rules)?,
                    format: Format::FirestoreRules,
                },
            ],
            findings,
            destinations,
        })
    }

    fn tell(&self, input: &Input<'_>) -> Result<Told, CastError> {
        let Views { findings, destinations, .. } = view::view(input)?;
        Ok(Told { findings, destinations })
    }
}

/// A file ends with a line break; a template takes its last one away.
fn render(template: &impl Template) -> Result<String, CastError> {
    Ok(template.render()? + "\n")
}

/// The JSON Schema of FIRESTORE_SCHEMA.json, as `schema firestore` prints it.
pub use crate::codegen::check::FIRESTORE_SCHEMA_JSON;

/// What templates call with `|as_json`.
mod filters {
    use serde::Serialize;

    /// A value as JSON on one line. All text of a template goes through it,
    /// so no name, label or comment can break the file.
    #[askama::filter_fn]
    pub fn as_json<T: Serialize>(value: T, _: &dyn askama::Values) -> askama::Result<String> {
        super::value::one_line(&value).map_err(askama::Error::custom)
    }
}

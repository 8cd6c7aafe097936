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
        let names = Names::new(input.catalog, &input.project.firestore)?;
        let Views { schema, indexes, rules, destinations } = view::view(input, &names);
        Ok(Output {
            artifacts: vec![
                Artifact {
                    path: "FIRESTORE_SCHEMA.json".to_owned(),
                    contents: render(&schema, schema.about_bytes())?,
                    format: Format::FirestoreSchema,
                },
                Artifact {
                    path: "firestore.indexes.json".to_owned(),
                    contents: render(&indexes, 0)?,
                    format: Format::FirestoreIndexes,
                },
                Artifact {
                    path: "firestore.rules".to_owned(),
                    contents: render(&rules, 0)?,
                    format: Format::FirestoreRules,
                },
            ],
            findings: schema.into_findings(),
            destinations,
        })
    }

    fn tell(&self, input: &Input<'_>) -> Result<Told, CastError> {
        let names = Names::new(input.catalog, &input.project.firestore)?;
        let Views { schema, destinations, .. } = view::view(input, &names);
        Ok(Told { findings: schema.into_findings(), destinations })
    }
}

/// A file ends with a line break; a template takes its last one away. A text
/// that grows is copied as it does, so that room is made for the bytes that it
/// is about to have.
fn render(template: &impl Template, bytes: usize) -> Result<String, CastError> {
    let mut text = String::with_capacity(bytes);
    template.render_into(&mut text)?;
    text.push('\n');
    Ok(text)
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

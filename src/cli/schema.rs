//! `schemacast schema`: the JSON Schemas of the file formats.

use super::args::{Schema, SchemaFormat};
use super::print::Printer;
use super::{Error, Verdict};
use crate::codegen::{manifest, project};

pub fn run(verb: &Schema, printer: &mut Printer) -> Result<Verdict, Error> {
    printer.document(&text(verb.format))?;
    Ok(Verdict::Yes)
}

/// A format's JSON Schema as it is written into files.
pub fn text(format: SchemaFormat) -> String {
    let schema = match format {
        SchemaFormat::Manifest => manifest::json_schema(),
        SchemaFormat::Project => project::json_schema(),
        SchemaFormat::Registry => crate::tasks::registry::json_schema(),
        SchemaFormat::Drift => crate::diff::report::json_schema(),
        SchemaFormat::Firestore => return crate::codegen::check::FIRESTORE_SCHEMA_JSON.to_owned(),
    };
    format!("{schema:#}\n")
}

//! The target `models`: Rust types for every table, view and user type.
//!
//! `options` is what project.yaml says, `overrides` its types of one's own.
//! `idents` makes Rust identifiers of any name, `naming` gives each object its
//! own, `ids` says whose key a column holds. `type_map` turns a Postgres type
//! into a `rust_type`, which knows what it can do and which `external` crate
//! it needs; `attributes` writes the derives. `build` with `build_types` and
//! `build_rows` makes the `view` that the templates lay out, noting in `uses`
//! what is used; `render` makes files of it, which `layout` lays out. `claims` is what the rows take for granted of a
//! database; `findings` are the codes of what is lost.

use crate::codegen::loss::Code;
use crate::codegen::target::{CastError, Input, Output, Target, Told};

mod attributes;
mod build;
mod build_rows;
mod build_types;
mod claims;
mod destinations;
mod doc;
mod external;
mod findings;
mod idents;
mod ids;
mod layout;
mod naming;
mod options;
mod overrides;
mod render;
mod rust_type;
mod sql;
#[cfg(test)]
mod tests;
mod type_map;
mod uses;
mod view;

pub use claims::{Claim, ColumnClaim, claims};
pub use options::{Dates, DecimalType, Feature, ModelsOptions, TypeOverrides};

/// The target `models`.
pub struct Models;

impl Target for Models {
    fn name(&self) -> &'static str {
        "models"
    }

    fn about(&self) -> &'static str {
        "models/: Rust types for tokio-postgres, sqlx and serde"
    }

    fn codes(&self) -> &'static [&'static Code] {
        &findings::CODES
    }

    fn cast(&self, input: &Input<'_>) -> Result<Output, CastError> {
        let models = build::build(input)?;
        let artifacts = render::render(&models, &input.project.models, input.manifest_path)?;
        Ok(Output { artifacts, findings: models.findings, destinations: models.destinations })
    }

    fn tell(&self, input: &Input<'_>) -> Result<Told, CastError> {
        let models = build::build(input)?;
        Ok(Told { findings: models.findings, destinations: models.destinations })
    }
}

//! The manifest: one Postgres schema as data, and its YAML.
//!
//! `model` holds the types, one file for each family of objects; `read` turns
//! text into a [`Manifest`] or into every mistake that the text holds;
//! `write` turns a [`Manifest`] into YAML that a person reviews; `sort` puts
//! it in its one canonical order; `verify` finds what contradicts itself.

mod model;
mod sort;

pub use model::*;
pub use sort::sort;

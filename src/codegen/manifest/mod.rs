//! The manifest: one Postgres schema as data, and its YAML.
//!
//! `model` holds the types, one file for each family of objects. `read` turns
//! text into a [`Manifest`] or into every mistake that the text holds:
//! `explain` finds the mistakes of form, `information_schema` takes the plain
//! shape that people dump by hand, `verify` finds what contradicts itself and
//! `position` says where in the text it stands. `write` turns a [`Manifest`]
//! into YAML that a person reviews; `sort` puts it in its one canonical order.

mod explain;
mod information_schema;
mod model;
mod position;
mod read;
mod sort;
mod verify;
mod write;

pub use explain::explain;
pub use model::*;
pub use position::{Path, Position, Step};
pub use read::{Mistake, json_schema, read};
pub use sort::sort;
pub use verify::verify;
pub use write::{to_yaml, write};

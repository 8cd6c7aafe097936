//! The manifest: one Postgres schema as data, and its YAML.
//!
//! `model` holds the types, one file for each family of objects. `read` turns
//! text into a [`Manifest`] or into every mistake that the text holds:
//! `information_schema` takes the plain shape that people dump by hand, and
//! `verify` finds what contradicts itself; `pieces` reads a big text some tables
//! at a time, and `beside` takes over what another manifest has just so. `write` turns a [`Manifest`] into
//! YAML that a person reviews; `sort` puts it in its one canonical order.

mod beside;
mod chosen_name;
mod information_schema;
mod model;
mod object;
mod pieces;
mod read;
mod sort;
mod verify;
mod write;

pub use chosen_name::{IndexLabel, chosen_index_name, chosen_name};
pub use model::*;
pub use object::{Kind, ObjectId};
pub use read::{VERSION, Written, json_schema, read, read_as_written, read_beside, read_in_pieces, read_unverified};
pub use sort::sort;
pub use verify::verify;
pub use write::{to_yaml, write};

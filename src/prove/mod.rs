//! The generated models, proved against a live database.
//!
//! [`claims`](crate::codegen::target::models::claims) says what the models take
//! for granted. `compare` holds that against the catalog: every column, label
//! and attribute by name, type and nullability, with all differences in one
//! run. `statements` has the server itself say what it makes of each model's
//! SELECT and INSERT, so that nothing rests on our reading of the catalog.
//!
//! Architecture Invariant: no row is read or written, and no code of the
//! database's own (a trigger, a default) runs: a SELECT is asked for the types
//! of its columns and an INSERT is only explained, in a transaction that is
//! read-only and rolled back.

use schemars::JsonSchema;
use serde::Serialize;

mod compare;
mod statements;

pub use compare::compare;
pub use statements::{Error, statements};

/// One thing that the models take for granted and the database does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Mismatch {
    /// `schema.table.column`, `schema.view`, `schema.type`.
    pub path: String,
    /// What of it: `table`, `view`, `column`, `type`, `null`, `default`,
    /// `generated`, `label`, `labels`, `attribute`, `base`, `SELECT`, `INSERT`.
    pub what: &'static str,
    pub model: String,
    pub database: String,
}

/// A statement that could not be tried: neither a yes nor a no.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Unproved {
    pub path: String,
    pub reason: String,
}

/// What the server made of the models' statements.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answers {
    pub mismatches: Vec<Mismatch>,
    pub unproved: Vec<Unproved>,
}

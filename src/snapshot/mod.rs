//! The feature inventory over time: what a database holds, written down so
//! that any two days can be compared.
//!
//! `model` is a snapshot: lists for reading, which hold what moves by itself
//! (rows, sizes), and objects for comparing, by the hash of their definition
//! alone. `facts` reads the catalog with one SQL text; `database` keeps
//! snapshots in the schema `catalog` of the database where it has that, and
//! `files` in `.schemacast/<project>/snapshots/` where it has not; `capture`
//! chooses between them. `compare` finds what differs, `definition` takes a
//! definition's text apart, `verdict` says for whom a difference is breaking,
//! `changelog` and `inventory` write it down for people.
//!
//! Architecture Invariant: what is read here and what the function
//! `catalog.current_objects()` of a project's migration reads is the same: its
//! body is `sql/current_objects.sql`, and a test holds the two together. So
//! snapshots of either store can be compared with each other.
//!
//! Architecture Invariant: only `query_typed` and `batch_execute` are used,
//! what only reads runs in one read-only, repeatable-read transaction, and
//! apart from what writes, so that it can be read again where a connection broke.

mod capture;
pub mod changelog;
pub mod compare;
mod database;
mod definition;
mod error;
mod facts;
pub mod files;
pub mod inventory;
pub mod model;
mod select;
mod verdict;

pub use capture::{Destination, Look, Request, Taken, capture, keep, look, take, taken};
pub use compare::{Comparison, Difference, ObjectChange, compare};
pub use database::{is_there, list};
pub use error::Error;
pub use facts::{BEGIN, CURRENT_OBJECTS};
pub use model::{Object, Snapshot, Stored};
pub use select::{Pick, objects_of_database, objects_of_file, pair};
pub use verdict::{Audience, Effect, Verdict};

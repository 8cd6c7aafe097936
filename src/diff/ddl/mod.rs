//! Objects as the SQL that makes, alters and drops them: a file for each
//! family. Names are always qualified, for the SQL runs with whatever
//! search_path there is.
//!
//! `alter_…` is about one attribute, by the name that
//! [`Object::facts`](super::Object::facts) gives it; what is attached to every
//! kind of object, comments and privileges, has files of its own.

pub mod database;
pub mod foreign;
pub mod operator;
mod quote;
pub mod replication;
mod statement;
pub mod text_search;

pub use statement::{Alter, Statement};

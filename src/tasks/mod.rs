//! What a project does with its database, and the record of it.
//!
//! `ledger` applies migrations and keeps the record of them in the database
//! itself.

pub mod ledger;

use thiserror::Error;
use tokio_postgres::error::SqlState;

use crate::postgres::advice::{Refusal, advice};
use crate::postgres::connect::is_lost;

/// Why a database could not be read.
#[derive(Debug, Error)]
pub enum Error {
    #[error("the server is version {0}, and the oldest that can be read is 14; upgrade the server")]
    TooOld(String),
    /// The server or the connection refused. `what` is the kind of object
    /// that was asked for.
    #[error("the catalog could not be read ({what}): {}", explain(.error))]
    Query { what: &'static str, error: tokio_postgres::Error },
    /// A fault of the query, never of the database.
    #[error("the catalog's answer ({what}) is not what was asked for: column {at}: {error} (please report this)")]
    Decode { what: &'static str, at: usize, error: Box<dyn std::error::Error + Sync + Send> },
    #[error("{0} changed while it was being read; run it again when no migration is running")]
    Changed(String),
}

impl Error {
    /// Whether the connection was lost, so that it may be read over another.
    pub fn is_lost(&self) -> bool {
        match self {
            Error::Query { error, .. } => is_lost(error),
            Error::TooOld(_) | Error::Decode { .. } | Error::Changed(_) => false,
        }
    }
}

/// The server's own words, and what to do where that is known.
fn explain(error: &tokio_postgres::Error) -> String {
    let Some(refusal) = error.as_db_error() else {
        return error.to_string();
    };
    let known = match refusal.code() {
        code if *code == SqlState::LOCK_NOT_AVAILABLE => {
            vec!["a migration holds a table locked: try again when it is done".to_owned()]
        }
        // What the server says when it prints an object that is gone by now.
        code if [SqlState::INTERNAL_ERROR, SqlState::UNDEFINED_TABLE, SqlState::UNDEFINED_OBJECT].contains(code) => {
            vec!["where an object was dropped just now, run it again when no migration is running".to_owned()]
        }
        code if *code == SqlState::INSUFFICIENT_PRIVILEGE => {
            vec!["the role needs SELECT on pg_catalog, which every role has unless it was revoked".to_owned()]
        }
        // Of the rest nothing is peculiar to the catalog.
        _ => advice(&Refusal::new(refusal, ""), "", &[]),
    };
    let way_out: String = known.iter().map(|advice| format!("; {advice}")).collect();
    format!("{} (SQLSTATE {}){way_out}", refusal.message(), refusal.code().code())
}

//! Why a snapshot could not be taken, read or compared.

use std::io;
use std::path::PathBuf;

use crate::codegen::writer;
use crate::postgres::ConnectionSettings;
use crate::postgres::connect::{explain, is_lost};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What was asked for cannot be.
    #[error("{0}")]
    Request(String),
    /// The server or the connection refused; [`Error::explained`] says more.
    #[error("cannot {doing}: {error}")]
    Database { doing: &'static str, error: tokio_postgres::Error },
    /// The schema `catalog` is somebody's own, or older than this program.
    #[error(
        "catalog.{what} is not of the shape that schemacast knows: {reason}; apply the project's migration of the feature inventory"
    )]
    Catalog { what: &'static str, reason: String },
    #[error(transparent)]
    Write(#[from] writer::Error),
    #[error("cannot {doing} {}: {source}", .path.display())]
    Io { doing: &'static str, path: PathBuf, source: io::Error },
    #[error("{} is damaged: {reason}; remove it, and take a new snapshot", .path.display())]
    Damaged { path: PathBuf, reason: String },
    #[error("there is no snapshot `{wanted}`: {known}")]
    Unknown { wanted: String, known: String },
    #[error(
        "the snapshot {id} holds the objects of the snapshot {holder}, and that one is gone: {id} cannot be compared"
    )]
    NoHolder { id: String, holder: String },
}

impl Error {
    /// Whether the connection was lost, so that what only reads may be read
    /// over another.
    pub fn is_lost(&self) -> bool {
        matches!(self, Error::Database { error, .. } if is_lost(error))
    }

    /// The message with what Postgres says, where, and the likely fix, without
    /// the password.
    pub fn explained(&self, settings: &ConnectionSettings) -> String {
        match self {
            Error::Database { doing, error } => explain(settings, doing, error),
            other => settings.redact(&other.to_string()),
        }
    }
}

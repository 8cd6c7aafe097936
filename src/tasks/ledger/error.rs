//! Why a migration was not applied, and what to do.

use std::path::Path;

use crate::postgres::advice::{Refusal, advice};
use crate::postgres::sql_text::Fault;
use crate::postgres::{ConnectError, StatementError};

/// Why a migration was not applied. Where nothing else is said, nothing of it
/// is in the database.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A statement that Postgres refused.
    #[error("{error}{}", what_stays(.error, *.stays))]
    Statement {
        error: Box<StatementError>,
        /// The file has `-- no-transaction`: what came before it stays.
        stays: bool,
    },
    /// What was found before anything was sent, all of it.
    #[error("{}", texts(.0))]
    Faults(Vec<Fault>),
    #[error(
        "{name} was applied on {applied_at} by {applied_by} and edited since: the ledger has SHA-256 {recorded}, the file \
         has {found}. Put the file back as it was and write the change as a new migration; or, where the database has \
         the change already, accept the file: {}",
        accept(.name, .found)
    )]
    Edited { name: String, recorded: String, found: String, applied_at: String, applied_by: String },
    /// A file with `-- no-transaction` that did not come to its end.
    #[error("{}", unfinished(.name, *.statement, *.failed, .began_at, .by))]
    Unfinished { name: String, statement: usize, failed: bool, began_at: String, by: String },
    #[error(
        "another runner is at work: {holder}, since {}; wait until it is done and run again", .since.as_deref().unwrap_or("a time that this role may not see")
    )]
    Busy { holder: String, since: Option<String> },
    #[error(
        "the table schemacast.{table} is not the ledger's: it lacks {}; rename it, for schemacast keeps its ledger under \
         that name",
        .missing.join(", ")
    )]
    NotTheLedger { table: &'static str, missing: Vec<&'static str> },
    /// The ledger could not be read or written.
    #[error("{message}")]
    Ledger {
        message: String,
        /// It was the connection that failed.
        is_lost: bool,
    },
    /// All statements ran, and COMMIT was refused: a deferred constraint.
    #[error("{name}: all its statements ran, and the transaction was refused: {message} ({code}); nothing was applied")]
    Commit { name: String, message: String, code: String },
    #[error("{name}: the connection was lost while it was applied ({message}); nothing of it was applied: run again")]
    Lost { name: String, message: String },
    #[error(
        "{name}: the connection was lost in statement {statement} ({message}); the statements before it are done, and \
         whether it is done is not known: look, then {}", again(.name)
    )]
    LostOutside { name: String, statement: usize, message: String },
    /// COMMIT was sent, no answer came, and the ledger could not be asked.
    #[error(
        "{name}: the connection was lost while COMMIT was on its way ({message}), and the ledger could not be asked: {source}; \
         run again when the server can be reached: what is applied is skipped"
    )]
    Unknown { name: String, message: String, source: Box<ConnectError> },
    #[error("{name}: interrupted, and nothing of it was applied")]
    Interrupted { name: String },
    #[error("{name}: interrupted in statement {statement}; the statements before it are done: look, then {}", again(.name))]
    InterruptedOutside { name: String, statement: usize },
    #[error(
        "{name}: another runner took over before statement {statement}, for this one was not heard of in time; the \
         statements before it are done: look, then {}", again(.name)
    )]
    LeaseLost { name: String, statement: usize },
}

impl Error {
    /// Whether it was the connection that failed while the ledger was read or
    /// written: what only reads may then be done again over a new one.
    pub fn is_lost(&self) -> bool {
        matches!(self, Error::Ledger { is_lost: true, .. })
    }

    /// What to do, the likeliest first and each a short line; the error's own
    /// text has the SQL for it where there is some.
    pub fn advice(&self) -> Vec<String> {
        let advice = match self {
            Error::Statement { error, .. } if !error.advice.is_empty() => return error.advice.clone(),
            Error::Statement { .. } => "correct the statement: the message says what Postgres minds",
            Error::Faults(_) => "correct the file as its faults say: nothing of it was sent",
            Error::Edited { .. } => "put the file back as it was, and write the change as a new migration",
            Error::Unfinished { .. } | Error::InterruptedOutside { .. } | Error::LostOutside { .. } => {
                "look what of the file is done, then have it run from its first statement or say that it is done: the \
                 message has the SQL for each"
            }
            Error::Busy { .. } => "wait until the other runner is done, then go on with --resume",
            Error::NotTheLedger { .. } => "rename the table that has the ledger's name",
            // Its text ends with what to do.
            Error::Ledger { .. } => return Vec::new(),
            Error::Commit { code, message, .. } => {
                return advice(&Refusal { code, message, statement: "", path: Path::new("") }, "", &[]);
            }
            Error::Lost { .. } | Error::Unknown { .. } | Error::Interrupted { .. } => {
                "go on with --resume: what is applied is skipped"
            }
            Error::LeaseLost { .. } => "see what the other runner did, then go on as the message says",
        };
        vec![advice.to_owned()]
    }
}

fn texts(faults: &[Fault]) -> String {
    faults.iter().map(Fault::to_string).collect::<Vec<_>>().join("\n")
}

/// A text as SQL writes it.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn accept(name: &str, sha256: &str) -> String {
    format!("UPDATE schemacast.migrations SET sha256 = {} WHERE file = {};", literal(sha256), literal(name))
}

/// How a file with `-- no-transaction` is run once more.
fn again(name: &str) -> String {
    format!(
        "make its statements repeatable (IF NOT EXISTS, DROP … IF EXISTS before CREATE) and have it run from its first: \
         DELETE FROM schemacast.migrations WHERE file = {0}; or, where you did the rest by hand, say that it is done: \
         UPDATE schemacast.migrations SET state = 'applied' WHERE file = {0};",
        literal(name)
    )
}

fn what_stays(error: &StatementError, stays: bool) -> String {
    match (stays, error.statement) {
        (false, _) => String::new(),
        (true, 1) => "\nthe file has `-- no-transaction`; no statement came before".to_owned(),
        (true, statement) => format!(
            "\nthe file has `-- no-transaction`: the {} before this one {} done and {}",
            if statement == 2 { "statement" } else { "statements" },
            if statement == 2 { "is" } else { "are" },
            if statement == 2 { "stays" } else { "stay" }
        ),
    }
}

fn unfinished(name: &str, statement: usize, failed: bool, began_at: &str, by: &str) -> String {
    let (what, state) = if failed {
        ("failed in", format!("the statements before statement {statement} are done"))
    } else {
        (
            "was interrupted in",
            format!(
                "the statements before statement {statement} are done, and whether that one is done is not known (or it \
                 still runs: see pg_stat_activity)"
            ),
        )
    };
    format!("{name} {what} statement {statement}, begun on {began_at} by {by}: {state}; look, then {}", again(name))
}

//! Applies a file of SQL to a session, whole or not at all.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::pin::Pin;

use futures_util::TryStreamExt as _;
use thiserror::Error;
use tokio_postgres::{Client, SimpleQueryStream};

use crate::postgres::connect::Session;
use crate::postgres::settings::ConnectionSettings;
use crate::postgres::sql_text::{Fault, Script};
use crate::postgres::statement_error::StatementError;

/// Why a file was not applied. Nothing of it is in the database then, unless
/// the file is one with `-- no-transaction`.
#[derive(Debug, Error)]
pub enum ScriptError {
    #[error("{0}")]
    Statement(Box<StatementError>),
    /// What was found before anything was sent, all of it.
    #[error("{}", texts(.0))]
    Faults(Vec<Fault>),
    #[error("{}: the connection failed while it was applied: {message}", .path.display())]
    Connection { path: PathBuf, message: String },
    /// A deferred constraint, for example.
    #[error("{}: all its statements ran, and the transaction was refused: {message} ({code})", .path.display())]
    Commit { path: PathBuf, message: String, code: String },
}

/// What is sent after SQL of a person's, before its COMMIT where it has one.
pub(crate) const FORGET_SESSION: &str = include_str!("script/forget_session.sql");

fn texts(faults: &[Fault]) -> String {
    faults.iter().map(Fault::to_string).collect::<Vec<_>>().join("\n")
}

/// Applies every statement of `sql` in one transaction, or each in its own
/// where the file begins with `-- no-transaction`.
///
/// `path` is how errors name the file; it is not read.
///
/// # Errors
/// What [`Script::parse`] finds, the first statement that Postgres refuses, or
/// a connection that is lost.
pub fn apply(session: &mut Session, path: &Path, sql: &str) -> Result<(), ScriptError> {
    let script = Script::parse(path, sql.as_bytes()).map_err(ScriptError::Faults)?;
    let settings = session.settings().clone();
    session.run(async |client| {
        if !script.transaction {
            return send(client, &script, 1).await.map_err(|refused| error(&script, refused, &settings));
        }
        let whole = |error| self::error(&script, Refused { statement: None, error }, &settings);
        client.batch_execute(BEGIN).await.map_err(whole)?;
        match send(client, &script, WINDOW).await {
            Ok(()) => client.batch_execute("COMMIT").await.map_err(whole),
            Err(refused) => {
                // What cannot be rolled back, for the connection is gone, the
                // server rolls back itself; the first error is the one to tell.
                let _ = client.batch_execute("ROLLBACK").await;
                Err(error(&script, refused, &settings))
            }
        }
    })
}

/// Where strings end was decided with this setting on.
const BEGIN: &str = "BEGIN; SET LOCAL standard_conforming_strings = on";

/// How many statements are on their way at once inside a transaction: what
/// follows one that fails is refused there, so nothing is lost by sending it,
/// and a server that is far away is not waited for between any two.
pub(crate) const WINDOW: usize = 32;

/// What failed: a statement by its index, or what stands around them.
pub(crate) struct Refused {
    pub statement: Option<usize>,
    pub error: tokio_postgres::Error,
}

/// Sends a script's statements one by one, up to `window` of them before the
/// first is answered, and reads their answers away.
///
/// More than one at once is right only inside a transaction.
pub(crate) async fn send(client: &Client, script: &Script, window: usize) -> Result<(), Refused> {
    let mut waiting: VecDeque<(usize, Pin<Box<SimpleQueryStream>>)> = VecDeque::new();
    let mut outcome = Ok(());
    let mut statements = script.statements.iter().enumerate();
    loop {
        if outcome.is_ok()
            && waiting.len() < window
            && let Some((index, statement)) = statements.next()
        {
            match client.simple_query_raw(statement.text(&script.text)).await {
                Ok(answer) => waiting.push_back((index, Box::pin(answer))),
                Err(error) => outcome = Err(Refused { statement: Some(index), error }),
            }
            continue;
        }
        let Some((index, mut answer)) = waiting.pop_front() else { return outcome };
        loop {
            match answer.try_next().await {
                Ok(Some(_)) => {}
                Ok(None) => break,
                Err(error) => {
                    // What comes after the first failure only says that there
                    // was one.
                    if outcome.is_ok() {
                        outcome = Err(Refused { statement: Some(index), error });
                    }
                    break;
                }
            }
        }
    }
}

fn error(script: &Script, refused: Refused, settings: &ConnectionSettings) -> ScriptError {
    let path = script.path.clone();
    match (refused.error.as_db_error(), refused.statement) {
        (Some(db), Some(index)) => ScriptError::Statement(Box::new(StatementError::new(script, index, db, settings))),
        (Some(db), None) => {
            ScriptError::Commit { path, message: settings.redact(db.message()), code: db.code().code().to_owned() }
        }
        (None, _) => ScriptError::Connection { path, message: settings.redact(&refused.error.to_string()) },
    }
}

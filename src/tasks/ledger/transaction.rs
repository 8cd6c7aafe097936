//! A file that is one transaction, with its row in the ledger.

use std::time::Instant;

use tokio_postgres::error::DbError;

use super::error::Error;
use super::lock::{self, Holder};
use super::migration::{Decision, Ending, Migration, Options};
use super::table::{decide, record, refused, rows};
use super::turn::{self, Turn, Work};
use super::watch::watched;
use crate::postgres::Session;
use crate::postgres::script::{FORGET_SESSION, Refused, WINDOW, send};
use crate::postgres::sql_text::Script;

/// How one try ended, where it was our turn.
enum Attempt {
    Ended(Ending),
    /// COMMIT was sent, and no answer came.
    InFlight(String, Ending),
}

/// Applies a file whole or not at all. Afterwards the session is in no
/// transaction; where its connection was lost, it is a new one if there is one.
pub(super) fn apply(
    session: &mut Session,
    migration: &Migration,
    script: &Script,
    options: &Options,
) -> Result<Ending, Error> {
    let settings = session.settings().clone();
    let canceller = session.canceller();
    let attempt = turn::wait(migration, options, || {
        session.run(async |client| {
            let work = Work { client, settings: &settings, canceller: &canceller, migration, script, options };
            attempt(&work).await
        })
    })?;
    match attempt {
        Attempt::Ended(ending) => Ok(ending),
        Attempt::InFlight(message, ending) => ask_again(session, migration, message, ending),
    }
}

async fn attempt(work: &Work<'_>) -> Result<Result<Attempt, Holder>, Error> {
    let Work { client, settings, migration, options, .. } = *work;
    let doing = migration.path.file_name().unwrap_or_default().to_string_lossy();
    let begin = lock::begin(options, &doing);
    client.batch_execute(&begin).await.map_err(|error| refused(settings, "begin a transaction", &error))?;
    let ready = match inside(work).await {
        Ok(Ok(ending @ Ending::Applied { .. })) if !options.is_interrupted() => ending,
        outcome => {
            // Where the connection is gone, the server rolls back itself.
            let _ = client.batch_execute("ROLLBACK").await;
            return match outcome {
                // A statement that was cancelled since we were interrupted.
                _ if options.is_interrupted() => Err(Error::Interrupted { name: migration.name.clone() }),
                outcome => Ok(outcome?.map(Attempt::Ended)),
            };
        }
    };
    match client.batch_execute("COMMIT").await {
        Ok(()) => Ok(Ok(Attempt::Ended(ready))),
        Err(error) => match error.as_db_error() {
            Some(db) if !is_shutdown(db.code().code()) => Err(commit_refused(work, db)),
            _ => Ok(Ok(Attempt::InFlight(settings.redact(&error.to_string()), ready))),
        },
    }
}

/// Everything between BEGIN and COMMIT.
async fn inside(work: &Work<'_>) -> Result<Result<Ending, Holder>, Error> {
    let Work { client, settings, canceller, migration, script, options } = *work;
    match work.turn().await? {
        Turn::Ours => {}
        Turn::Over(ending) => return Ok(Ok(ending)),
        Turn::Taken(holder) => return Ok(Err(holder)),
    }
    let begun = Instant::now();
    // The limits are the transaction's, which the server keeps.
    let must_end = || options.is_interrupted();
    let sent = watched(send(client, script, WINDOW), canceller, &must_end).await;
    sent.map_err(|refused| statement_refused(work, refused))?;
    // What is deferred fails here and not in COMMIT, whose failure could be a
    // lost answer as well.
    let checked = watched(client.batch_execute("SET CONSTRAINTS ALL IMMEDIATE"), canceller, &must_end);
    checked.await.map_err(|error| statement_refused(work, Refused { statement: None, error }))?;
    client
        .batch_execute(FORGET_SESSION)
        .await
        .map_err(|error| refused(settings, "reset what the file has set", &error))?;
    let duration = begun.elapsed();
    record(client, settings, migration, options, duration).await?;
    Ok(Ok(Ending::Applied { statements: script.statements.len(), duration }))
}

fn statement_refused(work: &Work<'_>, refused: Refused) -> Error {
    let Refused { statement, error } = refused;
    match (error.as_db_error(), statement) {
        (Some(db), Some(index)) => work.statement_refused(index, db, false),
        (Some(db), None) => commit_refused(work, db),
        (None, _) => {
            Error::Lost { name: work.migration.name.clone(), message: work.settings.redact(&error.to_string()) }
        }
    }
}

fn commit_refused(work: &Work<'_>, error: &DbError) -> Error {
    Error::Commit {
        name: work.migration.name.clone(),
        message: work.settings.redact(error.message()),
        code: error.code().code().to_owned(),
    }
}

/// What a server says that ends the session in the middle of whatever it does:
/// 57P01 to 57P03, and the class of lost connections.
fn is_shutdown(code: &str) -> bool {
    code.starts_with("57P0") || code.starts_with("08")
}

/// Asks the ledger over a new connection whether a file is there whose COMMIT
/// was not answered.
///
/// Architecture Invariant: a migration is never sent again because an answer
/// did not come. The lock says when the old transaction is over, one way or
/// the other, and the ledger's row, which is part of it, says which way.
fn ask_again(session: &mut Session, migration: &Migration, message: String, ending: Ending) -> Result<Ending, Error> {
    let settings = session.settings().clone();
    let name = migration.name.clone();
    *session = match Session::connect(&settings) {
        Ok(session) => session,
        Err(source) => return Err(Error::Unknown { name, message, source: Box::new(source) }),
    };
    let failed = |error| refused(&settings, "ask the ledger whether the migration was committed", &error);
    let found = session.run(async |client| {
        client.batch_execute("BEGIN READ ONLY; SET LOCAL statement_timeout = '60s'").await.map_err(failed)?;
        let found = async {
            lock::wait_for(client).await.map_err(failed)?;
            rows(client, &settings, &[&migration.name]).await
        };
        let found = found.await;
        client.batch_execute("ROLLBACK").await.map_err(failed)?;
        found
    })?;
    match decide(migration, found.get(&name), &Options::default()) {
        Decision::Skip { .. } => Ok(ending),
        _ => Err(Error::Lost { name, message }),
    }
}

//! A file with `-- no-transaction`: each of its statements stands by itself,
//! and the ledger says how far it came.
//!
//! Before its first statement a row says that it is started, and before each
//! the row says which: where the program or the connection ends, it is seen
//! where.

use std::cell::Cell;
use std::time::Instant;

use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};

use super::error::Error;
use super::lock::{self, Holder, Keeper};
use super::lock_limit::LockLimit;
use super::migration::{Ending, Migration, Options};
use super::table::{applied_by, record, refused};
use super::turn::{self, Turn, Work};
use super::watch::watched;
use crate::postgres::Session;
use crate::postgres::script::FORGET_SESSION;
use crate::postgres::sql_text::Script;

/// How the start ended.
enum Start {
    /// With the lease's token.
    Begun(String),
    Skipped(Ending),
}

type Parameters<'a, const N: usize> = [(&'a (dyn ToSql + Sync), Type); N];

/// Applies a file statement by statement.
pub(super) fn apply(
    session: &mut Session,
    migration: &Migration,
    script: &Script,
    options: &Options,
) -> Result<Ending, Error> {
    let settings = session.settings().clone();
    let canceller = session.canceller();
    let started = turn::wait(migration, options, || {
        session.run(async |client| {
            start(&Work { client, settings: &settings, canceller: &canceller, migration, script, options }).await
        })
    })?;
    let token = match started {
        Start::Begun(token) => token,
        Start::Skipped(ending) => return Ok(ending),
    };
    let keeper = Keeper::start(&settings, &token, options.lease);
    let outcome = session.run(async |client| {
        let work = Work { client, settings: &settings, canceller: &canceller, migration, script, options };
        let leased = Leased { work, token: &token };
        let outcome = leased.statements().await;
        leased.finish(outcome).await
    });
    drop(keeper);
    outcome
}

/// Says in one transaction that the file is started and who is at work.
async fn start(work: &Work<'_>) -> Result<Result<Start, Holder>, Error> {
    let Work { client, settings, migration, options, .. } = *work;
    let failed = |error| refused(settings, "begin the migration", &error);
    client.batch_execute(&lock::begin(options, "the start of a file")).await.map_err(failed)?;
    let started = async {
        match work.turn().await? {
            Turn::Ours => {}
            Turn::Over(ending) => return Ok(Ok(Start::Skipped(ending))),
            Turn::Taken(holder) => return Ok(Err(holder)),
        }
        let by = applied_by(settings, options);
        let parameters: Parameters<'_, 3> =
            [(&migration.name, Type::TEXT), (&migration.sha256, Type::TEXT), (&by, Type::TEXT)];
        client.query_typed(include_str!("sql/start.sql"), &parameters).await.map_err(failed)?;
        Ok(Ok(Start::Begun(lock::take_lease(client, settings, options).await?)))
    };
    let started: Result<Result<Start, Holder>, Error> = started.await;
    let end = if matches!(started, Ok(Ok(Start::Begun(_)))) { "COMMIT" } else { "ROLLBACK" };
    let ended = client.batch_execute(end).await.map_err(failed);
    let started = started?;
    ended?;
    Ok(started)
}

/// A file whose runner has the lease with this token.
struct Leased<'a> {
    work: Work<'a>,
    token: &'a str,
}

impl Leased<'_> {
    async fn statements(&self) -> Result<Ending, Error> {
        let Work { client, settings, canceller, script, options, .. } = self.work;
        let begun = Instant::now();
        for (index, statement) in script.statements.iter().enumerate() {
            if options.is_interrupted() && index == 0 {
                return Err(Error::Interrupted { name: self.work.migration.name.clone() });
            }
            self.step(index + 1).await?;
            let text = statement.text(&script.text);
            // The limits of SET LOCAL end with a transaction, and there is
            // none: what takes too long is cancelled from here.
            let locks = options.lock_timeout.map(|limit| LockLimit::start(settings, text, limit));
            // Once it is cancelled it waits no more, and why is to be told.
            let waited = Cell::new(false);
            let began = Instant::now();
            let must_end = || {
                waited.set(waited.get() || locks.as_ref().is_some_and(LockLimit::is_over));
                let is_late = options.statement_timeout.is_some_and(|limit| began.elapsed() > limit);
                is_late || options.is_interrupted() || waited.get()
            };
            let sent = watched(client.batch_execute(text), canceller, &must_end).await;
            sent.map_err(|error| self.statement_refused(index, &error, waited.get()))?;
        }
        Ok(Ending::Applied { statements: script.statements.len(), duration: begun.elapsed() })
    }

    /// Says which statement begins.
    async fn step(&self, statement: usize) -> Result<(), Error> {
        let name = self.work.migration.name.clone();
        if self.work.options.is_interrupted() {
            return Err(Error::InterruptedOutside { name, statement });
        }
        let number = i32::try_from(statement).unwrap_or(i32::MAX);
        let lease = lock::milliseconds(self.work.options.lease);
        let parameters: Parameters<'_, 4> =
            [(&self.token, Type::TEXT), (&lease, Type::INT8), (&name, Type::TEXT), (&number, Type::INT4)];
        let stepped = self.work.client.query_typed(include_str!("sql/step.sql"), &parameters).await;
        match stepped {
            Ok(rows) if rows.is_empty() => Err(Error::LeaseLost { name, statement }),
            Ok(_) => Ok(()),
            Err(error) => {
                Err(refused(self.work.settings, &format!("record that statement {statement} begins"), &error))
            }
        }
    }

    /// `waited`: it was cancelled since it waited too long for a lock.
    fn statement_refused(&self, index: usize, error: &tokio_postgres::Error, waited: bool) -> Error {
        let name = self.work.migration.name.clone();
        let Some(db) = error.as_db_error() else {
            let message = self.work.settings.redact(&error.to_string());
            return Error::LostOutside { name, statement: index + 1, message };
        };
        if self.work.options.is_interrupted() {
            return Error::InterruptedOutside { name, statement: index + 1 };
        }
        let mut refused = self.work.statement_refused(index, db, true);
        if let Error::Statement { error, .. } = &mut refused
            && waited
            && *db.code() == SqlState::QUERY_CANCELED
        {
            // What the server itself says of its own lock_timeout.
            error.code = SqlState::LOCK_NOT_AVAILABLE.code().to_owned();
            error.message = "canceling statement due to lock timeout".to_owned();
        }
        refused
    }

    /// Writes how it ended, and gives the lease back.
    async fn finish(&self, outcome: Result<Ending, Error>) -> Result<Ending, Error> {
        // Another runner's row is not ours to write.
        if matches!(outcome, Err(Error::LeaseLost { .. })) {
            return outcome;
        }
        let written = self.write(&outcome).await;
        // The file's own failure is the one to tell.
        let ending = outcome?;
        written?;
        Ok(ending)
    }

    async fn write(&self, outcome: &Result<Ending, Error>) -> Result<(), Error> {
        let failed = |error| refused(self.work.settings, "record how the migration ended", &error);
        self.work.client.batch_execute(FORGET_SESSION).await.map_err(failed)?;
        self.work.client.batch_execute("BEGIN").await.map_err(failed)?;
        let written = async {
            match outcome {
                Ok(Ending::Applied { duration, .. }) => {
                    record(self.work.client, self.work.settings, self.work.migration, self.work.options, *duration)
                        .await?;
                }
                _ => {
                    let parameters: Parameters<'_, 1> = [(&self.work.migration.name, Type::TEXT)];
                    self.work.client.query_typed(include_str!("sql/fail.sql"), &parameters).await.map_err(failed)?;
                }
            }
            let parameters: Parameters<'_, 1> = [(&self.token, Type::TEXT)];
            self.work.client.query_typed(include_str!("sql/lease_release.sql"), &parameters).await.map_err(failed)
        };
        let written = written.await;
        let end = if written.is_ok() { "COMMIT" } else { "ROLLBACK" };
        let ended = self.work.client.batch_execute(end).await.map_err(failed);
        written?;
        ended
    }
}

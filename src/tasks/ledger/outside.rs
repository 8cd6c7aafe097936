//! A file with `-- no-transaction`: each of its statements stands by itself,
//! and the ledger says how far it came.
//!
//! Before its first statement a row says that it is started, and before each
//! the row says which: where the program or the connection ends, it is seen
//! where.

use std::time::{Duration, Instant};

use tokio_postgres::Client;
use tokio_postgres::types::{ToSql, Type};

use super::error::Error;
use super::lock::{self, Holder, Keeper};
use super::migration::{Decision, Ending, Migration, Options};
use super::table::{decide, refused, rows};
use super::transaction::{applied_by, record};
use super::watch::watched;
use crate::postgres::sql_text::Script;
use crate::postgres::{Canceller, ConnectionSettings, Session, StatementError};

/// How the start ended.
enum Start {
    /// With the lease's token.
    Begun(String),
    Skipped(Ending),
    Busy(Holder),
}

/// How long to wait between two looks at the lock.
const PAUSE: Duration = Duration::from_millis(200);

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
    let begun = Instant::now();
    let token = loop {
        match session.run(async |client| start(client, &settings, migration, options).await)? {
            Start::Begun(token) => break token,
            Start::Skipped(ending) => return Ok(ending),
            Start::Busy(_) if options.is_interrupted() => {
                return Err(Error::Interrupted { name: migration.name.clone() });
            }
            Start::Busy(holder) if begun.elapsed() >= options.wait => return Err(holder.into()),
            Start::Busy(_) => std::thread::sleep(PAUSE),
        }
    };
    let keeper = Keeper::start(&settings, &token, options.lease);
    let outcome = session.run(async |client| {
        let work =
            Work { client, settings: &settings, canceller: &canceller, migration, script, options, token: &token };
        let outcome = work.statements().await;
        work.finish(outcome).await
    });
    drop(keeper);
    outcome
}

/// Says in one transaction that the file is started and who is at work.
async fn start(
    client: &Client,
    settings: &ConnectionSettings,
    migration: &Migration,
    options: &Options,
) -> Result<Start, Error> {
    let failed = |error| refused(settings, "begin the migration", &error);
    client.batch_execute(&lock::begin(options, "the start of a file")).await.map_err(failed)?;
    let started = async {
        if let Some(holder) = lock::take(client, settings).await? {
            return Ok(Start::Busy(holder));
        }
        let rows = rows(client, settings, &[&migration.name]).await?;
        match decide(migration, rows.get(&migration.name), options) {
            Decision::Apply => {}
            Decision::Skip { applied_at, applied_by } => {
                return Ok(Start::Skipped(Ending::Skipped { applied_at, applied_by }));
            }
            Decision::Refuse(error) => return Err(error),
        }
        let by = applied_by(settings, options);
        let parameters: Parameters<'_, 3> =
            [(&migration.name, Type::TEXT), (&migration.sha256, Type::TEXT), (&by, Type::TEXT)];
        client.query_typed(include_str!("sql/start.sql"), &parameters).await.map_err(failed)?;
        Ok(Start::Begun(lock::take_lease(client, settings, options).await?))
    };
    let started = started.await;
    let end = if matches!(started, Ok(Start::Begun(_))) { "COMMIT" } else { "ROLLBACK" };
    let ended = client.batch_execute(end).await.map_err(failed);
    let started = started?;
    ended?;
    Ok(started)
}

struct Work<'a> {
    client: &'a Client,
    settings: &'a ConnectionSettings,
    canceller: &'a Canceller,
    migration: &'a Migration,
    script: &'a Script,
    options: &'a Options,
    token: &'a str,
}

impl Work<'_> {
    async fn statements(&self) -> Result<Ending, Error> {
        let begun = Instant::now();
        // The limits of SET LOCAL end with a transaction, and there is none:
        // what takes too long is cancelled from here.
        let limit = self.options.statement_timeout;
        for (index, statement) in self.script.statements.iter().enumerate() {
            if self.options.is_interrupted() && index == 0 {
                return Err(Error::Interrupted { name: self.migration.name.clone() });
            }
            self.step(index + 1).await?;
            let text = statement.text(&self.script.text);
            let sent = watched(self.client.batch_execute(text), self.canceller, self.options, limit).await;
            sent.map_err(|error| self.statement_refused(index, &error))?;
        }
        Ok(Ending::Applied { statements: self.script.statements.len(), duration: begun.elapsed() })
    }

    /// Says which statement begins.
    async fn step(&self, statement: usize) -> Result<(), Error> {
        let name = self.migration.name.clone();
        if self.options.is_interrupted() {
            return Err(Error::InterruptedOutside { name, statement });
        }
        let number = i32::try_from(statement).unwrap_or(i32::MAX);
        let lease = lock::milliseconds(self.options.lease);
        let parameters: Parameters<'_, 4> =
            [(&self.token, Type::TEXT), (&lease, Type::INT8), (&name, Type::TEXT), (&number, Type::INT4)];
        let stepped = self.client.query_typed(include_str!("sql/step.sql"), &parameters).await;
        match stepped {
            Ok(rows) if rows.is_empty() => Err(Error::LeaseLost { name, statement }),
            Ok(_) => Ok(()),
            Err(error) => Err(refused(self.settings, &format!("record that statement {statement} begins"), &error)),
        }
    }

    fn statement_refused(&self, index: usize, error: &tokio_postgres::Error) -> Error {
        let name = self.migration.name.clone();
        match error.as_db_error() {
            _ if self.options.is_interrupted() => Error::InterruptedOutside { name, statement: index + 1 },
            Some(db) => Error::Statement {
                error: Box::new(StatementError::new(self.script, index, db, self.settings)),
                stays: true,
            },
            None => {
                let message = self.settings.redact(&error.to_string());
                Error::LostOutside { name, statement: index + 1, message }
            }
        }
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
        let failed = |error| refused(self.settings, "record how the migration ended", &error);
        self.client.batch_execute(include_str!("sql/forget_settings.sql")).await.map_err(failed)?;
        self.client.batch_execute("BEGIN").await.map_err(failed)?;
        let written = async {
            match outcome {
                Ok(Ending::Applied { duration, .. }) => {
                    record(self.client, self.settings, self.migration, self.options, *duration).await?;
                }
                _ => {
                    let parameters: Parameters<'_, 1> = [(&self.migration.name, Type::TEXT)];
                    self.client.query_typed(include_str!("sql/fail.sql"), &parameters).await.map_err(failed)?;
                }
            }
            let parameters: Parameters<'_, 1> = [(&self.token, Type::TEXT)];
            self.client.query_typed(include_str!("sql/lease_release.sql"), &parameters).await.map_err(failed)
        };
        let written = written.await;
        let end = if written.is_ok() { "COMMIT" } else { "ROLLBACK" };
        let ended = self.client.batch_execute(end).await.map_err(failed);
        written?;
        ended
    }
}

//! A file that is one transaction, with its row in the ledger.

use std::time::{Duration, Instant};

use tokio_postgres::Client;
use tokio_postgres::types::Type;

use super::error::Error;
use super::lock::{self, Holder};
use super::migration::{Decision, Ending, Migration, Options};
use super::table::{decide, refused, rows};
use super::watch::watched;
use crate::postgres::script::{Refused, WINDOW, send};
use crate::postgres::sql_text::Script;
use crate::postgres::{Canceller, ConnectionSettings, Session, StatementError};

/// How one try ended.
enum Attempt {
    Ended(Ending),
    Busy(Holder),
    /// COMMIT was sent, and no answer came.
    InFlight(String, Ending),
}

/// How long to wait between two looks at the lock.
const PAUSE: Duration = Duration::from_millis(200);

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
    let begun = Instant::now();
    loop {
        let attempt = session.run(async |client| {
            let work = Work { client, settings: &settings, canceller: &canceller, migration, script, options };
            work.attempt().await
        })?;
        match attempt {
            Attempt::Ended(ending) => return Ok(ending),
            Attempt::InFlight(message, ending) => return ask_again(session, migration, message, ending),
            Attempt::Busy(_) if options.is_interrupted() => {
                return Err(Error::Interrupted { name: migration.name.clone() });
            }
            Attempt::Busy(holder) if begun.elapsed() >= options.wait => return Err(holder.into()),
            Attempt::Busy(_) => std::thread::sleep(PAUSE),
        }
    }
}

struct Work<'a> {
    client: &'a Client,
    settings: &'a ConnectionSettings,
    canceller: &'a Canceller,
    migration: &'a Migration,
    script: &'a Script,
    options: &'a Options,
}

impl Work<'_> {
    async fn attempt(&self) -> Result<Attempt, Error> {
        let doing = self.migration.path.file_name().unwrap_or_default().to_string_lossy();
        let begin = lock::begin(self.options, &doing);
        self.client
            .batch_execute(&begin)
            .await
            .map_err(|error| refused(self.settings, "begin a transaction", &error))?;
        let ready = match self.inside().await {
            Ok(Attempt::Ended(ending @ Ending::Applied { .. })) if !self.options.is_interrupted() => ending,
            outcome => {
                // Where the connection is gone, the server rolls back itself.
                let _ = self.client.batch_execute("ROLLBACK").await;
                return match outcome {
                    // A statement that was cancelled since we were interrupted.
                    _ if self.options.is_interrupted() => Err(Error::Interrupted { name: self.migration.name.clone() }),
                    outcome => outcome,
                };
            }
        };
        match self.client.batch_execute("COMMIT").await {
            Ok(()) => Ok(Attempt::Ended(ready)),
            Err(error) => match error.as_db_error() {
                Some(db) if !is_shutdown(db.code().code()) => Err(self.commit_refused(db.message(), db.code().code())),
                _ => Ok(Attempt::InFlight(self.settings.redact(&error.to_string()), ready)),
            },
        }
    }

    /// Everything between BEGIN and COMMIT.
    async fn inside(&self) -> Result<Attempt, Error> {
        if let Some(holder) = lock::take(self.client, self.settings).await? {
            return Ok(Attempt::Busy(holder));
        }
        let name = self.migration.name.as_str();
        // Since the plan was made another runner may have been here.
        let rows = rows(self.client, self.settings, &[name]).await?;
        match decide(self.migration, rows.get(name), self.options) {
            Decision::Apply => {}
            Decision::Skip { applied_at, applied_by } => {
                return Ok(Attempt::Ended(Ending::Skipped { applied_at, applied_by }));
            }
            Decision::Refuse(error) => return Err(error),
        }
        let begun = Instant::now();
        let sent = watched(send(self.client, self.script, WINDOW), self.canceller, self.options, None).await;
        sent.map_err(|refused| self.statement_refused(refused))?;
        // What is deferred fails here and not in COMMIT, whose failure could
        // be a lost answer as well.
        let checked =
            watched(self.client.batch_execute("SET CONSTRAINTS ALL IMMEDIATE"), self.canceller, self.options, None);
        checked.await.map_err(|error| self.statement_refused(Refused { statement: None, error }))?;
        self.client
            .batch_execute(include_str!("sql/forget_settings.sql"))
            .await
            .map_err(|error| refused(self.settings, "reset what the file has set", &error))?;
        let duration = begun.elapsed();
        record(self.client, self.settings, self.migration, self.options, duration).await?;
        Ok(Attempt::Ended(Ending::Applied { statements: self.script.statements.len(), duration }))
    }

    fn statement_refused(&self, refused: Refused) -> Error {
        let Refused { statement, error } = refused;
        match (error.as_db_error(), statement) {
            (Some(db), Some(index)) => {
                let error = Box::new(StatementError::new(self.script, index, db, self.settings));
                Error::Statement { error, stays: false }
            }
            (Some(db), None) => self.commit_refused(db.message(), db.code().code()),
            (None, _) => {
                Error::Lost { name: self.migration.name.clone(), message: self.settings.redact(&error.to_string()) }
            }
        }
    }

    fn commit_refused(&self, message: &str, code: &str) -> Error {
        let message = self.settings.redact(message);
        Error::Commit { name: self.migration.name.clone(), message, code: code.to_owned() }
    }
}

/// What a server says that ends the session in the middle of whatever it does:
/// 57P01 to 57P03, and the class of lost connections.
fn is_shutdown(code: &str) -> bool {
    code.starts_with("57P0") || code.starts_with("08")
}

/// Writes the row of a file that is applied.
pub(super) async fn record(
    client: &Client,
    settings: &ConnectionSettings,
    migration: &Migration,
    options: &Options,
    duration: Duration,
) -> Result<(), Error> {
    let by = applied_by(settings, options);
    let parameters: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 4] = [
        (&migration.name, Type::TEXT),
        (&migration.sha256, Type::TEXT),
        (&by, Type::TEXT),
        (&lock::milliseconds(duration), Type::INT8),
    ];
    let recorded = client.query_typed(include_str!("sql/record.sql"), &parameters).await;
    recorded.map(drop).map_err(|error| refused(settings, "record the migration", &error))
}

/// The database's role, and the person or job behind it.
pub(super) fn applied_by(settings: &ConnectionSettings, options: &Options) -> String {
    settings.redact(&format!("{} ({})", settings.user, options.person()))
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

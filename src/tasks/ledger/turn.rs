//! What every file goes through before its first statement, and shares after.

use std::time::{Duration, Instant};

use tokio_postgres::Client;
use tokio_postgres::error::DbError;

use super::error::Error;
use super::lock::{self, Holder};
use super::migration::{Decision, Ending, Migration, Options};
use super::table::{decide, rows};
use crate::postgres::sql_text::Script;
use crate::postgres::{Canceller, ConnectionSettings, StatementError};

/// How long to wait between two looks at the lock.
const PAUSE: Duration = Duration::from_millis(200);

/// A file, and all that it is applied with.
#[derive(Clone, Copy)]
pub(super) struct Work<'a> {
    pub client: &'a Client,
    pub settings: &'a ConnectionSettings,
    pub canceller: &'a Canceller,
    pub migration: &'a Migration,
    pub script: &'a Script,
    pub options: &'a Options,
}

/// Whether it is for us to apply the file, now that nobody else can.
pub(super) enum Turn {
    Ours,
    /// There is nothing left to do.
    Over(Ending),
    /// Another runner is at work.
    Taken(Holder),
}

impl Work<'_> {
    /// Takes the lock for the transaction that is open, and looks whether the
    /// file is to be applied still: since the plan was made another runner may
    /// have been here.
    pub async fn turn(&self) -> Result<Turn, Error> {
        if let Some(holder) = lock::take(self.client, self.settings).await? {
            return Ok(Turn::Taken(holder));
        }
        let name = self.migration.name.as_str();
        let rows = rows(self.client, self.settings, &[name]).await?;
        match decide(self.migration, rows.get(name), self.options) {
            Decision::Apply => Ok(Turn::Ours),
            Decision::Skip { applied_at, applied_by } => Ok(Turn::Over(Ending::Skipped { applied_at, applied_by })),
            Decision::Refuse(error) => Err(error),
        }
    }

    /// What the server said of a statement, by its index; `stays` where those
    /// before it do.
    pub fn statement_refused(&self, index: usize, error: &DbError, stays: bool) -> Error {
        Error::Statement { error: Box::new(StatementError::new(self.script, index, error, self.settings)), stays }
    }
}

/// Tries until nobody else is at work, for as long as the options say.
pub(super) fn wait<T>(
    migration: &Migration,
    options: &Options,
    mut attempt: impl FnMut() -> Result<Result<T, Holder>, Error>,
) -> Result<T, Error> {
    let begun = Instant::now();
    loop {
        match attempt()? {
            Ok(done) => return Ok(done),
            Err(_) if options.is_interrupted() => {
                return Err(Error::Interrupted { name: migration.name.clone() });
            }
            Err(holder) if begun.elapsed() >= options.wait => return Err(holder.into()),
            Err(_) => std::thread::sleep(PAUSE),
        }
    }
}

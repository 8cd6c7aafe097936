//! One runner at a time.
//!
//! A file that is one transaction is guarded by an advisory lock of that
//! transaction: it is gone with it, however the runner ends, and a pooler
//! cannot keep it. A file with `-- no-transaction` has none to hang a lock on:
//! its runner takes a lease, a row that runs out, and renews it. Whoever looks
//! for the lease or takes it holds the lock, so the two guards are one.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Row};

use super::error::Error;
use super::migration::Options;
use super::table::refused;
use crate::postgres::{ConnectionSettings, Session};

/// "schemaca" as a number: its halves are how `pg_locks` shows it.
const LOCK: i64 = 0x7363_6865_6d61_6361;
const LOCK_HALVES: [(&(dyn ToSql + Sync), Type); 2] = [(&0x7363_6865_u32, Type::OID), (&0x6d61_6361_u32, Type::OID)];

/// Who is at work, and since when where that is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Holder {
    pub name: String,
    pub since: Option<String>,
}

impl From<Holder> for Error {
    fn from(holder: Holder) -> Self {
        Error::Busy { holder: holder.name, since: holder.since }
    }
}

/// What begins a transaction of the ledger's.
///
/// Where strings end was decided with standard_conforming_strings on. The
/// name is for whoever looks who holds a lock. A server that finds out that
/// its client is gone only when a statement is done keeps its locks until
/// then, so it is told to look each second, where its system can.
pub(super) fn begin(options: &Options, doing: &str) -> String {
    let name: String = format!("schemacast: {}, {doing}", options.person()).chars().take(NAME_LENGTH).collect();
    let mut sql = format!(
        "BEGIN; SET LOCAL standard_conforming_strings = on; SET LOCAL application_name = '{}'",
        name.replace('\'', "''")
    );
    for (setting, limit) in [("lock_timeout", options.lock_timeout), ("statement_timeout", options.statement_timeout)] {
        if let Some(limit) = limit {
            // Zero is no limit to the server, and a limit it was.
            sql.push_str(&format!("; SET LOCAL {setting} = {}", limit.as_millis().max(1)));
        }
    }
    sql.push_str(
        "; SELECT pg_catalog.set_config('client_connection_check_interval', '1000', true) \
         WHERE pg_catalog.version() LIKE '%linux%'",
    );
    sql
}

/// The server cuts names to 63 bytes, with a notice.
const NAME_LENGTH: usize = 40;

/// Takes the lock for this transaction; or says who is at work.
pub(super) async fn take(client: &Client, settings: &ConnectionSettings) -> Result<Option<Holder>, Error> {
    let failed = |error| refused(settings, "take the lock of the ledger", &error);
    let sql = format!("SELECT pg_catalog.pg_try_advisory_xact_lock({LOCK})");
    let rows = client.query_typed(&sql, &[]).await.map_err(failed)?;
    let taken = rows.first().map(|row| row.try_get(0)).transpose().map_err(failed)?.unwrap_or(false);
    let rows = if taken {
        client.query_typed(include_str!("sql/lease_live.sql"), &[]).await
    } else {
        client.query_typed(include_str!("sql/holder.sql"), &LOCK_HALVES).await
    };
    let rows = rows.map_err(failed)?;
    match rows.first() {
        Some(row) => Ok(Some(named(row).map_err(failed)?)),
        None if taken => Ok(None),
        // It was let go of in this moment.
        None => Ok(Some(Holder { name: "one that is just done".to_owned(), since: None })),
    }
}

/// Says who is at work, and takes nothing. `is_there` says whether the ledger's
/// tables are.
pub(super) async fn holder(
    client: &Client,
    settings: &ConnectionSettings,
    is_there: bool,
) -> Result<Option<Holder>, Error> {
    let failed = |error| refused(settings, "look for the lock of the ledger", &error);
    let mut rows = client.query_typed(include_str!("sql/holder.sql"), &LOCK_HALVES).await.map_err(failed)?;
    if rows.is_empty() && is_there {
        rows = client.query_typed(include_str!("sql/lease_live.sql"), &[]).await.map_err(failed)?;
    }
    rows.first().map(|row| named(row).map_err(failed)).transpose()
}

fn named(row: &Row) -> Result<Holder, tokio_postgres::Error> {
    let name: Option<String> = row.try_get(0)?;
    Ok(Holder { name: name.unwrap_or_else(|| "unknown".to_owned()), since: row.try_get(1)? })
}

/// Takes the lock for this transaction and waits for it, without a look at
/// the lease: for whoever only wants to read what is certain.
pub(super) async fn wait_for(client: &Client) -> Result<(), tokio_postgres::Error> {
    client.batch_execute(&format!("SELECT pg_catalog.pg_advisory_xact_lock({LOCK})")).await
}

/// Takes the lease and gives its token. The lock is held, and nobody has it.
pub(super) async fn take_lease(
    client: &Client,
    settings: &ConnectionSettings,
    options: &Options,
) -> Result<String, Error> {
    let failed = |error| refused(settings, "take the lease of the ledger", &error);
    let holder = format!("{} (schemacast, process {})", options.person(), std::process::id());
    let rows = client
        .query_typed(
            include_str!("sql/lease_take.sql"),
            &[(&holder, Type::TEXT), (&milliseconds(options.lease), Type::INT8)],
        )
        .await
        .map_err(failed)?;
    let none = || Error::Ledger { message: "the lease of the ledger was not given".to_owned(), is_lost: false };
    let row = rows.first().ok_or_else(none)?;
    row.try_get(0).map_err(failed)
}

pub(super) fn milliseconds(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

/// Renews a lease while a statement runs, over a connection of its own which
/// it opens when the first renewal is due. Dropping it ends that.
pub(super) struct Keeper {
    stopped: Arc<(Mutex<bool>, Condvar)>,
}

impl Keeper {
    pub(super) fn start(settings: &ConnectionSettings, token: &str, lease: Duration) -> Keeper {
        let stopped = Arc::new((Mutex::new(false), Condvar::new()));
        let (settings, token, flag) = (settings.clone(), token.to_owned(), Arc::clone(&stopped));
        // Nobody waits for it: what it renews after the release is no row.
        std::thread::spawn(move || keep(&settings, &token, lease, &flag));
        Keeper { stopped }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        *self.stopped.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.stopped.1.notify_all();
    }
}

fn keep(settings: &ConnectionSettings, token: &str, lease: Duration, stopped: &(Mutex<bool>, Condvar)) {
    let mut session = None;
    loop {
        let guard = stopped.0.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = stopped.1.wait_timeout_while(guard, lease / 4, |stopped| !*stopped);
        if *waited.unwrap_or_else(PoisonError::into_inner).0 {
            return;
        }
        // What cannot be renewed now is tried again; where it never can, the
        // lease runs out, and the runner is told before its next statement.
        if session.is_none() {
            session = Session::connect(settings).ok();
        }
        let renewed = session.as_mut().map(|session| {
            session.run(async |client| {
                let parameters: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 2] =
                    [(&token, Type::TEXT), (&milliseconds(lease), Type::INT8)];
                client.query_typed(include_str!("sql/lease_renew.sql"), &parameters).await.is_ok()
            })
        });
        if renewed == Some(false) {
            session = None;
        }
    }
}

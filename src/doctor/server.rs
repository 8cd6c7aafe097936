//! What the server is, and whether it takes what a chain sends.

use std::time::{Duration, SystemTime};

use tokio_postgres::Row;

use super::applied::Pending;
use super::check::Check;
use super::live::Live;
use crate::codegen::sql::identifier;

/// What is known of the server and the role.
pub(super) struct Facts {
    version_number: i32,
    version: String,
    standby: bool,
    read_only: bool,
    statement_timeout: Duration,
    lock_timeout: Duration,
    /// By how many seconds its clock is ahead of ours, and how many of them
    /// may be the way there and back.
    clock: (f64, f64),
    /// How long the backend has served.
    pub age: Option<Duration>,
    pub role: String,
    pub superuser: bool,
    pub bypasses_rls: bool,
    pub creates_in_database: bool,
    pub database: String,
}

pub(super) fn facts(live: &mut Live) -> Result<Facts, String> {
    let before = epoch();
    let rows = live.rows("ask the server what it is", include_str!("sql/facts.sql"), &[])?;
    let after = epoch();
    let row = rows.first().ok_or("the server does not say who is connected")?;
    read(row, before, after).map_err(|error| format!("its answer is not what was asked for: {error}"))
}

fn read(row: &Row, before: f64, after: f64) -> Result<Facts, tokio_postgres::Error> {
    let milliseconds = |at| -> Result<Duration, tokio_postgres::Error> {
        let setting: Option<i64> = row.try_get(at)?;
        Ok(Duration::from_millis(setting.and_then(|value| u64::try_from(value).ok()).unwrap_or(0)))
    };
    let now: f64 = row.try_get(6)?;
    let age: Option<f64> = row.try_get(7)?;
    Ok(Facts {
        version_number: row.try_get(0)?,
        version: row.try_get(1)?,
        standby: row.try_get(2)?,
        read_only: row.try_get(3)?,
        statement_timeout: milliseconds(4)?,
        lock_timeout: milliseconds(5)?,
        clock: (now - (before + after) / 2.0, (after - before) / 2.0),
        age: age.and_then(|age| Duration::try_from_secs_f64(age).ok()),
        role: row.try_get(8)?,
        superuser: row.try_get(9)?,
        bypasses_rls: row.try_get(10)?,
        creates_in_database: row.try_get(11)?,
        database: row.try_get(12)?,
    })
}

fn epoch() -> f64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}

/// The oldest and the newest major version whose catalog is known.
const KNOWN: (i32, i32) = (14, 18);

pub(super) fn version(facts: &Facts) -> Check {
    let name = "server";
    let note = format!("Postgres {}, database {}", facts.version, facts.database);
    match facts.version_number / 10_000 {
        major if major < KNOWN.0 => {
            let note = format!("{note}: the oldest that can be read is {}", KNOWN.0);
            Check::bad(name, note, "upgrade the server")
        }
        major if major > KNOWN.1 => {
            let note = format!("{note}: newer than {}, the newest that is known", KNOWN.1);
            Check::warning(name, note, "look whether there is a newer schemacast; what this one does not know it names")
        }
        _ => Check::good(name, note),
    }
}

/// How far two clocks may be apart before reports confuse.
const SKEW: f64 = 60.0;

pub(super) fn clock(facts: &Facts) -> Check {
    let name = "clock";
    let (ahead, doubt) = facts.clock;
    if ahead.abs() - doubt <= SKEW {
        return Check::good(name, "this machine's and the server's agree");
    }
    let direction = if ahead > 0.0 { "ahead of" } else { "behind" };
    let note = format!("the server's clock is {:.0} s {direction} this machine's", ahead.abs());
    Check::warning(name, note, "set this machine's clock (NTP); certificates and the times of runs go by it")
}

/// Whether the server takes what changes something.
pub(super) fn writes(facts: &Facts, pending: Pending) -> Check {
    let reason = match (facts.standby, facts.read_only) {
        (true, _) => "the server is a standby, which takes no writes",
        (false, true) => "transactions are read only there (default_transaction_read_only)",
        (false, false) => return Check::good("writes", "the server takes them"),
    };
    let fix = match facts.standby {
        true => "take the primary's URL where migrations are to be applied".to_owned(),
        false => format!(
            "where migrations are to be applied: ALTER ROLE {} RESET default_transaction_read_only",
            identifier(&facts.role)
        ),
    };
    match pending {
        Pending::Some => Check::bad("writes", format!("{reason}, and migrations are pending"), fix),
        Pending::None | Pending::Unknown => Check::warning("writes", format!("{reason}; reading is no matter"), fix),
    }
}

/// What is too short for a migration of a large table.
const SHORT: Duration = Duration::from_secs(60);

pub(super) fn timeouts(facts: &Facts, pending: Pending) -> Check {
    let name = "timeouts";
    let limit = facts.statement_timeout;
    if !limit.is_zero() && limit < SHORT && pending != Pending::None {
        let note = format!("statement_timeout is {}: a longer migration is cancelled", shown(limit));
        let role = identifier(&facts.role);
        return Check::warning(
            name,
            note,
            format!("for the role that migrates: ALTER ROLE {role} SET statement_timeout = '15min'"),
        );
    }
    // Waiting long for a lock stops everybody else: that one is only named.
    let note = format!("statement_timeout {}, lock_timeout {}", shown(limit), shown(facts.lock_timeout));
    Check::good(name, note)
}

fn shown(limit: Duration) -> String {
    match limit.as_millis() {
        0 => "none".to_owned(),
        milliseconds if milliseconds < 1000 => format!("{milliseconds} ms"),
        _ => format!("{} s", limit.as_secs()),
    }
}

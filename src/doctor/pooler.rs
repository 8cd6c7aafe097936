//! Whether a pooler stands between, and of which mode.
//!
//! A pooler does not say so: its databases know no `SHOW pool_mode`, and what
//! it refuses at start-up differs from one to the next. What gives it away is
//! what it does. While a connection is idle, a transaction pooler lends its
//! backend to the next one: so a second connection that opens a transaction
//! meets the first one's backend, or the first finds itself on another. A
//! session pooler hands over a backend that is older than the connection.
//! Where neither can be seen, the known hosts and ports speak.

use std::time::Duration;

use super::check::Check;
use super::live::Live;
use super::server::Facts;
use crate::postgres::{ConnectionSettings, Session};
use crate::tasks::ledger::Migration;

const NAME: &str = "pooler";

const PID: &str = "SELECT pg_catalog.pg_backend_pid()";

/// How much older than its connection a backend may look.
const DOUBT: Duration = Duration::from_secs(2);

/// How backends are shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pooling {
    Transaction,
    Session,
    None,
}

/// What was seen of backends, by their process ids.
#[derive(Debug, Clone, Copy)]
struct Seen {
    first: i32,
    /// A second connection's, inside a transaction.
    beside: i32,
    /// The first connection's, while that transaction was open.
    again: i32,
}

pub(super) fn look(live: &mut Live, facts: &Facts, migrations: &[Migration]) -> Check {
    let is_older = facts.age.is_some_and(|age| age > live.since() + DOUBT);
    if live.is_scratch() {
        return Check::good(NAME, "none: a scratch server");
    }
    let seen = seen(live);
    let (pooling, how) = judge(live.settings(), seen.as_ref().ok().copied(), is_older);
    match (pooling, seen) {
        (Pooling::Transaction, _) => transaction(&how, migrations),
        (Pooling::Session, _) => Check::good(NAME, format!("a session pooler: {how}")),
        (Pooling::None, Ok(_)) => Check::good(NAME, how),
        (Pooling::None, Err(why)) => {
            Check::not_made(NAME, why, "what is applied goes through either; a direct URL is the surest")
        }
    }
}

/// Everything here works behind a transaction pooler, but what is one
/// transaction has its lock_timeout, and what is none has not.
fn transaction(how: &str, migrations: &[Migration]) -> Check {
    let outside: Vec<&str> = migrations
        .iter()
        .filter(|migration| migration.script.as_ref().is_ok_and(|script| !script.transaction))
        .map(|migration| migration.name.as_str())
        .collect();
    let note = format!("a transaction pooler: {how}");
    if outside.is_empty() {
        return Check::good(NAME, format!("{note}; all that is sent fits one"));
    }
    let note = format!("{note}; {} runs outside of a transaction, where the pooler's limits hold", outside.join(", "));
    Check::warning(NAME, note, "take the direct URL, or the session pooler's, for the migrations")
}

fn seen(live: &mut Live) -> Result<Seen, String> {
    let first = pid(live)?;
    let mut settings = live.settings().clone();
    // One that has no second connection to give need not be waited for long.
    settings.connect_timeout = settings.connect_timeout.map(|limit| limit.min(Duration::from_secs(3)));
    let mut second = Session::connect(&settings).map_err(|error| format!("no second connection: {error}"))?;
    let limit = live.limit();
    let beside = second.run(async |client| {
        let ask = async {
            client.batch_execute("BEGIN READ ONLY").await?;
            client.query_typed_one(PID, &[]).await?.try_get(0)
        };
        tokio::time::timeout(limit.min(Duration::from_secs(5)), ask).await
    });
    let beside: i32 = match beside {
        Ok(Ok(pid)) => pid,
        Ok(Err(error)) => return Err(second.explain("open a transaction", &error)),
        Err(_) => return Err("a second connection is not served while the first is open".to_owned()),
    };
    // Where the second has it, the first would wait for it: it is not asked.
    let again = if beside == first { first } else { pid(live)? };
    second.run(async |client| {
        // A connection that is closed rolls back as well.
        let _ = tokio::time::timeout(Duration::from_secs(1), client.batch_execute("ROLLBACK")).await;
    });
    Ok(Seen { first, beside, again })
}

fn pid(live: &mut Live) -> Result<i32, String> {
    let rows = live.rows("ask for the backend's number", PID, &[])?;
    let row = rows.first().ok_or("the server gives no number of its backend")?;
    row.try_get(0).map_err(|error| error.to_string())
}

fn judge(settings: &ConnectionSettings, seen: Option<Seen>, is_older: bool) -> (Pooling, String) {
    if let Some(seen) = seen {
        if seen.beside == seen.first {
            return (Pooling::Transaction, "two connections were on one backend".to_owned());
        }
        if seen.again != seen.first {
            return (Pooling::Transaction, "one connection was on two backends".to_owned());
        }
    }
    // https://supabase.com/docs/guides/database/connecting-to-postgres: 6543 is
    // transaction mode, 5432 of the same hosts is session mode; Neon's -pooler
    // hosts are transaction mode, https://neon.com/docs/connect/connection-pooling
    if settings.is_neon_pooler() {
        return (Pooling::Transaction, format!("Neon's host {}", settings.host));
    }
    if settings.port == 6543 && !is_older {
        return (Pooling::Transaction, "port 6543 is one by custom".to_owned());
    }
    if is_older {
        return (Pooling::Session, "its backend is older than the connection".to_owned());
    }
    if settings.is_supabase_pooler() {
        return (Pooling::Session, format!("Supabase's host {}", settings.host));
    }
    (Pooling::None, "none seen: one connection keeps one backend".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Outcome;

    fn judged(url: &str, seen: Option<[i32; 3]>, is_older: bool) -> Pooling {
        let seen = seen.map(|[first, beside, again]| Seen { first, beside, again });
        judge(&ConnectionSettings::parse(url).unwrap(), seen, is_older).0
    }

    #[test]
    fn what_backends_do_tells_a_pooler_and_hosts_where_they_do_not() {
        let direct = "postgres://u@db.example.com/d";
        assert_eq!(judged(direct, Some([1, 2, 1]), false), Pooling::None);
        assert_eq!(judged(direct, Some([1, 1, 1]), false), Pooling::Transaction);
        assert_eq!(judged(direct, Some([1, 2, 3]), false), Pooling::Transaction);
        assert_eq!(judged(direct, Some([1, 2, 1]), true), Pooling::Session);
        assert_eq!(judged("postgres://u@db.example.com:6543/d", None, false), Pooling::Transaction);
        let neon = "postgres://u@ep-cool-1-pooler.eu-central-1.aws.neon.tech/d";
        assert_eq!(judged(neon, Some([1, 2, 1]), false), Pooling::Transaction);
        let supabase = "postgres://postgres.ref@aws-0-eu.pooler.supabase.com:5432/d";
        assert_eq!(judged(supabase, Some([1, 2, 1]), false), Pooling::Session);
    }

    #[test]
    fn a_file_outside_of_a_transaction_wants_a_direct_connection() {
        let migration = |sql: &str| Migration::new("shop/1.sql", std::path::Path::new("1.sql"), sql.as_bytes());
        let inside = migration("CREATE TABLE t ();");
        let outside = migration("-- no-transaction\nCREATE INDEX CONCURRENTLY i ON t (a);");
        assert_eq!(transaction("seen", std::slice::from_ref(&inside)).outcome, Outcome::Good);
        let check = transaction("seen", &[inside, outside]);
        assert_eq!(check.outcome, Outcome::Warning);
        assert!(check.note.contains("shop/1.sql runs outside"), "{}", check.note);
    }
}

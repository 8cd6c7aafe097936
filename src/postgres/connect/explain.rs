//! What a failed statement means, in one line for a person.

use std::error::Error as _;

use tokio_postgres::error::SqlState;

use crate::postgres::settings::ConnectionSettings;

/// A line for an error that came while something was done: what, where, what
/// Postgres says of it, and the likely fix. tokio-postgres' own text is
/// `db error` and no more.
///
/// `doing` goes on after "cannot": `read the catalog`.
pub(crate) fn explain(settings: &ConnectionSettings, doing: &str, error: &tokio_postgres::Error) -> String {
    let place = settings.place();
    let Some(db) = error.as_db_error() else {
        let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
        let fix = if error.is_closed() { "; the server closed the connection, so try again" } else { "" };
        return settings.redact(&format!("cannot {doing} at {place}: {error}{cause}{fix}"));
    };
    let mut text = format!("cannot {doing} at {place}: {} ({})", db.message(), db.code().code());
    for more in [db.detail(), db.hint()].into_iter().flatten() {
        text.push_str("; ");
        text.push_str(more);
    }
    if let Some(fix) = fix(db.code(), &settings.user) {
        text.push_str("; ");
        text.push_str(&fix);
    }
    settings.redact(&text)
}

fn fix(code: &SqlState, user: &str) -> Option<String> {
    let fix = match code.code() {
        "57014" => "the statement took longer than the server allows: try again when it is less busy, or raise statement_timeout for this role".to_owned(),
        "42501" => format!("`{user}` lacks a privilege: grant it to that role, or connect as the owner"),
        "55P03" | "40P01" => "another session holds the lock: try again, or find it in pg_stat_activity".to_owned(),
        "57P01" | "57P02" => "the server is being restarted: try again".to_owned(),
        "25006" => "this server takes no writes: connect to the primary instead of a replica".to_owned(),
        "42P05" | "26000" => "a pooler mixed up prepared statements: take the direct URL, and please report this".to_owned(),
        _ => return None,
    };
    Some(fix)
}

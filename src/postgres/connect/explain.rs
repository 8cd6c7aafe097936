//! What a failed statement means, in one line for a person.

use std::error::Error as _;

use crate::postgres::advice::{Refusal, advice};
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
    for advice in advice(&Refusal::new(db, ""), &settings.user, &[]) {
        text.push_str("; ");
        text.push_str(&advice);
    }
    settings.redact(&text)
}

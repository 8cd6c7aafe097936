//! Has the database take a snapshot of its own catalog.

use crate::tasks::database::Connection;
use crate::tasks::execute::query::{self, Mode};
use crate::tasks::execute::{Context, Done, Failure};

/// Calls `catalog.capture_snapshot(label)`, which a project's migration makes.
pub fn act(context: &Context<'_>, label: &str, connection: &mut Connection) -> Result<Done, Failure> {
    let is_there = "SELECT 1 FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace \
                    WHERE n.nspname = 'catalog' AND p.proname = 'capture_snapshot'";
    if query::rows(context, connection, is_there, Mode::ReadOnly, None)?.0.is_empty() {
        let message = "the database has no function catalog.capture_snapshot: a migration of the project makes it, so apply that first";
        return Err(Failure::new(message));
    }
    let argument = if label.is_empty() { "NULL".to_owned() } else { format!("'{}'", label.replace('\'', "''")) };
    let sql = format!("SELECT catalog.capture_snapshot(label => {argument}) AS snapshot");
    let rows = query::rows(context, connection, &sql, Mode::ReadWrite, None)?;
    let outcome = rows.outcome();
    (context.log)(&format!("took a snapshot: {}", outcome.clone().unwrap_or_default()));
    Ok(Done { outcome, ..Done::default() })
}

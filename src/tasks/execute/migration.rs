//! A migration: a file of SQL, applied whole or not at all.

use std::fs;
use std::path::Path;

use super::{Context, Done, Failure, limit};
use crate::postgres::Session;
use crate::postgres::script::{self, ScriptError};
use crate::tasks::database::Connection;

pub fn apply(context: &Context<'_>, connection: &mut Connection) -> Result<Done, Failure> {
    let name = context.task.file.as_deref().unwrap_or_default();
    let path = context.places.of(name);
    let shown = context.places.shown(&path);
    let sql = fs::read_to_string(&path).map_err(|error| Failure::new(format!("cannot read {shown}: {error}")))?;
    (context.log)(&format!("applying {shown}"));
    let (applied, stopped) = connection.with_limit(limit(context.task), context.interrupt, |session| {
        apply_migration(session, Path::new(&shown), &sql)
    })?;
    match (applied, stopped) {
        (Ok(skipped), _) => Ok(Done { skipped, ..Done::default() }),
        (Err(_), Some(stopped)) => Err(Failure::Stopped(stopped)),
        (Err(error), None) => {
            let code = match &error {
                ScriptError::Statement(statement) => Some(statement.code.clone()),
                ScriptError::Connection { .. } => None,
            };
            Err(Failure::Failed { message: error.to_string(), code, done: Box::default() })
        }
    }
}

/// The one place that applies a migration: `Some` says why there was nothing
/// to do.
fn apply_migration(session: &mut Session, path: &Path, sql: &str) -> Result<Option<String>, ScriptError> {
    script::apply(session, path, sql)?;
    Ok(None)
}

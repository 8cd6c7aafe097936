//! A migration: a file of SQL, applied whole or not at all, and once.

use super::{Context, Done, Failure, limit};
use crate::tasks::database::Connection;
use crate::tasks::ledger::{self, Ending, Migration};

pub fn apply(context: &Context<'_>, connection: &mut Connection) -> Result<Done, Failure> {
    let file = context.task.file.as_deref().unwrap_or_default();
    let path = context.places.of(file);
    let shown = context.places.shown(&path);
    // One database may have the migrations of several projects.
    let name = format!("{}/{}", context.places.layout.name, file.rsplit('/').next().unwrap_or(file));
    let migration =
        Migration::read(name, &path).map_err(|error| Failure::new(format!("cannot read {shown}: {error}")))?;
    (context.log)(&format!("applying {shown}"));
    let options = ledger::Options { interrupted: Some(context.interrupt.flag()), ..ledger::Options::default() };
    let (outcomes, stopped) = connection.with_limit(limit(context.task), context.interrupt, |session| {
        ledger::apply(session, std::slice::from_ref(&migration), &options)
    })?;
    let Some(outcome) = outcomes.into_iter().next() else {
        return Err(Failure::new(format!("nothing is known of {shown}")));
    };
    for notice in &outcome.notices {
        (context.log)(&notice.to_string());
    }
    match (outcome.ending, stopped) {
        (Ending::Applied { .. }, _) => Ok(Done::default()),
        (Ending::Skipped { applied_at, applied_by }, _) => {
            let skipped = Some(format!("applied on {applied_at} by {applied_by}, and unchanged"));
            Ok(Done { skipped, ..Done::default() })
        }
        (_, Some(stopped)) => Err(Failure::Stopped(stopped)),
        (Ending::Failed(error), None) => {
            let code = match &error {
                ledger::Error::Statement { error, .. } => Some(error.code.clone()),
                _ => None,
            };
            Err(Failure::Failed { message: error.to_string(), code, done: Box::default() })
        }
        (Ending::NotReached, None) => Err(Failure::new(format!("{shown} was not reached"))),
    }
}

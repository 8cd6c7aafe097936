//! A migration: a file of SQL, applied whole or not at all, and once.

use std::mem;
use std::thread;
use std::time::{Duration, Instant};

use super::{Context, Done, Failure, limit};
use crate::postgres::bootstrap;
use crate::tasks::database::{Connection, Stopped};
use crate::tasks::ledger::{self, Ending, Error, Migration};

/// How long another runner is waited for: longer than the lease of one that is
/// dead is believed, so that the answer is about what it left and not about it.
const WAIT: Duration = Duration::from_secs(90);

/// How long between two looks whether it is done.
const PAUSE: Duration = Duration::from_millis(200);

pub fn apply(context: &Context<'_>, connection: &mut Connection) -> Result<Done, Failure> {
    let file = context.task.file.as_deref().unwrap_or_default();
    let path = context.places.of(file);
    let shown = context.places.shown(&path);
    // One database may have the migrations of several projects.
    let name = format!("{}/{}", context.places.layout.name, file.rsplit('/').next().unwrap_or(file));
    let migration =
        Migration::read(name, &path).map_err(|error| Failure::new(format!("cannot read {shown}: {error}")))?;
    (context.log)(&format!("applying {shown}"));
    let options = ledger::Options {
        interrupted: Some(context.interrupt.flag()),
        lock_timeout: context.task.lock_timeout.map(Duration::from_secs),
        files: bootstrap::readable_files(&context.places.layout),
        ..ledger::Options::default()
    };
    let begun = Instant::now();
    let patience = limit(context.task).map_or(WAIT, |limit| limit.min(WAIT));
    let mut is_told = false;
    loop {
        let (outcomes, stopped) = connection.with_limit(limit(context.task), context.interrupt, |session| {
            ledger::apply(session, std::slice::from_ref(&migration), &options)
        })?;
        let Some(outcome) = outcomes.into_iter().next() else {
            return Err(Failure::new(format!("nothing is known of {shown}")));
        };
        for notice in &outcome.notices {
            (context.log)(&notice.to_string());
        }
        let busy = match (outcome.ending, stopped) {
            (Ending::Applied { .. }, _) => return Ok(Done::default()),
            (Ending::Skipped { applied_at, applied_by }, _) => {
                let skipped = Some(format!("applied on {applied_at} by {applied_by}, and unchanged"));
                return Ok(Done { skipped, ..Done::default() });
            }
            (_, Some(stopped)) => return Err(Failure::Stopped(stopped)),
            (Ending::Failed(error @ Error::Busy { .. }), None) if begun.elapsed() < patience => error,
            (Ending::Failed(error), None) => return Err(failed(error)),
            (Ending::NotReached, None) => return Err(Failure::new(format!("{shown} was not reached"))),
        };
        if context.interrupt.is_raised() {
            return Err(Failure::Stopped(Stopped::Interrupted));
        }
        if !mem::replace(&mut is_told, true) {
            (context.log)(&format!("waiting: {busy}"));
        }
        thread::sleep(PAUSE);
    }
}

/// The failure, with its advice beside its text and not in both.
fn failed(mut error: Error) -> Failure {
    let advice = error.advice();
    if let Error::Statement { error, .. } = &mut error {
        error.advice.clear();
    }
    Failure::Failed { message: error.to_string(), advice, done: Box::default() }
}

//! Whether somebody runs the project's tasks at this moment.

use super::Subject;
use super::check::Check;
use crate::tasks::Run;
use crate::tasks::record::{self, State};

const NAME: &str = "no run under way";

/// Looks through the records of runs, whose locks tell who is alive.
pub(super) fn look(subject: &Subject) -> Check {
    let runs = subject.places.runs();
    let live = |run: &Run| run.state == State::Running;
    let fix = format!("remove the damaged folder below {}", subject.places.shown(&runs));
    match record::last_where(&runs, live) {
        Err(error) => return Check::not_made(NAME, error.to_string(), fix),
        Ok(Some((run, _))) => {
            let note = format!("the run {} goes on since {}, in process {}", run.id, run.started, run.process);
            let follow = format!("wait until it has ended: schemacast logs {} --follow", subject.name());
            return Check::bad(NAME, note, follow);
        }
        Ok(None) => {}
    }
    match record::last(&runs) {
        Ok(Some((run, _))) if run.state == State::Interrupted => {
            let note = format!("the last run, {}, was cut short: its process is gone", run.id);
            Check::warning(NAME, note, format!("go on with it: schemacast run-chain {} --resume", subject.name()))
        }
        Ok(Some((run, _))) => Check::good(NAME, format!("the last one, {}, {}", run.id, run.state.word())),
        Ok(None) => Check::good(NAME, "there was none yet"),
        Err(error) => Check::not_made(NAME, error.to_string(), fix),
    }
}

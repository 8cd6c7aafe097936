//! `schemacast status` and `schemacast progress`: how the last run stands.

use super::args::{Common, Progress, Status};
use super::print::Printer;
use super::{Error, Verdict};
use crate::tasks::record::State;
use crate::workspace::{named_task, runs};

pub fn status(common: &Common, verb: &Status, printer: &mut Printer) -> Result<Verdict, Error> {
    let (name, task) = named_task(&verb.name);
    let places = common.workspace().places(name)?;
    let mut run = runs::last(&places, task)?;
    if let Some(id) = task {
        run.tasks.retain(|task| task.id == id);
    }
    printer.result(&run, &runs::status(&places, &run, task))?;
    Ok(verdict(task.and_then(|id| run.task(id)).map_or(run.state, |task| task.state)))
}

pub fn progress(common: &Common, verb: &Progress, printer: &mut Printer) -> Result<Verdict, Error> {
    let places = common.workspace().places(&verb.project)?;
    let run = runs::last(&places, None)?;
    printer.result(&run, &runs::progress(&run))?;
    Ok(verdict(run.state))
}

/// A run that goes on is no failure.
fn verdict(state: State) -> Verdict {
    let is_good = state.is_success() || matches!(state, State::Running | State::Pending);
    if is_good { Verdict::Yes } else { Verdict::No }
}

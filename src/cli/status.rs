//! `schemacast status` and `schemacast progress`: how the last run stands.

use super::args::{Common, Progress, Status};
use super::print::Printer;
use super::{Error, Verdict};
use crate::tasks::Run;
use crate::tasks::chain::log_path;
use crate::tasks::places::Places;
use crate::tasks::record::{self, State};
use crate::workspace::named_task;

pub fn status(common: &Common, verb: &Status, printer: &mut Printer) -> Result<Verdict, Error> {
    let (name, task) = named_task(&verb.name);
    let places = common.workspace().places(name)?;
    let wanted = |run: &Run| task.is_none_or(|task| run.task(task).is_some());
    let Some((mut run, _)) = record::last_where(&places.runs(), wanted)? else { return none(&places, task) };
    let mut text = head(&run);
    match task {
        None => text.push_str(&record::lines(&run)),
        Some(id) => {
            run.tasks.retain(|task| task.id == id);
            text.push_str(&record::lines(&run));
            for task in &run.tasks {
                for line in task.reason.iter().flat_map(|reason| reason.lines().skip(1)) {
                    text.push_str(&format!("    {line}\n"));
                }
                for hint in &task.hints {
                    text.push_str(&format!("  hint: {hint}\n"));
                }
                let log = log_path(&places, &run.id, id);
                if log.is_file() {
                    text.push_str(&format!("  log: {}\n", places.shown(&log)));
                }
            }
        }
    }
    printer.result(&run, &text)?;
    Ok(verdict(task.and_then(|id| run.task(id)).map_or(run.state, |task| task.state)))
}

pub fn progress(common: &Common, verb: &Progress, printer: &mut Printer) -> Result<Verdict, Error> {
    let places = common.workspace().places(&verb.project)?;
    let Some((run, _)) = record::last(&places.runs())? else { return none(&places, None) };
    let done = run.tasks.iter().filter(|task| task.state.is_success()).count();
    let text = format!("{}{done} of {} tasks done\n", record::lines(&run), run.tasks.len());
    printer.result(&run, &text)?;
    Ok(verdict(run.state))
}

fn head(run: &Run) -> String {
    let database = run.database.as_ref().map(|place| format!(", on {place}")).unwrap_or_default();
    format!("run {} {}, begun {}{database}\n", run.id, run.state.word(), run.started)
}

/// A run that goes on is no failure.
fn verdict(state: State) -> Verdict {
    let is_good = state.is_success() || matches!(state, State::Running | State::Pending);
    if is_good { Verdict::Yes } else { Verdict::No }
}

fn none(places: &Places, task: Option<&str>) -> Result<Verdict, Error> {
    let name = &places.layout.name;
    let what = task.map_or_else(|| name.clone(), |task| format!("{name}:{task}"));
    let verb = if task.is_some() { "run" } else { "run-chain" };
    Err(Error::Usage(format!("{what} has not run here yet: `schemacast {verb} {what}` runs it")))
}

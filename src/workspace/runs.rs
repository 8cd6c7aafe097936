//! What became of runs, in words: which run a question is about, and the
//! answer for people.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

use super::Error;
use crate::codegen::names::nearest;
use crate::tasks::chain::log_path;
use crate::tasks::places::Places;
use crate::tasks::record::{self, Folder, State};
use crate::tasks::{Run, TaskRun};

/// The last run, or the last that a task was part of.
///
/// # Errors
/// There is none yet.
pub fn last(places: &Places, task: Option<&str>) -> Result<Run, Error> {
    let wanted = |run: &Run| task.is_none_or(|task| run.task(task).is_some());
    if let Some((run, _)) = record::last_where(&places.runs(), wanted)? {
        return Ok(run);
    }
    let name = &places.layout.name;
    let what = task.map_or_else(|| name.clone(), |task| format!("{name}:{task}"));
    let verb = if task.is_some() { "run" } else { "run-chain" };
    Err(Error::Usage(format!("{what} has not run here yet: `schemacast {verb} {what}` runs it")))
}

/// Which logs are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'w> {
    /// The run, instead of the last that fits.
    pub run: Option<&'w str>,
    /// One task of it.
    pub task: Option<&'w str>,
    /// Only of tasks that failed.
    pub failed: bool,
}

impl Wanted<'_> {
    /// Whether a task's log is among them.
    pub fn holds(&self, run: &TaskRun) -> bool {
        self.task.is_none_or(|task| run.id == task) && (!self.failed || run.state.is_failure())
    }

    /// The run that has them.
    ///
    /// # Errors
    /// There is no such run or task.
    pub fn find(&self, places: &Places) -> Result<(Run, Folder), Error> {
        let runs = places.runs();
        let found = match self.run {
            Some(id) => {
                let ids = record::ids(&runs)?;
                if !ids.iter().any(|known| known == id) {
                    let hint = nearest(id, ids.iter().cloned()).or_else(|| ids.last().cloned());
                    let hint = hint.map(|near| format!("; there is {near}")).unwrap_or_default();
                    return Err(Error::Usage(format!("there is no run `{id}`{hint}")));
                }
                Some(record::read(&runs, id)?)
            }
            None => record::last_where(&runs, |run| {
                self.task.is_none_or(|task| run.task(task).is_some())
                    && (!self.failed || run.tasks.iter().any(|task| task.state.is_failure()))
            })?,
        };
        let Some((run, folder)) = found else {
            let what = if self.failed { "no run with a failed task" } else { "no run" };
            let name = &places.layout.name;
            let of = self.task.map_or_else(|| name.clone(), |task| format!("{name}:{task}"));
            return Err(Error::Usage(format!("there is {what} of {of}")));
        };
        if let Some(id) = self.task.filter(|id| run.task(id).is_none()) {
            return Err(Error::Usage(format!("the run {} has no task `{id}`", run.id)));
        }
        Ok((run, folder))
    }
}

/// A log's whole lines from a place on, and where they end. A task that has
/// not begun has no file.
pub fn log(path: &Path, from: u64) -> (String, u64) {
    let read = || {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(from))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok::<_, std::io::Error>(bytes)
    };
    let mut bytes = read().unwrap_or_default();
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
    bytes.truncate(whole);
    (String::from_utf8_lossy(&bytes).into_owned(), from + whole as u64)
}

/// How a run stands: the run, a line a task, and with one task all that is
/// known of it.
pub fn status(places: &Places, run: &Run, task: Option<&str>) -> String {
    let database = run.database.as_ref().map(|place| format!(", on {place}")).unwrap_or_default();
    let mut text = format!("run {} {}, begun {}{database}\n", run.id, run.state.word(), run.started);
    text.push_str(&record::lines(run));
    let Some(task) = task.and_then(|id| run.task(id)) else { return text };
    for line in task.reason.iter().flat_map(|reason| reason.lines().skip(1)) {
        text.push_str(&format!("    {line}\n"));
    }
    for hint in &task.hints {
        text.push_str(&format!("  hint: {hint}\n"));
    }
    let log = log_path(places, &run.id, &task.id);
    if log.is_file() {
        text.push_str(&format!("  log: {}\n", places.shown(&log)));
    }
    text
}

/// How many tasks of a run are done.
pub fn done(run: &Run) -> usize {
    run.tasks.iter().filter(|task| task.state.is_success()).count()
}

/// A line a task, and how many of them are done.
pub fn progress(run: &Run) -> String {
    format!("{}{} of {} tasks done\n", record::lines(run), done(run), run.tasks.len())
}

/// The end of a run's output. Of one that failed the last line names the task,
/// its hint and its log.
pub fn ending(run: &Run, places: &Places) -> String {
    let count = format!("{} of {} tasks done, run {}\n", done(run), run.tasks.len(), run.id);
    match run.failure() {
        Some(task) if run.state == State::Failed => {
            let log = places.shown(&log_path(places, &run.id, &task.id));
            let hint = task.hints.first().map_or("look into its log", String::as_str);
            format!("{count}❌ {} {}: {hint}; log: {log}\n", task.id, task.state.word())
        }
        _ if run.state == State::Cancelled => format!("{count}interrupted: go on with --resume\n"),
        _ => count,
    }
}

//! `schemacast logs`: what tasks said.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;
use std::thread;
use std::time::Duration;

use serde::Serialize;

use super::args::{Common, Logs, OutputFormat};
use super::print::Printer;
use super::{Error, Verdict};
use crate::codegen::names::nearest;
use crate::tasks::record::{self, Folder, State};
use crate::tasks::{Run, TaskRun};
use crate::workspace::named_task;

/// A task's log, as JSON.
#[derive(Serialize)]
struct Log<'l> {
    run: &'l str,
    task: &'l str,
    state: State,
    log: String,
}

/// How often it is looked for more.
const LOOK: Duration = Duration::from_millis(200);

pub fn run(common: &Common, verb: &Logs, printer: &mut Printer) -> Result<Verdict, Error> {
    let (name, task) = named_task(&verb.name);
    let places = common.workspace().places(name)?;
    let runs = places.runs();
    let found = match &verb.run {
        Some(id) => {
            let ids = record::ids(&runs)?;
            if !ids.contains(id) {
                let hint = nearest(id, ids.iter().cloned()).or_else(|| ids.last().cloned());
                let hint = hint.map(|near| format!("; there is {near}")).unwrap_or_default();
                return Err(Error::Usage(format!("there is no run `{id}`{hint}")));
            }
            Some(record::read(&runs, id)?)
        }
        None => record::last_where(&runs, |run| {
            task.is_none_or(|task| run.task(task).is_some())
                && (!verb.failed || run.tasks.iter().any(|task| task.state.is_failure()))
        })?,
    };
    let Some((run, folder)) = found else {
        let what = if verb.failed { "no run with a failed task" } else { "no run" };
        return Err(Error::Usage(format!("there is {what} of {}", verb.name)));
    };
    if let Some(id) = task.filter(|id| run.task(id).is_none()) {
        return Err(Error::Usage(format!("the run {} has no task `{id}`", run.id)));
    }
    let wanted = |run: &TaskRun| task.is_none_or(|task| run.id == task) && (!verb.failed || run.state.is_failure());
    if common.output == OutputFormat::Json {
        let logs: Vec<Log> = run
            .tasks
            .iter()
            .filter(|task| wanted(task))
            .map(|task| Log { run: &run.id, task: &task.id, state: task.state, log: text(&folder.log(&task.id), 0).0 })
            .collect();
        printer.result(&logs, "")?;
        return Ok(Verdict::Yes);
    }
    let mut shown = Shown { folder: &folder, sizes: vec![0; run.tasks.len()], last: None, with_heads: task.is_none() };
    shown.more(&run, &wanted, printer)?;
    let mut state = run.state;
    while verb.follow && state == State::Running {
        thread::sleep(LOOK);
        let (run, _) = record::read(&runs, &run.id)?;
        // The state first: what is written after it was read is not missed.
        state = run.state;
        shown.more(&run, &wanted, printer)?;
    }
    Ok(Verdict::Yes)
}

/// How far each log was shown.
struct Shown<'s> {
    folder: &'s Folder,
    sizes: Vec<u64>,
    /// The task whose lines were shown last.
    last: Option<usize>,
    with_heads: bool,
}

impl Shown<'_> {
    fn more(&mut self, run: &Run, wanted: &dyn Fn(&TaskRun) -> bool, printer: &mut Printer) -> Result<(), Error> {
        for (at, task) in run.tasks.iter().enumerate().filter(|(_, task)| wanted(task)) {
            let (new, end) = text(&self.folder.log(&task.id), self.sizes[at]);
            if new.is_empty() {
                continue;
            }
            self.sizes[at] = end;
            let head = if self.with_heads && self.last != Some(at) {
                format!("── {} ──\n", task.id)
            } else {
                String::new()
            };
            self.last = Some(at);
            printer.document(&format!("{head}{new}"))?;
        }
        Ok(())
    }
}

/// A file's whole lines from a place on, and where they end. A task that has
/// not begun has no file.
fn text(path: &Path, from: u64) -> (String, u64) {
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

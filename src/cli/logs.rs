//! `schemacast logs`: what tasks said.

use std::thread;
use std::time::Duration;

use serde::Serialize;

use super::args::{Common, Logs, OutputFormat};
use super::print::Printer;
use super::{Error, Verdict};
use crate::tasks::record::{self, Folder, State};
use crate::tasks::{Run, TaskRun};
use crate::workspace::{named_task, runs};

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
    let asked = runs::Wanted { run: verb.run.as_deref(), task, failed: verb.failed };
    let (run, folder) = asked.find(&places)?;
    let wanted = |run: &TaskRun| asked.holds(run);
    if common.output == OutputFormat::Json {
        let logs: Vec<Log> = run
            .tasks
            .iter()
            .filter(|task| wanted(task))
            .map(|task| Log {
                run: &run.id,
                task: &task.id,
                state: task.state,
                log: runs::log(&folder.log(&task.id), 0).0,
            })
            .collect();
        printer.result(&logs, "")?;
        return Ok(Verdict::Yes);
    }
    let mut shown = Shown { folder: &folder, sizes: vec![0; run.tasks.len()], last: None, with_heads: task.is_none() };
    shown.more(&run, &wanted, printer)?;
    let mut state = run.state;
    while verb.follow && state == State::Running {
        thread::sleep(LOOK);
        let (run, _) = record::read(&places.runs(), &run.id)?;
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
            let (new, end) = runs::log(&self.folder.log(&task.id), self.sizes[at]);
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

//! Runs tasks: in order, what can side by side side by side, and recorded.

use std::collections::BTreeMap;
use std::hash::{BuildHasher as _, RandomState};
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::Instant;

use serde_json::json;

use super::database::{Connection, Stopped};
use super::execute::{self, Attempted, Context, Done, Failure, advice};
use super::interrupt::Interrupt;
use super::places::Places;
use super::record::{self, Folder, Run, State, TaskRun};
use super::redact::Redaction;
use super::registry::{Declared, Task};
use crate::clock::now;
use crate::codegen::project::Project;

/// What to run.
pub struct Request<'r> {
    pub places: &'r Places,
    pub project: &'r Project,
    pub declared: &'r Declared,
    /// The tasks, in an order in which they may run.
    pub tasks: Vec<&'r Task>,
    /// The run to go on from: what succeeded there is not done again, unless
    /// its effect went away with a scratch server.
    pub resume: Option<&'r Run>,
    /// Whether the first failure cancels the rest.
    pub stop_on_error: bool,
    /// How many tasks run at a time; of those that use the database, one.
    pub jobs: usize,
    pub interrupt: &'r Interrupt,
    pub redaction: &'r Redaction,
}

/// What happens, as it happens. Texts are redacted.
#[derive(Debug)]
pub enum Event<'e> {
    /// Recorded, and about to begin.
    Began {
        run: &'e Run,
        folder: &'e Folder,
    },
    Started(&'e TaskRun),
    /// A line of a task's log.
    Line {
        task: &'e str,
        text: &'e str,
    },
    /// With its report for people, where it has one.
    Ended {
        task: &'e TaskRun,
        report: Option<&'e str>,
    },
}

/// Where the log of the task is.
pub fn log_path(places: &Places, run: &str, task: &str) -> PathBuf {
    places.runs().join(run).join("logs").join(format!("{task}.log"))
}

/// What a worker says.
enum Message {
    Line { at: usize, text: String },
    Ended { at: usize, attempted: Attempted, took: u64 },
}

/// Runs the tasks and says what became of them.
///
/// The connection is there where a task needs one, and lives for the whole
/// chain: a scratch database is the same for each of its tasks.
///
/// # Errors
/// The record of the run cannot be written. A task that fails is no error.
pub fn run(
    request: &Request<'_>,
    connection: Option<Connection>,
    listener: &mut dyn FnMut(&Event<'_>),
) -> Result<Run, record::Error> {
    let run = new_run(request, connection.as_ref());
    let folder = Folder::create(&request.places.runs(), &run.id)?;
    folder.write(&run)?;
    listener(&Event::Began { run: &run, folder: &folder });
    let url = connection.as_ref().map(|connection| connection.url.clone());
    let connection = connection.map(Mutex::new);
    let mut chain = Chain { request, folder: &folder, run, listener, running: BTreeMap::new() };
    // What a resumed run leaves out has its event too: the events tell all.
    for at in (0..chain.run.tasks.len()).filter(|at| chain.run.tasks[*at].state == State::Skipped) {
        chain.append_event(at)?;
    }
    thread::scope(|scope| {
        let (send, messages) = mpsc::channel::<Message>();
        loop {
            chain.settle()?;
            while let Some(at) = chain.next() {
                chain.start(at)?;
                let (send, connection, url) = (send.clone(), connection.as_ref(), url.as_deref());
                let (run, folder) = (chain.run.clone(), &folder);
                scope.spawn(move || work(request, folder, &run, at, connection, url, &send));
            }
            if chain.running.is_empty() {
                break;
            }
            // A sender is here, so there is always a message or a worker.
            let Ok(message) = messages.recv() else { break };
            chain.hear(message)?;
        }
        Ok::<(), record::Error>(())
    })?;
    chain.end()
}

/// The record of a run that has not begun.
fn new_run(request: &Request<'_>, connection: Option<&Connection>) -> Run {
    let time = jiff::Timestamp::now();
    let random = RandomState::new().hash_one(std::process::id()) & 0xffff;
    let scratch = connection.is_some_and(|connection| connection.is_scratch);
    let task = |task: &&Task| {
        let mut run = TaskRun {
            id: task.id.clone(),
            name: task.name.clone(),
            kind: task.kind,
            state: State::Pending,
            reason: None,
            started: None,
            ended: None,
            duration_ms: None,
            attempts: None,
            outcome: None,
            hints: Vec::new(),
            optional: task.optional,
        };
        let before = request.resume.and_then(|run| Some((run, run.task(&task.id)?)));
        if let Some((resumed, before)) = before
            && before.state.is_success()
            // What a scratch database held is gone with it.
            && !(task.changes_database() && (scratch || resumed.scratch))
        {
            run.state = State::Skipped;
            run.reason = Some(format!("completed in the run {}", resumed.id));
            run.outcome.clone_from(&before.outcome);
        }
        run
    };
    Run {
        id: format!("{}-{random:04x}", time.strftime("%Y%m%dT%H%M%S%3fZ")),
        project: request.places.layout.name.clone(),
        started: now(),
        ended: None,
        state: State::Running,
        process: std::process::id(),
        registry_sha256: request.declared.sha256.clone(),
        database: connection.map(|connection| request.redaction.apply(&connection.place())),
        scratch,
        resumes: request.resume.map(|run| run.id.clone()),
        tasks: request.tasks.iter().map(task).collect(),
    }
}

struct Chain<'c> {
    request: &'c Request<'c>,
    folder: &'c Folder,
    run: Run,
    listener: &'c mut dyn FnMut(&Event<'_>),
    /// By place in the list of tasks.
    running: BTreeMap<usize, ()>,
}

impl Chain<'_> {
    /// Takes out what will not run any more: blocked or cancelled.
    fn settle(&mut self) -> Result<(), record::Error> {
        let failure = self.run.failure().map(|task| task.id.clone());
        loop {
            let pending = (0..self.run.tasks.len()).filter(|at| self.run.tasks[*at].state == State::Pending);
            let out = pending.into_iter().find_map(|at| {
                if self.request.interrupt.is_raised() {
                    return Some((at, State::Cancelled, "interrupted".to_owned()));
                }
                let stopped_after = failure.as_ref().filter(|_| self.request.stop_on_error);
                match (self.blocker(at), stopped_after) {
                    // What waits for a task that was cancelled is cancelled with it.
                    (Some(blocker), stopped) if stopped.is_none() || blocker.state != State::Cancelled => {
                        Some((at, State::Blocked, format!("{} {}", blocker.id, blocker.state.word())))
                    }
                    (_, Some(failure)) => Some((at, State::Cancelled, format!("stopped after {failure}"))),
                    (_, None) => None,
                }
            });
            let Some((at, state, reason)) = out else { return Ok(()) };
            self.run.tasks[at].state = state;
            self.run.tasks[at].reason = Some(reason);
            self.record(at, None)?;
        }
    }

    /// What a task depends on and has not succeeded. What is not part of the
    /// run is taken to have: whoever left it out knows.
    fn blocker(&self, at: usize) -> Option<&TaskRun> {
        let dependencies = &self.request.tasks[at].dependencies;
        dependencies.iter().filter_map(|id| self.run.task(id)).find(|task| match task.state {
            State::Failed | State::TimedOut => !task.optional,
            State::Blocked | State::Cancelled | State::Interrupted => true,
            State::Pending | State::Running | State::Completed | State::Skipped => false,
        })
    }

    /// The next task that can begin beside those that run.
    fn next(&self) -> Option<usize> {
        if self.running.len() >= self.request.jobs.max(1) || self.request.interrupt.is_raised() {
            return None;
        }
        let tasks = &self.request.tasks;
        let database_is_taken = self.running.keys().any(|at| tasks[*at].needs_database());
        // The generated files have one record, so one task writes them.
        let files_are_taken = self.running.keys().any(|at| tasks[*at].generates());
        (0..tasks.len()).find(|at| {
            let is_ready = |id: &String| {
                self.run.task(id).is_none_or(|task| !matches!(task.state, State::Pending | State::Running))
            };
            self.run.tasks[*at].state == State::Pending
                && tasks[*at].dependencies.iter().all(is_ready)
                && !(database_is_taken && tasks[*at].needs_database())
                && !(files_are_taken && tasks[*at].generates())
        })
    }

    fn start(&mut self, at: usize) -> Result<(), record::Error> {
        self.running.insert(at, ());
        self.run.tasks[at].state = State::Running;
        self.run.tasks[at].started = Some(now());
        self.append_event(at)?;
        self.folder.write(&self.run)?;
        (self.listener)(&Event::Started(&self.run.tasks[at]));
        Ok(())
    }

    fn hear(&mut self, message: Message) -> Result<(), record::Error> {
        match message {
            Message::Line { at, text } => {
                (self.listener)(&Event::Line { task: &self.run.tasks[at].id, text: &text });
                Ok(())
            }
            Message::Ended { at, attempted, took } => {
                self.running.remove(&at);
                let task = &mut self.run.tasks[at];
                task.ended = Some(now());
                task.duration_ms = Some(took);
                task.attempts = (attempted.attempts > 1).then_some(attempted.attempts);
                let report = self.judge(at, attempted.result);
                self.record(at, report.as_deref())
            }
        }
    }

    /// Puts down how a task ended; what it has to tell people comes back.
    fn judge(&mut self, at: usize, result: Result<Done, Failure>) -> Option<String> {
        let redaction = self.request.redaction;
        let declared = self.request.tasks[at];
        let task = &mut self.run.tasks[at];
        let (state, reason, advice, done) = match result {
            Ok(done) if done.skipped.is_some() => (State::Skipped, done.skipped.clone(), Vec::new(), done),
            Ok(done) => (State::Completed, None, Vec::new(), done),
            Err(Failure::Failed { message, advice, done }) => {
                let known = if advice.is_empty() { advice::of_system(&message) } else { advice };
                (State::Failed, Some(message), known, *done)
            }
            Err(Failure::Stopped(Stopped::Interrupted)) => {
                (State::Cancelled, Some("interrupted".to_owned()), Vec::new(), Done::default())
            }
            Err(Failure::Stopped(Stopped::TimedOut)) => {
                let seconds = declared.timeout.unwrap_or_default();
                let reason = format!("it took longer than {seconds} s");
                (State::TimedOut, Some(reason), advice::of_timeout(), Done::default())
            }
        };
        task.state = state;
        task.reason = reason.map(|reason| redaction.apply(&reason));
        if state.is_failure() {
            let hints = declared.on_failure.iter().chain(&advice);
            task.hints = hints.map(|hint| redaction.apply(hint)).collect();
        }
        task.outcome = done.outcome.map(|outcome| {
            // The same text without the secrets is JSON still, for they are
            // replaced in their escaped form.
            serde_json::from_str(&redaction.apply(&outcome.to_string())).unwrap_or_default()
        });
        done.report.map(|report| redaction.apply(&report))
    }

    /// Records a task that will not change any more, and tells of it.
    fn record(&mut self, at: usize, report: Option<&str>) -> Result<(), record::Error> {
        let task = &self.run.tasks[at];
        let mut last = format!("{} {}", task.state.sign(), task.state.word());
        if let Some(reason) = &task.reason {
            last.push_str(&format!(": {reason}"));
        }
        for hint in &task.hints {
            last.push_str(&format!("\nhint: {hint}"));
        }
        self.folder.append_log(&task.id, &last)?;
        self.append_event(at)?;
        self.folder.write(&self.run)?;
        (self.listener)(&Event::Ended { task: &self.run.tasks[at], report });
        Ok(())
    }

    fn append_event(&self, at: usize) -> Result<(), record::Error> {
        let task = &self.run.tasks[at];
        let event = json!({ "time": now(), "task": task.id, "state": task.state, "reason": task.reason });
        self.folder.append_event(&event)
    }

    fn end(mut self) -> Result<Run, record::Error> {
        let states = || self.run.tasks.iter();
        self.run.state = if self.request.interrupt.is_raised() && states().any(|task| task.state == State::Cancelled) {
            State::Cancelled
        } else if self.run.failure().is_some() {
            State::Failed
        } else {
            State::Completed
        };
        self.run.ended = Some(now());
        self.folder.append_event(&json!({ "time": now(), "run": self.run.id, "state": self.run.state }))?;
        self.folder.write(&self.run)?;
        Ok(self.run)
    }
}

/// A worker's whole life: one task.
fn work(
    request: &Request<'_>,
    folder: &Folder,
    run: &Run,
    at: usize,
    connection: Option<&Mutex<Connection>>,
    url: Option<&str>,
    send: &mpsc::Sender<Message>,
) {
    let task = request.tasks[at];
    let started = Instant::now();
    let sender = Mutex::new(send.clone());
    let log = |text: &str| {
        let text = request.redaction.apply(text);
        // The task is more than its log: where that cannot be written, the
        // record of the run cannot either, which ends the chain.
        let _ = folder.append_log(&task.id, &text);
        let sender = sender.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = sender.send(Message::Line { at, text });
    };
    let context = Context {
        places: request.places,
        project: request.project,
        task,
        interrupt: request.interrupt,
        run,
        url,
        log: &log,
    };
    // Whoever waits for this task must hear of it, whatever happens.
    let attempted = panic::catch_unwind(AssertUnwindSafe(|| {
        let mut connection: Option<MutexGuard<'_, Connection>> = connection
            .filter(|_| task.needs_database())
            .map(|connection| connection.lock().unwrap_or_else(PoisonError::into_inner));
        execute::execute(&context, connection.as_deref_mut())
    }));
    let attempted = attempted.unwrap_or_else(|_| Attempted {
        result: Err(Failure::new("the task made the program panic (please report this)")),
        attempts: 1,
    });
    let took = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let _ = send.send(Message::Ended { at, attempted, took });
}

//! What became of a run: `.schemacast/<project>/runs/<utc>-<id>/`.
//!
//! `run.json` is the run as it stands, written whole at every change;
//! `events.jsonl` a line for each change, synced; `logs/<task>.log` what each
//! task said, line by line, so that it can be followed; `lock` is locked by the
//! process that runs it.
//!
//! Architecture Invariant: whether a run is alive is told by its lock, which
//! the system frees whatever its process dies of. A process id could by then
//! be another's, or mean nothing in another container.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::registry::TaskKind;
use crate::codegen::writer;

/// How a task stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Pending,
    Running,
    Completed,
    Failed,
    /// There was nothing to do; the reason says why.
    Skipped,
    /// What it depends on did not succeed.
    Blocked,
    /// Somebody stopped the chain before it ran or while it did.
    Cancelled,
    TimedOut,
    /// Its process died while it ran. Never recorded, only shown.
    Interrupted,
}

impl State {
    /// Whether what depends on it can run.
    pub fn is_success(self) -> bool {
        matches!(self, State::Completed | State::Skipped)
    }

    /// Whether it failed by itself.
    pub fn is_failure(self) -> bool {
        matches!(self, State::Failed | State::TimedOut | State::Interrupted)
    }

    /// The sign in front of its line.
    pub fn sign(self) -> &'static str {
        match self {
            State::Completed => "✅",
            State::Running => "⏳",
            State::Pending | State::Blocked | State::Cancelled => "⏸️",
            State::Failed | State::TimedOut | State::Interrupted => "❌",
            State::Skipped => "⏭️",
        }
    }

    /// The word for people.
    pub fn word(self) -> &'static str {
        match self {
            State::Pending => "pending",
            State::Running => "running",
            State::Completed => "completed",
            State::Failed => "failed",
            State::Skipped => "skipped",
            State::Blocked => "blocked",
            State::Cancelled => "cancelled",
            State::TimedOut => "timed out",
            State::Interrupted => "interrupted",
        }
    }
}

/// What became of one task in a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TaskRun {
    pub id: String,
    pub name: String,
    #[serde(rename = "type")]
    pub kind: TaskKind,
    pub state: State,
    /// Why it was skipped, blocked or cancelled, or what failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// RFC 3339, UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u64>,
    /// How often it was tried, where more than once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempts: Option<u32>,
    /// What it found, for programs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Value>,
    /// What to try, where it failed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hints: Vec<String>,
    /// Its failure does not fail the chain.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
}

/// A run of one task or of a chain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Run {
    pub id: String,
    pub project: String,
    pub started: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<String>,
    /// Running, completed, failed, cancelled; shown interrupted where its
    /// process is dead.
    pub state: State,
    /// The process that runs it.
    pub process: u32,
    /// Of the registry's file, so that a changed one is not resumed.
    pub registry_sha256: String,
    /// `host:port/database`, or that it is a scratch server's. No secret.
    pub database: Option<String>,
    pub scratch: bool,
    /// The run that this one resumes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resumes: Option<String>,
    pub tasks: Vec<TaskRun>,
}

impl Run {
    pub fn task(&self, id: &str) -> Option<&TaskRun> {
        self.tasks.iter().find(|task| task.id == id)
    }

    /// The first task that made the chain fail.
    pub fn failure(&self) -> Option<&TaskRun> {
        self.tasks.iter().find(|task| task.state.is_failure() && !task.optional)
    }
}

/// The folder of one run.
#[derive(Debug)]
pub struct Folder {
    pub path: PathBuf,
    /// Locked for as long as the run is alive.
    _lock: Option<File>,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Write(#[from] writer::Error),
    #[error("cannot {doing} {}: {source}", .path.display())]
    Io { doing: &'static str, path: PathBuf, source: io::Error },
    #[error("{} is damaged: {reason}", .path.display())]
    Damaged { path: PathBuf, reason: String },
}

fn failed(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Error {
    move |source| Error::Io { doing, path: path.to_owned(), source }
}

impl Folder {
    /// Makes the folder of a new run, locked.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn create(runs: &Path, id: &str) -> Result<Folder, Error> {
        let path = runs.join(id);
        let logs = path.join("logs");
        fs::create_dir_all(&logs).map_err(failed("make", &logs))?;
        let lock_path = path.join("lock");
        let lock = File::create_new(&lock_path).map_err(failed("make", &lock_path))?;
        lock.lock().map_err(failed("lock", &lock_path))?;
        Ok(Folder { path, _lock: Some(lock) })
    }

    /// Writes how the run stands.
    ///
    /// # Errors
    /// It cannot be written; what stood there stays.
    pub fn write(&self, run: &Run) -> Result<(), Error> {
        let path = self.path.join("run.json");
        let mut json = serde_json::to_string_pretty(run)
            .map_err(|error| Error::Damaged { path: path.clone(), reason: error.to_string() })?;
        json.push('\n');
        Ok(writer::write_file(&path, json.as_bytes())?)
    }

    /// Adds an event, and waits until it is on the disk.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn append_event(&self, event: &Value) -> Result<(), Error> {
        let path = self.path.join("events.jsonl");
        let append = || {
            let mut file = File::options().append(true).create(true).open(&path)?;
            file.write_all(format!("{event}\n").as_bytes())?;
            file.sync_data()
        };
        append().map_err(failed("write", &path))
    }

    /// Where the log of a task is.
    pub fn log(&self, task: &str) -> PathBuf {
        self.path.join("logs").join(format!("{task}.log"))
    }

    /// Adds whole lines to a task's log.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn append_log(&self, task: &str, text: &str) -> Result<(), Error> {
        let path = self.log(task);
        let mut lines = text.to_owned();
        if !lines.ends_with('\n') {
            lines.push('\n');
        }
        let append = || File::options().append(true).create(true).open(&path)?.write_all(lines.as_bytes());
        append().map_err(failed("write", &path))
    }
}

/// The ids of all runs, the oldest first.
///
/// # Errors
/// The folder is there and cannot be read.
pub fn ids(runs: &Path) -> Result<Vec<String>, Error> {
    let entries = match fs::read_dir(runs) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(failed("read", runs))?,
    };
    let mut ids = Vec::new();
    for entry in entries {
        let entry = entry.map_err(failed("read", runs))?;
        // A run without its record has just begun, or died in doing so.
        if entry.path().join("run.json").is_file() {
            ids.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    ids.sort();
    Ok(ids)
}

/// A run as it stands: what a dead process left running is interrupted.
///
/// # Errors
/// Its record cannot be read.
pub fn read(runs: &Path, id: &str) -> Result<(Run, Folder), Error> {
    let folder = Folder { path: runs.join(id), _lock: None };
    let path = folder.path.join("run.json");
    let parse = |text: &str| {
        serde_json::from_str::<Run>(text)
            .map_err(|error| Error::Damaged { path: path.clone(), reason: error.to_string() })
    };
    let read = || fs::read_to_string(&path).map_err(failed("read", &path));
    let mut run = parse(&read()?)?;
    if run.state == State::Running && is_dead(&folder.path) {
        // It may have ended between the two looks: then it says so itself.
        run = parse(&read()?)?;
        if run.state == State::Running {
            run.state = State::Interrupted;
            for task in run.tasks.iter_mut().filter(|task| task.state == State::Running) {
                task.state = State::Interrupted;
                task.reason = Some(format!("the process {} that ran it is gone", run.process));
            }
        }
    }
    Ok((run, folder))
}

/// The last run, where there is one.
///
/// # Errors
/// As [`ids`] and [`read`].
pub fn last(runs: &Path) -> Result<Option<(Run, Folder)>, Error> {
    ids(runs)?.pop().map(|id| read(runs, &id)).transpose()
}

/// The last run that a condition holds for.
///
/// # Errors
/// As [`ids`] and [`read`].
pub fn last_where(runs: &Path, holds: impl Fn(&Run) -> bool) -> Result<Option<(Run, Folder)>, Error> {
    for id in ids(runs)?.iter().rev() {
        let found = read(runs, id)?;
        if holds(&found.0) {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn is_dead(folder: &Path) -> bool {
    // Readers share it, so that they do not take each other for the runner.
    File::open(folder.join("lock")).is_ok_and(|lock| lock.try_lock_shared().is_ok())
}

/// Lines for people: a sign, the task, how it stands, and why.
pub fn lines(run: &Run) -> String {
    let width = run.tasks.iter().map(|task| task.id.chars().count()).max().unwrap_or_default();
    let mut text = String::new();
    for task in &run.tasks {
        // Writing to a String cannot fail.
        let _ = write!(text, "{} {:width$}  {}", task.state.sign(), task.id, task.state.word());
        if let Some(duration) = task.duration_ms {
            let _ = write!(text, " {}", seconds(duration));
        }
        if let Some(reason) = task.reason.as_ref().and_then(|reason| reason.lines().next()) {
            let _ = write!(text, " ({reason})");
        }
        text.push('\n');
    }
    text
}

/// How a task ended, for people: its line, with all of the reason.
pub fn ended(task: &TaskRun) -> String {
    let took = task.duration_ms.map(|took| format!(" {}", seconds(took))).unwrap_or_default();
    let reason = task.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
    format!("{} {} {}{took}{reason}", task.state.sign(), task.id, task.state.word())
}

/// A duration for people.
pub fn seconds(milliseconds: u64) -> String {
    format!("{}.{} s", milliseconds / 1000, milliseconds % 1000 / 100)
}

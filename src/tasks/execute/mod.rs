//! One task: done, its result compared, its validations checked.
//!
//! `query` asks the database, `migration` applies a file, `command` starts a
//! program; `super::action` is what the program does itself. `validation`
//! looks at what came of it and `advice` knows the way out of common errors.

pub mod advice;
mod command;
mod expected;
mod migration;
pub mod query;
pub mod validation;

use std::thread;
use std::time::Duration;

use serde_json::Value;

use super::action;
use super::database::{Connection, Stopped};
use super::interrupt::Interrupt;
use super::places::Places;
use super::record::Run;
use super::registry::{Task, TaskKind};
use crate::codegen::project::Project;
use crate::postgres::ConnectError;

/// What a task is done with.
pub struct Context<'c> {
    pub places: &'c Places,
    pub project: &'c Project,
    pub task: &'c Task,
    pub interrupt: &'c Interrupt,
    /// The run as it stood when the task began.
    pub run: &'c Run,
    /// The URL of the chain's database, for a command.
    pub url: Option<&'c str>,
    /// Takes lines for the task's log.
    pub log: &'c (dyn Fn(&str) + Sync),
}

/// What came of a task.
#[derive(Debug, Default)]
pub struct Done {
    /// For programs.
    pub outcome: Option<Value>,
    /// For people, where the outcome alone would not be read.
    pub report: Option<String>,
    /// Why there was nothing to do, where there was nothing.
    pub skipped: Option<String>,
}

/// Why nothing came of it.
#[derive(Debug)]
pub enum Failure {
    Failed {
        message: String,
        /// What to try, the likeliest first, where whoever failed knows.
        advice: Vec<String>,
        /// What there is to read although it failed.
        done: Box<Done>,
    },
    Stopped(Stopped),
}

impl Failure {
    pub fn new(message: impl Into<String>) -> Failure {
        Failure::Failed { message: message.into(), advice: Vec::new(), done: Box::default() }
    }
}

impl From<ConnectError> for Failure {
    fn from(error: ConnectError) -> Self {
        // Its text says why and what to do about that.
        let advice = vec!["see that the database can be reached, then go on with --resume".to_owned()];
        Failure::Failed { message: error.to_string(), advice, done: Box::default() }
    }
}

/// What came of a task, and how often it was tried.
pub struct Attempted {
    pub result: Result<Done, Failure>,
    pub attempts: u32,
}

/// Does a task, again where it may be and has to be.
pub fn execute(context: &Context<'_>, mut connection: Option<&mut Connection>) -> Attempted {
    let tries = context.task.retries + 1;
    let mut attempts = 1;
    loop {
        let result = once(context, connection.as_deref_mut());
        let again = attempts < tries && !context.interrupt.is_raised() && !matches!(result, Err(Failure::Stopped(_)));
        match &result {
            Err(Failure::Failed { message, .. }) if again => {
                (context.log)(&format!("attempt {attempts} of {tries} failed: {message}"));
                thread::sleep(Duration::from_millis(250 * u64::from(attempts.min(8))));
                attempts += 1;
            }
            _ => return Attempted { result, attempts },
        }
    }
}

fn once(context: &Context<'_>, mut connection: Option<&mut Connection>) -> Result<Done, Failure> {
    let task = context.task;
    let done = match (task.kind, &task.action, &task.argv) {
        (TaskKind::SqlQuery, _, _) => query::ask(context, with_database(connection.as_deref_mut())?)?,
        (TaskKind::Migration, _, _) => migration::apply(context, with_database(connection.as_deref_mut())?)?,
        (TaskKind::Script, Some(action), _) => action::act(context, action, connection.as_deref_mut())?,
        (TaskKind::Script, None, Some(argv)) => command::run(context, argv)?,
        (TaskKind::Script, None, None) => return Err(Failure::new("the script has neither `action` nor `argv`")),
    };
    let mut faults: Vec<String> = task
        .output
        .iter()
        .filter(|output| context.places.find(output).is_none())
        .map(|output| format!("`{output}` was not made"))
        .collect();
    for validation in &task.validation {
        match validation::check(context, validation, connection.as_deref_mut())? {
            Ok(held) => (context.log)(&format!("holds: {held}")),
            Err(fault) => faults.push(fault),
        }
    }
    match faults.is_empty() {
        true => Ok(done),
        false => Err(Failure::Failed { message: faults.join("\n"), advice: Vec::new(), done: Box::new(done) }),
    }
}

/// The database, which the chain opened for every task that needs it.
pub fn with_database(connection: Option<&mut Connection>) -> Result<&mut Connection, Failure> {
    connection.ok_or_else(|| Failure::new("there is no database for this task"))
}

/// The time that a task's statement or command may take.
pub fn limit(task: &Task) -> Option<Duration> {
    task.timeout.map(Duration::from_secs)
}

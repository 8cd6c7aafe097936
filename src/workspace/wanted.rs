//! What somebody asks to have run: the tasks that this means, and what they
//! need before they can begin.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Error, Tell, Workspace, database};
use crate::codegen::project::Project;
use crate::tasks::Run;
use crate::tasks::database::Connection;
use crate::tasks::graph::{self, Selection};
use crate::tasks::places::Places;
use crate::tasks::record::{self, State};
use crate::tasks::redact::Redaction;
use crate::tasks::registry::{Declared, Task, TaskKind};

/// Which database tasks run on: the URL, else the configured one, else a
/// scratch server.
#[derive(Debug, Clone, Copy, Default)]
pub struct Target<'t> {
    /// A scratch server, whatever is configured.
    pub scratch: bool,
    pub url: Option<&'t str>,
}

/// Tasks in an order in which they may run.
#[derive(Debug)]
pub struct Wanted<'r> {
    pub tasks: Vec<&'r Task>,
    /// The run to go on from.
    pub resume: Option<Run>,
    /// How many of them, at the beginning, nobody named: what the others build
    /// on is not in a new scratch database.
    pub before: usize,
}

/// One task, and where the database is a new one, those before it that make
/// what it builds on.
///
/// # Errors
/// There is no such task, or which database is meant cannot be told.
pub fn one<'r>(
    workspace: &Workspace,
    settings: &Project,
    declared: &'r Declared,
    id: &str,
    target: Target<'_>,
) -> Result<Wanted<'r>, Error> {
    let selection = Selection { tasks: vec![id.to_owned()], no_dependencies: true, ..Selection::default() };
    let mut tasks = graph::select(&declared.registry, &selection).map_err(Error::Usage)?;
    let mut before = Vec::new();
    if tasks.iter().any(|task| task.needs_database()) && database::is_scratch(workspace, target, settings)? {
        let needed = graph::needed(&declared.registry, id);
        before = graph::order(&declared.registry);
        before.retain(|task| needed.contains(&task.id) && task.changes_database());
    }
    let count = before.len();
    tasks.splice(0..0, before);
    Ok(Wanted { tasks, resume: None, before: count })
}

/// A selection of a project's tasks.
///
/// # Errors
/// Names that no task has, or nothing is left of them.
pub fn some<'r>(declared: &'r Declared, selection: &Selection) -> Result<Wanted<'r>, Error> {
    let tasks = graph::select(&declared.registry, selection).map_err(Error::Usage)?;
    if tasks.is_empty() {
        return Err(Error::Usage("no task is left to run".to_owned()));
    }
    Ok(Wanted { tasks, resume: None, before: 0 })
}

/// The tasks of the last run again, those that succeeded left out. `force`
/// takes a registry that has changed since.
///
/// # Errors
/// There is nothing to go on with.
pub fn resumed<'r>(places: &Places, declared: &'r Declared, force: bool) -> Result<Wanted<'r>, Error> {
    let name = &places.layout.name;
    let Some((run, _)) = record::last(&places.runs())? else {
        return Err(Error::Usage(format!("{name} has not run here yet: there is nothing to resume")));
    };
    match run.state {
        State::Running => {
            return Err(Error::Usage(format!("the run {} is still going on, in process {}", run.id, run.process)));
        }
        State::Completed => {
            return Err(Error::Usage(format!("the run {} is complete: there is nothing to resume", run.id)));
        }
        _ if run.registry_sha256 != declared.sha256 && !force => {
            return Err(Error::Usage(format!(
                "the registry has changed since the run {}: run the chain anew, or resume it all the same with --force",
                run.id
            )));
        }
        _ => {}
    }
    // Those that the registry no longer has are gone.
    let has = |id: &String| declared.registry.tasks.iter().any(|task| task.id == *id);
    let selection = Selection {
        tasks: run.tasks.iter().map(|task| task.id.clone()).filter(has).collect(),
        no_dependencies: true,
        ..Selection::default()
    };
    Ok(Wanted { resume: Some(run), ..some(declared, &selection)? })
}

/// A session with the database, where a task needs one, and what must not be
/// told of it.
pub struct Opened {
    pub connection: Option<Connection>,
    pub redaction: Redaction,
}

impl Wanted<'_> {
    /// Opens what the tasks need.
    ///
    /// # Errors
    /// The database cannot be reached, or a scratch server cannot be filled.
    pub fn open(
        &self,
        workspace: &Workspace,
        places: &Places,
        settings: &Project,
        target: Target<'_>,
        tell: &mut dyn Tell,
    ) -> Result<Opened, Error> {
        // What a command prints may be the file's.
        let mut redaction = database::redaction(workspace)?;
        if let Some(url) = target.url {
            redaction.url(url);
        }
        // A command gets the database too, and must not meet the real one by
        // accident where a scratch server is meant.
        let needs_one = self.tasks.iter().any(|task| task.needs_database() || task.argv.is_some());
        if !needs_one {
            return Ok(Opened { connection: None, redaction });
        }
        let connection = database::open_for_tasks(workspace, target, &places.layout, settings, tell)?;
        redaction.connection(connection.settings().clone());
        Ok(Opened { connection: Some(connection), redaction })
    }

    /// What would run, with the state of each task's files. Nothing is changed.
    pub fn plan(&self, places: &Places) -> Vec<Planned<'_>> {
        let is_done = |task: &Task| {
            self.resume.as_ref().and_then(|run| run.task(&task.id)).is_some_and(|task| task.state.is_success())
        };
        let tasks = self.tasks.iter().map(|task| Planned {
            id: &task.id,
            name: &task.name,
            kind: task.kind,
            dependencies: &task.dependencies,
            done: is_done(task),
            files: task.file.iter().chain(&task.output).map(|path| FileStatus::of(places, path)).collect(),
        });
        tasks.collect()
    }
}

/// A plan, for people.
pub fn plan_text(plan: &[Planned<'_>]) -> String {
    let mut text = String::new();
    for (at, task) in plan.iter().enumerate() {
        let after = match task.dependencies {
            [] => String::new(),
            ids => format!(" after {}", ids.join(", ")),
        };
        let done = if task.done { ", done before" } else { "" };
        text.push_str(&format!("{}. {} ({}{after}{done}): {}\n", at + 1, task.id, task.kind, task.name));
        for file in &task.files {
            text.push_str(&format!("     {}: {}\n", file.path, file.file_status));
        }
    }
    text.push_str(&format!("{} tasks; nothing was run\n", plan.len()));
    text
}

/// What would run, for people and programs.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Planned<'p> {
    pub id: &'p str,
    pub name: &'p str,
    #[serde(rename = "type")]
    pub kind: TaskKind,
    pub dependencies: &'p [String],
    /// Done in the run that is resumed.
    pub done: bool,
    pub files: Vec<FileStatus<'p>>,
}

/// Whether a file of a task is there: computed, never stored.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FileStatus<'p> {
    pub path: &'p str,
    pub file_status: &'static str,
}

impl<'p> FileStatus<'p> {
    pub fn of(places: &Places, path: &'p str) -> FileStatus<'p> {
        FileStatus { path, file_status: if places.find(path).is_some() { "exists" } else { "needs creation" } }
    }
}

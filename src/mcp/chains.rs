//! The tools that run tasks.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::answer::{Answer, Failure};
use super::tool::{Call, Effect, Step, Tool, arguments, input, output};
use crate::codegen::project::Project;
use crate::tasks::chain::{Event, Request};
use crate::tasks::graph::Selection;
use crate::tasks::places::Places;
use crate::tasks::record::{self, State};
use crate::tasks::registry::{self, Declared};
use crate::tasks::{Run, TaskRun};
use crate::workspace::wanted::{self, Opened, Planned, Target, Wanted};
use crate::workspace::{Tell as _, database, runs};

/// Migrations may drop, and so may what a script runs.
const WRITES: Effect = Effect::Writes { destructive: true, idempotent: false };

pub const TOOLS: [Tool; 2] = [
    Tool {
        name: "run_task",
        title: "Run one task",
        description: "Runs one task of a project. On a scratch Postgres the tasks that it builds on run first. Needs a \
                      server that may write; `dry_run` does not. A task that fails gives an error with its hints: read \
                      `task_logs` then.",
        input: input::<RunTask>,
        output: output::<Outcome<'static>>,
        examples: &[
            r#"{"project": "shop", "task": "verify"}"#,
            r#"{"project": "shop", "task": "verify", "database": "scratch", "dry_run": true}"#,
        ],
        effect: WRITES,
        run: run_task,
    },
    Tool {
        name: "run_chain",
        title: "Run the chain of tasks",
        description: "Runs a project's tasks in the order of their dependencies and answers when all have ended, with \
                      progress notifications on the way; cancelling the request stops the chain. What depends on a task \
                      that failed is blocked, the rest goes on. One chain of a project runs at a time. Needs a server \
                      that may write; `dry_run` shows the plan without.",
        input: input::<RunChain>,
        output: output::<Outcome<'static>>,
        examples: &[
            r#"{"project": "shop", "dry_run": true}"#,
            r#"{"project": "shop", "tasks": ["look", "orders+"], "exclude": ["verify"], "database": "scratch"}"#,
            r#"{"project": "shop", "resume": true}"#,
        ],
        effect: WRITES,
        run: run_chain,
    },
];

/// Which database: `configured` is what DATABASE_URL or the project's own variable names, in the
/// server's environment or in .env; `scratch` a Postgres that schemacast starts for this call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Database {
    Configured,
    Scratch,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RunTask {
    project: String,
    /// The id of the task.
    task: String,
    /// The database; left out: the configured one, and where none is, scratch.
    #[serde(default)]
    database: Option<Database>,
    /// Tell what would run, and change nothing.
    #[serde(default)]
    dry_run: bool,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RunChain {
    project: String,
    /// The tasks, with what they depend on; `t+`: with what depends on it. Left out: all.
    #[serde(default)]
    tasks: Vec<String>,
    /// Leave out what the named tasks depend on.
    #[serde(default)]
    no_dependencies: bool,
    /// Begin with this task, and leave out those before it.
    #[serde(default)]
    from: Option<String>,
    /// Tasks to leave out; `t+`: with what depends on it.
    #[serde(default)]
    exclude: Vec<String>,
    /// Cancel the rest at the first failure, instead of what depends on it alone.
    #[serde(default)]
    stop_on_error: bool,
    /// Go on with the last run: what succeeded there is not done again.
    #[serde(default)]
    resume: bool,
    /// Resume although the registry has changed.
    #[serde(default)]
    force: bool,
    /// Tell what would run, and change nothing.
    #[serde(default)]
    dry_run: bool,
    /// How many tasks may run side by side; of those that use the database, one.
    #[serde(default = "one")]
    #[schemars(range(min = 1, max = 64))]
    jobs: u16,
    /// The database; left out: the configured one, and where none is, scratch.
    #[serde(default)]
    database: Option<Database>,
}

fn one() -> u16 {
    1
}

/// What was run, or would be.
#[derive(Serialize, JsonSchema)]
struct Outcome<'o> {
    /// What would run; only of a dry run.
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<Vec<Planned<'o>>>,
    /// What became of it; not of a dry run.
    #[serde(skip_serializing_if = "Option::is_none")]
    run: Option<Run>,
}

/// How tasks are run.
struct Manner {
    tool: &'static str,
    database: Option<Database>,
    stop_on_error: bool,
    jobs: usize,
    dry_run: bool,
}

fn run_task(call: &Call, given: Value) -> Result<Answer, Failure> {
    let given: RunTask = arguments(given)?;
    let manner =
        Manner { tool: "run_task", database: given.database, stop_on_error: true, jobs: 1, dry_run: given.dry_run };
    let (places, settings, declared) = opened(call, &given.project)?;
    let target = target(call, &settings, given.database)?;
    let wanted = wanted::one(&call.options.workspace, &settings, &declared, &given.task, target)?;
    run(call, &places, &settings, &declared, &wanted, &manner)
}

fn run_chain(call: &Call, given: Value) -> Result<Answer, Failure> {
    let given: RunChain = arguments(given)?;
    let selects = !given.tasks.is_empty() || given.from.is_some() || !given.exclude.is_empty();
    let conflict = match () {
        () if given.resume && selects => {
            Some("`resume` goes on with the tasks of the last run: leave `tasks`, `from` and `exclude` out")
        }
        () if given.force && !given.resume => Some("`force` is about `resume`"),
        () if given.no_dependencies && given.tasks.is_empty() => Some("`no_dependencies` is about `tasks`"),
        () => None,
    };
    if let Some(conflict) = conflict {
        return Err(Failure::Arguments(conflict.to_owned()));
    }
    let manner = Manner {
        tool: "run_chain",
        database: given.database,
        stop_on_error: given.stop_on_error,
        jobs: usize::from(given.jobs),
        dry_run: given.dry_run,
    };
    let (places, settings, declared) = opened(call, &given.project)?;
    let wanted = if given.resume {
        wanted::resumed(&places, &declared, given.force)?
    } else {
        let selection = Selection {
            tasks: given.tasks,
            no_dependencies: given.no_dependencies,
            from: given.from,
            exclude: given.exclude,
        };
        wanted::some(&declared, &selection)?
    };
    run(call, &places, &settings, &declared, &wanted, &manner)
}

fn opened(call: &Call, project: &str) -> Result<(Places, Project, Declared), Failure> {
    let places = call.places(project)?;
    let settings = call.options.workspace.settings(&places.layout)?;
    let declared = registry::read(&places).map_err(crate::workspace::Error::from)?;
    Ok((places, settings, declared))
}

/// The database that is meant; one that is called configured has to be.
fn target(call: &Call, settings: &Project, database: Option<Database>) -> Result<Target<'static>, Failure> {
    if database == Some(Database::Configured) {
        database::is_configured(&call.options.workspace, settings)?;
    }
    Ok(Target { scratch: database == Some(Database::Scratch), url: None })
}

fn run(
    call: &Call,
    places: &Places,
    settings: &Project,
    declared: &Declared,
    wanted: &Wanted<'_>,
    manner: &Manner,
) -> Result<Answer, Failure> {
    let target = target(call, settings, manner.database)?;
    if manner.dry_run {
        let plan = wanted.plan(places);
        let text = wanted::plan_text(&plan);
        return Answer::new(&Outcome { plan: Some(plan), run: None }, text);
    }
    if !call.options.allow_write {
        let what = format!("{} changes databases and files", manner.tool);
        return Err(Failure::read_only(&what, "`dry_run: true` tells what would run"));
    }
    let turn = call.turn(&places.layout, manner.tool)?;
    let workspace = &call.options.workspace;
    let Opened { connection, redaction } = wanted.open(workspace, places, settings, target, &mut call.tell())?;
    let request = Request {
        places,
        project: settings,
        declared,
        tasks: wanted.tasks.clone(),
        resume: wanted.resume.as_ref(),
        stop_on_error: manner.stop_on_error,
        jobs: manner.jobs,
        interrupt: &call.interrupt,
        redaction: &redaction,
    };
    let mut count = Count::new(wanted.tasks.len());
    let run = crate::tasks::run(&request, connection, &mut |event| {
        if let Event::Began { run, .. } = event {
            turn.is_for(&run.id);
            call.tell().note(&format!("run {}", run.id));
        }
        if let Some(step) = count.step(event) {
            call.tell().note(&step.message);
            // Whoever does not listen any more has not stopped the chain.
            let _ = call.steps.send(step);
        }
    })?;
    let text = format!("{}{}", record::lines(&run), runs::ending(&run, places));
    let failed = run.state != State::Completed;
    Ok(Answer::new(&Outcome { plan: None, run: Some(run) }, text)?.failed(failed))
}

/// How far a chain is. The protocol wants progress to grow with every step, so
/// a task counts half when it begins.
struct Count {
    progress: f64,
    total: f64,
    begun: Vec<String>,
}

impl Count {
    fn new(tasks: usize) -> Count {
        // A chain has not so many tasks that a float could not count them.
        Count { progress: 0.0, total: f64::from(u32::try_from(tasks).unwrap_or(u32::MAX)), begun: Vec::new() }
    }

    fn step(&mut self, event: &Event<'_>) -> Option<Step> {
        let message = match event {
            Event::Began { run, .. } => {
                let skipped = |task: &&TaskRun| task.state == State::Skipped;
                let skipped = u32::try_from(run.tasks.iter().filter(skipped).count()).unwrap_or_default();
                self.progress += f64::from(skipped);
                return None;
            }
            Event::Line { .. } => return None,
            Event::Started(task) => {
                self.begun.push(task.id.clone());
                self.progress += 0.5;
                format!("{} {} {}", task.state.sign(), task.id, task.state.word())
            }
            Event::Ended { task, .. } => {
                self.progress += if self.begun.contains(&task.id) { 0.5 } else { 1.0 };
                record::ended(task)
            }
        };
        Some(Step { progress: self.progress, total: self.total, message })
    }
}

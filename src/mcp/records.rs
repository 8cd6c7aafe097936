//! The tools that look: at what tasks there are, and what became of them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::answer::{Answer, Failure};
use super::tool::{Call, Effect, Tool, arguments, input, output};
use crate::codegen::layout::Layout;
use crate::tasks::places::Places;
use crate::tasks::record::{self, State};
use crate::tasks::registry::{self, TaskKind};
use crate::tasks::{Run, graph};
use crate::workspace::runs;
use crate::workspace::wanted::FileStatus;

pub const TOOLS: [Tool; 4] = [
    Tool {
        name: "list_tasks",
        title: "List projects and tasks",
        description: "The projects below the root, and the tasks of each in the order in which a chain runs them: what \
                      each does, what it depends on, whether its files exist, and how it ended in the last run. Begin \
                      here: the other tools take the names of projects and tasks that this one gives.",
        input: input::<ListTasks>,
        output: output::<Listing>,
        examples: &["{}", r#"{"project": "shop"}"#],
        effect: Effect::Reads,
        run: list_tasks,
    },
    Tool {
        name: "task_status",
        title: "Status of the last run",
        description: "How the last run of a project, or the last one that had a task in it, ended or stands: the state of \
                      each task with the reason, what it found, and hints where it failed.",
        input: input::<TaskStatus>,
        output: output::<Run>,
        examples: &[r#"{"project": "shop"}"#, r#"{"project": "shop", "task": "verify"}"#],
        effect: Effect::Reads,
        run: task_status,
    },
    Tool {
        name: "task_logs",
        title: "Logs of tasks",
        description: "What tasks said, of the last run or of one that is named. With `failed` only of tasks that failed: \
                      the first thing to read after a chain did not succeed.",
        input: input::<TaskLogs>,
        output: output::<Logs>,
        examples: &[
            r#"{"project": "shop", "failed": true}"#,
            r#"{"project": "shop", "task": "verify", "run": "20260101T120000000Z-0001", "lines": 50}"#,
        ],
        effect: Effect::Reads,
        run: task_logs,
    },
    Tool {
        name: "progress",
        title: "Progress of the last run",
        description: "A line for each task of the last run, true also while a chain runs, here or in another process, and \
                      after a crash. Take it to follow a `run_chain` that goes on.",
        input: input::<Progress>,
        output: output::<Standing>,
        examples: &[r#"{"project": "shop"}"#],
        effect: Effect::Reads,
        run: progress,
    },
];

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ListTasks {
    /// The project; left out: all.
    #[serde(default)]
    project: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct Listing {
    /// Whether tools may change databases and files.
    allows_writing: bool,
    projects: Vec<ProjectTasks>,
}

#[derive(Serialize, JsonSchema)]
struct ProjectTasks {
    project: String,
    /// Whether its manifest exists.
    has_manifest: bool,
    /// Its tasks, in the order in which a chain runs them.
    tasks: Vec<ListedTask>,
    /// What is wrong with its files, where they cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct ListedTask {
    id: String,
    name: String,
    r#type: TaskKind,
    description: String,
    priority: u32,
    dependencies: Vec<String>,
    /// The chain succeeds without it.
    optional: bool,
    files: Vec<TaskFile>,
    /// How it ended, or stands, in the last run.
    #[serde(skip_serializing_if = "Option::is_none")]
    last: Option<State>,
}

#[derive(Serialize, JsonSchema)]
struct TaskFile {
    path: String,
    /// `exists` or `needs creation`.
    file_status: String,
}

fn list_tasks(call: &Call, given: Value) -> Result<Answer, Failure> {
    let given: ListTasks = arguments(given)?;
    let names: Vec<String> = given.project.into_iter().collect();
    let layouts = call.options.workspace.layouts(&names)?;
    let projects: Vec<ProjectTasks> = layouts.into_iter().map(|layout| listed(call, layout)).collect();
    let mut text = String::new();
    for project in &projects {
        text.push_str(&format!("{}: {} tasks\n", project.project, project.tasks.len()));
        text.extend(project.error.iter().map(|error| format!("  {error}\n")));
        for task in &project.tasks {
            let last = task.last.map(|state| format!(", {} in the last run", state.word())).unwrap_or_default();
            text.push_str(&format!("  {} ({}{last}): {}\n", task.id, task.r#type, task.name));
        }
    }
    Answer::new(&Listing { allows_writing: call.options.allow_write, projects }, text)
}

fn listed(call: &Call, layout: Layout) -> ProjectTasks {
    let places = Places { root: call.options.workspace.root.clone(), layout };
    let (name, has_manifest) = (places.layout.name.clone(), places.layout.manifest.is_file());
    let mut project = ProjectTasks { project: name, has_manifest, tasks: Vec::new(), error: None };
    if let Err(failure) = call.check(&places.layout) {
        project.error = Some(failure.to_string());
        return project;
    }
    if !registry::is_there(&places.layout.folder) {
        return project;
    }
    let (declared, last) = match (registry::read(&places), record::last(&places.runs())) {
        (Ok(declared), Ok(last)) => (declared, last),
        (declared, last) => {
            let errors = declared.err().map(|error| error.to_string()).into_iter();
            let errors = errors.chain(last.err().map(|error| error.to_string()));
            project.error = Some(errors.collect::<Vec<_>>().join("\n"));
            return project;
        }
    };
    let tasks = graph::order(&declared.registry).into_iter().map(|task| ListedTask {
        id: task.id.clone(),
        name: task.name.clone(),
        r#type: task.kind,
        description: task.description.clone(),
        priority: task.priority,
        dependencies: task.dependencies.clone(),
        optional: task.optional,
        files: task
            .file
            .iter()
            .chain(&task.output)
            .map(|path| FileStatus::of(&places, path))
            .map(|file| TaskFile { path: file.path.to_owned(), file_status: file.file_status.to_owned() })
            .collect(),
        last: last.as_ref().and_then(|(run, _)| run.task(&task.id)).map(|task| task.state),
    });
    project.tasks = tasks.collect();
    project
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct TaskStatus {
    project: String,
    /// One task; left out: the whole run.
    #[serde(default)]
    task: Option<String>,
}

fn task_status(call: &Call, given: Value) -> Result<Answer, Failure> {
    let given: TaskStatus = arguments(given)?;
    let places = call.places(&given.project)?;
    let mut run = runs::last(&places, given.task.as_deref())?;
    if let Some(id) = &given.task {
        run.tasks.retain(|task| task.id == *id);
    }
    Answer::new(&run, runs::status(&places, &run, given.task.as_deref()))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct TaskLogs {
    project: String,
    /// One task; left out: all of the run.
    #[serde(default)]
    task: Option<String>,
    /// The id of a run; left out: the last one that fits.
    #[serde(default)]
    run: Option<String>,
    /// Only the logs of tasks that failed.
    #[serde(default)]
    failed: bool,
    /// How many lines of each log, counted from its end.
    #[serde(default = "default_lines")]
    #[schemars(range(min = 1, max = 10000))]
    lines: u32,
}

fn default_lines() -> u32 {
    200
}

#[derive(Serialize, JsonSchema)]
struct Logs {
    /// The id of the run.
    run: String,
    state: State,
    logs: Vec<TaskLog>,
}

#[derive(Serialize, JsonSchema)]
struct TaskLog {
    task: String,
    state: State,
    log: String,
    /// How many lines before these are left out.
    left_out: usize,
}

fn task_logs(call: &Call, given: Value) -> Result<Answer, Failure> {
    let given: TaskLogs = arguments(given)?;
    let places = call.places(&given.project)?;
    let wanted = runs::Wanted { run: given.run.as_deref(), task: given.task.as_deref(), failed: given.failed };
    let (run, folder) = wanted.find(&places)?;
    let mut logs = Vec::new();
    let mut text = format!("run {} {}\n", run.id, run.state.word());
    for task in run.tasks.iter().filter(|task| wanted.holds(task)) {
        let (whole, _) = runs::log(&folder.log(&task.id), 0);
        let lines: Vec<&str> = whole.lines().collect();
        let left_out = lines.len().saturating_sub(given.lines.try_into().unwrap_or(usize::MAX));
        let log = lines[left_out..].join("\n");
        text.push_str(&format!("── {} ──\n{log}\n", task.id));
        logs.push(TaskLog { task: task.id.clone(), state: task.state, log, left_out });
    }
    Answer::new(&Logs { run: run.id, state: run.state, logs }, text)
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Progress {
    project: String,
}

#[derive(Serialize, JsonSchema)]
struct Standing {
    /// The id of the run.
    run: String,
    state: State,
    /// How many tasks are done: completed or skipped.
    done: usize,
    total: usize,
    tasks: Vec<TaskStanding>,
}

#[derive(Serialize, JsonSchema)]
struct TaskStanding {
    id: String,
    state: State,
    /// Why it was skipped, blocked or cancelled, or what failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

fn progress(call: &Call, given: Value) -> Result<Answer, Failure> {
    let given: Progress = arguments(given)?;
    let places = call.places(&given.project)?;
    let run = runs::last(&places, None)?;
    let text = runs::progress(&run);
    let task = |task: &crate::tasks::TaskRun| TaskStanding {
        id: task.id.clone(),
        state: task.state,
        reason: task.reason.clone(),
    };
    let standing = Standing {
        done: runs::done(&run),
        total: run.tasks.len(),
        tasks: run.tasks.iter().map(task).collect(),
        state: run.state,
        run: run.id,
    };
    Answer::new(&standing, text)
}

//! `schemacast run` and `schemacast run-chain`.

use serde::Serialize;

use super::args::{Common, RunChain, RunTask, Target};
use super::print::{self, Printer};
use super::screen::Screen;
use super::{Error, Verdict, database, project};
use crate::codegen::project::Project;
use crate::tasks::chain::{Request, log_path};
use crate::tasks::graph::{self, Selection};
use crate::tasks::places::Places;
use crate::tasks::record::{self, State};
use crate::tasks::redact::Redaction;
use crate::tasks::registry::{Declared, Task, TaskKind};
use crate::tasks::{Interrupt, Run};

/// How a chain is run.
struct Manner<'m> {
    target: &'m Target,
    resume: Option<Run>,
    stop_on_error: bool,
    jobs: usize,
    verbose: bool,
    dry_run: bool,
}

pub fn task(common: &Common, verb: &RunTask, printer: &mut Printer) -> Result<Verdict, Error> {
    let (name, Some(id)) = project::named_task(&verb.task) else {
        return Err(Error::Usage(format!("name a task: {}:TASK; `schemacast run-chain` runs all of them", verb.task)));
    };
    let (places, settings, declared) = project::tasks(common, name)?;
    let selection = Selection { tasks: vec![id.to_owned()], no_dependencies: true, ..Selection::default() };
    let mut tasks = graph::select(&declared.registry, &selection).map_err(Error::Usage)?;
    let is_scratch = database::is_scratch(common, verb.target.scratch, verb.target.database_url.as_deref(), &settings)?;
    if is_scratch && tasks.iter().any(|task| task.needs_database()) {
        // A scratch server is new: what the task builds on is not in it.
        let needed = graph::needed(&declared.registry, id);
        let before: Vec<&Task> = graph::order(&declared.registry)
            .into_iter()
            .filter(|task| needed.contains(&task.id) && task.changes_database())
            .collect();
        if !before.is_empty() && !verb.dry_run {
            let ids: Vec<&str> = before.iter().map(|task| task.id.as_str()).collect();
            printer.note(&format!("the scratch database is new: running {} first", ids.join(", ")));
        }
        tasks.splice(0..0, before);
    }
    let manner = Manner {
        target: &verb.target,
        resume: None,
        stop_on_error: true,
        jobs: 1,
        verbose: verb.verbose,
        dry_run: verb.dry_run,
    };
    run(common, &places, &settings, &declared, tasks, manner, printer)
}

pub fn chain(common: &Common, verb: &RunChain, printer: &mut Printer) -> Result<Verdict, Error> {
    let (places, settings, declared) = project::tasks(common, &verb.project)?;
    let resume = if verb.resume { Some(resumable(&places, &declared, verb.force)?) } else { None };
    let selection = match &resume {
        // The same tasks again; those that the registry no longer has are gone.
        Some(run) => Selection {
            tasks: run.tasks.iter().map(|task| task.id.clone()).filter(|id| has(&declared, id)).collect(),
            no_dependencies: true,
            ..Selection::default()
        },
        None => Selection {
            tasks: verb.tasks.clone(),
            no_dependencies: verb.no_deps,
            from: verb.from.clone(),
            exclude: verb.exclude.clone(),
        },
    };
    let tasks = graph::select(&declared.registry, &selection).map_err(Error::Usage)?;
    if tasks.is_empty() {
        return Err(Error::Usage("no task is left to run".to_owned()));
    }
    let manner = Manner {
        target: &verb.target,
        resume,
        stop_on_error: verb.stop_on_error,
        jobs: usize::from(verb.jobs),
        verbose: verb.verbose,
        dry_run: verb.dry_run,
    };
    run(common, &places, &settings, &declared, tasks, manner, printer)
}

fn has(declared: &Declared, id: &str) -> bool {
    declared.registry.tasks.iter().any(|task| task.id == id)
}

/// The last run, where it can be gone on from.
fn resumable(places: &Places, declared: &Declared, force: bool) -> Result<Run, Error> {
    let name = &places.layout.name;
    let Some((run, _)) = record::last(&places.runs())? else {
        return Err(Error::Usage(format!("{name} has not run here yet: there is nothing to resume")));
    };
    match run.state {
        State::Running => {
            Err(Error::Usage(format!("the run {} is still going on, in process {}", run.id, run.process)))
        }
        State::Completed => Err(Error::Usage(format!("the run {} is complete: there is nothing to resume", run.id))),
        _ if run.registry_sha256 != declared.sha256 && !force => Err(Error::Usage(format!(
            "the registry has changed since the run {}: run the chain anew, or resume it all the same with --force",
            run.id
        ))),
        _ => Ok(run),
    }
}

fn run(
    common: &Common,
    places: &Places,
    settings: &Project,
    declared: &Declared,
    tasks: Vec<&Task>,
    manner: Manner<'_>,
    printer: &mut Printer,
) -> Result<Verdict, Error> {
    if manner.dry_run {
        return dry_run(places, &tasks, manner.resume.as_ref(), printer);
    }
    let mut redaction = Redaction::of_environment();
    if let Some(url) = &manner.target.database_url {
        redaction.url(url);
    }
    let interrupt = Interrupt::default();
    watch(&interrupt);
    let needs_database = tasks.iter().any(|task| task.needs_database());
    // A command gets the database too, and must not meet the real one by
    // accident where a scratch server is meant.
    let gives_database = tasks.iter().any(|task| task.argv.is_some());
    let connection = if needs_database || gives_database {
        let target = manner.target;
        let url = target.database_url.as_deref();
        let connection = database::open_for_tasks(common, url, target.scratch, &places.layout, settings, printer)?;
        redaction.connection(connection.settings().clone());
        Some(connection)
    } else {
        None
    };
    let request = Request {
        places,
        project: settings,
        declared,
        tasks,
        resume: manner.resume.as_ref(),
        stop_on_error: manner.stop_on_error,
        jobs: manner.jobs,
        interrupt: &interrupt,
        redaction: &redaction,
    };
    let mut screen = Screen::new(common, manner.verbose, request.tasks.len());
    let mut broken = None;
    let outcome = crate::tasks::run(&request, connection, &mut |event| {
        if let Err(error) = screen.show(event, printer) {
            // Whoever does not read on has not stopped the chain.
            broken.get_or_insert(error);
        }
    });
    screen.clear();
    let run = outcome?;
    if let Some(error) = broken {
        return Err(error.into());
    }
    let is_silent = common.quiet && run.state == State::Completed;
    screen.end(&run, &if is_silent { String::new() } else { last_lines(&run, places) }, printer)?;
    Ok(match run.state {
        State::Completed => Verdict::Yes,
        State::Cancelled => Verdict::Interrupted,
        _ => Verdict::No,
    })
}

/// The end of a chain's output. Of one that failed the last line names the
/// task, its hint and its log.
fn last_lines(run: &Run, places: &Places) -> String {
    let done = run.tasks.iter().filter(|task| task.state.is_success()).count();
    let count = format!("{done} of {} tasks done, run {}\n", run.tasks.len(), run.id);
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

/// Has Ctrl-C, and a polite kill, raise the interrupt; the second ends the
/// program at once (a scratch server dies with it).
fn watch(interrupt: &Interrupt) {
    let interrupt = interrupt.clone();
    let wait = move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        runtime.block_on(async {
            use tokio::signal::unix::{SignalKind, signal};
            let (Ok(mut int), Ok(mut term)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate())) else {
                return;
            };
            loop {
                tokio::select! {
                    _ = int.recv() => {}
                    _ = term.recv() => {}
                }
                if interrupt.is_raised() {
                    std::process::exit(130);
                }
                interrupt.raise();
                print::note("interrupted: stopping what runs; once more to leave at once");
            }
        });
    };
    // Without it the signals do what they always do.
    let _ = std::thread::Builder::new().name("signals".to_owned()).spawn(wait);
}

/// What would run, as JSON.
#[derive(Serialize)]
struct Planned<'p> {
    id: &'p str,
    name: &'p str,
    r#type: TaskKind,
    dependencies: &'p [String],
    /// Done in the run that is resumed.
    done: bool,
    files: Vec<FileStatus<'p>>,
}

#[derive(Serialize)]
struct FileStatus<'p> {
    path: &'p str,
    file_status: &'static str,
}

fn dry_run(places: &Places, tasks: &[&Task], resume: Option<&Run>, printer: &mut Printer) -> Result<Verdict, Error> {
    let plan: Vec<Planned> = tasks
        .iter()
        .map(|task| Planned {
            id: &task.id,
            name: &task.name,
            r#type: task.kind,
            dependencies: &task.dependencies,
            done: resume.and_then(|run| run.task(&task.id)).is_some_and(|task| task.state.is_success()),
            files: task.file.iter().chain(&task.output).map(|path| file_status(places, path)).collect(),
        })
        .collect();
    let mut text = String::new();
    for (at, task) in plan.iter().enumerate() {
        let after = match task.dependencies {
            [] => String::new(),
            ids => format!(" after {}", ids.join(", ")),
        };
        let done = if task.done { ", done before" } else { "" };
        text.push_str(&format!("{}. {} ({}{after}{done}): {}\n", at + 1, task.id, task.r#type, task.name));
        for file in &task.files {
            text.push_str(&format!("     {}: {}\n", file.path, file.file_status));
        }
    }
    text.push_str(&format!("{} tasks; nothing was run\n", plan.len()));
    printer.result(&plan, &text)?;
    Ok(Verdict::Yes)
}

/// Computed, never stored.
fn file_status<'p>(places: &Places, path: &'p str) -> FileStatus<'p> {
    FileStatus { path, file_status: if places.find(path).is_some() { "exists" } else { "needs creation" } }
}

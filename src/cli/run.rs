//! `schemacast run` and `schemacast run-chain`.

use super::args::{Common, RunChain, RunTask, Target};
use super::print::{self, Printer};
use super::screen::Screen;
use super::{Error, Verdict};
use crate::codegen::project::Project;
use crate::tasks::Interrupt;
use crate::tasks::chain::Request;
use crate::tasks::graph::Selection;
use crate::tasks::places::Places;
use crate::tasks::record::State;
use crate::tasks::registry::Declared;
use crate::workspace::wanted::{self, Opened, Wanted};
use crate::workspace::{Tell as _, named_task, runs};

/// How tasks are run.
struct Manner<'m> {
    target: wanted::Target<'m>,
    stop_on_error: bool,
    jobs: usize,
    verbose: bool,
    dry_run: bool,
}

pub fn task(common: &Common, verb: &RunTask, printer: &mut Printer) -> Result<Verdict, Error> {
    let (name, Some(id)) = named_task(&verb.task) else {
        return Err(Error::Usage(format!("name a task: {}:TASK; `schemacast run-chain` runs all of them", verb.task)));
    };
    let workspace = common.workspace();
    let (places, settings, declared) = workspace.tasks(name)?;
    let target = target(&verb.target);
    let wanted = wanted::one(&workspace, &settings, &declared, id, target)?;
    if wanted.before > 0 && !verb.dry_run {
        let ids: Vec<&str> = wanted.tasks[..wanted.before].iter().map(|task| task.id.as_str()).collect();
        printer.note(&format!("the scratch database is new: running {} first", ids.join(", ")));
    }
    let manner = Manner { target, stop_on_error: true, jobs: 1, verbose: verb.verbose, dry_run: verb.dry_run };
    run(common, &places, &settings, &declared, wanted, manner, printer)
}

pub fn chain(common: &Common, verb: &RunChain, printer: &mut Printer) -> Result<Verdict, Error> {
    let (places, settings, declared) = common.workspace().tasks(&verb.project)?;
    let wanted = if verb.resume {
        wanted::resumed(&places, &declared, verb.force)?
    } else {
        let selection = Selection {
            tasks: verb.tasks.clone(),
            no_dependencies: verb.no_deps,
            from: verb.from.clone(),
            exclude: verb.exclude.clone(),
        };
        wanted::some(&declared, &selection)?
    };
    let manner = Manner {
        target: target(&verb.target),
        stop_on_error: verb.stop_on_error,
        jobs: usize::from(verb.jobs),
        verbose: verb.verbose,
        dry_run: verb.dry_run,
    };
    run(common, &places, &settings, &declared, wanted, manner, printer)
}

fn target(target: &Target) -> wanted::Target<'_> {
    wanted::Target { scratch: target.scratch, url: target.database_url.as_deref() }
}

fn run(
    common: &Common,
    places: &Places,
    settings: &Project,
    declared: &Declared,
    wanted: Wanted<'_>,
    manner: Manner<'_>,
    printer: &mut Printer,
) -> Result<Verdict, Error> {
    if manner.dry_run {
        return dry_run(places, &wanted, printer);
    }
    let interrupt = Interrupt::default();
    watch(&interrupt);
    let Opened { connection, redaction } =
        wanted.open(&common.workspace(), places, settings, manner.target, printer)?;
    let request = Request {
        places,
        project: settings,
        declared,
        tasks: wanted.tasks,
        resume: wanted.resume.as_ref(),
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
    screen.end(&run, &if is_silent { String::new() } else { runs::ending(&run, places) }, printer)?;
    Ok(match run.state {
        State::Completed => Verdict::Yes,
        State::Cancelled => Verdict::Interrupted,
        _ => Verdict::No,
    })
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

fn dry_run(places: &Places, wanted: &Wanted<'_>, printer: &mut Printer) -> Result<Verdict, Error> {
    let plan = wanted.plan(places);
    printer.result(&plan, &wanted::plan_text(&plan))?;
    Ok(Verdict::Yes)
}

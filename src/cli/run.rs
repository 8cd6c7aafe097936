//! `schemacast run` and `schemacast run-chain`.

use std::io::{self, IsTerminal as _};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::args::{Common, OutputFormat, RunChain, RunTask, Target};
use super::print::{self, Printer};
use super::{Error, Verdict};
use crate::codegen::project::Project;
use crate::tasks::Interrupt;
use crate::tasks::chain::{Event, Request};
use crate::tasks::graph::Selection;
use crate::tasks::places::Places;
use crate::tasks::record::{self, State};
use crate::tasks::registry::{Declared, TaskKind};
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
    printer.result(&run, &if is_silent { String::new() } else { runs::ending(&run, places) })?;
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

/// Shows what happens: lines, and on a terminal a bar below them.
struct Screen {
    bar: Option<ProgressBar>,
    verbose: bool,
    quiet: bool,
    json: bool,
}

impl Screen {
    fn new(common: &Common, verbose: bool, tasks: usize) -> Screen {
        let json = common.output == OutputFormat::Json;
        let is_watched = io::stderr().is_terminal() && std::env::var_os("CI").is_none() && !common.quiet;
        let bar = is_watched.then(|| {
            let bar = ProgressBar::new(tasks as u64);
            if let Ok(style) = ProgressStyle::with_template("{bar:24} {pos}/{len} {msg} {elapsed}") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(200));
            bar
        });
        Screen { bar, verbose, quiet: common.quiet, json }
    }

    fn show(&mut self, event: &Event<'_>, printer: &mut Printer) -> io::Result<()> {
        match event {
            Event::Began { run, .. } => {
                let database = run.database.as_ref().map(|place| format!(" on {place}")).unwrap_or_default();
                self.note(&format!("run {}{database}", run.id));
                for task in run.tasks.iter().filter(|task| task.state == State::Skipped) {
                    self.note(&format!("⏭️ {} skipped ({})", task.id, task.reason.as_deref().unwrap_or_default()));
                }
                Ok(())
            }
            Event::Started(task) => {
                if let Some(bar) = &self.bar {
                    bar.set_message(task.id.clone());
                } else if self.verbose {
                    self.note(&format!("⏳ {}", task.id));
                }
                Ok(())
            }
            Event::Line { task, text } => {
                if self.verbose {
                    text.lines().for_each(|line| self.note(&format!("   {task} | {line}")));
                }
                Ok(())
            }
            Event::Ended { task, report } => {
                let mut text = format!("{}\n", record::ended(task));
                match (report, &task.outcome) {
                    (Some(report), _) => text.push_str(&format!("{}\n", report.trim_end())),
                    (None, Some(outcome)) if task.kind == TaskKind::SqlQuery => text.push_str(&format!("{outcome}\n")),
                    _ => {}
                }
                if let Some(bar) = &self.bar {
                    bar.inc(1);
                }
                self.print(&text, task.state.is_failure(), printer)
            }
        }
    }

    /// A line on the way.
    fn note(&self, text: &str) {
        if !self.quiet {
            self.beside_bar(|| print::note(text));
        }
    }

    /// What a task ended with: on stdout, unless the JSON of all has that.
    fn print(&self, text: &str, is_failure: bool, printer: &mut Printer) -> io::Result<()> {
        if self.json {
            self.note(text.trim_end());
            return Ok(());
        }
        if self.quiet && !is_failure {
            return Ok(());
        }
        self.beside_bar(|| printer.document(text))
    }

    fn beside_bar<T>(&self, print: impl FnOnce() -> T) -> T {
        match &self.bar {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }

    fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn dry_run(places: &Places, wanted: &Wanted<'_>, printer: &mut Printer) -> Result<Verdict, Error> {
    let plan = wanted.plan(places);
    printer.result(&plan, &wanted::plan_text(&plan))?;
    Ok(Verdict::Yes)
}

//! What a chain shows while it runs: lines for people with a bar below them on
//! a terminal, or JSON lines on stdout.

use std::io::{self, IsTerminal as _};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::args::{Common, OutputFormat};
use super::print::{self, Printer};
use crate::tasks::chain::Event;
use crate::tasks::record::{self, State};
use crate::tasks::registry::TaskKind;
use crate::tasks::{Run, TaskRun};

/// One line of `--output json`: an object whose `event` says what it is, and
/// whose `id` is the run's in `began` and `run`, else the task's.
#[derive(Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum Told<'l> {
    /// The run as it begins.
    Began(&'l Run),
    Started(&'l TaskRun),
    /// A line, or several, of a task's log.
    Line {
        id: &'l str,
        text: &'l str,
    },
    Ended {
        #[serde(flatten)]
        task: &'l TaskRun,
        /// Its report for people.
        #[serde(skip_serializing_if = "Option::is_none")]
        report: Option<&'l str>,
    },
    /// The run as it ended: the last line.
    Run(&'l Run),
}

impl<'l> Told<'l> {
    fn of(event: &'l Event<'_>) -> Told<'l> {
        match event {
            Event::Began { run, .. } => Told::Began(run),
            Event::Started(task) => Told::Started(task),
            Event::Line { task, text } => Told::Line { id: task, text },
            Event::Ended { task, report } => Told::Ended { task, report: *report },
        }
    }
}

/// Shows what happens: lines, and on a terminal a bar below them.
pub(super) struct Screen {
    bar: Option<ProgressBar>,
    verbose: bool,
    quiet: bool,
    json: bool,
}

impl Screen {
    pub fn new(common: &Common, verbose: bool, tasks: usize) -> Screen {
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

    pub fn show(&mut self, event: &Event<'_>, printer: &mut Printer) -> io::Result<()> {
        if self.json {
            self.beside_bar(|| printer.line(&Told::of(event)))?;
        }
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

    /// The end: the whole run, or `text`.
    pub fn end(&self, run: &Run, text: &str, printer: &mut Printer) -> io::Result<()> {
        if self.json { printer.line(&Told::Run(run)) } else { printer.document(text) }
    }

    /// What a task ended with: on stdout, unless the JSON lines are there.
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

    pub fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

//! `schemacast doctor`: the checklist before anything is run.

use std::fmt::Write as _;

use serde::Serialize;

use super::args::{Common, Doctor};
use super::print::Printer;
use super::{Error, Verdict};
use crate::doctor::{self, Limits, Outcome, Section};
use crate::workspace::wanted::Target;

/// As `--output json` prints it.
#[derive(Serialize)]
struct Answer<'r> {
    outcome: Outcome,
    good: usize,
    warnings: usize,
    bad: usize,
    sections: &'r [Section],
}

pub fn run(common: &Common, verb: &Doctor, printer: &mut Printer) -> Result<Verdict, Error> {
    let target = Target { scratch: verb.scratch, url: verb.database_url.as_deref() };
    let project = verb.project.as_deref();
    let report = doctor::examine(&common.workspace(), project, target, &Limits::default(), printer)?;
    let answer = Answer {
        outcome: report.checks().map(|check| check.outcome).max().unwrap_or(Outcome::Good),
        good: report.count(Outcome::Good),
        warnings: report.count(Outcome::Warning),
        bad: report.count(Outcome::Bad),
        sections: &report.sections,
    };
    let worst = if verb.strict { Outcome::Good } else { Outcome::Warning };
    printer.result(&answer, &text(&answer, common.quiet))?;
    Ok(if answer.outcome <= worst { Verdict::Yes } else { Verdict::No })
}

/// A line for each check, and the fix below it; where it is to be quiet, only
/// what is not good.
fn text(answer: &Answer<'_>, quiet: bool) -> String {
    let mut text = String::new();
    for section in answer.sections {
        let checks: Vec<_> = section.checks.iter().filter(|check| !quiet || check.outcome != Outcome::Good).collect();
        if let Some(project) = section.project.as_ref().filter(|_| !checks.is_empty()) {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "\n{project}");
        }
        for check in checks {
            let note = check.note.replace('\n', "\n   ");
            let _ = writeln!(text, "{} {}: {note}", check.outcome.sign(), check.name);
            for line in check.fix.iter().flat_map(|fix| fix.lines()) {
                let _ = writeln!(text, "   → {line}");
            }
        }
    }
    if !quiet {
        let _ = writeln!(text, "\n{} good, {} warnings, {} bad", answer.good, answer.warnings, answer.bad);
    }
    text
}

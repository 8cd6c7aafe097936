//! `schemacast generate`: manifest -> artifacts.

use std::fmt::Write;

use serde::Serialize;

use super::args::{Common, Generate};
use super::print::Printer;
use super::{Error, Verdict};
use crate::codegen::generate::{self, Report};
use crate::codegen::layout;
use crate::codegen::loss::{Deny, Finding};
use crate::codegen::writer::Mode;
use crate::workspace::casting::{self, Counts, Job};

/// One project's result, as `--output json` prints it.
#[derive(Serialize)]
struct Outcome<'r> {
    project: &'r str,
    out: String,
    written: &'r [String],
    unchanged: usize,
    removed: &'r [String],
    edited: &'r [String],
    kept: &'r [String],
    findings: Vec<Told<'r>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unused_accept: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    expired_accept: Vec<String>,
}

/// A finding, whether it is new, and why it is accepted.
#[derive(Serialize)]
struct Told<'r> {
    #[serde(flatten)]
    finding: &'r Finding,
    new: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    accepted: Option<&'r str>,
}

pub fn run(common: &Common, verb: &Generate, printer: &mut Printer) -> Result<Verdict, Error> {
    let deny = Deny::new(&verb.deny).map_err(|error| Error::Usage(format!("--deny: {error}")))?;
    let mode = if verb.check { Mode::Check } else { Mode::Write };
    let mut verdict = Verdict::Yes;
    let mut reports = Vec::new();
    for mut job in jobs(common, verb)? {
        if verb.min_coverage.is_some() {
            job.project.inventory.min_coverage = verb.min_coverage;
        }
        match job.run(&verb.targets, mode, &deny) {
            Ok(report) => reports.push((job, report)),
            // The answer is no, and the other projects still get theirs.
            Err(error @ (generate::Error::Denied(_) | generate::Error::Coverage { .. })) => {
                printer.error(&format!("{}: {error}", job.name));
                verdict = Verdict::No;
            }
            Err(error) => return Err(error.into()),
        }
    }
    if verb.check && reports.iter().any(|(_, report)| report.persisted.is_stale()) {
        verdict = Verdict::No;
    }
    let outcomes: Vec<Outcome> = reports.iter().map(|(job, report)| outcome(common, job, report)).collect();
    let text: String = reports.iter().map(|(job, report)| text(common, job, report, verb)).collect();
    printer.result(&outcomes, if common.quiet { "" } else { &text })?;
    Ok(verdict)
}

fn jobs(common: &Common, verb: &Generate) -> Result<Vec<Job>, Error> {
    let workspace = common.workspace();
    if let Some(manifest) = &verb.manifest {
        let out = verb
            .out
            .as_ref()
            .ok_or_else(|| Error::Usage("--manifest needs --out DIR: where to generate into".to_owned()))?;
        return Ok(vec![Job::of_manifest(&workspace, manifest, out)?]);
    }
    let layouts = workspace.layouts(&verb.projects)?;
    if verb.out.is_some() && layouts.len() > 1 {
        return Err(Error::Usage("--out takes one project: name it".to_owned()));
    }
    let job = |layout| Ok(Job::of_project(&workspace, layout, verb.out.as_deref())?);
    layouts.into_iter().map(job).collect()
}

fn outcome<'r>(common: &Common, job: &'r Job, report: &'r Report) -> Outcome<'r> {
    let persisted = &report.persisted;
    let told = report.findings.iter().enumerate().map(|(at, finding)| Told {
        finding,
        new: casting::is_new(report, at),
        accepted: casting::accepted(job, report, at),
    });
    Outcome {
        project: &job.name,
        out: layout::below(&common.root, &job.out),
        written: &persisted.written,
        unchanged: persisted.unchanged.len(),
        removed: &persisted.removed,
        edited: &persisted.edited,
        kept: &persisted.kept,
        findings: told.collect(),
        unused_accept: casting::rules(job, &report.accepting.unused),
        expired_accept: casting::rules(job, &report.accepting.expired),
    }
}

fn text(common: &Common, job: &Job, report: &Report, verb: &Generate) -> String {
    let mut text = casting::text(job, &layout::below(&common.root, &job.out), report, verb.check);
    text.push_str(&findings_text(job, report, verb.verbose));
    if verb.check && report.persisted.is_stale() {
        let _ = writeln!(text, "  run `schemacast generate {}` and commit the result", job.name);
    }
    text
}

/// A line for each code; with `--verbose` each finding and the way out.
fn findings_text(job: &Job, report: &Report, verbose: bool) -> String {
    let by_code = casting::by_code(&report.findings);
    let mut text = String::new();
    for (code, places) in &by_code {
        let counts = Counts::of(report, places.iter().copied());
        let _ = writeln!(text, "  {} {:>4}  {}{counts}", code.id, places.len(), code.title);
        if verbose {
            let _ = writeln!(text, "    way out: {}", code.way_out);
            for at in places {
                let finding = &report.findings[*at];
                let new = if casting::is_new(report, *at) { "new: " } else { "" };
                let accepted = casting::accepted(job, report, *at);
                let accepted = accepted.map(|why| format!(" (accepted: {why})")).unwrap_or_default();
                let _ = writeln!(text, "    {new}{}: {}{accepted}", finding.path, finding.reason);
            }
        }
    }
    if !verbose && !by_code.is_empty() {
        text.push_str("  (--verbose lists each finding with the way out)\n");
    }
    text
}

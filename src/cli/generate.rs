//! `schemacast generate`: manifest -> artifacts.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;

use serde::Serialize;

use super::args::{Common, Generate};
use super::print::Printer;
use super::{Error, Verdict};
use crate::codegen::generate::{self, Report, Request};
use crate::codegen::layout;
use crate::codegen::loss::{Deny, Finding};
use crate::codegen::project::Project;
use crate::codegen::writer::Mode;
use crate::semantics;

/// One project's result, as `--output json` prints it.
#[derive(Serialize)]
struct Outcome<'r> {
    project: &'r str,
    out: String,
    written: &'r [String],
    unchanged: usize,
    removed: &'r [String],
    edited: &'r [String],
    findings: &'r [Finding],
}

/// What is generated from what into where.
struct Job {
    name: String,
    manifest: PathBuf,
    manifest_name: String,
    project: Project,
    out: PathBuf,
}

pub fn run(common: &Common, verb: &Generate, printer: &mut Printer) -> Result<Verdict, Error> {
    let deny = Deny::new(&verb.deny).map_err(|error| Error::Usage(format!("--deny: {error}")))?;
    let mode = if verb.check { Mode::Check } else { Mode::Write };
    let mut verdict = Verdict::Yes;
    let mut reports = Vec::new();
    for job in jobs(common, verb)? {
        let request = Request {
            manifest: &job.manifest,
            manifest_name: &job.manifest_name,
            project: &job.project,
            targets: &verb.targets,
            out_dir: &job.out,
            mode,
            deny: &deny,
            stamp: None,
            also_check: semantics::faults,
        };
        match generate::generate(&request) {
            Ok(report) => reports.push((job, report)),
            // The answer is no, and the other projects still get theirs.
            Err(error @ generate::Error::Denied(_)) => {
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
    if let Some(manifest) = &verb.manifest {
        let project = common.workspace().loose_settings(manifest)?;
        let out = verb
            .out
            .clone()
            .ok_or_else(|| Error::Usage("--manifest needs --out DIR: where to generate into".to_owned()))?;
        let manifest_name = layout::below(&common.root, manifest);
        return Ok(vec![Job { name: project.name.clone(), manifest: manifest.clone(), manifest_name, project, out }]);
    }
    let layouts = common.workspace().layouts(&verb.projects)?;
    if verb.out.is_some() && layouts.len() > 1 {
        return Err(Error::Usage("--out takes one project: name it".to_owned()));
    }
    layouts
        .into_iter()
        .map(|layout| {
            Ok(Job {
                project: common.workspace().settings(&layout)?,
                manifest_name: layout::below(&common.root, &layout.manifest),
                out: verb.out.clone().unwrap_or_else(|| layout.generated.clone()),
                name: layout.name,
                manifest: layout.manifest,
            })
        })
        .collect()
}

fn outcome<'r>(common: &Common, job: &'r Job, report: &'r Report) -> Outcome<'r> {
    let persisted = &report.persisted;
    Outcome {
        project: &job.name,
        out: layout::below(&common.root, &job.out),
        written: &persisted.written,
        unchanged: persisted.unchanged.len(),
        removed: &persisted.removed,
        edited: &persisted.edited,
        findings: &report.findings,
    }
}

fn text(common: &Common, job: &Job, report: &Report, verb: &Generate) -> String {
    let persisted = &report.persisted;
    let out = layout::below(&common.root, &job.out);
    let mut text = String::new();
    let (written, removed) = if verb.check { ("stale", "left over") } else { ("wrote", "removed") };
    for path in &persisted.written {
        let _ = writeln!(text, "{written} {out}/{path}");
    }
    for path in &persisted.removed {
        let _ = writeln!(text, "{removed} {out}/{path}");
    }
    for path in &persisted.edited {
        let _ = writeln!(text, "changed by hand: {out}/{path}");
    }
    let files = persisted.written.len() + persisted.unchanged.len();
    let _ = writeln!(
        text,
        "{}: {files} files ({} {}, {} unchanged), {} findings",
        job.name,
        persisted.written.len(),
        if verb.check { "stale" } else { "written" },
        persisted.unchanged.len(),
        report.findings.len(),
    );
    text.push_str(&findings_text(&report.findings, verb.verbose));
    if verb.check && persisted.is_stale() {
        let _ = writeln!(text, "  run `schemacast generate {}` and commit the result", job.name);
    }
    text
}

/// A line for each code; with `--verbose` each finding and the way out.
fn findings_text(findings: &[Finding], verbose: bool) -> String {
    let mut by_code: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        by_code.entry(finding.code.id).or_default().push(finding);
    }
    let mut text = String::new();
    for (id, findings) in &by_code {
        let code = findings[0].code;
        let _ = writeln!(text, "  {id} {:>4}  {}", findings.len(), code.title);
        if verbose {
            let _ = writeln!(text, "    way out: {}", code.way_out);
            for finding in findings {
                let _ = writeln!(text, "    {}: {}", finding.path, finding.reason);
            }
        }
    }
    if !verbose && !by_code.is_empty() {
        text.push_str("  (--verbose lists each finding with the way out)\n");
    }
    text
}

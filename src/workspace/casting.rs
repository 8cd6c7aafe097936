//! Manifest -> generated files: what `generate` means.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::{Error, Workspace};
use crate::clock;
use crate::codegen::generate::{self, Report, Request};
use crate::codegen::layout::{self, Layout};
use crate::codegen::loss::{Code, Deny, Finding};
use crate::codegen::project::Project;
use crate::codegen::writer::Mode;
use crate::semantics;

/// What is generated from what into where.
#[derive(Debug)]
pub struct Job {
    pub name: String,
    manifest: PathBuf,
    manifest_name: String,
    /// Its settings: a caller may override some.
    pub project: Project,
    pub out: PathBuf,
}

impl Job {
    /// A project's files; into another folder with `out`.
    ///
    /// # Errors
    /// All mistakes in project.yaml, or what is set is no option.
    pub fn of_project(workspace: &Workspace, layout: Layout, out: Option<&Path>) -> Result<Job, Error> {
        Ok(Job {
            project: workspace.settings(&layout)?,
            manifest_name: layout::below(&workspace.root, &layout.manifest),
            out: out.map_or(layout.generated, Path::to_owned),
            name: layout.name,
            manifest: layout.manifest,
        })
    }

    /// The files of a manifest that stands in no project's folder.
    ///
    /// # Errors
    /// As [`Job::of_project`].
    pub fn of_manifest(workspace: &Workspace, manifest: &Path, out: &Path) -> Result<Job, Error> {
        let project = workspace.loose_settings(manifest)?;
        Ok(Job {
            name: project.name.clone(),
            manifest: manifest.to_owned(),
            manifest_name: layout::below(&workspace.root, manifest),
            project,
            out: out.to_owned(),
        })
    }

    /// Generates, with the full check of what needs more than a build script
    /// has; in [`Mode::Check`] compares.
    ///
    /// # Errors
    /// As [`generate::generate`].
    pub fn run(&self, targets: &[String], mode: Mode, deny: &Deny) -> Result<Report, generate::Error> {
        generate::generate(&Request {
            manifest: &self.manifest,
            manifest_name: &self.manifest_name,
            project: &self.project,
            targets,
            out_dir: &self.out,
            mode,
            deny,
            today: clock::day(&clock::now()).ok(),
            stamp: None,
            check: semantics::check,
        })
    }
}

/// What became of the files, for people; `out` is the folder as they know it.
pub fn text(job: &Job, out: &str, report: &Report, check: bool) -> String {
    let persisted = &report.persisted;
    let mut text = String::new();
    let (written, removed) = if check { ("stale", "left over") } else { ("wrote", "removed") };
    // Writing to a String cannot fail.
    for path in &persisted.written {
        let _ = writeln!(text, "{written} {out}/{path}");
    }
    for path in &persisted.removed {
        let _ = writeln!(text, "{removed} {out}/{path}");
    }
    for path in &persisted.edited {
        let _ = writeln!(text, "changed by hand: {out}/{path}");
    }
    for path in &persisted.kept {
        let _ = writeln!(text, "no longer made, but it holds notes: move them, then delete {out}/{path}");
    }
    let files = persisted.written.len() + persisted.unchanged.len();
    let counts = Counts::of(report, report.findings.iter().enumerate().map(|(at, _)| at));
    let _ = writeln!(
        text,
        "{}: {files} files ({} {}, {} unchanged), {} findings{counts}",
        job.name,
        persisted.written.len(),
        if check { "stale" } else { "written" },
        persisted.unchanged.len(),
        report.findings.len(),
    );
    for at in &report.accepting.expired {
        let _ = writeln!(text, "  {} accepts nothing any more: its last day has passed", rule(job, *at));
    }
    for at in &report.accepting.unused {
        let _ = writeln!(text, "  {} decides nothing: take it out of project.yaml", rule(job, *at));
    }
    text
}

/// A rule of `accept`, as messages name it.
fn rule(job: &Job, at: usize) -> String {
    let rule = &job.project.accept[at];
    let until = rule.until.as_ref().map(|until| format!(", until {until}")).unwrap_or_default();
    format!("accept[{at}] ({} {}{until})", rule.code, rule.path)
}

/// How many of some findings are new, and how many accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    pub new: usize,
    pub accepted: usize,
}

impl Counts {
    /// Of the findings at these places of the report.
    pub fn of(report: &Report, places: impl Iterator<Item = usize>) -> Counts {
        let mut counts = Counts { new: 0, accepted: 0 };
        for at in places {
            counts.new += usize::from(is_new(report, at));
            counts.accepted += usize::from(report.accepting.by[at].is_some());
        }
        counts
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.new, self.accepted) {
            (0, 0) => Ok(()),
            (new, 0) => write!(f, " ({new} new)"),
            (0, accepted) => write!(f, " ({accepted} accepted)"),
            (new, accepted) => write!(f, " ({new} new, {accepted} accepted)"),
        }
    }
}

/// Whether the finding at that place was not there at the last generation.
/// Where there is no record of it, nothing is known to be new.
pub fn is_new(report: &Report, at: usize) -> bool {
    report.known.as_ref().is_some_and(|known| !known.holds(&report.findings[at]))
}

/// The reason for which the finding at that place is accepted.
pub fn accepted<'j>(job: &'j Job, report: &Report, at: usize) -> Option<&'j str> {
    report.accepting.by[at].map(|rule| job.project.accept[rule].reason.as_str())
}

/// The rules of `accept` at those places, as messages name them.
pub fn rules(job: &Job, places: &[usize]) -> Vec<String> {
    places.iter().map(|at| rule(job, *at)).collect()
}

/// The places of findings, which are in the order of their codes, by code.
pub fn by_code(findings: &[Finding]) -> Vec<(&'static Code, Vec<usize>)> {
    let mut by_code: Vec<(&'static Code, Vec<usize>)> = Vec::new();
    for (at, finding) in findings.iter().enumerate() {
        match by_code.last_mut() {
            Some((code, places)) if *code == finding.code => places.push(at),
            _ => by_code.push((finding.code, vec![at])),
        }
    }
    by_code
}

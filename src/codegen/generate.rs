//! One manifest file into its folder of generated files: read, cast, persist.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use thiserror::Error;

use crate::codegen::cast::{self, Casting, Check, Way};
use crate::codegen::exceptions::Exceptions;
use crate::codegen::layout;
use crate::codegen::loss::{self, Deny, Finding, Known};
use crate::codegen::manifest::Manifest;
use crate::codegen::project::{Day, Project};
use crate::codegen::target::inventory::coverage;
use crate::codegen::threads;
use crate::codegen::writer::{self, Mode, Persisted};

/// What to generate from what into where.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    pub manifest: &'a Path,
    /// How generated files name the manifest.
    pub manifest_name: &'a str,
    pub project: &'a Project,
    /// None: those of the project, else all.
    pub targets: &'a [String],
    pub out_dir: &'a Path,
    pub mode: Mode,
    pub deny: &'a Deny,
    /// For rules of `accept` that hold until a day; without it, they hold.
    pub today: Option<Day>,
    /// See [`writer::persist`].
    pub stamp: Option<SystemTime>,
    /// What each artifact must pass before anything is written:
    /// [`check::check`](crate::codegen::check::check), or the program's, which
    /// looks further and needs more than a build script has.
    pub check: Check,
}

/// What was read, what was found, and what became of the files.
#[derive(Debug)]
#[non_exhaustive]
pub struct Report {
    /// The manifest as it was read.
    pub manifest: Manifest,
    /// What the targets lose, in the order of codes and objects: also what
    /// project.yaml accepts.
    pub findings: Vec<Finding>,
    /// What project.yaml accepts of them.
    pub(crate) accepting: Exceptions,
    /// What was known when they were last generated; none, where no record is.
    /// The program asks it; it is no part of the stable API.
    #[doc(hidden)]
    pub known: Option<Known>,
    /// The files that were written, and those that were not.
    pub persisted: Persisted,
}

impl Report {
    /// The findings that project.yaml does not accept.
    pub fn open_findings(&self) -> impl Iterator<Item = &Finding> {
        let accepted = self.accepting.by.iter().map(Option::is_some);
        self.findings.iter().zip(accepted).filter(|(_, accepted)| !accepted).map(|(finding, _)| finding)
    }
}

/// Why nothing was generated.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    #[error(transparent)]
    Layout(#[from] layout::Error),
    #[error(
        "{} holds no table and no view, so there is nothing to generate: introspect a database that has some \
         (or check `include`/`exclude` in project.yaml)",
        .0.display()
    )]
    Empty(PathBuf),
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Cast(Vec<cast::Error>),
    /// Rules of `accept` that say nothing, or of a code that is not there.
    #[error("project.yaml: {}", .0.join("\nproject.yaml: "))]
    Accept(Vec<String>),
    #[error("{}: {fault}; take it out of the folder, and generate again", .path.display())]
    Record { path: PathBuf, fault: String },
    /// `--deny` was asked for and there are such findings. Nothing was written.
    #[error("{} denied by --deny:\n{}", count(.0.len(), "finding is", "findings are"), findings_text(.0))]
    Denied(Vec<Finding>),
    /// Too few objects have a comment. Nothing was written.
    #[error(
        "{commented} of {total} objects have a comment, {percent} %, and {wanted} % are wanted (`inventory.min_coverage`, \
         `--min-coverage`): COMMENT ON those that SCHEMA_INVENTORY.md shows without, and introspect again"
    )]
    Coverage { commented: usize, total: usize, percent: usize, wanted: u8 },
    #[error(transparent)]
    Writer(#[from] writer::Error),
}

fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

fn findings_text(findings: &[Finding]) -> String {
    findings.iter().map(|finding| format!("  {finding}\n    {}", finding.code.way_out)).collect::<Vec<_>>().join("\n")
}

/// Generates, or in [`Mode::Check`] compares.
///
/// # Errors
/// The manifest cannot be read or is wrong, a target cannot be made, a finding
/// is denied, too few objects have a comment, or a file cannot be written. In each case the files that stood
/// there stay.
pub fn generate(request: &Request<'_>) -> Result<Report, Error> {
    let rules = &request.project.accept;
    let faults = loss::faults(rules);
    if !faults.is_empty() {
        return Err(Error::Accept(faults));
    }
    let manifest = layout::read_manifest(request.manifest)?;
    let casting = cast_manifest(&manifest, request)?;
    // Before anything is written, for writing brings the record up to date.
    let known = read_known(request.out_dir)?;
    let mut accepting = loss::accept(&casting.findings, rules, request.today.as_ref());
    if !request.targets.is_empty() {
        // A rule may be for a target that did not run.
        accepting.unused.clear();
    }
    let is_denied = |at: usize, finding: &Finding| {
        let is_new = known.as_ref().is_none_or(|known| !known.holds(finding));
        accepting.by[at].is_none() && request.deny.denies(finding, is_new)
    };
    let findings = casting.findings.iter().enumerate();
    let denied: Vec<Finding> =
        findings.filter(|(at, finding)| is_denied(*at, finding)).map(|(_, finding)| finding.clone()).collect();
    if !denied.is_empty() {
        return Err(Error::Denied(denied));
    }
    check_coverage(&manifest, request.project)?;
    let persisted = writer::persist(request.out_dir, &casting, request.mode, request.stamp)?;
    Ok(Report { manifest, findings: casting.findings, accepting, known, persisted })
}

fn read_known(out_dir: &Path) -> Result<Option<Known>, Error> {
    let path = out_dir.join(loss::RECORD);
    match std::fs::read_to_string(&path) {
        Ok(text) => Known::read(&text).map(Some).map_err(|fault| Error::Record { path, fault }),
        // Where the folder is none, the writer says so.
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(source) => Err(writer::Error::Io { doing: "read", path, source }.into()),
    }
}

/// Whether as many objects have a comment as the project wants.
fn check_coverage(manifest: &Manifest, project: &Project) -> Result<(), Error> {
    let Some(wanted) = project.inventory.min_coverage else { return Ok(()) };
    match coverage::coverage(manifest).last() {
        Some(all) if all.percent() < usize::from(wanted) => {
            Err(Error::Coverage { commented: all.commented, total: all.total, percent: all.percent(), wanted })
        }
        _ => Ok(()),
    }
}

fn cast_manifest(manifest: &Manifest, request: &Request<'_>) -> Result<Casting, Error> {
    let relations = |schema: &crate::codegen::manifest::Schema| {
        schema.tables.len() + schema.views.len() + schema.materialized_views.len()
    };
    if manifest.schemas.iter().map(relations).sum::<usize>() == 0 {
        return Err(Error::Empty(request.manifest.to_owned()));
    }
    let way = Way { check: request.check, threads: threads::available() };
    cast::cast_with(manifest, request.project, request.targets, request.manifest_name, &way).map_err(Error::Cast)
}

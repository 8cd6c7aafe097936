//! Two schemas -> a report: what `drift` and `diff` mean.

use std::fs;
use std::path::Path;

use super::database::Live;
use super::rehearse;
use super::source::{self, Source};
use super::{Error, Tell, Workspace};
use crate::clock::now;
use crate::codegen::layout::{self, Layout};
use crate::codegen::loss::Code;
use crate::codegen::project::Project;
use crate::diff::report::{File, Remedy, Request, Side, Verb};
use crate::diff::{
    Change, Compared, PlanOptions, Report, code, compare, compare_sides, ignore_faults, plan, report, script,
};
use crate::tasks::action::drift::rules_file;

/// Under which terms two schemas are compared.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    /// The notes that count as differences: see [`denied`].
    pub denied: Vec<&'static Code>,
    /// How many differences are still a yes.
    pub threshold: usize,
    /// Leave the date out.
    pub stable: bool,
    /// Let the SQL delete data rather than comment those statements out.
    pub allow_destructive: bool,
    /// Let the SQL build indexes `CONCURRENTLY`.
    pub concurrently: bool,
    /// Try the SQL in a scratch Postgres.
    pub verify: bool,
    /// Compare what a scratch Postgres makes of manifest files.
    pub canonicalize: bool,
}

/// From how many bytes on a manifest is read beside what the database has: a
/// smaller one is read in a moment.
const BIG: u64 = 256 << 10;

/// What drift is about: a project, a manifest, or a project with another
/// manifest than its own.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'s> {
    pub project: Option<&'s str>,
    pub manifest: Option<&'s Path>,
}

/// The notes that count as differences: codes, what codes begin with, or
/// `all`; with `strict_coverage` those about what is not compared, too.
///
/// # Errors
/// A word that no code begins with.
pub fn denied(words: &[String], strict_coverage: bool) -> Result<Vec<&'static Code>, Error> {
    let mut denied = code::denied(words).map_err(|error| Error::Usage(format!("--deny: {error}")))?;
    if strict_coverage {
        denied.extend([&code::NOT_VISIBLE, &code::NOT_COMPARED]);
    }
    Ok(denied)
}

/// The manifest is what is expected, the live database what is there.
///
/// # Errors
/// There is no such project, manifest or database, or a rule in project.yaml
/// is wrong.
pub fn drift(
    workspace: &Workspace,
    subject: Subject<'_>,
    live: Live<'_>,
    terms: &Terms,
    tell: &mut dyn Tell,
) -> Result<Report, Error> {
    let layout = subject.project.map(|name| workspace.layout(name)).transpose()?;
    let (settings, manifest) = match (&layout, subject.manifest) {
        (Some(layout), manifest) => (workspace.settings(layout)?, manifest.unwrap_or(&layout.manifest)),
        (None, Some(manifest)) => (workspace.loose_settings(manifest)?, manifest),
        (None, None) => return Err(Error::Usage("name a project, or a manifest with --manifest FILE".to_owned())),
    };
    let rules_path = match &layout {
        Some(layout) => layout.folder.join(layout::PROJECT),
        None => manifest.with_file_name(layout::PROJECT),
    };
    let faults = ignore_faults(&settings.drift.ignore);
    if !faults.is_empty() {
        return Err(Error::Usage(faults.join("\n")));
    }
    // What is wrong with the file is said before anything is connected to. Of a
    // big one only what differs is read, once it is known what the database has;
    // but what Postgres makes of it, it makes of the whole.
    let is_big = !terms.canonicalize && fs::metadata(manifest).is_ok_and(|file| file.len() > BIG);
    let read = (!is_big).then(|| source::file(workspace, manifest)).transpose()?;
    let actual = match (live, subject.project) {
        (Live::Scratch, Some(project)) => source::read(workspace, &Source::Scratch(project.to_owned()), None, tell),
        (Live::Scratch, None) => Err(Error::Usage("--scratch fills a project's database: name the project".to_owned())),
        (Live::Named(url), _) => source::named(workspace, url, Some(&settings), tell),
    };
    let (mut expected, actual) = match (read, actual) {
        (Some(expected), actual) => (expected, actual?),
        (None, Ok(actual)) => (source::file_beside(workspace, manifest, &actual.manifest)?, actual),
        // The file's own mistakes come first here too.
        (None, Err(error)) => return Err(source::file(workspace, manifest).err().unwrap_or(error)),
    };
    if terms.canonicalize {
        rehearse::canonicalize(&mut expected, layout.as_ref(), tell)?;
    }
    let rules_file = rules_file(&workspace.root, &rules_path);
    let question = Question {
        verb: Verb::Drift,
        project: Some(&settings),
        layout: layout.as_ref(),
        rules_file,
        expects_nothing: false,
    };
    answer(&question, terms, &expected, &actual, tell)
}

/// A is what is there, B what is expected. Every difference counts: ignore
/// rules are about a project's drift.
///
/// # Errors
/// One of them cannot be read.
pub fn diff(
    workspace: &Workspace,
    a: &Source,
    b: &Source,
    terms: &Terms,
    tell: &mut dyn Tell,
) -> Result<Report, Error> {
    // A bare URL beside a project's schema is read as the project says, or what
    // the project leaves out would be a difference.
    let project = a.project().or(b.project()).map(|name| workspace.layout(name)).transpose()?;
    let settings = project.as_ref().map(|layout| workspace.settings(layout)).transpose()?;
    let mut actual = source::read(workspace, a, settings.as_ref(), tell)?;
    let mut expected = source::read(workspace, b, settings.as_ref(), tell)?;
    for side in [&mut actual, &mut expected] {
        if terms.canonicalize && side.file.is_some() {
            rehearse::canonicalize(side, project.as_ref(), tell)?;
        }
    }
    if *a == Source::Empty {
        source::furnish(&mut actual, &expected);
    }
    if *b == Source::Empty {
        source::furnish(&mut expected, &actual);
    }
    let question = Question {
        verb: Verb::Diff,
        project: None,
        layout: project.as_ref(),
        rules_file: None,
        expects_nothing: *b == Source::Empty,
    };
    answer(&question, terms, &expected, &actual, tell)
}

/// What is asked of two schemas.
struct Question<'q> {
    verb: Verb,
    project: Option<&'q Project>,
    /// Where what a project's database starts from is.
    layout: Option<&'q Layout>,
    /// The project.yaml that the ignore rules are in.
    rules_file: Option<File>,
    /// B is `empty`.
    expects_nothing: bool,
}

fn answer(
    question: &Question<'_>,
    terms: &Terms,
    expected: &Side,
    actual: &Side,
    tell: &mut dyn Tell,
) -> Result<Report, Error> {
    let now = now();
    let rules = question.project.map(|project| project.drift.ignore.as_slice()).unwrap_or_default();
    let compared = compare_sides(expected, actual, rules, &now).map_err(Error::Usage)?;
    let Compared { comparison, ignoring, .. } = &compared;
    let remedy = remedy(&compared, question, terms);
    let verification = terms.verify.then(|| {
        let uncounted: Vec<Change> = ignoring.ignored.iter().map(|(change, _)| change.clone()).collect();
        let (from, to) = if question.expects_nothing { (expected, actual) } else { (actual, expected) };
        rehearse::verify(from, to, &remedy.plan, &uncounted, question.layout, tell)
    });
    if !terms.canonicalize && rehearse::may_be_spelling(&comparison.changes, [expected, actual]) {
        tell.note(
            "hint: nothing differs but texts; where a manifest was edited by hand, --canonicalize compares what Postgres \
             makes of it",
        );
    }
    Ok(report::report(&Request {
        verb: question.verb,
        project: question.project.map(|project| project.name.as_str()),
        compared: &compared,
        rules_file: question.rules_file.as_ref(),
        denied: &terms.denied,
        threshold: terms.threshold,
        date: (!terms.stable).then_some(now),
        remedy: Some(&remedy),
        verification,
    }))
}

/// The SQL that turns what is there into what is expected. Where one side is
/// empty it is the SQL that makes the other, whichever it is: nobody asks for a
/// script that drops a whole schema by comparing it with nothing.
fn remedy(compared: &Compared<'_>, question: &Question<'_>, terms: &Terms) -> Remedy {
    let options = PlanOptions { allow_destructive: terms.allow_destructive, concurrently: terms.concurrently };
    if !question.expects_nothing {
        return compared.remedy(options);
    }
    let (actual, expected) = (compared.actual, compared.expected);
    let all = compare(&actual.manifest, &expected.manifest);
    let plan = plan(&expected.manifest, &actual.manifest, &all.changes, options);
    let script = script(&plan, &[], &format!("Makes {} from an empty database.", actual.name));
    Remedy { plan, script }
}

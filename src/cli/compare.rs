//! `schemacast drift` and `schemacast diff`: two schemas -> a report.

use std::env;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::args::{Common, Diff, Drift, OutputFormat, ReportFormat, Reporting};
use super::print::Printer;
use super::{Error, Verdict, rehearse};
use crate::codegen::layout::{self, Layout};
use crate::codegen::loss::Code;
use crate::codegen::project::Project;
use crate::codegen::writer;
use crate::diff::report::{File, Proof, Remedy, Request, Side, Verb};
use crate::diff::{
    Change, Compared, PlanOptions, Report, code, compare, compare_sides, ignore_faults, plan, report, script,
};
use crate::tasks::action::drift::rules_file;
use crate::tasks::action::introspect::now;
use crate::workspace::Tell as _;
use crate::workspace::source::{self, Source};

/// What two schemas are compared under.
struct Terms<'t> {
    verb: Verb,
    reporting: &'t Reporting,
    project: Option<&'t Project>,
    /// Where what a project's database starts from is.
    layout: Option<&'t Layout>,
    /// The project.yaml that the ignore rules are in.
    rules_file: Option<File>,
    /// B is `empty`.
    expects_nothing: bool,
}

/// The manifest is what is expected, the live database what is there.
pub fn drift(common: &Common, verb: &Drift, printer: &mut Printer) -> Result<Verdict, Error> {
    let layout = verb.project.as_deref().map(|name| common.workspace().layout(name)).transpose()?;
    let (settings, manifest) = match (&layout, &verb.manifest) {
        (Some(layout), manifest) => {
            (common.workspace().settings(layout)?, manifest.as_ref().unwrap_or(&layout.manifest))
        }
        (None, Some(manifest)) => (common.workspace().loose_settings(manifest)?, manifest),
        (None, None) => return Err(Error::Usage("name a project, or a manifest with --manifest FILE".to_owned())),
    };
    let rules_path = match &layout {
        Some(layout) => layout.folder.join(layout::PROJECT),
        None => manifest.with_file_name(layout::PROJECT),
    };
    check(common, &verb.reporting, Some(&settings))?;
    // What is wrong with the file is said before anything is connected to.
    let mut expected = source::file(&common.workspace(), manifest)?;
    let actual = match (verb.scratch, &verb.project) {
        (true, Some(project)) => source::read(&common.workspace(), &Source::Scratch(project.clone()), None, printer)?,
        (true, None) => {
            return Err(Error::Usage("--scratch fills a project's database: name the project".to_owned()));
        }
        (false, _) => source::named(&common.workspace(), verb.database_url.as_deref(), Some(&settings), printer)?,
    };
    if verb.reporting.canonicalize {
        rehearse::canonicalize(&mut expected, layout.as_ref(), printer)?;
    }
    let rules_file = rules_file(&common.root, &rules_path);
    let terms = Terms {
        verb: Verb::Drift,
        reporting: &verb.reporting,
        project: Some(&settings),
        layout: layout.as_ref(),
        rules_file,
        expects_nothing: false,
    };
    compare_and_report(common, &terms, &expected, &actual, printer)
}

/// A is what is there, B what is expected. Every difference counts: ignore
/// rules are about a project's drift.
pub fn diff(common: &Common, verb: &Diff, printer: &mut Printer) -> Result<Verdict, Error> {
    check(common, &verb.reporting, None)?;
    let (a, b) = (Source::parse(&verb.a), Source::parse(&verb.b));
    // A bare URL beside a project's schema is read as the project says, or what
    // the project leaves out would be a difference.
    let project = a.project().or(b.project()).map(|name| common.workspace().layout(name)).transpose()?;
    let settings = project.as_ref().map(|layout| common.workspace().settings(layout)).transpose()?;
    let mut actual = source::read(&common.workspace(), &a, settings.as_ref(), printer)?;
    let mut expected = source::read(&common.workspace(), &b, settings.as_ref(), printer)?;
    for side in [&mut actual, &mut expected] {
        if verb.reporting.canonicalize && side.file.is_some() {
            rehearse::canonicalize(side, project.as_ref(), printer)?;
        }
    }
    if a == Source::Empty {
        source::furnish(&mut actual, &expected);
    }
    if b == Source::Empty {
        source::furnish(&mut expected, &actual);
    }
    let terms = Terms {
        verb: Verb::Diff,
        reporting: &verb.reporting,
        project: None,
        layout: project.as_ref(),
        rules_file: None,
        expects_nothing: b == Source::Empty,
    };
    compare_and_report(common, &terms, &expected, &actual, printer)
}

/// What can be said before anything is read.
fn check(common: &Common, reporting: &Reporting, project: Option<&Project>) -> Result<(), Error> {
    denied(reporting)?;
    let to_stdout = reporting.out == "-";
    if common.output == OutputFormat::Json
        && to_stdout
        && !matches!(reporting.format, ReportFormat::Text | ReportFormat::Json)
    {
        return Err(Error::Usage("--output json takes stdout: write the report elsewhere with --out FILE".to_owned()));
    }
    let faults = project.map(|project| ignore_faults(&project.drift.ignore)).unwrap_or_default();
    if faults.is_empty() { Ok(()) } else { Err(Error::Usage(faults.join("\n"))) }
}

fn denied(reporting: &Reporting) -> Result<Vec<&'static Code>, Error> {
    let mut denied = code::denied(&reporting.deny).map_err(|error| Error::Usage(format!("--deny: {error}")))?;
    if reporting.strict_coverage {
        denied.extend([&code::NOT_VISIBLE, &code::NOT_COMPARED]);
    }
    Ok(denied)
}

fn compare_and_report(
    common: &Common,
    terms: &Terms<'_>,
    expected: &Side,
    actual: &Side,
    printer: &mut Printer,
) -> Result<Verdict, Error> {
    let now = now();
    let rules = terms.project.map(|project| project.drift.ignore.as_slice()).unwrap_or_default();
    let compared = compare_sides(expected, actual, rules, &now).map_err(Error::Usage)?;
    let Compared { comparison, ignoring, .. } = &compared;
    let remedy = remedy(&compared, terms);
    let verification = terms.reporting.verify.then(|| {
        let uncounted: Vec<Change> = ignoring.ignored.iter().map(|(change, _)| change.clone()).collect();
        let (from, to) = if terms.expects_nothing { (expected, actual) } else { (actual, expected) };
        rehearse::verify(from, to, &remedy.plan, &uncounted, terms.layout, printer)
    });
    if !terms.reporting.canonicalize && rehearse::may_be_spelling(&comparison.changes, [expected, actual]) {
        printer.note(
            "hint: nothing differs but texts; where a manifest was edited by hand, --canonicalize compares what Postgres \
             makes of it",
        );
    }
    let report = report::report(&Request {
        verb: terms.verb,
        project: terms.project.map(|project| project.name.as_str()),
        expected,
        actual,
        comparison,
        ignoring,
        rules,
        rules_file: terms.rules_file.as_ref(),
        denied: &denied(terms.reporting)?,
        threshold: terms.reporting.threshold,
        date: (!terms.reporting.stable).then_some(now),
        remedy: Some(&remedy),
        verification,
    });
    deliver(common, terms.reporting, &report, printer)?;
    match report.clean {
        true => Ok(Verdict::Yes),
        false => Ok(Verdict::No),
    }
}

/// The SQL that turns what is there into what is expected. Where one side is
/// empty it is the SQL that makes the other, whichever it is: nobody asks for a
/// script that drops a whole schema by comparing it with nothing.
fn remedy(compared: &Compared<'_>, terms: &Terms<'_>) -> Remedy {
    let options = PlanOptions {
        allow_destructive: terms.reporting.allow_destructive,
        concurrently: terms.reporting.concurrently,
    };
    if !terms.expects_nothing {
        return compared.remedy(options);
    }
    let (expected, actual) = (compared.expected, compared.actual);
    let all = compare(&actual.manifest, &expected.manifest);
    let plan = plan(&expected.manifest, &actual.manifest, &all.changes, options);
    let script = script(&plan, &[], &format!("Makes {} from an empty database.", actual.name));
    Remedy { plan, script }
}

/// Files first, then stdout: whoever reads the output finds the files there.
fn deliver(common: &Common, reporting: &Reporting, report: &Report, printer: &mut Printer) -> Result<(), Error> {
    if let Some(path) = &reporting.report {
        writer::write_file(path, report::markdown(report).as_bytes())?;
    }
    if let Some(path) = &reporting.sql {
        let sql =
            report.sql.as_deref().ok_or_else(|| Error::Usage("no SQL was planned for these differences".to_owned()))?;
        writer::write_file(path, sql.as_bytes())?;
    }
    let formatted = match reporting.format {
        ReportFormat::Text => report::text(report),
        ReportFormat::Markdown => report::markdown(report),
        ReportFormat::Json => json(report),
        ReportFormat::Sarif => report::sarif(report),
        ReportFormat::Junit => report::junit(report),
        ReportFormat::Github => {
            let workflow = report::github(report);
            append("GITHUB_STEP_SUMMARY", &workflow.summary)?;
            append("GITHUB_OUTPUT", &workflow.outputs)?;
            workflow.commands
        }
    };
    let is_json = common.output == OutputFormat::Json;
    if reporting.out != "-" {
        writer::write_file(Path::new(&reporting.out), formatted.as_bytes())?;
        let mut said = format!("{}\n", report::verdict(report));
        if let Some(verification) = &report.verification {
            said.push_str(&format!("{}\n", verification.line()));
        }
        printer.result(report, if common.quiet { "" } else { &said })?;
    } else if is_json {
        printer.result(report, "")?;
    } else {
        let is_wanted = !(common.quiet && reporting.format == ReportFormat::Text && report.clean);
        printer.document(if is_wanted { &formatted } else { "" })?;
    }
    if let Some(verification) = &report.verification
        && verification.verdict != Proof::Converges
    {
        return Err(Error::Unproved(verification.line()));
    }
    match report.impossible.len() {
        count if count > 0 && reporting.sql.is_some() => Err(Error::Unmendable(count)),
        _ => Ok(()),
    }
}

fn json(report: &Report) -> String {
    // The report holds nothing that JSON cannot.
    let mut json = serde_json::to_string_pretty(report).unwrap_or_default();
    json.push('\n');
    json
}

/// Adds a text to the file that a variable of GitHub's names, where there is one.
fn append(variable: &str, text: &str) -> Result<(), Error> {
    let Some(path) = env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from) else { return Ok(()) };
    let opened = fs::OpenOptions::new().append(true).create(true).open(&path);
    opened
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|source| Error::Writer(writer::Error::Io { doing: "write", path, source }))
}

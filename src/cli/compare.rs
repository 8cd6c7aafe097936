//! `schemacast drift` and `schemacast diff`: two schemas -> a report.

use std::env;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::args::{Common, Diff, Drift, OutputFormat, ReportFormat, Reporting};
use super::print::Printer;
use super::{Error, Verdict};
use crate::codegen::writer;
use crate::diff::report::Proof;
use crate::diff::{Report, report};
use crate::workspace::comparison::{self, Subject, Terms};
use crate::workspace::database::Live;
use crate::workspace::source::Source;

/// The manifest is what is expected, the live database what is there.
pub fn drift(common: &Common, verb: &Drift, printer: &mut Printer) -> Result<Verdict, Error> {
    let terms = terms(common, &verb.reporting)?;
    let subject = Subject { project: verb.project.as_deref(), manifest: verb.manifest.as_deref() };
    let live = if verb.scratch { Live::Scratch } else { Live::Named(verb.database_url.as_deref()) };
    let report = comparison::drift(&common.workspace_reading(&verb.reporting.reading), subject, live, &terms, printer)?;
    deliver(common, &verb.reporting, &report, printer)
}

/// A is what is there, B what is expected.
pub fn diff(common: &Common, verb: &Diff, printer: &mut Printer) -> Result<Verdict, Error> {
    let terms = terms(common, &verb.reporting)?;
    let (a, b) = (Source::parse(&verb.a), Source::parse(&verb.b));
    let report = comparison::diff(&common.workspace_reading(&verb.reporting.reading), &a, &b, &terms, printer)?;
    deliver(common, &verb.reporting, &report, printer)
}

/// The terms of a comparison; what is wrong with them is said before anything
/// is read.
fn terms(common: &Common, reporting: &Reporting) -> Result<Terms, Error> {
    let to_stdout = reporting.out == "-";
    if common.output == OutputFormat::Json
        && to_stdout
        && !matches!(reporting.format, ReportFormat::Text | ReportFormat::Json)
    {
        return Err(Error::Usage("--output json takes stdout: write the report elsewhere with --out FILE".to_owned()));
    }
    Ok(Terms {
        denied: comparison::denied(&reporting.deny, reporting.strict_coverage)?,
        threshold: reporting.threshold,
        stable: reporting.stable,
        allow_destructive: reporting.allow_destructive,
        concurrently: reporting.concurrently,
        verify: reporting.verify,
        canonicalize: reporting.canonicalize,
    })
}

/// Files first, then stdout: whoever reads the output finds the files there.
fn deliver(common: &Common, reporting: &Reporting, report: &Report, printer: &mut Printer) -> Result<Verdict, Error> {
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
        _ if report.clean => Ok(Verdict::Yes),
        _ => Ok(Verdict::No),
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

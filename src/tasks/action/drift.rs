//! The live database against the manifest -> SCHEMA_DRIFT_REPORT.md.

use std::fs;

use super::introspect::now;
use super::read_catalog;
use crate::codegen::layout;
use crate::codegen::project::Day;
use crate::codegen::writer;
use crate::diff::report::{self, File, Remedy, Report, Request, Side, Verb};
use crate::diff::{PlanOptions, compare, ignore, objects};
use crate::tasks::database::Connection;
use crate::tasks::execute::{Context, Done, Failure};

/// Compares, writes the report beside the manifest, and fails where they
/// differ.
pub fn act(context: &Context<'_>, connection: &mut Connection) -> Result<Done, Failure> {
    let report = report(context, connection)?;
    let path = context.places.drift_report();
    let shown = context.places.shown(&path);
    let text = report::markdown(&report);
    // The date alone is no news: the same report keeps its bytes.
    let is_news = fs::read_to_string(&path).ok().is_none_or(|current| without_date(&current) != without_date(&text));
    if is_news {
        writer::write_file(&path, text.as_bytes()).map_err(|error| Failure::new(error.to_string()))?;
    }
    (context.log)(&report::text(&report));
    (context.log)(&format!("{} {shown}", if is_news { "wrote" } else { "unchanged" }));
    let outcome = serde_json::json!({ "report": shown, "clean": report.clean, "differences": report.differences });
    let done = Done { outcome: Some(outcome), ..Done::default() };
    match report.clean {
        true => Ok(done),
        false => Err(Failure::Failed {
            message: format!("{}: see {shown}", report::verdict(&report)),
            advice: Vec::new(),
            done: Box::new(done),
        }),
    }
}

fn without_date(text: &str) -> Vec<&str> {
    text.lines().filter(|line| !line.starts_with("**Date**")).collect()
}

/// Compares the project's manifest with the live database, as
/// `schemacast drift` does.
pub fn report(context: &Context<'_>, connection: &mut Connection) -> Result<Report, Failure> {
    let layout = &context.places.layout;
    let (manifest, text) =
        layout::read_manifest_and_text(&layout.manifest).map_err(|error| Failure::new(error.to_string()))?;
    let name = context.places.shown(&layout.manifest);
    let expected = Side { manifest, file: Some(File { path: name.clone(), text }), name };
    let actual = Side { name: connection.place(), manifest: read_catalog(context, connection)?, file: None };
    let now = now();
    let today = Day::try_from(now.get(..10).unwrap_or_default().to_owned()).map_err(Failure::new)?;
    let rules = context.project.drift.ignore.as_slice();
    let mut comparison = compare(&expected.manifest, &actual.manifest);
    let sides = (objects(&expected.manifest), objects(&actual.manifest));
    let ignoring = ignore(&mut comparison, &[&sides.0, &sides.1], rules, &today);
    let remedy = Remedy::turning(&actual, &expected, &comparison.changes, [&sides.0, &sides.1], PlanOptions::default());
    let rules_path = layout.folder.join(layout::PROJECT);
    let rules_file =
        fs::read_to_string(&rules_path).ok().map(|text| File { path: context.places.shown(&rules_path), text });
    Ok(report::report(&Request {
        verb: Verb::Drift,
        project: Some(&context.project.name),
        expected: &expected,
        actual: &actual,
        comparison: &comparison,
        ignoring: &ignoring,
        rules,
        rules_file: rules_file.as_ref(),
        denied: &[],
        threshold: 0,
        date: Some(now),
        remedy: Some(&remedy),
        verification: None,
    }))
}

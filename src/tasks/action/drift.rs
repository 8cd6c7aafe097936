//! The live database against the manifest -> SCHEMA_DRIFT_REPORT.md.

use std::fs;
use std::path::Path;

use super::read_catalog;
use crate::clock::now;
use crate::codegen::layout;
use crate::codegen::writer;
use crate::diff::report::{self, File, Report, Request, Side, Verb};
use crate::diff::{PlanOptions, compare_sides};
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
    let failure = |error: layout::Error| Failure::new(error.to_string());
    let actual = match read_catalog(context, connection) {
        Ok(manifest) => Side { name: connection.place(), manifest, file: None },
        // What is wrong with the file comes first.
        Err(error) => return Err(layout::read_manifest(&layout.manifest).err().map_or(error, failure)),
    };
    let (manifest, text) = layout::read_manifest_beside(&layout.manifest, &actual.manifest).map_err(failure)?;
    let name = context.places.shown(&layout.manifest);
    let expected = Side { manifest, file: Some(File { path: name.clone(), text }), name };
    let now = now();
    let rules = context.project.drift.ignore.as_slice();
    let compared = compare_sides(&expected, &actual, rules, &now).map_err(Failure::new)?;
    let remedy = compared.remedy(PlanOptions::default());
    let rules_file = rules_file(&context.places.root, &layout.folder.join(layout::PROJECT));
    Ok(report::report(&Request {
        verb: Verb::Drift,
        project: Some(&context.project.name),
        compared: &compared,
        rules_file: rules_file.as_ref(),
        denied: &[],
        threshold: 0,
        date: Some(now),
        remedy: Some(&remedy),
        verification: None,
    }))
}

/// The project.yaml that rules are in, for what is said of them, where it can
/// be read.
pub fn rules_file(root: &Path, path: &Path) -> Option<File> {
    Some(File { path: layout::below(root, path), text: fs::read_to_string(path).ok()? })
}

//! SCHEMA_DRIFT_REPORT.md.
//!
//! Architecture Invariant: what a manifest says reaches the report as an
//! [`Inline`], a cell or a [`Fence`] only, so that no name or definition can do
//! anything but be seen.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::Value;

use super::finding::Finding;
use super::{Provenance, Report, Verb, value};
use crate::codegen::manifest::ObjectId;
use crate::codegen::markdown::{Fence, Inline};
use crate::diff::change::Difference;
use crate::diff::severity::Severity;

/// A definition longer than this is folded away.
const LONG: usize = 30;

/// The whole report.
pub fn markdown(report: &Report) -> String {
    let mut out = format!("# {}\n\n", report.title());
    head(report, &mut out);
    summary(report, &mut out);
    details(report, &mut out);
    actions(report, &mut out);
    ignored(report, &mut out);
    notes(report, &mut out);
    provenance(report, &mut out);
    out
}

fn head(report: &Report, out: &mut String) {
    if let Some(date) = &report.date {
        let _ = writeln!(out, "**Date**: {date}\n");
    }
    if let Some(project) = &report.project {
        let _ = writeln!(out, "**Project**: {}\n", Inline::text(project));
    }
    let status = match (report.differences, report.verb) {
        (0, Verb::Drift) => "✅ No Drift Detected".to_owned(),
        (0, Verb::Diff) => "✅ No Differences".to_owned(),
        (1, _) => "❌ 1 difference".to_owned(),
        (count, _) => format!("❌ {count} differences"),
    };
    let allowed = match report.threshold {
        threshold if threshold > 0 && report.differences > 0 => format!(" ({threshold} allowed)"),
        _ => String::new(),
    };
    let _ = writeln!(out, "**Status**: {status}{allowed}\n");
    if report.verb == Verb::Diff {
        let (a, b) = (Inline::code(&report.actual.name), Inline::code(&report.expected.name));
        let _ = writeln!(out, "A is {a}, B is {b}: what follows turns A into B.\n");
    }
}

fn summary(report: &Report, out: &mut String) {
    out.push_str("## Summary\n\n");
    for row in &report.summary {
        let _ = writeln!(out, "- {}: {}", row.kind.heading(), row.text());
    }
    let counted = |severity: Severity| report.findings.iter().filter(|finding| finding.severity == severity).count();
    let severities: Vec<String> = Severity::ALL
        .into_iter()
        .filter(|severity| counted(*severity) > 0)
        .map(|severity| format!("{} {}", counted(severity), severity.word()))
        .collect();
    if !severities.is_empty() {
        let _ = writeln!(out, "\nBy severity: {}.", severities.join(", "));
    }
    out.push('\n');
}

/// A section for each object, that with the worst finding first.
fn details(report: &Report, out: &mut String) {
    out.push_str("## Details\n\n");
    if report.findings.is_empty() {
        out.push_str("Nothing differs.\n\n");
    }
    let mut objects: Vec<&ObjectId> = Vec::new();
    let mut by_object: BTreeMap<&ObjectId, Vec<&Finding>> = BTreeMap::new();
    for finding in &report.findings {
        let findings = by_object.entry(&finding.object).or_default();
        if findings.is_empty() {
            objects.push(&finding.object);
        }
        findings.push(finding);
    }
    for id in objects {
        object(report, id, &by_object[id], out);
    }
    if !report.ambiguous_renames.is_empty() {
        out.push_str("### Alike, and which is which cannot be told\n\n");
        for alike in &report.ambiguous_renames {
            let list = |ids: &[ObjectId]| Inline::join(ids.iter().map(|id| Inline::code(&id.to_string())), ", ");
            let _ = writeln!(out, "- there: {}; expected: {}", list(&alike.from), list(&alike.to));
        }
        out.push('\n');
    }
}

fn object(report: &Report, id: &ObjectId, findings: &[&Finding], out: &mut String) {
    let _ = writeln!(out, "### {} {}\n", id.kind.word().replace('_', " "), Inline::code(&id.path));
    let [left, right] = report.sides();
    let _ = writeln!(out, "| Field | {left} | {right} | Severity | Code |\n| --- | --- | --- | --- | --- |");
    for finding in findings {
        let (field, cells) = row(report, finding);
        let (severity, code) = (finding.severity.word(), finding.code.id);
        let [left, right] = cells.map(Inline::cell);
        let _ = writeln!(out, "| {} | {left} | {right} | {severity} | {code} |", field.cell());
    }
    out.push('\n');
    for finding in findings {
        if let Some(other) = &finding.renamed {
            let _ = writeln!(out, "Likely the same as {}, under another name.\n", Inline::code(&other.to_string()));
        }
        if !finding.hazards.is_empty() {
            let hazards: Vec<&str> = finding.hazards.iter().map(|hazard| hazard.text()).collect();
            let what = finding.attribute.as_deref().map(|attribute| Inline::code(attribute).to_string());
            let _ = writeln!(out, "Mending {} {}.\n", what.as_deref().unwrap_or("it"), hazards.join(", "));
        }
        if is_definition(finding) {
            definition(report, finding, out);
        }
        if let (Verb::Drift, Difference::Unexpected, Some(patch)) = (report.verb, finding.difference, &finding.patch) {
            // The path is made of the manifest's own keys and of numbers.
            let title = format!("To accept it instead, add to {}", patch.path);
            folded(&title, true, &Fence::new("yaml", patch.value.as_deref().unwrap_or_default()), out);
        }
    }
    if let Some((file, line)) = findings.iter().find_map(|finding| Some((finding.file.as_ref()?, finding.line?))) {
        let _ = writeln!(out, "At {}.\n", Inline::code(&format!("{file}:{line}")));
    }
}

fn row(report: &Report, finding: &Finding) -> (Inline, [Inline; 2]) {
    let Some(attribute) = &finding.attribute else {
        let (there, not) = (Inline::markup("there"), Inline::markup("**not there**"));
        let cells = if report.is_left(finding) { [there, not] } else { [not, there] };
        return (Inline::markup("*all of it*"), cells);
    };
    let cells = match is_definition(finding) {
        true => [Inline::markup("*see below*"), Inline::markup("*see below*")],
        false => report.values(finding).map(shown),
    };
    (Inline::code(attribute), cells)
}

fn shown(value: Option<&Value>) -> Inline {
    value::one_line(value).map_or_else(|| Inline::markup("*not set*"), |text| Inline::code(&text))
}

fn is_definition(finding: &Finding) -> bool {
    finding.difference == Difference::Changed
        && (value::is_long(finding.expected.as_ref()) || value::is_long(finding.actual.as_ref()))
}

fn definition(report: &Report, finding: &Finding, out: &mut String) {
    let [left, right] = report.sides();
    let [before, after] = report.values(finding);
    let body = format!("--- {left}\n+++ {right}\n{}", value::unified(before, after));
    let attribute = finding.attribute.as_deref().unwrap_or_default();
    let lines = body.lines().count();
    folded(&format!("{attribute}, {lines} lines"), lines > LONG, &Fence::new("diff", &body), out);
}

/// A block, folded away where it is long. `title` is of ours.
fn folded(title: &str, is_long: bool, fence: &Fence, out: &mut String) {
    let _ = match is_long {
        true => writeln!(out, "<details>\n<summary>{title}</summary>\n\n{fence}\n\n</details>\n"),
        false => writeln!(out, "{fence}\n"),
    };
}

fn actions(report: &Report, out: &mut String) {
    out.push_str("## Recommended actions\n\n");
    if report.findings.is_empty() {
        out.push_str("None.\n\n");
        return;
    }
    match &report.sql {
        Some(sql) => {
            let side = match report.verb {
                Verb::Drift => "Where the database is wrong",
                Verb::Diff => "To turn A into B",
            };
            let _ = writeln!(out, "{side}, run this; what deletes data is commented out unless it was allowed:\n");
            folded("SQL, in order", sql.lines().count() > 4 * LONG, &Fence::new("sql", sql), out);
        }
        None => out.push_str("No SQL was planned for these differences.\n\n"),
    }
    if !report.impossible.is_empty() {
        out.push_str("No SQL of ours mends:\n\n");
    }
    for unmendable in &report.impossible {
        let object = Inline::code(&unmendable.object.to_string());
        let attribute = unmendable.attribute.as_deref().map(|attribute| format!(" {}", Inline::code(attribute)));
        let _ = writeln!(out, "- {object}{}: {}", attribute.unwrap_or_default(), Inline::text(&unmendable.reason));
    }
    if !report.impossible.is_empty() {
        out.push('\n');
    }
    if let Some(verification) = &report.verification {
        let _ = writeln!(out, "**Rehearsal**: {}\n", Inline::text(&verification.line()));
        let left = verification.left.iter().map(|remark| ("left", remark));
        let not_rehearsed = verification.not_rehearsed.iter().map(|remark| ("not rehearsed", remark));
        let mut remarks = left.chain(not_rehearsed).peekable();
        let any = remarks.peek().is_some();
        for (what, remark) in remarks {
            let _ = writeln!(out, "- {what}: {}", Inline::text(&remark.text()));
        }
        if any {
            out.push('\n');
        }
    }
    if report.verb == Verb::Drift {
        let project = report.project.as_deref().unwrap_or("PROJECT");
        let command = Inline::code(&format!("schemacast introspect {project}"));
        let _ = writeln!(out, "Where the manifest is the stale side, re-run introspection: {command}.\n");
    }
}

fn ignored(report: &Report, out: &mut String) {
    if report.ignored.is_empty() {
        return;
    }
    out.push_str("## Ignored\n\n| Object | Field | Rule | Reason | Until |\n| --- | --- | --- | --- | --- |\n");
    for ignored in &report.ignored {
        let attribute =
            ignored.finding.attribute.as_deref().map_or_else(|| Inline::markup("*all of it*"), Inline::code);
        let until = ignored.until.as_ref().map(ToString::to_string).unwrap_or_default();
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {until} |",
            Inline::code(&ignored.finding.object.to_string()).cell(),
            attribute.cell(),
            Inline::code(&ignored.rule).cell(),
            Inline::text(&ignored.reason).cell(),
        );
    }
    out.push('\n');
}

fn notes(report: &Report, out: &mut String) {
    if !report.not_visible.is_empty() {
        out.push_str("## Not visible\n\nThe role could not read these, so nothing is said of them:\n\n");
        for hidden in &report.not_visible {
            let object = Inline::code(&format!("{} {}", hidden.kind, hidden.name));
            let _ = writeln!(out, "- {object}: {}", Inline::text(&hidden.reason));
        }
        out.push('\n');
    }
    if !report.not_compared.is_empty() {
        out.push_str("## Not compared\n\nA manifest does not hold these kinds of objects:\n\n");
        for object in &report.not_compared {
            let _ = writeln!(out, "- {}", Inline::code(&format!("{} {}", object.kind, object.name)));
        }
        out.push('\n');
    }
    let mut rules = report.notes.iter().filter(|note| note.code.id >= super::code::UNUSED_RULE.id).peekable();
    if rules.peek().is_some() {
        out.push_str("## Ignore rules\n\n");
        for note in rules {
            let _ = writeln!(out, "- {} {}", note.code.id, Inline::text(&note.message));
        }
        out.push('\n');
    }
}

fn provenance(report: &Report, out: &mut String) {
    out.push_str("## Provenance\n\n");
    let sides = match report.verb {
        Verb::Drift => [("Manifest", &report.expected), ("Live", &report.actual)],
        Verb::Diff => [("A", &report.actual), ("B", &report.expected)],
    };
    for (label, side) in sides {
        let _ = writeln!(out, "- {label}: {}", source(side));
    }
}

fn source(side: &Provenance) -> String {
    let mut text = Inline::code(&side.name).to_string();
    if let Some(version) = &side.server_version {
        let _ = write!(text, ", Postgres {}", Inline::text(version));
    }
    if let Some(generated) = &side.generated {
        let _ = write!(text, ", made {}", Inline::text(generated));
    }
    if !side.left_out.is_empty() {
        let left_out = side.left_out.iter().map(|left_out| {
            Inline::code(&left_out.schema)
                .then(Inline::markup(" ("))
                .then(Inline::text(&left_out.reason))
                .then(Inline::markup(")"))
        });
        let _ = write!(text, "; left out: {}", Inline::join(left_out, ", "));
    }
    text
}

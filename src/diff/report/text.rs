//! The report for a terminal: compact lines without colour.

use std::fmt::Write;

use super::{Report, Severity, Verb};
use crate::codegen::markdown::visible;

/// One line: whether there is a difference, how many, and how bad.
pub fn verdict(report: &Report) -> String {
    let (left, right) = match report.verb {
        Verb::Drift => (&report.expected.name, &report.actual.name),
        Verb::Diff => (&report.actual.name, &report.expected.name),
    };
    let what = match (report.verb, report.differences) {
        (Verb::Drift, 0) => "no drift".to_owned(),
        (Verb::Diff, 0) => "no difference".to_owned(),
        (_, 1) => "1 difference".to_owned(),
        (_, count) => format!("{count} differences"),
    };
    let mut text = format!("{what} between {} and {}", visible(left), visible(right));
    let mut parts: Vec<String> = Vec::new();
    for severity in Severity::ALL {
        let count = report.findings.iter().filter(|finding| finding.severity == severity).count();
        if count > 0 {
            parts.push(format!("{count} {}", severity.word()));
        }
    }
    let denied = report.notes.iter().filter(|note| note.counts).count();
    if denied > 0 {
        parts.push(format!("{denied} denied"));
    }
    if !report.ignored.is_empty() {
        parts.push(format!("{} ignored", report.ignored.len()));
    }
    if report.threshold > 0 && report.differences > 0 {
        parts.push(format!("{} allowed", report.threshold));
    }
    if !parts.is_empty() {
        let _ = write!(text, " ({})", parts.join(", "));
    }
    text
}

/// Verdict, what of each kind matches, then the findings, the worst first.
pub fn text(report: &Report) -> String {
    let mut text = verdict(report) + "\n";
    for row in report.summary.iter().filter(|row| row.expected + row.actual > 0) {
        let _ = writeln!(text, "  {}: {}", row.kind.heading(), row.text());
    }
    for severity in Severity::ALL {
        let mut findings = report.findings.iter().filter(|finding| finding.severity == severity).peekable();
        if findings.peek().is_some() {
            let _ = writeln!(text, "{}:", severity.word());
        }
        for finding in findings {
            let _ = write!(text, "  {} {}", finding.code.id, finding.message);
            if let (Some(file), Some(line)) = (&finding.file, finding.line) {
                let _ = write!(text, " ({file}:{line})");
            }
            text.push('\n');
            if !finding.hazards.is_empty() {
                let hazards: Vec<&str> = finding.hazards.iter().map(|hazard| hazard.text()).collect();
                let _ = writeln!(text, "         mending it {}", hazards.join(", "));
            }
        }
    }
    if !report.impossible.is_empty() {
        text.push_str("no SQL mends:\n");
    }
    for unmendable in &report.impossible {
        let attribute = unmendable.attribute.as_ref().map(|attribute| format!(" {attribute}")).unwrap_or_default();
        let _ =
            writeln!(text, "  {}{attribute}: {}", visible(&unmendable.object.to_string()), visible(&unmendable.reason));
    }
    if let Some(verification) = &report.verification {
        let _ = writeln!(text, "{}", visible(&verification.line()));
        for left in &verification.left {
            let _ = writeln!(text, "  left: {}", visible(&left.text()));
        }
        for remark in &verification.not_rehearsed {
            let _ = writeln!(text, "  not rehearsed: {}", visible(&remark.text()));
        }
    }
    if !report.ignored.is_empty() {
        text.push_str("ignored:\n");
    }
    for ignored in &report.ignored {
        let _ = writeln!(text, "  {}; {}", ignored.finding.message, visible(&ignored.reason));
    }
    if !report.notes.is_empty() {
        text.push_str("notes:\n");
    }
    for note in &report.notes {
        let _ = writeln!(text, "  {} {}", note.code.id, visible(&note.message));
    }
    text
}

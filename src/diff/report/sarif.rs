//! SARIF 2.1.0, for code scanning
//! (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>).

use serde_json::{Map, Value, json};

use super::finding::Finding;
use super::{Note, Report, Verb};
use crate::codegen::loss::Code;
use crate::diff::code;
use crate::diff::severity::Severity;

/// The report as one run of a SARIF log.
pub fn sarif(report: &Report) -> String {
    let rules: Vec<Value> = code::ALL.iter().map(|code| rule(code)).collect();
    let results = report
        .findings
        .iter()
        .map(|finding| finding_result(finding, None))
        .chain(report.ignored.iter().map(|ignored| {
            finding_result(&ignored.finding, Some(&format!("{} (rule `{}`)", ignored.reason, ignored.rule)))
        }))
        .chain(report.notes.iter().map(note_result));
    let verb = match report.verb {
        Verb::Drift => "drift",
        Verb::Diff => "diff",
    };
    let category = match &report.project {
        Some(project) => format!("schemacast/{verb}/{project}/"),
        None => format!("schemacast/{verb}/"),
    };
    let log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "schemacast",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "automationDetails": {"id": category},
            "columnKind": "unicodeCodePoints",
            "results": results.collect::<Vec<Value>>(),
        }],
    });
    format!("{log:#}\n")
}

fn rule(code: &Code) -> Value {
    let level = if code::NOTES.contains(&code) { "note" } else { "error" };
    json!({
        "id": code.id,
        "shortDescription": {"text": code.title},
        "help": {"text": format!("{}.", code.way_out)},
        "defaultConfiguration": {"level": level},
    })
}

fn finding_result(finding: &Finding, ignored: Option<&str>) -> Value {
    let level = match finding.severity {
        Severity::Breaking | Severity::Security => "error",
        Severity::Risky => "warning",
        Severity::Safe | Severity::Cosmetic => "note",
    };
    let mut location = physical(finding.file.as_deref(), finding.line);
    location.insert(
        "logicalLocations".to_owned(),
        json!([{"fullyQualifiedName": finding.object.path, "kind": finding.object.kind.word()}]),
    );
    let mut result = result(finding.code, level, &finding.message, location, &finding.fingerprint);
    result.insert(
        "properties".to_owned(),
        json!({"severity": finding.severity, "hazards": finding.hazards, "attribute": finding.attribute}),
    );
    if let Some(reason) = ignored {
        result.insert("suppressions".to_owned(), json!([{"kind": "external", "justification": reason}]));
    }
    Value::Object(result)
}

fn note_result(note: &Note) -> Value {
    let level = if note.counts { "error" } else { "note" };
    Value::Object(result(note.code, level, &note.message, physical(note.file.as_deref(), note.line), &note.fingerprint))
}

fn result(
    code: &Code,
    level: &str,
    message: &str,
    location: Map<String, Value>,
    fingerprint: &str,
) -> Map<String, Value> {
    let mut result = Map::new();
    result.insert("ruleId".to_owned(), Value::from(code.id));
    result.insert("ruleIndex".to_owned(), json!(code::ALL.iter().position(|other| other.id == code.id)));
    result.insert("level".to_owned(), Value::from(level));
    result.insert("message".to_owned(), json!({"text": message}));
    if !location.is_empty() {
        result.insert("locations".to_owned(), json!([location]));
    }
    result.insert("partialFingerprints".to_owned(), json!({"schemacast/v1": fingerprint}));
    result
}

fn physical(file: Option<&str>, line: Option<usize>) -> Map<String, Value> {
    let mut location = Map::new();
    if let Some(file) = file {
        let mut physical = json!({"artifactLocation": {"uri": uri(file)}});
        if let Some(line) = line {
            physical["region"] = json!({"startLine": line});
        }
        location.insert("physicalLocation".to_owned(), physical);
    }
    location
}

/// A path as a URI reference (RFC 3986): what is not a character of a path is
/// percent-encoded, a colon too, which would end a scheme.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri
}

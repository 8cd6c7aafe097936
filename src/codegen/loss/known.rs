//! The record of findings that is checked in beside what was generated: what
//! is not in it is new.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde::Deserialize;

use super::Finding;
use crate::codegen::quote::is_plain;

/// The record's file.
pub const RECORD: &str = ".schemacast-findings.json";

/// The findings of the last generation: their objects, by code. The reasons
/// are not kept, for a sentence that is worded anew makes no finding new.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known(BTreeMap<String, BTreeSet<String>>);

#[derive(Deserialize)]
struct Document {
    findings: BTreeMap<String, BTreeSet<String>>,
}

impl Known {
    pub fn of(findings: &[Finding]) -> Known {
        let mut known = Known::default();
        for of_code in findings.chunk_by(|a, b| a.code.id == b.code.id) {
            let mut paths = of_code.iter().map(|finding| finding.path.clone()).collect();
            known.0.entry(of_code[0].code.id.to_owned()).or_default().append(&mut paths);
        }
        known
    }

    /// Reads the record's text.
    ///
    /// # Errors
    /// It is not what this program writes.
    pub fn read(text: &str) -> Result<Known, String> {
        let document: Document =
            serde_json::from_str(text).map_err(|error| format!("no record of findings: {error}"))?;
        Ok(Known(document.findings))
    }

    pub fn holds(&self, finding: &Finding) -> bool {
        self.0.get(finding.code.id).is_some_and(|paths| paths.contains(&finding.path))
    }

    /// The record as JSON, a line for each object, so that a review shows which
    /// are new.
    pub fn text(&self) -> String {
        let mut text = String::from("{\n  \"generator\": \"schemacast\",\n  \"findings\": {");
        for (at, (code, paths)) in self.0.iter().enumerate() {
            // Writing to a String cannot fail.
            let _ = write!(text, "{}\n    \"{code}\": [", if at == 0 { "" } else { "," });
            for (at, path) in paths.iter().enumerate() {
                text.push_str(if at == 0 { "\n      " } else { ",\n      " });
                if is_plain(path) {
                    text.push('"');
                    text.push_str(path);
                    text.push('"');
                } else {
                    let _ = write!(text, "{}", serde_json::Value::from(path.as_str()));
                }
            }
            text.push_str("\n    ]");
        }
        text.push_str(if self.0.is_empty() { "}\n}\n" } else { "\n  }\n}\n" });
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codegen::target::codes;

    #[test]
    fn what_is_written_is_read_again() {
        let code = codes().next().unwrap();
        let findings = ["a.\"b\\\".c", "a.b", "\u{1}"].map(|path| Finding::new(code, path, "so"));
        let known = Known::of(&findings[..2]);
        assert_eq!(Known::read(&known.text()), Ok(known.clone()));
        assert!(known.holds(&findings[0]) && !known.holds(&findings[2]));
        assert_eq!(Known::read(&Known::default().text()), Ok(Known::default()));
        assert!(Known::read("[]").is_err());
    }
}

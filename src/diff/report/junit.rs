//! JUnit XML, as the test reports of CI servers read it: a case for each kind
//! that matches, and for each finding one that failed.

use std::fmt::Write;

use super::{Report, Verb};
use crate::codegen::markdown::visible;

/// The report as one test suite.
pub fn junit(report: &Report) -> String {
    let mut cases = String::new();
    let (mut tests, mut failures, mut skipped) = (0, 0, 0);
    let mut case = |class: &str, name: &str, inside: Option<String>| {
        tests += 1;
        let (class, name) = (attribute(class), attribute(name));
        let _ = match inside {
            None => writeln!(cases, "    <testcase classname=\"{class}\" name=\"{name}\"/>"),
            Some(inside) => {
                writeln!(cases, "    <testcase classname=\"{class}\" name=\"{name}\">\n      {inside}\n    </testcase>")
            }
        };
    };
    for row in report.summary.iter().filter(|row| row.is_clean() && row.expected > 0) {
        case(row.kind.word(), &format!("{}: {}", row.kind.heading(), row.text()), None);
    }
    for finding in &report.findings {
        failures += 1;
        let mut body = finding.message.clone();
        if let (Some(file), Some(line)) = (&finding.file, finding.line) {
            let _ = write!(body, "\n{file}:{line}");
        }
        for sql in &finding.sql {
            let _ = write!(body, "\n{sql};");
        }
        let name = match &finding.attribute {
            Some(attribute) => format!("{} {attribute}", finding.object.path),
            None => finding.object.path.clone(),
        };
        let (message, kind) = (attribute(&finding.message), finding.severity.word());
        let inside =
            format!("<failure message=\"{message}\" type=\"{} {kind}\">{}</failure>", finding.code.id, content(&body));
        case(finding.object.kind.word(), &name, Some(inside));
    }
    for ignored in &report.ignored {
        skipped += 1;
        let inside = format!("<skipped message=\"{}\"/>", attribute(&ignored.reason));
        case(ignored.finding.object.kind.word(), &ignored.finding.message, Some(inside));
    }
    for note in &report.notes {
        let inside = match note.counts {
            true => {
                failures += 1;
                format!("<failure message=\"{}\" type=\"{}\"/>", attribute(&note.message), note.code.id)
            }
            false => {
                skipped += 1;
                format!("<skipped message=\"{}\"/>", attribute(note.code.title))
            }
        };
        case(note.code.id, &note.message, Some(inside));
    }
    let verb = match report.verb {
        Verb::Drift => "drift",
        Verb::Diff => "diff",
    };
    let suite = attribute(&match &report.project {
        Some(project) => format!("schemacast {verb} {project}"),
        None => format!("schemacast {verb}"),
    });
    let timestamp = report.date.as_ref().map(|date| format!(" timestamp=\"{}\"", attribute(date))).unwrap_or_default();
    let counts = format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"0\"");
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {counts}>\n  \
         <testsuite name=\"{suite}\" {counts} skipped=\"{skipped}\"{timestamp}>\n{cases}  </testsuite>\n</testsuites>\n"
    )
}

fn attribute(text: &str) -> String {
    escape(text, true)
}

fn content(text: &str) -> String {
    escape(text, false)
}

/// XML 1.0, sections 2.2 and 2.4. Of control characters it has three; the
/// others cannot be written at all and are shown as their pictures.
fn escape(text: &str, in_attribute: bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' if in_attribute => escaped.push_str("&quot;"),
            '\n' | '\t' | '\r' if in_attribute => escaped.push_str(&format!("&#{};", u32::from(c))),
            '\n' | '\t' => escaped.push(c),
            '\r' => escaped.push_str("&#13;"),
            '\u{fffe}' | '\u{ffff}' => escaped.push(char::REPLACEMENT_CHARACTER),
            c if c.is_control() => escaped.push_str(&visible(&c.to_string())),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_cannot_hold_is_shown() {
        assert_eq!(attribute("a<b & \"c\"\n\u{1b}"), "a&lt;b &amp; &quot;c&quot;&#10;␛");
        assert_eq!(content("]]>\n\u{ffff}\u{0}"), "]]&gt;\n\u{fffd}␀");
    }
}

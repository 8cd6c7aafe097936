//! What GitHub Actions reads: annotations on stdout, and texts for the files
//! that `GITHUB_STEP_SUMMARY` and `GITHUB_OUTPUT` name
//! (<https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>).

use std::fmt::Write;

use super::{Report, markdown, text};
use crate::codegen::markdown::visible;

/// How many annotations of a step GitHub shows.
const ANNOTATIONS: usize = 10;
/// How long a step's summary may be, in bytes.
const SUMMARY: usize = 1024 * 1024;

/// A report for a workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workflow {
    /// For stdout.
    pub commands: String,
    /// For `GITHUB_STEP_SUMMARY`: Markdown.
    pub summary: String,
    /// For `GITHUB_OUTPUT`.
    pub outputs: String,
}

/// The report for a workflow.
pub fn github(report: &Report) -> Workflow {
    let mut commands = String::new();
    for finding in report.findings.iter().take(ANNOTATIONS) {
        let title = format!("{} {}", finding.code.id, finding.severity.word());
        let place = (finding.file.as_deref(), finding.line);
        command("error", place, &title, &finding.message, &mut commands);
    }
    let left = ANNOTATIONS.saturating_sub(report.findings.len());
    for note in report.notes.iter().filter(|note| note.counts).take(left) {
        command("error", (note.file.as_deref(), note.line), note.code.id, &note.message, &mut commands);
    }
    if report.differences > ANNOTATIONS {
        let more = format!("{} more differences: the whole report has them", report.differences - ANNOTATIONS);
        command("notice", (None, None), "schemacast", &more, &mut commands);
    }
    let _ = writeln!(commands, "{}", text::verdict(report));
    if let Some(verification) = &report.verification {
        let _ = writeln!(commands, "{}", visible(&verification.line()));
    }
    Workflow {
        commands,
        summary: cut(&markdown::markdown(report), SUMMARY),
        outputs: format!("has_drift={}\ndifferences={}\n", report.differences > 0, report.differences),
    }
}

fn command(level: &str, (file, line): (Option<&str>, Option<usize>), title: &str, message: &str, out: &mut String) {
    let mut properties = Vec::new();
    if let Some(file) = file {
        properties.push(format!("file={}", property(file)));
        properties.extend(line.map(|line| format!("line={line}")));
    }
    properties.push(format!("title={}", property(title)));
    let _ = writeln!(out, "::{level} {}::{}", properties.join(","), data(message));
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// As much of a Markdown document as fits a number of bytes. It ends before a
/// heading, so that no table, fence or fold stays open, and says that it was cut.
pub fn cut(markdown: &str, limit: usize) -> String {
    const NOTE: &str = "*The report was cut here; the whole of it is longer than this page may be.*\n";
    if markdown.len() <= limit {
        return markdown.to_owned();
    }
    let room = limit.saturating_sub(NOTE.len());
    let (mut end, mut at) = (0, 0);
    let mut fence: Option<usize> = None;
    for line in markdown.split_inclusive('\n') {
        let ticks = line.bytes().take_while(|byte| *byte == b'`').count();
        let is_bare = line[ticks..].trim().is_empty();
        if at > room {
            break;
        }
        match fence {
            Some(open) if ticks >= open && is_bare => fence = None,
            Some(_) => {}
            None if ticks >= 3 => fence = Some(ticks),
            None if line.starts_with('#') => end = at,
            None => {}
        }
        at += line.len();
    }
    format!("{}{NOTE}", &markdown[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_holds_what_it_says_and_no_other_command() {
        let mut out = String::new();
        command("error", (Some("a,b:c.yaml"), Some(7)), "x::y", "100%\n::error::no", &mut out);
        assert_eq!(out, "::error file=a%2Cb%3Ac.yaml,line=7,title=x%3A%3Ay::100%25%0A::error::no\n");
    }

    #[test]
    fn a_long_report_is_cut_before_a_heading() {
        let report = format!("# A\n\n## B\n\n````sql\n# no heading\n{}\n````\n\n## C\n", "x\n".repeat(200));
        assert_eq!(cut(&report, report.len()), report);
        let cut_down = cut(&report, 300);
        assert!(cut_down.starts_with("# A\n\n*The report was cut"), "{cut_down}");
        assert!(cut_down.len() <= 300);
        let cut_down = cut(&report, report.len() - 1);
        assert!(!cut_down.contains("## C") && cut_down.len() < report.len());
    }
}

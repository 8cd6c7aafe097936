//! FINDINGS.md: every finding by its code, with the way out, and which are
//! accepted. It knows no day: whether a rule has expired is said when files
//! are generated, not in them.

use askama::Template;

use super::{Finding, Known, RECORD, accept};
use crate::codegen::artifact::{Artifact, Format};
use crate::codegen::markdown::{Inline, html_comment, one_line};
use crate::codegen::project::AcceptRule;

/// The page's file.
pub const PAGE: &str = "FINDINGS.md";

/// What the template lays out.
#[derive(Template)]
#[template(path = "findings/FINDINGS.md", escape = "none")]
struct Page {
    manifest_path: String,
    total: usize,
    accepted: usize,
    sections: Vec<Section>,
}

/// The findings of one code.
struct Section {
    code: &'static str,
    title: Inline,
    way_out: Inline,
    accepted: usize,
    entries: Vec<Entry>,
}

struct Entry {
    path: Inline,
    reason: Inline,
    accepted: Option<Inline>,
}

/// The page and the record of the findings, which are sorted by code.
///
/// # Errors
/// The template's own.
pub fn artifacts(
    findings: &[Finding],
    rules: &[AcceptRule],
    manifest_path: &str,
) -> Result<[Artifact; 2], askama::Error> {
    let by = accept(findings, rules, None).by;
    let mut sections: Vec<Section> = Vec::new();
    for (finding, rule) in findings.iter().zip(&by) {
        let code = finding.code;
        if sections.last().is_none_or(|section| section.code != code.id) {
            // Those are Markdown that this program's own sources hold.
            let (title, way_out) = (Inline::markup(code.title), Inline::markup(code.way_out));
            sections.push(Section { code: code.id, title, way_out, accepted: 0, entries: Vec::new() });
        }
        let Some(section) = sections.last_mut() else { continue };
        section.accepted += usize::from(rule.is_some());
        section.entries.push(Entry {
            path: Inline::code(&finding.path),
            // A list's item is one line, whatever a definition is written over.
            reason: Inline::text(&one_line(&finding.reason)),
            accepted: rule.map(|at| acceptance(&rules[at])),
        });
    }
    let accepted = by.iter().flatten().count();
    let page = Page { manifest_path: html_comment(manifest_path), total: findings.len(), accepted, sections };
    let artifact = |path: &str, contents: String, format| Artifact { path: path.to_owned(), contents, format };
    Ok([
        artifact(PAGE, page.render()?, Format::Markdown),
        artifact(RECORD, Known::of(findings).text(), Format::Findings),
    ])
}

fn acceptance(rule: &AcceptRule) -> Inline {
    let reason = one_line(&rule.reason);
    match &rule.until {
        Some(until) => Inline::text(&format!("until {until}: {reason}")),
        None => Inline::text(&format!("because: {reason}")),
    }
}

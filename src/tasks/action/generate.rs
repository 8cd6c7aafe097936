//! Manifest -> generated files.

use crate::codegen::generate::{Request, generate};
use crate::codegen::loss::Deny;
use crate::codegen::writer::Mode;
use crate::semantics;
use crate::tasks::execute::{Context, Done, Failure};

/// `target` is one target's name, or `all`: those of project.yaml.
pub fn act(context: &Context<'_>, target: &str) -> Result<Done, Failure> {
    let layout = &context.places.layout;
    let targets: Vec<String> = if target == "all" { Vec::new() } else { vec![target.to_owned()] };
    let report = generate(&Request {
        manifest: &layout.manifest,
        manifest_name: &context.places.shown(&layout.manifest),
        project: context.project,
        targets: &targets,
        out_dir: &layout.generated,
        mode: Mode::Write,
        deny: &Deny::default(),
        today: None,
        stamp: None,
        check: semantics::check,
    })
    .map_err(|error| Failure::new(error.to_string()))?;
    let persisted = &report.persisted;
    let out = context.places.shown(&layout.generated);
    for (did, paths) in [
        ("wrote", &persisted.written),
        ("removed", &persisted.removed),
        ("changed by hand:", &persisted.edited),
        ("no longer made, but it holds notes:", &persisted.kept),
    ] {
        for path in paths {
            (context.log)(&format!("{did} {out}/{path}"));
        }
    }
    for finding in &report.findings {
        (context.log)(&format!("finding {finding}"));
    }
    let outcome = serde_json::json!({
        "out": out,
        "written": persisted.written,
        "unchanged": persisted.unchanged.len(),
        "removed": persisted.removed,
        "findings": report.findings.len(),
    });
    Ok(Done { outcome: Some(outcome), ..Done::default() })
}

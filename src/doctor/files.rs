//! What a project declares, by the parsers that everything else reads it with.

use super::Subject;
use super::check::{Check, some_of};
use crate::codegen::generate::{self, Request};
use crate::codegen::layout;
use crate::codegen::loss::Deny;
use crate::codegen::manifest::Manifest;
use crate::codegen::project::Project;
use crate::codegen::writer::Mode;
use crate::semantics;
use crate::tasks::action::introspect::Counts;
use crate::tasks::places::Places;
use crate::tasks::registry::{self, Declared};
use crate::workspace::{Error, Workspace};

const CORRECT: &str = "correct what is named; an editor that reads the JSON Schema beside the project shows it too";

/// project.yaml, with what is set over it.
pub(super) fn settings(workspace: &Workspace, places: &Places) -> Result<(Check, Option<Project>), Error> {
    let name = "project.yaml";
    let path = places.layout.folder.join(layout::PROJECT);
    match workspace.settings(&places.layout) {
        Ok(settings) if path.exists() => Ok((Check::good(name, "valid"), Some(settings))),
        Ok(settings) => Ok((Check::good(name, "not there: every setting has its default"), Some(settings))),
        Err(Error::Layout(error)) => Ok((Check::bad(name, error.to_string(), CORRECT), None)),
        Err(error) => Err(error),
    }
}

/// task_registry.json: valid, or all its mistakes.
pub(super) fn registry(places: &Places) -> (Check, Option<Declared>) {
    let name = "task registry";
    match registry::read(places) {
        Ok(declared) => {
            let count = declared.registry.tasks.len();
            (Check::good(name, format!("valid, {}", counted(count, "task"))), Some(declared))
        }
        Err(error @ registry::Error::None(_)) => {
            let fix = format!("for run and run-chain: schemacast init {} --force writes one", places.layout.name);
            (Check::warning(name, error.to_string(), fix), None)
        }
        Err(error) => (Check::bad(name, error.to_string(), CORRECT), None),
    }
}

/// The manifest: valid, or all its mistakes.
pub(super) fn manifest(places: &Places) -> (Check, Option<Manifest>) {
    let name = "manifest";
    match layout::read_manifest(&places.layout.manifest) {
        Ok(manifest) => (Check::good(name, format!("valid, {}", Counts::of(&manifest))), Some(manifest)),
        Err(layout::Error::NoManifest(path)) => {
            let note = format!("there is none yet at {}", places.shown(&path));
            let fix = format!("schemacast introspect {} writes it", places.layout.name);
            (Check::warning(name, note, fix), None)
        }
        Err(error) => (Check::bad(name, error.to_string(), CORRECT), None),
    }
}

/// Whether the generated files are those that the manifest decides.
pub(super) fn generated(subject: &Subject) -> Check {
    let name = "generated files";
    let generate = format!("schemacast generate {}", subject.name());
    let Some(settings) = &subject.settings else {
        return Check::not_made(name, "project.yaml has mistakes", "correct project.yaml");
    };
    if subject.manifest.is_none() {
        return Check::not_made(name, "there is no valid manifest to cast them from", "mend the manifest first");
    }
    let layout = &subject.places.layout;
    let request = Request {
        manifest: &layout.manifest,
        manifest_name: &subject.places.shown(&layout.manifest),
        project: settings,
        targets: &[],
        out_dir: &layout.generated,
        mode: Mode::Check,
        deny: &Deny::default(),
        today: None,
        stamp: None,
        check: semantics::check,
    };
    let report = match generate::generate(&request) {
        Ok(report) => report,
        Err(error @ generate::Error::Empty(_)) => {
            return Check::warning(name, error.to_string(), "add a table by a migration, and introspect");
        }
        Err(error) => {
            return Check::bad(name, error.to_string(), format!("{generate} says the same, once it is mended"));
        }
    };
    let persisted = &report.persisted;
    if !persisted.is_stale() && persisted.edited.is_empty() {
        return Check::good(name, format!("fresh, {}", counted(persisted.unchanged.len(), "file")));
    }
    let mut notes = Vec::new();
    for (what, paths) in
        [("stale", &persisted.written), ("left over", &persisted.removed), ("changed by hand", &persisted.edited)]
    {
        if !paths.is_empty() {
            notes.push(format!("{what}: {}", some_of(paths)));
        }
    }
    Check::warning(name, notes.join("; "), format!("{generate}, and commit the result"))
}

/// `1 file`, `2 files`.
pub(super) fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

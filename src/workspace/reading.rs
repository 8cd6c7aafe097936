//! Live database -> manifest: what `introspect` means.

use std::fmt::Write as _;
use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;

use super::database::{self, Live};
use super::{Error, Tell, Workspace};
use crate::codegen::layout::Layout;
use crate::codegen::manifest::{Manifest, NotModelled};
use crate::codegen::project::Project;
use crate::tasks::action::introspect::{Counts, is_news, write_manifest, write_schemas};

/// What was read, and what became of the manifest's file.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Outcome {
    /// The file, below the root; none where it is not about one.
    pub manifest: Option<String>,
    /// Whether the file was, or where nothing is written would be, changed.
    pub changed: bool,
    #[serde(flatten)]
    pub counts: Counts,
    /// The schemas that are left out.
    pub left_out: Vec<String>,
    /// How many objects the role could not read.
    pub not_visible: usize,
    /// What a dump would hold and a manifest does not.
    pub not_modelled: Vec<NotModelled>,
}

impl Outcome {
    pub fn of(manifest: &Manifest, path: Option<String>, changed: bool) -> Outcome {
        Outcome {
            manifest: path,
            changed,
            counts: Counts::of(manifest),
            left_out: manifest.left_out.iter().map(|left_out| left_out.schema.clone()).collect(),
            not_visible: manifest.not_visible.len(),
            not_modelled: manifest.not_modelled.clone(),
        }
    }
}

/// Reads the catalog of the database that is meant.
///
/// # Errors
/// It cannot be reached or read; a scratch server needs a project.
pub fn read(
    workspace: &Workspace,
    layout: Option<&Layout>,
    settings: Option<&Project>,
    live: Live<'_>,
    tell: &mut dyn Tell,
) -> Result<Manifest, Error> {
    let mut database = match (live, layout, settings) {
        (Live::Scratch, Some(layout), Some(settings)) => database::open_scratch(layout, settings, tell)?,
        (Live::Scratch, _, _) => {
            return Err(Error::Usage("--scratch fills a project's database: name the project".to_owned()));
        }
        (Live::Named(url), _, _) => database::open_named(workspace, url, settings, tell)?,
    };
    Ok(database::introspect(&mut database, &workspace.reading(settings), tell)?)
}

/// Brings a manifest's file, and with a project the JSON Schemas beside it, to
/// what was read, and says whether that changed it. With `check` nothing is
/// written, and it is said whether it would.
///
/// # Errors
/// A file cannot be written; what stood there stays.
pub fn put(layout: Option<&Layout>, path: &Path, manifest: &mut Manifest, check: bool) -> Result<bool, Error> {
    if check {
        // One that cannot be read counts as none.
        return Ok(is_news(path, manifest));
    }
    let changed = write_manifest(path, manifest)?;
    if let Some(layout) = layout {
        write_schemas(layout)?;
    }
    Ok(changed)
}

/// What a dump would hold and the manifest does not, for people.
pub fn not_modelled(objects: &[NotModelled]) -> String {
    let mut text =
        format!("{} of the database's objects cannot be in a manifest, and nothing compares them:", objects.len());
    for object in objects {
        // Writing to a String cannot fail.
        let _ = write!(text, "\n  {}: {}", object.kind, object.name);
    }
    text
}

/// What became of the file, for people.
pub fn text(manifest: &Manifest, outcome: &Outcome, check: bool) -> String {
    let what = match (outcome.changed, check) {
        (false, _) => "unchanged",
        (true, true) => "stale",
        (true, false) => "wrote",
    };
    let path = outcome.manifest.as_deref().unwrap_or("the manifest");
    let mut text = format!("{what} {path}: {}\n", outcome.counts);
    for left_out in &manifest.left_out {
        let _ = writeln!(text, "  left out: schema {} ({})", left_out.schema, left_out.reason);
    }
    for hidden in &manifest.not_visible {
        let _ = writeln!(text, "  not visible: {} {} ({})", hidden.kind, hidden.name, hidden.reason);
    }
    text
}

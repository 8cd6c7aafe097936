//! The targets: each turns a manifest into artifacts.
//!
//! A target is a folder with a typed view of what its templates lay out
//! (`view.rs`), its type map (`type_map.rs`) and the codes of what it cannot
//! express (`findings.rs`). Types and names are decided in the view; the
//! templates under `templates/<target>/` only lay out.

use crate::codegen::artifact::Artifact;
use crate::codegen::catalog::Catalog;
use crate::codegen::loss::{Code, Finding};
use crate::codegen::project::Project;
use crate::codegen::target::destination::Destinations;

pub mod amplify;
pub mod amplify_gen2;
pub mod destination;
pub mod firestore;
pub mod inventory;
pub mod models;
pub mod supabase;

/// Everything that a target reads.
pub struct Input<'m> {
    pub catalog: &'m Catalog<'m>,
    pub project: &'m Project,
    /// How generated files name the manifest that they come from: its path
    /// below the root, with `/`.
    pub manifest_path: &'m str,
    /// What the project's other targets made, in their order: for a target
    /// that tells of them, and empty for every other.
    pub others: &'m [Other<'m>],
}

/// Everything that a target makes.
#[derive(Debug, Default)]
pub struct Output {
    pub artifacts: Vec<Artifact>,
    pub findings: Vec<Finding>,
    /// What it named each table and view, and each of their columns. A target
    /// that mirrors no columns has nothing to say.
    pub destinations: Destinations,
}

/// What a target has to tell of each table and view.
#[derive(Debug, Default)]
pub struct Told {
    /// At least those about tables and views and what is in them.
    pub findings: Vec<Finding>,
    pub destinations: Destinations,
}

/// What a target that tells of the others hears of one of them.
#[derive(Debug)]
pub struct Other<'o> {
    /// Its name.
    pub target: &'static str,
    pub findings: &'o [Finding],
    pub destinations: &'o Destinations,
}

/// One output format.
pub trait Target: Sync {
    /// As `--target` and project.yaml name it.
    fn name(&self) -> &'static str;

    /// One line for `--help` and the README.
    fn about(&self) -> &'static str;

    /// The codes of its findings.
    fn codes(&self) -> &'static [&'static Code];

    /// Whether it runs for a project that does not list its targets.
    fn is_wanted(&self, _project: &Project) -> bool {
        true
    }

    /// Whether it tells what the other targets made, and so is cast after them.
    fn tells_of_others(&self) -> bool {
        false
    }

    /// Casts the manifest, in memory.
    ///
    /// # Errors
    /// Where the manifest holds nothing that the target could be made of.
    fn cast(&self, input: &Input<'_>) -> Result<Output, CastError>;

    /// What a cast would tell: the same, but a target that can leaves out what
    /// only its files need.
    ///
    /// # Errors
    /// As [`Target::cast`].
    fn tell(&self, input: &Input<'_>) -> Result<Told, CastError> {
        let Output { findings, destinations, .. } = self.cast(input)?;
        Ok(Told { findings, destinations })
    }
}

/// Why a target could not be made.
#[derive(Debug, thiserror::Error)]
pub enum CastError {
    /// `reason` is a sentence that says what stands in the way and what would
    /// help, for this manifest.
    #[error("{}: {reason}", .code.id)]
    Impossible { code: &'static Code, reason: String },
    #[error("template: {0}")]
    Template(#[from] askama::Error),
}

impl CastError {
    pub(crate) fn impossible(code: &'static Code, reason: impl Into<String>) -> CastError {
        CastError::Impossible { code, reason: reason.into() }
    }
}

/// Every target, in the order in which they run.
pub fn all() -> [&'static dyn Target; 6] {
    [
        &firestore::Firestore,
        &amplify::Amplify,
        &amplify_gen2::AmplifyGen2,
        &models::Models,
        &inventory::Inventory,
        &supabase::Supabase,
    ]
}

/// The targets of a project, when nobody asks for some.
pub fn of_project(project: &Project) -> impl Iterator<Item = &'static dyn Target> {
    all().into_iter().filter(|target| match &project.targets {
        Some(names) => names.iter().any(|name| name == target.name()),
        None => target.is_wanted(project),
    })
}

/// The target of that name.
pub fn by_name(name: &str) -> Option<&'static dyn Target> {
    all().into_iter().find(|target| target.name() == name)
}

/// The codes of all targets.
pub fn codes() -> impl Iterator<Item = &'static Code> {
    all().into_iter().flat_map(|target| target.codes().iter().copied())
}

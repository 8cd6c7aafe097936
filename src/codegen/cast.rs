//! The driver: every wanted target over one manifest, each artifact parsed.

use std::collections::BTreeMap;

use thiserror::Error;

use crate::codegen::artifact::Artifact;
use crate::codegen::catalog::Catalog;
use crate::codegen::check;
use crate::codegen::loss::{self, Finding};
use crate::codegen::manifest::Manifest;
use crate::codegen::project::Project;
use crate::codegen::target::{self, CastError, Input};

/// What was cast from one manifest.
#[derive(Debug, Default)]
pub struct Casting {
    /// Sorted by path.
    pub artifacts: Vec<Artifact>,
    /// The target that made each, by path.
    pub owners: BTreeMap<String, &'static str>,
    /// The targets that ran.
    pub targets: Vec<&'static str>,
    /// Sorted by code and path.
    pub findings: Vec<Finding>,
}

/// Why a manifest could not be cast.
#[derive(Debug, Error)]
pub enum Error {
    #[error("there is no target `{name}`{}; the targets are {}", .nearest.as_ref().map(|near| format!(" (did you mean `{near}`?)")).unwrap_or_default(), target_names())]
    UnknownTarget { name: String, nearest: Option<String> },
    #[error("target {target}: {error}")]
    Target { target: &'static str, error: CastError },
    /// A fault of the templates, never of the manifest.
    #[error("target {target}: {path} is not what its parser accepts, so nothing was written (please report this):\n  {}", .faults.join("\n  "))]
    Refused { target: &'static str, path: String, faults: Vec<String> },
}

fn target_names() -> String {
    target::all().map(|target| target.name()).join(", ")
}

/// Casts a manifest into the wanted targets (all that the project wants where
/// `targets` is empty), and parses every artifact.
///
/// `manifest_path` is how generated files name the manifest.
///
/// # Errors
/// The faults of every target that failed, not of the first alone.
pub fn cast(
    manifest: &Manifest,
    project: &Project,
    targets: &[String],
    manifest_path: &str,
) -> Result<Casting, Vec<Error>> {
    let catalog = Catalog::new(manifest);
    let input = Input { catalog: &catalog, project, manifest_path };
    let mut casting = Casting::default();
    let mut errors = Vec::new();
    for name in wanted(project, targets) {
        let Some(target) = target::by_name(name) else {
            let nearest = crate::codegen::names::nearest(name, target::all().iter().map(|t| t.name().to_owned()));
            errors.push(Error::UnknownTarget { name: name.to_owned(), nearest });
            continue;
        };
        match target.cast(&input) {
            Ok(output) => {
                for artifact in &output.artifacts {
                    if let Err(faults) = check::check(artifact) {
                        errors.push(Error::Refused { target: target.name(), path: artifact.path.clone(), faults });
                    }
                }
                let owned = output.artifacts.iter().map(|artifact| (artifact.path.clone(), target.name()));
                casting.owners.extend(owned);
                casting.targets.push(target.name());
                casting.artifacts.extend(output.artifacts);
                casting.findings.extend(output.findings);
            }
            Err(error) => errors.push(Error::Target { target: target.name(), error }),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    loss::sort(&mut casting.findings);
    // A page of some targets' findings would say that the others have none.
    if targets.is_empty() {
        add_page(&mut casting, project, manifest_path)?;
    }
    casting.artifacts.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(casting)
}

/// The owner of the page of findings in the writer's record: no target, for it
/// tells of all of them.
const PAGE_OWNER: &str = "findings";

fn add_page(casting: &mut Casting, project: &Project, manifest_path: &str) -> Result<(), Vec<Error>> {
    let failed = |error| vec![Error::Target { target: PAGE_OWNER, error: CastError::Template(error) }];
    let artifacts = loss::artifacts(&casting.findings, &project.accept, manifest_path).map_err(failed)?;
    let refused: Vec<Error> = artifacts
        .iter()
        .filter_map(|artifact| Some((artifact, check::check(artifact).err()?)))
        .map(|(artifact, faults)| Error::Refused { target: PAGE_OWNER, path: artifact.path.clone(), faults })
        .collect();
    if !refused.is_empty() {
        return Err(refused);
    }
    casting.owners.extend(artifacts.iter().map(|artifact| (artifact.path.clone(), PAGE_OWNER)));
    casting.targets.push(PAGE_OWNER);
    casting.artifacts.extend(artifacts);
    Ok(())
}

/// The names of the targets to run: those asked for, else the project's, else
/// all but those that want to be asked for.
fn wanted<'a>(project: &'a Project, targets: &'a [String]) -> Vec<&'a str> {
    match (targets, &project.targets) {
        ([], None) => {
            target::all().iter().filter(|target| target.is_wanted(project)).map(|target| target.name()).collect()
        }
        ([], Some(names)) => names.iter().map(String::as_str).collect(),
        (names, _) => names.iter().map(String::as_str).collect(),
    }
}

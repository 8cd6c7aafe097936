//! The driver: every wanted target over one manifest, each artifact parsed.

use std::collections::BTreeMap;

use thiserror::Error;

use crate::codegen::artifact::Artifact;
use crate::codegen::catalog::Catalog;
use crate::codegen::check;
use crate::codegen::loss::{self, Finding};
use crate::codegen::manifest::Manifest;
use crate::codegen::project::Project;
use crate::codegen::target::{self, CastError, Input, Other, Output, Target, Told};
use crate::codegen::threads;

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
    cast_with(manifest, project, targets, manifest_path, &Way { check: check::check, threads: threads::available() })
}

/// How to cast: it decides what is refused and how long it takes, and nothing
/// of what is made.
#[derive(Debug, Clone, Copy)]
pub struct Way {
    /// What each artifact must pass: [`check::check`] or more.
    pub check: Check,
    /// How many threads at most.
    pub threads: usize,
}

/// A parser of artifacts: the faults of one that it refuses.
pub type Check = fn(&Artifact) -> Result<(), Vec<String>>;

/// As [`cast`], in a way of one's own.
///
/// # Errors
/// As [`cast`].
pub fn cast_with(
    manifest: &Manifest,
    project: &Project,
    targets: &[String],
    manifest_path: &str,
    way: &Way,
) -> Result<Casting, Vec<Error>> {
    let catalog = Catalog::new(manifest);
    let mut errors = Vec::new();
    let wanted = wanted(project, targets, &mut errors);
    let mut outputs = Outputs::new();
    let input = Input { catalog: &catalog, project, manifest_path, others: &[] };
    let (telling, mirrors): (Vec<_>, Vec<_>) = wanted.iter().partition(|target| target.tells_of_others());
    run(&mirrors, &input, way, &mut outputs, &mut errors);
    if !telling.is_empty() {
        let told = tell(&wanted, &input, way);
        let others = others(project, &outputs, &told);
        let mut telling_outputs = Outputs::new();
        run(&telling, &Input { others: &others, ..input }, way, &mut telling_outputs, &mut errors);
        outputs.extend(telling_outputs);
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut casting = Casting { targets: wanted.iter().map(|target| target.name()).collect(), ..Casting::default() };
    for (target, output) in outputs {
        casting.owners.extend(output.artifacts.iter().map(|artifact| (artifact.path.clone(), target)));
        casting.artifacts.extend(output.artifacts);
        casting.findings.extend(output.findings);
    }
    loss::sort(&mut casting.findings);
    // A page of some targets' findings would say that the others have none.
    if target::of_project(project).all(|target| casting.targets.contains(&target.name())) {
        add_page(&mut casting, project, manifest_path, way)?;
    }
    casting.artifacts.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(casting)
}

/// The owner of the page of findings in the writer's record: no target, for it
/// tells of all of them.
const PAGE_OWNER: &str = "findings";

fn add_page(casting: &mut Casting, project: &Project, manifest_path: &str, way: &Way) -> Result<(), Vec<Error>> {
    let failed = |error| vec![Error::Target { target: PAGE_OWNER, error: CastError::Template(error) }];
    let artifacts = loss::artifacts(&casting.findings, &project.accept, manifest_path).map_err(failed)?;
    let checked: Vec<_> = artifacts.iter().map(|artifact| (PAGE_OWNER, artifact)).collect();
    let refused = refused(&checked, way);
    if !refused.is_empty() {
        return Err(refused);
    }
    casting.owners.extend(artifacts.iter().map(|artifact| (artifact.path.clone(), PAGE_OWNER)));
    casting.targets.push(PAGE_OWNER);
    casting.artifacts.extend(artifacts);
    Ok(())
}

/// The targets to run: those asked for, else the project's.
fn wanted(project: &Project, asked: &[String], errors: &mut Vec<Error>) -> Vec<&'static dyn Target> {
    let names = if asked.is_empty() { project.targets.as_deref() } else { Some(asked) };
    let Some(names) = names else { return target::of_project(project).collect() };
    let known = |name: &String| {
        let target = target::by_name(name);
        if target.is_none() {
            let nearest = crate::codegen::names::nearest(name, target::all().iter().map(|t| t.name().to_owned()));
            errors.push(Error::UnknownTarget { name: name.clone(), nearest });
        }
        target
    };
    let mut targets: Vec<&'static dyn Target> = Vec::new();
    for target in names.iter().filter_map(known) {
        if !targets.iter().any(|taken| taken.name() == target.name()) {
            targets.push(target);
        }
    }
    targets
}

/// What each target made, by its name.
type Outputs = BTreeMap<&'static str, Output>;

/// Casts into each target, and parses what they made.
fn run(targets: &[&'static dyn Target], input: &Input<'_>, way: &Way, outputs: &mut Outputs, errors: &mut Vec<Error>) {
    let made = threads::each(targets, way.threads, |target| target.cast(input));
    let mut cast = Vec::new();
    for (target, made) in targets.iter().zip(made) {
        match made {
            Ok(output) => cast.push((target.name(), output)),
            Err(error) => errors.push(Error::Target { target: target.name(), error }),
        }
    }
    let artifacts = cast.iter().flat_map(|(name, output)| output.artifacts.iter().map(|artifact| (*name, artifact)));
    errors.extend(refused(&artifacts.collect::<Vec<_>>(), way));
    outputs.extend(cast);
}

/// The artifacts that their parsers refuse, each beside its target's name.
fn refused(artifacts: &[(&'static str, &Artifact)], way: &Way) -> Vec<Error> {
    let refused = |(target, artifact): &(&'static str, &Artifact)| {
        let faults = (way.check)(artifact).err()?;
        Some(Error::Refused { target, path: artifact.path.clone(), faults })
    };
    threads::each(artifacts, way.threads, refused).into_iter().flatten().collect()
}

/// What the project's targets tell that are not cast themselves. A target that
/// cannot be made is left out: it says so when it is asked for.
fn tell(wanted: &[&'static dyn Target], input: &Input<'_>, way: &Way) -> BTreeMap<&'static str, Told> {
    let is_asked = |target: &&'static dyn Target| {
        !target.tells_of_others() && !wanted.iter().any(|wanted| wanted.name() == target.name())
    };
    let asked: Vec<_> = target::of_project(input.project).filter(is_asked).collect();
    let told = threads::each(&asked, way.threads, |target| target.tell(input).ok());
    asked.iter().zip(told).filter_map(|(target, told)| Some((target.name(), told?))).collect()
}

/// What the project's targets made: the same whichever of them were asked for,
/// so that what tells of them does not depend on that.
fn others<'o>(project: &Project, outputs: &'o Outputs, told: &'o BTreeMap<&'static str, Told>) -> Vec<Other<'o>> {
    let other = |target: &'static dyn Target| {
        let name = target.name();
        let (findings, destinations) = match (outputs.get(name), told.get(name)) {
            (Some(output), _) => (&output.findings, &output.destinations),
            (None, told) => told.map(|told| (&told.findings, &told.destinations))?,
        };
        Some(Other { target: name, findings, destinations })
    };
    target::of_project(project).filter(|target| !target.tells_of_others()).filter_map(other).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codegen::manifest;

    /// A table for each number, each referring to the one before it, one of
    /// them of a type that is lost on the way.
    fn tables(count: usize) -> Manifest {
        let table = |at: usize| {
            format!(
                "  - name: t{at}\n    columns:\n    - {{name: id, type: bigint, not_null: true}}\n    \
                 - {{name: up, type: bigint}}\n    - {{name: odd, type: tsvector}}\n    \
                 primary_key: {{name: t{at}_pkey, columns: [id]}}\n    foreign_keys:\n    \
                 - {{name: up, columns: [up], references: {{schema: s, table: t{}, columns: [id]}}}}\n",
                at.saturating_sub(1)
            )
        };
        let text =
            format!("version: '1.0'\nschemas:\n- name: s\n  tables:\n{}", (0..count).map(table).collect::<String>());
        manifest::read(&text).unwrap()
    }

    #[test]
    fn the_number_of_threads_changes_no_byte() {
        let (manifest, project) = (tables(40), Project::default());
        let cast = |threads| {
            let way = Way { check: check::check, threads };
            cast_with(&manifest, &project, &[], "m.yaml", &way).unwrap()
        };
        let one = cast(1);
        assert!(one.artifacts.len() > 40 && !one.findings.is_empty());
        for threads in [2, 3, 16] {
            let many = cast(threads);
            assert_eq!(many.artifacts, one.artifacts);
            assert_eq!(many.owners, one.owners);
            assert_eq!(many.targets, one.targets);
            assert_eq!(many.findings, one.findings);
        }
    }

    #[test]
    fn what_tells_of_others_is_the_same_without_them() {
        let manifest = tables(40);
        let mut v1 = Project::default();
        v1.amplify.directives = crate::codegen::target::amplify::Directives::V1;
        for project in [Project::default(), v1] {
            let cast = |targets: &[&str]| {
                let targets: Vec<String> = targets.iter().map(|name| (*name).to_owned()).collect();
                cast(&manifest, &project, &targets, "m.yaml").unwrap()
            };
            let all = cast(&[]);
            let of_inventory = |artifact: &&Artifact| all.owners[&artifact.path] == "inventory";
            let told: Vec<&Artifact> = all.artifacts.iter().filter(of_inventory).collect();
            for targets in [&["inventory"][..], &["inventory", "models"], &["amplify", "inventory"]] {
                let some = cast(targets);
                let own: Vec<&Artifact> =
                    some.artifacts.iter().filter(|artifact| some.owners[&artifact.path] == "inventory").collect();
                assert!(own.len() > 40 && own == told, "{targets:?}");
            }
        }
    }

    #[test]
    fn what_is_refused_is_named_in_the_same_order_on_any_number_of_threads() {
        let (manifest, project) = (tables(5), Project::default());
        let refused = |threads| {
            let check: Check = |artifact| Err(vec![format!("{} is refused", artifact.path)]);
            let way = Way { check, threads };
            let errors = cast_with(&manifest, &project, &[], "m.yaml", &way).unwrap_err();
            errors.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert!(refused(1).len() > 8);
        assert_eq!(refused(4), refused(1));
    }
}

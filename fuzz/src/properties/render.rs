//! Whatever a manifest holds that reads, each target makes files that their
//! parsers accept, or says that it cannot; and from the same lists in another
//! order it makes the same.

use super::bytes::Bytes;
use crate::codegen::cast::{Casting, Error, cast};
use crate::codegen::manifest::{self, Manifest};
use crate::codegen::project::{self, Project};
use crate::codegen::{check, target};
use crate::semantics;

mod schema;

pub use schema::decode;

/// # Panics
/// Where it does not hold.
pub fn holds(data: &[u8]) {
    let mut bytes = Bytes::new(data);
    let settings = bytes.byte();
    let mut manifest = decode(&mut bytes);
    // What contradicts itself is no manifest; `manifest::read` says so.
    if !manifest::verify(&manifest).is_empty() {
        return;
    }
    manifest::sort(&mut manifest);
    let project = project(settings);
    let Some(casting) = casting(&manifest, &project, &targets(settings)) else { return };
    let mut turned = manifest.clone();
    turned.schemas.reverse();
    for schema in &mut turned.schemas {
        schema.tables.reverse();
        schema.enums.reverse();
        schema.tables.iter_mut().for_each(|table| {
            table.foreign_keys.reverse();
            table.policies.reverse();
        });
    }
    manifest::sort(&mut turned);
    let again = self::casting(&turned, &project, &targets(settings)).expect("what was cast before is cast again");
    assert_eq!(again.artifacts, casting.artifacts, "{}", manifest::to_yaml(&manifest));
}

/// What the targets make, all of it valid; `None` where one cannot.
///
/// # Panics
/// A file is not what its parser accepts.
pub fn casting(manifest: &Manifest, project: &Project, targets: &[String]) -> Option<Casting> {
    match cast(manifest, project, targets, "m.yaml") {
        Ok(casting) => {
            for artifact in &casting.artifacts {
                assert_eq!(check::check(artifact), Ok(()), "{}\n{}", artifact.path, manifest::to_yaml(manifest));
                let faults = semantics::check(artifact).err().unwrap_or_default();
                assert!(
                    faults.is_empty(),
                    "{}: {faults:?}\n{}\n{}",
                    artifact.path,
                    manifest::to_yaml(manifest),
                    artifact.contents
                );
            }
            Some(casting)
        }
        Err(errors) => {
            for error in &errors {
                assert!(
                    !matches!(error, Error::Refused { .. } | Error::UnknownTarget { .. }),
                    "{error}\n{}",
                    manifest::to_yaml(manifest)
                );
            }
            None
        }
    }
}

/// The settings that change most of what is made.
pub fn project(bits: u8) -> Project {
    let options = [
        ("amplify.strategy", ["dynamodb", "postgres"][usize::from(bits & 1)]),
        ("firestore.client_writes", ["false", "true"][usize::from(bits >> 1 & 1)]),
    ];
    options.iter().fold(Project::default(), |project, (option, value)| {
        project::set(&project, option, value).unwrap_or_else(|error| panic!("{error}"))
    })
}

/// The project's targets, or every one that there is.
fn targets(bits: u8) -> Vec<String> {
    let all = target::all();
    if bits >> 2 & 1 == 0 { Vec::new() } else { all.iter().map(|target| target.name().to_owned()).collect() }
}

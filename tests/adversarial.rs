//! What must hold for every manifest, on the hostile ones that
//! `consumers/adversarial.mjs` hands to the real programs: each file passes its
//! parser, the order of lists changes no byte, and a table more no name.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use schemacast::codegen::cast::{Casting, cast};
use schemacast::codegen::check;
use schemacast::codegen::layout::read_manifest;
use schemacast::codegen::manifest::{self, Manifest};
use schemacast::codegen::project::{self, Project};
use schemacast::semantics;
use serde_json::Value;

/// Manifests that cannot be cast, as their first line says.
const REFUSED: [&str; 3] = ["defined_twice_in_case", "no_key", "views_only"];

fn manifests() -> Vec<(String, Manifest)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/consumers/adversarial");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() >= 40, "only {} manifests", paths.len());
    let name = |path: &Path| path.file_stem().unwrap().to_str().unwrap().to_owned();
    paths.iter().map(|path| (name(path), read_manifest(path).unwrap())).collect()
}

fn projects() -> [Project; 2] {
    ["dynamodb", "postgres"].map(|name| project::set(&Project::default(), "amplify.strategy", name).unwrap())
}

/// Each manifest that can be cast, with what it is cast into.
fn for_each_casting(test: impl Fn(&str, &Manifest, &Project, Casting)) {
    let mut refused = BTreeSet::new();
    for (name, manifest) in manifests() {
        for project in projects() {
            match cast(&manifest, &project, &[], "m.yaml") {
                Ok(casting) => test(&name, &manifest, &project, casting),
                Err(errors) => {
                    assert!(!errors.is_empty());
                    refused.insert(name.clone());
                }
            }
        }
    }
    assert_eq!(refused, REFUSED.map(str::to_owned).into());
}

/// Turns every list around whose order means nothing.
fn turn(manifest: &Manifest) -> Manifest {
    let mut turned = manifest.clone();
    turned.schemas.reverse();
    turned.extensions.reverse();
    for schema in &mut turned.schemas {
        schema.tables.reverse();
        schema.views.reverse();
        schema.materialized_views.reverse();
        schema.enums.reverse();
        schema.domains.reverse();
        schema.composites.reverse();
        for table in &mut schema.tables {
            table.foreign_keys.reverse();
            table.indexes.reverse();
            table.unique.reverse();
            table.policies.reverse();
            table.partitions.reverse();
        }
    }
    turned
}

#[test]
fn every_file_passes_its_parser_and_the_order_of_lists_changes_no_byte() {
    for_each_casting(|name, manifest, project, casting| {
        for artifact in &casting.artifacts {
            assert_eq!(check::check(artifact), Ok(()), "{name}: {}", artifact.path);
            assert_eq!(semantics::check(artifact), Ok(()), "{name}: {}", artifact.path);
        }
        let turned = manifest::read(&manifest::to_yaml(&turn(manifest))).unwrap();
        let again = cast(&turned, project, &[], "m.yaml").unwrap();
        assert_eq!(again.findings, casting.findings, "{name}");
        for (first, second) in casting.artifacts.iter().zip(&again.artifacts) {
            assert_eq!(first, second, "{name}: {}", first.path);
        }
        assert_eq!(again.artifacts.len(), casting.artifacts.len(), "{name}");
    });
}

#[test]
fn a_table_more_changes_no_name() {
    let more = manifest::read(
        "version: '1.0'\nschemas:\n- name: quite_elsewhere\n  tables:\n  - name: zebra_crossings\n    columns:\n    \
         - {name: id, type: uuid, not_null: true}\n    - {name: stripes, type: integer}\n    \
         primary_key: {name: zebra_pkey, columns: [id]}\n",
    )
    .unwrap();
    for_each_casting(|name, manifest, project, casting| {
        let mut larger = manifest.clone();
        larger.schemas.extend(more.schemas.clone());
        manifest::sort(&mut larger);
        let larger = cast(&larger, project, &[], "m.yaml").unwrap();
        for artifact in &casting.artifacts {
            let same = larger.artifacts.iter().find(|other| other.path == artifact.path);
            let same = same.unwrap_or_else(|| panic!("{name}: {} is gone", artifact.path));
            let gone = gone(&artifact.path, &artifact.contents, &same.contents);
            assert_eq!(gone, [""; 0], "{name}: {}", artifact.path);
        }
    });
}

/// What of a file is not in the file that a table more gives.
fn gone(path: &str, before: &str, after: &str) -> Vec<String> {
    let name = path.rsplit('/').next().unwrap_or(path);
    if name == "FIRESTORE_SCHEMA.json" {
        let collections = |text: &str| serde_json::from_str::<Value>(text).unwrap()["collections"].clone();
        let (before, after) = (collections(before), collections(after));
        let differs = |key: &&String| before[key.as_str()] != after[key.as_str()];
        return before.as_object().unwrap().keys().filter(differs).cloned().collect();
    }
    // The inventory counts what there is, and its page of findings too; what
    // models share depends on all of them.
    if name.ends_with(".md") || ["firestore.indexes.json", "mod.rs", "support.rs"].contains(&name) {
        return Vec::new();
    }
    let lines = |text: &str| -> BTreeSet<String> {
        text.lines().map(|line| line.trim_end_matches(',').to_owned()).filter(|line| !line.starts_with('#')).collect()
    };
    lines(before).difference(&lines(after)).cloned().collect()
}

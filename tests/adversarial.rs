//! What must hold for every manifest, on the hostile ones that
//! `consumers/adversarial.mjs` hands to the real programs: each file passes its
//! parser, the order of lists changes no byte, and a table more no name.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use schemacast::codegen::cast::{self, Casting, cast};
use schemacast::codegen::check;
use schemacast::codegen::layout::read_manifest;
use schemacast::codegen::manifest::{self, Manifest};
use schemacast::codegen::project::{self, Project};
use schemacast::codegen::target::CastError;
use schemacast::semantics;
use serde_json::Value;

#[path = "random_schemas/rng.rs"]
#[allow(dead_code)]
mod rng;

use rng::Rng;

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

/// Both of Amplify's strategies, and Firestore's rules without and with writes.
fn projects() -> [Project; 2] {
    [("dynamodb", "false"), ("postgres", "true")].map(|(strategy, writes)| {
        let project = project::set(&Project::default(), "amplify.strategy", strategy).unwrap();
        project::set(&project, "firestore.client_writes", writes).unwrap()
    })
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
                    for error in &errors {
                        let cast::Error::Target { error: CastError::Impossible { code, .. }, .. } = error else {
                            panic!("{name}: {error}");
                        };
                        assert!(error.to_string().contains(code.id), "{error}");
                    }
                    refused.insert(name.clone());
                }
            }
        }
    }
    assert_eq!(refused, REFUSED.map(str::to_owned).into());
}

/// The lists whose order means something: of columns, which have their place
/// in the table, in a key and in an index, of an enum's labels, and of what a
/// statement lists in the order in which it is done.
const ORDERED: [&str; 12] = [
    "arguments",
    "attributes",
    "column_order",
    "columns",
    "dictionaries",
    "include",
    "inherits",
    "keys",
    "labels",
    "mappings",
    "on_delete_columns",
    "settings",
];

/// How often each manifest is shuffled with each strategy, every time anew.
const SHUFFLES: u64 = 2;

/// Shuffles every list whose order means nothing, and counts those that can
/// have another order.
fn shuffle(value: &mut Value, rng: &mut Rng) -> usize {
    match value {
        Value::Array(items) => items.iter_mut().map(|item| shuffle(item, rng)).sum(),
        Value::Object(members) => {
            let mut shuffled = 0;
            for (name, member) in members {
                if let Value::Array(items) = member
                    && !ORDERED.contains(&name.as_str())
                {
                    (1..items.len()).for_each(|last| items.swap(last, rng.below(last + 1)));
                    shuffled += usize::from(items.len() > 1);
                }
                shuffled += shuffle(member, rng);
            }
            shuffled
        }
        _ => 0,
    }
}

#[test]
fn every_file_passes_its_parser_and_the_order_of_lists_changes_no_byte() {
    let (lists, seeds) = (Cell::new(0), Cell::new(0));
    for_each_casting(|name, manifest, project, casting| {
        for artifact in &casting.artifacts {
            assert_eq!(check::check(artifact), Ok(()), "{name}: {}", artifact.path);
            assert_eq!(semantics::check(artifact), Ok(()), "{name}: {}", artifact.path);
        }
        let written = serde_json::to_value(manifest).unwrap();
        for _ in 0..SHUFFLES {
            let seed = seeds.replace(seeds.get() + 1);
            let mut shuffled = written.clone();
            lists.set(lists.get() + shuffle(&mut shuffled, &mut Rng::new(seed)));
            let shuffled = manifest::read(&shuffled.to_string()).unwrap();
            let again = cast(&shuffled, project, &[], "m.yaml").unwrap();
            assert_eq!(again.findings, casting.findings, "{name}, shuffled by {seed}");
            for (first, second) in casting.artifacts.iter().zip(&again.artifacts) {
                assert_eq!(first, second, "{name}, shuffled by {seed}: {}", first.path);
            }
            assert_eq!(again.artifacts.len(), casting.artifacts.len(), "{name}, shuffled by {seed}");
        }
    });
    assert!(lists.get() > 300, "only {} lists were shuffled", lists.get());
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
    if name == "firestore.indexes.json" {
        let of = |text: &str| -> Value { serde_json::from_str(text).unwrap() };
        let (before, after) = (of(before), of(after));
        let mut gone = Vec::new();
        for list in ["indexes", "fieldOverrides"] {
            let kept = after[list].as_array().unwrap();
            gone.extend(before[list].as_array().unwrap().iter().filter(|entry| !kept.contains(entry)));
        }
        return gone.into_iter().map(Value::to_string).collect();
    }
    // The inventory counts what there is, and its page of findings too; what
    // models share depends on all of them, as does the page of features that
    // they need, which is the comment of mod.rs.
    if name.ends_with(".md") || name == "support.rs" {
        return Vec::new();
    }
    let is_about_all = |line: &str| line.starts_with('#') || (name == "mod.rs" && line.starts_with("//!"));
    let lines = |text: &str| -> BTreeSet<String> {
        text.lines().map(|line| line.trim_end_matches(',').to_owned()).filter(|line| !is_about_all(line)).collect()
    };
    lines(before).difference(&lines(after)).cloned().collect()
}

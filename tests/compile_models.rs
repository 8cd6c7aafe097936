//! The Rust models compile, for every feature set, in a crate that denies
//! warnings.
//!
//! A workspace in the target folder holds a crate for each manifest: the type
//! table with each choice of crates, a manifest of hostile names, and the
//! checked-in models of every project. A crate's Cargo.toml is made of the
//! lines that its models' own documentation gives. One workspace means that
//! every dependency is compiled once; its target folder outlives the run.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use schemacast::codegen::cast::cast;
use schemacast::codegen::manifest::{self, Manifest};
use schemacast::codegen::project::Project;

#[path = "compile_models/manifests.rs"]
mod manifests;

use manifests::{DATES_AND_DECIMALS, OVERRIDDEN, OVERRIDES, TYPES, hostile, type_table, wide};

/// The models of a manifest, by their path below `models/`.
fn models(mut manifest: Manifest, options: &str) -> BTreeMap<String, String> {
    manifest::sort(&mut manifest);
    let project: Project = serde_yaml::from_str(options).unwrap();
    let casting = cast(&manifest, &project, &["models".to_owned()], "manifests/test/schema.yaml").unwrap();
    casting.artifacts.into_iter().map(|artifact| (artifact.path, artifact.contents)).collect()
}

/// The checked-in models of each project, by the project's name.
fn checked_in() -> Vec<(String, BTreeMap<String, String>)> {
    let generated = Path::new(env!("CARGO_MANIFEST_DIR")).join("generated");
    let mut projects = Vec::new();
    let Ok(folders) = fs::read_dir(&generated) else { return projects };
    for folder in folders {
        let folder = folder.unwrap().path();
        if folder.join("models/mod.rs").is_file() {
            let mut files = BTreeMap::new();
            read_folder(&folder, &folder.join("models"), &mut files);
            let name = folder.file_name().unwrap().to_string_lossy().replace(|c: char| !c.is_ascii_alphanumeric(), "-");
            projects.push((format!("project-{name}"), files));
        }
    }
    projects.sort();
    projects
}

fn read_folder(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_folder(root, &path, files);
        } else {
            let below: Vec<_> = path.strip_prefix(root).unwrap().iter().map(|part| part.to_string_lossy()).collect();
            files.insert(below.join("/"), fs::read_to_string(&path).unwrap());
        }
    }
}

/// The lines of Cargo.toml that mod.rs asks for.
fn cargo_lines(models: &BTreeMap<String, String>) -> String {
    let docs = models["models/mod.rs"].lines().filter_map(|line| line.strip_prefix("//!"));
    docs.skip_while(|line| line.trim() != "```toml")
        .skip(1)
        .take_while(|line| line.trim() != "```")
        .map(|line| format!("{}\n", line.strip_prefix(' ').unwrap_or(line)))
        .collect()
}

/// The workspace, written once a run.
fn workspace() -> &'static Path {
    static WORKSPACE: OnceLock<PathBuf> = OnceLock::new();
    WORKSPACE.get_or_init(|| {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compile_models");
        let mut crates = vec![
            ("types-chrono".to_owned(), models(type_table(TYPES), "{}")),
            (
                "types-time".to_owned(),
                models(type_table(DATES_AND_DECIMALS), "models: {dates: time, decimal: bigdecimal}"),
            ),
            (
                "types-jiff".to_owned(),
                models(type_table(DATES_AND_DECIMALS), "models: {dates: jiff, decimal: text, ids: false}"),
            ),
            // A crate that lacks every feature: no attribute may ask for one.
            ("bare".to_owned(), models(type_table(TYPES), "models: {features: []}")),
            ("overrides".to_owned(), models(type_table(OVERRIDDEN), OVERRIDES)),
            ("hostile".to_owned(), models(hostile(), "{}")),
            ("wide".to_owned(), models(wide(), "{}")),
        ];
        crates.extend(checked_in());
        let members: Vec<String> = crates.iter().map(|(name, _)| format!("{name:?}")).collect();
        write(
            &root.join("Cargo.toml"),
            &format!(
                "[workspace]\nresolver = \"3\"\nmembers = [{}]\n\n[profile.dev]\ndebug = false\n",
                members.join(", ")
            ),
        );
        for (name, models) in crates {
            let folder = root.join(&name);
            let package = format!(
                "[package]\nname = {name:?}\nversion = \"0.0.0\"\nedition = \"2024\"\nrust-version = \"1.89\"\n\n{}",
                cargo_lines(&models)
                    + if name == "types-time" { "\n[dev-dependencies]\nserde_json = \"1\"\n" } else { "" }
            );
            write(&folder.join("Cargo.toml"), &package);
            // As a public module of a library and as a private one of a
            // program, which makes rustc look for what is not used.
            let tests = if name == "types-time" { "#[cfg(test)]\nmod codecs;\n" } else { "" };
            write(&folder.join("src/codecs.rs"), CODECS);
            let own = if name == "overrides" { "pub mod own;\n" } else { "" };
            write(&folder.join("src/own.rs"), include_str!("compile_models/own.rs"));
            let library = format!("//! Models.\n#![deny(warnings, missing_docs)]\npub mod models;\n{tests}{own}");
            write(&folder.join("src/lib.rs"), &library);
            let main = format!("//! Models.\n#![deny(warnings)]\nmod models;\n{own}fn main() {{}}\n");
            write(&folder.join("src/main.rs"), &main);
            for (path, text) in models {
                write(&folder.join("src").join(path), &text);
            }
        }
        root
    })
}

/// Tests of the support types, as a module of the crate that holds them all.
const CODECS: &str = include_str!("compile_models/codecs.rs");

/// Writes what changed, so that cargo compiles no more than that.
fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return;
    }
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn cargo(arguments: &[&str]) {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(workspace())
        .env("CARGO_TARGET_DIR", workspace().join("target"))
        .env("RUSTDOCFLAGS", "--deny warnings")
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "cargo {}\n{said}\n{}",
        arguments.join(" "),
        String::from_utf8_lossy(&output.stdout)
    );
}

#[test]
fn without_features() {
    cargo(&["check", "--workspace"]);
}

/// The library alone, and without the wide table: what serde derives for 1,600
/// fields is right, but takes rustc a minute and two gigabytes.
const LIBRARIES: [&str; 5] = ["check", "--workspace", "--lib", "--exclude", "wide"];

#[test]
fn with_serde() {
    cargo(&[&LIBRARIES[..], &["--features", "serde"]].concat());
}

#[test]
fn with_every_feature() {
    let features = "serde,schemars,postgres-types,tokio-postgres,sqlx";
    cargo(&[&LIBRARIES[..], &["--features", features]].concat());
}

/// What each feature alone takes from Cargo.toml, without what another brings.
/// (`tokio-postgres` is `postgres-types` and a function more.)
#[test]
fn with_one_feature_alone() {
    for feature in ["schemars", "postgres-types", "sqlx"] {
        cargo(&[&LIBRARIES[..], &["--features", feature]].concat());
    }
}

#[test]
fn support_types_speak_the_wire_format() {
    cargo(&["test", "--lib", "--package", "types-time", "--features", "postgres-types,serde"]);
}

#[test]
fn comments_are_neither_doctests_nor_broken_links() {
    cargo(&["test", "--doc", "--package", "hostile"]);
    cargo(&["doc", "--no-deps", "--lib", "--package", "hostile"]);
}

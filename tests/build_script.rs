//! What build scripts do: this package's own, in a copy of it, and that of
//! the example crate, which uses `schemacast::Config`.

#[path = "common/folder.rs"]
mod folder;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use folder::copy;

const MANIFEST: &str = "\
version: '1.0'
schemas:
- name: crm
  tables:
  - name: contacts
    comment: People.
    columns:
    - {name: id, type: uuid, not_null: true}
    - {name: email, type: text}
    primary_key: {name: contacts_pkey, columns: [id]}
";

/// Cargo in a folder, with the target folder that the tests were built in, so
/// that the dependencies are not compiled again.
fn cargo(folder: &Path, arguments: &[&str], mode: Option<&str>) -> Output {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the folder is target/tmp");
    let mut command = Command::new(env!("CARGO"));
    command.args(arguments).current_dir(folder).env("CARGO_TARGET_DIR", target).env_remove("SCHEMACAST_GENERATED");
    if let Some(mode) = mode {
        command.env("SCHEMACAST_GENERATED", mode);
    }
    command.output().expect("cargo runs")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A copy of this package with one small project in it.
fn package() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in ["Cargo.toml", "Cargo.lock", "build.rs", "src", "templates", "benches"] {
        copy(&here.join(name), &folder.path().join(name));
    }
    let project = folder.path().join("manifests/small");
    fs::create_dir_all(&project).unwrap();
    fs::write(project.join("NEON_SCHEMA_MANIFEST.yaml"), MANIFEST).unwrap();
    folder
}

const BUILD: [&str; 4] = ["build", "--lib", "--no-default-features", "--offline"];

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(self::files(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}

#[test]
fn cargo_build_keeps_generated_files_fresh() {
    let package = package();
    let generated = package.path().join("generated/small");
    let manifest = package.path().join("manifests/small/NEON_SCHEMA_MANIFEST.yaml");

    let skipped = cargo(package.path(), &BUILD, Some("skip"));
    assert!(skipped.status.success(), "{}", stderr(&skipped));
    assert!(!generated.exists());

    let first = cargo(package.path(), &BUILD, None);
    assert!(first.status.success(), "{}", stderr(&first));
    assert!(stderr(&first).contains("rewrote generated/small/AMPLIFY_TYPES.graphql; commit it"), "{}", stderr(&first));
    let all = files(&generated);

    let again = cargo(package.path(), &[&BUILD[..], &["-v"]].concat(), None);
    assert!(!stderr(&again).contains("build-script-build"), "a build with nothing to do ran it:\n{}", stderr(&again));

    // A comment concerns what shows comments; the record changes with them.
    let before: Vec<Vec<u8>> = all.iter().map(|path| fs::read(path).unwrap()).collect();
    fs::write(&manifest, MANIFEST.replace("People.", "Our people.")).unwrap();
    let stale = cargo(package.path(), &BUILD, Some("check"));
    assert!(!stale.status.success());
    assert!(stderr(&stale).contains("stale: generated/small/SCHEMA_INVENTORY.md"), "{}", stderr(&stale));
    let untouched: Vec<Vec<u8>> = all.iter().map(|path| fs::read(path).unwrap()).collect();
    assert_eq!(before, untouched, "a check repairs nothing");

    let rewritten = cargo(package.path(), &BUILD, None);
    assert!(rewritten.status.success(), "{}", stderr(&rewritten));
    for (path, before) in all.iter().zip(&before) {
        let name = path.strip_prefix(package.path()).unwrap().display().to_string();
        let changed = fs::read(path).unwrap() != *before;
        let said = stderr(&rewritten).contains(&format!("rewrote {name}"));
        assert!(changed == said || name.ends_with(".schemacast-files"), "{name}: changed {changed}, said {said}");
        let concerned =
            !name.ends_with("support.rs") && !name.ends_with("models/mod.rs") && !name.ends_with("indexes.json");
        if changed {
            assert!(concerned, "{name} has no comments in it");
        }
    }

    let fresh = cargo(package.path(), &BUILD, Some("check"));
    assert!(fresh.status.success(), "{}", stderr(&fresh));

    fs::write(&manifest, MANIFEST.replace("type: text", "type: txet")).unwrap();
    let broken = cargo(package.path(), &BUILD, None);
    assert!(!broken.status.success());
    assert!(
        stderr(&broken).contains(
            "NEON_SCHEMA_MANIFEST.yaml:9:27: crm.contacts.email: there is no type `txet`; did you mean `text`?"
        ),
        "{}",
        stderr(&broken)
    );
    let nonsense = cargo(package.path(), &BUILD, Some("chekc"));
    assert!(stderr(&nonsense).contains("it is write, check or skip"), "{}", stderr(&nonsense));
}

/// A copy of the example of a crate that generates its models.
fn downstream() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in ["build.rs", "schema.yaml", "project.yaml", "src"] {
        copy(&here.join("examples/downstream").join(name), &folder.path().join(name));
    }
    let package = fs::read_to_string(here.join("examples/downstream/Cargo.toml")).unwrap();
    assert!(package.contains("path = \"../..\""));
    let package = package.replace("path = \"../..\"", &format!("path = {here:?}"));
    fs::write(folder.path().join("Cargo.toml"), package).unwrap();
    // What it needs is what this package needs, in the versions that are there.
    fs::copy(here.join("Cargo.lock"), folder.path().join("Cargo.lock")).unwrap();
    folder
}

const SAID: &str = "\
library.items: id, title, medium, tags, acquired
SELECT \"id\", \"item_id\", \"borrower\", \"due\", \"returned\" FROM \"library\".\"loans\" WHERE id = $1
Azul (board game), since 2026-03-01
insert NewItem { title: \"Blue\", medium: Some(Record), tags: None, acquired: None }
`cassette` is no label of the enum medium; 3 labels are known
update {\"title\":\"Azul, 2nd edition\",\"acquired\":null}
Ada brought it back at Some(2026-03-20T10:00:00Z)
";

#[test]
fn the_example_generates_its_models_and_uses_them() {
    const RUN: [&str; 2] = ["run", "--offline"];
    let example = downstream();
    let ran = cargo(example.path(), &RUN, None);
    assert!(ran.status.success(), "{}", stderr(&ran));
    assert_eq!(String::from_utf8_lossy(&ran.stdout), SAID);
    // It lacks features that the models know, and rustc does not warn of them.
    assert!(!stderr(&ran).contains("warning"), "{}", stderr(&ran));

    let again = cargo(example.path(), &[&RUN[..], &["-v"]].concat(), None);
    assert!(!stderr(&again).contains("build-script-build"), "a build with nothing to do ran it:\n{}", stderr(&again));

    // What the README promises: the schema is checked where it is used.
    let schema = example.path().join("schema.yaml");
    let text = fs::read_to_string(&schema).unwrap();
    fs::write(&schema, text.replace("board game", "game")).unwrap();
    let renamed = cargo(example.path(), &RUN, None);
    assert!(!renamed.status.success() && stderr(&renamed).contains("BoardGame"), "{}", stderr(&renamed));

    // A loss that project.yaml does not accept stops the build script.
    fs::write(&schema, text.replace("{name: borrower, type: text,", "{name: borrower, type: xml,")).unwrap();
    let lossy = cargo(example.path(), &RUN, None);
    assert!(
        !lossy.status.success() && stderr(&lossy).contains("\n    RUS001 library.loans.borrower: xml has"),
        "{}",
        stderr(&lossy)
    );

    let tree = cargo(example.path(), &["tree", "--edges", "normal,build", "--prefix", "none", "--offline"], None);
    let tree = String::from_utf8_lossy(&tree.stdout).into_owned();
    assert!(tree.contains("schemacast v"), "{tree}");
    for heavy in ["tokio", "tokio-postgres", "clap", "rustls", "apollo-compiler"] {
        assert!(
            !tree.lines().any(|line| line.starts_with(&format!("{heavy} v"))),
            "{heavy} is in a build script:\n{tree}"
        );
    }
}

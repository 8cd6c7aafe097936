//! What build scripts do: this package's own, in a copy of it, and that of a
//! crate that uses `schemacast::Config`.

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
    for name in ["Cargo.toml", "Cargo.lock", "build.rs", "src", "templates"] {
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

#[test]
fn a_crate_generates_from_its_own_build_script() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let here = env!("CARGO_MANIFEST_DIR");
    write(
        "Cargo.toml",
        &format!(
            "[package]\nname = \"downstream\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
             [build-dependencies]\nschemacast = {{ path = {here:?}, default-features = false }}\n\n[workspace]\n"
        ),
    );
    fs::copy(Path::new(here).join("Cargo.lock"), folder.path().join("Cargo.lock")).unwrap();
    write("schema.yaml", &MANIFEST.replace("type: uuid", "type: bigint"));
    write(
        "build.rs",
        "fn main() -> Result<(), Box<dyn std::error::Error>> {\n    \
             schemacast::Config::new()\n        \
                 .manifest(\"schema.yaml\")\n        \
                 .out_dir(\"generated\")\n        \
                 .targets([\"models\", \"inventory\"])\n        \
                 .emit_rerun_if_changed(true)\n        \
                 .generate()?;\n    \
             Ok(())\n}\n",
    );
    write(
        "src/main.rs",
        "#[path = \"../generated/models/mod.rs\"]\nmod models;\n\nfn main() {\n    \
             println!(\"{}.{}\", models::crm::Contact::SCHEMA, models::crm::Contact::TABLE);\n}\n",
    );
    // It has none of the features that the models know, and no warning of them.
    write("src/lib.rs", "#![deny(warnings)]\n#[path = \"../generated/models/mod.rs\"]\npub mod models;\n");
    let ran = cargo(folder.path(), &["run", "--quiet"], Some("skip"));
    assert!(ran.status.success(), "{}", stderr(&ran));
    assert_eq!(String::from_utf8_lossy(&ran.stdout), "crm.contacts\n");
    assert!(folder.path().join("generated/SCHEMA_INVENTORY.md").exists());
    assert!(!folder.path().join("generated/AMPLIFY_TYPES.graphql").exists());

    let tree = cargo(folder.path(), &["tree", "--edges", "normal,build", "--prefix", "none"], None);
    let tree = String::from_utf8_lossy(&tree.stdout).into_owned();
    for heavy in ["tokio", "tokio-postgres", "clap", "rustls", "apollo-compiler"] {
        assert!(
            !tree.lines().any(|line| line.starts_with(&format!("{heavy} v"))),
            "{heavy} is in a build script:\n{tree}"
        );
    }
}

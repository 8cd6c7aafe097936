//! What a project declares, where it writes, and what is not committed.

use std::fs;
use std::process::Command;

use schemacast::doctor::{self, Limits, Outcome};
use schemacast::workspace::wanted::Target;
use schemacast::workspace::{Silence, Workspace};
use serde_json::json;

use crate::{Report, command, common, doctor, project, said, schemacast, with, write};

#[test]
fn each_line_of_a_projects_files_goes_bad_and_comes_back() {
    let root = project();
    let root = root.path();
    let look = || doctor(root, &[]);

    look().line("generated files").is("warning", "stale: ");
    assert_eq!(schemacast(root, &["generate", "shop"]).status.code(), Some(0));
    let good = look();
    for name in ["project.yaml", "task registry", "manifest", "generated files", "migrations on disk", "output folders"]
    {
        good.line(name).is("good", "");
    }
    good.line("no run under way").is("good", "none yet");
    good.line("database URL").is("warning", "DATABASE_URL is not set: run and run-chain would use a scratch server");
    good.line("server").is("warning", "could not be looked at");
    assert_eq!(good.1, 0, "warnings are no failure");
    assert_eq!(doctor(root, &["--strict"]).1, 1, "but with --strict they are");

    with(root, "manifests/shop/project.yaml", "nmae: shop\n", || {
        let report = look();
        report.line("project.yaml").is("bad", "manifests/shop/project.yaml:1:1: ");
        report.line("generated files").is("warning", "could not be looked at: project.yaml has mistakes");
        report.line("database URL").is("warning", "could not be looked at");
        assert_eq!(report.1, 1);
    });
    let tasks = json!({ "version": "1.0", "project": "shop", "tasks": [
        {"id": "a", "name": "A", "type": "migration", "file": "gone.sql", "dependencies": ["b"]},
    ]});
    with(root, "manifests/shop/task_registry.json", &tasks.to_string(), || {
        let report = look();
        report.line("task registry").is("bad", "there is no file `gone.sql`");
        report.line("task registry").is("bad", "there is no task `b`");
    });
    with(root, "manifests/shop/NEON_SCHEMA_MANIFEST.yaml", "version: '1.0'\nschmas: []\n", || {
        let report = look();
        report.line("manifest").is("bad", "did you mean `schemas`?");
        report.line("generated files").is("warning", "no valid manifest");
    });
    with(root, "manifests/shop/migrations/001_orders.sql", "SELECT 'open;", || {
        look().line("migrations on disk").is("bad", "001_orders.sql:1:8");
    });
    write(root, "manifests/shop/migrations/002_forgotten.sql", "SELECT 1;");
    look().line("migrations on disk").is("warning", "no task applies 002_forgotten.sql");
    fs::remove_file(root.join("manifests/shop/migrations/002_forgotten.sql")).unwrap();
    with(root, "manifests/shop/project.yaml", "name: shop\nmigrations: [001_order.sql]\n", || {
        look().line("migrations on disk").is("bad", "project.yaml lists 001_order.sql, which is not in migrations/");
    });
}

#[test]
fn a_file_in_the_place_of_an_output_folder_is_found() {
    let root = project();
    let root = root.path();
    write(root, "generated", "no folder");
    let report = doctor(root, &[]);
    report
        .line("output folders")
        .is("bad", "generated is a file, and a folder goes there → move the file generated away");
    assert_eq!(report.1, 1);
    let text = schemacast(root, &["doctor", "shop", "--quiet"]);
    let lines = String::from_utf8_lossy(&text.stdout).into_owned();
    assert!(lines.contains("❌ output folders: ") && lines.contains("\n   → move the file"), "{lines}");
    assert!(!lines.contains("✅"), "{lines}");
    fs::remove_file(root.join("generated")).unwrap();
    fs::create_dir_all(root.join("manifests/shop/SCHEMA_DRIFT_REPORT.md")).unwrap();
    doctor(root, &[]).line("output folders").is("bad", "SCHEMA_DRIFT_REPORT.md is a folder, and a file goes there");
    fs::remove_dir(root.join("manifests/shop/SCHEMA_DRIFT_REPORT.md")).unwrap();
    doctor(root, &[]).line("output folders").is("good", "generated/shop");
    assert!(!root.join("generated").exists() && !root.join(".schemacast").exists(), "nothing is made");
}

#[test]
fn too_little_space_and_what_is_no_project_are_told() {
    let root = project();
    let workspace = Workspace { root: root.path().to_owned(), set: Vec::new(), jobs: None };
    let outcome = |free_space: u64| {
        let limits = Limits { free_space, ..Limits::default() };
        let report = doctor::examine(&workspace, Some("shop"), Target::default(), &limits, &mut Silence).unwrap();
        report.checks().find(|check| check.name == "disk space").unwrap().outcome
    };
    assert_eq!((outcome(u64::MAX), outcome(1)), (Outcome::Warning, Outcome::Good));

    let unknown = schemacast(root.path(), &["doctor", "shp"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(said(&unknown).contains("did you mean `shop`?"));
    let empty = tempfile::tempdir().unwrap();
    let output = schemacast(empty.path(), &["doctor"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("❌ projects: ") && said(&output).contains("schemacast init PROJECT"));
}

#[test]
fn what_is_not_committed_is_named() {
    if common::is_skipped_without("git") {
        return;
    }
    let root = project();
    let root = root.path();
    // No repository above may be taken for this one.
    let look = || {
        let mut command = command(root, &["doctor", "shop", "--output", "json"]);
        command.env("GIT_CEILING_DIRECTORIES", root.parent().unwrap());
        Report(serde_json::from_slice(&command.output().unwrap().stdout).unwrap(), 0)
    };
    look().line("git").is("warning", "could not be looked at: this is no git repository");
    let git = |arguments: &[&str]| {
        let who = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"];
        let output = Command::new("git").args(who).args(arguments).current_dir(root).output().unwrap();
        assert!(output.status.success(), "{}", said(&output));
    };
    git(&["init", "-q"]);
    look().line("git").is("warning", "not committed: manifests/shop/NEON_SCHEMA_MANIFEST.yaml");
    git(&["add", "."]);
    git(&["commit", "-q", "-m", "all"]);
    look().line("git").is("good", "nothing uncommitted");
    write(root, "elsewhere", "is no matter");
    look().line("git").is("good", "nothing uncommitted");
    write(root, "generated/shop/new", "is one");
    look().line("git").is("warning", "not committed: generated/shop/new");
}

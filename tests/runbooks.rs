//! The runbooks in docs/: every command in a block of `sh` is run as it is
//! written, in order, on a copy of the projects.
//!
//! A URL with `USER:PASSWORD@HOST` is taken for that of a scratch database,
//! which holds the project's bootstrap, as the real one does.
#![cfg(all(unix, feature = "cli"))]

#[path = "common/folder.rs"]
mod folder;

use std::fs;
use std::path::Path;
use std::process::Command;

use schemacast::codegen::layout;
use schemacast::postgres::{ScratchServer, Session, bootstrap, scratch};

/// Stands in the runbooks where a reader's own URL goes.
const PLACEHOLDER: &str = "postgres://USER:PASSWORD@HOST/DATABASE?sslmode=verify-full";

#[test]
fn barton_outreach_core_as_its_runbook_says() {
    let (said, copy) = follow("barton-outreach-core");
    let report = fs::read_to_string(copy.path().join("manifests/barton-outreach-core/SCHEMA_DRIFT_REPORT.md")).unwrap();
    for wanted in ["Tables: 25/25 match", "Views: 8/8 match", "Columns: 347/347 match", "Indexes: 52/52 match"] {
        assert!(report.contains(&format!("- {wanted}\n")), "`{wanted}` is not in:\n{report}");
    }
    for wanted in [
        "🎉 Schema finalization complete!",
        "\"status\":\"success\"",
        "⏭️ apply_shq_views skipped",
        "applied on",
        "✅ Database health: EXCELLENT",
    ] {
        assert!(said.contains(wanted), "`{wanted}` is not in:\n{said}");
    }
}

#[test]
fn odoboo_workspace_as_its_runbook_says() {
    let (said, _copy) = follow("odoboo-workspace");
    for wanted in ["🎉 Schema finalization complete!", "⏭️ migrate_workspace_schema skipped", "before-release"] {
        assert!(said.contains(wanted), "`{wanted}` is not in:\n{said}");
    }
}

/// Runs all blocks of a project's runbook in one shell, and gives back what
/// they printed, and the copy of the projects that they worked on.
fn follow(project: &str) -> (String, tempfile::TempDir) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let copy = tempfile::tempdir().unwrap();
    for folder in ["manifests", "generated"] {
        folder::copy(&root.join(folder), &copy.path().join(folder));
    }
    let server = ScratchServer::start(&scratch::Options::default()).unwrap();
    let settings = server.create_database("runbook").unwrap();
    let layout = layout::project(root, project).unwrap();
    bootstrap::apply(&mut Session::connect(&settings).unwrap(), &bootstrap::base_files(&layout).unwrap()).unwrap();
    let host = settings.host.replace('/', "%2F");
    let url = format!("postgres://{}@{host}:{}/{}", settings.user, settings.port, settings.dbname);

    let text = fs::read_to_string(root.join("docs").join(format!("{project}.md"))).unwrap();
    let script = blocks(&text).replace(PLACEHOLDER, &url);
    let programs = Path::new(env!("CARGO_BIN_EXE_schemacast")).parent().unwrap().to_owned();
    let mut path = vec![programs];
    path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    let output = Command::new("sh")
        .args(["-eu", "-c", &script])
        .current_dir(copy.path())
        .env("PATH", std::env::join_paths(path).unwrap())
        .env_remove("DATABASE_URL")
        .env_remove("POSTGRES_URL")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(output.status.success(), "{}:\n{script}\n{said}", output.status);
    for folder in ["manifests", "generated"] {
        assert_same(&root.join(folder), &copy.path().join(folder));
    }
    (said, copy)
}

/// The commands of all blocks of `sh`, each shown before it runs.
fn blocks(text: &str) -> String {
    let mut script = String::from("set -x\n");
    let mut is_inside = false;
    for line in text.lines() {
        match line {
            "```sh" => is_inside = true,
            "```" => is_inside = false,
            _ if is_inside => script.extend([line, "\n"]),
            _ => {}
        }
    }
    assert!(script.contains("schemacast run-chain"), "the runbook has no block of sh that runs the chain");
    script
}

/// Whether all files are as they were: what is checked in is what the chain
/// makes.
fn assert_same(before: &Path, after: &Path) {
    for entry in fs::read_dir(before).unwrap() {
        let (before, after) = (entry.as_ref().unwrap().path(), after.join(entry.unwrap().file_name()));
        // The drift report is not checked in.
        if before.is_dir() {
            assert_same(&before, &after);
        } else if !before.ends_with("SCHEMA_DRIFT_REPORT.md") {
            assert!(fs::read(&before).unwrap() == fs::read(&after).unwrap(), "{} has changed", after.display());
        }
    }
}

//! `schemacast drift` and `diff` against a live Postgres: the scratch server.

#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::process::Output;

use schemacast::postgres::scratch::{Options, ScratchServer};
use schemacast::postgres::{ConnectionSettings, Session};
use serde_json::Value;

#[path = "common/program.rs"]
mod program;

use program::{command, json, said};

fn schemacast(root: &Path, arguments: &[&str]) -> Output {
    command(root, arguments)
        .env("GITHUB_OUTPUT", root.join("outputs"))
        .env("GITHUB_STEP_SUMMARY", root.join("summary.md"))
        .output()
        .expect("the program runs")
}

fn execute(settings: &ConnectionSettings, sql: &str) {
    let mut session = Session::connect(settings).unwrap();
    session.run(async |client| client.batch_execute(sql).await).unwrap();
}

/// The findings as `code object attribute`.
fn findings(report: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or("*").to_owned();
    let one = |finding: &Value| {
        let object = &finding["object"];
        format!(
            "{} {} {} {}",
            text(&finding["code"]),
            text(&object["kind"]),
            text(&object["path"]),
            text(&finding["attribute"])
        )
    };
    report["findings"].as_array().unwrap().iter().map(one).collect()
}

#[test]
fn the_projects_in_the_box_have_not_drifted_from_their_sql() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for project in ["barton-outreach-core", "odoboo-workspace"] {
        let folder = tempfile::tempdir().unwrap();
        let report = folder.path().join("SCHEMA_DRIFT_REPORT.md");
        let arguments = ["drift", project, "--scratch", "--report", report.to_str().unwrap(), "--output", "json"];
        let output = schemacast(here, &arguments);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        assert_eq!(findings(&json(&output)), [""; 0], "{project}");
        assert!(fs::read_to_string(&report).unwrap().contains("**Status**: ✅ No Drift Detected"));
    }
}

#[test]
fn a_changed_database_has_drifted_until_the_manifest_is_read_again() {
    let server = ScratchServer::start(&Options::default()).unwrap();
    let settings = server.create_database("shop").unwrap();
    execute(
        &settings,
        "CREATE SCHEMA shop;
         CREATE TABLE shop.orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text, total integer);
         CREATE VIEW shop.totals AS SELECT sum(total) AS total FROM shop.orders;",
    );
    let password = "canary-4711";
    let place = format!("host={}&port={}", settings.host, settings.port);
    let url = format!("postgres://postgres:{password}@/shop?{place}");
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    fs::create_dir_all(root.join("manifests/shop")).unwrap();
    let project = root.join("manifests/shop/project.yaml");
    fs::write(&project, "name: shop\ndatabase_url_env: SHOP_URL\n").unwrap();
    fs::write(root.join(".env"), format!("SHOP_URL='{url}'\n")).unwrap();
    let run = |arguments: &[&str]| {
        let output = schemacast(root, arguments);
        assert!(!said(&output).contains(password), "{}", said(&output));
        output
    };

    assert_eq!(run(&["introspect", "shop"]).status.code(), Some(0));
    let clean = run(&["drift", "shop"]);
    assert_eq!(clean.status.code(), Some(0), "{}", said(&clean));
    assert!(said(&clean).starts_with("no drift between manifests/shop/NEON_SCHEMA_MANIFEST.yaml and "));

    execute(
        &settings,
        "ALTER TABLE shop.orders RENAME COLUMN email TO mail;
         ALTER TABLE shop.orders ALTER COLUMN id TYPE integer;
         CREATE TABLE shop.tmp_load (id integer PRIMARY KEY);
         COMMENT ON SCHEMA shop IS 'new';",
    );
    let drifted = run(&["drift", "shop", "--output", "json"]);
    assert_eq!(drifted.status.code(), Some(1), "{}", said(&drifted));
    let report = json(&drifted);
    let found = findings(&report);
    for expected in [
        "DRF005 column shop.orders.email *",
        "DRF005 column shop.orders.mail *",
        "DRF003 column shop.orders.id type",
        "DRF002 table shop.tmp_load *",
        "DRF003 schema shop comment",
    ] {
        assert!(found.iter().any(|finding| finding == expected), "{expected}: {found:?}");
    }
    assert_eq!(report["differences"], found.len());

    // A workflow: annotations, a summary and outputs.
    let workflow = run(&["drift", "shop", "--format", "github"]);
    assert_eq!(workflow.status.code(), Some(1));
    let commands = String::from_utf8_lossy(&workflow.stdout).into_owned();
    assert!(commands.starts_with("::error file=manifests/shop/NEON_SCHEMA_MANIFEST.yaml,line="), "{commands}");
    let outputs = fs::read_to_string(root.join("outputs")).unwrap();
    assert_eq!(outputs, format!("has_drift=true\ndifferences={}\n", found.len()));
    assert!(fs::read_to_string(root.join("summary.md")).unwrap().starts_with("# Schema Drift Report\n"));

    // As many as are allowed; what a rule ignores.
    let allowed = found.len().to_string();
    assert_eq!(run(&["drift", "shop", "--threshold", &allowed]).status.code(), Some(0));
    let rules =
        "drift:\n  ignore:\n  - {path: shop, reason: being moved}\n  - {path: '!shop.tmp_*', reason: but for these}\n";
    fs::write(&project, format!("name: shop\ndatabase_url_env: SHOP_URL\n{rules}")).unwrap();
    let ignored = run(&["drift", "shop", "--output", "json"]);
    assert_eq!(ignored.status.code(), Some(1), "{}", said(&ignored));
    assert_eq!(findings(&json(&ignored)), ["DRF002 table shop.tmp_load *"]);

    // The manifest against the database by diff: the same, with A and B.
    let diff = run(&["diff", "live:shop", "shop", "--output", "json"]);
    assert_eq!(diff.status.code(), Some(1), "{}", said(&diff));
    assert_eq!(findings(&json(&diff)), found);
    let same = run(&["diff", &url, "live:shop"]);
    assert_eq!(same.status.code(), Some(0), "{}", said(&same));

    assert_eq!(run(&["introspect", "shop"]).status.code(), Some(0));
    // Both rules have nothing to do now: said, and no drift until it is denied.
    assert_eq!(run(&["drift", "shop"]).status.code(), Some(0));
    assert_eq!(run(&["drift", "shop", "--deny", "DRF008"]).status.code(), Some(1));

    // What could not be found out is neither yes nor no.
    let nowhere = format!("postgres://postgres:{password}@/nowhere?{place}");
    assert_eq!(run(&["drift", "shop", "--database-url", &nowhere]).status.code(), Some(2));
}

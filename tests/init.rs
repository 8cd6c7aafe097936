//! A new project: what it is told to run next, runs.

#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use schemacast::postgres::scratch::Options;
use schemacast::postgres::{ScratchServer, Session};
use serde_json::Value;

#[path = "common/program.rs"]
mod program;

use program::said;

fn run(root: &Path, database: Option<&str>, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_schemacast"));
    command.args(arguments).current_dir(root).env_remove("DATABASE_URL").env_remove("POSTGRES_URL");
    if let Some(url) = database {
        command.env("DATABASE_URL", url);
    }
    command.output().expect("the program runs")
}

fn init(root: &Path, database: Option<&str>, arguments: &[&str]) -> Value {
    let output = run(root, database, &[&["init", "shop", "--output", "json"], arguments].concat());
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
}

/// Runs each command that was printed, as it was printed.
fn run_next(root: &Path, database: Option<&str>, outcome: &Value) {
    for command in texts(&outcome["next"]) {
        let words: Vec<&str> = command.strip_prefix("schemacast ").unwrap().split(' ').collect();
        let output = run(root, database, &words);
        assert_eq!(output.status.code(), Some(0), "{command}: {}", said(&output));
    }
}

/// Every file below a folder, with what it holds.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path.display().to_string(), fs::read(&path).unwrap());
            }
        }
    }
    found
}

fn database(sql: &str) -> (ScratchServer, String) {
    let server = ScratchServer::start(&Options::default()).unwrap();
    let settings = server.create_database("shop").unwrap();
    Session::connect(&settings).unwrap().run(async |client| client.batch_execute(sql).await).unwrap();
    let url = format!("postgres://postgres@{}:{}/shop", settings.host.replace('/', "%2F"), settings.port);
    (server, url)
}

#[test]
fn a_project_from_nothing_has_a_chain_that_ends_green() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    fs::write(root.join(".gitignore"), "/.schemacast\n").unwrap();
    let outcome = init(root, None, &[]);
    assert_eq!(outcome["from"], "nothing");
    let written = texts(&outcome["written"]);
    for file in ["project.yaml", "bootstrap/01_base.sql", "migrations/001_items.sql", "task_registry.json"] {
        assert!(written.contains(&format!("manifests/shop/{file}").as_str()), "{file}: {written:?}");
    }
    for schema in ["manifest", "project", "registry"] {
        let schema = format!("manifests/{schema}.schema.json");
        assert!(root.join(&schema).is_file() && written.contains(&schema.as_str()), "{schema}");
    }
    assert_eq!(texts(&outcome["ignore"]), ["SCHEMA_DRIFT_REPORT.md", ".env"]);
    assert_eq!(fs::read_to_string(root.join(".gitignore")).unwrap(), "/.schemacast\n", "it is somebody's own");

    run_next(root, None, &outcome);
    assert!(root.join("generated/shop/AMPLIFY_TYPES.graphql").is_file());
    let drift = run(root, None, &["drift", "shop", "--scratch"]);
    assert_eq!(drift.status.code(), Some(0), "{}", said(&drift));
}

#[test]
fn what_is_there_is_never_written_over() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    init(root, None, &[]);
    fs::write(root.join("manifests/shop/migrations/001_items.sql"), "CREATE TABLE mine (id int PRIMARY KEY);").unwrap();
    let before = files(root);
    let again = run(root, None, &["init", "shop"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(said(&again).contains(
        "manifests/shop is there already, with bootstrap, migrations, project.yaml, task_registry.json; --force"
    ));
    assert_eq!(files(root), before);

    let full = init(root, None, &["--force"]);
    assert_eq!(texts(&full["written"]), Vec::<&str>::new());
    assert_eq!(files(root), before);

    fs::remove_file(root.join("manifests/shop/task_registry.json")).unwrap();
    fs::write(root.join("manifests/shop/migrations/002 more.sql"), "SELECT 1;").unwrap();
    let filled = init(root, None, &["--force"]);
    assert_eq!(texts(&filled["written"]), ["manifests/shop/task_registry.json"]);
    assert!(texts(&filled["kept"]).contains(&"manifests/shop/project.yaml"));
    let registry = fs::read_to_string(root.join("manifests/shop/task_registry.json")).unwrap();
    assert!(registry.contains("\"apply_002_more\""), "{registry}");
    assert_eq!(run(root, None, &["run-chain", "shop", "--dry-run"]).status.code(), Some(0));
}

#[test]
fn a_project_from_a_database_has_no_drift_and_its_chain_knows_it() {
    let (_server, url) = database(
        "CREATE SCHEMA crm; CREATE TABLE crm.people (id bigint PRIMARY KEY, name text NOT NULL);
         CREATE TABLE crm.\"Odd 'one\" (id int PRIMARY KEY); CREATE VIEW crm.names AS SELECT name FROM crm.people",
    );
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    let outcome = init(root, None, &["--database-url", &url]);
    assert_eq!(outcome["from"], "database");
    assert!(texts(&outcome["written"]).contains(&"manifests/shop/NEON_SCHEMA_MANIFEST.yaml"));
    assert!(!root.join("manifests/shop/migrations/001_items.sql").exists(), "it has tables of its own");
    assert!(outcome["advice"].to_string().contains("DATABASE_URL=…"), "{outcome}");
    let settings = fs::read_to_string(root.join("manifests/shop/project.yaml")).unwrap();
    assert!(
        settings.starts_with("# yaml-language-server: $schema=") && settings.contains("\nprofile: none\n"),
        "{settings}"
    );
    run_next(root, Some(&url), &outcome);

    // Another database in its place is found out before it becomes the manifest.
    let manifest = fs::read(root.join("manifests/shop/NEON_SCHEMA_MANIFEST.yaml")).unwrap();
    let other = run(root, None, &["run-chain", "shop", "--scratch"]);
    assert_eq!(other.status.code(), Some(1), "{}", said(&other));
    assert!(said(&other).contains("❌ check"), "{}", said(&other));
    assert_eq!(fs::read(root.join("manifests/shop/NEON_SCHEMA_MANIFEST.yaml")).unwrap(), manifest);
}

#[test]
fn the_profile_is_what_the_database_looks_like() {
    let (_server, url) = database(
        "CREATE ROLE supabase_admin; CREATE SCHEMA auth AUTHORIZATION supabase_admin;
         CREATE TABLE public.notes (id bigint PRIMARY KEY)",
    );
    let root = tempfile::tempdir().unwrap();
    // The database is taken from the environment where one is configured.
    let outcome = init(root.path(), Some(&url), &[]);
    assert_eq!((outcome["from"].as_str(), outcome["profile"].as_str()), (Some("database"), Some("supabase")));
    let settings = fs::read_to_string(root.path().join("manifests/shop/project.yaml")).unwrap();
    assert!(settings.contains("\nprofile: supabase\n# Left out: auth (Supabase manages it)\n"), "{settings}");
    run_next(root.path(), Some(&url), &outcome);
}

#[test]
fn an_empty_database_and_one_that_is_not_asked() {
    let (_server, url) = database("SELECT 1");
    let root = tempfile::tempdir().unwrap();
    let outcome = init(root.path(), Some(&url), &[]);
    assert!(outcome["advice"].to_string().contains("no table yet"), "{outcome}");
    run_next(root.path(), Some(&url), &outcome);
    let other = tempfile::tempdir().unwrap();
    assert_eq!(init(other.path(), Some(&url), &["--from", "nothing"])["from"], "nothing");
}

#[test]
fn what_cannot_be_a_project_is_refused() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    for name in ["../up", "a/b", "a:b", ".hidden", "", "a b"] {
        let output = run(root, None, &["init", name]);
        assert_eq!(output.status.code(), Some(2), "{name}: {}", said(&output));
        assert!(files(root).is_empty(), "{name}");
    }
    let dead = run(root, None, &["init", "shop", "--database-url", "postgres://u:s3cret@127.0.0.1:1/d"]);
    assert_eq!(dead.status.code(), Some(2));
    assert!(!said(&dead).contains("s3cret") && files(root).is_empty(), "{}", said(&dead));
    fs::create_dir_all(root.join("manifests")).unwrap();
    fs::write(root.join("manifests/project.yaml"), "name: alone\n").unwrap();
    let single = run(root, None, &["init", "shop"]);
    assert_eq!(single.status.code(), Some(2));
    assert!(said(&single).contains("holds the files of one project itself (alone)"), "{}", said(&single));
}

//! The checklist: each line goes bad in turn and comes back, and looking
//! changes nothing.

#![cfg(unix)]

use std::fs;
use std::path::Path;

use schemacast::postgres::scratch::Options;
use schemacast::postgres::{ConnectionSettings, ScratchServer, Session};
use serde_json::{Value, json};

#[path = "../common/program.rs"]
mod program;

use program::{command, said, schemacast};

#[path = "../common/mod.rs"]
mod common;
mod database;
mod files;
mod pooler;
mod runs;

/// What the checklist says of one thing: the outcome, and the note with the fix.
struct Line {
    outcome: String,
    text: String,
}

impl Line {
    fn is(&self, outcome: &str, part: &str) {
        assert!(
            self.outcome == outcome && self.text.contains(part),
            "{outcome}: {part}: {}: {}",
            self.outcome,
            self.text
        );
    }
}

struct Report(Value, i32);

impl Report {
    fn line(&self, name: &str) -> Line {
        let sections = self.0["sections"].as_array().unwrap();
        let mut checks = sections.iter().flat_map(|section| section["checks"].as_array().unwrap());
        let check = checks.find(|check| check["name"] == name).unwrap_or_else(|| panic!("no {name}: {:#}", self.0));
        let text = |key: &str| check[key].as_str().unwrap_or_default().to_owned();
        assert_eq!(check["outcome"] == "good", check.get("fix").is_none(), "what is not good has a fix: {check}");
        Line { outcome: text("outcome"), text: format!("{} → {}", text("note"), text("fix")) }
    }
}

fn doctor(root: &Path, arguments: &[&str]) -> Report {
    let output = schemacast(root, &[&["doctor", "shop", "--output", "json"], arguments].concat());
    let json = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", said(&output)));
    Report(json, output.status.code().unwrap())
}

const TABLE: &str = "CREATE SCHEMA shop; CREATE TABLE shop.orders (id bigint PRIMARY KEY, total integer);";

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// A project with one migration, and a manifest of what it makes.
fn project() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path();
    write(folder, "manifests/shop/project.yaml", "name: shop\n");
    write(folder, "manifests/shop/migrations/001_orders.sql", TABLE);
    let manifest = "version: '1.0'
schemas:
- name: shop
  tables:
  - name: orders
    columns:
    - {name: id, type: bigint, not_null: true}
    primary_key: {name: orders_pkey, columns: [id]}
";
    write(folder, "manifests/shop/NEON_SCHEMA_MANIFEST.yaml", manifest);
    registry(folder, &["001_orders"]);
    root
}

fn registry(root: &Path, migrations: &[&str]) {
    let task = |name: &&str| json!({"id": name, "name": name, "type": "migration", "file": format!("{name}.sql")});
    let tasks: Vec<Value> = migrations.iter().map(task).collect();
    let registry = json!({ "version": "1.0", "project": "shop", "tasks": tasks });
    write(root, "manifests/shop/task_registry.json", &registry.to_string());
}

/// Puts a text in the place of a file's, and the file's own back afterwards.
fn with(root: &Path, path: &str, text: &str, look: impl FnOnce()) {
    let own = fs::read_to_string(root.join(path)).unwrap();
    write(root, path, text);
    look();
    write(root, path, &own);
}

/// A server with one database, and the URL of a role there.
struct Server {
    scratch: ScratchServer,
    database: ConnectionSettings,
}

impl Server {
    fn start() -> Server {
        let scratch = ScratchServer::start(&Options::default()).unwrap();
        let database = scratch.create_database("shop").unwrap();
        Server { scratch, database }
    }

    fn url(&self, role: &str) -> String {
        let host = self.scratch.socket_folder().to_string_lossy().replace('/', "%2F");
        format!("postgres://{role}@{host}:{}/shop", self.database.port)
    }

    fn session(&self) -> Session {
        Session::connect(&self.database).unwrap()
    }

    fn sql(&self, sql: &str) {
        self.session().run(async |client| client.batch_execute(sql).await).unwrap();
    }

    fn schemas(&self) -> Vec<String> {
        let sql = "SELECT nspname::text FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY 1";
        let rows = self.session().run(async |client| client.query_typed(sql, &[]).await).unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    }
}

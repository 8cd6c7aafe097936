//! A project with one table and one migration.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

/// Its folder, with these tasks in its registry.
pub fn project(tasks: Value) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("manifests/shop");
    fs::create_dir_all(folder.join("bootstrap")).unwrap();
    fs::create_dir_all(folder.join("migrations")).unwrap();
    let base = "CREATE SCHEMA shop; CREATE TABLE shop.orders (id bigint PRIMARY KEY, total integer);";
    fs::write(folder.join("bootstrap/01.sql"), base).unwrap();
    let view = "CREATE VIEW shop.totals AS SELECT sum(total) AS total FROM shop.orders;";
    fs::write(folder.join("migrations/001_view.sql"), view).unwrap();
    write_registry(root.path(), tasks);
    root
}

pub fn write_registry(root: &Path, tasks: Value) {
    let registry = json!({ "version": "1.0", "project": "shop", "tasks": tasks });
    fs::write(root.join("manifests/shop/task_registry.json"), registry.to_string()).unwrap();
}

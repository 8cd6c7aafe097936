//! The task runner on a scratch server: chains that succeed, fail, are stopped
//! and go on.

#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use schemacast::postgres::scratch::{Options, ScratchServer};
use serde_json::{Value, json};

#[path = "common/program.rs"]
mod program;

use program::{command, json, said, schemacast};

#[path = "common/shop.rs"]
mod shop;

use shop::{project, write_registry};

/// The run that is the last of the JSON lines.
fn run_of(output: &Output) -> Value {
    let text = String::from_utf8_lossy(&output.stdout);
    let last = text.lines().last().unwrap_or_default();
    serde_json::from_str(last).unwrap_or_else(|error| panic!("{error}: {}", said(output)))
}

/// `id state` of each task.
fn states(run: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let tasks = run["tasks"].as_array().unwrap();
    tasks.iter().map(|task| format!("{} {}", text(&task["id"]), text(&task["state"]))).collect()
}

fn wait_for(what: &str, holds: impl Fn() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < Duration::from_secs(60), "waited in vain for {what}");
        thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_chain_makes_and_verifies_everything() {
    let root = project(json!([
        {"id": "look", "name": "Look", "type": "sql_query", "retries": 1,
         "sql": "SELECT json_build_object('status', 'success', 'tables_found', json_agg(tablename)) AS result FROM pg_tables WHERE schemaname = 'shop'",
         "expected": {"status": "success", "tables_found": ["orders"]}},
        {"id": "view", "name": "View", "type": "migration", "file": "001_view.sql", "dependencies": ["look"],
         "validation": [{"sql": "SELECT count(*) AS n FROM pg_views WHERE schemaname = 'shop'", "expected": [{"n": 1}]}]},
        {"id": "fill", "name": "Fill", "type": "sql_query", "dependencies": ["view"],
         "sql": "INSERT INTO shop.orders VALUES (1, 5), (2, 6); SELECT total FROM shop.totals;", "expected": [{"total": 11}]},
        {"id": "read", "name": "Read", "type": "script", "action": "introspect", "dependencies": ["view"],
         "output": ["NEON_SCHEMA_MANIFEST.yaml"], "validation": [{"yaml": "NEON_SCHEMA_MANIFEST.yaml"}]},
        {"id": "drift", "name": "Drift", "type": "script", "action": "drift", "dependencies": ["read"],
         "output": ["SCHEMA_DRIFT_REPORT.md"], "validation": [{"markdown": "SCHEMA_DRIFT_REPORT.md"}]},
        {"id": "firestore", "name": "Firestore", "type": "script", "action": "generate:firestore", "dependencies": ["read"],
         "validation": [{"json": "FIRESTORE_SCHEMA.json", "schema": "firestore"}]},
        {"id": "amplify", "name": "Amplify", "type": "script", "action": "generate:amplify", "dependencies": ["read"],
         "validation": [{"graphql": "AMPLIFY_TYPES.graphql"}, {"file": "AMPLIFY_TYPES.graphql"}]},
        {"id": "verify", "name": "Verify", "type": "script", "action": "verify", "dependencies": ["drift", "firestore", "amplify", "fill"]}
    ]));
    let root = root.path();
    let output = schemacast(root, &["run-chain", "shop", "-j", "4"]);
    let text = said(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    for line in [
        "{\"status\":\"success\",\"tables_found\":[\"orders\"]}",
        "✅ Schema manifest generated (1 tables, 1 views, 3 columns)",
        "✅ Database health: EXCELLENT\n🎉 Schema finalization complete!\n8 of 8 tasks done",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    let report = fs::read_to_string(root.join("manifests/shop/SCHEMA_DRIFT_REPORT.md")).unwrap();
    assert!(report.contains("✅ No Drift Detected"), "{report}");

    let progress = schemacast(root, &["progress", "shop"]);
    assert_eq!(progress.status.code(), Some(0));
    assert!(said(&progress).starts_with("✅ look "), "{}", said(&progress));
    assert!(said(&progress).ends_with("8 of 8 tasks done\n"));
    assert!(
        said(&schemacast(root, &["logs", "shop:view"])).contains("applying manifests/shop/migrations/001_view.sql")
    );
    assert_eq!(schemacast(root, &["validate", "shop"]).status.code(), Some(0));

    // One task on a new scratch server brings what it builds on.
    let single = schemacast(root, &["run", "shop:drift", "--output", "json"]);
    assert_eq!(single.status.code(), Some(0), "{}", said(&single));
    assert_eq!(states(&run_of(&single)), ["view completed", "drift completed"]);
}

#[test]
fn a_failure_blocks_what_depends_on_it_and_a_resumed_chain_goes_on() {
    let tasks = |sql: &str| {
        json!([
            {"id": "a", "name": "A", "type": "sql_query", "sql": "SELECT 1 AS one", "retries": 1, "priority": 1},
            {"id": "b", "name": "B", "type": "sql_query", "sql": sql, "expected": {"one": 1}, "priority": 2,
             "on_failure": ["look at the numbers"]},
            {"id": "c", "name": "C", "type": "script", "argv": ["true"], "dependencies": ["b"], "priority": 3},
            {"id": "d", "name": "D", "type": "script", "argv": ["true"], "priority": 4},
            {"id": "e", "name": "E", "type": "script", "argv": ["false"], "optional": true, "priority": 5},
            {"id": "f", "name": "F", "type": "script", "argv": ["true"], "dependencies": ["e"], "priority": 6}
        ])
    };
    let root = project(tasks("SELECT 2 AS one"));
    let root = root.path();
    let output = schemacast(root, &["run-chain", "shop"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    let last = stdout.lines().last().unwrap();
    assert!(last.starts_with("❌ b failed: look at the numbers; log: .schemacast/shop/runs/"), "{last}");
    assert!(last.ends_with("/logs/b.log"), "{last}");
    let status = json(&schemacast(root, &["status", "shop", "--output", "json"]));
    let expected = ["a completed", "b failed", "c blocked", "d completed", "e failed", "f completed"];
    assert_eq!(states(&status), expected);
    let log = said(&schemacast(root, &["logs", "shop", "--failed"]));
    assert!(log.contains("expected {\"one\":1}, got 1 rows"), "{log}");

    let stopped = schemacast(root, &["run-chain", "shop", "--stop-on-error", "--output", "json"]);
    assert_eq!(stopped.status.code(), Some(1));
    let expected = ["a completed", "b failed", "c blocked", "d cancelled", "e cancelled", "f cancelled"];
    assert_eq!(states(&run_of(&stopped)), expected);

    write_registry(root, tasks("SELECT 1 AS one"));
    let refused = schemacast(root, &["run-chain", "shop", "--resume"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(said(&refused).contains("--force"), "{}", said(&refused));
    let resumed = schemacast(root, &["run-chain", "shop", "--resume", "--force", "--output", "json"]);
    assert_eq!(resumed.status.code(), Some(0), "{}", said(&resumed));
    // `a` only reads, so its effect did not go with the scratch server.
    let expected = ["a skipped", "b completed", "c completed", "d completed", "e failed", "f completed"];
    assert_eq!(states(&run_of(&resumed)), expected);
    assert_eq!(schemacast(root, &["run-chain", "shop", "--resume"]).status.code(), Some(2));
}

#[test]
fn what_takes_too_long_is_cancelled() {
    let root = project(json!([
        {"id": "sql", "name": "S", "type": "sql_query", "sql": "SELECT pg_sleep(60)", "timeout": 1},
        {"id": "command", "name": "C", "type": "script", "argv": ["sleep", "60"], "timeout": 1},
        {"id": "after", "name": "A", "type": "sql_query", "sql": "SELECT 1 AS one", "expected": 1},
        {"id": "write", "name": "W", "type": "sql_query", "sql": "DELETE FROM shop.orders", "retries": 1},
        {"id": "check", "name": "V", "type": "script", "argv": ["true"],
         "validation": [{"sql": "DELETE FROM shop.orders RETURNING 1"}, {"sql": "SELECT 1) AS x; COMMIT; SELECT (1"}, {"sql": "SELECT false"}]}
    ]));
    let started = Instant::now();
    let output = schemacast(root.path(), &["run-chain", "shop", "--output", "json"]);
    assert!(started.elapsed() < Duration::from_secs(30));
    let run = run_of(&output);
    let expected = ["after completed", "check failed", "command timed_out", "sql timed_out", "write failed"];
    assert_eq!(states(&run), expected);
    let reason = run["tasks"][1]["reason"].as_str().unwrap();
    assert!(reason.lines().count() >= 3 && reason.contains("{\"?column?\":false}"), "{reason}");
}

fn begin(root: &Path) -> Child {
    let mut command = command(root, &["run-chain", "shop"]);
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    wait_for("the task to run", || said(&schemacast(root, &["progress", "shop"])).contains("⏳ long"));
    child
}

#[test]
fn a_killed_run_is_interrupted_and_an_interrupted_one_cancelled() {
    let root = project(json!([
        {"id": "long", "name": "L", "type": "script", "argv": ["sh", "-c", "echo begun; exec sleep 20"]},
        {"id": "after", "name": "A", "type": "script", "argv": ["true"], "dependencies": ["long"]}
    ]));
    let root = root.path();
    let mut killed = begin(root);
    wait_for("its log", || said(&schemacast(root, &["logs", "shop:long"])).contains("begun"));
    killed.kill().unwrap();
    killed.wait().unwrap();
    let status = schemacast(root, &["status", "shop"]);
    assert_eq!(status.status.code(), Some(1), "{}", said(&status));
    assert!(said(&status).contains("❌ long   interrupted"), "{}", said(&status));
    assert!(said(&status).contains("⏸️ after  pending"), "{}", said(&status));

    let mut stopped = begin(root);
    let process = stopped.id().to_string();
    assert!(Command::new("kill").args(["-INT", &process]).status().unwrap().success());
    assert_eq!(stopped.wait().unwrap().code(), Some(130));
    let status = json(&schemacast(root, &["status", "shop", "--output", "json"]));
    assert_eq!(status["state"], "cancelled");
    assert_eq!(states(&status), ["long cancelled", "after cancelled"]);
}

#[test]
fn the_password_is_nowhere() {
    let server = ScratchServer::start(&Options::default()).unwrap();
    let settings = server.create_database("shop").unwrap();
    let root = project(json!([
        {"id": "tell", "name": "T", "type": "script", "argv": ["sh", "-c", "echo $DATABASE_URL; echo $DATABASE_URL >&2; exit 3"]},
        {"id": "ask", "name": "A", "type": "sql_query", "sql": "SELECT 'can@ry-4711' AS result"}
    ]));
    let root = root.path();
    let url = format!("postgres://postgres:can%40ry-4711@/shop?host={}&port={}", settings.host, settings.port);
    let output = schemacast(root, &["run-chain", "shop", "--verbose", "--database-url", &url]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("postgres://postgres:***@/shop"), "{}", said(&output));
    let mut seen = vec![said(&output), said(&schemacast(root, &["logs", "shop"]))];
    let runs = root.join(".schemacast/shop/runs");
    let run = fs::read_dir(&runs).unwrap().next().unwrap().unwrap().path();
    for file in ["run.json", "events.jsonl", "logs/tell.log", "logs/ask.log"] {
        seen.push(fs::read_to_string(run.join(file)).unwrap());
    }
    for text in seen {
        assert!(!text.contains("ry-4711"), "{text}");
    }
}

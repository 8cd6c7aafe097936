//! The task registries: their form, and that every query of theirs gives what
//! it is expected to give once the project's SQL has run.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{Desk, OUTREACH, SERVER, WORKSPACE, filled, project, root};

fn registry(name: &str) -> Value {
    let path = project(name).0.folder.join("task_registry.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn tasks(registry: &Value) -> &[Value] {
    registry["tasks"].as_array().unwrap()
}

fn texts(list: &Value) -> Vec<&str> {
    list.as_array().map(|list| list.iter().map(|text| text.as_str().unwrap()).collect()).unwrap_or_default()
}

/// Whether everything that is expected is there; objects may hold more.
fn holds(found: &Value, expected: &Value) -> bool {
    match (found, expected) {
        (Value::Object(found), Value::Object(expected)) => {
            expected.iter().all(|(key, value)| found.get(key).is_some_and(|there| holds(there, value)))
        }
        _ => found == expected,
    }
}

/// What a query gave against what its task expects, as the runner compares.
fn fault(rows: &[Value], expected: &Value) -> Option<String> {
    let single = match rows {
        [Value::Object(row)] if row.len() == 1 => row.get("result"),
        _ => None,
    };
    let as_expected = if let Some(result) = single {
        holds(result, expected)
    } else if let Some(count) = expected.get("rows") {
        json!(rows.len()) == *count
    } else {
        json!(rows) == *expected
    };
    (!as_expected).then(|| format!("expected {expected}, got {}", json!(rows)))
}

#[test]
fn the_registries_are_well_formed() {
    for name in [OUTREACH, WORKSPACE] {
        let registry = registry(name);
        assert_eq!(registry["version"], "1.0");
        assert_eq!(registry["project"], name);
        let folder = project(name).0.folder;
        let mut before = BTreeSet::new();
        for (at, task) in tasks(&registry).iter().enumerate() {
            let id = task["id"].as_str().unwrap();
            assert_eq!(task["priority"], at + 1, "{id}: tasks are listed as they run");
            for dependency in texts(&task["dependencies"]) {
                assert!(before.contains(dependency), "{id}: {dependency} comes first");
            }
            assert!(before.insert(id.to_owned()), "{id} is there twice");
            assert!(!texts(&task["on_failure"]).is_empty(), "{id} says what to do");
            assert!(task["description"].as_str().unwrap().ends_with('.'), "{id}");
            let kind = task["type"].as_str().unwrap();
            assert_eq!(kind == "script", task["action"].is_string(), "{id}");
            if let Some(file) = task["file"].as_str() {
                assert!(folder.join(file).is_file(), "{id}: {file}");
            }
        }
    }
}

#[test]
fn the_outreach_chain_has_its_eight_tasks() {
    let registry = registry(OUTREACH);
    let shape: Vec<_> = tasks(&registry)
        .iter()
        .map(|task| (task["id"].as_str().unwrap(), task["type"].as_str().unwrap(), texts(&task["dependencies"])))
        .collect();
    let others: Vec<_> = shape.iter().map(|task| task.0).take(7).collect();
    let expected = [
        ("verify_neon_dependencies", "sql_query", vec![]),
        ("apply_shq_views", "migration", vec!["verify_neon_dependencies"]),
        ("alias_people_master", "migration", vec![]),
        ("introspect_schema", "script", vec!["apply_shq_views", "alias_people_master"]),
        ("verify_schema_alignment", "script", vec!["introspect_schema"]),
        ("generate_firestore_schema", "script", vec!["introspect_schema"]),
        ("generate_amplify_schema", "script", vec!["introspect_schema"]),
        ("verify_postfix", "script", others),
    ];
    assert_eq!(shape, expected);
}

#[test]
fn the_migrations_of_a_registry_are_those_of_its_project() {
    for name in [OUTREACH, WORKSPACE] {
        let registry = registry(name);
        let migrations: Vec<_> = tasks(&registry)
            .iter()
            .filter(|task| task["type"] == "migration")
            .map(|task| task["file"].as_str().unwrap().trim_start_matches("migrations/").to_owned())
            .collect();
        assert_eq!(migrations, project(name).1.migrations);
    }
}

#[test]
fn every_query_gives_what_is_expected_of_it() {
    for (name, database) in [(OUTREACH, "checks_outreach"), (WORKSPACE, "checks_workspace")] {
        let mut desk = Desk::new(&filled(name, database));
        let folder = project(name).0.folder;
        let mut queries = 0;
        for task in tasks(&registry(name)) {
            let id = task["id"].as_str().unwrap();
            if task["type"] == "sql_query" {
                let sql = std::fs::read_to_string(folder.join(task["file"].as_str().unwrap())).unwrap();
                assert_eq!(fault(&desk.rows(&sql), &task["expected"]), None, "{id}");
                queries += 1;
            }
            for check in task["validation"].as_array().unwrap() {
                if let Some(sql) = check["sql"].as_str() {
                    desk.execute("BEGIN READ ONLY");
                    let rows = desk.rows(sql);
                    desk.execute("COMMIT");
                    assert_eq!(fault(&rows, &check["expected"]), None, "{id}: {sql}");
                    queries += 1;
                }
            }
        }
        assert!(queries >= 5, "{name}: {queries}");
    }
}

#[test]
fn what_is_generated_is_where_the_registries_look_for_it() {
    for name in [OUTREACH, WORKSPACE] {
        for task in tasks(&registry(name)) {
            for output in texts(&task["output"]) {
                // The report of a run is not checked in, and objects of the database are no files.
                if output.contains('/') && !output.ends_with("SCHEMA_DRIFT_REPORT.md") {
                    assert!(root().join(output).is_file(), "{output}");
                }
            }
        }
    }
}

fn check(desk: &mut Desk, project_name: &str, file: &str) -> Value {
    let sql = std::fs::read_to_string(project(project_name).0.folder.join("checks").join(file)).unwrap();
    desk.value(&sql)
}

#[test]
fn the_dependencies_that_are_missing_are_named() {
    let mut desk = Desk::new(&SERVER.create_database("checks_empty").unwrap());
    desk.execute(
        "CREATE SCHEMA intake; CREATE TABLE intake.audit_log (); CREATE VIEW intake.raw_loads AS SELECT 1 AS x",
    );
    let result = check(&mut desk, OUTREACH, "verify_neon_dependencies.sql");
    let expected = json!({
        "status": "failed",
        "tables_found": ["intake.audit_log"],
        "tables_missing": ["intake.raw_loads", "vault.contacts"],
        "schemas_found": ["intake"],
        "schemas_missing": ["vault", "shq"],
    });
    assert_eq!(result, expected, "a view is no base table");
}

#[test]
fn the_initial_snapshot_is_taken_once() {
    let mut desk = Desk::new(&filled(WORKSPACE, "checks_snapshot"));
    let first = check(&mut desk, WORKSPACE, "capture_initial_snapshot.sql");
    assert_eq!(first, check(&mut desk, WORKSPACE, "capture_initial_snapshot.sql"));
    assert_eq!(desk.value("SELECT count(*) FROM catalog.snapshots"), 1);
    assert_eq!(desk.value("SELECT label FROM catalog.inventory_current"), "initial");
}

#[test]
fn each_check_of_the_database_can_fail() {
    let mut desk = Desk::new(&filled(WORKSPACE, "checks_broken"));
    for (sql, check_type, told) in [
        (
            "DROP TABLE public.page_templates",
            "Tables Created",
            json!({"found": 10, "missing": ["public.page_templates"]}),
        ),
        (
            "ALTER TABLE public.time_entries DISABLE ROW LEVEL SECURITY",
            "RLS Policies",
            json!({"open_tables": ["public.time_entries"]}),
        ),
        (
            "DROP FUNCTION catalog.update_edge_functions(text[], bigint)",
            "Functions",
            json!({"found": 1, "missing": ["update_edge_functions"]}),
        ),
        (
            "DELETE FROM public.content_blocks WHERE block_type = 'divider'",
            "Sample Data",
            json!({"block_count": 15, "view_count": 5, "task_count": 5}),
        ),
        (
            "UPDATE agents.task_bindings SET task_type = 'x' WHERE task_type = 'deployment'",
            "Agent Registry",
            json!({"role_count": 7, "binding_count": 4}),
        ),
    ] {
        let verify = std::fs::read_to_string(project(WORKSPACE).0.folder.join("checks/verify_database.sql")).unwrap();
        desk.execute("BEGIN");
        desk.execute(sql);
        let result = desk.value(&verify);
        desk.execute("ROLLBACK");
        assert_eq!(result["status"], "failed", "{sql}");
        assert_eq!(result["checks"][check_type]["verdict"], "FAIL", "{sql}");
        assert!(holds(&result["checks"][check_type], &told), "{sql}: {result}");
        let failed = result["checks"].as_object().unwrap().values().filter(|check| check["verdict"] == "FAIL").count();
        // Without its table there is none of its policies either.
        assert_eq!(failed, if check_type == "Tables Created" { 2 } else { 1 }, "{sql}: {result}");
    }
}

#[test]
fn the_cron_job_is_unavailable_with_a_reason_or_there() {
    let mut desk = Desk::new(&filled(WORKSPACE, "checks_cron"));
    let result = check(&mut desk, WORKSPACE, "verify_database.sql");
    let cron = &result["checks"]["Cron Jobs"];
    match cron["found"].as_str() {
        Some(found) => {
            assert_eq!(found, "unavailable");
            assert!(cron["reason"].as_str().unwrap().contains("pg_cron"), "{cron}");
        }
        None => assert_eq!(cron["found"], 1),
    }
    assert_eq!(cron["verdict"], "PASS");
}

//! The agent registry: its rows, and that only the service writes it.

use serde_json::{Value, json};
use tokio_postgres::error::SqlState;

use crate::{Desk, WORKSPACE, filled};

/// The column `name` of each row.
fn names(rows: &[Value]) -> Vec<&str> {
    rows.iter().map(|row| row["name"].as_str().unwrap()).collect()
}

#[test]
fn the_registry_holds_its_roles_skills_and_bindings() {
    let mut desk = Desk::new(&filled(WORKSPACE, "agents_rows"));
    let roles = desk.rows("SELECT name FROM agents.roles ORDER BY name");
    let expected = [
        "backend_nest",
        "data_supabase",
        "devops_do",
        "doc_extractor_ade",
        "frontend_next",
        "oca_maintainer",
        "odoo_core_dev",
    ];
    assert_eq!(names(&roles), expected);

    let skills = desk.rows("SELECT name, category, complexity FROM agents.skills ORDER BY name");
    let skill = |name, category, complexity| json!({"name": name, "category": category, "complexity": complexity});
    let expected = [
        skill("do_pipeline", "technical", "intermediate"),
        skill("migration_qweb_tsx", "technical", "expert"),
        skill("rls_security", "security", "expert"),
        skill("schema_guard", "technical", "advanced"),
        skill("testing_visual_parity", "quality", "advanced"),
    ];
    assert_eq!(skills, expected);

    let bindings = desk.rows(
        "SELECT r.name AS role, b.task_type, b.priority, b.conditions
         FROM agents.task_bindings AS b JOIN agents.roles AS r ON r.id = b.role_id ORDER BY r.name",
    );
    let binding =
        |role, task_type| json!({"role": role, "task_type": task_type, "priority": 1, "conditions": json!({})});
    let expected = [
        binding("backend_nest", "api_endpoint"),
        binding("data_supabase", "database_migration"),
        binding("devops_do", "deployment"),
        binding("doc_extractor_ade", "ocr_processing"),
        binding("frontend_next", "ui_component"),
    ];
    assert_eq!(bindings, expected);

    let unknown = desk.rows(
        "SELECT s.name FROM agents.roles AS r CROSS JOIN jsonb_array_elements_text(r.skills) AS s (name)
         WHERE s.name NOT IN (SELECT name FROM agents.skills)",
    );
    assert_eq!(unknown, Vec::<Value>::new(), "every skill of a role is one of the registry");
}

#[test]
fn a_binding_goes_with_its_role() {
    let mut desk = Desk::new(&filled(WORKSPACE, "agents_cascade"));
    desk.execute("DELETE FROM agents.roles WHERE name = 'devops_do'");
    assert_eq!(desk.value("SELECT count(*) FROM agents.task_bindings"), 4);
}

#[test]
fn who_is_signed_in_reads_and_only_the_service_writes() {
    let mut desk = Desk::new(&filled(WORKSPACE, "agents_rights"));
    let refused = Err(SqlState::INSUFFICIENT_PRIVILEGE);
    let reader = "SET LOCAL ROLE authenticated";
    let service = "SET LOCAL ROLE service_role";
    for (table, count, insert) in [
        ("roles", 7, "(name, description) VALUES ('x', 'x')"),
        ("skills", 5, "(name, description, category, complexity) VALUES ('x', 'x', 'business', 'basic')"),
        ("task_bindings", 5, "(role_id, task_type) SELECT id, 'x' FROM agents.roles LIMIT 1"),
    ] {
        let select = format!("SELECT id FROM agents.{table}");
        assert_eq!(desk.attempt(reader, &select), Ok(count), "{table}");
        assert_eq!(desk.attempt(service, &select), Ok(count), "{table}");
        assert_eq!(desk.attempt("SET LOCAL ROLE anon", &select), refused, "{table}");
        let writes = [
            (format!("INSERT INTO agents.{table} {insert}"), 1),
            (format!("UPDATE agents.{table} SET created_at = now()"), count),
            (format!("DELETE FROM agents.{table}"), count),
        ];
        for (sql, concerned) in writes {
            assert_eq!(desk.attempt(reader, &sql), refused, "{sql}");
            assert_eq!(desk.attempt(service, &sql), Ok(concerned), "{sql}");
        }
    }
}

#[test]
fn what_no_skill_may_be_is_refused() {
    let mut desk = Desk::new(&filled(WORKSPACE, "agents_checks"));
    for values in ["'x', 'x', 'magic', 'basic'", "'x', 'x', 'technical', 'easy'"] {
        let sql = format!("INSERT INTO agents.skills (name, description, category, complexity) VALUES ({values})");
        assert_eq!(desk.attempt("", &sql), Err(SqlState::CHECK_VIOLATION), "{values}");
    }
    let twice =
        "INSERT INTO agents.task_bindings (role_id, task_type) SELECT role_id, task_type FROM agents.task_bindings";
    assert_eq!(desk.attempt("", twice), Err(SqlState::UNIQUE_VIOLATION));
}

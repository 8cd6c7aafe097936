//! The two migrations of barton-outreach-core: what headquarters sees, and the
//! second name of a person's identifier.

use serde_json::{Value, json};
use tokio_postgres::error::SqlState;

use schemacast::postgres::script::ScriptError;
use schemacast::postgres::{Session, bootstrap, script};

use crate::{Desk, OUTREACH, SERVER, filled, project};

/// Rows for everything that the two migrations touch. It names only what is
/// there before them.
const ROWS: &str = "
    INSERT INTO shq.operators (operator_id, display_name, email) VALUES
        ('00000000-0000-0000-0000-000000000001', 'Ann', 'ann@desk.invalid'),
        ('00000000-0000-0000-0000-000000000002', 'Bob', 'bob@desk.invalid');
    INSERT INTO intake.sources (source_code, source_name, trust) VALUES ('list', 'The list', 90);
    INSERT INTO company.companies (company_unique_id, company_name) VALUES ('04.04.01.04.30000.001', 'Acme');
    INSERT INTO people.master (unique_id, company_unique_id, first_name, last_name, job_title) VALUES
        ('04.04.02.04.30000.101', '04.04.01.04.30000.001', 'Eve', 'Moss', 'CEO'),
        ('04.04.02.04.30000.102', '04.04.01.04.30000.001', 'Ian', 'Reed', 'CFO'),
        ('04.04.02.04.30000.103', NULL, 'Una', 'Gone', NULL);
    UPDATE people.master SET purged_at = now() WHERE last_name = 'Gone';
    INSERT INTO vault.contacts (person_unique_id, email, phone, quality)
        VALUES ('04.04.02.04.30000.101', 'eve@acme.invalid', '1', 80);
    INSERT INTO marketing.scores (person_unique_id, model_version, fit, engagement, expected_value) VALUES
        ('04.04.02.04.30000.101', 'v1', 40, 30, 100), ('04.04.02.04.30000.102', 'v1', 50, 40, 200);
";

/// What readers of before the migration ask, in their own words.
const READERS: [&str; 6] = [
    "SELECT unique_id, full_name, job_title, company_name, email, phone, do_not_contact
     FROM people.contact_directory ORDER BY unique_id",
    "SELECT unique_id, full_name, seniority, total, expected_value, rank_in_company
     FROM marketing.engaged_people ORDER BY unique_id",
    "SELECT * FROM people.find_person('04.04.02.04.30000.101')",
    "SELECT marketing.current_score('04.04.02.04.30000.102'::text) AS score",
    "SELECT m.unique_id, m.last_name FROM people.master AS m JOIN marketing.scores AS s
     ON s.person_unique_id = m.unique_id ORDER BY m.unique_id",
    "SELECT people.upsert_person('04.04.02.04.30000.101', 'Eve', 'Moss') AS stored",
];

/// A writer of before the migration that names no columns: a new column would
/// break it, were it not the last and filled by the server.
const WRITER: &str = "INSERT INTO people.master VALUES ('04.04.02.04.30000.104', NULL, 'Zoe', 'Lund', DEFAULT, 'COO')";

fn migration(name: &str) -> std::path::PathBuf {
    project(OUTREACH).0.folder.join("migrations").join(name)
}

/// The database as it is before its migrations, with [`ROWS`].
fn base(database: &str) -> Desk {
    let (layout, project) = project(OUTREACH);
    let mut files = bootstrap::files(&layout, &project).unwrap();
    files.retain(|file| file.parent().unwrap().ends_with("bootstrap"));
    let settings = SERVER.create_database(database).unwrap();
    let mut session = Session::connect(&settings).unwrap();
    bootstrap::apply(&mut session, &files).unwrap_or_else(|error| panic!("{error}"));
    let mut desk = Desk { session };
    desk.execute(ROWS);
    desk
}

const ALIAS: &str = "2025-10-23_fix_people_master_column_alias.sql";

#[test]
fn old_readers_and_writers_do_not_notice_the_alias() {
    let mut desk = base("alias_readers");
    let before = READERS.map(|sql| desk.rows(sql));
    assert!(before.iter().all(|rows| !rows.is_empty()), "{before:?}");
    assert_eq!(desk.attempt("", WRITER), Ok(1));

    bootstrap::apply(&mut desk.session, &[migration(ALIAS)]).unwrap_or_else(|error| panic!("{error}"));
    for (sql, before) in READERS.iter().zip(before) {
        assert_eq!(desk.rows(sql), before, "{sql}");
    }
    assert_eq!(desk.attempt("", WRITER), Ok(1));
    let new = "SELECT unique_id FROM people.contact_directory WHERE people_unique_id <> unique_id
               UNION ALL SELECT unique_id FROM marketing.engaged_people WHERE people_unique_id <> unique_id";
    assert_eq!(desk.rows(new), Vec::<Value>::new());
}

#[test]
fn the_alias_is_always_equal() {
    let mut desk = base("alias_equal");
    bootstrap::apply(&mut desk.session, &[migration(ALIAS)]).unwrap_or_else(|error| panic!("{error}"));
    let differing = "SELECT count(*) FROM people.master WHERE people_unique_id IS DISTINCT FROM unique_id";
    for sql in [
        "SELECT 1",
        "INSERT INTO people.master (first_name, last_name) VALUES ('By', 'Default')",
        "INSERT INTO people.master (unique_id, first_name, last_name) VALUES ('04.04.02.04.30000.105', 'By', 'Hand')",
        "UPDATE people.master SET unique_id = '04.04.02.04.30000.203' WHERE last_name = 'Gone'",
        "ALTER TABLE people.master DISABLE TRIGGER ALL",
        "UPDATE people.master SET unique_id = '04.04.02.04.30000.303' WHERE last_name = 'Gone'",
        "ALTER TABLE people.master ENABLE TRIGGER ALL",
        // A trigger that changes the key after the client wrote it.
        "CREATE FUNCTION people.renumber() RETURNS trigger LANGUAGE plpgsql AS
         'BEGIN NEW.unique_id := ''04.04.02.04.30000.999''; RETURN NEW; END'",
        "CREATE TRIGGER renumber BEFORE INSERT ON people.master FOR EACH ROW EXECUTE FUNCTION people.renumber()",
        "INSERT INTO people.master (first_name, last_name) VALUES ('By', 'Trigger')",
    ] {
        desk.execute(sql);
        assert_eq!(desk.value(differing), 0, "{sql}");
    }
    let by_alias = "SELECT last_name FROM people.master WHERE people_unique_id = '04.04.02.04.30000.999'";
    assert_eq!(desk.value(by_alias), "Trigger");

    // Half obeyed would be worse than refused.
    let refused = Err(SqlState::from_code("428C9"));
    let insert = "INSERT INTO people.master (people_unique_id, first_name, last_name)
                  VALUES ('04.04.02.04.30000.777', 'A', 'B')";
    assert_eq!(desk.attempt("", insert), refused);
    assert_eq!(desk.attempt("", "UPDATE people.master SET people_unique_id = 'x'"), refused);
}

#[test]
fn views_and_functions_use_the_alias_and_keep_their_rights() {
    let mut desk = Desk::new(&filled(OUTREACH, "alias_rights"));
    for view in ["people.contact_directory", "marketing.engaged_people"] {
        let definition = desk.value(&format!("SELECT pg_get_viewdef('{view}'::regclass)"));
        assert!(definition.as_str().unwrap().contains("m.people_unique_id AS unique_id"), "{view}");
        let invoker = desk.value(&format!("SELECT reloptions FROM pg_class WHERE oid = '{view}'::regclass"));
        assert_eq!(invoker, json!(["security_invoker=true"]), "{view}");
    }
    for function in
        ["people.find_person(text)", "people.upsert_person(text, text, text, text)", "marketing.current_score(text)"]
    {
        let source = desk.value(&format!("SELECT prosrc FROM pg_proc WHERE oid = '{function}'::regprocedure"));
        assert!(source.as_str().unwrap().contains("people_unique_id"), "{function}");
    }
    let refused = Err(SqlState::INSUFFICIENT_PRIVILEGE);
    let report = "SET LOCAL ROLE outreach_readonly";
    assert_eq!(desk.attempt(report, "SELECT * FROM people.contact_directory"), refused);
    assert_eq!(desk.attempt(report, "SELECT people.upsert_person('x', 'x', 'x')"), refused);
    assert_eq!(desk.attempt(report, "SELECT people_unique_id FROM people.master"), Ok(0));
    let comment = "SELECT col_description('people.master'::regclass, attnum) FROM pg_attribute
                   WHERE attrelid = 'people.master'::regclass AND attname = 'people_unique_id'";
    assert!(desk.value(comment).as_str().unwrap().starts_with("Alias of unique_id"));
}

#[test]
fn a_column_of_that_name_that_is_no_alias_is_refused() {
    let mut desk = base("alias_by_hand");
    desk.execute(
        "ALTER TABLE people.master ADD people_unique_id text; UPDATE people.master SET people_unique_id = 'x'",
    );
    let path = migration(ALIAS);
    let sql = std::fs::read_to_string(&path).unwrap();
    match script::apply(&mut desk.session, &path, &sql) {
        Err(ScriptError::Statement(error)) => {
            assert!(error.message.contains("is not generated from unique_id"), "{error}");
            assert!(error.hint.is_some_and(|hint| hint.contains("Drop or rename")));
        }
        other => panic!("{other:?}"),
    }
    let definition = desk.value("SELECT pg_get_viewdef('people.contact_directory'::regclass)");
    assert!(!definition.as_str().unwrap().contains("people_unique_id"), "nothing of the migration was kept");
}

#[test]
fn headquarters_sees_what_was_changed() {
    let mut desk = Desk::new(&filled(OUTREACH, "shq_audit"));
    desk.execute(ROWS);
    desk.execute(
        "BEGIN;
         SET LOCAL outreach.operator_id = '00000000-0000-0000-0000-000000000002';
         UPDATE people.master SET job_title = 'Chair' WHERE last_name = 'Moss';
         SET LOCAL outreach.operator_id = '00000000-0000-0000-0000-000000000001';
         UPDATE people.master SET job_title = 'Chairwoman' WHERE last_name = 'Moss';
         COMMIT",
    );
    let rows = desk.rows(
        "SELECT schema_name, table_name, action, change_count, row_count, unattended_count, operators
         FROM shq.audit_log ORDER BY schema_name, table_name, action",
    );
    let row = |table: &str, action: &str, changes: u32, rows: u32, unattended: u32, operators: Value| {
        let (schema, table) = table.split_once('.').unwrap();
        json!({
            "schema_name": schema, "table_name": table, "action": action, "change_count": changes,
            "row_count": rows, "unattended_count": unattended, "operators": operators,
        })
    };
    let expected = [
        row("people.master", "insert", 3, 3, 3, Value::Null),
        // The job that purged one, and two changes to one person.
        row("people.master", "update", 3, 2, 1, json!(["Ann", "Bob"])),
        row("vault.contacts", "insert", 1, 1, 1, Value::Null),
    ];
    assert_eq!(rows, expected);
    assert_eq!(
        desk.value("SELECT sum(change_count) FROM shq.audit_log"),
        desk.value("SELECT count(*) FROM intake.audit_log")
    );
}

#[test]
fn headquarters_sees_what_waits_for_a_decision() {
    let mut desk = Desk::new(&filled(OUTREACH, "shq_queue"));
    desk.execute(ROWS);
    desk.execute(
        "INSERT INTO intake.raw_loads (source_id, batch_id, row_number, payload, status)
         SELECT source_id, '00000000-0000-0000-0000-00000000000b', place, '{}', status::intake.load_status
         FROM intake.sources, (VALUES (1, 'received'), (2, 'rejected')) AS load (place, status);
         INSERT INTO intake.validations (load_id, rule_code, state, priority, assigned_to, due_at, decided_at)
         SELECT l.load_id, rule, state::intake.validation_state, priority,
                CASE WHEN rule = 'urgent' THEN '00000000-0000-0000-0000-000000000001'::uuid END,
                CASE WHEN rule = 'urgent' THEN now() - interval '1 day' END,
                CASE WHEN state <> 'pending' THEN now() END
         FROM intake.raw_loads AS l, (VALUES
             ('minor', 'pending', 1), ('urgent', 'pending', 5), ('done', 'passed', 5)
         ) AS validation (rule, state, priority)",
    );
    let rows =
        desk.rows("SELECT rule_code, source_name, priority, assigned_to_name, is_overdue FROM shq.validation_queue");
    let row = |rule: &str, priority: u32, who: Value, overdue: bool| {
        json!({
            "rule_code": rule, "source_name": "The list", "priority": priority,
            "assigned_to_name": who, "is_overdue": overdue,
        })
    };
    assert_eq!(rows, [row("urgent", 5, json!("Ann"), true), row("minor", 1, Value::Null, false)]);
    for role in ["outreach_app", "outreach_readonly"] {
        let setup = format!("SET LOCAL ROLE {role}");
        assert_eq!(desk.attempt(&setup, "SELECT * FROM shq.validation_queue"), Ok(2), "{role}");
        assert!(matches!(desk.attempt(&setup, "SELECT * FROM shq.audit_log"), Ok(1..)), "{role}");
    }
}

#[test]
fn the_views_of_headquarters_say_what_they_are() {
    let mut desk = Desk::new(&filled(OUTREACH, "shq_comments"));
    let silent = desk.rows(
        "SELECT c.relname, a.attname
         FROM pg_class AS c
         JOIN pg_namespace AS n ON n.oid = c.relnamespace
         JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0
         WHERE n.nspname = 'shq' AND c.relkind = 'v'
           AND (obj_description(c.oid, 'pg_class') IS NULL OR col_description(c.oid, a.attnum) IS NULL)",
    );
    assert_eq!(silent, Vec::<Value>::new());
}

//! What is refused, and the advice that comes with it.

use std::time::Duration;

use schemacast::postgres::StatementError;
use schemacast::tasks::ledger::{Error, Options, apply};

use super::*;

fn statement_error(error: Error) -> StatementError {
    match error {
        Error::Statement { error, .. } => *error,
        other => panic!("{other}"),
    }
}

/// The advice on what a server refuses, which begins so.
fn advice(session: &mut Session, sql: &str, code: &str) -> String {
    let error = statement_error(refused(session, &migration("x.sql", sql), &options()));
    assert_eq!(error.code, code, "{error}");
    error.advice.join("\n")
}

#[test]
fn each_known_error_has_its_advice() {
    let mut session = connect(&database("advice"));
    execute(&mut session, "CREATE TABLE t (a int); CREATE VIEW v AS SELECT 1 AS a; INSERT INTO t VALUES (1), (1);");
    let mut check = |sql: &str, code: &str, expected: &str| {
        let found = advice(&mut session, sql, code);
        assert!(found.contains(expected), "{sql}: {found}");
    };
    check("CREATE TABLE t (a int)", "42P07", "`t` is there already");
    check("CREATE VIEW v AS SELECT 1 AS a", "42P07", "CREATE OR REPLACE");
    check("ALTER TABLE t ADD COLUMN a int", "42701", "ADD COLUMN IF NOT EXISTS");
    check("SELECT b FROM t", "42703", "no file of the project brings `b`");
    check("SELECT 1 FROM nowhere.t", "42P01", "no file of the project brings `nowhere.t`");
    check("CREATE UNIQUE INDEX ON t (a)", "23505", "rows that are there already");
    check("SELECT :name", "42601", "a variable of psql");
}

#[test]
fn an_extension_that_is_not_there_is_named() {
    let mut session = connect(&database("extension"));
    let error =
        statement_error(refused(&mut session, &migration("x.sql", "CREATE EXTENSION no_such_thing"), &options()));
    assert!(["0A000", "58P01"].contains(&error.code.as_str()), "{error}");
    assert!(error.advice[0].starts_with("the extension `no_such_thing` is not installed"), "{error}");
}

#[test]
fn a_label_is_used_only_when_it_is_committed() {
    let mut session = connect(&database("label"));
    execute(&mut session, "CREATE TYPE e AS ENUM ('a')");
    let found = advice(&mut session, "ALTER TYPE e ADD VALUE 'b'; SELECT 'b'::e;", "55P04");
    assert!(found.contains("a migration of its own"), "{found}");
}

#[test]
fn limits_hold_and_say_so() {
    let settings = database("limits");
    let (mut session, mut other) = (connect(&settings), connect(&settings));
    execute(&mut session, "CREATE TABLE t (a int)");
    execute(&mut other, "BEGIN; LOCK TABLE t");
    let limited = Options {
        lock_timeout: Some(Duration::from_millis(100)),
        statement_timeout: Some(Duration::from_millis(500)),
        ..options()
    };
    let alter = migration("1.sql", "ALTER TABLE t ADD b int");
    let error = statement_error(refused(&mut session, &alter, &limited));
    assert!(error.code == "55P03" && error.advice[0].contains("lock_timeout"), "{error}");
    let slow = migration("2.sql", "SELECT pg_sleep(20)");
    let error = statement_error(refused(&mut session, &slow, &limited));
    assert!(error.code == "57014" && error.advice[0].contains("longer than it may"), "{error}");
    // The limits were the transactions' own.
    assert_eq!(
        one(&mut session, "SELECT current_setting('lock_timeout') || current_setting('statement_timeout')"),
        "00"
    );
}

#[test]
fn a_role_with_few_rights_is_told_what_to_ask_for() {
    let settings = database("rights");
    let mut owner = connect(&settings);
    execute(&mut owner, "CREATE ROLE few LOGIN; CREATE SCHEMA closed;");
    let mut few = settings.clone();
    few.user = "few".to_owned();
    let mut session = connect(&few);
    let file = migration("1.sql", "CREATE TABLE closed.t (a int)");
    // It may not make the ledger.
    let error = refused(&mut session, &file, &options()).to_string();
    assert!(
        error.contains("cannot make the ledger") && error.contains("GRANT CREATE ON DATABASE rights TO few"),
        "{error}"
    );
    // One that is made for it will do, with or without the right to make more.
    execute(&mut owner, "CREATE SCHEMA schemacast AUTHORIZATION few");
    let error = statement_error(refused(&mut session, &file, &options()));
    assert!(
        error.code == "42501" && error.advice[0].contains("GRANT USAGE, CREATE ON SCHEMA closed TO few"),
        "{error}"
    );
    assert_applied(&apply(&mut session, &[migration("2.sql", "SELECT 1")], &options()));
}

#[test]
fn a_table_that_is_not_the_ledgers_is_left_alone() {
    let mut session = connect(&database("foreign"));
    execute(&mut session, "CREATE SCHEMA schemacast; CREATE TABLE schemacast.migrations (file text, version int)");
    let file = [migration("1.sql", "CREATE TABLE t (a int)")];
    let error = plan(&mut session, &file, &options()).unwrap_err();
    assert!(
        matches!(&error, Error::NotTheLedger { table: "migrations", missing } if missing.contains(&"sha256")),
        "{error}"
    );
    assert!(matches!(refused(&mut session, &file[0], &options()), Error::NotTheLedger { .. }));
    assert!(!exists(&mut session, "t"));
}

#[test]
fn all_faults_are_told_before_anything_runs() {
    let mut session = connect(&database("faults"));
    let files = [
        migration("1.sql", "CREATE TABLE t (a int);"),
        migration("2.sql", "BEGIN;\nCREATE TABLE u (a int);\nCOMMIT;"),
        migration("3.sql", "SELECT 'open;"),
    ];
    let outcomes = apply(&mut session, &files, &options());
    assert!(matches!(outcomes[0].ending, Ending::NotReached));
    let texts: Vec<String> = outcomes.into_iter().skip(1).map(|outcome| failure(outcome).to_string()).collect();
    assert!(
        texts[0].starts_with("migrations/2.sql:1:1: `BEGIN` in a file") && texts[0].contains("2.sql:3:1"),
        "{texts:?}"
    );
    assert!(texts[1].starts_with("migrations/3.sql:1:8: the file ends inside of a string"), "{texts:?}");
    assert!(!exists(&mut session, "t"));
}

//! Migrations against a real server: what is applied, what is refused, and
//! what is left when a runner dies in the middle.
#![cfg(all(unix, feature = "cli"))]

mod death;
mod refusals;
mod splitting;

use std::path::Path;
use std::sync::LazyLock;
use std::time::Duration;

use schemacast::postgres::introspect::{self, introspect};
use schemacast::postgres::{ConnectionSettings, ScratchServer, Session, scratch};
use schemacast::tasks::ledger::{Decision, Ending, Error, Migration, Options, Outcome, apply, plan};

static SERVER: LazyLock<ScratchServer> =
    LazyLock::new(|| ScratchServer::start(&scratch::Options::default()).unwrap_or_else(|error| panic!("{error}")));

fn database(name: &str) -> ConnectionSettings {
    SERVER.create_database(name).unwrap_or_else(|error| panic!("{error}"))
}

fn connect(settings: &ConnectionSettings) -> Session {
    Session::connect(settings).unwrap_or_else(|error| panic!("{error}"))
}

fn execute(session: &mut Session, sql: &str) {
    session.run(async |client| client.batch_execute(sql).await).unwrap_or_else(|error| panic!("{sql}: {error:?}"));
}

/// The one cell of a query, as a text.
fn one(session: &mut Session, sql: &str) -> String {
    let row = session.run(async |client| client.query_typed_one(sql, &[]).await);
    row.and_then(|row| row.try_get(0)).unwrap_or_else(|error| panic!("{sql}: {error:?}"))
}

fn exists(session: &mut Session, relation: &str) -> bool {
    one(session, &format!("SELECT (to_regclass('{relation}') IS NOT NULL)::text")) == "true"
}

fn migration(name: &str, sql: &str) -> Migration {
    Migration::new(format!("shop/{name}"), &Path::new("migrations").join(name), sql.as_bytes())
}

fn options() -> Options {
    Options { by: Some("tests".to_owned()), ..Options::default() }
}

fn failure(outcome: Outcome) -> Error {
    match outcome.ending {
        Ending::Failed(error) => error,
        other => panic!("it did not fail: {other:?}"),
    }
}

/// Applies one that must fail, and gives its error.
fn refused(session: &mut Session, migration: &Migration, options: &Options) -> Error {
    failure(apply(session, std::slice::from_ref(migration), options).remove(0))
}

fn assert_applied(outcomes: &[Outcome]) {
    for outcome in outcomes {
        assert!(matches!(outcome.ending, Ending::Applied { .. }), "{outcome:?}");
    }
}

#[test]
fn a_file_is_applied_once_and_recorded_with_it() {
    let mut session = connect(&database("once"));
    let first = migration("1.sql", "CREATE TABLE a (id int);\nDO $$ BEGIN RAISE NOTICE 'hello; you'; END $$;");
    let second =
        migration("2.sql", "SET search_path = pg_catalog;\nSET app.tenant = 'x';\nINSERT INTO public.a VALUES (1);");
    let both = [first.clone(), second];

    // A plan reads, and makes no ledger.
    let planned = plan(&mut session, &both, &options()).unwrap();
    assert!(planned.iter().all(|planned| matches!(planned.decision, Decision::Apply)), "{planned:?}");
    assert_eq!(one(&mut session, "SELECT count(*)::text FROM pg_namespace WHERE nspname = 'schemacast'"), "0");

    let path = one(&mut session, "SHOW search_path");
    let outcomes = apply(&mut session, &both, &options());
    assert_applied(&outcomes);
    assert_eq!(outcomes[0].notices.iter().map(|notice| notice.message.as_str()).collect::<Vec<_>>(), ["hello; you"]);
    assert_eq!(one(&mut session, "SELECT count(*)::text FROM a"), "1");
    // What a file sets ends with it.
    assert_eq!(one(&mut session, "SHOW search_path"), path);
    assert_eq!(one(&mut session, "SELECT coalesce(nullif(current_setting('app.tenant', true), ''), 'none')"), "none");
    let row = "SELECT concat_ws(' ', sha256, applied_by, state, duration_ms >= 0, applied_at <= now()) \
               FROM schemacast.migrations WHERE file = 'shop/1.sql'";
    assert_eq!(one(&mut session, row), format!("{} postgres (tests) applied t t", first.sha256));

    for outcome in apply(&mut session, &both, &options()) {
        let Ending::Skipped { applied_by, .. } = &outcome.ending else { panic!("{outcome:?}") };
        assert_eq!(applied_by, "postgres (tests)");
    }
    assert_eq!(one(&mut session, "SELECT count(*)::text FROM a"), "1");
    // Other ends of lines are no edit.
    let windows =
        migration("1.sql", "\u{feff}CREATE TABLE a (id int);\r\nDO $$ BEGIN RAISE NOTICE 'hello; you'; END $$;");
    assert!(matches!(apply(&mut session, &[windows], &options())[0].ending, Ending::Skipped { .. }));
}

#[test]
fn an_edited_file_stops_everything_before_it_begins() {
    let mut session = connect(&database("edited"));
    let first = migration("1.sql", "CREATE TABLE a (id int);");
    assert_applied(&apply(&mut session, std::slice::from_ref(&first), &options()));

    let edited = migration("1.sql", "CREATE TABLE a (id bigint);");
    let both = [migration("0.sql", "CREATE TABLE b (id int);"), edited.clone()];
    let mut outcomes = apply(&mut session, &both, &options());
    assert!(matches!(outcomes[0].ending, Ending::NotReached), "{outcomes:?}");
    assert!(!exists(&mut session, "b"));
    let error = failure(outcomes.remove(1));
    assert!(
        matches!(&error, Error::Edited { recorded, found, .. } if *recorded == first.sha256 && *found == edited.sha256)
    );
    let text = error.to_string();
    assert!(text.contains(&first.sha256) && text.contains(&edited.sha256), "{text}");
    // The way out that it names is one.
    let way_out = text.split("accept the file: ").nth(1).unwrap();
    execute(&mut session, way_out);
    let outcomes = apply(&mut session, &both, &options());
    assert!(outcomes.iter().all(Outcome::is_applied), "{outcomes:?}");
}

#[test]
fn a_file_that_fails_leaves_nothing_and_stops_those_after_it() {
    let mut session = connect(&database("fails"));
    let files = [
        migration("1.sql", "CREATE TABLE a (id int PRIMARY KEY);"),
        migration(
            "2.sql",
            "CREATE TABLE b (id int);\n\nCREATE VIEW v AS\n  SELECT x\n  FROM (\n    SELECT ä.nope FROM a AS ä) AS s;\nSELECT 1;",
        ),
        migration("3.sql", "ALTER TABLE a ADD COLUMN nope int;"),
    ];
    let mut outcomes = apply(&mut session, &files, &options());
    assert!(matches!(outcomes[0].ending, Ending::Applied { statements: 1, .. }));
    assert!(matches!(outcomes[2].ending, Ending::NotReached));
    let expected = "migrations/2.sql:6:12: column ä.nope does not exist (42703)\n  \
                    |\n3 | CREATE VIEW v AS\n4 |   SELECT x\n5 |   FROM (\n6 |     SELECT ä.nope FROM a AS ä) AS s;\n  \
                    |            ^\nadvice: `ä.nope` comes from migrations/3.sql:1: apply that before this one";
    assert_eq!(failure(outcomes.remove(1)).to_string(), expected);
    assert!(!exists(&mut session, "b"));
    assert_eq!(one(&mut session, "SELECT string_agg(file, ',') FROM schemacast.migrations"), "shop/1.sql");

    // What is deferred fails whole too.
    let deferred = migration(
        "4.sql",
        "CREATE TABLE c (id int REFERENCES a DEFERRABLE INITIALLY DEFERRED); INSERT INTO c VALUES (7);",
    );
    let error = refused(&mut session, &deferred, &options());
    assert!(matches!(&error, Error::Commit { code, .. } if code == "23503"), "{error}");
    assert!(!exists(&mut session, "c"));
}

#[test]
fn what_cannot_run_in_a_transaction_has_a_file_of_its_own() {
    let mut session = connect(&database("outside"));
    execute(&mut session, "CREATE TABLE t (a int); INSERT INTO t VALUES (1), (1);");
    let inside = migration("1.sql", "CREATE INDEX CONCURRENTLY i ON t (a);");
    let error = refused(&mut session, &inside, &options());
    assert!(error.to_string().contains("begins with the line `-- no-transaction`"), "{error}");

    let outside = migration("1.sql", "-- no-transaction\nCREATE INDEX CONCURRENTLY i ON t (a);\nVACUUM t;");
    assert_applied(&apply(&mut session, std::slice::from_ref(&outside), &options()));
    assert!(matches!(apply(&mut session, &[outside], &options())[0].ending, Ending::Skipped { .. }));
    assert_eq!(one(&mut session, "SELECT count(*)::text FROM schemacast.lease"), "0");

    let failing =
        migration("2.sql", "-- no-transaction\nCREATE TABLE u (a int);\nCREATE UNIQUE INDEX CONCURRENTLY n ON t (a);");
    let error = refused(&mut session, &failing, &options());
    assert!(matches!(&error, Error::Statement { error, stays: true } if error.code == "23505"), "{error}");
    assert!(error.to_string().contains("the statement before this one is done and stays"), "{error}");
    assert!(error.to_string().contains("DROP INDEX CONCURRENTLY IF EXISTS"), "{error}");
    assert!(exists(&mut session, "u"));
    let error = refused(&mut session, &failing, &options());
    assert!(matches!(error, Error::Unfinished { statement: 2, failed: true, .. }), "{error}");
    // The lease was given back all the same.
    assert_applied(&apply(&mut session, &[migration("3.sql", "SELECT 1;")], &options()));

    let mended = migration(
        "2.sql",
        "-- no-transaction\nCREATE TABLE IF NOT EXISTS u (a int);\nDELETE FROM t;\nDROP INDEX CONCURRENTLY IF EXISTS n;\n\
         CREATE UNIQUE INDEX CONCURRENTLY n ON t (a);",
    );
    let again = Options { repeat_unfinished: true, ..options() };
    assert_applied(&apply(&mut session, &[mended], &again));
    assert_eq!(one(&mut session, "SELECT state FROM schemacast.migrations WHERE file = 'shop/2.sql'"), "applied");

    // A limit holds there too, though no setting can say so.
    let slow = migration("4.sql", "-- no-transaction\nSELECT pg_sleep(30);");
    let limited = Options { statement_timeout: Some(Duration::from_millis(200)), ..options() };
    let error = refused(&mut session, &slow, &limited);
    assert!(matches!(&error, Error::Statement { error, .. } if error.code == "57014"), "{error}");
}

#[test]
fn the_ledger_is_no_part_of_the_schema() {
    let mut session = connect(&database("hidden"));
    let read = |session: &mut Session| {
        session.run(async |client| introspect(client, &introspect::Options::default()).await).unwrap()
    };
    let before = read(&mut session);
    assert_applied(&apply(&mut session, &[migration("1.sql", "SELECT 1;")], &options()));
    assert!(exists(&mut session, "schemacast.migrations"));
    assert_eq!(read(&mut session), before);
    let asked = introspect::Options { include: vec!["schemacast".to_owned()], ..introspect::Options::default() };
    let asked = session.run(async |client| introspect(client, &asked).await).unwrap();
    assert!(asked.schemas.iter().any(|schema| schema.name == "schemacast"));
}

#[test]
fn runners_that_come_together_apply_each_file_once() {
    let settings = database("together");
    let files = ["1.sql", "2.sql", "3.sql"].map(|name| migration(name, &format!("CREATE TABLE \"{name}\" (id int);")));
    let run = || {
        let options = Options { wait: Duration::from_secs(20), ..options() };
        apply(&mut connect(&settings), &files, &options)
    };
    let all: Vec<Vec<Outcome>> = std::thread::scope(|scope| {
        let runners: Vec<_> = (0..4).map(|_| scope.spawn(run)).collect();
        runners.into_iter().map(|runner| runner.join().unwrap()).collect()
    });
    for at in 0..files.len() {
        let applied = all.iter().filter(|run| matches!(run[at].ending, Ending::Applied { .. })).count();
        let skipped = all.iter().filter(|run| matches!(run[at].ending, Ending::Skipped { .. })).count();
        assert_eq!((applied, skipped), (1, 3), "{all:?}");
    }
}

//! Each kind of task, broken: what is said, what is blocked, what is recorded,
//! and that nothing is lost or done by half.

use super::*;

/// A task before the broken one, one that depends on it, and one that does not.
fn around(broken: Value) -> Value {
    json!([
        {"id": "a_before", "name": "Before", "type": "sql_query", "sql": "INSERT INTO shop.orders VALUES (1, 1)"},
        broken,
        {"id": "c_after", "name": "After", "type": "sql_query", "sql": "SELECT 1", "dependencies": ["b_broken"]},
        {"id": "d_beside", "name": "Beside", "type": "sql_query", "sql": "INSERT INTO shop.orders VALUES (2, 2)"}
    ])
}

const FAILED: [&str; 4] = ["a_before completed", "b_broken failed", "c_after blocked", "d_beside completed"];

/// What the tasks around the broken one did is there, and no more.
fn assert_whole(shop: &Shop) {
    assert_eq!(shop.one("SELECT string_agg(id::text, ',' ORDER BY id) FROM shop.orders"), "1,2");
    assert_eq!(shop.one("SELECT count(*)::text FROM pg_class WHERE relname LIKE 'half%'"), "0");
    assert_eq!(shop.ledger(), "");
}

fn migration(file: &str) -> Value {
    json!({"id": "b_broken", "name": "Broken", "type": "migration", "file": file})
}

#[test]
fn a_base_table_that_is_missing() {
    let shop = Shop::new(
        "no_table",
        around(json!({"id": "b_broken", "name": "Broken", "type": "sql_query", "sql": "SELECT * FROM shop.visits"})),
    );
    let text = shop.chain(1);
    assert!(text.contains("relation \"shop.visits\" does not exist (42P01)"), "{text}");
    assert_last_line(&shop, &text, "b_broken", "no file of the project brings `shop.visits`");
    shop.assert_recorded(&FAILED);
    assert_whole(&shop);

    // With a file that would bring it, that is the advice; a hint of the
    // registry's goes first.
    shop.write("migrations/007_visits.sql", "-- visits\nCREATE TABLE shop.visits (id bigint);");
    shop.execute("TRUNCATE shop.orders");
    let text = shop.chain(1);
    assert_last_line(&shop, &text, "b_broken", "`shop.visits` comes from manifests/shop/migrations/007_visits.sql:2");
    shop.execute("TRUNCATE shop.orders");
    shop.tasks(around(
        json!({"id": "b_broken", "name": "Broken", "type": "sql_query", "sql": "SELECT * FROM shop.visits",
        "on_failure": ["is the database initialised?"]}),
    ));
    let text = shop.chain(1);
    assert_last_line(&shop, &text, "b_broken", "is the database initialised?");
}

#[test]
fn sql_in_a_migration_that_is_wrong() {
    let shop = Shop::new("bad_sql", around(migration("001.sql")));
    shop.write(
        "migrations/001.sql",
        "CREATE TABLE half (id int);\n\nSELECT o.id,\n       o.totel\n  FROM shop.orders AS o;",
    );
    let text = shop.chain(1);
    for part in [
        "manifests/shop/migrations/001.sql:4:8: column o.totel does not exist (42703)",
        "4 |        o.totel\n  |        ^",
        "hint: Perhaps you meant to reference the column \"o.total\".",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_last_line(&shop, &text, "b_broken", "no file of the project brings `o.totel`");
    let status = said(&shop.run(&["status", "shop:b_broken"]));
    assert_eq!(status.matches("no file of the project brings").count(), 1, "{status}");
    shop.assert_recorded(&FAILED);
    assert_whole(&shop);
}

#[test]
fn a_migration_with_faults_that_are_found_beforehand() {
    let shop = Shop::new("faults", around(migration("001.sql")));
    shop.write("migrations/001.sql", "CREATE TABLE half (id int);\nCOPY half FROM stdin;\nSELECT 'open;");
    let text = shop.chain(1);
    assert!(text.contains("manifests/shop/migrations/001.sql:3:8") && text.contains("001.sql:2:1"), "{text}");
    assert_last_line(&shop, &text, "b_broken", "correct the file as its faults say");
    shop.assert_recorded(&FAILED);
    assert_whole(&shop);
}

#[test]
fn a_migration_that_was_edited() {
    let shop = Shop::new("edited", around(migration("001.sql")));
    let first = "CREATE TABLE shop.notes (id int);\n";
    shop.write("migrations/001.sql", first);
    shop.chain(0);
    let hash = |text: &str| {
        use sha2::{Digest as _, Sha256};
        Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    let edited = "CREATE TABLE shop.notes (id bigint);\n";
    shop.write("migrations/001.sql", edited);
    shop.execute("TRUNCATE shop.orders");
    let text = shop.chain(1);
    assert!(text.contains(&hash(first)) && text.contains(&hash(edited)), "{text}");
    assert_last_line(&shop, &text, "b_broken", "put the file back as it was");
    shop.assert_recorded(&FAILED);
    assert_eq!(shop.ledger(), "shop/001.sql applied");
    assert_eq!(
        shop.one(
            "SELECT format_type(atttypid, -1) FROM pg_attribute WHERE attrelid = 'shop.notes'::regclass AND attnum = 1"
        ),
        "integer"
    );

    // Put back, the chain goes on from there and applies nothing twice.
    shop.write("migrations/001.sql", first);
    let output = shop.run(&["run-chain", "shop", "--resume"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    shop.assert_recorded(&["a_before skipped", "b_broken skipped", "c_after completed", "d_beside skipped"]);
}

#[test]
fn a_folder_that_cannot_be_written() {
    let tasks = json!([
        {"id": "a_read", "name": "Read", "type": "script", "action": "introspect"},
        {"id": "b_cast", "name": "Cast", "type": "script", "action": "generate:firestore", "dependencies": ["a_read"]},
        {"id": "c_check", "name": "Check", "type": "script", "argv": ["true"], "dependencies": ["b_cast"]}
    ]);
    let shop = Shop::new("unwritable", tasks);
    // Rights do not stop root, and a file in the place of the folder stops all.
    fs::write(shop.root().join("generated"), "mine").unwrap();
    let text = shop.chain(1);
    assert!(text.contains("generated"), "{text}");
    assert_last_line(&shop, &text, "b_cast", "a file stands where a folder is needed");
    shop.assert_recorded(&["a_read completed", "b_cast failed", "c_check blocked"]);
    assert_eq!(fs::read_to_string(shop.root().join("generated")).unwrap(), "mine");

    fs::remove_file(shop.root().join("generated")).unwrap();
    let output = shop.run(&["run-chain", "shop", "--resume"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    shop.assert_recorded(&["a_read skipped", "b_cast completed", "c_check completed"]);
}

#[test]
fn what_takes_too_long_in_the_server_s_opinion_or_ours() {
    let sleep = json!({"id": "b_broken", "name": "Broken", "type": "sql_query", "sql": "SELECT pg_sleep(60)"});
    let shop = Shop::new("slow", around(sleep));
    shop.execute("ALTER DATABASE slow SET statement_timeout = '200ms'");
    let text = shop.chain(1);
    assert!(text.contains("canceling statement due to statement timeout (57014)"), "{text}");
    assert_last_line(&shop, &text, "b_broken", "give it more time");
    shop.assert_recorded(&FAILED);
    assert_whole(&shop);

    shop.execute("ALTER DATABASE slow RESET statement_timeout; TRUNCATE shop.orders");
    let mut broken = migration("001.sql");
    broken["timeout"] = json!(1);
    shop.tasks(around(broken));
    shop.write("migrations/001.sql", "CREATE TABLE half (id int);\nSELECT pg_sleep(60);");
    let begun = Instant::now();
    let text = shop.chain(1);
    assert!(begun.elapsed() < Duration::from_secs(10), "{text}");
    assert!(text.contains("b_broken timed out 1.") && text.contains("it took longer than 1 s"), "{text}");
    assert_last_line(&shop, &text, "b_broken", "give it more time (`timeout` in the registry)");
    shop.assert_recorded(&["a_before completed", "b_broken timed_out", "c_after blocked", "d_beside completed"]);
    assert_whole(&shop);
}

#[test]
fn a_command_that_hangs_fails_or_is_not_there() {
    // One that does not listen to the polite signal, and what it has started.
    let hang = "trap '' TERM; echo begun; sleep 61.5 & wait; wait; sleep 61.5";
    let command =
        |argv: Value| json!({"id": "b_broken", "name": "Broken", "type": "script", "argv": argv, "timeout": 1});
    let shop = Shop::new("hangs", around(command(json!(["sh", "-c", hang]))));
    let begun = Instant::now();
    let text = shop.chain(1);
    assert!(begun.elapsed() < Duration::from_secs(20), "{text}");
    assert_last_line(&shop, &text, "b_broken", "give it more time");
    shop.assert_recorded(&["a_before completed", "b_broken timed_out", "c_after blocked", "d_beside completed"]);
    assert!(said(&shop.run(&["logs", "shop:b_broken"])).contains("begun"));
    assert!(death::processes_with("61.5").is_empty());

    for (argv, said, hint) in [
        (json!(["sh", "-c", "echo bad weather >&2; exit 3"]), "exit status: 3", "look into its log"),
        (json!(["no-such-program-4711"]), "cannot start `no-such-program-4711`", "installed and in PATH"),
    ] {
        shop.execute("TRUNCATE shop.orders");
        shop.tasks(around(command(argv)));
        let text = shop.chain(1);
        assert!(text.contains(said), "{text}");
        assert_last_line(&shop, &text, "b_broken", hint);
        shop.assert_recorded(&FAILED);
        assert_whole(&shop);
    }
}

#[test]
fn rules_that_cannot_be_read_are_said_and_not_left_out() {
    let tasks = json!([
        {"id": "a_read", "name": "Read", "type": "script", "action": "introspect"},
        {"id": "b_drift", "name": "Drift", "type": "script", "action": "drift", "dependencies": ["a_read"]},
        {"id": "c_after", "name": "After", "type": "script", "argv": ["true"], "dependencies": ["b_drift"]}
    ]);
    let shop = Shop::new("rules", tasks);
    shop.write(
        "project.yaml",
        "drift:\n  ignore:\n    - path: shop.*\n      reason: \" \"\n    - path: \"!\"\n      reason: r\n",
    );
    let text = shop.chain(1);
    for part in ["drift.ignore[0] (shop.*): the reason is empty", "drift.ignore[1]: the path is empty"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    shop.assert_recorded(&["a_read completed", "b_drift failed", "c_after blocked"]);
    assert!(!shop.root().join("manifests/shop/SCHEMA_DRIFT_REPORT.md").exists());
}

/// The errors that have their own advice, by what brings them about.
#[test]
fn known_errors_have_their_advice() {
    let shop = Shop::new("known", json!([]));
    shop.execute("CREATE SCHEMA closed; CREATE ROLE known_clerk LOGIN; GRANT USAGE ON SCHEMA shop TO known_clerk");
    shop.write("migrations/002_brings.sql", "ALTER TABLE shop.orders ADD COLUMN paid boolean;");
    shop.tasks(json!([
        {"id": "column", "name": "C", "type": "sql_query", "sql": "SELECT paid FROM shop.orders"},
        {"id": "exists", "name": "E", "type": "migration", "file": "003_exists.sql"},
        {"id": "extension", "name": "X", "type": "migration", "file": "004_extension.sql"},
        {"id": "privilege", "name": "P", "type": "sql_query", "sql": "SET ROLE known_clerk; CREATE TABLE closed.t (id int)"},
        {"id": "reads", "name": "R", "type": "sql_query", "sql": "SELECT set_config('x.y', nextval('shop.s')::text, true)", "retries": 1}
    ]));
    shop.execute("CREATE SEQUENCE shop.s");
    shop.write("migrations/003_exists.sql", "CREATE TABLE shop.orders (id int);");
    shop.write("migrations/004_extension.sql", "CREATE EXTENSION no_such_4711;");
    let output = shop.run(&["run-chain", "shop", "-q"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let run = shop.status();
    for (at, hints) in [
        vec!["`paid` comes from manifests/shop/migrations/002_brings.sql:1: apply that before this one"],
        vec![
            "`orders` is there already: if another tool or an earlier run made it, make the statement repeatable with",
        ],
        vec!["the extension `no_such_4711` is not installed on this server"],
        vec!["have its owner run GRANT USAGE, CREATE ON SCHEMA closed TO"],
        vec!["this runs read only: a sql_query with `retries` must not write"],
    ]
    .iter()
    .enumerate()
    {
        let task = &run["tasks"][at];
        let given: Vec<&str> = task["hints"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert_eq!(given.len(), hints.len(), "{task:#}");
        for (given, hint) in given.iter().zip(hints) {
            assert!(given.contains(hint), "{task:#}");
            assert!(!task["reason"].as_str().unwrap().contains(given), "{task:#}");
        }
    }
}

#[test]
fn a_lock_that_is_held_is_not_waited_for_beyond_the_limit() {
    let locked = |file: &str| json!([{"id": "b_broken", "name": "Broken", "type": "migration", "file": file, "lock_timeout": 1}]);
    let shop = Shop::new("locked", locked("001.sql"));
    shop.write("migrations/001.sql", "ALTER TABLE shop.orders ADD COLUMN half int;");
    shop.write(
        "migrations/002.sql",
        "-- no-transaction\nCREATE TABLE IF NOT EXISTS shop.first ();\nALTER TABLE shop.orders ADD COLUMN half int;",
    );
    let mut holder = shop.session();
    holder.run(async |client| client.batch_execute("BEGIN; LOCK TABLE shop.orders").await).unwrap();
    for (file, more) in [("001.sql", ""), ("002.sql", "the statement before this one is done and stays")] {
        shop.tasks(locked(file));
        let begun = Instant::now();
        let text = shop.chain(1);
        assert!(begun.elapsed() < Duration::from_secs(8), "{text}");
        assert!(text.contains("canceling statement due to lock timeout (55P03)") && text.contains(more), "{text}");
        assert_last_line(&shop, &text, "b_broken", "another session holds a lock that the statement waits for");
    }
    assert_eq!(shop.ledger(), "shop/002.sql failed");
    holder.run(async |client| client.batch_execute("ROLLBACK").await).unwrap();
    // What the limit was for is over, and it outlives no statement.
    shop.execute("DELETE FROM schemacast.migrations");
    let text = shop.chain(0);
    assert_eq!(shop.ledger(), "shop/002.sql applied", "{text}");
}

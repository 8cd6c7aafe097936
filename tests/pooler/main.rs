//! Two programs at once behind Debian's pgbouncer, in transaction mode with a
//! pool of one: nothing collides there, and nothing is left for the next
//! client.
//!
//! Without pgbouncer a test says that it is left out, and in CI it fails.
#![cfg(all(unix, feature = "cli"))]

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;
use tempfile::TempDir;

#[path = "../common/account.rs"]
mod account;
#[path = "../common/mod.rs"]
mod common;
#[path = "../common/folder.rs"]
mod folder;
mod pgbouncer;

use pgbouncer::{Pool, is_skipped};

/// A project that migrates in and outside of a transaction, with settings in
/// its SQL, and then reads, compares and takes a snapshot.
fn project(name: &str) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("manifests").join(name);
    fs::create_dir_all(folder.join("migrations")).unwrap();
    // The others of the tests come and go in the same database.
    let others: Vec<&str> = ["shop", "crm", "same"].into_iter().filter(|other| *other != name).collect();
    fs::write(folder.join("project.yaml"), format!("name: {name}\nexclude: [{}]\n", others.join(", "))).unwrap();
    let table = format!(
        "SET search_path = pg_catalog; SET statement_timeout = '77s';\n\
         CREATE SCHEMA {name}; CREATE TABLE {name}.orders (id bigint PRIMARY KEY, total integer, due date);\n"
    );
    fs::write(folder.join("migrations/001_orders.sql"), table).unwrap();
    let index = format!("-- no-transaction\nCREATE INDEX CONCURRENTLY orders_due ON {name}.orders (due);\n");
    fs::write(folder.join("migrations/002_due.sql"), index).unwrap();
    let more = format!("SELECT pg_sleep(0.3); ALTER TABLE {name}.orders ADD COLUMN note text DEFAULT 'none';\n");
    fs::write(folder.join("migrations/003_note.sql"), more).unwrap();
    let registry = json!({ "version": "1.0", "project": name, "tasks": [
        {"id": "orders", "name": "Orders", "type": "migration", "file": "001_orders.sql"},
        {"id": "due", "name": "Due", "type": "migration", "file": "002_due.sql", "dependencies": ["orders"]},
        {"id": "note", "name": "Note", "type": "migration", "file": "003_note.sql", "dependencies": ["due"]},
        {"id": "setting", "name": "Setting", "type": "sql_query", "dependencies": ["note"],
         "sql": "SET work_mem = '99MB'; SET TIME ZONE 'Asia/Tokyo'; SELECT pg_advisory_lock(7); SELECT 1 AS one",
         "validation": [{"sql": "SELECT set_config('lock_timeout', '88s', false) IS NOT NULL AS was_set", "expected": [{"was_set": true}]}]},
        {"id": "read", "name": "Read", "type": "script", "action": "introspect", "dependencies": ["setting"]},
        {"id": "compare", "name": "Compare", "type": "script", "action": "drift", "dependencies": ["read"]},
        {"id": "keep", "name": "Keep", "type": "script", "action": "snapshot:release", "dependencies": ["read"]},
    ]});
    fs::write(folder.join("task_registry.json"), registry.to_string()).unwrap();
    root
}

fn start(root: &Path, url: &str, arguments: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_schemacast"));
    command.args(arguments).current_dir(root).env_remove("POSTGRES_URL").env("DATABASE_URL", url);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Runs a verb twice at once, in two folders, and what each of them said.
fn twice(pool: &Pool, roots: [(&Path, &[&str]); 2], expected: i32) -> [String; 2] {
    let url = pool.url("");
    let children = roots.map(|(root, arguments)| start(root, &url, arguments));
    children.map(|child| {
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(expected), "{}\n{}", said(&output), pool.log());
        said(&output)
    })
}

/// Every setting as the pool's next client finds it, what is prepared in its
/// session, and which locks outlive transactions.
fn left_behind(pool: &Pool) -> Vec<String> {
    let mut left = pool.ask(
        "SELECT name || ' = ' || coalesce(setting, '') FROM pg_catalog.pg_settings
         WHERE name NOT IN ('application_name', 'transaction_read_only', 'transaction_isolation') ORDER BY 1",
    );
    left.extend(pool.ask("SELECT 'role ' || current_user || ' ' || session_user"));
    left.extend(pool.ask("SELECT 'prepared ' || name FROM pg_catalog.pg_prepared_statements WHERE name <> ''"));
    left.extend(pool.ask("SELECT 'temporary ' || relname FROM pg_catalog.pg_class WHERE relpersistence = 't'"));
    left.extend(pool.ask("SELECT 'zone ' || current_setting('TimeZone')"));
    left.extend(pool.ask_server("SELECT 'lock ' || objid::text FROM pg_catalog.pg_locks WHERE locktype = 'advisory'"));
    left
}

fn nothing_is_left(pool: &Pool, before: &[String]) {
    let left: Vec<String> = left_behind(pool).into_iter().filter(|line| !before.contains(line)).collect();
    assert!(left.is_empty(), "{left:#?}\n{}", pool.log());
}

#[test]
fn the_pool_is_one_in_which_others_collide_and_leak() {
    if is_skipped() {
        return;
    }
    // What the other tests look for is seen where it is: else they prove nothing.
    let pool = Pool::start();
    let before = left_behind(&pool);
    let (mut first, mut second) = (pool.client(), pool.client());
    let pid = |session: &mut schemacast::postgres::Session| -> i32 {
        let row = session.run(async |client| client.query_typed_one("SELECT pg_backend_pid()", &[]).await).unwrap();
        row.get(0)
    };
    assert_eq!(pid(&mut first), pid(&mut second), "a pool of one");
    first.run(async |client| client.batch_execute("PREPARE s0 AS SELECT 1").await).unwrap();
    let collided = second.run(async |client| client.batch_execute("PREPARE s0 AS SELECT 2").await).unwrap_err();
    assert_eq!(collided.code().unwrap().code(), "42P05");
    first.run(async |client| client.batch_execute("SET work_mem = '99MB'; SELECT pg_advisory_lock(7)").await).unwrap();
    drop((first, second));
    let left: Vec<String> = left_behind(&pool).into_iter().filter(|line| !before.contains(line)).collect();
    assert_eq!(left, ["work_mem = 101376", "prepared s0", "lock 7"]);

    let mut config = tokio_postgres::Config::new();
    let settings = schemacast::postgres::ConnectionSettings::parse(&pool.url("")).unwrap();
    config.host("127.0.0.1").port(settings.port).user("app").password(pgbouncer::PASSWORD).dbname("shop");
    config.options("-c search_path=x");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let refused = runtime.block_on(config.connect(tokio_postgres::NoTls)).map(drop).unwrap_err();
    assert_eq!(refused.code().unwrap().code(), "08P01", "{refused:?}");
}

#[test]
fn two_chains_at_once_leave_nothing_behind() {
    if is_skipped() {
        return;
    }
    let pool = Pool::start();
    let (shop, crm) = (project("shop"), project("crm"));
    let before = left_behind(&pool);
    let chain = |name| ["run-chain", name, "--stop-on-error"];
    twice(&pool, [(shop.path(), &chain("shop")), (crm.path(), &chain("crm"))], 0);
    nothing_is_left(&pool, &before);

    // The same project twice: one waits for the other, and nothing is applied
    // a second time.
    let same = project("same");
    let again = TempDir::new().unwrap();
    folder::copy(same.path(), again.path());
    twice(&pool, [(same.path(), &chain("same")), (again.path(), &chain("same"))], 0);
    nothing_is_left(&pool, &before);
    assert_eq!(pool.ask("SELECT count(*)::text FROM schemacast.migrations"), ["9"]);
    assert_eq!(pool.ask("SELECT indexname::text FROM pg_indexes WHERE indexname = 'orders_due'"), ["orders_due"; 3]);
    for error in ["42P05", "already exists", "unsupported startup", "does not exist"] {
        assert!(!pool.log().contains(error), "{}", pool.log());
    }
}

#[test]
fn whatever_reads_does_so_beside_another() {
    if is_skipped() {
        return;
    }
    let pool = Pool::start();
    let (shop, crm) = (project("shop"), project("crm"));
    for (root, name) in [(&shop, "shop"), (&crm, "crm")] {
        let output = start(root.path(), &pool.url(""), &["run-chain", name]).wait_with_output().unwrap();
        assert!(output.status.success(), "{}", said(&output));
    }
    let before = left_behind(&pool);
    let (shop, crm) = (shop.path(), crm.path());
    twice(&pool, [(shop, &["introspect", "shop"]), (crm, &["introspect", "crm"])], 0);
    twice(&pool, [(shop, &["drift", "shop"]), (crm, &["drift", "crm"])], 0);
    twice(&pool, [(shop, &["snapshot", "capture", "shop"]), (crm, &["snapshot", "capture", "crm"])], 0);
    twice(&pool, [(shop, &["snapshot", "list", "shop"]), (crm, &["doctor", "crm"])], 0);
    twice(&pool, [(shop, &["introspect", "shop", "--check"]), (crm, &["drift", "crm"])], 0);
    nothing_is_left(&pool, &before);
    let said = twice(&pool, [(shop, &["doctor", "shop"]), (crm, &["doctor", "crm"])], 0).concat();
    assert!(said.contains("a transaction pooler"), "{said}");
    nothing_is_left(&pool, &before);
}

#[test]
fn one_connection_reads_whatever_number_is_asked_for() {
    if is_skipped() {
        return;
    }
    let (pool, shop) = (Pool::start(), project("shop"));
    let output = start(shop.path(), &pool.url(""), &["run-chain", "shop"]).wait_with_output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    let before = left_behind(&pool);
    let logins = || pool.log().matches("login attempt").count();
    for verb in [&["introspect", "shop", "--check", "--jobs", "4"], &["drift", "shop", "--quiet", "--jobs", "4"]] {
        let earlier = logins();
        let output = start(shop.path(), &pool.url(""), verb).wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}\n{}", said(&output), pool.log());
        assert_eq!(logins() - earlier, 1, "{}", pool.log());
    }
    nothing_is_left(&pool, &before);
}

#[test]
fn options_of_a_url_are_not_sent() {
    if is_skipped() {
        return;
    }
    let (pool, shop) = (Pool::start(), project("shop"));
    let url = pool.url("&options=-c%20search_path%3Dhunter2&pgbouncer=true&statement_timeout=5&connect_timeout=20");
    let output = start(shop.path(), &url, &["introspect", "shop"]).wait_with_output().unwrap();
    assert!(output.status.success(), "{}\n{}", said(&output), pool.log());
    assert!(said(&output).contains("`options` is ignored"), "{}", said(&output));
    assert!(!said(&output).contains("hunter2") && !pool.log().contains("unsupported"), "{}", said(&output));
}

#[test]
fn a_statement_is_stopped_through_the_pool() {
    if is_skipped() {
        return;
    }
    let (pool, shop) = (Pool::start(), project("shop"));
    let before = left_behind(&pool);
    let registry = json!({ "version": "1.0", "project": "shop", "tasks": [
        {"id": "slow", "name": "Slow", "type": "sql_query", "sql": "SET work_mem = '99MB'; SELECT pg_sleep(50)", "timeout": 1},
        {"id": "next", "name": "Next", "type": "sql_query", "sql": "SELECT current_setting('work_mem') AS result", "expected": "4MB"},
    ]});
    fs::write(shop.path().join("manifests/shop/task_registry.json"), registry.to_string()).unwrap();
    let started = Instant::now();
    let output = start(shop.path(), &pool.url(""), &["run-chain", "shop"]).wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}\n{}", said(&output), pool.log());
    assert!(started.elapsed() < Duration::from_secs(30), "{}", said(&output));
    assert!(said(&output).contains("1 of 2"), "{}", said(&output));
    nothing_is_left(&pool, &before);
}

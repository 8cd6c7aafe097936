//! What reads more than the catalog's manifest, over connections that break in
//! the middle: snapshots and the checklist. They read again; the snapshot that
//! the database itself takes is asked for once.

use std::path::Path;

use schemacast::codegen::layout;
use schemacast::postgres::{Session, bootstrap};
use serde_json::{Value, json};

use super::proxy::{Proxy, Trouble};
use super::{Shop, ended, said};

/// A place in the query that a snapshot of the catalog is read with.
const OF_THE_CATALOG: &str = "AS o (kind, identity, definition, stats, entry)";

fn cut(at: &'static str, reaches_server: bool) -> Trouble {
    Trouble::Cut { after: "", at, reaches_server }
}

impl Shop {
    /// A shop whose database takes snapshots itself.
    fn with_inventory(database: &str, tasks: Value) -> Shop {
        let shop = Shop::new(database, tasks);
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let layout = layout::project(root, "odoboo-workspace").unwrap();
        let files = bootstrap::files(&layout, &layout.read_project().unwrap()).unwrap();
        let mut session = Session::connect(&shop.settings).unwrap();
        bootstrap::apply(&mut session, &files).unwrap_or_else(|error| panic!("{error}"));
        shop
    }

    /// How many snapshots the database holds.
    fn snapshots(&self) -> i64 {
        let mut session = Session::connect(&self.settings).unwrap();
        let sql = "SELECT count(*) FROM catalog.snapshots";
        session.run(async |client| client.query_typed_one(sql, &[]).await).unwrap().get(0)
    }

    /// How many snapshots are in files.
    fn files(&self) -> usize {
        let folder = self.root.path().join(".schemacast/shop/snapshots");
        std::fs::read_dir(folder).map_or(0, |entries| entries.count())
    }
}

#[test]
fn a_snapshot_that_the_program_reads_is_read_again() {
    let tasks = json!([{"id": "keep", "name": "Keep", "type": "script", "action": "snapshot:nightly"}]);
    let shop = Shop::new("captures", tasks);
    for reaches_server in [false, true] {
        let before = shop.files();
        let proxy = Proxy::start(&shop.settings, cut(OF_THE_CATALOG, reaches_server), 2);
        ended(
            &shop.run(&proxy.url("captures"), &["snapshot", "capture", "shop"]),
            0,
            &["was lost: reading again", "took "],
        );
        assert_eq!((proxy.seen().len(), shop.files()), (3, before + 1));
    }
    let before = shop.files();
    let proxy = Proxy::start(&shop.settings, cut(OF_THE_CATALOG, false), 2);
    ended(&shop.run(&proxy.url("captures"), &["run", "shop:keep"]), 0, &[]);
    assert_eq!((proxy.seen().len(), shop.files()), (3, before + 1));

    // Where it never comes through, that is said, and there is no snapshot.
    let proxy = Proxy::start(&shop.settings, cut(OF_THE_CATALOG, false), 99);
    ended(
        &shop.run(&proxy.url("captures"), &["snapshot", "capture", "shop"]),
        2,
        &["cannot read the catalog", "connection closed"],
    );
    assert_eq!((proxy.seen().len(), shop.files()), (3, before + 1));
}

#[test]
fn the_snapshots_of_a_database_are_listed_and_compared_again() {
    let shop = Shop::with_inventory("lists", json!([]));
    for _ in 0..2 {
        let url = shop.url("postgres");
        ended(&shop.run(&url, &["snapshot", "capture", "shop"]), 0, &["into catalog.snapshots"]);
    }
    for (verb, at, says) in [
        ("list", "ORDER BY s.taken_at", "database"),
        ("diff", "ORDER BY s.taken_at", "no definition"),
        ("diff", "FROM catalog.snapshot_objects", "no definition"),
    ] {
        let proxy = Proxy::start(&shop.settings, cut(at, false), 2);
        let output = shop.run(&proxy.url("lists"), &["snapshot", verb, "shop"]);
        ended(&output, 0, &["was lost: reading again", says]);
        assert!(proxy.count(at) > 2, "{}", said(&output));
    }
}

#[test]
fn a_snapshot_that_the_database_takes_is_asked_for_once() {
    let tasks = json!([{"id": "keep", "name": "Keep", "type": "script", "action": "snapshot:nightly"}]);
    let shop = Shop::with_inventory("takes", tasks);
    let capture: &[&str] = &["snapshot", "capture", "shop"];
    let call = "SELECT catalog.capture_snapshot(";
    for (arguments, code) in [(capture, 2), (&["run", "shop:keep"], 1)] {
        for reaches_server in [false, true] {
            let before = shop.snapshots();
            let proxy = Proxy::start(&shop.settings, cut(call, reaches_server), 1);
            ended(&shop.run(&proxy.url("takes"), arguments), code, &["cannot take a snapshot"]);
            assert_eq!((proxy.count(call), shop.snapshots()), (1, before));
        }
        // Looking for who takes it, before, and reading what was taken, after, are reads.
        for at in ["proname = 'capture_snapshot'", "WHERE s.id::text = $1"] {
            let before = shop.snapshots();
            let proxy = Proxy::start(&shop.settings, cut(at, false), 1);
            let output = shop.run(&proxy.url("takes"), arguments);
            ended(&output, 0, &[]);
            assert_eq!((proxy.count(call), shop.snapshots()), (1, before + 1), "{}", said(&output));
        }
    }
}

#[test]
fn the_checklist_reads_again() {
    let shop = Shop::new("checks", json!([]));
    let line = |output: &std::process::Output, name: &str| {
        let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", said(output)));
        let sections = report["sections"].as_array().unwrap();
        let mut checks = sections.iter().flat_map(|section| section["checks"].as_array().unwrap());
        checks.find(|check| check["name"] == name).unwrap_or_else(|| panic!("no {name}: {report}")).clone()
    };
    // The catalog itself, what the server is asked before it, and what the ledger is.
    for (at, name) in [
        (super::IN_THE_MIDDLE, "catalog"),
        ("server_version_num", "server"),
        ("c.relname IN ('migrations', 'lease')", "migrations applied"),
        ("pg_locks", "lock of the ledger"),
    ] {
        let proxy = Proxy::start(&shop.settings, cut(at, false), 2);
        let output = shop.run(&proxy.url("checks"), &["doctor", "shop", "--output", "json"]);
        assert_eq!(line(&output, name)["outcome"], "good", "{}", said(&output));
        assert_eq!(line(&output, "connection")["outcome"], "warning", "{}", said(&output));
        assert!(proxy.count(at) > 1, "{at}: {}", said(&output));
    }
    let proxy = Proxy::start(&shop.settings, cut(super::IN_THE_MIDDLE, false), 99);
    let output = shop.run(&proxy.url("checks"), &["doctor", "shop", "--output", "json"]);
    assert_eq!(line(&output, "catalog")["outcome"], "bad", "{}", said(&output));
}

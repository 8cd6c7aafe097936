//! What happens to connections on the way: servers that wake slowly, ways that
//! break in the middle, and refusals that are to be told apart.
#![cfg(all(unix, feature = "cli"))]

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::LazyLock;
use std::thread;
use std::time::Duration;

use schemacast::postgres::scratch::Options;
use schemacast::postgres::{ConnectError, ConnectionSettings, ScratchServer, Session};
use serde_json::{Value, json};

mod jobs;
mod proxy;
mod reading;
mod refusals;

use proxy::{Proxy, Trouble};

static SERVER: LazyLock<ScratchServer> =
    LazyLock::new(|| ScratchServer::start(&Options::default()).unwrap_or_else(|error| panic!("{error}")));

const BASE: &str = "CREATE SCHEMA shop; CREATE TABLE shop.orders (id bigint PRIMARY KEY, total integer);";

/// A project, and a database for it.
struct Shop {
    root: tempfile::TempDir,
    settings: ConnectionSettings,
}

impl Shop {
    fn new(database: &str, tasks: Value) -> Shop {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("manifests/shop/migrations")).unwrap();
        fs::write(root.path().join("manifests/shop/project.yaml"), "name: shop\n").unwrap();
        let registry = json!({ "version": "1.0", "project": "shop", "tasks": tasks });
        fs::write(root.path().join("manifests/shop/task_registry.json"), registry.to_string()).unwrap();
        let shop = Shop { root, settings: SERVER.create_database(database).unwrap() };
        shop.sql(BASE);
        shop
    }

    fn sql(&self, sql: &str) {
        let mut session = Session::connect(&self.settings).unwrap();
        session.run(async |client| client.batch_execute(sql).await).unwrap_or_else(|error| panic!("{error:?}"));
    }

    fn holds(&self, relation: &str) -> bool {
        let sql = format!("SELECT to_regclass('{relation}') IS NOT NULL");
        let mut session = Session::connect(&self.settings).unwrap();
        session.run(async |client| client.query_typed_one(&sql, &[]).await).unwrap().get(0)
    }

    fn run(&self, url: &str, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_schemacast"));
        command.args(arguments).current_dir(self.root.path()).env("DATABASE_URL", url).env_remove("POSTGRES_URL");
        command.output().expect("the program runs")
    }

    fn manifest(&self) -> String {
        fs::read_to_string(self.root.path().join("manifests/shop/NEON_SCHEMA_MANIFEST.yaml")).unwrap_or_default()
    }

    fn write(&self, path: &str, text: &str) {
        fs::write(self.root.path().join(Path::new("manifests/shop")).join(path), text).unwrap();
    }

    /// The URL of a role, over the socket.
    fn url(&self, role: &str) -> String {
        let ConnectionSettings { host, port, dbname, .. } = &self.settings;
        format!("postgres://{role}@{}:{port}/{dbname}", host.replace('/', "%2F"))
    }
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[track_caller]
fn ended(output: &Output, code: i32, parts: &[&str]) {
    let said = said(output);
    assert_eq!(output.status.code(), Some(code), "{said}");
    for part in parts {
        assert!(said.contains(part), "`{part}` is not said:\n{said}");
    }
}

#[test]
fn a_server_that_wakes_slowly_is_waited_for() {
    let shop = Shop::new("wakes", json!([]));
    let proxy = Proxy::start(&shop.settings, Trouble::Late(Duration::from_millis(2500)), 1);
    let output = shop.run(&proxy.url("wakes"), &["introspect", "shop"]);
    ended(&output, 0, &[&format!("waiting for 127.0.0.1:{}/wakes …", proxy.port)]);
    assert!(shop.manifest().contains("name: orders"));

    // Of Neon's hosts it is known what they wait for.
    let proxy = Proxy::start(&shop.settings, Trouble::Late(Duration::from_millis(2500)), 1);
    let url = format!("{}&hostaddr=127.0.0.1", proxy.url("wakes").replace("@127.0.0.1", "@ep-cool-1.eu.aws.neon.tech"));
    ended(&shop.run(&url, &["introspect", "shop"]), 0, &["waking the compute of ep-cool-1.eu.aws.neon.tech"]);
}

#[test]
fn a_server_that_starts_is_asked_three_times() {
    let shop = Shop::new("starts", json!([]));
    for trouble in [Trouble::Starting, Trouble::HangsUp] {
        let proxy = Proxy::start(&shop.settings, trouble.clone(), 2);
        ended(&shop.run(&proxy.url("starts"), &["introspect", "shop"]), 0, &[]);
        assert_eq!(proxy.seen().len(), 3);

        let proxy = Proxy::start(&shop.settings, trouble, 9);
        ended(&shop.run(&proxy.url("starts"), &["introspect", "shop"]), 2, &["try again"]);
        assert_eq!(proxy.seen().len(), 3);
    }
    // One that does not listen yet.
    let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let settings = shop.settings.clone();
    let late = thread::spawn(move || {
        thread::sleep(Duration::from_millis(100));
        Proxy::listen(TcpListener::bind(("127.0.0.1", port)).unwrap(), &settings, Trouble::HangsUp, 0)
    });
    let url = format!("postgres://postgres@127.0.0.1:{port}/starts?sslmode=disable");
    Session::connect(&ConnectionSettings::parse(&url).unwrap()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(late.join().unwrap().seen().len(), 1);
}

#[test]
fn the_hosts_name_is_always_sent_and_options_never() {
    let shop = Shop::new("names", json!([]));
    let name = "ep-cool-1-pooler.eu-central-1.aws.neon.tech";
    let proxy = Proxy::start(&shop.settings, Trouble::Greets, 9);
    let url = format!(
        "postgres://u@{name}:{}/names?hostaddr=127.0.0.1&sslmode=require&sslsni=0&options=endpoint%3Dep-cool-1",
        proxy.port
    );
    let refused = Session::connect(&ConnectionSettings::parse(&url).unwrap()).map(drop);
    assert!(matches!(refused, Err(ConnectError::Closed { .. } | ConnectError::Handshake { .. })), "{refused:?}");
    assert!(proxy.seen().iter().all(|hello| hello.windows(name.len()).any(|part| part == name.as_bytes())));

    let proxy = Proxy::start(&shop.settings, Trouble::HangsUp, 0);
    let url =
        format!("{}&options=-c%20search_path%3Dshop&statement_timeout=3&application_name=mine", proxy.url("names"));
    ended(&shop.run(&url, &["introspect", "shop"]), 0, &["`options` is ignored", "`statement_timeout` is ignored"]);
    for connection in proxy.seen() {
        let length = usize::try_from(u32::from_be_bytes(connection[..4].try_into().unwrap())).unwrap();
        let pairs: Vec<String> =
            connection[8..length].split(|byte| *byte == 0).map(|part| String::from_utf8_lossy(part).into()).collect();
        let keys: Vec<&str> = pairs.iter().step_by(2).map(String::as_str).filter(|key| !key.is_empty()).collect();
        assert_eq!(keys, ["client_encoding", "user", "database", "application_name"], "{pairs:?}");
    }
}

/// Some way into the second round of the catalog's queries.
const IN_THE_MIDDLE: &str = "pg_catalog.pg_constraint";

#[test]
fn what_only_reads_is_read_again_over_a_new_connection() {
    let tasks = json!([
        {"id": "read", "name": "Read", "type": "script", "action": "introspect"},
        {"id": "compare", "name": "Compare", "type": "script", "action": "drift", "dependencies": ["read"]},
    ]);
    let shop = Shop::new("reads", tasks);
    let cut = Trouble::Cut { after: "", at: IN_THE_MIDDLE, reaches_server: false };
    let proxy = Proxy::start(&shop.settings, cut.clone(), 2);
    ended(&shop.run(&proxy.url("reads"), &["introspect", "shop"]), 0, &["was lost: reading again"]);
    assert_eq!(proxy.seen().len(), 3);
    assert!(shop.manifest().contains("name: orders"));
    for arguments in [&["drift", "shop"][..], &["run-chain", "shop", "--stop-on-error"], &["run", "shop:read"]] {
        let proxy = Proxy::start(&shop.settings, cut.clone(), 1);
        ended(&shop.run(&proxy.url("reads"), arguments), 0, &[]);
        assert!(proxy.seen().len() > 1);
    }

    // Where it never comes through, that is said, and the manifest stays.
    let before = shop.manifest();
    shop.sql("CREATE TABLE shop.more (id int)");
    let proxy = Proxy::start(&shop.settings, cut, 99);
    ended(&shop.run(&proxy.url("reads"), &["introspect", "shop"]), 2, &["connection closed"]);
    assert_eq!((proxy.seen().len(), shop.manifest()), (3, before));
}

#[test]
fn a_migration_is_never_sent_twice() {
    let tasks = json!([{"id": "lost", "name": "Lost", "type": "migration", "file": "lost.sql"}]);
    let shop = Shop::new("sends", tasks);
    shop.write("migrations/lost.sql", "CREATE TABLE shop.kept (id int);\nCREATE TABLE shop.marked (id int);\n");
    let cut = Trouble::Cut { after: "", at: "CREATE TABLE shop.marked", reaches_server: true };
    let proxy = Proxy::start(&shop.settings, cut, 1);
    let output = shop.run(&proxy.url("sends"), &["run-chain", "shop"]);
    ended(&output, 1, &["lost"]);
    assert_eq!(proxy.count("CREATE TABLE shop.marked"), 1, "{}", said(&output));
    assert!(!shop.holds("shop.kept") && !shop.holds("shop.marked"));
    // Whoever looked may ask for it again.
    ended(&shop.run(&proxy.url("sends"), &["run-chain", "shop", "--resume"]), 0, &[]);
    assert!(shop.holds("shop.marked"));
    assert_eq!(proxy.count("CREATE TABLE shop.marked"), 2);
}

#[test]
fn a_commit_without_an_answer_is_looked_up() {
    let tasks = json!([{"id": "note", "name": "note", "type": "migration", "file": "note.sql"}]);
    let shop = Shop::new("commits", tasks);
    shop.write("migrations/note.sql", "CREATE TABLE shop.notes (id int);\n");
    for (reaches_server, code) in [(false, 1), (true, 0)] {
        shop.sql("DROP TABLE IF EXISTS shop.notes; DROP SCHEMA IF EXISTS schemacast CASCADE");
        let proxy = Proxy::start(
            &shop.settings,
            Trouble::Cut { after: "CREATE TABLE shop.notes", at: "COMMIT", reaches_server },
            1,
        );
        let output = shop.run(&proxy.url("commits"), &["run-chain", "shop"]);
        assert_eq!(output.status.code(), Some(code), "{reaches_server}: {}", said(&output));
        assert_eq!(proxy.count("CREATE TABLE shop.notes"), 1, "{}", said(&output));
        assert_eq!(shop.holds("shop.notes"), reaches_server, "{}", said(&output));
    }
}

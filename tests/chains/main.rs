//! Chains that meet trouble: each kind of task broken in turn, a runner killed
//! at any moment, two runners at once, and others that watch.
//!
//! Every project is made in a folder of its own, small enough to run in a
//! second; the databases are on one scratch server that outlives the runners.
#![cfg(all(unix, feature = "cli"))]

mod breaking;
mod concurrent;
mod death;
mod documented;
mod refusing;
mod watching;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::LazyLock;
use std::thread;
use std::time::{Duration, Instant};

use schemacast::postgres::{ConnectionSettings, ScratchServer, Session, scratch};
use serde_json::{Value, json};

#[path = "../common/program.rs"]
mod program;

use program::said;

static SERVER: LazyLock<ScratchServer> =
    LazyLock::new(|| ScratchServer::start(&scratch::Options::default()).unwrap_or_else(|error| panic!("{error}")));

/// What the database of every project has before its chain.
const BASE: &str = "CREATE SCHEMA shop; CREATE TABLE shop.orders (id bigint PRIMARY KEY, total integer);";

/// A project in a folder of its own, and a database that outlives its runners.
struct Shop {
    root: tempfile::TempDir,
    settings: ConnectionSettings,
}

impl Shop {
    /// A database of this name, with the base, and these tasks.
    fn new(database: &str, tasks: Value) -> Shop {
        let root = tempfile::tempdir().unwrap();
        for folder in ["bootstrap", "migrations"] {
            fs::create_dir_all(root.path().join("manifests/shop").join(folder)).unwrap();
        }
        let settings = SERVER.create_database(database).unwrap_or_else(|error| panic!("{error}"));
        let shop = Shop { root, settings };
        shop.write("bootstrap/01.sql", BASE);
        shop.tasks(tasks);
        shop.execute(BASE);
        shop
    }

    fn root(&self) -> &Path {
        self.root.path()
    }

    /// Writes a file of the project.
    fn write(&self, path: &str, text: &str) {
        let path = self.root().join("manifests/shop").join(path);
        fs::write(&path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    fn tasks(&self, tasks: Value) {
        self.write("task_registry.json", &json!({ "version": "1.0", "project": "shop", "tasks": tasks }).to_string());
    }

    fn url(&self) -> String {
        let ConnectionSettings { host, port, dbname, .. } = &self.settings;
        format!("postgres://postgres@{}:{port}/{dbname}", host.replace('/', "%2F"))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_schemacast"));
        command.args(arguments).current_dir(self.root()).env_remove("POSTGRES_URL").env("DATABASE_URL", self.url());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program runs")
    }

    /// Runs the chain, which must end with this exit code; what it said.
    fn chain(&self, code: i32) -> String {
        let output = self.run(&["run-chain", "shop"]);
        let text = said(&output);
        assert_eq!(output.status.code(), Some(code), "{text}");
        text
    }

    /// Starts the program and does not wait for it.
    fn start(&self, arguments: &[&str]) -> Runner {
        let mut command = self.command(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Runner(Some(command.spawn().expect("the program starts")))
    }

    /// The last run, as `status` has it.
    fn status(&self) -> Value {
        let output = self.run(&["status", "shop", "--output", "json"]);
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", said(&output)))
    }

    fn runs(&self) -> PathBuf {
        self.root().join(".schemacast/shop/runs")
    }

    fn session(&self) -> Session {
        Session::connect(&self.settings).unwrap_or_else(|error| panic!("{error}"))
    }

    fn execute(&self, sql: &str) {
        let done = self.session().run(async |client| client.batch_execute(sql).await);
        done.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    }

    /// The one cell of a query, as a text.
    fn one(&self, sql: &str) -> String {
        let row = self.session().run(async |client| client.query_typed_one(sql, &[]).await);
        row.and_then(|row| row.try_get(0)).unwrap_or_else(|error| panic!("{sql}: {error:?}"))
    }

    /// The files in the ledger, with their states, in order.
    fn ledger(&self) -> String {
        if self.one("SELECT (to_regclass('schemacast.migrations') IS NOT NULL)::text") == "false" {
            return String::new();
        }
        self.one("SELECT coalesce(string_agg(file || ' ' || state, ', ' ORDER BY file), '') FROM schemacast.migrations")
    }

    /// The record of the last run agrees with what is expected: a state a task,
    /// by id. The events tell the same.
    fn assert_recorded(&self, expected: &[&str]) {
        let run = self.status();
        assert_eq!(states(&run), expected, "{run:#}");
        let events = fs::read_to_string(self.runs().join(run["id"].as_str().unwrap()).join("events.jsonl")).unwrap();
        for task in run["tasks"].as_array().unwrap() {
            let mut last = None;
            for line in events.lines() {
                let event: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
                if event["task"] == task["id"] {
                    last = Some(event["state"].clone());
                }
            }
            assert_eq!(last.as_ref(), Some(&task["state"]), "{events}");
        }
    }
}

/// A program that runs; it is killed where a test does not wait for it.
struct Runner(Option<Child>);

impl Runner {
    fn id(&self) -> u32 {
        self.0.as_ref().unwrap().id()
    }

    /// `kill -9`.
    fn kill(mut self) {
        let mut child = self.0.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    fn wait(mut self) -> Output {
        self.0.take().unwrap().wait_with_output().unwrap()
    }

    fn has_ended(&mut self) -> bool {
        self.0.as_mut().unwrap().try_wait().unwrap().is_some()
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        if let Some(child) = &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// `id state` of each task of a run.
fn states(run: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let tasks = run["tasks"].as_array().unwrap_or_else(|| panic!("no run: {run}"));
    tasks.iter().map(|task| format!("{} {}", text(&task["id"]), text(&task["state"]))).collect()
}

/// The last line of what a chain said on stdout names the task, its hint and
/// its log, which is there.
fn assert_last_line(shop: &Shop, text: &str, task: &str, hint: &str) {
    let line = text.lines().rfind(|line| line.starts_with("❌") && line.contains("; log: ")).unwrap_or_default();
    assert!(line.starts_with(&format!("❌ {task} ")) && line.contains(hint), "{line}\n{text}");
    let log = line.split("; log: ").nth(1).unwrap();
    assert!(shop.root().join(log).is_file(), "{line}");
}

fn wait_for(what: &str, mut holds: impl FnMut() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < Duration::from_secs(30), "waited in vain for {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

//! The checklist: each line goes bad in turn and comes back, and looking
//! changes nothing.

#![cfg(unix)]

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Output};
use std::thread;
use std::time::{Duration, Instant};

use schemacast::doctor::{self, Limits, Outcome};
use schemacast::postgres::scratch::Options;
use schemacast::postgres::{ConnectionSettings, ScratchServer, Session};
use schemacast::workspace::wanted::Target;
use schemacast::workspace::{Silence, Workspace};
use serde_json::{Value, json};

mod common;

fn command(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_schemacast"));
    command.args(arguments).current_dir(root).env_remove("DATABASE_URL").env_remove("POSTGRES_URL");
    command
}

fn run(root: &Path, arguments: &[&str]) -> Output {
    command(root, arguments).output().expect("the program runs")
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// What the checklist says of one thing: the outcome, and the note with the fix.
struct Line {
    outcome: String,
    text: String,
}

impl Line {
    fn is(&self, outcome: &str, part: &str) {
        assert!(
            self.outcome == outcome && self.text.contains(part),
            "{outcome}: {part}: {}: {}",
            self.outcome,
            self.text
        );
    }
}

struct Report(Value, i32);

impl Report {
    fn line(&self, name: &str) -> Line {
        let sections = self.0["sections"].as_array().unwrap();
        let mut checks = sections.iter().flat_map(|section| section["checks"].as_array().unwrap());
        let check = checks.find(|check| check["name"] == name).unwrap_or_else(|| panic!("no {name}: {:#}", self.0));
        let text = |key: &str| check[key].as_str().unwrap_or_default().to_owned();
        assert_eq!(check["outcome"] == "good", check.get("fix").is_none(), "what is not good has a fix: {check}");
        Line { outcome: text("outcome"), text: format!("{} → {}", text("note"), text("fix")) }
    }
}

fn doctor(root: &Path, arguments: &[&str]) -> Report {
    let output = run(root, &[&["doctor", "shop", "--output", "json"], arguments].concat());
    let json = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", said(&output)));
    Report(json, output.status.code().unwrap())
}

const TABLE: &str = "CREATE SCHEMA shop; CREATE TABLE shop.orders (id bigint PRIMARY KEY, total integer);";

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// A project with one migration, and a manifest of what it makes.
fn project() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path();
    write(folder, "manifests/shop/project.yaml", "name: shop\n");
    write(folder, "manifests/shop/migrations/001_orders.sql", TABLE);
    let manifest = "version: '1.0'\nschemas:\n- name: shop\n  tables:\n  - name: orders\n    columns:\n    - {name: id, type: bigint, nullable: false}\n    primary_key: {name: orders_pkey, columns: [id]}\n";
    write(folder, "manifests/shop/NEON_SCHEMA_MANIFEST.yaml", manifest);
    registry(folder, &["001_orders"]);
    root
}

fn registry(root: &Path, migrations: &[&str]) {
    let task = |name: &&str| json!({"id": name, "name": name, "type": "migration", "file": format!("{name}.sql")});
    let tasks: Vec<Value> = migrations.iter().map(task).collect();
    let registry = json!({ "version": "1.0", "project": "shop", "tasks": tasks });
    write(root, "manifests/shop/task_registry.json", &registry.to_string());
}

/// Puts a text in the place of a file's, and the file's own back afterwards.
fn with(root: &Path, path: &str, text: &str, look: impl FnOnce()) {
    let own = fs::read_to_string(root.join(path)).unwrap();
    write(root, path, text);
    look();
    write(root, path, &own);
}

#[test]
fn each_line_of_a_projects_files_goes_bad_and_comes_back() {
    let root = project();
    let root = root.path();
    let look = || doctor(root, &[]);

    look().line("generated files").is("warning", "stale: ");
    assert_eq!(run(root, &["generate", "shop"]).status.code(), Some(0));
    let good = look();
    for name in ["project.yaml", "task registry", "manifest", "generated files", "migrations on disk", "output folders"]
    {
        good.line(name).is("good", "");
    }
    good.line("no run under way").is("good", "none yet");
    good.line("database URL").is("warning", "DATABASE_URL is not set: run and run-chain would use a scratch server");
    good.line("server").is("warning", "could not be looked at");
    assert_eq!(good.1, 0, "warnings are no failure");
    assert_eq!(doctor(root, &["--strict"]).1, 1, "but with --strict they are");

    with(root, "manifests/shop/project.yaml", "nmae: shop\n", || {
        let report = look();
        report.line("project.yaml").is("bad", "manifests/shop/project.yaml:1:1: ");
        report.line("generated files").is("warning", "could not be looked at: project.yaml has mistakes");
        report.line("database URL").is("warning", "could not be looked at");
        assert_eq!(report.1, 1);
    });
    let tasks = json!({ "version": "1.0", "project": "shop", "tasks": [
        {"id": "a", "name": "A", "type": "migration", "file": "gone.sql", "dependencies": ["b"]},
    ]});
    with(root, "manifests/shop/task_registry.json", &tasks.to_string(), || {
        let report = look();
        report.line("task registry").is("bad", "there is no file `gone.sql`");
        report.line("task registry").is("bad", "there is no task `b`");
    });
    with(root, "manifests/shop/NEON_SCHEMA_MANIFEST.yaml", "version: '1.0'\nschmas: []\n", || {
        let report = look();
        report.line("manifest").is("bad", "did you mean `schemas`?");
        report.line("generated files").is("warning", "no valid manifest");
    });
    with(root, "manifests/shop/migrations/001_orders.sql", "SELECT 'open;", || {
        look().line("migrations on disk").is("bad", "001_orders.sql:1:8");
    });
    write(root, "manifests/shop/migrations/002_forgotten.sql", "SELECT 1;");
    look().line("migrations on disk").is("warning", "no task applies 002_forgotten.sql");
    fs::remove_file(root.join("manifests/shop/migrations/002_forgotten.sql")).unwrap();
    with(root, "manifests/shop/project.yaml", "name: shop\nmigrations: [001_order.sql]\n", || {
        look().line("migrations on disk").is("bad", "project.yaml lists 001_order.sql, which is not in migrations/");
    });
}

#[test]
fn a_file_in_the_place_of_an_output_folder_is_found() {
    let root = project();
    let root = root.path();
    write(root, "generated", "no folder");
    let report = doctor(root, &[]);
    report
        .line("output folders")
        .is("bad", "generated is a file, and a folder goes there → move the file generated away");
    assert_eq!(report.1, 1);
    let text = run(root, &["doctor", "shop", "--quiet"]);
    let lines = String::from_utf8_lossy(&text.stdout).into_owned();
    assert!(lines.contains("❌ output folders: ") && lines.contains("\n   → move the file"), "{lines}");
    assert!(!lines.contains("✅"), "{lines}");
    fs::remove_file(root.join("generated")).unwrap();
    fs::create_dir_all(root.join("manifests/shop/SCHEMA_DRIFT_REPORT.md")).unwrap();
    doctor(root, &[]).line("output folders").is("bad", "SCHEMA_DRIFT_REPORT.md is a folder, and a file goes there");
    fs::remove_dir(root.join("manifests/shop/SCHEMA_DRIFT_REPORT.md")).unwrap();
    doctor(root, &[]).line("output folders").is("good", "generated/shop");
    assert!(!root.join("generated").exists() && !root.join(".schemacast").exists(), "nothing is made");
}

#[test]
fn too_little_space_and_what_is_no_project_are_told() {
    let root = project();
    let workspace = Workspace { root: root.path().to_owned(), set: Vec::new() };
    let outcome = |free_space: u64| {
        let limits = Limits { free_space, ..Limits::default() };
        let report = doctor::examine(&workspace, Some("shop"), Target::default(), &limits, &mut Silence).unwrap();
        report.checks().find(|check| check.name == "disk space").unwrap().outcome
    };
    assert_eq!((outcome(u64::MAX), outcome(1)), (Outcome::Warning, Outcome::Good));

    let unknown = run(root.path(), &["doctor", "shp"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(said(&unknown).contains("did you mean `shop`?"));
    let empty = tempfile::tempdir().unwrap();
    let output = run(empty.path(), &["doctor"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("❌ projects: ") && said(&output).contains("schemacast init PROJECT"));
}

#[test]
fn what_is_not_committed_is_named() {
    if common::is_skipped_without("git") {
        return;
    }
    let root = project();
    let root = root.path();
    // No repository above may be taken for this one.
    let look = || {
        let mut command = command(root, &["doctor", "shop", "--output", "json"]);
        command.env("GIT_CEILING_DIRECTORIES", root.parent().unwrap());
        Report(serde_json::from_slice(&command.output().unwrap().stdout).unwrap(), 0)
    };
    look().line("git").is("warning", "could not be looked at: this is no git repository");
    let git = |arguments: &[&str]| {
        let who = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"];
        let output = Command::new("git").args(who).args(arguments).current_dir(root).output().unwrap();
        assert!(output.status.success(), "{}", said(&output));
    };
    git(&["init", "-q"]);
    look().line("git").is("warning", "not committed: manifests/shop/NEON_SCHEMA_MANIFEST.yaml");
    git(&["add", "."]);
    git(&["commit", "-q", "-m", "all"]);
    look().line("git").is("good", "nothing uncommitted");
    write(root, "elsewhere", "is no matter");
    look().line("git").is("good", "nothing uncommitted");
    write(root, "generated/shop/new", "is one");
    look().line("git").is("warning", "not committed: generated/shop/new");
}

/// A server with one database, and the URL of a role there.
struct Server {
    scratch: ScratchServer,
    database: ConnectionSettings,
}

impl Server {
    fn start() -> Server {
        let scratch = ScratchServer::start(&Options::default()).unwrap();
        let database = scratch.create_database("shop").unwrap();
        Server { scratch, database }
    }

    fn url(&self, role: &str) -> String {
        let host = self.scratch.socket_folder().to_string_lossy().replace('/', "%2F");
        format!("postgres://{role}@{host}:{}/shop", self.database.port)
    }

    fn session(&self) -> Session {
        Session::connect(&self.database).unwrap()
    }

    fn sql(&self, sql: &str) {
        self.session().run(async |client| client.batch_execute(sql).await).unwrap();
    }

    fn schemas(&self) -> Vec<String> {
        let sql = "SELECT nspname::text FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY 1";
        let rows = self.session().run(async |client| client.query_typed(sql, &[]).await).unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    }
}

#[test]
fn migrations_are_pending_then_applied_then_edited_then_gone() {
    let (root, server) = (project(), Server::start());
    let (root, url) = (root.path(), server.url("postgres"));
    let look = || doctor(root, &["--database-url", &url]);
    let migrations = || look().line("migrations applied");

    let report = look();
    report.line("migrations applied").is("warning", "pending: shop/001_orders.sql → schemacast run-chain shop");
    report.line("server").is("good", "Postgres ");
    for name in
        ["clock", "pooler", "catalog", "writes", "timeouts", "right to create", "extensions", "lock of the ledger"]
    {
        report.line(name).is("good", "");
    }
    assert_eq!(server.schemas(), ["information_schema", "public"], "looking makes no ledger");

    let applied = run(root, &["run-chain", "shop", "--database-url", &url]);
    assert_eq!(applied.status.code(), Some(0), "{}", said(&applied));
    migrations().is("good", "all: 1 file");
    with(root, "manifests/shop/migrations/001_orders.sql", "SELECT 1;", || {
        let report = look();
        report.line("migrations applied").is("bad", "edited since: the ledger has SHA-256 ");
        assert_eq!(report.1, 1);
    });
    migrations().is("good", "all: 1 file");
    write(root, "manifests/shop/migrations/002_more.sql", "SELECT 2;");
    registry(root, &["002_more"]);
    migrations().is("warning", "applied, and gone from disk: shop/001_orders.sql");
    migrations().is("warning", "pending: shop/002_more.sql");
    registry(root, &["001_orders", "002_more"]);

    // Somebody else is at work.
    let mut other = server.session();
    let lock = format!("BEGIN; SELECT pg_advisory_xact_lock({})", 0x7363_6865_6d61_6361_i64);
    other.run(async |client| client.batch_execute(&lock).await).unwrap();
    look().line("lock of the ledger").is("bad", "another runner is at work: postgres");
    other.run(async |client| client.batch_execute("ROLLBACK").await).unwrap();
    look().line("lock of the ledger").is("good", "free");
    server.sql("INSERT INTO schemacast.lease VALUES (true, 't', 'ann', now(), now() + interval '1 hour')");
    look().line("lock of the ledger").is("bad", "another runner is at work: ann");
    server.sql("DELETE FROM schemacast.lease");
    look().line("lock of the ledger").is("good", "free");

    server.sql("ALTER DATABASE shop SET default_transaction_read_only = on");
    look().line("writes").is("bad", "read only there (default_transaction_read_only), and migrations are pending");
    let sql = "SET default_transaction_read_only = off; ALTER DATABASE shop RESET default_transaction_read_only;
               ALTER DATABASE shop SET statement_timeout = '5s'";
    server.sql(sql);
    let report = look();
    report.line("writes").is("good", "");
    report.line("timeouts").is("warning", "statement_timeout is 5 s");
    server.sql("ALTER DATABASE shop RESET statement_timeout");
    look().line("timeouts").is("good", "statement_timeout none");
}

#[test]
fn what_a_role_may_not_do_is_named_with_the_grant() {
    let (root, server) = (project(), Server::start());
    let root = root.path();
    server.sql("CREATE ROLE reader LOGIN; CREATE SCHEMA shop; CREATE TABLE shop.\"Odd one\" (id int)");
    let url = server.url("reader");
    let look = || doctor(root, &["--database-url", &url]);
    let report = look();
    report.line("catalog").is("good", "1 tables");
    report.line("right to read").is("warning", "reader cannot read shop.\"Odd one\"");
    report.line("right to create").is("bad", "migrations are pending, and reader lacks CREATE on the database");
    report.line("right to create").is("bad", "reader can make nothing in the schema ");
    report.line("migrations applied").is("warning", "pending");
    assert_eq!(report.1, 1);

    server.sql("GRANT USAGE, CREATE ON SCHEMA shop TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA shop TO reader; GRANT CREATE ON SCHEMA public TO reader; GRANT CREATE ON DATABASE shop TO reader");
    let report = look();
    report.line("right to read").is("good", "every table");
    report.line("right to create").is("good", "in every schema");
    assert_eq!(report.1, 0);

    // A ledger that this role may not read is no ledger without rows.
    server.sql("DROP SCHEMA shop CASCADE");
    let applied = run(root, &["run-chain", "shop", "--database-url", &server.url("postgres")]);
    assert_eq!(applied.status.code(), Some(0), "{}", said(&applied));
    let report = look();
    report.line("migrations applied").is("warning", "could not be looked at: ");
    report.line("right to create").is("bad", "reader lacks USAGE on the schema schemacast");
}

#[test]
fn an_extension_that_the_server_does_not_have_is_named_with_who_wants_it() {
    let (root, server) = (project(), Server::start());
    let (root, url) = (root.path(), server.url("postgres"));
    let sql = "CREATE EXTENSION IF NOT EXISTS plpgsql; CREATE EXTENSION \"no-such-one\";";
    with(root, "manifests/shop/migrations/001_orders.sql", sql, || {
        let line = doctor(root, &["--database-url", &url]).line("extensions");
        line.is("bad", "does not have `no-such-one`, which manifests/shop/migrations/001_orders.sql wants");
        assert!(!line.text.contains("plpgsql"), "{}", line.text);
    });
    doctor(root, &["--database-url", &url]).line("extensions").is("good", "none are wanted");
}

#[test]
fn what_is_wrong_with_the_address_is_told_without_the_password() {
    const PASSWORD: &str = "s3cr#t/pw";
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o711)).unwrap();
    let hba = folder.path().join("pg_hba.conf");
    fs::write(&hba, "local all all trust\nhost all all all scram-sha-256\n").unwrap();
    fs::set_permissions(&hba, fs::Permissions::from_mode(0o644)).unwrap();
    // Free now, and with luck still so in a moment.
    let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let settings = [
        ("listen_addresses", "127.0.0.1".to_owned()),
        ("hba_file", hba.display().to_string()),
        ("port", port.to_string()),
    ];
    let settings = settings.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let server = ScratchServer::start(&Options { settings, ..Options::default() }).unwrap();
    let role = format!("CREATE ROLE app LOGIN PASSWORD '{PASSWORD}'");
    let mut session = Session::connect(&server.settings()).unwrap();
    session.run(async |client| client.batch_execute(&role).await).unwrap();

    let root = project();
    let root = root.path();
    let look = |url: &str| {
        let output = run(root, &["doctor", "shop", "--database-url", url]);
        let json = run(root, &["doctor", "shop", "--output", "json", "--database-url", url]);
        for part in ["s3cr", "t/pw", "t%2Fpw", "wr0ng"] {
            assert!(!said(&output).contains(part) && !said(&json).contains(part), "{part}: {}", said(&output));
        }
        Report(serde_json::from_slice(&json.stdout).unwrap(), json.status.code().unwrap())
    };
    let at = format!("localhost:{port}/postgres?hostaddr=127.0.0.1");
    let good = look(&format!("postgres://app:{PASSWORD}@{at}"));
    good.line("database URL").is("good", "--database-url: app at localhost:");
    good.line("server").is("good", "Postgres ");
    let wrong = look(&format!("postgres://app:wr0ng{PASSWORD}@{at}"));
    wrong.line("server").is("bad", "refused the password of `app`");
    assert_eq!(wrong.1, 1);
    let ignored = look(&format!("postgres://app:{PASSWORD}@{at}&schema=wr0ng"));
    ignored.line("database URL").is("warning", "`schema` is ignored");
    let dead = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    look(&format!("postgres://app:{PASSWORD}@127.0.0.1:{dead}/d")).line("server").is("bad", "refused the connection");
    let form = look(&format!("mysql://app:{PASSWORD}@h/d"));
    form.line("database URL").is("bad", "--database-url: ");

    // The variable, and the file that it is from.
    write(root, ".env", &format!("DATABASE_URL='postgres://app:{PASSWORD}@{at}'\n"));
    let output = run(root, &["doctor", "shop"]);
    assert!(said(&output).contains("✅ database URL: DATABASE_URL from .env: app at "), "{}", said(&output));
    with(root, "manifests/shop/project.yaml", "name: shop\ndatabase_url_env: SHOP_URL\n", || {
        let mut command = command(root, &["doctor", "shop"]);
        let output = command.env("SHOP_URL", "postgres://app@127.0.0.1/other").output().unwrap();
        assert!(said(&output).contains("⚠️ database URL: SHOP_URL, the project's own variable"), "{}", said(&output));
        assert!(!said(&output).contains("s3cr"), "{}", said(&output));
    });
    write(root, ".env", "DATABASE_URL 'postgres://app:s3cr'\n");
    let output = run(root, &["doctor", "shop"]);
    assert!(said(&output).contains("❌ database URL: cannot read .env"), "{}", said(&output));
    assert!(!said(&output).contains("s3cr"), "{}", said(&output));
}

#[test]
fn a_server_that_does_not_answer_is_not_waited_for() {
    // It takes the connection and says nothing.
    let silent = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url =
        format!("postgres://app@127.0.0.1:{}/d?connect_timeout=0&sslmode=disable", silent.local_addr().unwrap().port());
    let root = project();
    let workspace = Workspace { root: root.path().to_owned(), set: Vec::new() };
    let limits = Limits { connect: Duration::from_millis(200), ..Limits::default() };
    let target = Target { scratch: false, url: Some(&url) };
    let started = Instant::now();
    let report = doctor::examine(&workspace, Some("shop"), target, &limits, &mut Silence).unwrap();
    let server = report.checks().find(|check| check.name == "server").unwrap();
    assert!(server.outcome == Outcome::Bad && server.note.contains("did not answer"), "{}", server.note);
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
}

#[test]
fn a_scratch_server_is_looked_at_where_it_is_asked_for() {
    let root = project();
    let root = root.path();
    write(root, "manifests/shop/bootstrap/01.sql", "CREATE TABLE base (id int PRIMARY KEY);");
    let report = doctor(root, &["--scratch"]);
    report.line("catalog").is("good", "1 tables");
    report.line("migrations applied").is("good", "none yet on this new scratch server; a chain applies 1 file");
    with(root, "manifests/shop/bootstrap/01.sql", "CREATE TABEL base ();", || {
        let report = doctor(root, &["--scratch"]);
        report.line("server").is("bad", "bootstrap/01.sql:1:");
        assert_eq!(report.1, 1);
    });
}

fn wait_for(what: &str, holds: impl Fn() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < Duration::from_secs(60), "waited in vain for {what}");
        thread::sleep(Duration::from_millis(50));
    }
}

/// A chain that is ended with the test.
struct Chain(Child);

impl Drop for Chain {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_run_under_way_is_bad_and_one_that_died_a_warning() {
    let root = project();
    let root = root.path();
    // It ends by itself soon after, should its parent die before.
    let tasks = json!({ "version": "1.0", "project": "shop", "tasks": [
        {"id": "long", "name": "Long", "type": "script", "argv": ["sleep", "20"]},
    ]});
    write(root, "manifests/shop/task_registry.json", &tasks.to_string());
    let mut chain = Chain(command(root, &["run-chain", "shop"]).spawn().unwrap());
    wait_for("the run", || doctor(root, &[]).line("no run under way").outcome == "bad");
    let report = doctor(root, &[]);
    report.line("no run under way").is("bad", "schemacast logs shop --follow");
    assert_eq!(report.1, 1);
    chain.0.kill().unwrap();
    chain.0.wait().unwrap();
    doctor(root, &[]).line("no run under way").is("warning", "run-chain shop --resume");
    write(root, "manifests/shop/task_registry.json", &tasks.to_string().replace("20", "0"));
    assert_eq!(run(root, &["run-chain", "shop"]).status.code(), Some(0));
    doctor(root, &[]).line("no run under way").is("good", "completed");
}

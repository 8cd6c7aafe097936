//! `schemacast snapshot` against a server: with the schema `catalog` and
//! without it.
#![cfg(all(unix, feature = "cli"))]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use schemacast::postgres::scratch::Options;
use schemacast::postgres::{ConnectionSettings, ScratchServer, Session, bootstrap};
use serde_json::{Value, json};

#[path = "common/program.rs"]
mod program;

use program::said;

static SERVER: LazyLock<ScratchServer> =
    LazyLock::new(|| ScratchServer::start(&Options::default()).unwrap_or_else(|error| panic!("{error}")));

/// A project without the schema, and a database for it.
struct Shop {
    root: tempfile::TempDir,
    settings: ConnectionSettings,
}

impl Shop {
    fn new(database: &str) -> Shop {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("manifests/shop")).unwrap();
        fs::write(root.path().join("manifests/shop/project.yaml"), "name: shop\n").unwrap();
        let shop = Shop { root, settings: SERVER.create_database(database).unwrap() };
        shop.execute(
            "CREATE SCHEMA shop;
             CREATE TABLE shop.users (id bigint PRIMARY KEY, email text NOT NULL, age integer, code varchar(10));
             CREATE TYPE shop.state AS ENUM ('open', 'done');
             CREATE VIEW shop.adults AS SELECT id FROM shop.users WHERE age > 17;
             CREATE FUNCTION shop.one() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        );
        shop
    }

    fn execute(&self, sql: &str) {
        let mut session = Session::connect(&self.settings).unwrap();
        session.run(async |client| client.batch_execute(sql).await).unwrap_or_else(|error| panic!("{error:?}"));
    }

    fn url(&self) -> String {
        let ConnectionSettings { host, user, port, dbname, .. } = &self.settings;
        format!("postgres://{user}@{}:{port}/{dbname}", host.replace('/', "%2F"))
    }

    /// Runs `snapshot VERB shop …` on the database.
    fn snapshot(&self, arguments: &[&str]) -> Output {
        let url = self.url();
        let root = self.root.path().to_str().unwrap();
        let mut all = vec!["--root", root, "snapshot", arguments[0], "shop"];
        all.extend(&arguments[1..]);
        if !arguments.contains(&"--offline") && !arguments.contains(&"--scratch") {
            all.extend(["--database-url", &url]);
        }
        run(&all)
    }

    /// The same, which must succeed, and what it says as JSON.
    fn json(&self, arguments: &[&str]) -> Value {
        let mut all = arguments.to_vec();
        all.extend(["--output", "json"]);
        let output = self.snapshot(&all);
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", said(&output)))
    }

    fn files(&self) -> Vec<PathBuf> {
        let folder = self.root.path().join(".schemacast/shop/snapshots");
        let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    }
}

fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_schemacast"));
    command.args(arguments).env_remove("DATABASE_URL").env_remove("POSTGRES_URL");
    command.output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

/// Each effect of a comparison: verdict, kind and identity, for whom, text.
fn effects(comparison: &Value) -> Vec<String> {
    let mut told = Vec::new();
    for change in comparison["changes"].as_array().unwrap() {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let head = format!("{} {} {}", text(&change["change"]), text(&change["kind"]), text(&change["identity"]));
        let effects = change["effects"].as_array().unwrap();
        if effects.is_empty() {
            told.push(head.clone());
        }
        for effect in effects {
            let audiences: Vec<String> = effect["audiences"].as_array().unwrap().iter().map(text).collect();
            let (verdict, what) = (text(&effect["verdict"]), text(&effect["text"]));
            told.push(format!("{head}: {verdict} [{}] {what}", audiences.join(" ")));
        }
    }
    told
}

#[test]
fn without_the_schema_a_snapshot_is_a_file_and_an_equal_one_a_pointer() {
    let shop = Shop::new("snapshots_files");
    let first = shop.json(&["capture", "--label", "release", "--commit", "abcdef0", "--edge-functions", "b,a"]);
    assert_eq!((&first["store"], &first["total_tables"]), (&json!("file"), &json!(1)), "{first}");
    shop.execute("INSERT INTO shop.users SELECT n, 'x' FROM generate_series(1, 5000) AS n; ANALYZE");
    let second = shop.json(&["capture", "--label", "release"]);
    assert_eq!(second["unchanged_since_id"], first["id"]);
    assert_eq!(second["root_hash"], first["root_hash"]);
    let files = shop.files();
    let file = |path: &Path| -> Value { serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap() };
    let (whole, pointer) = (file(&files[0]), file(&files[1]));
    assert!(whole["objects"].as_array().unwrap().len() >= 5 && pointer["objects"].is_null());
    assert_eq!(whole["edge_functions"], json!([{ "name": "a" }, { "name": "b" }]));
    assert_eq!(pointer["edge_functions"], whole["edge_functions"], "what was told holds");
    assert_eq!(whole["github_commit_sha"], "abcdef0");
    // The lists did take notice.
    assert_eq!((&whole["tables"][0]["row_count"], &pointer["tables"][0]["row_count"]), (&Value::Null, &json!(5000)));

    let equal = shop.snapshot(&["diff", "--offline"]);
    assert_eq!(code(&equal), 0, "{}", said(&equal));
    assert!(said(&equal).contains("no definition differs"), "{}", said(&equal));
    let inventory = fs::read_to_string(shop.root.path().join(".schemacast/shop/FEATURE_INVENTORY.md")).unwrap();
    assert!(inventory.contains("- `shop.users` (5000 rows, "), "{inventory}");
    assert!(inventory.contains("- `shop.one` → integer"), "{inventory}");
    assert!(inventory.contains("**Commit**: N/A"), "{inventory}");
    let listed = shop.json(&["list", "--offline"]);
    assert_eq!(listed.as_array().unwrap().len(), 2);
    assert_eq!(listed[1]["unchanged_since_id"], first["id"]);
}

#[test]
fn retention_counts_within_a_label_and_keeps_what_is_pointed_to() {
    let shop = Shop::new("snapshots_keep");
    let take = |label: &str, sql: &str| {
        shop.execute(sql);
        shop.json(&["capture", "--label", label, "--keep", "2"])
    };
    let holder = take("nightly", "SELECT 1");
    let other = take("other", "CREATE TABLE shop.a ()");
    let pointed = take("nightly", "DROP TABLE shop.a; CREATE TABLE shop.b ()");
    let pointer = take("release", "SELECT 1");
    assert_eq!(pointer["unchanged_since_id"], pointed["id"]);
    let third = take("nightly", "CREATE TABLE shop.c ()");
    assert_eq!(third["removed"], json!([holder["id"]]));
    let fourth = take("nightly", "CREATE TABLE shop.d ()");
    assert_eq!(fourth["removed"], json!([]), "a later one points to the oldest");
    let ids: Vec<Value> =
        shop.json(&["list", "--offline"]).as_array().unwrap().iter().map(|s| s["id"].clone()).collect();
    assert_eq!(ids, [&other, &pointed, &pointer, &third, &fourth].map(|snapshot| snapshot["id"].clone()));
}

#[test]
fn a_difference_is_told_with_those_it_breaks() {
    let shop = Shop::new("snapshots_diff");
    shop.json(&["capture", "--label", "before"]);
    shop.execute(
        "DROP VIEW shop.adults;
         ALTER TABLE shop.users DROP COLUMN age, ADD COLUMN note text, ADD COLUMN born date NOT NULL;
         ALTER TABLE shop.users ALTER COLUMN code TYPE varchar(20), ALTER COLUMN email TYPE varchar(5);
         ALTER TABLE shop.users ADD CONSTRAINT short CHECK (email <> ''), ENABLE ROW LEVEL SECURITY;
         CREATE TABLE shop.orders (id bigint);
         ALTER TYPE shop.state ADD VALUE 'gone';
         CREATE OR REPLACE FUNCTION shop.one() RETURNS integer LANGUAGE sql AS 'SELECT 2'",
    );
    let output = shop.snapshot(&["capture"]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    let diff = shop.json(&["diff"]);
    assert_eq!((&diff["added"], &diff["changed"], &diff["removed"]), (&json!(1), &json!(3), &json!(1)), "{diff}");
    assert_eq!((&diff["breaking"], &diff["undecided"]), (&json!(3), &json!(1)));
    let rows = "firestore amplify models database";
    let everybody = "firestore amplify models inventory database";
    let users = "changed table shop.users";
    let expected = [
        "changed function shop.one(): undecided [database] its body or options changed; whether it does the same is not told".to_owned(),
        "added table shop.orders".to_owned(),
        format!("{users}: breaking [{rows}] the column email is character varying(5), not text"),
        format!("{users}: breaking [{everybody}] the column age is gone"),
        format!("{users}: compatible [] the column code is character varying(20), not character varying(10)"),
        format!("{users}: compatible [] the column note is new"),
        format!("{users}: breaking [{rows}] the column born is new, and whoever writes must give it"),
        format!("{users}: breaking [database] short refuses rows that were taken before: CHECK (email::text <> ''::text)"),
        format!("{users}: undecided [amplify database] now ROW LEVEL SECURITY: who may read or write is another"),
        "changed type shop.state: breaking [models] the label 'gone' is new, which older builds do not know".to_owned(),
        format!("removed view shop.adults: breaking [{everybody}] whoever names it finds nothing"),
    ];
    let found: Vec<String> = effects(&diff)
        .into_iter()
        .map(|told| told.replace("(email)::text", "email::text").replace("((", "(").replace("))", ")"))
        .collect();
    assert_eq!(found, expected);

    // Backwards, by label: what was added is removed.
    let back = shop.json(&["diff", diff["to"]["id"].as_str().unwrap(), "before"]);
    assert_eq!((&back["added"], &back["removed"]), (&json!(1), &json!(1)));
}

#[test]
fn a_changelog_gets_an_entry_on_top_and_loses_nothing() {
    let shop = Shop::new("snapshots_changelog");
    let path = shop.root.path().join("CHANGELOG.md");
    let changelog = path.to_str().unwrap();
    shop.json(&["capture"]);
    shop.json(&["capture"]);
    let mine = "# Changelog\n\nMine.\n\n## [Unreleased]\n\n- soon\n\n## 1.0.0\n\n- first\n";
    fs::write(&path, mine).unwrap();
    assert_eq!(code(&shop.snapshot(&["diff", "--changelog", changelog])), 0);
    assert_eq!(fs::read_to_string(&path).unwrap(), mine, "nothing differs, nothing is written");

    shop.execute("CREATE TABLE shop.\"a`b\" (); DROP VIEW shop.adults; ALTER TABLE shop.users DROP age");
    shop.json(&["capture", "--label", "v2"]);
    assert_eq!(code(&shop.snapshot(&["diff", "--changelog", changelog])), 1);
    let text = fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once("## Snapshot ").unwrap();
    assert_eq!(before, "# Changelog\n\nMine.\n\n## [Unreleased]\n\n- soon\n\n");
    assert!(rest.ends_with("\n\n## 1.0.0\n\n- first\n"), "{rest}");
    for part in [
        "### Added\n\n- table ``shop.\"a`b\"``\n",
        "### Changed\n\n- **Breaking** (firestore, amplify, models, inventory, database): table `shop.users`: `the column age is gone`\n",
        "### Removed\n\n- **Breaking** (firestore, amplify, models, inventory, database): view `shop.adults`\n",
    ] {
        assert!(rest.contains(part), "{part}\n{rest}");
    }
    let again = shop.snapshot(&["diff", "--changelog", changelog]);
    assert_eq!(code(&again), 1);
    assert!(said(&again).contains("is there already"), "{}", said(&again));
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn what_cannot_be_is_said() {
    let shop = Shop::new("snapshots_faults");
    for (arguments, told) in [
        (&["diff"][..], "no snapshot was taken yet"),
        (&["capture", "--commit", "HEAD"], "`HEAD` is no commit"),
        (&["capture", "--label", " "], "a label says something"),
        (&["capture", "--keep", "3"], "--label"),
        (&["capture", "--label", "x", "--keep", "0"], "0 is not in 1.."),
        (&["capture", "--inventory", "/"], "was taken, but cannot write"),
    ] {
        let output = shop.snapshot(arguments);
        assert_eq!(code(&output), 2, "{arguments:?}: {}", said(&output));
        assert!(said(&output).contains(told), "{arguments:?}: {}", said(&output));
    }
    for file in shop.files() {
        fs::remove_file(file).unwrap();
    }
    let first = shop.json(&["capture"]);
    let alone = shop.snapshot(&["diff"]);
    assert_eq!(code(&alone), 2);
    assert!(said(&alone).contains("there is no snapshot of the same database before"), "{}", said(&alone));
    shop.json(&["capture"]);
    let unknown = shop.snapshot(&["diff", "nothing"]);
    assert_eq!(code(&unknown), 2);
    assert!(said(&unknown).contains("there is no snapshot `nothing`"), "{}", said(&unknown));
    // The file that holds the objects is gone: the other cannot be compared, and a new one holds its own.
    fs::remove_file(&shop.files()[0]).unwrap();
    let third = shop.json(&["capture"]);
    assert_eq!(third["unchanged_since_id"], Value::Null);
    let gone = shop.snapshot(&["diff"]);
    assert_eq!(code(&gone), 2);
    assert!(said(&gone).contains(first["id"].as_str().unwrap()) && said(&gone).contains("is gone"), "{}", said(&gone));
    fs::write(&shop.files()[0], "{").unwrap();
    let damaged = shop.snapshot(&["list", "--offline"]);
    assert_eq!(code(&damaged), 2);
    assert!(said(&damaged).contains("is damaged"), "{}", said(&damaged));
}

#[test]
fn with_the_schema_the_database_keeps_them_and_both_stores_compare() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR"));
    let layout = schemacast::codegen::layout::project(source, "odoboo-workspace").unwrap();
    let settings = SERVER.create_database("snapshots_catalog").unwrap();
    let files = bootstrap::files(&layout, &layout.read_project().unwrap()).unwrap();
    bootstrap::apply(&mut Session::connect(&settings).unwrap(), &files).unwrap_or_else(|error| panic!("{error}"));
    let root = tempfile::tempdir().unwrap();
    fs::create_dir_all(root.path().join("manifests/shop")).unwrap();
    fs::write(root.path().join("manifests/shop/project.yaml"), "name: shop\n").unwrap();
    let shop = Shop { root, settings };

    let first = shop.json(&["capture", "--label", "nightly", "--commit", "abcdef0", "--edge-functions", "f"]);
    assert_eq!((&first["store"], &first["id"]), (&json!("database"), &json!("1")), "{first}");
    assert_eq!((&first["github_commit_sha"], &first["total_edge_functions"]), (&json!("abcdef0"), &json!(1)));
    assert!(!shop.root.path().join(".schemacast/shop/snapshots").exists());
    assert!(
        fs::read_to_string(shop.root.path().join(".schemacast/shop/FEATURE_INVENTORY.md"))
            .unwrap()
            .contains("### Tables (17)")
    );
    let second = shop.json(&["capture", "--label", "nightly", "--keep", "5"]);
    assert_eq!(second["unchanged_since_id"], "1");
    assert_eq!(code(&shop.snapshot(&["diff"])), 0);

    // A file of the same catalog, as from a time before the schema was there.
    let folder = schemacast::snapshot::files::Folder(shop.root.path().join(".schemacast/shop/snapshots"));
    let to = schemacast::snapshot::Destination { folder: &folder, may_use_database: false, place: "here" };
    let request = schemacast::snapshot::Request {
        edge_functions: Some(&["f".to_owned()]),
        ..schemacast::snapshot::Request::default()
    };
    let mut session = Session::connect(&shop.settings).unwrap();
    let file = schemacast::snapshot::capture(&mut session, &request, &to, &mut |_| {}).unwrap();
    let across = shop.snapshot(&["diff", "1", &file.snapshot.id]);
    assert_eq!(code(&across), 0, "{}", said(&across));
    shop.execute("DROP TABLE agents.task_bindings");
    shop.json(&["capture", "--edge-functions", "g"]);
    let across = shop.json(&["diff", &file.snapshot.id]);
    let told = effects(&across);
    assert!(told.iter().any(|told| told.starts_with("removed table agents.task_bindings: breaking")), "{told:?}");
    assert!(told.iter().any(|told| told.starts_with("removed edge_function f: breaking")), "{told:?}");
    assert!(told.contains(&"added edge_function g".to_owned()), "{told:?}");
    // The newest of the same store before it, and not the file between.
    assert_eq!(shop.json(&["diff"])["from"]["id"], "2");
    let stores: Vec<Value> = shop.json(&["list"]).as_array().unwrap().iter().map(|s| s["store"].clone()).collect();
    assert_eq!(stores, ["database", "database", "file", "database"]);

    shop.execute("CREATE ROLE stranger LOGIN; GRANT USAGE ON SCHEMA catalog TO stranger");
    let url = shop.url().replace("postgres://postgres@", "postgres://stranger@");
    let root = shop.root.path().to_str().unwrap();
    let refused = run(&["--root", root, "snapshot", "capture", "shop", "--database-url", &url]);
    assert_eq!(code(&refused), 2);
    assert!(said(&refused).contains("the role stranger lacks a privilege"), "{}", said(&refused));
}

#[test]
fn the_action_of_a_chain_needs_no_schema() {
    let shop = Shop::new("snapshots_action");
    let task = |id: &str, action: &str| {
        json!({ "id": id, "name": id, "type": "script", "priority": 1, "dependencies": [], "description": "x",
                "action": action, "output": [], "validation": [], "on_failure": [] })
    };
    let registry = json!({ "version": "1.0", "project": "shop", "description": "x",
                           "tasks": [task("a", "snapshot"), task("b", "snapshot:nightly")] });
    fs::write(shop.root.path().join("manifests/shop/task_registry.json"), registry.to_string()).unwrap();
    let url = shop.url();
    let root = shop.root.path().to_str().unwrap();
    let output = run(&["--root", root, "run-chain", "shop", "--database-url", &url]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    let labels: Vec<Value> = shop
        .json(&["list", "--offline"])
        .as_array()
        .unwrap()
        .iter()
        .map(|snapshot| snapshot["label"].clone())
        .collect();
    assert_eq!(labels, [Value::Null, json!("nightly")]);
    assert!(shop.root.path().join(".schemacast/shop/FEATURE_INVENTORY.md").is_file());
}

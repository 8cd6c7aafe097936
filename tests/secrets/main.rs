//! No password anywhere: one that splits URLs is given in every form, every
//! failure is provoked, and all that comes of it is searched.
#![cfg(all(unix, feature = "cli"))]

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use schemacast::postgres::scratch::Options;
use schemacast::postgres::{ScratchServer, Session};
use serde_json::json;
use tempfile::TempDir;

mod faults;
mod watch;

use watch::{Said, files_hold_none, run};

const PASSWORD: &str = "cAnary/p@ss#w%rd";
const ENCODED: &str = "cAnary%2Fp%40ss%23w%25rd";

/// A server that wants the password over TCP.
struct Server {
    scratch: ScratchServer,
    port: u16,
    _folder: TempDir,
}

static SERVER: LazyLock<Server> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let hba = folder.path().join("pg_hba.conf");
    fs::write(&hba, "local all all trust\nhost all all all scram-sha-256\n").unwrap();
    fs::set_permissions(&hba, fs::Permissions::from_mode(0o644)).unwrap();
    // Free now, and with luck still so in a moment.
    let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let setting = |name: &str, value: String| (name.to_owned(), value);
    let settings = vec![
        setting("listen_addresses", "127.0.0.1".to_owned()),
        setting("port", port.to_string()),
        setting("hba_file", hba.display().to_string()),
    ];
    let scratch = ScratchServer::start(&Options { settings, ..Options::default() }).unwrap();
    let mut session = Session::connect(&scratch.settings()).unwrap();
    let role = format!("CREATE ROLE app LOGIN PASSWORD '{PASSWORD}'");
    session.run(async |client| client.batch_execute(&role).await).unwrap();
    Server { scratch, port, _folder: folder }
});

/// How the program learns the password.
#[derive(Clone, Copy)]
enum Given {
    RawUrl,
    EncodedUrl,
    Keywords,
    PgPassword,
    DotEnv,
    OwnVariable,
    Argument,
}

/// A project, its database, and the way in which the password is given.
struct Shop {
    root: TempDir,
    dbname: &'static str,
    given: Given,
}

/// What is written by the test, with the password in it.
const INPUTS: [&str; 2] = [".env", "003_quotes.sql"];

impl Shop {
    fn new(dbname: &'static str, given: Given) -> Shop {
        let database = SERVER.scratch.create_database(dbname).unwrap();
        let mut session = Session::connect(&database).unwrap();
        let base = format!(
            "ALTER DATABASE {dbname} OWNER TO app; CREATE SCHEMA shop AUTHORIZATION app;
             CREATE TABLE shop.orders (id bigint PRIMARY KEY, total integer); ALTER TABLE shop.orders OWNER TO app"
        );
        session.run(async |client| client.batch_execute(&base).await).unwrap();
        let shop = Shop { root: tempfile::tempdir().unwrap(), dbname, given };
        shop.write("manifests/shop/project.yaml", "name: shop\ndatabase_url_env: SHOP_URL\n");
        shop.write("manifests/shop/migrations/001_more.sql", "CREATE TABLE shop.more (id int);\n");
        shop.write("manifests/shop/migrations/002_fails.sql", "SELECT 1;\nALTER TABLE shop.nowhere ADD a int;\n");
        shop.write(
            "manifests/shop/migrations/003_quotes.sql",
            &format!("ALTER ROLE app PASSWORD '{PASSWORD}' NONSENSE;\n"),
        );
        shop.registry();
        if matches!(given, Given::DotEnv) {
            shop.write(".env", &format!("DATABASE_URL='{}'\nSMTP_PASSWORD='{PASSWORD}x'\n", shop.url(PASSWORD)));
        }
        shop
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn registry(&self) {
        let shell =
            |id: &str, script: &str| json!({"id": id, "name": id, "type": "script", "argv": ["sh", "-c", script]});
        let migration = |id: &str| json!({"id": id, "name": id, "type": "migration", "file": format!("{id}.sql")});
        let tasks = json!([
            migration("001_more"),
            migration("002_fails"),
            migration("003_quotes"),
            {"id": "reads", "name": "reads", "type": "script", "action": "introspect"},
            {"id": "compares", "name": "compares", "type": "script", "action": "drift"},
            {"id": "keeps", "name": "keeps", "type": "script", "action": "snapshot:x"},
            {"id": "asks", "name": "asks", "type": "sql_query", "sql": "SELECT current_setting('nothing.here')"},
            shell("prints", "env; echo \"$DATABASE_URL\" \"$SHOP_URL\" \"$PGPASSWORD\"; cat .env 2>/dev/null; true"),
            shell("fails", "echo \"cannot open $DATABASE_URL\" >&2; echo \"{\\\"url\\\": \\\"$DATABASE_URL\\\"}\"; exit 3"),
        ]);
        let registry = json!({ "version": "1.0", "project": "shop", "tasks": tasks });
        self.write("manifests/shop/task_registry.json", &registry.to_string());
    }

    fn url(&self, password: &str) -> String {
        format!("postgres://app:{password}@127.0.0.1:{}/{}?sslmode=disable", SERVER.port, self.dbname)
    }

    /// The program with the password, as it is given here.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_schemacast"));
        command.args(arguments).current_dir(self.root.path());
        for variable in ["DATABASE_URL", "POSTGRES_URL", "SHOP_URL", "PGPASSWORD"] {
            command.env_remove(variable);
        }
        let takes_url = ["introspect", "drift", "doctor", "run", "run-chain", "init"].contains(&arguments[0])
            || arguments[..2.min(arguments.len())] == ["snapshot", "capture"];
        match self.given {
            Given::RawUrl => drop(command.env("DATABASE_URL", self.url(PASSWORD))),
            Given::EncodedUrl => drop(command.env("DATABASE_URL", self.url(ENCODED))),
            Given::Keywords => {
                let (port, dbname) = (SERVER.port, self.dbname);
                let keywords = format!("host=127.0.0.1 port={port} dbname={dbname} user=app password='{PASSWORD}'");
                command.env("DATABASE_URL", keywords);
            }
            Given::PgPassword => {
                command.env("DATABASE_URL", self.url("").replace(":@", "@")).env("PGPASSWORD", PASSWORD);
            }
            Given::DotEnv => {}
            Given::OwnVariable => drop(command.env("SHOP_URL", self.url(ENCODED))),
            Given::Argument if takes_url => drop(command.arg("--database-url").arg(self.url(PASSWORD))),
            Given::Argument => drop(command.env("DATABASE_URL", self.url(PASSWORD))),
        }
        command
    }

    #[track_caller]
    fn run(&self, arguments: &[&str]) -> Said {
        let said = run(&mut self.command(arguments), "");
        files_hold_none(self.root.path(), &INPUTS);
        said
    }

    #[track_caller]
    fn ends(&self, arguments: &[&str], code: i32) -> Said {
        let said = self.run(arguments);
        assert_eq!(said.code, Some(code), "{arguments:?}: {}", said.text);
        said
    }

    fn root(&self) -> &Path {
        self.root.path()
    }
}

/// Everything that connects, and everything that tells of it afterwards.
fn everything(dbname: &'static str, given: Given) {
    let shop = Shop::new(dbname, given);
    shop.ends(&["doctor", "shop"], 0);
    shop.ends(&["doctor", "shop", "--output", "json"], 0);
    shop.ends(&["introspect", "shop"], 0);
    shop.ends(&["introspect", "shop", "--output", "json", "--check"], 0);
    shop.ends(&["drift", "shop", "--format", "json", "--report", "report.md"], 0);
    shop.ends(&["snapshot", "capture", "shop"], 0);
    shop.ends(&["snapshot", "list", "shop", "--output", "json"], 0);
    let chain = shop.ends(&["run-chain", "shop", "--output", "json"], 1);
    for part in ["002_fails", "NONSENSE", "nothing.here", "***", "cannot open"] {
        assert!(chain.text.contains(part), "{part}: {}", chain.text);
    }
    shop.ends(&["run-chain", "shop", "--resume"], 1);
    shop.ends(&["run", "shop:prints", "--verbose"], 0);
    shop.ends(&["run", "shop:fails", "--verbose"], 1);
    for arguments in [
        &["status", "shop"][..],
        &["status", "shop", "--output", "json"],
        &["logs", "shop"],
        &["logs", "shop:fails", "--output", "json"],
        &["progress", "shop"],
        &["graph", "shop", "--format", "json"],
        &["diff", "shop", "live:shop"],
        &["init", "copied", "--from", "database"],
    ] {
        shop.run(arguments);
    }
    assert!(shop.root().join(".schemacast/shop/runs").is_dir());
}

#[test]
fn in_a_url_as_it_is() {
    everything("raw", Given::RawUrl);
}

#[test]
fn in_a_url_percent_encoded() {
    everything("encoded", Given::EncodedUrl);
}

#[test]
fn in_keywords() {
    everything("keywords", Given::Keywords);
}

#[test]
fn in_pgpassword() {
    everything("pgpassword", Given::PgPassword);
}

#[test]
fn in_a_dot_env() {
    everything("dotenv", Given::DotEnv);
}

#[test]
fn in_a_variable_of_the_projects_own() {
    everything("own", Given::OwnVariable);
}

#[test]
fn in_an_argument() {
    everything("argument", Given::Argument);
}

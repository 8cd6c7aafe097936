//! The program against a live Postgres: the scratch server.

#![cfg(unix)]

use std::fs;
use std::path::Path;

use schemacast::postgres::scratch::{Options, ScratchServer};
use schemacast::postgres::{ConnectionSettings, Session};

#[path = "common/program.rs"]
mod program;

use program::{said, schemacast};

fn url(settings: &ConnectionSettings) -> String {
    format!("postgres:///{}?host={}&port={}&user=postgres", settings.dbname, settings.host, settings.port)
}

fn execute(settings: &ConnectionSettings, sql: &str) {
    let mut session = Session::connect(settings).unwrap();
    session.run(async |client| client.batch_execute(sql).await).unwrap();
}

/// A root with one project named `shop`.
fn root() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir_all(root.path().join("manifests/shop")).unwrap();
    fs::write(root.path().join("manifests/shop/project.yaml"), "name: shop\ndatabase_url_env: SHOP_URL\n").unwrap();
    root
}

#[test]
fn the_projects_in_the_box_are_what_their_sql_makes() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for project in ["barton-outreach-core", "odoboo-workspace"] {
        for jobs in ["1", "2", "4"] {
            let output = schemacast(here, &["introspect", project, "--scratch", "--check", "--jobs", jobs]);
            assert_eq!(output.status.code(), Some(0), "over {jobs}: {}", said(&output));
        }
    }
    let output = schemacast(here, &["introspect", "barton-outreach-core", "--scratch", "--check", "--output", "json"]);
    let counts: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    for (what, count) in [("tables", 25), ("views", 8), ("columns", 347), ("indexes", 52)] {
        assert_eq!(counts[what], count, "{what}");
    }
}

#[test]
fn a_database_is_read_once_and_read_again_without_a_change() {
    let server = ScratchServer::start(&Options::default()).unwrap();
    let settings = server.create_database("shop").unwrap();
    execute(
        &settings,
        "CREATE SCHEMA shop;
         CREATE TYPE shop.state AS ENUM ('open', 'yes', 'no');
         CREATE TABLE shop.orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, state shop.state NOT NULL);
         COMMENT ON TABLE shop.orders IS E'one\\ntwo: # |';",
    );
    let root = root();
    let manifest = root.path().join("manifests/shop/NEON_SCHEMA_MANIFEST.yaml");
    // The project's own variable, from .env.
    fs::write(root.path().join(".env"), format!("# mine\nSHOP_URL='{}'\n", url(&settings))).unwrap();

    let first = schemacast(root.path(), &["introspect", "shop", "--generate"]);
    assert_eq!(first.status.code(), Some(0), "{}", said(&first));
    let text = fs::read_to_string(&manifest).unwrap();
    assert!(text.contains("labels: [open, 'yes', 'no']"), "{text}");
    assert!(root.path().join("generated/shop/AMPLIFY_TYPES.graphql").exists());
    assert!(root.path().join("manifests/manifest.schema.json").exists());

    let second = schemacast(root.path(), &["introspect", "shop"]);
    assert!(said(&second).contains("unchanged"), "{}", said(&second));
    assert_eq!(fs::read_to_string(&manifest).unwrap(), text, "not a byte, the time included");
    assert_eq!(schemacast(root.path(), &["generate", "--check"]).status.code(), Some(0));
    assert_eq!(schemacast(root.path(), &["validate"]).status.code(), Some(0));

    execute(&settings, "ALTER TABLE shop.orders ADD note text");
    let stale = schemacast(root.path(), &["introspect", "shop", "--check"]);
    assert_eq!(stale.status.code(), Some(1), "{}", said(&stale));
    assert_eq!(fs::read_to_string(&manifest).unwrap(), text, "a check writes nothing");
    let third = schemacast(root.path(), &["introspect", "shop"]);
    assert_eq!(third.status.code(), Some(0));
    assert_ne!(fs::read_to_string(&manifest).unwrap(), text);
    assert_eq!(schemacast(root.path(), &["generate", "--check"]).status.code(), Some(1));

    // Loose: no project, to stdout; and what is printed reads back.
    let loose = schemacast(root.path(), &["introspect", "--database-url", &url(&settings), "--out", "-"]);
    assert_eq!(loose.status.code(), Some(0), "{}", said(&loose));
    let printed = schemacast::codegen::manifest::read(&String::from_utf8(loose.stdout).unwrap()).unwrap();
    assert_eq!(printed.schemas.iter().filter(|schema| schema.name == "shop").count(), 1);
}

#[test]
fn what_cannot_be_connected_to_is_one_message_and_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let hba = folder.path().join("pg_hba.conf");
    fs::write(&hba, "local all postgres trust\nlocal all all scram-sha-256\n").unwrap();
    // The server runs as another account where this runs as root.
    for path in [folder.path(), hba.as_path()] {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let settings = vec![("hba_file".to_owned(), hba.display().to_string())];
    let server = ScratchServer::start(&Options { settings, ..Options::default() }).unwrap();
    let shop = server.create_database("shop").unwrap();
    execute(&shop, "CREATE ROLE app LOGIN PASSWORD 'right'");
    let place = format!("host={}&port={}", shop.host, shop.port);
    let root = root();
    for (url, expected) in [
        (format!("postgres://app:canary-4711@/shop?{place}"), "password"),
        (format!("postgres://postgres@/shpo?{place}"), "shpo"),
        (format!("postgres://nobody:canary-4711@/shop?{place}"), "nobody"),
        ("postgres://app:canary-4711@127.0.0.1:1/shop".to_owned(), "127.0.0.1:1"),
        ("postgres://app:canary-4711@host.invalid/shop".to_owned(), "host.invalid"),
        ("mysql://app:canary-4711@h/shop".to_owned(), "mysql"),
    ] {
        let output = schemacast(root.path(), &["introspect", "shop", "--database-url", &url]);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(2), "{url}: {said}");
        assert_eq!(said.matches("error: ").count(), 1, "{url}: {said}");
        assert!(said.contains(expected), "{url}: {said}");
        assert!(!said.contains("canary-4711"), "{url}: {said}");
        let files: Vec<_> = fs::read_dir(root.path().join("manifests/shop")).unwrap().collect();
        assert_eq!(files.len(), 1, "{url}: project.yaml alone");
    }
}

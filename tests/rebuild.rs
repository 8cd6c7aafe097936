//! The SQL that `drift` and `diff` write, run by psql as a person would run it:
//! a manifest rebuilds its database, and a drifted database is mended.

#![cfg(unix)]

mod common;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use schemacast::codegen::layout;
use schemacast::codegen::manifest::Manifest;
use schemacast::codegen::project::Profile;
use schemacast::diff::compare;
use schemacast::postgres::introspect::{self, introspect};
use schemacast::postgres::scratch;
use schemacast::postgres::{ConnectionSettings, ScratchServer, Session};
use serde_json::Value;

#[path = "common/program.rs"]
mod program;

use program::{said, schemacast};

fn execute(settings: &ConnectionSettings, sql: &str) {
    let mut session = Session::connect(settings).unwrap();
    session.run(async |client| client.batch_execute(sql).await).unwrap_or_else(|error| panic!("{error:?}\n{sql}"));
}

/// Runs a file statement by statement, as a person does.
fn psql(server: &ScratchServer, settings: &ConnectionSettings, file: &Path) {
    let beside = server.binaries().folder.join("psql");
    let program = if beside.exists() { beside.as_path() } else { Path::new("psql") };
    let output = Command::new(program)
        .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-h", &settings.host])
        .args(["-p", &settings.port.to_string(), "-d", &settings.dbname, "-f"])
        .arg(file)
        .output()
        .expect("psql runs");
    assert!(output.status.success(), "{}\n{}", said(&output), fs::read_to_string(file).unwrap());
}

fn url(settings: &ConnectionSettings) -> String {
    format!("postgres://postgres@/{}?host={}&port={}", settings.dbname, settings.host, settings.port)
}

fn read(settings: &ConnectionSettings, profile: Profile) -> Manifest {
    let options = introspect::Options { profile: Some(profile), ..introspect::Options::default() };
    let mut session = Session::connect(settings).unwrap();
    session.run(async |client| introspect(client, &options).await).unwrap()
}

fn start() -> ScratchServer {
    ScratchServer::start(&scratch::Options::default()).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn the_manifests_in_the_box_rebuild_their_databases() {
    if common::is_skipped_without("psql") {
        return;
    }
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    for (project, profile) in [("barton-outreach-core", Profile::Neon), ("odoboo-workspace", Profile::Supabase)] {
        let path = here.join(format!("manifests/{project}/NEON_SCHEMA_MANIFEST.yaml"));
        let manifest = layout::read_manifest(&path).unwrap();
        let mut scripts = Vec::new();
        for sides in [[path.to_str().unwrap(), "empty"], ["empty", path.to_str().unwrap()]] {
            let server = start();
            let settings = server.create_database("again").unwrap();
            let file = folder.path().join("all.sql");
            let sql = file.to_str().unwrap();
            let output = schemacast(here, &["diff", sides[0], sides[1], "--sql", sql, "--quiet", "--stable"]);
            assert_eq!(output.status.code(), Some(1), "{}", said(&output));
            // What the manifest speaks of and is not its own.
            let bootstrap = here.join(format!("manifests/{project}/bootstrap"));
            for own in ["01_roles.sql", "02_auth.sql"].iter().map(|name| bootstrap.join(name)).filter(|p| p.exists()) {
                psql(&server, &settings, &own);
            }
            let nothing = read(&settings, profile);
            // Default privileges and the like that the bootstrap leaves in public.
            execute(&settings, "DROP SCHEMA public CASCADE");
            execute(
                &settings,
                "CREATE SCHEMA public AUTHORIZATION pg_database_owner; GRANT USAGE ON SCHEMA public TO PUBLIC; COMMENT ON SCHEMA public IS 'standard public schema'",
            );
            for role in roles(&manifest) {
                execute(
                    &settings,
                    &format!("DO $$ BEGIN CREATE ROLE {role}; EXCEPTION WHEN duplicate_object THEN END $$"),
                );
            }
            assert!(nothing.schemas.iter().all(|schema| schema.tables.is_empty()), "it was empty before");
            psql(&server, &settings, &file);
            let again = read(&settings, profile);
            assert_eq!(compare(&manifest, &again).changes, [], "{project}: {sides:?}");
            let text = fs::read_to_string(&file).unwrap();
            scripts.push(text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>());
        }
        assert_eq!(scripts[0], scripts[1], "whichever side is empty, the SQL makes the other");
    }
}

/// The roles of policies and privileges, by the text of the manifest.
fn roles(manifest: &Manifest) -> Vec<String> {
    let json = serde_json::to_value(manifest).unwrap();
    let mut found = Vec::new();
    fn walk(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                for (key, value) in fields {
                    match (key.as_str(), value) {
                        ("role" | "grantor", Value::String(role)) => found.push(role.clone()),
                        ("roles", Value::Array(roles)) => {
                            found.extend(roles.iter().filter_map(Value::as_str).map(str::to_owned));
                        }
                        (_, value) => walk(value, found),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| walk(item, found)),
            _ => {}
        }
    }
    walk(&json, &mut found);
    found.sort();
    found.dedup();
    found.retain(|role| role != "public");
    found
}

const SHOP: &str = "
    CREATE SCHEMA shop;
    CREATE TYPE shop.mood AS ENUM ('sad', 'glad');
    CREATE TABLE shop.customers (id bigint PRIMARY KEY, email text NOT NULL, mood shop.mood);
    CREATE TABLE shop.orders (id bigint PRIMARY KEY, customer bigint, total integer NOT NULL, note text);
    CREATE INDEX orders_total ON shop.orders (total);
    COMMENT ON INDEX shop.orders_total IS 'for the report';
    ALTER TABLE shop.orders ADD CONSTRAINT orders_customer FOREIGN KEY (customer) REFERENCES shop.customers (id);
    ALTER TABLE shop.orders ADD CONSTRAINT orders_total_check CHECK (total >= 0);
    CREATE VIEW shop.totals AS SELECT customer, sum(total) AS total FROM shop.orders GROUP BY customer;
    CREATE FUNCTION shop.twice(x integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 2 * x';";

/// A project whose manifest is that of SHOP, and its database.
struct Shop {
    server: ScratchServer,
    database: ConnectionSettings,
    folder: tempfile::TempDir,
}

impl Shop {
    fn open() -> Self {
        let server = start();
        let database = server.create_database("shop").unwrap();
        execute(&database, SHOP);
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("manifests/shop")).unwrap();
        fs::write(folder.path().join("manifests/shop/project.yaml"), "name: shop\n").unwrap();
        let shop = Self { server, database, folder };
        let output = shop.run(&["introspect", "shop"]);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        shop
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let url = url(&self.database);
        schemacast(self.folder.path(), &[arguments, &["--database-url", &url]].concat())
    }

    /// `drift` with `--sql`, its exit code and the file.
    fn drift(&self, arguments: &[&str]) -> (Option<i32>, String, Value) {
        let base = ["drift", "shop", "--sql", "fix.sql", "--output", "json"];
        let output = self.run(&[&base, arguments].concat());
        let report = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error} {}", said(&output)));
        (output.status.code(), fs::read_to_string(self.folder.path().join("fix.sql")).unwrap(), report)
    }

    fn mend(&self) {
        psql(&self.server, &self.database, &self.folder.path().join("fix.sql"));
    }
}

#[test]
fn a_drifted_database_is_mended_by_its_sql() {
    if common::is_skipped_without("psql") {
        return;
    }
    let shop = Shop::open();
    execute(
        &shop.database,
        "ALTER TABLE shop.orders ALTER COLUMN total DROP NOT NULL;
         DROP INDEX shop.orders_total;
         ALTER TABLE shop.orders DROP CONSTRAINT orders_customer, DROP CONSTRAINT orders_total_check;
         CREATE OR REPLACE FUNCTION shop.twice(x integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT x + x';
         INSERT INTO shop.customers VALUES (1, 'a@b.c', 'glad');
         INSERT INTO shop.orders VALUES (1, 1, 10);",
    );
    let (code, sql, report) = shop.drift(&["--concurrently", "--verify"]);
    assert_eq!(code, Some(1), "{report:#}");
    assert_eq!(report["verification"]["verdict"], "converges", "{:#}", report["verification"]);
    assert_eq!(report["verification"]["not_rehearsed"], serde_json::json!([]));
    let at = |text: &str| sql.find(text).unwrap_or_else(|| panic!("no {text} in\n{sql}"));
    let commit = at("COMMIT;");
    assert!(at("CREATE INDEX CONCURRENTLY") > commit, "{sql}");
    assert!(at("COMMENT ON INDEX") > at("CREATE INDEX CONCURRENTLY"), "{sql}");
    assert_eq!(sql.matches("NOT VALID").count(), 2, "{sql}");
    assert!(at("NOT VALID") < commit && at("VALIDATE CONSTRAINT") > commit, "{sql}");
    shop.mend();
    let (code, sql, report) = shop.drift(&["--verify"]);
    assert_eq!((code, report["differences"].as_u64()), (Some(0), Some(0)), "{report:#}");
    assert!(sql.contains("There is nothing to do"), "{sql}");
    assert_eq!(report["verification"]["verdict"], "converges");
}

#[test]
fn what_deletes_data_is_held_back_until_it_is_allowed() {
    if common::is_skipped_without("psql") {
        return;
    }
    let shop = Shop::open();
    execute(
        &shop.database,
        "ALTER TABLE shop.orders RENAME COLUMN note TO remark;
         CREATE TABLE shop.extra (id integer); INSERT INTO shop.extra VALUES (1);
         COMMENT ON TABLE shop.orders IS 'wrong'",
    );
    let (code, sql, report) = shop.drift(&["--verify"]);
    assert_eq!(code, Some(1), "{report:#}");
    let verification = &report["verification"];
    assert_eq!(verification["verdict"], "converges", "{verification:#}");
    assert!(verification["held_back"].as_u64() >= Some(2), "{verification:#}");
    assert!(sql.contains("\n-- DROP TABLE shop.extra;\n"), "{sql}");
    let rename = "--     ALTER TABLE shop.orders RENAME COLUMN remark TO note;\n";
    let offered = format!("{rename}-- ALTER TABLE shop.orders DROP COLUMN remark;\n");
    assert!(sql.contains(&offered), "{sql}");
    assert_eq!(sql.matches(rename).count(), 2, "above what makes the one, too: {sql}");
    // The way that is offered: the rename, then a new plan, which lost nothing.
    execute(&shop.database, "ALTER TABLE shop.orders RENAME COLUMN remark TO note");
    let (code, sql, _) = shop.drift(&[]);
    assert_eq!(code, Some(1), "{sql}");
    shop.mend();
    let (code, _, report) = shop.drift(&[]);
    assert_eq!((code, report["differences"].as_u64()), (Some(1), Some(1)), "what was held back is still there");
    let (code, sql, _) = shop.drift(&["--allow-destructive", "--verify"]);
    assert_eq!(code, Some(1), "{sql}");
    assert!(sql.contains("\nDROP TABLE shop.extra;\n"), "{sql}");
    shop.mend();
    assert_eq!(shop.drift(&[]).0, Some(0));
}

#[test]
fn what_no_sql_mends_is_said_in_the_file() {
    let shop = Shop::open();
    execute(
        &shop.database,
        "ALTER TABLE shop.orders DROP CONSTRAINT orders_customer;
         DROP VIEW shop.totals; DROP TABLE shop.orders;
         CREATE TABLE shop.orders (id bigint PRIMARY KEY, total integer NOT NULL, customer bigint, note text);",
    );
    let (code, sql, report) = shop.drift(&["--verify"]);
    assert_eq!(code, Some(2), "{report:#}");
    assert!(sql.contains("\n-- Not done:\n-- table shop.orders (column_order): "), "{sql}");
    let verification = &report["verification"];
    assert_eq!(verification["verdict"], "converges", "{verification:#}");
    assert_eq!(verification["impossible"], 1);
}

#[test]
fn a_manifest_that_was_edited_by_hand_is_compared_as_postgres_writes_it() {
    let shop = Shop::open();
    let path = shop.folder.path().join("manifests/shop/NEON_SCHEMA_MANIFEST.yaml");
    let text = fs::read_to_string(&path).unwrap();
    let edited = |expression: &str| {
        let check = "expression: (total >= 0)";
        assert!(text.contains(check) && text.contains("name: total, type: integer, not_null"), "{text}");
        let text = text.replace(check, &format!("expression: '{expression}'"));
        text.replace("name: total, type: integer, not_null", "name: total, type: INT4, not_null")
    };
    fs::write(&path, edited("( TOTAL>=0 )")).unwrap();
    let plain = shop.run(&["drift", "shop"]);
    assert_eq!(plain.status.code(), Some(1), "{}", said(&plain));
    assert!(said(&plain).contains("--canonicalize"), "{}", said(&plain));
    let canonical = shop.run(&["drift", "shop", "--canonicalize"]);
    assert_eq!(canonical.status.code(), Some(0), "{}", said(&canonical));
    // A difference that is one stays one, and what Postgres does not take is an error.
    fs::write(&path, edited("total>=1")).unwrap();
    let other = shop.run(&["drift", "shop", "--canonicalize"]);
    assert_eq!(other.status.code(), Some(1), "{}", said(&other));
    assert!(said(&other).contains("check shop.orders.orders_total_check"), "{}", said(&other));
    fs::write(&path, edited("nonsense(total)")).unwrap();
    let wrong = shop.run(&["drift", "shop", "--canonicalize"]);
    assert_eq!(wrong.status.code(), Some(2), "{}", said(&wrong));
    assert!(said(&wrong).contains("function nonsense(integer) does not exist"), "{}", said(&wrong));
}

#[test]
fn what_the_scratch_database_cannot_hold_is_named_and_nothing_is_claimed_of_it() {
    let shop = Shop::open();
    let path = shop.folder.path().join("manifests/shop/NEON_SCHEMA_MANIFEST.yaml");
    let edit = |name: &str, from: &str, to: &str| {
        let text = fs::read_to_string(&path).unwrap();
        let file = shop.folder.path().join(name);
        assert!(text.contains(from), "{text}");
        fs::write(&file, text.replacen(from, to, 1)).unwrap();
        file
    };
    // A with an extension that no server has, and with a foreign key and a role of others.
    let extension =
        "version: '1.0'\nextensions: [{name: no_such_extension}]\nleft_out: [{schema: auth, reason: others'}]\n";
    let key = "    foreign_keys:\n    - {name: to_others, columns: [id], references: {schema: auth, table: users, columns: [id]}}\n";
    let customers = "    primary_key: {name: customers_pkey, columns: [id]}\n";
    let a = edit("a.yaml", "version: '1.0'\n", extension);
    let text = fs::read_to_string(&a).unwrap();
    assert!(text.contains(customers), "{text}");
    let text = text.replacen(
        customers,
        &format!("{customers}{key}    grants: [{{role: a_stranger, privileges: [select]}}]\n"),
        1,
    );
    fs::write(&a, &text).unwrap();
    let b = shop.folder.path().join("b.yaml");
    fs::write(&b, text.replace("name: email, type: text", "name: email, type: character varying")).unwrap();
    let diff = |a: &Path, b: &Path| {
        let names = [a.to_str().unwrap(), b.to_str().unwrap()];
        schemacast(shop.folder.path(), &["diff", names[0], names[1], "--verify"])
    };
    let proved = diff(&a, &b);
    assert_eq!(proved.status.code(), Some(1), "{}", said(&proved));
    assert!(said(&proved).contains("verified: converges, but for 1 that could not be rehearsed"), "{}", said(&proved));
    assert!(said(&proved).contains("not rehearsed: extension no_such_extension: "), "{}", said(&proved));
    // SQL that is about what is missing proves nothing.
    let without = shop.folder.path().join("without.yaml");
    fs::write(&without, text.replace("extensions: [{name: no_such_extension}]\n", "")).unwrap();
    let unproved = diff(&a, &without);
    assert_eq!(unproved.status.code(), Some(2), "{}", said(&unproved));
    assert!(said(&unproved).contains("not verified"), "{}", said(&unproved));
    // SQL that Postgres refuses does not converge.
    let refused = shop.folder.path().join("refused.yaml");
    fs::write(&refused, text.replace("name: email, type: text", "name: email, default: nonsense(), type: text"))
        .unwrap();
    let failed = diff(&shop.folder.path().join("manifests/shop/NEON_SCHEMA_MANIFEST.yaml"), &refused);
    assert_eq!(failed.status.code(), Some(2), "{}", said(&failed));
    assert!(said(&failed).contains("verified: does not converge"), "{}", said(&failed));
}

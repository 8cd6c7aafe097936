//! The catalog reader against a real server: what a database holds is what
//! the manifest says, whoever reads it and in whatever order it was made.
//!
//! They need a Postgres, which the scratch server finds or fetches. With
//! `SCHEMACAST_PG_BIN` set to another major's programs they run against that.
#![cfg(all(unix, feature = "cli"))]

mod alterations;
mod casting;
mod dependencies;
mod indexes;
mod nullability;
mod objects;
mod partitions;
mod tables;

use std::sync::LazyLock;
use std::time::Duration;

use schemacast::codegen::manifest::*;
use schemacast::codegen::project::Profile;
use schemacast::postgres::introspect::{Error, Options, introspect, introspect_beside};
use schemacast::postgres::scratch;
use schemacast::postgres::{ConnectionSettings, ScratchServer, Session};

/// One server for all tests of this file but those that make roles which
/// would change what the others' databases look like.
static SERVER: LazyLock<ScratchServer> = LazyLock::new(start);

/// A database with everything in it, and what was read from it.
static NASTY: LazyLock<(ConnectionSettings, Manifest)> = LazyLock::new(|| {
    let settings = database(&SERVER, "nasty", include_str!("nasty.sql"));
    let manifest = read(&settings, &Options::default());
    (settings, manifest)
});

const WEIRD: &str = "we\"ird $chema é 名";

fn start() -> ScratchServer {
    ScratchServer::start(&scratch::Options::default()).unwrap_or_else(|error| panic!("{error}"))
}

fn database(server: &ScratchServer, name: &str, sql: &str) -> ConnectionSettings {
    let settings = server.create_database(name).unwrap();
    execute(&settings, sql);
    settings
}

fn execute(settings: &ConnectionSettings, sql: &str) {
    let mut session = Session::connect(settings).unwrap();
    session.run(async |client| client.batch_execute(sql).await).unwrap();
}

fn try_read(settings: &ConnectionSettings, options: &Options) -> Result<Manifest, Error> {
    let mut session = Session::connect(settings).unwrap();
    session.run(async |client| introspect(client, options).await)
}

fn read(settings: &ConnectionSettings, options: &Options) -> Manifest {
    try_read(settings, options).unwrap_or_else(|error| panic!("{error}"))
}

fn schema<'m>(manifest: &'m Manifest, name: &str) -> &'m Schema {
    manifest.schemas.iter().find(|schema| schema.name == name).unwrap()
}

fn crm() -> &'static Schema {
    schema(&NASTY.1, "crm")
}

fn table<'m>(schema: &'m Schema, name: &str) -> &'m Table {
    schema.tables.iter().find(|table| table.name == name).unwrap()
}

fn contacts() -> &'static Table {
    table(crm(), "contacts")
}

fn column(name: &str) -> &'static Column {
    contacts().column(name).unwrap()
}

fn routine(name: &str) -> &'static Routine {
    crm().functions.iter().find(|routine| routine.name == name).unwrap()
}

fn texts<const N: usize>(texts: [&str; N]) -> Vec<String> {
    texts.map(str::to_owned).to_vec()
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn reading_twice_gives_the_same() {
    let (settings, manifest) = &*NASTY;
    let mut session = Session::connect(settings).unwrap();
    // On one connection, so that the first has ended its transaction.
    for _ in 0..2 {
        let again = session.run(async |client| introspect(client, &Options::default()).await).unwrap();
        assert_eq!(again, *manifest);
    }
    let sql =
        "SELECT current_setting('search_path') <> '', current_setting('transaction_isolation') = 'read committed',
                      (SELECT count(*) FROM pg_prepared_statements) = 0";
    let row = session.run(async |client| client.query_typed_one(sql, &[]).await).unwrap();
    assert!(row.get::<_, bool>(0), "no setting is left behind");
    assert!(row.get::<_, bool>(1), "no transaction is left behind");
    assert!(row.get::<_, bool>(2), "nothing was prepared: a pooler's next client would meet it");
    assert_eq!(manifest.version, "1.0");
    assert_eq!(manifest.generated, None);
    assert!(manifest.source.as_ref().unwrap().server_version.starts_with(char::is_numeric));
    assert!(manifest.left_out.is_empty() && manifest.not_visible.is_empty());
}

#[test]
fn several_connections_read_the_same() {
    let (settings, manifest) = &*NASTY;
    let written = schemacast::codegen::manifest::write(manifest, "m.json");
    for jobs in [1, 2, 4] {
        let options = Options { jobs: Some(jobs), ..Options::default() };
        let mut session = Session::connect(settings).unwrap();
        let place = session.place();
        let again = session.run(async |client| introspect_beside(client, &place, &options).await).unwrap();
        assert_eq!(schemacast::codegen::manifest::write(&again, "m.json"), written, "{jobs}");
    }
}

#[test]
fn a_role_without_any_right_reads_the_same() {
    let (settings, manifest) = &*NASTY;
    execute(settings, "ALTER ROLE limited LOGIN");
    let mut limited = settings.clone();
    limited.user = "limited".to_owned();
    let mut session = Session::connect(&limited).unwrap();
    let refused = session.run(async |client| client.batch_execute("SELECT FROM crm.contacts").await);
    assert!(refused.is_err(), "the role may not use the schema");
    assert_eq!(read(&limited, &Options::default()), *manifest);
}

/// What only newer servers have; the statements of each are run where the
/// server is new enough.
#[test]
fn newer_servers() {
    let settings = database(&SERVER, "newer", "CREATE EXTENSION btree_gist");
    let mut session = Session::connect(&settings).unwrap();
    let major = session.run(async |client| {
        let row = client.query_typed_one("SELECT current_setting('server_version_num')::int4 / 10000", &[]);
        row.await.map(|row| row.get::<_, i32>(0))
    });
    let major = major.unwrap();
    if major >= 15 {
        execute(
            &settings,
            "CREATE TABLE n15 (a integer, b integer, c integer, UNIQUE NULLS NOT DISTINCT (a), PRIMARY KEY (b, c));
             CREATE UNIQUE INDEX n15_index ON n15 (b) NULLS NOT DISTINCT;
             CREATE TABLE r15 (a integer, b integer, c integer,
                               FOREIGN KEY (a, b) REFERENCES n15 ON DELETE SET NULL (b),
                               FOREIGN KEY (a, c) REFERENCES n15 ON DELETE SET DEFAULT);",
        );
    }
    if major >= 18 {
        execute(
            &settings,
            "CREATE TABLE n18 (a integer, p tsrange, v integer GENERATED ALWAYS AS (a * 2) VIRTUAL,
                               CONSTRAINT named NOT NULL a, PRIMARY KEY (a, p WITHOUT OVERLAPS),
                               CHECK (a > 0) NOT ENFORCED);
             CREATE TABLE r18 (a integer, p tsrange, FOREIGN KEY (a, PERIOD p) REFERENCES n18 (a, PERIOD p),
                               FOREIGN KEY (a) REFERENCES r18u NOT ENFORCED);"
                .replace("CREATE TABLE r18 ", "CREATE TABLE r18u (a integer PRIMARY KEY); CREATE TABLE r18 ")
                .as_str(),
        );
    }
    let manifest = read(&settings, &Options::default());
    let public = schema(&manifest, "public");
    if major >= 15 {
        let unique = table(public, "n15");
        assert!(unique.unique[0].nulls_not_distinct && unique.indexes[0].nulls_not_distinct);
        assert!(!unique.primary_key.as_ref().unwrap().nulls_not_distinct);
        let [one, all] = table(public, "r15").foreign_keys.as_slice() else { panic!("two foreign keys") };
        assert_eq!((one.on_delete, &*one.on_delete_columns), (Action::SetNull, &texts(["b"])));
        assert_eq!((all.on_delete, &*all.on_delete_columns), (Action::SetDefault, &Vec::new()));
    }
    if major >= 18 {
        let temporal = table(public, "n18");
        assert!(temporal.primary_key.as_ref().unwrap().without_overlaps);
        assert_eq!(temporal.columns[2].generated.as_ref().unwrap().kind, GeneratedKind::Virtual);
        assert!(temporal.columns[0].not_null);
        let [check] = temporal.checks.as_slice() else { panic!("NOT NULL is no check: {:?}", temporal.checks) };
        assert!(check.not_enforced && check.not_valid);
        let [plain, period] = table(public, "r18").foreign_keys.as_slice() else { panic!("two foreign keys") };
        assert!(plain.not_enforced && !plain.period && period.period && !period.not_enforced);
    }
}

#[test]
fn the_order_of_creation_says_nothing() {
    let statements = [
        "CREATE TABLE b (id integer PRIMARY KEY, note text)",
        "CREATE TABLE a (id integer PRIMARY KEY, note text)",
        "CREATE TYPE zoo AS ENUM ('x', 'y')",
        "CREATE SCHEMA other",
        "CREATE TABLE parts (id integer) PARTITION BY LIST (id)",
    ];
    let then = [
        "CREATE INDEX b_two ON b (note)",
        "CREATE INDEX b_one ON b (note)",
        "ALTER TABLE b ADD CONSTRAINT k2 FOREIGN KEY (id) REFERENCES a",
        "ALTER TABLE b ADD CONSTRAINT k1 CHECK (id > 0)",
        "ALTER TABLE b ADD CONSTRAINT k0 CHECK (id > 1)",
        "CREATE TABLE parts_2 PARTITION OF parts FOR VALUES IN (2)",
        "CREATE TABLE other.parts_1 PARTITION OF parts FOR VALUES IN (1)",
        "CREATE VIEW v AS SELECT id FROM a",
        "CREATE FUNCTION f(zoo) RETURNS text LANGUAGE sql AS 'SELECT NULL'",
        "CREATE FUNCTION f(text) RETURNS text LANGUAGE sql AS 'SELECT NULL'",
        "CREATE POLICY p2 ON a",
        "CREATE POLICY p1 ON a",
    ];
    let forwards = [statements.join(";"), then.join(";")].join(";");
    let backwards: Vec<&str> = statements.into_iter().rev().chain(then.into_iter().rev()).collect();
    let first = database(&SERVER, "forwards", &forwards);
    let second = database(&SERVER, "backwards", &backwards.join(";"));
    assert_eq!(read(&first, &Options::default()), read(&second, &Options::default()));
}

#[test]
fn managed_schemas_are_left_out_and_named() {
    let server = start();
    let sql = "CREATE ROLE supabase_admin NOLOGIN;
               CREATE SCHEMA auth AUTHORIZATION supabase_admin;
               CREATE TABLE auth.users (id uuid PRIMARY KEY);
               CREATE SCHEMA vault;
               CREATE TABLE vault.contacts (id uuid REFERENCES auth.users);
               CREATE SCHEMA extensions;
               CREATE SCHEMA neon_auth;";
    let settings = database(&server, "hosted", sql);
    let names = |manifest: &Manifest| manifest.schemas.iter().map(|schema| schema.name.clone()).collect::<Vec<_>>();
    let left_out = |manifest: &Manifest| manifest.left_out.iter().map(|item| item.schema.clone()).collect::<Vec<_>>();

    let detected = read(&settings, &Options::default());
    assert_eq!(detected.source.as_ref().unwrap().profile.as_deref(), Some("supabase"));
    assert_eq!(names(&detected), ["neon_auth", "public", "vault"], "a vault of one's own is read");
    assert_eq!(left_out(&detected), ["auth", "extensions"]);
    assert_eq!(detected.left_out[0].reason, "Supabase manages it");
    let foreign_key = &table(schema(&detected, "vault"), "contacts").foreign_keys[0];
    let references = Reference { schema: "auth".to_owned(), table: "users".to_owned(), columns: texts(["id"]) };
    assert_eq!(foreign_key.references, references, "a key into a schema that is left out stays");

    let none = read(&settings, &Options { profile: Some(Profile::None), ..Options::default() });
    assert_eq!(names(&none), ["auth", "extensions", "neon_auth", "public", "vault"]);
    assert_eq!(none.source.as_ref().unwrap().profile, None);
    let neon = read(&settings, &Options { profile: Some(Profile::Neon), ..Options::default() });
    assert_eq!(left_out(&neon), ["neon_auth"]);
    let overruled = Options { include: texts(["auth"]), exclude: texts(["vault"]), ..Options::default() };
    let overruled = read(&settings, &overruled);
    assert_eq!(names(&overruled), ["auth", "neon_auth", "public"]);
    assert_eq!(left_out(&overruled), ["extensions", "vault"]);
}

#[test]
fn a_table_that_is_locked_is_an_error_with_its_reason() {
    let settings = database(&SERVER, "locked", "CREATE TABLE t (id integer); CREATE VIEW v AS SELECT id FROM t");
    let mut holder = Session::connect(&settings).unwrap();
    holder.run(async |client| client.batch_execute("BEGIN; LOCK TABLE t").await).unwrap();
    let options = Options { lock_timeout: Duration::from_millis(50), ..Options::default() };
    let mut session = Session::connect(&settings).unwrap();
    let refused = session.run(async |client| introspect(client, &options).await).unwrap_err();
    let message = refused.to_string();
    assert!(matches!(refused, Error::Query { what: "view definitions", .. }), "{message}");
    assert!(message.contains("55P03") && message.contains("try again"), "{message}");
    holder.run(async |client| client.batch_execute("ROLLBACK").await).unwrap();
    // The same connection goes on: the failed transaction was ended.
    let manifest = session.run(async |client| introspect(client, &options).await).unwrap();
    assert_eq!(schema(&manifest, "public").views.len(), 1);
}

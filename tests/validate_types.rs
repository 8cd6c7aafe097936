//! `schemacast validate --types` against a live Postgres: the scratch server.

#![cfg(all(unix, feature = "cli"))]

use std::fs;
use std::path::Path;
use std::process::Output;
use std::sync::LazyLock;

use schemacast::postgres::scratch::{Options, ScratchServer};
use schemacast::postgres::{ConnectionSettings, Session};
use serde_json::Value;
use tempfile::TempDir;

#[path = "common/program.rs"]
mod program;

use program::{said, schemacast};

static SERVER: LazyLock<ScratchServer> =
    LazyLock::new(|| ScratchServer::start(&Options::default()).unwrap_or_else(|error| panic!("{error}")));

/// Each kind of object that models are made of, and what would tell if a
/// statement ran: a trigger that fails, a sequence, a view that divides by zero.
const SCHEMA: &str = "
    CREATE SCHEMA crm;
    CREATE SCHEMA \"we\"\"ird é\";
    CREATE TYPE crm.mood AS ENUM ('sad', 'ok', 'it''s');
    CREATE DOMAIN crm.email AS text CHECK (VALUE ~ '@');
    CREATE TYPE crm.place AS (street text, number integer);
    CREATE TYPE crm.spot AS (street text, number integer);
    CREATE TYPE crm.span AS RANGE (subtype = double precision);
    CREATE TABLE crm.person (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        name character varying(40) NOT NULL,
        mail crm.email,
        mood crm.mood NOT NULL DEFAULT 'ok',
        home crm.place,
        moods crm.mood[] NOT NULL DEFAULT '{}',
        during crm.span,
        price numeric(10,2),
        page xml,
        words tsvector GENERATED ALWAYS AS (to_tsvector('simple', name)) STORED,
        seen timestamp with time zone DEFAULT now()
    );
    CREATE TABLE \"we\"\"ird é\".\"Ta ble\" (\"Se\"\"lect\" integer NOT NULL, \"from\" text[]);
    CREATE TABLE crm.counter (n integer GENERATED ALWAYS AS IDENTITY);
    CREATE TABLE crm.empty ();
    CREATE VIEW crm.named AS SELECT id, name, mail FROM crm.person;
    CREATE VIEW crm.broken AS SELECT id / (id - id) AS never FROM crm.person;
    CREATE MATERIALIZED VIEW crm.kept AS SELECT count(*) AS n FROM crm.person WITH NO DATA;
    CREATE FUNCTION crm.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'a trigger ran'; END $$;
    INSERT INTO crm.person (name) VALUES ('p');
    CREATE TRIGGER refuse BEFORE INSERT ON crm.person FOR EACH STATEMENT EXECUTE FUNCTION crm.refuse();
";

/// A root with the project `shop`, its database, and models generated from it.
struct Shop {
    root: TempDir,
    settings: ConnectionSettings,
    url: String,
}

impl Shop {
    fn new(name: &str) -> Self {
        let settings = SERVER.create_database(name).unwrap();
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("manifests/shop");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("project.yaml"), "name: shop\ntargets: [models]\n").unwrap();
        let url = format!("postgres://postgres@/{name}?host={}", SERVER.socket_folder().display());
        let shop = Self { root, settings, url };
        shop.execute(SCHEMA);
        shop.cast();
        shop
    }

    fn execute(&self, sql: &str) {
        let mut session = Session::connect(&self.settings).unwrap();
        session.run(async |client| client.batch_execute(sql).await).unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    }

    fn cast(&self) {
        for arguments in [&["introspect", "shop", "--database-url", &self.url][..], &["generate", "shop"]] {
            let output = schemacast(self.root.path(), arguments);
            assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        }
    }

    fn prove(&self, more: &[&str]) -> Output {
        let arguments = [&["validate", "shop", "--types", "--database-url", &self.url], more].concat();
        schemacast(self.root.path(), &arguments)
    }

    /// The mismatches as `path what`, after the exit code 1 that they mean.
    fn mismatches(&self) -> Vec<String> {
        let output = self.prove(&["--output", "json"]);
        let outcome: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", said(&output)));
        let found = outcome["types"][0]["mismatches"].as_array().unwrap();
        assert_eq!(output.status.code(), Some(i32::from(!found.is_empty())), "{}", said(&output));
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        found.iter().map(|one| format!("{} {}", text(&one["path"]), text(&one["what"]))).collect()
    }
}

#[test]
fn the_models_of_the_projects_in_the_box_hold() {
    let output = schemacast(Path::new(env!("CARGO_MANIFEST_DIR")), &["validate", "--types", "--scratch"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let said = said(&output);
    for project in ["barton-outreach-core", "odoboo-workspace"] {
        assert!(
            said.lines().any(|line| line.starts_with(project) && line.ends_with("0 wrong, 0 not proved")),
            "{said}"
        );
    }
}

#[test]
fn a_proof_reads_no_row_runs_no_trigger_and_leaves_nothing_behind() {
    let shop = Shop::new("untouched");
    // The trigger fails, `broken` divides by zero and `kept` holds nothing: none is asked for a row.
    let output = shop.prove(&[]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let line = "shop: 4 tables, 3 views, 19 columns, 5 types: 0 wrong, 0 not proved";
    assert!(said(&output).contains(line), "{}", said(&output));
    let sql = "SELECT (SELECT count(*) FROM crm.person) = 1
           AND (SELECT last_value FROM crm.person_id_seq) = 1
           AND NOT (SELECT is_called FROM crm.counter_n_seq)";
    let mut session = Session::connect(&shop.settings).unwrap();
    let row = session.run(async |client| client.query_typed_one(sql, &[]).await).unwrap();
    assert!(row.get::<_, bool>(0));
}

/// Each change with what is found, and nothing besides: the change is undone
/// by casting anew, after which the models hold again.
const CHANGES: &[(&str, &[&str])] = &[
    (
        "ALTER TABLE crm.counter ADD m smallint; ALTER TABLE crm.counter RENAME n TO o",
        &["crm.counter.n column", "crm.counter.o column", "crm.counter.m column"],
    ),
    ("ALTER TABLE crm.person ALTER price TYPE numeric(40,2)", &["crm.person.price type"]),
    ("ALTER TABLE crm.person ALTER price TYPE text", &["crm.person.price type"]),
    ("ALTER TABLE crm.person DROP price", &["crm.person.price column"]),
    (
        "ALTER TABLE crm.person ALTER seen SET NOT NULL, ALTER seen DROP DEFAULT",
        &["crm.person.seen null", "crm.person.seen default"],
    ),
    ("ALTER TABLE crm.person ALTER id SET GENERATED BY DEFAULT", &["crm.person.id generated"]),
    ("ALTER TABLE crm.person ALTER words DROP EXPRESSION", &["crm.person.words generated"]),
    (
        "ALTER TABLE crm.person ALTER moods DROP DEFAULT, ALTER moods TYPE text[]",
        &["crm.person.moods type", "crm.person.moods default"],
    ),
    ("ALTER TYPE crm.mood ADD VALUE 'glad' BEFORE 'ok'", &["crm.mood label"]),
    ("ALTER TYPE crm.mood RENAME VALUE 'sad' TO 'blue'", &["crm.mood label", "crm.mood label"]),
    ("UPDATE pg_enum SET enumsortorder = -enumsortorder WHERE enumtypid = 'crm.mood'::regtype", &["crm.mood labels"]),
    (
        "ALTER TYPE crm.spot ADD ATTRIBUTE city text, ALTER ATTRIBUTE number TYPE bigint",
        &["crm.spot.number type", "crm.spot.city attribute"],
    ),
    ("ALTER TYPE crm.spot RENAME ATTRIBUTE city TO town", &["crm.spot.city attribute", "crm.spot.town attribute"]),
    (
        "ALTER TABLE crm.person DROP mail CASCADE; DROP DOMAIN crm.email; CREATE DOMAIN crm.email AS varchar(99);
      ALTER TABLE crm.person ADD mail crm.email",
        &["crm.named view", "crm.email base"],
    ),
    ("CREATE VIEW crm.named AS SELECT id, name FROM crm.person", &[]),
    (
        "DROP VIEW crm.named; CREATE VIEW crm.named AS SELECT NULLIF(id, 1)::integer AS id, name FROM crm.person",
        &["crm.named.id type", "crm.named.id null"],
    ),
    (
        "DROP VIEW crm.named; CREATE TABLE crm.named (id integer, name character varying(40) NOT NULL)",
        &["crm.named view"],
    ),
    ("ALTER TABLE \"we\"\"ird é\".\"Ta ble\" RENAME TO tabled", &["we\"ird é.Ta ble table"]),
    ("ALTER SCHEMA \"we\"\"ird é\" RENAME TO plain", &["we\"ird é.tabled table"]),
    ("ALTER TYPE crm.mood RENAME TO temper", &["crm.person.mood type", "crm.mood type"]),
];

#[test]
fn each_kind_of_change_is_found_and_casting_anew_mends_it() {
    let shop = Shop::new("changes");
    for (sql, expected) in CHANGES {
        shop.execute(sql);
        assert_eq!(shop.mismatches(), *expected, "{sql}");
        if !expected.is_empty() {
            let output = shop.prove(&[]);
            let way_out = "`schemacast introspect shop`, then `schemacast generate shop`";
            assert!(said(&output).contains(way_out), "{}", said(&output));
        }
        shop.cast();
        assert_eq!(shop.mismatches(), Vec::<String>::new(), "after {sql}");
    }
}

#[test]
fn a_mismatch_says_what_each_side_says() {
    let shop = Shop::new("sides");
    shop.execute("ALTER TABLE crm.person ALTER price TYPE text; ALTER TYPE crm.mood RENAME VALUE 'it''s' TO 'is'");
    let output = shop.prove(&[]);
    assert_eq!(output.status.code(), Some(1));
    for line in [
        "crm.person.price: type: the models say `numeric(10,2)`, the database `text`\n",
        "crm.mood: label: the models say `it's`, the database no such label\n",
        "crm.mood: label: the models say no such variant, the database `is`\n",
        "5 types: 3 wrong, 0 not proved\n",
    ] {
        assert!(said(&output).contains(line), "{line}{}", said(&output));
    }
}

#[test]
fn what_a_role_may_not_do_is_neither_proved_nor_refuted() {
    let mut shop = Shop::new("reader");
    shop.execute(
        "CREATE ROLE reader LOGIN; GRANT USAGE ON SCHEMA crm, \"we\"\"ird é\" TO reader;
         GRANT SELECT ON ALL TABLES IN SCHEMA crm, \"we\"\"ird é\" TO reader;
         GRANT INSERT ON crm.counter, crm.empty, \"we\"\"ird é\".\"Ta ble\" TO reader",
    );
    shop.url = shop.url.replace("postgres@", "reader@");
    let output = shop.prove(&[]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    let line = "crm.person: not proved: INSERT: permission denied for table person (42501)\n";
    assert!(said(&output).contains(line), "{}", said(&output));
    assert!(said(&output).contains("0 wrong, 1 not proved"), "{}", said(&output));
}

#[test]
fn models_that_are_not_what_the_manifest_gives_are_not_proved_by_it() {
    let shop = Shop::new("stale");
    let tables = shop.root.path().join("generated/shop/models/crm/tables.rs");
    fs::write(&tables, fs::read_to_string(&tables).unwrap().replace("pub price: Option<", "pub price: Vec<")).unwrap();
    let output = shop.prove(&[]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let line = "generated/shop/models/crm/tables.rs: is not what the manifest gives\n";
    assert!(said(&output).contains(line), "{}", said(&output));
}

#[test]
fn a_manifest_beside_no_project_is_proved_too() {
    let shop = Shop::new("loose");
    let arguments =
        ["validate", "--manifest", "manifests/shop/NEON_SCHEMA_MANIFEST.yaml", "--types", "--database-url", &shop.url];
    let output = schemacast(shop.root.path(), &arguments);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(said(&output).contains("0 wrong, 0 not proved"), "{}", said(&output));
    let nowhere = schemacast(shop.root.path(), &["validate", "shop", "--types"]);
    assert_eq!(nowhere.status.code(), Some(2));
    assert!(said(&nowhere).contains("pass --database-url URL"), "{}", said(&nowhere));
}

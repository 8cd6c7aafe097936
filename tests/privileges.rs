//! Privileges against a real server: what is read of them, and that the SQL
//! which is made from it gives the same ones to the same objects.
#![cfg(all(unix, feature = "cli"))]

use std::sync::LazyLock;

use schemacast::codegen::manifest::{DefaultPrivilegeObjects, Grant, Manifest, ObjectId};
use schemacast::diff::grant::{self, Lists, lists};
use schemacast::diff::{Item, Object, Statement, compare, objects};
use schemacast::postgres::introspect::{Options, introspect};
use schemacast::postgres::scratch;
use schemacast::postgres::{ConnectionSettings, ScratchServer, Session};

static SERVER: LazyLock<ScratchServer> = LazyLock::new(|| {
    let server = ScratchServer::start(&scratch::Options::default()).unwrap_or_else(|error| panic!("{error}"));
    let settings = server.create_database("roles").unwrap();
    execute(
        &settings,
        r#"CREATE ROLE app; CREATE ROLE lead; CREATE ROLE "Odd ""role""."; CREATE ROLE owner; CREATE ROLE gone;"#,
    );
    server
});

/// One object of every kind that has privileges.
const OBJECTS: &str = r#"
    CREATE SCHEMA crm AUTHORIZATION owner;
    SET ROLE owner;
    CREATE TABLE crm.contacts (id bigint GENERATED ALWAYS AS IDENTITY, "the ""name""" text, note text);
    CREATE TABLE crm.events (at date, id integer) PARTITION BY RANGE (at);
    CREATE TABLE crm.events_2024 PARTITION OF crm.events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
    CREATE VIEW crm.names AS SELECT id, note FROM crm.contacts;
    CREATE MATERIALIZED VIEW crm.totals AS SELECT count(*) AS n FROM crm.contacts;
    CREATE SEQUENCE crm.numbers;
    CREATE FUNCTION crm.twice(integer) RETURNS integer LANGUAGE sql RETURN $1 * 2;
    CREATE PROCEDURE crm.tidy(integer) LANGUAGE sql AS 'SELECT 1';
    CREATE AGGREGATE crm.total(integer) (SFUNC = int4pl, STYPE = integer);
    CREATE TYPE crm.status AS ENUM ('a');
    CREATE DOMAIN crm.email AS text;
    CREATE TYPE crm.address AS (street text);
    CREATE TYPE crm.span AS RANGE (subtype = float8);
    RESET ROLE;
    CREATE AGGREGATE crm.middle(float8 ORDER BY anyelement) (
        SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA);
    CREATE FUNCTION crm.rank() RETURNS bigint LANGUAGE internal WINDOW AS 'window_row_number';
    ALTER FUNCTION crm.middle(float8, anyelement) OWNER TO owner;
    ALTER FUNCTION crm.rank() OWNER TO owner;
"#;

const GRANTS: &str = r#"
    GRANT USAGE ON SCHEMA crm TO app, lead, "Odd ""role""." WITH GRANT OPTION;
    GRANT CREATE ON SCHEMA public TO app;
    GRANT SELECT, INSERT ON crm.contacts TO app;
    GRANT SELECT, UPDATE ON crm.contacts TO lead WITH GRANT OPTION;
    SET ROLE lead;
    GRANT SELECT ON crm.contacts TO "Odd ""role""." WITH GRANT OPTION;
    SET ROLE "Odd ""role"".";
    GRANT SELECT ON crm.contacts TO app;
    RESET ROLE;
    REVOKE DELETE ON crm.contacts FROM owner;
    GRANT SELECT ("the ""name""", id), UPDATE (note) ON crm.contacts TO app;
    GRANT INSERT (note) ON crm.contacts TO app WITH GRANT OPTION;
    GRANT INSERT (id) ON crm.contacts TO app;
    GRANT USAGE ON SEQUENCE crm.contacts_id_seq, crm.numbers TO app;
    GRANT SELECT ON crm.events_2024, crm.names, crm.totals TO PUBLIC;
    GRANT SELECT (id) ON crm.names TO app;
    REVOKE EXECUTE ON FUNCTION crm.twice(integer), crm.total(integer), crm.rank() FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION crm.twice(integer), crm.middle(float8, anyelement) TO app;
    GRANT EXECUTE ON PROCEDURE crm.tidy(integer) TO lead WITH GRANT OPTION;
    REVOKE USAGE ON TYPE crm.status, crm.address FROM PUBLIC;
    GRANT USAGE ON TYPE crm.email, crm.span TO app;
    ALTER DEFAULT PRIVILEGES FOR ROLE owner IN SCHEMA crm GRANT SELECT ON TABLES TO app;
    ALTER DEFAULT PRIVILEGES FOR ROLE owner GRANT USAGE ON SEQUENCES TO app WITH GRANT OPTION;
    ALTER DEFAULT PRIVILEGES FOR ROLE "Odd ""role""." REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
    ALTER DEFAULT PRIVILEGES FOR ROLE owner GRANT USAGE ON TYPES TO lead;
    ALTER DEFAULT PRIVILEGES FOR ROLE owner GRANT CREATE, USAGE ON SCHEMAS TO lead;
"#;

/// Others, which differ from those in every way that there is.
const OTHERS: &str = r#"
    GRANT USAGE ON SCHEMA crm TO app, lead;
    GRANT CREATE ON SCHEMA crm TO lead;
    REVOKE USAGE ON SCHEMA public FROM PUBLIC;
    GRANT SELECT ON crm.contacts TO app WITH GRANT OPTION;
    GRANT SELECT, INSERT, TRUNCATE ON crm.contacts TO lead;
    SET ROLE app;
    GRANT SELECT ON crm.contacts TO "Odd ""role"".";
    RESET ROLE;
    REVOKE INSERT ON crm.contacts FROM owner;
    GRANT SELECT ("the ""name""") ON crm.contacts TO app WITH GRANT OPTION;
    GRANT INSERT (note, id) ON crm.contacts TO app;
    GRANT UPDATE, USAGE ON SEQUENCE crm.contacts_id_seq TO lead;
    GRANT SELECT ON crm.names TO PUBLIC;
    GRANT DELETE ON crm.events TO app;
    REVOKE EXECUTE ON FUNCTION crm.middle(float8, anyelement) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION crm.twice(integer) TO app WITH GRANT OPTION;
    GRANT EXECUTE ON PROCEDURE crm.tidy(integer) TO lead;
    REVOKE USAGE ON TYPE crm.email FROM PUBLIC;
    GRANT USAGE ON TYPE crm.status TO lead;
    ALTER DEFAULT PRIVILEGES FOR ROLE owner IN SCHEMA crm GRANT SELECT, INSERT ON TABLES TO app WITH GRANT OPTION;
    ALTER DEFAULT PRIVILEGES FOR ROLE owner GRANT USAGE ON SEQUENCES TO app;
    ALTER DEFAULT PRIVILEGES FOR ROLE lead IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO app;
"#;

fn execute(settings: &ConnectionSettings, sql: &str) {
    let mut session = Session::connect(settings).unwrap();
    session.run(async |client| client.batch_execute(sql).await).unwrap_or_else(|error| panic!("{error:?}\n{sql}"));
}

fn database(name: &str, sql: &str) -> ConnectionSettings {
    let settings = SERVER.create_database(name).unwrap();
    execute(&settings, sql);
    settings
}

fn read(settings: &ConnectionSettings) -> Manifest {
    let mut session = Session::connect(settings).unwrap();
    session.run(async |client| introspect(client, &Options::default()).await).unwrap()
}

/// The SQL that turns the privileges of one manifest into another's.
fn sql(from: &Manifest, to: &Manifest) -> String {
    text(grant::alter_lists(&lists(from), &lists(to)))
}

fn text(statements: Vec<Statement>) -> String {
    statements.into_iter().map(|statement| statement.sql + ";\n").collect()
}

fn assert_same(settings: &ConnectionSettings, expected: &Manifest, sql: &str) {
    let changes = compare(expected, &read(settings)).changes;
    assert!(changes.is_empty(), "{changes:#?}\n{sql}");
}

fn texts(grants: &[Grant]) -> Vec<String> {
    let text = |grant: &Grant| {
        let by = grant.grantor.as_deref().map(|role| format!(" by {role}")).unwrap_or_default();
        let list = |sign: &str, words: &[String]| words.iter().map(|word| format!(" {sign}{word}")).collect::<String>();
        let Grant { role, privileges, grantable, revoked, .. } = grant;
        format!("{role}{by}:{}{}{}", list("", privileges), list("*", grantable), list("-", revoked))
    };
    grants.iter().map(text).collect()
}

#[test]
fn what_is_granted_is_read() {
    let settings = database("granted", &[OBJECTS, GRANTS].concat());
    let manifest = read(&settings);
    let [crm, public] = manifest.schemas.as_slice() else { panic!("{:?}", manifest.schemas) };
    assert_eq!(texts(&public.grants), ["app: create"], "what initdb granted is not listed");
    assert_eq!(texts(&crm.grants), ["Odd \"role\".: *usage", "app: *usage", "lead: *usage"]);
    let [contacts, events] = crm.tables.shared() else { panic!("{:?}", crm.tables) };
    assert_eq!(
        texts(&contacts.grants),
        [
            "Odd \"role\". by lead: *select",
            "app: insert select",
            "app by Odd \"role\".: select",
            "lead: *select *update",
            "owner: -delete",
        ]
    );
    let [id, name, note] = contacts.columns.as_slice() else { panic!("{:?}", contacts.columns) };
    assert_eq!(texts(&id.grants), ["app: insert select"]);
    assert_eq!(texts(&name.grants), ["app: select"]);
    assert_eq!(texts(&note.grants), ["app: update *insert"]);
    assert_eq!(texts(&id.identity.as_ref().unwrap().grants), ["app: usage"]);
    assert_eq!(texts(&crm.sequences[0].grants), ["app: usage"]);
    assert!(events.grants.is_empty());
    assert_eq!(texts(&events.partitions[0].grants), ["public: select"]);
    assert_eq!(texts(&crm.views[0].grants), ["public: select"]);
    assert_eq!(texts(&crm.views[0].columns[0].grants), ["app: select"]);
    assert_eq!(texts(&crm.materialized_views[0].grants), ["public: select"]);
    let routines: Vec<_> = crm.functions.iter().map(|routine| (&*routine.name, texts(&routine.grants))).collect();
    let expected = [
        ("middle", vec!["app: execute".to_owned()]),
        ("rank", vec!["public: -execute".to_owned()]),
        ("tidy", vec!["lead: *execute".to_owned()]),
        ("total", vec!["public: -execute".to_owned()]),
        ("twice", vec!["app: execute".to_owned(), "public: -execute".to_owned()]),
    ];
    assert_eq!(routines, expected);
    assert_eq!(texts(&crm.enums[0].grants), ["public: -usage"]);
    assert_eq!(texts(&crm.composites[0].grants), ["public: -usage"]);
    assert_eq!(texts(&crm.domains[0].grants), ["app: usage"]);
    assert_eq!(texts(&crm.ranges[0].grants), ["app: usage"]);
    let defaults: Vec<_> = manifest
        .default_privileges
        .iter()
        .map(|item| (&*item.role, item.schema.as_deref(), item.objects, texts(&item.grants).join("; ")))
        .collect();
    use DefaultPrivilegeObjects::{Functions, Schemas, Sequences, Tables, Types};
    let expected = [
        ("Odd \"role\".", None, Functions, "public: -execute"),
        ("owner", None, Sequences, "app: *usage"),
        ("owner", None, Types, "lead: usage"),
        ("owner", None, Schemas, "lead: create usage"),
        ("owner", Some("crm"), Tables, "app: select"),
    ];
    assert_eq!(defaults, expected.map(|(role, schema, objects, grants)| (role, schema, objects, grants.to_owned())));
}

#[test]
fn what_says_nothing_new_is_not_listed() {
    let spelled_out = r#"
        GRANT ALL ON SCHEMA crm TO owner;
        GRANT ALL ON crm.contacts, crm.names TO owner;
        GRANT SELECT ON crm.contacts TO owner WITH GRANT OPTION;
        GRANT UPDATE ON crm.numbers TO app;
        REVOKE UPDATE ON crm.numbers FROM app;
        GRANT SELECT (id) ON crm.contacts TO app;
        REVOKE SELECT (id) ON crm.contacts FROM app;
        GRANT EXECUTE ON FUNCTION crm.twice(integer) TO PUBLIC;
        GRANT USAGE ON TYPE crm.status TO PUBLIC, owner;
        REVOKE USAGE ON SCHEMA public FROM PUBLIC;
        GRANT USAGE ON SCHEMA public TO PUBLIC;
        ALTER DEFAULT PRIVILEGES FOR ROLE owner GRANT SELECT ON TABLES TO app;
        ALTER DEFAULT PRIVILEGES FOR ROLE owner REVOKE SELECT ON TABLES FROM app;
    "#;
    let plain = database("plain", OBJECTS);
    let spelled = database("spelled", &[OBJECTS, spelled_out].concat());
    let manifest = read(&spelled);
    assert_eq!(lists(&manifest), Lists::new());
    assert_same(&plain, &manifest, spelled_out);
    // Another owner has the former one's rights, and an owner's are usual.
    execute(&plain, "ALTER SCHEMA public OWNER TO owner; ALTER TABLE crm.contacts OWNER TO lead");
    assert_same(&plain, &manifest, spelled_out);
}

#[test]
fn the_schema_public_is_compared_with_what_every_database_has() {
    let made_again = database("made_again", "DROP SCHEMA public; CREATE SCHEMA public");
    let grants = lists(&read(&made_again)).remove(&ObjectId::parse("schema public").unwrap()).unwrap();
    assert!(texts(&grants)[0].starts_with("public: -"), "{grants:?}");
    execute(&made_again, "GRANT USAGE ON SCHEMA public TO PUBLIC");
    // Until server 14, PUBLIC could create in it, too.
    let rest = read(&made_again).schemas[0].grants.clone();
    assert!(rest.is_empty() || texts(&rest) == ["public: -create"], "{rest:?}");
}

#[test]
fn a_role_that_no_longer_exists_is_its_number() {
    let settings = database("dangling", OBJECTS);
    let mut session = Session::connect(&settings).unwrap();
    let sql = "SELECT oid::text FROM pg_roles WHERE rolname = 'gone'";
    let row = session.run(async |client| client.query_typed_one(sql, &[]).await).unwrap();
    let number: String = row.get(0);
    // The server knows whom a role's privileges hold back; only who writes its
    // catalogs leaves such a one behind.
    execute(
        &settings,
        "GRANT SELECT ON crm.contacts TO gone;
         DELETE FROM pg_shdepend WHERE refobjid = (SELECT oid FROM pg_roles WHERE rolname = 'gone');
         DROP ROLE gone",
    );
    let manifest = read(&settings);
    let contacts = &manifest.schemas[0].tables[0];
    assert_eq!(texts(&contacts.grants), [format!("{number}: select")]);
}

#[test]
fn the_sql_gives_the_same_privileges() {
    let granted = read(&database("from_granted", &[OBJECTS, GRANTS].concat()));
    let others = read(&database("from_others", &[OBJECTS, OTHERS].concat()));
    let plain = read(&database("from_plain", OBJECTS));
    assert_eq!(lists(&plain), Lists::new());
    let sides = [("plain", &plain, ""), ("granted", &granted, GRANTS), ("others", &others, OTHERS)];
    for (from_name, from, from_sql) in sides {
        for (to_name, to, _) in sides {
            let settings = database(&format!("{from_name}_to_{to_name}"), &[OBJECTS, from_sql].concat());
            let sql = sql(from, to);
            assert_eq!(sql.is_empty(), from_name == to_name, "{sql}");
            execute(&settings, &sql);
            assert_same(&settings, to, &sql);
        }
    }
}

#[test]
fn one_grant_at_a_time_is_as_good() {
    let granted = read(&database("one_granted", &[OBJECTS, GRANTS].concat()));
    let plain = read(&database("one_plain", OBJECTS));
    let settings = database("one_by_one", OBJECTS);
    let found = objects(&granted);
    let mut grants: Vec<(ObjectId, &Grant)> = Vec::new();
    for Object { id, item, .. } in &found {
        if let Item::Grant(grant) = item {
            grants.push((grant::object_of(id, grant).unwrap(), grant));
        }
    }
    // Who passes on comes behind whom he has it from.
    grants.sort_by_key(|(_, grant)| (grant.grantor.is_some(), grant.grantor.as_deref() != Some("lead")));
    let create: String = grants.iter().map(|(on, grant)| text(grant::create(on, grant))).collect();
    execute(&settings, &create);
    assert_same(&settings, &granted, &create);
    let drop: String = grants.iter().rev().map(|(on, grant)| text(grant::drop(on, grant))).collect();
    execute(&settings, &drop);
    assert_same(&settings, &plain, &drop);
    let whole: String = granted.default_privileges.iter().map(|item| text(grant::create_default(item))).collect();
    execute(&settings, &whole);
    let read = read(&settings);
    assert_eq!(read.default_privileges, granted.default_privileges);
    let none: String = granted.default_privileges.iter().map(|item| text(grant::drop_default(item))).collect();
    execute(&settings, &none);
    assert_same(&settings, &plain, &none);
}

#[test]
fn a_new_object_has_what_is_wanted_whatever_the_default_privileges_are() {
    let settings = database(
        "with_defaults",
        "CREATE SCHEMA crm;
         ALTER DEFAULT PRIVILEGES IN SCHEMA crm GRANT ALL ON TABLES TO app, lead WITH GRANT OPTION;
         ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
         ALTER DEFAULT PRIVILEGES FOR ROLE owner GRANT EXECUTE ON FUNCTIONS TO owner, lead;
         ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO app;",
    );
    let defaults = read(&settings).default_privileges;
    execute(
        &settings,
        "CREATE TABLE crm.contacts (id integer GENERATED ALWAYS AS IDENTITY);
         CREATE FUNCTION crm.twice(integer) RETURNS integer LANGUAGE sql RETURN $1 * 2;",
    );
    assert_eq!(lists(&read(&settings)).len(), 3 + defaults.len());
    let wanted = Lists::from(
        [
            (
                "table crm.contacts",
                vec![Grant { role: "app".to_owned(), privileges: vec!["select".to_owned()], ..Grant::default() }],
            ),
            ("function crm.twice(integer)", Vec::new()),
            ("sequence crm.contacts_id_seq", Vec::new()),
        ]
        .map(|(on, grants)| (ObjectId::parse(on).unwrap(), grants)),
    );
    let sql: String = wanted.iter().map(|(on, grants)| text(grant::create_all(on, &defaults, grants))).collect();
    execute(&settings, &sql);
    let manifest = read(&settings);
    let crm = &manifest.schemas[0];
    let [table, function] = [texts(&crm.tables[0].grants), texts(&crm.functions[0].grants)];
    let sequence = texts(&crm.tables[0].columns[0].identity.as_ref().unwrap().grants);
    assert_eq!((table, function, sequence), (vec!["app: select".to_owned()], Vec::new(), Vec::new()), "{sql}");
}

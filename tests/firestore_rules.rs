//! Random policies over a small table, asked twice: Postgres as a user of the
//! table, and the generated firestore.rules by an evaluator of Security Rules.
//! The rules never allow what Postgres refuses.
#![cfg(all(unix, feature = "cli"))]

use std::collections::{BTreeMap, BTreeSet};

use hidane_rules::eval::{
    Auth, Budget, Decision, Document, Documents, Map, Method, Request, Timestamp, Value, authorize,
};
use hidane_rules::{Ruleset, SourceFile, compile};
use schemacast::codegen::cast::cast;
use schemacast::codegen::manifest;
use schemacast::codegen::project::Project;
use schemacast::postgres::introspect::{Options, introspect};
use schemacast::postgres::{ScratchServer, Session, scratch};
use serde_json::Value as Json;

#[path = "random_schemas/rng.rs"]
#[allow(dead_code)]
mod rng;

use rng::Rng;

/// How many tables with policies of their own one run makes.
const TABLES: usize = 48;

/// The users that ask: signed out, and two that are signed in.
const USERS: [Option<&str>; 3] =
    [None, Some("11111111-1111-4111-8111-111111111111"), Some("22222222-2222-4222-8222-222222222222")];

const SETUP: &str = "
    CREATE ROLE anon; CREATE ROLE authenticated;
    CREATE SCHEMA auth; GRANT USAGE ON SCHEMA auth TO anon, authenticated;
    CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS
      $$ SELECT nullif(current_setting('request.jwt.claim.sub', true), '')::uuid $$;
    CREATE SCHEMA p; GRANT USAGE ON SCHEMA p TO anon, authenticated;
    CREATE TYPE p.kind AS ENUM ('low', 'middle', 'high');
    CREATE TABLE p.members (team int, member uuid, kind p.kind, PRIMARY KEY (team, member));
    GRANT SELECT ON p.members TO anon, authenticated;
    CREATE TABLE p.secret (team int PRIMARY KEY, owner uuid);
    GRANT SELECT ON p.secret TO authenticated;
    ALTER TABLE p.secret ENABLE ROW LEVEL SECURITY;
    CREATE POLICY own ON p.secret FOR SELECT TO authenticated USING (owner = auth.uid());
    CREATE FUNCTION p.my_teams(lowest p.kind) RETURNS SETOF int LANGUAGE sql STABLE SECURITY DEFINER AS
      $$ SELECT m.team FROM p.members m WHERE m.member = auth.uid() AND m.kind >= lowest $$;
    INSERT INTO p.members VALUES
      (1, '11111111-1111-4111-8111-111111111111', 'low'), (2, '11111111-1111-4111-8111-111111111111', 'high'),
      (1, '22222222-2222-4222-8222-222222222222', NULL);
    INSERT INTO p.secret VALUES (1, '11111111-1111-4111-8111-111111111111'), (2, NULL);
";

/// The rows of each table: every column is null in some.
const ROWS: &str = "
    SELECT row_number() OVER ()::int AS id, owner, team, name, n, flag, kind, tags
    FROM (VALUES ('11111111-1111-4111-8111-111111111111'::uuid), ('22222222-2222-4222-8222-222222222222'), (NULL)) a (owner),
         (VALUES (1, 'a', true), (2, NULL, false), (NULL, 'b', NULL)) b (team, name, flag),
         (VALUES (0, 'low'::p.kind, ARRAY['a', NULL]), (7, NULL, NULL), (NULL, 'high', '{}')) c (n, kind, tags)
";

/// One test of a row, whole or in parts.
fn condition(rng: &mut Rng, depth: usize) -> String {
    if depth > 0 && rng.percent(60) {
        let left = condition(rng, depth - 1);
        return match rng.below(5) {
            0 | 1 => format!("({left} AND {})", condition(rng, depth - 1)),
            2 | 3 => format!("({left} OR {})", condition(rng, depth - 1)),
            _ => format!("(NOT {left})"),
        };
    }
    let tests: [&str; 34] = [
        "owner = auth.uid()",
        "owner <> auth.uid()",
        "owner = (SELECT auth.uid())",
        "auth.uid() IS NULL",
        "auth.uid() IS NOT NULL",
        "owner IS NULL",
        "name = 'a'",
        "name <> 'a'",
        "name IN ('a', 'b')",
        "name NOT IN ('a', 'c')",
        "name = ANY (ARRAY['a', NULL])",
        "name <> ALL (ARRAY['a', NULL])",
        "name IS NOT DISTINCT FROM 'b'",
        "n > 5",
        "n <= 5",
        "n = team",
        "n <> team",
        "n::numeric > 0.5",
        "flag",
        "flag IS NOT TRUE",
        "flag IS FALSE",
        "coalesce(flag, false)",
        "coalesce(flag, true)",
        "kind > 'low'",
        "kind <= 'middle'",
        "kind <> 'high'",
        "name = ANY (tags)",
        "team IN (SELECT p.my_teams('middle'))",
        "EXISTS (SELECT 1 FROM p.members m WHERE m.team = T.team AND m.member = auth.uid())",
        "EXISTS (SELECT 1 FROM p.members m WHERE m.team = T.team AND m.member = auth.uid() AND m.kind = 'high')",
        "NOT EXISTS (SELECT 1 FROM p.members m WHERE m.team = T.team AND m.member = T.owner)",
        "EXISTS (SELECT 1 FROM p.secret s WHERE s.team = T.team)",
        "(SELECT s.owner FROM p.secret s WHERE s.team = T.team) = auth.uid()",
        "name LIKE 'a%'",
    ];
    tests[rng.below(tests.len())].to_owned()
}

/// A table with one to three policies.
fn table(rng: &mut Rng, name: &str) -> String {
    let mut sql = format!(
        "CREATE TABLE p.{name} (id int PRIMARY KEY, owner uuid, team int, name text, n int, flag boolean, kind p.kind, tags text[]);
         INSERT INTO p.{name} {ROWS}; ALTER TABLE p.{name} ENABLE ROW LEVEL SECURITY;
         GRANT SELECT, DELETE ON p.{name} TO anon, authenticated;\n"
    );
    for number in 0..=rng.below(3) {
        let restrictive = if number > 0 && rng.percent(40) { "AS RESTRICTIVE" } else { "" };
        let command = rng.pick(&["ALL", "SELECT", "SELECT", "DELETE"]);
        let roles = rng.pick(&["PUBLIC", "PUBLIC", "authenticated", "anon", "anon, authenticated"]);
        let using = condition(rng, 2).replace("T.", &format!("{name}."));
        sql.push_str(&format!(
            "CREATE POLICY p{number} ON p.{name} {restrictive} FOR {command} TO {roles} USING ({using});\n"
        ));
    }
    sql
}

#[test]
fn rules_never_allow_what_postgres_refuses() {
    let server = ScratchServer::start(&scratch::Options::default()).unwrap();
    let settings = server.create_database("rules").unwrap();
    let mut session = Session::connect(&settings).unwrap();
    let mut rng = Rng::new(20_260_731);
    let names: Vec<String> = (0..TABLES).map(|n| format!("t{n}")).collect();
    let tables: String = names.iter().map(|name| table(&mut rng, name)).collect();
    execute(&mut session, &format!("{SETUP}{tables}"));
    let mut manifest = session.run(async |client| introspect(client, &Options::default()).await).unwrap();
    manifest::sort(&mut manifest);
    let project: Project = serde_yaml::from_str("{firestore: {client_writes: true}}").unwrap();
    let casting = cast(&manifest, &project, &["firestore".to_owned()], "m.yaml").unwrap_or_else(|e| panic!("{e:#?}"));
    let rules = casting.artifacts.iter().find(|artifact| artifact.path == "firestore.rules").unwrap();
    let ruleset = compile(&[SourceFile { name: None, content: rules.contents.clone() }]).ruleset.unwrap();
    let mut stored = Stored(BTreeMap::new());
    for (table, id) in [("members", "team || '~' || member"), ("secret", "team::text")] {
        stored.add(&mut session, table, id);
    }
    for name in &names {
        stored.add(&mut session, name, "id::text");
    }
    let (mut both, mut refused, mut only_postgres) = (0, 0, 0);
    for name in &names {
        for user in USERS {
            for (method, verb) in [(Method::Get, "SELECT"), (Method::Delete, "DELETE")] {
                let seen = seen(&mut session, name, user, verb);
                for id in 1..=27 {
                    let path = segments(&format!("{name}/{id}"));
                    let allowed = ask(&ruleset, &stored, method, path, user);
                    let shown = seen.contains(&id.to_string());
                    assert!(
                        shown || !allowed,
                        "{verb} of {name}/{id} by {user:?} is allowed by the rules alone: {}\n{}",
                        stored.0[&segments(&format!("{name}/{id}"))]
                            .data
                            .iter()
                            .map(|(k, v)| format!("{k}={v:?} "))
                            .collect::<String>(),
                        rules
                            .contents
                            .split("\n\n")
                            .filter(|part| part.contains(&format!("p.{name}\n")))
                            .collect::<String>()
                    );
                    match (shown, allowed) {
                        (true, true) => both += 1,
                        (true, false) => only_postgres += 1,
                        _ => refused += 1,
                    }
                }
            }
        }
    }
    // Rules that deny everything would pass as well: most of what Postgres
    // allows is allowed here.
    assert!(
        both > 2 * only_postgres && refused > 1_000,
        "both {both}, Postgres alone {only_postgres}, neither {refused}"
    );
}

fn execute(session: &mut Session, sql: &str) {
    session.run(async |client| client.batch_execute(sql).await).unwrap_or_else(|error| panic!("{error:?}\n{sql}"));
}

/// The ids of the rows that Postgres lets a user see or delete; none where it
/// raises an error.
fn seen(session: &mut Session, table: &str, user: Option<&str>, verb: &str) -> BTreeSet<String> {
    let role = if user.is_some() { "authenticated" } else { "anon" };
    let setup = format!(
        "BEGIN; SELECT set_config('request.jwt.claim.sub', '{}', true); SET LOCAL ROLE {role};",
        user.unwrap_or_default()
    );
    let sql = match verb {
        "SELECT" => format!("SELECT id::text FROM p.{table}"),
        _ => format!("DELETE FROM p.{table} WHERE id > 0 RETURNING id::text"),
    };
    session.run(async |client| {
        client.batch_execute(&setup).await.unwrap();
        let rows = client.query_typed(&sql, &[]).await;
        client.batch_execute("ROLLBACK").await.unwrap();
        // Not refused for a privilege of the row but altogether, as where a
        // policy asks for a table that the role may not select from.
        rows.map(|rows| rows.iter().map(|row| row.get(0)).collect()).unwrap_or_default()
    })
}

/// The rows as the documents that mirror them.
struct Stored(BTreeMap<Vec<String>, Document>);

impl Stored {
    fn add(&mut self, session: &mut Session, table: &str, id: &str) {
        let sql = format!("SELECT {id}, to_json(t)::text FROM p.{table} t");
        let rows = session.run(async |client| client.query_typed(&sql, &[]).await).unwrap();
        for row in rows {
            let path = segments(&format!("{table}/{}", row.get::<_, String>(0)));
            let data: Json = serde_json::from_str(row.get(1)).unwrap();
            self.0.insert(path.clone(), Document { path, data: map(&data) });
        }
    }
}

impl Documents for Stored {
    fn get(&self, path: &[String]) -> Option<Document> {
        self.0.get(path).cloned()
    }

    fn get_after(&self, path: &[String]) -> Option<Document> {
        self.get(path)
    }
}

fn ask(ruleset: &Ruleset, stored: &Stored, method: Method, path: Vec<String>, user: Option<&str>) -> bool {
    let request = Request {
        method,
        upsert: false,
        path: path.clone(),
        auth: user.map(|id| Auth { uid: Some(id.to_owned()), token: Map::new() }),
        time: Timestamp { seconds: 1_700_000_000, nanos: 0 },
        resource: None,
        query: None,
        in_transaction: method == Method::Delete,
        write_fields: None,
        transforms: None,
        auto_id: false,
        verify: false,
    };
    authorize(ruleset, &request, stored.0.get(&path), stored, &mut Budget::single()) == Decision::Allow
}

fn segments(path: &str) -> Vec<String> {
    ["databases", "(default)", "documents"].into_iter().chain(path.split('/')).map(str::to_owned).collect()
}

fn map(value: &Json) -> Map {
    value.as_object().unwrap().iter().map(|(key, value)| (key.clone(), rules_value(value))).collect()
}

fn rules_value(value: &Json) -> Value {
    match value {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => Value::Int(number.as_i64().unwrap()),
        Json::String(text) => Value::String(text.clone()),
        Json::Array(items) => Value::List(items.iter().map(rules_value).collect()),
        Json::Object(_) => Value::Map(map(value)),
    }
}

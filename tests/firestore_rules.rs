//! Random policies over small tables, asked twice: Postgres as a user of the
//! table, and the generated firestore.rules by an evaluator of Security Rules.
//! The rules never allow what Postgres refuses, and where every policy of a
//! table is translated whole they allow the same.
#![cfg(all(unix, feature = "cli"))]

use std::collections::BTreeMap;

use hidane_rules::eval::Method;
use schemacast::codegen::cast::cast;
use schemacast::codegen::manifest;
use schemacast::codegen::project::Project;
use schemacast::postgres::introspect::{Options, introspect};
use schemacast::postgres::{ScratchServer, Session, scratch};
use serde_json::{Value as Json, json};

#[path = "firestore_rules/evaluator.rs"]
mod evaluator;
#[path = "firestore_rules/policies.rs"]
mod policies;
#[path = "random_schemas/rng.rs"]
#[allow(dead_code)]
mod rng;

use evaluator::Evaluator;
use policies::{COLUMNS, ROWS, SETUP};
use rng::Rng;

/// How many tables with policies of their own one run makes.
const TABLES: usize = 72;

/// Who asks, with a claim of the token.
pub struct User {
    pub id: Option<&'static str>,
    tenant: Option<&'static str>,
}

/// Signed out, and two that are signed in.
const USERS: [User; 3] = [
    User { id: None, tenant: None },
    User { id: Some("11111111-1111-4111-8111-111111111111"), tenant: Some("a") },
    User { id: Some("22222222-2222-4222-8222-222222222222"), tenant: None },
];

impl User {
    pub fn token(&self) -> Json {
        self.tenant.map_or(json!({}), |tenant| json!({"tenant": tenant}))
    }
}

/// Something that a user tries.
struct Attempt {
    method: Method,
    sql: String,
    path: String,
    new: Option<Json>,
}

/// How often the two said what.
#[derive(Debug, Default)]
struct Tally {
    both: usize,
    only_postgres: usize,
    neither: usize,
}

#[test]
fn rules_never_allow_what_postgres_refuses() {
    let server = ScratchServer::start(&scratch::Options::default()).unwrap();
    let settings = server.create_database("rules").unwrap();
    let mut session = Session::connect(&settings).unwrap();
    let mut rng = Rng::new(20_260_731);
    let names: Vec<String> = (0..TABLES).map(|n| format!("t{n}")).collect();
    let tables: Vec<String> = names.iter().map(|name| policies::table(&mut rng, name)).collect();
    let sql = format!("{SETUP}{}", tables.concat());
    session.run(async |client| client.batch_execute(&sql).await).unwrap_or_else(|error| panic!("{error:?}\n{sql}"));
    let mut manifest = session.run(async |client| introspect(client, &Options::default()).await).unwrap();
    manifest::sort(&mut manifest);
    let project: Project = serde_yaml::from_str("{firestore: {client_writes: true}}").unwrap();
    let casting = cast(&manifest, &project, &["firestore".to_owned()], "m.yaml").unwrap_or_else(|e| panic!("{e:#?}"));
    let rules = &casting.artifacts.iter().find(|artifact| artifact.path == "firestore.rules").unwrap().contents;
    let mut evaluator = Evaluator::new(rules);
    for (table, id) in [("members", "team || '~' || member"), ("secret", "team::text")] {
        for (id, row) in rows(&mut session, table, id) {
            evaluator.store(&format!("{table}/{id}"), &row);
        }
    }
    let candidates: Vec<Json> = rows(&mut session, "rows", "id::text").into_values().collect();
    assert_eq!(candidates.len(), ROWS);
    for name in &names {
        for row in &candidates {
            evaluator.store(&format!("{name}/{}", row["id"]), row);
        }
    }
    let mut tallies: BTreeMap<(&str, bool), Tally> = BTreeMap::new();
    for (name, sql) in names.iter().zip(&tables) {
        // What is left out is found, so without a finding all is there.
        let narrower = casting.findings.iter().any(|finding| {
            ["FIR050", "FIR051", "FIR055", "FIR056"].contains(&finding.code.id)
                && (finding.path == format!("p.{name}") || finding.path.starts_with(&format!("p.{name}.")))
        });
        for user in &USERS {
            let attempts = attempts(&mut rng, name, &candidates);
            for (attempt, granted) in attempts.iter().zip(granted(&mut session, user, &attempts)) {
                let allowed = evaluator.allows(attempt.method, &attempt.path, user, attempt.new.as_ref());
                let said = || {
                    let part = |part: &&str| part.contains(&format!("// p.{name}\n"));
                    let rules: String = rules.split("\n\n").skip_while(|p| !part(p)).take(8).collect();
                    format!(
                        "{:?} says Postgres {granted}, the rules {allowed}: {}\nto {:?}\n{sql}\n{rules}",
                        user.id, attempt.sql, attempt.new
                    )
                };
                assert!(granted || !allowed, "allowed by the rules alone\n{}", said());
                assert!(narrower || granted == allowed, "translated whole, and denied\n{}", said());
                let tally = tallies.entry((verb(attempt.method), narrower)).or_default();
                match (granted, allowed) {
                    (true, true) => tally.both += 1,
                    (true, false) => tally.only_postgres += 1,
                    _ => tally.neither += 1,
                }
            }
        }
    }
    // Rules that deny everything, or are never whole, would pass as well.
    for ((verb, narrower), tally) in &tallies {
        assert!(tally.both > 100 && tally.neither > 500, "{verb}: {tally:?}");
        assert!(*narrower || tally.only_postgres == 0, "{verb}: {tally:?}");
    }
    assert_eq!(tallies.len(), 8);
}

fn verb(method: Method) -> &'static str {
    match method {
        Method::Get => "SELECT",
        Method::Create => "INSERT",
        Method::Update => "UPDATE",
        _ => "DELETE",
    }
}

/// Each row is read, deleted, made anew, and updated to itself, to some others
/// and to the one that differs by its owner alone.
fn attempts(rng: &mut Rng, name: &str, candidates: &[Json]) -> Vec<Attempt> {
    let mut attempts = Vec::new();
    let mut push = |method, path: String, sql: String, new| attempts.push(Attempt { method, sql, path, new });
    let of = |row: &Json, id: i64| {
        let mut row = row.clone();
        row["id"] = json!(id);
        row
    };
    for row in candidates {
        let id = row["id"].as_i64().unwrap();
        let path = format!("{name}/{id}");
        push(Method::Get, path.clone(), format!("SELECT 1 FROM p.{name} WHERE id = {id}"), None);
        push(Method::Delete, path.clone(), format!("DELETE FROM p.{name} WHERE id = {id}"), None);
        let made = id + 100;
        let insert =
            format!("INSERT INTO p.{name} (id, {COLUMNS}) SELECT {made}, {COLUMNS} FROM p.rows WHERE id = {id}");
        push(Method::Create, format!("{name}/{made}"), insert, Some(of(row, made)));
        let with_owner = |other: &&Json| {
            let differs =
                |(column, value): (&String, &Json)| column != "id" && column != "owner" && other[column] != *value;
            other["owner"] != row["owner"] && !row.as_object().unwrap().iter().any(differs)
        };
        let own: Vec<&Json> = candidates.iter().filter(with_owner).collect();
        assert_eq!(own.len(), 2);
        let some: Vec<&Json> = (0..3).filter_map(|_| rng.one(candidates)).collect();
        for new in [row].into_iter().chain(own).chain(some) {
            let update = format!(
                "UPDATE p.{name} SET ({COLUMNS}) = (SELECT {COLUMNS} FROM p.rows WHERE id = {}) WHERE id = {id}",
                new["id"]
            );
            push(Method::Update, path.clone(), update, Some(of(new, id)));
        }
    }
    attempts
}

/// What Postgres says to each attempt of a user.
fn granted(session: &mut Session, user: &User, attempts: &[Attempt]) -> Vec<bool> {
    let role = if user.id.is_some() { "authenticated" } else { "anon" };
    let claims = user.id.map(|_| user.token().to_string()).unwrap_or_default();
    let setup = format!(
        "BEGIN; SELECT set_config('request.jwt.claim.sub', '{}', true), set_config('request.jwt.claims', '{claims}', true);
         SET LOCAL ROLE {role};",
        user.id.unwrap_or_default()
    );
    let statements: Vec<String> = attempts.iter().map(|attempt| format!("'{}'", attempt.sql)).collect();
    let sql = format!(
        "SELECT p.tried(s) FROM unnest(ARRAY[{}]) WITH ORDINALITY AS a (s, n) ORDER BY n",
        statements.join(", ")
    );
    let said: Vec<String> = session.run(async |client| {
        client.batch_execute(&setup).await.unwrap();
        let rows = client.query_typed(&sql, &[]).await.unwrap();
        client.batch_execute("ROLLBACK").await.unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    });
    // 42501 is a privilege that is missing, or a row that a check refuses.
    let granted = |(said, attempt): (&String, &Attempt)| match said.as_str() {
        "1" => true,
        "0" | "42501" => false,
        other => panic!("{other}: {}", attempt.sql),
    };
    assert_eq!(said.len(), attempts.len());
    said.iter().zip(attempts).map(granted).collect()
}

/// A table's rows by the id of their document.
fn rows(session: &mut Session, table: &str, id: &str) -> BTreeMap<String, Json> {
    let sql = format!("SELECT {id}, to_json(t)::text FROM p.{table} t");
    let rows = session.run(async |client| client.query_typed(&sql, &[]).await).unwrap();
    rows.iter().map(|row| (row.get(0), serde_json::from_str(row.get(1)).unwrap())).collect()
}

use serde_json::{Value, json};

use super::*;
use crate::codegen::manifest::{Column, Table};

/// What can be deployed, in bytes.
const LIMIT: usize = 256 * 1024;

/// The schema of the tests with so many tables more, each `t` with columns
/// more, as `change` makes them.
fn world(tables: usize, columns: usize, options: &str, policies: &str, change: impl Fn(&mut Table)) -> World {
    let mut manifest = manifest(policies);
    let schema = &mut manifest.schemas[0];
    let mut table = schema.tables.iter().find(|table| table.name == "t").unwrap().clone();
    let needed = table.column("needed").unwrap().clone();
    table.columns.truncate(2);
    table.columns.extend((0..columns).map(|n| Column { name: format!("column_{n}"), ..needed.clone() }));
    change(&mut table);
    for n in 0..tables {
        schema.tables.push(Table { name: format!("t{n}"), ..table.clone() });
    }
    manifest::sort(&mut manifest);
    let world = World::of(&manifest, options);
    assert!(world.text.len() <= LIMIT, "{}", world.text.len());
    world
}

const OWN: &str = "    - {name: p, using: (owner = auth.uid())}\n";
const WRITES: &str = "{firestore: {client_writes: true}}";

fn row(columns: usize) -> Value {
    let columns = (0..columns).map(|n| (format!("column_{n}"), json!(true)));
    Value::Object([("id".into(), json!(ROW)), ("owner".into(), json!(ME))].into_iter().chain(columns).collect())
}

/// Whether the owner of `t7`'s row gets, creates, updates and deletes it.
fn done(world: World, columns: usize) -> [bool; 4] {
    let path = format!("t7/{ROW}");
    let created = world.ask(&Who::user(ME), Method::Create, &path, Some(row(columns)));
    let world = world.with(&path, row(columns));
    for method in [Method::Get, Method::Delete] {
        assert!(!world.ask(&Who::user(OTHER), method, &path, None));
    }
    assert!(!world.ask(&Who::user(OTHER), Method::Update, &path, Some(row(columns))));
    let ask = |method, new| world.ask(&Who::user(ME), method, &path, new);
    [ask(Method::Get, None), created, ask(Method::Update, Some(row(columns))), ask(Method::Delete, None)]
}

#[test]
fn a_file_within_the_limit_keeps_its_comments() {
    let world = world(40, 2, WRITES, OWN, |_| {});
    assert!(world.text.contains("// crm.t7\n"));
    assert!(!world.has_finding("FIR056"), "{:?}", world.findings);
    assert_eq!(done(world, 2), [true; 4]);
}

#[test]
fn a_file_that_is_too_large_with_comments_has_none() {
    // A comment says the whole condition, whose alternatives are one here.
    let same = vec!["(owner = auth.uid())"; 60].join(" OR ");
    let policies = format!("    - {{name: p, using: ({same})}}\n");
    let world = world(300, 1, "{}", &policies, |_| {});
    assert!(!world.text.contains("// crm.t7"));
    assert!(!world.has_finding("FIR056"), "{:?}", world.findings);
    assert_eq!(done(world, 1), [true, false, false, false]);
}

#[test]
fn a_file_that_is_too_large_with_the_tests_of_fields_lets_nobody_create_or_update() {
    let world = world(100, 60, WRITES, OWN, |_| {});
    assert!(world.has_finding("FIR056 firestore.rules: "), "{:?}", world.findings);
    assert!(!world.text.contains("fields_1") && !world.text.contains("id_is_key"));
    let rules = &world.schema["collections"]["t7"]["securityRules"]["rules"];
    let operations: Vec<&Value> = rules.as_array().unwrap().iter().map(|rule| &rule["operations"]).collect();
    assert_eq!(operations, [&json!(["get", "list"]), &json!(["delete"])]);
    assert_eq!(done(world, 60), [true, false, false, true]);
}

#[test]
fn a_file_that_is_too_large_still_denies_everything() {
    // None of the names is long by itself, and the literals are not one.
    let names = |n: usize| format!("(owner = '{n:08}-0000-4000-8000-000000000000'::uuid)");
    let policies: String =
        (0..40).map(|n| format!("    - {{name: p{n}, command: select, using: {}}}\n", names(n))).collect();
    let policies = policies + OWN;
    let world = world(100, 1, WRITES, &policies, |_| {});
    assert!(world.has_finding("FIR056 firestore.rules: "), "{:?}", world.findings);
    assert_eq!(world.text.matches("allow ").count(), 1, "{}", world.text);
    assert!(
        world.schema["collections"]
            .as_object()
            .unwrap()
            .values()
            .all(|collection| { collection["securityRules"]["rules"].as_array().is_none_or(Vec::is_empty) })
    );
    assert_eq!(done(world, 1), [false; 4]);
}

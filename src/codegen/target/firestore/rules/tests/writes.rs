use serde_json::{Value, json};

use super::*;

const WRITES: &str = "{firestore: {client_writes: true}}";

fn path() -> String {
    format!("t/{ROW}")
}

fn row(owner: &str) -> Value {
    json!({"id": ROW, "owner": owner, "needed": true})
}

#[test]
fn nobody_writes_unless_the_project_says_so() {
    let policies = "    - {name: p, using: 'true'}\n";
    let world = World::new(policies, "{}").with(&path(), row(ME));
    for method in [Method::Create, Method::Update] {
        assert!(!world.ask(&Who::user(ME), method, &path(), Some(row(ME))));
    }
    assert!(!world.ask(&Who::user(ME), Method::Delete, &path(), None));
    assert!(world.ask(&Who::user(ME), Method::Get, &path(), None));
    assert!(world.has_finding("FIR054 firestore.client_writes: "), "{:?}", world.findings);
}

#[test]
fn each_command_has_its_own_policies() {
    let policies = "    - {name: s, command: select, using: (needed = true)}\n    \
        - {name: i, command: insert, with_check: (owner = auth.uid())}\n    \
        - {name: u, command: update, using: (owner = auth.uid())}\n    \
        - {name: d, command: delete, using: (flag = true)}\n";
    let world = World::new(policies, WRITES);
    assert!(world.ask(&Who::user(ME), Method::Create, &path(), Some(row(ME))), "{}", world.text);
    assert!(!world.ask(&Who::user(ME), Method::Create, &path(), Some(row(OTHER))));
    assert!(!world.ask(&Who::Nobody, Method::Create, &path(), Some(row(ME))));
    let stored = World::new(policies, WRITES).with(&path(), row(ME));
    assert!(stored.ask(&Who::user(ME), Method::Update, &path(), Some(row(ME))));
    // USING stands for the CHECK that is absent.
    assert!(!stored.ask(&Who::user(ME), Method::Update, &path(), Some(row(OTHER))));
    assert!(!stored.ask(&Who::user(OTHER), Method::Update, &path(), Some(row(OTHER))));
    // An updated row must stay one that SELECT shows.
    let unseen = json!({"id": ROW, "owner": ME, "needed": false});
    assert!(!stored.ask(&Who::user(ME), Method::Update, &path(), Some(unseen)));
    assert!(!stored.ask(&Who::user(ME), Method::Delete, &path(), None));
    let flagged = json!({"id": ROW, "owner": OTHER, "flag": true, "needed": true});
    assert!(World::new(policies, WRITES).with(&path(), flagged).ask(&Who::Nobody, Method::Delete, &path(), None));
}

#[test]
fn check_looks_at_the_new_row_and_using_at_the_old() {
    let policies = "    - {name: s, command: select, using: 'true'}\n    \
        - {name: u, command: update, using: (n = 1), with_check: (n = 2)}\n";
    let with = |n: i64| json!({"id": ROW, "n": n, "needed": true});
    let world = World::new(policies, WRITES).with(&path(), with(1));
    assert!(world.ask(&Who::Nobody, Method::Update, &path(), Some(with(2))), "{}", world.text);
    assert!(!world.ask(&Who::Nobody, Method::Update, &path(), Some(with(1))));
    let world = World::new(policies, WRITES).with(&path(), with(2));
    assert!(!world.ask(&Who::Nobody, Method::Update, &path(), Some(with(2))));
}

#[test]
fn an_untranslated_restrictive_policy_denies_its_command() {
    let policies = |command: &str| {
        format!(
            "    - {{name: p, using: 'true'}}\n    - {{name: r, command: {command}, restrictive: true, {}: (name ~ 'x'::text)}}\n",
            if command == "insert" { "with_check" } else { "using" }
        )
    };
    let tried = |command: &str| {
        let world = World::new(&policies(command), WRITES);
        let create = world.ask(&Who::Nobody, Method::Create, &path(), Some(row(ME)));
        let world = world.with(&path(), row(ME));
        let update = world.ask(&Who::Nobody, Method::Update, &path(), Some(row(ME)));
        (create, update, world.ask(&Who::Nobody, Method::Delete, &path(), None))
    };
    assert_eq!(tried("insert"), (false, true, true));
    assert_eq!(tried("update"), (true, false, true));
    assert_eq!(tried("delete"), (true, true, false));
    // What cannot be read back cannot be found to be changed either.
    assert_eq!(tried("select"), (true, false, false));
}

#[test]
fn a_written_document_has_the_fields_and_the_id_of_its_row() {
    let world = World::new("    - {name: p, using: 'true'}\n", WRITES);
    let create = |id: &str, data: Value| world.ask(&Who::Nobody, Method::Create, &format!("t/{id}"), Some(data));
    let full = json!({
        "id": ROW, "owner": ME, "team": null, "name": "a", "code": "12345678", "n": 5, "price": 1.5, "flag": true,
        "level": "low", "tags": ["a"], "people": [], "meta": {}, "at": "@5", "padded": "abc", "needed": false,
    });
    assert!(create(ROW, full.clone()), "{}", world.text);
    let with = |field: &str, value: Value| {
        let mut row = full.clone();
        row[field] = value;
        row
    };
    for (field, value) in [
        ("id", json!(OTHER)),
        ("owner", json!("x")),
        ("owner", json!("a/b")),
        ("code", json!("123456789")),
        ("n", json!(3_000_000_000_i64)),
        ("n", json!(1.5)),
        ("flag", json!("true")),
        ("level", json!("none")),
        ("tags", json!("a")),
        ("meta", json!([])),
        ("at", json!("now")),
        ("needed", json!(null)),
        ("unknown", json!(1)),
    ] {
        assert!(!create(ROW, with(field, value.clone())), "{field}: {value}");
    }
    assert!(!create(OTHER, full.clone()));
    let mut missing = full.clone();
    missing.as_object_mut().unwrap().remove("needed");
    assert!(!create(ROW, missing));
}

#[test]
fn a_wide_table_is_split_or_denied_and_found() {
    let wide = |count: usize| {
        let mut manifest = manifest("    - {name: p, using: 'true'}\n");
        let table = manifest.schemas[0].tables.iter_mut().find(|table| table.name == "t").unwrap();
        let column = table.column("needed").unwrap().clone();
        let columns = (0..count).map(|n| manifest::Column { name: format!("c{n}"), ..column.clone() });
        table.columns = std::iter::once(table.columns[0].clone()).chain(columns).collect();
        World::of(&manifest, WRITES)
    };
    let data = |count: usize| {
        let fields = (0..count).map(|n| (format!("c{n}"), json!(true)));
        Value::Object(std::iter::once(("id".to_owned(), json!(ROW))).chain(fields).collect())
    };
    let world = wide(60);
    assert!(world.ask(&Who::Nobody, Method::Create, &path(), Some(data(60))), "{:?}", world.findings);
    let world = wide(400);
    assert!(world.has_finding("FIR055 crm.t: "), "{:?}", world.findings);
    assert!(!world.ask(&Who::Nobody, Method::Create, &path(), Some(data(400))));
}

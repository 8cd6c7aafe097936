//! Indexes, field overrides and their limits.

use serde_json::{Value, json};

use super::{files, table};

/// One index of `crm.t`, whose columns are one of each kind.
fn index(body: &str) -> (Value, Value, Vec<Value>, Vec<String>) {
    let files = files(&table(&format!(
        "primary_key: {{columns: [id]}}, columns: [{{name: id, type: uuid}}, {{name: a, type: integer}},
         {{name: Name, type: text}}, {{name: tags, type: 'text[]'}}, {{name: more, type: 'text[]'}},
         {{name: j, type: jsonb}}, {{name: v, type: vector(3)}}, {{name: big, type: vector(4096)}},
         {{name: grid, type: 'integer[][]'}}, {{name: search, type: tsvector}}, {{name: g, type: 'geometry(Point,4326)'}}],
         indexes: [{{name: i, {body}}}]"
    )));
    let collection = files.collection("t");
    let kept = collection["indexes"].as_array().unwrap().first().cloned().unwrap_or(Value::Null);
    let constraint = collection["constraints"].as_array().and_then(|all| all.last()).cloned().unwrap_or(Value::Null);
    let written = files.indexes["indexes"].as_array().unwrap().clone();
    let findings = files.findings.into_iter().filter(|finding| finding.ends_with("crm.t.i")).collect();
    (kept, constraint, written, findings)
}

#[track_caller]
fn automatic(body: &str, field: Value) {
    let (kept, _, written, _) = index(body);
    assert_eq!(kept["automatic"], true, "{body}");
    assert_eq!(kept["fields"], json!([field]), "{body}");
    assert!(written.is_empty(), "{body}");
}

#[track_caller]
fn composite(body: &str, fields: Value) {
    let (kept, _, written, findings) = index(body);
    assert_eq!(kept["fields"], fields, "{body}");
    assert_eq!(written, [json!({"collectionGroup": "t", "queryScope": "COLLECTION", "fields": fields})], "{body}");
    assert!(findings.is_empty(), "{body} {findings:?}");
}

#[track_caller]
fn constraint(body: &str, kind: &str, code: &str) {
    let (kept, constraint, written, findings) = index(body);
    assert_eq!(kept, Value::Null, "{body}");
    assert_eq!(constraint["kind"], kind, "{body}");
    assert!(constraint["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{body}");
    assert!(constraint["definition"].as_str().is_some_and(|text| text.contains("INDEX i ON crm.t")), "{body}");
    assert!(written.is_empty(), "{body}");
    assert_eq!(findings, [format!("{code} crm.t.i")], "{body}");
}

#[test]
fn one_field_is_automatic() {
    let ascending = json!({"fieldPath": "a", "order": "ASCENDING"});
    automatic("keys: [{column: a}]", ascending.clone());
    automatic("keys: [{column: a}], include: [Name]", ascending.clone());
    automatic("keys: [{column: a}], method: hash", ascending.clone());
    automatic("keys: [{column: a}, {column: a}]", ascending);
    automatic("keys: [{column: a, descending: true}]", json!({"fieldPath": "a", "order": "DESCENDING"}));
    automatic("keys: [{column: tags}], method: gin", json!({"fieldPath": "tags", "arrayConfig": "CONTAINS"}));
    automatic("keys: [{column: Name}], unique: true", json!({"fieldPath": "Name", "order": "ASCENDING"}));
}

#[test]
fn several_fields_are_composite() {
    let (a, name) =
        (json!({"fieldPath": "a", "order": "ASCENDING"}), json!({"fieldPath": "Name", "order": "DESCENDING"}));
    composite("keys: [{column: a}, {column: Name, descending: true}], include: [j]", json!([a, name]));
    let contains = json!({"fieldPath": "tags", "arrayConfig": "CONTAINS"});
    composite("keys: [{column: tags}, {column: a}], method: gin", json!([contains, a]));
}

#[test]
fn vectors_have_their_own() {
    let vector = json!({"fieldPath": "v", "vectorConfig": {"dimension": 3, "flat": {}}});
    composite("keys: [{column: v, operator_class: vector_cosine_ops}], method: hnsw", json!([vector]));
    composite("keys: [{column: v}, {column: v}], method: ivfflat", json!([vector]));
}

#[test]
fn unique_is_a_plain_index_and_a_constraint() {
    let (kept, constraint, _, findings) = index("keys: [{column: a}, {column: Name}], unique: true");
    assert_eq!(kept["unique"], true);
    assert_eq!(constraint["kind"], "unique");
    assert_eq!(constraint["enforcement"], "postgres");
    assert_eq!(constraint["fields"], json!(["a", "Name"]));
    assert_eq!(findings, ["FIR030 crm.t.i"]);
}

#[test]
fn what_firestore_has_not_is_a_constraint() {
    constraint("keys: [{column: a}], predicate: (a > 0)", "partial_index", "FIR040");
    constraint("keys: [{column: a}], unique: true, predicate: (a > 0)", "partial_index", "FIR040");
    constraint("keys: [{expression: lower(name)}]", "expression_index", "FIR041");
    for body in [
        "keys: [{column: Name, operator_class: gin_trgm_ops}], method: gin",
        "keys: [{column: g}], method: gist",
        "keys: [{column: a}], method: brin",
        "keys: [{column: a}], method: bloom",
        "keys: [{column: j}], method: gin",
        "keys: [{column: search}], method: gin",
        "keys: [{column: tags}, {column: more}], method: gin",
        "keys: [{column: grid}], method: gin",
        "keys: [{column: big}], method: hnsw",
        "keys: [{column: v}]",
        "keys: [{column: gone}]",
        "keys: [{column: a}], invalid: true",
        "keys: []",
    ] {
        constraint(body, "unsupported_index", "FIR042");
    }
}

fn unique_of(fields: &[Value]) -> usize {
    let mut texts: Vec<String> = fields.iter().map(Value::to_string).collect();
    texts.sort();
    texts.dedup();
    texts.len()
}

#[test]
fn indexes_are_written_once_and_in_order() {
    let files = files(&table(
        "primary_key: {columns: [b_a, ba]}, unique: [{columns: [b_a, ba]}], columns: [{name: ba, type: integer},
         {name: b_a, type: integer}, {name: B, type: integer}],
         indexes: [{name: i, keys: [{column: ba}, {column: B}]}, {name: j, keys: [{column: b_a}, {column: ba}]},
         {name: k, keys: [{column: B}, {column: ba, descending: true}]}]",
    ));
    let written = files.indexes["indexes"].as_array().unwrap();
    assert_eq!(unique_of(written), written.len());
    let firsts: Vec<&Value> = written.iter().map(|index| &index["fields"][0]["fieldPath"]).collect();
    assert_eq!(firsts, ["B", "b_a", "ba"]);
    assert_eq!(files.collection("t")["indexes"].as_array().unwrap().len(), 5);
}

#[test]
fn maps_bytes_and_vectors_are_exempt_unless_queried() {
    let files = files(&table(
        "columns: [{name: j, type: jsonb}, {name: queried, type: jsonb}, {name: 'odd name', type: bytea},
         {name: v, type: vector(3)}], indexes: [{name: i, method: gin, keys: [{column: queried}]},
         {name: k, method: hnsw, keys: [{column: v}]}]",
    ));
    let exempt: Vec<&Value> =
        files.indexes["fieldOverrides"].as_array().unwrap().iter().map(|field| &field["fieldPath"]).collect();
    assert_eq!(exempt, ["`odd name`", "j", "v"]);
    let collection = files.collection("t");
    assert_eq!(collection["fieldOverrides"][0], json!({"fieldPath": "j", "indexes": []}));
    assert_eq!(collection["fields"]["j"]["indexed"], false);
    assert!(collection["fields"]["queried"].get("indexed").is_none());
}

/// `count` indexes over pairs of columns.
fn many(count: usize) -> String {
    let columns: Vec<String> = (0..60).map(|n| format!("{{name: c{n}, type: integer}}")).collect();
    let pairs = (0..60).flat_map(|a| (0..60).map(move |b| (a, b))).filter(|(a, b)| a != b);
    let indexes: Vec<String> = pairs
        .take(count)
        .map(|(a, b)| format!("{{name: i{a}_{b}, keys: [{{column: c{a}}}, {{column: c{b}}}]}}"))
        .collect();
    table(&format!(
        "primary_key: {{columns: [c0]}}, columns: [{}], indexes: [{}]",
        columns.join(", "),
        indexes.join(", ")
    ))
}

#[test]
fn the_limits_of_a_database_are_kept() {
    let (some, more, most) = (files(&many(200)), files(&many(201)), files(&many(1001)));
    assert_eq!(some.findings, Vec::<String>::new());
    assert_eq!(more.findings, ["FIR043 firestore.indexes.json"]);
    assert_eq!(most.findings, ["FIR044 firestore.indexes.json"]);
    assert_eq!(most.indexes["indexes"].as_array().unwrap().len(), 1000);
}

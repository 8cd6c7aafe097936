use serde_json::json;

use super::*;

fn example() -> Value {
    json!({
        "version": "1.0",
        "collections": {
            "orgs": {"fields": {"id": {"type": "number", "numberFormat": "int32"}}, "indexes": []},
            "contacts": {
                "documentId": {"strategy": "field", "fields": ["id"], "encoding": "raw"},
                "fields": {
                    "id": {"type": "string", "format": "uuid", "required": true, "nullable": false},
                    "name": {"type": "string", "maxLength": 10},
                    "org": {"type": "number", "reference": {"collection": "orgs"}},
                    "tags": {"type": "array", "items": {"type": "string", "nullable": true}},
                    "v": {"type": "vector", "dimension": 3},
                    "at": {"type": "map", "fields": {"x": {"type": "number"}}},
                },
                "indexes": [
                    {"automatic": true, "fields": [{"fieldPath": "tags", "arrayConfig": "CONTAINS"}]},
                    {"queryScope": "COLLECTION", "fields": [{"fieldPath": "name", "order": "ASCENDING"},
                                                            {"fieldPath": "org", "order": "DESCENDING"}]},
                    {"queryScope": "COLLECTION",
                     "fields": [{"fieldPath": "v", "vectorConfig": {"dimension": 3, "flat": {}}}]},
                ],
            },
        },
    })
}

#[test]
fn accepts_the_plain_shape() {
    assert_eq!(schema_faults(&example().to_string()), Vec::<String>::new());
    let minimal = r#"{"version":"1.0","collections":{"contacts":{"fields":{"email":{"type":"string","required":true},"name":{"type":"string"}},"indexes":[]}}}"#;
    assert_eq!(schema_faults(minimal), Vec::<String>::new());
}

/// Each mutation is refused, at the place that was changed.
#[test]
fn refuses_every_mutation() {
    let contacts = "/collections/contacts";
    for (pointer, value, at) in [
        ("/version", json!("2.0"), "/version"),
        ("/extra", json!(1), "/"),
        ("/collections/a~1b", json!({"fields": {}, "indexes": []}), "/collections"),
        ("/collections/..", json!({"fields": {}, "indexes": []}), "/collections"),
        ("/collections/__x__", json!({"fields": {}, "indexes": []}), "/collections"),
        ("/collections/contacts/extra", json!(1), contacts),
        ("/collections/contacts/fields/__x__", json!({"type": "string"}), "/collections/contacts/fields"),
        ("/collections/contacts/fields/", json!({"type": "string"}), "/collections/contacts/fields"),
        ("/collections/contacts/fields/name/type", json!("text"), "/collections/contacts/fields/name/type"),
        ("/collections/contacts/fields/name/extra", json!(1), "/collections/contacts/fields/name"),
        ("/collections/contacts/fields/name/enum", json!([]), "/collections/contacts/fields/name/enum"),
        ("/collections/contacts/fields/name/fields", json!({}), "/collections/contacts/fields/name/fields"),
        ("/collections/contacts/fields/org/format", json!("uuid"), "/collections/contacts/fields/org/format"),
        ("/collections/contacts/fields/org/enum", json!(["a"]), "/collections/contacts/fields/org/enum"),
        ("/collections/contacts/fields/org/reference/collection", json!("gone"), "/collections/contacts/fields/org"),
        ("/collections/contacts/fields/org", json!({"type": "reference"}), "/collections/contacts/fields/org"),
        ("/collections/contacts/fields/id/nullable", json!(true), "/collections/contacts/fields/id/nullable"),
        ("/collections/contacts/fields/tags", json!({"type": "array"}), "/collections/contacts/fields/tags"),
        ("/collections/contacts/fields/tags/items/type", json!("array"), "/collections/contacts/fields/tags/items"),
        ("/collections/contacts/fields/v/dimension", json!(4096), "/collections/contacts/fields/v/dimension"),
        ("/collections/contacts/fields/at/fields/__x__", json!({"type": "string"}), "/collections/contacts/fields/at"),
        ("/collections/contacts/documentId/fields", json!(["gone"]), "/collections/contacts/documentId/fields/0"),
        ("/collections/contacts/documentId/strategy", json!("composite"), "/collections/contacts/documentId"),
        ("/collections/contacts/documentId/strategy", json!("auto"), "/collections/contacts/documentId/"),
        ("/collections/contacts/indexes/0/automatic", json!(false), "/collections/contacts/indexes/0"),
        ("/collections/contacts/indexes/1/automatic", json!(true), "/collections/contacts/indexes/1"),
        ("/collections/contacts/indexes/1/fields/0/order", json!("ASC"), "/collections/contacts/indexes/1/fields/0"),
        ("/collections/contacts/indexes/1/fields/0/fieldPath", json!("full name"), "/collections/contacts/indexes/1"),
        ("/collections/contacts/indexes/1/fields/0/fieldPath", json!("gone"), "/collections/contacts/indexes/1"),
        ("/collections/contacts/securityRules", json!({"default": "allow", "rules": []}), "/collections/contacts/sec"),
        ("/warnings", json!([{"code": "x", "message": "m", "collection": "gone"}]), "/warnings/0"),
    ] {
        let mut file = example();
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let parent = file.pointer_mut(parent).unwrap();
        match parent.as_array_mut() {
            Some(elements) => elements[key.parse::<usize>().unwrap()] = value.clone(),
            None => parent[key.replace("~1", "/")] = value.clone(),
        }
        let faults = schema_faults(&file.to_string());
        assert!(faults.iter().any(|fault| fault.starts_with(at)), "{pointer} = {value}: {faults:?}");
    }
}

#[test]
fn refuses_what_is_no_json() {
    assert!(schema_faults("{").first().is_some_and(|fault| fault.starts_with("not JSON")));
    let twice = r#"{"version": "1.0", "collections": {"a": {"fields": {}, "indexes": []}, "a": {"fields": {}, "indexes": []}}}"#;
    assert!(schema_faults(twice)[0].contains("the key `a` stands twice"), "{:?}", schema_faults(twice));
}

fn indexes(indexes: &Value, overrides: &Value) -> Vec<String> {
    indexes_faults(&json!({"indexes": indexes, "fieldOverrides": overrides}).to_string())
}

fn index(fields: Value) -> Value {
    json!([{"collectionGroup": "c", "queryScope": "COLLECTION", "fields": fields}])
}

#[test]
fn accepts_indexes_that_the_server_takes() {
    let (a, b) =
        (json!({"fieldPath": "a", "order": "ASCENDING"}), json!({"fieldPath": "`b c`", "arrayConfig": "CONTAINS"}));
    let vector = json!({"fieldPath": "v", "vectorConfig": {"dimension": 3, "flat": {}}});
    let name = json!({"fieldPath": "__name__", "order": "DESCENDING"});
    for fields in [json!([a, b]), json!([vector]), json!([a, vector]), json!([a, name]), json!([a, b, name, vector])] {
        assert_eq!(indexes(&index(fields.clone()), &json!([])), Vec::<String>::new(), "{fields}");
    }
    let overrides = json!([{"collectionGroup": "c", "fieldPath": "a.`b\\``", "indexes": []}]);
    assert_eq!(indexes(&json!([]), &overrides), Vec::<String>::new());
}

#[test]
fn refuses_indexes_that_the_server_refuses() {
    let a = json!({"fieldPath": "a", "order": "ASCENDING"});
    let b = json!({"fieldPath": "b", "order": "ASCENDING"});
    let contains = |path: &str| json!({"fieldPath": path, "arrayConfig": "CONTAINS"});
    let vector = |path: &str| json!({"fieldPath": path, "vectorConfig": {"dimension": 3, "flat": {}}});
    let name = json!({"fieldPath": "__name__", "order": "ASCENDING"});
    let path = |path: &str| json!([a, {"fieldPath": path, "order": "ASCENDING"}]);
    let many: Vec<Value> = (0..101).map(|n| json!({"fieldPath": format!("f{n}"), "order": "ASCENDING"})).collect();
    for fields in [
        json!([a]),
        json!([a, name]),
        json!([a, a]),
        json!([name, a, b]),
        json!([contains("a"), contains("b")]),
        json!([vector("a"), b]),
        json!([vector("a"), vector("b")]),
        json!([a, {"fieldPath": "v", "vectorConfig": {"dimension": 2049, "flat": {}}}]),
        json!([a, {"fieldPath": "b"}]),
        json!([a, {"fieldPath": "b", "order": "ASCENDING", "arrayConfig": "CONTAINS"}]),
        json!([a, {"fieldPath": "b", "order": "ASCENDING", "extra": 1}]),
        path("full name"),
        path("1st"),
        path("``"),
        path("`open"),
        path("a."),
        path("__x__"),
        path("`__x__`"),
        path(&"x".repeat(1501)),
        Value::Array(many),
    ] {
        let faults = indexes(&index(fields.clone()), &json!([]));
        assert!(
            faults.iter().all(|fault| fault.starts_with("/indexes/0")) && !faults.is_empty(),
            "{fields}: {faults:?}"
        );
    }
    let mut twice = index(json!([a, b]));
    let mut second = twice[0].clone();
    second["fields"] = json!([a, b, name]);
    twice.as_array_mut().unwrap().push(second);
    assert_eq!(indexes(&twice, &json!([])), ["/indexes/1: the same index as /indexes/0"]);
    for id in ["a/b", ".", "..", "__x__"] {
        let mut wrong = index(json!([a, b]));
        wrong[0]["collectionGroup"] = json!(id);
        assert!(indexes(&wrong, &json!([]))[0].starts_with("/indexes/0/collectionGroup"), "{id}");
    }
    let field = json!({"collectionGroup": "c", "fieldPath": "a", "indexes": []});
    assert!(indexes(&json!([]), &json!([field, field]))[0].starts_with("/fieldOverrides/1"));
    let ttl = |path: &str| json!({"collectionGroup": "c", "fieldPath": path, "ttl": true, "indexes": []});
    assert!(indexes(&json!([]), &json!([ttl("a"), ttl("b")]))[0].contains("time-to-live"));
}

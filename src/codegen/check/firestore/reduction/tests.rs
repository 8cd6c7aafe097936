//! The verdicts are those of a check of the whole file.

use std::fs;
use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

use super::super::{SCHEMA, faults, is_sound, references, schema_faults};
use super::*;

/// Whether a check of the whole file finds nothing.
fn has_no_faults(text: &str) -> bool {
    faults(text, &SCHEMA, references::faults).is_empty()
}

fn reduced(file: &Value) -> Value {
    serde_json::from_str(&reduce(&file.to_string()).unwrap()).unwrap()
}

fn file(fields: Value) -> Value {
    json!({"version": "1.0", "collections": {"a": {"fields": fields, "indexes": []}, "b": {"fields": {}, "indexes": []}}})
}

fn field(column: &str, kind: &str) -> Value {
    json!({"type": kind, "source": {"column": column, "type": "text"}, "description": column})
}

/// A file with all that there may be, most of it twice.
fn everything() -> Value {
    let table = |name: &str, composite: bool| {
        let key = if composite {
            json!({"strategy": "composite", "fields": ["id", "b c"], "separator": "~", "encoding": "percent"})
        } else {
            json!({"strategy": "field", "fields": ["id"], "encoding": "decimal"})
        };
        json!({
            "description": format!("All \"{name}\"."),
            "source": {"schema": "crm", "table": name, "kind": "table"},
            "path": format!("{name}/{{{name}Id}}"),
            "documentId": key,
            "fields": {
                "id": {"type": "number", "numberFormat": "int32", "required": true, "nullable": false,
                       "serverAssigned": true, "source": {"column": "id", "type": "integer"}},
                "b c": {"type": "string", "format": "uuid", "nullable": true, "defaultExpression": "gen()"},
                "price": {"type": "number", "numberFormat": "decimal", "precision": 10, "scale": 2, "nullable": true,
                          "default": 1.5},
                "label": {"type": "string", "enum": ["a", "b"], "maxLength": 3, "required": true, "nullable": false,
                          "default": "a"},
                "org": {"type": "number", "nullable": true, "lossy": ["js-precision-2-53", "comparison"],
                        "reference": {"collection": "orgs", "constraint": "org", "with": ["id"], "onDelete": "cascade"}},
                "link": {"type": "reference", "nullable": false, "reference": {"collection": "people"}},
                "tags": {"type": "array", "items": {"type": "string", "nullable": true}, "nullable": true,
                         "default": []},
                "at": {"type": "array", "nullable": true, "items": {"type": "map", "fields": {
                    "x": {"type": "number", "nullable": true}, "y": {"type": "number", "nullable": true}}}},
                "doc": {"type": "map", "nullable": true, "indexed": false, "default": {"a": {"b": [1, null]}}},
                "v": {"type": "vector", "dimension": 3, "nullable": true, "description": ""},
                "sum": {"type": "number", "generated": true, "nullable": true, "defaultExpression": "a + b"},
            },
            "fieldOverrides": [{"fieldPath": "doc", "indexes": []}, {"fieldPath": "`b c`", "ttl": true, "indexes": [
                {"queryScope": "COLLECTION", "order": "ASCENDING"}]}, {"fieldPath": "*", "indexes": []}],
            "constraints": [
                {"name": "u", "kind": "unique", "fields": ["id", "label"], "enforcement": "postgres", "reason": "None."},
                {"kind": "partial_index", "definition": "CREATE", "enforcement": "none", "reason": "None."}],
            "securityRules": {"default": "deny", "rowLevelSecurity": "enabled", "rules": [
                {"operations": ["get", "list"], "condition": "a == b", "source": "SELECT: own"}],
                "untranslated": [{"policy": "p", "expression": "f()", "reason": "it calls f"}]},
            "indexes": [
                {"name": "i", "automatic": true, "unique": true, "fields": [{"fieldPath": "id", "order": "ASCENDING"}]},
                {"name": "j", "queryScope": "COLLECTION", "source": "CREATE INDEX", "fields": [
                    {"fieldPath": "tags", "arrayConfig": "CONTAINS"}, {"fieldPath": "`b c`", "order": "DESCENDING"}]},
                {"queryScope": "COLLECTION", "fields": [
                    {"fieldPath": "label", "order": "ASCENDING"},
                    {"fieldPath": "v", "vectorConfig": {"dimension": 3, "flat": {}}}]}],
        })
    };
    let warning = |object: &str, message: &str| json!({"code": "no-primary-key", "object": object, "message": message});
    json!({
        "version": "1.0",
        "generator": {"name": "schemacast", "version": "0.1.0"},
        "edition": "standard",
        "collections": {"orgs": table("orgs", false), "people": table("people", true), "teams": table("teams", false)},
        "warnings": [warning("crm.orgs", "FIR022: none."), {
            "code": "comparison", "collection": "people", "field": "id", "object": "", "message": "FIR009: other."}],
    })
}

#[test]
fn of_alike_fields_one_is_left() {
    let whole = file(json!({"p": field("p", "string"), "q": field("q", "string"), "z": field("z", "map")}));
    let field = |kind: &str| json!({"type": kind, "source": {"column": "x", "type": "x"}, "description": "x"});
    assert_eq!(reduced(&whole)["collections"]["0"]["fields"], json!({"0": field("string"), "1": field("map")}));
}

#[test]
fn of_alike_collections_one_is_left() {
    let mut whole = everything();
    let collections = whole["collections"].as_object_mut().unwrap();
    for id in 0..30 {
        let orgs = collections["orgs"].clone();
        collections.insert(format!("orgs_{id}"), orgs);
    }
    let reduced = reduced(&whole);
    let kept = reduced["collections"].as_object().unwrap();
    // The first; the next, whose array of maps has none of its fields left; what
    // is as that is without anything new; and the one that has another key.
    assert_eq!(kept.len(), 4);
    assert_eq!(kept["1"]["fields"].as_object().unwrap().len(), 1);
    assert_eq!((&kept["2"]["fields"], &kept["2"]["indexes"]), (&json!({}), &json!([])));
    assert_eq!(kept["3"]["documentId"]["fields"], json!(["0", "1"]));
}

/// Else the whole file would be read for nothing.
#[test]
fn what_is_as_it_should_be_is_read_once() {
    let text = everything().to_string();
    assert!(is_sound(&text) && has_no_faults(&text), "{:?}", schema_faults(&text));
    assert!(reduce(&text).unwrap().len() < text.len() / 2);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["generated/barton-outreach-core", "generated/odoboo-workspace", "tests/golden/crm/expected"] {
        let path = root.join(folder).join("FIRESTORE_SCHEMA.json");
        assert!(is_sound(&fs::read_to_string(&path).unwrap()), "{}", path.display());
    }
}

/// Each by itself, and behind one that is as it should be.
#[test]
fn what_the_schema_refuses_it_refuses_of_what_is_left() {
    let good = field("x", "string");
    let mut bad = vec![
        ("__x__".to_owned(), good.clone()),
        (String::new(), good.clone()),
        ("y".repeat(1501), good.clone()),
        ("y".to_owned(), json!("string")),
        ("y".to_owned(), json!([good])),
        ("y".to_owned(), json!({"source": {"column": "x", "type": "text"}, "description": "x"})),
        ("y".to_owned(), json!({"type": "array", "items": {"type": "vector", "dimension": 3}})),
        ("y".to_owned(), json!({"type": "map", "fields": {"x": {"type": "text"}}})),
        ("y".to_owned(), json!({"type": "map", "fields": {"__x__": good}})),
    ];
    for (key, value) in [
        ("type", json!("text")),
        ("type", json!("array")),
        ("description", json!(1)),
        ("source", json!({"column": "", "type": "text"})),
        ("source", json!({"column": "x", "type": ""})),
        ("source", json!({"column": "x"})),
        ("source", json!({"column": "x", "type": "text", "more": 1})),
        ("source", json!("x")),
        ("maxLength", json!(0)),
        ("maxLength", json!(1.5)),
        ("enum", json!(["a", "a"])),
        ("enum", json!(["a", 1])),
        ("enum", json!([])),
        ("format", json!("No slug")),
        ("lossy", json!([])),
        ("lossy", json!(["a", "a"])),
        ("dimension", json!(3)),
        ("defaultExpression", json!("")),
        ("reference", json!({"collection": "gone"})),
        ("reference", json!({"collection": "b", "with": ["x", "x"]})),
        ("more", json!(1)),
    ] {
        let mut field = good.clone();
        field[key] = value;
        bad.push(("y".to_owned(), field));
    }
    let mut null = good.clone();
    null["required"] = json!(true);
    null["default"] = json!(null);
    bad.push(("y".to_owned(), null));
    for (name, bad) in bad {
        for fields in [json!({name.as_str(): bad}), json!({"a": good, name.as_str(): bad})] {
            let text = file(fields).to_string();
            assert!(!has_no_faults(&text), "{name}: {bad}");
            assert!(!is_sound(&text), "{name}: {bad}");
        }
    }
    let many = file(json!({"x": good, "y": good, "__y": good, "é": field("é", "number")})).to_string();
    assert!(has_no_faults(&many) && is_sound(&many));
}

/// JSON whose objects may have a key twice, and whose scalars are as written.
#[derive(Debug, Clone)]
enum Json {
    Scalar(String),
    Array(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    fn of(value: &Value) -> Json {
        match value {
            Value::Array(elements) => Json::Array(elements.iter().map(Json::of).collect()),
            Value::Object(entries) => {
                Json::Object(entries.iter().map(|(key, value)| (key.clone(), Json::of(value))).collect())
            }
            scalar => Json::Scalar(scalar.to_string()),
        }
    }

    fn text(&self) -> String {
        match self {
            Json::Scalar(text) => text.clone(),
            Json::Array(elements) => format!("[{}]", elements.iter().map(Json::text).collect::<Vec<_>>().join(",")),
            Json::Object(entries) => {
                let entries = entries.iter().map(|(key, value)| format!("{}:{}", Value::from(&**key), value.text()));
                format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
            }
        }
    }

    /// Every value in it, from itself on.
    fn values(&mut self, each: &mut dyn FnMut(&mut Json)) {
        each(self);
        match self {
            Json::Scalar(_) => {}
            Json::Array(elements) => elements.iter_mut().for_each(|element| element.values(each)),
            Json::Object(entries) => entries.iter_mut().for_each(|(_, value)| value.values(each)),
        }
    }

    fn count(&mut self) -> usize {
        let mut count = 0;
        self.values(&mut |_| count += 1);
        count
    }

    /// The value at a place in the order of [`Json::values`].
    fn at(&mut self, at: usize) -> Json {
        let (mut found, mut n) = (Json::Scalar("null".to_owned()), 0);
        self.values(&mut |value| {
            if n == at {
                found = value.clone();
            }
            n += 1;
        });
        found
    }

    /// Another value at that place, and nothing behind it looked at.
    fn put(&mut self, at: usize, other: &Json) {
        let mut n = 0;
        self.values(&mut |value| {
            if n == at {
                *value = other.clone();
            }
            n += 1;
        });
    }

    fn collections(&mut self) -> Option<&mut Vec<(String, Json)>> {
        let Json::Object(file) = self else { return None };
        let (_, collections) = file.iter_mut().find(|(key, _)| key == "collections")?;
        if let Json::Object(collections) = collections { Some(collections) } else { None }
    }
}

/// What may stand somewhere instead, and be a name.
#[rustfmt::skip]
const SCALARS: &[&str] = &[
    "null", "true", "false", "0", "-1", "2049", "1.5", "3.0", "1e2", "1e999", "99999999999999999999", "\"\"",
    "\"x\"", "\"0\"", "\"__x__\"", "\"__\"", "\"a/b\"", "\".\"", "\"..\"", "\"id\"", "\"`b c`\"", "\"id.x\"", "\"`id\"",
    "\"1x\"", "\"*\"", "\"orgs\"", "\"gone\"", "\"é\\u00e9\\n\"", "\"\\ud800\"", "\"string\"", "\"map\"", "\"array\"",
    "\"vector\"", "\"reference\"", "\"1.0\"", "\"orgs/{orgId}\"", "\"orgs/{1}\"", "\"a/{b}/c/{d}\"", "\"a/{b}}\"",
    "\"int32\"", "\"decimal\"", "\"field\"", "\"auto\"", "\"composite\"", "[]", "{}", "[null]", "[\"id\",\"id\"]",
    "{\"a\":1,\"a\":2}", "{\"type\":\"string\"}", "[{\"type\":\"string\"}]", "{\"fields\":{},\"indexes\":[]}", "[[]]",
];

#[rustfmt::skip]
const NAMES: &[&str] = &[
    "", "0", "x", "id", "b c", "__x__", "__", "a/b", ".", "orgs", "type", "fields", "items", "enum", "default", "format",
    "required", "nullable", "description", "source", "reference", "collection", "with", "name", "indexes", "documentId",
    "path", "warnings", "collections", "constraints", "automatic", "separator", "fieldOverrides", "securityRules",
];

#[derive(Debug, Clone)]
struct Edit {
    what: usize,
    at: Index,
    other: Index,
    scalar: &'static str,
    name: &'static str,
}

fn edit() -> impl Strategy<Value = Edit> {
    (0..8usize, any::<Index>(), any::<Index>(), select(SCALARS), select(NAMES))
        .prop_map(|(what, at, other, scalar, name)| Edit { what, at, other, scalar, name })
}

impl Edit {
    fn apply(&self, file: &mut Json) {
        let count = file.count();
        let at = self.at.index(count);
        let mut value = file.at(at);
        let entry = |length: usize| self.other.index(length);
        match (&mut value, self.what) {
            (_, 0) => value = Json::Scalar(self.scalar.to_owned()),
            (_, 1) => value = file.at(self.other.index(count)),
            (Json::Object(entries), 2) if !entries.is_empty() => drop(entries.remove(entry(entries.len()))),
            (Json::Object(entries), 3) if !entries.is_empty() => {
                let key = entry(entries.len());
                entries[key].0 = self.name.to_owned();
            }
            (Json::Object(entries), 4) if !entries.is_empty() => {
                let again = entries[entry(entries.len())].clone();
                entries.push(again);
            }
            (Json::Object(entries), 5) if !entries.is_empty() => {
                let again = (self.name.to_owned(), entries[entry(entries.len())].1.clone());
                entries.push(again);
            }
            (Json::Object(entries), _) => entries.push((self.name.to_owned(), Json::Scalar(self.scalar.to_owned()))),
            (Json::Array(elements), 2 | 3) if !elements.is_empty() => drop(elements.remove(entry(elements.len()))),
            (Json::Array(elements), 4 | 5) if !elements.is_empty() => {
                let again = elements[entry(elements.len())].clone();
                elements.push(again);
            }
            (Json::Array(elements), _) => elements.push(Json::Scalar(self.scalar.to_owned())),
            (Json::Scalar(_), _) => value = Json::Scalar(self.scalar.to_owned()),
        }
        file.put(at, &value);
    }
}

/// How many files are tried; many more were when the reduction was written.
const CASES: u32 = 300;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(CASES) })]

    /// The collections as they were stand before too, so that what is alike
    /// has been read.
    #[test]
    fn an_edited_file_is_judged_as_without_reduction(edits in vec(edit(), 0..4)) {
        let mut edited = Json::of(&everything());
        for edit in &edits {
            edit.apply(&mut edited);
        }
        let mut behind = edited.clone();
        if let Some(collections) = behind.collections() {
            let before = Json::of(&everything()).collections().unwrap().clone();
            let after = collections.drain(..).map(|(id, collection)| (format!("z{id}"), collection));
            *collections = before.into_iter().chain(after).collect();
        }
        for text in [edited.text(), behind.text()] {
            let (is_sound, has_no_faults) = (is_sound(&text), has_no_faults(&text));
            prop_assert!(has_no_faults || !is_sound, "{} has faults", text);
            // It is not sure of names that look reserved, nor of fractions.
            let is_odd = ["__", "3.0", "1e2", "99999"].iter().any(|odd| text.contains(odd));
            prop_assert!(is_sound || !has_no_faults || is_odd, "{}", text);
        }
    }
}

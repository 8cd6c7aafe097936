//! What FIRESTORE_SCHEMA.json repeats, left out before its JSON Schema is asked.
//!
//! Most of the file is fields, and of most fields there are many that differ
//! in names and comments alone, of which the schema asks next to nothing.

use std::borrow::Cow;
use std::collections::HashSet;

use serde_json::{Map, Value};

/// The file without the fields of collections that are as another one is in
/// all that the schema asks about. The two are valid or not together: what the
/// schema says of `fields` it says of each by itself (no number of them is
/// wanted), and of a name that [`is_plain`] it says nothing.
pub fn without(file: &Value) -> Cow<'_, Value> {
    let Some((file, collections)) = file.as_object().zip(file["collections"].as_object()) else {
        return Cow::Borrowed(file);
    };
    let mut seen = HashSet::new();
    let collections = collections.iter().map(|(id, collection)| {
        let less = collection.as_object().map(|entries| {
            let fields = |fields: &Map<String, Value>| {
                let left = fields.iter().filter(|(name, field)| !is_plain(name) || seen.insert(asked(field)));
                Value::Object(left.map(|(name, field)| (name.clone(), field.clone())).collect())
            };
            with(entries, "fields", entries.get("fields").and_then(Value::as_object).map(fields))
        });
        (id.clone(), less.unwrap_or_else(|| collection.clone()))
    });
    let collections = Value::Object(collections.collect());
    Cow::Owned(with(file, "collections", Some(collections)))
}

/// An object with another value at one of its keys.
fn with(entries: &Map<String, Value>, key: &str, mut value: Option<Value>) -> Value {
    let value_of = |(name, own): (&String, &Value)| {
        let other = if name == key { value.take() } else { None };
        (name.clone(), other.unwrap_or_else(|| own.clone()))
    };
    Value::Object(entries.iter().map(value_of).collect())
}

/// Whether a name is one that no rule of the schema is about: short, and
/// without the underscores around it that Firestore keeps for itself.
fn is_plain(name: &str) -> bool {
    (1..=1000).contains(&name.len()) && !name.starts_with("__")
}

/// All of a field that the schema asks about, as a text: its comment may be any
/// text, and the names of its column and of the column's type any that is not
/// empty.
fn asked(field: &Value) -> String {
    let mut asked = String::new();
    let Some(entries) = field.as_object() else { return field.to_string() };
    for (key, value) in entries {
        asked.push_str(&Value::from(key.as_str()).to_string());
        match (key.as_str(), value) {
            ("description", Value::String(_)) => {}
            ("source", Value::Object(source)) if is_source(source) => {}
            (_, value) => asked.push_str(&value.to_string()),
        }
        asked.push('\n');
    }
    asked
}

fn is_source(source: &Map<String, Value>) -> bool {
    let is_name = |key: &str| source.get(key).and_then(Value::as_str).is_some_and(|name| !name.is_empty());
    source.len() == 2 && is_name("column") && is_name("type")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn file(fields: Value) -> Value {
        json!({"version": "1.0", "collections": {"a": {"fields": fields, "indexes": []}, "b": {"fields": {}, "indexes": []}}})
    }

    fn field(column: &str, kind: &str) -> Value {
        json!({"type": kind, "source": {"column": column, "type": "text"}, "description": column})
    }

    #[test]
    fn of_alike_fields_one_is_left() {
        let whole = file(json!({"x": field("x", "string"), "y": field("y", "string"), "z": field("z", "map")}));
        let less = file(json!({"x": field("x", "string"), "z": field("z", "map")}));
        assert_eq!(*without(&whole), less);
    }

    /// Each by itself, and behind one that is as it should be.
    #[test]
    fn what_the_schema_refuses_it_refuses_of_what_is_left() {
        let validator = super::super::SCHEMA.as_ref().unwrap();
        let good = field("x", "string");
        let mut bad = vec![
            ("__x__".to_owned(), good.clone()),
            (String::new(), good.clone()),
            ("y".repeat(1501), good.clone()),
            ("y".to_owned(), json!("string")),
            ("y".to_owned(), json!({"source": {"column": "x", "type": "text"}, "description": "x"})),
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
            ("enum", json!(["a", "a"])),
            ("format", json!("No slug")),
            ("lossy", json!([])),
            ("dimension", json!(3)),
            ("more", json!(1)),
        ] {
            let mut field = good.clone();
            field[key] = value;
            bad.push(("y".to_owned(), field));
        }
        for (name, bad) in bad {
            for fields in [json!({name.as_str(): bad}), json!({"a": good, name.as_str(): bad})] {
                let file = file(fields);
                assert!(!validator.is_valid(&file), "{name}: {bad}");
                assert!(!validator.is_valid(&without(&file)), "{name}: {bad}");
            }
        }
        let many = file(json!({"x": good, "y": good, "__y": good, "é": field("é", "number")}));
        assert!(validator.is_valid(&many) && validator.is_valid(&without(&many)));
    }
}

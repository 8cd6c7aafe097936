//! What is wrong with the form of a document: every unknown key, wrong kind of
//! value and missing key, in one run.
//!
//! serde stops at the first mistake. So a document that it refuses is walked
//! once more against the JSON Schema that the same types declare.

use serde_json::{Map, Value};

use super::{Path, Step};
use crate::codegen::names::nearest;

/// A mistake of form.
pub struct Fault {
    pub path: Path,
    /// The mistake is the key, not its value.
    pub at_key: bool,
    pub message: String,
}

/// Every way in which `value` is not what `schema` (made by schemars) wants.
pub fn explain(value: &Value, schema: &Value) -> Vec<Fault> {
    let definitions = schema.get("$defs").and_then(Value::as_object);
    let mut walk = Walk { definitions, faults: Vec::new() };
    walk.value(value, schema, &Path::default());
    walk.faults
}

struct Walk<'s> {
    definitions: Option<&'s Map<String, Value>>,
    faults: Vec<Fault>,
}

impl<'s> Walk<'s> {
    fn value(&mut self, value: &Value, schema: &'s Value, path: &Path) {
        let schema = self.referred(schema);
        if let Some(options) = allowed_words(schema) {
            return self.word(value, &options, path);
        }
        if let Some(choices) = schema.get("anyOf").and_then(Value::as_array) {
            // schemars writes an optional struct as any of it and null, and an
            // untagged enum as any of its variants: the one of the value's
            // kind is meant.
            let mut choices = choices.iter().filter(|choice| choice.get("type") != Some(&Value::from("null")));
            let first = choices.clone().next();
            let choice = choices.find(|choice| self.is_of_kind(value, choice)).or(first);
            if !value.is_null()
                && let Some(choice) = choice
            {
                self.value(value, choice, path);
            }
            return;
        }
        let types = types(schema);
        if types.is_empty() {
            return;
        }
        if !types.iter().any(|wanted| is_of_type(value, wanted)) {
            let wanted = types.iter().find(|name| **name != "null").copied().unwrap_or("null");
            return self.fault(path, false, wrong_type(value, wanted));
        }
        match value {
            Value::Object(entries) => self.entries(entries, schema, path),
            Value::Array(items) => {
                if let Some(item_schema) = schema.get("items") {
                    for (index, item) in items.iter().enumerate() {
                        self.value(item, item_schema, &path.index(index));
                    }
                }
            }
            _ => {}
        }
    }

    fn entries(&mut self, entries: &Map<String, Value>, schema: &'s Value, path: &Path) {
        let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
            if let Some(each) = schema.get("additionalProperties").filter(|each| each.is_object()) {
                for (key, value) in entries {
                    self.value(value, each, &path.key(key));
                }
            }
            return;
        };
        for (key, value) in entries {
            match properties.get(key) {
                Some(property) => self.value(value, property, &path.key(key)),
                None => self.fault(&path.key(key), true, unknown_key(key, properties)),
            }
        }
        for required in schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
        {
            if !entries.contains_key(required) {
                let what = describe(path);
                self.fault(path, false, format!("{what} has no `{required}`, which it needs"));
            }
        }
    }

    fn word(&mut self, value: &Value, options: &[&str], path: &Path) {
        let Value::String(word) = value else {
            return self.fault(path, false, wrong_type(value, "string"));
        };
        if !options.contains(&word.as_str()) {
            let near = nearest(word, options.iter().map(|option| (*option).to_owned()));
            let hint = near.map_or_else(
                || {
                    format!(
                        "one of {}",
                        options.iter().map(|option| format!("`{option}`")).collect::<Vec<_>>().join(", ")
                    )
                },
                |near| format!("did you mean `{near}`?"),
            );
            self.fault(path, false, format!("`{word}` is not known here: {hint}"));
        }
    }

    /// Whether the value is a word, a list or a mapping as the schema is.
    fn is_of_kind(&self, value: &Value, schema: &'s Value) -> bool {
        let schema = self.referred(schema);
        match allowed_words(schema) {
            Some(_) => value.is_string(),
            None => types(schema).iter().any(|wanted| is_of_type(value, wanted)),
        }
    }

    fn referred(&self, schema: &'s Value) -> &'s Value {
        let name = schema.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix("#/$defs/"));
        name.and_then(|name| self.definitions?.get(name)).unwrap_or(schema)
    }

    fn fault(&mut self, path: &Path, at_key: bool, message: String) {
        self.faults.push(Fault { path: path.clone(), at_key, message });
    }
}

/// The words of an enumeration, which schemars writes as `enum` or, where its
/// variants have docs, as `oneOf` constants.
fn allowed_words(schema: &Value) -> Option<Vec<&str>> {
    if let Some(words) = schema.get("enum").and_then(Value::as_array) {
        return Some(words.iter().filter_map(Value::as_str).collect());
    }
    let choices = schema.get("oneOf")?.as_array()?;
    let mut words = Vec::new();
    for choice in choices {
        match (choice.get("const"), choice.get("enum").and_then(Value::as_array)) {
            (Some(word), _) => words.extend(word.as_str()),
            (None, Some(many)) => words.extend(many.iter().filter_map(Value::as_str)),
            (None, None) => return None,
        }
    }
    Some(words)
}

/// The kinds of value that a schema takes; none where it does not say.
fn types(schema: &Value) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn is_of_type(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => true,
    }
}

fn wrong_type(value: &Value, wanted: &str) -> String {
    let found = match value {
        Value::Null => "nothing".to_owned(),
        Value::Bool(value) => format!("the boolean `{value}`"),
        Value::Number(number) => format!("the number `{number}`"),
        Value::String(text) => format!("the text `{}`", text.chars().take(40).collect::<String>()),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "a mapping".to_owned(),
    };
    let (wanted, hint) = match wanted {
        "string" if value.is_number() || value.is_boolean() => ("text", "; put it in quotes"),
        "string" => ("text", ""),
        "array" => ("a list", ""),
        "object" => ("a mapping", ""),
        "boolean" => ("`true` or `false`", ""),
        "integer" => ("a whole number", ""),
        "number" => ("a number", ""),
        other => (other, ""),
    };
    format!("expected {wanted}, found {found}{hint}")
}

/// Keys that people write for ones that have another name.
const SYNONYMS: [(&str, &str); 9] = [
    ("nullable", "not_null: true` where it may not be null, and nothing otherwise; not `nullable"),
    ("data_type", "type"),
    ("primaryKey", "primary_key"),
    ("fields", "columns"),
    ("values", "labels"),
    ("constraints", "primary_key`, `unique`, `foreign_keys`, `checks` or `exclusions"),
    ("references_table", "references: {schema, table, columns}"),
    ("where", "predicate"),
    ("rls", "row_security"),
];

fn unknown_key(key: &str, properties: &Map<String, Value>) -> String {
    let synonym = SYNONYMS.iter().find(|(wrong, _)| *wrong == key).map(|(_, right)| (*right).to_owned());
    match synonym.or_else(|| nearest(key, properties.keys().cloned())) {
        Some(near) => format!("unknown key `{key}`: did you mean `{near}`?"),
        None => {
            let known: Vec<String> = properties.keys().map(|known| format!("`{known}`")).collect();
            format!("unknown key `{key}`: the keys here are {}", known.join(", "))
        }
    }
}

/// What a path leads to, for people: `a column`, `an index`.
fn describe(path: &Path) -> &'static str {
    let list = path.0.iter().rev().find_map(|step| match step {
        Step::Key(key) => Some(key.as_str()),
        Step::Index(_) => None,
    });
    match list {
        Some("schemas") => "a schema",
        Some("tables") => "a table",
        Some("columns") => "a column",
        Some("views" | "materialized_views") => "a view",
        Some("enums") => "an enum",
        Some("domains") => "a domain",
        Some("composites") => "a composite type",
        Some("indexes") => "an index",
        Some("keys") => "an index key",
        Some("foreign_keys") => "a foreign key",
        Some("references") => "`references`",
        Some("primary_key") => "the primary key",
        Some("unique") => "a unique constraint",
        Some("checks") => "a check",
        Some("policies") => "a policy",
        Some("functions") => "a function",
        Some("extensions") => "an extension",
        Some(_) => "this",
        None => "the document",
    }
}

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::fault;

/// What FIRESTORE_SCHEMA.json says of collections and fields that are not in
/// it. The file has its JSON Schema's shape.
pub fn faults(file: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    let Some(collections) = file["collections"].as_object() else { return faults };
    let ids: BTreeSet<&str> = collections.keys().map(String::as_str).collect();
    for (id, collection) in collections {
        let at = format!("/collections/{}", pointer(id));
        check_bytes(id, &at, &mut faults);
        let none = Map::new();
        let fields = collection["fields"].as_object().unwrap_or(&none);
        let names: BTreeSet<&str> = fields.keys().map(String::as_str).collect();
        check_fields(fields, &format!("{at}/fields"), &ids, &mut faults);
        for (n, name) in elements(&collection["documentId"]["fields"]).filter_map(numbered_text) {
            if !names.contains(name) {
                faults.push(fault(&format!("{at}/documentId/fields/{n}"), &format!("there is no field `{name}`")));
            }
        }
        for (n, index) in elements(&collection["indexes"]) {
            check_paths(&index["fields"], &format!("{at}/indexes/{n}/fields"), &names, &mut faults);
        }
        check_paths(&collection["fieldOverrides"], &format!("{at}/fieldOverrides"), &names, &mut faults);
    }
    for (n, warning) in elements(&file["warnings"]) {
        if let Some(id) = warning["collection"].as_str().filter(|id| !ids.contains(id)) {
            faults.push(fault(&format!("/warnings/{n}/collection"), &format!("there is no collection `{id}`")));
        }
    }
    faults
}

/// The fields of a document or map, and of the maps in them.
fn check_fields(fields: &Map<String, Value>, at: &str, ids: &BTreeSet<&str>, faults: &mut Vec<String>) {
    for (name, field) in fields {
        let at = format!("{at}/{}", pointer(name));
        check_bytes(name, &at, faults);
        for (value, at) in [(field, at.clone()), (&field["items"], format!("{at}/items"))] {
            if let Some(id) = value["reference"]["collection"].as_str().filter(|id| !ids.contains(id)) {
                faults.push(fault(&format!("{at}/reference/collection"), &format!("there is no collection `{id}`")));
            }
            if let Some(inner) = value["fields"].as_object() {
                check_fields(inner, &format!("{at}/fields"), ids, faults);
            }
        }
    }
}

/// The paths of an index's fields or of field overrides: the first name of
/// each is a field's.
fn check_paths(list: &Value, at: &str, names: &BTreeSet<&str>, faults: &mut Vec<String>) {
    for (n, entry) in elements(list) {
        let Some(path) = entry["fieldPath"].as_str() else { continue };
        let name = first_name(path);
        if path != "*" && !names.contains(name.as_str()) {
            faults.push(fault(&format!("{at}/{n}/fieldPath"), &format!("there is no field `{name}`")));
        }
    }
}

/// The first name of a field path, without its backticks.
pub fn first_name(path: &str) -> String {
    let Some(quoted) = path.strip_prefix('`') else {
        return path.split('.').next().unwrap_or(path).to_owned();
    };
    let mut name = String::new();
    let mut letters = quoted.chars();
    while let Some(c) = letters.next() {
        match c {
            '`' => break,
            '\\' => name.extend(letters.next()),
            c => name.push(c),
        }
    }
    name
}

/// JSON Schema counts characters, Firestore bytes.
fn check_bytes(name: &str, at: &str, faults: &mut Vec<String>) {
    if name.len() > 1500 {
        faults.push(fault(at, &format!("the name has {} bytes, the limit is 1,500", name.len())));
    }
}

fn elements(list: &Value) -> impl Iterator<Item = (usize, &Value)> {
    list.as_array().into_iter().flatten().enumerate()
}

fn numbered_text((n, value): (usize, &Value)) -> Option<(usize, &str)> {
    value.as_str().map(|text| (n, text))
}

/// A key as a part of a JSON Pointer (RFC 6901).
fn pointer(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

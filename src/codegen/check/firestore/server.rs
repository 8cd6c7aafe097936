//! What the Firestore Admin API refuses in firestore.indexes.json, and neither
//! the JSON Schema nor the Firebase CLI notices before the deployment.

use std::collections::BTreeMap;

use serde_json::Value;

use super::fault;

const LONGEST: usize = 1500;

/// The faults of a file that has its JSON Schema's shape.
pub fn faults(file: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (n, index) in file["indexes"].as_array().into_iter().flatten().enumerate() {
        let at = format!("/indexes/{n}");
        check_collection(index, &at, &mut faults);
        check_index(index, &at, &mut faults);
        if let Some(first) = seen.insert(identity(index), n) {
            faults.push(fault(&at, &format!("the same index as /indexes/{first}")));
        }
    }
    let mut seen = BTreeMap::new();
    for (n, field) in file["fieldOverrides"].as_array().into_iter().flatten().enumerate() {
        let at = format!("/fieldOverrides/{n}");
        check_collection(field, &at, &mut faults);
        let path = field["fieldPath"].as_str().unwrap_or_default();
        if path != "*" {
            check_path(path, &format!("{at}/fieldPath"), &mut faults);
        }
        let key = (field["collectionGroup"].to_string(), path.to_owned());
        if let Some(first) = seen.insert(key, n) {
            faults.push(fault(&at, &format!("the same field as /fieldOverrides/{first}")));
        }
    }
    check_time_to_live(file, &mut faults);
    faults
}

fn check_collection(entry: &Value, at: &str, faults: &mut Vec<String>) {
    let id = entry["collectionGroup"].as_str().unwrap_or_default();
    let reserved = id.len() >= 4 && id.starts_with("__") && id.ends_with("__");
    if id.is_empty() || id.len() > LONGEST || id.contains('/') || id == "." || id == ".." || reserved {
        faults.push(fault(&format!("{at}/collectionGroup"), &format!("no collection may have the id `{id}`")));
    }
}

fn check_index(index: &Value, at: &str, faults: &mut Vec<String>) {
    let none = Vec::new();
    let fields = index["fields"].as_array().unwrap_or(&none);
    let path = |field: &Value| field["fieldPath"].as_str().unwrap_or_default().to_owned();
    for (n, field) in fields.iter().enumerate() {
        let own = path(field);
        if own != "__name__" {
            check_path(&own, &format!("{at}/fields/{n}/fieldPath"), faults);
        }
        if fields[..n].iter().any(|earlier| path(earlier) == own) {
            faults.push(fault(&format!("{at}/fields/{n}"), &format!("the field `{own}` stands in the index twice")));
        }
    }
    let vectors = fields.iter().filter(|field| field.get("vectorConfig").is_some()).count();
    if vectors > 1 {
        faults.push(fault(at, "an index has one vector at most"));
    }
    if vectors == 1 && fields.last().is_none_or(|last| last.get("vectorConfig").is_none()) {
        faults.push(fault(at, "the vector must be the last field"));
    }
    let name_at = fields.iter().position(|field| path(field) == "__name__");
    if name_at.is_some_and(|at| at + 1 + vectors != fields.len()) {
        faults.push(fault(at, "`__name__` must be the last field but a vector"));
    }
    if vectors == 0 && !is_necessary(fields, name_at) {
        let reason = "the index is automatic: a composite index has two fields or more (the API answers 400)";
        faults.push(fault(at, reason));
    }
}

/// Whether an index without a vector is one that is not automatic: it has two
/// fields, or one that is ordered against the document's name.
fn is_necessary(fields: &[Value], name_at: Option<usize>) -> bool {
    let named: Vec<&Value> = fields.iter().filter(|field| field["fieldPath"] != "__name__").collect();
    match (named.as_slice(), name_at) {
        ([field], Some(at)) => {
            let order = |field: &Value| field["order"].as_str().map(str::to_owned);
            order(field).is_some() && order(&fields[at]).is_some() && order(field) != order(&fields[at])
        }
        (named, _) => named.len() > 1,
    }
}

/// An index as the server completes it: with `__name__` behind the last field,
/// in its order. So two that differ in nothing else are one.
fn identity(index: &Value) -> String {
    let none = Vec::new();
    let mut fields: Vec<Value> = index["fields"].as_array().unwrap_or(&none).clone();
    let vector = fields.pop_if(|field| field.get("vectorConfig").is_some());
    if fields.last().is_none_or(|last| last["fieldPath"] != "__name__") {
        let order = fields.last().and_then(|last| last["order"].as_str()).unwrap_or("ASCENDING");
        fields.push(serde_json::json!({"fieldPath": "__name__", "order": order}));
    }
    fields.extend(vector);
    // Written part by part: the order of an object's keys means nothing.
    let parts = fields.iter().map(|field| {
        format!(
            "{}{}{}{}",
            field["fieldPath"], field["order"], field["arrayConfig"], field["vectorConfig"]["dimension"]
        )
    });
    format!("{}{}{}", index["collectionGroup"], index["queryScope"], parts.collect::<Vec<_>>().join(","))
}

/// Says whether a field path is dotted simple or quoted names, none reserved.
fn check_path(path: &str, at: &str, faults: &mut Vec<String>) {
    if path.len() > LONGEST {
        faults.push(fault(at, &format!("the path has {} bytes, the limit is 1,500", path.len())));
        return;
    }
    let mut rest = path;
    loop {
        let Some(end) = name_end(rest) else {
            faults.push(fault(at, &format!("`{path}` is no path of simple or quoted names")));
            return;
        };
        let name = rest[..end].trim_matches('`');
        if name.len() >= 4 && name.starts_with("__") && name.ends_with("__") {
            faults.push(fault(at, &format!("the name `{name}` is reserved")));
        }
        rest = &rest[end..];
        if rest.is_empty() {
            return;
        }
        let Some(next) = rest.strip_prefix('.') else {
            faults.push(fault(at, &format!("`{path}` needs backticks")));
            return;
        };
        rest = next;
    }
}

/// Where the name that a path begins with ends; `None` where it begins with none.
fn name_end(path: &str) -> Option<usize> {
    if let Some(quoted) = path.strip_prefix('`') {
        let mut letters = quoted.char_indices();
        while let Some((at, c)) = letters.next() {
            match c {
                '\\' => {
                    letters.next()?;
                }
                '`' => return (at > 0).then_some(at + 2),
                _ => {}
            }
        }
        return None;
    }
    let end = path.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(path.len());
    (end > 0 && !path.starts_with(|c: char| c.is_ascii_digit())).then_some(end)
}

fn check_time_to_live(file: &Value, faults: &mut Vec<String>) {
    let mut seen = BTreeMap::new();
    for (n, field) in file["fieldOverrides"].as_array().into_iter().flatten().enumerate() {
        let collection = field["collectionGroup"].as_str().unwrap_or_default();
        if field["ttl"] == true
            && let Some(first) = seen.insert(collection, n)
        {
            let reason = format!("a collection has one time-to-live field, and /fieldOverrides/{first} is it");
            faults.push(fault(&format!("/fieldOverrides/{n}"), &reason));
        }
    }
}

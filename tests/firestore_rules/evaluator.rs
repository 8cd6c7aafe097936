//! The compiled rules, asked about the documents that mirror the rows.

use std::collections::BTreeMap;

use hidane_rules::eval::{
    Auth, Budget, Decision, Document, Documents, Map, Method, Request, Timestamp, Value, authorize,
};
use hidane_rules::{Ruleset, SourceFile, compile};
use serde_json::Value as Json;

use super::User;

/// Rules and what is stored.
pub struct Evaluator {
    ruleset: Ruleset,
    stored: Stored,
}

impl Evaluator {
    /// Compiles the rules, of which the compiler may have nothing to say.
    pub fn new(rules: &str) -> Evaluator {
        let compiled = compile(&[SourceFile { name: None, content: rules.to_owned() }]);
        assert!(compiled.issues.is_empty(), "{:?}", compiled.issues);
        Evaluator { ruleset: compiled.ruleset.unwrap(), stored: Stored(BTreeMap::new()) }
    }

    pub fn store(&mut self, path: &str, data: &Json) {
        let path = segments(path);
        self.stored.0.insert(path.clone(), Document { path, data: map(data) });
    }

    /// Whether a user may do something with a document; `new` is what it is to
    /// become.
    pub fn allows(&self, method: Method, path: &str, user: &User, new: Option<&Json>) -> bool {
        let path = segments(path);
        let request = Request {
            method,
            upsert: false,
            path: path.clone(),
            auth: user.id.map(|id| Auth { uid: Some(id.to_owned()), token: map(&user.token()) }),
            time: Timestamp { seconds: 1_700_000_000, nanos: 0 },
            resource: new.map(|data| Document { path: path.clone(), data: map(data) }),
            query: None,
            in_transaction: method != Method::Get,
            write_fields: None,
            transforms: None,
            auto_id: false,
            verify: false,
        };
        let existing = self.stored.0.get(&path);
        authorize(&self.ruleset, &request, existing, &self.stored, &mut Budget::single()) == Decision::Allow
    }
}

struct Stored(BTreeMap<Vec<String>, Document>);

impl Documents for Stored {
    fn get(&self, path: &[String]) -> Option<Document> {
        self.0.get(path).cloned()
    }

    fn get_after(&self, path: &[String]) -> Option<Document> {
        self.get(path)
    }
}

fn segments(path: &str) -> Vec<String> {
    ["databases", "(default)", "documents"].into_iter().chain(path.split('/')).map(str::to_owned).collect()
}

fn map(value: &Json) -> Map {
    value.as_object().unwrap().iter().map(|(key, value)| (key.clone(), rules_value(value))).collect()
}

fn rules_value(value: &Json) -> Value {
    match value {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => Value::Int(number.as_i64().unwrap()),
        Json::String(text) => Value::String(text.clone()),
        Json::Array(items) => Value::List(items.iter().map(rules_value).collect()),
        Json::Object(_) => Value::Map(map(value)),
    }
}

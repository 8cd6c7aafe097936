//! Policies in, rules out, asked by an evaluator of Security Rules: who may
//! get, list, create, update and delete what.

use hidane_rules::eval::{
    Auth, Budget, Decision, Document, Documents, Map, Method, Request, Timestamp, Value, authorize,
};
use hidane_rules::{Ruleset, SourceFile, compile};
use serde_json::json;

use crate::codegen::cast;
use crate::codegen::manifest::{self, Manifest};
use crate::codegen::project::Project;

mod forms;
mod names;
mod refused;
mod size;
mod writes;

const ME: &str = "11111111-1111-4111-8111-111111111111";
const OTHER: &str = "22222222-2222-4222-8222-222222222222";
const TEAM: &str = "33333333-3333-4333-8333-333333333333";
const ROW: &str = "44444444-4444-4444-8444-444444444444";

/// The schema of the tests, with policies for `t` and options of the project.
struct World {
    ruleset: Ruleset,
    text: String,
    schema: serde_json::Value,
    /// `CODE path: reason`.
    findings: Vec<String>,
    documents: Vec<Document>,
}

/// Tables that policies of `crm.t` ask about.
const TABLES: &str = "
  - name: members
    columns:
    - {name: team, type: uuid, not_null: true}
    - {name: member, type: uuid, not_null: true}
    - {name: level, type: crm.level}
    primary_key: {name: members_pkey, columns: [team, member]}
    grants: [{role: authenticated, privileges: [select]}]
  - name: numbered
    columns: [{name: n, type: integer, not_null: true}, {name: open, type: boolean}]
    primary_key: {name: numbered_pkey, columns: [n]}
    grants: [{role: anon, privileges: [select]}, {role: authenticated, privileges: [select]}]
  - name: named
    columns: [{name: name, type: text, not_null: true}]
    primary_key: {name: named_pkey, columns: [name]}
    grants: [{role: authenticated, privileges: [select]}]
  - name: hidden
    row_security: true
    columns: [{name: id, type: uuid, not_null: true}, {name: owner, type: uuid}, {name: role, type: text}]
    primary_key: {name: hidden_pkey, columns: [id]}
    policies: [{name: own, command: select, roles: [authenticated], using: (owner = auth.uid())}]
    grants: [{role: authenticated, privileges: [select]}]
";

const COLUMNS: &str = "
    - {name: id, type: uuid, not_null: true}
    - {name: owner, type: uuid}
    - {name: team, type: uuid}
    - {name: name, type: text}
    - {name: code, type: character varying(8)}
    - {name: n, type: integer}
    - {name: price, type: 'numeric(8,2)'}
    - {name: flag, type: boolean}
    - {name: level, type: crm.level}
    - {name: tags, type: 'text[]'}
    - {name: people, type: 'uuid[]'}
    - {name: meta, type: jsonb}
    - {name: at, type: timestamp with time zone}
    - {name: padded, type: character(3)}
    - {name: needed, type: boolean, not_null: true}
";

const FUNCTIONS: &str = "
  - name: my_teams
    arguments: [{name: lowest, type: crm.level, default: \"'low'::crm.level\"}]
    returns: SETOF uuid
    language: sql
    security_definer: true
    settings: ['search_path=crm']
    body: SELECT m.team FROM members m WHERE m.member = auth.uid() AND m.level >= lowest
  - name: is_member
    arguments: [{name: wanted, type: uuid}]
    returns: boolean
    language: sql
    security_definer: true
    body: SELECT EXISTS (SELECT 1 FROM crm.members WHERE team = wanted AND member = auth.uid());
  - name: my_role
    returns: text
    language: sql
    security_definer: true
    body: select role from crm.hidden where id = (select auth.uid())
  - name: loops
    returns: boolean
    language: sql
    body: SELECT crm.loops()
  - name: in_plpgsql
    returns: boolean
    language: plpgsql
    body: BEGIN RETURN true; END
  - name: not_for_clients
    returns: boolean
    language: sql
    body: SELECT true
    grants: [{role: public, revoked: [execute]}]
";

fn project(options: &str) -> Project {
    serde_yaml::from_str(options).unwrap()
}

fn manifest(policies: &str) -> Manifest {
    let text = format!(
        "version: '1.0'\nschemas:\n- name: crm\n  grants: [{{role: anon, privileges: [usage]}}, {{role: authenticated, privileges: [usage]}}]\n  \
         enums: [{{name: level, labels: [low, middle, high]}}]\n  functions:{FUNCTIONS}  tables:{TABLES}  - name: t\n    \
         row_security: true\n    columns:{COLUMNS}    primary_key: {{name: t_pkey, columns: [id]}}\n    grants:\n    \
         - {{role: anon, privileges: [delete, insert, select, update]}}\n    \
         - {{role: authenticated, privileges: [delete, insert, select, update]}}\n    policies:\n{policies}"
    );
    let mut manifest: Manifest = serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    manifest::sort(&mut manifest);
    manifest
}

impl World {
    fn new(policies: &str, options: &str) -> World {
        World::of(&manifest(policies), options)
    }

    fn of(manifest: &Manifest, options: &str) -> World {
        let casting = cast::cast(manifest, &project(options), &["firestore".into()], "m.yaml")
            .unwrap_or_else(|errors| panic!("{errors:#?}"));
        let text =
            |path: &str| casting.artifacts.iter().find(|artifact| artifact.path == path).unwrap().contents.clone();
        let rules = text("firestore.rules");
        let compiled = compile(&[SourceFile { name: None, content: rules.clone() }]);
        assert!(compiled.issues.is_empty(), "{:?}\n{rules}", compiled.issues);
        World {
            ruleset: compiled.ruleset.unwrap(),
            text: rules,
            schema: serde_json::from_str(&text("FIRESTORE_SCHEMA.json")).unwrap(),
            findings: casting
                .findings
                .iter()
                .map(|finding| format!("{} {}: {}", finding.code.id, finding.path, finding.reason))
                .filter(|finding| finding.as_str() >= "FIR050")
                .collect(),
            documents: Vec::new(),
        }
    }

    /// One policy FOR SELECT TO PUBLIC.
    fn using(expression: &str) -> World {
        World::new(&select(expression), "{}")
    }

    fn with(mut self, path: &str, data: serde_json::Value) -> World {
        self.documents.push(Document { path: segments(path), data: map(&data) });
        self
    }

    fn ask(&self, who: &Who, method: Method, path: &str, new: Option<serde_json::Value>) -> bool {
        let path = segments(path);
        let request = Request {
            method,
            upsert: false,
            path: path.clone(),
            auth: who.auth(),
            time: Timestamp { seconds: 1_700_000_000, nanos: 0 },
            resource: new.map(|data| Document { path: path.clone(), data: map(&data) }),
            query: None,
            in_transaction: matches!(method, Method::Create | Method::Update | Method::Delete),
            write_fields: None,
            transforms: None,
            auto_id: false,
            verify: false,
        };
        let existing = self.documents.iter().find(|document| document.path == path);
        let mut budget = Budget::single();
        let decision = authorize(&self.ruleset, &request, existing, &Stored(&self.documents), &mut budget);
        assert!(budget.expressions <= super::budget::MOST_EXPRESSIONS, "{} expressions", budget.expressions);
        decision == Decision::Allow
    }

    /// Whether a row of `t` may be got.
    fn gets(self, who: &Who, row: serde_json::Value) -> bool {
        self.with(&format!("t/{ROW}"), row).ask(who, Method::Get, &format!("t/{ROW}"), None)
    }

    fn has_finding(&self, start: &str) -> bool {
        self.findings.iter().any(|finding| finding.starts_with(start))
    }
}

fn select(expression: &str) -> String {
    format!("    - {{name: p, command: select, using: {}}}\n", json!(expression))
}

struct Stored<'d>(&'d [Document]);

impl Documents for Stored<'_> {
    fn get(&self, path: &[String]) -> Option<Document> {
        self.0.iter().find(|document| document.path == path).cloned()
    }

    fn get_after(&self, path: &[String]) -> Option<Document> {
        self.get(path)
    }
}

/// Who asks.
enum Who {
    Nobody,
    User(&'static str, serde_json::Value),
}

impl Who {
    fn user(id: &'static str) -> Who {
        Who::User(id, json!({}))
    }

    fn auth(&self) -> Option<Auth> {
        match self {
            Who::Nobody => None,
            Who::User(id, token) => Some(Auth { uid: Some((*id).to_owned()), token: map(token) }),
        }
    }
}

fn segments(path: &str) -> Vec<String> {
    ["databases", "(default)", "documents"].into_iter().chain(path.split('/')).map(str::to_owned).collect()
}

fn map(value: &serde_json::Value) -> Map {
    value.as_object().unwrap().iter().map(|(key, value)| (key.clone(), rules_value(value))).collect()
}

fn rules_value(value: &serde_json::Value) -> Value {
    match value {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(value) => Value::Bool(*value),
        serde_json::Value::Number(number) => {
            number.as_i64().map_or_else(|| Value::Float(number.as_f64().unwrap()), Value::Int)
        }
        // A time is written as seconds: `@1700000000`.
        serde_json::Value::String(text) => match text.strip_prefix('@') {
            Some(seconds) => Value::Timestamp(Timestamp { seconds: seconds.parse().unwrap(), nanos: 0 }),
            None => Value::String(text.clone()),
        },
        serde_json::Value::Array(items) => Value::List(items.iter().map(rules_value).collect()),
        serde_json::Value::Object(_) => Value::Map(map(value)),
    }
}

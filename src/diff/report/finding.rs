//! A change as reports tell it.

use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{Verb, value};
use crate::codegen::loss::Code;
use crate::codegen::manifest::ObjectId;
use crate::codegen::names::hex;
use crate::diff::change::{Change, Difference};
use crate::diff::code;
use crate::diff::plan::Plan;
use crate::diff::renames::Rename;
use crate::diff::severity::{Hazard, Severity, hazards, severity};

/// One difference, with all that is known of it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Finding {
    /// `DRF001` … `DRF005`: never given to another meaning.
    #[serde(serialize_with = "code_id")]
    #[schemars(with = "String")]
    pub code: &'static Code,
    pub difference: Difference,
    pub object: ObjectId,
    /// What of the object; none where the whole object is missing or unexpected.
    pub attribute: Option<String>,
    /// None where the expected side does not have it, or has the default. For
    /// a whole object: its facts.
    pub expected: Option<Value>,
    pub actual: Option<Value>,
    pub severity: Severity,
    /// What mending it does to a database that is in use.
    pub hazards: Vec<Hazard>,
    /// The finding in one sentence, without its full stop.
    pub message: String,
    /// What the object is likely called on the other side.
    pub renamed: Option<ObjectId>,
    /// The statements that mend it, in order; none where no SQL was planned.
    pub sql: Vec<String>,
    /// What to change in the manifest to accept the actual side instead.
    pub patch: Option<Patch>,
    /// The manifest's file, and the line of the object or its attribute there;
    /// of an unexpected object, of what it is in.
    pub file: Option<String>,
    pub line: Option<usize>,
    /// The same in every run, as long as the difference is: the first 16 hex
    /// digits of the SHA-256 over code, object, attribute and both values.
    pub fingerprint: String,
}

/// A change of a manifest's document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Patch {
    pub action: PatchAction,
    /// Where in the document: `schemas[0].tables[3].comment`. For `add`, the
    /// list or key to which the value is added.
    pub path: String,
    /// YAML; none to remove what is there.
    pub value: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PatchAction {
    Add,
    Set,
    Remove,
}

impl Finding {
    /// A change with its judgement. Its place and patch come from the sides.
    pub(super) fn new(change: &Change, verb: Verb, renames: &[Rename], plan: Option<&Plan>) -> Self {
        let renamed = renames.iter().find_map(|rename| match change.difference {
            _ if change.attribute.is_some() => None,
            Difference::Missing => (rename.to == change.object).then(|| rename.from.clone()),
            _ => (rename.from == change.object).then(|| rename.to.clone()),
        });
        let code = match (change.difference, change.attribute.as_deref()) {
            _ if renamed.is_some() => &code::LIKELY_RENAME,
            (Difference::Missing, _) => &code::MISSING,
            (Difference::Unexpected, _) => &code::UNEXPECTED,
            (Difference::Changed, Some("column_order")) => &code::COLUMN_ORDER,
            (Difference::Changed, _) => &code::CHANGED,
        };
        Self {
            code,
            difference: change.difference,
            object: change.object.clone(),
            attribute: change.attribute.clone(),
            expected: change.expected.clone(),
            actual: change.actual.clone(),
            severity: severity(change),
            // A rename loses nothing.
            hazards: if renamed.is_some() { vec![Hazard::BreaksClients] } else { hazards(change).to_vec() },
            message: message(change, verb, renamed.as_ref()),
            renamed,
            sql: plan.map(|plan| sql(change, plan)).unwrap_or_default(),
            patch: None,
            file: None,
            line: None,
            fingerprint: fingerprint(code, change),
        }
    }
}

pub(super) fn code_id<S: Serializer>(code: &&'static Code, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(code.id)
}

fn sql(change: &Change, plan: &Plan) -> Vec<String> {
    plan.steps.iter().filter(|step| step.object == change.object).map(|step| step.statement.sql.clone()).collect()
}

fn message(change: &Change, verb: Verb, renamed: Option<&ObjectId>) -> String {
    let object = change.object.to_string();
    let object = crate::codegen::markdown::visible(&object);
    let (expected, actual) = (change.expected.as_ref(), change.actual.as_ref());
    let Some(attribute) = &change.attribute else {
        let what = match (change.difference, verb) {
            (Difference::Missing, Verb::Drift) => "is missing",
            (Difference::Missing, Verb::Diff) => "is in B only",
            (_, Verb::Drift) => "is unexpected",
            (_, Verb::Diff) => "is in A only",
        };
        let other =
            renamed.map(|other| format!("; likely the same as {}", crate::codegen::markdown::visible(&other.path)));
        return format!("{object} {what}{}", other.unwrap_or_default());
    };
    if value::is_long(expected) || value::is_long(actual) {
        let (before, after) = match verb {
            Verb::Drift => (expected, actual),
            Verb::Diff => (actual, expected),
        };
        let (added, removed) = value::lines_changed(before, after);
        return format!("{object}: {attribute} differs (+{added} -{removed} lines)");
    }
    let (expected, actual) = (value::quoted(expected), value::quoted(actual));
    match verb {
        Verb::Drift => format!("{object}: {attribute} is {actual}, expected {expected}"),
        Verb::Diff => format!("{object}: {attribute} is {actual} in A, {expected} in B"),
    }
}

fn fingerprint(code: &Code, change: &Change) -> String {
    let value = |value: &Option<Value>| value.as_ref().map(Value::to_string).unwrap_or_default();
    let parts = [
        code.id.to_owned(),
        change.object.to_string(),
        change.attribute.clone().unwrap_or_default(),
        value(&change.expected),
        value(&change.actual),
    ];
    // No part holds the separator: JSON and names have no such character bare.
    let mut digest = hex(&Sha256::digest(parts.join("\0").as_bytes()));
    digest.truncate(16);
    digest
}

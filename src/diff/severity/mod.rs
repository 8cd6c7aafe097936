//! How much a difference matters, and what mending it does to a database that
//! is in use.
//!
//! `table` says it for each kind, difference and attribute; `types` compares
//! two types. What hangs on the values themselves is decided here.

mod table;
mod types;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::change::{Change, Difference};
use crate::codegen::manifest::Kind;
pub use types::{TypeChange, type_change};

/// How much a difference matters: the worse of what it means for those who rely
/// on the expected side, and of what mending it may do to those who use what is
/// there. The worst comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Somebody's reading or writing fails.
    Breaking,
    /// Who may read, write or run what is another.
    Security,
    /// It may go wrong or take long, or something behaves otherwise.
    Risky,
    /// Nobody notices but by looking.
    Safe,
    /// It is for people, or for the planner, only.
    Cosmetic,
}

impl Severity {
    /// The worst first.
    pub const ALL: [Self; 5] = [Self::Breaking, Self::Security, Self::Risky, Self::Safe, Self::Cosmetic];

    pub fn word(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Security => "security",
            Self::Risky => "risky",
            Self::Safe => "safe",
            Self::Cosmetic => "cosmetic",
        }
    }
}

/// What mending a difference does to a database that is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Hazard {
    /// Rows or values are gone for good.
    DeletesData,
    /// Every row is written anew.
    RewritesTable,
    /// ACCESS EXCLUSIVE for more than a moment: nobody reads or writes.
    LocksTable,
    /// Every row is read, and one that does not fit makes it fail.
    ScansTable,
    /// Nobody writes while the index is built, unless it is built CONCURRENTLY.
    BuildsIndex,
    /// A role may do more or less than before.
    ChangesRights,
    /// What a program does today may be refused or not be there any more.
    BreaksClients,
}

impl Hazard {
    pub fn text(self) -> &'static str {
        match self {
            Self::DeletesData => "deletes data",
            Self::RewritesTable => "rewrites the table",
            Self::LocksTable => "locks the table",
            Self::ScansTable => "scans the table",
            Self::BuildsIndex => "builds an index",
            Self::ChangesRights => "changes rights",
            Self::BreaksClients => "may break clients",
        }
    }
}

/// How much a change matters.
pub fn severity(change: &Change) -> Severity {
    judge(change).0
}

/// What mending a change does, each once, in the order of [`Hazard`].
pub fn hazards(change: &Change) -> &'static [Hazard] {
    judge(change).1
}

type Judgement = (Severity, &'static [Hazard]);

fn judge(change: &Change) -> Judgement {
    by_values(change)
        .unwrap_or_else(|| table::judgement(change.object.kind, change.difference, change.attribute.as_deref()))
}

/// Where the values say more than kind and attribute.
fn by_values(change: &Change) -> Option<Judgement> {
    use Hazard::*;
    let (expected, actual) = (change.expected.as_ref(), change.actual.as_ref());
    match (change.object.kind, change.attribute.as_deref()) {
        (Kind::Column, Some("type")) => Some(match type_change(actual?.as_str()?, expected?.as_str()?) {
            TypeChange::InPlace => (Severity::Safe, &[]),
            TypeChange::Rewritten => (Severity::Risky, &[RewritesTable, LocksTable]),
            TypeChange::Converted => (Severity::Breaking, &[RewritesTable, LocksTable, BreaksClients]),
        }),
        (Kind::Column | Kind::Domain, Some("not_null")) if expected.is_none() => Some((Severity::Risky, &[])),
        (Kind::Index, None) => {
            let is_unique = expected.or(actual)?.get("unique") == Some(&Value::Bool(true));
            match change.difference {
                Difference::Missing if is_unique => Some((Severity::Breaking, &[BuildsIndex, BreaksClients])),
                Difference::Unexpected if is_unique => Some((Severity::Risky, &[])),
                _ => None,
            }
        }
        (Kind::Enum, Some("labels")) => {
            let (expected, actual) = (expected?.as_array()?, actual?.as_array()?);
            // Labels are added in place; to take one away, or to move it, takes a new type.
            let kept: Vec<&Value> = expected.iter().filter(|label| actual.contains(label)).collect();
            let only_added = kept.len() == actual.len() && kept.iter().zip(actual).all(|(a, b)| *a == b);
            Some(match only_added {
                true => (Severity::Risky, &[]),
                false => (Severity::Breaking, &[RewritesTable, LocksTable, BreaksClients]),
            })
        }
        (Kind::View | Kind::MaterializedView, Some("options")) => {
            decides_rights([expected, actual], &["security_"]).then_some((Severity::Security, &[ChangesRights]))
        }
        (Kind::Function | Kind::Procedure | Kind::WindowFunction, Some("settings")) => {
            // What an unqualified name means, and as whom, is decided by these.
            let names = ["search_path=", "role=", "session_authorization=", "row_security="];
            decides_rights([expected, actual], &names).then_some((Severity::Security, &[ChangesRights]))
        }
        _ => None,
    }
}

/// Whether the two lists of `name=value` differ in an option whose name begins so.
fn decides_rights(sides: [Option<&Value>; 2], beginnings: &[&str]) -> bool {
    let options = |side: Option<&Value>| -> Vec<String> {
        let list = side.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        list.filter(|option| beginnings.iter().any(|beginning| option.starts_with(beginning)))
            .map(str::to_owned)
            .collect()
    };
    options(sides[0]) != options(sides[1])
}

#[cfg(test)]
mod tests;

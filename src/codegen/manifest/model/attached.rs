//! What is attached to a table or view: triggers, rules and policies.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::is_default;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Trigger {
    pub name: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub enabled: TriggerState,
    /// A partition's copy of its parent's trigger, which is listed only where
    /// its state or comment is another.
    #[serde(default, skip_serializing_if = "is_default")]
    pub inherited: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
    /// As `pg_get_triggerdef` prints it; none for an inherited one.
    #[serde(default, skip_serializing_if = "is_default")]
    pub definition: String,
}

/// For which sessions a trigger or rule fires.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TriggerState {
    #[default]
    Origin,
    Disabled,
    Replica,
    Always,
}

/// A rewrite rule other than a view's own.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    pub name: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub enabled: TriggerState,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
    /// As `pg_get_ruledef` prints it.
    pub definition: String,
}

/// A row security policy.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    pub name: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub command: Command,
    /// AS RESTRICTIVE: it narrows what the permissive ones allow.
    #[serde(default, skip_serializing_if = "is_default")]
    pub restrictive: bool,
    /// Sorted. None: PUBLIC.
    #[serde(default, skip_serializing_if = "is_default")]
    pub roles: Vec<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub using: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub with_check: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// The command that a policy is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    #[default]
    All,
    Select,
    Insert,
    Update,
    Delete,
}

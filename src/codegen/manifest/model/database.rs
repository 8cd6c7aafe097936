//! What belongs to the database and to no schema, and is not `foreign`,
//! `replication` or a cast.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Grant, TriggerState, is_default};

/// A procedural language that no extension brings.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Language {
    pub name: String,
    /// TRUSTED: everybody may use it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub trusted: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub handler: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub inline: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub validator: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
    /// How its privileges differ from those that a new one has.
    #[serde(default, skip_serializing_if = "is_default")]
    pub grants: Vec<Grant>,
}

/// A trigger on commands rather than on rows.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EventTrigger {
    pub name: String,
    /// `ddl_command_start`, `sql_drop` …
    pub event: String,
    /// The commands that it is for, sorted; none for all.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tags: Vec<String>,
    /// `schema.function`.
    pub function: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub enabled: TriggerState,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// How a language sees a type.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Transform {
    #[serde(rename = "type")]
    pub type_name: String,
    pub language: String,
    /// `schema.function(internal)`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub from_sql: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub to_sql: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// CREATE ACCESS METHOD.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccessMethod {
    pub name: String,
    /// `table` or `index`.
    pub kind: String,
    pub handler: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// A job of pg_cron.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CronJob {
    /// None for a job that was scheduled without.
    #[serde(default, skip_serializing_if = "is_default")]
    pub name: Option<String>,
    /// As crontab has it, or `30 seconds`.
    pub schedule: String,
    /// SQL.
    pub command: String,
    /// The database that it runs in, where it is not this one.
    #[serde(default, skip_serializing_if = "is_default")]
    pub database: Option<String>,
    /// The role that it runs as, where it is not the one that introspects.
    #[serde(default, skip_serializing_if = "is_default")]
    pub role: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub inactive: bool,
}

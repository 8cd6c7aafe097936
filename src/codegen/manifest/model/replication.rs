//! Logical replication.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::is_default;

/// CREATE PUBLICATION.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Publication {
    pub name: String,
    /// FOR ALL TABLES.
    #[serde(default, skip_serializing_if = "is_default")]
    pub all_tables: bool,
    /// FOR ALL SEQUENCES. Server 19 and later.
    #[serde(default, skip_serializing_if = "is_default")]
    pub all_sequences: bool,
    /// FOR TABLES IN SCHEMA, sorted.
    #[serde(default, skip_serializing_if = "is_default")]
    pub schemas: Vec<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub tables: Vec<PublicationTable>,
    /// `publish`, sorted; left out where it is all four, and the one word `none`
    /// where it is none of them.
    #[serde(default, skip_serializing_if = "is_default")]
    pub operations: Vec<String>,
    /// `publish_via_partition_root`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub via_partition_root: bool,
    /// `publish_generated_columns = stored`. Server 18 and later.
    #[serde(default, skip_serializing_if = "is_default")]
    pub generated_columns: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

impl Publication {
    /// Stands alone in `operations` where nothing is published.
    pub const NO_OPERATION: &str = "none";
}

/// A table that is published.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PublicationTable {
    pub schema: String,
    pub table: String,
    /// Only these, sorted; none: all.
    #[serde(default, skip_serializing_if = "is_default")]
    pub columns: Vec<String>,
    /// Only the rows for which this holds.
    #[serde(default, skip_serializing_if = "is_default")]
    pub filter: Option<String>,
}

/// CREATE SUBSCRIPTION, without its connection string, which may hold a
/// password.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Subscription {
    pub name: String,
    pub publications: Vec<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub disabled: bool,
    /// The slot's name, where it is not the subscription's; `none` where it has
    /// none, as CREATE SUBSCRIPTION takes the word.
    #[serde(default, skip_serializing_if = "is_default")]
    pub slot_name: Option<String>,
    /// Further options as `name=value`, sorted, where they differ from the default.
    #[serde(default, skip_serializing_if = "is_default")]
    pub options: Vec<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

impl Subscription {
    /// What `slot_name` is where there is no slot.
    pub const NO_SLOT: &str = "none";
}

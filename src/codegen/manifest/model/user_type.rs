use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Check, Grant, NotNull, Persistence, is_default};

/// An enumerated type. The order of its labels is their sort order.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Enum {
    pub name: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
    pub labels: Vec<String>,
    /// How its privileges differ from those that a new one has.
    #[serde(default, skip_serializing_if = "is_default")]
    pub grants: Vec<Grant>,
}

/// A domain: a type with a default and checks of its own.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Domain {
    pub name: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
    /// The base type, as a column's `type`.
    #[serde(rename = "type")]
    pub type_name: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub collation: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub not_null: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub not_null_constraint: Option<NotNull>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub default: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub checks: Vec<Check>,
    /// How its privileges differ from those that a new one has.
    #[serde(default, skip_serializing_if = "is_default")]
    pub grants: Vec<Grant>,
}

/// A composite type made with CREATE TYPE … AS. (A table's row type is not
/// listed: it is the table.)
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Composite {
    pub name: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
    /// In order.
    #[serde(default)]
    pub attributes: Vec<Attribute>,
    /// How its privileges differ from those that a new one has.
    #[serde(default, skip_serializing_if = "is_default")]
    pub grants: Vec<Grant>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Attribute {
    pub name: String,
    #[serde(rename = "type")]
    pub type_name: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub collation: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// A range type made with CREATE TYPE … AS RANGE.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Range {
    pub name: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
    pub subtype: String,
    /// The multirange type's name (server 14 and later always have one).
    #[serde(default, skip_serializing_if = "is_default")]
    pub multirange: Option<String>,
    /// Left out where it is the subtype's default.
    #[serde(default, skip_serializing_if = "is_default")]
    pub operator_class: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub collation: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub canonical: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub subtype_diff: Option<String>,
    /// How its privileges differ from those that a new one has.
    #[serde(default, skip_serializing_if = "is_default")]
    pub grants: Vec<Grant>,
}

/// A sequence that stands by itself or is owned by a column (`serial`).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sequence {
    pub name: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub persistence: Persistence,
    #[serde(default, skip_serializing_if = "is_default")]
    pub options: SequenceOptions,
    /// The owning column, `schema.table.column`, each part quoted as SQL needs.
    #[serde(default, skip_serializing_if = "is_default")]
    pub owned_by: Option<String>,
    /// How its privileges differ from those that a new one has.
    #[serde(default, skip_serializing_if = "is_default")]
    pub grants: Vec<Grant>,
}

/// What CREATE SEQUENCE takes. What has its default is left out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SequenceOptions {
    /// Left out where it is `bigint` (for an identity column: the column's type).
    #[serde(default, rename = "type", skip_serializing_if = "is_default")]
    pub type_name: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub start: Option<i64>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub increment: Option<i64>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub minimum: Option<i64>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub maximum: Option<i64>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub cache: Option<i64>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub cycle: bool,
}

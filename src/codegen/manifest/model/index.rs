//! Indexes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Seldom, is_default};

/// An index that no constraint owns.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Index {
    pub name: String,
    /// The access method, where it is not `btree`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub method: Seldom<Option<String>>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub unique: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub nulls_not_distinct: bool,
    /// In order.
    pub keys: Vec<IndexKey>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub include: Seldom<Vec<String>>,
    /// WHERE, of a partial index.
    #[serde(default, skip_serializing_if = "is_default")]
    pub predicate: Seldom<Option<String>>,
    /// Storage options as `name=value`, sorted.
    #[serde(default, skip_serializing_if = "is_default")]
    pub options: Seldom<Vec<String>>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub tablespace: Seldom<Option<String>>,
    /// An index that a failed CONCURRENTLY left behind; a partitioned table's that
    /// not every partition has (CREATE INDEX ON ONLY).
    #[serde(default, skip_serializing_if = "is_default")]
    pub invalid: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Seldom<Option<String>>,
}

impl Index {
    /// The access method, the default included.
    pub fn method(&self) -> &str {
        self.method.as_deref().unwrap_or("btree")
    }
}

/// One key of an index: a column or an expression.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IndexKey {
    #[serde(default, skip_serializing_if = "is_default")]
    pub column: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub expression: Seldom<Option<String>>,
    /// Where it is not the column's.
    #[serde(default, skip_serializing_if = "is_default")]
    pub collation: Seldom<Option<String>>,
    /// Where it is not the type's default for the method; with its options in
    /// parentheses where it has some.
    #[serde(default, skip_serializing_if = "is_default")]
    pub operator_class: Seldom<Option<String>>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub descending: bool,
    /// Where it is not the direction's default (last for ASC, first for DESC).
    #[serde(default, skip_serializing_if = "is_default")]
    pub nulls: Option<Nulls>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub statistics: Option<i32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Nulls {
    First,
    Last,
}

/// CREATE STATISTICS: what the planner learns of several columns or of
/// expressions.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Statistics {
    /// Left out where it is the table's.
    #[serde(default, skip_serializing_if = "is_default")]
    pub schema: Option<String>,
    pub name: String,
    /// As `pg_get_statisticsobjdef` prints it.
    pub definition: String,
    /// SET STATISTICS.
    #[serde(default, skip_serializing_if = "is_default")]
    pub target: Option<i32>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// An index of a partition that is part of its parent's: what is said here is
/// what it has, all of it, whether the parent's has the same or not.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AttachedIndex {
    /// The parent's index or constraint.
    pub parent: String,
    pub name: String,
    /// Its keys, where they are not the parent's: their order, operator class and
    /// statistics target may be others.
    #[serde(default, skip_serializing_if = "is_default")]
    pub keys: Vec<IndexKey>,
    /// As `name=value`, sorted.
    #[serde(default, skip_serializing_if = "is_default")]
    pub options: Vec<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub tablespace: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
    /// Where it is part of a key: the comment on the key, which has one of its own.
    #[serde(default, skip_serializing_if = "is_default")]
    pub constraint_comment: Option<String>,
    /// One that a failed CONCURRENTLY or a missing partition left behind.
    #[serde(default, skip_serializing_if = "is_default")]
    pub invalid: bool,
}

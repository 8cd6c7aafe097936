//! Constraints of tables and domains.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Seldom, is_default};

/// A primary key or unique constraint.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Key {
    #[serde(default, skip_serializing_if = "is_default")]
    pub name: String,
    /// In key order.
    pub columns: Vec<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub include: Seldom<Vec<String>>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub nulls_not_distinct: bool,
    /// The last column WITHOUT OVERLAPS. Server 18 and later.
    #[serde(default, skip_serializing_if = "is_default")]
    pub without_overlaps: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub deferrable: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub initially_deferred: bool,
    /// The index's storage options as `name=value`, sorted.
    #[serde(default, skip_serializing_if = "is_default")]
    pub options: Seldom<Vec<String>>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub tablespace: Seldom<Option<String>>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Seldom<Option<String>>,
    /// The comment on its index, which has one of its own.
    #[serde(default, skip_serializing_if = "is_default")]
    pub index_comment: Seldom<Option<String>>,
    /// A partitioned table's key that not every partition has (ALTER TABLE ONLY).
    #[serde(default, skip_serializing_if = "is_default")]
    pub invalid: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ForeignKey {
    #[serde(default, skip_serializing_if = "is_default")]
    pub name: String,
    /// In the order of `references.columns`.
    pub columns: Vec<String>,
    pub references: Reference,
    #[serde(default, skip_serializing_if = "is_default")]
    pub on_update: Action,
    #[serde(default, skip_serializing_if = "is_default")]
    pub on_delete: Action,
    /// ON DELETE SET NULL (columns): only these.
    #[serde(default, skip_serializing_if = "is_default")]
    pub on_delete_columns: Seldom<Vec<String>>,
    #[serde(default, rename = "match", skip_serializing_if = "is_default")]
    pub match_type: Match,
    /// The last columns with PERIOD. Server 18 and later.
    #[serde(default, skip_serializing_if = "is_default")]
    pub period: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub deferrable: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub initially_deferred: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub not_valid: bool,
    /// NOT ENFORCED, which is not valid either. Server 18 and later.
    #[serde(default, skip_serializing_if = "is_default")]
    pub not_enforced: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Seldom<Option<String>>,
}

/// What a foreign key refers to. The schema may be one that is left out:
/// then the reference is an external one.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    pub schema: String,
    pub table: String,
    pub columns: Vec<String>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
// NO ACTION is the standard's own name.
#[allow(clippy::enum_variant_names)]
pub enum Action {
    #[default]
    NoAction,
    Restrict,
    Cascade,
    SetNull,
    SetDefault,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Match {
    #[default]
    Simple,
    Full,
    Partial,
}

/// A check constraint of a table or a domain.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Check {
    #[serde(default, skip_serializing_if = "is_default")]
    pub name: String,
    pub expression: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub no_inherit: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub not_valid: bool,
    /// NOT ENFORCED, which is not valid either. Server 18 and later.
    #[serde(default, skip_serializing_if = "is_default")]
    pub not_enforced: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
    /// A parent's check, which the child has only through it. A partition's is
    /// listed only for its comment.
    #[serde(default, skip_serializing_if = "is_default")]
    pub inherited: bool,
}

/// An exclusion constraint.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Exclusion {
    #[serde(default, skip_serializing_if = "is_default")]
    pub name: String,
    /// As `pg_get_constraintdef` prints it: `EXCLUDE USING gist (…)`.
    pub definition: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub tablespace: Option<String>,
    /// The comment on its index, which has one of its own.
    #[serde(default, skip_serializing_if = "is_default")]
    pub index_comment: Option<String>,
    /// A partitioned table's constraint that not every partition has (server 17
    /// and later: before, a partitioned table has none).
    #[serde(default, skip_serializing_if = "is_default")]
    pub invalid: bool,
}

/// The constraint behind a column's or domain's NOT NULL, where it is not just
/// what the server makes of the words NOT NULL. Server 18 and later.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NotNull {
    /// Left out where it is the one that the server chooses for this table's
    /// column (a child's takes its parent's name) or this domain.
    #[serde(default, skip_serializing_if = "is_default")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub not_valid: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub no_inherit: bool,
    /// A parent's, which the child has only through it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub inherited: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

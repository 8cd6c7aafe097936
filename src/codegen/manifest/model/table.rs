use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Check, Exclusion, ForeignKey, Index, Key, Policy, Rule, SequenceOptions, Trigger, is_default};

/// A table, ordinary or partitioned.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Table {
    pub name: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub persistence: Persistence,
    #[serde(default, skip_serializing_if = "is_default")]
    pub partition_by: Option<PartitionKey>,
    /// The parents of a table that inherits, `schema.table`, in order.
    #[serde(default, skip_serializing_if = "is_default")]
    pub inherits: Vec<String>,
    /// The composite type of a typed table (CREATE TABLE … OF).
    #[serde(default, skip_serializing_if = "is_default")]
    pub of_type: Option<String>,
    /// Where it is not `heap`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub access_method: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub tablespace: Option<String>,
    /// Storage options as `name=value`, sorted.
    #[serde(default, skip_serializing_if = "is_default")]
    pub options: Vec<String>,
    /// ENABLE ROW LEVEL SECURITY.
    #[serde(default, skip_serializing_if = "is_default")]
    pub row_security: bool,
    /// FORCE ROW LEVEL SECURITY: the owner is bound too.
    #[serde(default, skip_serializing_if = "is_default")]
    pub force_row_security: bool,
    /// `full`, `nothing` or an index's name; left out where it is the default.
    #[serde(default, skip_serializing_if = "is_default")]
    pub replica_identity: Option<String>,
    /// In order.
    #[serde(default)]
    pub columns: Vec<Column>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub primary_key: Option<Key>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub unique: Vec<Key>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub foreign_keys: Vec<ForeignKey>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub checks: Vec<Check>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub exclusions: Vec<Exclusion>,
    /// Indexes that no constraint owns. (A key's index is the key.)
    #[serde(default, skip_serializing_if = "is_default")]
    pub indexes: Vec<Index>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub triggers: Vec<Trigger>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub rules: Vec<Rule>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub policies: Vec<Policy>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub partitions: Vec<Partition>,
}

impl Table {
    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// How many indexes Postgres keeps for the table: its own and those
    /// behind primary key, unique and exclusion constraints.
    pub fn index_count(&self) -> usize {
        self.indexes.len() + usize::from(self.primary_key.is_some()) + self.unique.len() + self.exclusions.len()
    }
}

/// A column of a table or view.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Column {
    pub name: String,
    /// As `format_type` prints it with an empty search_path:
    /// `character varying(255)`, `text[]`, `crm.contact_status`.
    #[serde(rename = "type")]
    pub type_name: String,
    /// Where it is not the type's own.
    #[serde(default, skip_serializing_if = "is_default")]
    pub collation: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub not_null: bool,
    /// An SQL expression.
    #[serde(default, skip_serializing_if = "is_default")]
    pub default: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub identity: Option<Identity>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub generated: Option<Generated>,
    /// `plain`, `external`, `extended`, `main`; left out where it is the type's.
    #[serde(default, skip_serializing_if = "is_default")]
    pub storage: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub compression: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub statistics: Option<i32>,
    /// Attribute options as `name=value`, sorted.
    #[serde(default, skip_serializing_if = "is_default")]
    pub options: Vec<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Persistence {
    #[default]
    Permanent,
    Unlogged,
    Temporary,
}

/// GENERATED … AS IDENTITY.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    pub generation: Generation,
    /// The sequence's name, where it is not `table_column_seq`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub sequence: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub options: SequenceOptions,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Generation {
    Always,
    #[default]
    ByDefault,
}

/// GENERATED ALWAYS AS (expression).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Generated {
    pub expression: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub kind: GeneratedKind,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GeneratedKind {
    #[default]
    Stored,
    /// Server 18 and later.
    Virtual,
}

/// PARTITION BY.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PartitionKey {
    pub strategy: PartitionStrategy,
    /// Its columns, in order; an expression in the key has none.
    #[serde(default, skip_serializing_if = "is_default")]
    pub columns: Vec<String>,
    /// As `pg_get_partkeydef` prints it: `RANGE (created_at)`.
    pub definition: String,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PartitionStrategy {
    #[default]
    Range,
    List,
    Hash,
}

/// A partition, folded under its parent, whose columns it has.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Partition {
    /// Left out where it is the parent's.
    #[serde(default, skip_serializing_if = "is_default")]
    pub schema: Option<String>,
    pub name: String,
    /// `FOR VALUES …` or `DEFAULT`.
    pub bound: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub persistence: Persistence,
    #[serde(default, skip_serializing_if = "is_default")]
    pub options: Vec<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub tablespace: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub partition_by: Option<PartitionKey>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub partitions: Vec<Partition>,
}

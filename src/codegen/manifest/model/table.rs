use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    AttachedIndex, Check, Exclusion, ForeignKey, ForeignTable, Grant, Index, Key, NotNull, Policy, Rule, Seldom,
    SequenceOptions, Statistics, Trigger, is_default,
};

/// A table: ordinary, partitioned or foreign.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Table {
    pub name: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Seldom<Option<String>>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub persistence: Persistence,
    #[serde(default, skip_serializing_if = "is_default")]
    pub partition_by: Option<Box<PartitionKey>>,
    /// The parents of a table that inherits, `schema.table`, in order.
    #[serde(default, skip_serializing_if = "is_default")]
    pub inherits: Seldom<Vec<String>>,
    /// The composite type of a typed table (CREATE TABLE … OF).
    #[serde(default, skip_serializing_if = "is_default")]
    pub of_type: Seldom<Option<String>>,
    /// Where it is not `heap`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub access_method: Seldom<Option<String>>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub tablespace: Seldom<Option<String>>,
    /// Storage options as `name=value`, sorted.
    #[serde(default, skip_serializing_if = "is_default")]
    pub options: Seldom<Vec<String>>,
    /// ENABLE ROW LEVEL SECURITY.
    #[serde(default, skip_serializing_if = "is_default")]
    pub row_security: bool,
    /// FORCE ROW LEVEL SECURITY: the owner is bound too.
    #[serde(default, skip_serializing_if = "is_default")]
    pub force_row_security: bool,
    /// What a foreign table has.
    #[serde(default, skip_serializing_if = "is_default")]
    pub foreign: Option<Box<ForeignTable>>,
    /// `full` or `nothing`; left out where it is the default or an index.
    #[serde(default, skip_serializing_if = "is_default")]
    pub replica_identity: Seldom<Option<String>>,
    /// REPLICA IDENTITY USING INDEX.
    #[serde(default, skip_serializing_if = "is_default")]
    pub replica_identity_index: Seldom<Option<String>>,
    /// CLUSTER ON: the index that CLUSTER goes by.
    #[serde(default, skip_serializing_if = "is_default")]
    pub cluster_on: Seldom<Option<String>>,
    /// In order.
    #[serde(default)]
    pub columns: Vec<Column>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub primary_key: Option<Key>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub unique: Seldom<Vec<Key>>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub foreign_keys: Vec<ForeignKey>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub checks: Seldom<Vec<Check>>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub exclusions: Seldom<Vec<Exclusion>>,
    /// Indexes that no constraint owns. (A key's index is the key.)
    #[serde(default, skip_serializing_if = "is_default")]
    pub indexes: Vec<Index>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub statistics: Seldom<Vec<Statistics>>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub triggers: Seldom<Vec<Trigger>>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub rules: Seldom<Vec<Rule>>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub policies: Vec<Policy>,
    /// How its privileges differ from those that a new one has.
    #[serde(default, skip_serializing_if = "is_default")]
    pub grants: Seldom<Vec<Grant>>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub partitions: Seldom<Vec<Partition>>,
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
    pub collation: Seldom<Option<String>>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub not_null: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub not_null_constraint: Option<Box<NotNull>>,
    /// An SQL expression.
    #[serde(default, skip_serializing_if = "is_default")]
    pub default: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub identity: Option<Box<Identity>>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub generated: Option<Box<Generated>>,
    /// `plain`, `external`, `extended`, `main`; left out where it is the type's.
    #[serde(default, skip_serializing_if = "is_default")]
    pub storage: Seldom<Option<String>>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub compression: Seldom<Option<String>>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub statistics: Option<i32>,
    /// Attribute options as `name=value`, sorted.
    #[serde(default, skip_serializing_if = "is_default")]
    pub options: Seldom<Vec<String>>,
    /// A foreign table's column: its options as `name=value`, sorted.
    #[serde(default, skip_serializing_if = "is_default")]
    pub foreign_options: Seldom<Vec<String>>,
    /// A parent's column, which the child has only through it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub inherited: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Seldom<Option<String>>,
    /// How its privileges differ from those that a new one has.
    #[serde(default, skip_serializing_if = "is_default")]
    pub grants: Seldom<Vec<Grant>>,
}

impl Column {
    /// Whether the server alone writes it: GENERATED ALWAYS, as an expression
    /// or as an identity.
    pub fn is_written_by_server(&self) -> bool {
        let always = |identity: &Identity| identity.generation == Generation::Always;
        self.generated.is_some() || self.identity.as_deref().is_some_and(always)
    }
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
    /// The sequence's name, where it is not the one that the server chooses.
    #[serde(default, skip_serializing_if = "is_default")]
    pub sequence: Option<String>,
    /// The sequence's, where it is not the table's. Server 15 and later.
    #[serde(default, skip_serializing_if = "is_default")]
    pub persistence: Option<Persistence>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub options: SequenceOptions,
    /// The sequence's, as its grants.
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub grants: Vec<Grant>,
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

/// A partition, folded under its parent, whose columns, constraints, indexes and
/// triggers it has. What is listed here is what it has of its own. The parent of
/// a partition's partition is that partition, not the table at the top.
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
    pub comment: Seldom<Option<String>>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub persistence: Persistence,
    #[serde(default, skip_serializing_if = "is_default")]
    pub access_method: Seldom<Option<String>>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub tablespace: Seldom<Option<String>>,
    /// As `name=value`, sorted.
    #[serde(default, skip_serializing_if = "is_default")]
    pub options: Seldom<Vec<String>>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub foreign: Option<Box<ForeignTable>>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub row_security: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub force_row_security: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub replica_identity: Seldom<Option<String>>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub replica_identity_index: Seldom<Option<String>>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub cluster_on: Seldom<Option<String>>,
    /// The names of all its columns, where their order is not the parent's.
    #[serde(default, skip_serializing_if = "is_default")]
    pub column_order: Seldom<Vec<String>>,
    /// Those that differ from the parent's in anything but comment and place, each
    /// as the partition has it; and those with a comment or privileges. An identity
    /// is there only where its sequence is the partition's own (up to server 16),
    /// for the parent's holds for all partitions. A NOT NULL that the parent has
    /// too is there with its name where that is not the parent's one.
    #[serde(default, skip_serializing_if = "is_default")]
    pub columns: Vec<Column>,
    /// A key that the parent does not have.
    #[serde(default, skip_serializing_if = "is_default")]
    pub primary_key: Option<Key>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub unique: Seldom<Vec<Key>>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub foreign_keys: Vec<ForeignKey>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub checks: Seldom<Vec<Check>>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub exclusions: Seldom<Vec<Exclusion>>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub indexes: Vec<Index>,
    /// Parts of the parent's indexes and keys whose name is not the one that the
    /// server chooses, or that differ from the parent's in something else, or that
    /// are part of an index that not every partition has (an invalid one).
    #[serde(default, skip_serializing_if = "is_default")]
    pub attached_indexes: Seldom<Vec<AttachedIndex>>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub statistics: Seldom<Vec<Statistics>>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub triggers: Seldom<Vec<Trigger>>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub rules: Seldom<Vec<Rule>>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub policies: Vec<Policy>,
    /// How its privileges differ from those that a new one has.
    #[serde(default, skip_serializing_if = "is_default")]
    pub grants: Seldom<Vec<Grant>>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub partition_by: Option<Box<PartitionKey>>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub partitions: Seldom<Vec<Partition>>,
}

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Column, Grant, Index, Rule, Seldom, Statistics, Trigger, is_default};

/// A view or a materialised view; the list that it stands in says which.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct View {
    pub name: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
    /// Storage and view options as `name=value`, such as
    /// `security_invoker=true`, `check_option=cascaded`; sorted.
    #[serde(default, skip_serializing_if = "is_default")]
    pub options: Vec<String>,
    /// A materialised view's access method, where it is not `heap`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub access_method: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub tablespace: Option<String>,
    /// A materialised view that holds no data yet (WITH NO DATA).
    #[serde(default, skip_serializing_if = "is_default")]
    pub not_populated: bool,
    /// In order. `not_null` is what can be proved from the definition; a
    /// column without it may be null.
    #[serde(default)]
    pub columns: Vec<Column>,
    /// Of a materialised view only.
    #[serde(default, skip_serializing_if = "is_default")]
    pub indexes: Vec<Index>,
    /// Of a materialised view only.
    #[serde(default, skip_serializing_if = "is_default")]
    pub statistics: Seldom<Vec<Statistics>>,
    /// A materialised view: the index that CLUSTER goes by.
    #[serde(default, skip_serializing_if = "is_default")]
    pub cluster_on: Seldom<Option<String>>,
    /// A materialised view: `full` or `nothing`; left out where it is the default
    /// or an index.
    #[serde(default, skip_serializing_if = "is_default")]
    pub replica_identity: Option<String>,
    /// A materialised view: REPLICA IDENTITY USING INDEX.
    #[serde(default, skip_serializing_if = "is_default")]
    pub replica_identity_index: Seldom<Option<String>>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub triggers: Seldom<Vec<Trigger>>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub rules: Seldom<Vec<Rule>>,
    /// How its privileges differ from those that a new one has.
    #[serde(default, skip_serializing_if = "is_default")]
    pub grants: Vec<Grant>,
    /// The query, as the server prints it with an empty search_path, without
    /// its last semicolon.
    #[serde(default, skip_serializing_if = "is_default")]
    pub definition: String,
}

/// Which of the two a [`View`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ViewKind {
    View,
    MaterializedView,
}

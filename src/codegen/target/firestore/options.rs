use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The options of this target, `firestore:` in project.yaml.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct FirestoreOptions {
    /// What a `date` becomes: `string` (`2024-02-29`, the default), or
    /// `timestamp` (midnight UTC).
    pub dates: Dates,
    /// What a foreign key's column becomes: `value` (it keeps its own type,
    /// the default), or `document_reference` where it holds the other
    /// document's id.
    pub references: References,
    /// Whether views and materialised views become collections as well. A
    /// mirror copies tables, so the default is no.
    pub views: bool,
    /// Whether firestore.rules let clients write what the policies allow them
    /// to. What clients write does not reach Postgres, and no constraint but
    /// the fields' types is checked, so the default is no: rules are
    /// read-only, and the Admin SDK mirrors.
    pub client_writes: bool,
    /// Names for collections, by `schema.table`, where the table's own name
    /// will not do or collides.
    pub collections: BTreeMap<String, String>,
}

/// What a `date` becomes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Dates {
    #[default]
    String,
    Timestamp,
}

/// What the column of a foreign key becomes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum References {
    #[default]
    Value,
    DocumentReference,
}

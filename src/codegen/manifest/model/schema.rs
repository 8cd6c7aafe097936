use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Composite, Domain, Enum, Range, Routine, Sequence, Table, View, is_default};

/// One Postgres schema, or several, as the manifest holds them: what
/// `pg_dump --schema-only` would say, without the catalog's numbers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The version of this format. Today `1.0`.
    pub version: String,
    /// When the manifest last changed: RFC 3339, UTC. It stays as it is when
    /// nothing else changes, so that a second introspection changes no byte.
    #[serde(default, skip_serializing_if = "is_default")]
    pub generated: Option<String>,
    /// Where the manifest was read from. Absent in one written by hand.
    #[serde(default, skip_serializing_if = "is_default")]
    pub source: Option<Source>,
    /// Schemas of the database that the manifest leaves out, with the reason.
    #[serde(default, skip_serializing_if = "is_default")]
    pub left_out: Vec<LeftOut>,
    /// What the role could not read. Drift never calls these dropped.
    #[serde(default, skip_serializing_if = "is_default")]
    pub not_visible: Vec<NotVisible>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub extensions: Vec<Extension>,
    #[serde(default)]
    pub schemas: Vec<Schema>,
}

/// What a manifest was read from. Provenance only: nothing is generated from it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The server's `server_version`, such as `15.18`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub server_version: String,
    /// The profile whose managed schemas were left out: `neon`, `supabase`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub profile: Option<String>,
}

/// A schema of the database that the manifest leaves out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LeftOut {
    pub schema: String,
    pub reason: String,
}

/// An object that the introspecting role could not read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NotVisible {
    /// The object's kind, such as `schema` or `table`.
    pub kind: String,
    /// Its qualified name.
    pub name: String,
    /// The privilege that is missing.
    pub reason: String,
}

/// An installed extension. What belongs to it is not in the manifest.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Extension {
    pub name: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub version: Option<String>,
    /// The schema that its objects are in.
    #[serde(default, skip_serializing_if = "is_default")]
    pub schema: Option<String>,
    /// The types that the extension brings, unqualified: columns may use them.
    #[serde(default, skip_serializing_if = "is_default")]
    pub types: Vec<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// One namespace and what is in it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Schema {
    pub name: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub enums: Vec<Enum>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub domains: Vec<Domain>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub composites: Vec<Composite>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub ranges: Vec<Range>,
    /// Sequences but those of identity columns, which are with their column.
    #[serde(default, skip_serializing_if = "is_default")]
    pub sequences: Vec<Sequence>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub tables: Vec<Table>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub views: Vec<View>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub materialized_views: Vec<View>,
    /// Functions, procedures, aggregates and window functions.
    #[serde(default, skip_serializing_if = "is_default")]
    pub functions: Vec<Routine>,
}

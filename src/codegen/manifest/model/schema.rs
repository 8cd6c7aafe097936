use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    AccessMethod, Cast, Collation, Composite, Conversion, CronJob, DefaultPrivilege, Domain, Enum, EventTrigger,
    ForeignDataWrapper, Grant, Language, Operator, OperatorClass, OperatorFamily, Policy, Publication, Range, Routine,
    Rule, Sequence, Server, Subscription, Table, Tables, TextSearchConfiguration, TextSearchDictionary,
    TextSearchParser, TextSearchTemplate, Transform, Trigger, View, is_default,
};

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
    /// Objects of kinds that this format does not hold. Reports name them as not
    /// compared, and `--strict-coverage` refuses them.
    #[serde(default, skip_serializing_if = "is_default")]
    pub not_modelled: Vec<NotModelled>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub extensions: Vec<Extension>,
    #[serde(default)]
    pub schemas: Vec<Schema>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub casts: Vec<Cast>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub languages: Vec<Language>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub transforms: Vec<Transform>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub access_methods: Vec<AccessMethod>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub event_triggers: Vec<EventTrigger>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub foreign_data_wrappers: Vec<ForeignDataWrapper>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub servers: Vec<Server>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub publications: Vec<Publication>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub subscriptions: Vec<Subscription>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub default_privileges: Vec<DefaultPrivilege>,
    /// The jobs of pg_cron, where it is installed.
    #[serde(default, skip_serializing_if = "is_default")]
    pub cron_jobs: Vec<CronJob>,
    /// What an object needs that its own fields do not say: from `kind name` to a
    /// list of `kind name`, as the server's catalog of dependencies has it. It
    /// decides the order of SQL and is never compared.
    #[serde(default, skip_serializing_if = "is_default")]
    pub dependencies: BTreeMap<String, Vec<String>>,
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
    /// Tables there that the user has attached something to.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tables: Vec<LeftOutTable>,
}

/// A table of a schema that is left out, for what the user has attached to it:
/// triggers whose function is in a schema that is read, and policies.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LeftOutTable {
    pub name: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub triggers: Vec<Trigger>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub rules: Vec<Rule>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub policies: Vec<Policy>,
}

/// An object of a kind that the manifest does not hold.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NotModelled {
    /// What it is, as `security label`.
    pub kind: String,
    /// Its name as the server has it.
    pub name: String,
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
    /// How its privileges differ from those that a new one has.
    #[serde(default, skip_serializing_if = "is_default")]
    pub grants: Vec<Grant>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub collations: Vec<Collation>,
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
    #[serde(default, skip_serializing_if = "Tables::is_empty")]
    #[schemars(with = "Vec<Table>")]
    pub tables: Tables,
    #[serde(default, skip_serializing_if = "is_default")]
    pub views: Vec<View>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub materialized_views: Vec<View>,
    /// Functions, procedures, aggregates and window functions.
    #[serde(default, skip_serializing_if = "is_default")]
    pub functions: Vec<Routine>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub operators: Vec<Operator>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub operator_families: Vec<OperatorFamily>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub operator_classes: Vec<OperatorClass>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub conversions: Vec<Conversion>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub text_search_parsers: Vec<TextSearchParser>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub text_search_templates: Vec<TextSearchTemplate>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub text_search_dictionaries: Vec<TextSearchDictionary>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub text_search_configurations: Vec<TextSearchConfiguration>,
}

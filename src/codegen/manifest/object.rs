//! What an object is called: its kind and its path, such as
//! `column crm.contacts.email`. Reports, ignore rules and the manifest's
//! `dependencies` all speak of objects this way.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Cast, DefaultPrivilege, DefaultPrivilegeObjects, Operator, Routine, RoutineKind};
use crate::codegen::sql::identifier;

/// Every kind of object that a manifest holds, in the order in which reports
/// list them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Schema,
    Extension,
    Table,
    Partition,
    ForeignTable,
    Column,
    /// A column's default: part of its column in a report, an object of its
    /// own in the catalog of dependencies.
    Default,
    PrimaryKey,
    Unique,
    ForeignKey,
    Check,
    Exclusion,
    Index,
    Statistics,
    View,
    MaterializedView,
    Trigger,
    Rule,
    Policy,
    Function,
    Procedure,
    Aggregate,
    WindowFunction,
    Enum,
    Domain,
    DomainCheck,
    Composite,
    Attribute,
    Range,
    Sequence,
    Collation,
    Conversion,
    Operator,
    OperatorClass,
    OperatorFamily,
    Cast,
    TextSearchParser,
    TextSearchTemplate,
    TextSearchDictionary,
    TextSearchConfiguration,
    Language,
    Transform,
    AccessMethod,
    EventTrigger,
    ForeignDataWrapper,
    Server,
    UserMapping,
    Publication,
    PublicationTable,
    Subscription,
    Grant,
    DefaultPrivilege,
    CronJob,
}

impl Kind {
    /// Every kind, in the order of reports.
    pub const ALL: [Self; 53] = [
        Self::Schema,
        Self::Extension,
        Self::Table,
        Self::Partition,
        Self::ForeignTable,
        Self::Column,
        Self::Default,
        Self::PrimaryKey,
        Self::Unique,
        Self::ForeignKey,
        Self::Check,
        Self::Exclusion,
        Self::Index,
        Self::Statistics,
        Self::View,
        Self::MaterializedView,
        Self::Trigger,
        Self::Rule,
        Self::Policy,
        Self::Function,
        Self::Procedure,
        Self::Aggregate,
        Self::WindowFunction,
        Self::Enum,
        Self::Domain,
        Self::DomainCheck,
        Self::Composite,
        Self::Attribute,
        Self::Range,
        Self::Sequence,
        Self::Collation,
        Self::Conversion,
        Self::Operator,
        Self::OperatorClass,
        Self::OperatorFamily,
        Self::Cast,
        Self::TextSearchParser,
        Self::TextSearchTemplate,
        Self::TextSearchDictionary,
        Self::TextSearchConfiguration,
        Self::Language,
        Self::Transform,
        Self::AccessMethod,
        Self::EventTrigger,
        Self::ForeignDataWrapper,
        Self::Server,
        Self::UserMapping,
        Self::Publication,
        Self::PublicationTable,
        Self::Subscription,
        Self::Grant,
        Self::DefaultPrivilege,
        Self::CronJob,
    ];

    /// One word, as `materialized_view`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Schema => "schema",
            Self::Extension => "extension",
            Self::Table => "table",
            Self::Partition => "partition",
            Self::ForeignTable => "foreign_table",
            Self::Column => "column",
            Self::Default => "default",
            Self::PrimaryKey => "primary_key",
            Self::Unique => "unique",
            Self::ForeignKey => "foreign_key",
            Self::Check => "check",
            Self::Exclusion => "exclusion",
            Self::Index => "index",
            Self::Statistics => "statistics",
            Self::View => "view",
            Self::MaterializedView => "materialized_view",
            Self::Trigger => "trigger",
            Self::Rule => "rule",
            Self::Policy => "policy",
            Self::Function => "function",
            Self::Procedure => "procedure",
            Self::Aggregate => "aggregate",
            Self::WindowFunction => "window_function",
            Self::Enum => "enum",
            Self::Domain => "domain",
            Self::DomainCheck => "domain_check",
            Self::Composite => "composite",
            Self::Attribute => "attribute",
            Self::Range => "range",
            Self::Sequence => "sequence",
            Self::Collation => "collation",
            Self::Conversion => "conversion",
            Self::Operator => "operator",
            Self::OperatorClass => "operator_class",
            Self::OperatorFamily => "operator_family",
            Self::Cast => "cast",
            Self::TextSearchParser => "text_search_parser",
            Self::TextSearchTemplate => "text_search_template",
            Self::TextSearchDictionary => "text_search_dictionary",
            Self::TextSearchConfiguration => "text_search_configuration",
            Self::Language => "language",
            Self::Transform => "transform",
            Self::AccessMethod => "access_method",
            Self::EventTrigger => "event_trigger",
            Self::ForeignDataWrapper => "foreign_data_wrapper",
            Self::Server => "server",
            Self::UserMapping => "user_mapping",
            Self::Publication => "publication",
            Self::PublicationTable => "publication_table",
            Self::Subscription => "subscription",
            Self::Grant => "grant",
            Self::DefaultPrivilege => "default_privilege",
            Self::CronJob => "cron_job",
        }
    }

    /// As a heading of a report, in the plural: `Materialized views`.
    pub fn heading(self) -> String {
        let words = match self {
            Self::PrimaryKey => "primary keys".to_owned(),
            Self::Unique => "unique constraints".to_owned(),
            Self::Check => "check constraints".to_owned(),
            Self::Exclusion => "exclusion constraints".to_owned(),
            Self::Statistics => "extended statistics".to_owned(),
            Self::Index => "indexes".to_owned(),
            Self::Policy => "policies".to_owned(),
            Self::OperatorClass => "operator classes".to_owned(),
            Self::OperatorFamily => "operator families".to_owned(),
            Self::TextSearchDictionary => "text search dictionaries".to_owned(),
            other => format!("{}s", other.word().replace('_', " ")),
        };
        let mut characters = words.chars();
        characters.next().map(|first| first.to_ascii_uppercase().to_string() + characters.as_str()).unwrap_or_default()
    }

    /// The kind of that word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl From<RoutineKind> for Kind {
    fn from(kind: RoutineKind) -> Self {
        match kind {
            RoutineKind::Function => Self::Function,
            RoutineKind::Procedure => Self::Procedure,
            RoutineKind::Aggregate => Self::Aggregate,
            RoutineKind::Window => Self::WindowFunction,
        }
    }
}

/// The identity of an object: two manifests speak of the same one where kind
/// and path are the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ObjectId {
    pub kind: Kind,
    /// Its names from the schema down with dots between them, each quoted
    /// where SQL needs it; a routine and an operator with their types.
    pub path: String,
}

impl ObjectId {
    /// `kind schema.table.name`.
    pub fn new(kind: Kind, names: &[&str]) -> Self {
        Self { kind, path: names.iter().map(|name| identifier(name)).collect::<Vec<_>>().join(".") }
    }

    /// One more name behind this object's path, as a column's behind its table's.
    pub fn child(&self, kind: Kind, name: &str) -> Self {
        Self { kind, path: format!("{}.{}", self.path, identifier(name)) }
    }

    /// `function crm.area(integer, integer)`.
    pub fn routine(schema: &str, routine: &Routine) -> Self {
        let types = routine.input_types().join(", ");
        let path = format!("{}.{}({types})", identifier(schema), identifier(&routine.name));
        Self { kind: routine.kind.into(), path }
    }

    /// `operator crm.+(integer, integer)`; a prefix operator has `NONE` for its left.
    pub fn operator(schema: &str, operator: &Operator) -> Self {
        let left = operator.left.as_deref().unwrap_or("NONE");
        let path = format!("{}.{}({left}, {})", identifier(schema), operator.name, operator.right);
        Self { kind: Kind::Operator, path }
    }

    /// An operator class or family: `operator_class crm.by_length USING btree`.
    pub fn of_method(kind: Kind, schema: &str, name: &str, method: &str) -> Self {
        let path = format!("{}.{} USING {}", identifier(schema), identifier(name), identifier(method));
        Self { kind, path }
    }

    /// `cast (text AS integer)`.
    pub fn cast(cast: &Cast) -> Self {
        Self { kind: Kind::Cast, path: format!("({} AS {})", cast.source, cast.target) }
    }

    /// `transform FOR hstore LANGUAGE plperl`.
    pub fn transform(type_name: &str, language: &str) -> Self {
        Self { kind: Kind::Transform, path: format!("FOR {type_name} LANGUAGE {}", identifier(language)) }
    }

    /// `user_mapping FOR app SERVER warehouse`.
    pub fn user_mapping(role: &str, server: &str) -> Self {
        let path = format!("FOR {} SERVER {}", identifier(role), identifier(server));
        Self { kind: Kind::UserMapping, path }
    }

    /// `default_privilege FOR owner IN SCHEMA crm ON tables`.
    pub fn default_privilege(privilege: &DefaultPrivilege) -> Self {
        let objects = match privilege.objects {
            DefaultPrivilegeObjects::Tables => "tables",
            DefaultPrivilegeObjects::Sequences => "sequences",
            DefaultPrivilegeObjects::Functions => "functions",
            DefaultPrivilegeObjects::Types => "types",
            DefaultPrivilegeObjects::Schemas => "schemas",
            DefaultPrivilegeObjects::LargeObjects => "large objects",
        };
        let schema = privilege.schema.as_deref().map(|schema| format!(" IN SCHEMA {}", identifier(schema)));
        let path = format!("FOR {}{} ON {objects}", identifier(&privilege.role), schema.unwrap_or_default());
        Self { kind: Kind::DefaultPrivilege, path }
    }

    /// `grant table crm.contacts TO app`: privileges on this object.
    pub fn grant(&self, role: &str, grantor: Option<&str>) -> Self {
        let by = grantor.map(|grantor| format!(" BY {}", identifier(grantor))).unwrap_or_default();
        let path = format!("{self} TO {}{by}", identifier(role));
        Self { kind: Kind::Grant, path }
    }

    /// Reads what [`Display`](fmt::Display) prints.
    pub fn parse(text: &str) -> Option<Self> {
        let (word, path) = text.split_once(' ')?;
        Some(Self { kind: Kind::of_word(word)?, path: path.to_owned() })
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_own_word() {
        for kind in Kind::ALL {
            assert_eq!(Kind::of_word(kind.word()), Some(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.word());
        }
        assert_eq!(Kind::MaterializedView.heading(), "Materialized views");
        assert_eq!(Kind::Index.heading(), "Indexes");
    }

    #[test]
    fn an_identity_reads_back() {
        let id = ObjectId::new(Kind::Table, &["crm", "My \"T\""]).child(Kind::Column, "select this");
        assert_eq!(id.to_string(), "column crm.\"My \"\"T\"\"\".\"select this\"");
        assert_eq!(ObjectId::parse(&id.to_string()), Some(id));
        assert_eq!(ObjectId::parse("contacts"), None);
    }
}

//! A manifest as a flat list of objects, each with its identity, its parent
//! and the facts that a comparison looks at.

mod census;
mod common;
mod walk;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::codegen::document::Path;
use crate::codegen::manifest::*;

pub use common::Common;
pub use walk::{each_object, objects, objects_but};

/// One object of a manifest.
#[derive(Clone)]
pub struct Object<'m> {
    pub id: ObjectId,
    /// What it is dropped with: a column's table, a grant's object.
    pub parent: Option<ObjectId>,
    pub item: Item<'m>,
    /// Where it stands in the manifest's document.
    pub place: Path,
}

/// The table, partition or view that something is part of or attached to.
#[derive(Debug, Clone, Copy)]
pub struct Relation<'m> {
    pub kind: Kind,
    pub schema: &'m str,
    pub name: &'m str,
}

impl Relation<'_> {
    pub fn id(&self) -> ObjectId {
        ObjectId::new(self.kind, &[self.schema, self.name])
    }
}

/// A partition, and what it is a partition of.
#[derive(Debug, Clone, Copy)]
pub struct PartitionOf<'m> {
    pub schema: &'m str,
    pub partition: &'m Partition,
    /// The table or partition right above it.
    pub parent: Relation<'m>,
    /// The table at the top, whose columns it has.
    pub root: &'m Table,
}

/// An object's own data. Nothing of it is compared by hand: see [`Object::facts`].
#[derive(Clone, Copy)]
pub enum Item<'m> {
    Schema(&'m Schema),
    Extension(&'m Extension),
    Table {
        schema: &'m str,
        table: &'m Table,
    },
    Partition(PartitionOf<'m>),
    /// A column of a table. A partition's is there where it differs from its parent's.
    Column {
        on: Relation<'m>,
        column: &'m Column,
    },
    /// What a view's column has beyond what its query gives it.
    ViewColumn {
        on: Relation<'m>,
        column: &'m Column,
    },
    Default {
        on: Relation<'m>,
        column: &'m Column,
    },
    Key {
        on: Relation<'m>,
        key: &'m Key,
    },
    ForeignKey {
        on: Relation<'m>,
        key: &'m ForeignKey,
    },
    Check {
        on: Relation<'m>,
        check: &'m Check,
    },
    Exclusion {
        on: Relation<'m>,
        exclusion: &'m Exclusion,
    },
    Index {
        on: Relation<'m>,
        index: &'m Index,
    },
    Statistics {
        on: Relation<'m>,
        statistics: &'m Statistics,
    },
    View {
        schema: &'m str,
        view: &'m View,
    },
    Trigger {
        on: Relation<'m>,
        trigger: &'m Trigger,
    },
    Rule {
        on: Relation<'m>,
        rule: &'m Rule,
    },
    Policy {
        on: Relation<'m>,
        policy: &'m Policy,
    },
    Routine {
        schema: &'m str,
        routine: &'m Routine,
    },
    Enum {
        schema: &'m str,
        item: &'m Enum,
    },
    Domain {
        schema: &'m str,
        domain: &'m Domain,
    },
    DomainCheck {
        schema: &'m str,
        domain: &'m Domain,
        check: &'m Check,
    },
    Composite {
        schema: &'m str,
        composite: &'m Composite,
    },
    Attribute {
        schema: &'m str,
        composite: &'m Composite,
        attribute: &'m Attribute,
    },
    Range {
        schema: &'m str,
        range: &'m Range,
    },
    Sequence {
        schema: &'m str,
        sequence: &'m Sequence,
    },
    Collation {
        schema: &'m str,
        collation: &'m Collation,
    },
    Conversion {
        schema: &'m str,
        conversion: &'m Conversion,
    },
    Operator {
        schema: &'m str,
        operator: &'m Operator,
    },
    OperatorFamily {
        schema: &'m str,
        family: &'m OperatorFamily,
    },
    OperatorClass {
        schema: &'m str,
        class: &'m OperatorClass,
    },
    Cast(&'m Cast),
    TextSearchParser {
        schema: &'m str,
        parser: &'m TextSearchParser,
    },
    TextSearchTemplate {
        schema: &'m str,
        template: &'m TextSearchTemplate,
    },
    TextSearchDictionary {
        schema: &'m str,
        dictionary: &'m TextSearchDictionary,
    },
    TextSearchConfiguration {
        schema: &'m str,
        configuration: &'m TextSearchConfiguration,
    },
    Language(&'m Language),
    Transform(&'m Transform),
    AccessMethod(&'m AccessMethod),
    EventTrigger(&'m EventTrigger),
    ForeignDataWrapper(&'m ForeignDataWrapper),
    Server(&'m Server),
    UserMapping {
        server: &'m str,
        mapping: &'m UserMapping,
    },
    Publication(&'m Publication),
    PublicationTable {
        publication: &'m Publication,
        table: &'m PublicationTable,
    },
    Subscription(&'m Subscription),
    Grant(&'m Grant),
    DefaultPrivilege(&'m DefaultPrivilege),
    CronJob(&'m CronJob),
}

impl Object<'_> {
    /// What is compared: attribute by attribute, the parts of a structured one
    /// with dots between them. What has its default is not there.
    ///
    /// Architecture Invariant: the facts are what the manifest's own
    /// serialization says, less the object's name and what are objects of
    /// their own, so that a field that is added to the model is compared
    /// without another word.
    pub fn facts(&self) -> Map<String, Value> {
        let mut facts = Map::new();
        let Value::Object(mut fields) = self.fields() else { return facts };
        for name in ["name", "grants"].iter().chain(self.not_facts()) {
            fields.remove(*name);
        }
        for (name, value) in fields {
            flatten(name, value, &mut facts);
        }
        facts.remove("identity.grants");
        if let Item::Partition(of) = self.item {
            facts.insert("parent".to_owned(), Value::from(of.parent.id().path));
        }
        facts
    }

    fn fields(&self) -> Value {
        // The model holds nothing that JSON cannot: no map keys but texts, and the
        // server gives no cost that is not a number.
        let value = match self.item {
            Item::Schema(schema) => serde_json::to_value(alone(schema)),
            item => serde_json::to_value(item),
        };
        let value = value.unwrap_or(Value::Null);
        match self.item {
            Item::Default { .. } => Value::Object([("default".to_owned(), value)].into_iter().collect()),
            _ => value,
        }
    }

    /// Fields that are part of the identity, or objects of their own.
    fn not_facts(&self) -> &'static [&'static str] {
        match self.item {
            Item::Schema(_) => &[
                "collations",
                "enums",
                "domains",
                "composites",
                "ranges",
                "sequences",
                "tables",
                "views",
                "materialized_views",
                "functions",
                "operators",
                "operator_families",
                "operator_classes",
                "conversions",
                "text_search_parsers",
                "text_search_templates",
                "text_search_dictionaries",
                "text_search_configurations",
            ],
            // Its types come with it.
            Item::Extension(_) => &["types"],
            Item::Table { .. } | Item::Partition(_) => &TABLE_PARTS,
            Item::Column { .. } => &["default"],
            // The query decides these, and the query is compared.
            Item::ViewColumn { .. } => &["type", "collation", "not_null", "default"],
            Item::View { .. } => &["columns", "indexes", "statistics", "triggers", "rules"],
            Item::Routine { .. } => &["kind"],
            Item::Domain { .. } => &["checks"],
            Item::Composite { .. } => &["attributes"],
            Item::Operator { .. } => &["left", "right"],
            Item::OperatorFamily { .. } | Item::OperatorClass { .. } => &["method"],
            Item::Cast(_) => &["source", "target"],
            Item::Transform(_) => &["type", "language"],
            Item::Server(_) => &["user_mappings"],
            Item::UserMapping { .. } => &["role"],
            Item::Publication(_) => &["tables"],
            Item::PublicationTable { .. } => &["schema", "table"],
            Item::Grant(_) => &["role", "grantor"],
            Item::DefaultPrivilege(_) => &["role", "schema", "objects"],
            _ => &[],
        }
    }
}

/// Of tables and partitions alike; the schema is part of a partition's identity.
const TABLE_PARTS: [&str; 13] = [
    "schema",
    "columns",
    "primary_key",
    "unique",
    "foreign_keys",
    "checks",
    "exclusions",
    "indexes",
    "statistics",
    "triggers",
    "rules",
    "policies",
    "partitions",
];

/// A schema without what is in it, which may be much and is no fact of it. A
/// field that is added has to be named here, too.
fn alone(schema: &Schema) -> Schema {
    let Schema {
        name,
        comment,
        grants: _,
        collations: _,
        enums: _,
        domains: _,
        composites: _,
        ranges: _,
        sequences: _,
        tables: _,
        views: _,
        materialized_views: _,
        functions: _,
        operators: _,
        operator_families: _,
        operator_classes: _,
        conversions: _,
        text_search_parsers: _,
        text_search_templates: _,
        text_search_dictionaries: _,
        text_search_configurations: _,
    } = schema;
    Schema { name: name.clone(), comment: comment.clone(), ..Schema::default() }
}

/// As the object stands in the manifest's document, at its place.
impl Serialize for Item<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Schema(item) => item.serialize(serializer),
            Self::Extension(item) => item.serialize(serializer),
            Self::Table { table, .. } => table.serialize(serializer),
            Self::Partition(partition) => partition.partition.serialize(serializer),
            Self::Column { column, .. } => column.serialize(serializer),
            Self::ViewColumn { column, .. } => column.serialize(serializer),
            Self::Default { column, .. } => column.default.serialize(serializer),
            Self::Key { key, .. } => key.serialize(serializer),
            Self::ForeignKey { key, .. } => key.serialize(serializer),
            Self::Check { check, .. } => check.serialize(serializer),
            Self::Exclusion { exclusion, .. } => exclusion.serialize(serializer),
            Self::Index { index, .. } => index.serialize(serializer),
            Self::Statistics { statistics, .. } => statistics.serialize(serializer),
            Self::View { view, .. } => view.serialize(serializer),
            Self::Trigger { trigger, .. } => trigger.serialize(serializer),
            Self::Rule { rule, .. } => rule.serialize(serializer),
            Self::Policy { policy, .. } => policy.serialize(serializer),
            Self::Routine { routine, .. } => routine.serialize(serializer),
            Self::Enum { item, .. } => item.serialize(serializer),
            Self::Domain { domain, .. } => domain.serialize(serializer),
            Self::DomainCheck { check, .. } => check.serialize(serializer),
            Self::Composite { composite, .. } => composite.serialize(serializer),
            Self::Attribute { attribute, .. } => attribute.serialize(serializer),
            Self::Range { range, .. } => range.serialize(serializer),
            Self::Sequence { sequence, .. } => sequence.serialize(serializer),
            Self::Collation { collation, .. } => collation.serialize(serializer),
            Self::Conversion { conversion, .. } => conversion.serialize(serializer),
            Self::Operator { operator, .. } => operator.serialize(serializer),
            Self::OperatorFamily { family, .. } => family.serialize(serializer),
            Self::OperatorClass { class, .. } => class.serialize(serializer),
            Self::Cast(item) => item.serialize(serializer),
            Self::TextSearchParser { parser, .. } => parser.serialize(serializer),
            Self::TextSearchTemplate { template, .. } => template.serialize(serializer),
            Self::TextSearchDictionary { dictionary, .. } => dictionary.serialize(serializer),
            Self::TextSearchConfiguration { configuration, .. } => configuration.serialize(serializer),
            Self::Language(item) => item.serialize(serializer),
            Self::Transform(item) => item.serialize(serializer),
            Self::AccessMethod(item) => item.serialize(serializer),
            Self::EventTrigger(item) => item.serialize(serializer),
            Self::ForeignDataWrapper(item) => item.serialize(serializer),
            Self::Server(item) => item.serialize(serializer),
            Self::UserMapping { mapping, .. } => mapping.serialize(serializer),
            Self::Publication(item) => item.serialize(serializer),
            Self::PublicationTable { table, .. } => table.serialize(serializer),
            Self::Subscription(item) => item.serialize(serializer),
            Self::Grant(item) => item.serialize(serializer),
            Self::DefaultPrivilege(item) => item.serialize(serializer),
            Self::CronJob(item) => item.serialize(serializer),
        }
    }
}

fn flatten(name: String, value: Value, facts: &mut Map<String, Value>) {
    match value {
        Value::Object(fields) => {
            for (field, value) in fields {
                flatten(format!("{name}.{field}"), value, facts);
            }
        }
        value => {
            facts.insert(name, value);
        }
    }
}

//! A manifest as a flat list of objects, each with its identity, its parent
//! and the facts that a comparison looks at.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::codegen::document::Path;
use crate::codegen::manifest::*;

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

/// Every object of a manifest, parents before children.
pub fn objects(manifest: &Manifest) -> Vec<Object<'_>> {
    let mut walk = Walk { objects: Vec::new() };
    walk.database(manifest);
    walk.objects
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
        match self.item {
            Item::Schema(item) => value(item),
            Item::Extension(item) => value(item),
            Item::Table { table, .. } => value(table),
            Item::Partition(partition) => value(partition.partition),
            Item::Column { column, .. } => value(column),
            Item::ViewColumn { column, .. } => value(column),
            Item::Default { column, .. } => {
                Value::Object([("default".to_owned(), value(&column.default))].into_iter().collect())
            }
            Item::Key { key, .. } => value(key),
            Item::ForeignKey { key, .. } => value(key),
            Item::Check { check, .. } => value(check),
            Item::Exclusion { exclusion, .. } => value(exclusion),
            Item::Index { index, .. } => value(index),
            Item::Statistics { statistics, .. } => value(statistics),
            Item::View { view, .. } => value(view),
            Item::Trigger { trigger, .. } => value(trigger),
            Item::Rule { rule, .. } => value(rule),
            Item::Policy { policy, .. } => value(policy),
            Item::Routine { routine, .. } => value(routine),
            Item::Enum { item, .. } => value(item),
            Item::Domain { domain, .. } => value(domain),
            Item::DomainCheck { check, .. } => value(check),
            Item::Composite { composite, .. } => value(composite),
            Item::Attribute { attribute, .. } => value(attribute),
            Item::Range { range, .. } => value(range),
            Item::Sequence { sequence, .. } => value(sequence),
            Item::Collation { collation, .. } => value(collation),
            Item::Conversion { conversion, .. } => value(conversion),
            Item::Operator { operator, .. } => value(operator),
            Item::OperatorFamily { family, .. } => value(family),
            Item::OperatorClass { class, .. } => value(class),
            Item::Cast(item) => value(item),
            Item::TextSearchParser { parser, .. } => value(parser),
            Item::TextSearchTemplate { template, .. } => value(template),
            Item::TextSearchDictionary { dictionary, .. } => value(dictionary),
            Item::TextSearchConfiguration { configuration, .. } => value(configuration),
            Item::Language(item) => value(item),
            Item::Transform(item) => value(item),
            Item::AccessMethod(item) => value(item),
            Item::EventTrigger(item) => value(item),
            Item::ForeignDataWrapper(item) => value(item),
            Item::Server(item) => value(item),
            Item::UserMapping { mapping, .. } => value(mapping),
            Item::Publication(item) => value(item),
            Item::PublicationTable { table, .. } => value(table),
            Item::Subscription(item) => value(item),
            Item::Grant(item) => value(item),
            Item::DefaultPrivilege(item) => value(item),
            Item::CronJob(item) => value(item),
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
            Item::Table { .. } => &TABLE_PARTS,
            Item::Partition(_) => &PARTITION_PARTS,
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

const TABLE_PARTS: [&str; 12] = [
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

const PARTITION_PARTS: [&str; 13] = [
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

fn value<T: Serialize>(item: &T) -> Value {
    // The model holds nothing that JSON cannot: no map keys but texts, and the
    // server gives no cost that is not a number.
    serde_json::to_value(item).unwrap_or(Value::Null)
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

struct Walk<'m> {
    objects: Vec<Object<'m>>,
}

/// What is attached to tables, partitions and views alike.
struct Attached<'m> {
    indexes: &'m [Index],
    statistics: &'m [Statistics],
    triggers: &'m [Trigger],
    rules: &'m [Rule],
    policies: &'m [Policy],
}

/// The keys and constraints of tables and partitions alike.
struct Constraints<'m> {
    primary_key: Option<&'m Key>,
    unique: &'m [Key],
    foreign_keys: &'m [ForeignKey],
    checks: &'m [Check],
    exclusions: &'m [Exclusion],
}

impl<'m> Walk<'m> {
    fn add(&mut self, id: ObjectId, parent: Option<&ObjectId>, item: Item<'m>, place: Path) {
        self.objects.push(Object { id, parent: parent.cloned(), item, place });
    }

    /// An object and the privileges on it.
    fn add_with_grants(
        &mut self,
        id: &ObjectId,
        parent: Option<&ObjectId>,
        item: Item<'m>,
        place: &Path,
        grants: &'m [Grant],
    ) {
        self.add(id.clone(), parent, item, place.clone());
        self.grants(id, grants, place);
    }

    fn grants(&mut self, on: &ObjectId, grants: &'m [Grant], place: &Path) {
        for (at, grant) in grants.iter().enumerate() {
            let id = on.grant(&grant.role, grant.grantor.as_deref());
            self.add(id, Some(on), Item::Grant(grant), place.key("grants").index(at));
        }
    }

    fn database(&mut self, manifest: &'m Manifest) {
        let root = Path::default();
        let list = |name: &str, at: usize| root.key(name).index(at);
        for (at, item) in manifest.extensions.iter().enumerate() {
            let id = ObjectId::new(Kind::Extension, &[&item.name]);
            self.add(id, None, Item::Extension(item), list("extensions", at));
        }
        for (at, schema) in manifest.schemas.iter().enumerate() {
            self.schema(schema, &list("schemas", at));
        }
        for (at, left_out) in manifest.left_out.iter().enumerate() {
            for (table_at, table) in left_out.tables.iter().enumerate() {
                let place = list("left_out", at).key("tables").index(table_at);
                let on = Relation { kind: Kind::Table, schema: &left_out.schema, name: &table.name };
                let attached = Attached {
                    indexes: &[],
                    statistics: &[],
                    triggers: &table.triggers,
                    rules: &table.rules,
                    policies: &table.policies,
                };
                self.attached(on, &attached, &place);
            }
        }
        for (at, item) in manifest.casts.iter().enumerate() {
            self.add(ObjectId::cast(item), None, Item::Cast(item), list("casts", at));
        }
        for (at, item) in manifest.languages.iter().enumerate() {
            let id = ObjectId::new(Kind::Language, &[&item.name]);
            self.add_with_grants(&id, None, Item::Language(item), &list("languages", at), &item.grants);
        }
        for (at, item) in manifest.transforms.iter().enumerate() {
            let id = ObjectId::transform(&item.type_name, &item.language);
            self.add(id, None, Item::Transform(item), list("transforms", at));
        }
        for (at, item) in manifest.access_methods.iter().enumerate() {
            let id = ObjectId::new(Kind::AccessMethod, &[&item.name]);
            self.add(id, None, Item::AccessMethod(item), list("access_methods", at));
        }
        for (at, item) in manifest.event_triggers.iter().enumerate() {
            let id = ObjectId::new(Kind::EventTrigger, &[&item.name]);
            self.add(id, None, Item::EventTrigger(item), list("event_triggers", at));
        }
        for (at, item) in manifest.foreign_data_wrappers.iter().enumerate() {
            let id = ObjectId::new(Kind::ForeignDataWrapper, &[&item.name]);
            let place = list("foreign_data_wrappers", at);
            self.add_with_grants(&id, None, Item::ForeignDataWrapper(item), &place, &item.grants);
        }
        for (at, item) in manifest.servers.iter().enumerate() {
            let id = ObjectId::new(Kind::Server, &[&item.name]);
            let place = list("servers", at);
            self.add_with_grants(&id, None, Item::Server(item), &place, &item.grants);
            for (mapping_at, mapping) in item.user_mappings.iter().enumerate() {
                let mapping_id = ObjectId::user_mapping(&mapping.role, &item.name);
                let item = Item::UserMapping { server: &item.name, mapping };
                self.add(mapping_id, Some(&id), item, place.key("user_mappings").index(mapping_at));
            }
        }
        for (at, item) in manifest.publications.iter().enumerate() {
            let id = ObjectId::new(Kind::Publication, &[&item.name]);
            let place = list("publications", at);
            self.add(id.clone(), None, Item::Publication(item), place.clone());
            for (table_at, table) in item.tables.iter().enumerate() {
                let table_id = ObjectId::new(Kind::PublicationTable, &[&item.name, &table.schema, &table.table]);
                let item = Item::PublicationTable { publication: item, table };
                self.add(table_id, Some(&id), item, place.key("tables").index(table_at));
            }
        }
        for (at, item) in manifest.subscriptions.iter().enumerate() {
            let id = ObjectId::new(Kind::Subscription, &[&item.name]);
            self.add(id, None, Item::Subscription(item), list("subscriptions", at));
        }
        for (at, item) in manifest.default_privileges.iter().enumerate() {
            let id = ObjectId::default_privilege(item);
            let place = list("default_privileges", at);
            self.add_with_grants(&id, None, Item::DefaultPrivilege(item), &place, &item.grants);
        }
        for (at, item) in manifest.cron_jobs.iter().enumerate() {
            let id = ObjectId::new(Kind::CronJob, &[item.name.as_deref().unwrap_or(&item.command)]);
            self.add(id, None, Item::CronJob(item), list("cron_jobs", at));
        }
    }

    fn schema(&mut self, schema: &'m Schema, place: &Path) {
        let id = ObjectId::new(Kind::Schema, &[&schema.name]);
        self.add_with_grants(&id, None, Item::Schema(schema), place, &schema.grants);
        let name = schema.name.as_str();
        let named = |kind: Kind, own: &str| ObjectId::new(kind, &[name, own]);
        let list = |list: &str, at: usize| place.key(list).index(at);
        for (at, collation) in schema.collations.iter().enumerate() {
            let item = Item::Collation { schema: name, collation };
            self.add(named(Kind::Collation, &collation.name), Some(&id), item, list("collations", at));
        }
        for (at, item) in schema.enums.iter().enumerate() {
            let own = named(Kind::Enum, &item.name);
            self.add_with_grants(&own, Some(&id), Item::Enum { schema: name, item }, &list("enums", at), &item.grants);
        }
        for (at, domain) in schema.domains.iter().enumerate() {
            let own = named(Kind::Domain, &domain.name);
            let place = list("domains", at);
            self.add_with_grants(&own, Some(&id), Item::Domain { schema: name, domain }, &place, &domain.grants);
            for (check_at, check) in domain.checks.iter().enumerate() {
                let item = Item::DomainCheck { schema: name, domain, check };
                let check_id = own.child(Kind::DomainCheck, &check.name);
                self.add(check_id, Some(&own), item, place.key("checks").index(check_at));
            }
        }
        for (at, composite) in schema.composites.iter().enumerate() {
            let own = named(Kind::Composite, &composite.name);
            let place = list("composites", at);
            let item = Item::Composite { schema: name, composite };
            self.add_with_grants(&own, Some(&id), item, &place, &composite.grants);
            for (attribute_at, attribute) in composite.attributes.iter().enumerate() {
                let item = Item::Attribute { schema: name, composite, attribute };
                let attribute_id = own.child(Kind::Attribute, &attribute.name);
                self.add(attribute_id, Some(&own), item, place.key("attributes").index(attribute_at));
            }
        }
        for (at, range) in schema.ranges.iter().enumerate() {
            let own = named(Kind::Range, &range.name);
            let item = Item::Range { schema: name, range };
            self.add_with_grants(&own, Some(&id), item, &list("ranges", at), &range.grants);
        }
        for (at, sequence) in schema.sequences.iter().enumerate() {
            let own = named(Kind::Sequence, &sequence.name);
            let item = Item::Sequence { schema: name, sequence };
            self.add_with_grants(&own, Some(&id), item, &list("sequences", at), &sequence.grants);
        }
        for (at, table) in schema.tables.iter().enumerate() {
            self.table(&id, name, table, &list("tables", at));
        }
        for (at, view) in schema.views.iter().enumerate() {
            self.view(&id, Relation { kind: Kind::View, schema: name, name: &view.name }, view, &list("views", at));
        }
        for (at, view) in schema.materialized_views.iter().enumerate() {
            let on = Relation { kind: Kind::MaterializedView, schema: name, name: &view.name };
            self.view(&id, on, view, &list("materialized_views", at));
        }
        for (at, routine) in schema.functions.iter().enumerate() {
            let own = ObjectId::routine(name, routine);
            let item = Item::Routine { schema: name, routine };
            self.add_with_grants(&own, Some(&id), item, &list("functions", at), &routine.grants);
        }
        self.operators_and_text_search(&id, schema, place);
    }

    fn operators_and_text_search(&mut self, id: &ObjectId, schema: &'m Schema, place: &Path) {
        let name = schema.name.as_str();
        let named = |kind: Kind, own: &str| ObjectId::new(kind, &[name, own]);
        let list = |list: &str, at: usize| place.key(list).index(at);
        for (at, operator) in schema.operators.iter().enumerate() {
            let own = ObjectId::operator(name, operator);
            self.add(own, Some(id), Item::Operator { schema: name, operator }, list("operators", at));
        }
        for (at, family) in schema.operator_families.iter().enumerate() {
            let own = ObjectId::of_method(Kind::OperatorFamily, name, &family.name, &family.method);
            self.add(own, Some(id), Item::OperatorFamily { schema: name, family }, list("operator_families", at));
        }
        for (at, class) in schema.operator_classes.iter().enumerate() {
            let own = ObjectId::of_method(Kind::OperatorClass, name, &class.name, &class.method);
            self.add(own, Some(id), Item::OperatorClass { schema: name, class }, list("operator_classes", at));
        }
        for (at, conversion) in schema.conversions.iter().enumerate() {
            let item = Item::Conversion { schema: name, conversion };
            self.add(named(Kind::Conversion, &conversion.name), Some(id), item, list("conversions", at));
        }
        for (at, parser) in schema.text_search_parsers.iter().enumerate() {
            let item = Item::TextSearchParser { schema: name, parser };
            self.add(named(Kind::TextSearchParser, &parser.name), Some(id), item, list("text_search_parsers", at));
        }
        for (at, template) in schema.text_search_templates.iter().enumerate() {
            let item = Item::TextSearchTemplate { schema: name, template };
            let own = named(Kind::TextSearchTemplate, &template.name);
            self.add(own, Some(id), item, list("text_search_templates", at));
        }
        for (at, dictionary) in schema.text_search_dictionaries.iter().enumerate() {
            let item = Item::TextSearchDictionary { schema: name, dictionary };
            let own = named(Kind::TextSearchDictionary, &dictionary.name);
            self.add(own, Some(id), item, list("text_search_dictionaries", at));
        }
        for (at, configuration) in schema.text_search_configurations.iter().enumerate() {
            let item = Item::TextSearchConfiguration { schema: name, configuration };
            let own = named(Kind::TextSearchConfiguration, &configuration.name);
            self.add(own, Some(id), item, list("text_search_configurations", at));
        }
    }

    fn table(&mut self, schema_id: &ObjectId, schema: &'m str, table: &'m Table, place: &Path) {
        let kind = if table.foreign.is_some() { Kind::ForeignTable } else { Kind::Table };
        let on = Relation { kind, schema, name: &table.name };
        let id = on.id();
        self.add_with_grants(&id, Some(schema_id), Item::Table { schema, table }, place, &table.grants);
        self.columns(on, &table.columns, place);
        let constraints = Constraints {
            primary_key: table.primary_key.as_ref(),
            unique: &table.unique,
            foreign_keys: &table.foreign_keys,
            checks: &table.checks,
            exclusions: &table.exclusions,
        };
        self.constraints(on, &constraints, place);
        let attached = Attached {
            indexes: &table.indexes,
            statistics: &table.statistics,
            triggers: &table.triggers,
            rules: &table.rules,
            policies: &table.policies,
        };
        self.attached(on, &attached, place);
        self.partitions(on, table, &table.partitions, place);
    }

    fn partitions(&mut self, parent: Relation<'m>, root: &'m Table, partitions: &'m [Partition], place: &Path) {
        for (at, partition) in partitions.iter().enumerate() {
            let place = place.key("partitions").index(at);
            let schema = partition.schema.as_deref().unwrap_or(parent.schema);
            let on = Relation { kind: Kind::Partition, schema, name: &partition.name };
            let item = Item::Partition(PartitionOf { schema, partition, parent, root });
            self.add_with_grants(&on.id(), Some(&parent.id()), item, &place, &partition.grants);
            self.columns(on, &partition.columns, &place);
            let constraints = Constraints {
                primary_key: partition.primary_key.as_ref(),
                unique: &partition.unique,
                foreign_keys: &partition.foreign_keys,
                checks: &partition.checks,
                exclusions: &partition.exclusions,
            };
            self.constraints(on, &constraints, &place);
            let attached = Attached {
                indexes: &partition.indexes,
                statistics: &partition.statistics,
                triggers: &partition.triggers,
                rules: &partition.rules,
                policies: &partition.policies,
            };
            self.attached(on, &attached, &place);
            self.partitions(on, root, &partition.partitions, &place);
        }
    }

    fn columns(&mut self, on: Relation<'m>, columns: &'m [Column], place: &Path) {
        let parent = on.id();
        for (at, column) in columns.iter().enumerate() {
            let place = place.key("columns").index(at);
            let id = parent.child(Kind::Column, &column.name);
            self.add_with_grants(&id, Some(&parent), Item::Column { on, column }, &place, &column.grants);
            if let Some(identity) = &column.identity {
                self.identity_grants(on, column, identity, &place);
            }
            if column.default.is_some() {
                let default = parent.child(Kind::Default, &column.name);
                self.add(default, Some(&id), Item::Default { on, column }, place.key("default"));
            }
        }
    }

    /// The privileges on an identity column's sequence, which goes with the column.
    fn identity_grants(&mut self, on: Relation<'m>, column: &'m Column, identity: &'m Identity, place: &Path) {
        let usual = || chosen_name(on.name, Some(&column.name), "seq");
        let name = identity.sequence.clone().unwrap_or_else(usual);
        let sequence = ObjectId::new(Kind::Sequence, &[on.schema, &name]);
        let parent = on.id().child(Kind::Column, &column.name);
        for (at, grant) in identity.grants.iter().enumerate() {
            let id = sequence.grant(&grant.role, grant.grantor.as_deref());
            let place = place.key("identity").key("grants").index(at);
            self.add(id, Some(&parent), Item::Grant(grant), place);
        }
    }

    fn constraints(&mut self, on: Relation<'m>, constraints: &Constraints<'m>, place: &Path) {
        let parent = on.id();
        let mut add = |kind: Kind, name: &str, item: Item<'m>, place: Path| {
            self.add(parent.child(kind, name), Some(&parent), item, place);
        };
        if let Some(key) = constraints.primary_key {
            add(Kind::PrimaryKey, &key.name, Item::Key { on, key }, place.key("primary_key"));
        }
        for (at, key) in constraints.unique.iter().enumerate() {
            add(Kind::Unique, &key.name, Item::Key { on, key }, place.key("unique").index(at));
        }
        for (at, check) in constraints.checks.iter().enumerate() {
            add(Kind::Check, &check.name, Item::Check { on, check }, place.key("checks").index(at));
        }
        for (at, exclusion) in constraints.exclusions.iter().enumerate() {
            let item = Item::Exclusion { on, exclusion };
            add(Kind::Exclusion, &exclusion.name, item, place.key("exclusions").index(at));
        }
        for (at, key) in constraints.foreign_keys.iter().enumerate() {
            let item = Item::ForeignKey { on, key };
            add(Kind::ForeignKey, &key.name, item, place.key("foreign_keys").index(at));
        }
    }

    fn attached(&mut self, on: Relation<'m>, attached: &Attached<'m>, place: &Path) {
        let parent = on.id();
        let mut add = |id: ObjectId, item: Item<'m>, list: &str, at: usize| {
            self.add(id, Some(&parent), item, place.key(list).index(at));
        };
        for (at, index) in attached.indexes.iter().enumerate() {
            add(parent.child(Kind::Index, &index.name), Item::Index { on, index }, "indexes", at);
        }
        for (at, statistics) in attached.statistics.iter().enumerate() {
            let id = parent.child(Kind::Statistics, &statistics.name);
            add(id, Item::Statistics { on, statistics }, "statistics", at);
        }
        for (at, rule) in attached.rules.iter().enumerate() {
            add(parent.child(Kind::Rule, &rule.name), Item::Rule { on, rule }, "rules", at);
        }
        for (at, trigger) in attached.triggers.iter().enumerate() {
            add(parent.child(Kind::Trigger, &trigger.name), Item::Trigger { on, trigger }, "triggers", at);
        }
        for (at, policy) in attached.policies.iter().enumerate() {
            add(parent.child(Kind::Policy, &policy.name), Item::Policy { on, policy }, "policies", at);
        }
    }

    fn view(&mut self, schema_id: &ObjectId, on: Relation<'m>, view: &'m View, place: &Path) {
        let id = on.id();
        let item = Item::View { schema: on.schema, view };
        self.add_with_grants(&id, Some(schema_id), item, place, &view.grants);
        for (at, column) in view.columns.iter().enumerate() {
            let place = place.key("columns").index(at);
            let column_id = id.child(Kind::Column, &column.name);
            self.add_with_grants(&column_id, Some(&id), Item::ViewColumn { on, column }, &place, &column.grants);
            if column.default.is_some() {
                let default = id.child(Kind::Default, &column.name);
                self.add(default, Some(&column_id), Item::Default { on, column }, place.key("default"));
            }
        }
        let attached = Attached {
            indexes: &view.indexes,
            statistics: &view.statistics,
            triggers: &view.triggers,
            rules: &view.rules,
            policies: &[],
        };
        self.attached(on, &attached, place);
    }
}

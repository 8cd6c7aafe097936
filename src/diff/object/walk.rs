//! The walk over a manifest that finds every object of it.

use super::{Item, Object, PartitionOf, Relation};
use crate::codegen::document::Path;
use crate::codegen::manifest::*;

/// Every object of a manifest, parents before children.
pub fn objects(manifest: &Manifest) -> Vec<Object<'_>> {
    objects_but(manifest, |_| false)
}

/// The same without the tables that somebody leaves out, and what is in them.
pub fn objects_but<'m>(manifest: &'m Manifest, is_left_out: impl Fn(&Table) -> bool) -> Vec<Object<'m>> {
    let mut objects = Vec::new();
    let mut walk = Walk { is_left_out: &is_left_out, found: &mut |object| objects.push(object) };
    walk.database(manifest);
    objects
}

/// Shows every object, one after the other, and keeps none.
pub fn each_object<'m>(manifest: &'m Manifest, found: &mut dyn FnMut(Object<'m>)) {
    Walk { is_left_out: &|_| false, found }.database(manifest);
}

struct Walk<'w, 'm> {
    is_left_out: &'w dyn Fn(&Table) -> bool,
    found: &'w mut dyn FnMut(Object<'m>),
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

impl<'m> Walk<'_, 'm> {
    fn add(&mut self, id: ObjectId, parent: Option<&ObjectId>, item: Item<'m>, place: Path) {
        (self.found)(Object { id, parent: parent.cloned(), item, place });
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
            if !(self.is_left_out)(table) {
                self.table(&id, name, table, &list("tables", at));
            }
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

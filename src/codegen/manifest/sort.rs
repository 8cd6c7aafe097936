use std::sync::Arc;

use super::{Column, Domain, Grant, Index, Manifest, Partition, Schema, Table, View};

/// Puts every list whose order says nothing into the order of its names.
///
/// Architecture Invariant: the same manifest gives the same bytes, whatever
/// the order of its lists. It holds because this pass runs once, on whatever
/// was read, before anything is cast, compared or written. What has an order
/// of its own (columns, labels, attributes, keys, arguments) is left alone.
pub fn sort(manifest: &mut Manifest) {
    by(&mut manifest.left_out, |left_out| &left_out.schema);
    for left_out in &mut manifest.left_out {
        by(&mut left_out.tables, |table| &table.name);
        for table in &mut left_out.tables {
            by(&mut table.triggers, |trigger| &trigger.name);
            by(&mut table.rules, |rule| &rule.name);
            by(&mut table.policies, |policy| &policy.name);
            table.policies.iter_mut().for_each(|policy| policy.roles.sort());
        }
    }
    manifest.not_visible.sort_by(|a, b| (&a.kind, &a.name).cmp(&(&b.kind, &b.name)));
    manifest.not_modelled.sort_by(|a, b| (&a.kind, &a.name).cmp(&(&b.kind, &b.name)));
    by(&mut manifest.extensions, |extension| &extension.name);
    manifest.extensions.iter_mut().for_each(|extension| extension.types.sort());
    by(&mut manifest.schemas, |schema| &schema.name);
    manifest.schemas.iter_mut().for_each(sort_schema);
    sort_rest_of_database(manifest);
}

fn sort_rest_of_database(manifest: &mut Manifest) {
    manifest.casts.sort_by(|a, b| (&a.source, &a.target).cmp(&(&b.source, &b.target)));
    by(&mut manifest.languages, |language| &language.name);
    manifest.languages.iter_mut().for_each(|language| sort_grants(&mut language.grants));
    manifest.transforms.sort_by(|a, b| (&a.type_name, &a.language).cmp(&(&b.type_name, &b.language)));
    by(&mut manifest.access_methods, |method| &method.name);
    by(&mut manifest.event_triggers, |trigger| &trigger.name);
    manifest.event_triggers.iter_mut().for_each(|trigger| trigger.tags.sort());
    by(&mut manifest.foreign_data_wrappers, |wrapper| &wrapper.name);
    for wrapper in &mut manifest.foreign_data_wrappers {
        wrapper.options.sort();
        sort_grants(&mut wrapper.grants);
    }
    by(&mut manifest.servers, |server| &server.name);
    for server in &mut manifest.servers {
        server.options.sort();
        by(&mut server.user_mappings, |mapping| &mapping.role);
        server.user_mappings.iter_mut().for_each(|mapping| mapping.options.sort());
        sort_grants(&mut server.grants);
    }
    by(&mut manifest.publications, |publication| &publication.name);
    for publication in &mut manifest.publications {
        publication.schemas.sort();
        publication.operations.sort();
        publication.tables.sort_by(|a, b| (&a.schema, &a.table).cmp(&(&b.schema, &b.table)));
        publication.tables.iter_mut().for_each(|table| table.columns.sort());
    }
    by(&mut manifest.subscriptions, |subscription| &subscription.name);
    for subscription in &mut manifest.subscriptions {
        subscription.publications.sort();
        subscription.options.sort();
    }
    manifest
        .default_privileges
        .sort_by_key(|privilege| (privilege.role.clone(), privilege.schema.clone(), privilege.objects as u8));
    manifest.default_privileges.iter_mut().for_each(|privilege| sort_grants(&mut privilege.grants));
    manifest.cron_jobs.sort_by(|a, b| (&a.name, &a.command, &a.schedule).cmp(&(&b.name, &b.command, &b.schedule)));
    manifest.dependencies.values_mut().for_each(|needed| needed.sort());
}

fn sort_schema(schema: &mut Schema) {
    sort_grants(&mut schema.grants);
    by(&mut schema.collations, |collation| &collation.name);
    by(&mut schema.enums, |item| &item.name);
    schema.enums.iter_mut().for_each(|item| sort_grants(&mut item.grants));
    by(&mut schema.domains, |domain| &domain.name);
    for Domain { checks, grants, .. } in &mut schema.domains {
        by(checks, |check| &check.name);
        sort_grants(grants);
    }
    by(&mut schema.composites, |composite| &composite.name);
    schema.composites.iter_mut().for_each(|composite| sort_grants(&mut composite.grants));
    by(&mut schema.ranges, |range| &range.name);
    schema.ranges.iter_mut().for_each(|range| sort_grants(&mut range.grants));
    by(&mut schema.sequences, |sequence| &sequence.name);
    schema.sequences.iter_mut().for_each(|sequence| sort_grants(&mut sequence.grants));
    schema.tables.shared_mut().sort_by(|a, b| a.name.cmp(&b.name));
    for table in schema.tables.shared_mut() {
        match Arc::get_mut(table) {
            Some(table) => sort_table(table),
            // One that another manifest holds as well stays, where it is in order.
            None => {
                let mut sorted = Table::clone(table);
                sort_table(&mut sorted);
                if sorted != **table {
                    *table = Arc::new(sorted);
                }
            }
        }
    }
    by(&mut schema.views, |view| &view.name);
    by(&mut schema.materialized_views, |view| &view.name);
    schema.views.iter_mut().chain(&mut schema.materialized_views).for_each(sort_view);
    schema.functions.sort_by_cached_key(|routine| (routine.name.clone(), routine.signature()));
    schema.functions.iter_mut().for_each(|routine| sort_grants(&mut routine.grants));
    schema.operators.sort_by(|a, b| (&a.name, &a.left, &a.right).cmp(&(&b.name, &b.left, &b.right)));
    schema.operator_families.sort_by(|a, b| (&a.name, &a.method).cmp(&(&b.name, &b.method)));
    schema.operator_classes.sort_by(|a, b| (&a.name, &a.method).cmp(&(&b.name, &b.method)));
    by(&mut schema.conversions, |conversion| &conversion.name);
    by(&mut schema.text_search_parsers, |parser| &parser.name);
    by(&mut schema.text_search_templates, |template| &template.name);
    by(&mut schema.text_search_dictionaries, |dictionary| &dictionary.name);
    by(&mut schema.text_search_configurations, |configuration| &configuration.name);
    for configuration in &mut schema.text_search_configurations {
        by(&mut configuration.mappings, |mapping| &mapping.token);
    }
}

fn sort_view(view: &mut View) {
    view.options.sort();
    by(&mut view.indexes, |index| &index.name);
    view.indexes.iter_mut().for_each(sort_index);
    by(view.statistics.as_mut_slice(), |statistics| &statistics.name);
    by(view.triggers.as_mut_slice(), |trigger| &trigger.name);
    by(view.rules.as_mut_slice(), |rule| &rule.name);
    sort_grants(&mut view.grants);
    view.columns.iter_mut().for_each(sort_column);
}

/// The same for what is in one table.
pub(super) fn sort_table(table: &mut Table) {
    table.options.as_mut_slice().sort();
    if let Some(foreign) = &mut table.foreign {
        foreign.options.sort();
    }
    table.columns.iter_mut().for_each(sort_column);
    table.unique.as_mut_slice().sort_by(|a, b| (&a.name, &a.columns).cmp(&(&b.name, &b.columns)));
    table.foreign_keys.sort_by(|a, b| (&a.name, &a.columns).cmp(&(&b.name, &b.columns)));
    table.checks.as_mut_slice().sort_by(|a, b| (&a.name, &a.expression).cmp(&(&b.name, &b.expression)));
    table.exclusions.as_mut_slice().sort_by(|a, b| (&a.name, &a.definition).cmp(&(&b.name, &b.definition)));
    by(&mut table.indexes, |index| &index.name);
    table.indexes.iter_mut().for_each(sort_index);
    by(table.statistics.as_mut_slice(), |statistics| &statistics.name);
    by(table.triggers.as_mut_slice(), |trigger| &trigger.name);
    by(table.rules.as_mut_slice(), |rule| &rule.name);
    by(&mut table.policies, |policy| &policy.name);
    table.policies.iter_mut().for_each(|policy| policy.roles.sort());
    sort_grants(table.grants.as_mut_slice());
    sort_partitions(table.partitions.as_mut_slice());
}

fn sort_partitions(partitions: &mut [Partition]) {
    partitions.sort_by(|a, b| (&a.schema, &a.name).cmp(&(&b.schema, &b.name)));
    for partition in partitions {
        partition.options.as_mut_slice().sort();
        if let Some(foreign) = &mut partition.foreign {
            foreign.options.sort();
        }
        partition.columns.sort_by(|a, b| a.name.cmp(&b.name));
        partition.columns.iter_mut().for_each(sort_column);
        partition.unique.as_mut_slice().sort_by(|a, b| (&a.name, &a.columns).cmp(&(&b.name, &b.columns)));
        partition.foreign_keys.sort_by(|a, b| (&a.name, &a.columns).cmp(&(&b.name, &b.columns)));
        partition.checks.as_mut_slice().sort_by(|a, b| (&a.name, &a.expression).cmp(&(&b.name, &b.expression)));
        partition.exclusions.as_mut_slice().sort_by(|a, b| (&a.name, &a.definition).cmp(&(&b.name, &b.definition)));
        by(&mut partition.indexes, |index| &index.name);
        partition.indexes.iter_mut().for_each(sort_index);
        by(partition.attached_indexes.as_mut_slice(), |index| &index.parent);
        partition.attached_indexes.as_mut_slice().iter_mut().for_each(|index| index.options.sort());
        by(partition.statistics.as_mut_slice(), |statistics| &statistics.name);
        by(partition.triggers.as_mut_slice(), |trigger| &trigger.name);
        by(partition.rules.as_mut_slice(), |rule| &rule.name);
        by(&mut partition.policies, |policy| &policy.name);
        partition.policies.iter_mut().for_each(|policy| policy.roles.sort());
        sort_grants(partition.grants.as_mut_slice());
        sort_partitions(partition.partitions.as_mut_slice());
    }
}

fn sort_index(index: &mut Index) {
    index.options.as_mut_slice().sort();
}

fn sort_column(column: &mut Column) {
    column.options.as_mut_slice().sort();
    column.foreign_options.as_mut_slice().sort();
    sort_grants(column.grants.as_mut_slice());
    if let Some(identity) = &mut column.identity {
        sort_grants(&mut identity.grants);
    }
}

fn sort_grants(grants: &mut [Grant]) {
    grants.sort_by(|a, b| (&a.role, &a.grantor).cmp(&(&b.role, &b.grantor)));
    for grant in grants {
        grant.privileges.sort();
        grant.grantable.sort();
        grant.revoked.sort();
    }
}

fn by<T>(list: &mut [T], name: impl Fn(&T) -> &String) {
    list.sort_by(|a, b| name(a).cmp(name(b)));
}

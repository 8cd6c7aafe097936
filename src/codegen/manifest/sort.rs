use super::{Manifest, Partition, Table};

/// Puts every list whose order says nothing into the order of its names.
///
/// Architecture Invariant: the same manifest gives the same bytes, whatever
/// the order of its lists. It holds because this pass runs once, on whatever
/// was read, before anything is cast or written. What has an order of its own
/// (columns, labels, attributes, keys, arguments) is left alone.
pub fn sort(manifest: &mut Manifest) {
    manifest.left_out.sort_by(|a, b| a.schema.cmp(&b.schema));
    manifest.not_visible.sort_by(|a, b| (&a.kind, &a.name).cmp(&(&b.kind, &b.name)));
    manifest.extensions.sort_by(|a, b| a.name.cmp(&b.name));
    for extension in &mut manifest.extensions {
        extension.types.sort();
    }
    manifest.schemas.sort_by(|a, b| a.name.cmp(&b.name));
    for schema in &mut manifest.schemas {
        schema.enums.sort_by(|a, b| a.name.cmp(&b.name));
        schema.domains.sort_by(|a, b| a.name.cmp(&b.name));
        for domain in &mut schema.domains {
            domain.checks.sort_by(|a, b| a.name.cmp(&b.name));
        }
        schema.composites.sort_by(|a, b| a.name.cmp(&b.name));
        schema.ranges.sort_by(|a, b| a.name.cmp(&b.name));
        schema.sequences.sort_by(|a, b| a.name.cmp(&b.name));
        schema.tables.sort_by(|a, b| a.name.cmp(&b.name));
        schema.tables.iter_mut().for_each(sort_table);
        for view in schema.views.iter_mut().chain(&mut schema.materialized_views) {
            view.options.sort();
            view.indexes.sort_by(|a, b| a.name.cmp(&b.name));
            view.triggers.sort_by(|a, b| a.name.cmp(&b.name));
            view.rules.sort_by(|a, b| a.name.cmp(&b.name));
        }
        schema.views.sort_by(|a, b| a.name.cmp(&b.name));
        schema.materialized_views.sort_by(|a, b| a.name.cmp(&b.name));
        schema.functions.sort_by_cached_key(|routine| (routine.name.clone(), routine.signature()));
    }
}

fn sort_table(table: &mut Table) {
    table.options.sort();
    for column in &mut table.columns {
        column.options.sort();
    }
    table.unique.sort_by(|a, b| (&a.name, &a.columns).cmp(&(&b.name, &b.columns)));
    table.foreign_keys.sort_by(|a, b| (&a.name, &a.columns).cmp(&(&b.name, &b.columns)));
    table.checks.sort_by(|a, b| (&a.name, &a.expression).cmp(&(&b.name, &b.expression)));
    table.exclusions.sort_by(|a, b| (&a.name, &a.definition).cmp(&(&b.name, &b.definition)));
    table.indexes.sort_by(|a, b| a.name.cmp(&b.name));
    for index in &mut table.indexes {
        index.options.sort();
    }
    table.triggers.sort_by(|a, b| a.name.cmp(&b.name));
    table.rules.sort_by(|a, b| a.name.cmp(&b.name));
    table.policies.sort_by(|a, b| a.name.cmp(&b.name));
    for policy in &mut table.policies {
        policy.roles.sort();
    }
    sort_partitions(&mut table.partitions);
}

fn sort_partitions(partitions: &mut [Partition]) {
    partitions.sort_by(|a, b| (&a.schema, &a.name).cmp(&(&b.schema, &b.name)));
    for partition in partitions {
        partition.options.sort();
        sort_partitions(&mut partition.partitions);
    }
}

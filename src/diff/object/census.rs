//! How many objects a table and what is in it are, without laying them out.

use std::collections::BTreeMap;

use crate::codegen::manifest::*;

/// Counts what [`objects`](super::objects()) finds of a table.
pub fn census(table: &Table, counts: &mut BTreeMap<Kind, usize>) {
    let kind = if table.foreign.is_some() { Kind::ForeignTable } else { Kind::Table };
    let mut add = |kind: Kind, number: usize| {
        if number > 0 {
            *counts.entry(kind).or_default() += number;
        }
    };
    add(kind, 1);
    add(Kind::Grant, table.grants.len());
    columns(&table.columns, &mut add);
    add(Kind::PrimaryKey, usize::from(table.primary_key.is_some()));
    add(Kind::Unique, table.unique.len());
    add(Kind::ForeignKey, table.foreign_keys.len());
    add(Kind::Check, table.checks.len());
    add(Kind::Exclusion, table.exclusions.len());
    add(Kind::Index, table.indexes.len());
    add(Kind::Statistics, table.statistics.len());
    add(Kind::Trigger, table.triggers.len());
    add(Kind::Rule, table.rules.len());
    add(Kind::Policy, table.policies.len());
    partitions(&table.partitions, &mut add);
}

fn partitions(list: &[Partition], add: &mut dyn FnMut(Kind, usize)) {
    for partition in list {
        add(Kind::Partition, 1);
        add(Kind::Grant, partition.grants.len());
        columns(&partition.columns, add);
        add(Kind::PrimaryKey, usize::from(partition.primary_key.is_some()));
        add(Kind::Unique, partition.unique.len());
        add(Kind::ForeignKey, partition.foreign_keys.len());
        add(Kind::Check, partition.checks.len());
        add(Kind::Exclusion, partition.exclusions.len());
        add(Kind::Index, partition.indexes.len());
        add(Kind::Statistics, partition.statistics.len());
        add(Kind::Trigger, partition.triggers.len());
        add(Kind::Rule, partition.rules.len());
        add(Kind::Policy, partition.policies.len());
        partitions(&partition.partitions, add);
    }
}

fn columns(list: &[Column], add: &mut dyn FnMut(Kind, usize)) {
    add(Kind::Column, list.len());
    add(Kind::Default, list.iter().filter(|column| column.default.is_some()).count());
    let of_identity = |column: &Column| column.identity.as_ref().map_or(0, |identity| identity.grants.len());
    add(Kind::Grant, list.iter().map(|column| column.grants.len() + of_identity(column)).sum());
}

/// Whether no two objects of a table have one identity. Every list is in the
/// order of its names, so that two of one name stand side by side; of columns,
/// [`verify()`] has seen to it.
pub fn has_distinct_names(table: &Table) -> bool {
    distinct(&table.unique, |key| &key.name)
        && distinct(&table.foreign_keys, |key| &key.name)
        && distinct(&table.checks, |check| &check.name)
        && distinct(&table.exclusions, |exclusion| &exclusion.name)
        && distinct(&table.indexes, |index| &index.name)
        && distinct(&table.statistics, |statistics| &statistics.name)
        && distinct(&table.triggers, |trigger| &trigger.name)
        && distinct(&table.rules, |rule| &rule.name)
        && distinct(&table.policies, |policy| &policy.name)
        && are_distinct(&table.grants)
        && table.columns.iter().all(has_distinct_grants)
        && have_distinct_names(&table.partitions)
}

fn have_distinct_names(partitions: &[Partition]) -> bool {
    distinct(partitions, |partition| (&partition.schema, &partition.name))
        && partitions.iter().all(|partition| {
            distinct(&partition.columns, |column| &column.name)
                && distinct(&partition.unique, |key| &key.name)
                && distinct(&partition.foreign_keys, |key| &key.name)
                && distinct(&partition.checks, |check| &check.name)
                && distinct(&partition.exclusions, |exclusion| &exclusion.name)
                && distinct(&partition.indexes, |index| &index.name)
                && distinct(&partition.statistics, |statistics| &statistics.name)
                && distinct(&partition.triggers, |trigger| &trigger.name)
                && distinct(&partition.rules, |rule| &rule.name)
                && distinct(&partition.policies, |policy| &policy.name)
                && are_distinct(&partition.grants)
                && partition.columns.iter().all(has_distinct_grants)
                && have_distinct_names(&partition.partitions)
        })
}

fn has_distinct_grants(column: &Column) -> bool {
    are_distinct(&column.grants) && column.identity.as_ref().is_none_or(|identity| are_distinct(&identity.grants))
}

fn are_distinct(grants: &[Grant]) -> bool {
    distinct(grants, |grant| (&grant.role, &grant.grantor))
}

fn distinct<'t, T, K: PartialEq>(list: &'t [T], key: impl Fn(&'t T) -> K) -> bool {
    list.windows(2).all(|pair| key(&pair[0]) != key(&pair[1]))
}

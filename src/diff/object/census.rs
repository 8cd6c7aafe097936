//! How many objects a table and what is in it are, without laying them out.

use std::collections::BTreeMap;

use crate::codegen::manifest::*;

/// What tables and partitions alike have.
struct Parts<'m> {
    grants: &'m [Grant],
    columns: &'m [Column],
    primary_key: Option<&'m Key>,
    unique: &'m [Key],
    foreign_keys: &'m [ForeignKey],
    checks: &'m [Check],
    exclusions: &'m [Exclusion],
    indexes: &'m [Index],
    statistics: &'m [Statistics],
    triggers: &'m [Trigger],
    rules: &'m [Rule],
    policies: &'m [Policy],
    partitions: &'m [Partition],
}

macro_rules! parts_of {
    ($($of:ty),*) => {$(
        impl<'m> From<&'m $of> for Parts<'m> {
            fn from(of: &'m $of) -> Self {
                Parts {
                    grants: &of.grants,
                    columns: &of.columns,
                    primary_key: of.primary_key.as_ref(),
                    unique: &of.unique,
                    foreign_keys: &of.foreign_keys,
                    checks: &of.checks,
                    exclusions: &of.exclusions,
                    indexes: &of.indexes,
                    statistics: &of.statistics,
                    triggers: &of.triggers,
                    rules: &of.rules,
                    policies: &of.policies,
                    partitions: &of.partitions,
                }
            }
        }
    )*};
}

parts_of!(Table, Partition);

/// Counts what [`objects`](super::objects()) finds of a table.
pub fn census(table: &Table, counts: &mut BTreeMap<Kind, usize>) {
    let kind = if table.foreign.is_some() { Kind::ForeignTable } else { Kind::Table };
    count(kind, &table.into(), &mut |kind, number| {
        if number > 0 {
            *counts.entry(kind).or_default() += number;
        }
    });
}

fn count(kind: Kind, parts: &Parts<'_>, add: &mut dyn FnMut(Kind, usize)) {
    add(kind, 1);
    add(Kind::Grant, parts.grants.len());
    columns(parts.columns, add);
    add(Kind::PrimaryKey, usize::from(parts.primary_key.is_some()));
    add(Kind::Unique, parts.unique.len());
    add(Kind::ForeignKey, parts.foreign_keys.len());
    add(Kind::Check, parts.checks.len());
    add(Kind::Exclusion, parts.exclusions.len());
    add(Kind::Index, parts.indexes.len());
    add(Kind::Statistics, parts.statistics.len());
    add(Kind::Trigger, parts.triggers.len());
    add(Kind::Rule, parts.rules.len());
    add(Kind::Policy, parts.policies.len());
    for partition in parts.partitions {
        count(Kind::Partition, &partition.into(), add);
    }
}

fn columns(list: &[Column], add: &mut dyn FnMut(Kind, usize)) {
    add(Kind::Column, list.len());
    add(Kind::Default, list.iter().filter(|column| column.default.is_some()).count());
    let of_identity = |column: &Column| column.identity.as_ref().map_or(0, |identity| identity.grants.len());
    add(Kind::Grant, list.iter().map(|column| column.grants.len() + of_identity(column)).sum());
}

/// Whether no two objects of a table have one identity. Every list but that of
/// columns is in the order of its names, so that two of one name stand side by
/// side; a table's own columns [`verify()`] has looked at.
pub fn has_distinct_names(table: &Table) -> bool {
    are_distinct(&table.into())
}

fn are_distinct(parts: &Parts<'_>) -> bool {
    let are_partitions =
        |partition: &Partition| distinct(&partition.columns, |column| &column.name) && are_distinct(&partition.into());
    distinct(parts.unique, |key| &key.name)
        && distinct(parts.foreign_keys, |key| &key.name)
        && distinct(parts.checks, |check| &check.name)
        && distinct(parts.exclusions, |exclusion| &exclusion.name)
        && distinct(parts.indexes, |index| &index.name)
        && distinct(parts.statistics, |statistics| &statistics.name)
        && distinct(parts.triggers, |trigger| &trigger.name)
        && distinct(parts.rules, |rule| &rule.name)
        && distinct(parts.policies, |policy| &policy.name)
        && are_distinct_grants(parts.grants)
        && parts.columns.iter().all(has_distinct_grants)
        && distinct(parts.partitions, |partition| (&partition.schema, &partition.name))
        && parts.partitions.iter().all(are_partitions)
}

fn has_distinct_grants(column: &Column) -> bool {
    are_distinct_grants(&column.grants)
        && column.identity.as_ref().is_none_or(|identity| are_distinct_grants(&identity.grants))
}

fn are_distinct_grants(grants: &[Grant]) -> bool {
    distinct(grants, |grant| (&grant.role, &grant.grantor))
}

fn distinct<'t, T, K: PartialEq>(list: &'t [T], key: impl Fn(&'t T) -> K) -> bool {
    list.windows(2).all(|pair| key(&pair[0]) != key(&pair[1]))
}

//! Partitions: what they have of their own, folded under their parents.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::columns::Columns;
use super::relations::{Body, Relation, Relations};
use crate::codegen::manifest::{Column, NotNull, Partition, Seldom};

/// Leaves out the partitions whose parent is not read, at all depths.
pub(super) fn drop_orphans(relations: &mut Relations) {
    let parents = parents(relations);
    let is_orphan = |partition: &u32| {
        let mut at = *partition;
        while let Some(parent) = parents.get(&at) {
            at = *parent;
        }
        !relations.contains_key(&at)
    };
    let orphans: BTreeSet<u32> = parents.keys().copied().filter(is_orphan).collect();
    relations.retain(|oid, _| !orphans.contains(oid));
}

/// From every partition to what it is a partition of.
pub(super) fn parents(relations: &Relations) -> BTreeMap<u32, u32> {
    let parent = |(oid, relation): (&u32, &Relation)| match relation.body {
        Body::Partition { parent, .. } => Some((*oid, parent)),
        _ => None,
    };
    relations.iter().filter_map(parent).collect()
}

/// Gives every partition the columns in which it differs from its parent.
pub(super) fn attach_columns(columns: &Columns, relations: &mut Relations) {
    for (oid, relation) in relations {
        let Body::Partition { parent, partition } = &mut relation.body else { continue };
        let above = columns.resolved(*parent);
        let mut own = columns.resolved(*oid);
        let names = |columns: &[(i16, &Column)]| columns.iter().map(|(_, column)| column.name.clone()).collect();
        let (order, parents_order): (Vec<String>, Vec<String>) = (names(&own), names(&above));
        if order != parents_order {
            partition.column_order = order.into();
        }
        let above: HashMap<&str, &Column> = above.iter().map(|(_, column)| (&*column.name, *column)).collect();
        // Where they are the same, it is because nothing was read of it.
        own.retain(|(_, column)| !above.get(&*column.name).is_some_and(|parents| std::ptr::eq(*parents, *column)));
        for (_, column) in own {
            let Some(parents) = above.get(&*column.name) else { continue };
            partition.columns.extend(own_column(column, parents));
        }
    }
}

/// A partition's column as the manifest lists it, where it differs from its
/// parent's or has something that no parent gives it.
fn own_column(column: &Column, parents: &Column) -> Option<Column> {
    let of_parent = as_parents(parents);
    // The types are the same, but for the declared dimensions of an array, which
    // the server forgets when it makes a partition. A NOT NULL of which nothing
    // was read is the parent's.
    let column = Column {
        type_name: of_parent.type_name.clone(),
        not_null_constraint: match &column.not_null_constraint {
            None if column.not_null => of_parent.not_null_constraint.clone(),
            own => own.clone(),
        },
        inherited: false,
        ..column.clone()
    };
    (column != of_parent).then_some(column)
}

/// A column as a new partition gets it from its parent: without what is the
/// parent's alone.
pub(super) fn as_parents(column: &Column) -> Column {
    let constraint = column.not_null_constraint.as_deref().cloned();
    let constraint = constraint.map(|constraint| NotNull { inherited: false, comment: None, ..constraint });
    Column {
        not_null_constraint: constraint.filter(|constraint| *constraint != NotNull::default()).map(Box::new),
        identity: None,
        foreign_options: Seldom::default(),
        inherited: false,
        comment: Seldom::default(),
        grants: Seldom::default(),
        ..column.clone()
    }
}

/// Puts partitions under their parents, at all depths.
pub(super) fn fold(relations: Relations) -> Vec<Relation> {
    let mut children: HashMap<u32, Vec<(u32, String, Partition)>> = HashMap::new();
    let mut others = Vec::new();
    for (oid, relation) in relations {
        match relation.body {
            Body::Partition { parent, partition } => {
                children.entry(parent).or_default().push((oid, relation.schema, *partition));
            }
            _ => others.push((oid, relation)),
        }
    }
    let fold = |(oid, mut relation): (u32, Relation)| {
        if let Body::Table(table) = &mut relation.body {
            table.partitions = partitions_of(oid, &relation.schema, &mut children).into();
        }
        relation
    };
    others.into_iter().map(fold).collect()
}

fn partitions_of(
    parent: u32,
    parent_schema: &str,
    children: &mut HashMap<u32, Vec<(u32, String, Partition)>>,
) -> Vec<Partition> {
    let found = children.remove(&parent).unwrap_or_default();
    let place = |(oid, schema, mut partition): (u32, String, Partition)| {
        partition.partitions = partitions_of(oid, &schema, children).into();
        partition.schema = (schema != parent_schema).then_some(schema);
        partition
    };
    found.into_iter().map(place).collect()
}

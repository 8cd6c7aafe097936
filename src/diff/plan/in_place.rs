//! What may be changed where it stands, and what not, by what else is there.

use super::side::{Side, split_last};
use crate::codegen::manifest::{GeneratedKind, Kind, ObjectId};
use crate::codegen::sql::identifier;
use crate::diff::ddl::{self, Alter};
use crate::diff::object::{Item, Object, PartitionOf};

/// Another expression for a generated column, without making the column
/// again. Postgres refuses it for a virtual column of a table that has
/// checks or is published.
pub fn set_expression(from: &Side<'_>, before: &Object<'_>, after: &Object<'_>) -> Option<Alter> {
    let (Item::Column { column: was, on }, Item::Column { column, .. }) = (before.item, after.item) else {
        return None;
    };
    let (old, new) = (was.generated.as_ref()?, column.generated.as_ref()?);
    if old.kind != new.kind || !from.dialect.sets_expressions() {
        return None;
    }
    let table = before.parent.as_ref()?;
    let is_published = |object: &Object<'_>| match object.item {
        Item::PublicationTable { table, .. } => (&*table.schema, &*table.table) == (on.schema, on.name),
        _ => false,
    };
    let is_bound =
        from.children(table).iter().any(|id| id.kind == Kind::Check) || from.objects.values().any(is_published);
    if new.kind == GeneratedKind::Virtual && is_bound {
        return None;
    }
    // A child's changes with its parent's.
    let statement = ddl::set_expression(after).filter(|_| !column.inherited);
    Some(Alter::InPlace(statement.into_iter().collect()))
}

/// The checks of a column's table that have its name in their text.
pub fn checks_of(from: &Side<'_>, column: &ObjectId) -> Vec<ObjectId> {
    let table = from.get(column).and_then(|object| object.parent.as_ref());
    let (Some(table), Some((_, name))) = (table, split_last(&column.path)) else { return Vec::new() };
    let names_it = |id: &&ObjectId| match from.get(id).map(|object| object.item) {
        Some(Item::Check { check, .. }) => check.expression.contains(name),
        _ => false,
    };
    from.children(table).iter().filter(names_it).cloned().collect()
}

/// Whether a change asks for another name of a partition's NOT NULL, which
/// the server renames only with its parent's.
pub fn keeps_name([from, to]: [&Side<'_>; 2], id: &ObjectId, attribute: Option<&str>) -> bool {
    let (before, after) = (from.get(id), to.get(id));
    let Some(parent) = before.or(after).and_then(|object| object.parent.as_ref()) else { return false };
    if !matches!(attribute, None | Some("not_null_constraint.name")) {
        return false;
    }
    let (Some(Item::Partition(old)), Some(Item::Partition(new))) =
        (from.get(parent).map(|object| object.item), to.get(parent).map(|object| object.item))
    else {
        return false;
    };
    let name = |object: Option<&Object<'_>>, of: PartitionOf<'_>| {
        let own = match object.map(|object| object.item) {
            Some(Item::Column { column, .. }) => Some(column),
            _ => split_last(&id.path)
                .and_then(|(_, last)| of.root.columns.iter().find(|column| identifier(&column.name) == last)),
        };
        let own = own.filter(|column| column.not_null)?;
        let parents = of.root.column(&own.name).and_then(|column| column.not_null_constraint.clone());
        Some((own.not_null_constraint.clone().and_then(|constraint| constraint.name), parents))
    };
    match (name(before, old), name(after, new)) {
        // A name that changes with the parent's is the parent's.
        (Some((old, old_parents)), Some((new, new_parents))) => old != new && old_parents == new_parents,
        _ => false,
    }
}

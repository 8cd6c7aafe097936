use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::change::{Change, Comparison, Count, Difference};
use super::object::{Common, Item, Object};
use crate::codegen::manifest::{Kind, Manifest, ObjectId};

/// What differs between what is expected and what is there.
///
/// Both manifests are sorted, as [`read`](crate::codegen::manifest::read) and
/// the catalog reader give them. The order of columns, and of a composite
/// type's attributes, is one fact of the table or type: `column_order`.
pub fn compare(expected: &Manifest, actual: &Manifest) -> Comparison {
    let common = Common::between(expected, actual);
    let objects = [common.others(expected), common.others(actual)];
    compare_laid_out([expected, actual], &common, [&objects[0], &objects[1]])
}

/// The same for two manifests whose objects, but for those of the common tables,
/// are laid out already.
pub(super) fn compare_laid_out(
    [expected, actual]: [&Manifest; 2],
    common: &Common,
    [expected_objects, actual_objects]: [&[Object<'_>]; 2],
) -> Comparison {
    let expected_by_id = by_id(expected_objects);
    let actual_by_id = by_id(actual_objects);
    let mut comparison = Comparison {
        not_compared: union(&expected.not_modelled, &actual.not_modelled),
        not_visible: union(&expected.not_visible, &actual.not_visible),
        ..Comparison::default()
    };
    let ids: BTreeSet<&ObjectId> = expected_by_id.keys().chain(actual_by_id.keys()).copied().collect();
    let sides = |id: &ObjectId| (expected_by_id.get(id).copied(), actual_by_id.get(id).copied());
    let hidden: BTreeSet<(&str, &str)> =
        comparison.not_visible.iter().map(|hidden| (hidden.kind.as_str(), hidden.name.as_str())).collect();
    // `*` stands for all of a kind that were not read: what is on one side only
    // may be on the other and not shown.
    let is_hidden = |id: &ObjectId| {
        let one_side = matches!(sides(id), (None, _) | (_, None));
        hidden.contains(&(id.kind.word(), id.path.as_str())) || (one_side && hidden.contains(&(id.kind.word(), "*")))
    };
    let mut changes = Vec::new();
    for &id in &ids {
        let sides = sides(id);
        if !is_hidden(id) && !is_told_by_parent(sides, &expected_by_id, &actual_by_id) {
            compare_object(id, sides, &mut changes);
        }
    }
    changes.extend(orders(&expected_by_id, &actual_by_id));
    changes.sort_by(|a, b| (&a.object, &a.attribute).cmp(&(&b.object, &b.attribute)));
    // Counted when all is known: a default and an order of columns are found
    // apart from the object that they are reported of.
    let changed: BTreeSet<&ObjectId> = changes.iter().map(|change| &change.object).collect();
    let mut counts: BTreeMap<Kind, Count> = BTreeMap::new();
    for (kind, number) in common.counts.iter().filter(|(kind, _)| **kind != Kind::Default) {
        let (kind, number) = (*kind, *number);
        let all =
            Count { kind, expected: number, actual: number, matched: number, changed: 0, missing: 0, unexpected: 0 };
        counts.insert(kind, all);
    }
    for &id in &ids {
        let sides = sides(id);
        if !is_counted(id, sides) {
            continue;
        }
        let empty = Count { kind: id.kind, expected: 0, actual: 0, matched: 0, changed: 0, missing: 0, unexpected: 0 };
        let count = counts.entry(id.kind).or_insert(empty);
        count.expected += usize::from(sides.0.is_some());
        count.actual += usize::from(sides.1.is_some());
        match sides {
            (Some(_), Some(_)) if changed.contains(id) => count.changed += 1,
            (Some(_), Some(_)) => count.matched += 1,
            (Some(_), None) => count.missing += usize::from(!is_hidden(id)),
            (None, _) => count.unexpected += usize::from(!is_hidden(id)),
        }
    }
    comparison.counts = counts.into_values().collect();
    comparison.changes = changes;
    comparison
}

type ById<'o, 'm> = BTreeMap<&'o ObjectId, &'o Object<'m>>;
type Sides<'o, 'm> = (Option<&'o Object<'m>>, Option<&'o Object<'m>>);

fn by_id<'o, 'm>(objects: &'o [Object<'m>]) -> ById<'o, 'm> {
    objects.iter().map(|object| (&object.id, object)).collect()
}

fn union<T: Clone + PartialEq>(a: &[T], b: &[T]) -> Vec<T> {
    let mut all = a.to_vec();
    all.extend(b.iter().filter(|item| !a.contains(item)).cloned());
    all
}

/// A missing table is one change, not one for each of its columns. The tables
/// of a missing schema are named each.
fn is_told_by_parent(sides: Sides<'_, '_>, expected: &ById<'_, '_>, actual: &ById<'_, '_>) -> bool {
    if let (Some(there), Some(here)) = sides {
        // A view's column and that of a table of the same name. A partition's
        // parent is a fact.
        return there.parent != here.parent && there.id.kind != Kind::Partition;
    }
    let (object, own, other) = match sides {
        (Some(object), None) => (object, expected, actual),
        (None, Some(object)) => (object, actual, expected),
        _ => return false,
    };
    object.parent.as_ref().is_some_and(|parent| {
        (parent.kind != Kind::Schema || object.id.kind == Kind::Grant)
            && own.contains_key(parent)
            && !other.contains_key(parent)
    })
}

/// A default is part of its column. The columns of tables and views count, as
/// they are in information_schema.columns; those of a materialized view do not.
pub(super) fn is_counted(id: &ObjectId, sides: Sides<'_, '_>) -> bool {
    let is_inside = |side: Option<&Object<'_>>| {
        side.is_some_and(|object| {
            matches!(object.item, Item::ViewColumn { .. })
                && object.parent.as_ref().is_none_or(|parent| parent.kind != Kind::View)
        })
    };
    id.kind != Kind::Default && !is_inside(sides.0) && !is_inside(sides.1)
}

fn compare_object(id: &ObjectId, sides: Sides<'_, '_>, changes: &mut Vec<Change>) {
    let difference = match sides {
        (Some(_), None) => Difference::Missing,
        (None, Some(_)) => Difference::Unexpected,
        _ => Difference::Changed,
    };
    let facts = |side: Option<&Object<'_>>| side.map(Object::facts).unwrap_or_default();
    if id.kind == Kind::Default {
        let default = |side| facts(side).remove("default");
        let (expected, actual) = (default(sides.0), default(sides.1));
        if expected != actual {
            let column = ObjectId { kind: Kind::Column, path: id.path.clone() };
            let attribute = Some("default".to_owned());
            changes.push(Change { difference: Difference::Changed, object: column, attribute, expected, actual });
        }
        return;
    }
    let of_view = |side: Option<&Object<'_>>| side.is_none_or(|object| matches!(object.item, Item::ViewColumn { .. }));
    let whole = difference != Difference::Changed && !(of_view(sides.0) && of_view(sides.1));
    let value = |side: Option<&Object<'_>>| side.map(|object| Value::Object(object.facts()));
    if whole {
        changes.push(Change {
            difference,
            object: id.clone(),
            attribute: None,
            expected: value(sides.0),
            actual: value(sides.1),
        });
        return;
    }
    let (mut expected, mut actual) = (facts(sides.0), facts(sides.1));
    let names: BTreeSet<String> = expected.keys().chain(actual.keys()).cloned().collect();
    for name in names {
        let (expected, actual) = (expected.remove(&name), actual.remove(&name));
        if expected != actual {
            changes.push(Change {
                difference: Difference::Changed,
                object: id.clone(),
                attribute: Some(name),
                expected,
                actual,
            });
        }
    }
}

/// Where what both sides have stands in another order.
fn orders(expected: &ById<'_, '_>, actual: &ById<'_, '_>) -> Vec<Change> {
    let mut changes = Vec::new();
    for (id, object) in expected {
        let Some((attribute, there)) = ordered(object) else { continue };
        let Some((_, here)) = actual.get(id).and_then(|object| ordered(object)) else { continue };
        let common = |these: &[&str], those: &[&str]| -> Vec<Value> {
            these.iter().filter(|name| those.contains(name)).map(|name| Value::from(*name)).collect()
        };
        let (expected, actual) = (common(&there, &here), common(&here, &there));
        if expected != actual {
            changes.push(Change {
                difference: Difference::Changed,
                object: (*id).clone(),
                attribute: Some(attribute.to_owned()),
                expected: Some(Value::Array(expected)),
                actual: Some(Value::Array(actual)),
            });
        }
    }
    changes
}

fn ordered<'m>(object: &Object<'m>) -> Option<(&'static str, Vec<&'m str>)> {
    match object.item {
        Item::Table { table, .. } => Some(("column_order", table.columns.iter().map(|c| c.name.as_str()).collect())),
        Item::Composite { composite, .. } => {
            Some(("attribute_order", composite.attributes.iter().map(|a| a.name.as_str()).collect()))
        }
        _ => None,
    }
}

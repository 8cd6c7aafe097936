//! What looks like the same thing under another name.
//!
//! A name is all that tells a renamed column from a dropped and an added one,
//! and to take the one for the other loses data or offers a wrong fix. So a
//! rename is never assumed: it is offered where one missing and one unexpected
//! sibling, and no other, have equal facts.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

use super::change::{Change, Difference};
use super::object::{Item, Object};
use crate::codegen::document::Step;
use crate::codegen::manifest::{Kind, ObjectId};

/// One thing under two names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Rename {
    /// What it is called where it is: on the actual side.
    pub from: ObjectId,
    /// What it is expected to be called.
    pub to: ObjectId,
}

/// Several things of equal facts: which became which cannot be told.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Ambiguous {
    pub from: Vec<ObjectId>,
    pub to: Vec<ObjectId>,
}

/// Missing and unexpected siblings that look alike.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Renames {
    /// One of each, sorted by what they are called.
    pub likely: Vec<Rename>,
    /// More than one of either.
    pub ambiguous: Vec<Ambiguous>,
}

/// The renames that are likely: see [`renames()`].
pub fn likely_renames(
    expected_objects: &[Object<'_>],
    actual_objects: &[Object<'_>],
    changes: &[Change],
) -> Vec<Rename> {
    renames(expected_objects, actual_objects, changes).likely
}

/// Looks for renames among the missing and the unexpected objects of the
/// changes. Siblings have the same parent and kind; alike are those that have
/// equal facts and, for a column, the same position, or for a table, domain or
/// composite type, equal parts.
pub fn renames(expected_objects: &[Object<'_>], actual_objects: &[Object<'_>], changes: &[Change]) -> Renames {
    let mut groups: BTreeMap<Likeness, (Vec<ObjectId>, Vec<ObjectId>)> = BTreeMap::new();
    let (expected, actual) = (Family::of(expected_objects), Family::of(actual_objects));
    for change in changes.iter().filter(|change| change.attribute.is_none()) {
        let is_missing = change.difference == Difference::Missing;
        let family = if is_missing { &expected } else { &actual };
        let Some(likeness) = family.likeness(&change.object) else { continue };
        let (from, to) = groups.entry(likeness).or_default();
        if is_missing { to } else { from }.push(change.object.clone());
    }
    let mut renames = Renames::default();
    for (mut from, mut to) in groups.into_values() {
        match (from.len(), to.len()) {
            (0, _) | (_, 0) => {}
            (1, 1) => renames.likely.extend(from.pop().zip(to.pop()).map(|(from, to)| Rename { from, to })),
            _ => renames.ambiguous.push(Ambiguous { from, to }),
        }
    }
    renames.likely.sort();
    renames.ambiguous.sort();
    renames
}

/// Kind, parent, and facts as text.
type Likeness = (Kind, Option<ObjectId>, String);

/// A side's objects with their children.
struct Family<'o, 'm> {
    by_id: BTreeMap<&'o ObjectId, &'o Object<'m>>,
    children: BTreeMap<&'o ObjectId, Vec<&'o Object<'m>>>,
}

impl<'o, 'm> Family<'o, 'm> {
    fn of(objects: &'o [Object<'m>]) -> Self {
        let mut family = Self { by_id: BTreeMap::new(), children: BTreeMap::new() };
        for object in objects {
            family.by_id.insert(&object.id, object);
            if let Some(parent) = &object.parent {
                family.children.entry(parent).or_default().push(object);
            }
        }
        family
    }

    /// `None` for what cannot be renamed, or has nothing by which to know it.
    fn likeness(&self, id: &ObjectId) -> Option<Likeness> {
        let object = self.by_id.get(id)?;
        let (parts, position) = match id.kind {
            Kind::Table | Kind::ForeignTable | Kind::Domain | Kind::Composite => (self.parts(id), None),
            Kind::Column | Kind::Attribute => (Vec::new(), position(object)),
            Kind::Partition
            | Kind::PrimaryKey
            | Kind::Unique
            | Kind::ForeignKey
            | Kind::Check
            | Kind::DomainCheck
            | Kind::Exclusion
            | Kind::Index
            | Kind::View
            | Kind::MaterializedView
            | Kind::Policy
            | Kind::Function
            | Kind::Procedure
            | Kind::WindowFunction
            | Kind::Enum
            | Kind::Range
            | Kind::Sequence
            | Kind::Collation
            | Kind::TextSearchDictionary
            | Kind::TextSearchConfiguration => (Vec::new(), None),
            // The definition of the others holds their own name, or they are
            // known by nothing else.
            _ => return None,
        };
        let facts = facts(object);
        let says_nothing = facts.as_object().is_none_or(|facts| facts.is_empty()) && parts.is_empty();
        if says_nothing {
            return None;
        }
        Some((id.kind, object.parent.clone(), json!([facts, position, parts]).to_string()))
    }

    /// Columns and attributes in order, with their names; then constraints and
    /// indexes, whose names often have the table's in them, by their facts.
    fn parts(&self, id: &ObjectId) -> Vec<Value> {
        let (mut named, mut nameless) = (Vec::new(), Vec::new());
        for child in self.children.get(id).into_iter().flatten() {
            match (&child.item, child.id.kind) {
                (Item::Column { column, .. }, _) => named.push(json!([column.name, facts(child)])),
                (Item::Attribute { attribute, .. }, _) => named.push(json!([attribute.name, facts(child)])),
                (_, kind @ (Kind::PrimaryKey | Kind::Unique | Kind::ForeignKey | Kind::Check | Kind::DomainCheck))
                | (_, kind @ (Kind::Exclusion | Kind::Index)) => nameless.push(json!([kind, facts(child)])),
                _ => {}
            }
        }
        nameless.sort_by_key(Value::to_string);
        named.extend(nameless);
        named
    }
}

/// The object's facts, with a column's default.
fn facts(object: &Object<'_>) -> Value {
    let mut facts = object.facts();
    if let Item::Column { column, .. } = object.item
        && let Some(default) = &column.default
    {
        facts.insert("default".to_owned(), Value::from(default.clone()));
    }
    Value::Object(facts)
}

/// Which of its siblings it is. A column of a partition, which is listed only
/// where it differs, has none.
fn position(object: &Object<'_>) -> Option<usize> {
    match object.place.0.last() {
        Some(Step::Index(at)) => Some(*at),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codegen::manifest::read;
    use crate::diff::{compare, objects};

    fn found(expected: &str, actual: &str) -> (Vec<String>, usize) {
        let manifest = |text: &str| read(&format!("version: '1.0'\nschemas:\n- name: crm\n{text}")).unwrap();
        let (expected, actual) = (manifest(expected), manifest(actual));
        let changes = compare(&expected, &actual).changes;
        let renames = renames(&objects(&expected), &objects(&actual), &changes);
        let text = |rename: &Rename| format!("{} -> {}", rename.from, rename.to.path);
        (renames.likely.iter().map(text).collect(), renames.ambiguous.len())
    }

    fn tables(columns: &[&str]) -> String {
        format!(
            "  tables:\n  - name: t\n    columns:\n{}",
            columns.iter().map(|c| format!("    - {c}\n")).collect::<String>()
        )
    }

    #[test]
    fn a_column_of_equal_facts_in_the_same_place() {
        let expected = tables(&["{name: id, type: bigint}", "{name: mail, type: text, default: \"''::text\"}"]);
        let renamed = expected.replace("mail", "email");
        assert_eq!(found(&expected, &renamed), (vec!["column crm.t.email -> crm.t.mail".to_owned()], 0));
        assert_eq!(found(&expected, &renamed.replace("type: text", "type: citext")).0, [""; 0], "another type");
        assert_eq!(found(&expected, &renamed.replace("''::text", "'x'::text")).0, [""; 0], "another default");
        let moved = tables(&["{name: email, type: text, default: \"''::text\"}", "{name: id, type: bigint}"]);
        assert_eq!(found(&expected, &moved).0, [""; 0], "another place");
    }

    #[test]
    fn a_table_of_equal_columns_and_constraints() {
        let table = "  tables:\n  - name: orders\n    columns: [{name: id, type: bigint, not_null: true}]\n    primary_key: {name: orders_pkey, columns: [id]}\n";
        let renamed = table.replace("orders", "purchases");
        assert_eq!(found(table, &renamed), (vec!["table crm.purchases -> crm.orders".to_owned()], 0));
        let other = renamed.replace("    primary_key: {name: purchases_pkey, columns: [id]}\n", "");
        assert_eq!(found(table, &other), (vec![], 0));
    }

    #[test]
    fn several_alike_are_listed_and_none_is_chosen() {
        let functions = |names: &[&str]| {
            let one = |name: &&str| {
                format!("  - {{name: {name}, returns: trigger, language: plpgsql, body: 'BEGIN RETURN NEW; END'}}\n")
            };
            format!("  functions:\n{}", names.iter().map(one).collect::<String>())
        };
        assert_eq!(found(&functions(&["a"]), &functions(&["b"])).0.len(), 1);
        assert_eq!(found(&functions(&["a"]), &functions(&["b", "c"])), (vec![], 1));
        assert_eq!(found(&functions(&["a", "d"]), &functions(&["b", "c"])), (vec![], 1));
    }

    #[test]
    fn a_sequence_with_nothing_of_its_own_is_like_no_other() {
        assert_eq!(found("  sequences: [{name: a}]\n", "  sequences: [{name: b}]\n"), (vec![], 0));
        let stepped = |name: &str| format!("  sequences: [{{name: {name}, options: {{increment: 7}}}}]\n");
        assert_eq!(found(&stepped("a"), &stepped("b")).0.len(), 1);
    }
}

//! Privileges come last: when everything is there that they are on, and before
//! nobody can use a schema any more that a role passes privileges on in.

use std::collections::BTreeSet;

use super::fate::Fates;
use super::side::Side;
use super::{Plan, Step};
use crate::codegen::manifest::{Kind, Manifest, ObjectId};
use crate::diff::change::Change;
use crate::diff::ddl::grant::{Lists, alter_lists, create_all, lists, object_of};
use crate::diff::object::Item;

/// Appends the statements for privileges: of what changes in them, and of what
/// is made.
pub fn append(
    plan: &mut Plan,
    actual: &Manifest,
    expected: &Manifest,
    sides: [&Side<'_>; 2],
    changes: &[Change],
    fates: &Fates,
) {
    let [from, to] = sides;
    let made = on_what_is_made(to, fates);
    let mut changed: BTreeSet<ObjectId> = BTreeSet::new();
    for change in changes.iter().filter(|change| matches!(change.object.kind, Kind::Grant | Kind::DefaultPrivilege)) {
        if change.object.kind == Kind::DefaultPrivilege {
            changed.insert(change.object.clone());
        }
        // Privileges go with what they are on.
        let parent = [from, to].into_iter().find_map(|side| side.get(&change.object)?.parent.as_ref());
        if parent.is_some_and(|parent| to.has(parent)) {
            changed.extend([from, to].into_iter().filter_map(|side| on(side, &change.object)));
        }
    }
    let (from_lists, to_lists) = (lists(actual), lists(expected));
    let held: BTreeSet<ObjectId> =
        plan.steps.iter().filter(|step| step.held_back).map(|step| step.object.clone()).collect();
    for id in &made {
        let wanted = to_lists.get(id).map_or(&[][..], Vec::as_slice);
        let held_back = held.contains(id);
        let statements = create_all(id, &actual.default_privileges, wanted);
        plan.steps.extend(statements.into_iter().map(|statement| Step { object: id.clone(), statement, held_back }));
    }
    let only = |lists: &Lists| -> Lists {
        let kept = lists.iter().filter(|(id, _)| changed.contains(*id) && !made.contains(*id));
        kept.map(|(id, list)| (id.clone(), list.clone())).collect()
    };
    // One list may decide another's statements, so that all are one step's; it
    // is told for the first object that changes.
    let (from_lists, to_lists) = (only(&from_lists), only(&to_lists));
    let Some(first) = from_lists.keys().chain(to_lists.keys()).min().cloned() else { return };
    let statements = alter_lists(&from_lists, &to_lists);
    plan.steps.extend(statements.into_iter().map(|statement| Step {
        object: first.clone(),
        statement,
        held_back: false,
    }));
}

/// The objects whose privileges have to be given anew, schemas first: those that
/// are made. A database's default privileges may give some of them rights that
/// nobody asked for.
fn on_what_is_made(to: &Side<'_>, fates: &Fates) -> Vec<ObjectId> {
    let mut made: BTreeSet<ObjectId> = BTreeSet::new();
    for id in &fates.created {
        match id.kind {
            Kind::Grant => {
                let parent = to.get(id).and_then(|object| object.parent.as_ref());
                if parent.is_some_and(|parent| fates.created.contains(parent)) {
                    made.extend(on(to, id));
                }
            }
            Kind::DefaultPrivilege => {}
            _ => drop(made.insert(id.clone())),
        }
    }
    made.into_iter().collect()
}

/// What the privileges of a grant are on.
fn on(side: &Side<'_>, id: &ObjectId) -> Option<ObjectId> {
    match side.get(id)?.item {
        Item::Grant(grant) => object_of(id, grant),
        _ => None,
    }
}

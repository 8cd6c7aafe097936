//! Whole lists of privileges: of an object, and of a database. What depends on
//! what decides their order.

use std::collections::{BTreeMap, BTreeSet};

use super::{Steps, Target, by_grantor, object_of, split_last, states};
use crate::codegen::manifest::{DefaultPrivilege, DefaultPrivilegeObjects, Grant, Kind, Manifest, ObjectId};
use crate::diff::ddl::Statement;
use crate::diff::object::{Item, each_object};

/// Privileges by the object that they are on.
pub type Lists = BTreeMap<ObjectId, Vec<Grant>>;

/// All privileges of a manifest, the default ones among them, which are on a
/// `default_privilege`; those on an identity column's sequence are on that
/// `sequence`.
pub fn lists(manifest: &Manifest) -> Lists {
    let mut lists = Lists::new();
    each_object(manifest, &mut |object| {
        if let Item::Grant(grant) = object.item
            && let Some(on) = object_of(&object.id, grant)
        {
            lists.entry(on).or_default().push(grant.clone());
        }
    });
    lists
}

/// The statements that turn one object's list into another.
///
/// What a role passed on is revoked before its own right to pass it on, and
/// granted after it.
pub fn alter_all(on: &ObjectId, from: &[Grant], to: &[Grant]) -> Vec<Statement> {
    let changes = Changes::of(on, from, to);
    changes.revoked.into_iter().chain(changes.granted).collect()
}

/// The statements that turn all lists into others, in an order in which they can
/// be run: a role that passes a privilege on, or takes it back, must at that time
/// be able to use the schema. An object that one side does not name has its usual
/// privileges there; one that is not there at all must not be in either.
///
/// To revoke a privilege on a table revokes it on its columns, too (the manual
/// says so under REVOKE): what a column keeps of it is granted again.
pub fn alter_lists(from: &Lists, to: &Lists) -> Vec<Statement> {
    let ids: BTreeSet<&ObjectId> = from.keys().chain(to.keys()).collect();
    let list = |lists: &'_ Lists, id: &ObjectId| lists.get(id).cloned().unwrap_or_default();
    let mut schemas = Vec::new();
    let mut others = Vec::new();
    let mut columns = Vec::new();
    for id in ids {
        let changes = match id.kind {
            Kind::Column => &mut columns,
            Kind::Schema => &mut schemas,
            _ => &mut others,
        };
        changes.push((id, list(from, id), list(to, id)));
    }
    for (column, from_list, _) in &mut columns {
        let Some((table, _)) = split_last(&column.path) else { continue };
        for (_, from, to) in others.iter().filter(|(id, ..)| id.path == table) {
            lose_with_table(from_list, from, to);
        }
    }
    let changes = |(id, from, to): &(&ObjectId, Vec<Grant>, Vec<Grant>)| Changes::of(id, from, to);
    let schemas: Vec<Changes> = schemas.iter().map(changes).collect();
    let mut statements: Vec<Statement> = schemas.iter().flat_map(|changes| changes.granted.clone()).collect();
    for changes in others.iter().chain(&columns).map(changes) {
        statements.extend(changes.revoked);
        statements.extend(changes.granted);
    }
    statements.extend(schemas.into_iter().flat_map(|changes| changes.revoked));
    statements
}

/// Takes from a column's list what is revoked from it when its table's list
/// turns from one into another.
fn lose_with_table(column: &mut [Grant], from: &[Grant], to: &[Grant]) {
    for (grant, steps) in steps(from, to) {
        for own in column.iter_mut().filter(|own| (&own.role, &own.grantor) == (&grant.role, &grant.grantor)) {
            let kept = |word: &String| !steps.revoke_grant_option.contains(&word.as_str());
            let (kept, reduced) = std::mem::take(&mut own.grantable).into_iter().partition(kept);
            own.grantable = kept;
            own.privileges.extend::<Vec<String>>(reduced);
            for list in [&mut own.privileges, &mut own.grantable] {
                list.retain(|word| !steps.revoke.contains(&word.as_str()));
            }
        }
    }
}

/// The statements that give an object which has just been made its privileges.
///
/// `defaults` are the database's default privileges while it was made. The
/// manifest does not say who makes it, so that each of them may have applied:
/// what they grant and `to` does not have is revoked, which says nothing where
/// it was not granted, and what `to` has is granted in any case.
pub fn create_all(on: &ObjectId, defaults: &[DefaultPrivilege], to: &[Grant]) -> Vec<Statement> {
    let mut statements = Vec::new();
    for default in defaults.iter().filter(|default| applies(default, on)) {
        for grant in &default.grants {
            // What is wanted of the same privileges; the others come below.
            let mut wanted = to
                .iter()
                .find(|other| other.role == grant.role && other.grantor.is_none())
                .cloned()
                .unwrap_or_default();
            let known = states(Some(grant));
            for list in [&mut wanted.privileges, &mut wanted.grantable, &mut wanted.revoked] {
                list.retain(|word| known.contains_key(word.as_str()));
            }
            for statement in super::alter(on, Some(grant), Some(&wanted)) {
                if !statements.contains(&statement) {
                    statements.push(statement);
                }
            }
        }
    }
    statements.extend(alter_all(on, &[], to));
    statements
}

/// Whether default privileges are for such an object in such a schema.
fn applies(default: &DefaultPrivilege, on: &ObjectId) -> bool {
    let objects = match on.kind {
        Kind::Table | Kind::ForeignTable | Kind::Partition | Kind::View | Kind::MaterializedView => {
            DefaultPrivilegeObjects::Tables
        }
        Kind::Sequence => DefaultPrivilegeObjects::Sequences,
        Kind::Function | Kind::Procedure | Kind::Aggregate | Kind::WindowFunction => DefaultPrivilegeObjects::Functions,
        Kind::Enum | Kind::Domain | Kind::Composite | Kind::Range => DefaultPrivilegeObjects::Types,
        Kind::Schema => DefaultPrivilegeObjects::Schemas,
        _ => return false,
    };
    let in_schema = |schema: &String| {
        let schema = ObjectId::new(Kind::Schema, &[schema]).path;
        on.path.strip_prefix(&schema).is_some_and(|rest| rest.starts_with('.'))
    };
    default.objects == objects && default.schema.as_ref().is_none_or(in_schema)
}

/// What one object's privileges lose and gain, each in order.
struct Changes {
    revoked: Vec<Statement>,
    granted: Vec<Statement>,
}

impl Changes {
    fn of(on: &ObjectId, from: &[Grant], to: &[Grant]) -> Self {
        let Some(target) = Target::of(on) else { return Self { revoked: Vec::new(), granted: Vec::new() } };
        let mut steps = steps(from, to);
        steps.sort_by_key(|(grant, _)| depth(grant, from).max(depth(grant, to)));
        let revoked = steps.iter().rev().flat_map(|(grant, steps)| by_grantor(grant, target.revoke(steps, grant)));
        let granted = steps.iter().flat_map(|(grant, steps)| by_grantor(grant, target.grant(steps, grant)));
        Self { revoked: revoked.collect(), granted: granted.collect() }
    }
}

/// What changes of each role's privileges, by who granted them.
fn steps<'g>(from: &'g [Grant], to: &'g [Grant]) -> Vec<(&'g Grant, Steps<'g>)> {
    let find = |list: &'g [Grant], grant: &Grant| -> Option<&'g Grant> {
        list.iter().find(|other| (&other.role, &other.grantor) == (&grant.role, &grant.grantor))
    };
    let only_new = to.iter().filter(|grant| find(from, grant).is_none());
    let between = |grant| (grant, Steps::between(&states(find(from, grant)), &states(find(to, grant))));
    from.iter().chain(only_new).map(between).collect()
}

/// How many grants stand between the owner and this one.
fn depth(grant: &Grant, all: &[Grant]) -> usize {
    let mut depth = 0;
    let mut grantor = grant.grantor.as_ref();
    // Roles may have granted to each other in a circle, each from another's
    // right; the list's length ends that.
    while let Some(role) = grantor
        && depth < all.len()
    {
        depth += 1;
        let own = all.iter().filter(|other| other.role == *role && !other.grantable.is_empty());
        // The shortest way up: whoever has it from the owner.
        grantor = own.map(|other| other.grantor.as_ref()).min().flatten();
    }
    depth
}

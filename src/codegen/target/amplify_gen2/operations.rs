//! The operations that Gen 2 names by itself.
//!
//! GraphQL types can name a model's queries; the schema builder cannot. Where
//! two models would have one name for a query, one of them goes without.

use std::collections::{BTreeMap, BTreeSet};

use crate::codegen::loss::Finding;
use crate::codegen::target::amplify::directives::{Directive, Mutations, Queries, Subscriptions};
use crate::codegen::target::amplify::operations::{default_get, default_list};
use crate::codegen::target::amplify::view::{ObjectType, View};
use crate::codegen::target::amplify_gen2::findings;
use crate::codegen::target::amplify_gen2::resource::arguments;

/// Each type's queries that cannot be, by the type's place, and a finding for
/// each name that is another than the GraphQL types'.
pub fn unlisted(view: &View, findings: &mut Vec<Finding>) -> Vec<Vec<&'static str>> {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for directive in view.types.iter().flat_map(|object| &object.fields).flat_map(|field| &field.directives) {
        if let Directive::Index { query_field, .. } = directive {
            taken.insert(query_field.clone());
        }
    }
    let mut unlisted: BTreeMap<(usize, &'static str), bool> = BTreeMap::new();
    // Who has a query's own name in the GraphQL types keeps it here.
    for keeps in [true, false] {
        for (at, object) in view.types.iter().enumerate().filter(|(_, object)| object.is_model()) {
            for (operation, name, chosen) in queries(object) {
                if chosen.as_ref().is_none_or(|chosen| *chosen == name) == keeps {
                    let is_free = taken.insert(name.clone());
                    unlisted.insert((at, operation), !is_free);
                    if let Some(chosen) = chosen.filter(|chosen| *chosen != name) {
                        let why = if is_free {
                            format!("the query `{chosen}` is `{name}`")
                        } else {
                            format!("there is no query `{chosen}`, for `{name}` is another's")
                        };
                        findings.push(Finding::new(&findings::OPERATION_NAMES, object.path.clone(), why));
                    }
                }
            }
        }
    }
    for object in &view.types {
        changes(object, findings);
    }
    let of = |at: usize| {
        ["get", "list"].into_iter().filter(|operation| unlisted.get(&(at, *operation)) == Some(&true)).collect()
    };
    (0..view.types.len()).map(of).collect()
}

/// The operation, its own name, and the one that the GraphQL types choose.
fn queries(object: &ObjectType) -> [(&'static str, String, Option<String>); 2] {
    let chosen = arguments(object).and_then(|arguments| arguments.queries.clone());
    let (get, list) = chosen.map(|Queries { get, list }| (get, list)).unzip();
    [("get", default_get(&object.name), get), ("list", default_list(&object.name), list)]
}

/// The mutations and subscriptions whose chosen names are not their own.
fn changes(object: &ObjectType, findings: &mut Vec<Finding>) {
    let Some(arguments) = arguments(object) else { return };
    let mut chosen = Vec::new();
    if let Some(Mutations::Named { create, update, delete }) = &arguments.mutations {
        chosen.extend([("create", create), ("update", update), ("delete", delete)]);
    }
    if let Some(Subscriptions::Named { on_create, on_update, on_delete }) = &arguments.subscriptions {
        chosen.extend([("onCreate", on_create), ("onUpdate", on_update), ("onDelete", on_delete)]);
    }
    for (operation, chosen) in chosen {
        let name = format!("{operation}{}", object.name);
        if *chosen != name {
            let why = format!("the operation `{chosen}` is `{name}`");
            findings.push(Finding::new(&findings::OPERATION_NAMES, object.path.clone(), why));
        }
    }
}

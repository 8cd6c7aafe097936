//! The operations that Gen 2 names by itself.
//!
//! GraphQL types can name a model's queries; the schema builder cannot. Where
//! two models would have one name for a query, one of the models is renamed:
//! that it went without the query is no way, for the transformer then leaves
//! out inputs that the API needs (measured on a list of enums).

use std::collections::BTreeSet;

use crate::codegen::loss::Finding;
use crate::codegen::target::amplify::directives::{Directive, ModelArguments, Mutations, Queries, Subscriptions};
use crate::codegen::target::amplify::operations::{default_get, default_list};
use crate::codegen::target::amplify::view::{ObjectType, View};
use crate::codegen::target::amplify_gen2::findings;

/// Gives every model a name whose queries are its own, and a finding for each
/// name that is another than the GraphQL types'.
pub fn operations(view: &mut View, findings: &mut Vec<Finding>) {
    let mut queries: BTreeSet<String> = BTreeSet::new();
    for directive in view.types.iter().flat_map(|object| &object.fields).flat_map(|field| &field.directives) {
        if let Directive::Index { query_field, .. } = directive {
            queries.insert(query_field.clone());
        }
    }
    let mut types: BTreeSet<String> = view.types.iter().map(|object| object.name.clone()).collect();
    types.extend(view.enums.iter().map(|item| item.name.clone()));
    // Whose queries the GraphQL types leave alone keeps its name: those that
    // collide have chosen names there, all of them.
    for has_chosen in [false, true] {
        for at in 0..view.types.len() {
            let object = &view.types[at];
            let chosen = arguments(object).filter(|_| object.is_model());
            let Some(chosen) = chosen.map(|arguments| arguments.queries.clone()) else { continue };
            let is_own = chosen.is_none_or(|chosen| [chosen.get, chosen.list] == own_queries(&object.name));
            if is_own == has_chosen {
                continue;
            }
            let old = object.name.clone();
            let mut new = old.clone();
            while own_queries(&new).iter().any(|query| queries.contains(query)) || new != old && types.contains(&new) {
                new.push_str("Record");
            }
            queries.extend(own_queries(&new));
            if new != old {
                let why = format!("`{old}` is `{new}`, for a query of `{old}` has the name of another's");
                findings.push(Finding::new(&findings::RENAMED_MODEL, object.path.clone(), why));
                types.insert(new.clone());
                rename(view, &old, &new);
            }
        }
    }
    for object in &view.types {
        named(object, findings);
    }
}

fn own_queries(model: &str) -> [String; 2] {
    [default_get(model), default_list(model)]
}

fn rename(view: &mut View, old: &str, new: &str) {
    for object in &mut view.types {
        if object.name == old {
            new.clone_into(&mut object.name);
        }
        for field in object.fields.iter_mut().filter(|field| field.type_ref.name == old) {
            new.clone_into(&mut field.type_ref.name);
        }
    }
}

/// The operations whose chosen names are not their own.
fn named(object: &ObjectType, findings: &mut Vec<Finding>) {
    let Some(arguments) = arguments(object) else { return };
    let name = &object.name;
    let mut chosen = Vec::new();
    if let Some(Queries { get, list }) = &arguments.queries {
        chosen.extend([(default_get(name), get), (default_list(name), list)]);
    }
    if let Some(Mutations::Named { create, update, delete }) = &arguments.mutations {
        chosen.extend(
            [("create", create), ("update", update), ("delete", delete)]
                .map(|(verb, it)| (format!("{verb}{name}"), it)),
        );
    }
    if let Some(Subscriptions::Named { on_create, on_update, on_delete }) = &arguments.subscriptions {
        let events = [("onCreate", on_create), ("onUpdate", on_update), ("onDelete", on_delete)];
        chosen.extend(events.map(|(event, it)| (format!("{event}{name}"), it)));
    }
    for (own, chosen) in chosen.into_iter().filter(|(own, chosen)| own != *chosen) {
        let why = format!("the operation `{chosen}` is `{own}`");
        findings.push(Finding::new(&findings::OPERATION_NAMES, object.path.clone(), why));
    }
}

/// What `@model` says of an object.
pub fn arguments(object: &ObjectType) -> Option<&ModelArguments> {
    object.directives.iter().find_map(|directive| match directive {
        Directive::Model(arguments) => Some(arguments),
        _ => None,
    })
}

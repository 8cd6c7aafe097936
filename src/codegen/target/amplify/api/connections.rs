//! Connections: a page of a model's records, which lists, indexes and
//! relations to many give.

use crate::codegen::target::amplify::api::Plan;
use crate::codegen::target::amplify::api::document::{Argument, Definition, Kind, Member};
use crate::codegen::target::amplify::api::filters::filter_name;
use crate::codegen::target::amplify::api::model::Model;
use crate::codegen::target::amplify::view::TypeRef;

/// `ModelContactConnection`.
pub fn connection_name(model: &str) -> String {
    format!("Model{model}Connection")
}

/// The type of a page.
pub fn connection(plan: &Plan<'_>, model: &Model<'_>) -> Definition {
    let name = connection_name(model.name());
    let members = vec![
        Member::field("items", TypeRef::list_of(model.name()).with_required(true)),
        Member::field("nextToken", TypeRef::named("String")),
    ];
    Definition { directives: plan.access.of_type(&name), ..Definition::new(Kind::Type, name, members) }
}

/// What a relation to many is asked with.
pub fn relation_arguments(model: &str) -> Vec<Argument> {
    vec![
        Argument::new("filter", TypeRef::named(filter_name(model))),
        Argument::new("sortDirection", TypeRef::named("ModelSortDirection")),
        Argument::new("limit", TypeRef::named("Int")),
        Argument::new("nextToken", TypeRef::named("String")),
    ]
}

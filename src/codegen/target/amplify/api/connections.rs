//! Connections: a page of a model's records, which lists, indexes and
//! relations to many give.

use crate::codegen::target::amplify::api::Plan;
use crate::codegen::target::amplify::api::document::{Argument, Definition, Kind, Member, Name, TypeRef};
use crate::codegen::target::amplify::api::filters::filter_name;
use crate::codegen::target::amplify::api::model::Model;

/// `ModelContactConnection`.
pub fn connection_name(model: &str) -> Name<'_> {
    Name::Of("Model", model, "Connection")
}

/// The type of a page.
pub fn connection<'a>(plan: &Plan<'_>, model: &'a Model<'_>) -> Definition<'a> {
    let members = vec![
        Member::field("items", TypeRef::list_of(model.name()).with_required(true)),
        Member::field("nextToken", TypeRef::named("String")),
    ];
    let access = plan.access.of_connection(model.name());
    Definition { access, ..Definition::new(Kind::Type, connection_name(model.name()), members) }
}

/// What a relation to many is asked with.
pub fn relation_arguments(model: &str) -> Vec<Argument<'_>> {
    vec![
        Argument::new("filter", TypeRef::named(filter_name(model))),
        Argument::new("sortDirection", TypeRef::named("ModelSortDirection")),
        Argument::new("limit", TypeRef::named("Int")),
        Argument::new("nextToken", TypeRef::named("String")),
    ]
}

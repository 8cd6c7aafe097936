//! The models' own types, the plain ones and the enums, as the API has them:
//! without Amplify's directives, with the fields that Amplify adds.

use crate::codegen::target::amplify::api::Plan;
use crate::codegen::target::amplify::api::connections::{connection_name, relation_arguments};
use crate::codegen::target::amplify::api::document::{Definition, Kind, Member, TypeRef};
use crate::codegen::target::amplify::api::model::Model;
use crate::codegen::target::amplify::directives::Directive;
use crate::codegen::target::amplify::view::Field;

/// Enums and types, in the order of the types file.
pub fn types<'a>(plan: &Plan<'a>) -> impl Iterator<Item = Definition<'a>> {
    let enums = plan.view.enums.iter().map(|item| Definition {
        description: item.description.as_deref(),
        ..Definition::new(Kind::Enum, &item.name, item.values.iter().map(Member::value).collect())
    });
    // The models are some of the types, in the same order.
    let mut models = plan.models.iter().peekable();
    let types = plan.view.types.iter().map(move |object| {
        let mut members: Vec<Member<'a>> = object.fields.iter().map(member).collect();
        if let Some(model) = models.next_if(|model| model.name() == object.name) {
            members.extend(added(plan, model));
        }
        Definition {
            description: object.description.as_deref(),
            access: plan.access.of_type(&object.name),
            ..Definition::new(Kind::Type, &object.name, members)
        }
    });
    enums.chain(types)
}

/// A field: as it is, but a relation to many is a page of a connection.
fn member(field: &Field) -> Member<'_> {
    let description = field.description.as_deref();
    if field.directives.iter().any(|directive| matches!(directive, Directive::HasMany { .. })) {
        let child = &field.type_ref.name;
        let arguments = relation_arguments(child);
        let connection = TypeRef::named(connection_name(child));
        return Member { description, arguments, ..Member::field(&field.name, connection) };
    }
    Member { description, ..Member::field(&field.name, TypeRef::of(&field.type_ref)) }
}

/// What Amplify adds to a model: timestamps on DynamoDB, and the owner.
fn added<'a>(plan: &Plan<'a>, model: &'a Model<'_>) -> Vec<Member<'a>> {
    let stamp = |name| Member::field(name, TypeRef::named("AWSDateTime").with_required(true));
    let mut members: Vec<Member<'a>> = model.added_timestamps(plan.strategy).map(stamp).collect();
    for owner in model.owners() {
        if !model.object.fields.iter().any(|field| field.name == owner) {
            members.push(Member::field(owner, TypeRef::named("String")));
        }
    }
    members
}

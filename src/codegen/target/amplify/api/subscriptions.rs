//! Subscription: hearing of each record that a mutation has written.

use crate::codegen::target::amplify::api::Plan;
use crate::codegen::target::amplify::api::access::{Root, allows_reading};
use crate::codegen::target::amplify::api::document::{Argument, Definition, Kind, Member, TypeRef};
use crate::codegen::target::amplify::api::filters::subscription_filter_name;
use crate::codegen::target::amplify::api::model::{Model, owner};

/// The type Subscription; none where every model is only read.
pub fn subscriptions<'a>(plan: &Plan<'a>) -> Option<Definition<'a>> {
    let mut members = Vec::new();
    for model in plan.models {
        let (Some(names), Some(heard)) = (&model.subscriptions, &model.mutations) else { continue };
        let pairs = [(&names.create, &heard.create), (&names.update, &heard.update), (&names.delete, &heard.delete)];
        for (name, mutation) in pairs {
            members.push(Member {
                arguments: arguments(model),
                subscribes_to: Some(mutation),
                access: plan.access.of_operation(Root::Subscription, name),
                ..Member::field(name, TypeRef::named(model.name()))
            });
        }
    }
    (!members.is_empty()).then(|| Definition::new(Kind::Type, "Subscription", members))
}

/// The filter, and whom an owner's rule compares the record with.
fn arguments<'a>(model: &'a Model<'_>) -> Vec<Argument<'a>> {
    let filter = TypeRef::named(subscription_filter_name(model.name()));
    let mut arguments = vec![Argument::new("filter", filter)];
    for owner in model.rules.iter().filter(|rule| allows_reading(rule)).filter_map(owner) {
        let is_list = model.value(owner).is_some_and(|value| value.field.type_ref.list);
        if !is_list && !arguments.iter().any(|argument| argument.name.is(owner)) {
            arguments.push(Argument::new(owner, TypeRef::named("String")));
        }
    }
    arguments
}

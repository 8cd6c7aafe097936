//! Mutation: creating, updating and deleting a record of a model.

use crate::codegen::target::amplify::api::Plan;
use crate::codegen::target::amplify::api::access::Root;
use crate::codegen::target::amplify::api::document::{Argument, Definition, Kind, Member, TypeRef};
use crate::codegen::target::amplify::api::filters::condition_name;
use crate::codegen::target::amplify::api::inputs::input_name;

/// The type Mutation; none where every model is only read.
pub fn mutations<'a>(plan: &Plan<'a>) -> Option<Definition<'a>> {
    let mut members = Vec::new();
    for model in plan.models {
        let Some(names) = &model.mutations else { continue };
        for (verb, name) in [("Create", &names.create), ("Update", &names.update), ("Delete", &names.delete)] {
            let input = TypeRef::named(input_name(verb, model.name())).with_required(true);
            let arguments = vec![
                Argument::new("input", input),
                Argument::new("condition", TypeRef::named(condition_name(model.name()))),
            ];
            let access = plan.access.of_operation(Root::Mutation, name);
            members.push(Member { arguments, access, ..Member::field(name, TypeRef::named(model.name())) });
        }
    }
    (!members.is_empty()).then(|| Definition::new(Kind::Type, "Mutation", members))
}

//! What the mutations take: an input for creating, updating and deleting a
//! record of each model that is written.

use crate::codegen::target::amplify::api::document::{Definition, Kind, Member, Name, TypeRef};
use crate::codegen::target::amplify::api::model::{Model, Value};
use crate::codegen::target::amplify::directives::Directive;
use crate::codegen::target::amplify::options::Strategy;

/// The three inputs; none for a model that is only read.
pub fn inputs<'a>(strategy: Strategy, model: &'a Model<'_>) -> Vec<Definition<'a>> {
    if model.mutations.is_none() {
        return Vec::new();
    }
    vec![create(strategy, model), update(model), delete(model)]
}

/// The name of an input, by its verb: `Create`.
pub fn input_name<'a>(verb: &'static str, model: &'a str) -> Name<'a> {
    Name::Of(verb, model, "Input")
}

/// A value that Amplify or the database gives may be left out.
fn create<'a>(strategy: Strategy, model: &'a Model<'_>) -> Definition<'a> {
    // On Postgres a `@default` has the input made anew from the type, and
    // nothing but the names below is then known to be given.
    let anew = strategy == Strategy::Postgres && model.values.iter().any(|value| default(value));
    let members = model.values.iter().map(|value| {
        let type_ref = &value.field.type_ref;
        let given = match value.field.name.as_str() {
            "id" => type_ref.name == "ID" || type_ref.name == "String" && !anew,
            "createdAt" | "updatedAt" => matches!(type_ref.name.as_str(), "AWSDateTime" | "String"),
            name => {
                let stamped = strategy == Strategy::Dynamodb && model.timestamps.iter().any(|stamp| stamp == name);
                stamped && matches!(type_ref.name.as_str(), "AWSDateTime" | "String")
            }
        };
        let given = given || anew && default(value);
        Member::field(&value.field.name, TypeRef::of(type_ref).with_required(type_ref.required && !given))
    });
    Definition::new(Kind::Input, input_name("Create", model.name()), members.collect())
}

fn default(value: &Value<'_>) -> bool {
    value.field.directives.iter().any(|directive| matches!(directive, Directive::Default { .. }))
}

/// The key says which record, and what is left out stays.
fn update<'a>(model: &'a Model<'_>) -> Definition<'a> {
    let members = model.values.iter().map(|value| {
        let required = model.in_key(&value.field.name);
        Member::field(&value.field.name, TypeRef::of(&value.field.type_ref).with_required(required))
    });
    Definition::new(Kind::Input, input_name("Update", model.name()), members.collect())
}

fn delete<'a>(model: &'a Model<'_>) -> Definition<'a> {
    let members = model.key.iter().map(|value| {
        let type_ref = TypeRef::named(&value.field.type_ref.name).with_required(true);
        Member::field(&value.field.name, type_ref)
    });
    Definition::new(Kind::Input, input_name("Delete", model.name()), members.collect())
}

//! Keys: the arguments by which records are found, and the inputs for ranges
//! of sort keys.

use crate::codegen::target::amplify::api::document::{Argument, Definition, Kind, Member, Name, TypeRef};
use crate::codegen::target::amplify::api::model::{Model, Value};
use crate::codegen::target::amplify::api::scalars::{compared_as, comparisons};
use crate::codegen::target::amplify::names::{composite_argument, upper_first};

/// What the transformer calls the primary key among a model's keys.
pub const PRIMARY: &str = "Primary";

/// The inputs for the sort keys of primary keys.
pub fn primary_keys<'a>(models: &'a [Model<'_>]) -> impl Iterator<Item = Definition<'a>> {
    models.iter().flat_map(|model| inputs(model.name(), PRIMARY, model.key.get(1..).unwrap_or_default()))
}

/// The inputs for the sort keys of indexes.
pub fn indexes<'a>(models: &'a [Model<'_>]) -> impl Iterator<Item = Definition<'a>> {
    let indexes = models.iter().flat_map(|model| model.indexes.iter().map(move |index| (model, index)));
    indexes.flat_map(|(model, index)| inputs(model.name(), index.name, &index.sort_keys))
}

/// Nothing without sort keys, the condition on a scalar for one, and for
/// several what says each of them and the condition on that.
fn inputs<'a>(model: &str, key: &str, sort_keys: &'a [Value<'_>]) -> Vec<Definition<'a>> {
    match sort_keys {
        [] => Vec::new(),
        [one] => vec![scalar_condition(compared_as(&one.field.type_ref.name))],
        several => {
            let (condition, all) = (condition_name(model, key), all_name(model, key));
            let members = several.iter().enumerate().map(|(at, value)| {
                let type_name = value.field.type_ref.name.as_str();
                // The last one alone is compared as a plain scalar.
                let last = at + 1 == several.len() && !value.is_enum;
                Member::field(&value.field.name, TypeRef::named(if last { compared_as(type_name) } else { type_name }))
            });
            vec![
                Definition::new(Kind::Input, condition, condition_members(all.clone().into(), true)),
                Definition::new(Kind::Input, all, members.collect()),
            ]
        }
    }
}

/// `ModelStringKeyConditionInput`.
fn scalar_condition(scalar: &str) -> Definition<'_> {
    let members = condition_members(scalar.into(), matches!(scalar, "String" | "ID"));
    Definition::new(Kind::Input, scalar_condition_name(scalar), members)
}

fn condition_members(type_name: Name<'_>, begins_with: bool) -> Vec<Member<'_>> {
    let mut members = comparisons(type_name.clone(), &["eq", "le", "lt", "ge", "gt"], &["between"]);
    if begins_with {
        members.push(Member::field("beginsWith", TypeRef::named(type_name)));
    }
    members
}

/// The argument for a key's first field: one value of it.
pub fn first_argument<'a>(value: &Value<'a>, required: bool) -> Argument<'a> {
    let type_ref = TypeRef::named(&value.field.type_ref.name).with_required(required);
    Argument::new(&value.field.name, type_ref)
}

/// The argument for a key's sort keys, where it has some.
pub fn sort_argument<'a>(model: &str, key: &str, sort_keys: &[Value<'a>]) -> Option<Argument<'a>> {
    match sort_keys {
        [] => None,
        [one] => {
            let input = scalar_condition_name(compared_as(&one.field.type_ref.name));
            Some(Argument::new(&one.field.name, TypeRef::named(input)))
        }
        several => {
            let names: Vec<&str> = several.iter().map(|value| value.field.name.as_str()).collect();
            Some(Argument::new(composite_argument(&names), TypeRef::named(condition_name(model, key))))
        }
    }
}

fn scalar_condition_name(scalar: &str) -> Name<'_> {
    Name::Of("Model", scalar, "KeyConditionInput")
}

fn condition_name(model: &str, key: &str) -> String {
    format!("Model{model}{}CompositeKeyConditionInput", upper_first(key))
}

fn all_name(model: &str, key: &str) -> String {
    format!("Model{model}{}CompositeKeyInput", upper_first(key))
}

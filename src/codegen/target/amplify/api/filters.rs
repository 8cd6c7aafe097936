//! What lists, mutations and subscriptions are filtered by: an input for each
//! model, and one for each enum that a model uses.

use crate::codegen::target::amplify::api::document::{Definition, Kind, Member, Name, TypeRef};
use crate::codegen::target::amplify::api::model::{Model, Value};
use crate::codegen::target::amplify::api::scalars::{compared_as, comparisons};
use crate::codegen::target::amplify::options::Strategy;

/// The filter of lists, the condition of mutations and the filter of
/// subscriptions, where the model has them.
pub fn filters<'a>(strategy: Strategy, model: &'a Model<'_>) -> Vec<Definition<'a>> {
    let mut definitions = vec![filter(strategy, model)];
    if model.mutations.is_some() {
        definitions.push(condition(strategy, model));
    }
    if model.subscriptions.is_some() {
        definitions.push(subscription_filter(strategy, model));
    }
    definitions
}

/// The name of the filter of lists.
pub fn filter_name(model: &str) -> Name<'_> {
    Name::Of("Model", model, "FilterInput")
}

/// The name of the condition of mutations.
pub fn condition_name(model: &str) -> Name<'_> {
    Name::Of("Model", model, "ConditionInput")
}

/// The name of the filter of subscriptions.
pub fn subscription_filter_name(model: &str) -> Name<'_> {
    Name::Of("ModelSubscription", model, "FilterInput")
}

/// The inputs for the enums that the model's fields have. Of a required list
/// the transformer does not see that it is one, so that its members are
/// filtered as single values are.
pub fn enum_inputs<'a>(model: &'a Model<'_>) -> Vec<Definition<'a>> {
    let enums = model.values.iter().filter(|value| value.is_enum);
    enums
        .map(|value| {
            let name = value.field.type_ref.name.as_str();
            if is_seen_as_list(value) {
                let mut members = comparisons(name, &[], &["eq", "ne"]);
                members.extend(comparisons(name, &["contains", "notContains"], &[]));
                Definition::new(Kind::Input, Name::Of("Model", name, "ListInput"), members)
            } else {
                Definition::new(Kind::Input, Name::Of("Model", name, "Input"), comparisons(name, &["eq", "ne"], &[]))
            }
        })
        .collect()
}

fn is_seen_as_list(value: &Value<'_>) -> bool {
    value.field.type_ref.list && !value.field.type_ref.required
}

fn filter<'a>(strategy: Strategy, model: &'a Model<'_>) -> Definition<'a> {
    let name = filter_name(model.name());
    let mut members: Vec<Member<'a>> = model.values.iter().map(compared).collect();
    members.extend(implicit(strategy, model, PREFIX));
    add_owners(strategy, model, &mut members);
    let operators = operators(&name, true);
    Definition::new(Kind::Input, name, members.into_iter().chain(operators).collect())
}

/// The condition: a record's key is given beside it, so that it is not in it.
fn condition<'a>(strategy: Strategy, model: &'a Model<'_>) -> Definition<'a> {
    let name = condition_name(model.name());
    let values = model.values.iter().filter(|value| value.field.name != "id" && !model.in_key(&value.field.name));
    let mut members: Vec<Member<'a>> = values.map(compared).collect();
    members.extend(model.added_timestamps(strategy).map(|name| text(name, PREFIX)));
    add_owners(strategy, model, &mut members);
    let operators = operators(&name, true);
    Definition::new(Kind::Input, name, members.into_iter().chain(operators).collect())
}

/// The filter of subscriptions. An owner's field is not in it, for the rule
/// sets it; on DynamoDB it comes back as the condition of a text.
fn subscription_filter<'a>(strategy: Strategy, model: &'a Model<'_>) -> Definition<'a> {
    let name = subscription_filter_name(model.name());
    let owners = model.owners();
    let values = model.values.iter().map(|value| {
        let scalar = compared_as(&value.field.type_ref.name);
        Member::field(&value.field.name, TypeRef::named(Name::Of("ModelSubscription", scalar, "Input")))
    });
    let mut members: Vec<Member<'a>> = values.chain(implicit(strategy, model, "ModelSubscription")).collect();
    members.retain(|member| !owners.iter().any(|owner| member.name.is(owner)));
    add_owners(strategy, model, &mut members);
    let operators = operators(&name, false);
    Definition::new(Kind::Input, name, members.into_iter().chain(operators).collect())
}

/// What the inputs of lists and mutations begin with.
const PREFIX: &str = "Model";

/// A field's condition.
fn compared<'a>(value: &Value<'a>) -> Member<'a> {
    let type_name = value.field.type_ref.name.as_str();
    let input = match (value.is_enum, is_seen_as_list(value)) {
        (true, true) => Name::Of("Model", type_name, "ListInput"),
        (true, false) => Name::Of("Model", type_name, "Input"),
        (false, _) => Name::Of("Model", compared_as(type_name), "Input"),
    };
    Member::field(&value.field.name, TypeRef::named(input))
}

/// The conditions of what Amplify adds on DynamoDB: timestamps, and an `id`,
/// which stays in filters although the primary key takes it from the type.
/// `prefix` is what the inputs of texts and of IDs begin with.
fn implicit<'a>(
    strategy: Strategy,
    model: &'a Model<'_>,
    prefix: &'static str,
) -> impl Iterator<Item = Member<'a>> + use<'a> {
    let adds_id = strategy == Strategy::Dynamodb && model.value("id").is_none();
    let id = adds_id.then(|| Member::field("id", TypeRef::named(Name::Of(prefix, "ID", "Input"))));
    id.into_iter().chain(model.added_timestamps(strategy).map(move |name| text(name, prefix)))
}

fn text<'a>(name: &'a str, prefix: &'static str) -> Member<'a> {
    Member::field(name, TypeRef::named(Name::Of(prefix, "String", "Input")))
}

/// On DynamoDB the owner can be filtered by, whether it is a column or not.
fn add_owners<'a>(strategy: Strategy, model: &'a Model<'_>, members: &mut Vec<Member<'a>>) {
    if strategy != Strategy::Dynamodb {
        return;
    }
    for owner in model.owners() {
        if !members.iter().any(|member| member.name.is(owner)) {
            members.push(text(owner, PREFIX));
        }
    }
}

/// `and`, `or` and `not`, which a subscription has not.
fn operators<'a>(name: &Name<'a>, with_not: bool) -> Vec<Member<'a>> {
    let mut members = comparisons(name.clone(), &[], &["and", "or"]);
    if with_not {
        members.push(Member::field("not", TypeRef::named(name.clone())));
    }
    members
}

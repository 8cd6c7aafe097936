//! What every API has, whatever its models: the conditions on scalars, and the
//! enums that these and the queries use.

use crate::codegen::target::amplify::api::document::{Definition, Kind, Member, Name, TypeRef};

/// The scalars that conditions know; the others are compared as one of them.
const SCALARS: [&str; 5] = ["String", "Int", "Float", "Boolean", "ID"];

const ORDER: [&str; 6] = ["ne", "eq", "le", "lt", "ge", "gt"];

/// The enums and inputs of every API.
pub fn scalars() -> Vec<Definition<'static>> {
    let mut definitions = vec![
        // The transformer of AI conversations declares it, used or not.
        Definition::new(
            Kind::Input,
            "AmplifyAIConversationTurnErrorInput",
            ["errorType", "message"]
                .map(|name| Member::field(name, TypeRef::named("String").with_required(true)))
                .into(),
        ),
        Definition::new(Kind::Enum, "ModelSortDirection", ["ASC", "DESC"].map(Member::value).into()),
        Definition::new(
            Kind::Enum,
            "ModelAttributeTypes",
            ["binary", "binarySet", "bool", "list", "map", "number", "numberSet", "string", "stringSet", "_null"]
                .map(Member::value)
                .into(),
        ),
        Definition::new(Kind::Input, "ModelSizeInput", comparisons("Int", &ORDER, &["between"])),
    ];
    definitions.extend(SCALARS.map(condition));
    definitions.extend(SCALARS.map(subscription_condition));
    definitions
}

/// `ModelStringInput`, what filters and conditions say of a text.
fn condition(scalar: &'static str) -> Definition<'static> {
    let mut members = match scalar {
        "Boolean" => comparisons(scalar, &["ne", "eq"], &[]),
        "Int" | "Float" => comparisons(scalar, &ORDER, &["between"]),
        _ => texts(scalar, &["between"]),
    };
    members.push(Member::field("attributeExists", TypeRef::named("Boolean")));
    members.push(Member::field("attributeType", TypeRef::named("ModelAttributeTypes")));
    if matches!(scalar, "String" | "ID") {
        members.push(Member::field("size", TypeRef::named("ModelSizeInput")));
    }
    Definition::new(Kind::Input, Name::Of("Model", scalar, "Input"), members)
}

/// `ModelSubscriptionStringInput`: the server filters what it sends, and knows
/// no attributes, but sets.
fn subscription_condition(scalar: &'static str) -> Definition<'static> {
    let lists = ["between", "in", "notIn"];
    let members = match scalar {
        "Boolean" => comparisons(scalar, &["ne", "eq"], &[]),
        "Int" | "Float" => comparisons(scalar, &ORDER, &lists),
        _ => texts(scalar, &lists),
    };
    Definition::new(Kind::Input, Name::Of("ModelSubscription", scalar, "Input"), members)
}

fn texts(scalar: &'static str, lists: &[&'static str]) -> Vec<Member<'static>> {
    let mut members = comparisons(scalar, &ORDER, &[]);
    members.extend(comparisons(scalar, &["contains", "notContains"], lists));
    members.push(Member::field("beginsWith", TypeRef::named(scalar)));
    members
}

/// Fields that are compared with one value, and those with several.
pub fn comparisons<'a>(type_name: impl Into<Name<'a>>, single: &[&'a str], lists: &[&'a str]) -> Vec<Member<'a>> {
    let type_name = type_name.into();
    let one = single.iter().map(|name| Member::field(*name, TypeRef::named(type_name.clone())));
    let many = lists.iter().map(|name| Member::field(*name, TypeRef::list_of(type_name.clone())));
    one.chain(many).collect()
}

/// The scalar that a type is compared as: AppSync's own are texts, and so is
/// an enum where it has no condition of its own.
pub fn compared_as(type_name: &str) -> &str {
    match SCALARS.contains(&type_name) {
        true => type_name,
        false => "String",
    }
}

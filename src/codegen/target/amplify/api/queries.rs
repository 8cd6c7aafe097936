//! Query: one record by its key, all of them, and those of an index.

use crate::codegen::target::amplify::api::Plan;
use crate::codegen::target::amplify::api::access::Root;
use crate::codegen::target::amplify::api::connections::connection_name;
use crate::codegen::target::amplify::api::document::{Argument, Definition, Kind, Member, TypeRef};
use crate::codegen::target::amplify::api::filters::filter_name;
use crate::codegen::target::amplify::api::keys::{PRIMARY, first_argument, sort_argument};
use crate::codegen::target::amplify::api::model::{Index, Model};
use crate::codegen::target::amplify::options::Strategy;

/// The type Query.
pub fn queries<'a>(plan: &Plan<'a>) -> Option<Definition<'a>> {
    let mut members = Vec::new();
    for model in plan.models {
        let mut add = |name: &'a str, arguments, type_ref| {
            let access = plan.access.of_operation(Root::Query, name);
            members.push(Member { arguments, access, ..Member::field(name, type_ref) });
        };
        let pages = || TypeRef::named(connection_name(model.name()));
        add(&model.queries.get, get(model), TypeRef::named(model.name()));
        add(&model.queries.list, list(plan.strategy, model), pages());
        for index in &model.indexes {
            add(index.query_field, by_index(model, index), pages());
        }
    }
    (!members.is_empty()).then(|| Definition::new(Kind::Type, "Query", members))
}

/// The arguments for one record.
fn get<'a>(model: &'a Model<'_>) -> Vec<Argument<'a>> {
    model.key.iter().map(|value| first_argument(value, true)).collect()
}

/// The arguments for all records, or those with the key's first field, and on DynamoDB with a
/// range of its sort keys.
fn list<'a>(strategy: Strategy, model: &'a Model<'_>) -> Vec<Argument<'a>> {
    let mut arguments: Vec<Argument<'a>> =
        model.key.first().map(|value| first_argument(value, false)).into_iter().collect();
    if strategy == Strategy::Dynamodb {
        arguments.extend(sort_argument(model.name(), PRIMARY, model.key.get(1..).unwrap_or_default()));
    }
    arguments.extend(page(model));
    arguments
}

/// The arguments for the records of an index.
fn by_index<'a>(model: &'a Model<'_>, index: &'a Index<'_>) -> Vec<Argument<'a>> {
    let mut arguments = vec![first_argument(&index.first, true)];
    arguments.extend(sort_argument(model.name(), index.name, &index.sort_keys));
    arguments.extend(page(model));
    arguments
}

fn page<'a>(model: &'a Model<'_>) -> [Argument<'a>; 4] {
    [
        Argument::new("sortDirection", TypeRef::named("ModelSortDirection")),
        Argument::new("filter", TypeRef::named(filter_name(model.name()))),
        Argument::new("limit", TypeRef::named("Int")),
        Argument::new("nextToken", TypeRef::named("String")),
    ]
}

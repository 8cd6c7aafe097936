//! Query: one record by its key, all of them, and those of an index.

use crate::codegen::target::amplify::api::Plan;
use crate::codegen::target::amplify::api::access::Root;
use crate::codegen::target::amplify::api::connections::connection_name;
use crate::codegen::target::amplify::api::document::{Argument, Definition, Kind, Member};
use crate::codegen::target::amplify::api::filters::filter_name;
use crate::codegen::target::amplify::api::keys::{PRIMARY, first_argument, sort_argument};
use crate::codegen::target::amplify::api::model::{Index, Model};
use crate::codegen::target::amplify::options::Strategy;
use crate::codegen::target::amplify::view::TypeRef;

/// The type Query.
pub fn queries(plan: &Plan<'_>) -> Option<Definition> {
    let mut members = Vec::new();
    for model in &plan.models {
        members.push(get(model));
        members.push(list(plan.strategy, model));
        members.extend(model.indexes.iter().map(|index| by_index(model, index)));
    }
    for member in &mut members {
        member.directives = plan.access.of_operation(Root::Query, &member.name);
    }
    (!members.is_empty()).then(|| Definition::new(Kind::Type, "Query", members))
}

fn get(model: &Model<'_>) -> Member {
    let arguments = model.key.iter().map(|value| first_argument(value, true)).collect();
    Member { arguments, ..Member::field(&*model.queries.get, TypeRef::named(model.name())) }
}

/// All records, or those with the key's first field, and on DynamoDB with a
/// range of its sort keys.
fn list(strategy: Strategy, model: &Model<'_>) -> Member {
    let mut arguments: Vec<Argument> =
        model.key.first().map(|value| first_argument(value, false)).into_iter().collect();
    if strategy == Strategy::Dynamodb {
        arguments.extend(sort_argument(model.name(), PRIMARY, model.key.get(1..).unwrap_or_default()));
    }
    arguments.extend(page(model));
    Member { arguments, ..Member::field(&*model.queries.list, TypeRef::named(connection_name(model.name()))) }
}

fn by_index(model: &Model<'_>, index: &Index<'_>) -> Member {
    let mut arguments = vec![first_argument(&index.first, true)];
    arguments.extend(sort_argument(model.name(), index.name, &index.sort_keys));
    arguments.extend(page(model));
    Member { arguments, ..Member::field(index.query_field, TypeRef::named(connection_name(model.name()))) }
}

fn page(model: &Model<'_>) -> [Argument; 4] {
    [
        Argument::new("sortDirection", TypeRef::named("ModelSortDirection")),
        Argument::new("filter", TypeRef::named(filter_name(model.name()))),
        Argument::new("limit", TypeRef::named("Int")),
        Argument::new("nextToken", TypeRef::named("String")),
    ]
}

//! AMPLIFY_API.graphql: the API that Amplify compiles AMPLIFY_TYPES.graphql
//! to, so that clients, mocks and reviews have it without a deployment.
//!
//! It is made from the same typed view as the types: `model` reads a type as
//! what the API needs of it, and each other module gives the definitions of
//! one family as data: `types` and `connections`, `scalars` and `filters`,
//! `keys`, `inputs`, then `queries`, `mutations` and `subscriptions`. `access`
//! says who is let in where; `document` puts it together and writes it.
//!
//! The definitions are those of @aws-amplify/graphql-transformer 2.5.1, its
//! quirks included: `tests/consumers/amplify_api.mjs` compares the two.

use crate::codegen::target::amplify::api::access::Access;
use crate::codegen::target::amplify::api::document::Document;
use crate::codegen::target::amplify::api::model::{Model, models};
use crate::codegen::target::amplify::options::{AmplifyOptions, Strategy};
use crate::codegen::target::amplify::view::View;

mod access;
mod connections;
mod digest;
mod document;
mod filters;
mod inputs;
mod keys;
mod model;
mod mutations;
mod queries;
mod scalars;
mod subscriptions;
mod types;

#[cfg(test)]
mod tests;

/// What every family is made from.
struct Plan<'v> {
    view: &'v View,
    strategy: Strategy,
    /// In the order of the view.
    models: &'v [Model<'v>],
    access: Access<'v>,
}

/// The whole compiled API, as GraphQL text. Where two definitions would have
/// one name, the first stands, as in the transformer, which passes over the
/// models once for each of its directives.
pub fn api(view: &View, options: &AmplifyOptions) -> String {
    let models = models(view);
    let access = access::access(&models, options.default_authorization);
    let plan = Plan { view, strategy: options.strategy, models: &models, access };
    let mut document = Document::default();
    document.extend(types::types(&plan));
    document.extend(scalars::scalars());
    document.extend(queries::queries(&plan));
    document.extend(mutations::mutations(&plan));
    document.extend(subscriptions::subscriptions(&plan));
    for model in plan.models {
        document.push(&connections::connection(&plan, model));
        document.extend(filters::enum_inputs(model));
        document.extend(filters::filters(plan.strategy, model));
        document.extend(inputs::inputs(plan.strategy, model));
    }
    document.extend(keys::primary_keys(plan.models));
    document.extend(keys::indexes(plan.models));
    document.into_text()
}

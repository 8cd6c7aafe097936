//! Amplify GraphQL: AMPLIFY_TYPES.graphql, the models of an AppSync API, and
//! AMPLIFY_API.graphql, the API that Amplify compiles them to.
//!
//! The passes, in order: `objects` chooses each table's key, `relations` which
//! foreign keys become relations (and makes their types agree), `indexes`
//! which indexes there is room for; `names` and `operations` give names that
//! collide with nothing, `columns` and `relation_fields` make the fields, and
//! `view` puts it together for the template. `api` makes the API of the same
//! view; `version_1` puts the view into the directives of before. `type_map`, `plural`, `defaults`,
//! `auth`, `directives` and `text` each know one thing; `findings` has the
//! codes of what is lost.
//!
//! The rules were measured on the real transformer
//! (@aws-amplify/graphql-transformer 2.5.1), which accepts every file that is
//! made here.

use askama::Template;

use crate::codegen::artifact::{Artifact, Format};
use crate::codegen::loss::{self, Code, Finding};
use crate::codegen::target::destination::Destinations;
use crate::codegen::target::{CastError, Input, Output, Target, Told};

mod api;
mod auth;
mod columns;
mod constraints;
mod defaults;
mod destinations;
pub(super) mod directives;
mod findings;
mod indexes;
mod names;
mod objects;
pub(super) mod operations;
mod options;
mod plural;
mod relation_fields;
mod relations;
mod sizes;
pub(super) mod text;
mod type_map;
mod version_1;
pub(super) mod view;

#[cfg(test)]
mod tests;

pub use options::{
    Allow, AmplifyOptions, Auth, AuthRule, BigInt, DefaultAuthorization, Directives, Operation, Operations, Strategy,
    TableOptions,
};

/// The file of the models.
pub const TYPES: &str = "AMPLIFY_TYPES.graphql";

/// The file of the API that they are compiled to.
pub const API: &str = "AMPLIFY_API.graphql";

/// The target `amplify`.
pub struct Amplify;

impl Target for Amplify {
    fn name(&self) -> &'static str {
        "amplify"
    }

    fn about(&self) -> &'static str {
        "AMPLIFY_TYPES.graphql, the models of an AWS Amplify API over DynamoDB or Postgres, and the API they compile to"
    }

    fn codes(&self) -> &'static [&'static Code] {
        findings::ALL
    }

    fn cast(&self, input: &Input<'_>) -> Result<Output, CastError> {
        let options = &input.project.amplify;
        let (mut view, mut findings, destinations) = view(input)?;
        let api = match options.directives {
            Directives::V2 => {
                let api = api::api(&view, options);
                sizes::compiled(&api, &mut findings);
                Some(api)
            }
            Directives::V1 => {
                view = version_1::adapt(view, &mut findings);
                loss::sort(&mut findings);
                None
            }
        };
        let manifest_path = text::comment(input.manifest_path);
        let types = TypesFile {
            manifest_path: &manifest_path,
            strategy: options.strategy.name(),
            view: &view,
            findings: &findings,
        };
        let mut artifacts = vec![Artifact { path: TYPES.into(), contents: types.render()?, format: Format::GraphQl }];
        if let Some(mut api) = api {
            let head = ApiHead {
                manifest_path: &manifest_path,
                strategy: options.strategy.name(),
                default_authorization: options.default_authorization.name(),
            };
            // By far the largest text: laid out by the template, it would be held twice.
            api.insert_str(0, &head.render()?);
            artifacts.push(Artifact { path: API.into(), contents: api, format: Format::GraphQlApi });
        }
        Ok(Output { artifacts, findings, destinations })
    }

    /// Without the compiled API, whose size alone is a finding, about no table.
    fn tell(&self, input: &Input<'_>) -> Result<Told, CastError> {
        let (view, mut findings, destinations) = view(input)?;
        if input.project.amplify.directives == Directives::V1 {
            version_1::adapt(view, &mut findings);
        }
        Ok(Told { findings, destinations })
    }
}

/// The models, what is lost with them, and where tables go.
fn view(input: &Input<'_>) -> Result<(view::View, Vec<Finding>, Destinations), CastError> {
    let options = &input.project.amplify;
    if (options.directives, options.strategy) == (Directives::V1, Strategy::Postgres) {
        return Err(CastError::impossible(
            &findings::BAD_OPTION,
            "version 1 of Amplify's directives has no data in Postgres: set `amplify.strategy: dynamodb`, or `amplify.directives: v2`",
        ));
    }
    let mut findings = Vec::new();
    let plan = view::plan(input, &mut findings)?;
    let (view, findings) = view::view(&plan, findings)?;
    Ok((view, findings, destinations::destinations(&plan)))
}

/// What the template of AMPLIFY_TYPES.graphql lays out.
#[derive(Template)]
#[template(path = "amplify/AMPLIFY_TYPES.graphql", escape = "none")]
struct TypesFile<'a> {
    manifest_path: &'a str,
    strategy: &'static str,
    view: &'a view::View,
    findings: &'a [Finding],
}

/// What the template of AMPLIFY_API.graphql lays out, above the API.
#[derive(Template)]
#[template(path = "amplify/AMPLIFY_API.graphql", escape = "none")]
struct ApiHead<'a> {
    manifest_path: &'a str,
    strategy: &'static str,
    default_authorization: &'static str,
}

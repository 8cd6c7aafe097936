//! Amplify Gen 2: amplify/data/resource.ts, the data of a backend that is
//! written in TypeScript.
//!
//! Names, types, relations, keys, indexes, defaults and rules are those of the
//! target `amplify`, whose view this one starts from. `adapt` takes out of it
//! what Amplify's schema builder (`a.model(…)`) cannot say, each with a finding
//! of `findings`, and `operations` renames the models whose queries would have
//! one name; `rules` writes the authorization, `resource` everything else
//! as the builder's calls; `text` knows TypeScript's strings and comments.
//!
//! What the builder can say was measured on @aws-amplify/data-schema 1.26.2:
//! tests/consumers/amplify_gen2.mjs has `tsc --strict` check the file, runs
//! it, and compares the GraphQL that the builder makes of it with
//! AMPLIFY_TYPES.graphql. A parser of TypeScript would be heavier than all
//! else that a build script compiles here, so that generating does without:
//! the template puts in names of GraphQL, which are names of TypeScript too,
//! numbers, and strings and comments that `text` has escaped.

use askama::Template;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::codegen::artifact::{Artifact, Format};
use crate::codegen::loss::{self, Code, Finding};
use crate::codegen::project::Project;
use crate::codegen::target::amplify::Strategy;
use crate::codegen::target::amplify::text::comment;
use crate::codegen::target::amplify::view::{plan, view};
use crate::codegen::target::{CastError, Input, Output, Target};

mod adapt;
mod findings;
mod operations;
mod resource;
mod rules;
mod text;

#[cfg(test)]
mod tests;

/// The file.
pub const RESOURCE: &str = "amplify/data/resource.ts";

/// The options of this target, `amplify_gen2:` in project.yaml. What the file
/// says is decided by those of `amplify:`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AmplifyGen2Options {
    /// Whether amplify/data/resource.ts is made where no targets are listed.
    pub data_resource: bool,
}

/// The target `amplify-gen2`.
pub struct AmplifyGen2;

impl Target for AmplifyGen2 {
    fn name(&self) -> &'static str {
        "amplify-gen2"
    }

    fn about(&self) -> &'static str {
        "amplify/data/resource.ts, the same models for an AWS Amplify Gen 2 backend"
    }

    fn codes(&self) -> &'static [&'static Code] {
        findings::ALL
    }

    fn is_wanted(&self, project: &Project) -> bool {
        project.amplify_gen2.data_resource
    }

    fn cast(&self, input: &Input<'_>) -> Result<Output, CastError> {
        let options = &input.project.amplify;
        if options.strategy != Strategy::Dynamodb {
            return Err(CastError::impossible(
                &findings::BAD_OPTION,
                "it is for data on DynamoDB, and `amplify.strategy` is `postgres`: Amplify Gen 2 reads a database's models from the database (`npx ampx generate schema-from-database`); set `amplify.strategy: dynamodb`, or leave `amplify-gen2` out",
            ));
        }
        let mut findings = Vec::new();
        let plan = plan(input, &mut findings)?;
        let (view, mut findings) = view(&plan, findings)?;
        let view = adapt::adapt(view, &mut findings);
        let rules = rules::rules(&view, options)?;
        let resource = resource::resource(&view, &rules, rules::modes(&view, options));
        loss::sort(&mut findings);
        let file =
            ResourceFile { manifest_path: comment(input.manifest_path), resource: &resource, findings: &findings };
        let contents = file.render()?;
        let artifacts = vec![Artifact { path: RESOURCE.into(), contents, format: Format::Text }];
        Ok(Output { artifacts, findings, ..Output::default() })
    }
}

/// What the template lays out.
#[derive(Template)]
#[template(path = "amplify_gen2/resource.ts", escape = "none")]
struct ResourceFile<'a> {
    manifest_path: String,
    resource: &'a resource::Resource,
    findings: &'a [Finding],
}

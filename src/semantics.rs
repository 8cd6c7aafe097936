//! The full check of Amplify types and of the API that they compile to:
//! GraphQL's own validation, with what Amplify and AppSync bring (directives
//! and scalars) as a prelude.
//!
//! It needs apollo-compiler, which is too much for other people's build
//! scripts; those have the parser's check in `codegen::check`.

use apollo_compiler::Schema;

use crate::codegen::artifact::{Artifact, Format};
use crate::codegen::check;
use crate::codegen::check::graphql::reduction::reduce;

/// Checks an artifact with the best that the program has: GraphQL by its whole
/// validation, which holds all that the parser's check asks, so that no
/// document is read twice, and every other format as build scripts do.
///
/// # Errors
/// Every fault, with line and column where it is known.
pub fn check(artifact: &Artifact) -> Result<(), Vec<String>> {
    let faults = match artifact.format {
        Format::GraphQl => amplify_faults(&artifact.contents),
        Format::GraphQlApi => api_faults(&artifact.contents),
        _ => return check::check(artifact),
    };
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

/// Amplify's directives, their inputs, AppSync's scalars and a query.
const PRELUDE: &str = include_str!("../templates/amplify/prelude.graphql");

/// AppSync's scalars and directives.
const APPSYNC: &str = include_str!("../templates/amplify/appsync.graphql");

/// What GraphQL's validation refuses in a types file (AMPLIFY_TYPES.graphql):
/// unknown types and directives, arguments that do not fit, names that are
/// defined twice. Each fault begins with `line:column` of the file.
pub fn amplify_faults(types: &str) -> Vec<String> {
    faults_with(PRELUDE, types, "types")
}

/// What GraphQL's validation refuses in a compiled API (AMPLIFY_API.graphql),
/// each fault as in [`amplify_faults`].
pub fn api_faults(api: &str) -> Vec<String> {
    faults_with(APPSYNC, api, "api")
}

/// What GraphQL defines by itself (October 2021, section 3.5). apollo-compiler
/// refuses definitions of those names.
const BUILT_IN: [&str; 5] = ["Int", "Float", "String", "Boolean", "ID"];

/// What is repeated is read once; a text that is refused so is read as a whole,
/// for the places of its faults.
fn faults_with(prelude: &str, text: &str, name: &str) -> Vec<String> {
    match reduce(text, BUILT_IN.into_iter().chain(defined(prelude))) {
        Some(reduced) if faults_of_whole(prelude, &reduced, name).is_empty() => Vec::new(),
        _ => faults_of_whole(prelude, text, name),
    }
}

/// The types of a prelude, each of which begins a line.
fn defined(prelude: &str) -> impl Iterator<Item = &str> {
    let words = prelude.lines().map(|line| line.split(' '));
    words.filter_map(|mut words| match words.next()? {
        "type" | "input" | "enum" | "scalar" => words.next(),
        _ => None,
    })
}

fn faults_of_whole(prelude: &str, text: &str, name: &str) -> Vec<String> {
    let schema = Schema::builder().parse(prelude, "prelude").parse(text, name).build();
    let errors =
        match schema.map_err(|error| error.errors).and_then(|schema| schema.validate().map_err(|error| error.errors)) {
            Ok(_) => return Vec::new(),
            Err(errors) => errors,
        };
    let describe = |diagnostic: apollo_compiler::diagnostic::Diagnostic<'_, _>| {
        let place =
            diagnostic.line_column_range().map(|range| format!("{}:{}: ", range.start.line, range.start.column));
        format!("{}{}", place.unwrap_or_default(), diagnostic.error)
    };
    errors.iter().map(describe).collect()
}

#[cfg(test)]
mod tests;

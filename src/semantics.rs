//! The full check of Amplify types and of the API that they compile to:
//! GraphQL's own validation, with what Amplify and AppSync bring (directives
//! and scalars) as a prelude.
//!
//! It needs apollo-compiler, which is too much for other people's build
//! scripts; those have the parser's check in `codegen::check`.

use apollo_compiler::Schema;

use crate::codegen::artifact::{Artifact, Format};
use crate::codegen::check;

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

fn faults_with(prelude: &str, text: &str, name: &str) -> Vec<String> {
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
mod tests {
    use super::{amplify_faults, api_faults};
    use crate::codegen::artifact::{Artifact, Format};
    use crate::codegen::check;

    #[test]
    fn accepts_models() {
        let types = "enum E { A }\ntype T @model(timestamps: null) @auth(rules: [{allow: private}]) {\n  id: ID! @primaryKey\n  e: [E] d: AWSJSON\n}\n";
        assert_eq!(amplify_faults(types), [""; 0]);
    }

    #[test]
    fn finds_what_the_parser_lets_through() {
        let faults = amplify_faults("type T @model {\n  id: Nope! @primarykey\n}\n");
        assert!(faults.iter().any(|fault| fault.starts_with("2:7: ") && fault.contains("Nope")), "{faults:?}");
        assert!(faults.iter().any(|fault| fault.contains("primarykey")), "{faults:?}");
        let faults = amplify_faults("type T @model @auth(rules: [{allow: everybody}]) { id: ID }");
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(amplify_faults("type T { a: ID a: ID }").len() == 1);
        assert!(amplify_faults("type T { a: }")[0].starts_with("1:"));
    }

    #[test]
    fn all_that_the_parsers_check_refuses_is_refused() {
        for types in [
            "type T { id ID }",
            "type T { a: Nope }",
            "type T { a: ID\n a: ID }",
            "type T { a: ID }\ntype T { a: ID }",
            "type T { a: ID }\nenum T { A }",
            "enum E { A A }",
            "type T",
            "enum E",
            "input I",
            "input I { a: ID a: ID }",
            "type T { a(x: Nope): ID }",
            "type T { a: ID } }",
        ] {
            assert!(!amplify_faults(types).is_empty(), "{types}");
            let artifact = |format| Artifact { path: "x".into(), contents: types.into(), format };
            assert!(check::check(&artifact(Format::GraphQl)).is_err(), "{types}");
            assert!(super::check(&artifact(Format::GraphQl)).is_err(), "{types}");
        }
    }

    #[test]
    fn an_api_has_a_query_and_fits_together() {
        let api = "type Query { get(id: ID!): T @aws_api_key }\ntype T @aws_iam { at: AWSDateTime }\n";
        assert_eq!(api_faults(api), [""; 0]);
        assert!(api_faults("type T { a: ID }").iter().any(|fault| fault.contains("query")), "no query root");
        assert!(api_faults("type Query { get(in: T): T }\ntype T { a: ID }")[0].starts_with("1:"), "T is no input");
        assert!(api_faults("type Query { get: ID @model }")[0].contains("model"));
    }
}

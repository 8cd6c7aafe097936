//! What a deployment refuses for its size although the transformer takes it.

use crate::codegen::loss::Finding;
use crate::codegen::target::amplify::directives::Directive;
use crate::codegen::target::amplify::findings;
use crate::codegen::target::amplify::view::{Field, ObjectType, Plan, View};

/// Relations that one connection stack has room for: each takes six of
/// CloudFormation's 500 resources.
const MOST_PAIRS: usize = 83;

/// Models that one deployment has room for.
const MOST_MODELS: usize = 54;

/// AppSync's largest schema, in bytes.
const LARGEST: usize = 1_048_576;

/// Findings for what is too much.
pub fn sizes(plan: &Plan<'_>, view: &View, findings: &mut Vec<Finding>) {
    let mut too_much = |code, count: usize, what: &str| {
        findings.push(Finding::new(code, "amplify", format!("there are {count} {what}")));
    };
    if plan.links.len() > MOST_PAIRS {
        too_much(&findings::TOO_MANY_PAIRS, plan.links.len(), "relations");
    }
    let models = view.types.iter().filter(|object| object.is_model()).count();
    if models > MOST_MODELS {
        too_much(&findings::TOO_MANY_MODELS, models, "models");
    }
    let compiled = compiled_size(view);
    if compiled > LARGEST {
        too_much(&findings::TOO_LARGE, compiled, "bytes of compiled API, as far as can be told beforehand");
    }
}

/// About how large the compiled API is: the transformer's output was measured,
/// and this is within a tenth or two of it. A field stands in the type and in
/// five inputs, a model in its operations.
fn compiled_size(view: &View) -> usize {
    let indexes = |field: &Field| {
        field.directives.iter().filter(|directive| matches!(directive, Directive::Index { .. })).count()
    };
    let size = |object: &ObjectType| {
        let fields: usize = object.fields.iter().map(|field| 6 * (field.name.len() + 15) + 130 * indexes(field)).sum();
        if object.is_model() { 1_700 + 35 * object.name.len() + fields } else { fields / 6 }
    };
    3_000 + view.types.iter().map(size).sum::<usize>()
}

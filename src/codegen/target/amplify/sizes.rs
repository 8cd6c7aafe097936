//! What a deployment refuses for its size although the transformer takes it.

use crate::codegen::loss::Finding;
use crate::codegen::target::amplify::findings;
use crate::codegen::target::amplify::view::{Plan, View};

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

/// About how large the compiled API is. The transformer's output was measured:
/// a model takes some 4 kB, each field six more lines in its inputs.
fn compiled_size(view: &View) -> usize {
    let size = |object: &crate::codegen::target::amplify::view::ObjectType| {
        let fields: usize = object.fields.iter().map(|field| field.name.len() + field.type_name.len() + 24).sum();
        if object.is_model() { 3_500 + 40 * object.name.len() + 6 * fields } else { fields }
    };
    8_000 + view.types.iter().map(size).sum::<usize>()
}

//! What a deployment refuses for its size although the transformer takes it.

use crate::codegen::loss::{self, Finding};
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
}

/// A finding where the compiled API is too large.
pub fn compiled(api: &str, findings: &mut Vec<Finding>) {
    if api.len() > LARGEST {
        let why = format!("there are {} bytes of compiled API", api.len());
        findings.push(Finding::new(&findings::TOO_LARGE, "amplify", why));
        loss::sort(findings);
    }
}

#[cfg(test)]
mod tests {
    use super::{LARGEST, compiled};

    #[test]
    fn an_api_is_too_large_from_the_first_byte_on_that_appsync_refuses() {
        for (bytes, found) in [(LARGEST, vec![]), (LARGEST + 1, vec!["AMP030"])] {
            let mut findings = Vec::new();
            compiled(&"#".repeat(bytes), &mut findings);
            assert_eq!(findings.iter().map(|finding| finding.code.id).collect::<Vec<_>>(), found, "{bytes}");
        }
    }
}

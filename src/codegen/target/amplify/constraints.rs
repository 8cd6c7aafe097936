//! What Postgres enforces and Amplify does not.

use crate::codegen::loss::Finding;
use crate::codegen::target::amplify::findings;
use crate::codegen::target::amplify::objects::Object;
use crate::codegen::target::amplify::options::Strategy;
use crate::codegen::target::amplify::type_map::path;
use crate::codegen::target::amplify::view::Plan;

/// Findings for checks, triggers and row security. In front of Postgres the
/// database goes on enforcing all but row security, for Amplify's resolvers
/// connect as one role.
pub fn constraints(plan: &Plan<'_>, findings: &mut Vec<Finding>) {
    for object in &plan.objects {
        row_security(object, findings);
        if plan.options.strategy == Strategy::Dynamodb {
            table_constraints(object, findings);
        }
    }
    if plan.options.strategy == Strategy::Dynamodb {
        for schema in &plan.catalog.manifest.schemas {
            for domain in schema.domains.iter().filter(|domain| !domain.checks.is_empty()) {
                for check in &domain.checks {
                    let why = format!("the domain's check {}", check.expression);
                    findings.push(Finding::new(&findings::NO_CHECK, path(&schema.name, &domain.name), why));
                }
            }
        }
    }
}

fn row_security(object: &Object<'_>, findings: &mut Vec<Finding>) {
    let Some(table) = object.table else { return };
    if table.row_security || !table.policies.is_empty() {
        let why = format!("{} policies stand in the description as a proposal", table.policies.len());
        findings.push(Finding::new(&findings::NO_ROW_SECURITY, object.path.clone(), why));
    }
}

fn table_constraints(object: &Object<'_>, findings: &mut Vec<Finding>) {
    let Some(table) = object.table else { return };
    for check in &table.checks {
        let name = if check.name.is_empty() { "check" } else { &check.name };
        findings.push(Finding::new(&findings::NO_CHECK, object.member(name), check.expression.clone()));
    }
    for exclusion in &table.exclusions {
        let name = if exclusion.name.is_empty() { "exclusion" } else { &exclusion.name };
        findings.push(Finding::new(&findings::NO_CHECK, object.member(name), exclusion.definition.clone()));
    }
    for trigger in &table.triggers {
        findings.push(Finding::new(&findings::NO_TRIGGER, object.member(&trigger.name), "DynamoDB has no triggers"));
    }
    for rule in &table.rules {
        findings.push(Finding::new(&findings::NO_TRIGGER, object.member(&rule.name), "DynamoDB has no rules"));
    }
}

//! Who may do what with a model.

use std::collections::BTreeMap;

use crate::codegen::loss::Finding;
use crate::codegen::manifest::{Command, Policy};
use crate::codegen::target::CastError;
use crate::codegen::target::amplify::directives::Rule;
use crate::codegen::target::amplify::findings;
use crate::codegen::target::amplify::objects::Object;
use crate::codegen::target::amplify::options::{Allow, AmplifyOptions, AuthRule, Strategy};
use crate::codegen::target::amplify::type_map::Base;

/// The rules of a model.
///
/// Architecture Invariant: a rule that cannot be carried out is an error and
/// never a wider one.
///
/// # Errors
/// Where project.yaml's rules name what is not there, or let nobody in.
pub fn rules(
    object: &Object<'_>,
    fields: &BTreeMap<String, String>,
    options: &AmplifyOptions,
    findings: &mut Vec<Finding>,
) -> Result<Vec<Rule>, CastError> {
    let own = options.tables.get(&object.path).and_then(|table| table.auth.as_ref());
    let wanted = own.unwrap_or(&options.auth).rules();
    if wanted.is_empty() {
        return Err(impossible(object, "it is empty, and Amplify refuses every operation of a model without a rule"));
    }
    wanted.into_iter().map(|rule| resolve(object, fields, rule, options.strategy, findings)).collect()
}

fn resolve(
    object: &Object<'_>,
    fields: &BTreeMap<String, String>,
    rule: AuthRule,
    strategy: Strategy,
    findings: &mut Vec<Finding>,
) -> Result<Rule, CastError> {
    if rule.allow == Allow::Groups && rule.groups.is_empty() {
        return Err(impossible(object, "a rule that allows groups names none: `{allow: groups, groups: [Admins]}`"));
    }
    if rule.allow != Allow::Groups && !rule.groups.is_empty() || rule.allow != Allow::Owner && rule.owner.is_some() {
        return Err(impossible(object, "`groups` is for `allow: groups` and `owner` for `allow: owner`"));
    }
    let mut owner_field = None;
    if rule.allow == Allow::Owner {
        owner_field = owner(object, fields, rule.owner.as_deref(), strategy, findings)?;
    }
    Ok(Rule { allow: rule.allow, owner_field, groups: rule.groups, operations: rule.operations })
}

/// The field that holds the owner; `None` for Amplify's own `owner`.
fn owner(
    object: &Object<'_>,
    fields: &BTreeMap<String, String>,
    column: Option<&str>,
    strategy: Strategy,
    findings: &mut Vec<Finding>,
) -> Result<Option<String>, CastError> {
    let may_hold = |column: &str| {
        let text = matches!(object.types[column].base, Base::String | Base::Id);
        let is_sort_key = object.key.as_ref().is_some_and(|key| key.columns.iter().skip(1).any(|name| *name == column));
        text && !is_sort_key
    };
    if let Some(column) = column {
        if object.column(column).is_none() {
            let nearest =
                crate::codegen::names::nearest(column, object.columns.iter().map(|column| column.name.clone()));
            let hint = nearest.map(|near| format!(" (did you mean `{near}`?)")).unwrap_or_default();
            return Err(impossible(object, &format!("there is no column `{column}` to hold the owner{hint}")));
        }
        if !may_hold(column) {
            let why = format!("`{column}` cannot hold the owner: that takes a text or uuid column that is no sort key");
            return Err(impossible(object, &why));
        }
        return Ok(fields.get(column).cloned());
    }
    let existing = fields.iter().find(|(_, field)| *field == "owner").map(|(column, _)| column.as_str());
    match existing {
        Some(column) if may_hold(column) => return Ok(None),
        None if strategy == Strategy::Dynamodb => return Ok(None),
        _ => {}
    }
    if strategy == Strategy::Postgres {
        let why = "no text column `owner` is there to compare the user with";
        findings.push(Finding::new(&findings::NO_OWNER, object.path.clone(), why));
    }
    let free = ["recordOwner", "recordOwnerId"].into_iter().find(|name| !fields.values().any(|field| field == name));
    let Some(free) = free.filter(|_| existing.is_some()) else { return Ok(None) };
    Ok(Some(free.to_owned()))
}

fn impossible(object: &Object<'_>, why: &str) -> CastError {
    let reason = format!("`amplify.auth` for `{}` cannot be used: {why}", object.path);
    CastError::impossible(&findings::BAD_OPTION, reason)
}

/// Row security in words, for a description; empty where there is none. It is
/// a proposal for the rules, for Amplify knows no row policies.
pub fn row_security(object: &Object<'_>) -> String {
    let Some(table) = object.table else { return String::new() };
    if !table.row_security && table.policies.is_empty() {
        return String::new();
    }
    let state = if table.row_security { "on" } else { "off" };
    let mut lines = vec![format!("Row security in Postgres is {state}. Its policies are not applied here:")];
    lines.extend(table.policies.iter().map(policy));
    if table.policies.is_empty() {
        lines.push("- none, so that only the owner reads and writes.".into());
    }
    lines.join("\n")
}

fn policy(policy: &Policy) -> String {
    let command = match policy.command {
        Command::All => "all commands",
        Command::Select => "select",
        Command::Insert => "insert",
        Command::Update => "update",
        Command::Delete => "delete",
    };
    let roles = if policy.roles.is_empty() { "public".to_owned() } else { policy.roles.join(", ") };
    let kind = if policy.restrictive { "restricts" } else { "allows" };
    let mut line = format!("- {}: {kind} {command} for {roles}", policy.name);
    if let Some(using) = &policy.using {
        line.push_str(&format!(" using ({using})"));
    }
    if let Some(check) = &policy.with_check {
        line.push_str(&format!(" with check ({check})"));
    }
    line
}

//! Triggers, rules and policies.

use super::{Alter, Statement};
use crate::codegen::manifest::{Policy, Rule, Trigger, TriggerState};
use crate::codegen::sql::{self, identifier, parenthesised, qualified};
use crate::diff::object::Relation;

/// CREATE TRIGGER and its state; of a partition's copy of its parent's, only
/// the state.
pub fn create_trigger(on: &Relation<'_>, trigger: &Trigger) -> Vec<Statement> {
    let create = (!trigger.inherited).then(|| Statement::new(trigger.definition.clone()));
    let state = (trigger.enabled != TriggerState::Origin || trigger.inherited)
        .then(|| state(on, "TRIGGER", &trigger.name, trigger.enabled));
    create.into_iter().chain(state).collect()
}

/// DROP TRIGGER; a partition's copy fires again as its parent's does.
pub fn drop_trigger(on: &Relation<'_>, trigger: &Trigger) -> Statement {
    match trigger.inherited {
        true => state(on, "TRIGGER", &trigger.name, TriggerState::Origin),
        false => {
            Statement::new(format!("DROP TRIGGER {} ON {}", identifier(&trigger.name), qualified(on.schema, on.name)))
        }
    }
}

/// How one attribute of a trigger becomes another.
pub fn alter_trigger(on: &Relation<'_>, to: &Trigger, attribute: &str) -> Alter {
    match attribute {
        "enabled" => Alter::InPlace(vec![state(on, "TRIGGER", &to.name, to.enabled)]),
        _ => Alter::Recreate,
    }
}

/// CREATE RULE and its state.
pub fn create_rule(on: &Relation<'_>, rule: &Rule) -> Vec<Statement> {
    let create = Statement::new(rule.definition.trim().trim_end_matches(';').to_owned());
    let state = (rule.enabled != TriggerState::Origin).then(|| state(on, "RULE", &rule.name, rule.enabled));
    [create].into_iter().chain(state).collect()
}

/// DROP RULE.
pub fn drop_rule(on: &Relation<'_>, rule: &Rule) -> Statement {
    Statement::new(format!("DROP RULE {} ON {}", identifier(&rule.name), qualified(on.schema, on.name)))
}

/// How one attribute of a rule becomes another.
pub fn alter_rule(on: &Relation<'_>, to: &Rule, attribute: &str) -> Alter {
    match attribute {
        "enabled" => Alter::InPlace(vec![state(on, "RULE", &to.name, to.enabled)]),
        _ => Alter::Recreate,
    }
}

fn state(on: &Relation<'_>, word: &str, name: &str, state: TriggerState) -> Statement {
    let action = match state {
        TriggerState::Origin => "ENABLE",
        TriggerState::Disabled => "DISABLE",
        TriggerState::Replica => "ENABLE REPLICA",
        TriggerState::Always => "ENABLE ALWAYS",
    };
    Statement::new(format!("ALTER TABLE {} {action} {word} {}", qualified(on.schema, on.name), identifier(name)))
}

/// CREATE POLICY.
pub fn create_policy(on: &Relation<'_>, policy: &Policy) -> Statement {
    let mut text = format!("CREATE POLICY {} ON {}", identifier(&policy.name), qualified(on.schema, on.name));
    if policy.restrictive {
        text.push_str(" AS RESTRICTIVE");
    }
    text.push_str(&format!(" FOR {}{}", sql::command(policy.command), roles(policy)));
    text.push_str(&conditions(policy));
    Statement::new(text)
}

/// DROP POLICY.
pub fn drop_policy(on: &Relation<'_>, policy: &Policy) -> Statement {
    Statement::new(format!("DROP POLICY {} ON {}", identifier(&policy.name), qualified(on.schema, on.name)))
}

/// How one attribute of a policy becomes another. A condition cannot be taken
/// away from a policy.
pub fn alter_policy(on: &Relation<'_>, from: &Policy, to: &Policy, attribute: &str) -> Alter {
    let goes = |from: &Option<String>, to: &Option<String>| from.is_some() && to.is_none();
    let in_place = match attribute {
        "roles" => true,
        "using" | "with_check" => !goes(&from.using, &to.using) && !goes(&from.with_check, &to.with_check),
        _ => false,
    };
    if !in_place {
        return Alter::Recreate;
    }
    let (name, table) = (identifier(&to.name), qualified(on.schema, on.name));
    Alter::by(format!("ALTER POLICY {name} ON {table}{}{}", roles(to), conditions(to)))
}

fn roles(policy: &Policy) -> String {
    match policy.roles.as_slice() {
        [] => " TO PUBLIC".to_owned(),
        roles => format!(" TO {}", sql::list(roles)),
    }
}

fn conditions(policy: &Policy) -> String {
    let using = policy.using.as_deref().map(|using| format!(" USING {}", parenthesised(using)));
    let check = policy.with_check.as_deref().map(|check| format!(" WITH CHECK {}", parenthesised(check)));
    using.unwrap_or_default() + &check.unwrap_or_default()
}

//! Triggers and rules: what happens when a table or view is written.

use super::Error;
use super::pipeline::{Answer, Query};
use super::relations::Relations;
use crate::codegen::manifest::{Rule, Trigger, TriggerState};

pub(super) const TRIGGERS: Query = Query { what: "triggers", sql: include_str!("sql/triggers.sql") };
pub(super) const RULES: Query = Query { what: "rules", sql: include_str!("sql/rules.sql") };

pub(super) fn attach_triggers(answer: &Answer, relations: &mut Relations) -> Result<(), Error> {
    for mut cells in answer.cells() {
        let Some(relation) = relations.get_mut(&cells.take()?) else { continue };
        let name: String = cells.take()?;
        let enabled = state(cells.code()?);
        let inherited: bool = cells.take()?;
        let definition = cells.printed(&name)?;
        let comment: Option<String> = cells.take()?;
        relation.attached().triggers.push(Trigger { name, enabled, inherited, comment, definition });
    }
    Ok(())
}

pub(super) fn attach_rules(answer: &Answer, relations: &mut Relations) -> Result<(), Error> {
    for mut cells in answer.cells() {
        let Some(relation) = relations.get_mut(&cells.take()?) else { continue };
        let name: String = cells.take()?;
        let enabled = state(cells.code()?);
        let definition = cells.printed(&name)?;
        relation.attached().rules.push(Rule { name, enabled, comment: cells.take()?, definition });
    }
    Ok(())
}

pub(super) fn state(code: char) -> TriggerState {
    match code {
        'D' => TriggerState::Disabled,
        'R' => TriggerState::Replica,
        'A' => TriggerState::Always,
        _ => TriggerState::Origin,
    }
}

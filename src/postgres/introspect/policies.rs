//! Row security policies.

use super::Error;
use super::pipeline::{Answer, Cells, Query};
use super::relations::{self, Relations};
use crate::codegen::manifest::{Command, Policy};

pub(super) const POLICIES: Query = Query { what: "policies", sql: include_str!("sql/policies.sql") };

pub(super) fn attach(answer: &Answer, relations: &mut Relations) -> Result<(), Error> {
    for mut cells in answer.cells() {
        let relation = relations.get_mut(&cells.take()?);
        let Some(table) = relation.and_then(|relation| relation.table_parts()) else { continue };
        relations::add(table.policies, policy(cells)?);
    }
    Ok(())
}

/// A policy from what is left of its row.
pub(super) fn policy(mut cells: Cells<'_>) -> Result<Policy, Error> {
    Ok(Policy {
        name: cells.take()?,
        command: match cells.code()? {
            'r' => Command::Select,
            'a' => Command::Insert,
            'w' => Command::Update,
            'd' => Command::Delete,
            _ => Command::All,
        },
        restrictive: !cells.take::<bool>()?,
        roles: cells.list()?,
        using: cells.take()?,
        with_check: cells.take()?,
        comment: cells.take()?,
    })
}

//! What the user has attached to tables of schemas that are left out: a
//! trigger on `auth.users` that fills a table of profiles, a policy on
//! `storage.objects`.
//!
//! Whose a policy or a rule is, is in no catalog. In a schema that the host
//! manages they are the user's, for hosts keep theirs in the tables' owners'
//! rights; in one that the project's settings exclude they are left out with
//! it. A trigger is the user's wherever its function is.

use std::collections::BTreeMap;

use super::Error;
use super::pipeline::{Answer, Query};
use super::policies::policy;
use super::triggers::state;
use crate::codegen::manifest::{LeftOut, LeftOutTable, Rule, Trigger};

pub(super) const TRIGGERS: Query =
    Query { what: "triggers on tables that are left out", sql: include_str!("sql/left_out_triggers.sql") };
pub(super) const POLICIES: Query =
    Query { what: "policies on tables that are left out", sql: include_str!("sql/left_out_policies.sql") };

/// A schema that is left out.
pub(super) struct LeftOutSchema {
    pub entry: LeftOut,
    /// The host manages it, and nobody asked for it to be left out.
    pub managed: bool,
}

/// Gives the schemas their tables that have something of the user's.
pub(super) fn attach(
    triggers: &Answer,
    policies: &Answer,
    schemas: &mut BTreeMap<u32, LeftOutSchema>,
) -> Result<(), Error> {
    for mut cells in triggers.cells() {
        let Some(schema) = schemas.get_mut(&cells.take()?) else { continue };
        let table: String = cells.take()?;
        let is_trigger = cells.code()? == 't';
        let name: String = cells.take()?;
        let enabled = state(cells.code()?);
        let definition = cells.printed(&name)?;
        let comment: Option<String> = cells.take()?;
        if is_trigger {
            let trigger = Trigger { name, enabled, comment, definition, ..Trigger::default() };
            table_of(&mut schema.entry, table).triggers.push(trigger);
        } else if schema.managed {
            table_of(&mut schema.entry, table).rules.push(Rule { name, enabled, comment, definition });
        }
    }
    for mut cells in policies.cells() {
        let Some(schema) = schemas.get_mut(&cells.take()?).filter(|schema| schema.managed) else { continue };
        let table: String = cells.take()?;
        table_of(&mut schema.entry, table).policies.push(policy(cells)?);
    }
    Ok(())
}

fn table_of(schema: &mut LeftOut, name: String) -> &mut LeftOutTable {
    let found = schema.tables.iter().position(|table| table.name == name);
    let at = found.unwrap_or_else(|| {
        schema.tables.push(LeftOutTable { name, ..LeftOutTable::default() });
        schema.tables.len() - 1
    });
    &mut schema.tables[at]
}

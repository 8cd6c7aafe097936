//! Extended statistics of tables, partitions and materialised views.

use super::Error;
use super::pipeline::{Answer, Query};
use super::relations::Relations;
use crate::codegen::manifest::Statistics;

pub(super) const STATISTICS: Query = Query { what: "extended statistics", sql: include_str!("sql/statistics.sql") };

pub(super) fn attach(answer: &Answer, relations: &mut Relations) -> Result<(), Error> {
    for mut cells in answer.cells() {
        let Some(relation) = relations.get_mut(&cells.take()?) else { continue };
        let schema: String = cells.take()?;
        let name: String = cells.take()?;
        let definition = cells.printed(&name)?;
        let statistics = Statistics {
            schema: (schema != relation.schema).then_some(schema),
            name,
            definition,
            target: cells.take()?,
            comment: cells.take()?,
        };
        relation.attached().statistics.push(statistics);
    }
    Ok(())
}

//! The constraints behind NOT NULL, where they are not just what the server
//! makes of the words: named, not valid, not inherited by children, inherited
//! from a parent, or commented.

use std::collections::HashMap;

use super::Error;
use super::columns::Columns;
use super::pipeline::{Answer, Cells, Query};
use super::relations::{Body, Relations};
use crate::codegen::manifest::{NotNull, chosen_name};

pub(super) const NOT_NULL_CONSTRAINTS: Query =
    Query { what: "not-null constraints", sql: include_str!("sql/not_null_constraints.sql") };

/// By the domain's object number, each with the name that the catalog has.
pub(super) type DomainConstraints = HashMap<u32, NotNull>;

/// Gives columns their constraints, and returns those of domains.
pub(super) fn attach(
    answer: &Answer,
    relations: &Relations,
    columns: &mut Columns,
) -> Result<DomainConstraints, Error> {
    let mut of_domains = DomainConstraints::new();
    for mut cells in answer.cells() {
        let relation_oid: u32 = cells.take()?;
        let domain: u32 = cells.take()?;
        let number: Option<i16> = cells.take()?;
        let constraint = constraint(cells)?;
        if domain != 0 {
            of_domains.insert(domain, constraint);
            continue;
        }
        let (Some(relation), Some(number)) = (relations.get(&relation_oid), number) else { continue };
        let Body::Partition { parent, .. } = relation.body else {
            if let Some(column) = columns.own(relation_oid, number) {
                let chosen = chosen_name(relation.name(), Some(&column.name), "not_null");
                column.not_null_constraint = told(constraint, &chosen).map(Box::new);
            }
            continue;
        };
        // Where the parent has the constraint as well, a partition has it under
        // the parent's name, unless it had its own before it was attached.
        let Some(name) = columns.get(relation_oid, number).map(|column| column.name().to_owned()) else { continue };
        let chosen = chosen_name(relation.name(), Some(&name), "not_null");
        let parents_too = columns.resolved(parent).iter().any(|(_, column)| column.name == name && column.not_null);
        if let Some(column) = columns.own(relation_oid, number) {
            let constraint = NotNull { inherited: false, ..constraint };
            let told = if parents_too { Some(constraint) } else { told(constraint, &chosen) };
            column.not_null_constraint = told.map(Box::new);
        }
    }
    Ok(of_domains)
}

/// What there is to say of a domain's constraint.
pub(super) fn of_domain(constraint: Option<NotNull>, domain: &str) -> Option<NotNull> {
    told(constraint?, &chosen_name(domain, None, "not_null"))
}

fn constraint(mut cells: Cells<'_>) -> Result<NotNull, Error> {
    Ok(NotNull {
        name: cells.take()?,
        not_valid: cells.take()?,
        no_inherit: cells.take()?,
        inherited: cells.take()?,
        comment: cells.take()?,
    })
}

/// The constraint without the name that the server chooses; none, where that
/// leaves nothing.
fn told(mut constraint: NotNull, chosen: &str) -> Option<NotNull> {
    constraint.name.take_if(|name| name == chosen);
    (constraint != NotNull::default()).then_some(constraint)
}

//! Enums, domains, composite types and ranges.

use std::collections::{BTreeMap, HashMap};

use super::Error;
use super::columns::{Columns, array_type};
use super::grants::{Grants, PG_TYPE};
use super::not_null::{self, DomainConstraints};
use super::pipeline::{Answer, Query};
use crate::codegen::manifest::{Check, Composite, Domain, Enum, Range, Schema};

pub(super) const TYPES: Query = Query { what: "types", sql: include_str!("sql/types.sql") };
pub(super) const DOMAIN_CHECKS: Query = Query { what: "domain checks", sql: include_str!("sql/domain_checks.sql") };

/// Gives every schema its types.
pub(super) fn attach(
    types: &Answer,
    domain_checks: &Answer,
    mut not_null: DomainConstraints,
    columns: &mut Columns,
    grants: &mut Grants,
    schemas: &mut BTreeMap<u32, Schema>,
) -> Result<(), Error> {
    let mut checks = checks(domain_checks)?;
    for mut cells in types.cells() {
        let Some(schema) = schemas.get_mut(&cells.take()?) else { continue };
        let name: String = cells.take()?;
        let kind = cells.code()?;
        let comment: Option<String> = cells.take()?;
        let labels: Vec<String> = cells.list()?;
        let oid: u32 = cells.take()?;
        let base: Option<String> = cells.take()?;
        let dimensions: i32 = cells.take()?;
        let is_not_null: bool = cells.take()?;
        let default: Option<String> = cells.take()?;
        let collation: Option<String> = cells.take()?;
        let relation: u32 = cells.take()?;
        let subtype: Option<String> = cells.take()?;
        let multirange: Option<String> = cells.take()?;
        let operator_class: Option<String> = cells.take()?;
        let canonical: Option<String> = cells.take()?;
        let subtype_diff: Option<String> = cells.take()?;
        let grants = grants.take(PG_TYPE, oid, 0);
        match kind {
            'e' => schema.enums.push(Enum { name, comment, labels, grants }),
            'd' => schema.domains.push(Domain {
                not_null_constraint: not_null::of_domain(not_null.remove(&oid), &name),
                name,
                comment,
                type_name: array_type(base.unwrap_or_default(), dimensions),
                collation,
                not_null: is_not_null,
                default,
                checks: checks.remove(&oid).unwrap_or_default(),
                grants,
            }),
            'r' => schema.ranges.push(Range {
                name,
                comment,
                subtype: subtype.unwrap_or_default(),
                multirange,
                operator_class,
                collation,
                canonical,
                subtype_diff,
                grants,
            }),
            _ => schema.composites.push(Composite {
                name,
                comment,
                attributes: columns.take_attributes(relation),
                grants,
            }),
        }
    }
    Ok(())
}

/// By the domain's object number.
fn checks(answer: &Answer) -> Result<HashMap<u32, Vec<Check>>, Error> {
    let mut checks: HashMap<u32, Vec<Check>> = HashMap::new();
    for mut cells in answer.cells() {
        let domain: u32 = cells.take()?;
        let name: String = cells.take()?;
        let expression = cells.printed(&name)?;
        let not_valid = !cells.take::<bool>()?;
        let check = Check { name, expression, not_valid, comment: cells.take()?, ..Check::default() };
        checks.entry(domain).or_default().push(check);
    }
    Ok(checks)
}

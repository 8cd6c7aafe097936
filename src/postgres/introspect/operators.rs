//! Operators with their families and classes, casts, collations and
//! conversions.

use std::collections::{BTreeMap, HashMap};

use super::Error;
use super::pipeline::{Answer, Cells, Query};
use crate::codegen::manifest::{
    Cast, CastContext, CastMethod, Collation, Conversion, Operator, OperatorClass, OperatorFamily, Schema,
};

pub(super) const COLLATIONS: Query = Query { what: "collations", sql: include_str!("sql/user_collations.sql") };
pub(super) const CONVERSIONS: Query = Query { what: "conversions", sql: include_str!("sql/conversions.sql") };
pub(super) const OPERATORS: Query = Query { what: "operators", sql: include_str!("sql/operators.sql") };
pub(super) const FAMILIES: Query =
    Query { what: "operator families", sql: include_str!("sql/user_operator_families.sql") };
pub(super) const CLASSES: Query =
    Query { what: "operator classes", sql: include_str!("sql/user_operator_classes.sql") };
pub(super) const MEMBERS: Query =
    Query { what: "members of operator classes", sql: include_str!("sql/operator_members.sql") };
pub(super) const CASTS: Query = Query { what: "casts", sql: include_str!("sql/casts.sql") };

pub(super) fn attach_collations(answer: &Answer, schemas: &mut BTreeMap<u32, Schema>) -> Result<(), Error> {
    for mut cells in answer.cells() {
        let Some(schema) = schemas.get_mut(&cells.take()?) else { continue };
        schema.collations.push(collation(cells)?);
    }
    Ok(())
}

fn collation(mut cells: Cells<'_>) -> Result<Collation, Error> {
    let name: String = cells.take()?;
    let provider = cells.code()?;
    let own_locale: Option<String> = cells.take()?;
    let lc_collate: Option<String> = cells.take()?;
    let lc_ctype: Option<String> = cells.take()?;
    let non_deterministic = !cells.take::<bool>()?;
    let rules: Option<String> = cells.take()?;
    let comment: Option<String> = cells.take()?;
    let provider = match provider {
        'i' => Some("icu".to_owned()),
        'b' => Some("builtin".to_owned()),
        _ => None,
    };
    // Server 14 keeps icu's locale where libc has its own two.
    let one_locale = provider.is_some() || lc_collate == lc_ctype;
    let (locale, lc_collate, lc_ctype) =
        if one_locale { (own_locale.or(lc_collate), None, None) } else { (None, lc_collate, lc_ctype) };
    Ok(Collation { name, provider, locale, lc_collate, lc_ctype, non_deterministic, rules, comment })
}

pub(super) fn attach_conversions(answer: &Answer, schemas: &mut BTreeMap<u32, Schema>) -> Result<(), Error> {
    for mut cells in answer.cells() {
        let Some(schema) = schemas.get_mut(&cells.take()?) else { continue };
        schema.conversions.push(Conversion {
            name: cells.take()?,
            source: cells.take()?,
            target: cells.take()?,
            function: cells.take()?,
            default: cells.take()?,
            comment: cells.take()?,
        });
    }
    Ok(())
}

pub(super) fn attach_operators(answer: &Answer, schemas: &mut BTreeMap<u32, Schema>) -> Result<(), Error> {
    for mut cells in answer.cells() {
        let Some(schema) = schemas.get_mut(&cells.take()?) else { continue };
        schema.operators.push(Operator {
            name: cells.take()?,
            left: cells.take()?,
            right: cells.take()?,
            function: cells.take()?,
            commutator: cells.take()?,
            negator: cells.take()?,
            restrict: cells.take()?,
            join: cells.take()?,
            hashes: cells.take()?,
            merges: cells.take()?,
            comment: cells.take()?,
        });
    }
    Ok(())
}

/// Gives the schemas their families and classes with what belongs to each.
pub(super) fn attach_families_and_classes(
    families: &Answer,
    classes: &Answer,
    members: &Answer,
    schemas: &mut BTreeMap<u32, Schema>,
) -> Result<(), Error> {
    let mut members = read_members(members)?;
    for mut cells in families.cells() {
        let Members { operators, functions } = members.remove(&cells.take()?).unwrap_or_default();
        let Some(schema) = schemas.get_mut(&cells.take()?) else { continue };
        schema.operator_families.push(OperatorFamily {
            name: cells.take()?,
            method: cells.take()?,
            operators: by_number(operators),
            functions: by_number(functions),
            comment: cells.take()?,
        });
    }
    for mut cells in classes.cells() {
        let Members { operators, functions } = members.remove(&cells.take()?).unwrap_or_default();
        let Some(schema) = schemas.get_mut(&cells.take()?) else { continue };
        schema.operator_classes.push(OperatorClass {
            name: cells.take()?,
            method: cells.take()?,
            type_name: cells.take()?,
            default: cells.take()?,
            family: cells.take()?,
            storage: cells.take()?,
            operators: by_number(operators),
            functions: by_number(functions),
            comment: cells.take()?,
        });
    }
    Ok(())
}

/// What a class or a family consists of, each with its number.
#[derive(Default)]
struct Members {
    operators: Vec<(i16, String)>,
    functions: Vec<(i16, String)>,
}

/// By the object number of the class or family.
fn read_members(answer: &Answer) -> Result<HashMap<u32, Members>, Error> {
    let mut members: HashMap<u32, Members> = HashMap::new();
    for mut cells in answer.cells() {
        let of = members.entry(cells.take()?).or_default();
        let list = if cells.code()? == 'o' { &mut of.operators } else { &mut of.functions };
        list.push((cells.take()?, cells.take()?));
    }
    Ok(members)
}

fn by_number(mut members: Vec<(i16, String)>) -> Vec<String> {
    members.sort();
    members.into_iter().map(|(_, text)| text).collect()
}

pub(super) fn read_casts(answer: &Answer) -> Result<Vec<Cast>, Error> {
    let cast = |mut cells: Cells<'_>| {
        Ok(Cast {
            source: cells.take()?,
            target: cells.take()?,
            function: cells.take()?,
            method: match cells.code()? {
                'b' => CastMethod::Binary,
                'i' => CastMethod::Inout,
                _ => CastMethod::Function,
            },
            context: match cells.code()? {
                'a' => CastContext::Assignment,
                'i' => CastContext::Implicit,
                _ => CastContext::Explicit,
            },
            comment: cells.take()?,
        })
    };
    answer.cells().map(cast).collect()
}

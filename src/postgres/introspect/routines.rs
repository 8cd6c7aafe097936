//! Functions, procedures, aggregates and window functions.

use std::collections::{BTreeMap, HashMap};

use super::Error;
use super::aggregates::Aggregate;
use super::grants::{Grants, PG_PROC};
use super::pipeline::{Answer, Query};
use crate::codegen::manifest::{Argument, ArgumentMode, Parallel, Routine, RoutineKind, Schema, Volatility};

pub(super) const ROUTINES: Query = Query { what: "functions", sql: include_str!("sql/routines.sql") };

/// Gives every schema its routines. `aggregates` is what only those have, by
/// object number; all else that the catalog says of an aggregate (that it is
/// immutable and internal) is the same for each, and left out.
pub(super) fn attach(
    answer: &Answer,
    mut aggregates: HashMap<u32, Aggregate>,
    grants: &mut Grants,
    schemas: &mut BTreeMap<u32, Schema>,
) -> Result<(), Error> {
    for mut cells in answer.cells() {
        let Some(schema) = schemas.get_mut(&cells.take()?) else { continue };
        let oid: u32 = cells.take()?;
        let name: String = cells.take()?;
        let kind = match cells.code()? {
            'p' => RoutineKind::Procedure,
            'a' => RoutineKind::Aggregate,
            'w' => RoutineKind::Window,
            _ => RoutineKind::Function,
        };
        let comment: Option<String> = cells.take()?;
        let grants = grants.take(PG_PROC, oid, 0);
        let arguments = arguments(cells.list()?, &cells.list()?, cells.list()?, cells.list()?);
        let returns: Option<String> = cells.take()?;
        if kind == RoutineKind::Aggregate {
            let Aggregate { direct_arguments, definition } = aggregates.remove(&oid).unwrap_or_default();
            schema.functions.push(Routine {
                name,
                kind,
                comment,
                arguments,
                direct_arguments,
                returns,
                definition: Some(definition),
                grants,
                ..Routine::default()
            });
            continue;
        }
        let language: String = cells.take()?;
        let volatility = match cells.code()? {
            'i' => Volatility::Immutable,
            's' => Volatility::Stable,
            _ => Volatility::Volatile,
        };
        let strict: bool = cells.take()?;
        let security_definer: bool = cells.take()?;
        let leakproof: bool = cells.take()?;
        let parallel = match cells.code()? {
            's' => Parallel::Safe,
            'r' => Parallel::Restricted,
            _ => Parallel::Unsafe,
        };
        let cost: f32 = cells.take()?;
        let rows: f32 = cells.take()?;
        let returns_set: bool = cells.take()?;
        let support: Option<String> = cells.take()?;
        let settings: Vec<String> = cells.list()?;
        let library: Option<String> = cells.take()?;
        let body: String = cells.take()?;
        let sql_body: Option<String> = cells.take()?;
        let transforms: Vec<String> = cells.list()?;
        let default_cost = if matches!(language.as_str(), "c" | "internal") { 1.0 } else { 100.0 };
        let default_rows = if returns_set { 1000.0 } else { 0.0 };
        schema.functions.push(Routine {
            name,
            kind,
            comment,
            arguments,
            returns,
            language,
            volatility,
            strict,
            security_definer,
            leakproof,
            parallel,
            cost: (cost != default_cost).then_some(cost),
            rows: (rows != default_rows).then_some(rows),
            support,
            settings,
            library,
            // A function has the one or the other.
            body: sql_body.is_none().then_some(body),
            sql_body,
            grants,
            transforms,
            ..Routine::default()
        });
    }
    Ok(())
}

/// The catalog leaves the names out where no argument has one, the modes where
/// all are IN, and the defaults where there are none.
fn arguments(names: Vec<String>, modes: &[&str], types: Vec<String>, defaults: Vec<Option<String>>) -> Vec<Argument> {
    let mut names = names.into_iter();
    let mut modes = modes.iter();
    let mut defaults = defaults.into_iter();
    let argument = |type_name| Argument {
        name: names.next().filter(|name| !name.is_empty()),
        mode: match modes.next().copied() {
            Some("o") => ArgumentMode::Out,
            Some("b") => ArgumentMode::Inout,
            Some("v") => ArgumentMode::Variadic,
            Some("t") => ArgumentMode::Table,
            _ => ArgumentMode::In,
        },
        type_name,
        default: defaults.next().flatten(),
    };
    types.into_iter().map(argument).collect()
}

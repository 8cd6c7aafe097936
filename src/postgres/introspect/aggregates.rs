//! What CREATE AGGREGATE takes between its parentheses. No function of the
//! server prints it, so it is written here, in the order in which pg_dump
//! writes it.

use std::collections::HashMap;

use super::Error;
use super::pipeline::{Answer, Cells, Query};

pub(super) const AGGREGATES: Query = Query { what: "aggregates", sql: include_str!("sql/aggregates.sql") };

/// What only an aggregate has.
#[derive(Default)]
pub(super) struct Aggregate {
    pub direct_arguments: Option<i16>,
    pub definition: String,
}

/// By object number.
pub(super) fn read(answer: &Answer) -> Result<HashMap<u32, Aggregate>, Error> {
    let aggregate = |mut cells: Cells<'_>| {
        Ok((cells.take()?, Aggregate { direct_arguments: cells.take()?, definition: definition(cells)? }))
    };
    answer.cells().map(aggregate).collect()
}

fn definition(mut cells: Cells<'_>) -> Result<String, Error> {
    let mut parameters: Vec<String> = Vec::new();
    let mut next = |parameter: Parameter| {
        let text = match parameter {
            Parameter::Value(name) => cells.take::<Option<&str>>()?.map(|value| format!("{name} = {value}")),
            Parameter::Flag(name) => cells.take::<bool>()?.then(|| name.to_owned()),
            Parameter::Modify(name) => modify(cells.code()?).map(|word| format!("{name} = {word}")),
            Parameter::Parallel => parallel(cells.code()?).map(|word| format!("PARALLEL = {word}")),
        };
        parameters.extend(text);
        Ok::<(), Error>(())
    };
    PARAMETERS.into_iter().try_for_each(&mut next)?;
    Ok(parameters.join(",\n"))
}

/// How the next of the row's cells is written.
enum Parameter {
    Value(&'static str),
    Flag(&'static str),
    /// FINALFUNC_MODIFY and its like.
    Modify(&'static str),
    Parallel,
}

/// In the order of the row's cells.
const PARAMETERS: [Parameter; 21] = [
    Parameter::Value("SFUNC"),
    Parameter::Value("STYPE"),
    Parameter::Value("SSPACE"),
    Parameter::Value("FINALFUNC"),
    Parameter::Flag("FINALFUNC_EXTRA"),
    Parameter::Modify("FINALFUNC_MODIFY"),
    Parameter::Value("COMBINEFUNC"),
    Parameter::Value("SERIALFUNC"),
    Parameter::Value("DESERIALFUNC"),
    Parameter::Value("INITCOND"),
    Parameter::Value("MSFUNC"),
    Parameter::Value("MINVFUNC"),
    Parameter::Value("MSTYPE"),
    Parameter::Value("MSSPACE"),
    Parameter::Value("MFINALFUNC"),
    Parameter::Flag("MFINALFUNC_EXTRA"),
    Parameter::Modify("MFINALFUNC_MODIFY"),
    Parameter::Value("MINITCOND"),
    Parameter::Value("SORTOP"),
    Parameter::Parallel,
    Parameter::Flag("HYPOTHETICAL"),
];

fn modify(code: char) -> Option<&'static str> {
    match code {
        'r' => Some("READ_ONLY"),
        's' => Some("SHAREABLE"),
        'w' => Some("READ_WRITE"),
        _ => None,
    }
}

fn parallel(code: char) -> Option<&'static str> {
    match code {
        's' => Some("SAFE"),
        'r' => Some("RESTRICTED"),
        _ => None,
    }
}

//! Sequences: those that stand by themselves or are owned by a column, and
//! those of identity columns, which are told with their column.

use std::collections::HashMap;

use super::Error;
use super::grants::{Grants, PG_CLASS};
use super::pipeline::{Answer, Query};
use super::relations;
use crate::codegen::manifest::{Grant, Persistence, Sequence, SequenceOptions};
use crate::codegen::sql::requoted;

pub(super) const SEQUENCES: Query = Query { what: "sequences", sql: include_str!("sql/sequences.sql") };

/// The sequences of identity columns, by the table's object number and the column's.
pub(super) type Identities = HashMap<(u32, i16), IdentitySequence>;

/// The sequence of an identity column.
#[derive(Default)]
pub(super) struct IdentitySequence {
    pub name: String,
    /// Where it is not the table's.
    pub own_persistence: Option<Persistence>,
    /// The type is always given.
    pub options: SequenceOptions,
    pub comment: Option<String>,
    pub grants: Vec<Grant>,
}

/// The sequences, each with its schema's object number, and the identities.
pub(super) fn read(answer: Answer, grants: &mut Grants) -> Result<(Vec<(u32, Sequence)>, Identities), Error> {
    let mut sequences = Vec::new();
    let mut identities = Identities::new();
    let mut rows = answer.into_rows();
    while let Some(mut cells) = rows.next() {
        let schema: u32 = cells.take()?;
        let oid: u32 = cells.take()?;
        let name: String = cells.take()?;
        let persistence = relations::persistence(cells.code()?);
        let own_persistence = Some(cells.code()?).filter(|code| *code != '\0').map(relations::persistence);
        let options = options(Values {
            type_name: cells.take()?,
            start: cells.take()?,
            increment: cells.take()?,
            minimum: cells.take()?,
            maximum: cells.take()?,
            cache: cells.take()?,
            cycle: cells.take()?,
        });
        let ownership = cells.code()?;
        let table: Option<u32> = cells.take()?;
        let column: Option<i32> = cells.take()?;
        let owned_by = cells.take::<Option<&str>>()?.map(requoted);
        let comment: Option<String> = cells.take()?;
        let grants = grants.take(PG_CLASS, oid, 0);
        let mut sequence = Sequence { name, comment, persistence, options, owned_by, grants };
        if let ('i', Some(table), Some(Ok(column))) = (ownership, table, column.map(i16::try_from)) {
            let Sequence { name, options, comment, grants, .. } = sequence;
            identities.insert((table, column), IdentitySequence { name, own_persistence, options, comment, grants });
            continue;
        }
        sequence.options.type_name.take_if(|type_name| type_name == "bigint");
        sequences.push((schema, sequence));
    }
    Ok((sequences, identities))
}

/// What pg_sequence holds.
struct Values {
    type_name: String,
    start: i64,
    increment: i64,
    minimum: i64,
    maximum: i64,
    cache: i64,
    cycle: bool,
}

/// Leaves out what has its default (CREATE SEQUENCE's in the manual): a
/// sequence counts from 1 up to its type's end, or from -1 down to it.
fn options(values: Values) -> SequenceOptions {
    let (lowest, highest) = match values.type_name.as_str() {
        "smallint" => (i64::from(i16::MIN), i64::from(i16::MAX)),
        "integer" => (i64::from(i32::MIN), i64::from(i32::MAX)),
        _ => (i64::MIN, i64::MAX),
    };
    let ascending = values.increment > 0;
    let (minimum, maximum) = if ascending { (1, highest) } else { (lowest, -1) };
    let start = if ascending { values.minimum } else { values.maximum };
    let unless = |value: i64, default: i64| (value != default).then_some(value);
    SequenceOptions {
        start: unless(values.start, start),
        increment: unless(values.increment, 1),
        minimum: unless(values.minimum, minimum),
        maximum: unless(values.maximum, maximum),
        cache: unless(values.cache, 1),
        cycle: values.cycle,
        type_name: Some(values.type_name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sequence_that_counts_down_has_its_own_defaults() {
        let values = |increment, minimum, maximum, start| Values {
            type_name: "smallint".to_owned(),
            start,
            increment,
            minimum,
            maximum,
            cache: 1,
            cycle: false,
        };
        let type_name = Some("smallint".to_owned());
        let plain = SequenceOptions { type_name: type_name.clone(), ..SequenceOptions::default() };
        assert_eq!(options(values(1, 1, 32767, 1)), plain);
        let down = SequenceOptions { increment: Some(-2), ..plain };
        assert_eq!(options(values(-2, -32768, -1, -1)), down);
        let from_ten = SequenceOptions { maximum: Some(10), ..down };
        assert_eq!(options(values(-2, -32768, 10, 10)), from_ten);
    }
}

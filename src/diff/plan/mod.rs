//! The SQL that turns what is there into what is expected.
//!
//! `side` indexes each manifest with what needs what, less the tables that no
//! change can reach (`untouched`). `fate` decides for every
//! object whether it is made, dropped, altered where it stands, or dropped and
//! made again, and drags along what hangs on it; `in_the_way` is what a column's
//! new type needs gone, `in_place` knows when the server lets something be
//! altered where it stands. `order` lays the statements
//! out as a graph and walks it, so that nothing is made before what it needs
//! and nothing dropped before what needs it. `script` prints a plan as a file.

mod fate;
mod in_place;
mod in_the_way;
mod order;
mod privileges;
mod script;
mod side;
mod untouched;

use self::side::Side;
use crate::codegen::manifest::{Manifest, ObjectId};
use crate::diff::change::Change;
use crate::diff::ddl::{Dialect, Statement};

pub use script::{Batch, PREAMBLE, batches, script};
pub use side::split_last;

/// How the SQL is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PlanOptions {
    /// Whether statements that lose data are meant to run.
    pub allow_destructive: bool,
    /// CREATE INDEX CONCURRENTLY, and constraints NOT VALID first, for tables
    /// that are in use.
    pub concurrently: bool,
}

/// The statements, in an order in which they run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    pub steps: Vec<Step>,
    /// What of the differences no statement mends.
    pub impossible: Vec<Impossible>,
}

/// One statement and the object that it is for.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    pub object: ObjectId,
    pub statement: Statement,
    /// It loses data, or it must come after one that does: it is held back
    /// unless that is allowed.
    pub held_back: bool,
}

/// A difference that schemacast does not mend, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Impossible {
    pub object: ObjectId,
    pub attribute: Option<String>,
    pub reason: String,
}

/// Plans the statements that mend these changes, which are of
/// [`compare`](crate::diff::compare())`(expected, actual)`: all of them, or those
/// that count.
pub fn plan(actual: &Manifest, expected: &Manifest, changes: &[Change], options: PlanOptions) -> Plan {
    if changes.is_empty() {
        return Plan::default();
    }
    let dialect = Dialect::of(actual, expected);
    let untouched = untouched::untouched(expected, actual);
    let side = |manifest| Side::new(manifest, dialect, |table| untouched.contains(&std::ptr::from_ref(table)));
    plan_between([&side(actual), &side(expected)], [actual, expected], changes, options)
}

fn plan_between(
    [from, to]: [&Side<'_>; 2],
    [actual, expected]: [&Manifest; 2],
    changes: &[Change],
    options: PlanOptions,
) -> Plan {
    let mut forced = Vec::new();
    // Where an order cannot be found because something altered is in the way
    // of itself, it is made again instead; each round settles one object.
    for _ in 0..=changes.len() {
        let fates = fate::decide(from, to, changes, &forced);
        match order::arrange(from, to, &fates, options) {
            Ok(mut plan) => {
                privileges::append(&mut plan, actual, expected, [from, to], changes, &fates);
                return plan;
            }
            Err(cycle) => match cycle.iter().find(|id| fates.can_recreate(id) && !forced.contains(id)) {
                Some(id) => forced.push(id.clone()),
                None => return order::arrange_despite(from, to, &fates, options, &cycle),
            },
        }
    }
    Plan::default()
}

//! The difference between two manifests, and the SQL that mends it.
//!
//! `object` lays a manifest out as a flat list of objects with facts;
//! [`compare()`] sets two such lists side by side and gives a [`Comparison`] of
//! `change`s. `severity` says how much a change matters, `renames` which two
//! changes are likely one thing under two names, `ignore` which do not count,
//! and `place` where in the manifest's file they are. `plan` is the SQL.
//! `sides` does all that for two schemas under a project's rules, and
//! `report` puts it all into a [`Report`], of which each format is a view.

mod change;
pub mod code;
mod compare;
pub mod ddl;
mod ignore;
mod object;
mod place;
mod plan;
mod renames;
pub mod report;
mod severity;
mod sides;

pub use change::{Change, Comparison, Count, Difference};
pub use compare::compare;
pub use ddl::{Alter, Statement, grant};
pub use ignore::{Ignoring, faults as ignore_faults, ignore};
pub use object::{Item, Object, PartitionOf, Relation, each_object, objects};
pub use place::Places;
pub use plan::{Batch, Impossible, PREAMBLE, Plan, PlanOptions, Step, batches, plan, script};
pub use renames::{Ambiguous, Rename, Renames, likely_renames, renames};
pub use report::Report;
pub use severity::{Hazard, Severity, TypeChange, hazards, severity, type_change};
pub use sides::{Compared, compare_sides};

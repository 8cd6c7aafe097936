//! The difference between two manifests, and the SQL that mends it.
//!
//! `object` lays a manifest out as a flat list of objects with facts;
//! [`compare()`] sets two such lists side by side and gives a [`Comparison`] of
//! `change`s.

mod change;
mod compare;
pub mod ddl;
mod object;
mod plan;

pub use change::{Change, Comparison, Count, Difference};
pub use compare::compare;
pub use ddl::{Alter, Statement, grant};
pub use object::{Item, Object, PartitionOf, Relation, objects};
pub use plan::{Impossible, Plan, PlanOptions, Step, plan, script};

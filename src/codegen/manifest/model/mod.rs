//! The types of the manifest, as Postgres' catalog knows the objects.
//!
//! Architecture Invariant: every field that may be absent has a default and is
//! left out of the YAML when it has it, so that a field added later breaks no
//! manifest that was written before.

mod relation;
mod routine;
mod schema;
mod table;
mod user_type;

pub use relation::{View, ViewKind};
pub use routine::{Argument, ArgumentMode, Parallel, Routine, RoutineKind, Volatility};
pub use schema::{Extension, LeftOut, Manifest, NotVisible, Schema, Source};
pub use table::{
    Action, Check, Column, Command, Exclusion, ForeignKey, Generated, GeneratedKind, Generation, Identity, Index,
    IndexKey, Key, Match, Nulls, Partition, PartitionKey, PartitionStrategy, Persistence, Policy, Reference, Rule,
    Table, Trigger, TriggerState,
};
pub use user_type::{Attribute, Composite, Domain, Enum, Range, Sequence, SequenceOptions};

/// For `skip_serializing_if`: whether a field still has its default.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

//! The types of the manifest, as Postgres' catalog knows the objects.
//!
//! Architecture Invariant: every field that may be absent has a default and is
//! left out of the YAML when it has it, so that a field added later breaks no
//! manifest that was written before.

mod attached;
mod constraint;
mod database;
mod foreign;
mod grant;
mod index;
mod operator;
mod replication;
mod routine;
mod schema;
mod seldom;
mod table;
mod tables;
mod text_search;
mod user_type;
mod view;

pub use attached::{Command, Policy, Rule, Trigger, TriggerState};
pub use constraint::{Action, Check, Exclusion, ForeignKey, Key, Match, NotNull, Reference};
pub use database::{AccessMethod, CronJob, EventTrigger, Language, Transform};
pub use foreign::{ForeignDataWrapper, ForeignTable, Server, UserMapping};
pub use grant::{DefaultPrivilege, DefaultPrivilegeObjects, Grant};
pub use index::{AttachedIndex, Index, IndexKey, Nulls, Statistics};
pub use operator::{Cast, CastContext, CastMethod, Collation, Conversion, Operator, OperatorClass, OperatorFamily};
pub use replication::{Publication, PublicationTable, Subscription};
pub use routine::{Argument, ArgumentMode, Parallel, Routine, RoutineKind, Volatility};
pub use schema::{Extension, LeftOut, LeftOutTable, Manifest, NotModelled, NotVisible, Schema, Source};
pub use seldom::{Empty, Seldom};
pub use table::{
    Column, Generated, GeneratedKind, Generation, Identity, Partition, PartitionKey, PartitionStrategy, Persistence,
    Table,
};
pub use tables::Tables;
pub use text_search::{
    TextSearchConfiguration, TextSearchDictionary, TextSearchMapping, TextSearchParser, TextSearchTemplate,
};
pub use user_type::{Attribute, Composite, Domain, Enum, Range, Sequence, SequenceOptions};
pub use view::{View, ViewKind};

/// For `skip_serializing_if`: whether a field still has its default.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

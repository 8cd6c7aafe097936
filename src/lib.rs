//! One Postgres schema, cast into everything that mirrors it.

pub mod codegen;
#[cfg(feature = "cli")]
pub mod semantics;

//! One Postgres schema, cast into everything that mirrors it.

pub mod codegen;

//! The live half: a Postgres server in, a manifest out.

pub mod introspect;

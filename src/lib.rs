//! One Postgres schema, cast into everything that mirrors it.
//!
//! schemacast reads a manifest of a Postgres schema and generates Firestore
//! JSON, Amplify GraphQL, Rust model types and a Markdown inventory from it,
//! each parsed by a real parser before it is written. The program `schemacast`
//! introspects a live database into the manifest; a build script generates
//! from it with [`Config`]:
//!
//! ```toml
//! [build-dependencies]
//! schemacast = { version = "0.1", default-features = false }
//! ```
//!
//! ```no_run
//! schemacast::Config::new().manifest("schema.yaml").out_dir("src/generated").targets(["models"]).generate()?;
//! # Ok::<(), schemacast::ConfigError>(())
//! ```
//!
//! With the feature `cli` (on by default) come the database side and the
//! command line; without it the crate is the pure half alone.

#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "cli")]
mod clock;
pub mod codegen;
mod config;
#[cfg(feature = "cli")]
pub mod diff;
#[cfg(feature = "cli")]
pub mod doctor;
#[cfg(feature = "cli")]
pub mod mcp;
#[cfg(all(unix, feature = "cli"))]
mod outlive;
#[cfg(feature = "cli")]
pub mod postgres;
#[cfg(feature = "cli")]
pub mod prove;
#[cfg(feature = "cli")]
pub mod scaffold;
#[cfg(feature = "cli")]
pub mod semantics;
#[cfg(feature = "cli")]
pub mod snapshot;
#[cfg(feature = "cli")]
pub mod tasks;
#[cfg(feature = "cli")]
pub mod workspace;

pub use codegen::generate::Report;
pub use codegen::loss::{Code, Finding};
pub use codegen::manifest::Manifest;
pub use codegen::writer::Persisted;
pub use config::{Config, ConfigError};

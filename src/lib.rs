//! One Postgres schema, cast into everything that mirrors it.
//!
//! schemacast reads a manifest of a Postgres schema and generates Firestore
//! JSON, Amplify GraphQL, Rust model types and a Markdown inventory from it,
//! each parsed by a real parser before it is written. The program `schemacast`
//! introspects a live database into the manifest; a build script generates
//! from it with [`Config`].
//!
//! # In a build script
//!
//! ```toml
//! # Cargo.toml
//! [build-dependencies]
//! schemacast = { version = "0.1", default-features = false }
//! ```
//!
//! ```no_run
//! // build.rs
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let report = schemacast::Config::new()
//!         .manifest("schema.yaml")     // YAML or JSON; settings from the project.yaml beside it
//!         .targets(["models"])         // Rust types; without this line, everything
//!         .set("models.dates", "jiff") // what project.yaml could say, too
//!         .include_file("schema.rs")   // for `include!`, beside what is generated in OUT_DIR
//!         .deny(["RUS001"])            // a type that Rust has nothing for stops the build
//!         .emit_rerun_if_changed(true) // not at every change of the package
//!         .generate()?;
//!     for finding in report.open_findings() {
//!         println!("cargo::warning={finding}; {}", finding.code.way_out);
//!     }
//!     Ok(())
//! }
//! ```
//!
//! ```ignore
//! // src/main.rs
//! include!(concat!(env!("OUT_DIR"), "/schema.rs"));
//! use models::crm::User;
//! ```
//!
//! What is generated may as well go into the source folder and be checked in:
//! [`Config`] shows both. A crate that does the first is in the repository,
//! below `examples/downstream`. Which lines of Cargo.toml the models need is
//! said at the head of `models/mod.rs`.
//!
//! # What is in which feature
//!
//! Without features the crate is the pure half: no database, async runtime,
//! TLS or command line. With `cli` (on by default) comes the program.
//!
//! # What is stable
//!
//! Semantic versioning covers what this page lists: [`Config`],
//! [`ConfigError`], what [`Config::generate`] gives ([`Report`] with
//! [`Finding`] and [`Persisted`]), the options of project.yaml, the codes of
//! findings, and the YAML of the manifest, which reads what any
//! earlier version of the same major wrote. The structs of [`manifest`] are for
//! reading; they gain fields in minor versions, so build one with
//! `..Default::default()`.
//!
//! It does not cover the text of messages, nor the modules that this page does
//! not list though the compiler sees them (`codegen`, and what `cli` adds):
//! they are the program's own, public for its binary and its tests. What is
//! generated may gain items and derives in minor versions; that an item goes or
//! changes its type is a major one.

#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "cli")]
mod clock;
// The program's own: documented for those who work on it, and not on docs.rs,
// which shows what users may rely upon.
#[cfg_attr(docsrs, doc(hidden))]
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
#[doc(inline)]
pub use codegen::manifest;
pub use codegen::manifest::Manifest;
pub use codegen::writer::Persisted;
pub use config::{Config, ConfigError};

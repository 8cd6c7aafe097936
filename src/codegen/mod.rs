//! The pure half: a manifest in, artifacts out.
//!
//! `document` reads YAML strictly, `manifest` is the model and its YAML,
//! `project` a project's settings, `layout` where a project's files are.
//! `catalog` is a manifest with its references looked up; `types`, `names`,
//! `relations`, `sql`, `quote` and `markdown` are what all targets share;
//! `target` has one folder a target, `check` the parsers over what was
//! rendered, `loss` the ledger of what could not be expressed, `exceptions`
//! and `glob` the rules of project.yaml about what is accepted or ignored.
//! `cast` drives them, on all cores by `threads`, `writer` is the only code
//! that writes, `keep` what a person wrote into a generated file, and
//! `generate` goes from a manifest's file to generated files.
//!
//! Architecture Invariant: nothing in here does I/O but `layout`, which reads,
//! and `writer`, or knows a database, an async runtime or a command line. It
//! is mounted by the library and, by path, by build.rs, and is small enough to
//! live in other people's build scripts.

pub mod artifact;
pub mod cast;
pub mod catalog;
pub mod check;
pub mod document;
pub mod exceptions;
pub mod generate;
pub mod glob;
pub mod keep;
pub mod layout;
pub mod loss;
pub mod manifest;
pub mod markdown;
pub mod names;
pub mod project;
pub mod quote;
pub mod relations;
pub mod sql;
pub mod target;
pub mod threads;
pub mod types;
pub mod writer;

//! The tasks of the projects as an MCP server: an agent asks over stdin, and is
//! answered over stdout.
//!
//! `server` speaks the protocol and hands each call to a thread; `tool` is what
//! a tool is, and checks arguments by its schema; `records`, `chains`,
//! `schemas` and `generate` are the tools; `resources` the files that can be read; `paths`
//! keeps all of them below the root; `turns` has one at a time write to a
//! project. What the tools mean is `workspace`'s, as for the command line.
//!
//! Architecture Invariant: stdout is the protocol's alone, and nothing that is
//! not redacted goes there. Without `allow_write` nothing below the root and no
//! database is changed. No argument can hold a URL, so no secret passes through
//! an agent.

mod answer;
mod chains;
mod generate;
mod paths;
mod records;
mod resources;
mod schemas;
mod server;
mod tool;
mod turns;
mod uri;

pub use server::{Error, serve};

use crate::workspace::Workspace;

/// What is served, and how.
#[derive(Debug, Clone)]
pub struct Options {
    pub workspace: Workspace,
    /// Whether tools may change databases and files.
    pub allow_write: bool,
    /// Takes lines for whoever started the server.
    pub log: fn(&str),
}

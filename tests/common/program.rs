//! The program, as a test runs it: in a folder, without a database of the
//! machine's environment.
#![allow(dead_code, reason = "a test takes what it needs of it")]

use std::path::Path;
use std::process::{Command, Output};

pub fn command(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_schemacast"));
    command.args(arguments).current_dir(root).env_remove("DATABASE_URL").env_remove("POSTGRES_URL");
    command
}

pub fn schemacast(root: &Path, arguments: &[&str]) -> Output {
    command(root, arguments).output().expect("the program runs")
}

/// Everything that it said.
pub fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// What `--output json` said.
pub fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", said(output)))
}

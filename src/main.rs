//! The program: parse the arguments, run, map to an exit code.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    schemacast::cli::run(schemacast::cli::Args::parse())
}

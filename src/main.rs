//! The program: parse the arguments, run, map to an exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    schemacast::cli::main()
}

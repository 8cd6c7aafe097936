//! The program: parse the arguments, run, map to an exit code.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Casting a schema makes millions of small texts that live as long as a file
/// does, and the C library's allocator is where much of that time goes. The
/// library leaves the choice to the program that it is part of.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    schemacast::cli::main()
}

//! The program: parse the arguments, run, map to an exit code.

use std::env::args_os;
use std::ffi::{c_int, c_long};
use std::process::ExitCode;

use libmimalloc_sys::{mi_option_get, mi_option_set};
use mimalloc::MiMalloc;

/// Casting a schema makes millions of small texts that live as long as a file
/// does, and the C library's allocator is where much of that time goes. The
/// library leaves the choice to the program that it is part of.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// `mi_option_purge_delay` of mimalloc.h: after how many milliseconds the memory
/// that nothing holds any more is given back to the system.
const PURGE_DELAY: c_int = 15;
/// What it is where nobody sets it.
const DEFAULT: c_long = 1000;
/// Reading a catalog takes seconds, and leaves behind it what the answers took:
/// so much sooner, a quarter less is held at the most.
const SOON: c_long = 20;
/// The verbs that do. Others would take up to a tenth more time, for memory that
/// they ask for again at once.
const READ_A_CATALOG: [&str; 2] = ["introspect", "drift"];

fn main() -> ExitCode {
    // A file of that name among the arguments changes nothing but when memory
    // goes back.
    if args_os().skip(1).any(|argument| READ_A_CATALOG.iter().any(|verb| argument == *verb)) {
        give_memory_back_soon();
    }
    schemacast::cli::main()
}

fn give_memory_back_soon() {
    // SAFETY: both may be called at any time (mimalloc's manual, "Runtime
    // Options"). An option that has another number or default in some version, or
    // that the environment sets, is left as it is.
    unsafe {
        if mi_option_get(PURGE_DELAY) == DEFAULT {
            mi_option_set(PURGE_DELAY, SOON);
        }
    }
}

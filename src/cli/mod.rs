//! The command line: `args` says what there is, and each verb has a file.
//!
//! Architecture Invariant: this is the only place that prints. What a verb
//! found goes to stdout, with `--output json` as one JSON document (or, of a
//! chain, as a line of JSON for each event); what it says on the way goes to
//! stderr.
//!
//! Exit codes: 0 yes or clean; 1 no (stale, drift, failed check or task, denied
//! finding); 2 it could not be done (usage, configuration, connection, input or
//! output); 130 interrupted.

mod args;
mod compare;
mod doctor;
mod generate;
mod graph;
mod init;
mod introspect;
mod logs;
mod mcp;
mod print;
mod progress;
mod run;
mod schema;
mod screen;
mod secrets;
mod shell;
mod snapshot;
mod status;
mod validate;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser as _;

pub use args::Args;
use args::Verb;
use print::Printer;

use crate::postgres::url::is_connection_string;
use crate::tasks::redact::Redaction;

/// How a verb that did its work ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Yes,
    No,
    /// Somebody stopped it.
    Interrupted,
}

/// Why a verb could not do its work.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("{0}")]
    Usage(String),
    #[error(transparent)]
    Layout(#[from] crate::codegen::layout::Error),
    #[error(transparent)]
    Generate(#[from] crate::codegen::generate::Error),
    #[error(transparent)]
    Writer(#[from] crate::codegen::writer::Error),
    #[error(transparent)]
    Database(#[from] crate::workspace::database::Error),
    #[error(transparent)]
    Workspace(#[from] crate::workspace::Error),
    /// The rest was done.
    #[error("no SQL mends {0} of the differences; the report names them")]
    Unmendable(usize),
    /// The rest was done.
    #[error("{0}")]
    Unproved(String),
    #[error("{0}")]
    Snapshot(String),
    #[error(transparent)]
    Record(#[from] crate::tasks::record::Error),
    #[error(transparent)]
    Scaffold(#[from] crate::scaffold::Error),
    #[error(transparent)]
    Mcp(#[from] crate::mcp::Error),
    #[error("cannot print: {0}")]
    Print(#[from] std::io::Error),
}

/// Reads the arguments of this process, runs, and says how it ended.
pub fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    secrets::hide_arguments();
    let redaction = secrets::of_arguments(&arguments);
    match Args::try_parse_from(arguments) {
        Ok(args) => run_redacting(args, &redaction),
        Err(error) => {
            let said = error.to_string();
            let redacted = redaction.apply(&said);
            if said == redacted {
                error.exit();
            }
            print::usage(&redacted);
            ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
        }
    }
}

/// Runs the program and says how it ended.
pub fn run(args: Args) -> ExitCode {
    run_redacting(args, &Redaction::default())
}

fn run_redacting(mut args: Args, redaction: &Redaction) -> ExitCode {
    // Paths are shown as a person in this folder would write them.
    if args.common.root == std::path::Path::new(".") {
        args.common.root = std::path::PathBuf::new();
    }
    let mut printer = Printer::new(&args.common);
    if is_connection_string(&args.common.root.to_string_lossy()) {
        // Everything that is told of a file would begin with it.
        printer.error("--root takes the folder that holds manifests/, and not a database's URL");
        return ExitCode::from(2);
    }
    let result = match &args.verb {
        Verb::Introspect(verb) => introspect::run(&args.common, verb, &mut printer),
        Verb::Generate(verb) => generate::run(&args.common, verb, &mut printer),
        Verb::Validate(verb) => validate::run(&args.common, verb, &mut printer),
        Verb::Drift(verb) => compare::drift(&args.common, verb, &mut printer),
        Verb::Diff(verb) => compare::diff(&args.common, verb, &mut printer),
        Verb::Run(verb) => run::task(&args.common, verb, &mut printer),
        Verb::RunChain(verb) => run::chain(&args.common, verb, &mut printer),
        Verb::Status(verb) => status::status(&args.common, verb, &mut printer),
        Verb::Logs(verb) => logs::run(&args.common, verb, &mut printer),
        Verb::Progress(verb) => status::progress(&args.common, verb, &mut printer),
        Verb::Graph(verb) => graph::run(&args.common, verb, &mut printer),
        Verb::Snapshot { verb } => snapshot::run(&args.common, verb, &mut printer),
        Verb::Doctor(verb) => doctor::run(&args.common, verb, &mut printer),
        Verb::Init(verb) => init::run(&args.common, verb, &mut printer),
        Verb::Mcp(verb) => mcp::run(&args.common, verb),
        Verb::Schema(verb) => schema::run(verb, &mut printer),
        Verb::Completions { shell } => shell::completions(*shell, &mut printer),
        Verb::Man => shell::man(&mut printer),
    };
    match result {
        Ok(Verdict::Yes) => ExitCode::SUCCESS,
        Ok(Verdict::No) => ExitCode::from(1),
        Ok(Verdict::Interrupted) => ExitCode::from(130),
        // Whoever read our output has had enough of it: not an error.
        Err(Error::Print(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            // A URL may have been given where something else belongs.
            printer.error(&redaction.apply(&error.to_string()));
            ExitCode::from(2)
        }
    }
}

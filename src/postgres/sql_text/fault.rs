//! What is wrong with a script before any server has seen it.

use std::fmt;
use std::path::PathBuf;

use super::place;

/// What is wrong, where, and the way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub path: PathBuf,
    /// Line and column, both from 1 and the column in characters.
    pub line: usize,
    pub column: usize,
    /// The text of that line.
    pub text: String,
    pub kind: FaultKind,
}

/// The kinds of faults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultKind {
    /// The text ends in the middle of this: "a string", "a comment".
    Unterminated(&'static str),
    Nul,
    NotUtf8(&'static str),
    /// A command of psql, with its name.
    Psql(String),
    CopyFromClient,
    CopyToClient,
    /// A statement that begins or ends a transaction.
    TransactionControl(String),
    /// A statement that runs in no transaction, in a file that is one.
    NeedsNoTransaction(String),
    /// `-- no-transaction`, and not as the first line that says something.
    MisplacedNoTransaction,
    /// It would change where strings end from here on.
    StringSyntax,
}

impl Fault {
    pub(super) fn new(path: &std::path::Path, text: &str, byte: usize, kind: FaultKind) -> Self {
        let (line, column) = place::place(text, byte);
        Self { path: path.to_owned(), line, column, text: place::line(text, line).to_owned(), kind }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Fault { path, line, column, text, kind } = self;
        write!(f, "{}:{line}:{column}: {kind}\n{}", path.display(), excerpt(*line, *column, text))
    }
}

/// A line with a mark below one of its columns.
fn excerpt(line: usize, column: usize, text: &str) -> String {
    let margin = " ".repeat(line.to_string().len());
    format!("{margin} |\n{line} | {text}\n{margin} | {}", place::mark(text, column))
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FaultKind::Unterminated(what) => write!(f, "the file ends inside of {what} that begins here: close it"),
            FaultKind::Nul => f.write_str("a NUL character, which no text of Postgres can hold: take it out"),
            FaultKind::NotUtf8(fix) => write!(f, "this is not UTF-8: {fix}"),
            FaultKind::Psql(command) => write!(
                f,
                "`\\{command}` is a command of psql and not SQL: {}",
                match command.as_str() {
                    "i" | "ir" | "include" | "include_relative" =>
                        "put the other file beside this one as a migration of its own, or its text in here",
                    "copy" => "write the rows as INSERT … VALUES, or load them with psql",
                    "restrict" | "unrestrict" | "connect" | "c" | "." =>
                        "this looks like a dump; take the line out, and dump with --inserts where there are rows",
                    _ => "take it out, or run the file with psql",
                }
            ),
            FaultKind::CopyFromClient => f.write_str(
                "COPY … FROM STDIN waits for rows that a migration does not send: write them as INSERT … VALUES \
                 (pg_dump does with --inserts), or load them with psql",
            ),
            FaultKind::CopyToClient => {
                f.write_str("COPY … TO STDOUT sends rows that nobody reads here: take it out, or run it with psql")
            }
            FaultKind::TransactionControl(command) => write!(
                f,
                "`{command}` in a file whose transactions are schemacast's: take it out (a file is one transaction, and \
                 one with `-- no-transaction` as its first line is one for each statement)"
            ),
            FaultKind::NeedsNoTransaction(command) => write!(
                f,
                "`{command}` cannot run inside a transaction: move it into a file of its own that begins with the line \
                 `-- no-transaction`"
            ),
            FaultKind::MisplacedNoTransaction => {
                f.write_str("`-- no-transaction` counts only as the first comment, before any statement: move it up")
            }
            FaultKind::StringSyntax => f.write_str(
                "standard_conforming_strings stays on, for it decides where strings end: write backslash escapes as \
                 E'…'",
            ),
        }
    }
}

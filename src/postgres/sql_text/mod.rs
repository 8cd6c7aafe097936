//! A script of SQL, read before a server sees it.
//!
//! `lexer` takes the text apart as Postgres' own scanner does, `statement`
//! splits it, `classify` tells which statements run only outside a transaction
//! or not at all, `fault` says what is wrong and where, and [`Script`] is all
//! of that for one file.

mod classify;
mod fault;
mod lexer;
mod place;
mod script;
mod statement;
#[cfg(test)]
mod tests;

pub use classify::{Class, classify};
pub use fault::{Fault, FaultKind};
pub use lexer::{Token, TokenKind, tokens};
pub use place::{byte_of, line, mark, place};
pub use script::Script;
pub use statement::{Statement, statements};

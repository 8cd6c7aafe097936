//! One file of SQL.

use std::path::{Path, PathBuf};

use super::classify::{Class, classify};
use super::fault::{Fault, FaultKind};
use super::lexer::{Token, TokenKind, tokens};
use super::statement::{Statement, statements};

/// A file of SQL as its statements, each of which may run where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// How messages name the file.
    pub path: PathBuf,
    /// Its text, without a byte order mark.
    pub text: String,
    pub statements: Vec<Statement>,
    /// Whether the file is one transaction. It is, unless its first comment is
    /// `-- no-transaction`: then each statement is one of its own.
    pub transaction: bool,
}

const NO_TRANSACTION: &str = "no-transaction";

impl Script {
    /// Reads the bytes of a file; `path` is how messages name it.
    ///
    /// # Errors
    /// Everything that is wrong with it, in its order: a text that is not
    /// UTF-8 or ends inside a string, a command of psql, COPY from or to the
    /// client, transaction control, and a statement that cannot run in a
    /// transaction in a file that is one.
    pub fn parse(path: &Path, bytes: &[u8]) -> Result<Script, Vec<Fault>> {
        let text = decode(path, bytes).map_err(|fault| vec![*fault])?;
        let mut faults: Vec<(usize, FaultKind)> = Vec::new();
        let transaction = !is_without_transaction(&text, &mut faults);
        faults.extend(text.match_indices('\0').next().map(|(at, _)| (at, FaultKind::Nul)));
        for token in tokens(&text) {
            faults.extend(fault_of(&text, &token).map(|kind| (token.span.start, kind)));
        }
        // What follows a command of psql is its argument, or a statement that
        // begins in the middle: nothing that is said of it would be true.
        let readable = faults.iter().map(|(at, _)| *at).min().unwrap_or(text.len());
        let statements = statements(&text);
        for statement in statements.iter().take_while(|statement| statement.span.start < readable) {
            let kind = match classify(&text, statement) {
                Class::Anywhere => continue,
                Class::OutsideTransaction(_) if !transaction => continue,
                Class::OutsideTransaction(command) => FaultKind::NeedsNoTransaction(command),
                Class::Refused(kind) => kind,
            };
            faults.push((statement.span.start, kind));
        }
        if faults.is_empty() {
            return Ok(Script { path: path.to_owned(), text, statements, transaction });
        }
        faults.sort_by_key(|(at, _)| *at);
        Err(faults.into_iter().map(|(at, kind)| Fault::new(path, &text, at, kind)).collect())
    }
}

/// The text of a file. The server takes it as UTF-8, whatever it stores.
fn decode(path: &Path, bytes: &[u8]) -> Result<String, Box<Fault>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => {
            let utf16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
            let fix = if utf16 { "it is UTF-16; save it as UTF-8" } else { "save it as UTF-8" };
            let text = String::from_utf8_lossy(bytes);
            Err(Box::new(Fault::new(path, &text, error.valid_up_to(), FaultKind::NotUtf8(fix))))
        }
    }
}

/// Whether the first comment of a file says so, with nothing before it.
fn is_without_transaction(text: &str, faults: &mut Vec<(usize, FaultKind)>) -> bool {
    let says_so = |token: &Token| {
        token.kind == TokenKind::LineComment
            && text[token.span.clone()].trim_start_matches('-').trim().eq_ignore_ascii_case(NO_TRANSACTION)
    };
    let mut first = true;
    let mut without = false;
    for token in tokens(text).filter(|token| token.kind != TokenKind::Space) {
        if says_so(&token) {
            if first {
                without = true;
            } else if !without {
                faults.push((token.span.start, FaultKind::MisplacedNoTransaction));
            }
        }
        first = false;
    }
    without
}

fn fault_of(text: &str, token: &Token) -> Option<FaultKind> {
    if token.unterminated {
        let what = match token.kind {
            TokenKind::BlockComment => "a comment",
            TokenKind::QuotedName => "a quoted name",
            TokenKind::DollarString => "a dollar-quoted string",
            _ => "a string",
        };
        return Some(FaultKind::Unterminated(what));
    }
    (token.kind == TokenKind::Backslash).then(|| {
        let name = text[token.span.end..].split(char::is_whitespace).next().unwrap_or_default();
        FaultKind::Psql(name.to_owned())
    })
}

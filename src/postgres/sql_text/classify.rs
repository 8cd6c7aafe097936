//! Which statements run only outside a transaction block, and which control
//! one: by their words, since nothing else is known beforehand.
//!
//! The first list is every caller of `PreventInTransactionBlock` in the
//! servers from 14 to 18. Of some it depends on the catalog (REINDEX of a
//! partitioned table, DROP SUBSCRIPTION with a slot, a CALL that commits):
//! those that do as a rule are listed, the others are left to the server.

use super::FaultKind;
use super::lexer::TokenKind;
use super::statement::Statement;

/// Where a statement may run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Class {
    Anywhere,
    /// Only outside a transaction block; named as a person knows it.
    OutsideTransaction(String),
    /// Nowhere in a script of ours.
    Refused(FaultKind),
}

/// Where this statement of the script may run.
pub fn classify(script: &str, statement: &Statement) -> Class {
    let command = statement.command(script);
    let words: Vec<&str> = command.iter().map(String::as_str).collect();
    let has = |word: &str| statement.find_word(script, 1, word).is_some();
    let outside = |name: &str| Class::OutsideTransaction(name.to_owned());
    let concurrently = |name: &str, at: usize| {
        if statement.is_word(script, at, "CONCURRENTLY") { outside(name) } else { Class::Anywhere }
    };
    match words.as_slice() {
        ["BEGIN" | "COMMIT" | "END" | "ABORT" | "ROLLBACK" | "SAVEPOINT" | "RELEASE", rest @ ..] => {
            if rest.first() == Some(&"PREPARED") {
                return outside(&format!("{} PREPARED", words[0]));
            }
            Class::Refused(FaultKind::TransactionControl(words[0].to_owned()))
        }
        ["START" | "PREPARE", "TRANSACTION", ..] => {
            Class::Refused(FaultKind::TransactionControl(format!("{} TRANSACTION", words[0])))
        }
        ["COPY", ..] => copy(script, statement),
        ["SET", ..] if sets_string_syntax(script, statement) => Class::Refused(FaultKind::StringSyntax),
        ["VACUUM", ..] => outside("VACUUM"),
        ["CREATE" | "DROP", object @ ("DATABASE" | "TABLESPACE"), ..] => outside(&format!("{} {object}", words[0])),
        ["ALTER", "DATABASE", ..] if is_move(script, statement) => outside("ALTER DATABASE … SET TABLESPACE"),
        ["ALTER", "SYSTEM", ..] => outside("ALTER SYSTEM"),
        ["DISCARD", "ALL"] => outside("DISCARD ALL"),
        ["CLUSTER", ..] if clusters_all(script, statement) => outside("CLUSTER of every table"),
        ["CREATE", "INDEX", ..] => concurrently("CREATE INDEX CONCURRENTLY", 2),
        ["CREATE", "UNIQUE", "INDEX", ..] => concurrently("CREATE UNIQUE INDEX CONCURRENTLY", 3),
        ["DROP", "INDEX", ..] => concurrently("DROP INDEX CONCURRENTLY", 2),
        ["REINDEX", ..] => reindex(script, statement),
        ["ALTER", "TABLE", ..] if is_detach(script, statement) => outside("DETACH PARTITION … CONCURRENTLY"),
        ["CREATE", "SUBSCRIPTION", ..] => {
            let is_off = |option: &str| is_set_off(script, statement, option);
            if is_off("create_slot") || is_off("connect") {
                Class::Anywhere
            } else {
                outside("CREATE SUBSCRIPTION … with its slot")
            }
        }
        ["DROP", "SUBSCRIPTION", ..] => outside("DROP SUBSCRIPTION"),
        ["ALTER", "SUBSCRIPTION", ..] if has("PUBLICATION") && !is_set_off(script, statement, "refresh") => {
            outside("ALTER SUBSCRIPTION … PUBLICATION")
        }
        _ => Class::Anywhere,
    }
}

/// COPY between a table and the client; to and from files and programs it is
/// the server's own affair.
fn copy(script: &str, statement: &Statement) -> Class {
    let mut depth = 0_usize;
    for (at, token) in statement.tokens.iter().enumerate() {
        match &script[token.span.clone()] {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ if depth > 0 || token.kind != TokenKind::Word => {}
            _ => {
                let next = |word: &str| statement.is_word(script, at + 1, word);
                // The grammar takes either name for either direction.
                let client = next("STDIN") || next("STDOUT");
                if client && statement.is_word(script, at, "FROM") {
                    return Class::Refused(FaultKind::CopyFromClient);
                }
                if client && statement.is_word(script, at, "TO") {
                    return Class::Refused(FaultKind::CopyToClient);
                }
            }
        }
    }
    Class::Anywhere
}

/// `SET [LOCAL|SESSION] standard_conforming_strings = off`; a dump sets it on,
/// which changes nothing.
fn sets_string_syntax(script: &str, statement: &Statement) -> bool {
    let is = |at: usize, word: &str| statement.is_word(script, at, word);
    let name = if is(1, "LOCAL") || is(1, "SESSION") { 2 } else { 1 };
    is(name, "standard_conforming_strings")
        && statement.tokens.get(name + 2).is_some_and(|value| {
            let value = script[value.span.clone()].trim_matches('\'').to_ascii_lowercase();
            !matches!(value.as_str(), "on" | "true" | "yes" | "1" | "default")
        })
}

fn is_move(script: &str, statement: &Statement) -> bool {
    statement.is_word(script, 3, "SET") && statement.is_word(script, 4, "TABLESPACE")
}

fn is_detach(script: &str, statement: &Statement) -> bool {
    let last = statement.tokens.len() - 1;
    statement.find_word(script, 3, "DETACH").is_some() && statement.is_word(script, last, "CONCURRENTLY")
}

/// `CLUSTER`, `CLUSTER VERBOSE` and `CLUSTER (VERBOSE)` name no table, so they
/// are of every table.
fn clusters_all(script: &str, statement: &Statement) -> bool {
    let last = statement.tokens.len() - 1;
    last == 0 || statement.is_word(script, last, "VERBOSE") || &script[statement.tokens[last].span.clone()] == ")"
}

/// `REINDEX [(options)] {INDEX|TABLE|SCHEMA|DATABASE|SYSTEM} [CONCURRENTLY] …`.
/// Of a schema and more it commits after each table.
fn reindex(script: &str, statement: &Statement) -> Class {
    let in_options = statement.tokens.iter().position(|token| &script[token.span.clone()] == ")").unwrap_or(0);
    let is = |at: usize, word: &str| statement.is_word(script, at, word);
    let option = statement.find_word(script, 1, "CONCURRENTLY").filter(|&at| at < in_options);
    let option_is_on = option.is_some_and(|at| !is(at + 1, "FALSE") && !is(at + 1, "OFF"));
    let object = if in_options > 0 { in_options + 1 } else { 1 };
    let whole = ["SCHEMA", "DATABASE", "SYSTEM"].iter().any(|word| is(object, word));
    if option_is_on || is(object + 1, "CONCURRENTLY") {
        Class::OutsideTransaction("REINDEX CONCURRENTLY".to_owned())
    } else if whole {
        Class::OutsideTransaction(format!("REINDEX {}", script[statement.tokens[object].span.clone()].to_uppercase()))
    } else {
        Class::Anywhere
    }
}

/// Whether an option in parentheses says `name = false`.
fn is_set_off(script: &str, statement: &Statement, name: &str) -> bool {
    let text = |at: usize| statement.tokens.get(at).map(|token| &script[token.span.clone()]);
    statement.find_word(script, 1, name).is_some_and(|at| {
        let value = if text(at + 1) == Some("=") { text(at + 2) } else { text(at + 1) };
        value.is_some_and(|value| {
            let value = value.trim_matches('\'').to_ascii_lowercase();
            matches!(value.as_str(), "false" | "off" | "no" | "0")
        })
    })
}

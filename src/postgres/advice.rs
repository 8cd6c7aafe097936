//! What to do about a statement that Postgres refused.
//!
//! It goes by SQLSTATE, which no language and no version changes; names are
//! taken from the message where it is in English, as it is on managed servers.
//! (<https://www.postgresql.org/docs/current/errcodes-appendix.html>)

mod bring;

use std::path::{Path, PathBuf};

use tokio_postgres::error::DbError;

use self::bring::{Wanted, bringing};
use crate::postgres::StatementError;

/// A file of the project: what one lacks, another may bring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    pub path: PathBuf,
    pub text: String,
}

/// What the server said, as far as advice goes by it.
#[derive(Debug, Clone, Copy)]
pub struct Refusal<'r> {
    /// Postgres' own error code, such as `42P01`.
    pub code: &'r str,
    pub message: &'r str,
    /// The statement that was refused, or nothing.
    pub statement: &'r str,
    /// The file that it is in, or nothing.
    pub path: &'r Path,
}

impl<'r> Refusal<'r> {
    /// What a server said of something that stands in no file of the project.
    pub fn new(error: &'r DbError, statement: &'r str) -> Self {
        Refusal { code: error.code().code(), message: error.message(), statement, path: Path::new("") }
    }
}

/// Adds to an error what is known about its kind; see [`advice`].
pub fn advise(error: &mut StatementError, user: &str, files: &[File]) {
    let StatementError { code, message, text, path, .. } = &*error;
    let known = advice(&Refusal { code, message, statement: text, path }, user, files);
    error.advice.extend(known);
}

/// What to do about it, the likeliest first; nothing for what is not known.
/// `user` is the database's role, and `files` are all the SQL files of the
/// project, in their order.
///
/// Architecture Invariant: migrations, queries, bootstrap, the ledger and the
/// reader of the catalog all ask here, so that one error has one answer.
pub fn advice(error: &Refusal<'_>, user: &str, files: &[File]) -> Vec<String> {
    let name = name_in(error.message);
    let name = name.as_str();
    let mut advice = match error.code {
        "42P07" | "42710" | "42723" | "42701" | "42P06" => exists(error, name),
        "42501" => privilege(error, user),
        "42703" => missing(Wanted::Column, name, error, files),
        "42704" if error.message.contains("configuration parameter") => setting(name),
        "42P01" | "42883" | "42704" | "3F000" => missing(Wanted::Object, name, error, files),
        "58P01" | "0A000" if error.message.contains("extension") => extension(name),
        "57014" => vec![
            "the statement took longer than it may: give it more time (the task's `timeout`, or statement_timeout), or do \
             it in smaller parts, or when the server is less busy"
                .to_owned(),
        ],
        "55P03" => vec![
            "another session holds a lock that the statement waits for: find it in pg_stat_activity (pg_blocking_pids), \
             and run again when it is done, or give it a longer lock_timeout"
                .to_owned(),
        ],
        "40P01" | "40001" => vec!["another transaction was in the way: run again, nothing was applied".to_owned()],
        "55P04" => vec![
            "a label that ALTER TYPE … ADD VALUE adds can be used only when it is committed: put the ALTER TYPE into a \
             migration of its own, before this one"
                .to_owned(),
        ],
        "25001" if error.message.contains("SET TRANSACTION") => {
            vec!["the file's transaction has begun already: take the SET TRANSACTION out".to_owned()]
        }
        "25001" => vec![
            "it cannot run inside a transaction: move it into a file of its own that begins with the line \
             `-- no-transaction`"
                .to_owned(),
        ],
        "2D000" => vec![
            "a procedure that commits cannot run inside a transaction: call it in a file of its own that begins with the \
             line `-- no-transaction`"
                .to_owned(),
        ],
        "25006" => vec!["the server takes no writes: connect to the primary and not to a replica".to_owned()],
        "53100" => vec!["the server's disk is full: make room, or have it enlarged".to_owned()],
        "23505" | "23502" | "23503" | "23514" => {
            vec!["rows that are there already break the rule: correct them in the same file, before it".to_owned()]
        }
        "42601" if error.message.contains("\":\"") => {
            vec!["`:name` is a variable of psql, which only psql knows: write the value".to_owned()]
        }
        "42P05" | "26000" => {
            vec!["a pooler mixed up prepared statements: take the direct URL, and please report this".to_owned()]
        }
        "3D000" => vec!["there is no such database: check the name in the URL, or CREATE DATABASE".to_owned()],
        "28P01" | "28000" => {
            vec!["the server refused the login: check user and password in the URL, and its percent-encoding".to_owned()]
        }
        code if code.starts_with("08") || code.starts_with("57P0") => {
            vec!["the connection was lost: run again, what is applied is skipped".to_owned()]
        }
        _ => Vec::new(),
    };
    advice.extend(invalid_index(error));
    advice
}

/// The name that a message speaks of: what it has in double quotes, else its
/// second word (`column t.a does not exist`).
fn name_in(message: &str) -> String {
    let mut quoted = message.split('"');
    if let (Some(_), Some(name)) = (quoted.next(), quoted.next()) {
        // A control file's path has the extension's name in it.
        let name = name.rsplit('/').next().unwrap_or(name);
        return name.strip_suffix(".control").unwrap_or(name).to_owned();
    }
    let word = message.split_whitespace().nth(1).unwrap_or_default();
    word.split('(').next().unwrap_or(word).to_owned()
}

fn exists(error: &Refusal<'_>, name: &str) -> Vec<String> {
    let replaceable = ["VIEW", "FUNCTION", "PROCEDURE", "TRIGGER"];
    let is_replaceable =
        error.statement.split_whitespace().take(4).any(|word| replaceable.contains(&word.to_uppercase().as_str()));
    let repeat = if error.code == "42701" {
        "ADD COLUMN IF NOT EXISTS"
    } else if is_replaceable {
        "CREATE OR REPLACE"
    } else {
        "CREATE … IF NOT EXISTS (or DROP … IF EXISTS before it)"
    };
    vec![format!(
        "`{name}` is there already: if another tool or an earlier run made it, make the statement repeatable with {repeat}; \
         if it is something else, take another name"
    )]
}

fn privilege(error: &Refusal<'_>, user: &str) -> Vec<String> {
    // `permission denied for schema closed`: without quotes, and last.
    let name = error.message.rsplit(' ').next().unwrap_or_default();
    let quoted = crate::codegen::sql::identifier;
    let (user, object) = (quoted(user), quoted(name));
    if error.message.contains("for schema") {
        return vec![format!(
            "the role {user} may not do this in the schema {object}: have its owner run GRANT USAGE, CREATE ON SCHEMA \
             {object} TO {user}, or connect as the owner"
        )];
    }
    if error.message.contains("for database") {
        return vec![format!(
            "the role {user} may not create in this database: have its owner run GRANT CREATE ON DATABASE {object} TO {user}"
        )];
    }
    if error.message.contains("must be owner") {
        return vec![format!(
            "only the owner may do this: connect as the owner, or have it run GRANT <owner> TO {user}"
        )];
    }
    vec![format!("the role {user} lacks a privilege: have the owner grant it, or connect as the owner")]
}

/// What is missing, and which file would bring it.
fn missing(wanted: Wanted, name: &str, error: &Refusal<'_>, files: &[File]) -> Vec<String> {
    // A function may exist and be called with other types; then no file helps.
    let bringing: Vec<String> = bringing(wanted, name, error.path, files)
        .into_iter()
        .map(|(path, line)| format!("{}:{line}", path.display()))
        .collect();
    if bringing.is_empty() {
        let what = if wanted == Wanted::Column { "column" } else { "name" };
        let nobody = if files.is_empty() { "there is no" } else { "no file of the project brings" };
        return vec![format!(
            "{nobody} `{name}`: check the spelling of the {what}, and the schema before it (or the \
             role's search_path)"
        )];
    }
    vec![format!("`{name}` comes from {}: apply that before this one", bringing.join(", "))]
}

/// What a concurrent build leaves when it fails.
fn invalid_index(error: &Refusal<'_>) -> Option<String> {
    let words: Vec<String> = error.statement.split_whitespace().take(4).map(str::to_uppercase).collect();
    let builds = words.first().is_some_and(|word| word == "CREATE") && words.iter().any(|word| word == "CONCURRENTLY");
    builds.then(|| {
        "the build leaves an invalid index behind, which costs writes and serves no query: put DROP INDEX CONCURRENTLY IF \
         EXISTS before the statement"
            .to_owned()
    })
}

fn extension(name: &str) -> Vec<String> {
    let mut advice = vec![format!(
        "the extension `{name}` is not installed on this server: enable it at the host (its dashboard), or install its \
         package; where the project can do without, ask pg_available_extensions first and skip it with a NOTICE"
    )];
    advice.extend((name == "pg_cron").then(without_cron));
    advice
}

/// A setting that nobody declares is an extension's that was not loaded.
fn setting(name: &str) -> Vec<String> {
    let mut advice = vec![format!(
        "the server does not know the setting `{name}`: its extension must be in shared_preload_libraries (at the host's \
         dashboard, or in postgresql.conf, with a restart); without a dot in it, check its spelling"
    )];
    advice.extend(name.starts_with("cron.").then(without_cron));
    advice
}

fn without_cron() -> String {
    "without pg_cron a job can run from a nightly workflow, or as `schemacast snapshot capture` from any scheduler"
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_found_in_every_form_of_message() {
        for (message, name) in [
            ("relation \"shq.audit_log\" does not exist", "shq.audit_log"),
            ("column t.a does not exist", "t.a"),
            ("column \"a\" of relation \"t\" does not exist", "a"),
            ("function shq.f(integer) does not exist", "shq.f"),
            ("could not open extension control file \"/usr/share/extension/pg_cron.control\": No such file", "pg_cron"),
        ] {
            assert_eq!(name_in(message), name);
        }
        assert_eq!(name_in(""), "");
    }

    #[test]
    fn an_extension_that_is_not_there_or_not_loaded_has_its_way_out() {
        for (code, message, first) in [
            ("0A000", "extension \"pg_cron\" is not available", "the extension `pg_cron` is not installed"),
            (
                "42704",
                "unrecognized configuration parameter \"cron.database_name\"",
                "the server does not know the setting `cron.database_name`",
            ),
        ] {
            let refusal = Refusal { code, message, statement: "CREATE EXTENSION pg_cron", path: Path::new("1.sql") };
            let advice = advice(&refusal, "app", &[]);
            assert!(advice[0].starts_with(first), "{advice:?}");
            assert_eq!(advice[1], without_cron());
        }
    }
}

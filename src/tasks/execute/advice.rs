//! The way out of errors that are known.

use std::fs;

use crate::tasks::places::Places;

/// What to try for an error, the likeliest first; nothing for one that is not
/// known. `code` is Postgres' own, where it has one.
pub fn advice(code: Option<&str>, message: &str, places: &Places) -> Vec<String> {
    let text = match code {
        Some("42P07" | "42710" | "42723" | "42701") => {
            "it is there already: write CREATE … IF NOT EXISTS (or OR REPLACE), or find out who made it".to_owned()
        }
        Some("42501") => "the role lacks a privilege: grant it (GRANT USAGE, CREATE ON SCHEMA … TO …), or connect as the owner".to_owned(),
        Some("42703" | "42P01" | "42883" | "3F000") => missing(message, places),
        Some("25006") => "this runs read only: a sql_query with `retries` must not write; leave `retries` out, or connect to the primary".to_owned(),
        Some("55P03" | "40P01") => "another session holds the lock: try again, or find it in pg_stat_activity".to_owned(),
        Some("57014") => "the server's statement_timeout was reached: raise it for this role, or try when it is less busy".to_owned(),
        _ if message.contains("is not available") || message.contains("extension control file") => {
            "the server does not have this extension: install its package there, enable it in the provider's dashboard, or guard it with pg_available_extensions".to_owned()
        }
        _ if message.contains("Permission denied") || message.contains("Read-only file system") => {
            "the folder cannot be written: check its owner and rights (ls -ld), or run as the user whose it is".to_owned()
        }
        _ if message.contains("No space left") => "the disk is full: make room and run again with --resume".to_owned(),
        _ if message.contains("timed out") || message.contains("no answer") => {
            "the database does not answer: check host, port and network, and whether the provider has suspended it".to_owned()
        }
        _ => return Vec::new(),
    };
    vec![text]
}

/// Which migration names what is missing.
fn missing(message: &str, places: &Places) -> String {
    let name = message.split('"').nth(1).or_else(|| message.split_whitespace().nth(1)).unwrap_or_default();
    let last = name.split('(').next().unwrap_or_default().rsplit('.').next().unwrap_or_default();
    let mut files: Vec<String> = Vec::new();
    if let Ok(entries) = fs::read_dir(places.layout.folder.join("migrations")).map(|entries| entries.flatten()) {
        for entry in entries {
            let text = fs::read_to_string(entry.path()).unwrap_or_default();
            let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
            if !last.is_empty() && words.any(|word| word == last) {
                files.push(entry.file_name().to_string_lossy().into_owned());
            }
        }
    }
    files.sort();
    match files.is_empty() {
        true => "it is not there, and no migration names it: check the spelling and that this is the right database"
            .to_owned(),
        false => format!("it is not there; named in the migrations {}: apply them first", files.join(", ")),
    }
}

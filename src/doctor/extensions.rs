//! The extensions that the project's SQL and its manifest name, against those
//! that the server has to offer.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use tokio_postgres::types::Type;

use super::Subject;
use super::check::{Check, Findings};
use super::live::Live;
use crate::postgres::bootstrap;
use crate::postgres::sql_text::{Script, TokenKind};

pub(super) fn look(live: &mut Live, subject: &Subject) -> Check {
    let name = "extensions";
    let wanted = wanted(subject, live.is_scratch());
    if wanted.is_empty() {
        return Check::good(name, "none are wanted");
    }
    let names: Vec<&str> = wanted.keys().map(String::as_str).collect();
    let sql = include_str!("sql/unavailable.sql");
    let missing = match live.texts("look for extensions", sql, &[(&names, Type::TEXT_ARRAY)]) {
        Ok(missing) => missing,
        Err(why) => return Check::not_made(name, why, "SELECT name FROM pg_available_extensions"),
    };
    let mut findings = Findings::default();
    for extension in missing {
        let by = wanted.get(&extension).map(|by| by.join(", ")).unwrap_or_default();
        let fix = "install its package on the server, or allow it in the host's dashboard; else take it out of the SQL";
        findings.bad(format!("the server does not have `{extension}`, which {by} wants"), fix);
    }
    findings.into_check(name, format!("available: {}", names.join(", ")))
}

/// Each extension, and who wants it. Bootstrap files are applied to a scratch
/// server alone.
fn wanted(subject: &Subject, is_scratch: bool) -> BTreeMap<String, Vec<String>> {
    let places = &subject.places;
    let mut wanted: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut want = |name: String, by: &str| {
        let by = by.to_owned();
        let all = wanted.entry(name).or_default();
        if !all.contains(&by) {
            all.push(by);
        }
    };
    for extension in subject.manifest.iter().flat_map(|manifest| &manifest.extensions) {
        want(extension.name.clone(), "the manifest");
    }
    for script in subject.migrations.iter().filter_map(|migration| migration.script.as_ref().ok()) {
        created(script).into_iter().for_each(|name| want(name, &places.shown(&script.path)));
    }
    if is_scratch {
        for path in bootstrap::base_files(&places.layout).unwrap_or_default() {
            let script = |path: &Path| Script::parse(path, &fs::read(path).ok()?).ok();
            for name in script(&path).iter().flat_map(created) {
                want(name, &places.shown(&path));
            }
        }
    }
    wanted
}

/// The extensions that `CREATE EXTENSION` names. What a block of code makes is
/// not seen; it can ask for itself.
fn created(script: &Script) -> Vec<String> {
    let mut names = Vec::new();
    for statement in &script.statements {
        let command = statement.command(&script.text);
        if !command.starts_with(&["CREATE".to_owned(), "EXTENSION".to_owned()]) {
            continue;
        }
        let has_condition = command.get(2).is_some_and(|word| word == "IF");
        let Some(token) = statement.tokens.get(if has_condition { 5 } else { 2 }) else { continue };
        let text = &script.text[token.span.clone()];
        names.extend(match token.kind {
            TokenKind::Word => Some(text.to_ascii_lowercase()),
            TokenKind::QuotedName => {
                text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).map(|text| text.replace("\"\"", "\""))
            }
            _ => None,
        });
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_create_extension_names_one() {
        let sql = "CREATE EXTENSION citext; create extension if not exists \"uuid-ossp\" WITH SCHEMA extensions;
                   -- CREATE EXTENSION commented;
                   CREATE TABLE t (); CREATE EXTENSION IF NOT EXISTS PG_CRON;";
        let script = Script::parse(Path::new("1.sql"), sql.as_bytes()).unwrap();
        assert_eq!(created(&script), ["citext", "uuid-ossp", "pg_cron"]);
    }
}

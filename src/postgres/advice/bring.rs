//! Which file of a project makes a column or an object.

use std::path::{Path, PathBuf};

use super::File;
use crate::postgres::sql_text::{Statement, TokenKind, place, statements};

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Column,
    /// Anything that is created under a name: a table, a function, a type.
    Object,
}

/// The files that make it, other than the one that lacks it, with the line of
/// the statement that does.
pub(super) fn bringing(wanted: Wanted, name: &str, lacking: &Path, files: &[File]) -> Vec<(PathBuf, usize)> {
    let mut found = Vec::new();
    for file in files.iter().filter(|file| file.path != lacking) {
        let all = statements(&file.text);
        let brings = |statement: &&Statement| match wanted {
            Wanted::Column => makes_column(&file.text, statement, last_part(name)),
            Wanted::Object => created(&file.text, statement).is_some_and(|created| is_same(&created, name)),
        };
        if let Some(statement) = all.iter().find(brings) {
            found.push((file.path.clone(), place(&file.text, statement.span.start).0));
        }
    }
    found
}

fn last_part(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// A name without a schema may be in any.
fn is_same(created: &str, wanted: &str) -> bool {
    if created.contains('.') && wanted.contains('.') {
        created == wanted
    } else {
        last_part(created) == last_part(wanted)
    }
}

/// A token as a name: folded as the server folds it, or as it is in quotes.
fn name_at(text: &str, statement: &Statement, at: usize) -> Option<String> {
    let token = statement.tokens.get(at)?;
    let source = &text[token.span.clone()];
    match token.kind {
        TokenKind::Word => Some(source.to_lowercase()),
        TokenKind::QuotedName => Some(source.trim_matches('"').replace("\"\"", "\"")),
        _ => None,
    }
}

/// Words that stand between CREATE and the name of what is created.
const BEFORE_NAMES: [&str; 25] = [
    "or",
    "replace",
    "temp",
    "temporary",
    "unlogged",
    "recursive",
    "materialized",
    "foreign",
    "unique",
    "table",
    "view",
    "index",
    "concurrently",
    "function",
    "procedure",
    "aggregate",
    "schema",
    "type",
    "domain",
    "sequence",
    "role",
    "user",
    "if",
    "not",
    "exists",
];

/// The name that a CREATE creates, with its schema where it is given.
fn created(text: &str, statement: &Statement) -> Option<String> {
    let is_create = name_at(text, statement, 0)? == "create";
    let mut at = 1;
    while is_create && BEFORE_NAMES.contains(&name_at(text, statement, at)?.as_str()) {
        at += 1;
    }
    let mut name = is_create.then(|| name_at(text, statement, at))??;
    while statement.tokens.get(at + 1).is_some_and(|token| &text[token.span.clone()] == ".") {
        name = format!("{name}.{}", name_at(text, statement, at + 2)?);
        at += 2;
    }
    Some(name)
}

/// `ADD [COLUMN] [IF NOT EXISTS] name`, `RENAME … TO name`, an element of
/// CREATE TABLE, a label of CREATE VIEW.
fn makes_column(text: &str, statement: &Statement, name: &str) -> bool {
    let word = |at: usize| name_at(text, statement, at).unwrap_or_default();
    let command = statement.command(text);
    let is = |what: &str| command.iter().any(|word| word == what);
    let (is_create, is_alter) = (word(0) == "create", word(0) == "alter");
    let mut depth = 0_usize;
    for (at, token) in statement.tokens.iter().enumerate() {
        let source = &text[token.span.clone()];
        let before = at.checked_sub(1).map(|before| &text[statement.tokens[before].span.clone()]).unwrap_or_default();
        if at > 0 && word(at) == name {
            let opens_element = depth == 1 && (before == "(" || before == ",");
            let added = ["add", "column", "exists"].contains(&before.to_lowercase().as_str());
            let labelled = is("VIEW") && before.eq_ignore_ascii_case("as");
            if (is_create && is("TABLE") && opens_element)
                || (is_create && (labelled || (is("VIEW") && opens_element)))
                || (is_alter && (added || before.eq_ignore_ascii_case("to")))
            {
                return true;
            }
        }
        match source {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_that_brings_it_is_named_with_its_line() {
        let file = |path: &str, text: &str| File { path: PathBuf::from(path), text: text.to_owned() };
        let files = [
            file("1.sql", "CREATE TABLE crm.people (id int, \"Last Name\" text);\n"),
            file("2.sql", "-- a\nALTER TABLE crm.people ADD COLUMN IF NOT EXISTS age int, ADD size int;"),
            file("3.sql", "CREATE OR REPLACE VIEW crm.v AS SELECT age AS years FROM crm.people;"),
            file("4.sql", "SELECT 1;\nCREATE FUNCTION shq.f() RETURNS int LANGUAGE sql RETURN 1;"),
        ];
        let lines = |wanted, name: &str| -> Vec<(String, usize)> {
            let found = bringing(wanted, name, Path::new("9.sql"), &files);
            found.into_iter().map(|(path, line)| (path.display().to_string(), line)).collect()
        };
        assert_eq!(lines(Wanted::Column, "p.id"), [("1.sql".to_owned(), 1)]);
        assert_eq!(lines(Wanted::Column, "Last Name"), [("1.sql".to_owned(), 1)]);
        assert_eq!(lines(Wanted::Column, "age"), [("2.sql".to_owned(), 2)]);
        assert_eq!(lines(Wanted::Column, "size"), [("2.sql".to_owned(), 2)]);
        assert_eq!(lines(Wanted::Column, "years"), [("3.sql".to_owned(), 1)]);
        assert_eq!(lines(Wanted::Column, "int"), []);
        assert_eq!(lines(Wanted::Object, "crm.people"), [("1.sql".to_owned(), 1)]);
        assert_eq!(lines(Wanted::Object, "people"), [("1.sql".to_owned(), 1)]);
        assert_eq!(lines(Wanted::Object, "hr.people"), []);
        assert_eq!(lines(Wanted::Object, "shq.f"), [("4.sql".to_owned(), 2)]);
        assert_eq!(bringing(Wanted::Column, "years", Path::new("3.sql"), &files), []);
    }
}

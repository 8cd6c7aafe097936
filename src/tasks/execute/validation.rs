//! What must hold once a task is done.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::query::{self, Mode, Rows};
use super::{Context, Failure, expected, with_database};
use crate::codegen::artifact::{Artifact, Format};
use crate::codegen::manifest::{self, Manifest};
use crate::semantics;
use crate::tasks::database::Connection;
use crate::tasks::registry::Validation;

/// What holds, or what does not.
type Checked = Result<String, String>;

/// # Errors
/// It could not be found out: the connection is gone, or somebody stopped it.
pub fn check(
    context: &Context<'_>,
    validation: &Validation,
    connection: Option<&mut Connection>,
) -> Result<Checked, Failure> {
    if let Some(sql) = &validation.sql {
        return ask(context, sql, validation.expected.as_ref(), with_database(connection)?);
    }
    let file = |path: &String| context.places.of(path);
    let text = |path: &PathBuf| -> Result<String, String> {
        let shown = context.places.shown(path);
        match fs::read_to_string(path) {
            Ok(text) if text.trim().is_empty() => Err(format!("{shown} is empty")),
            Ok(text) => Ok(text),
            Err(error) => Err(format!("{shown}: {error}")),
        }
    };
    let checked = if let Some(path) = &validation.file {
        let path = file(path);
        match fs::metadata(&path) {
            Ok(found) if found.len() > 0 => Ok(format!("{} is there", context.places.shown(&path))),
            Ok(_) => Err(format!("{} is empty", context.places.shown(&path))),
            Err(error) => Err(format!("{}: {error}", context.places.shown(&path))),
        }
    } else if let Some(path) = &validation.yaml {
        let path = file(path);
        text(&path).and_then(|text| yaml(context, &path, &text))
    } else if let Some(path) = &validation.json {
        let path = file(path);
        let format = validation.schema.as_ref().map(|_| Format::FirestoreSchema);
        text(&path).and_then(|text| json(context, &path, text, format))
    } else if let Some(path) = &validation.graphql {
        let path = file(path);
        let format = match Format::of(&path.to_string_lossy()) {
            Format::GraphQlApi => Format::GraphQlApi,
            _ => Format::GraphQl,
        };
        text(&path).and_then(|text| parse(context, &path, text, format))
    } else if let Some(path) = &validation.markdown {
        let path = file(path);
        text(&path).and_then(|text| parse(context, &path, text, Format::Markdown))
    } else {
        Err("a validation that checks nothing".to_owned())
    };
    Ok(checked)
}

fn ask(
    context: &Context<'_>,
    sql: &str,
    expected: Option<&Value>,
    connection: &mut Connection,
) -> Result<Checked, Failure> {
    let first_line = sql.trim().lines().next().unwrap_or_default().to_owned();
    let rows = match query::rows(context, connection, sql, Mode::ReadOnly, None) {
        Ok(rows) => rows,
        Err(Failure::Failed { message, advice, .. }) => {
            let advice: String = advice.iter().map(|advice| format!("\nadvice: {advice}")).collect();
            return Ok(Err(format!("`{first_line}`: {message}{advice}")));
        }
        Err(stopped) => return Err(stopped),
    };
    let fault = match expected {
        Some(expected) => expected::mismatch(expected, &rows),
        None => falsehood(&rows),
    };
    Ok(match fault {
        Some(fault) => Err(format!("`{first_line}`: {fault}")),
        None => Ok(first_line),
    })
}

/// Without a word on what is expected: a row, and none whose only column is
/// false or null.
fn falsehood(rows: &Rows) -> Option<String> {
    let only = |row: &Value| row.as_object().filter(|row| row.len() == 1).and_then(|row| row.values().next().cloned());
    if rows.0.is_empty() {
        return Some("it gives no row".to_owned());
    }
    let is_false = |row: &&Value| matches!(only(row), Some(Value::Bool(false) | Value::Null));
    rows.0.iter().find(is_false).map(|row| format!("it gives {row}"))
}

fn yaml(context: &Context<'_>, path: &Path, text: &str) -> Checked {
    let shown = context.places.shown(path);
    if path != context.places.layout.manifest {
        return match crate::codegen::document::parse(text) {
            Ok(_) => Ok(format!("{shown} is valid YAML")),
            Err(mistake) => Err(format!("{shown}:{mistake}")),
        };
    }
    let manifest = manifest::read(text).map_err(|mistakes| {
        mistakes.iter().map(|mistake| format!("{shown}:{mistake}")).collect::<Vec<_>>().join("\n")
    })?;
    whole(&manifest).map(|()| format!("{shown} is a valid manifest")).map_err(|fault| format!("{shown}: {fault}"))
}

/// Whether the manifest holds something, and every table its columns.
pub fn whole(manifest: &Manifest) -> Result<(), String> {
    let tables = || manifest.schemas.iter().flat_map(|schema| schema.tables.iter().map(move |table| (schema, table)));
    if tables().count() == 0 {
        return Err("it holds no table".to_owned());
    }
    let bare: Vec<String> = tables()
        .filter(|(_, table)| table.columns.is_empty())
        .map(|(schema, table)| format!("{}.{}", schema.name, table.name))
        .collect();
    if bare.is_empty() { Ok(()) } else { Err(format!("tables without columns: {}", bare.join(", "))) }
}

fn json(context: &Context<'_>, path: &Path, text: String, format: Option<Format>) -> Checked {
    let shown = context.places.shown(path);
    if let Err(error) = serde_json::from_str::<Value>(&text) {
        return Err(format!("{shown}: {error}"));
    }
    match format {
        Some(format) => parse(context, path, text, format),
        None => Ok(format!("{shown} is valid JSON")),
    }
}

fn parse(context: &Context<'_>, path: &Path, contents: String, format: Format) -> Checked {
    let shown = context.places.shown(path);
    let faults = faults(&Artifact { path: shown.clone(), contents, format });
    match faults.is_empty() {
        true => Ok(format!("{shown} is valid")),
        false => Err(faults.iter().map(|fault| format!("{shown}:{fault}")).collect::<Vec<_>>().join("\n")),
    }
}

/// What the parsers of a file's format refuse.
pub fn faults(artifact: &Artifact) -> Vec<String> {
    semantics::check(artifact).err().unwrap_or_default()
}

//! A [`Manifest`] into YAML that a person reviews.
//!
//! The YAML library of the reader has one style; this writer has the one that
//! review needs: what fits on a line stands on one line (a column is one line
//! of a diff), definitions are literal blocks, and every text that some YAML
//! reader takes for a boolean or a number is quoted.

use std::fmt::Write;

use serde::Serialize;
use serde_yaml::{Mapping, Value};

use super::{Manifest, Schema, Table, Tables};

/// The manifest as YAML, with its header. `schema_reference` is what editors
/// are told to check it with: the path or URL of the manifest's JSON Schema.
pub fn write(manifest: &Manifest, schema_reference: &str) -> String {
    let mut out = format!("# yaml-language-server: $schema={schema_reference}\n");
    // One table after the other: as values they take many times their text.
    let Value::Mapping(top) = value_of(&without_schemas(manifest)) else { return out };
    for (key, value) in &top {
        if key.as_str() != Some("schemas") || manifest.schemas.is_empty() {
            out.push_str(&scalar(key, false));
            out.push(':');
            entry(value, 0, &mut out);
            continue;
        }
        out.push_str("schemas:\n");
        for schema in &manifest.schemas {
            schema_item(schema, &mut out);
        }
    }
    out
}

fn without_schemas(manifest: &Manifest) -> Manifest {
    Manifest {
        version: manifest.version.clone(),
        generated: manifest.generated.clone(),
        source: manifest.source.clone(),
        left_out: manifest.left_out.clone(),
        not_visible: manifest.not_visible.clone(),
        not_modelled: manifest.not_modelled.clone(),
        extensions: manifest.extensions.clone(),
        schemas: Vec::new(),
        casts: manifest.casts.clone(),
        languages: manifest.languages.clone(),
        transforms: manifest.transforms.clone(),
        access_methods: manifest.access_methods.clone(),
        event_triggers: manifest.event_triggers.clone(),
        foreign_data_wrappers: manifest.foreign_data_wrappers.clone(),
        servers: manifest.servers.clone(),
        publications: manifest.publications.clone(),
        subscriptions: manifest.subscriptions.clone(),
        default_privileges: manifest.default_privileges.clone(),
        cron_jobs: manifest.cron_jobs.clone(),
        dependencies: manifest.dependencies.clone(),
    }
}

/// One schema in the manifest's list. One with tables never fits a line.
fn schema_item(schema: &Schema, out: &mut String) {
    out.push('-');
    if schema.tables.is_empty() {
        return list_item(&value_of(schema), 0, out);
    }
    out.push(' ');
    // A table stands for all of them, so that their key is there.
    let tables = Tables::from(vec![Table::default()]);
    let Value::Mapping(map) = value_of(&Schema { tables, ..schema.clone() }) else { return };
    for (at, (key, value)) in map.iter().enumerate() {
        if at > 0 {
            pad(2, out);
        }
        out.push_str(&scalar(key, false));
        out.push(':');
        if key.as_str() == Some("tables") {
            out.push('\n');
            schema.tables.iter().for_each(|table| table_item(table, out));
        } else {
            entry(value, 2, out);
        }
    }
}

/// One table as it stands in a manifest, in its schema's list.
pub(super) fn table_item(table: &Table, out: &mut String) {
    pad(2, out);
    out.push('-');
    list_item(&value_of(table), 2, out);
}

/// What stands behind `name:` where a list's item begins with it.
pub(super) fn name_line(name: &str) -> String {
    string(name, false)
}

/// Any value that serde can take apart, in the manifest's style.
pub fn to_yaml<T: Serialize>(value: &T) -> String {
    let mut out = String::new();
    match value_of(value) {
        Value::Mapping(map) if !map.is_empty() => block_map(&map, 0, false, &mut out),
        other => {
            scalar_or_flow(&other, &mut out);
            out.push('\n');
        }
    }
    out
}

fn value_of<T: Serialize>(value: &T) -> Value {
    // The model holds nothing that YAML cannot: no map keys but texts.
    serde_yaml::to_value(value).unwrap_or_else(|error| unreachable!("a value that YAML cannot hold: {error}"))
}

/// A mapping or list is put on one line up to this width, its indent included.
const WIDTH: usize = 120;

fn block_map(map: &Mapping, indent: usize, after_dash: bool, out: &mut String) {
    for (at, (key, value)) in map.iter().enumerate() {
        if at > 0 || !after_dash {
            pad(indent, out);
        }
        out.push_str(&scalar(key, false));
        out.push(':');
        entry(value, indent, out);
    }
}

/// What stands behind a key's colon.
fn entry(value: &Value, indent: usize, out: &mut String) {
    match value {
        Value::Mapping(map) if !map.is_empty() && !fits(value, line_width(out) + 1) => {
            out.push('\n');
            block_map(map, indent + 2, false, out);
        }
        Value::Sequence(items) if !items.is_empty() && (!is_plain_list(items) || !fits(value, line_width(out) + 1)) => {
            out.push('\n');
            for item in items {
                pad(indent, out);
                out.push('-');
                list_item(item, indent, out);
            }
        }
        Value::String(text) if is_literal(text) => {
            out.push(' ');
            literal(text, indent + 2, out);
        }
        _ => {
            out.push(' ');
            scalar_or_flow(value, out);
            out.push('\n');
        }
    }
}

/// What stands behind a dash.
fn list_item(item: &Value, indent: usize, out: &mut String) {
    out.push(' ');
    match item {
        Value::Mapping(map) if !map.is_empty() && !fits(item, indent + 2) => block_map(map, indent + 2, true, out),
        Value::String(text) if is_literal(text) => literal(text, indent + 2, out),
        _ => {
            scalar_or_flow(item, out);
            out.push('\n');
        }
    }
}

fn pad(indent: usize, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', indent));
}

fn line_width(out: &str) -> usize {
    out[out.rfind('\n').map_or(0, |at| at + 1)..].chars().count()
}

/// A list of scalars; a list of anything else is one item a line.
fn is_plain_list(items: &[Value]) -> bool {
    items.iter().all(|item| !matches!(item, Value::Mapping(_) | Value::Sequence(_)))
}

/// Whether the value can stand on the rest of a line: short enough, and
/// without a list of mappings or a text of several lines in it.
fn fits(value: &Value, column: usize) -> bool {
    fn flat(value: &Value) -> bool {
        match value {
            Value::Mapping(map) => map.values().all(flat),
            Value::Sequence(items) => is_plain_list(items) && items.iter().all(flat),
            Value::String(text) => !text.contains('\n'),
            _ => true,
        }
    }
    if !flat(value) {
        return false;
    }
    let mut text = String::new();
    scalar_or_flow(value, &mut text);
    column + text.chars().count() <= WIDTH
}

fn scalar_or_flow(value: &Value, out: &mut String) {
    flow(value, matches!(value, Value::Mapping(_) | Value::Sequence(_)), out);
}

fn flow(value: &Value, inside: bool, out: &mut String) {
    match value {
        Value::Mapping(map) => {
            out.push('{');
            for (at, (key, value)) in map.iter().enumerate() {
                if at > 0 {
                    out.push_str(", ");
                }
                out.push_str(&scalar(key, true));
                out.push_str(": ");
                flow(value, true, out);
            }
            out.push('}');
        }
        Value::Sequence(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push_str(", ");
                }
                flow(item, true, out);
            }
            out.push(']');
        }
        other => out.push_str(&scalar(other, inside)),
    }
}

fn scalar(value: &Value, inside_flow: bool) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => string(text, inside_flow),
        Value::Tagged(tagged) => scalar(&tagged.value, inside_flow),
        Value::Mapping(_) | Value::Sequence(_) => unreachable!("handled by flow"),
    }
}

fn string(text: &str, inside_flow: bool) -> String {
    if is_plain(text, inside_flow) {
        text.to_owned()
    } else if text.chars().any(|c| !is_printable(c)) || text.contains('\'') && !text.contains(['"', '\\']) {
        double_quoted(text)
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}

/// Words that YAML 1.1 or 1.2 readers take for a boolean or nothing.
const NOT_TEXT: [&str; 9] = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"];

/// Whether every reader takes the bare text for that text. Cautious: it must
/// begin with a letter, `_`, `(` or `/`, so that no number, date or indicator
/// is left bare.
fn is_plain(text: &str, inside_flow: bool) -> bool {
    let Some(first) = text.chars().next() else { return false };
    let begins_well = first.is_ascii_alphabetic()
        || matches!(first, '_' | '/')
        || first == '('
        || !first.is_ascii() && first.is_alphabetic();
    begins_well
        && !NOT_TEXT.contains(&text.to_ascii_lowercase().as_str())
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && text.chars().all(|c| is_printable(c) && c != '\t')
        && !(inside_flow && text.contains([',', '[', ']', '{', '}', ':', '"', '\'', '?']))
}

/// What YAML lets stand unescaped, less what editors do not show.
fn is_printable(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
}

fn double_quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if is_printable(c) => out.push(c),
            c => {
                let code = u32::from(c);
                let _ = if code <= 0xff {
                    write!(out, "\\x{code:02x}")
                } else if code <= 0xffff {
                    write!(out, "\\u{code:04x}")
                } else {
                    write!(out, "\\U{code:08x}")
                };
            }
        }
    }
    out.push('"');
    out
}

/// Whether the text is to be a literal block: it has several lines, and
/// nothing that a block would change.
fn is_literal(text: &str) -> bool {
    text.contains('\n')
        && text.chars().all(|c| c == '\n' || c == '\t' || is_printable(c))
        && !text.trim().is_empty()
        && !text.lines().any(|line| line.trim().is_empty() && !line.is_empty())
}

fn literal(text: &str, indent: usize, out: &mut String) {
    // Without the number, a reader takes the first line's blanks for indent.
    let first = text.trim_start_matches('\n');
    let indicator = if first.starts_with([' ', '\t']) || text.starts_with('\n') { "2" } else { "" };
    let newlines = text.len() - text.trim_end_matches('\n').len();
    let chomping = match newlines {
        0 => "-",
        1 => "",
        _ => "+",
    };
    let _ = writeln!(out, "|{indicator}{chomping}");
    for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
        if !line.is_empty() {
            pad(indent, out);
            out.push_str(line);
        }
        out.push('\n');
    }
}

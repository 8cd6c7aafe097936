//! A manifest's text read beside a manifest that is known: tables that stand in
//! it just as they are written are taken over.

use std::collections::HashMap;
use std::sync::Arc;

use super::pieces::{self, Grain, TABLE, Taken, begins_anew, mark};
use super::write::{name_line, table_item};
use super::{Manifest, Schema, Table, VERSION, verify};
use crate::codegen::document;

/// The manifest, and its text less the lines of what was taken over.
///
/// # Errors
/// The text again, where nothing could be taken over, or where what is left is
/// not right: then all of it is to be read, which says what is wrong with it.
pub(super) fn read(text: String, known: &Manifest, grain: Grain) -> Result<(Manifest, String), String> {
    // A zero character is refused in any case, and here it marks what is blank.
    if document::check(&text).is_err() || !document::zero_characters(&text).is_empty() {
        return Err(text);
    }
    let (left, taken) = blank(&text, known);
    if taken.is_empty() {
        return Err(text);
    }
    // Of a big manifest there is never more than one copy in memory.
    drop(text);
    let read = pieces::read(&left, &taken, grain);
    match read.filter(|manifest| manifest.version == VERSION && verify(manifest).is_empty()) {
        Some(manifest) => Ok((manifest, left)),
        None => Err(whole(&left, &taken)),
    }
}

/// What a schema's first line begins with, as it is written.
const SCHEMA: &str = "- name: ";

/// The text with every table that stands there as a known one is written as a
/// mark and empty lines, and these tables.
fn blank<'k>(text: &str, known: &'k Manifest) -> (String, Vec<Taken<'k>>) {
    let schemas: HashMap<String, &Schema> =
        known.schemas.iter().map(|schema| (name_line(&schema.name), schema)).collect();
    let mut tables: HashMap<String, &Arc<Table>> = HashMap::new();
    let (mut left, mut taken, mut written) = (String::new(), Vec::new(), String::new());
    let mut rest = text;
    while !rest.is_empty() {
        let (line, behind) = rest.split_at(rest.find('\n').map_or(rest.len(), |at| at + 1));
        if let Some(name) = line.strip_prefix(SCHEMA) {
            let shared = schemas.get(name.trim_end_matches('\n')).map(|schema| schema.tables.shared());
            let named = |table: &'k Arc<Table>| (name_line(&table.name), table);
            tables = shared.unwrap_or_default().iter().map(named).collect();
        }
        let table = line.strip_prefix(TABLE).and_then(|name| tables.get(name.trim_end_matches('\n')));
        if let Some(&table) = table {
            written.clear();
            table_item(table, &mut written);
            if let Some(behind) = rest.strip_prefix(&*written).filter(|behind| begins_anew(behind)) {
                let start = left.len();
                left.push_str(&mark(taken.len()));
                left.extend(std::iter::repeat_n('\n', written.matches('\n').count().saturating_sub(1)));
                taken.push(Taken { table, lines: start..left.len() });
                rest = behind;
                continue;
            }
        }
        left.push_str(line);
        rest = behind;
    }
    (left, taken)
}

/// The text as it was.
fn whole(left: &str, taken: &[Taken<'_>]) -> String {
    let (mut text, mut at) = (String::new(), 0);
    for one in taken {
        text.push_str(&left[at..one.lines.start]);
        table_item(one.table, &mut text);
        at = one.lines.end;
    }
    text.push_str(&left[at..]);
    text
}

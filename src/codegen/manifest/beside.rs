//! A manifest's text read beside a manifest that is known: tables that stand in
//! it just as they are written are taken over.

use std::collections::HashMap;
use std::sync::Arc;

use super::write::{name_line, table_item};
use super::{Manifest, Schema, Table, VERSION, sort, verify};
use crate::codegen::document;

/// The manifest, and its text less the lines of what was taken over. `None`
/// where nothing could be, or where what is left is not right: then the whole
/// text is to be read, which says what is wrong with it.
pub(super) fn read(text: &str, known: &Manifest) -> Option<(Manifest, String)> {
    document::check(text).ok()?;
    // A zero character is refused in any case, and here it marks what is blank.
    if !document::zero_characters(text).is_empty() {
        return None;
    }
    let (left, taken) = blank(text, known);
    if taken.is_empty() {
        return None;
    }
    let mut manifest: Manifest = document::read_strictly(&left)?;
    if manifest.version != VERSION {
        return None;
    }
    sort(&mut manifest);
    put_back(&mut manifest, taken)?;
    verify(&manifest).is_empty().then_some((manifest, left))
}

/// What a table's first line begins with, as it is written: those of a schema's
/// tables alone are indented so.
const TABLE: &str = "  - name: ";
/// The same of a schema.
const SCHEMA: &str = "- name: ";

/// The text with every table that stands there as a known one is written as its
/// mark and empty lines, and these tables, by the numbers of their marks.
fn blank<'k>(text: &str, known: &'k Manifest) -> (String, Vec<&'k Arc<Table>>) {
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
                left.push_str(&mark(taken.len()));
                left.extend(std::iter::repeat_n('\n', written.matches('\n').count()));
                taken.push(table);
                rest = behind;
                continue;
            }
        }
        left.push_str(line);
        rest = behind;
    }
    (left, taken)
}

/// Whether what comes after a table is not part of it, nor of its last text.
fn begins_anew(behind: &str) -> bool {
    let blanks = behind.len() - behind.trim_start_matches(' ').len();
    let first = behind[blanks..].chars().next();
    behind.is_empty() || blanks <= 2 && first.is_some_and(|first| first == '-' || first.is_ascii_alphabetic())
}

/// What stands for a table, without its line's end. A name with a zero in it is
/// in no text that comes this far.
fn mark(number: usize) -> String {
    format!("{TABLE}\"\\0{number}\"")
}

/// Puts the tables where their marks are.
///
/// Architecture Invariant: each mark is found once, as a table and as nothing
/// but a name. One that was blanked where YAML sees no table, as in the midst of
/// a quoted text, is not found: then nothing is taken over at all.
fn put_back(manifest: &mut Manifest, taken: Vec<&Arc<Table>>) -> Option<()> {
    let mut taken: Vec<Option<&Arc<Table>>> = taken.into_iter().map(Some).collect();
    for schema in &mut manifest.schemas {
        for table in schema.tables.shared_mut() {
            let Some(number) = table.name.strip_prefix('\0') else { continue };
            let known = taken.get_mut(number.parse::<usize>().ok()?)?.take()?;
            if **table != (Table { name: table.name.clone(), ..Table::default() }) {
                return None;
            }
            *table = Arc::clone(known);
        }
        schema.tables.shared_mut().sort_by(|a, b| a.name.cmp(&b.name));
    }
    taken.iter().all(Option::is_none).then_some(())
}

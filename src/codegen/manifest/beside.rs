//! A manifest's text read beside a manifest that is known: tables that stand in
//! it just as they are written are taken over.

use std::collections::HashMap;
use std::sync::Arc;

use super::write::{name_line, table_item};
use super::{Manifest, Schema, Table, VERSION, sort, verify};
use crate::codegen::document;

/// The manifest, and its text less the lines of what was taken over.
///
/// # Errors
/// The text again, where nothing could be taken over, or where what is left is
/// not right: then all of it is to be read, which says what is wrong with it.
pub(super) fn read(text: String, known: &Manifest) -> Result<(Manifest, String), String> {
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
    match manifest(&left, &taken) {
        Some(manifest) => Ok((manifest, left)),
        None => Err(whole(&left, &taken)),
    }
}

fn manifest(left: &str, taken: &[Taken<'_>]) -> Option<Manifest> {
    let mut manifest: Manifest = document::read_strictly(&in_runs(left, taken))?;
    if manifest.version != VERSION {
        return None;
    }
    sort(&mut manifest);
    put_back(&mut manifest, taken)?;
    verify(&manifest).is_empty().then_some(manifest)
}

/// A table that is taken over.
struct Taken<'k> {
    table: &'k Arc<Table>,
    /// Where its mark begins in what is left of the text.
    start: usize,
    /// Where the empty lines behind it end.
    end: usize,
}

/// What a table's first line begins with, as it is written: those of a schema's
/// tables alone are indented so.
const TABLE: &str = "  - name: ";
/// The same of a schema.
const SCHEMA: &str = "- name: ";

/// The text with every table that stands there as a known one is written as its
/// mark and empty lines, and these tables, by the numbers of their marks.
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
                left.push_str(&mark(taken.len(), 1));
                left.extend(std::iter::repeat_n('\n', written.matches('\n').count()));
                taken.push(Taken { table, start, end: left.len() });
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

/// What stands for so many tables from a number on, without its line's end. A
/// name with a zero in it is in no text that comes this far.
fn mark(number: usize, many: usize) -> String {
    format!("{TABLE}\"\\0{number} {many}\"")
}

/// What is left of the text, with one mark for tables that follow each other: it
/// is all that has to be parsed.
fn in_runs(left: &str, taken: &[Taken<'_>]) -> String {
    let (mut text, mut at, mut number) = (String::new(), 0, 0);
    while let Some(first) = taken.get(number) {
        let mut many = 1;
        while taken.get(number + many).is_some_and(|next| next.start == taken[number + many - 1].end) {
            many += 1;
        }
        text.push_str(&left[at..first.start]);
        text.push_str(&mark(number, many));
        text.push('\n');
        number += many;
        at = taken[number - 1].end;
    }
    text.push_str(&left[at..]);
    text
}

/// The text as it was.
fn whole(left: &str, taken: &[Taken<'_>]) -> String {
    let (mut text, mut at) = (String::new(), 0);
    for one in taken {
        text.push_str(&left[at..one.start]);
        table_item(one.table, &mut text);
        at = one.end;
    }
    text.push_str(&left[at..]);
    text
}

/// Puts the tables where their marks are.
///
/// Architecture Invariant: each is found once, as a table and as nothing but a
/// name. One that was blanked where YAML sees no table, as in the midst of a
/// quoted text, is not found: then nothing is taken over at all.
fn put_back(manifest: &mut Manifest, taken: &[Taken<'_>]) -> Option<()> {
    let mut found = vec![false; taken.len()];
    for schema in &mut manifest.schemas {
        let tables = schema.tables.shared_mut();
        let mut all = Vec::with_capacity(tables.len());
        for table in tables.drain(..) {
            let Some(mark) = table.name.strip_prefix('\0') else {
                all.push(table);
                continue;
            };
            if *table != (Table { name: table.name.clone(), ..Table::default() }) {
                return None;
            }
            let (number, many) = mark.split_once(' ')?;
            let (number, many): (usize, usize) = (number.parse().ok()?, many.parse().ok()?);
            for at in number..number.checked_add(many)? {
                if std::mem::replace(found.get_mut(at)?, true) {
                    return None;
                }
                all.push(Arc::clone(taken.get(at)?.table));
            }
        }
        all.sort_by(|a, b| a.name.cmp(&b.name));
        *tables = all;
    }
    found.iter().all(|found| *found).then_some(())
}

//! A manifest's text read in pieces: the tables of its schemas some at a time,
//! and the rest with a mark where they stood.
//!
//! A parser holds a document as its events, which take many times its text. So
//! the lines of tables, as [`write()`](super::write()) lays them out, are cut
//! out and parsed as documents of their own, each of a few kilobytes and on
//! whatever core is free.
//!
//! Architecture Invariant: what is read is what the whole text says. A cut is
//! made at lines alone, and only the marks prove it. Each is found where a table
//! is expected, as nothing but a name: so a table begins at that line, for the
//! scanner decides by nothing that comes behind `- name: `. Lines that are a
//! document of tables leave no text, bracket or quote open, and a line with at
//! most two blanks ends whatever is deeper: so the scanner is behind them where
//! it is behind the mark. What could reach over a cut all the same, an alias or
//! a directive, is not read in pieces. Neither is anything that a mistake is
//! found in: the whole text says what it is, and where.

use std::ops::Range;
use std::sync::Arc;

use serde::Deserialize;

use super::sort::{sort, sort_table};
use super::{Manifest, Table};
use crate::codegen::{document, threads};

/// What a table's first line begins with, as it is written.
pub(super) const TABLE: &str = "  - name: ";
/// The line above all schemas, and the one above a schema's tables.
const SCHEMAS: &str = "schemas:";
const TABLES: &str = "  tables:";

/// A table that is known, and where a text stands for it.
pub(super) struct Taken<'k> {
    pub table: &'k Arc<Table>,
    pub lines: Range<usize>,
}

/// How finely a text is cut, and how much of it is read at once.
#[derive(Clone, Copy)]
pub(super) struct Grain {
    /// The bytes from which on a piece is full.
    pub piece: usize,
    pub threads: usize,
}

/// Tables that follow each other, for which one mark stands.
struct Run<'k> {
    lines: Range<usize>,
    parts: Vec<Part<'k>>,
}

enum Part<'k> {
    Taken(&'k Arc<Table>),
    /// The lines of one or more tables, to be read.
    Piece(Range<usize>),
}

/// The sorted manifest of a text in which no zero character is written, by an
/// escape or otherwise: the marks begin with one. Some tables are `taken` as they
/// are. `None` where the text is to be read whole, which also says what is wrong.
/// That nothing contradicts itself is not yet verified.
pub(super) fn read(text: &str, taken: &[Taken<'_>], grain: Grain) -> Option<Manifest> {
    let runs = cut(text, taken, grain.piece);
    if runs.is_empty() || has_aliases(text) {
        return None;
    }
    let mut manifest = outline(text, &runs)?;
    let pieces: Vec<&Range<usize>> = runs.iter().flat_map(|run| &run.parts).filter_map(Part::piece).collect();
    let mut read = threads::each(&pieces, grain.threads, |lines| tables(&text[lines.start..lines.end])).into_iter();
    let mut tables_of = |run: &Run<'_>| {
        let mut tables = Vec::new();
        for part in &run.parts {
            match part {
                Part::Taken(table) => tables.push(Arc::clone(table)),
                Part::Piece(_) => tables.append(&mut read.next()??),
            }
        }
        Some(tables)
    };
    let found = runs.iter().map(|run| tables_of(run).map(Some)).collect::<Option<Vec<_>>>()?;
    put_back(&mut manifest, found)?;
    Some(manifest)
}

impl Part<'_> {
    fn piece(&self) -> Option<&Range<usize>> {
        match self {
            Part::Taken(_) => None,
            Part::Piece(lines) => Some(lines),
        }
    }
}

/// The runs of a text, in its order. What is cut in the wrong place is no
/// document of tables, or its mark is not found.
fn cut<'k>(text: &str, taken: &[Taken<'k>], full: usize) -> Vec<Run<'k>> {
    let mut runs: Vec<Run<'k>> = Vec::new();
    let mut taken = taken.iter().peekable();
    let (mut among_schemas, mut among_tables) = (false, false);
    for block in blocks(text) {
        let line = &text[block.start..][..line_length(&text[block.start..])];
        let known = taken.next_if(|known| known.lines.start == block.start);
        if !line.starts_with([' ', '-']) {
            among_schemas = line.trim_end() == SCHEMAS;
        }
        let is_table = known.is_some() || among_tables && line.starts_with(TABLE);
        among_tables = among_schemas && (among_tables && line.starts_with("  -") || line.trim_end() == TABLES);
        if is_table {
            add(block, known, full, &mut runs);
        }
    }
    runs
}

/// Adds a table to the piece before it, to its run, or to a run of its own.
fn add<'k>(block: Range<usize>, known: Option<&Taken<'k>>, full: usize, runs: &mut Vec<Run<'k>>) {
    let end = block.end;
    let part = known.map_or(Part::Piece(block.clone()), |known| Part::Taken(known.table));
    let Some(run) = runs.last_mut().filter(|run| run.lines.end == block.start) else {
        return runs.push(Run { lines: block, parts: vec![part] });
    };
    run.lines.end = end;
    match (run.parts.last_mut(), &part) {
        (Some(Part::Piece(lines)), Part::Piece(_)) if lines.len() < full => lines.end = end,
        _ => run.parts.push(part),
    }
}

/// A text's blocks: a line that begins anew, with all up to the next.
fn blocks(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at;
        while at < text.len() && (at == start || !begins_anew(&text[at..])) {
            at += line_length(&text[at..]);
        }
        (at > start).then_some(start..at)
    })
}

/// The length of the first line, with its end.
fn line_length(text: &str) -> usize {
    text.find('\n').map_or(text.len(), |end| end + 1)
}

/// Whether what comes after a table is not part of it, nor of its last text. An
/// empty line may be, and so is a remark taken to be, wherever it stands.
pub(super) fn begins_anew(behind: &str) -> bool {
    let blanks = behind.len() - behind.trim_start_matches(' ').len();
    let first = behind[blanks..].chars().next();
    behind.is_empty() || blanks <= 2 && first.is_some_and(|first| first == '-' || first.is_ascii_alphabetic())
}

/// What a mark's name begins with, and no name in a text that is read in pieces.
const MARK: char = '\0';

/// The line that stands for a table or for several.
pub(super) fn mark(number: usize) -> String {
    format!("{TABLE}\"\\0{number}\"\n")
}

/// The text with a mark for each run, as it is read, and sorted.
fn outline(text: &str, runs: &[Run<'_>]) -> Option<Manifest> {
    let (mut outline, mut at) = (String::new(), 0);
    for (number, run) in runs.iter().enumerate() {
        outline.push_str(&text[at..run.lines.start]);
        outline.push_str(&mark(number));
        at = run.lines.end;
    }
    outline.push_str(&text[at..]);
    if has_directive(&outline) {
        return None;
    }
    let mut manifest = document::read_strictly(&outline)?;
    sort(&mut manifest);
    Some(manifest)
}

/// A text that has nothing but tables in it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Piece {
    schemas: [PieceOfSchema; 1],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PieceOfSchema {
    tables: Vec<Arc<Table>>,
}

/// What tables stand below in a manifest, so that they are as deep here.
const ABOVE: &str = "schemas:\n- tables:\n";

/// The tables of some lines, each sorted. `None` where they are no document, or
/// one of anything else. A mark behind them tells that they leave nothing open,
/// and that the document did not end among them; a last line without an end is
/// the text's own, and nothing comes behind it.
fn tables(lines: &str) -> Option<Vec<Arc<Table>>> {
    let behind = if lines.ends_with('\n') { mark(0) } else { String::new() };
    let document = [ABOVE, lines, &behind].concat();
    let Piece { schemas: [PieceOfSchema { mut tables }] } = document::read_strictly(&document)?;
    if !behind.is_empty() && !tables.pop().is_some_and(|last| is_mark(&last)) {
        return None;
    }
    for table in &mut tables {
        let table = Arc::make_mut(table);
        sort_table(table);
        fit(table);
    }
    Some(tables)
}

/// Lists double their room while they are read. Those of a big manifest would
/// take half as much again as what is in them, for as long as the program runs.
fn fit(table: &mut Table) {
    // An allocator leaves a list in its place that is only made shorter.
    fn list<T>(items: &mut Vec<T>) {
        let mut fitting = Vec::with_capacity(items.len());
        fitting.append(items);
        *items = fitting;
    }
    list(&mut table.columns);
    list(&mut table.foreign_keys);
    list(&mut table.indexes);
    list(&mut table.policies);
    table.unique.held().into_iter().for_each(list);
    table.checks.held().into_iter().for_each(list);
    table.triggers.held().into_iter().for_each(list);
    table.partitions.held().into_iter().for_each(list);
    table.primary_key.iter_mut().chain(&mut table.unique).for_each(|key| list(&mut key.columns));
    for key in &mut table.foreign_keys {
        list(&mut key.columns);
        list(&mut key.references.columns);
    }
    table.indexes.iter_mut().for_each(|index| list(&mut index.keys));
}

/// Whether a table is nothing but the name that a mark gives it.
fn is_mark(table: &Table) -> bool {
    table.name.starts_with(MARK) && *table == (Table { name: table.name.clone(), ..Table::default() })
}

/// Puts the tables where their marks are, and the tables of each schema into
/// their order.
///
/// Architecture Invariant: each mark is found once, as a table and as nothing
/// but a name. One that was set where YAML sees no table, as in the midst of a
/// quoted text, is not found: then nothing is read this way at all.
fn put_back(manifest: &mut Manifest, mut found: Vec<Option<Vec<Arc<Table>>>>) -> Option<()> {
    for schema in &mut manifest.schemas {
        let tables = schema.tables.shared_mut();
        let mut all = Vec::with_capacity(tables.len());
        for table in tables.drain(..) {
            match table.name.strip_prefix(MARK) {
                None => all.push(table),
                Some(number) if is_mark(&table) => {
                    all.append(&mut found.get_mut(number.parse::<usize>().ok()?)?.take()?)
                }
                Some(_) => return None,
            }
        }
        all.sort_by(|a, b| a.name.cmp(&b.name));
        *tables = all;
    }
    found.iter().all(Option::is_none).then_some(())
}

/// Whether the text may hold an anchor and an alias (YAML 1.2, 7.1), which can
/// be far from each other. Neither means anything without the other.
fn has_aliases(text: &str) -> bool {
    let named = |sign: char| {
        text.match_indices(sign).any(|(at, _)| {
            let before = at.checked_sub(1).map(|before| text.as_bytes()[before]);
            let behind = text.as_bytes().get(at + 1);
            !before.is_some_and(|before| before.is_ascii_alphanumeric())
                && behind.is_some_and(|behind| behind.is_ascii_alphanumeric() || matches!(behind, b'_' | b'-'))
        })
    };
    named('&') && named('*')
}

/// Whether a line may be a directive (YAML 1.2, 6.8), which says what the tags
/// of the whole document mean. Lines end as YAML 1.1 ends them.
fn has_directive(text: &str) -> bool {
    text.contains('%') && text.split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']).any(|line| line.starts_with('%'))
}

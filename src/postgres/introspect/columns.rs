//! Columns of tables and views, and attributes of composite types.

use std::collections::HashMap;

use super::Error;
use super::grants::{Grants, PG_CLASS};
use super::pipeline::{Answer, Query};
use super::relations::Relations;
use super::sequences::Identities;
use crate::codegen::manifest::{Attribute, Column, Generated, GeneratedKind, Generation, Identity};

pub(super) const COLUMNS: Query = Query { what: "columns", sql: include_str!("sql/columns.sql") };

/// A column with the catalog's numbers, by which keys and indexes refer to it.
pub(super) struct NumberedColumn {
    number: i16,
    pub type_oid: u32,
    pub collation_oid: u32,
    column: Column,
}

/// The columns of every relation, by its object number; each list in order.
/// Dropped columns leave gaps in the numbers.
#[derive(Default)]
pub(super) struct Columns {
    by_relation: HashMap<u32, Vec<NumberedColumn>>,
}

impl Columns {
    pub fn get(&self, relation: u32, number: i16) -> Option<&NumberedColumn> {
        let columns = self.by_relation.get(&relation)?;
        let place = columns.binary_search_by_key(&number, |column| column.number).ok()?;
        columns.get(place)
    }

    pub fn name(&self, relation: u32, number: i16) -> Result<String, Error> {
        let column = self.get(relation, number);
        column.map(|column| column.column.name.clone()).ok_or_else(|| Error::Changed("a table's columns".to_owned()))
    }

    pub fn names(&self, relation: u32, numbers: &[i16]) -> Result<Vec<String>, Error> {
        numbers.iter().map(|number| self.name(relation, *number)).collect()
    }

    /// The columns of a table or view, which are then no longer held here.
    pub fn take(&mut self, relation: u32) -> Vec<Column> {
        let columns = self.by_relation.remove(&relation).unwrap_or_default();
        columns.into_iter().map(|column| column.column).collect()
    }

    /// Marks the columns of a view that cannot be null: those whose place in
    /// the list, in order, says so.
    pub fn mark_not_null(&mut self, view: u32, not_null: &[bool]) {
        for column in self.by_relation.get_mut(&view).into_iter().flatten() {
            let place = usize::try_from(column.number).ok().and_then(|number| number.checked_sub(1));
            column.column.not_null |= place.and_then(|place| not_null.get(place)) == Some(&true);
        }
    }

    /// The attributes of a composite type, by the number of its pg_class row.
    pub fn take_attributes(&mut self, relation: u32) -> Vec<Attribute> {
        let attribute = |column: Column| Attribute {
            name: column.name,
            type_name: column.type_name,
            collation: column.collation,
            comment: column.comment,
        };
        self.take(relation).into_iter().map(attribute).collect()
    }
}

pub(super) fn read(
    answer: &Answer,
    relations: &Relations,
    identities: &mut Identities,
    grants: &mut Grants,
) -> Result<Columns, Error> {
    let mut columns = Columns::default();
    for mut cells in answer.cells() {
        let relation: u32 = cells.take()?;
        let number: i16 = cells.take()?;
        let name: String = cells.take()?;
        let type_name = array_type(cells.take()?, cells.take()?);
        let type_oid: u32 = cells.take()?;
        let collation_oid: u32 = cells.take()?;
        let collation: Option<String> = cells.take()?;
        let not_null: bool = cells.take()?;
        let expression: Option<String> = cells.take()?;
        let (default, generated) = match cells.code()? {
            's' => (None, expression.map(|expression| Generated { expression, kind: GeneratedKind::Stored })),
            'v' => (None, expression.map(|expression| Generated { expression, kind: GeneratedKind::Virtual })),
            _ => (expression, None),
        };
        let generation = match cells.code()? {
            'a' => Some(Generation::Always),
            'd' => Some(Generation::ByDefault),
            _ => None,
        };
        let identity = generation.map(|generation| {
            let mut sequence = identities.remove(&(relation, number)).unwrap_or_default();
            let table = relations.get(&relation).map_or("", |relation| relation.name());
            let default_name = format!("{table}_{name}_seq");
            sequence.options.type_name.take_if(|sequence_type| *sequence_type == type_name);
            Identity {
                generation,
                sequence: Some(sequence.name).filter(|sequence| *sequence != default_name && !sequence.is_empty()),
                options: sequence.options,
                comment: sequence.comment,
                grants: sequence.grants,
            }
        });
        let column = Column {
            name,
            type_name,
            collation,
            not_null,
            default,
            identity,
            generated,
            storage: storage(cells.code()?).map(str::to_owned),
            compression: compression(cells.code()?).map(str::to_owned),
            statistics: cells.take()?,
            options: cells.options()?,
            comment: cells.take()?,
            grants: grants.take(PG_CLASS, relation, number),
            ..Column::default()
        };
        let columns = columns.by_relation.entry(relation).or_default();
        columns.push(NumberedColumn { number, type_oid, collation_oid, column });
    }
    Ok(columns)
}

/// A type as the server prints it, with the brackets of every declared
/// dimension: the server prints one pair for an array of any number of them.
/// A column made from a query has none declared, and keeps its one pair.
pub(super) fn array_type(mut type_name: String, dimensions: i32) -> String {
    if type_name.ends_with("[]") {
        (1..dimensions).for_each(|_| type_name.push_str("[]"));
    }
    type_name
}

fn storage(code: char) -> Option<&'static str> {
    match code {
        'p' => Some("plain"),
        'e' => Some("external"),
        'm' => Some("main"),
        'x' => Some("extended"),
        _ => None,
    }
}

fn compression(code: char) -> Option<&'static str> {
    match code {
        'p' => Some("pglz"),
        'l' => Some("lz4"),
        _ => None,
    }
}

//! Columns of tables and views, and attributes of composite types.

use std::collections::{BTreeMap, HashMap};

use super::Error;
use super::grants::{Grants, PG_CLASS};
use super::partitions;
use super::pipeline::{Answer, Query};
use super::relations::Relations;
use super::sequences::Identities;
use crate::codegen::manifest::{Attribute, Column, Generated, GeneratedKind, Generation, Identity, chosen_name};
use crate::codegen::sql::requoted;

pub(super) const COLUMNS: Query = Query { what: "columns", sql: include_str!("sql/columns.sql") };

/// A column with the catalog's numbers, by which keys and indexes refer to it.
#[derive(Clone)]
pub(super) struct NumberedColumn {
    number: i16,
    pub type_oid: u32,
    pub collation_oid: u32,
    column: Column,
}

impl NumberedColumn {
    pub fn name(&self) -> &str {
        &self.column.name
    }
}

/// The columns of every relation, by its object number; each list in order.
/// Dropped columns leave gaps in the numbers, and so do those of a partition that
/// are its parent's in all respects, number included: they were not read.
#[derive(Default)]
pub(super) struct Columns {
    by_relation: HashMap<u32, Vec<NumberedColumn>>,
    /// From every partition to what it is a partition of.
    parents: BTreeMap<u32, u32>,
}

impl Columns {
    pub fn get(&self, relation: u32, number: i16) -> Option<&NumberedColumn> {
        let columns = self.by_relation.get(&relation).map_or(&[][..], Vec::as_slice);
        match columns.binary_search_by_key(&number, |column| column.number) {
            Ok(place) => columns.get(place),
            Err(_) => self.get(*self.parents.get(&relation)?, number),
        }
    }

    /// The column, to be changed: a partition's that was not read is its parent's
    /// until then.
    pub fn own(&mut self, relation: u32, number: i16) -> Option<&mut Column> {
        let found = self.get(relation, number)?;
        let as_parents = NumberedColumn { column: partitions::as_parents(&found.column), ..found.clone() };
        let columns = self.by_relation.entry(relation).or_default();
        let place = match columns.binary_search_by_key(&number, |column| column.number) {
            Ok(place) => place,
            Err(place) => {
                columns.insert(place, as_parents);
                place
            }
        };
        columns.get_mut(place).map(|column| &mut column.column)
    }

    /// All columns of a table or partition in order, with their numbers; those of
    /// a partition that were not read are the very ones of its parent.
    pub fn resolved(&self, relation: u32) -> Vec<(i16, &Column)> {
        let own = self.by_relation.get(&relation).map_or(&[][..], Vec::as_slice);
        let numbered = own.iter().map(|column| (column.number, &column.column));
        let Some(parent) = self.parents.get(&relation) else { return numbered.collect() };
        let by_name: HashMap<&str, (i16, &Column)> =
            numbered.map(|(at, column)| (&*column.name, (at, column))).collect();
        let above = self.resolved(*parent);
        let mut columns: Vec<(i16, &Column)> =
            above.into_iter().map(|found| by_name.get(&*found.1.name).copied().unwrap_or(found)).collect();
        columns.sort_by_key(|(number, _)| *number);
        columns
    }

    /// Takes over what was read of a relation.
    fn add(&mut self, of_one: &mut (u32, Vec<NumberedColumn>)) {
        if !of_one.1.is_empty() {
            let columns = self.by_relation.entry(of_one.0).or_default();
            columns.reserve_exact(of_one.1.len());
            columns.append(&mut of_one.1);
        }
    }

    pub fn name(&self, relation: u32, number: i16) -> Result<String, Error> {
        let column = self.get(relation, number);
        column.map(|column| column.column.name.clone()).ok_or_else(|| Error::Changed("a table's columns".to_owned()))
    }

    pub fn names(&self, relation: u32, numbers: &[i16]) -> Result<Vec<String>, Error> {
        let mut names = Vec::with_capacity(numbers.len());
        for number in numbers {
            names.push(self.name(relation, *number)?);
        }
        Ok(names)
    }

    /// The columns of a table or view, which are then no longer held here.
    pub fn take(&mut self, relation: u32) -> Vec<Column> {
        let columns = self.by_relation.remove(&relation).unwrap_or_default();
        // Into a list of its own: that of the numbered ones has room for their numbers.
        let mut taken = Vec::with_capacity(columns.len());
        taken.extend(columns.into_iter().map(|column| column.column));
        taken
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
            collation: column.collation.into_inner(),
            comment: column.comment,
        };
        self.take(relation).into_iter().map(attribute).collect()
    }
}

pub(super) fn read(
    answer: Answer,
    relations: &Relations,
    identities: &mut Identities,
    grants: &mut Grants,
) -> Result<Columns, Error> {
    let mut columns = Columns { parents: partitions::parents(relations), ..Columns::default() };
    let mut rows = answer.into_rows();
    // The rows of a relation follow each other: its list gets the room it needs.
    let mut of_one: (u32, Vec<NumberedColumn>) = (0, Vec::new());
    while let Some(mut cells) = rows.next() {
        let relation: u32 = cells.take()?;
        if relation != of_one.0 {
            columns.add(&mut of_one);
            of_one.0 = relation;
        }
        let number: i16 = cells.take()?;
        let name: String = cells.take()?;
        let type_name = array_type(cells.take()?, cells.take()?);
        let type_oid: u32 = cells.take()?;
        let collation_oid: u32 = cells.take()?;
        let collation = cells.take::<Option<&str>>()?.map(requoted);
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
        // A partition's without a sequence is its parent's.
        let sequence = identities.remove(&(relation, number));
        let generation = generation.filter(|_| sequence.is_some() || !columns.parents.contains_key(&relation));
        let identity = generation.map(|generation| {
            let table = relations.get(&relation).map_or("", |relation| relation.name());
            let mut sequence = sequence.unwrap_or_default();
            sequence.options.type_name.take_if(|sequence_type| *sequence_type == type_name);
            let has_chosen_name = sequence.name == chosen_name(table, Some(&name), "seq");
            Box::new(Identity {
                generation,
                sequence: Some(sequence.name).filter(|_| !has_chosen_name),
                persistence: sequence.own_persistence,
                options: sequence.options,
                comment: sequence.comment,
                grants: sequence.grants,
            })
        });
        let column = Column {
            name,
            type_name,
            collation: collation.into(),
            not_null,
            default,
            identity,
            generated: generated.map(Box::new),
            storage: storage(cells.code()?).map(str::to_owned).into(),
            compression: compression(cells.code()?).map(str::to_owned).into(),
            statistics: cells.take()?,
            options: cells.options()?.into(),
            foreign_options: cells.options()?.into(),
            inherited: cells.take()?,
            comment: cells.take()?,
            grants: grants.take(PG_CLASS, relation, number).into(),
            ..Column::default()
        };
        of_one.1.push(NumberedColumn { number, type_oid, collation_oid, column });
    }
    columns.add(&mut of_one);
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

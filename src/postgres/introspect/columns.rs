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

/// What the catalog calls a column by, and has of it that no manifest holds.
#[derive(Clone, Copy)]
struct Number {
    number: i16,
    type_oid: u32,
    collation_oid: u32,
}

/// A column with the catalog's numbers, by which keys and indexes refer to it.
#[derive(Clone, Copy)]
pub(super) struct NumberedColumn<'c> {
    number: Number,
    column: &'c Column,
}

impl<'c> NumberedColumn<'c> {
    pub fn name(self) -> &'c str {
        &self.column.name
    }

    pub fn type_oid(self) -> u32 {
        self.number.type_oid
    }

    pub fn collation_oid(self) -> u32 {
        self.number.collation_oid
    }
}

/// The columns of one relation in order, each with what stands at the same place
/// of `numbers`: beside them, so that they are where they stay from the beginning.
#[derive(Default)]
struct OfRelation {
    numbers: Vec<Number>,
    columns: Vec<Column>,
}

impl OfRelation {
    fn place(&self, number: i16) -> Result<usize, usize> {
        self.numbers.binary_search_by_key(&number, |number| number.number)
    }

    fn get(&self, place: usize) -> Option<NumberedColumn<'_>> {
        Some(NumberedColumn { number: *self.numbers.get(place)?, column: self.columns.get(place)? })
    }

    fn numbered(&self) -> impl Iterator<Item = (i16, &Column)> {
        self.numbers.iter().map(|number| number.number).zip(&self.columns)
    }
}

/// The columns of every relation, by its object number. Dropped columns leave gaps
/// in the numbers, and so do those of a partition that are its parent's in all
/// respects, number included: they were not read.
#[derive(Default)]
pub(super) struct Columns {
    by_relation: HashMap<u32, OfRelation>,
    /// From every partition to what it is a partition of.
    parents: BTreeMap<u32, u32>,
}

impl Columns {
    pub fn get(&self, relation: u32, number: i16) -> Option<NumberedColumn<'_>> {
        let of_one = self.by_relation.get(&relation);
        match of_one.and_then(|of_one| of_one.get(of_one.place(number).ok()?)) {
            Some(column) => Some(column),
            None => self.get(*self.parents.get(&relation)?, number),
        }
    }

    /// The column, to be changed: a partition's that was not read is its parent's
    /// until then.
    pub fn own(&mut self, relation: u32, number: i16) -> Option<&mut Column> {
        let found = self.get(relation, number)?;
        let as_parents = (found.number, partitions::as_parents(found.column));
        let of_one = self.by_relation.entry(relation).or_default();
        let place = match of_one.place(number) {
            Ok(place) => place,
            Err(place) => {
                of_one.numbers.insert(place, as_parents.0);
                of_one.columns.insert(place, as_parents.1);
                place
            }
        };
        of_one.columns.get_mut(place)
    }

    /// All columns of a table or partition in order, with their numbers; those of
    /// a partition that were not read are the very ones of its parent.
    pub fn resolved(&self, relation: u32) -> Vec<(i16, &Column)> {
        let own = self.by_relation.get(&relation).into_iter().flat_map(OfRelation::numbered);
        let Some(parent) = self.parents.get(&relation) else { return own.collect() };
        let by_name: HashMap<&str, (i16, &Column)> = own.map(|(at, column)| (&*column.name, (at, column))).collect();
        let above = self.resolved(*parent);
        let mut columns: Vec<(i16, &Column)> =
            above.into_iter().map(|found| by_name.get(&*found.1.name).copied().unwrap_or(found)).collect();
        columns.sort_by_key(|(number, _)| *number);
        columns
    }

    /// Takes over what was read of a relation, with no more room than it needs.
    fn add(&mut self, relation: u32, read: &mut OfRelation) {
        if !read.columns.is_empty() {
            let of_one = self.by_relation.entry(relation).or_default();
            of_one.numbers.reserve_exact(read.numbers.len());
            of_one.numbers.append(&mut read.numbers);
            of_one.columns.reserve_exact(read.columns.len());
            of_one.columns.append(&mut read.columns);
        }
    }

    pub fn name(&self, relation: u32, number: i16) -> Result<String, Error> {
        let column = self.get(relation, number);
        column.map(|column| column.name().to_owned()).ok_or_else(|| Error::Changed("a table's columns".to_owned()))
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
        self.by_relation.remove(&relation).unwrap_or_default().columns
    }

    /// Marks the columns of a view that cannot be null: those whose place in
    /// the list, in order, says so.
    pub fn mark_not_null(&mut self, view: u32, not_null: &[bool]) {
        let Some(OfRelation { numbers, columns }) = self.by_relation.get_mut(&view) else { return };
        for (number, column) in numbers.iter().zip(columns) {
            let place = usize::try_from(number.number).ok().and_then(|number| number.checked_sub(1));
            column.not_null |= place.and_then(|place| not_null.get(place)) == Some(&true);
        }
    }

    /// The attributes of a composite type, by the number of its pg_class row.
    pub fn take_attributes(&mut self, relation: u32) -> Vec<Attribute> {
        let attribute = |column: Column| Attribute {
            name: column.name,
            type_name: column.type_name,
            collation: column.collation.into_inner(),
            comment: column.comment.into_inner(),
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
    let (mut of, mut of_one) = (0, OfRelation::default());
    while let Some(mut cells) = rows.next() {
        let relation: u32 = cells.take()?;
        if relation != of {
            columns.add(of, &mut of_one);
            of = relation;
        }
        let number: i16 = cells.take()?;
        let name: String = cells.take()?;
        let type_name = array_type(cells.take()?, cells.take()?);
        of_one.numbers.push(Number { number, type_oid: cells.take()?, collation_oid: cells.take()? });
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
        of_one.columns.push(Column {
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
            comment: cells.take::<Option<String>>()?.into(),
            grants: grants.take(PG_CLASS, relation, number).into(),
            ..Column::default()
        });
    }
    columns.add(of, &mut of_one);
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

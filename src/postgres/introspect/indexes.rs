//! Indexes, those behind keys included until `constraints` takes them.

use std::collections::{HashMap, HashSet};

use super::columns::Columns;
use super::operator_classes::{KeyType, OperatorClasses};
use super::pipeline::{Answer, Query};
use super::relations::{self, Relations};
use super::{Error, attached_indexes};
use crate::codegen::manifest::{Index, IndexKey, IndexLabel, Nulls};

pub(super) const INDEXES: Query = Query { what: "indexes", sql: include_str!("sql/indexes.sql") };
pub(super) const INDEX_KEYS: Query = Query { what: "index keys", sql: include_str!("sql/index_keys.sql") };
pub(super) const COLLATIONS: Query = Query { what: "collations", sql: include_str!("sql/collations.sql") };

/// By object number: those behind constraints, and those that are part of another
/// or have parts. All others are given to their tables as they are read.
#[derive(Default)]
pub(super) struct Indexes {
    by_oid: HashMap<u32, Box<RelationIndex>>,
    /// Those that are told with the constraint that they are behind, and stay.
    taken: HashSet<u32>,
    /// Those that are part of another or have parts.
    of_partitions: HashSet<u32>,
}

/// An index with what the catalog alone knows of it.
pub(super) struct RelationIndex {
    /// The number of the table, partition or materialised view that it is on.
    pub relation: u32,
    /// The parent's index that a partition's is part of.
    pub part_of: Option<u32>,
    pub label: IndexLabel,
    /// The names that the server calls a part after: of all columns, those of
    /// INCLUDE too, and of expressions.
    pub column_names: Vec<String>,
    pub constraint_comment: Option<String>,
    pub index: Index,
}

impl Indexes {
    /// The index behind a constraint, which is then not listed by itself.
    pub fn take(&mut self, oid: u32) -> Index {
        // What is part of another, or has parts, is asked for again.
        if self.of_partitions.contains(&oid) {
            self.taken.insert(oid);
            return self.by_oid.get(&oid).map(|found| found.index.clone()).unwrap_or_default();
        }
        self.by_oid.remove(&oid).map(|found| found.index).unwrap_or_default()
    }

    /// Puts the indexes that no constraint has taken where they belong.
    pub fn attach(self, all: &mut Relations) {
        let mut parts = HashSet::new();
        for (oid, found) in &self.by_oid {
            let Some(whole) = found.part_of.and_then(|whole| self.by_oid.get(&whole)) else { continue };
            parts.insert(*oid);
            if let Some(relation) = all.get_mut(&found.relation) {
                attached_indexes::attach(found, whole, relation);
            }
        }
        for (oid, found) in self.by_oid {
            if !parts.contains(&oid)
                && !self.taken.contains(&oid)
                && let Some(relation) = all.get_mut(&found.relation)
            {
                relations::add(relation.attached().indexes, found.index);
            }
        }
    }
}

/// The answers that an index is put together from.
pub(super) struct IndexAnswers<'a> {
    pub indexes: Answer,
    pub keys: &'a Answer,
    pub collations: &'a Answer,
}

/// What there is to say of one key beyond its column and operator class.
struct KeyDetail<'a> {
    stored_type: u32,
    expression: Option<&'a str>,
    /// What the index calls the key.
    name: &'a str,
    has_own_collation: bool,
    options: Vec<&'a str>,
    statistics: Option<i32>,
}

/// indoption's bits, as the server's pg_index.h has them.
const DESCENDING: i16 = 1;
const NULLS_FIRST: i16 = 2;

/// Reads the indexes; a relation whose replica identity is one of them, or that
/// is clustered by one, is told.
pub(super) fn read(
    answers: IndexAnswers<'_>,
    classes: &OperatorClasses,
    columns: &Columns,
    relations: &mut Relations,
) -> Result<Indexes, Error> {
    let details = key_details(answers.keys)?;
    let collations: HashMap<u32, &str> =
        answers.collations.cells().map(|mut cells| Ok((cells.take()?, cells.take()?))).collect::<Result<_, Error>>()?;
    let (wholes, of_partitions) = wholes(&answers.indexes)?;
    let mut indexes = Indexes { of_partitions, ..Indexes::default() };
    let mut rows = answers.indexes.into_rows();
    while let Some(mut cells) = rows.next() {
        let oid: u32 = cells.take()?;
        let part_of: Option<u32> = cells.take()?;
        let relation: u32 = cells.take()?;
        let Some(owner) = relations.get_mut(&relation) else { continue };
        let name: String = cells.take()?;
        let method: &str = cells.take()?;
        let unique: bool = cells.take()?;
        let valid: bool = cells.take()?;
        if cells.take()? {
            *owner.attached().replica_identity_index = Some(name.clone()).into();
        }
        if cells.take()? {
            *owner.attached().cluster_on = Some(name.clone()).into();
        }
        let label = match cells.code()? {
            'p' => IndexLabel::PrimaryKey,
            'u' => IndexLabel::Unique,
            'x' => IndexLabel::Exclusion,
            _ => IndexLabel::Index,
        };
        let nulls_not_distinct: bool = cells.take()?;
        let key_count = usize::try_from(cells.take::<i32>()?).unwrap_or_default();
        let numbers: Vec<i16> = cells.take()?;
        let (key_numbers, included) = numbers.split_at_checked(key_count).unwrap_or((&numbers, &[]));
        let orders: Vec<i16> = cells.take()?;
        let key_classes: Vec<u32> = cells.take()?;
        let key_collations: Vec<u32> = cells.take()?;
        // The expressions of a part are those of the whole.
        let whole = wholes.get(&oid).copied().unwrap_or(oid);
        let mut keys = Vec::with_capacity(key_count);
        // Only parts are called after them.
        let is_of_partitions = indexes.of_partitions.contains(&oid);
        let mut column_names = Vec::new();
        for (place, number) in key_numbers.iter().enumerate() {
            let detail = details.get(&(oid, place + 1));
            let of_expression = details.get(&(whole, place + 1)).filter(|_| *number == 0);
            let column = columns.get(relation, *number);
            let order = orders.get(place).copied().unwrap_or_default();
            let collation_oid = key_collations.get(place).copied().unwrap_or_default();
            let has_own_collation = match column {
                Some(column) => collation_oid != 0 && collation_oid != column.collation_oid(),
                None => of_expression.is_some_and(|detail| detail.has_own_collation),
            };
            let type_of_key = match column {
                Some(column) => KeyType::Column(column.type_oid()),
                None => KeyType::Stored(of_expression.map_or(0, |detail| detail.stored_type)),
            };
            let class = key_classes.get(place).and_then(|class| classes.look_up(*class, type_of_key));
            let expression = of_expression.and_then(|detail| detail.expression);
            let column = match (column, expression) {
                (None, Some(_)) => None,
                _ => Some(columns.name(relation, *number)?),
            };
            if is_of_partitions {
                column_names.extend(column.clone().or_else(|| of_expression.map(|detail| detail.name.to_owned())));
            }
            keys.push(IndexKey {
                column,
                expression: expression.map(str::to_owned).into(),
                collation: collations
                    .get(&collation_oid)
                    .filter(|_| has_own_collation)
                    .map(|collation| (*collation).to_owned())
                    .into(),
                operator_class: class
                    .and_then(|(class, is_default)| {
                        operator_class(class, is_default, detail.map_or(&[], |detail| &detail.options))
                    })
                    .into(),
                descending: order & DESCENDING != 0,
                nulls: match (order & DESCENDING != 0, order & NULLS_FIRST != 0) {
                    (false, true) => Some(Nulls::First),
                    (true, false) => Some(Nulls::Last),
                    _ => None,
                },
                statistics: detail.and_then(|detail| detail.statistics),
            });
        }
        let include = columns.names(relation, included)?;
        if is_of_partitions {
            column_names.extend(include.iter().cloned());
        }
        let index = Index {
            name,
            method: (method != "btree").then(|| method.to_owned()).into(),
            unique,
            nulls_not_distinct,
            keys,
            include: include.into(),
            predicate: cells.take::<Option<String>>()?.into(),
            options: cells.options()?.into(),
            tablespace: cells.take::<Option<String>>()?.into(),
            invalid: !valid,
            comment: cells.take::<Option<String>>()?.into(),
        };
        let constraint_comment = cells.take()?;
        if label == IndexLabel::Index && !is_of_partitions {
            relations::add(owner.attached().indexes, index);
            continue;
        }
        let found = RelationIndex { relation, part_of, label, column_names, constraint_comment, index };
        indexes.by_oid.insert(oid, Box::new(found));
    }
    Ok(indexes)
}

/// From every index that is part of another to the one at the top, which is
/// part of none; and all that are part of another or have parts.
fn wholes(answer: &Answer) -> Result<(HashMap<u32, u32>, HashSet<u32>), Error> {
    let mut part_of: HashMap<u32, u32> = HashMap::new();
    for mut cells in answer.cells() {
        let oid: u32 = cells.take()?;
        if let Some(parent) = cells.take::<Option<u32>>()? {
            part_of.insert(oid, parent);
        }
    }
    let top = |(oid, parent): (&u32, &u32)| {
        let mut top = *parent;
        while let Some(above) = part_of.get(&top) {
            top = *above;
        }
        (*oid, top)
    };
    let of_partitions = part_of.iter().flat_map(|(oid, parent)| [*oid, *parent]).collect();
    Ok((part_of.iter().map(top).collect(), of_partitions))
}

/// By the index's number and the key's place, from 1.
fn key_details(answer: &Answer) -> Result<HashMap<(u32, usize), KeyDetail<'_>>, Error> {
    let mut details = HashMap::with_capacity(answer.len());
    for mut cells in answer.cells() {
        let index: u32 = cells.take()?;
        let place = usize::try_from(cells.take::<i16>()?).unwrap_or_default();
        let detail = KeyDetail {
            stored_type: cells.take()?,
            expression: cells.take()?,
            name: cells.take()?,
            has_own_collation: cells.take::<Option<bool>>()?.unwrap_or_default(),
            options: cells.list()?,
            statistics: cells.take()?,
        };
        details.insert((index, place), detail);
    }
    Ok(details)
}

/// The class where it is not the default; always, where it has options, for
/// they are written behind it.
fn operator_class(class: &str, is_default: bool, options: &[&str]) -> Option<String> {
    if options.is_empty() {
        return (!is_default).then(|| class.to_owned());
    }
    let mut options: Vec<String> = options.iter().map(|option| quoted_option(option)).collect();
    options.sort();
    Some(format!("{class} ({})", options.join(", ")))
}

/// `siglen=32` as SQL takes it: `siglen='32'`.
fn quoted_option(option: &str) -> String {
    match option.split_once('=') {
        Some((name, value)) => format!("{name}='{}'", value.replace('\'', "''")),
        None => option.to_owned(),
    }
}

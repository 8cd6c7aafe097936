//! Indexes, those behind keys included until `constraints` takes them out.

use std::collections::HashMap;

use super::Error;
use super::columns::Columns;
use super::operator_classes::{KeyType, OperatorClasses};
use super::pipeline::{Answer, Query};
use super::relations::Relations;
use crate::codegen::manifest::{Index, IndexKey, Nulls};

pub(super) const INDEXES: Query = Query { what: "indexes", sql: include_str!("sql/indexes.sql") };
pub(super) const INDEX_KEYS: Query = Query { what: "index keys", sql: include_str!("sql/index_keys.sql") };
pub(super) const COLLATIONS: Query = Query { what: "collations", sql: include_str!("sql/collations.sql") };

/// By object number.
pub(super) type Indexes = HashMap<u32, RelationIndex>;

/// An index with the number of the table or materialised view that it is on.
pub(super) struct RelationIndex {
    relation: u32,
    pub index: Index,
}

/// The answers that an index is put together from.
pub(super) struct IndexAnswers<'a> {
    pub indexes: &'a Answer,
    pub keys: &'a Answer,
    pub collations: &'a Answer,
}

/// What there is to say of one key beyond its column and operator class.
struct KeyDetail<'a> {
    stored_type: u32,
    expression: Option<&'a str>,
    has_own_collation: bool,
    options: Vec<&'a str>,
    statistics: Option<i32>,
}

/// indoption's bits, as the server's pg_index.h has them.
const DESCENDING: i16 = 1;
const NULLS_FIRST: i16 = 2;

/// Reads the indexes; a table whose replica identity is one of them is told.
pub(super) fn read(
    answers: &IndexAnswers<'_>,
    classes: &OperatorClasses,
    columns: &Columns,
    relations: &mut Relations,
) -> Result<Indexes, Error> {
    let details = key_details(answers.keys)?;
    let collations: HashMap<u32, &str> =
        answers.collations.cells().map(|mut cells| Ok((cells.take()?, cells.take()?))).collect::<Result<_, Error>>()?;
    let mut indexes = Indexes::with_capacity(answers.indexes.len());
    for mut cells in answers.indexes.cells() {
        let oid: u32 = cells.take()?;
        let relation: u32 = cells.take()?;
        let Some(owner) = relations.get_mut(&relation) else { continue };
        let name: String = cells.take()?;
        let method: &str = cells.take()?;
        let unique: bool = cells.take()?;
        let valid: bool = cells.take()?;
        if cells.take()?
            && let Some(table) = owner.table_mut()
        {
            table.replica_identity_index = Some(name.clone());
        }
        let nulls_not_distinct: bool = cells.take()?;
        let key_count = usize::try_from(cells.take::<i32>()?).unwrap_or_default();
        let numbers: Vec<i16> = cells.take()?;
        let (key_numbers, included) = numbers.split_at_checked(key_count).unwrap_or((&numbers, &[]));
        let orders: Vec<i16> = cells.take()?;
        let key_classes: Vec<u32> = cells.take()?;
        let key_collations: Vec<u32> = cells.take()?;
        let mut keys = Vec::with_capacity(key_count);
        for (place, number) in key_numbers.iter().enumerate() {
            let detail = details.get(&(oid, place + 1));
            let column = columns.get(relation, *number);
            let order = orders.get(place).copied().unwrap_or_default();
            let collation_oid = key_collations.get(place).copied().unwrap_or_default();
            let has_own_collation = match column {
                Some(column) => collation_oid != 0 && collation_oid != column.collation_oid,
                None => detail.is_some_and(|detail| detail.has_own_collation),
            };
            let type_of_key = match column {
                Some(column) => KeyType::Column(column.type_oid),
                None => KeyType::Stored(detail.map_or(0, |detail| detail.stored_type)),
            };
            let class = key_classes.get(place).and_then(|class| classes.look_up(*class, type_of_key));
            let expression = detail.and_then(|detail| detail.expression);
            let column = match (column, expression) {
                (None, Some(_)) => None,
                _ => Some(columns.name(relation, *number)?),
            };
            keys.push(IndexKey {
                column,
                expression: expression.map(str::to_owned),
                collation: collations
                    .get(&collation_oid)
                    .filter(|_| has_own_collation)
                    .map(|collation| (*collation).to_owned()),
                operator_class: class.and_then(|(class, is_default)| {
                    operator_class(class, is_default, detail.map_or(&[], |detail| &detail.options))
                }),
                descending: order & DESCENDING != 0,
                nulls: match (order & DESCENDING != 0, order & NULLS_FIRST != 0) {
                    (false, true) => Some(Nulls::First),
                    (true, false) => Some(Nulls::Last),
                    _ => None,
                },
                statistics: detail.and_then(|detail| detail.statistics),
            });
        }
        let index = Index {
            name,
            method: (method != "btree").then(|| method.to_owned()),
            unique,
            nulls_not_distinct,
            keys,
            include: columns.names(relation, included)?,
            predicate: cells.take()?,
            options: cells.options()?,
            tablespace: cells.take()?,
            invalid: !valid,
            comment: cells.take()?,
        };
        indexes.insert(oid, RelationIndex { relation, index });
    }
    Ok(indexes)
}

/// Puts the indexes that no constraint has taken where they belong.
pub(super) fn attach(indexes: Indexes, relations: &mut Relations) {
    for RelationIndex { relation, index } in indexes.into_values() {
        if let Some(indexes) = relations.get_mut(&relation).and_then(|relation| relation.indexes_mut()) {
            indexes.push(index);
        }
    }
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

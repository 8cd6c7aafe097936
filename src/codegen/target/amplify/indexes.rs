//! Postgres' indexes as `@index`, as far as the transformer takes them.

use std::collections::BTreeSet;

use crate::codegen::loss::{Code, Finding};
use crate::codegen::manifest::Index;
use crate::codegen::target::amplify::findings;
use crate::codegen::target::amplify::objects::Object;
use crate::codegen::target::amplify::options::Strategy;
use crate::codegen::target::amplify::relations::{INDEX_LIMIT, Link};
use crate::codegen::target::amplify::type_map::Base;

/// An index of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelIndex<'m> {
    pub name: String,
    /// The path of the index or constraint.
    pub path: String,
    /// The first and its sort keys.
    pub columns: Vec<&'m str>,
    pub unique: bool,
}

/// The indexes of one model, by name; `links` are those that start at it.
pub fn indexes<'m>(
    object: &Object<'m>,
    links: &[Link<'m>],
    strategy: Strategy,
    findings: &mut Vec<Finding>,
) -> Vec<ModelIndex<'m>> {
    let (Some(table), Some(key)) = (object.table, &object.key) else { return Vec::new() };
    let mut found: Vec<ModelIndex<'m>> = Vec::new();
    for unique in &table.unique {
        let name =
            if unique.name.is_empty() { format!("{}_key", unique.columns.join("_")) } else { unique.name.clone() };
        let path = object.member(&name);
        let mut columns: Vec<&str> = Vec::new();
        unique.columns.iter().filter_map(|column| object.column(column)).for_each(|column| columns.push(&column.name));
        found.push(ModelIndex { name, path, columns, unique: true });
    }
    for index in &table.indexes {
        let path = object.member(&index.name);
        match plain(object, index) {
            Ok(columns) => found.push(ModelIndex { name: index.name.clone(), path, columns, unique: index.unique }),
            Err((code, reason)) => findings.push(Finding::new(code, path, reason)),
        }
    }
    let is_key = |columns: &[&str]| {
        columns.len() == key.columns.len() && columns.iter().all(|column| key.columns.contains(column))
    };
    if strategy == Strategy::Dynamodb {
        let partial = table.indexes.iter().filter(|index| index.unique && index.predicate.is_some());
        let unique = found.iter().filter(|index| index.unique && !is_key(&index.columns));
        let unique = unique.map(|index| index.path.clone()).chain(partial.map(|index| object.member(&index.name)));
        findings
            .extend(unique.map(|path| Finding::new(&findings::NO_UNIQUENESS, path, "DynamoDB knows no unique index")));
    }
    for index in &mut found {
        let mut seen = BTreeSet::new();
        index.columns.retain(|column| seen.insert(*column));
    }
    // What the key or a relation serves already is no loss.
    found.retain(|index| !key.columns.starts_with(&index.columns) && !is_key(&index.columns));
    if strategy == Strategy::Dynamodb {
        found.retain(|index| !links.iter().any(|link| link.references == index.columns));
    }
    found.retain(|index| match refused(object, index, strategy) {
        Some(reason) => {
            findings.push(Finding::new(&findings::NO_INDEX, index.path.clone(), reason));
            false
        }
        None => true,
    });
    // The most useful first: a unique one finds a record, a narrow one serves
    // more queries than a wide one.
    found.sort_by(|a, b| (!a.unique, a.columns.len(), &a.name).cmp(&(!b.unique, b.columns.len(), &b.name)));
    let mut seen = BTreeSet::new();
    found.retain(|index| seen.insert(index.columns.clone()));
    if strategy == Strategy::Dynamodb {
        let taken = links.len();
        for dropped in found.split_off(INDEX_LIMIT.saturating_sub(taken).min(found.len())) {
            let why = format!("{taken} relations and more useful indexes take the table's 20");
            findings.push(Finding::new(&findings::TOO_MANY_INDEXES, dropped.path, why));
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

/// The columns of an index over columns alone, or what else it is.
fn plain<'m>(object: &Object<'m>, index: &'m Index) -> Result<Vec<&'m str>, (&'static Code, String)> {
    if index.invalid {
        return Err((&findings::NO_INDEX, "it is invalid".into()));
    }
    if !matches!(index.method(), "btree" | "hash") {
        return Err((&findings::NO_INDEX, format!("its method is {}", index.method())));
    }
    if let Some(predicate) = index.predicate.as_deref() {
        return Err((&findings::PARTIAL_INDEX, format!("it holds only the rows WHERE {predicate}")));
    }
    let mut columns = Vec::new();
    for key in &index.keys {
        match (&key.column, &key.expression) {
            (Some(column), _) => {
                let Some(column) = object.column(column) else {
                    return Err((&findings::NO_INDEX, format!("there is no column `{column}`")));
                };
                columns.push(column.name.as_str());
            }
            (None, expression) => {
                let text = expression.as_deref().unwrap_or_default();
                return Err((&findings::EXPRESSION_INDEX, format!("it is over {text}")));
            }
        }
    }
    Ok(columns)
}

/// Why the transformer would refuse the index.
fn refused(object: &Object<'_>, index: &ModelIndex<'_>, strategy: Strategy) -> Option<String> {
    let key = object.key.as_ref()?;
    let [first, sort_keys @ ..] = index.columns.as_slice() else { return Some("it has no columns".into()) };
    let boolean = |column: &&str| object.types[*column].base == Base::Boolean;
    if let Some(list) = index.columns.iter().find(|column| object.types[**column].list) {
        return Some(format!("`{list}` is an array"));
    }
    if strategy == Strategy::Dynamodb
        && let Some(column) = index.columns.iter().find(|column| boolean(column))
    {
        return Some(format!("`{column}` is boolean, which DynamoDB cannot index"));
    }
    if let [only] = sort_keys
        && boolean(only)
    {
        return Some(format!("`{only}` is boolean, which cannot be the only sort key"));
    }
    if key.columns.len() == 1 && key.columns[0] == *first {
        return Some(format!("it begins with `{first}`, which is the primary key"));
    }
    None
}

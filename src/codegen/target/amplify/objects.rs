//! The tables and views of a manifest as one list: what may become a type.

use std::collections::{BTreeMap, BTreeSet};

use crate::codegen::catalog::Catalog;
use crate::codegen::loss::Finding;
use crate::codegen::manifest::{Column, Table, ViewKind};
use crate::codegen::target::CastError;
use crate::codegen::target::amplify::findings;
use crate::codegen::target::amplify::options::{AmplifyOptions, Strategy, TableOptions};
use crate::codegen::target::amplify::type_map::{FieldType, field_type, part, path};

/// A table or view.
pub struct Object<'m> {
    /// Its identity everywhere in this target: `schema.name`.
    pub path: String,
    pub schema: &'m str,
    pub name: &'m str,
    pub comment: Option<&'m str>,
    /// In order, each name once.
    pub columns: Vec<&'m Column>,
    /// By column.
    pub types: BTreeMap<&'m str, FieldType>,
    /// `None` for a view.
    pub table: Option<&'m Table>,
    /// The key that makes a model of it; `None` for a plain type.
    pub key: Option<ModelKey<'m>>,
}

/// The columns that tell a model's records apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelKey<'m> {
    /// In the order of `@primaryKey`: the first, then its sort keys.
    pub columns: Vec<&'m str>,
    /// Declared in project.yaml: nothing says that it is one, so the model is
    /// for reading only.
    pub read_only: bool,
}

impl<'m> Object<'m> {
    pub fn is_model(&self) -> bool {
        self.key.is_some()
    }

    pub fn column(&self, name: &str) -> Option<&'m Column> {
        self.columns.iter().find(|column| column.name == name).copied()
    }

    /// The path of one of its columns or constraints.
    pub fn member(&self, name: &str) -> String {
        format!("{}.{}", self.path, part(name))
    }

    /// Whether the column is in the model's key.
    pub fn in_key(&self, column: &str) -> bool {
        self.key.as_ref().is_some_and(|key| key.columns.contains(&column))
    }

    /// Whether the column may not be null: by itself, its domain or the key.
    pub fn required(&self, column: &str) -> bool {
        self.in_key(column)
            || self.column(column).is_some_and(|column| column.not_null)
            || self.types.get(column).is_some_and(|field| field.domain_not_null)
            || self
                .table
                .and_then(|table| table.primary_key.as_ref())
                .is_some_and(|key| key.columns.iter().any(|name| name == column))
    }
}

/// Every table and view that has columns, by path, with its key chosen.
///
/// # Errors
/// Where project.yaml declares a key or rules for what is not there.
pub fn objects<'m>(
    catalog: &'m Catalog<'m>,
    options: &AmplifyOptions,
    findings: &mut Vec<Finding>,
) -> Result<Vec<Object<'m>>, CastError> {
    let mut objects = Vec::new();
    let mut empty = BTreeSet::new();
    let mut add = |schema: &'m str, name: &'m str, comment: &'m Option<String>, columns: &'m [Column], table| {
        let path = path(schema, name);
        if columns.is_empty() {
            findings.push(Finding::new(&findings::NO_COLUMNS, path.clone(), "GraphQL has no type without fields"));
            empty.insert(path);
            return;
        }
        let mut seen = BTreeSet::new();
        let columns: Vec<&Column> = columns.iter().filter(|column| seen.insert(&column.name)).collect();
        let types = columns
            .iter()
            .map(|column| (column.name.as_str(), field_type(catalog, &column.type_name, options.bigint)))
            .collect();
        let comment = comment.as_deref();
        objects.push(Object { path, schema, name, comment, columns, types, table, key: None });
    };
    for (schema, table) in catalog.tables() {
        add(&schema.name, &table.name, &table.comment, &table.columns, Some(table));
    }
    for (schema, view, _) in catalog.views() {
        add(&schema.name, &view.name, &view.comment, &view.columns, None);
    }
    objects.sort_by(|a, b| (a.schema, a.name).cmp(&(b.schema, b.name)));
    objects.dedup_by(|a, b| a.path == b.path);
    for declared in options.tables.keys() {
        if !objects.iter().any(|object| object.path == *declared) && !empty.contains(declared) {
            let known = objects.iter().map(|object| object.path.clone());
            let nearest = crate::codegen::names::nearest(declared, known);
            let hint = nearest.map(|near| format!(" (did you mean `{near}`?)")).unwrap_or_default();
            let reason = format!(
                "project.yaml has options for `amplify.tables.{declared}`, but the manifest has no such table or view{hint}"
            );
            return Err(CastError::impossible(&findings::BAD_OPTION, reason));
        }
    }
    for object in &mut objects {
        let table_options = options.tables.get(&object.path);
        object.key = key(object, table_options, options.strategy, findings)?;
    }
    let kinds: BTreeMap<String, ViewKind> =
        catalog.views().map(|(schema, view, kind)| (path(&schema.name, &view.name), kind)).collect();
    for object in objects.iter().filter(|object| !object.is_model()) {
        if let Some(kind) = kinds.get(&object.path).filter(|_| object.table.is_none()) {
            let kind = if *kind == ViewKind::View { "view" } else { "materialized view" };
            findings.push(Finding::new(&findings::VIEW, object.path.clone(), format!("a {kind} has no key")));
        }
    }
    Ok(objects)
}

/// The key that makes a model of the object: its primary key, else one that
/// project.yaml declares, else a unique key without nullable columns.
fn key<'m>(
    object: &Object<'m>,
    options: Option<&TableOptions>,
    strategy: Strategy,
    findings: &mut Vec<Finding>,
) -> Result<Option<ModelKey<'m>>, CastError> {
    let mut obstacles = Vec::new();
    if let Some(primary) = object.table.and_then(|table| table.primary_key.as_ref()) {
        match usable(object, &primary.columns, strategy) {
            Ok(columns) => return Ok(Some(ModelKey { columns, read_only: false })),
            Err(reason) => obstacles.push(format!("the primary key cannot be used: {reason}")),
        }
    }
    if let Some(declared) = options.map(|options| &options.key).filter(|key| !key.is_empty()) {
        return match usable(object, declared, strategy) {
            Ok(columns) => Ok(Some(ModelKey { columns, read_only: true })),
            Err(reason) => {
                let reason = format!("`amplify.tables.{}.key` in project.yaml cannot be used: {reason}", object.path);
                Err(CastError::impossible(&findings::BAD_OPTION, reason))
            }
        };
    }
    let Some(table) = object.table else { return Ok(None) };
    let constraints = table.unique.iter().map(|key| (key.name.as_str(), key.columns.clone()));
    let indexes = table.indexes.iter().filter(|index| index.unique && index.predicate.is_none()).filter_map(|index| {
        let columns: Option<Vec<String>> = index.keys.iter().map(|key| key.column.clone()).collect();
        columns.map(|columns| (index.name.as_str(), columns))
    });
    let mut candidates: Vec<(&str, Vec<String>)> = constraints.chain(indexes).collect();
    // The narrowest first: it is the likeliest to be what identifies a row.
    candidates.sort_by(|a, b| (a.1.len(), a.0, &a.1).cmp(&(b.1.len(), b.0, &b.1)));
    for (name, columns) in candidates {
        if !columns.iter().all(|column| object.required(column)) {
            continue;
        }
        if let Ok(columns) = usable(object, &columns, strategy) {
            let why = format!("there is no usable primary key, so `{name}` ({}) serves", columns.join(", "));
            findings.push(Finding::new(&findings::UNIQUE_AS_KEY, object.path.clone(), why));
            return Ok(Some(ModelKey { columns, read_only: false }));
        }
    }
    if obstacles.is_empty() {
        obstacles.push("it has neither a primary key nor a unique key of NOT NULL columns".into());
    }
    findings.push(Finding::new(&findings::NO_KEY, object.path.clone(), obstacles.join("; ")));
    Ok(None)
}

/// The columns as a key that the transformer accepts, or why they are none.
fn usable<'m>(object: &Object<'m>, wanted: &[String], strategy: Strategy) -> Result<Vec<&'m str>, String> {
    let mut columns: Vec<&'m str> = Vec::new();
    for name in wanted {
        let column = object.column(name).ok_or_else(|| format!("there is no column `{name}`"))?;
        let field = &object.types[name.as_str()];
        if field.list {
            return Err(format!("`{name}` is an array"));
        }
        if !columns.contains(&column.name.as_str()) {
            columns.push(&column.name);
        }
    }
    let boolean = |column: &str| object.types[column].base == crate::codegen::target::amplify::type_map::Base::Boolean;
    match columns.as_slice() {
        [] => Err("it has no columns".into()),
        // A single sort key may not be a Boolean. SQL does not mind the order,
        // and on DynamoDB a key's Boolean becomes a String.
        [first, second] if strategy == Strategy::Postgres && boolean(second) => {
            if boolean(first) {
                Err("both of its columns are boolean".into())
            } else {
                Ok(vec![*second, *first])
            }
        }
        _ => Ok(columns),
    }
}

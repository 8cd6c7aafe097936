//! What contradicts itself in a manifest: an object that is there twice, a
//! foreign key to nothing, a key of columns that are not there, a type that
//! does not exist.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::{ForeignKey, Index, Manifest, Schema, Table};
use crate::codegen::catalog::{Catalog, UnknownType};
use crate::codegen::document::Path;
use crate::codegen::names::nearest;

/// Every contradiction, with the path of the object that it is in. None for a
/// manifest that a database gave.
pub fn verify(manifest: &Manifest) -> Vec<(Path, String)> {
    let catalog = Catalog::new(manifest);
    let mut verification = Verification { catalog: &catalog, known_types: HashSet::new(), faults: Vec::new() };
    let schemas = Path::default().key("schemas");
    let names = manifest.schemas.iter().enumerate();
    verification.once(
        "schema",
        "",
        names.map(|(at, schema)| (schema.name.as_str().into(), Spot::of("schemas", at))),
        &Path::default(),
    );
    for (at, schema) in manifest.schemas.iter().enumerate() {
        verification.schema(schema, &schemas.index(at));
    }
    verification.faults
}

struct Verification<'c, 'm> {
    catalog: &'c Catalog<'m>,
    /// Names of types that mean something: most columns share a few.
    known_types: HashSet<&'m str>,
    faults: Vec<(Path, String)>,
}

/// A place in a list, or in a list of what is in a list, or what there is one
/// of. The path is made where there is a fault.
#[derive(Clone, Copy)]
struct Spot {
    key: &'static str,
    at: Option<usize>,
    inner: Option<(&'static str, usize)>,
}

impl Spot {
    fn of(list: &'static str, at: usize) -> Self {
        Self { key: list, at: Some(at), inner: None }
    }

    fn path(self, base: &Path) -> Path {
        let path = base.key(self.key);
        let path = self.at.map_or(path.clone(), |at| path.index(at));
        match self.inner {
            Some((list, at)) => path.key(list).index(at),
            None => path,
        }
    }
}

/// The items of a list by their names, each with its place.
fn named<'i, T>(
    list: &'static str,
    items: &'i [T],
    name: impl Fn(&'i T) -> &'i str,
) -> impl Iterator<Item = (Cow<'i, str>, Spot)> {
    items.iter().enumerate().map(move |(at, item)| (name(item).into(), Spot::of(list, at)))
}

impl<'m> Verification<'_, 'm> {
    fn schema(&mut self, schema: &'m Schema, path: &Path) {
        self.names(schema, path);
        for (at, table) in schema.tables.iter().enumerate() {
            self.table(schema, table, &path.key("tables").index(at));
        }
        for (list, views) in [("views", &schema.views), ("materialized_views", &schema.materialized_views)] {
            for (at, view) in views.iter().enumerate() {
                let path = path.key(list).index(at);
                self.columns(&format!("{}.{}.", schema.name, view.name), &view.columns, &path);
            }
        }
        for (at, domain) in schema.domains.iter().enumerate() {
            let object = || format!("{}.{}", schema.name, domain.name);
            self.type_name(&domain.type_name, object, || path.key("domains").index(at).key("type"));
        }
        for (at, composite) in schema.composites.iter().enumerate() {
            for (attribute_at, attribute) in composite.attributes.iter().enumerate() {
                let path = || path.key("composites").index(at).key("attributes").index(attribute_at).key("type");
                let object = || format!("{}.{}.{}", schema.name, composite.name, attribute.name);
                self.type_name(&attribute.type_name, object, path);
            }
        }
        for (at, range) in schema.ranges.iter().enumerate() {
            let object = || format!("{}.{}", schema.name, range.name);
            self.type_name(&range.subtype, object, || path.key("ranges").index(at).key("subtype"));
        }
    }

    /// Relations and indexes share one name space of their schema, types and
    /// relations another (pg_class, pg_type).
    fn names(&mut self, schema: &Schema, path: &Path) {
        let prefix = format!("{}.", schema.name);
        let views = || {
            let views = named("views", &schema.views, |view| &view.name);
            views.chain(named("materialized_views", &schema.materialized_views, |view| &view.name))
        };
        let tables_and_indexes = schema.tables.iter().enumerate().flat_map(|(at, table)| {
            let spot = Spot::of("tables", at);
            let indexes = table.indexes.iter().enumerate().map(move |(index_at, index)| {
                (Cow::from(index.name.as_str()), Spot { inner: Some(("indexes", index_at)), ..spot })
            });
            std::iter::once((Cow::from(table.name.as_str()), spot)).chain(indexes)
        });
        let sequences = named("sequences", &schema.sequences, |sequence| &sequence.name);
        self.once("relation", &prefix, tables_and_indexes.chain(views()).chain(sequences), path);
        // Two relations of one name are reported above, once is enough.
        let mut relations: HashSet<Cow<'_, str>> = HashSet::new();
        let relations = named("tables", schema.tables.shared(), |table| &table.name)
            .chain(views())
            .filter(|(name, _)| relations.insert(name.clone()));
        let own_types = named("enums", &schema.enums, |item| &item.name)
            .chain(named("domains", &schema.domains, |item| &item.name))
            .chain(named("composites", &schema.composites, |item| &item.name))
            .chain(named("ranges", &schema.ranges, |item| &item.name));
        self.once("type", &prefix, relations.chain(own_types), path);
        let functions = schema.functions.iter().enumerate();
        let functions = functions.map(|(at, item)| (Cow::from(item.signature()), Spot::of("functions", at)));
        self.once("function", &prefix, functions, path);
        for (at, item) in schema.enums.iter().enumerate() {
            let labels = named("labels", &item.labels, |label| label);
            self.once("label", &format!("{prefix}{}: ", item.name), labels, &path.key("enums").index(at));
        }
    }

    /// Reports every name that stands there a second time, with what stands
    /// before it. The spots are below `base`.
    fn once<'n>(&mut self, kind: &str, prefix: &str, named: impl Iterator<Item = (Cow<'n, str>, Spot)>, base: &Path) {
        let mut seen: HashMap<Cow<'n, str>, Spot> = HashMap::new();
        for (name, spot) in named {
            match seen.get(&name) {
                Some(first) => {
                    let first = first.path(base);
                    let message = format!("{kind} `{prefix}{name}` is there twice; the first is {first}");
                    self.faults.push((spot.path(base), message));
                }
                None => drop(seen.insert(name, spot)),
            }
        }
    }

    fn table(&mut self, schema: &Schema, table: &'m Table, path: &Path) {
        let object = format!("{}.{}", schema.name, table.name);
        let prefix = format!("{object}.");
        self.columns(&prefix, &table.columns, path);
        if let Some(key) = &table.primary_key {
            self.known_columns(table, &object, || "primary key".to_owned(), &key.columns, || path.key("primary_key"));
        }
        for (at, key) in table.unique.iter().enumerate() {
            let what = || format!("unique constraint `{}`", key.name);
            self.known_columns(table, &object, what, &key.columns, || path.key("unique").index(at));
        }
        for (at, foreign_key) in table.foreign_keys.iter().enumerate() {
            self.foreign_key(table, &object, foreign_key, || path.key("foreign_keys").index(at));
        }
        self.constraints(table, &prefix, path);
        for (at, index) in table.indexes.iter().enumerate() {
            self.index(table, &object, index, || path.key("indexes").index(at));
        }
        self.once("trigger", &prefix, named("triggers", &table.triggers, |trigger| &trigger.name), path);
        self.once("policy", &prefix, named("policies", &table.policies, |policy| &policy.name), path);
    }

    /// A table's constraints of all kinds share their names.
    fn constraints(&mut self, table: &Table, prefix: &str, path: &Path) {
        // A table has one primary key, which is no item of a list.
        let primary_key = Spot { key: "primary_key", at: None, inner: None };
        let primary_key = table.primary_key.iter().map(|key| (key.name.as_str().into(), primary_key));
        let all = primary_key
            .chain(named("unique", &table.unique, |key| &key.name))
            .chain(named("foreign_keys", &table.foreign_keys, |key| &key.name))
            .chain(named("checks", &table.checks, |check| &check.name))
            .chain(named("exclusions", &table.exclusions, |exclusion| &exclusion.name));
        self.once("constraint", prefix, all.filter(|(name, _): &(Cow<'_, str>, Spot)| !name.is_empty()), path);
    }

    fn columns(&mut self, prefix: &str, columns: &'m [super::Column], path: &Path) {
        self.once("column", prefix, named("columns", columns, |column| &column.name), path);
        for (at, column) in columns.iter().enumerate() {
            let name = || format!("{prefix}{}", column.name);
            self.type_name(&column.type_name, name, || path.key("columns").index(at).key("type"));
        }
    }

    fn index(&mut self, table: &Table, object: &str, index: &Index, path: impl Fn() -> Path) {
        let what = || format!("index `{}`", index.name);
        let columns = index.keys.iter().filter_map(|key| key.column.as_ref());
        self.known_columns(table, object, what, columns, &path);
        for (at, key) in index.keys.iter().enumerate() {
            if key.column.is_some() == key.expression.is_some() {
                let message = format!(
                    "a key of index `{}` of {object} has a column or an expression, one of the two",
                    index.name
                );
                self.faults.push((path().key("keys").index(at), message));
            }
        }
    }

    fn known_columns<'n>(
        &mut self,
        table: &Table,
        object: &str,
        what: impl Fn() -> String,
        columns: impl IntoIterator<Item = &'n String>,
        path: impl Fn() -> Path,
    ) {
        for column in columns.into_iter().filter(|column| table.column(column).is_none()) {
            let near = nearest(column, table.columns.iter().map(|known| known.name.clone()));
            let (what, hint) = (what(), hint(near));
            let message = format!("{what} of {object} names the column `{column}`, which is not there{hint}");
            self.faults.push((path(), message));
        }
    }

    fn foreign_key(&mut self, table: &Table, object: &str, foreign_key: &ForeignKey, path: impl Fn() -> Path) {
        let what = || format!("foreign key `{}`", foreign_key.name);
        self.known_columns(table, object, what, &foreign_key.columns, &path);
        let references = &foreign_key.references;
        if foreign_key.columns.len() != references.columns.len() {
            let (own, theirs) = (foreign_key.columns.len(), references.columns.len());
            let message = format!("{} of {object} has {own} columns and refers to {theirs}", what());
            self.faults.push((path(), message));
        }
        if self.catalog.is_left_out(&references.schema) {
            return;
        }
        let target = || format!("{}.{}", references.schema, references.table);
        match self.catalog.table(&references.schema, &references.table) {
            Some(parent) if references.columns.iter().all(|column| parent.column(column).is_some()) => {}
            Some(parent) => {
                let what = || format!("{} of {object}, which refers to {},", what(), target());
                self.known_columns(parent, &target(), what, &references.columns, || path().key("references"));
            }
            None => {
                let (what, target) = (what(), target());
                let near = nearest(
                    &target,
                    self.catalog.tables().map(|(schema, table)| format!("{}.{}", schema.name, table.name)),
                );
                let way_out = match &near {
                    None => format!(
                        " (a schema that is not described here belongs under `left_out`: `- {{schema: {}, reason: …}}`)",
                        references.schema
                    ),
                    Some(_) => String::new(),
                };
                self.faults.push((
                    path().key("references"),
                    format!(
                        "{what} of {object} refers to the table {target}, which is not there{}{way_out}",
                        hint(near)
                    ),
                ));
            }
        }
    }

    fn type_name(&mut self, text: &'m str, object: impl Fn() -> String, path: impl Fn() -> Path) {
        if self.known_types.contains(text) {
            return;
        }
        let message = match self.catalog.look_up(text) {
            Ok(_) => {
                self.known_types.insert(text);
                return;
            }
            Err(UnknownType::Malformed(error)) => format!("`{text}` is not a type: {error}"),
            Err(UnknownType::Cycle) => format!("the domain `{text}` is based on itself"),
            Err(UnknownType::NotFound { nearest: Some(near) }) => {
                format!("there is no type `{text}`; did you mean `{near}`?")
            }
            Err(UnknownType::NotFound { nearest: None }) => format!(
                "there is no type `{text}`: it is not Postgres' own, not in this manifest, and no extension lists it under `types`"
            ),
        };
        self.faults.push((path(), format!("{}: {message}", object())));
    }
}

fn hint(near: Option<String>) -> String {
    near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
}

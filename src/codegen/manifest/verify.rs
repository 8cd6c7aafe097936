//! What contradicts itself in a manifest: an object that is there twice, a
//! foreign key to nothing, a key of columns that are not there, a type that
//! does not exist.

use std::collections::{BTreeMap, HashSet};

use super::{ForeignKey, Index, Manifest, Schema, Table};
use crate::codegen::catalog::{Catalog, UnknownType};
use crate::codegen::document::{Path, Step};
use crate::codegen::names::nearest;

/// Every contradiction, with the path of the object that it is in. None for a
/// manifest that a database gave.
pub fn verify(manifest: &Manifest) -> Vec<(Path, String)> {
    let catalog = Catalog::new(manifest);
    let mut verification = Verification { catalog: &catalog, faults: Vec::new() };
    let schemas = Path::default().key("schemas");
    verification.once(
        "schema",
        manifest.schemas.iter().enumerate().map(|(at, schema)| (schema.name.clone(), schemas.index(at))),
    );
    for (at, schema) in manifest.schemas.iter().enumerate() {
        verification.schema(schema, &schemas.index(at));
    }
    verification.faults
}

struct Verification<'c, 'm> {
    catalog: &'c Catalog<'m>,
    faults: Vec<(Path, String)>,
}

impl Verification<'_, '_> {
    fn schema(&mut self, schema: &Schema, path: &Path) {
        self.names(schema, path);
        for (at, table) in schema.tables.iter().enumerate() {
            self.table(schema, table, &path.key("tables").index(at));
        }
        for (list, views) in [("views", &schema.views), ("materialized_views", &schema.materialized_views)] {
            for (at, view) in views.iter().enumerate() {
                let path = path.key(list).index(at);
                self.columns(&format!("{}.{}", schema.name, view.name), &view.columns, &path);
            }
        }
        for (at, domain) in schema.domains.iter().enumerate() {
            let path = || path.key("domains").index(at).key("type");
            self.type_name(&domain.type_name, || format!("{}.{}", schema.name, domain.name), path);
        }
        for (at, composite) in schema.composites.iter().enumerate() {
            for (attribute_at, attribute) in composite.attributes.iter().enumerate() {
                let path = || path.key("composites").index(at).key("attributes").index(attribute_at).key("type");
                let object = || format!("{}.{}.{}", schema.name, composite.name, attribute.name);
                self.type_name(&attribute.type_name, object, path);
            }
        }
        for (at, range) in schema.ranges.iter().enumerate() {
            let path = || path.key("ranges").index(at).key("subtype");
            self.type_name(&range.subtype, || format!("{}.{}", schema.name, range.name), path);
        }
    }

    /// Relations and indexes share one name space of their schema, types and
    /// relations another (pg_class, pg_type).
    fn names(&mut self, schema: &Schema, path: &Path) {
        let at = |list: &str, index: usize| path.key(list).index(index);
        let name = |name: &str| format!("{}.{name}", schema.name);
        let mut relations = Vec::new();
        for (index, table) in schema.tables.iter().enumerate() {
            let table_path = at("tables", index);
            relations.push((name(&table.name), table_path.clone()));
            for (index_at, index) in table.indexes.iter().enumerate() {
                relations.push((name(&index.name), table_path.key("indexes").index(index_at)));
            }
        }
        for (list, views) in [("views", &schema.views), ("materialized_views", &schema.materialized_views)] {
            relations.extend(views.iter().enumerate().map(|(index, view)| (name(&view.name), at(list, index))));
        }
        let mut types = relations.iter().filter(|(_, path)| path.0.len() == 4).cloned().collect::<Vec<_>>();
        relations.extend(
            schema.sequences.iter().enumerate().map(|(index, item)| (name(&item.name), at("sequences", index))),
        );
        self.once("relation", relations.into_iter());
        types.extend(schema.enums.iter().enumerate().map(|(index, item)| (name(&item.name), at("enums", index))));
        types.extend(schema.domains.iter().enumerate().map(|(index, item)| (name(&item.name), at("domains", index))));
        types.extend(
            schema.composites.iter().enumerate().map(|(index, item)| (name(&item.name), at("composites", index))),
        );
        types.extend(schema.ranges.iter().enumerate().map(|(index, item)| (name(&item.name), at("ranges", index))));
        // Two relations of one name are reported above, once is enough.
        let own_types =
            |path: &Path| !matches!(&path.0[2], Step::Key(list) if list == "tables" || list.ends_with("views"));
        let (own, relations): (Vec<_>, Vec<_>) = types.into_iter().partition(|(_, path)| own_types(path));
        let distinct: BTreeMap<String, Path> = relations.into_iter().rev().collect();
        self.once("type", distinct.into_iter().chain(own));
        let functions = schema.functions.iter().enumerate();
        self.once("function", functions.map(|(index, item)| (name(&item.signature()), at("functions", index))));
        for (index, item) in schema.enums.iter().enumerate() {
            let labels = item.labels.iter().enumerate();
            let labels_path = at("enums", index).key("labels");
            self.once(
                "label",
                labels.map(|(label_at, label)| (format!("{}: {label}", name(&item.name)), labels_path.index(label_at))),
            );
        }
    }

    /// Reports every name that stands there a second time.
    fn once(&mut self, kind: &str, named: impl Iterator<Item = (String, Path)>) {
        let mut seen: BTreeMap<String, Path> = BTreeMap::new();
        for (name, path) in named {
            if let Some(first) = seen.get(&name) {
                self.faults.push((path, format!("{kind} `{name}` is there twice; the first is {first}")));
            } else {
                seen.insert(name, path);
            }
        }
    }

    fn table(&mut self, schema: &Schema, table: &Table, path: &Path) {
        let object = format!("{}.{}", schema.name, table.name);
        self.columns(&object, &table.columns, path);
        let mut constraints = Vec::new();
        if let Some(key) = &table.primary_key {
            let what = || "primary key".to_owned();
            self.known_columns(table, &object, what, key.columns.iter(), || path.key("primary_key"));
            constraints.push((key.name.clone(), path.key("primary_key")));
        }
        for (at, key) in table.unique.iter().enumerate() {
            let path = path.key("unique").index(at);
            let what = || format!("unique constraint `{}`", key.name);
            self.known_columns(table, &object, what, key.columns.iter(), || path.clone());
            constraints.push((key.name.clone(), path));
        }
        for (at, foreign_key) in table.foreign_keys.iter().enumerate() {
            let path = path.key("foreign_keys").index(at);
            self.foreign_key(table, &object, foreign_key, &path);
            constraints.push((foreign_key.name.clone(), path));
        }
        constraints.extend(
            table.checks.iter().enumerate().map(|(at, item)| (item.name.clone(), path.key("checks").index(at))),
        );
        constraints.extend(
            table.exclusions.iter().enumerate().map(|(at, item)| (item.name.clone(), path.key("exclusions").index(at))),
        );
        let named = constraints.into_iter().filter(|(name, _)| !name.is_empty());
        self.once("constraint", named.map(|(name, path)| (format!("{object}.{name}"), path)));
        for (at, index) in table.indexes.iter().enumerate() {
            self.index(table, &object, index, &path.key("indexes").index(at));
        }
        let triggers = table.triggers.iter().enumerate();
        self.once(
            "trigger",
            triggers.map(|(at, item)| (format!("{object}.{}", item.name), path.key("triggers").index(at))),
        );
        let policies = table.policies.iter().enumerate();
        self.once(
            "policy",
            policies.map(|(at, item)| (format!("{object}.{}", item.name), path.key("policies").index(at))),
        );
    }

    fn columns(&mut self, object: &str, columns: &[super::Column], path: &Path) {
        let path = path.key("columns");
        let distinct: HashSet<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        if distinct.len() < columns.len() {
            let named = columns.iter().enumerate();
            self.once("column", named.map(|(at, column)| (format!("{object}.{}", column.name), path.index(at))));
        }
        for (at, column) in columns.iter().enumerate() {
            let object = || format!("{object}.{}", column.name);
            self.type_name(&column.type_name, object, || path.index(at).key("type"));
        }
    }

    fn index(&mut self, table: &Table, object: &str, index: &Index, path: &Path) {
        let columns = index.keys.iter().filter_map(|key| key.column.as_ref());
        self.known_columns(table, object, || format!("index `{}`", index.name), columns, || path.clone());
        for (at, key) in index.keys.iter().enumerate() {
            if key.column.is_some() == key.expression.is_some() {
                let message = format!(
                    "a key of index `{}` of {object} has a column or an expression, one of the two",
                    index.name
                );
                self.faults.push((path.key("keys").index(at), message));
            }
        }
    }

    /// What names the columns, and where, is put together only where one is
    /// missing.
    fn known_columns<'c>(
        &mut self,
        table: &Table,
        object: &str,
        what: impl Fn() -> String,
        columns: impl Iterator<Item = &'c String>,
        path: impl Fn() -> Path,
    ) {
        for column in columns.filter(|column| table.column(column).is_none()) {
            let near = nearest(column, table.columns.iter().map(|known| known.name.clone()));
            let what = what();
            self.faults.push((
                path(),
                format!("{what} of {object} names the column `{column}`, which is not there{}", hint(near)),
            ));
        }
    }

    fn foreign_key(&mut self, table: &Table, object: &str, foreign_key: &ForeignKey, path: &Path) {
        let what = format!("foreign key `{}`", foreign_key.name);
        self.known_columns(table, object, || what.clone(), foreign_key.columns.iter(), || path.clone());
        let references = &foreign_key.references;
        if foreign_key.columns.len() != references.columns.len() {
            let (own, theirs) = (foreign_key.columns.len(), references.columns.len());
            self.faults.push((path.clone(), format!("{what} of {object} has {own} columns and refers to {theirs}")));
        }
        if self.catalog.is_left_out(&references.schema) {
            return;
        }
        let target = format!("{}.{}", references.schema, references.table);
        match self.catalog.table(&references.schema, &references.table) {
            Some(parent) => self.known_columns(
                parent,
                &target,
                || format!("{what} of {object}, which refers to {target},"),
                references.columns.iter(),
                || path.key("references"),
            ),
            None => {
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
                    path.key("references"),
                    format!(
                        "{what} of {object} refers to the table {target}, which is not there{}{way_out}",
                        hint(near)
                    ),
                ));
            }
        }
    }

    fn type_name(&mut self, text: &str, object: impl Fn() -> String, path: impl Fn() -> Path) {
        let Err(error) = self.catalog.look_up(text) else { return };
        let object = object();
        let message = match error {
            UnknownType::Malformed(error) => format!("{object}: `{text}` is not a type: {error}"),
            UnknownType::Cycle => format!("{object}: the domain `{text}` is based on itself"),
            UnknownType::NotFound { nearest: Some(near) } => {
                format!("{object}: there is no type `{text}`; did you mean `{near}`?")
            }
            UnknownType::NotFound { nearest: None } => format!(
                "{object}: there is no type `{text}`: it is not Postgres' own, not in this manifest, and no extension lists it under `types`"
            ),
        };
        self.faults.push((path(), message));
    }
}

fn hint(near: Option<String>) -> String {
    near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
}

//! The names of everything that the models hold: a module for each schema, and
//! in it a type for each object, told apart across kinds because the schema's
//! module re-exports them all.

use std::collections::{BTreeMap, BTreeSet};

use crate::codegen::catalog::Catalog;
use crate::codegen::loss::Finding;
use crate::codegen::manifest::Schema;

use super::findings::COLLISION;
use super::idents;

/// What a type stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Enum,
    Domain,
    Composite,
    Row,
    New,
    Update,
    Id,
    View,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Enum => "enum",
            Self::Domain => "domain",
            Self::Composite => "composite",
            Self::Row => "row",
            Self::New => "new",
            Self::Update => "update",
            Self::Id => "id",
            Self::View => "view",
        }
    }
}

/// The identifiers of modules and types.
pub(super) struct Names {
    modules: BTreeMap<String, String>,
    /// By schema, and by kind and object in it.
    types: BTreeMap<String, BTreeMap<String, String>>,
}

impl Names {
    pub fn new(catalog: &Catalog<'_>, findings: &mut Vec<Finding>) -> Self {
        let names: BTreeSet<&str> = catalog.manifest.schemas.iter().map(|schema| schema.name.as_str()).collect();
        let modules = idents::modules(names.into_iter());
        let mut types: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        for schema in &catalog.manifest.schemas {
            let wanted = wanted(schema);
            let assigned = idents::types(&wanted);
            for (key, ident) in &assigned {
                if let Some(first) = wanted[key].first()
                    && first != ident
                {
                    let name = key.split_once(' ').map_or("", |(_, name)| name);
                    let path = format!("{}.{name}", schema.name);
                    let reason = format!("`{first}` is wanted or taken by something else, so it is `{ident}`");
                    findings.push(Finding::new(&COLLISION, path, reason));
                }
            }
            types.entry(schema.name.clone()).or_default().extend(assigned);
        }
        Self { modules, types }
    }

    /// The schema's module, and with it its folder.
    pub fn module(&self, schema: &str) -> &str {
        self.modules.get(schema).map_or("unknown", String::as_str)
    }

    /// The type's own name.
    pub fn ident(&self, schema: &str, kind: Kind, name: &str) -> String {
        let of_schema = self.types.get(schema);
        let ident = of_schema.and_then(|types| types.get(&key(kind, name)));
        ident.cloned().unwrap_or_else(|| idents::pascal(name))
    }

    /// The type as a file of `from` names it.
    pub fn path(&self, from: &str, schema: &str, kind: Kind, name: &str) -> String {
        let ident = self.ident(schema, kind, name);
        if from == schema {
            format!("super::{ident}")
        } else {
            format!("super::super::{}::{ident}", idents::raw(self.module(schema)))
        }
    }
}

fn key(kind: Kind, name: &str) -> String {
    format!("{} {name}", kind.word())
}

/// What every type of a schema would like to be called, best first.
fn wanted(schema: &Schema) -> BTreeMap<String, Vec<String>> {
    let mut wanted = BTreeMap::new();
    let mut own = |kind: Kind, name: &str, suffix: &str| {
        let plain = idents::pascal(name);
        let spelled = idents::pascal(&idents::spelled(name));
        wanted.insert(
            key(kind, name),
            vec![plain.clone(), idents::suffixed(&plain, suffix), idents::suffixed(&spelled, suffix)],
        );
    };
    schema.enums.iter().for_each(|item| own(Kind::Enum, &item.name, "Enum"));
    schema.domains.iter().for_each(|item| own(Kind::Domain, &item.name, "Domain"));
    schema.composites.iter().for_each(|item| own(Kind::Composite, &item.name, "Composite"));
    let mut relation = |kind: Kind, name: &str, suffix: &str, of: &dyn Fn(&str) -> String| {
        let singular = idents::pascal_singular(name);
        let plain = idents::pascal(name);
        let spelled = idents::pascal(&idents::spelled(name));
        let candidates = vec![
            of(&singular),
            of(&plain),
            idents::suffixed(&of(&singular), suffix),
            idents::suffixed(&of(&spelled), suffix),
        ];
        wanted.insert(key(kind, name), candidates);
    };
    for table in &schema.tables {
        relation(Kind::Row, &table.name, "Row", &str::to_owned);
        relation(Kind::New, &table.name, "Values", &|ident| idents::prefixed("New", ident));
        relation(Kind::Update, &table.name, "Values", &|ident| idents::suffixed(ident, "Update"));
        if table.primary_key.as_ref().is_some_and(|primary| primary.columns.len() == 1) {
            relation(Kind::Id, &table.name, "Key", &|ident| idents::suffixed(ident, "Id"));
        }
    }
    for view in schema.views.iter().chain(&schema.materialized_views) {
        relation(Kind::View, &view.name, "View", &str::to_owned);
    }
    wanted
}

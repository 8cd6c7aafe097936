//! A manifest with its cross-references looked up: what every target reads.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::codegen::manifest::{Composite, Domain, Enum, Manifest, Range, Schema, Table, View, ViewKind};
use crate::codegen::relations::{self, Relation};
use crate::codegen::types::{self, EXTENSION_TYPES, Family, Named, PgType, TypeName, TypeNameError};

/// A manifest, indexed. Built once a run and shared by all targets.
pub struct Catalog<'m> {
    pub manifest: &'m Manifest,
    tables: BTreeMap<(&'m str, &'m str), &'m Table>,
    /// By schema and name; the schema again, for as long as the manifest lives.
    types: BTreeMap<(&'m str, &'m str), (&'m str, UserType<'m>)>,
    extension_types: BTreeSet<&'m str>,
    /// By its text, what the type of a column is: every target asks for each
    /// column's, and a schema has few that differ.
    column_types: HashMap<&'m str, PgType<'m>>,
    relations: Vec<Relation<'m>>,
    /// By schema and name of a table or of what a foreign key refers to: the
    /// places of the relations that start or end there, in their order.
    touching: BTreeMap<(&'m str, &'m str), Vec<usize>>,
}

/// What a qualified type name may refer to.
#[derive(Clone, Copy)]
enum UserType<'m> {
    Enum(&'m Enum),
    Domain(&'m Domain),
    Composite(&'m Composite),
    Range(&'m Range),
    Multirange(&'m Range),
    Table(&'m Table),
    View(&'m View),
}

/// Why a type name means nothing here.
#[derive(Debug, Clone, PartialEq)]
pub enum UnknownType {
    /// It cannot be read at all.
    Malformed(TypeNameError),
    /// No such type, with the nearest name that there is.
    NotFound { nearest: Option<String> },
    /// A domain that is based on itself.
    Cycle,
}

/// Domains deeper than this are taken for a cycle.
const DOMAIN_DEPTH: usize = 32;

impl<'m> Catalog<'m> {
    /// Indexes a manifest. It takes any manifest; what contradicts itself is
    /// for [`crate::codegen::manifest::verify`] to report.
    pub fn new(manifest: &'m Manifest) -> Self {
        let mut tables = BTreeMap::new();
        let mut types = BTreeMap::new();
        for schema in &manifest.schemas {
            let mut add = |name: &'m str, user_type| {
                types.entry((schema.name.as_str(), name)).or_insert((schema.name.as_str(), user_type));
            };
            schema.enums.iter().for_each(|item| add(&item.name, UserType::Enum(item)));
            schema.domains.iter().for_each(|item| add(&item.name, UserType::Domain(item)));
            schema.composites.iter().for_each(|item| add(&item.name, UserType::Composite(item)));
            for range in &schema.ranges {
                add(&range.name, UserType::Range(range));
                if let Some(multirange) = &range.multirange {
                    add(multirange, UserType::Multirange(range));
                }
            }
            for table in &schema.tables {
                add(&table.name, UserType::Table(table));
                tables.entry((schema.name.as_str(), table.name.as_str())).or_insert(table);
            }
            for view in schema.views.iter().chain(&schema.materialized_views) {
                add(&view.name, UserType::View(view));
            }
        }
        let extension_types =
            manifest.extensions.iter().flat_map(|extension| extension.types.iter().map(String::as_str)).collect();
        let (relations, touching) = (Vec::new(), BTreeMap::new());
        let column_types = HashMap::new();
        let mut catalog = Self { manifest, tables, types, extension_types, column_types, relations, touching };
        let columns = catalog.tables().map(|(_, table)| &table.columns);
        for column in columns.chain(catalog.views().map(|(_, view, _)| &view.columns)).flatten() {
            if !catalog.column_types.contains_key(column.type_name.as_str()) {
                catalog.column_types.insert(&column.type_name, catalog.resolve(&column.type_name));
            }
        }
        catalog.relations = relations::relations(&catalog);
        for (at, relation) in catalog.relations.iter().enumerate() {
            catalog.touching.entry(relation.from()).or_default().push(at);
            if relation.to() != relation.from() {
                catalog.touching.entry(relation.to()).or_default().push(at);
            }
        }
        catalog
    }

    /// Every table with its schema, in the manifest's order.
    pub fn tables(&self) -> impl Iterator<Item = (&'m Schema, &'m Table)> + use<'m> {
        self.manifest.schemas.iter().flat_map(|schema| schema.tables.iter().map(move |table| (schema, table)))
    }

    /// Every view and materialised view with its schema: in each schema the
    /// views, then the materialised views.
    pub fn views(&self) -> impl Iterator<Item = (&'m Schema, &'m View, ViewKind)> + use<'m> {
        self.manifest.schemas.iter().flat_map(|schema| {
            let views = schema.views.iter().map(move |view| (schema, view, ViewKind::View));
            views.chain(schema.materialized_views.iter().map(move |view| (schema, view, ViewKind::MaterializedView)))
        })
    }

    pub fn table(&self, schema: &str, name: &str) -> Option<&'m Table> {
        self.tables.get(&(schema, name)).copied()
    }

    /// All relations, sorted by child and foreign key.
    pub fn relations(&self) -> &[Relation<'m>] {
        &self.relations
    }

    /// The relations that start or end at a table, each once, in the order of
    /// them all.
    pub fn relations_touching(&self, schema: &str, name: &str) -> Vec<&Relation<'m>> {
        let places = self.touching.get(&(schema, name)).map_or(&[][..], Vec::as_slice);
        places.iter().filter_map(|at| self.relations.get(*at)).collect()
    }

    /// Whether the manifest says that it leaves this schema out.
    pub fn is_left_out(&self, schema: &str) -> bool {
        matches!(schema, "pg_catalog" | "information_schema")
            || self.manifest.left_out.iter().any(|left_out| left_out.schema == schema)
    }

    /// What a type is. A type that means nothing here is `Family::Unknown`.
    pub fn resolve(&self, text: &str) -> PgType<'m> {
        if let Some(known) = self.column_types.get(text) {
            return known.clone();
        }
        self.look_up_within(text, DOMAIN_DEPTH).unwrap_or_else(|_| PgType::scalar(Family::Unknown(text.to_owned())))
    }

    /// What a type is, or why it cannot be said.
    pub fn look_up(&self, text: &str) -> Result<PgType<'m>, UnknownType> {
        self.look_up_within(text, DOMAIN_DEPTH).map_err(|error| match error {
            // The nearest is looked for only here: it costs a walk over all types.
            UnknownType::NotFound { .. } => UnknownType::NotFound { nearest: self.nearest_type(text) },
            other => other,
        })
    }

    fn look_up_within(&self, text: &str, depth: usize) -> Result<PgType<'m>, UnknownType> {
        let depth = depth.checked_sub(1).ok_or(UnknownType::Cycle)?;
        let name = TypeName::parse(text).map_err(UnknownType::Malformed)?;
        let dimensions = name.dimensions;
        let family = match &name.schema {
            None => match types::builtin(&name) {
                Some(family) => family,
                None => self.user_family(&name, depth)?,
            },
            Some(_) => self.user_family(&name, depth)?,
        };
        Ok(PgType { family, dimensions })
    }

    /// The family of what is not built in: the manifest's, or an extension's.
    fn user_family(&self, name: &TypeName, depth: usize) -> Result<Family<'m>, UnknownType> {
        if let Some((schema, user_type)) = self.user_type(name) {
            return Ok(match user_type {
                UserType::Enum(item) => Family::Enum(Named { schema, item }),
                UserType::Composite(item) => Family::Composite(Named { schema, item }),
                UserType::Domain(item) => {
                    let base = Box::new(self.look_up_within(&item.type_name, depth)?);
                    Family::Domain { domain: Named { schema, item }, base }
                }
                UserType::Range(item) => {
                    let subtype = Box::new(self.look_up_within(&item.subtype, depth)?);
                    Family::Range { name: item.name.clone(), subtype }
                }
                UserType::Multirange(item) => {
                    let subtype = Box::new(self.look_up_within(&item.subtype, depth)?);
                    Family::Multirange { name: item.multirange.clone().unwrap_or_default(), subtype }
                }
                UserType::Table(item) => Family::Row { schema, name: &item.name, columns: &item.columns },
                UserType::View(item) => Family::Row { schema, name: &item.name, columns: &item.columns },
            });
        }
        let by_extension = self.extension_types.contains(name.name.as_str());
        if by_extension || EXTENSION_TYPES.contains(&name.name.as_str()) {
            let known = types::builtin(name);
            return Ok(known.unwrap_or_else(|| Family::Unknown(name.name.clone())));
        }
        if name.schema.as_deref().is_some_and(|schema| self.is_left_out(schema)) {
            return Ok(Family::Unknown(name.name.clone()));
        }
        Err(UnknownType::NotFound { nearest: None })
    }

    /// The manifest's type of that name. An unqualified name is looked for in
    /// `public`, then wherever there is exactly one.
    fn user_type(&self, name: &TypeName) -> Option<(&'m str, UserType<'m>)> {
        let at = |schema: &str| self.types.get(&(schema, name.name.as_str())).copied();
        if let Some(schema) = &name.schema {
            return at(schema);
        }
        if let Some(found) = at("public") {
            return Some(found);
        }
        let mut all = self.types.iter().filter(|((_, type_name), _)| *type_name == name.name);
        match (all.next(), all.next()) {
            (Some((_, found)), None) => Some(*found),
            _ => None,
        }
    }

    fn nearest_type(&self, text: &str) -> Option<String> {
        let name = TypeName::parse(text).ok()?;
        let own = self.types.keys().map(|(schema, type_name)| format!("{schema}.{type_name}"));
        let candidates = types::builtin_names().map(str::to_owned).chain(own);
        let wanted = match &name.schema {
            Some(schema) => format!("{schema}.{}", name.name),
            None => name.name,
        };
        crate::codegen::names::nearest(&wanted, candidates)
    }
}

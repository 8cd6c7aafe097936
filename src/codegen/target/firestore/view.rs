use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use serde::Serialize;

use super::constraint::{Constraint, constraints};
use super::default::literal_default;
use super::destinations;
use super::document_id::{DocumentId, KeyPart, document_id};
use super::filters;
use super::findings::{self, Ledger, Warning};
use super::indexes::{CollectionIndex, CompositeIndex, FieldOverride, Indexed, close_indexes, close_overrides};
use super::names::{Names, field_path};
use super::options::{FirestoreOptions, References};
use super::reference::{Reference, references};
use super::rules::{RulesView, SecurityRules, Subject, rules};
use super::type_map::{self, Lost, Mapped};
use super::value::{ColumnSource, Field, Kind, Shape};
use crate::codegen::catalog::Catalog;
use crate::codegen::loss::Finding;
use crate::codegen::manifest::{Column, Schema, Table, View, ViewKind};
use crate::codegen::relations::Relation;
use crate::codegen::target::destination::Destinations;
use crate::codegen::target::{CastError, Input};

/// What templates/firestore/FIRESTORE_SCHEMA.json lays out.
#[derive(Debug, Template)]
#[template(path = "firestore/FIRESTORE_SCHEMA.json", escape = "none")]
pub struct SchemaView {
    generator: Generator,
    /// Sorted by id.
    collections: Vec<Collection>,
    warnings: Vec<Warning>,
}

/// What templates/firestore/firestore.indexes.json lays out.
#[derive(Debug, Template)]
#[template(path = "firestore/firestore.indexes.json", escape = "none")]
pub struct IndexesView {
    indexes: Vec<CompositeIndex>,
    overrides: Vec<FieldOverride>,
}

/// Who made the file. Only the crate's version is in it, which the build
/// script and the program share.
#[derive(Debug, Serialize)]
struct Generator {
    name: &'static str,
    version: &'static str,
}

/// A collection that mirrors a table.
#[derive(Debug)]
struct Collection {
    id: String,
    description: Option<String>,
    source: Source,
    path: Option<String>,
    document_id: DocumentId,
    /// In the order of the columns.
    fields: Vec<(String, Field)>,
    indexes: Vec<CollectionIndex>,
    overrides: Vec<Exemption>,
    constraints: Vec<Constraint>,
    security: SecurityRules,
}

#[derive(Debug, Serialize)]
struct Source {
    schema: String,
    table: String,
    kind: &'static str,
}

/// A field override as a collection lists it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Exemption {
    field_path: String,
    indexes: [(); 0],
}

/// What the templates of the three files lay out, and what is lost.
pub struct Views {
    pub schema: SchemaView,
    pub indexes: IndexesView,
    pub rules: RulesView,
    pub findings: Vec<Finding>,
    pub destinations: Destinations,
}

/// Decides everything that the three files hold.
///
/// # Errors
/// Where tables cannot be told apart by name, or the options name none.
pub fn view(input: &Input<'_>) -> Result<Views, CastError> {
    let options = &input.project.firestore;
    let names = Names::new(input.catalog, options)?;
    let mut cast =
        Cast { catalog: input.catalog, options, names: &names, ledger: Ledger::default(), exempt: Vec::new() };
    names.report(&mut cast.ledger);
    let mut by_child: BTreeMap<(&str, &str), Vec<&Relation<'_>>> = BTreeMap::new();
    for relation in input.catalog.relations() {
        let child = (relation.child_schema.name.as_str(), relation.child.name.as_str());
        by_child.entry(child).or_default().push(relation);
    }
    let mut collections = Vec::new();
    for (schema, table) in input.catalog.tables() {
        let relations = by_child.get(&(schema.name.as_str(), table.name.as_str()));
        collections.extend(cast.table(schema, table, relations.map_or(&[][..], Vec::as_slice)));
    }
    for (schema, view, kind) in input.catalog.views() {
        collections.extend(cast.view(schema, view, kind));
    }
    collections.sort_by(|a, b| a.id.cmp(&b.id));
    let composite = collections.iter().flat_map(|collection| {
        let indexes = collection.indexes.iter().filter(|index| !index.automatic);
        indexes.map(|index| CompositeIndex {
            collection_group: collection.id.clone(),
            query_scope: "COLLECTION",
            fields: index.fields.clone(),
        })
    });
    let indexes = close_indexes(composite.collect(), &mut cast.ledger);
    let overrides = close_overrides(std::mem::take(&mut cast.exempt), &mut cast.ledger);
    let rules = secure(input, &names, &mut collections, &mut cast.ledger);
    let (findings, warnings) = cast.ledger.close();
    let generator = Generator { name: "schemacast", version: env!("CARGO_PKG_VERSION") };
    let schema = SchemaView { generator, collections, warnings };
    let destinations = destinations::destinations(input.catalog, &names);
    Ok(Views { schema, indexes: IndexesView { indexes, overrides }, rules, findings, destinations })
}

/// Makes the rules, and says in each collection what they allow.
fn secure(input: &Input<'_>, names: &Names, collections: &mut [Collection], ledger: &mut Ledger) -> RulesView {
    let mut tables: BTreeMap<(&str, &str), (&Schema, &Table)> = BTreeMap::new();
    for (schema, table) in input.catalog.tables() {
        tables.entry((&schema.name, &table.name)).or_insert((schema, table));
    }
    let subjects: Vec<Subject<'_, '_>> = collections
        .iter()
        .map(|collection| {
            let Source { schema, table, .. } = &collection.source;
            Subject {
                id: &collection.id,
                table: tables.get(&(schema.as_str(), table.as_str())).copied(),
                fields: &collection.fields,
                document_id: &collection.document_id,
            }
        })
        .collect();
    let options = &input.project.firestore;
    let (view, securities) = rules(input.catalog, options, names, input.manifest_path, &subjects, ledger);
    for (collection, security) in collections.iter_mut().zip(securities) {
        collection.security = security;
    }
    view
}

/// What every table is cast with.
struct Cast<'c, 'm> {
    catalog: &'c Catalog<'m>,
    options: &'c FirestoreOptions,
    names: &'c Names,
    ledger: Ledger,
    exempt: Vec<FieldOverride>,
}

impl<'m> Cast<'_, 'm> {
    fn table(&mut self, schema: &'m Schema, table: &'m Table, relations: &[&Relation<'_>]) -> Option<Collection> {
        let id = self.names.collection(&schema.name, &table.name)?.to_owned();
        let path = format!("{}.{}", schema.name, table.name);
        let (references, foreign) = references(self.catalog, relations, &id, self.names, &mut self.ledger);
        let key = table.primary_key.as_ref().filter(|key| key.columns.iter().all(|name| table.column(name).is_some()));
        let key_columns = key.map_or(&[][..], |key| key.columns.as_slice());
        let columns = self.columns(schema, &table.name, &table.columns, key_columns, &references);
        let document_id = self.document_id(&path, &id, key_columns, &columns);
        if key_columns.is_empty() {
            let unique = table.unique.iter().map(|key| key.columns.join(", ")).next();
            let hint = unique.map(|columns| format!("; unique ({columns}) might be one")).unwrap_or_default();
            let reason = format!("the table has no primary key{hint}");
            self.ledger.note(&findings::NO_PRIMARY_KEY, &path, Some(&id), None, reason);
        }
        for parent in &table.inherits {
            let reason = format!("its rows are rows of `{parent}` in Postgres, and documents of `{id}` only here");
            self.ledger.note(&findings::INHERITANCE, &path, Some(&id), None, reason);
        }
        let mapped: Vec<(&str, &Mapped<'m>)> =
            columns.iter().map(|column| (column.source.column.as_str(), &column.mapped)).collect();
        let mut constraints = constraints(&schema.name, table, &id, &mapped, self.names, &mut self.ledger);
        let indexed = indexed(&schema.name, &table.name, &id, &columns);
        let cast = indexed.cast(table.primary_key.as_ref(), &table.unique, &table.indexes, &mut self.ledger);
        let exempt = indexed.exempt(&cast.queried);
        constraints.extend(foreign);
        constraints.extend(cast.constraints);
        let kind = if table.partition_by.is_some() { "partitioned_table" } else { "table" };
        Some(self.collection(
            schema,
            (&table.name, kind),
            table.comment.as_deref(),
            Parts { document_id, columns, indexes: cast.indexes, constraints, exempt },
        ))
    }

    /// A view as a collection where the options want it, else a finding.
    fn view(&mut self, schema: &'m Schema, view: &'m View, kind: ViewKind) -> Option<Collection> {
        let path = format!("{}.{}", schema.name, view.name);
        let (word, kind) = match kind {
            ViewKind::View => ("view", "view"),
            ViewKind::MaterializedView => ("materialised view", "materialized_view"),
        };
        let Some(id) = self.names.collection(&schema.name, &view.name).map(str::to_owned) else {
            self.ledger.note(
                &findings::VIEW,
                path,
                None,
                None,
                format!("a {word} is computed, and a mirror copies tables"),
            );
            return None;
        };
        let reason = format!("a {word} has no primary key");
        self.ledger.note(&findings::NO_PRIMARY_KEY, &path, Some(&id), None, reason);
        let columns = self.columns(schema, &view.name, &view.columns, &[], &BTreeMap::new());
        let document_id = self.document_id(&path, &id, &[], &columns);
        let indexed = indexed(&schema.name, &view.name, &id, &columns);
        let cast = indexed.cast(None, &[], &view.indexes, &mut self.ledger);
        let exempt = indexed.exempt(&cast.queried);
        Some(self.collection(
            schema,
            (&view.name, kind),
            view.comment.as_deref(),
            Parts { document_id, columns, indexes: cast.indexes, constraints: cast.constraints, exempt },
        ))
    }

    /// Puts a collection together, and notes its exempt fields.
    fn collection(
        &mut self,
        schema: &Schema,
        (name, kind): (&str, &'static str),
        comment: Option<&str>,
        parts: Parts<'m>,
    ) -> Collection {
        let id = self.names.collection(&schema.name, name).unwrap_or(name).to_owned();
        let mut overrides = Vec::new();
        let mut fields = Vec::with_capacity(parts.columns.len());
        for mut column in parts.columns {
            if parts.exempt.contains(&column.source.column) {
                let field_path = field_path(&column.name);
                column.field.indexed = Some(false);
                overrides.push(Exemption { field_path: field_path.clone(), indexes: [] });
                self.exempt.push(FieldOverride { collection_group: id.clone(), field_path, indexes: [] });
            }
            fields.push((column.name, column.field));
        }
        Collection {
            description: type_map::description(comment),
            source: Source { schema: schema.name.clone(), table: name.to_owned(), kind },
            path: self.names.document_path(&schema.name, name),
            document_id: parts.document_id,
            fields,
            indexes: parts.indexes,
            overrides,
            constraints: parts.constraints,
            security: SecurityRules::default(),
            id,
        }
    }

    fn document_id(&mut self, path: &str, id: &str, key: &[String], columns: &[CastColumn<'m>]) -> DocumentId {
        let mut seen = BTreeSet::new();
        let column = |name: &String| columns.iter().find(|column| column.source.column == *name);
        let key = key.iter().filter(|name| seen.insert(*name)).filter_map(column);
        let parts: Vec<KeyPart<'_, '_>> =
            key.map(|column| KeyPart { field: &column.name, mapped: &column.mapped, source: &column.source }).collect();
        document_id(&parts, path, id, &mut self.ledger)
    }

    /// Every column with its field. A column that is listed twice is listed
    /// by mistake, and cast once.
    fn columns(
        &mut self,
        schema: &Schema,
        table: &str,
        columns: &'m [Column],
        key: &[String],
        references: &BTreeMap<String, Reference>,
    ) -> Vec<CastColumn<'m>> {
        let mut seen = BTreeSet::new();
        let columns = columns.iter().filter(|column| seen.insert(&column.name));
        columns
            .map(|column| {
                let required = column.not_null || key.contains(&column.name);
                self.column(schema, table, column, required, references.get(&column.name))
            })
            .collect()
    }

    fn column(
        &mut self,
        schema: &Schema,
        table: &str,
        column: &'m Column,
        required: bool,
        reference: Option<&Reference>,
    ) -> CastColumn<'m> {
        let mut mapped = type_map::map(self.catalog, self.options, &column.type_name);
        if column.collation.is_some() {
            let reason = "its collation is not Firestore's order of bytes".to_owned();
            mapped.lost.push(Lost { loss: &findings::COMPARISON, below: Vec::new(), reason });
        }
        let to_document = self.options.references == References::DocumentReference
            && reference.is_some_and(|reference| reference.is_document_id);
        if to_document {
            // A reference holds the other id, which is text: nothing of the
            // value is lost.
            mapped.lost.clear();
        }
        let name = self.names.field(&schema.name, table, &column.name).to_owned();
        let collection = self.names.collection(&schema.name, table);
        for lost in &mapped.lost {
            let mut path = format!("{}.{table}.{}", schema.name, column.name);
            for attribute in &lost.below {
                path.push('.');
                path.push_str(attribute);
            }
            self.ledger.note(lost.loss, path, collection, Some(&name), lost.reason.clone());
        }
        let mut field = Field::new(mapped.shape.clone(), required || mapped.not_null);
        field.lossy = type_map::slugs(mapped.lost.iter().filter(|lost| lost.below.is_empty()));
        field.description = type_map::description(column.comment.as_deref());
        field.reference = reference.cloned();
        if to_document {
            field.shape = Shape::of(Kind::Reference);
        }
        let source = ColumnSource { column: column.name.clone(), type_name: column.type_name.clone() };
        // A type is never empty in a manifest that means something; the JSON
        // Schema wants none that is.
        field.source = (!source.column.is_empty() && !source.type_name.is_empty()).then(|| source.clone());
        self.set_default(&mut field, column, &mapped);
        CastColumn { name, field, mapped, source }
    }

    /// Where the value comes from when nobody gives one.
    fn set_default(&self, field: &mut Field, column: &Column, mapped: &Mapped<'m>) {
        let own = column.default.as_deref().filter(|text| !text.trim().is_empty());
        if let Some(generated) = &column.generated {
            field.generated = true;
            field.default_expression = Some(generated.expression.clone()).filter(|text| !text.is_empty());
            return;
        }
        field.server_assigned = column.identity.is_some() || own.is_some_and(is_nextval);
        let Some(text) = own.or(mapped.default).filter(|_| column.identity.is_none()) else { return };
        let value = match field.shape.kind {
            Kind::Reference => None,
            _ => literal_default(self.catalog, &mapped.plain, &mapped.shape, text),
        };
        match value {
            Some(value) if !(value.is_null() && field.required) => field.default = Some(value),
            _ => field.default_expression = Some(text.to_owned()),
        }
    }
}

/// A column with what became of it.
struct CastColumn<'m> {
    /// The field's name.
    name: String,
    field: Field,
    mapped: Mapped<'m>,
    source: ColumnSource,
}

/// What a table and a view have in common, cast.
struct Parts<'m> {
    document_id: DocumentId,
    columns: Vec<CastColumn<'m>>,
    indexes: Vec<CollectionIndex>,
    constraints: Vec<Constraint>,
    /// Columns to take out of the automatic indexes.
    exempt: BTreeSet<String>,
}

fn indexed<'v, 'm>(schema: &'v str, table: &'v str, id: &'v str, columns: &'v [CastColumn<'m>]) -> Indexed<'v, 'm> {
    let columns = columns
        .iter()
        .map(|column| (column.source.column.as_str(), (column.name.as_str(), &column.mapped, &column.field.shape)));
    Indexed { schema, table, collection: id, columns: columns.collect() }
}

/// Whether a default takes the next number of a sequence, as a serial does.
fn is_nextval(default: &str) -> bool {
    default.trim_start().to_ascii_lowercase().starts_with("nextval(")
}

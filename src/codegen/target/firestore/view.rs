use std::borrow::Cow;
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
use super::type_map::{self, Lost};
use super::value::{ColumnSource, Field, Kind, Shape};
use crate::codegen::catalog::Catalog;
use crate::codegen::loss::Finding;
use crate::codegen::manifest::{Check, Column, Schema, Table, View, ViewKind};
use crate::codegen::relations::Relation;
use crate::codegen::target::Input;
use crate::codegen::target::destination::Destinations;
use crate::codegen::types::PgType;

/// What templates/firestore/FIRESTORE_SCHEMA.json lays out.
#[derive(Debug, Template)]
#[template(path = "firestore/FIRESTORE_SCHEMA.json", escape = "none")]
pub struct SchemaView<'v> {
    generator: Generator,
    /// Sorted by id.
    collections: Vec<Collection<'v>>,
    warnings: Vec<Warning<'v>>,
}

/// What templates/firestore/firestore.indexes.json lays out.
#[derive(Debug, Template)]
#[template(path = "firestore/firestore.indexes.json", escape = "none")]
pub struct IndexesView<'v> {
    indexes: Vec<CompositeIndex<'v>>,
    overrides: Vec<FieldOverride<'v>>,
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
struct Collection<'v> {
    id: &'v str,
    description: Option<&'v str>,
    source: Source<'v>,
    path: Option<String>,
    document_id: DocumentId<'v>,
    /// In the order of the columns.
    fields: Vec<(&'v str, Field<'v>)>,
    indexes: Vec<CollectionIndex<'v>>,
    overrides: Vec<Exemption<'v>>,
    constraints: Vec<Constraint<'v>>,
    security: SecurityRules,
}

#[derive(Debug, Serialize)]
struct Source<'v> {
    schema: &'v str,
    table: &'v str,
    kind: &'static str,
}

/// A field override as a collection lists it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Exemption<'v> {
    field_path: Cow<'v, str>,
    indexes: [(); 0],
}

/// What the templates of the three files lay out, and what is lost.
pub struct Views<'v> {
    /// With what is lost.
    pub schema: SchemaView<'v>,
    pub indexes: IndexesView<'v>,
    pub rules: RulesView,
    pub destinations: Destinations,
}

impl SchemaView<'_> {
    /// What is lost, in the order of code and path.
    pub fn into_findings(self) -> Vec<Finding> {
        self.warnings.into_iter().map(|warning| warning.finding).collect()
    }

    /// About how many bytes the file has: rather too many than too few.
    pub fn about_bytes(&self) -> usize {
        let fields: usize = self.collections.iter().map(|collection| collection.fields.len()).sum();
        1200 * self.collections.len() + 260 * fields + 200 * self.warnings.len()
    }
}

/// Decides everything that the three files hold, by these names.
pub fn view<'v>(input: &Input<'v>, names: &'v Names<'v>) -> Views<'v> {
    let options = &input.project.firestore;
    let mut cast = Cast { catalog: input.catalog, options, names, ledger: Ledger::default(), exempt: Vec::new() };
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
    collections.sort_by(|a, b| a.id.cmp(b.id));
    let composite = collections.iter().flat_map(|collection| {
        let indexes = collection.indexes.iter().filter(|index| !index.automatic);
        indexes.map(|index| CompositeIndex {
            collection_group: collection.id,
            query_scope: "COLLECTION",
            fields: index.fields.clone(),
        })
    });
    let indexes = close_indexes(composite.collect(), &mut cast.ledger);
    let overrides = close_overrides(std::mem::take(&mut cast.exempt), &mut cast.ledger);
    let rules = secure(input, names, &mut collections, &mut cast.ledger);
    let warnings = cast.ledger.close();
    let generator = Generator { name: "schemacast", version: env!("CARGO_PKG_VERSION") };
    let schema = SchemaView { generator, collections, warnings };
    let destinations = destinations::destinations(input.catalog, names);
    Views { schema, indexes: IndexesView { indexes, overrides }, rules, destinations }
}

/// Makes the rules, and says in each collection what they allow.
fn secure<'v>(
    input: &Input<'v>,
    names: &Names<'v>,
    collections: &mut [Collection<'v>],
    ledger: &mut Ledger<'v>,
) -> RulesView {
    let mut tables: BTreeMap<(&str, &str), (&'v Schema, &'v Table)> = BTreeMap::new();
    for (schema, table) in input.catalog.tables() {
        tables.entry((&schema.name, &table.name)).or_insert((schema, table));
    }
    let subjects: Vec<Subject<'_, '_>> = collections
        .iter()
        .map(|collection| {
            let Source { schema, table, .. } = &collection.source;
            Subject {
                id: collection.id,
                table: tables.get(&(*schema, *table)).copied(),
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
struct Cast<'v> {
    catalog: &'v Catalog<'v>,
    options: &'v FirestoreOptions,
    names: &'v Names<'v>,
    ledger: Ledger<'v>,
    exempt: Vec<FieldOverride<'v>>,
}

impl<'v> Cast<'v> {
    fn table(&mut self, schema: &'v Schema, table: &'v Table, relations: &[&Relation<'v>]) -> Option<Collection<'v>> {
        let id = self.names.collection(&schema.name, &table.name)?;
        let path = format!("{}.{}", schema.name, table.name);
        let (references, foreign) = references(self.catalog, relations, id, self.names, &mut self.ledger);
        let key = table.primary_key.as_ref().filter(|key| key.columns.iter().all(|name| table.column(name).is_some()));
        let key_columns = key.map_or(&[][..], |key| key.columns.as_slice());
        let columns = self.columns((schema, &table.name, id), &table.columns, key_columns, references);
        let document_id = self.document_id(&path, id, key_columns, &columns);
        if key_columns.is_empty() {
            let unique = table.unique.iter().map(|key| key.columns.join(", ")).next();
            let hint = unique.map(|columns| format!("; unique ({columns}) might be one")).unwrap_or_default();
            let reason = format!("the table has no primary key{hint}");
            self.ledger.note(&findings::NO_PRIMARY_KEY, &path, Some(id), None, reason);
        }
        for parent in &table.inherits {
            let reason = format!("its rows are rows of `{parent}` in Postgres, and documents of `{id}` only here");
            self.ledger.note(&findings::INHERITANCE, &path, Some(id), None, reason);
        }
        let checks: Vec<(&str, &[&Check])> =
            columns.iter().map(|column| (column.source.column, column.checks.as_slice())).collect();
        let mut constraints = constraints(&schema.name, table, id, &checks, self.names, &mut self.ledger);
        let indexed = indexed(&schema.name, &table.name, id, &columns);
        let cast = indexed.cast(table.primary_key.as_ref(), &table.unique, &table.indexes, &mut self.ledger);
        let exempt = indexed.exempt(&cast.queried);
        constraints.extend(foreign);
        constraints.extend(cast.constraints);
        let kind = if table.partition_by.is_some() { "partitioned_table" } else { "table" };
        Some(self.collection(
            schema,
            (&table.name, kind, id),
            table.comment.as_deref(),
            Parts { document_id, columns, indexes: cast.indexes, constraints, exempt },
        ))
    }

    /// A view as a collection where the options want it, else a finding.
    fn view(&mut self, schema: &'v Schema, view: &'v View, kind: ViewKind) -> Option<Collection<'v>> {
        let path = format!("{}.{}", schema.name, view.name);
        let (word, kind) = match kind {
            ViewKind::View => ("view", "view"),
            ViewKind::MaterializedView => ("materialised view", "materialized_view"),
        };
        let Some(id) = self.names.collection(&schema.name, &view.name) else {
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
        self.ledger.note(&findings::NO_PRIMARY_KEY, &path, Some(id), None, reason);
        let columns = self.columns((schema, &view.name, id), &view.columns, &[], BTreeMap::new());
        let document_id = self.document_id(&path, id, &[], &columns);
        let indexed = indexed(&schema.name, &view.name, id, &columns);
        let cast = indexed.cast(None, &[], &view.indexes, &mut self.ledger);
        let exempt = indexed.exempt(&cast.queried);
        Some(self.collection(
            schema,
            (&view.name, kind, id),
            view.comment.as_deref(),
            Parts { document_id, columns, indexes: cast.indexes, constraints: cast.constraints, exempt },
        ))
    }

    /// Puts a collection together, and notes its exempt fields.
    fn collection(
        &mut self,
        schema: &'v Schema,
        (name, kind, id): (&'v str, &'static str, &'v str),
        comment: Option<&'v str>,
        parts: Parts<'v>,
    ) -> Collection<'v> {
        let mut overrides = Vec::new();
        let mut fields = Vec::with_capacity(parts.columns.len());
        for mut column in parts.columns {
            if parts.exempt.contains(column.source.column) {
                let field_path = field_path(column.name);
                column.field.indexed = Some(false);
                overrides.push(Exemption { field_path: field_path.clone(), indexes: [] });
                self.exempt.push(FieldOverride { collection_group: id, field_path, indexes: [] });
            }
            fields.push((column.name, column.field));
        }
        Collection {
            description: type_map::description(comment),
            source: Source { schema: &schema.name, table: name, kind },
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

    fn document_id(&mut self, path: &str, id: &'v str, key: &[String], columns: &[CastColumn<'v>]) -> DocumentId<'v> {
        let mut seen = BTreeSet::new();
        let column = |name: &String| columns.iter().find(|column| column.source.column == *name);
        let key = key.iter().filter(|name| seen.insert(*name)).filter_map(column);
        let parts: Vec<KeyPart<'_, '_>> =
            key.map(|column| KeyPart { field: column.name, plain: &column.plain, source: column.source }).collect();
        document_id(&parts, path, id, &mut self.ledger)
    }

    /// Every column with its field. A column that is listed twice is listed
    /// by mistake, and cast once.
    fn columns(
        &mut self,
        table: (&Schema, &str, &'v str),
        columns: &'v [Column],
        key: &[String],
        mut references: BTreeMap<&'v str, Reference<'v>>,
    ) -> Vec<CastColumn<'v>> {
        let mut seen = BTreeSet::new();
        let columns = columns.iter().filter(|column| seen.insert(&column.name));
        columns
            .map(|column| {
                let required = column.not_null || key.contains(&column.name);
                self.column(table, column, required, references.remove(column.name.as_str()))
            })
            .collect()
    }

    fn column(
        &mut self,
        (schema, table, collection): (&Schema, &str, &'v str),
        column: &'v Column,
        required: bool,
        reference: Option<Reference<'v>>,
    ) -> CastColumn<'v> {
        let mut mapped = type_map::map(self.catalog, self.options, &column.type_name);
        if column.collation.is_some() {
            let reason = "its collation is not Firestore's order of bytes".to_owned();
            mapped.lost.push(Lost { loss: &findings::COMPARISON, below: Vec::new(), reason });
        }
        let to_document = self.options.references == References::DocumentReference
            && reference.as_ref().is_some_and(|reference| reference.is_document_id);
        if to_document {
            // A reference holds the other id, which is text: nothing of the
            // value is lost.
            mapped.lost.clear();
        }
        let name = self.names.field(&schema.name, table, &column.name);
        let lossy = type_map::slugs(mapped.lost.iter().filter(|lost| lost.below.is_empty()));
        for lost in mapped.lost {
            let mut path = format!("{}.{table}.{}", schema.name, column.name);
            for attribute in &lost.below {
                path.push('.');
                path.push_str(attribute);
            }
            self.ledger.note(lost.loss, path, Some(collection), Some(name), lost.reason);
        }
        let mut field = Field::new(mapped.shape, required || mapped.not_null);
        field.lossy = lossy;
        field.description = type_map::description(column.comment.as_deref());
        field.reference = reference.map(Box::new);
        if to_document {
            field.shape = Shape::of(Kind::Reference);
        }
        let source = ColumnSource { column: &column.name, type_name: &column.type_name };
        // A type is never empty in a manifest that means something; the JSON
        // Schema wants none that is.
        field.source = (!source.column.is_empty() && !source.type_name.is_empty()).then_some(source);
        self.set_default(&mut field, column, &mapped.plain, mapped.default);
        CastColumn { name, field, plain: mapped.plain, checks: mapped.checks, source }
    }

    /// Where the value comes from when nobody gives one.
    fn set_default(&self, field: &mut Field<'v>, column: &'v Column, plain: &PgType<'v>, of_domain: Option<&'v str>) {
        let own = column.default.as_deref().filter(|text| !text.trim().is_empty());
        if let Some(generated) = &column.generated {
            field.generated = true;
            field.default_expression = Some(generated.expression.as_str()).filter(|text| !text.is_empty());
            return;
        }
        field.server_assigned = column.identity.is_some() || own.is_some_and(is_nextval);
        let Some(text) = own.or(of_domain).filter(|_| column.identity.is_none()) else { return };
        let value = match field.shape.kind {
            Kind::Reference => None,
            _ => literal_default(self.catalog, plain, &field.shape, text),
        };
        match value {
            Some(value) if !(value.is_null() && field.required) => field.default = Some(value),
            _ => field.default_expression = Some(text),
        }
    }
}

/// A column with what became of it.
struct CastColumn<'v> {
    /// The field's name.
    name: &'v str,
    field: Field<'v>,
    /// The column's type without its domains, and their checks.
    plain: PgType<'v>,
    checks: Vec<&'v Check>,
    source: ColumnSource<'v>,
}

/// What a table and a view have in common, cast.
struct Parts<'v> {
    document_id: DocumentId<'v>,
    columns: Vec<CastColumn<'v>>,
    indexes: Vec<CollectionIndex<'v>>,
    constraints: Vec<Constraint<'v>>,
    /// Columns to take out of the automatic indexes.
    exempt: BTreeSet<&'v str>,
}

fn indexed<'c, 'v>(schema: &'v str, table: &'v str, id: &'v str, columns: &'c [CastColumn<'v>]) -> Indexed<'c, 'v> {
    let columns =
        columns.iter().map(|column| (column.source.column, (column.name, &column.plain, &column.field.shape)));
    Indexed { schema, table, collection: id, columns: columns.collect() }
}

/// Whether a default takes the next number of a sequence, as a serial does.
fn is_nextval(default: &str) -> bool {
    default.trim_start().to_ascii_lowercase().starts_with("nextval(")
}

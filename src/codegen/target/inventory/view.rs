//! What the document's templates lay out: everything is decided here.
//!
//! [`Document`] is the whole of SCHEMA_INVENTORY.md, [`Page`] that of one table
//! or view; `schema`, `table`,
//! `relation`, `routine` and `user_type` make the parts that it lists. A part
//! knows nothing of the document that it stands in but its anchors, so that a
//! page of its own can hold it as well.

use std::collections::BTreeMap;

use crate::codegen::catalog::Catalog;
use crate::codegen::loss::{self, Code, Finding};
use crate::codegen::manifest::Schema;
use crate::codegen::target::{self, Input, supabase};

use super::InventoryOptions;
use super::anchors::{Anchors, Kind};
use super::coverage::{self, Coverage};
use super::destinations::{self, Found, TargetDestinations};
use super::inspect::Located;
use super::mermaid::Entities;
use super::place::Place;
use super::uses::Uses;
use crate::codegen::markdown::{Cell, Inline, html_comment};
use crate::codegen::sql;

mod page;
mod relation;
mod routine;
mod schema;
mod table;
mod user_type;

pub use page::{Page, Relation};
pub use relation::ViewPart;
pub use routine::FunctionPart;
pub use schema::SchemaPart;
pub use table::TablePart;

/// What every part looks things up in.
#[derive(Clone, Copy)]
pub struct Context<'m> {
    pub catalog: &'m Catalog<'m>,
    pub site: &'m Site<'m>,
    pub options: &'m InventoryOptions,
    /// Which document the part stands in, and so what its links are.
    pub place: Place,
}

/// What all documents share.
pub struct Site<'m> {
    pub anchors: Anchors,
    pub entities: Entities<'m>,
    pub uses: Uses<'m>,
    /// In the order of the targets.
    pub destinations: Vec<TargetDestinations<'m>>,
    /// Every finding of this and of the other targets, by the table or view
    /// that it is about; those about none of them are under no key.
    pub found: Found<'m>,
}

impl<'m> Site<'m> {
    pub fn new(input: &Input<'m>, found: &'m [Located]) -> Self {
        let destinations = destinations::destinations(input.others);
        Self {
            anchors: Anchors::new(input.catalog),
            entities: Entities::new(input.catalog),
            uses: Uses::new(input.catalog),
            found: destinations::findings(input.catalog, found, &destinations),
            destinations,
        }
    }

    pub fn findings<'a>(&'a self, schema: &'a str, name: &'a str) -> &'a [&'m Finding] {
        self.found.get(&(schema, name)).map_or(&[], Vec::as_slice)
    }
}

/// SCHEMA_INVENTORY.md.
pub struct Document {
    /// For the inside of the first line's HTML comment.
    pub manifest_path: String,
    pub name: Option<Inline>,
    pub description: Option<Inline>,
    /// The kinds of objects that there are any of.
    pub kinds: Vec<&'static str>,
    /// A row for each schema, then one for all.
    pub counts: Vec<CountRow>,
    pub extensions: Vec<ExtensionRow>,
    pub edge_functions: Vec<Cell>,
    pub left_out: Vec<PairRow>,
    pub external: Vec<PairRow>,
    pub schemas: Vec<SchemaPart>,
    pub coverage: Vec<Coverage>,
    /// The page that has other targets' findings, where there are any targets.
    pub all_findings: Option<Inline>,
    /// Those of this target.
    pub findings: Vec<FindingGroup>,
}

/// One schema's number of objects of each of the document's kinds.
pub struct CountRow {
    pub name: Cell,
    pub counts: Vec<usize>,
}

pub struct ExtensionRow {
    pub name: Cell,
    pub version: Cell,
    pub schema: Cell,
    pub types: Cell,
    pub comment: Cell,
}

/// A thing and what there is to say about it.
pub struct PairRow {
    pub name: Cell,
    pub about: Cell,
}

/// The findings of one code.
pub struct FindingGroup {
    pub code: &'static Code,
    pub rows: Vec<PairRow>,
}

impl Document {
    pub fn new(input: &Input<'_>, site: &Site<'_>, found: &[Located]) -> Self {
        let catalog = input.catalog;
        let context = Context { catalog, site, options: &input.project.inventory, place: Place::Index };
        let (kinds, counts) = counts(&context);
        let named = |text: &str| (!text.trim().is_empty()).then(|| Inline::text(text));
        Self {
            manifest_path: html_comment(input.manifest_path),
            name: named(&input.project.name),
            description: named(&input.project.description),
            kinds,
            counts,
            extensions: extensions(catalog),
            edge_functions: edge_functions(input),
            left_out: catalog
                .manifest
                .left_out
                .iter()
                .map(|left_out| pair(&left_out.schema, &left_out.reason))
                .collect(),
            external: external(&context),
            schemas: catalog.manifest.schemas.iter().map(|schema| SchemaPart::new(&context, schema)).collect(),
            coverage: coverage::coverage(catalog.manifest),
            all_findings: (!input.others.is_empty())
                .then(|| Inline::code(loss::PAGE).link(&context.place.file(loss::PAGE))),
            findings: groups(&context, found),
        }
    }
}

impl Context<'_> {
    /// The qualified name of an object, linked where the document holds it.
    pub fn link(&self, kind: Kind, schema: &str, name: &str) -> Inline {
        let shown = Inline::code(&sql::qualified(schema, name));
        match self.site.anchors.href(self.place, kind, schema, name) {
            Some(target) => shown.link(&target),
            None => shown,
        }
    }

    /// A type as the manifest has it, linked to what it is made of.
    pub fn type_name(&self, text: &str) -> Inline {
        let shown = Inline::sql(text);
        match self.site.anchors.of_type(self.place, &self.catalog.resolve(text)) {
            Some(target) => shown.link(&target),
            None => shown,
        }
    }
}

/// A comment, where there is one that says something.
pub fn comment(text: Option<&str>) -> Option<Inline> {
    text.filter(|text| !text.trim().is_empty()).map(Inline::text)
}

/// The same for a table's cell, which may be empty.
pub fn comment_cell(text: Option<&str>) -> Cell {
    comment(text).unwrap_or_default().cell()
}

/// Code in a cell that is empty where there is none.
pub fn sql_cell(text: Option<&str>) -> Cell {
    text.filter(|text| !text.is_empty()).map(Inline::sql).unwrap_or_default().cell()
}

fn pair(name: &str, about: &str) -> PairRow {
    PairRow { name: Inline::code(name).cell(), about: Inline::text(about).cell() }
}

/// Counts a kind of object in a schema.
type Count = fn(&Schema) -> usize;

/// The summary's columns, in their order.
const KINDS: [(&str, Count); 14] = [
    ("Tables", |schema| schema.tables.len()),
    ("Partitions", |schema| schema.tables.iter().map(|table| table::partition_count(&table.partitions)).sum()),
    ("Columns", |schema| schema.tables.iter().map(|table| table.columns.len()).sum()),
    ("Views", |schema| schema.views.len()),
    ("Materialized views", |schema| schema.materialized_views.len()),
    ("Functions", |schema| schema.functions.len()),
    ("Foreign keys", |schema| schema.tables.iter().map(|table| table.foreign_keys.len()).sum()),
    ("Indexes", |schema| {
        let of_views = schema.materialized_views.iter().map(|view| view.indexes.len()).sum::<usize>();
        schema.tables.iter().map(|table| table.index_count()).sum::<usize>() + of_views
    }),
    ("Triggers", |schema| {
        let of_views = schema.views.iter().map(|view| view.triggers.len()).sum::<usize>();
        schema.tables.iter().map(|table| table.triggers.len()).sum::<usize>() + of_views
    }),
    ("Policies", |schema| schema.tables.iter().map(|table| table.policies.len()).sum()),
    ("Enums", |schema| schema.enums.len()),
    ("Domains", |schema| schema.domains.len()),
    ("Other types", |schema| schema.composites.len() + schema.ranges.len()),
    ("Sequences", |schema| schema.sequences.len()),
];

/// The kinds that there are any of, and how many of them each schema has.
fn counts(context: &Context<'_>) -> (Vec<&'static str>, Vec<CountRow>) {
    let schemas = &context.catalog.manifest.schemas;
    let total = |count: Count| schemas.iter().map(count).sum::<usize>();
    let kinds: Vec<(&str, Count)> = KINDS.into_iter().filter(|(_, count)| total(*count) > 0).collect();
    let mut rows: Vec<CountRow> = schemas
        .iter()
        .map(|schema| {
            let shown = Inline::code(&schema.name);
            let target = context.site.anchors.href(context.place, Kind::Schema, &schema.name, "");
            let name = target.map_or_else(|| shown.clone(), |target| shown.clone().link(&target));
            CountRow { name: name.cell(), counts: kinds.iter().map(|(_, count)| count(schema)).collect() }
        })
        .collect();
    let all = kinds.iter().map(|(_, count)| total(*count)).collect();
    rows.push(CountRow { name: Inline::markup("**All**").cell(), counts: all });
    (kinds.into_iter().map(|(kind, _)| kind).collect(), rows)
}

fn extensions(catalog: &Catalog<'_>) -> Vec<ExtensionRow> {
    let row = |extension: &crate::codegen::manifest::Extension| ExtensionRow {
        name: Inline::code(&extension.name).cell(),
        version: Inline::text(extension.version.as_deref().unwrap_or_default()).cell(),
        schema: extension.schema.as_deref().map(Inline::code).unwrap_or_default().cell(),
        types: Inline::join(extension.types.iter().map(|name| Inline::code(name)), ", ").cell(),
        comment: comment_cell(extension.comment.as_deref()),
    };
    catalog.manifest.extensions.iter().map(row).collect()
}

/// The edge functions that the project has generated.
fn edge_functions(input: &Input<'_>) -> Vec<Cell> {
    let listed = target::of_project(input.project).any(|target| target.name() == "supabase");
    let row = || Inline::code(supabase::EDGE_FUNCTION).link(&Place::Index.file(supabase::EDGE_FUNCTION_FILE)).cell();
    if listed { vec![row()] } else { Vec::new() }
}

/// What foreign keys refer to that the manifest does not hold, and from where.
fn external(context: &Context<'_>) -> Vec<PairRow> {
    let mut by_target: BTreeMap<(&str, &str), Vec<Inline>> = BTreeMap::new();
    // Relations are sorted, and so is each list.
    for relation in context.catalog.relations().iter().filter(|relation| relation.parent.is_none()) {
        let key = relation.foreign_key;
        let columns = Inline::code(&format!("({})", sql::list(&key.columns)));
        let child = context.link(Kind::Table, &relation.child_schema.name, &relation.child.name);
        let from = child.then(Inline::markup(" ")).then(columns);
        let sources = by_target.entry((&key.references.schema, &key.references.table)).or_default();
        if !sources.contains(&from) {
            sources.push(from);
        }
    }
    let row = |((schema, table), from): ((&str, &str), Vec<Inline>)| PairRow {
        name: Inline::code(&sql::qualified(schema, table)).cell(),
        about: Inline::join(from, "<br>").cell(),
    };
    by_target.into_iter().map(row).collect()
}

/// The findings by code, in their order, each linked to its table or view.
fn groups(context: &Context<'_>, found: &[Located]) -> Vec<FindingGroup> {
    let mut groups: Vec<FindingGroup> = Vec::new();
    for located in found {
        let finding = &located.finding;
        let target = located.relation.as_ref().and_then(|(schema, name)| {
            let table = context.site.anchors.href(context.place, Kind::Table, schema, name);
            table.or_else(|| context.site.anchors.href(context.place, Kind::View, schema, name))
        });
        let shown = Inline::code(&finding.path);
        let name = target.map_or_else(|| shown.clone(), |target| shown.clone().link(&target));
        let row = PairRow { name: name.cell(), about: Inline::text(&finding.reason).cell() };
        match groups.last_mut() {
            Some(group) if group.code == finding.code => group.rows.push(row),
            _ => groups.push(FindingGroup { code: finding.code, rows: vec![row] }),
        }
    }
    groups
}

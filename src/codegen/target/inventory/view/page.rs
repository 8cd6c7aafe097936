//! The page of one table or view.

use std::collections::BTreeSet;

use super::super::anchors::Kind;
use super::super::place::{self, Place};
use super::super::uses::User;
use super::schema::DiagramPart;
use super::{Context, Site, TablePart, ViewPart, comment};
use crate::codegen::manifest::{Column, Grant, Schema, Table, View, ViewKind};
use crate::codegen::markdown::{Cell, Inline, html_comment};
use crate::codegen::sql;
use crate::codegen::target::Input;

/// One table or view with everything that is known of it.
pub struct Page {
    /// Below the project's folder.
    pub path: String,
    /// For the inside of the first line's HTML comment.
    pub manifest_path: String,
    pub kind: &'static str,
    pub name: Inline,
    /// The index, and the schema in it.
    pub index: String,
    pub schema: Inline,
    pub comment: Option<Inline>,
    pub relation: Relation,
    pub grants: Vec<GrantRow>,
    pub used_by: Vec<Inline>,
    /// The targets' names, then a row for the relation and for each column.
    pub targets: Vec<&'static str>,
    pub destinations: Vec<DestinationRow>,
    pub findings: Vec<FindingRow>,
    pub diagrams: Vec<DiagramPart>,
}

/// What the page is of.
pub enum Relation {
    Table(Box<TablePart>),
    View(Box<ViewPart>),
}

pub struct GrantRow {
    /// The relation's own, or a column's.
    pub on: Cell,
    pub role: Cell,
    pub privileges: Cell,
    pub grantable: Cell,
    pub revoked: Cell,
}

pub struct DestinationRow {
    pub name: Cell,
    /// One for each target.
    pub cells: Vec<Cell>,
}

pub struct FindingRow {
    pub code: &'static str,
    pub path: Cell,
    pub reason: Cell,
}

impl Page {
    /// The pages of all tables and views. What a manifest holds twice, which
    /// its verification refuses, has one.
    pub fn all<'a>(input: &'a Input<'_>, site: &'a Site<'a>) -> impl Iterator<Item = Page> + use<'a> {
        let context = Context { catalog: input.catalog, site, options: &input.project.inventory, place: Place::Page };
        let mut seen = BTreeSet::new();
        let tables = input.catalog.tables().map(move |(schema, table)| Self::of_table(&context, schema, table));
        let views = input.catalog.views().map(move |(schema, view, kind)| Self::of_view(&context, schema, view, kind));
        let manifest_path = html_comment(input.manifest_path);
        tables
            .chain(views)
            .map(move |page| Page { manifest_path: manifest_path.clone(), ..page })
            .filter(move |page| seen.insert(page.path.clone()))
    }

    fn of_table(context: &Context<'_>, schema: &Schema, table: &Table) -> Page {
        let kind = match (&table.partition_by, &table.foreign) {
            (Some(_), _) => "Partitioned table",
            (None, Some(_)) => "Foreign table",
            (None, None) => "Table",
        };
        let part = TablePart::new(context, schema, table);
        Page {
            comment: comment(table.comment.as_deref()),
            grants: grants(&table.grants, &table.columns),
            diagrams: if context.options.diagrams { neighbourhood(context, schema, table) } else { Vec::new() },
            ..Self::of(context, kind, schema, &table.name, &table.columns, Relation::Table(Box::new(part)))
        }
    }

    fn of_view(context: &Context<'_>, schema: &Schema, view: &View, kind: ViewKind) -> Page {
        let word = match kind {
            ViewKind::View => "View",
            ViewKind::MaterializedView => "Materialized view",
        };
        let part = ViewPart::new(context, view, kind);
        Page {
            comment: comment(view.comment.as_deref()),
            grants: grants(&view.grants, &view.columns),
            ..Self::of(context, word, schema, &view.name, &view.columns, Relation::View(Box::new(part)))
        }
    }

    /// What the pages of tables and views have in common.
    fn of(
        context: &Context<'_>,
        kind: &'static str,
        schema: &Schema,
        name: &str,
        columns: &[Column],
        relation: Relation,
    ) -> Page {
        let (targets, destinations) = destinations(context, &schema.name, name, columns);
        let finding = |finding: &&crate::codegen::loss::Finding| FindingRow {
            code: finding.code.id,
            path: Inline::code(&finding.path).cell(),
            reason: Inline::text(&finding.reason).cell(),
        };
        Page {
            path: place::page(&schema.name, name),
            manifest_path: String::new(),
            kind,
            name: Inline::code(&sql::qualified(&schema.name, name)),
            index: Place::Page.file(place::INDEX),
            schema: schema_link(context, schema),
            comment: None,
            relation,
            grants: Vec::new(),
            used_by: context.site.uses.of(&schema.name, name).into_iter().map(|user| used_by(context, user)).collect(),
            targets,
            destinations,
            findings: context.site.findings(&schema.name, name).iter().map(finding).collect(),
            diagrams: Vec::new(),
        }
    }
}

fn schema_link(context: &Context<'_>, schema: &Schema) -> Inline {
    let shown = Inline::code(&schema.name);
    match context.site.anchors.href(context.place, Kind::Schema, &schema.name, "") {
        Some(target) => shown.link(&target),
        None => shown,
    }
}

fn used_by(context: &Context<'_>, user: User<'_>) -> Inline {
    match user {
        User::View { schema, name } => Inline::markup("View ").then(context.link(Kind::View, schema, name)),
        User::Policy { schema, table, name } => Inline::markup("Policy ")
            .then(Inline::code(name))
            .then(Inline::markup(" of "))
            .then(context.link(Kind::Table, schema, table)),
        User::Function { schema, place } => {
            let in_schema = context.catalog.manifest.schemas.iter().find(|item| item.name == schema);
            let routine = in_schema.and_then(|schema| schema.functions.get(place));
            let signature = routine.map(|routine| routine.signature()).unwrap_or_default();
            let shown = Inline::code(&format!("{}.{signature}", sql::identifier(schema)));
            let target = context.site.anchors.href(context.place, Kind::Function, schema, &signature);
            Inline::markup("Function ").then(match target {
                Some(target) => shown.link(&target),
                None => shown,
            })
        }
    }
}

/// The names that the targets gave, where any target has the relation.
fn destinations(
    context: &Context<'_>,
    schema: &str,
    name: &str,
    columns: &[Column],
) -> (Vec<&'static str>, Vec<DestinationRow>) {
    let known: Vec<_> =
        context.site.destinations.iter().filter_map(|target| Some((target.label, target.get(schema, name)?))).collect();
    if known.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let own = |destination: &crate::codegen::target::destination::Destination| {
        Inline::code(&destination.object).link(&context.place.file(&destination.file)).cell()
    };
    let mut rows = vec![DestinationRow {
        name: Inline::markup("**").then(Inline::code(name)).then(Inline::markup("**")).cell(),
        cells: known.iter().map(|(_, destination)| own(destination)).collect(),
    }];
    rows.extend(columns.iter().map(|column| {
        DestinationRow {
            name: Inline::code(&column.name).link(&format!("#{}", place::column(&column.name))).cell(),
            cells: known
                .iter()
                .map(|(_, destination)| {
                    destination.columns.get(&column.name).map(|field| Inline::code(field)).unwrap_or_default().cell()
                })
                .collect(),
        }
    }));
    (known.into_iter().map(|(label, _)| label).collect(), rows)
}

fn grants(own: &[Grant], columns: &[Column]) -> Vec<GrantRow> {
    let words = |words: &[String]| Inline::text(&words.join(", ").to_uppercase()).cell();
    let row = |on: Inline, grant: &Grant| GrantRow {
        on: on.cell(),
        role: match grant.role.as_str() {
            "public" => Inline::markup("PUBLIC").cell(),
            role => Inline::code(role).cell(),
        },
        privileges: words(&grant.privileges),
        grantable: words(&grant.grantable),
        revoked: words(&grant.revoked),
    };
    let of_columns =
        columns.iter().flat_map(|column| column.grants.iter().map(move |grant| (Inline::code(&column.name), grant)));
    let all = own.iter().map(|grant| (Inline::markup("all of it"), grant)).chain(of_columns);
    all.map(|(on, grant)| row(on, grant)).collect()
}

/// The table with those that it refers to and those that refer to it; none
/// where it stands alone.
fn neighbourhood(context: &Context<'_>, schema: &Schema, table: &Table) -> Vec<DiagramPart> {
    let centre = (schema.name.as_str(), table.name.as_str());
    let drawn = context.site.entities.neighbourhood(context.catalog, centre);
    drawn.into_iter().map(DiagramPart::new).collect()
}

//! One schema: its diagram, its types, and the parts for what it holds.

use std::collections::BTreeSet;

use super::super::anchors::Kind;
use super::super::mermaid::Diagram;
use super::table::roles;
use super::user_type::{CompositePart, DomainRow, EnumRow, RangeRow, SequenceRow};
use super::{Context, FunctionPart, comment, comment_cell};
use crate::codegen::manifest::{Schema, Table, View};
use crate::codegen::markdown::{Cell, Fence, Inline};
use crate::codegen::relations::Relation;
use crate::codegen::sql;

/// The section of one schema.
pub struct SchemaPart {
    pub anchor: String,
    pub name: Inline,
    pub comment: Option<Inline>,
    pub diagrams: Vec<DiagramPart>,
    pub enums: Vec<EnumRow>,
    pub domains: Vec<DomainRow>,
    pub composites: Vec<CompositePart>,
    pub ranges: Vec<RangeRow>,
    pub sequences: Vec<SequenceRow>,
    pub tables: Vec<TableRow>,
    pub views: Vec<ViewRow>,
    pub materialized_views: Vec<ViewRow>,
    pub policies: Vec<PolicyLine>,
    pub functions: Vec<FunctionPart>,
}

/// A table in the index, with a link to its page.
pub struct TableRow {
    pub anchor: String,
    pub name: Cell,
    pub columns: usize,
    /// Tables that refer to it.
    pub referenced_by: usize,
    pub row_security: &'static str,
    pub findings: usize,
    pub comment: Cell,
}

/// A view in the index, with a link to its page.
pub struct ViewRow {
    pub anchor: String,
    pub name: Cell,
    pub columns: usize,
    pub findings: usize,
    pub comment: Cell,
}

/// A policy in the index.
pub struct PolicyLine {
    pub table: Cell,
    pub name: Cell,
    pub command: &'static str,
    pub roles: Cell,
}

/// A diagram and the entities whose names it cannot hold.
pub struct DiagramPart {
    pub fence: Fence,
    pub renamed: Vec<RenamedRow>,
}

pub struct RenamedRow {
    pub shown: Cell,
    pub name: Cell,
}

impl SchemaPart {
    pub fn new(context: &Context<'_>, schema: &Schema) -> Self {
        let anchor = context.site.anchors.get(Kind::Schema, &schema.name, "").unwrap_or_default();
        Self {
            anchor: anchor.to_owned(),
            name: Inline::code(&schema.name),
            comment: comment(schema.comment.as_deref()),
            diagrams: if context.options.diagrams { diagrams(context, schema) } else { Vec::new() },
            enums: schema.enums.iter().map(|item| EnumRow::new(context, schema, item)).collect(),
            domains: schema.domains.iter().map(|item| DomainRow::new(context, schema, item)).collect(),
            composites: schema.composites.iter().map(|item| CompositePart::new(context, schema, item)).collect(),
            ranges: schema.ranges.iter().map(|item| RangeRow::new(context, schema, item)).collect(),
            sequences: schema.sequences.iter().map(|item| SequenceRow::new(context, schema, item)).collect(),
            tables: schema.tables.iter().map(|table| table_row(context, schema, table)).collect(),
            views: schema.views.iter().map(|view| view_row(context, schema, view)).collect(),
            materialized_views: schema.materialized_views.iter().map(|view| view_row(context, schema, view)).collect(),
            policies: schema
                .tables
                .iter()
                .flat_map(|table| table.policies.iter().map(move |policy| (table, policy)))
                .map(|(table, policy)| PolicyLine {
                    table: context.link(Kind::Table, &schema.name, &table.name).cell(),
                    name: Inline::code(&policy.name).cell(),
                    command: sql::command(policy.command),
                    roles: roles(policy).cell(),
                })
                .collect(),
            functions: schema.functions.iter().map(|item| FunctionPart::new(context, schema, item)).collect(),
        }
    }

    pub fn has_types(&self) -> bool {
        !(self.enums.is_empty() && self.domains.is_empty() && self.composites.is_empty() && self.ranges.is_empty())
    }
}

fn table_row(context: &Context<'_>, schema: &Schema, table: &Table) -> TableRow {
    let here = (schema.name.as_str(), table.name.as_str());
    let children: BTreeSet<(&str, &str)> = context
        .catalog
        .relations_touching(here.0, here.1)
        .into_iter()
        .filter(|relation| relation.to() == here)
        .map(Relation::from)
        .collect();
    TableRow {
        anchor: context.site.anchors.get(Kind::Table, &schema.name, &table.name).unwrap_or_default().to_owned(),
        name: context.link(Kind::Table, &schema.name, &table.name).cell(),
        columns: table.columns.len(),
        referenced_by: children.len(),
        row_security: match (table.row_security, table.policies.is_empty()) {
            (true, _) => "on",
            (false, false) => "**off**, with policies",
            (false, true) => "off",
        },
        findings: context.site.findings(&schema.name, &table.name).len(),
        comment: comment_cell(table.comment.as_deref()),
    }
}

fn view_row(context: &Context<'_>, schema: &Schema, view: &View) -> ViewRow {
    ViewRow {
        anchor: context.site.anchors.get(Kind::View, &schema.name, &view.name).unwrap_or_default().to_owned(),
        name: context.link(Kind::View, &schema.name, &view.name).cell(),
        columns: view.columns.len(),
        findings: context.site.findings(&schema.name, &view.name).len(),
        comment: comment_cell(view.comment.as_deref()),
    }
}

fn diagrams(context: &Context<'_>, schema: &Schema) -> Vec<DiagramPart> {
    let tables: BTreeSet<(&str, &str)> =
        schema.tables.iter().map(|table| (schema.name.as_str(), table.name.as_str())).collect();
    let drawn = context.site.entities.diagrams(context.catalog, &tables);
    drawn.into_iter().map(DiagramPart::new).collect()
}

impl DiagramPart {
    pub fn new(diagram: Diagram) -> Self {
        let row = |(shown, name): (&String, &String)| RenamedRow {
            shown: Inline::code(shown).cell(),
            name: Inline::code(name).cell(),
        };
        Self { fence: Fence::new("mermaid", &diagram.text), renamed: diagram.renamed.iter().map(row).collect() }
    }
}

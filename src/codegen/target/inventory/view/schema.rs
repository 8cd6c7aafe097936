//! One schema: its diagram, its types, and the parts for what it holds.

use std::collections::BTreeSet;

use super::super::anchors::Kind;
use super::user_type::{CompositePart, DomainRow, EnumRow, RangeRow, SequenceRow};
use super::{Context, FunctionPart, TablePart, ViewPart, comment};
use crate::codegen::manifest::{Schema, ViewKind};
use crate::codegen::markdown::{Cell, Fence, Inline};

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
    pub tables: Vec<TablePart>,
    pub views: Vec<ViewPart>,
    pub materialized_views: Vec<ViewPart>,
    pub functions: Vec<FunctionPart>,
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
        let anchor = context.anchors.get(Kind::Schema, &schema.name, "").unwrap_or_default();
        let view = |view, kind| ViewPart::new(context, schema, view, kind);
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
            tables: schema.tables.iter().map(|table| TablePart::new(context, schema, table)).collect(),
            views: schema.views.iter().map(|item| view(item, ViewKind::View)).collect(),
            materialized_views: schema
                .materialized_views
                .iter()
                .map(|item| view(item, ViewKind::MaterializedView))
                .collect(),
            functions: schema.functions.iter().map(|item| FunctionPart::new(context, schema, item)).collect(),
        }
    }

    pub fn has_types(&self) -> bool {
        !(self.enums.is_empty() && self.domains.is_empty() && self.composites.is_empty() && self.ranges.is_empty())
    }
}

fn diagrams(context: &Context<'_>, schema: &Schema) -> Vec<DiagramPart> {
    let tables: BTreeSet<(&str, &str)> =
        schema.tables.iter().map(|table| (schema.name.as_str(), table.name.as_str())).collect();
    let drawn = context.entities.diagrams(context.catalog, &tables);
    let part = |diagram: super::super::mermaid::Diagram| DiagramPart {
        fence: Fence::new("mermaid", &diagram.text),
        renamed: diagram
            .renamed
            .iter()
            .map(|(shown, name)| RenamedRow { shown: Inline::code(shown).cell(), name: Inline::code(name).cell() })
            .collect(),
    };
    drawn.into_iter().map(part).collect()
}

//! Enums, domains, composites, ranges and sequences.

use super::super::anchors::Kind;
use super::{Context, comment, comment_cell, sql_cell};
use crate::codegen::manifest::{Composite, Domain, Enum, Persistence, Range, Schema, Sequence};
use crate::codegen::markdown::{Cell, Inline};
use crate::codegen::sql;

pub struct EnumRow {
    pub anchor: String,
    pub name: Cell,
    /// In their sort order.
    pub labels: Cell,
    pub comment: Cell,
}

pub struct DomainRow {
    pub anchor: String,
    pub name: Cell,
    pub type_name: Cell,
    /// NOT NULL, DEFAULT and CHECK, a line each.
    pub constraints: Cell,
    pub comment: Cell,
}

pub struct CompositePart {
    pub anchor: String,
    pub name: Inline,
    pub comment: Option<Inline>,
    /// In order.
    pub attributes: Vec<AttributeRow>,
}

pub struct AttributeRow {
    pub name: Cell,
    pub type_name: Cell,
    pub comment: Cell,
}

pub struct RangeRow {
    pub anchor: String,
    pub name: Cell,
    pub subtype: Cell,
    pub multirange: Cell,
    /// What is not the subtype's default.
    pub options: Cell,
    pub comment: Cell,
}

pub struct SequenceRow {
    pub anchor: String,
    pub name: Cell,
    pub options: Cell,
    pub owned_by: Cell,
    pub comment: Cell,
}

impl EnumRow {
    pub fn new(context: &Context<'_>, schema: &Schema, item: &Enum) -> Self {
        let (anchor, name) = placed(context, Kind::Type, schema, &item.name);
        let labels = Inline::join(item.labels.iter().map(|label| Inline::code(label)), ", ");
        Self { anchor, name: name.cell(), labels: labels.cell(), comment: comment_cell(item.comment.as_deref()) }
    }
}

impl DomainRow {
    pub fn new(context: &Context<'_>, schema: &Schema, item: &Domain) -> Self {
        let (anchor, name) = placed(context, Kind::Type, schema, &item.name);
        let mut constraints = Vec::new();
        if let Some(collation) = &item.collation {
            constraints.push(Inline::sql(&format!("COLLATE {collation}")));
        }
        if item.not_null {
            constraints.push(Inline::code("NOT NULL"));
        }
        if let Some(default) = &item.default {
            constraints.push(Inline::sql(&format!("DEFAULT {default}")));
        }
        for check in &item.checks {
            let named = if check.name.is_empty() {
                String::new()
            } else {
                format!("CONSTRAINT {} ", sql::identifier(&check.name))
            };
            constraints.push(Inline::sql(&format!("{named}CHECK {}", sql::parenthesised(&check.expression))));
        }
        Self {
            anchor,
            name: name.cell(),
            type_name: context.type_name(&item.type_name).cell(),
            constraints: Inline::join(constraints, "<br>").cell(),
            comment: comment_cell(item.comment.as_deref()),
        }
    }
}

impl CompositePart {
    pub fn new(context: &Context<'_>, schema: &Schema, item: &Composite) -> Self {
        let (anchor, name) = placed(context, Kind::Type, schema, &item.name);
        let attributes = item.attributes.iter().map(|attribute| AttributeRow {
            name: Inline::code(&attribute.name).cell(),
            type_name: context.type_name(&attribute.type_name).cell(),
            comment: comment_cell(attribute.comment.as_deref()),
        });
        Self { anchor, name, comment: comment(item.comment.as_deref()), attributes: attributes.collect() }
    }
}

impl RangeRow {
    pub fn new(context: &Context<'_>, schema: &Schema, item: &Range) -> Self {
        let (anchor, name) = placed(context, Kind::Type, schema, &item.name);
        let options = [
            ("SUBTYPE_OPCLASS", &item.operator_class),
            ("COLLATION", &item.collation),
            ("CANONICAL", &item.canonical),
            ("SUBTYPE_DIFF", &item.subtype_diff),
        ];
        let options = options
            .iter()
            .filter_map(|(word, value)| value.as_ref().map(|value| Inline::sql(&format!("{word} = {value}"))));
        Self {
            anchor,
            name: name.cell(),
            subtype: context.type_name(&item.subtype).cell(),
            multirange: item.multirange.as_deref().map(Inline::code).unwrap_or_default().cell(),
            options: Inline::join(options, "<br>").cell(),
            comment: comment_cell(item.comment.as_deref()),
        }
    }
}

impl SequenceRow {
    pub fn new(context: &Context<'_>, schema: &Schema, item: &Sequence) -> Self {
        let (anchor, name) = placed(context, Kind::Sequence, schema, &item.name);
        let mut options = sql::sequence(&item.options);
        if item.persistence == Persistence::Unlogged {
            options = format!("UNLOGGED {options}").trim_end().to_owned();
        }
        Self {
            anchor,
            name: name.cell(),
            options: sql_cell(Some(&options)),
            owned_by: sql_cell(item.owned_by.as_deref()),
            comment: comment_cell(item.comment.as_deref()),
        }
    }
}

/// An object's anchor and its qualified name.
pub fn placed(context: &Context<'_>, kind: Kind, schema: &Schema, name: &str) -> (String, Inline) {
    let anchor = context.site.anchors.get(kind, &schema.name, name).unwrap_or_default();
    (anchor.to_owned(), Inline::code(&sql::qualified(&schema.name, name)))
}

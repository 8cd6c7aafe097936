//! Views and materialised views.

use super::super::place;
use super::table::{IndexRow, RuleRow, TriggerRow, index_rows, rule_rows, trigger_rows};
use super::{Context, comment_cell};
use crate::codegen::manifest::{View, ViewKind};
use crate::codegen::markdown::{Cell, Fence, Inline};

/// The section of one view.
pub struct ViewPart {
    /// Options and what else is not the default.
    pub facts: Vec<Inline>,
    pub columns: Vec<ViewColumnRow>,
    pub indexes: Vec<IndexRow>,
    pub triggers: Vec<TriggerRow>,
    pub rules: Vec<RuleRow>,
    pub definition: Option<Fence>,
}

pub struct ViewColumnRow {
    pub anchor: String,
    pub name: Cell,
    pub type_name: Cell,
    pub comment: Cell,
}

impl ViewPart {
    pub fn new(context: &Context<'_>, view: &View, kind: ViewKind) -> Self {
        let columns = view.columns.iter().map(|column| ViewColumnRow {
            anchor: place::column(&column.name),
            name: Inline::code(&column.name).cell(),
            type_name: context.type_name(&column.type_name).cell(),
            comment: comment_cell(column.comment.as_deref()),
        });
        let definition = context.options.definitions && !view.definition.trim().is_empty();
        Self {
            facts: facts(view, kind),
            columns: columns.collect(),
            indexes: index_rows(&view.indexes),
            triggers: trigger_rows(&view.triggers),
            rules: rule_rows(&view.rules),
            definition: definition.then(|| Fence::new("sql", &view.definition)),
        }
    }
}

fn facts(view: &View, kind: ViewKind) -> Vec<Inline> {
    let mut facts = Vec::new();
    if !view.options.is_empty() {
        facts.push(Inline::markup("Options: ").then(Inline::sql(&view.options.join(", "))));
    }
    if let Some(method) = &view.access_method {
        facts.push(Inline::markup("Access method: ").then(Inline::code(method)));
    }
    if let Some(tablespace) = &view.tablespace {
        facts.push(Inline::markup("Tablespace: ").then(Inline::code(tablespace)));
    }
    if kind == ViewKind::MaterializedView && view.not_populated {
        facts.push(Inline::markup("Holds no data until its first `REFRESH MATERIALIZED VIEW`"));
    }
    facts
}

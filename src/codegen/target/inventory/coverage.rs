//! How much of a schema has a comment.

use crate::codegen::manifest::Manifest;

/// Of how many objects of one kind how many have a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coverage {
    /// In the plural, as a heading has it.
    pub kind: &'static str,
    pub commented: usize,
    pub total: usize,
}

impl Coverage {
    /// The percentage, rounded down so that 100 means all; 100 where there is
    /// nothing to comment.
    pub fn percent(self) -> usize {
        (self.commented * 100).checked_div(self.total).unwrap_or(100)
    }

    fn add(&mut self, comment: Option<&str>) {
        self.total += 1;
        self.commented += usize::from(comment.is_some_and(|text| !text.trim().is_empty()));
    }
}

/// The coverage of each kind that the manifest holds any of, in the
/// document's order; the last one is that of all objects together.
pub fn coverage(manifest: &Manifest) -> Vec<Coverage> {
    let of = |kind| Coverage { kind, commented: 0, total: 0 };
    let mut schemas = of("Schemas");
    let mut types = of("Types");
    let mut sequences = of("Sequences");
    let mut tables = of("Tables");
    let mut columns = of("Columns");
    let mut policies = of("Policies");
    let mut views = of("Views");
    let mut functions = of("Functions");
    for schema in &manifest.schemas {
        schemas.add(schema.comment.as_deref());
        schema.enums.iter().for_each(|item| types.add(item.comment.as_deref()));
        schema.domains.iter().for_each(|item| types.add(item.comment.as_deref()));
        schema.composites.iter().for_each(|item| types.add(item.comment.as_deref()));
        schema.ranges.iter().for_each(|item| types.add(item.comment.as_deref()));
        schema.sequences.iter().for_each(|item| sequences.add(item.comment.as_deref()));
        for table in &schema.tables {
            tables.add(table.comment.as_deref());
            table.columns.iter().for_each(|column| columns.add(column.comment.as_deref()));
            table.policies.iter().for_each(|policy| policies.add(policy.comment.as_deref()));
        }
        // A view's columns are left out: nearly nobody comments on what a
        // query's own names say, and they would hide what tables lack.
        schema.views.iter().chain(&schema.materialized_views).for_each(|view| views.add(view.comment.as_deref()));
        schema.functions.iter().for_each(|routine| functions.add(routine.comment.as_deref()));
    }
    let kinds = [schemas, types, sequences, tables, columns, policies, views, functions];
    let all = kinds.iter().fold(of("All"), |all, kind| Coverage {
        commented: all.commented + kind.commented,
        total: all.total + kind.total,
        ..all
    });
    kinds.into_iter().filter(|kind| kind.total > 0).chain([all]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_has_a_comment() {
        let manifest: Manifest = serde_yaml::from_str(
            "{version: '1.0', schemas: [{name: s, comment: ' ', tables: [{name: t, comment: x, columns: \
             [{name: a, type: text, comment: y}, {name: b, type: text}, {name: c, type: text}]}]}]}",
        )
        .unwrap();
        let percents: Vec<(&str, usize)> = coverage(&manifest).iter().map(|kind| (kind.kind, kind.percent())).collect();
        assert_eq!(percents, [("Schemas", 0), ("Tables", 100), ("Columns", 33), ("All", 40)]);
        assert_eq!(coverage(&Manifest::default()).last().map(|all| all.percent()), Some(100));
    }
}

use std::borrow::Cow;

use serde::Serialize;

use super::findings::{self, Ledger};
use super::names::Names;
use crate::codegen::manifest::{Check, Key, Table};

/// A rule of the table that Firestore does not keep.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Constraint<'v> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<&'v str>,
    pub kind: ConstraintKind,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<&'v str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub definition: Option<Cow<'v, str>>,
    pub enforcement: Enforcement,
    pub reason: Cow<'static, str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ConstraintKind {
    Unique,
    Check,
    Exclude,
    ForeignKey,
    PartialIndex,
    ExpressionIndex,
    UnsupportedIndex,
}

/// Who keeps the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Enforcement {
    /// Postgres does, so it holds in the mirror as long as only the mirroring
    /// process writes.
    Postgres,
    /// There is nothing to keep: an index only makes queries fast.
    None,
}

/// A name, where the manifest gives one.
pub fn named(name: &str) -> Option<&str> {
    (!name.is_empty()).then_some(name)
}

/// `schema.table.constraint`, or the table's path and columns where the
/// constraint has no name.
pub fn constraint_path(table: &str, name: &str, columns: &[String]) -> String {
    if name.is_empty() { format!("{table}.({})", columns.join(", ")) } else { format!("{table}.{name}") }
}

/// The unique keys, checks and exclusions of a table, each with a finding.
/// `columns` are the table's fields with the checks of their domains.
pub fn constraints<'v>(
    schema: &str,
    table: &'v Table,
    collection: &'v str,
    columns: &[(&'v str, &[&'v Check])],
    names: &'v Names<'v>,
    ledger: &mut Ledger<'v>,
) -> Vec<Constraint<'v>> {
    let path = format!("{schema}.{}", table.name);
    let fields = |columns: &'v [String]| {
        columns.iter().map(|column| names.field(schema, &table.name, column)).collect::<Vec<_>>()
    };
    let mut constraints = Vec::new();
    for Key { name, columns, .. } in &table.unique {
        let path = constraint_path(&path, name, columns);
        constraints.push(unique(name, fields(columns), path, collection, ledger));
    }
    let mut check = |name: &'v str, field: Option<&'v str>, path: String, expression: &'v str| {
        let reason = "Firestore has no checks";
        ledger.note(&findings::CHECK, path, Some(collection), field, format!("{reason}: {expression}"));
        Constraint {
            name: named(name),
            kind: ConstraintKind::Check,
            fields: field.into_iter().collect(),
            definition: named(expression).map(Cow::Borrowed),
            enforcement: Enforcement::Postgres,
            reason: reason.into(),
        }
    };
    for own in &table.checks {
        let path = constraint_path(&path, &own.name, std::slice::from_ref(&own.expression));
        constraints.push(check(&own.name, None, path, &own.expression));
    }
    for (column, checks) in columns {
        for domain in *checks {
            let field = names.field(schema, &table.name, column);
            constraints.push(check(&domain.name, Some(field), format!("{path}.{column}"), &domain.expression));
        }
    }
    for exclusion in &table.exclusions {
        let reason = "Firestore has no exclusion constraints";
        let path = constraint_path(&path, &exclusion.name, std::slice::from_ref(&exclusion.definition));
        ledger.note(&findings::EXCLUSION, path, Some(collection), None, reason);
        constraints.push(Constraint {
            name: named(&exclusion.name),
            kind: ConstraintKind::Exclude,
            fields: Vec::new(),
            definition: named(&exclusion.definition).map(Cow::Borrowed),
            enforcement: Enforcement::Postgres,
            reason: reason.into(),
        });
    }
    constraints
}

/// A unique key or unique index over whole columns.
pub fn unique<'v>(
    name: &'v str,
    fields: Vec<&'v str>,
    path: String,
    collection: &'v str,
    ledger: &mut Ledger<'v>,
) -> Constraint<'v> {
    let reason = "Firestore has no unique index";
    let field = if let [field] = fields.as_slice() { Some(*field) } else { None };
    ledger.note(&findings::UNIQUE, path, Some(collection), field, format!("{reason}: {}", fields.join(", ")));
    Constraint {
        name: named(name),
        kind: ConstraintKind::Unique,
        fields,
        definition: None,
        enforcement: Enforcement::Postgres,
        reason: reason.into(),
    }
}

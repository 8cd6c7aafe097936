use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::constraint::{Constraint, ConstraintKind, Enforcement, constraint_path, named};
use super::findings::{self, Ledger, Loss};
use super::names::Names;
use crate::codegen::catalog::Catalog;
use crate::codegen::manifest::{Action, ForeignKey};
use crate::codegen::relations::Relation;
use crate::codegen::sql;

/// Which collection a field points into.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reference<'v> {
    pub collection: &'v str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub constraint: Option<&'v str>,
    /// The fields of the foreign key's other columns, in its order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub with: Vec<&'v str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_delete: Option<&'static str>,
    /// The field alone holds the other document's id, so that a
    /// DocumentReference can be made of it.
    #[serde(skip)]
    pub is_document_id: bool,
}

/// The references of one table by column, and the foreign keys that a field
/// cannot say.
///
/// A column that stands in several foreign keys refers by the one that has
/// fewer columns (a tenant's id by its own key, not by a composite one), then
/// by the one whose name comes first.
pub fn references<'v>(
    catalog: &Catalog<'_>,
    relations: &[&Relation<'v>],
    collection: &'v str,
    names: &'v Names<'v>,
    ledger: &mut Ledger<'v>,
) -> (BTreeMap<&'v str, Reference<'v>>, Vec<Constraint<'v>>) {
    let mut references: BTreeMap<&'v str, Reference<'v>> = BTreeMap::new();
    let mut constraints = Vec::new();
    let mut ordered: Vec<&Relation<'v>> = relations.to_vec();
    ordered.sort_by_key(|relation| relation.foreign_key.columns.len());
    for relation in ordered {
        let key = relation.foreign_key;
        let mut keep = |loss: &'static Loss, reason: String| {
            constraints.push(keep_in_postgres(relation, loss, reason, collection, names, ledger));
        };
        let (to_schema, to_table) = (&key.references.schema, &key.references.table);
        let Some(parent) = names.collection(to_schema, to_table) else {
            let why = if catalog.is_left_out(to_schema) {
                "is in a schema that is left out"
            } else {
                "is not in the manifest"
            };
            keep(&findings::REFERENCE_OUTSIDE, format!("`{to_schema}.{to_table}` {why}"));
            continue;
        };
        let by_id = is_by_id(relation);
        if !by_id {
            let columns = key.references.columns.join(", ");
            let reason = format!("it refers to `{to_table}` by ({columns}), which is not the document's id");
            keep(&findings::REFERENCE_NOT_BY_ID, reason);
        }
        let columns = key.columns.iter().map(String::as_str);
        let free: Vec<&str> = columns.filter(|column| !references.contains_key(column)).collect();
        if free.is_empty() && !key.columns.is_empty() {
            let reason = format!("its fields refer to other collections already, and this key to `{parent}`");
            keep(&findings::REFERENCE_SHARED, reason);
        }
        for column in free {
            references.insert(column, reference(relation, column, parent, by_id, names));
        }
    }
    (references, constraints)
}

fn reference<'v>(
    relation: &Relation<'v>,
    column: &str,
    parent: &'v str,
    by_id: bool,
    names: &'v Names<'v>,
) -> Reference<'v> {
    let key = relation.foreign_key;
    let others = key.columns.iter().filter(|other| *other != column);
    Reference {
        collection: parent,
        constraint: named(&key.name),
        with: others.map(|other| field(relation, other, names)).collect(),
        on_delete: match key.on_delete {
            Action::NoAction => None,
            Action::Restrict => Some("restrict"),
            Action::Cascade => Some("cascade"),
            Action::SetNull => Some("set_null"),
            Action::SetDefault => Some("set_default"),
        },
        is_document_id: by_id && key.columns.len() == 1,
    }
}

fn field<'v>(relation: &Relation<'v>, column: &'v str, names: &'v Names<'v>) -> &'v str {
    names.field(&relation.child_schema.name, &relation.child.name, column)
}

/// Whether a foreign key names the whole primary key, in whatever order.
fn is_by_id(relation: &Relation<'_>) -> bool {
    let key = relation.parent.and_then(|parent| parent.primary_key.as_ref());
    fn columns(columns: &[String]) -> BTreeSet<&str> {
        columns.iter().map(String::as_str).collect()
    }
    key.is_some_and(|key| {
        !key.columns.is_empty() && columns(&key.columns) == columns(&relation.foreign_key.references.columns)
    })
}

/// A foreign key as a constraint with its reason, and as a finding.
fn keep_in_postgres<'v>(
    relation: &Relation<'v>,
    loss: &'static Loss,
    reason: String,
    collection: &'v str,
    names: &'v Names<'v>,
    ledger: &mut Ledger<'v>,
) -> Constraint<'v> {
    let key: &'v ForeignKey = relation.foreign_key;
    let table = format!("{}.{}", relation.child_schema.name, relation.child.name);
    let fields: Vec<&str> = key.columns.iter().map(|column| field(relation, column, names)).collect();
    let path = constraint_path(&table, &key.name, &key.columns);
    let one = if let [field] = fields.as_slice() { Some(*field) } else { None };
    ledger.note(loss, path, Some(collection), one, reason.clone());
    Constraint {
        name: named(&key.name),
        kind: ConstraintKind::ForeignKey,
        fields,
        definition: Some(sql::foreign_key(key).into()),
        enforcement: Enforcement::Postgres,
        reason: reason.into(),
    }
}

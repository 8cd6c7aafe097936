//! The passes that find what is wanting: a table's rows and keys, its
//! indexes, its foreign keys, and the functions.

use std::collections::BTreeSet;

use crate::codegen::catalog::Catalog;
use crate::codegen::loss::{self, Finding};
use crate::codegen::manifest::{Index, IndexKey, Key, Schema, Table, Trigger, TriggerState};
use crate::codegen::relations::Relation;
use crate::codegen::types::Family;

use super::findings;

/// A finding with the table, view or function that it is shown with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    pub finding: Finding,
    /// Schema and name of the relation; `None` where it is about no relation.
    pub relation: Option<(String, String)>,
}

/// Everything that this target finds, in the ledger's order, each once.
pub fn inspect(catalog: &Catalog<'_>) -> Vec<Located> {
    let mut found = Vec::new();
    for object in &catalog.manifest.not_visible {
        let reason = format!("the {} was not visible: {}", object.kind, object.reason);
        found.push(Located { finding: Finding::new(&findings::NOT_VISIBLE, &object.name, reason), relation: None });
    }
    for (schema, table) in catalog.tables() {
        let mut own = Vec::new();
        inspect_rows(schema, table, &mut own);
        inspect_indexes(schema, &table.name, &constraint_indexes(table), &table.indexes, &mut own);
        inspect_triggers(schema, &table.name, &table.triggers, &mut own);
        locate(schema, &table.name, own, &mut found);
    }
    for relation in catalog.relations() {
        let mut own = Vec::new();
        inspect_relation(catalog, relation, &mut own);
        locate(relation.child_schema, &relation.child.name, own, &mut found);
    }
    for (schema, view, _) in catalog.views() {
        let mut own = Vec::new();
        inspect_indexes(schema, &view.name, &[], &view.indexes, &mut own);
        inspect_triggers(schema, &view.name, &view.triggers, &mut own);
        locate(schema, &view.name, own, &mut found);
    }
    for schema in &catalog.manifest.schemas {
        for routine in schema.functions.iter().filter(|routine| routine.security_definer) {
            let sets_path = |setting: &String| setting.to_lowercase().starts_with("search_path");
            if !routine.settings.iter().any(sets_path) {
                let path = format!("{}.{}", schema.name, routine.signature());
                let reason = "it runs with its owner's rights and its caller's search_path";
                let finding = Finding::new(&findings::DEFINER_WITHOUT_SEARCH_PATH, path, reason);
                found.push(Located { finding, relation: None });
            }
        }
    }
    in_order(found)
}

/// Puts them in the ledger's order ([`crate::codegen::loss::sort`]), each once.
fn in_order(mut found: Vec<Located>) -> Vec<Located> {
    found.sort_by(|a, b| loss::order(&a.finding, &b.finding));
    found.dedup_by(|a, b| a.finding == b.finding);
    found
}

fn locate(schema: &Schema, relation: &str, own: Vec<Finding>, found: &mut Vec<Located>) {
    let at = (schema.name.clone(), relation.to_owned());
    found.extend(own.into_iter().map(|finding| Located { finding, relation: Some(at.clone()) }));
}

fn inspect_rows(schema: &Schema, table: &Table, found: &mut Vec<Finding>) {
    let path = format!("{}.{}", schema.name, table.name);
    if table.row_security && table.policies.is_empty() {
        let reason = "every role but the owner sees no row and may write none";
        found.push(Finding::new(&findings::ROW_SECURITY_WITHOUT_POLICY, &path, reason));
    }
    if !table.row_security && !table.policies.is_empty() {
        let reason = format!("its policies ({}) are not applied", table.policies.len());
        found.push(Finding::new(&findings::POLICY_WITHOUT_ROW_SECURITY, &path, reason));
    }
    if !has_key(table) {
        let reason = "neither a primary key nor a unique key over columns that are never null";
        found.push(Finding::new(&findings::TABLE_WITHOUT_KEY, &path, reason));
    }
    let not_valid = table
        .foreign_keys
        .iter()
        .filter(|key| key.not_valid)
        .map(|key| &key.name)
        .chain(table.checks.iter().filter(|check| check.not_valid).map(|check| &check.name));
    for name in not_valid {
        let reason = "it is NOT VALID: rows from before it may break it";
        found.push(Finding::new(&findings::CONSTRAINT_NOT_VALIDATED, format!("{path}.{name}"), reason));
    }
}

/// Whether the columns of some key name one row: none of them may be null.
fn has_key(table: &Table) -> bool {
    let never_null = |column: &String| table.column(column).is_some_and(|column| column.not_null);
    let unique_index = |index: &Index| {
        let column = |key: &IndexKey| key.column.as_ref().is_some_and(never_null);
        index.unique && !index.invalid && index.predicate.is_none() && index.keys.iter().all(column)
    };
    table.primary_key.is_some()
        || table.unique.iter().any(|key| key.columns.iter().all(never_null))
        || table.indexes.iter().any(unique_index)
}

fn inspect_triggers(schema: &Schema, relation: &str, triggers: &[Trigger], found: &mut Vec<Finding>) {
    for trigger in triggers.iter().filter(|trigger| trigger.enabled == TriggerState::Disabled) {
        let path = format!("{}.{relation}.{}", schema.name, trigger.name);
        found.push(Finding::new(&findings::TRIGGER_DISABLED, path, "it fires for no session"));
    }
}

/// The indexes that Postgres keeps for a table's keys, as if they were its own.
fn constraint_indexes(table: &Table) -> Vec<Index> {
    let index = |key: &Key, fallback: &str| Index {
        name: if key.name.is_empty() { fallback.to_owned() } else { key.name.clone() },
        // A deferrable key cannot decide ON CONFLICT, so that it does not do
        // the work of a unique index.
        unique: !key.deferrable,
        nulls_not_distinct: key.nulls_not_distinct,
        keys: key.columns.iter().map(|name| IndexKey { column: Some(name.clone()), ..IndexKey::default() }).collect(),
        include: key.include.clone(),
        ..Index::default()
    };
    let primary = table.primary_key.iter().map(|key| index(key, "the primary key"));
    primary.chain(table.unique.iter().map(|key| index(key, "a unique key"))).collect()
}

/// Duplicate, covered and invalid indexes of one relation. Of two that are
/// the same the one stays that says more: a constraint's, then a unique one,
/// then the first by name.
fn inspect_indexes(
    schema: &Schema,
    relation: &str,
    constraints: &[Index],
    indexes: &[Index],
    found: &mut Vec<Finding>,
) {
    let path = |index: &Index| format!("{}.{relation}.{}", schema.name, index.name);
    for index in indexes.iter().filter(|index| index.invalid) {
        found.push(Finding::new(&findings::INVALID_INDEX, path(index), "a concurrent build of it did not finish"));
    }
    let mut own: Vec<&Index> = indexes.iter().filter(|index| !index.invalid).collect();
    own.sort_by_key(|index| (!index.unique, &index.name));
    let mut kept: Vec<&Index> = constraints.iter().collect();
    for index in own {
        if let Some(same) = kept.iter().find(|other| does_the_work_of(other, index)) {
            let reason = format!("it has the keys of {}", same.name);
            found.push(Finding::new(&findings::DUPLICATE_INDEX, path(index), reason));
        } else {
            kept.push(index);
        }
    }
    // A constraint's index goes with its constraint: only the others may go.
    for index in kept[constraints.len()..].iter().filter(|index| is_plain(index) && !index.unique) {
        let longer = |other: &&&Index| {
            is_plain(other) && other.keys.len() > index.keys.len() && other.keys.starts_with(&index.keys)
        };
        if let Some(other) = kept.iter().find(longer) {
            let reason = format!("{} begins with the same keys", other.name);
            found.push(Finding::new(&findings::COVERED_INDEX, path(index), reason));
        }
    }
}

/// Whether `index` is there for nothing beside `other`.
fn does_the_work_of(other: &Index, index: &Index) -> bool {
    let columns = |index: &Index| index.include.iter().cloned().collect::<BTreeSet<String>>();
    let same_kind = if index.unique {
        other.unique && other.nulls_not_distinct == index.nulls_not_distinct
    } else {
        columns(index).is_subset(&columns(other))
    };
    same_kind
        && (!index.unique || columns(other) == columns(index))
        && other.method() == index.method()
        && other.keys == index.keys
        && other.predicate == index.predicate
}

/// A B-tree over all rows that carries nothing else.
fn is_plain(index: &Index) -> bool {
    index.method() == "btree" && index.predicate.is_none() && index.include.is_empty()
}

fn inspect_relation(catalog: &Catalog<'_>, relation: &Relation<'_>, found: &mut Vec<Finding>) {
    let (child, key) = (relation.child, relation.foreign_key);
    let name = if key.name.is_empty() { key.columns.join(", ") } else { key.name.clone() };
    let path = format!("{}.{}.{name}", relation.child_schema.name, child.name);
    let constraints = constraint_indexes(child);
    let indexed = constraints.iter().chain(&child.indexes).any(|index| finds_rows_of(index, &key.columns));
    if !indexed {
        let reason = format!("no index of the table begins with {}", key.columns.join(", "));
        found.push(Finding::new(&findings::FOREIGN_KEY_WITHOUT_INDEX, &path, reason));
    }
    let Some(parent) = relation.parent else { return };
    for (from, to) in key.columns.iter().zip(&key.references.columns) {
        let (Some(from), Some(to)) = (child.column(from), parent.column(to)) else { continue };
        let family = |text: &str| catalog.resolve(text).without_domains();
        let (one, other) = (family(&from.type_name), family(&to.type_name));
        if is_text(&one.family) && is_text(&other.family) || one == other {
            continue;
        }
        let reason = format!("{} is {}, but {} is {}", from.name, from.type_name, to.name, to.type_name);
        found.push(Finding::new(&findings::REFERENCE_OF_ANOTHER_TYPE, &path, reason));
    }
}

/// Text, with a length or without, is one type to an index.
fn is_text(family: &Family<'_>) -> bool {
    matches!(family, Family::Text | Family::Varchar { .. })
}

/// Whether an index finds the rows that refer to one row: its leading columns
/// are the foreign key's, in whatever order. A partial index does where it
/// leaves out only the rows that refer to nothing.
fn finds_rows_of(index: &Index, columns: &[String]) -> bool {
    let leading: BTreeSet<&str> =
        index.keys.iter().take(columns.len()).filter_map(|key| key.column.as_deref()).collect();
    let all_rows = match index.predicate.as_deref() {
        None => true,
        Some(predicate) => columns.iter().any(|column| {
            let plain: String = predicate.chars().filter(|c| !matches!(c, '(' | ')' | '"')).collect();
            plain.eq_ignore_ascii_case(&format!("{column} IS NOT NULL"))
        }),
    };
    let wanted: BTreeSet<&str> = columns.iter().map(String::as_str).collect();
    let method = matches!(index.method(), "btree") || index.method() == "hash" && columns.len() == 1;
    method && all_rows && !index.invalid && leading == wanted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codegen::manifest::{self, Manifest};

    fn found(yaml: &str) -> Vec<String> {
        let mut manifest: Manifest = serde_yaml::from_str(yaml).unwrap();
        manifest::sort(&mut manifest);
        let found = inspect(&Catalog::new(&manifest));
        found.into_iter().map(|located| format!("{} {}", located.finding.code.id, located.finding.path)).collect()
    }

    #[test]
    fn finds_what_is_wanting() {
        let all = found(
            r#"
version: '1.0'
not_visible: [{kind: table, name: crm.secret, reason: SELECT}]
schemas:
- name: crm
  tables:
  - name: a
    row_security: true
    columns: [{name: id, type: bigint, not_null: true}, {name: b, type: integer}, {name: c, type: text}]
    primary_key: {name: a_pkey, columns: [id]}
    checks: [{name: later, expression: (b > 0), not_valid: true}]
    triggers: [{name: off, enabled: disabled, definition: x}]
  - name: b
    columns: [{name: a_id, type: integer}, {name: x, type: text}]
    unique: [{name: b_x_key, columns: [x]}]
    policies: [{name: p}]
    foreign_keys: [{name: b_fk, columns: [a_id], references: {schema: crm, table: a, columns: [id]}}]
    indexes:
    - {name: b_x, keys: [{column: x}]}
    - {name: broken, keys: [{column: a_id}], invalid: true}
    - {name: partial, keys: [{column: a_id}], predicate: (x IS NULL)}
  - name: c
    columns: [{name: id, type: bigint, not_null: true}, {name: a_id, type: bigint}]
    indexes:
    - {name: c_a, keys: [{column: a_id}], predicate: (a_id IS NOT NULL)}
    - {name: c_id, keys: [{column: id}], unique: true}
    - {name: c_id_a, keys: [{column: id}, {column: a_id}]}
    - {name: c_one, keys: [{column: a_id, descending: true}]}
    - {name: c_two, keys: [{column: a_id, descending: true}, {column: id}]}
    foreign_keys: [{name: c_fk, columns: [a_id], references: {schema: crm, table: a, columns: [id]}}]
  functions:
  - {name: f, security_definer: true}
  - {name: g, security_definer: true, settings: ['search_path=""']}
"#,
        );
        assert_eq!(
            all,
            [
                "INV001 crm.a",
                "INV002 crm.b.b_fk",
                "INV003 crm.b.b_x",
                "INV004 crm.b",
                "INV005 crm.b",
                "INV006 crm.f()",
                "INV007 crm.b.broken",
                "INV008 crm.a.later",
                "INV009 crm.c.c_one",
                "INV010 crm.b.b_fk",
                "INV011 crm.a.off",
                "INV012 crm.secret",
            ]
        );
    }

    #[test]
    fn a_deferrable_key_and_a_unique_index_are_two_things() {
        let table = |key: &str| {
            found(&format!(
                "{{version: '1.0', schemas: [{{name: s, tables: [{{name: t, columns: [{{name: a, type: text, not_null: \
                 true}}], unique: [{{name: k, columns: [a]{key}}}], indexes: [{{name: i, unique: true, keys: [{{column: \
                 a}}]}}]}}]}}]}}"
            ))
        };
        assert_eq!(table(""), ["INV003 s.t.i"]);
        assert!(table(", deferrable: true").is_empty());
    }

    #[test]
    fn composite_keys_need_all_their_columns_first() {
        let index = |yaml: &str| -> Index { serde_yaml::from_str(yaml).unwrap() };
        let columns = ["a".to_owned(), "b".to_owned()];
        let reversed = index("{name: i, keys: [{column: b}, {column: a}, {column: c}]}");
        let short = index("{name: i, keys: [{column: a}]}");
        let gap = index("{name: i, keys: [{column: a}, {column: c}, {column: b}]}");
        assert!(finds_rows_of(&reversed, &columns));
        assert!(!finds_rows_of(&short, &columns));
        assert!(!finds_rows_of(&gap, &columns));
    }
}

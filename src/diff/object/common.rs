//! The tables that two manifests both have and that are the same, which is
//! nearly all of them: no comparison looks at what is in them.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::census::{census, has_distinct_names};
use super::{Object, objects_but};
use crate::codegen::manifest::{Kind, Manifest, Schema, Table};

/// The tables that are the same on both sides of a comparison.
pub struct Common {
    /// Where they are in memory, on both sides.
    tables: HashSet<*const Table>,
    /// How many objects of each kind they and what is in them are.
    pub counts: BTreeMap<Kind, usize>,
}

impl Common {
    /// Architecture Invariant: a table is common only where leaving it out says
    /// no more and no less. So one in which two objects have one identity, as
    /// two constraints without a name, is compared like any other.
    pub fn between(expected: &Manifest, actual: &Manifest) -> Self {
        let mut common = Self { tables: HashSet::new(), counts: BTreeMap::new() };
        let there: HashMap<&str, &Schema> = by_name(&actual.schemas, |schema| &schema.name);
        for schema in &expected.schemas {
            if let Some(other) = there.get(&*schema.name) {
                common.add(schema, other);
            }
        }
        common
    }

    fn add(&mut self, schema: &Schema, other: &Schema) {
        let there: HashMap<&str, &Arc<Table>> = by_name(other.tables.shared(), |table| &table.name);
        for table in schema.tables.shared() {
            let Some(same) = there.get(&*table.name) else { continue };
            if (Arc::ptr_eq(table, same) || table == *same) && has_distinct_names(table) {
                self.tables.extend([Arc::as_ptr(table), Arc::as_ptr(same)]);
                census(table, &mut self.counts);
            }
        }
    }

    pub fn has(&self, table: &Table) -> bool {
        self.tables.contains(&std::ptr::from_ref(table))
    }

    /// The objects of one of the two manifests, less those of the common tables.
    pub fn others<'m>(&self, manifest: &'m Manifest) -> Vec<Object<'m>> {
        objects_but(manifest, |table| self.has(table))
    }
}

/// By the names that one item alone has.
fn by_name<T>(items: &[T], name: impl Fn(&T) -> &str) -> HashMap<&str, &T> {
    let mut by_name: HashMap<&str, &T> = HashMap::with_capacity(items.len());
    let mut repeated = Vec::new();
    for item in items {
        if by_name.insert(name(item), item).is_some() {
            repeated.push(name(item));
        }
    }
    for name in repeated {
        by_name.remove(name);
    }
    by_name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codegen::manifest::read;
    use crate::diff::object::objects;

    const TEXT: &str = "version: '1.0'
schemas:
- name: s
  tables:
  - name: a
    columns:
    - {name: id, type: bigint, identity: {generation: always, grants: [{role: app, privileges: [usage]}]}}
    - {name: b, type: text, default: \"''\", grants: [{role: app, privileges: [select]}]}
    primary_key: {name: a_pkey, columns: [id]}
    unique: [{name: u, columns: [b]}]
    checks: [{name: c, expression: b <> ''}]
    exclusions: [{name: e, definition: EXCLUDE USING gist (b WITH =)}]
    foreign_keys: [{name: f, columns: [id], references: {schema: s, table: a, columns: [id]}}]
    indexes: [{name: i, keys: [{column: b}]}]
    statistics: [{name: st, definition: CREATE STATISTICS}]
    triggers: [{name: t, definition: CREATE TRIGGER}]
    rules: [{name: r, definition: CREATE RULE}]
    policies: [{name: p, command: all}]
    grants: [{role: app, privileges: [select]}]
  - name: parted
    columns: [{name: id, type: bigint}]
    partition_by: {strategy: range, definition: RANGE (id)}
    partitions:
    - name: one
      bound: DEFAULT
      columns: [{name: id, type: bigint, default: '1'}]
      grants: [{role: app, privileges: [select]}]
      partition_by: {strategy: range, definition: RANGE (id)}
      partitions: [{name: two, bound: DEFAULT, indexes: [{name: i2, keys: [{column: id}]}]}]
  - name: twice
    columns: [{name: id, type: bigint}]
    checks: [{expression: id > 1}, {expression: id > 2}]
";

    /// What is counted of a table is what a walk over it finds.
    #[test]
    fn what_is_left_out_is_counted() {
        let manifest = read(TEXT).unwrap();
        let common = Common::between(&manifest, &manifest.clone());
        let mut all: BTreeMap<Kind, usize> = BTreeMap::new();
        for object in objects(&manifest) {
            *all.entry(object.id.kind).or_default() += 1;
        }
        let mut counted = common.counts.clone();
        for object in common.others(&manifest) {
            *counted.entry(object.id.kind).or_default() += 1;
        }
        assert_eq!(counted, all);
        let left: Vec<String> = common.others(&manifest).iter().map(|object| object.id.to_string()).collect();
        assert_eq!(
            left,
            ["schema s", "table s.twice", "column s.twice.id", "check s.twice.\"\"", "check s.twice.\"\""]
        );
    }

    #[test]
    fn what_differs_in_anything_is_not_common() {
        let manifest = read(TEXT).unwrap();
        let mut other = manifest.clone();
        other.schemas[0].tables[1].partitions[0].partitions[0].comment = Some("else".to_owned()).into();
        let common = Common::between(&manifest, &other);
        assert!(common.has(&manifest.schemas[0].tables[0]) && common.has(&other.schemas[0].tables[0]));
        assert!(!common.has(&manifest.schemas[0].tables[1]) && !common.has(&other.schemas[0].tables[1]));
    }
}

//! Foreign keys as relations: belongs-to on the child's side, has-many or
//! has-one on the parent's. The same for every target.

use crate::codegen::catalog::Catalog;
use crate::codegen::manifest::{ForeignKey, Schema, Table};

/// One foreign key, seen from both sides.
#[derive(Debug, Clone, Copy)]
pub struct Relation<'m> {
    /// The referencing table and its schema.
    pub child_schema: &'m Schema,
    pub child: &'m Table,
    pub foreign_key: &'m ForeignKey,
    /// The referenced table; `None` where it is in a schema that is left out.
    pub parent: Option<&'m Table>,
    pub cardinality: Cardinality,
    /// The columns referred to are the parent's primary key, in its order.
    pub to_primary_key: bool,
    /// How many of the referencing columns may be null.
    pub nullable_columns: usize,
}

/// How many children a parent may have through one relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cardinality {
    /// The referencing columns are unique: has-one.
    One,
    Many,
}

impl<'m> Relation<'m> {
    /// Schema and name of the table that refers.
    pub fn from(&self) -> (&'m str, &'m str) {
        (&self.child_schema.name, &self.child.name)
    }

    /// Schema and name of what it refers to, whether the manifest has it or not.
    pub fn to(&self) -> (&'m str, &'m str) {
        (&self.foreign_key.references.schema, &self.foreign_key.references.table)
    }

    /// Whether the table refers to itself.
    pub fn is_self_reference(&self) -> bool {
        let references = &self.foreign_key.references;
        references.schema == self.child_schema.name && references.table == self.child.name
    }

    /// What the child would call its parent, in words joined by `_`: the
    /// column's name without `_id`, else the parent's name in the singular
    /// behind the column's. `campaign_id` gives `campaign`.
    pub fn parent_words(&self) -> String {
        let references = &self.foreign_key.references;
        let parent = crate::codegen::names::singular(&references.table);
        match self.foreign_key.columns.as_slice() {
            [column] => {
                let stem = ["_id", "_uuid", "_key", "_fk", "Id", "ID"]
                    .iter()
                    .find_map(|suffix| column.strip_suffix(suffix))
                    .filter(|stem| !stem.is_empty());
                stem.map_or_else(|| format!("{column}_{parent}"), str::to_owned)
            }
            _ => parent,
        }
    }
}

/// Every foreign key of the manifest as a relation, sorted by the child's
/// schema and name, then by constraint.
pub(super) fn relations<'m>(catalog: &Catalog<'m>) -> Vec<Relation<'m>> {
    let mut relations = Vec::new();
    for (child_schema, child) in catalog.tables() {
        for foreign_key in &child.foreign_keys {
            let references = &foreign_key.references;
            let parent = catalog.table(&references.schema, &references.table);
            let to_primary_key = parent
                .and_then(|parent| parent.primary_key.as_ref())
                .is_some_and(|key| key.columns == references.columns);
            let nullable = |column: &&String| child.column(column).is_some_and(|column| !column.not_null);
            relations.push(Relation {
                child_schema,
                child,
                foreign_key,
                parent,
                cardinality: cardinality(child, &foreign_key.columns),
                to_primary_key,
                nullable_columns: foreign_key.columns.iter().filter(nullable).count(),
            });
        }
    }
    relations.sort_by(|a, b| {
        let key = |relation: &Relation<'m>| {
            (
                &relation.child_schema.name,
                &relation.child.name,
                &relation.foreign_key.name,
                &relation.foreign_key.columns,
            )
        };
        key(a).cmp(&key(b))
    });
    relations
}

/// One where the columns hold a whole unique key: primary key, unique
/// constraint, or unique index without a predicate or an expression.
fn cardinality(child: &Table, columns: &[String]) -> Cardinality {
    let covers = |key: &[String]| !key.is_empty() && key.iter().all(|column| columns.contains(column));
    let keys = child.primary_key.iter().chain(&child.unique).any(|key| covers(&key.columns));
    let indexes = child.indexes.iter().filter(|index| index.unique && index.predicate.is_none()).any(|index| {
        let names: Option<Vec<String>> = index.keys.iter().map(|key| key.column.clone()).collect();
        names.is_some_and(|names| covers(&names))
    });
    if keys || indexes { Cardinality::One } else { Cardinality::Many }
}

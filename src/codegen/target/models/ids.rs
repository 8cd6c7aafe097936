//! Newtype ids: which column is whose key.

use std::collections::BTreeMap;

use crate::codegen::catalog::Catalog;
use crate::codegen::manifest::Table;
use crate::codegen::types::{Family, PgType};

use super::overrides::Overrides;

/// A column: schema, table, column.
type At<'m> = (&'m str, &'m str, &'m str);

/// For each column that holds a key's value, the table whose key it is.
pub(super) struct Ids<'m> {
    owners: BTreeMap<At<'m>, (&'m str, &'m str)>,
}

impl<'m> Ids<'m> {
    /// No ids at all, as `models.ids: false` wants it.
    pub fn none() -> Self {
        Self { owners: BTreeMap::new() }
    }

    /// Follows every foreign key to the column where the value was born.
    pub fn new(catalog: &Catalog<'m>, overrides: &Overrides) -> Self {
        let references = references(catalog);
        let mut owners = BTreeMap::new();
        for (schema, table) in catalog.tables() {
            for column in &table.columns {
                let at = (schema.name.as_str(), table.name.as_str(), column.name.as_str());
                if let Some(owner) = owner(at, &references, catalog, overrides) {
                    owners.insert(at, owner);
                }
            }
        }
        Self { owners }
    }

    /// The table whose id the column holds.
    pub fn owner(&self, schema: &str, table: &str, column: &str) -> Option<(&'m str, &'m str)> {
        self.owners.get(&(schema, table, column)).copied()
    }

    /// Whether the table's key is a newtype of its own.
    pub fn is_owner(&self, schema: &str, table: &Table) -> bool {
        key_column(table).is_some_and(|column| self.owner(schema, &table.name, column) == Some((schema, &table.name)))
    }
}

/// The column that each column refers to. Of several foreign keys the one of
/// the fewest columns is taken, then the first by name.
fn references<'m>(catalog: &Catalog<'m>) -> BTreeMap<At<'m>, At<'m>> {
    let mut references: BTreeMap<At<'m>, At<'m>> = BTreeMap::new();
    let mut relations: Vec<_> = catalog.relations().iter().filter(|relation| relation.parent.is_some()).collect();
    relations.sort_by_key(|relation| relation.foreign_key.columns.len());
    for relation in relations {
        let (key, schema) = (relation.foreign_key, relation.child_schema.name.as_str());
        for (column, referred) in key.columns.iter().zip(&key.references.columns) {
            let to = (key.references.schema.as_str(), key.references.table.as_str(), referred.as_str());
            references.entry((schema, relation.child.name.as_str(), column.as_str())).or_insert(to);
        }
    }
    references
}

fn owner<'m>(
    start: At<'m>,
    references: &BTreeMap<At<'m>, At<'m>>,
    catalog: &Catalog<'m>,
    overrides: &Overrides,
) -> Option<(&'m str, &'m str)> {
    let kind = |at: At<'m>| {
        let column = catalog.table(at.0, at.1)?.column(at.2)?;
        let pg = catalog.resolve(&column.type_name);
        let overridden = overrides.of_column(at.0, at.1, at.2).is_some() || overrides.of_type(&pg).is_some();
        if overridden { None } else { key_kind(&pg) }
    };
    let own = |at: At<'m>| {
        let table = catalog.table(at.0, at.1)?;
        (key_column(table) == Some(at.2)).then_some((at.0, at.1))
    };
    // Most columns are neither, and need no look at their types.
    if own(start).is_none() && !references.contains_key(&start) {
        return None;
    }
    let wanted = kind(start)?;
    let mut path = vec![start];
    let mut found = own(start);
    while let Some(next) = references.get(path.last()?)
        && kind(*next) == Some(wanted)
    {
        if let Some(again) = path.iter().position(|at| at == next) {
            // Tables that share one key and refer to each other: the first by
            // name owns it, wherever the path began.
            return path[again..].iter().filter_map(|at| own(*at)).min().or(found);
        }
        path.push(*next);
        found = own(*next).or(found);
    }
    found
}

fn key_column(table: &Table) -> Option<&str> {
    match table.primary_key.as_ref()?.columns.as_slice() {
        [column] => Some(column.as_str()),
        _ => None,
    }
}

/// Types that make a newtype id worth its while; a reference of another type
/// than the key's is left plain.
fn key_kind(pg: &PgType<'_>) -> Option<u8> {
    if pg.is_array() {
        return None;
    }
    match pg.family {
        Family::Int2 => Some(2),
        Family::Int4 => Some(4),
        Family::Int8 => Some(8),
        Family::Uuid => Some(16),
        Family::Text | Family::Varchar { .. } | Family::Char { .. } => Some(0),
        Family::Citext => Some(1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codegen::manifest::{self, Manifest};

    fn manifest(yaml: &str) -> Manifest {
        let mut manifest: Manifest = serde_yaml::from_str(yaml).unwrap();
        manifest::sort(&mut manifest);
        manifest
    }

    #[test]
    fn a_reference_holds_the_id_of_the_table_where_it_was_born() {
        let manifest = manifest(
            "{version: '1.0', schemas: [{name: a, tables: [
              {name: users, columns: [{name: id, type: bigint}], primary_key: {columns: [id]}},
              {name: profiles, columns: [{name: user_id, type: bigint}, {name: small, type: integer}],
               primary_key: {columns: [user_id]},
               foreign_keys: [{columns: [user_id], references: {schema: a, table: users, columns: [id]}},
                              {columns: [small], references: {schema: a, table: users, columns: [id]}}]},
              {name: posts, columns: [{name: author, type: bigint}, {name: n, type: integer}],
               primary_key: {columns: [author, n]},
               foreign_keys: [{columns: [author], references: {schema: a, table: profiles, columns: [user_id]}}]},
              {name: comments, columns: [{name: author, type: bigint}, {name: n, type: integer}],
               foreign_keys: [{columns: [author, n], references: {schema: a, table: posts, columns: [author, n]}}]}]}]}",
        );
        let catalog = Catalog::new(&manifest);
        let ids = Ids::new(&catalog, &Overrides::default());
        let users = Some(("a", "users"));
        assert_eq!(ids.owner("a", "users", "id"), users);
        assert_eq!(ids.owner("a", "profiles", "user_id"), users);
        assert_eq!(ids.owner("a", "profiles", "small"), None);
        assert_eq!(ids.owner("a", "posts", "author"), users);
        assert_eq!(ids.owner("a", "comments", "author"), users);
        assert_eq!(ids.owner("a", "comments", "n"), None);
        assert!(!ids.is_owner("a", catalog.table("a", "profiles").unwrap()));
    }

    #[test]
    fn keys_that_refer_to_each_other_have_one_owner() {
        let manifest = manifest(
            "{version: '1.0', schemas: [{name: a, tables: [
              {name: x, columns: [{name: id, type: uuid}], primary_key: {columns: [id]},
               foreign_keys: [{columns: [id], references: {schema: a, table: y, columns: [id]}}]},
              {name: y, columns: [{name: id, type: uuid}], primary_key: {columns: [id]},
               foreign_keys: [{columns: [id], references: {schema: a, table: x, columns: [id]}}]}]}]}",
        );
        let catalog = Catalog::new(&manifest);
        let ids = Ids::new(&catalog, &Overrides::default());
        assert_eq!(ids.owner("a", "x", "id"), Some(("a", "x")));
        assert_eq!(ids.owner("a", "y", "id"), Some(("a", "x")));
    }
}

use std::ops::{Index, IndexMut};
use std::slice;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Table;

/// The tables of a schema. Two manifests may hold the very same one: what a
/// comparison of a big manifest with a database takes is then one copy of most
/// of them, and no look at what is in it.
///
/// It reads as a list of tables does. Whoever changes a table that somebody
/// else holds as well changes a copy.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tables(Vec<Arc<Table>>);

impl Tables {
    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> Iter<'_> {
        self.0.iter().map(|table| &**table)
    }

    pub fn iter_mut(&mut self) -> IterMut<'_> {
        self.0.iter_mut().map(Arc::make_mut)
    }

    pub fn get(&self, at: usize) -> Option<&Table> {
        self.0.get(at).map(|table| &**table)
    }

    pub fn push(&mut self, table: Table) {
        self.0.push(Arc::new(table));
    }

    pub fn reverse(&mut self) {
        self.0.reverse();
    }

    pub fn retain(&mut self, mut keep: impl FnMut(&Table) -> bool) {
        self.0.retain(|table| keep(table));
    }

    /// The tables as they are held.
    pub fn shared(&self) -> &[Arc<Table>] {
        &self.0
    }

    /// The same, to put another in a table's place.
    pub fn shared_mut(&mut self) -> &mut Vec<Arc<Table>> {
        &mut self.0
    }
}

/// What borrows each table of a list.
pub type Iter<'t> = std::iter::Map<slice::Iter<'t, Arc<Table>>, fn(&'t Arc<Table>) -> &'t Table>;
/// What borrows each, to change it.
pub type IterMut<'t> = std::iter::Map<slice::IterMut<'t, Arc<Table>>, fn(&'t mut Arc<Table>) -> &'t mut Table>;

/// One that both hold is not looked into.
impl PartialEq for Tables {
    fn eq(&self, other: &Self) -> bool {
        let same = |(a, b): (&Arc<Table>, &Arc<Table>)| Arc::ptr_eq(a, b) || a == b;
        self.0.len() == other.0.len() && self.0.iter().zip(&other.0).all(same)
    }
}

impl Index<usize> for Tables {
    type Output = Table;

    fn index(&self, at: usize) -> &Table {
        &self.0[at]
    }
}

impl IndexMut<usize> for Tables {
    fn index_mut(&mut self, at: usize) -> &mut Table {
        Arc::make_mut(&mut self.0[at])
    }
}

impl<'t> IntoIterator for &'t Tables {
    type Item = &'t Table;
    type IntoIter = Iter<'t>;

    fn into_iter(self) -> Iter<'t> {
        self.iter()
    }
}

impl<'t> IntoIterator for &'t mut Tables {
    type Item = &'t mut Table;
    type IntoIter = IterMut<'t>;

    fn into_iter(self) -> IterMut<'t> {
        self.iter_mut()
    }
}

impl Extend<Table> for Tables {
    fn extend<T: IntoIterator<Item = Table>>(&mut self, tables: T) {
        self.0.extend(tables.into_iter().map(Arc::new));
    }
}

impl FromIterator<Table> for Tables {
    fn from_iter<T: IntoIterator<Item = Table>>(tables: T) -> Self {
        Self(tables.into_iter().map(Arc::new).collect())
    }
}

impl From<Vec<Table>> for Tables {
    fn from(tables: Vec<Table>) -> Self {
        tables.into_iter().collect()
    }
}

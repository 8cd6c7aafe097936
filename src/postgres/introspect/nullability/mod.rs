//! Which columns of views cannot be null.
//!
//! The catalog says it of tables' columns only. A view's query is in
//! `pg_rewrite`, as the tree that the server's parser made of it: `tree` takes
//! its text apart, `scope` reads one level of a query (its joins, WHERE and
//! grouping), `derive` follows a column down to the tables, and `expression`
//! and `functions` say which expressions cannot be null. A view is looked at
//! after the views that it reads from.
//!
//! Architecture Invariant: never a wrong NOT NULL. What is not proved, or not
//! known, or of a server newer than those that this was tested with, may be
//! null. So these do not count, although one might think so:
//! * a NOT NULL domain: the manual itself (CREATE DOMAIN) shows how a column
//!   of one comes to hold a null;
//! * NOT NULL of a foreign table, which nobody enforces;
//! * NOT NULL of a table that a table inheriting from it lacks;
//! * NOT NULL that is not valid yet (server 18).
//!
//! Of a materialised view it is said what holds of its query, and so of its
//! rows since it was refreshed last: a column of a table that was made NOT
//! NULL after that may still be null in it.

use std::collections::{HashMap, HashSet};

use super::Error;
use super::columns::Columns;
use super::pipeline::{Answer, Query};
use crate::codegen::manifest::Source;

mod derive;
mod expression;
mod functions;
mod scope;
mod tree;

use self::tree::Tree;

pub(super) const VIEW_TREES: Query = Query { what: "view queries", sql: include_str!("../sql/view_trees.sql") };
pub(super) const NOT_NULL_COLUMNS: Query =
    Query { what: "columns that views read", sql: include_str!("../sql/not_null_columns.sql") };

/// The newest server whose trees were looked at. A later one may number its
/// kinds of joins and of range table entries anew.
const NEWEST: u32 = 18;

/// What is known of relations, by object number.
#[derive(Default)]
struct Known {
    /// The numbers of the columns that cannot be null.
    tables: HashMap<u32, Vec<i16>>,
    /// For each column whether it cannot be null.
    views: HashMap<u32, Vec<bool>>,
}

impl Known {
    /// `column` counts from 1.
    fn not_null(&self, relation: u32, column: u32) -> bool {
        if let Some(columns) = self.views.get(&relation) {
            let place = usize::try_from(column).ok().and_then(|column| column.checked_sub(1));
            return place.and_then(|place| columns.get(place)) == Some(&true);
        }
        let number = i16::try_from(column).ok();
        number.is_some_and(|number| self.tables.get(&relation).is_some_and(|numbers| numbers.contains(&number)))
    }
}

/// For each view that was looked at, by object number, which of its columns cannot
/// be null, in order.
#[derive(Default)]
pub(super) struct NotNullColumns(HashMap<u32, Vec<bool>>);

impl NotNullColumns {
    /// Marks the columns of views that cannot be null.
    pub fn mark(&self, columns: &mut Columns) {
        for (view, not_null) in &self.0 {
            columns.mark_not_null(*view, not_null);
        }
    }
}

/// Derives which columns of views cannot be null. The trees, which are large, are
/// given back with that.
pub(super) fn derive(trees: Answer, not_null: Answer, source: &Source) -> Result<NotNullColumns, Error> {
    let major = source.server_version.split(|letter: char| !letter.is_ascii_digit()).next();
    if major.and_then(|major| major.parse().ok()).is_none_or(|major: u32| major > NEWEST) {
        return Ok(NotNullColumns::default());
    }
    let mut texts: HashMap<u32, &str> = HashMap::new();
    for mut cells in trees.cells() {
        texts.insert(cells.take()?, cells.take()?);
    }
    let mut known = Known::default();
    for mut cells in not_null.cells() {
        known.tables.insert(cells.take()?, cells.list()?);
    }
    derive_views(&texts, &mut known);
    Ok(NotNullColumns(known.views))
}

/// Derives every view, those that it reads from first. A tree is taken apart
/// anew rather than kept, for all of them together may be large.
fn derive_views(texts: &HashMap<u32, &str>, known: &mut Known) {
    let mut waiting: Vec<u32> = texts.keys().copied().collect();
    // The last is taken first: the oldest, from which the others may read.
    waiting.sort_unstable_by(|a, b| b.cmp(a));
    let mut expanded = HashSet::new();
    while let Some(&view) = waiting.last() {
        if known.views.contains_key(&view) {
            waiting.pop();
            continue;
        }
        let tree = texts.get(&view).and_then(|text| Tree::parse(text));
        if expanded.insert(view) {
            let mut below = tree.as_ref().map(|tree| views_below(tree, texts)).unwrap_or_default();
            // No view reads from itself, but up to server 15 its tree names it.
            below.retain(|below| !known.views.contains_key(below) && !expanded.contains(below));
            if !below.is_empty() {
                waiting.extend(below);
                continue;
            }
        }
        let columns = tree.and_then(|tree| derive::columns_of_view(&tree, known)).unwrap_or_default();
        known.views.insert(view, columns);
        waiting.pop();
    }
}

/// The views that a tree names.
fn views_below(tree: &Tree<'_>, texts: &HashMap<u32, &str>) -> Vec<u32> {
    let named = tree.nodes(&["RTE", "RANGETBLENTRY"]).filter_map(|entry| entry.field("relid")?.number());
    named.filter(|relation| texts.contains_key(relation)).collect()
}

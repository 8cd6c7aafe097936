//! One level of a query: its range table, how its relations are joined, and
//! what its WHERE and its grouping say about its columns.

use std::collections::{HashMap, HashSet};

use super::functions::is_total;
use super::tree::Item;

/// A QUERY node, read as far as columns need it, within those around it.
pub(super) struct Scope<'s> {
    pub query: Item<'s>,
    pub outer: Option<&'s Scope<'s>>,
    range_table: Vec<Item<'s>>,
    /// What each joined entry of the range table is joined by, if anything.
    joined: HashMap<u32, Option<Nesting>>,
    /// Columns that WHERE lets through only where they are not null, as
    /// entry of the range table and number.
    required: HashSet<(u32, u32)>,
    pub grouping: Grouping,
}

/// How an entry stands in the join around it.
#[derive(Clone, Copy)]
struct Nesting {
    /// The join's entry in the range table.
    join: u32,
    /// Whether the join fills the entry's side with nulls.
    nulled: bool,
}

/// Above which joins an expression stands: where it is computed, and so which
/// of them have made nulls by then.
#[derive(Clone, Copy)]
pub(super) enum Level {
    /// Above all of the query's.
    Top,
    /// Above this one and those below it.
    Above(u32),
    /// Above those below this one, which it is an input of.
    Below(u32),
}

/// What GROUP BY does to what it groups by.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Grouping {
    /// Nothing: there is none, or it has one grouping set.
    Plain,
    /// ROLLUP, CUBE or GROUPING SETS: a column is null in the rows of the sets
    /// that lack it.
    SetsOfColumns,
    /// The same, with an expression: wherever that stands in the target list,
    /// in whole or in part, it may be null.
    SetsOfExpressions,
}

/// The kinds of a range table's entries (`RTEKind` of the server's
/// `parsenodes.h`).
pub(super) mod entry {
    pub const RELATION: u32 = 0;
    pub const SUBQUERY: u32 = 1;
    pub const JOIN: u32 = 2;
    pub const FUNCTION: u32 = 3;
    pub const VALUES: u32 = 5;
    pub const CTE: u32 = 6;
    /// Since server 18.
    pub const GROUP: u32 = 9;
}

/// `JoinType` of the server's `nodes.h`.
pub(super) mod join {
    pub const INNER: u32 = 0;
    pub const LEFT: u32 = 1;
    pub const FULL: u32 = 2;
    pub const RIGHT: u32 = 3;
}

impl<'s> Scope<'s> {
    /// Reads a level; `None` where it holds what is not known here.
    pub fn read(query: Item<'s>, outer: Option<&'s Scope<'s>>) -> Option<Scope<'s>> {
        let range_table: Vec<Item<'s>> = query.field("rtable")?.list()?.collect();
        let from = query.field("jointree")?;
        let mut scope = Scope {
            query,
            outer,
            range_table,
            joined: HashMap::new(),
            required: HashSet::new(),
            grouping: Grouping::Plain,
        };
        scope.read_joins(from)?;
        scope.read_conditions(from.field("quals")?);
        scope.grouping = scope.read_grouping()?;
        Some(scope)
    }

    /// The scope that many levels up.
    pub fn up(&self, levels: u32) -> Option<&Scope<'s>> {
        (0..levels).try_fold(self, |scope, _| scope.outer)
    }

    /// An entry of the range table, by its number, which counts from 1.
    pub fn entry(&self, number: u32) -> Option<Item<'s>> {
        self.range_table.get(usize::try_from(number).ok()?.checked_sub(1)?).copied()
    }

    /// Whether an entry's columns come through unharmed to that level: it is
    /// joined, and on no side that a join below the level fills with nulls.
    pub fn is_whole(&self, number: u32, level: Level) -> bool {
        let mut nulled = false;
        let mut next = number;
        // A join is around fewer entries than there are.
        for _ in 0..=self.range_table.len() {
            if matches!(level, Level::Above(join) if join == next) {
                return !nulled;
            }
            match self.joined.get(&next) {
                None => return false,
                Some(None) => return !nulled,
                Some(Some(nesting)) => {
                    if matches!(level, Level::Below(join) if join == nesting.join) {
                        return !nulled;
                    }
                    nulled |= nesting.nulled;
                    next = nesting.join;
                }
            }
        }
        false
    }

    /// Whether WHERE lets no row through in which the column is null.
    pub fn requires(&self, number: u32, column: u32) -> bool {
        self.required.contains(&(number, column))
    }

    /// The columns that the query gives, without those it only sorts or groups
    /// by.
    pub fn targets(&self) -> Option<Vec<Item<'s>>> {
        targets(self.query)
    }

    fn read_joins(&mut self, from: Item<'s>) -> Option<()> {
        let mut waiting = vec![(from, None)];
        while let Some((item, around)) = waiting.pop() {
            match item.kind()? {
                "FROMEXPR" => waiting.extend(item.field("fromlist")?.list()?.map(|item| (item, around))),
                "RANGETBLREF" => {
                    self.joined.insert(item.field("rtindex")?.number()?, around);
                }
                "JOINEXPR" => {
                    let join = item.field("rtindex")?.number()?;
                    let (left, right) = match item.field("jointype")?.number()? {
                        join::INNER => (false, false),
                        join::LEFT => (false, true),
                        join::FULL => (true, true),
                        join::RIGHT => (true, false),
                        _ => return None,
                    };
                    self.joined.insert(join, around);
                    waiting.push((item.field("larg")?, Some(Nesting { join, nulled: left })));
                    waiting.push((item.field("rarg")?, Some(Nesting { join, nulled: right })));
                }
                _ => return None,
            }
        }
        Some(())
    }

    /// Of conditions that all have to hold: `x IS NOT NULL`, and built-in
    /// operators, which are not true of a null. It finds what it can.
    fn read_conditions(&mut self, condition: Item<'s>) {
        let mut waiting = vec![condition];
        while let Some(item) = waiting.pop() {
            let found = match item.kind() {
                Some("BOOLEXPR") if item.field("boolop").and_then(Item::word) == Some("and") => {
                    waiting.extend(item.field("args").and_then(Item::list).into_iter().flatten());
                    continue;
                }
                // IS_NOT_NULL. Of a row it asks about the row's columns.
                Some("NULLTEST")
                    if item.field("nulltesttype").and_then(Item::number) == Some(1)
                        && item.field("argisrow").and_then(Item::flag) == Some(false) =>
                {
                    item.field("arg").into_iter().collect()
                }
                Some("OPEXPR") if item.field("opfuncid").and_then(Item::number).is_some_and(is_total) => {
                    item.field("args").and_then(Item::list).into_iter().flatten().collect()
                }
                _ => Vec::new(),
            };
            self.required.extend(found.into_iter().filter_map(own_column));
        }
    }

    fn read_grouping(&self) -> Option<Grouping> {
        let sets = self.query.field("groupingSets")?;
        if sets.is_null() {
            return Some(Grouping::Plain);
        }
        let mut numbers = HashSet::new();
        for clause in self.query.field("groupClause")?.list()? {
            numbers.insert(clause.field("tleSortGroupRef")?.number()?);
        }
        let mut grouped = Vec::new();
        for target in self.query.field("targetList")?.list()? {
            if numbers.contains(&target.field("ressortgroupref")?.number()?) {
                grouped.push(target.field("expr")?);
            }
        }
        for item in &self.range_table {
            if item.field("rtekind")?.number()? == entry::GROUP {
                grouped.extend(item.field("groupexprs")?.list()?);
            }
        }
        let columns = grouped.iter().all(|item| item.kind() == Some("VAR"));
        Some(if columns { Grouping::SetsOfColumns } else { Grouping::SetsOfExpressions })
    }
}

/// The target list of a query without its hidden entries, in order.
pub(super) fn targets(query: Item<'_>) -> Option<Vec<Item<'_>>> {
    let mut targets = Vec::new();
    for target in query.field("targetList")?.list()? {
        if target.field("resjunk")?.flag()? {
            continue;
        }
        targets.push(target);
        // The columns are counted from 1, and hidden ones come last.
        if target.field("resno")?.number() != u32::try_from(targets.len()).ok() {
            return None;
        }
    }
    Some(targets)
}

/// A column of the query's own level, through a change of type that costs
/// nothing.
fn own_column(mut item: Item<'_>) -> Option<(u32, u32)> {
    if item.kind()? == "RELABELTYPE" {
        item = item.field("arg")?;
    }
    let own = item.kind()? == "VAR" && item.field("varlevelsup")?.number()? == 0;
    // The number of a system column is negative, and so none.
    own.then(|| Some((item.field("varno")?.number()?, item.field("varattno")?.number()?))).flatten()
}

//! Which columns of a query cannot be null.
//!
//! Architecture Invariant: a column is not null only where that is proved.
//! Every function here answers "proved" or "not proved", and a proof is built
//! from proofs alone, so that whatever is unknown, malformed, too deep or too
//! much can only take a claim away.

use std::collections::HashMap;
use std::rc::Rc;

use super::Known;
use super::scope::{Grouping, Level, Scope, entry, join, targets};
use super::tree::{Item, Tree};

/// For each column of the view whose rule that is, whether it cannot be null;
/// nothing where the rule is of no known form.
pub(super) fn columns_of_view(tree: &Tree<'_>, known: &Known) -> Option<Vec<bool>> {
    let mut rule = tree.root().list()?;
    let query = rule.next()?;
    if rule.next().is_some() {
        return None;
    }
    let mut derivation = Derivation { known, done: HashMap::new(), assumed: HashMap::new(), steps: 0, depth: 0 };
    Some(derivation.columns(query, None).iter().map(|column| column.not_null).collect())
}

/// One view's derivation.
pub(super) struct Derivation<'k> {
    known: &'k Known,
    /// The columns of the queries and CTEs that were looked at, by place.
    done: HashMap<usize, Columns>,
    /// What is assumed of a recursive CTE's rows so far, by place.
    assumed: HashMap<usize, Columns>,
    /// How many expressions were looked at.
    steps: u32,
    depth: u32,
}

type Columns = Rc<[Column]>;

/// A column of a query.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Column {
    not_null: bool,
    /// Its type's object number, where that is known.
    type_oid: Option<u32>,
}

/// Expressions looked at for one view: 1600 columns, the most there can be, of
/// ten expressions each are a hundredth of it.
const MOST_STEPS: u32 = 2_000_000;

/// Expressions and queries within one another. A thread of a test has a stack
/// of 2 MB, of which this takes a small part.
const DEEPEST: u32 = 150;

/// `SetOperation` of the server's `parsenodes.h`.
const UNION: u32 = 1;
const INTERSECT: u32 = 2;
const EXCEPT: u32 = 3;

/// Types whose casts to one another are the server's own and give no NULL:
/// the arms of a UNION are cast where their types differ, and no node says so.
const KINDRED: [&[u32]; 2] = [
    // bigint, smallint, integer, real, double precision, numeric.
    &[20, 21, 23, 700, 701, 1700],
    // text, character, character varying.
    &[25, 1042, 1043],
];

impl Derivation<'_> {
    /// The columns of a query, in order; none where it is of no known form.
    fn columns(&mut self, query: Item<'_>, outer: Option<&Scope<'_>>) -> Columns {
        if let Some(columns) = self.done.get(&query.place()) {
            return Rc::clone(columns);
        }
        let columns: Columns = self.deeper(|this| this.read_columns(query, outer)).unwrap_or_default().into();
        self.done.insert(query.place(), Rc::clone(&columns));
        columns
    }

    fn read_columns(&mut self, query: Item<'_>, outer: Option<&Scope<'_>>) -> Option<Vec<Column>> {
        // CMD_SELECT.
        if query.kind()? != "QUERY" || query.field("commandType")?.number()? != 1 {
            return None;
        }
        let scope = Scope::read(query, outer)?;
        let targets = scope.targets()?;
        let operation = query.field("setOperations")?;
        if !operation.is_null() {
            let columns = self.set_operation(operation, &scope)?;
            return (columns.len() == targets.len()).then_some(columns);
        }
        let mut columns = Vec::with_capacity(targets.len());
        for target in targets {
            let expression = target.field("expr")?;
            let not_null = self.proved(expression, &scope, Level::Top);
            columns.push(Column { not_null, type_oid: type_of(expression) });
        }
        Some(columns)
    }

    /// UNION, INTERSECT and EXCEPT. A long chain of them leans to the left.
    fn set_operation(&mut self, operation: Item<'_>, scope: &Scope<'_>) -> Option<Vec<Column>> {
        let mut chain = Vec::new();
        let mut first = operation;
        while first.kind()? == "SETOPERATIONSTMT" {
            chain.push(first);
            first = first.field("larg")?;
        }
        let mut left = self.arm(first, scope)?;
        while let Some(operation) = chain.pop() {
            let right = operation.field("rarg")?;
            let right = self.deeper(|this| match right.kind()? {
                "SETOPERATIONSTMT" => this.set_operation(right, scope),
                _ => this.arm(right, scope),
            })?;
            let kind = operation.field("op")?.number()?;
            let mut types = operation.field("colTypes")?.list()?.skip(1);
            if left.len() != right.len() {
                return None;
            }
            for (left, right) in left.iter_mut().zip(right) {
                let type_oid = types.next()?.number()?;
                let (first, second) = (survives_cast(*left, type_oid), survives_cast(right, type_oid));
                let not_null = match kind {
                    UNION => first && second,
                    // A row of the one is a row of the other.
                    INTERSECT => first || second,
                    EXCEPT => first,
                    _ => return None,
                };
                *left = Column { not_null, type_oid: Some(type_oid) };
            }
        }
        Some(left)
    }

    fn arm(&mut self, reference: Item<'_>, scope: &Scope<'_>) -> Option<Vec<Column>> {
        if reference.kind()? != "RANGETBLREF" {
            return None;
        }
        let arm = scope.entry(reference.field("rtindex")?.number()?)?;
        if arm.field("rtekind")?.number()? != entry::SUBQUERY {
            return None;
        }
        Some(self.columns(arm.field("subquery")?, Some(scope)).to_vec())
    }

    /// A reference to a column, whose own scope may be further out.
    pub(super) fn column(&mut self, reference: Item<'_>, scope: &Scope<'_>, level: Level) -> Option<bool> {
        let levels = reference.field("varlevelsup")?.number()?;
        let scope = scope.up(levels)?;
        // Which joins lie between is known of the scope's own expressions only.
        let level = if levels == 0 { level } else { Level::Top };
        if scope.grouping != Grouping::Plain {
            return Some(false);
        }
        let number = reference.field("varno")?.number()?;
        let column = reference.field("varattno")?.number()?;
        if levels == 0 && scope.requires(number, column) {
            return Some(true);
        }
        // Since server 16 the reference itself names the joins that null it;
        // within a join's own columns that join is among them.
        if matches!(level, Level::Top)
            && let Some(nulling) = reference.field("varnullingrels")
            && nulling.list()?.nth(1).is_some()
        {
            return Some(false);
        }
        let origin = scope.entry(number)?;
        let kind = origin.field("rtekind")?.number()?;
        if kind == entry::GROUP {
            let place = usize::try_from(column).ok()?.checked_sub(1)?;
            return Some(self.proved(origin.field("groupexprs")?.list()?.nth(place)?, scope, Level::Top));
        }
        if !scope.is_whole(number, level) {
            return Some(false);
        }
        let place = usize::try_from(column).ok()?.checked_sub(1)?;
        match kind {
            entry::RELATION => Some(self.known.not_null(origin.field("relid")?.number()?, column)),
            entry::SUBQUERY => {
                let columns = self.columns(origin.field("subquery")?, Some(scope));
                Some(columns.get(place)?.not_null)
            }
            entry::JOIN => self.joined_column(number, origin, place, scope),
            entry::FUNCTION => is_ordinality(origin, column),
            entry::VALUES => {
                let mut rows = origin.field("values_lists")?.list()?.peekable();
                rows.peek()?;
                for row in rows {
                    let value = row.list()?.nth(place)?;
                    if !self.proved(value, scope, Level::Top) {
                        return Some(false);
                    }
                }
                Some(true)
            }
            entry::CTE => self.cte(origin, scope)?.get(place).map(|column| column.not_null),
            _ => None,
        }
    }

    /// A column of a join itself: USING and NATURAL make one of two. That of a
    /// full join is COALESCE of both sides, of which every row has one.
    fn joined_column(&mut self, number: u32, origin: Item<'_>, place: usize, scope: &Scope<'_>) -> Option<bool> {
        let expression = origin.field("joinaliasvars")?.list()?.nth(place)?;
        let merged = place < usize::try_from(origin.field("joinmergedcols")?.number()?).ok()?;
        if merged && origin.field("jointype")?.number()? == join::FULL {
            if !["COALESCE", "COALESCEEXPR"].contains(&expression.kind()?) {
                return None;
            }
            let sides: Vec<Item<'_>> = expression.field("args")?.list()?.collect();
            let [left, right] = sides.as_slice() else { return None };
            let mut side = |item: Item<'_>| self.proved(item, scope, Level::Below(number));
            return Some(side(*left) && side(*right));
        }
        Some(self.proved(expression, scope, Level::Above(number)))
    }

    /// The columns of the CTE that an entry refers to, in the scope that
    /// defines it.
    fn cte(&mut self, reference: Item<'_>, scope: &Scope<'_>) -> Option<Columns> {
        let definer = scope.up(reference.field("ctelevelsup")?.number()?)?;
        let name = reference.field("ctename")?.word()?;
        let mut ctes = definer.query.field("cteList")?.list()?;
        let cte = ctes.find(|cte| cte.field("ctename").and_then(Item::word) == Some(name))?;
        if reference.field("self_reference")?.flag()? {
            return self.assumed.get(&cte.place()).cloned();
        }
        let query = cte.field("ctequery")?;
        if !cte.field("cterecursive")?.flag()? {
            return Some(self.columns(query, Some(definer)));
        }
        if let Some(columns) = self.done.get(&cte.place()) {
            return Some(Rc::clone(columns));
        }
        let columns = self.recursive(cte, query, definer).unwrap_or_default();
        self.done.insert(cte.place(), Rc::clone(&columns));
        Some(columns)
    }

    /// A recursive CTE, by induction over its rounds: what holds of the first
    /// arm's rows, and of the second's as long as it held of the round before,
    /// holds of all. Assumed of every column first, and of fewer each time.
    fn recursive(&mut self, cte: Item<'_>, query: Item<'_>, definer: &Scope<'_>) -> Option<Columns> {
        if query.field("setOperations")?.field("op")?.number()? != UNION {
            return None;
        }
        let count = targets(query)?.len();
        let mut assumed: Columns = vec![Column { not_null: true, type_oid: None }; count].into();
        // Each round but the last takes one column away at least.
        for _ in 0..=count {
            // What is found on an assumption holds no longer than that.
            let done = std::mem::take(&mut self.done);
            self.assumed.insert(cte.place(), Rc::clone(&assumed));
            let found = self.columns(query, Some(definer));
            self.assumed.remove(&cte.place());
            self.done = done;
            if found.len() != count {
                return None;
            }
            let holds = |(assumed, found): (&Column, &Column)| Column {
                not_null: assumed.not_null && found.not_null,
                type_oid: found.type_oid,
            };
            let next: Columns = assumed.iter().zip(found.iter()).map(holds).collect();
            if next.iter().zip(assumed.iter()).all(|(next, assumed)| next.not_null == assumed.not_null) {
                return Some(next);
            }
            assumed = next;
        }
        None
    }

    /// Whether a sub-select gives exactly one row, with a first column that is
    /// not null: an aggregate of everything gives a row of nothing, too.
    pub(super) fn one_value(&mut self, query: Item<'_>, scope: &Scope<'_>) -> Option<bool> {
        let absent = |field| query.field(field).map(Item::is_null);
        let plain = query.field("hasAggs")?.flag()?
            && !query.field("hasTargetSRFs")?.flag()?
            && absent("groupClause")?
            && absent("groupingSets")?
            && absent("havingQual")?
            && absent("distinctClause")?
            && absent("limitOffset")?
            && absent("limitCount")?
            && absent("setOperations")?;
        Some(plain && self.columns(query, Some(scope)).first()?.not_null)
    }

    /// Runs one step, unless the view is too deep or too much.
    pub(super) fn deeper<T>(&mut self, step: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        self.steps += 1;
        if self.depth == DEEPEST || self.steps > MOST_STEPS {
            return None;
        }
        self.depth += 1;
        let found = step(self);
        self.depth -= 1;
        found
    }
}

/// The number that WITH ORDINALITY gives to each row of a function, behind the
/// function's own columns.
fn is_ordinality(origin: Item<'_>, column: u32) -> Option<bool> {
    let mut columns = 0;
    for function in origin.field("functions")?.list()? {
        columns += function.field("funccolcount")?.number()?;
    }
    Some(origin.field("funcordinality")?.flag()? && column == columns + 1)
}

/// Whether a column that is not null is so as the set operation's type.
fn survives_cast(column: Column, type_oid: u32) -> bool {
    let kindred = |from| KINDRED.iter().any(|types| types.contains(&from) && types.contains(&type_oid));
    column.not_null && column.type_oid.is_some_and(|from| from == type_oid || kindred(from))
}

/// An expression's type, where its node says it.
fn type_of(expression: Item<'_>) -> Option<u32> {
    let field = match expression.kind()? {
        "VAR" => "vartype",
        "CONST" => "consttype",
        "AGGREF" => "aggtype",
        "WINDOWFUNC" => "wintype",
        "OPEXPR" => "opresulttype",
        "FUNCEXPR" => "funcresulttype",
        "COALESCE" | "COALESCEEXPR" => "coalescetype",
        "MINMAX" | "MINMAXEXPR" => "minmaxtype",
        "CASE" | "CASEEXPR" => "casetype",
        "RELABELTYPE" | "COERCEVIAIO" | "ARRAYCOERCEEXPR" | "COERCETODOMAIN" => "resulttype",
        "SQLVALUEFUNCTION" => "type",
        "ARRAY" | "ARRAYEXPR" => "array_typeid",
        "ROW" | "ROWEXPR" => "row_typeid",
        // boolean.
        "BOOLEXPR" | "NULLTEST" | "BOOLEANTEST" | "DISTINCTEXPR" => return Some(16),
        // integer.
        "GROUPINGFUNC" => return Some(23),
        "COLLATE" | "COLLATEEXPR" => return collated_type(expression),
        "SUBLINK" => return sublink_type(expression),
        _ => return None,
    };
    expression.field(field)?.number()
}

/// COLLATE has no type of its own, and none stands directly in another.
fn collated_type(expression: Item<'_>) -> Option<u32> {
    let inner = expression.field("arg")?;
    if ["COLLATE", "COLLATEEXPR"].contains(&inner.kind()?) { None } else { type_of(inner) }
}

/// EXISTS is a boolean; of a sub-select it is the first column's, which is not
/// looked into twice.
fn sublink_type(expression: Item<'_>) -> Option<u32> {
    match expression.field("subLinkType")?.number()? {
        0 => Some(16),
        4 => {
            let first = targets(expression.field("subselect")?)?.first()?.field("expr")?;
            if first.kind()? == "SUBLINK" { None } else { type_of(first) }
        }
        _ => None,
    }
}

//! Which expressions cannot be null. The kinds of nodes and their fields are
//! those of the server's `primnodes.h`; where server 14 has another name for a
//! kind than those behind it, both stand here.

use super::derive::Derivation;
use super::functions::{COUNTS, NTILE, RANKS, is_total};
use super::scope::{Grouping, Level, Scope};
use super::tree::Item;

/// The last of `SQLValueFunctionOp` before CURRENT_SCHEMA, which is null where
/// the search path leads nowhere.
const CURRENT_CATALOG: u32 = 13;

/// `SubLinkType`.
const EXISTS: u32 = 0;
const EXPRESSION: u32 = 4;
const ARRAY: u32 = 6;

impl Derivation<'_> {
    /// Whether an expression of that scope, computed at that level of its
    /// joins, is proved to be not null.
    pub(super) fn proved(&mut self, expression: Item<'_>, scope: &Scope<'_>, level: Level) -> bool {
        self.deeper(|this| this.read_expression(expression, scope, level)).unwrap_or(false)
    }

    fn read_expression(&mut self, expression: Item<'_>, scope: &Scope<'_>, level: Level) -> Option<bool> {
        let kind = expression.kind()?;
        let number = |field| expression.field(field).and_then(Item::number);
        // What cannot stand in GROUP BY, and so is what it is in every set.
        match kind {
            "AGGREF" => return Some(COUNTS.contains(&number("aggfnoid")?)),
            "GROUPINGFUNC" => return Some(true),
            _ if scope.grouping == Grouping::SetsOfExpressions => return Some(false),
            _ => {}
        }
        match kind {
            "VAR" => self.column(expression, scope, level),
            "CONST" => Some(!expression.field("constisnull")?.flag()?),
            "WINDOWFUNC" => match number("winfnoid")? {
                NTILE => self.all(expression.field("args")?, scope, level),
                function => Some(RANKS.contains(&function) || COUNTS.contains(&function)),
            },
            // Tests for null and the like answer yes or no.
            "NULLTEST" | "BOOLEANTEST" => Some(true),
            // IS DISTINCT FROM asks an operator, which may be a user's.
            "DISTINCTEXPR" => Some(is_total(number("opfuncid")?)),
            "BOOLEXPR" => self.all(expression.field("args")?, scope, level),
            // COALESCE, GREATEST and LEAST pass over nulls.
            "COALESCE" | "COALESCEEXPR" | "MINMAX" | "MINMAXEXPR" => self.any(expression.field("args")?, scope, level),
            "CASE" | "CASEEXPR" => self.case(expression, scope, level),
            // A value in another type is a value. Through text, the executor
            // itself refuses an input function that answers NULL; a domain's
            // check lets a value through as it is.
            "RELABELTYPE" | "COERCEVIAIO" | "ARRAYCOERCEEXPR" | "COERCETODOMAIN" | "COLLATE" | "COLLATEEXPR" => {
                Some(self.proved(expression.field("arg")?, scope, level))
            }
            // A row or an array of nulls is itself not one: so the column of a
            // table that is declared NOT NULL takes it.
            "ROW" | "ROWEXPR" | "ARRAY" | "ARRAYEXPR" => Some(true),
            "SQLVALUEFUNCTION" => Some(number("op")? <= CURRENT_CATALOG),
            "OPEXPR" => self.call(expression, "opfuncid", "opretset", scope, level),
            "FUNCEXPR" => self.call(expression, "funcid", "funcretset", scope, level),
            "SUBLINK" => match number("subLinkType")? {
                EXISTS | ARRAY => Some(true),
                EXPRESSION => self.one_value(expression.field("subselect")?, scope),
                // IN, ANY and ALL are null where a comparison is.
                _ => None,
            },
            _ => None,
        }
    }

    fn call(
        &mut self,
        expression: Item<'_>,
        function: &str,
        gives_set: &str,
        scope: &Scope<'_>,
        level: Level,
    ) -> Option<bool> {
        let function = expression.field(function)?.number()?;
        if expression.field(gives_set)?.flag()? || !is_total(function) {
            return None;
        }
        self.all(expression.field("args")?, scope, level)
    }

    fn case(&mut self, expression: Item<'_>, scope: &Scope<'_>, level: Level) -> Option<bool> {
        for arm in expression.field("args")?.list()? {
            if !["WHEN", "CASEWHEN"].contains(&arm.kind()?) || !self.proved(arm.field("result")?, scope, level) {
                return Some(false);
            }
        }
        // Without an ELSE the server puts a constant NULL there.
        Some(self.proved(expression.field("defresult")?, scope, level))
    }

    fn all(&mut self, list: Item<'_>, scope: &Scope<'_>, level: Level) -> Option<bool> {
        Some(list.list()?.all(|item| self.proved(item, scope, level)))
    }

    fn any(&mut self, list: Item<'_>, scope: &Scope<'_>, level: Level) -> Option<bool> {
        Some(list.list()?.any(|item| self.proved(item, scope, level)))
    }
}

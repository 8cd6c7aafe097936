use super::expression::{Comparison, Expression, State};
use super::formula::Formula;
use super::operand::{Class, Nullness, Operand};
use super::scalar::{is_value, path, uncast};
use super::scope::Scope;
use super::translator::{Refusal, Translated, Translator, refuse};

impl<'m> Translator<'_, 'm> {
    /// When an expression is TRUE (`wanted`) or FALSE (not `wanted`).
    ///
    /// SQL's logic has three values. Both questions leave NULL out, so NOT
    /// exchanges them, and a null makes neither true.
    pub fn truth(&mut self, expression: &Expression, scope: &Scope<'_, 'm>, wanted: bool) -> Translated<Formula> {
        self.enter()?;
        let formula = self.truth_within(expression, scope, wanted);
        self.leave();
        formula
    }

    fn truth_within(&mut self, expression: &Expression, scope: &Scope<'_, 'm>, wanted: bool) -> Translated<Formula> {
        match expression {
            Expression::Null => Ok(Formula::Never),
            Expression::Boolean(value) => Ok(if *value == wanted { Formula::Always } else { Formula::Never }),
            Expression::Not(inner) => self.truth(inner, scope, !wanted),
            Expression::And(parts) if wanted => self.every(parts, scope, true),
            Expression::Or(parts) if !wanted => self.every(parts, scope, false),
            Expression::And(parts) => self.some(parts, scope, false),
            Expression::Or(parts) => self.some(parts, scope, true),
            Expression::Compare(comparison, left, right) => {
                let comparison = if wanted { *comparison } else { comparison.inverse() };
                self.compare(comparison, left, right, scope)
            }
            Expression::Distinct { left, right, negated } => self.distinct(left, right, *negated != wanted, scope),
            Expression::Is { operand, state, negated } => self.state(operand, *state, *negated != wanted, scope),
            Expression::Quantified { left, comparison, all, array } => {
                self.quantified(left, *comparison, *all, array, scope, wanted)
            }
            Expression::InQuery(left, query) => self.in_query(left, query, scope, wanted),
            Expression::Exists(query) => self.exists(query, scope, wanted),
            Expression::Scalar(query) if is_value(query) => self.truth(&query.columns[0], scope, wanted),
            Expression::Call { name, arguments } if path(name) == ["coalesce"] => {
                self.coalesce(arguments, scope, wanted)
            }
            Expression::Call { name, arguments } => self.routine_truth(name, arguments, scope, wanted),
            other => {
                let operand = self.operand(other, scope)?;
                boolean(&operand, wanted)
            }
        }
    }

    fn every(&mut self, parts: &[Expression], scope: &Scope<'_, 'm>, wanted: bool) -> Translated<Formula> {
        let parts: Translated<Vec<Formula>> = parts.iter().map(|part| self.truth(part, scope, wanted)).collect();
        Ok(Formula::all(parts?))
    }

    /// One way of several. A way without a counterpart is left out, since
    /// fewer ways allow less.
    fn some(&mut self, parts: &[Expression], scope: &Scope<'_, 'm>, wanted: bool) -> Translated<Formula> {
        let mut ways = Vec::new();
        let mut refused = Vec::new();
        for part in parts {
            match self.truth(part, scope, wanted) {
                Ok(formula) => ways.push(formula),
                Err(refusal) => refused.push(refusal),
            }
        }
        if ways.is_empty() {
            return Err(refused.into_iter().next().unwrap_or(Refusal("nothing is asked".into())));
        }
        for Refusal(reason) in refused {
            self.narrow(format!("one of its alternatives is left out: {reason}"));
        }
        Ok(Formula::any(ways))
    }

    fn compare(
        &mut self,
        comparison: Comparison,
        left: &Expression,
        right: &Expression,
        scope: &Scope<'_, 'm>,
    ) -> Translated<Formula> {
        let left = self.operand(left, scope)?;
        let right = self.operand(right, scope)?;
        self.compare_operands(comparison, &left, &right)
    }

    /// A comparison that is TRUE: neither side is null, and it holds.
    pub fn compare_operands(
        &mut self,
        comparison: Comparison,
        left: &Operand<'m>,
        right: &Operand<'m>,
    ) -> Translated<Formula> {
        if left.null == Nullness::Always || right.null == Nullness::Always {
            return Ok(Formula::Never);
        }
        let (left, right) = unified(left, right)?;
        // The compiler warns of a comparison whose outcome it knows.
        if left.literal.is_some() && right.literal.is_some() {
            let same = left.text == right.text;
            return match comparison {
                Comparison::Equal => Ok(if same { Formula::Always } else { Formula::Never }),
                Comparison::Unequal => Ok(if same { Formula::Never } else { Formula::Always }),
                _ => refuse("two literals are compared by their order"),
            };
        }
        let guards = Formula::all([left.guard.clone(), right.guard.clone()]);
        let ordered = !matches!(comparison, Comparison::Equal | Comparison::Unequal);
        match &left.class {
            Class::Enum(named) if ordered => {
                return self.in_order(comparison, &left, &right, &named.item.labels, guards);
            }
            Class::Text | Class::Uuid | Class::Date | Class::Boolean | Class::Enum(_) if !ordered => {}
            Class::Integer | Class::Instant | Class::LocalTime => {}
            // Of two numbers that are no literals, both may be NaN, which
            // equals itself in SQL alone.
            Class::Number if left.literal.is_some() || right.literal.is_some() => {}
            class => {
                let what = if ordered { "order" } else { "equality" };
                return refuse(format!("the {what} of {} is another one in rules", class.name()));
            }
        }
        // An order with null is an error in rules; equality needs one side
        // that is not null, inequality two.
        let not_null: Vec<Formula> = match comparison {
            Comparison::Equal if left.null == Nullness::Never || right.null == Nullness::Never => Vec::new(),
            Comparison::Equal => left.is_not_null().into_iter().collect(),
            _ => left.is_not_null().into_iter().chain(right.is_not_null()).collect(),
        };
        let test = Formula::test(format!("{} {} {}", left.text, comparison.symbol(), right.text));
        Ok(Formula::all(std::iter::once(guards).chain(not_null).chain([test])))
    }

    /// Enums are ordered by their labels' places, so the labels are listed.
    fn in_order(
        &mut self,
        comparison: Comparison,
        left: &Operand<'m>,
        right: &Operand<'m>,
        labels: &[String],
        guards: Formula,
    ) -> Translated<Formula> {
        let (value, label, comparison) = match (&left.literal, &right.literal) {
            (None, Some(label)) => (left, label, comparison),
            (Some(label), None) => (right, label, comparison.mirrored()),
            _ => return refuse("two enums are compared by their order"),
        };
        let Some(place) = labels.iter().position(|known| known == label) else {
            return refuse(format!("`{label}` is no label of the enum"));
        };
        let labels = match comparison {
            Comparison::Less => &labels[..place],
            Comparison::LessOrEqual => &labels[..=place],
            Comparison::Greater => &labels[place + 1..],
            _ => &labels[place..],
        };
        if labels.is_empty() {
            return Ok(Formula::Never);
        }
        let list = self.labels(labels.iter())?;
        Ok(Formula::all([guards, Formula::test(format!("{} in [{list}]", value.text))]))
    }

    /// IS DISTINCT FROM (`wanted`) or IS NOT DISTINCT FROM, for which null is
    /// a value, as it is in rules.
    fn distinct(
        &mut self,
        left: &Expression,
        right: &Expression,
        wanted: bool,
        scope: &Scope<'_, 'm>,
    ) -> Translated<Formula> {
        let left = self.operand(left, scope)?;
        let right = self.operand(right, scope)?;
        let (left, right) = unified(&left, &right)?;
        if left.null_test.is_some() || right.null_test.is_some() {
            return refuse("IS DISTINCT FROM with a value of the token");
        }
        match &left.class {
            Class::Text | Class::Uuid | Class::Date | Class::Boolean | Class::Enum(_) | Class::Integer => {}
            Class::Instant | Class::LocalTime => {}
            class => return refuse(format!("the equality of {} is another one in rules", class.name())),
        }
        if left.literal.is_some() && right.literal.is_some() {
            return refuse("two literals are compared");
        }
        // A null that is written, and one that a column never has.
        if let (Nullness::Always, other) | (other, Nullness::Always) = (left.null, right.null)
            && other != Nullness::Maybe
        {
            let distinct = other == Nullness::Never;
            return Ok(if distinct == wanted { Formula::Always } else { Formula::Never });
        }
        let symbol = if wanted { "!=" } else { "==" };
        let test = Formula::test(format!("{} {symbol} {}", left.text, right.text));
        Ok(Formula::all([left.guard, right.guard, test]))
    }

    /// IS NULL, IS TRUE and so on (`wanted`), or their opposites.
    fn state(
        &mut self,
        operand: &Expression,
        state: State,
        wanted: bool,
        scope: &Scope<'_, 'm>,
    ) -> Translated<Formula> {
        match (state, wanted) {
            (State::True, true) => self.truth(operand, scope, true),
            (State::False, true) => self.truth(operand, scope, false),
            (State::True | State::False, false) => {
                let otherwise = self.truth(operand, scope, state == State::False)?;
                Ok(Formula::any([otherwise, self.unknown(operand, scope)?]))
            }
            (State::Unknown, true) => self.unknown(operand, scope),
            (State::Unknown, false) => {
                Ok(Formula::any([self.truth(operand, scope, true)?, self.truth(operand, scope, false)?]))
            }
            (State::Null, wanted) => {
                let operand = self.operand(operand, scope)?;
                null_test(&operand, wanted)
            }
        }
    }

    /// When a condition is NULL: of a boolean column it can be said.
    fn unknown(&mut self, expression: &Expression, scope: &Scope<'_, 'm>) -> Translated<Formula> {
        match expression {
            Expression::Name(_) | Expression::Parameter(_) => {
                let operand = self.operand(expression, scope)?;
                match operand.class {
                    Class::Boolean => null_test(&operand, true),
                    class => refuse(format!("{} stands where a condition is asked for", class.name())),
                }
            }
            Expression::Boolean(_) => Ok(Formula::Never),
            Expression::Null => Ok(Formula::Always),
            Expression::Not(inner) => self.unknown(inner, scope),
            Expression::Is { .. } | Expression::Distinct { .. } | Expression::Exists(_) => Ok(Formula::Never),
            Expression::Compare(_, left, right) => {
                let left = self.operand(left, scope)?;
                let right = self.operand(right, scope)?;
                Ok(Formula::any([null_test(&left, true)?, null_test(&right, true)?]))
            }
            _ => refuse("whether a longer condition is NULL is not asked in rules"),
        }
    }

    /// COALESCE(a, b) as a condition: a's value, or b's where a is NULL.
    fn coalesce(&mut self, arguments: &[Expression], scope: &Scope<'_, 'm>, wanted: bool) -> Translated<Formula> {
        let Some((first, rest)) = arguments.split_first() else { return Ok(Formula::Never) };
        let own = self.truth(first, scope, wanted)?;
        let other = self.coalesce(rest, scope, wanted)?;
        if other == Formula::Never {
            return Ok(own);
        }
        let missing = self.unknown(first, scope)?;
        Ok(Formula::any([own, Formula::all([missing, other])]))
    }

    /// `left = ANY (array)` and `left <> ALL (array)`, which is its opposite.
    fn quantified(
        &mut self,
        left: &Expression,
        comparison: Comparison,
        all: bool,
        array: &Expression,
        scope: &Scope<'_, 'm>,
        wanted: bool,
    ) -> Translated<Formula> {
        let wanted = match (comparison, all) {
            (Comparison::Equal, false) => wanted,
            (Comparison::Unequal, true) => !wanted,
            _ => return refuse("rules compare with the elements of a list by equality only"),
        };
        let left = self.operand(left, scope)?;
        if left.null == Nullness::Always {
            return Ok(Formula::Never);
        }
        if let Expression::Array(elements) = uncast(array) {
            return self.listed(&left, elements, scope, wanted);
        }
        let array = self.operand(array, scope)?;
        let Class::Array(element) = &array.class else {
            return refuse(format!("the elements of {} are asked for", array.class.name()));
        };
        if !wanted {
            return refuse("that an array holds a value not is no test of rules where it may hold null");
        }
        let Some(left) = left.typed_as(element).filter(|left| same_class(&left.class, element)) else {
            return refuse(format!("{} is looked for in {}", left.class.name(), array.class.name()));
        };
        match element.as_ref() {
            Class::Text | Class::Uuid | Class::Enum(_) | Class::Integer | Class::Boolean => {}
            other => return refuse(format!("the equality of {} is another one in rules", other.name())),
        }
        let test = Formula::test(format!("{} in {}", left.text, array.text));
        let not_null = left.is_not_null().into_iter().chain(array.is_not_null());
        Ok(Formula::all([left.guard.clone(), array.guard.clone()].into_iter().chain(not_null).chain([test])))
    }

    /// Whether a value is among those that are listed, each of which is a
    /// comparison; literals become one list.
    fn listed(
        &mut self,
        left: &Operand<'m>,
        elements: &[Expression],
        scope: &Scope<'_, 'm>,
        wanted: bool,
    ) -> Translated<Formula> {
        let mut values = Vec::new();
        let mut tests = Vec::new();
        for element in elements {
            let mut element = self.operand(element, scope)?;
            if element.null == Nullness::Always {
                tests.push(Formula::Never);
                continue;
            }
            // A varchar's list is an array of varchars, which are text.
            if let (Class::Text, Some(value), Class::Enum(_)) = (&element.class, &element.literal, &left.class) {
                element = Operand::untyped(value);
            }
            let comparison = if wanted { Comparison::Equal } else { Comparison::Unequal };
            let test = self.compare_operands(comparison, left, &element)?;
            let (_, typed) = unified(left, &element)?;
            if typed.literal.is_some() && left.literal.is_none() && left.class != Class::Number {
                values.push(typed.text);
            } else {
                tests.push(test);
            }
        }
        if !values.is_empty() {
            let list = format!("{} in [{}]", left.text, values.join(", "));
            let test = Formula::test(if wanted { list } else { format!("!({list})") });
            // No label is null, so null is in no list, and not in none.
            let not_null = if wanted { None } else { left.is_not_null() };
            tests.push(Formula::all([left.guard.clone()].into_iter().chain(not_null).chain([test])));
        }
        Ok(if wanted { Formula::any(tests) } else { Formula::all(tests) })
    }
}

/// A boolean value as a condition.
pub fn boolean(operand: &Operand<'_>, wanted: bool) -> Translated<Formula> {
    match (&operand.class, operand.text.as_str(), operand.null) {
        (_, _, Nullness::Always) => Ok(Formula::Never),
        (Class::Boolean, "true" | "false", _) => {
            Ok(if (operand.text == "true") == wanted { Formula::Always } else { Formula::Never })
        }
        (Class::Boolean, text, _) => {
            Ok(Formula::all([operand.guard.clone(), Formula::test(format!("{text} == {wanted}"))]))
        }
        (class, ..) => refuse(format!("{} stands where a condition is asked for", class.name())),
    }
}

/// IS NULL (`wanted`) or IS NOT NULL.
pub fn null_test(operand: &Operand<'_>, wanted: bool) -> Translated<Formula> {
    match (&operand.class, wanted) {
        (Class::Document, true) => return refuse("a JSON document that is no map is not told from a null"),
        (Class::Opaque(name), _) if name == COMPOSITE => {
            return refuse("a composite value is null where its attributes are");
        }
        _ => {}
    }
    if operand.null == Nullness::Always {
        return Ok(if wanted { Formula::Always } else { Formula::Never });
    }
    Ok(match (&operand.null_test, wanted) {
        (Some(subject), true) => Formula::test(format!("{subject} == null")),
        (None, true) if operand.null == Nullness::Never => Formula::Never,
        (None, true) => Formula::all([operand.guard.clone(), Formula::test(format!("{} == null", operand.text))]),
        (_, false) => {
            let not_null = operand.is_not_null().unwrap_or(Formula::Always);
            Formula::all([operand.guard.clone(), not_null])
        }
    })
}

/// How a composite type's class is named.
pub const COMPOSITE: &str = "a composite value";

/// Both sides as values of one class.
fn unified<'m>(left: &Operand<'m>, right: &Operand<'m>) -> Translated<(Operand<'m>, Operand<'m>)> {
    let typed = |operand: &Operand<'m>, class: &Class<'m>| {
        operand.typed_as(class).ok_or_else(|| Refusal(format!("{} is not read as {}", operand.text, class.name())))
    };
    let (left, right) = match (&left.class, &right.class) {
        (Class::Untyped, Class::Untyped) => (typed(left, &Class::Text)?, typed(right, &Class::Text)?),
        (_, class @ (Class::Number | Class::Integer)) if left.class == Class::Integer => {
            (typed(left, class)?, typed(right, &left.class.clone())?)
        }
        (Class::Untyped, class) => (typed(left, class)?, right.clone()),
        (class, _) => (left.clone(), typed(right, class)?),
    };
    if same_class(&left.class, &right.class) {
        Ok((left, right))
    } else {
        refuse(format!("{} is compared with {}", left.class.name(), right.class.name()))
    }
}

fn same_class(a: &Class<'_>, b: &Class<'_>) -> bool {
    match (a, b) {
        (Class::Enum(a), Class::Enum(b)) => (a.schema, &a.item.name) == (b.schema, &b.item.name),
        (Class::Opaque(_), _) | (_, Class::Opaque(_)) => false,
        (a, b) => a == b,
    }
}

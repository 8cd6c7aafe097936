use super::clients::Clients;
use super::condition::boolean;
use super::expression::{Expression, Query};
use super::formula::Formula;
use super::lookup::usable;
use super::operand::{Class, Operand};
use super::parse;
use super::scope::{Argument, Reader, Scope};
use super::translator::{Refusal, Translated, Translator, refuse};
use crate::codegen::manifest::{Routine, Schema};

/// The body of an SQL function, and who may call it.
struct Body<'m> {
    query: Query,
    scope: Scope<'m, 'm>,
    callers: Formula,
    strict: bool,
}

impl<'m> Translator<'_, 'm> {
    /// A function of a condition: its body in its place.
    pub fn routine_truth(
        &mut self,
        name: &[String],
        arguments: &[Expression],
        scope: &Scope<'_, 'm>,
        wanted: bool,
    ) -> Translated<Formula> {
        if self.routine(name, arguments.len()).is_none() {
            let operand =
                self.operand(&Expression::Call { name: name.to_vec(), arguments: arguments.to_vec() }, scope)?;
            return boolean(&operand, wanted);
        }
        let body = self.body(name, arguments, scope)?;
        if body.strict && !wanted {
            return refuse("a strict function is NULL where an argument is");
        }
        let body_value = Expression::Scalar(Box::new(body.query));
        let value = match &body_value {
            Expression::Scalar(query) if super::scalar::is_value(query) => &query.columns[0],
            other => other,
        };
        Ok(Formula::all([body.callers, self.truth(value, &body.scope, wanted)?]))
    }

    /// A function's value: its body in its place.
    pub fn routine_value(
        &mut self,
        name: &[String],
        arguments: &[Expression],
        scope: &Scope<'_, 'm>,
    ) -> Translated<Operand<'m>> {
        let body = self.body(name, arguments, scope)?;
        let returns = self.routine(name, arguments.len()).and_then(|(_, routine)| routine.returns.as_deref());
        let class = returns.map(|returns| super::operand::class_named(self.catalog, returns, false));
        if body.strict {
            return refuse("a strict function is NULL where an argument is");
        }
        let value = self.scalar(&body.query, &body.scope)?;
        let same = class.as_ref().is_some_and(|class| *class == value.class);
        let value = match class {
            Some(class) if !same => value
                .typed_as(&class)
                .filter(|value| value.class == class)
                .ok_or_else(|| Refusal(format!("what `{}` returns has another type", name.join("."))))?,
            _ => value,
        };
        // What may not be called is no null, but an error.
        let null_test = if body.callers == Formula::Always { value.null_test.clone() } else { None };
        let guard = Formula::all([body.callers, value.guard.clone()]);
        Ok(Operand { guard, null_test, ..value })
    }

    /// `left IN (SELECT function(…))`: whether the rows that the function
    /// returns have one that is `left`.
    pub fn routine_member(
        &mut self,
        left: &Operand<'m>,
        name: &[String],
        arguments: &[Expression],
        scope: &Scope<'_, 'm>,
    ) -> Translated<Formula> {
        let body = self.body(name, arguments, scope)?;
        if body.query.from.is_none() {
            return refuse(format!("`{}` returns no rows of a table", name.join(".")));
        }
        if body.strict {
            // No row at all where an argument is null: the same as no match.
            self.narrow("a strict function returns no rows where an argument is null");
        }
        let found = self.find(&body.query, Some(left), &body.scope)?;
        Ok(Formula::all([body.callers, found.formula()]))
    }

    /// The one function of that name that takes so many arguments. A name
    /// without its schema is one of Postgres' own: introspection prints the
    /// others with theirs.
    fn routine(&self, name: &[String], count: usize) -> Option<(&'m Schema, &'m Routine)> {
        let [schema, name] = name else { return None };
        let fits = |routine: &&Routine| {
            let inputs: Vec<_> = routine.arguments.iter().filter(|argument| argument.mode.is_input()).collect();
            let needed = inputs.iter().filter(|argument| argument.default.is_none()).count();
            routine.name == *name && (needed..=inputs.len()).contains(&count)
        };
        let schemas = self.catalog.manifest.schemas.iter().filter(|known| known.name == *schema);
        let mut found =
            schemas.flat_map(|schema| schema.functions.iter().filter(fits).map(move |routine| (schema, routine)));
        match (found.next(), found.next()) {
            (Some(routine), None) => Some(routine),
            _ => None,
        }
    }

    /// A function's body with its arguments in scope.
    fn body(&mut self, name: &[String], arguments: &[Expression], scope: &Scope<'_, 'm>) -> Translated<Body<'m>> {
        let shown = name.join(".");
        let Some((schema, routine)) = self.routine(name, arguments.len()) else {
            return refuse(format!("`{shown}()` is no function that rules have, nor a single one of the manifest"));
        };
        if routine.language != "sql" {
            return refuse(format!("`{shown}()` is written in {}, and only SQL is read", routine.language));
        }
        let read =
            |text: &str| parse::select(text).map_err(|unread| Refusal(format!("`{shown}()` holds {}", unread.0)));
        let query = match (&routine.body, &routine.sql_body) {
            (Some(body), _) => read(body)?,
            (None, Some(body)) => read(&one_select(body))?,
            (None, None) => return refuse(format!("the body of `{shown}()` is not in the manifest")),
        };
        let callers = Clients::granted_by_default(&routine.grants, "execute");
        let callers = if scope.reader.is_definer { Clients::ALL } else { callers.and(usable(schema)) };
        self.clients = self.clients.and(callers);
        if callers.is_nobody() {
            return refuse(format!("no client may call `{shown}()`"));
        }
        let search_path = routine.settings.iter().find_map(|setting| setting.strip_prefix("search_path="));
        let mut bound = Vec::new();
        let inputs = routine.arguments.iter().filter(|argument| argument.mode.is_input());
        for (at, input) in inputs.enumerate() {
            let value = match (arguments.get(at), &input.default) {
                (Some(given), _) => self.operand(given, scope)?,
                (None, Some(default)) => {
                    let default = parse::expression(default).map_err(|unread| Refusal(unread.0))?;
                    self.operand(&default, scope)?
                }
                (None, None) => return refuse(format!("`{shown}()` is called without an argument")),
            };
            let class = super::operand::class_named(self.catalog, &input.type_name, false);
            let typed =
                value.typed_as(&class).filter(|value| value.class == class && !matches!(class, Class::Opaque(_)));
            let Some(value) = typed else {
                return refuse(format!("an argument of `{shown}()` is no {}", input.type_name));
            };
            bound.push(Argument { name: input.name.as_deref(), value });
        }
        let reader = Reader { is_definer: routine.security_definer, search_path };
        let scope = Scope { row: None, arguments: bound, function: Some(&routine.name), outer: None, reader };
        Ok(Body { query, scope, callers: callers.formula(), strict: routine.strict })
    }
}

/// The SELECT of a body in the standard's form.
fn one_select(body: &str) -> String {
    let body = body.trim();
    let lower = body.to_ascii_lowercase();
    if lower.starts_with("return ") {
        return format!("SELECT {}", &body["return ".len()..]);
    }
    let inner = lower.strip_prefix("begin atomic").and_then(|rest| rest.trim_end().strip_suffix("end"));
    match inner {
        Some(inner) => {
            let start = "begin atomic".len();
            body[start..start + inner.len()].trim().to_owned()
        }
        None => body.to_owned(),
    }
}

use super::expression::{Expression, Query};
use super::formula::Formula;
use super::operand::{Class, Nullness, Operand, UUID, class_named};
use super::scope::{Meaning, Row, Scope};
use super::text;
use super::translator::{Refusal, Translated, Translator, refuse};
use crate::codegen::target::firestore::{Dates, References};
use crate::codegen::types::Family;

impl<'m> Translator<'_, 'm> {
    /// A scalar as an expression of rules.
    pub fn operand(&mut self, expression: &Expression, scope: &Scope<'_, 'm>) -> Translated<Operand<'m>> {
        self.enter()?;
        let operand = self.operand_within(expression, scope);
        self.leave();
        operand
    }

    fn operand_within(&mut self, expression: &Expression, scope: &Scope<'_, 'm>) -> Translated<Operand<'m>> {
        match expression {
            Expression::Null => Ok(Operand::null()),
            Expression::Boolean(value) => {
                let literal = Some(value.to_string());
                Ok(Operand { literal, ..Operand::new(value.to_string(), Class::Boolean).never_null() })
            }
            Expression::Text(value) => Ok(Operand::untyped(value)),
            Expression::Number(value) => {
                Operand::number(value).ok_or_else(|| Refusal(format!("the number {value} is not exact as a double")))
            }
            Expression::Name(path) => match scope.meaning(path) {
                Some(Meaning::Column(row, column)) => self.column(row, &column),
                Some(Meaning::Argument(operand)) => Ok(operand.clone()),
                None => refuse(format!("`{}` is no column of the row", path.join("."))),
            },
            Expression::Parameter(number) => match scope.parameter(*number) {
                Some(operand) => Ok(operand.clone()),
                None => refuse(format!("${number} is no argument")),
            },
            Expression::Cast(inner, type_name) => self.cast(inner, type_name, scope),
            Expression::Member { as_text: true, .. } => {
                let raw = self.member(expression, scope)?;
                Ok(Operand {
                    guard: Formula::test(format!("{} is string", raw.text)),
                    null_test: raw.null_test.or(Some(raw.text.clone())),
                    ..Operand::new(raw.text, Class::Text).never_null()
                })
            }
            Expression::Scalar(query) => self.scalar(query, scope),
            Expression::Call { name, arguments } => self.call(name, arguments, scope),
            Expression::Operation(operator) => refuse(format!("rules have no such operator as {operator} here")),
            _ => refuse("a condition stands where a value is compared"),
        }
    }

    /// A column as the field of the row's map.
    fn column(&mut self, row: &Row<'m>, name: &str) -> Translated<Operand<'m>> {
        let Some(column) = row.table.column(name) else { return refuse(format!("there is no column `{name}`")) };
        let field = self.names.field(row.schema, &row.table.name, name);
        let Some(text) = text::member(&row.text, field) else {
            return refuse(format!("the field's name `{}` cannot be written in rules", text::comment(field)));
        };
        let declared = self.catalog.resolve(&column.type_name);
        let collation =
            column.collation.as_deref().map(|name| name.trim_start_matches("pg_catalog.").trim_matches('"'));
        let collated = collation.is_some_and(|name| !matches!(name, "C" | "POSIX" | "default"))
            || matches!(&declared.family, Family::Domain { domain, .. } if domain.item.collation.is_some());
        let is_reference = self.options.references == References::DocumentReference
            && row.table.foreign_keys.iter().any(|key| key.columns.len() == 1 && key.columns[0] == name);
        let class = if is_reference {
            Class::Opaque("a document reference".into())
        } else {
            Class::of(&declared, collated, self.options.dates == Dates::Timestamp)
        };
        let in_key = row.table.primary_key.as_ref().is_some_and(|key| key.columns.iter().any(|key| key == name));
        let operand = Operand::new(text, class);
        Ok(if column.not_null || in_key || declared.forbids_null() { operand.never_null() } else { operand })
    }

    fn cast(&mut self, inner: &Expression, type_name: &str, scope: &Scope<'_, 'm>) -> Translated<Operand<'m>> {
        let dates_are_timestamps = self.options.dates == Dates::Timestamp;
        let target = self.catalog.resolve(type_name).without_domains();
        let class = class_named(self.catalog, type_name, dates_are_timestamps);
        let free_numeric = matches!(target.family, Family::Numeric { precision: None, .. }) && !target.is_array();
        let class = if free_numeric { Class::Number } else { class };
        // What a token or document holds is JSON, whose booleans and numbers
        // `->>` makes text of and the cast makes them again.
        if matches!(class, Class::Boolean | Class::Integer)
            && let Expression::Member { as_text: true, .. } = inner
        {
            let raw = self.member(inner, scope)?;
            let kind = if class == Class::Boolean { "bool" } else { "int" };
            self.narrow(format!("{type_name} is read from JSON only where it is no text there"));
            return Ok(Operand {
                guard: Formula::test(format!("{} is {kind}", raw.text)),
                null_test: Some(raw.text.clone()),
                ..Operand::new(raw.text, class).never_null()
            });
        }
        let operand = self.operand(inner, scope)?;
        if operand.null == Nullness::Always {
            return Ok(Operand { class, ..operand });
        }
        if let Family::Varchar { length: Some(length) } = target.family {
            let fits = operand.literal.as_ref().is_some_and(|value| value.chars().count() <= length as usize);
            if !fits {
                return refuse(format!("a cast to {type_name} may cut text off"));
            }
        }
        if operand.literal.is_some() {
            let is_number = matches!(operand.class, Class::Integer | Class::Number);
            let has_modifier = matches!(target.family, Family::Numeric { precision: Some(_), .. });
            if operand.class == Class::Untyped || (is_number && class == Class::Number && !has_modifier) {
                return operand
                    .typed_as(&class)
                    .ok_or_else(|| Refusal(format!("the literal {} is not read as {type_name}", operand.text)));
            }
        }
        let guarded = |guard: String, class: Class<'m>| {
            let guard = Formula::all([operand.guard.clone(), Formula::test(guard)]);
            Ok(Operand { class, guard, ..operand.clone() })
        };
        match (&operand.class, &class) {
            (Class::Uuid | Class::Enum(_) | Class::Text, Class::Text) => Ok(Operand { class, ..operand }),
            (Class::Text, Class::Uuid) => guarded(format!("{}.matches('{UUID}')", operand.text), class),
            (Class::Text, Class::Enum(named)) => {
                let labels = self.labels(named.item.labels.iter())?;
                guarded(format!("{} in [{labels}]", operand.text), class)
            }
            (Class::Integer, Class::Integer) if target.family == Family::Int8 => Ok(operand),
            (Class::Integer | Class::Number, Class::Number) if free_numeric => Ok(Operand { class, ..operand }),
            (Class::Number, Class::Number) if target.family == Family::Float8 => Ok(operand),
            (a, b) if a == b && !matches!(a, Class::Integer | Class::Number | Class::Opaque(_)) => Ok(operand),
            (from, _) => refuse(format!("a cast of {} to {type_name} has no counterpart", from.name())),
        }
    }

    /// Texts as the elements of a list.
    pub fn labels<'l>(&self, labels: impl Iterator<Item = &'l String>) -> Translated<String> {
        let labels: Option<Vec<String>> = labels.map(|label| text::string(label)).collect();
        labels.map(|labels| labels.join(", ")).ok_or_else(|| Refusal("a label cannot be written in rules".into()))
    }

    /// A value of a JSON document: `document ->> 'a'`, `document -> 'a' ->> 'b'`.
    fn member(&mut self, expression: &Expression, scope: &Scope<'_, 'm>) -> Translated<Operand<'m>> {
        let mut keys = Vec::new();
        let mut document = expression;
        loop {
            match document {
                Expression::Member { document: inner, key, as_text } => {
                    let (Expression::Text(key), true) = (uncast(key), !*as_text || keys.is_empty()) else {
                        return refuse("a member of JSON is asked for by something other than its name");
                    };
                    keys.insert(0, key.clone());
                    document = inner;
                }
                Expression::Scalar(query) if is_value(query) => document = &query.columns[0],
                other => {
                    document = other;
                    break;
                }
            }
        }
        let quoted: Option<Vec<String>> = keys.iter().map(|key| text::string(key)).collect();
        let Some(quoted) = quoted else { return refuse("a member's name cannot be written in rules") };
        if self.is_token(document) {
            // Who issued the token, and for whom, is another matter in Firebase.
            if matches!(keys.as_slice(), [key] if matches!(key.as_str(), "aud" | "iss" | "exp" | "iat" | "auth_time")) {
                return refuse(format!("the claim {} means something else in a Firebase token", quoted[0]));
            }
            return match (keys.as_slice(), quoted.as_slice()) {
                ([key], _) if key == "sub" => Ok(Operand::new("userId()", Class::Text)),
                ([key], _) if key == "email" => Ok(self.email()),
                (_, [key]) => Ok(Operand::new(format!("claim({key})"), Class::Text)),
                (_, path) => Ok(Operand::new(chain("request.auth.token", path), Class::Text)),
            };
        }
        let column = self.operand(document, scope)?;
        match column.class {
            Class::Document if column.guard == Formula::Always => {
                Ok(Operand::new(chain(&column.text, &quoted), Class::Text))
            }
            other => refuse(format!("a member of {} is asked for", other.name())),
        }
    }

    /// Whether an expression is the token's claims.
    fn is_token(&self, expression: &Expression) -> bool {
        match expression {
            Expression::Call { name, arguments } => match (path(name).as_slice(), arguments.as_slice()) {
                (["auth", "jwt" | "session"], []) => self.is_provided("auth", &name[1]),
                (["current_setting"], [setting, ..]) => {
                    matches!(uncast(setting), Expression::Text(name) if name == "request.jwt.claims")
                }
                (["nullif"], [inner, empty]) => {
                    matches!(uncast(empty), Expression::Text(text) if text.is_empty()) && self.is_token(inner)
                }
                _ => false,
            },
            Expression::Cast(inner, name) => matches!(name.as_str(), "json" | "jsonb") && self.is_token(inner),
            Expression::Scalar(query) => is_value(query) && self.is_token(&query.columns[0]),
            _ => false,
        }
    }

    /// A function's value, where it is one of the few that rules have, or one
    /// whose body can be put in its place.
    fn call(&mut self, name: &[String], arguments: &[Expression], scope: &Scope<'_, 'm>) -> Translated<Operand<'m>> {
        let unqualified: Vec<&str> = path(name).into_iter().filter(|part| *part != "pg_catalog").collect();
        match (unqualified.as_slice(), arguments) {
            (
                ["now" | "current_timestamp" | "transaction_timestamp" | "statement_timestamp" | "clock_timestamp"],
                [],
            ) => Ok(Operand::new("request.time", Class::Instant).never_null()),
            (["auth", "uid"], []) if self.is_provided("auth", "uid") => {
                Ok(Operand { null_test: Some("request.auth".into()), ..Operand::new("uid()", Class::Uuid) })
            }
            // Neon's: the subject as text.
            (["auth", "user_id"], []) if self.is_provided("auth", "user_id") => {
                Ok(Operand::new("userId()", Class::Text))
            }
            (["auth", "email"], []) if self.is_provided("auth", "email") => Ok(self.email()),
            (["auth", "role"], []) if self.is_provided("auth", "role") => {
                Ok(Operand::new("role()", Class::Text).never_null())
            }
            (["current_setting"], [setting, ..]) => match uncast(setting) {
                Expression::Text(setting) if setting == "request.jwt.claim.sub" => {
                    Ok(Operand::new("userId()", Class::Text))
                }
                Expression::Text(setting) => {
                    refuse(format!("the setting `{setting}` is the session's, and rules have none"))
                }
                _ => refuse("a setting is the session's, and rules have none"),
            },
            (["nullif"], [inner @ Expression::Call { name, .. }, empty])
                if path(name) == ["current_setting"]
                    && matches!(uncast(empty), Expression::Text(text) if text.is_empty()) =>
            {
                self.operand(inner, scope)
            }
            _ => self.routine_value(name, arguments, scope),
        }
    }

    /// The address of whoever asks. Firebase lets in people who only claim one.
    fn email(&mut self) -> Operand<'m> {
        self.narrow("an address counts only where the token says that it is verified");
        Operand { null_test: Some("request.auth".into()), ..Operand::new("email()", Class::Text) }
    }

    /// Whether `auth.uid()` and its like are what the host provides: not in
    /// the manifest, or there with the host's body.
    fn is_provided(&self, schema: &str, name: &str) -> bool {
        let own = self.catalog.manifest.schemas.iter().find(|known| known.name == schema);
        let routine = own.and_then(|known| known.functions.iter().find(|routine| routine.name == name));
        routine.is_none_or(|routine| routine.body.as_deref().is_some_and(|body| body.contains("request.jwt.claim")))
    }
}

/// The members of a map, one in the other.
fn chain(map: &str, keys: &[String]) -> String {
    let mut text = map.to_owned();
    for (at, key) in keys.iter().enumerate() {
        let missing = if at + 1 == keys.len() { "null" } else { "{}" };
        text.push_str(&format!(".get({key}, {missing})"));
    }
    text
}

/// A literal without the casts around it.
pub fn uncast(expression: &Expression) -> &Expression {
    match expression {
        Expression::Cast(inner, _) => uncast(inner),
        other => other,
    }
}

/// `( SELECT x AS x )`, which is x.
pub fn is_value(query: &Query) -> bool {
    query.from.is_none() && query.condition.is_none() && query.columns.len() == 1
}

pub fn path(name: &[String]) -> Vec<&str> {
    name.iter().map(String::as_str).collect()
}

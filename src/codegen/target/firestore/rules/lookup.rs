use super::clients::Clients;
use super::expression::{Comparison, Expression, Query};
use super::formula::Formula;
use super::operand::{Class, Operand};
use super::scope::{Reader, Row, Scope};
use super::text;
use super::translator::{Translated, Translator, refuse};
use crate::codegen::manifest::{Schema, Table};
use crate::codegen::target::firestore::document_id::SEPARATOR;

/// Two functions that look a document up by its key: `…_has` and `…_at`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lookup {
    /// The parameters: `k1, k2`.
    pub parameters: String,
    /// The document's path.
    pub path: String,
}

/// A sub-select that asks for one document.
pub struct Found<'m> {
    /// The row, as the `…_at` function gives it.
    pub row: Row<'m>,
    /// The call of the `…_has` function.
    pub has: Formula,
    /// What must be true of the key's values.
    guard: Formula,
    /// What else is asked of the row; row security among it.
    rest: Formula,
}

impl Found<'_> {
    /// The condition that there is the row.
    pub fn formula(&self) -> Formula {
        Formula::all([self.guard.clone(), self.has.clone(), self.rest.clone()])
    }
}

impl<'m> Translator<'_, 'm> {
    /// EXISTS (`wanted`) or NOT EXISTS.
    pub fn exists(&mut self, query: &Query, scope: &Scope<'_, 'm>, wanted: bool) -> Translated<Formula> {
        let found = self.find(query, None, scope)?;
        if wanted {
            return Ok(found.formula());
        }
        let Formula::Test(has) = &found.has else { return refuse("NOT EXISTS") };
        if found.rest != Formula::Always {
            return refuse("NOT EXISTS asks for more than a key, or row security hides rows from it");
        }
        self.narrow("NOT EXISTS denies where a value of the key is null");
        Ok(Formula::all([found.guard, Formula::test(format!("!{has}"))]))
    }

    /// `left IN (SELECT column FROM …)`, which asks whether there is a row
    /// whose column is `left`.
    pub fn in_query(
        &mut self,
        left: &Expression,
        query: &Query,
        scope: &Scope<'_, 'm>,
        wanted: bool,
    ) -> Translated<Formula> {
        if !wanted {
            return refuse("NOT IN (SELECT …) is NULL where the sub-select gives one");
        }
        let left = self.operand(left, scope)?;
        if query.from.is_some() {
            return self.find(query, Some(&left), scope).map(|found| found.formula());
        }
        match query.columns.as_slice() {
            [Expression::Call { name, arguments }] if query.condition.is_none() => {
                self.routine_member(&left, name, arguments, scope)
            }
            _ => refuse("IN with a sub-select of no table"),
        }
    }

    /// A sub-select that gives one value of one row.
    pub fn scalar(&mut self, query: &Query, scope: &Scope<'_, 'm>) -> Translated<Operand<'m>> {
        let [column] = query.columns.as_slice() else { return refuse("a sub-select of several columns") };
        if query.from.is_none() {
            return match &query.condition {
                None => self.operand(column, scope),
                Some(_) => refuse("a sub-select of no table has a condition"),
            };
        }
        let found = self.find(query, None, scope)?;
        let inner = inner_scope(&found.row, scope);
        let value = self.operand(column, &inner)?;
        let guard = Formula::all([found.formula(), value.guard.clone()]);
        Ok(Operand { guard, null: super::operand::Nullness::Maybe, null_test: None, literal: None, ..value })
    }

    /// The document that a sub-select asks for. `value`: what its one column
    /// must be equal to.
    pub fn find(&mut self, query: &Query, value: Option<&Operand<'m>>, scope: &Scope<'_, 'm>) -> Translated<Found<'m>> {
        let Some(source) = &query.from else { return refuse("a sub-select of no table") };
        let (schema, table) = self.table(&source.table, scope.reader)?;
        let Some(collection) = self.names.collection(&schema.name, &table.name).map(str::to_owned) else {
            return refuse(format!("{}.{} is not mirrored", schema.name, table.name));
        };
        let path = format!("{}.{}", schema.name, table.name);
        if self.catalog.tables().any(|(_, other)| other.inherits.contains(&path)) {
            return refuse(format!("other tables inherit from {path}, and their rows are in other collections"));
        }
        let key: &[String] = table.primary_key.as_ref().map_or(&[], |key| &key.columns);
        if key.is_empty() {
            return refuse(format!("{path} has no primary key, and rules find a document by its id only"));
        }
        let alias = source.alias.clone();
        let unbound = Row { schema: &schema.name, table, alias, text: String::new() };
        // Each condition either says what a column of the key is, or is asked
        // of the row that the key finds.
        let mut keys: Vec<Option<Operand<'m>>> = vec![None; key.len()];
        let mut asked: Vec<&Expression> = Vec::new();
        for condition in query.condition.iter().flat_map(conjuncts) {
            match bound(condition, &unbound) {
                Some((column, other)) => {
                    let place = key.iter().position(|name| *name == column).filter(|place| keys[*place].is_none());
                    match place {
                        Some(place) => keys[place] = Some(self.operand(other, scope)?),
                        None => asked.push(condition),
                    }
                }
                None => asked.push(condition),
            }
        }
        let mut compared = None;
        if let Some(value) = value {
            let [column] = query.columns.as_slice() else { return refuse("IN with a sub-select of several columns") };
            let place = match column {
                Expression::Name(name) => unbound.column(name).and_then(|name| key.iter().position(|key| key == name)),
                _ => None,
            };
            match place.filter(|place| keys[*place].is_none()) {
                Some(place) => keys[place] = Some(value.clone()),
                None => compared = Some((column, value)),
            }
        }
        let mut guards = Vec::new();
        let mut texts = Vec::new();
        for (name, operand) in key.iter().zip(keys) {
            let Some(operand) = operand else {
                return refuse(format!("{path} is asked for by other columns than its key ({})", key.join(", ")));
            };
            let (text, guard) = self.key_text(table, name, operand)?;
            texts.push(text);
            guards.push(guard);
        }
        let function = self.lookup_function(&collection, key.len())?;
        let call = texts.join(", ");
        let row = Row { text: format!("{function}_at({call})"), ..unbound };
        let inner = inner_scope(&row, scope);
        let mut rest = Vec::new();
        for condition in asked {
            rest.push(self.truth(condition, &inner, true)?);
        }
        if let Some((column, value)) = compared {
            let column = self.operand(column, &inner)?;
            rest.push(self.compare_operands(Comparison::Equal, &column, value)?);
        }
        rest.push(self.readable(schema, table, &row, scope.reader)?);
        let has = Formula::test(format!("{function}_has({call})"));
        Ok(Found { row, has, guard: Formula::all(guards), rest: Formula::all(rest) })
    }

    /// Whether the reader of a sub-select sees the row: privileges and row
    /// security bind it, unless it is in a function of the definer's.
    fn readable(
        &mut self,
        schema: &'m Schema,
        table: &'m Table,
        row: &Row<'m>,
        reader: Reader<'m>,
    ) -> Translated<Formula> {
        let path = format!("{}.{}", schema.name, table.name);
        if reader.is_definer {
            if table.row_security && table.force_row_security {
                return refuse(format!("the row security of {path} binds its owner too"));
            }
            return Ok(Formula::Always);
        }
        let clients = usable(schema).and(Clients::granted(&table.grants, "select"));
        self.clients = self.clients.and(clients);
        if clients.is_nobody() {
            return refuse(format!("no client may select from {path}"));
        }
        if !table.row_security {
            return Ok(clients.formula());
        }
        if self.open.contains(&(schema.name.as_str(), table.name.as_str())) {
            return refuse(format!("the row security of {path} asks for itself"));
        }
        self.open.push((&schema.name, &table.name));
        let visible = self.visible(schema, table, &row.text);
        self.open.pop();
        visible
    }

    /// A value as the text of a document's id. Only types whose text needs no
    /// escape: rules have no percent-encoding.
    fn key_text(&mut self, table: &Table, name: &str, operand: Operand<'m>) -> Translated<(String, Formula)> {
        let declared = table.column(name).map_or("", |column| column.type_name.as_str());
        let class = Class::of(&self.catalog.resolve(declared), false, false);
        let Some(operand) = operand.typed_as(&class) else {
            return refuse(format!("{} is not read as {}", operand.text, class.name()));
        };
        let not_null = operand.is_not_null().unwrap_or(Formula::Always);
        let guard = Formula::all([operand.guard.clone(), not_null]);
        match (&operand.class, &class) {
            (Class::Uuid, Class::Uuid) => Ok((operand.text, guard)),
            (Class::Enum(a), Class::Enum(b)) if a == b && a.item.labels.iter().all(|label| is_plain(label)) => {
                Ok((operand.text, guard))
            }
            (Class::Integer, Class::Integer) => {
                let is_int = Formula::test(format!("{} is int", operand.text));
                Ok((format!("string({})", operand.text), Formula::all([guard, is_int])))
            }
            (_, class) => refuse(format!(
                "the key {}.{name} is {}, whose id may need an escape that rules cannot make",
                table.name,
                class.name()
            )),
        }
    }

    /// The functions that look a collection's documents up; made once.
    fn lookup_function(&mut self, collection: &str, keys: usize) -> Translated<String> {
        let name = text::word(collection);
        let parameters: Vec<String> = (1..=keys).map(|n| format!("k{n}")).collect();
        let Some(literal) = text::string(collection) else {
            return refuse("the collection's id cannot be written in rules");
        };
        let segment = if text::is_path_literal(collection) { collection.to_owned() } else { format!("$({literal})") };
        let path = format!(
            "/databases/$(database)/documents/{segment}/$({})",
            parameters.join(&format!(" + '{SEPARATOR}' + "))
        );
        let lookup = Lookup { parameters: parameters.join(", "), path };
        // Two collections may come to one word.
        let mut unique = name.clone();
        let mut number = 1;
        while self.lookups.get(&unique).is_some_and(|known| *known != lookup) {
            number += 1;
            unique = format!("{name}_{number}");
        }
        self.lookups.insert(unique.clone(), lookup);
        Ok(unique)
    }

    /// The table that a name in FROM means.
    fn table(&self, name: &[String], reader: Reader<'m>) -> Translated<(&'m Schema, &'m Table)> {
        let mut tables: Vec<(&'m Schema, &'m Table)> = match name {
            [schema, table] => self.catalog.tables().filter(|(s, t)| s.name == *schema && t.name == *table).collect(),
            [table] => {
                // Without a setting of its own a function has the session's,
                // whose default ends with `public`.
                let schemas = reader.search_path.unwrap_or("public").split(',');
                let found = |schema: &str| self.catalog.tables().find(|(s, t)| s.name == schema && t.name == *table);
                schemas.map(|schema| schema.trim().trim_matches('"')).find_map(found).into_iter().collect()
            }
            _ => Vec::new(),
        };
        match (tables.pop(), tables.pop()) {
            (Some(found), None) => Ok(found),
            _ => refuse(format!("`{}` is no table of the manifest, or no single one", name.join("."))),
        }
    }
}

/// Which clients may look into a schema.
pub fn usable(schema: &Schema) -> Clients {
    if schema.name == "public" {
        Clients::granted_by_default(&schema.grants, "usage")
    } else {
        Clients::granted(&schema.grants, "usage")
    }
}

fn inner_scope<'s, 'm>(row: &Row<'m>, outer: &'s Scope<'s, 'm>) -> Scope<'s, 'm> {
    Scope { row: Some(row.clone()), arguments: Vec::new(), function: None, outer: Some(outer), reader: outer.reader }
}

/// The conditions that AND joins.
fn conjuncts(condition: &Expression) -> Vec<&Expression> {
    match condition {
        Expression::And(parts) => parts.iter().flat_map(conjuncts).collect(),
        other => vec![other],
    }
}

/// `row.column = value`, where the value is none of the row's.
fn bound<'e>(condition: &'e Expression, row: &Row<'_>) -> Option<(String, &'e Expression)> {
    let Expression::Compare(Comparison::Equal, left, right) = condition else { return None };
    let column = |side: &Expression| match side {
        Expression::Name(name) => row.column(name).map(str::to_owned),
        _ => None,
    };
    match (column(left), column(right)) {
        (Some(column), None) if !mentions(right, row) => Some((column, right)),
        (None, Some(column)) if !mentions(left, row) => Some((column, left)),
        _ => None,
    }
}

/// Whether a value may be one of the row's. A sub-select of a table counts as
/// one, for its names may mean the row's columns.
fn mentions(value: &Expression, row: &Row<'_>) -> bool {
    match value {
        Expression::Name(name) => row.column(name).is_some(),
        Expression::Null | Expression::Boolean(_) | Expression::Number(_) | Expression::Text(_) => false,
        Expression::Parameter(_) => false,
        Expression::Call { arguments, .. } => arguments.iter().any(|argument| mentions(argument, row)),
        Expression::Cast(inner, _) => mentions(inner, row),
        Expression::Member { document, key, .. } => mentions(document, row) || mentions(key, row),
        Expression::Scalar(query) if super::scalar::is_value(query) => mentions(&query.columns[0], row),
        _ => true,
    }
}

/// A text that is its own document id, and no part of a path.
fn is_plain(text: &str) -> bool {
    let begins = text.starts_with(|c: char| c.is_ascii_alphanumeric());
    begins && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
}

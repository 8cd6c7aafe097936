use super::operand::Operand;
use crate::codegen::manifest::Table;

/// What the names of an expression can mean: the innermost first.
pub struct Scope<'s, 'm> {
    pub row: Option<Row<'m>>,
    /// Of the SQL function whose body it is.
    pub arguments: Vec<Argument<'m>>,
    /// The function's name, which may qualify its arguments.
    pub function: Option<&'m str>,
    pub outer: Option<&'s Scope<'s, 'm>>,
    pub reader: Reader<'m>,
}

/// As whom an expression reads other tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reader<'m> {
    /// SECURITY DEFINER: row security does not bind the function's owner.
    pub is_definer: bool,
    /// The function's search_path, where it sets one.
    pub search_path: Option<&'m str>,
}

impl Reader<'_> {
    /// Whoever asks.
    pub const ASKER: Reader<'static> = Reader { is_definer: false, search_path: None };
}

/// A row of a table that is in scope.
#[derive(Clone)]
pub struct Row<'m> {
    pub schema: &'m str,
    pub table: &'m Table,
    pub alias: Option<String>,
    /// The map that mirrors it, in rules.
    pub text: String,
}

pub struct Argument<'m> {
    pub name: Option<&'m str>,
    pub value: Operand<'m>,
}

impl Row<'_> {
    /// The column that a name means, as far as this row goes.
    pub fn column(&self, path: &[String]) -> Option<&str> {
        let (qualifier, name) = match path {
            [name] => (true, name),
            [table, name] => (table == self.alias.as_ref().unwrap_or(&self.table.name), name),
            [schema, table, name] => (self.alias.is_none() && schema == self.schema && *table == self.table.name, name),
            _ => return None,
        };
        self.table.column(name).filter(|_| qualifier).map(|column| column.name.as_str())
    }
}

/// What a name means.
pub enum Meaning<'s, 'm> {
    Column(&'s Row<'m>, String),
    Argument(&'s Operand<'m>),
}

impl<'s, 'm> Scope<'s, 'm> {
    /// The scope of a policy's own row.
    pub fn of_row(row: Row<'m>) -> Scope<'s, 'm> {
        Scope { row: Some(row), arguments: Vec::new(), function: None, outer: None, reader: Reader::ASKER }
    }

    /// Looks a name up: columns before arguments, inside before outside.
    pub fn meaning(&self, path: &[String]) -> Option<Meaning<'_, 'm>> {
        if let Some(row) = &self.row
            && let Some(column) = row.column(path)
        {
            return Some(Meaning::Column(row, column.to_owned()));
        }
        let name = match path {
            [name] => Some(name),
            [function, name] if Some(function.as_str()) == self.function => Some(name),
            _ => None,
        };
        let argument = name.and_then(|name| self.arguments.iter().find(|known| known.name == Some(name.as_str())));
        match (argument, self.outer) {
            (Some(argument), _) => Some(Meaning::Argument(&argument.value)),
            (None, Some(outer)) => outer.meaning(path),
            (None, None) => None,
        }
    }

    /// `$1`.
    pub fn parameter(&self, number: usize) -> Option<&Operand<'m>> {
        let own = number.checked_sub(1).and_then(|at| self.arguments.get(at)).map(|argument| &argument.value);
        own.or_else(|| self.outer.and_then(|outer| outer.parameter(number)))
    }
}

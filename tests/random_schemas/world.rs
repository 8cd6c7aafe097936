//! A schema as pieces of SQL that can be dropped, added and made anew.
//!
//! Nothing here has to be valid: a piece whose SQL the server refuses is not
//! there. So what depends on a dropped table goes with it, as it would have to.

use crate::rng::Rng;

/// What a piece is; in the order in which pieces are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    Schema,
    DefaultPrivilege,
    Collation,
    Enum,
    Sequence,
    Composite,
    /// One that needs no table.
    Function,
    Domain,
    Range,
    Aggregate,
    Operator,
    Cast,
    Foreign,
    TextSearch,
    Table,
    Partition,
    Owner,
    Key,
    Constraint,
    Index,
    ForeignKey,
    Statistics,
    /// One that reads or takes tables.
    TableFunction,
    View,
    MaterializedView,
    ViewFunction,
    ViewOnFunction,
    ViewIndex,
    Trigger,
    Rule,
    Policy,
    Setting,
    Publication,
    Comment,
    Grant,
}

pub const ALL: [(What, usize); 35] = [
    (What::Schema, 3),
    (What::DefaultPrivilege, 1),
    (What::Collation, 1),
    (What::Enum, 3),
    (What::Sequence, 3),
    (What::Composite, 2),
    (What::Function, 7),
    (What::Domain, 3),
    (What::Range, 1),
    (What::Aggregate, 1),
    (What::Operator, 1),
    (What::Cast, 1),
    (What::Foreign, 1),
    (What::TextSearch, 1),
    (What::Table, 6),
    (What::Partition, 4),
    (What::Owner, 1),
    (What::Key, 6),
    (What::Constraint, 4),
    (What::Index, 6),
    (What::ForeignKey, 4),
    (What::Statistics, 1),
    (What::TableFunction, 4),
    (What::View, 6),
    (What::MaterializedView, 2),
    (What::ViewFunction, 1),
    (What::ViewOnFunction, 2),
    (What::ViewIndex, 1),
    (What::Trigger, 4),
    (What::Rule, 2),
    (What::Policy, 3),
    (What::Setting, 3),
    (What::Publication, 1),
    (What::Comment, 5),
    (What::Grant, 5),
];

/// What may be said of a column in an expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Class {
    Int,
    Text,
    Bool,
    Time,
    Json,
    /// With one of its labels.
    Enum(String),
    Range,
    Other,
}

#[derive(Debug, Clone)]
pub struct Column {
    pub name: String,
    pub type_name: String,
    pub class: Class,
    /// COLLATE, DEFAULT, GENERATED …, NOT NULL.
    pub rest: String,
    /// ALTER TABLE … ALTER COLUMN …, for what stands after that.
    pub settings: Vec<String>,
}

#[derive(Debug, Clone, Default)]
pub struct Table {
    pub columns: Vec<Column>,
    /// UNLOGGED, or nothing.
    pub words: String,
    /// INHERITS, PARTITION BY, WITH.
    pub tail: String,
}

#[derive(Debug, Clone)]
pub struct Piece {
    pub what: What,
    /// As SQL calls it: qualified and quoted; a routine without its types.
    pub name: String,
    /// The relation that it hangs on, or what it is about.
    pub on: Option<String>,
    pub table: Option<Table>,
    /// What a view, a partition or a composite type shows.
    pub columns: Vec<Column>,
    /// The column that it is partitioned by, and how.
    pub partitioned: Option<(String, String)>,
    pub class: Option<Class>,
    pub sql: Vec<String>,
}

impl Piece {
    pub fn new(what: What, name: &str, sql: Vec<String>) -> Self {
        let (name, columns) = (name.to_owned(), Vec::new());
        Self { what, name, on: None, table: None, columns, partitioned: None, class: None, sql }
    }

    pub fn on(mut self, on: &str) -> Self {
        self.on = Some(on.to_owned());
        self
    }

    pub fn columns(&self) -> &[Column] {
        self.table.as_ref().map_or(&self.columns, |table| &table.columns)
    }

    /// Its statements.
    pub fn statements(&self) -> Vec<String> {
        let Some(table) = &self.table else { return self.sql.clone() };
        let columns: Vec<String> =
            table.columns.iter().map(|column| format!("{} {}{}", column.name, column.type_name, column.rest)).collect();
        let name = &self.name;
        let mut all = vec![format!("CREATE{} TABLE {name} ({}){}", table.words, columns.join(", "), table.tail)];
        for column in &table.columns {
            for setting in &column.settings {
                all.push(match setting.strip_prefix("COMMENT ") {
                    Some(comment) => format!("COMMENT ON COLUMN {name}.{} IS {comment}", column.name),
                    None => format!("ALTER TABLE {name} ALTER COLUMN {} {setting}", column.name),
                });
            }
        }
        all.extend(self.sql.iter().cloned());
        all
    }
}

#[derive(Debug, Clone, Default)]
pub struct World {
    pub pieces: Vec<Piece>,
    next: usize,
}

/// Beginnings of names: with quotes, keywords, letters beyond ASCII, a blank.
const BASES: [&str; 8] = ["order", "Mixed Case", "quo\"te", "ünï", "select", "dots.and:colons", "$1 'x' \\", "a"];

impl World {
    /// A new name, of which nothing else is called.
    pub fn plain_name(&mut self, rng: &mut Rng, prefix: &str) -> String {
        self.next += 1;
        if rng.percent(3) {
            // As long as a name may be.
            let name = format!("{prefix}{}_", self.next);
            return name.clone() + &"x".repeat(63 - name.len());
        }
        if rng.percent(15) {
            let base = rng.pick(&BASES);
            return format!("\"{}\"", format!("{base}{}", self.next).replace('"', "\"\""));
        }
        format!("{prefix}{}", self.next)
    }

    /// The same, in some schema.
    pub fn name(&mut self, rng: &mut Rng, prefix: &str) -> String {
        let schemas: Vec<String> = self.of(&[What::Schema]).iter().map(|piece| piece.name.clone()).collect();
        let schema = rng.one(&schemas).cloned().unwrap_or_else(|| "public".to_owned());
        format!("{schema}.{}", self.plain_name(rng, prefix))
    }

    pub fn of(&self, whats: &[What]) -> Vec<&Piece> {
        self.pieces.iter().filter(|piece| whats.contains(&piece.what)).collect()
    }

    pub fn any<'w>(&'w self, rng: &mut Rng, whats: &[What]) -> Option<&'w Piece> {
        let of = self.of(whats);
        rng.one(&of).copied()
    }

    pub fn get(&self, name: &str) -> Option<&Piece> {
        self.pieces.iter().find(|piece| piece.name == name)
    }

    /// All of its SQL, in an order in which it can be run.
    pub fn sql(&self) -> Vec<String> {
        let mut pieces: Vec<&Piece> = self.pieces.iter().collect();
        pieces.sort_by_key(|piece| piece.what);
        pieces.into_iter().flat_map(Piece::statements).collect()
    }
}

/// The last name of a qualified one; those here have no dot outside the schema's
/// but in quotes, and schemas have none at all.
pub fn last(name: &str) -> &str {
    name.split_once('.').map_or(name, |(_, last)| last)
}

/// The schema of a qualified name.
pub fn schema_of(name: &str) -> &str {
    name.split_once('.').map_or("public", |(schema, _)| schema)
}

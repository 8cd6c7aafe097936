/// One SQL statement, without its semicolon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    pub sql: String,
    /// What is lost cannot be had back: rows, a column's values, a sequence's
    /// position. Held back unless it is allowed.
    pub destructive: bool,
    /// It cannot run inside a transaction, or what it makes cannot be used in
    /// the same one.
    pub outside_transaction: bool,
    /// It runs by itself when the transaction is over, since it takes long and
    /// lets others work meanwhile: an index built CONCURRENTLY, a constraint
    /// validated after it was added.
    pub afterwards: bool,
}

impl Statement {
    pub fn new(sql: impl Into<String>) -> Self {
        Self { sql: sql.into(), destructive: false, outside_transaction: false, afterwards: false }
    }

    pub fn destructive(sql: impl Into<String>) -> Self {
        Self { destructive: true, ..Self::new(sql) }
    }

    pub fn outside_transaction(sql: impl Into<String>) -> Self {
        Self { outside_transaction: true, ..Self::new(sql) }
    }

    pub fn afterwards(sql: impl Into<String>) -> Self {
        Self { afterwards: true, ..Self::new(sql) }
    }
}

/// How one attribute of an object that is there becomes another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Alter {
    /// By these, in order.
    InPlace(Vec<Statement>),
    /// Only by dropping the object and making it again.
    Recreate,
    /// Not by SQL that schemacast would write; why, and what a person can do.
    Impossible(String),
}

impl Alter {
    /// By one statement that loses nothing.
    pub fn by(sql: impl Into<String>) -> Self {
        Self::InPlace(vec![Statement::new(sql)])
    }
}

/// An SQL expression, as far as policies have any.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    Null,
    Boolean(bool),
    Number(String),
    Text(String),
    /// A column's or argument's name with what qualifies it.
    Name(Vec<String>),
    /// `$1`, counted from 1.
    Parameter(usize),
    Call {
        /// With its schema, where that is written.
        name: Vec<String>,
        arguments: Vec<Expression>,
    },
    Cast(Box<Expression>, String),
    Not(Box<Expression>),
    And(Vec<Expression>),
    Or(Vec<Expression>),
    Compare(Comparison, Box<Expression>, Box<Expression>),
    /// IS [NOT] DISTINCT FROM.
    Distinct {
        left: Box<Expression>,
        right: Box<Expression>,
        negated: bool,
    },
    /// IS [NOT] NULL, TRUE, FALSE, UNKNOWN.
    Is {
        operand: Box<Expression>,
        state: State,
        negated: bool,
    },
    /// `left = ANY (array)`, `left <> ALL (array)`; `IN (list)` is the first.
    Quantified {
        left: Box<Expression>,
        comparison: Comparison,
        all: bool,
        array: Box<Expression>,
    },
    /// `left IN (SELECT …)`.
    InQuery(Box<Expression>, Box<Query>),
    Exists(Box<Query>),
    /// A sub-select that gives one value.
    Scalar(Box<Query>),
    Array(Vec<Expression>),
    /// `document -> key` and `document ->> key`, which gives text.
    Member {
        document: Box<Expression>,
        key: Box<Expression>,
        as_text: bool,
    },
    /// An operator that no rule has: it is read so that the rest can be.
    Operation(String),
}

/// What IS asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Null,
    True,
    False,
    /// The null of a boolean.
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    /// The comparison that holds where this one fails, neither side being null.
    pub fn inverse(self) -> Comparison {
        match self {
            Comparison::Equal => Comparison::Unequal,
            Comparison::Unequal => Comparison::Equal,
            Comparison::Less => Comparison::GreaterOrEqual,
            Comparison::LessOrEqual => Comparison::Greater,
            Comparison::Greater => Comparison::LessOrEqual,
            Comparison::GreaterOrEqual => Comparison::Less,
        }
    }

    /// The comparison with its sides exchanged.
    pub fn mirrored(self) -> Comparison {
        match self {
            Comparison::Less => Comparison::Greater,
            Comparison::LessOrEqual => Comparison::GreaterOrEqual,
            Comparison::Greater => Comparison::Less,
            Comparison::GreaterOrEqual => Comparison::LessOrEqual,
            same => same,
        }
    }

    /// As rules write it.
    pub fn symbol(self) -> &'static str {
        match self {
            Comparison::Equal => "==",
            Comparison::Unequal => "!=",
            Comparison::Less => "<",
            Comparison::LessOrEqual => "<=",
            Comparison::Greater => ">",
            Comparison::GreaterOrEqual => ">=",
        }
    }

    /// The comparison of an SQL operator.
    pub fn of(operator: &str) -> Option<Comparison> {
        Some(match operator {
            "=" => Comparison::Equal,
            "<>" | "!=" => Comparison::Unequal,
            "<" => Comparison::Less,
            "<=" => Comparison::LessOrEqual,
            ">" => Comparison::Greater,
            ">=" => Comparison::GreaterOrEqual,
            _ => return None,
        })
    }
}

/// SELECT columns [FROM one table] [WHERE …]: all that a lookup can be.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    pub columns: Vec<Expression>,
    pub from: Option<Source>,
    pub condition: Option<Expression>,
}

/// A table in FROM.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// With its schema, where that is written.
    pub table: Vec<String>,
    pub alias: Option<String>,
}

use super::expression::{Comparison, Expression, Query, Source, State};
use super::token::{Placed, Token, Unread, tokens};

/// Expressions deeper than this are not read: nobody writes them, and the
/// parser must not run out of stack.
const DEEPEST: usize = 100;

/// Reads an expression as `pg_get_expr` prints it and as people write it.
///
/// # Errors
/// What was found that is not read, in words.
pub fn expression(text: &str) -> Result<Expression, Unread> {
    let mut parser = Parser::new(text)?;
    let expression = parser.expression(0)?;
    parser.end()?;
    Ok(expression)
}

/// Reads the one SELECT of an SQL function's body.
///
/// # Errors
/// Anything else, in words.
pub fn select(text: &str) -> Result<Query, Unread> {
    let mut parser = Parser::new(text)?;
    let query = parser.query()?;
    parser.take(";");
    parser.end()?;
    Ok(query)
}

struct Parser<'t> {
    text: &'t str,
    tokens: Vec<Placed>,
    at: usize,
    depth: usize,
}

/// How tightly operators bind (manual, 4.1.6 Operator Precedence).
mod power {
    pub const OR: u8 = 1;
    pub const AND: u8 = 2;
    pub const NOT: u8 = 3;
    pub const IS: u8 = 4;
    pub const COMPARISON: u8 = 5;
    pub const IN: u8 = 6;
    pub const OTHER: u8 = 7;
    pub const SUM: u8 = 8;
    pub const PRODUCT: u8 = 9;
    pub const SIGN: u8 = 10;
}

type Read<T> = Result<T, Unread>;

impl<'t> Parser<'t> {
    fn new(text: &'t str) -> Read<Parser<'t>> {
        Ok(Parser { text, tokens: tokens(text)?, at: 0, depth: 0 })
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|placed| &placed.token)
    }

    fn peek_after(&self, count: usize) -> Option<&Token> {
        self.tokens.get(self.at + count).map(|placed| &placed.token)
    }

    /// Takes a mark or operator.
    fn take(&mut self, wanted: &str) -> bool {
        let found = match self.peek() {
            Some(Token::Mark(mark)) => *mark == wanted,
            Some(Token::Operator(operator)) => operator == wanted,
            _ => false,
        };
        self.at += usize::from(found);
        found
    }

    fn is_word(&self, wanted: &str) -> bool {
        matches!(self.peek(), Some(Token::Word(word)) if word == wanted)
    }

    fn word(&mut self, wanted: &str) -> bool {
        let found = self.is_word(wanted);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, wanted: &str) -> Read<()> {
        if self.take(wanted) || self.word(wanted) { Ok(()) } else { Err(self.unexpected()) }
    }

    fn end(&self) -> Read<()> {
        if self.at == self.tokens.len() { Ok(()) } else { Err(self.unexpected()) }
    }

    fn unexpected(&self) -> Unread {
        match self.tokens.get(self.at) {
            Some(placed) => Unread(format!("`{}` where nothing known stands", &self.text[placed.start..placed.end])),
            None => Unread("the end where more is expected".into()),
        }
    }

    fn expression(&mut self, least: u8) -> Read<Expression> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Unread(format!("an expression deeper than {DEEPEST}")));
        }
        let mut left = self.prefix()?;
        while let Some(next) = self.infix(&mut left, least)? {
            left = next;
        }
        self.depth -= 1;
        Ok(left)
    }

    fn prefix(&mut self) -> Read<Expression> {
        if self.word("not") {
            return Ok(Expression::Not(Box::new(self.expression(power::NOT)?)));
        }
        if self.take("-") {
            return Ok(match self.expression(power::SIGN)? {
                Expression::Number(number) => Expression::Number(format!("-{number}")),
                _ => Expression::Operation("-".into()),
            });
        }
        let mut value = self.primary()?;
        while self.take("::") {
            value = Expression::Cast(Box::new(value), self.type_name()?);
        }
        Ok(value)
    }

    /// What follows a left side, where it binds tightly enough; `None` at the end.
    fn infix(&mut self, left: &mut Expression, least: u8) -> Read<Option<Expression>> {
        let left_side = |left: &mut Expression| Box::new(std::mem::replace(left, Expression::Null));
        match self.peek() {
            Some(Token::Word(word)) => match word.as_str() {
                "or" if least < power::OR => {
                    self.at += 1;
                    let right = self.expression(power::OR)?;
                    Ok(Some(match *left_side(left) {
                        Expression::Or(mut parts) => {
                            parts.push(right);
                            Expression::Or(parts)
                        }
                        first => Expression::Or(vec![first, right]),
                    }))
                }
                "and" if least < power::AND => {
                    self.at += 1;
                    let right = self.expression(power::AND)?;
                    Ok(Some(match *left_side(left) {
                        Expression::And(mut parts) => {
                            parts.push(right);
                            Expression::And(parts)
                        }
                        first => Expression::And(vec![first, right]),
                    }))
                }
                "is" if least < power::IS => {
                    self.at += 1;
                    let left = left_side(left);
                    self.state(left).map(Some)
                }
                "in" if least < power::IN => {
                    self.at += 1;
                    let left = left_side(left);
                    self.membership(left).map(Some)
                }
                "not" if least < power::IN && matches!(self.peek_after(1), Some(Token::Word(next)) if next == "in") => {
                    self.at += 2;
                    let left = left_side(left);
                    Ok(Some(Expression::Not(Box::new(self.membership(left)?))))
                }
                _ => Ok(None),
            },
            Some(Token::Operator(operator)) => {
                let operator = operator.clone();
                let power = match operator.as_str() {
                    "=" | "<" | ">" | "<=" | ">=" | "<>" | "!=" => power::COMPARISON,
                    "+" | "-" => power::SUM,
                    "*" | "/" | "%" => power::PRODUCT,
                    _ => power::OTHER,
                };
                if least >= power {
                    return Ok(None);
                }
                self.at += 1;
                let left = left_side(left);
                self.operation(left, &operator, power).map(Some)
            }
            _ => Ok(None),
        }
    }

    fn operation(&mut self, left: Box<Expression>, operator: &str, power: u8) -> Read<Expression> {
        let all = self.is_word("all");
        if let Some(comparison) = Comparison::of(operator)
            && (all || self.is_word("any") || self.is_word("some"))
        {
            self.at += 1;
            self.expect("(")?;
            if self.is_word("select") {
                let query = Box::new(self.query()?);
                self.expect(")")?;
                return Ok(match (comparison, all) {
                    (Comparison::Equal, false) => Expression::InQuery(left, query),
                    (Comparison::Unequal, true) => Expression::Not(Box::new(Expression::InQuery(left, query))),
                    _ => Expression::Operation(format!("{operator} {}", if all { "ALL" } else { "ANY" })),
                });
            }
            let array = Box::new(self.expression(0)?);
            self.expect(")")?;
            return Ok(Expression::Quantified { left, comparison, all, array });
        }
        let right = Box::new(self.expression(power)?);
        Ok(match operator {
            "->" | "->>" => Expression::Member { document: left, key: right, as_text: operator == "->>" },
            _ => match Comparison::of(operator) {
                Some(comparison) => Expression::Compare(comparison, left, right),
                None => Expression::Operation(operator.to_owned()),
            },
        })
    }

    fn state(&mut self, operand: Box<Expression>) -> Read<Expression> {
        let negated = self.word("not");
        if self.word("distinct") {
            self.expect("from")?;
            let right = Box::new(self.expression(power::IS)?);
            return Ok(Expression::Distinct { left: operand, right, negated });
        }
        let states =
            [("null", State::Null), ("true", State::True), ("false", State::False), ("unknown", State::Unknown)];
        for (word, state) in states {
            if self.word(word) {
                return Ok(Expression::Is { operand, state, negated });
            }
        }
        Err(self.unexpected())
    }

    /// What follows IN.
    fn membership(&mut self, left: Box<Expression>) -> Read<Expression> {
        self.expect("(")?;
        if self.is_word("select") {
            let query = Box::new(self.query()?);
            self.expect(")")?;
            return Ok(Expression::InQuery(left, query));
        }
        let array = Box::new(Expression::Array(self.list(")")?));
        Ok(Expression::Quantified { left, comparison: Comparison::Equal, all: false, array })
    }

    /// Expressions up to a closing mark, which is taken.
    fn list(&mut self, close: &str) -> Read<Vec<Expression>> {
        let mut list = Vec::new();
        if self.take(close) {
            return Ok(list);
        }
        loop {
            list.push(self.expression(0)?);
            if self.take(close) {
                return Ok(list);
            }
            self.expect(",")?;
        }
    }

    fn primary(&mut self) -> Read<Expression> {
        if self.take("(") {
            let inner =
                if self.is_word("select") { Expression::Scalar(Box::new(self.query()?)) } else { self.expression(0)? };
            self.expect(")")?;
            return Ok(inner);
        }
        let Some(token) = self.peek().cloned() else { return Err(self.unexpected()) };
        match token {
            Token::Text(text) => {
                self.at += 1;
                Ok(Expression::Text(text))
            }
            Token::Number(number) => {
                self.at += 1;
                Ok(Expression::Number(number))
            }
            Token::Parameter(number) => {
                self.at += 1;
                Ok(Expression::Parameter(number))
            }
            Token::Quoted(_) => self.name(),
            Token::Word(word) => match word.as_str() {
                "null" | "true" | "false" => {
                    self.at += 1;
                    Ok(match word.as_str() {
                        "null" => Expression::Null,
                        other => Expression::Boolean(other == "true"),
                    })
                }
                "exists" => {
                    self.at += 1;
                    self.expect("(")?;
                    let query = Box::new(self.query()?);
                    self.expect(")")?;
                    Ok(Expression::Exists(query))
                }
                "array" if self.peek_after(1) == Some(&Token::Mark("[")) => {
                    self.at += 2;
                    Ok(Expression::Array(self.list("]")?))
                }
                "cast" => {
                    self.at += 1;
                    self.expect("(")?;
                    let value = Box::new(self.expression(0)?);
                    self.expect("as")?;
                    let type_name = self.type_name()?;
                    self.expect(")")?;
                    Ok(Expression::Cast(value, type_name))
                }
                "current_timestamp" | "current_user" | "session_user" | "user" | "current_role" | "current_date"
                | "localtimestamp" | "localtime" | "current_time"
                    if self.peek_after(1) != Some(&Token::Mark(".")) =>
                {
                    self.at += 1;
                    Ok(Expression::Call { name: vec![word], arguments: Vec::new() })
                }
                // Words that begin what is not read; a name they never are.
                "select" | "case" | "row" | "interval" | "array" | "with" | "from" | "where" | "and" | "or" => {
                    Err(self.unexpected())
                }
                _ => self.name(),
            },
            Token::Operator(_) | Token::Mark(_) => Err(self.unexpected()),
        }
    }

    /// A name with its qualifiers, and its arguments where it is a function's.
    fn name(&mut self) -> Read<Expression> {
        let name = self.path()?;
        if !self.take("(") {
            return Ok(Expression::Name(name));
        }
        let arguments = self.list(")")?;
        Ok(Expression::Call { name, arguments })
    }

    fn path(&mut self) -> Read<Vec<String>> {
        let mut path = vec![self.identifier()?];
        while self.take(".") {
            path.push(self.identifier()?);
        }
        Ok(path)
    }

    fn identifier(&mut self) -> Read<String> {
        let name = match self.peek() {
            Some(Token::Word(word)) => word.clone(),
            Some(Token::Quoted(name)) => name.clone(),
            _ => return Err(self.unexpected()),
        };
        self.at += 1;
        Ok(name)
    }

    /// A type's name as it is written.
    fn type_name(&mut self) -> Read<String> {
        let start = self.tokens.get(self.at).map_or(self.text.len(), |placed| placed.start);
        self.path()?;
        for word in ["varying", "precision"] {
            self.word(word);
        }
        if self.take("(") {
            while !self.take(")") {
                match self.peek() {
                    Some(Token::Number(_) | Token::Mark(",")) => self.at += 1,
                    _ => return Err(self.unexpected()),
                }
            }
        }
        if (self.is_word("with") || self.is_word("without"))
            && matches!(self.peek_after(1), Some(Token::Word(word)) if word == "time")
        {
            self.at += 2;
            self.expect("zone")?;
        }
        while self.take("[") {
            self.expect("]")?;
        }
        let end = self.tokens.get(self.at.wrapping_sub(1)).map_or(start, |placed| placed.end);
        Ok(self.text[start..end].to_owned())
    }

    fn query(&mut self) -> Read<Query> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Unread(format!("an expression deeper than {DEEPEST}")));
        }
        self.expect("select")?;
        let mut columns = Vec::new();
        loop {
            columns.push(if self.take("*") { Expression::Number("1".into()) } else { self.expression(0)? });
            if self.word("as") {
                self.identifier()?;
            }
            if !self.take(",") {
                break;
            }
        }
        let from = if self.word("from") { Some(self.source()?) } else { None };
        let condition = if self.word("where") { Some(self.expression(0)?) } else { None };
        if self.word("limit") {
            // One row is as good as many to what asks whether there is any.
            match self.peek() {
                Some(Token::Number(number)) if number == "1" => self.at += 1,
                _ => return Err(self.unexpected()),
            }
        }
        self.depth -= 1;
        Ok(Query { columns, from, condition })
    }

    /// One table; a join is not read.
    fn source(&mut self) -> Read<Source> {
        // pg_get_expr puts a lone table between parentheses only in joins.
        let table = self.path()?;
        let alias = if self.word("as") {
            Some(self.identifier()?)
        } else {
            match self.peek() {
                Some(Token::Quoted(_)) => Some(self.identifier()?),
                Some(Token::Word(word)) if !AFTER_TABLE.contains(&word.as_str()) => Some(self.identifier()?),
                _ => None,
            }
        };
        Ok(Source { table, alias })
    }
}

/// Words that may follow a table and are no alias.
const AFTER_TABLE: [&str; 18] = [
    "where",
    "join",
    "inner",
    "left",
    "right",
    "full",
    "cross",
    "natural",
    "group",
    "having",
    "order",
    "limit",
    "offset",
    "union",
    "intersect",
    "except",
    "for",
    "tablesample",
];

#[cfg(test)]
mod tests;

//! Applies a file of SQL to a session, whole or not at all.

use std::fmt;
use std::path::{Path, PathBuf};

use futures_util::TryStreamExt as _;
use thiserror::Error;
use tokio_postgres::SimpleQueryMessage;
use tokio_postgres::error::{DbError, ErrorPosition};

use crate::postgres::connect::Session;

/// Why a file was not applied. Nothing of it is in the database then.
#[derive(Debug, Error)]
pub enum ScriptError {
    #[error("{0}")]
    Statement(Box<StatementError>),
    #[error("{}: the connection failed while it was applied: {message}", .path.display())]
    Connection { path: PathBuf, message: String },
}

/// A statement that Postgres refused, and where it stands in its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementError {
    pub path: PathBuf,
    /// The line and column, both from 1 and the column in characters, where
    /// Postgres says where it failed. It does so for what it cannot parse or
    /// resolve, not for what fails while it runs.
    pub place: Option<(usize, usize)>,
    /// The text of that line.
    pub line: String,
    /// Which statement of the file it is, from 1: how many came before is
    /// known even where the place is not. `None` where the file as a whole
    /// could not be parsed, and none of it ran.
    pub statement: Option<usize>,
    /// Postgres' own error code, such as `42P01`.
    pub code: String,
    pub message: String,
    pub detail: Option<String>,
    pub hint: Option<String>,
    /// Postgres' context: the function it happened in, and the like.
    pub context: Option<String>,
}

impl fmt::Display for StatementError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        match (self.place, self.statement) {
            (Some((line, column)), _) => write!(f, ":{line}:{column}")?,
            (None, Some(statement)) => write!(f, ": statement {statement}")?,
            (None, None) => {}
        }
        write!(f, ": {} ({})", self.message, self.code)?;
        if let Some((number, column)) = self.place {
            let margin = " ".repeat(number.to_string().len());
            // A tab must stay one, so that the mark stands where it should.
            let indent: String =
                self.line.chars().take(column - 1).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
            write!(f, "\n{margin} |\n{number} | {}\n{margin} | {indent}^", self.line)?;
        }
        for (name, text) in [("detail", &self.detail), ("hint", &self.hint), ("context", &self.context)] {
            if let Some(text) = text {
                write!(f, "\n{name}: {text}")?;
            }
        }
        Ok(())
    }
}

/// Applies every statement of `sql` in one transaction.
///
/// `path` is how errors name the file; it is not read. The statements go to
/// the server as they are, so the file must not hold `BEGIN`, `COMMIT` or
/// `COPY … FROM STDIN`.
///
/// # Errors
/// The first statement that Postgres refuses, or a connection that is lost;
/// either way nothing was applied.
pub fn apply(session: &mut Session, path: &Path, sql: &str) -> Result<(), ScriptError> {
    let settings = session.settings().clone();
    let outcome: Result<(), (tokio_postgres::Error, usize)> = session.run(async |client| {
        client.batch_execute("BEGIN").await.map_err(|error| (error, 0))?;
        let mut completed = 0;
        let ran = async {
            let mut messages = std::pin::pin!(client.simple_query_raw(sql).await?);
            while let Some(message) = messages.try_next().await? {
                completed += usize::from(matches!(message, SimpleQueryMessage::CommandComplete(_)));
            }
            Ok(())
        };
        match ran.await {
            Ok(()) => client.batch_execute("COMMIT").await.map_err(|error| (error, completed)),
            Err(error) => {
                // What cannot be rolled back, for the connection is gone, the
                // server rolls back itself; the first error is the one to tell.
                let _ = client.batch_execute("ROLLBACK").await;
                Err((error, completed))
            }
        }
    });
    outcome.map_err(|(error, completed)| match error.as_db_error() {
        Some(db) => ScriptError::Statement(Box::new(statement_error(path, sql, db, completed))),
        None => ScriptError::Connection { path: path.to_owned(), message: settings.redact(&error.to_string()) },
    })
}

fn statement_error(path: &Path, sql: &str, error: &DbError, completed: usize) -> StatementError {
    let mut context = error.where_().map(str::to_owned);
    let place = match error.position() {
        Some(ErrorPosition::Original(position)) => place(sql, *position),
        // It lies in a query that a function of the file ran.
        Some(ErrorPosition::Internal { query, .. }) => {
            let inner = format!("in the query: {}", query.trim());
            context = Some(context.map_or(inner.clone(), |outer| format!("{inner}\n{outer}")));
            None
        }
        None => None,
    };
    let line = place.and_then(|(number, _)| sql.lines().nth(number - 1)).unwrap_or_default().to_owned();
    // A file that does not parse fails before its first statement.
    let whole = completed == 0 && *error.code() == tokio_postgres::error::SqlState::SYNTAX_ERROR;
    StatementError {
        path: path.to_owned(),
        place,
        line,
        statement: (!whole).then_some(completed + 1),
        code: error.code().code().to_owned(),
        message: error.message().to_owned(),
        detail: error.detail().map(str::to_owned),
        hint: error.hint().map(str::to_owned),
        context,
    }
}

/// Line and column of Postgres' position, which counts characters from 1.
fn place(sql: &str, position: u32) -> Option<(usize, usize)> {
    let before = usize::try_from(position).ok()?.checked_sub(1)?;
    let mut line = 1;
    let mut column = 1;
    for character in sql.chars().take(before) {
        if character == '\n' {
            line += 1;
            column = 1;
        } else {
            column += 1;
        }
    }
    Some((line, column))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_counts_characters_and_not_bytes() {
        let sql = "SELECT 'ä';\nSELECT nope;";
        assert_eq!(place(sql, 1), Some((1, 1)));
        assert_eq!(place(sql, 20), Some((2, 8)));
        assert_eq!(place(sql, 0), None);
    }

    #[test]
    fn the_mark_stands_below_the_fault() {
        let error = StatementError {
            path: PathBuf::from("m/001.sql"),
            place: Some((2, 8)),
            line: "SELECT nope;".to_owned(),
            statement: Some(2),
            code: "42703".to_owned(),
            message: "column \"nope\" does not exist".to_owned(),
            detail: None,
            hint: Some("look twice".to_owned()),
            context: None,
        };
        let expected = "m/001.sql:2:8: column \"nope\" does not exist (42703)\n  |\n2 | SELECT nope;\n  |        ^\nhint: look twice";
        assert_eq!(error.to_string(), expected);
    }
}

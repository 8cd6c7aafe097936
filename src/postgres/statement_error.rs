//! A statement of a file that Postgres refused, as a message for a person.

use std::fmt::{self, Write as _};
use std::path::PathBuf;

use tokio_postgres::error::{DbError, ErrorPosition};

use crate::postgres::settings::ConnectionSettings;
use crate::postgres::sql_text::{Script, byte_of, line, mark, place};

/// A statement that Postgres refused, and where it stands in its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementError {
    pub path: PathBuf,
    /// The line and column, both from 1 and the column in characters: what
    /// Postgres points at, or the statement's begin.
    pub place: (usize, usize),
    /// Whether Postgres pointed there. It does so for what it cannot parse or
    /// resolve, not for what fails while it runs.
    pub exact: bool,
    /// The statement's first lines and the one pointed at, with their numbers.
    pub lines: Vec<(usize, String)>,
    /// Which statement of the file it is, from 1.
    pub statement: usize,
    /// The statement's own text.
    pub text: String,
    /// Postgres' own error code, such as `42P01`.
    pub code: String,
    pub message: String,
    pub detail: Option<String>,
    pub hint: Option<String>,
    /// Postgres' context: the function it happened in, and the like.
    pub context: Option<String>,
    /// What to do about it, where that is known.
    pub advice: Vec<String>,
}

/// How many of a statement's lines are shown.
const FIRST_LINES: usize = 3;

impl StatementError {
    /// What the server said of a statement, by its index in the script.
    pub(crate) fn new(script: &Script, index: usize, error: &DbError, settings: &ConnectionSettings) -> Self {
        let statement = &script.statements[index];
        let text = statement.text(&script.text);
        let mut context = error.where_().map(str::to_owned);
        let pointed_at = match error.position() {
            Some(ErrorPosition::Original(position)) => byte_of(text, *position),
            // It lies in a query that a function of the file ran.
            Some(ErrorPosition::Internal { query, .. }) => {
                let inner = format!("in the query: {}", query.trim());
                context = Some(context.map_or(inner.clone(), |outer| format!("{inner}\n{outer}")));
                None
            }
            None => None,
        };
        let (first, _) = place(&script.text, statement.span.start);
        let (last, _) = place(&script.text, statement.span.end);
        let place = place(&script.text, statement.span.start + pointed_at.unwrap_or(0));
        let mut numbers: Vec<usize> = (first..=last).take(FIRST_LINES).collect();
        if !numbers.contains(&place.0) {
            numbers.push(place.0);
        }
        let redact = |text: &str| settings.redact(text);
        StatementError {
            path: script.path.clone(),
            place,
            exact: pointed_at.is_some(),
            lines: numbers.into_iter().map(|number| (number, redact(line(&script.text, number)))).collect(),
            statement: index + 1,
            text: redact(text),
            code: error.code().code().to_owned(),
            message: redact(error.message()),
            detail: error.detail().map(redact),
            hint: error.hint().map(redact),
            context: context.as_deref().map(redact),
            advice: Vec::new(),
        }
    }
}

impl fmt::Display for StatementError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (number, column) = self.place;
        write!(f, "{}:{number}:{column}: {} ({})", self.path.display(), self.message, self.code)?;
        let width = self.lines.iter().map(|(number, _)| number.to_string().len()).max().unwrap_or(1);
        let margin = " ".repeat(width);
        write!(f, "\n{margin} |")?;
        let mut before = None;
        for (at, text) in &self.lines {
            if before.is_some_and(|before| before + 1 < *at) {
                write!(f, "\n{margin} …")?;
            }
            before = Some(*at);
            write!(f, "\n{at:>width$} | {text}")?;
            if self.exact && *at == number {
                write!(f, "\n{margin} | {}", mark(text, column))?;
            }
        }
        let mut more = String::new();
        for (name, text) in [("detail", &self.detail), ("hint", &self.hint), ("context", &self.context)] {
            if let Some(text) = text {
                write!(more, "\n{name}: {text}")?;
            }
        }
        for advice in &self.advice {
            write!(more, "\nadvice: {advice}")?;
        }
        f.write_str(&more)
    }
}

//! A query, its result as JSON, and whether that is what was expected.

use std::fs;

use serde_json::{Map, Value};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, SimpleQueryMessage};

use super::expected;
use super::{Context, Done, Failure, limit};
use crate::postgres::advice::{Refusal, advice};
use crate::postgres::script::FORGET_SESSION;
use crate::postgres::{ConnectionSettings, bootstrap};
use crate::tasks::database::Connection;

/// What a query gave: rows as JSON objects.
#[derive(Debug, Default, PartialEq)]
pub struct Rows(pub Vec<Value>);

/// As many rows as a record keeps.
const RECORDED: usize = 1000;

impl Rows {
    /// The result for people and programs: the value of a single column named
    /// `result` as it is, one row as an object, several as a list.
    pub fn outcome(&self) -> Option<Value> {
        match self.0.as_slice() {
            [] => None,
            [row] => Some(result_column(row).unwrap_or(row).clone()),
            rows => Some(Value::Array(rows.iter().take(RECORDED).cloned().collect())),
        }
    }
}

/// The value of a row whose only column is `result`.
pub fn result_column(row: &Value) -> Option<&Value> {
    let row = row.as_object().filter(|row| row.len() == 1)?;
    row.get("result")
}

pub fn ask(context: &Context<'_>, connection: &mut Connection) -> Result<Done, Failure> {
    let task = context.task;
    let sql = match (&task.sql, &task.file) {
        (Some(sql), _) => sql.clone(),
        (None, file) => {
            let path = context.places.of(file.as_deref().unwrap_or_default());
            fs::read_to_string(&path)
                .map_err(|error| Failure::new(format!("cannot read {}: {error}", context.places.shown(&path))))?
        }
    };
    // What may be tried again must not have left anything the first time.
    let mode = if task.retries > 0 { Mode::ReadOnly } else { Mode::ReadWrite };
    let rows = rows(context, connection, &sql, mode, task.expected.as_ref())?;
    let done = Done { outcome: rows.outcome(), ..Done::default() };
    if let Some(outcome) = &done.outcome {
        (context.log)(&format!("{outcome:#}"));
    }
    match task.expected.as_ref().and_then(|expected| expected::mismatch(expected, &rows)) {
        Some(message) => Err(Failure::Failed { message, advice: Vec::new(), done: Box::new(done) }),
        None => Ok(done),
    }
}

/// What a query may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// One query, in a read-only transaction.
    ReadOnly,
    /// Any statements; where their result is not what is expected, what they
    /// did is rolled back.
    ReadWrite,
}

/// Asks a query in a transaction of its own.
pub fn rows(
    context: &Context<'_>,
    connection: &mut Connection,
    sql: &str,
    mode: Mode,
    expected: Option<&Value>,
) -> Result<Rows, Failure> {
    let settings = connection.settings().clone();
    let work = |session: &mut crate::postgres::Session| {
        session.run(async |client| {
            client.batch_execute(if mode == Mode::ReadOnly { "BEGIN READ ONLY" } else { "BEGIN" }).await?;
            let rows = match mode {
                Mode::ReadOnly => read(client, sql).await,
                Mode::ReadWrite => read_or_write(client, sql).await,
            };
            // What only reads has nothing to keep: what a set_config in it set
            // goes with the transaction.
            let keep = mode == Mode::ReadWrite
                && rows
                    .as_ref()
                    .is_ok_and(|rows| expected.is_none_or(|expected| expected::mismatch(expected, rows).is_none()));
            // What cannot be rolled back, for the connection is gone, the
            // server rolls back itself; the first error is the one to tell.
            let ended = match keep {
                true => client.batch_execute(&format!("{FORGET_SESSION}COMMIT")).await,
                false => client.batch_execute("ROLLBACK").await,
            };
            let rows = rows?;
            ended?;
            Ok(rows)
        })
    };
    let (result, stopped) = connection.with_limit(limit(context.task), context.interrupt, work)?;
    match (result, stopped) {
        (Ok(rows), _) => Ok(rows),
        (Err(_), Some(stopped)) => Err(Failure::Stopped(stopped)),
        (Err(error), None) => Err(failure(context, &error, &settings, sql, mode)),
    }
}

/// What Postgres says, in full, without the password, and what to do.
fn failure(
    context: &Context<'_>,
    error: &tokio_postgres::Error,
    settings: &ConnectionSettings,
    sql: &str,
    mode: Mode,
) -> Failure {
    let Some(db) = error.as_db_error() else {
        let cause = std::error::Error::source(error).map(|cause| format!(": {cause}")).unwrap_or_default();
        let message = settings.redact(&format!("the connection with {} failed: {error}{cause}", settings.place()));
        return Failure::new(message);
    };
    let mut message = format!("{} ({})", db.message(), db.code().code());
    for (name, text) in [("detail", db.detail()), ("hint", db.hint()), ("context", db.where_())] {
        if let Some(text) = text {
            message.push_str(&format!("\n{name}: {text}"));
        }
    }
    let advice = match mode {
        // The server would take writes, and we do not let it.
        Mode::ReadOnly if *db.code() == SqlState::READ_ONLY_SQL_TRANSACTION => {
            vec!["this runs read only: a sql_query with `retries` must not write, nor must a validation".to_owned()]
        }
        _ => {
            let files = bootstrap::readable_files(&context.places.layout);
            advice(&Refusal::new(db, sql), &settings.user, &files)
        }
    };
    Failure::Failed { message: settings.redact(&message), advice, done: Box::default() }
}

/// One query, whose rows the server turns into JSON: so numbers stay numbers.
///
/// It is sent by the extended protocol, which takes a single statement: nothing
/// in it can end the transaction that makes it read only.
async fn read(client: &Client, sql: &str) -> Result<Rows, tokio_postgres::Error> {
    let sql = sql.trim_end().trim_end_matches(';');
    let wrapped =
        format!("SELECT pg_catalog.row_to_json(row_of_query)::pg_catalog.text FROM (\n{sql}\n) AS row_of_query");
    let rows = client.query_typed(&wrapped, &[]).await?;
    let parse = |row: &tokio_postgres::Row| {
        let json: Option<&str> = row.try_get(0)?;
        // What the server prints as JSON is JSON.
        Ok(json.and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default())
    };
    rows.iter().map(parse).collect::<Result<Vec<Value>, _>>().map(Rows)
}

/// The same where the statements are one query; else each as it is, and the
/// rows of the last that gave any, as texts.
async fn read_or_write(client: &Client, sql: &str) -> Result<Rows, tokio_postgres::Error> {
    client.batch_execute("SAVEPOINT before_query").await?;
    match read(client, sql).await {
        // It is no single query, or one that may not stand in parentheses: a
        // WITH that writes. Whatever it did by then is undone.
        Err(error) if is_not_a_query(&error) => {
            client.batch_execute("ROLLBACK TO SAVEPOINT before_query").await?;
            plain(client, sql).await
        }
        result => result,
    }
}

fn is_not_a_query(error: &tokio_postgres::Error) -> bool {
    let codes = [SqlState::SYNTAX_ERROR, SqlState::FEATURE_NOT_SUPPORTED, SqlState::DUPLICATE_COLUMN];
    error.code().is_some_and(|code| codes.contains(code))
}

async fn plain(client: &Client, sql: &str) -> Result<Rows, tokio_postgres::Error> {
    let mut last = Vec::new();
    let mut current = None;
    for message in client.simple_query(sql).await? {
        match message {
            SimpleQueryMessage::RowDescription(_) => current = Some(Vec::new()),
            SimpleQueryMessage::Row(row) => {
                let value = |at: usize| row.get(at).map_or(Value::Null, Value::from);
                let columns = row.columns().iter().enumerate();
                let object: Map<String, Value> =
                    columns.map(|(at, column)| (column.name().to_owned(), value(at))).collect();
                current.get_or_insert_with(Vec::new).push(Value::Object(object));
            }
            SimpleQueryMessage::CommandComplete(_) => last = current.take().unwrap_or(last),
            _ => {}
        }
    }
    Ok(Rows(last))
}

//! What the server makes of the models' own statements.
//!
//! A SELECT becomes the sub-select of a query that asks for the type of each of
//! its columns: of no row, for the types are the statement's. An INSERT is
//! explained, which has the server look up every name and cast, check the
//! privileges and plan, and run neither the statement nor a trigger. Each
//! statement has a savepoint, so that one that is refused does not take the
//! others with it.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Row};

use super::{Answers, Mismatch, Unproved};
use crate::codegen::sql;
use crate::codegen::target::models::{Claim, ColumnClaim};

/// How many relations' statements are on their way at once.
const AT_ONCE: usize = 32;

/// Everything in it is LOCAL and ends with the transaction. A manifest that was
/// not read from a database may name types of `public` without it.
const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
    SET LOCAL search_path = public;
    SET LOCAL statement_timeout = '60s';
    SET LOCAL lock_timeout = '10s';
    SET LOCAL jit = off";

/// Why nothing could be asked: the connection, or the transaction itself.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Error(#[from] pub tokio_postgres::Error);

/// Has the server look at the SELECT and the INSERT of each claim's models.
///
/// The client must not be inside a transaction; afterwards it is not inside
/// one either.
///
/// # Errors
/// The connection fails, or no transaction can be begun. That a statement is
/// refused is no error but an answer.
pub async fn statements(client: &Client, claims: &[&Claim]) -> Result<Answers, Error> {
    client.batch_execute(BEGIN).await?;
    let asked = ask_all(client, claims).await;
    let ended = client.batch_execute("ROLLBACK").await;
    let answers = asked?;
    ended?;
    Ok(answers)
}

async fn ask_all(client: &Client, claims: &[&Claim]) -> Result<Answers, Error> {
    let mut answers = Answers::default();
    for claims in claims.chunks(AT_ONCE) {
        let asked: Vec<Statement<'_>> = claims.iter().flat_map(|claim| Statement::of(claim)).collect();
        for (statement, answer) in asked.iter().zip(send(client, &asked).await?) {
            match answer {
                Ok(rows) => statement.compare(&rows, &mut answers)?,
                Err(error) => statement.refused(error, &mut answers)?,
            }
        }
    }
    Ok(answers)
}

/// One statement of the models, in the form in which it is tried.
struct Statement<'c> {
    claim: &'c Claim,
    kind: &'static str,
    sql: String,
}

impl<'c> Statement<'c> {
    fn of(claim: &'c Claim) -> Vec<Self> {
        let select = Self { claim, kind: "SELECT", sql: types_of(claim) };
        let insert = (!claim.is_view).then(|| Self { claim, kind: "INSERT", sql: explained(claim) });
        std::iter::once(select).chain(insert).collect()
    }

    /// Compares the types that the server found with those that are claimed.
    fn compare(&self, rows: &[Row], answers: &mut Answers) -> Result<(), Error> {
        let ("SELECT", Some(row)) = (self.kind, rows.first()) else { return Ok(()) };
        let found: Vec<Option<String>> = row.try_get(0)?;
        let claimed: Vec<Option<String>> = row.try_get(1)?;
        for ((column, found), claimed) in self.claim.columns.iter().zip(found).zip(claimed) {
            if found != claimed {
                let say = |name: Option<String>, otherwise: String| name.map_or(otherwise, |name| format!("`{name}`"));
                answers.mismatches.push(Mismatch {
                    path: format!("{}.{}", self.claim.path(), column.name),
                    what: "SELECT",
                    model: say(claimed, format!("`{}`, which is no type of the database", column.type_name)),
                    database: say(found, "no type".to_owned()),
                });
            }
        }
        Ok(())
    }

    /// A refusal says that the models are wrong where it is about the
    /// statement (class 42 of the SQLSTATEs, but for privileges); else nothing
    /// is known of the statement.
    fn refused(&self, error: tokio_postgres::Error, answers: &mut Answers) -> Result<(), Error> {
        let Some(db) = error.as_db_error() else { return Err(Error(error)) };
        let path = self.claim.path();
        let reason = format!("{} ({})", db.message(), db.code().code());
        if db.code().code().starts_with("42") && *db.code() != SqlState::INSUFFICIENT_PRIVILEGE {
            let model = format!("its {} is accepted", self.kind);
            answers.mismatches.push(Mismatch { path, what: self.kind, model, database: reason });
        } else {
            answers.unproved.push(Unproved { path, reason: format!("{}: {reason}", self.kind) });
        }
        Ok(())
    }
}

/// Asks for the types of a SELECT's columns, and of those that are claimed, as
/// the server prints them. One row comes, whatever the relation holds.
fn types_of(claim: &Claim) -> String {
    let found = claim.columns.iter().map(|column| {
        let name = sql::identifier(&column.name);
        format!("format_type(pg_typeof(claimed.{name})::oid, NULL)")
    });
    let expected = claim.columns.iter().map(|column| {
        let name = literal(column.cast.unwrap_or(&column.type_name));
        format!("format_type(to_regtype({name})::oid, NULL)")
    });
    let list = |types: &mut dyn Iterator<Item = String>| types.collect::<Vec<_>>().join(", ");
    format!(
        "SELECT ARRAY[{}]::text[], ARRAY[{}]::text[] FROM (VALUES (1)) AS one (row) \
         LEFT JOIN (SELECT * FROM ({}) AS models WHERE false) AS claimed ON true",
        list(&mut found.into_iter()),
        list(&mut expected.into_iter()),
        claim.select,
    )
}

/// The INSERT of a new row, each value of the type that its field is written
/// as.
fn explained(claim: &Claim) -> String {
    let written: Vec<&ColumnClaim> = claim.columns.iter().filter(|column| !column.is_generated).collect();
    let names: Vec<String> = written.iter().map(|column| sql::identifier(&column.name)).collect();
    let value = |column: &&ColumnClaim| match column.cast {
        Some(cast) => format!("NULL::{cast}::{}", column.type_name),
        None => format!("NULL::{}", column.type_name),
    };
    let values: Vec<String> = written.iter().map(value).collect();
    let rows = match written.is_empty() {
        true => "DEFAULT VALUES".to_owned(),
        false => format!("({}) VALUES ({})", names.join(", "), values.join(", ")),
    };
    format!("EXPLAIN (COSTS off) INSERT INTO {} {rows}", sql::qualified(&claim.schema, &claim.relation))
}

/// A text as a literal that means the same whatever
/// `standard_conforming_strings` says.
fn literal(text: &str) -> String {
    format!(" E'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

type Sent<'a> = Pin<Box<dyn Future<Output = Result<Vec<Row>, tokio_postgres::Error>> + 'a>>;

/// Sends all statements before the first answer is awaited, each between a
/// savepoint and the return to it.
async fn send(
    client: &Client,
    statements: &[Statement<'_>],
) -> Result<Vec<Result<Vec<Row>, tokio_postgres::Error>>, Error> {
    let mut waiting: Vec<Sent<'_>> = Vec::new();
    for statement in statements {
        waiting.push(Box::pin(quiet(client, "SAVEPOINT schemacast")));
        waiting.push(Box::pin(client.query_typed(&statement.sql, &[])));
        waiting.push(Box::pin(quiet(client, "ROLLBACK TO SAVEPOINT schemacast; RELEASE SAVEPOINT schemacast")));
    }
    let mut done: Vec<Option<Result<Vec<Row>, tokio_postgres::Error>>> = waiting.iter().map(|_| None).collect();
    // A statement is sent when its future is first polled, hence in this order.
    poll_fn(|context| {
        for (future, slot) in waiting.iter_mut().zip(&mut done) {
            if slot.is_none()
                && let Poll::Ready(answer) = future.as_mut().poll(context)
            {
                *slot = Some(answer);
            }
        }
        if done.iter().all(Option::is_some) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    let mut answers = Vec::with_capacity(statements.len());
    for (place, answer) in done.into_iter().flatten().enumerate() {
        match place % 3 {
            1 => answers.push(answer),
            // The savepoints are ours: that one is refused is no answer.
            _ => drop(answer?),
        }
    }
    Ok(answers)
}

async fn quiet(client: &Client, sql: &str) -> Result<Vec<Row>, tokio_postgres::Error> {
    client.batch_execute(sql).await.map(|()| Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asks_without_touching_a_row() {
        let column = |name: &str, type_name: &str, cast| ColumnClaim {
            name: name.to_owned(),
            type_name: type_name.to_owned(),
            cast,
            nullable: true,
            has_default: false,
            is_generated: name == "made",
        };
        let mut claim = Claim {
            schema: "a".to_owned(),
            relation: "B c".to_owned(),
            is_view: false,
            select: "SELECT …".to_owned(),
            columns: vec![column("x\"y", "xml", Some("text")), column("made", "a.it's", None)],
        };
        assert_eq!(
            types_of(&claim),
            "SELECT ARRAY[format_type(pg_typeof(claimed.\"x\"\"y\")::oid, NULL), \
             format_type(pg_typeof(claimed.made)::oid, NULL)]::text[], \
             ARRAY[format_type(to_regtype( E'text')::oid, NULL), format_type(to_regtype( E'a.it''s')::oid, NULL)]::text[] \
             FROM (VALUES (1)) AS one (row) LEFT JOIN (SELECT * FROM (SELECT …) AS models WHERE false) AS claimed ON true"
        );
        let insert = "EXPLAIN (COSTS off) INSERT INTO a.\"B c\"";
        assert_eq!(explained(&claim), format!("{insert} (\"x\"\"y\") VALUES (NULL::text::xml)"));
        claim.columns.remove(0);
        assert_eq!(explained(&claim), format!("{insert} DEFAULT VALUES"));
    }
}

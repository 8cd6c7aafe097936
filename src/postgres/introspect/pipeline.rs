//! Queries sent together, and their rows taken apart by position.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

use futures_util::future::maybe_done;
use tokio_postgres::types::{FromSql, ToSql, Type};
use tokio_postgres::{Client, Row};

use super::Error;

/// One query of the fixed number.
pub(super) struct Query {
    /// The kind of object that it asks for, for messages.
    pub what: &'static str,
    /// With one parameter, `oid[]`: the schemas that are read.
    pub sql: &'static str,
}

/// The rows of one query.
pub(super) struct Answer {
    what: &'static str,
    rows: Vec<Row>,
}

/// One row, taken from left to right: a row is as wide as what it describes,
/// and a number for each of its columns would say nothing that the order does
/// not.
pub(super) struct Cells<'a> {
    what: &'static str,
    row: &'a Row,
    next: usize,
}

impl Answer {
    pub fn cells(&self) -> impl Iterator<Item = Cells<'_>> {
        self.rows.iter().map(|row| Cells { what: self.what, row, next: 0 })
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }
}

impl<'a> Cells<'a> {
    /// The next cell.
    pub fn take<T: FromSql<'a>>(&mut self) -> Result<T, Error> {
        let cell = self.row.try_get(self.next).map_err(|error| Error::Decode { what: self.what, error })?;
        self.next += 1;
        Ok(cell)
    }

    /// The next cell, which holds one of the catalog's one-letter codes, or
    /// nothing.
    pub fn code(&mut self) -> Result<char, Error> {
        Ok(self.take::<Option<&str>>()?.and_then(|text| text.chars().next()).unwrap_or('\0'))
    }

    /// The next cell, which holds a list, or nothing.
    pub fn list<T: FromSql<'a>>(&mut self) -> Result<Vec<T>, Error> {
        Ok(self.take::<Option<Vec<T>>>()?.unwrap_or_default())
    }

    /// The next cell, which holds options as `name=value`, in no order that
    /// says anything: sorted here, for not every list of them is sorted later.
    pub fn options(&mut self) -> Result<Vec<String>, Error> {
        let mut options: Vec<String> = self.list()?;
        options.sort();
        Ok(options)
    }

    /// The next cell, which holds a text that the server printed from the
    /// catalog as it is now, not as it was when the transaction began: where
    /// the object is gone there is no text.
    pub fn printed(&mut self, name: &str) -> Result<String, Error> {
        self.take::<Option<String>>()?.ok_or_else(|| Error::Changed(name.to_owned()))
    }
}

/// Sends all queries before the first answer is awaited, so that a round costs
/// one journey to the server, and returns their answers in the same order.
///
/// # Errors
/// The first failure in order: once one query has failed, the transaction
/// refuses those behind it, which says nothing.
pub(super) async fn ask<const N: usize>(
    client: &Client,
    queries: [&Query; N],
    schemas: &[u32],
) -> Result<[Answer; N], Error> {
    exactly(ask_all(client, &queries, schemas).await?)
}

/// The same for any number of queries.
pub(super) async fn ask_all(client: &Client, queries: &[&Query], schemas: &[u32]) -> Result<Vec<Answer>, Error> {
    let parameters: [(&(dyn ToSql + Sync), Type); 1] = [(&schemas, Type::OID_ARRAY)];
    // Each is polled once before any is awaited, and so sent, in this order.
    let asked = queries.iter().map(|query| maybe_done(Box::pin(client.query_typed(query.sql, &parameters))));
    let mut asked: Vec<_> = asked.collect();
    poll_fn(|context| {
        let mut is_ready = true;
        for future in &mut asked {
            is_ready &= Pin::new(future).poll(context).is_ready();
        }
        if is_ready { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    let mut answers = Vec::with_capacity(queries.len());
    for (query, future) in queries.iter().zip(&mut asked) {
        let what = query.what;
        if let Some(rows) = Pin::new(future).take_output() {
            answers.push(Answer { what, rows: rows.map_err(|error| Error::Query { what, error })? });
        }
    }
    Ok(answers)
}

/// As many answers as there were queries.
pub(super) fn exactly<const N: usize>(answers: Vec<Answer>) -> Result<[Answer; N], Error> {
    // Each query was answered, or its error was returned.
    answers.try_into().map_err(|_| Error::Changed("the connection".to_owned()))
}

//! Queries sent together, and their rows taken apart by position.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::vec;

use futures_util::TryStreamExt as _;
use futures_util::future::maybe_done;
use tokio_postgres::types::{FromSql, ToSql, Type, WrongType};
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
///
/// They are kept as the bytes that the server sent, one row behind the other:
/// of a big catalog all answers are there before the first is read, and a row
/// of the driver's takes several times its bytes.
pub(super) struct Answer {
    what: &'static str,
    /// Of the columns; none where there is no row.
    types: Vec<Type>,
    pieces: Vec<Vec<u8>>,
    rows: usize,
}

/// How large a piece of an answer gets, but for a row that is larger.
const PIECE: usize = 1 << 20;

/// How long a cell is, where one byte says it: those above say more.
const SHORT: usize = 253;
/// The length is in the four bytes behind this one.
const LONG: u8 = 254;
const NULL: u8 = 255;

/// One row, taken from left to right: a row is as wide as what it describes,
/// and a number for each of its columns would say nothing that the order does
/// not.
pub(super) struct Cells<'a> {
    what: &'static str,
    types: &'a [Type],
    /// What is left of the row.
    bytes: &'a [u8],
    next: usize,
}

impl Answer {
    fn new(what: &'static str) -> Self {
        Self { what, types: Vec::new(), pieces: Vec::new(), rows: 0 }
    }

    fn push(&mut self, row: &Row) -> Result<(), tokio_postgres::Error> {
        if self.types.is_empty() {
            self.types = row.columns().iter().map(|column| column.type_().clone()).collect();
        }
        let most = row.raw_size_bytes() + 4;
        if self.pieces.last().is_none_or(|piece| piece.len() + most > PIECE) {
            self.pieces.push(Vec::new());
        }
        let Some(piece) = self.pieces.last_mut() else { return Ok(()) };
        let start = piece.len();
        piece.extend([0; 4]);
        for at in 0..row.len() {
            match row.try_get::<_, Option<Raw<'_>>>(at)? {
                None => piece.push(NULL),
                Some(Raw(bytes)) => {
                    match u8::try_from(bytes.len()) {
                        Ok(length) if usize::from(length) <= SHORT => piece.push(length),
                        // The server sends no cell of more than a gigabyte.
                        _ => {
                            piece.push(LONG);
                            piece.extend(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes());
                        }
                    }
                    piece.extend(bytes);
                }
            }
        }
        let length = u32::try_from(piece.len() - start - 4).unwrap_or(u32::MAX).to_le_bytes();
        piece[start..start + 4].copy_from_slice(&length);
        self.rows += 1;
        Ok(())
    }

    pub fn cells(&self) -> impl Iterator<Item = Cells<'_>> {
        let rows = self.pieces.iter().flat_map(|piece| {
            let mut left = piece.as_slice();
            std::iter::from_fn(move || take_row(&mut left))
        });
        rows.map(|bytes| Cells { what: self.what, types: &self.types, bytes, next: 0 })
    }

    /// The same, to be gone through once: what a piece of them takes is given
    /// back when it has been read.
    pub fn into_rows(self) -> Rows {
        let Self { what, types, pieces, .. } = self;
        Rows { what, types, pieces: pieces.into_iter(), piece: Vec::new(), at: 0 }
    }

    pub fn len(&self) -> usize {
        self.rows
    }
}

/// The rows of an answer that is given back while it is read.
pub(super) struct Rows {
    what: &'static str,
    types: Vec<Type>,
    pieces: vec::IntoIter<Vec<u8>>,
    piece: Vec<u8>,
    /// How much of the piece was read.
    at: usize,
}

impl Rows {
    pub fn next(&mut self) -> Option<Cells<'_>> {
        while self.at >= self.piece.len() {
            self.piece = self.pieces.next()?;
            self.at = 0;
        }
        let mut left = &self.piece[self.at..];
        let bytes = take_row(&mut left)?;
        self.at = self.piece.len() - left.len();
        Some(Cells { what: self.what, types: &self.types, bytes, next: 0 })
    }
}

/// The first row of a piece, which is then taken from it.
fn take_row<'a>(left: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, rest) = left.split_first_chunk::<4>()?;
    let (row, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    *left = rest;
    Some(row)
}

/// A cell as the server sent it, of whatever type.
struct Raw<'a>(&'a [u8]);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Raw(raw))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

impl<'a> Cells<'a> {
    /// The next cell.
    pub fn take<T: FromSql<'a>>(&mut self) -> Result<T, Error> {
        let at = self.next;
        let failed = |error: Box<dyn std::error::Error + Sync + Send>| Error::Decode { what: self.what, at, error };
        let Some(cell_type) = self.types.get(at) else { return Err(failed("there is no such column".into())) };
        if !T::accepts(cell_type) {
            return Err(failed(Box::new(WrongType::new::<T>(cell_type.clone()))));
        }
        let bytes = take_cell(&mut self.bytes);
        let cell = bytes.and_then(|bytes| T::from_sql_nullable(cell_type, bytes)).map_err(failed)?;
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

/// The first cell of a row, which is then taken from it.
fn take_cell<'a>(left: &mut &'a [u8]) -> Result<Option<&'a [u8]>, Box<dyn std::error::Error + Sync + Send>> {
    let short = "the row ends within it";
    let (first, mut rest) = left.split_first().ok_or(short)?;
    let length = match *first {
        NULL => {
            *left = rest;
            return Ok(None);
        }
        LONG => {
            let (length, behind) = rest.split_first_chunk::<4>().ok_or(short)?;
            rest = behind;
            u32::from_le_bytes(*length) as usize
        }
        length => usize::from(length),
    };
    let (cell, rest) = rest.split_at_checked(length).ok_or(short)?;
    *left = rest;
    Ok(Some(cell))
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
    let asked = queries.iter().map(|query| maybe_done(Box::pin(answer(client, query, &parameters))));
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
        if let Some(answer) = Pin::new(future).take_output() {
            answers.push(answer.map_err(|error| Error::Query { what, error })?);
        }
    }
    Ok(answers)
}

async fn answer(
    client: &Client,
    query: &Query,
    parameters: &[(&(dyn ToSql + Sync), Type)],
) -> Result<Answer, tokio_postgres::Error> {
    let parameters = parameters.iter().map(|(value, value_type)| (*value, value_type.clone()));
    let mut rows = pin!(client.query_typed_raw(query.sql, parameters).await?);
    let mut answer = Answer::new(query.what);
    while let Some(row) = rows.try_next().await? {
        answer.push(&row)?;
    }
    Ok(answer)
}

/// As many answers as there were queries.
pub(super) fn exactly<const N: usize>(answers: Vec<Answer>) -> Result<[Answer; N], Error> {
    // Each query was answered, or its error was returned.
    answers.try_into().map_err(|_| Error::Changed("the connection".to_owned()))
}

//! What the database holds and the manifest does not, by the server's own
//! description: never nothing for something.
//!
//! Architecture Invariant: nothing that pg_dump would print is missing without
//! a word. Kinds that the manifest has no place for are named here, and so is
//! whatever lies in a catalog that is not read, such as one of a newer server.

use super::Error;
use super::pipeline::{Answer, Query};
use crate::codegen::manifest::NotModelled;

pub(super) const COVERAGE: Query = Query { what: "coverage", sql: include_str!("sql/coverage.sql") };

pub(super) fn read(answer: &Answer) -> Result<Vec<NotModelled>, Error> {
    let mut objects = Vec::new();
    for mut cells in answer.cells() {
        let kind: String = cells.take()?;
        // What is dropped while it is described has no name any more.
        objects.extend(cells.take::<Option<String>>()?.map(|name| NotModelled { kind, name }));
    }
    Ok(objects)
}

//! Publications and subscriptions.

use std::collections::HashMap;

use super::Error;
use super::pipeline::{Answer, Cells, Query};
use crate::codegen::manifest::{Publication, PublicationTable, Subscription};

pub(super) const PUBLICATIONS: Query = Query { what: "publications", sql: include_str!("sql/publications.sql") };
pub(super) const TABLES: Query =
    Query { what: "tables of publications", sql: include_str!("sql/publication_tables.sql") };
pub(super) const SUBSCRIPTIONS: Query = Query { what: "subscriptions", sql: include_str!("sql/subscriptions.sql") };

pub(super) fn publications(publications: &Answer, tables: &Answer) -> Result<Vec<Publication>, Error> {
    let mut tables = read_tables(tables)?;
    let publication = |mut cells: Cells<'_>| {
        let oid: u32 = cells.take()?;
        Ok(Publication {
            name: cells.take()?,
            all_tables: cells.take()?,
            all_sequences: cells.take()?,
            schemas: cells.list()?,
            tables: tables.remove(&oid).unwrap_or_default(),
            operations: operations([cells.take()?, cells.take()?, cells.take()?, cells.take()?]),
            via_partition_root: cells.take()?,
            generated_columns: (cells.code()? == 's').then(|| "stored".to_owned()),
            comment: cells.take()?,
        })
    };
    publications.cells().map(publication).collect()
}

/// What is published, sorted. All four, which is the default, are none here, and
/// none at all are the word `none`.
fn operations(published: [bool; 4]) -> Vec<String> {
    if published == [true; 4] {
        return Vec::new();
    }
    let words = ["insert", "update", "delete", "truncate"];
    let mut operations: Vec<String> =
        words.iter().zip(published).filter(|(_, is)| *is).map(|(word, _)| (*word).to_owned()).collect();
    operations.sort();
    if operations.is_empty() { vec![Publication::NO_OPERATION.to_owned()] } else { operations }
}

/// By the object number of the publication.
fn read_tables(answer: &Answer) -> Result<HashMap<u32, Vec<PublicationTable>>, Error> {
    let mut tables: HashMap<u32, Vec<PublicationTable>> = HashMap::new();
    for mut cells in answer.cells() {
        let publication: u32 = cells.take()?;
        let table = PublicationTable {
            schema: cells.take()?,
            table: cells.take()?,
            columns: cells.list()?,
            filter: cells.take()?,
        };
        tables.entry(publication).or_default().push(table);
    }
    Ok(tables)
}

pub(super) fn subscriptions(answer: &Answer) -> Result<Vec<Subscription>, Error> {
    answer.cells().map(subscription).collect()
}

fn subscription(mut cells: Cells<'_>) -> Result<Subscription, Error> {
    let name: String = cells.take()?;
    let enabled: bool = cells.take()?;
    let slot: Option<String> = cells.take()?;
    // CREATE SUBSCRIPTION takes the word for "no slot", so that no slot has it.
    let slot_name = slot.unwrap_or_else(|| Subscription::NO_SLOT.to_owned());
    let publications: Vec<String> = cells.list()?;
    let mut options = Vec::new();
    let synchronous_commit: String = cells.take()?;
    if synchronous_commit != "off" {
        options.push(format!("synchronous_commit={synchronous_commit}"));
    }
    if cells.take::<bool>()? {
        options.push("binary=true".to_owned());
    }
    match cells.code()? {
        't' => options.push("streaming=on".to_owned()),
        'p' => options.push("streaming=parallel".to_owned()),
        _ => {}
    }
    if !matches!(cells.code()?, 'd' | '\0') {
        options.push("two_phase=true".to_owned());
    }
    let mut flag = |name: &str, default: bool| {
        let value = cells.take::<Option<bool>>()?.filter(|value| *value != default);
        options.extend(value.map(|value| format!("{name}={value}")));
        Ok::<(), Error>(())
    };
    flag("disable_on_error", false)?;
    flag("password_required", true)?;
    flag("run_as_owner", false)?;
    let origin: Option<String> = cells.take()?;
    options.extend(origin.filter(|origin| origin != "any").map(|origin| format!("origin={origin}")));
    if cells.take::<Option<bool>>()? == Some(true) {
        options.push("failover=true".to_owned());
    }
    Ok(Subscription {
        publications,
        disabled: !enabled,
        slot_name: (slot_name != name).then_some(slot_name),
        options,
        comment: cells.take()?,
        name,
    })
}

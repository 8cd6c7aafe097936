//! The catalog reader: a live database in, a [`Manifest`] out.
//!
//! [`introspect`] opens one repeatable-read, read-only transaction. Two small
//! rounds of queries are sent down the one connection, each round as a whole
//! before its first answer is awaited: the first asks what the server is and
//! which schemas it has, from which `profile` decides what is read; the second
//! asks for every kind of object in those schemas. Each kind has a file with
//! its rows' meaning here and its query in `sql/`; `assemble` joins what they
//! found by object number, `rare` adds the kinds that few databases have and
//! that nothing is joined with, and [`sort`] puts the whole in order.
//!
//! Architecture Invariant: the number of queries is fixed, whatever the number
//! of objects, and none is prepared by name: behind a transaction pooler two
//! processes' named statements collide. So only typed, unnamed queries are
//! sent, and they return built-in types only, for any other would make the
//! driver prepare a look-up of it.
//!
//! Architecture Invariant: what is read does not depend on who reads or from
//! where. pg_catalog is open to every role, with or without USAGE on a schema,
//! and it is joined by object number, never by a name that would have to be
//! resolved; the settings that the server's own printing depends on are fixed
//! for the transaction. A role that may use none of the schemas reads the same
//! manifest as their owner.

use futures_util::future::try_join;
use tokio_postgres::Client;

use crate::codegen::manifest::{Manifest, sort};

mod aggregates;
mod assemble;
mod attached_indexes;
mod columns;
mod constraints;
mod coverage;
mod cron;
mod database_wide;
mod dependencies;
mod error;
mod foreign;
mod grants;
mod indexes;
mod left_out;
mod not_null;
mod nullability;
mod operator_classes;
mod operators;
mod options;
mod partitions;
mod pipeline;
mod policies;
mod profile;
mod rare;
mod relations;
mod replication;
mod routines;
mod sequences;
mod statistics;
mod text_search;
mod triggers;
mod types;

pub use error::Error;
pub use options::Options;
pub use profile::LEDGER;

/// Reads a database's schemas.
///
/// The client must not be inside a transaction; afterwards it is not inside
/// one either. Nothing is written and nothing is locked but for the moment in
/// which the server prints a view. `generated` is left empty, for only the
/// caller knows whether anything changed. The manifest comes sorted.
///
/// The catalog is read as of one moment, but the server prints definitions
/// (of views, rules, defaults) as of the moment of printing, as it does for
/// pg_dump: where a definition is gone by then, the error says so.
///
/// # Errors
/// The server is older than 14, a query failed (the connection, a timeout, a
/// privilege), or an object changed while it was being read.
pub async fn introspect(client: &Client, options: &Options) -> Result<Manifest, Error> {
    client.batch_execute(&options.begin()).await.map_err(|error| Error::Query { what: "transaction", error })?;
    let manifest = read(client, options).await;
    // Where the connection is gone, so is the transaction; the first error is
    // the one that says why.
    let end = if manifest.is_ok() { "COMMIT" } else { "ROLLBACK" };
    let ended = client.batch_execute(end).await;
    let manifest = manifest?;
    ended.map_err(|error| Error::Query { what: "transaction", error })?;
    Ok(manifest)
}

async fn read(client: &Client, options: &Options) -> Result<Manifest, Error> {
    let first = [&profile::SERVER, &profile::SCHEMAS, &assemble::EXTENSIONS, &cron::CRON];
    let [server, schemas, extensions, cron] = pipeline::ask(client, first, &[]).await?;
    let mut scope = profile::scope(&server, &schemas, options)?;
    let cron = cron::Cron::read(&cron)?;
    let oids = scope.oids();
    // Polled in this order, so that all are sent before the first is awaited.
    let (common, rare) =
        try_join(pipeline::ask(client, assemble::QUERIES, &oids), pipeline::ask(client, rare::queries(cron), &oids))
            .await?;
    let (rest, grants) = rare::attach(&rare, cron, &mut scope)?;
    let mut manifest = assemble::manifest(scope, rest, grants, &extensions, common)?;
    sort(&mut manifest);
    Ok(manifest)
}

//! The catalog reader: a live database in, a [`Manifest`] out.
//!
//! [`introspect`] opens one repeatable-read, read-only transaction. Two small
//! rounds of queries are sent down the one connection, each round as a whole
//! before its first answer is awaited: the first asks what the server is and
//! which schemas it has, from which `profile` decides what is read; the second
//! asks for every kind of object in those schemas, where the catalog is big
//! over several connections that see one moment (`jobs`). Each kind has a file with
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

use tokio::task::JoinSet;
use tokio_postgres::Client;

use self::jobs::Trouble;
use self::pipeline::Query;
use crate::codegen::manifest::{Manifest, sort};
use crate::postgres::settings::ConnectionSettings;

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
mod jobs;
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
    alone_or_beside(client, None, options).await
}

/// The same over more connections, as [`Options::jobs`] says. They are opened
/// to `place`, which is where the client is connected, and closed again. What
/// is read is the same to the byte, and whatever keeps them from helping is no
/// error; see `jobs`.
///
/// # Errors
/// As [`introspect`].
pub async fn introspect_beside(
    client: &Client,
    place: &ConnectionSettings,
    options: &Options,
) -> Result<Manifest, Error> {
    alone_or_beside(client, Some(place), options).await
}

async fn alone_or_beside(
    client: &Client,
    mut place: Option<&ConnectionSettings>,
    options: &Options,
) -> Result<Manifest, Error> {
    loop {
        client.batch_execute(&options.begin()).await.map_err(|error| Error::Query { what: "transaction", error })?;
        let manifest = read(client, place, options).await;
        // Where the connection is gone, so is the transaction; the first error is
        // the one that says why.
        let end = if manifest.is_ok() { "COMMIT" } else { "ROLLBACK" };
        let ended = client.batch_execute(end).await;
        let (manifest, others) = match manifest {
            Ok(read) => read,
            Err(Trouble::Alone) if place.is_some() => {
                place = None;
                continue;
            }
            Err(Trouble::Alone) => return Err(Error::Changed("the snapshot".to_owned())),
            Err(Trouble::Failed(error)) => return Err(error),
        };
        ended.map_err(|error| Error::Query { what: "transaction", error })?;
        jobs::end(others).await;
        return Ok(manifest);
    }
}

/// The manifest, and the connections beside the first, which are about to end.
async fn read(
    client: &Client,
    place: Option<&ConnectionSettings>,
    options: &Options,
) -> Result<(Manifest, JoinSet<()>), Trouble> {
    let first = [&profile::SERVER, &profile::SCHEMAS, &assemble::EXTENSIONS, &cron::CRON];
    let [server, schemas, extensions, cron] = pipeline::ask(client, first, &[]).await?;
    let (mut scope, size) = profile::scope(&server, &schemas, options)?;
    let cron = cron::Cron::read(&cron)?;
    let oids = scope.oids();
    let queries: Vec<&Query> = assemble::QUERIES.into_iter().chain(rare::queries(cron)).collect();
    let jobs = match place {
        Some(place) => jobs::number(client, place, &size, options).await,
        None => 1,
    };
    let (mut answers, others) = match place {
        Some(place) if jobs > 1 => jobs::share(client, place, jobs - 1, queries, &oids, options).await?,
        _ => (pipeline::ask_all(client, &queries, &oids).await?, JoinSet::new()),
    };
    let rare = pipeline::exactly(answers.split_off(assemble::QUERIES.len()))?;
    let common = pipeline::exactly(answers)?;
    let (rest, grants) = rare::attach(&rare, cron, &mut scope)?;
    let mut manifest = assemble::manifest(scope, rest, grants, &extensions, common)?;
    sort(&mut manifest);
    Ok((manifest, others))
}

//! Taking a snapshot: by the database where it can, else by the program.

use tokio_postgres::Client;

use super::files::{self, Folder};
use super::model::{EdgeFunctionEntry, Object, Snapshot};
use super::{Error, database, facts};
use crate::postgres::Session;

/// What is to be taken.
#[derive(Debug, Clone, Copy, Default)]
pub struct Request<'r> {
    /// Why it is taken; retention counts within a label.
    pub label: Option<&'r str>,
    /// The commit that is deployed.
    pub commit: Option<&'r str>,
    /// How many of this label stay; at least one.
    pub keep: Option<i32>,
    /// The edge functions that are deployed; `None`: those that were last told.
    pub edge_functions: Option<&'r [String]>,
}

/// Where a snapshot may be kept.
#[derive(Debug)]
pub struct Destination<'d> {
    /// The files that it is kept in where the database keeps none.
    pub folder: &'d Folder,
    /// Whether the database may keep it: not where that goes away at once.
    pub may_use_database: bool,
    /// What a file calls the database.
    pub place: &'d str,
}

/// A snapshot that was taken.
#[derive(Debug)]
pub struct Taken {
    pub snapshot: Snapshot,
    /// Whether the database holds it; else a file does.
    pub in_database: bool,
    /// The snapshots in files that retention removed. Those that the database
    /// removed it does not tell.
    pub removed: Vec<String>,
}

/// Takes a snapshot of what the database holds now. `tell` is told where the
/// connection was lost and what only reads is read again.
///
/// # Errors
/// The request is none, the database refused, or the file cannot be written.
pub fn capture(
    session: &mut Session,
    request: &Request<'_>,
    to: &Destination<'_>,
    tell: &mut dyn FnMut(&str),
) -> Result<Taken, Error> {
    match session.read(async |client| look(client, request, to).await, Error::is_lost, tell)? {
        Look::Read(snapshot, objects) => keep(*snapshot, objects, request, to),
        Look::Database(arguments) => {
            let id = session.run(async |client| take(client, request, &arguments).await)?;
            session.read(async |client| taken(client, &id).await, Error::is_lost, tell)
        }
    }
}

/// How a snapshot comes about.
#[derive(Debug)]
pub enum Look {
    /// The database takes it ([`take`]): its function takes these arguments.
    Database(Vec<String>),
    /// What the program read of the catalog, for a file ([`keep`]).
    Read(Box<Snapshot>, Vec<Object>),
}

/// Finds out who takes the snapshot, and reads the catalog where that is the
/// program.
///
/// Architecture Invariant: this only reads, so that it may be done again where
/// the connection was lost, and so may [`taken`]. [`take`], between them,
/// writes, and is never sent twice.
///
/// # Errors
/// The request is none, or the database refused.
pub async fn look(client: &Client, request: &Request<'_>, to: &Destination<'_>) -> Result<Look, Error> {
    check(request)?;
    if to.may_use_database
        && let Some(arguments) = database::arguments(client).await?
    {
        return Ok(Look::Database(arguments));
    }
    let (snapshot, objects) = facts::read(client).await?;
    Ok(Look::Read(Box::new(snapshot), objects))
}

/// Has the database take a snapshot, and gives its id.
///
/// # Errors
/// The database refused. Where the connection was lost while it answered, the
/// snapshot may be there: `snapshot list` tells.
pub async fn take(client: &Client, request: &Request<'_>, arguments: &[String]) -> Result<String, Error> {
    database::capture(client, request, arguments).await
}

/// The snapshot that the database took. It only reads.
///
/// # Errors
/// The database refused, or the snapshot is gone.
pub async fn taken(client: &Client, id: &str) -> Result<Taken, Error> {
    let found = database::find(client, id).await?;
    let snapshot = found.ok_or_else(|| Error::Catalog {
        what: "snapshots",
        reason: format!("it has no row {id}, although that was the snapshot's id"),
    })?;
    Ok(Taken { snapshot, in_database: true, removed: Vec::new() })
}

/// Keeps what was read of the catalog in a file.
///
/// # Errors
/// The file cannot be written.
pub fn keep(
    mut snapshot: Snapshot,
    objects: Vec<Object>,
    request: &Request<'_>,
    to: &Destination<'_>,
) -> Result<Taken, Error> {
    snapshot.id = files::new_id(snapshot.time());
    snapshot.label = request.label.map(str::to_owned);
    snapshot.github_commit_sha = request.commit.map(str::to_owned);
    snapshot.database = Some(to.place.to_owned());
    if let Some(names) = request.edge_functions {
        snapshot.edge_functions = names.iter().map(|name| EdgeFunctionEntry { name: name.clone() }).collect();
        snapshot.edge_functions.sort();
        snapshot.edge_functions.dedup();
    }
    let snapshot = to.folder.add(snapshot, objects, request.edge_functions.is_some())?;
    let removed = match (request.label, request.keep) {
        (Some(label), Some(keep)) => to.folder.retain(label, usize::try_from(keep).unwrap_or(1))?,
        _ => Vec::new(),
    };
    Ok(Taken { snapshot, in_database: false, removed })
}

/// The conditions that the table `catalog.snapshots` has too.
fn check(request: &Request<'_>) -> Result<(), Error> {
    let refuse = |message: String| Err(Error::Request(message));
    if request.label.is_some_and(|label| label.trim().is_empty()) {
        return refuse("a label says something: leave it out where there is nothing to say".to_owned());
    }
    if let Some(commit) = request.commit {
        let is_hexadecimal = commit.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        if !(7..=64).contains(&commit.len()) || !is_hexadecimal {
            return refuse(format!("`{commit}` is no commit: it takes 7 to 64 of the characters 0-9 and a-f"));
        }
    }
    if request.edge_functions.is_some_and(|names| names.iter().any(|name| name.trim().is_empty())) {
        return refuse("an edge function has a name".to_owned());
    }
    match (request.keep, request.label) {
        (Some(keep), _) if keep < 1 => refuse(format!("at least one snapshot is kept, not {keep}")),
        (Some(_), None) => refuse("retention counts within a label: name one".to_owned()),
        _ => Ok(()),
    }
}

//! Taking a snapshot: by the database where it can, else by the program.

use tokio_postgres::Client;

use super::files::{self, Folder};
use super::model::{EdgeFunctionEntry, Snapshot};
use super::{Error, database, facts};

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

/// Takes a snapshot of what the database holds now.
///
/// # Errors
/// The request is none, the database refused, or the file cannot be written.
pub async fn capture(client: &Client, request: &Request<'_>, to: &Destination<'_>) -> Result<Taken, Error> {
    check(request)?;
    if to.may_use_database
        && let Some(arguments) = database::arguments(client).await?
    {
        let snapshot = database::capture(client, request, &arguments).await?;
        return Ok(Taken { snapshot, in_database: true, removed: Vec::new() });
    }
    let (mut snapshot, objects) = facts::read(client).await?;
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

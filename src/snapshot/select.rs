//! Which two snapshots are meant, out of both stores.

use sha2::{Digest, Sha256};
use tokio_postgres::Client;

use super::files::Folder;
use super::model::{Object, Snapshot, Stored};
use super::{Error, database};
use crate::codegen::names::hex;

/// A snapshot, and which store it is in.
#[derive(Debug, Clone, PartialEq)]
pub struct Pick {
    pub snapshot: Snapshot,
    pub in_database: bool,
}

impl Pick {
    /// All snapshots of both stores, the oldest first.
    pub fn all(of_database: Vec<Snapshot>, of_files: Vec<Stored>) -> Vec<Pick> {
        let in_database = of_database.into_iter().map(|snapshot| Pick { snapshot, in_database: true });
        let in_files = of_files.into_iter().map(|stored| Pick { snapshot: stored.snapshot, in_database: false });
        let mut all: Vec<Pick> = in_database.chain(in_files).collect();
        // Ids of the database count up, and two of one transaction have one time.
        all.sort_by_cached_key(|pick| {
            let snapshot = &pick.snapshot;
            (snapshot.time(), snapshot.id.parse::<i64>().unwrap_or_default(), snapshot.id.clone())
        });
        all
    }

    /// What it is called: its id, and its label where it has one.
    pub fn name(&self) -> String {
        let Snapshot { id, label, .. } = &self.snapshot;
        label.as_ref().map_or_else(|| id.clone(), |label| format!("{id} ({label})"))
    }

    /// Whether both come from one database, as far as they say.
    fn is_of_same_database(&self, other: &Pick) -> bool {
        self.in_database == other.in_database && self.snapshot.database == other.snapshot.database
    }
}

/// The two snapshots to compare. Each name is an id or a label; a label is the
/// newest of that label, and on the left the newest before the right one.
/// Without a right one it is the newest of all, without a left one that of the
/// same database before it.
///
/// # Errors
/// There is no such snapshot, or only one.
pub fn pair<'p>(all: &'p [Pick], from: Option<&str>, to: Option<&str>) -> Result<(&'p Pick, &'p Pick), Error> {
    let at = match to {
        Some(name) => find(all, name, all.len())?,
        None => all.len().checked_sub(1).ok_or_else(|| {
            Error::Request("no snapshot was taken yet: `schemacast snapshot capture` takes one".to_owned())
        })?,
    };
    let right = &all[at];
    let left = match from {
        Some(name) => &all[find(all, name, at)?],
        None => all[..at].iter().rev().find(|pick| pick.is_of_same_database(right)).ok_or_else(|| {
            Error::Request(format!(
                "there is no snapshot of the same database before {}: take another, or name the two to compare",
                right.name()
            ))
        })?,
    };
    Ok((left, right))
}

/// The place of a snapshot: by its id, else the newest of a label before a
/// place, else the newest of the label.
fn find(all: &[Pick], name: &str, before: usize) -> Result<usize, Error> {
    let labelled = |pick: &Pick| pick.snapshot.label.as_deref() == Some(name);
    let by_id = all.iter().position(|pick| pick.snapshot.id == name);
    let found = by_id.or_else(|| all[..before].iter().rposition(labelled)).or_else(|| all.iter().rposition(labelled));
    found.ok_or_else(|| {
        let known = match all {
            [] => "no snapshot was taken yet: `schemacast snapshot capture` takes one".to_owned(),
            [.., newest] => {
                format!(
                    "it is no id and no label; the newest is {}, and `schemacast snapshot list` lists all",
                    newest.name()
                )
            }
        };
        Error::Unknown { wanted: name.to_owned(), known }
    })
}

/// The objects of a snapshot in a file.
///
/// # Errors
/// Its file, or the one that holds its objects, is gone or damaged.
pub fn objects_of_file(folder: &Folder, snapshot: &Snapshot) -> Result<Vec<Object>, Error> {
    Ok(with_edge_functions(folder.objects(snapshot)?, snapshot))
}

/// The objects of a snapshot in the database.
///
/// # Errors
/// A query was refused, the connection is gone, or the snapshot is.
pub async fn objects_of_database(client: &Client, snapshot: &Snapshot) -> Result<Vec<Object>, Error> {
    // The list came without the edge functions.
    let whole = database::find(client, &snapshot.id).await?;
    let whole = whole
        .ok_or_else(|| Error::Unknown { wanted: snapshot.id.clone(), known: "it was removed just now".to_owned() })?;
    Ok(with_edge_functions(database::objects(client, &whole).await?, &whole))
}

/// Edge functions have no definition that a database could see; their name
/// stands for one.
fn with_edge_functions(mut objects: Vec<Object>, snapshot: &Snapshot) -> Vec<Object> {
    objects.extend(snapshot.edge_functions.iter().map(|function| Object {
        kind: "edge_function".to_owned(),
        identity: function.name.clone(),
        hash: hex(&Sha256::digest(function.name.as_bytes())),
        definition: function.name.clone(),
        stats: serde_json::Value::Null,
    }));
    objects
}

//! Takes a snapshot of what the database holds, as `schemacast snapshot
//! capture` does.

use std::time::Instant;

use serde_json::json;

use super::read_again;
use crate::clock::now;
use crate::codegen::writer;
use crate::postgres::Session;
use crate::snapshot::files::Folder;
use crate::snapshot::{self, Destination, Error, Look, Request, inventory};
use crate::tasks::database::Connection;
use crate::tasks::execute::{Context, Done, Failure, limit};

/// Into the database where that keeps snapshots, a scratch one too: the rest
/// of the chain goes on with it. Else into a file. Writes the inventory.
pub fn act(context: &Context<'_>, label: &str, connection: &mut Connection) -> Result<Done, Failure> {
    let places = context.places;
    let folder = Folder(places.snapshots());
    let request = Request { label: Some(label).filter(|label| !label.is_empty()), ..Request::default() };
    let (settings, place) = (connection.settings().clone(), connection.place());
    let to = Destination { folder: &folder, may_use_database: true, place: &place };
    let explained = |error: &Error| error.explained(&settings);
    let started = Instant::now();
    let look = |session: &mut Session| session.run(async |client| snapshot::look(client, &request, &to).await);
    let taken = match read_again(context, connection, started, look, Error::is_lost, explained)? {
        Look::Read(snapshot, objects) => {
            snapshot::keep(*snapshot, objects, &request, &to).map_err(|error| Failure::new(explained(&error)))?
        }
        Look::Database(arguments) => {
            let take =
                |session: &mut Session| session.run(async |client| snapshot::take(client, &request, &arguments).await);
            let limit = limit(context.task).map(|limit| limit.saturating_sub(started.elapsed()));
            let id = match connection.with_limit(limit, context.interrupt, take)? {
                (Ok(id), _) => id,
                (Err(_), Some(stopped)) => return Err(Failure::Stopped(stopped)),
                (Err(error), None) => return Err(Failure::new(explained(&error))),
            };
            let find = |session: &mut Session| session.run(async |client| snapshot::taken(client, &id).await);
            read_again(context, connection, started, find, Error::is_lost, explained)?
        }
    };
    let path = places.feature_inventory();
    writer::write_file(&path, inventory::inventory(&taken.snapshot, &now()).as_bytes())
        .map_err(|error| Failure::new(error.to_string()))?;
    let id = &taken.snapshot.id;
    let at = match taken.in_database {
        true => "catalog.snapshots".to_owned(),
        false => places.shown(&folder.file(id)),
    };
    let written = places.shown(&path);
    (context.log)(&format!("took the snapshot {id} into {at}, and wrote {written}"));
    let outcome = json!({
        "snapshot": id,
        "store": if taken.in_database { "database" } else { "file" },
        "root_hash": taken.snapshot.root_hash,
        "unchanged_since": taken.snapshot.unchanged_since_id,
        "inventory": written,
    });
    Ok(Done { outcome: Some(outcome), ..Done::default() })
}

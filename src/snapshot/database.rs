//! Snapshots in the schema `catalog` of the database itself.

use tokio_postgres::Client;
use tokio_postgres::types::{ToSql, Type};

use super::facts::{failed, in_transaction};
use super::model::{Object, Snapshot};
use super::{Error, Request};

/// Whether the database keeps snapshots of its own, to read.
///
/// # Errors
/// A query was refused, or the connection is gone.
pub async fn is_there(client: &Client) -> Result<bool, Error> {
    let doing = "look for catalog.snapshots";
    let rows = client.query_typed(include_str!("sql/has_snapshots.sql"), &[]).await.map_err(failed(doing))?;
    let [row] = rows.as_slice() else { return Ok(false) };
    row.try_get(0).map_err(failed(doing))
}

/// The names of the arguments of `catalog.capture_snapshot`; `None` where the
/// database cannot take a snapshot itself.
pub(super) async fn arguments(client: &Client) -> Result<Option<Vec<String>>, Error> {
    let doing = "look for catalog.capture_snapshot";
    if !is_there(client).await? {
        return Ok(None);
    }
    let rows = client.query_typed(include_str!("sql/capture_functions.sql"), &[]).await.map_err(failed(doing))?;
    rows.first().map(|row| row.try_get(0).map_err(failed(doing))).transpose()
}

/// Has the database take a snapshot, and gives its id. `arguments` are those
/// that its function takes.
pub(super) async fn capture(client: &Client, request: &Request<'_>, arguments: &[String]) -> Result<String, Error> {
    let doing = "take a snapshot";
    let has = |name: &str| arguments.iter().any(|argument| argument == name);
    let given: [(&str, &(dyn ToSql + Sync), Type, bool); 3] = [
        ("label", &request.label, Type::TEXT, request.label.is_some()),
        ("github_commit_sha", &request.commit, Type::TEXT, request.commit.is_some()),
        ("keep", &request.keep, Type::INT4, request.keep.is_some()),
    ];
    let mut passed = Vec::new();
    let mut parameters = Vec::new();
    for (name, value, kind, is_given) in given {
        if !is_given {
            continue;
        }
        if !has(name) {
            let reason = format!("it takes no argument `{name}`");
            return Err(Error::Catalog { what: "capture_snapshot", reason });
        }
        passed.push(format!("{name} => ${}", passed.len() + 1));
        parameters.push((value, kind));
    }
    let sql = format!("SELECT catalog.capture_snapshot({})::text", passed.join(", "));
    // Both or none: a snapshot without what was told of the edge functions would be another's.
    client.batch_execute("BEGIN").await.map_err(failed(doing))?;
    let taken = async {
        let rows = client.query_typed(&sql, &parameters).await.map_err(failed(doing))?;
        let nothing = || Error::Catalog { what: "capture_snapshot", reason: "it returned no id".to_owned() };
        let id: String = rows
            .first()
            .ok_or_else(nothing)?
            .try_get::<_, Option<String>>(0)
            .map_err(failed(doing))?
            .ok_or_else(nothing)?;
        if let Some(names) = request.edge_functions {
            let parameters: [(&(dyn ToSql + Sync), Type); 2] = [(&names, Type::TEXT_ARRAY), (&id, Type::TEXT)];
            let sql = "SELECT catalog.update_edge_functions(names => $1, snapshot_id => $2::bigint)::text";
            client.query_typed(sql, &parameters).await.map_err(failed("tell the database of its edge functions"))?;
        }
        Ok::<_, Error>(id)
    }
    .await;
    // The first error says why; what cannot be rolled back the server rolls back itself.
    let ended = client.batch_execute(if taken.is_ok() { "COMMIT" } else { "ROLLBACK" }).await;
    let id = taken?;
    ended.map_err(failed(doing))?;
    Ok(id)
}

/// The snapshot of an id, whole.
pub(super) async fn find(client: &Client, id: &str) -> Result<Option<Snapshot>, Error> {
    let doing = "read catalog.snapshots";
    in_transaction(client, doing, async {
        let parameters: [(&(dyn ToSql + Sync), Type); 1] = [(&id, Type::TEXT)];
        let rows = client.query_typed(include_str!("sql/snapshot.sql"), &parameters).await.map_err(failed(doing))?;
        rows.first().map(parse).transpose()
    })
    .await
}

/// All snapshots, the oldest first, without their lists.
///
/// # Errors
/// A query was refused, the connection is gone, or the table is another's.
pub async fn list(client: &Client) -> Result<Vec<Snapshot>, Error> {
    let doing = "read catalog.snapshots";
    in_transaction(client, doing, async {
        let rows = client.query_typed(include_str!("sql/list.sql"), &[]).await.map_err(failed(doing))?;
        rows.iter().map(parse).collect()
    })
    .await
}

fn parse(row: &tokio_postgres::Row) -> Result<Snapshot, Error> {
    let json: &str = row.try_get(0).map_err(failed("read catalog.snapshots"))?;
    serde_json::from_str(json).map_err(|error| Error::Catalog { what: "snapshots", reason: error.to_string() })
}

/// The objects of a snapshot, which another may hold.
pub(super) async fn objects(client: &Client, snapshot: &Snapshot) -> Result<Vec<Object>, Error> {
    let doing = "read catalog.snapshot_objects";
    let holder = snapshot.holder();
    in_transaction(client, doing, async {
        let parameters: [(&(dyn ToSql + Sync), Type); 1] = [(&holder, Type::TEXT)];
        let rows = client.query_typed(include_str!("sql/objects.sql"), &parameters).await.map_err(failed(doing))?;
        let parse = |row: &tokio_postgres::Row| {
            let text = |at: usize| row.try_get::<_, String>(at).map_err(failed(doing));
            let stats = serde_json::from_str(&text(4)?)
                .map_err(|error| Error::Catalog { what: "snapshot_objects", reason: error.to_string() })?;
            Ok(Object { kind: text(0)?, identity: text(1)?, hash: text(2)?, definition: text(3)?, stats })
        };
        rows.iter().map(parse).collect()
    })
    .await
}

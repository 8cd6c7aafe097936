//! What a database holds now, read by the program itself.

use sha2::{Digest, Sha256};
use tokio_postgres::Client;

use super::Error;
use super::model::{EdgeFunctionEntry, Object, Snapshot};
use crate::codegen::names::hex;

/// The body of `catalog.current_objects()`: kind, identity, definition, stats
/// and entry of every object.
pub const CURRENT_OBJECTS: &str = include_str!("sql/current_objects.sql");

/// Opens the transaction of everything that reads, under the settings of that
/// function.
pub const BEGIN: &str = include_str!("sql/begin.sql");

/// Reads the catalog in one transaction of its own. The snapshot that comes of
/// it has no id yet.
///
/// # Errors
/// A query was refused, or the connection is gone.
pub async fn read(client: &Client) -> Result<(Snapshot, Vec<Object>), Error> {
    in_transaction(client, "read the catalog", async {
        // The names are given here, for the body's own are those of the function's result.
        let sql = format!(
            "SELECT o.kind, o.identity, o.definition, o.stats::text, o.entry::text, to_jsonb(now()) #>> '{{}}' \
             FROM (\n{CURRENT_OBJECTS}) AS o (kind, identity, definition, stats, entry)"
        );
        let rows = client.query_typed(&sql, &[]).await.map_err(failed("read the catalog"))?;
        let mut objects = Vec::with_capacity(rows.len());
        let mut taken_at = None;
        for row in &rows {
            let cell = |at: usize| row.try_get::<_, Option<&str>>(at).map_err(failed("read the catalog"));
            let text = |at: usize| cell(at).map(|text| text.unwrap_or_default().to_owned());
            let definition = text(2)?;
            let hash = hex(&Sha256::digest(definition.as_bytes()));
            let stats = json(cell(3)?)?;
            taken_at = cell(5)?.map(str::to_owned);
            let object = Object { kind: text(0)?, identity: text(1)?, hash, definition, stats };
            objects.push((object, json(cell(4)?)?));
        }
        // By bytes, as COLLATE "C" has it.
        objects.sort_by(|(a, _), (b, _)| (&a.kind, &a.identity).cmp(&(&b.kind, &b.identity)));
        // The server's clock, as for a row of the database. Where there is no
        // object there is no row to tell it, and our own must do.
        let taken_at = taken_at.unwrap_or_else(|| jiff::Timestamp::now().to_string());
        assemble(objects, taken_at)
    })
    .await
}

/// Runs reads in a transaction that is ended whatever comes of them.
pub(super) async fn in_transaction<T>(
    client: &Client,
    doing: &'static str,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    client.batch_execute(BEGIN).await.map_err(failed(doing))?;
    let result = work.await;
    // Where the connection is gone, so is the transaction; the first error says why.
    let ended = client.batch_execute(if result.is_ok() { "COMMIT" } else { "ROLLBACK" }).await;
    let result = result?;
    ended.map_err(failed(doing))?;
    Ok(result)
}

/// The error of a statement while something was being done.
pub(super) fn failed(doing: &'static str) -> impl FnOnce(tokio_postgres::Error) -> Error {
    move |error| Error::Database { doing, error }
}

fn json(text: Option<&str>) -> Result<serde_json::Value, Error> {
    let parse = |text: &str| {
        serde_json::from_str(text)
            .map_err(|error| Error::Catalog { what: "current_objects", reason: error.to_string() })
    };
    text.map_or(Ok(serde_json::Value::Null), parse)
}

/// The lists and the root hash, as `catalog.capture_snapshot` makes them.
fn assemble(objects: Vec<(Object, serde_json::Value)>, taken_at: String) -> Result<(Snapshot, Vec<Object>), Error> {
    let lines: Vec<String> =
        objects.iter().map(|(object, _)| format!("{} {} {}", object.kind, object.hash, object.identity)).collect();
    let root_hash = hex(&Sha256::digest(lines.join("\n").as_bytes()));
    let snapshot = Snapshot {
        id: String::new(),
        taken_at,
        label: None,
        github_commit_sha: None,
        root_hash,
        unchanged_since_id: None,
        database: None,
        total_tables: 0,
        total_functions: 0,
        total_policies: 0,
        total_extensions: 0,
        total_edge_functions: 0,
        tables: entries(&objects, &["table", "foreign_table", "materialized_view"])?,
        functions: entries(&objects, &["function", "procedure", "aggregate"])?,
        policies: entries(&objects, &["policy"])?,
        extensions: entries(&objects, &["extension"])?,
        edge_functions: Vec::<EdgeFunctionEntry>::new(),
    };
    Ok((snapshot, objects.into_iter().map(|(object, _)| object).collect()))
}

/// The entries of the objects of some kinds, by identity.
fn entries<T: serde::de::DeserializeOwned>(
    objects: &[(Object, serde_json::Value)],
    kinds: &[&str],
) -> Result<Vec<T>, Error> {
    let mut listed: Vec<_> = objects.iter().filter(|(object, _)| kinds.contains(&object.kind.as_str())).collect();
    listed.sort_by(|(a, _), (b, _)| a.identity.cmp(&b.identity));
    let parse = |(_, entry): &&(Object, serde_json::Value)| {
        serde_json::from_value(entry.clone())
            .map_err(|error| Error::Catalog { what: "current_objects", reason: error.to_string() })
    };
    listed.iter().map(parse).collect()
}

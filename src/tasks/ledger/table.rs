//! The ledger's tables.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio_postgres::Client;
use tokio_postgres::types::Type;

use super::error::Error;
use super::lock::milliseconds;
use super::migration::{Decision, Migration, Options};
use crate::postgres::ConnectionSettings;
use crate::postgres::connect::{explain, is_lost};

/// The columns that are asked for, by table.
const COLUMNS: [(&str, &[&str]); 2] = [
    ("migrations", &["file", "sha256", "applied_at", "applied_by", "duration_ms", "state", "statement"]),
    ("lease", &["only_one", "token", "holder", "since", "until"]),
];

/// Keeps two from making the ledger at once, since `IF NOT EXISTS` does not:
/// "schemacl" as a number.
const CREATE_LOCK: i64 = 0x7363_6865_6d61_636c;

/// How much of the ledger is there.
pub(super) enum Shape {
    NoSchema,
    /// The schema is there, and a table is not.
    NoTables,
    Complete,
}

/// Looks how much of the ledger is there.
pub(super) async fn shape(client: &Client, settings: &ConnectionSettings) -> Result<Shape, Error> {
    let rows = client
        .query_typed(include_str!("sql/shape.sql"), &[])
        .await
        .map_err(|error| refused(settings, "look for the ledger", &error))?;
    if rows.is_empty() {
        return Ok(Shape::NoSchema);
    }
    let mut complete = true;
    for (table, columns) in COLUMNS {
        let found: Vec<&str> = rows
            .iter()
            .filter(|row| row.try_get(0).ok().flatten() == Some(table))
            .filter_map(|row| row.try_get(1).ok().flatten())
            .collect();
        if found.is_empty() {
            complete = false;
            continue;
        }
        let missing: Vec<&str> = columns.iter().copied().filter(|column| !found.contains(column)).collect();
        if !missing.is_empty() {
            return Err(Error::NotTheLedger { table, missing });
        }
    }
    Ok(if complete { Shape::Complete } else { Shape::NoTables })
}

/// Makes what is missing of the ledger.
pub(super) async fn ensure(client: &Client, settings: &ConnectionSettings) -> Result<(), Error> {
    if matches!(shape(client, settings).await?, Shape::Complete) {
        return Ok(());
    }
    let failed = |error| refused(settings, "make the ledger (schema schemacast)", &error);
    let begin = format!("BEGIN; SELECT pg_catalog.pg_advisory_xact_lock({CREATE_LOCK})");
    client.batch_execute(&begin).await.map_err(failed)?;
    let made = async {
        // Whoever held the lock may have made it.
        let shape = shape(client, settings).await?;
        if matches!(shape, Shape::NoSchema) {
            client.batch_execute(include_str!("sql/create_schema.sql")).await.map_err(failed)?;
        }
        if !matches!(shape, Shape::Complete) {
            client.batch_execute(include_str!("sql/create_tables.sql")).await.map_err(failed)?;
        }
        Ok(())
    };
    let made = made.await;
    let end = if made.is_ok() { "COMMIT" } else { "ROLLBACK" };
    let ended = client.batch_execute(end).await.map_err(failed);
    made.and(ended)
}

/// What the ledger knows of a file.
pub(super) struct Row {
    pub sha256: String,
    pub applied_at: String,
    pub applied_by: String,
    pub state: String,
    pub statement: usize,
}

/// What the ledger knows of these files, by name.
pub(super) async fn rows(
    client: &Client,
    settings: &ConnectionSettings,
    names: &[&str],
) -> Result<BTreeMap<String, Row>, Error> {
    let failed = |error| refused(settings, "read the ledger", &error);
    let rows = client.query_typed(include_str!("sql/rows.sql"), &[(&names, Type::TEXT_ARRAY)]).await.map_err(failed)?;
    let mut found = BTreeMap::new();
    for row in rows {
        let cells = || {
            let statement: Option<i32> = row.try_get(5)?;
            Ok((
                row.try_get(0)?,
                Row {
                    sha256: row.try_get(1)?,
                    applied_at: row.try_get(2)?,
                    applied_by: row.try_get(3)?,
                    state: row.try_get(4)?,
                    statement: statement.and_then(|number| usize::try_from(number).ok()).unwrap_or(0),
                },
            ))
        };
        let (name, row) = cells().map_err(failed)?;
        found.insert(name, row);
    }
    Ok(found)
}

/// Writes the row of a file that is applied.
pub(super) async fn record(
    client: &Client,
    settings: &ConnectionSettings,
    migration: &Migration,
    options: &Options,
    duration: Duration,
) -> Result<(), Error> {
    let by = applied_by(settings, options);
    let parameters: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 4] = [
        (&migration.name, Type::TEXT),
        (&migration.sha256, Type::TEXT),
        (&by, Type::TEXT),
        (&milliseconds(duration), Type::INT8),
    ];
    let recorded = client.query_typed(include_str!("sql/record.sql"), &parameters).await;
    recorded.map(drop).map_err(|error| refused(settings, "record the migration", &error))
}

/// The database's role, and the person or job behind it.
pub(super) fn applied_by(settings: &ConnectionSettings, options: &Options) -> String {
    settings.redact(&format!("{} ({})", settings.user, options.person()))
}

/// The names of files that begin so.
pub(super) async fn names(client: &Client, settings: &ConnectionSettings, prefix: &str) -> Result<Vec<String>, Error> {
    let failed = |error| refused(settings, "read the ledger", &error);
    let rows = client.query_typed(include_str!("sql/names.sql"), &[(&prefix, Type::TEXT)]).await.map_err(failed)?;
    rows.iter().map(|row| row.try_get(0).map_err(failed)).collect()
}

/// What is to be done with a migration of which the ledger knows this.
pub(super) fn decide(migration: &Migration, row: Option<&Row>, options: &Options) -> Decision {
    let Some(row) = row.filter(|row| row.state == "applied") else {
        if let Err(faults) = &migration.script {
            return Decision::Refuse(Error::Faults(faults.clone()));
        }
        // One of which no statement was begun is as good as never started.
        return match row.filter(|row| row.statement > 0 && !options.repeat_unfinished) {
            None => Decision::Apply,
            Some(row) => Decision::Refuse(Error::Unfinished {
                name: migration.name.clone(),
                statement: row.statement,
                failed: row.state == "failed",
                began_at: row.applied_at.clone(),
                by: row.applied_by.clone(),
            }),
        };
    };
    let (applied_at, applied_by) = (row.applied_at.clone(), row.applied_by.clone());
    if row.sha256 == migration.sha256 {
        return Decision::Skip { applied_at, applied_by };
    }
    Decision::Refuse(Error::Edited {
        name: migration.name.clone(),
        recorded: row.sha256.clone(),
        found: migration.sha256.clone(),
        applied_at,
        applied_by,
    })
}

/// What the server or the connection said while something was done with the
/// ledger.
pub(super) fn refused(settings: &ConnectionSettings, doing: &str, error: &tokio_postgres::Error) -> Error {
    Error::Ledger { message: explain(settings, doing, error), is_lost: is_lost(error) }
}

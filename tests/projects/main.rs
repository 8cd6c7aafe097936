//! The two projects in the box against a real server: what their SQL promises
//! is what the database then does.
//!
//! `migrations` applies everything twice, `row_security` asks as the users of
//! two companies, `agents` as a reader of the registry, `outreach` looks at
//! the two migrations of barton-outreach-core, `registry` runs the checks of
//! both task registries, and `inventory` and `cron` take snapshots.
#![cfg(all(unix, feature = "cli"))]

mod agents;
mod cron;
mod inventory;
mod migrations;
mod outreach;
mod registry;
mod row_security;

use std::path::Path;
use std::sync::LazyLock;

use schemacast::codegen::layout;
use schemacast::codegen::project::Project;
use schemacast::postgres::{ConnectionSettings, ScratchServer, Session, bootstrap, scratch};
use serde_json::Value;
use tokio_postgres::SimpleQueryMessage;
use tokio_postgres::error::SqlState;

const OUTREACH: &str = "barton-outreach-core";
const WORKSPACE: &str = "odoboo-workspace";

/// One server for all tests; each fills a database of its own.
static SERVER: LazyLock<ScratchServer> =
    LazyLock::new(|| ScratchServer::start(&scratch::Options::default()).unwrap_or_else(|error| panic!("{error}")));

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn project(name: &str) -> (layout::Layout, Project) {
    let layout = layout::project(root(), name).unwrap();
    let project = layout.read_project().unwrap();
    (layout, project)
}

/// A database with all of the project's SQL applied.
fn filled(project_name: &str, database: &str) -> ConnectionSettings {
    let (layout, project) = project(project_name);
    let settings = SERVER.create_database(database).unwrap();
    let files = bootstrap::files(&layout, &project).unwrap();
    let mut session = Session::connect(&settings).unwrap();
    bootstrap::apply(&mut session, &files).unwrap_or_else(|error| panic!("{error}"));
    settings
}

/// A connection on which several transactions run, one after the other.
struct Desk {
    session: Session,
}

impl Desk {
    fn new(settings: &ConnectionSettings) -> Desk {
        Desk { session: Session::connect(settings).unwrap() }
    }

    /// Runs the statements and keeps what they do.
    fn execute(&mut self, sql: &str) {
        let done = self.session.run(async |client| client.batch_execute(sql).await);
        done.unwrap_or_else(|error| panic!("{error:?}\n{sql}"));
    }

    /// The rows of a query, each an object by column.
    fn rows(&mut self, sql: &str) -> Vec<Value> {
        let sql = format!("SELECT to_json(answer)::text FROM (\n{}\n) AS answer", sql.trim().trim_end_matches(';'));
        let rows = self.session.run(async |client| client.query_typed(&sql, &[]).await);
        let rows = rows.unwrap_or_else(|error| panic!("{error:?}\n{sql}"));
        rows.iter().map(|row| serde_json::from_str(row.get(0)).unwrap()).collect()
    }

    /// The one value of a query.
    fn value(&mut self, sql: &str) -> Value {
        let rows = self.rows(sql);
        assert_eq!(rows.len(), 1, "{sql}");
        rows[0].as_object().unwrap().values().next().unwrap().clone()
    }

    /// Runs one statement after `setup` in a transaction that is then rolled
    /// back: how many rows it concerned, or with which code it was refused.
    /// What `setup` refuses is a fault of the test.
    fn attempt(&mut self, setup: &str, statement: &str) -> Result<u64, SqlState> {
        self.session.run(async |client| {
            client.batch_execute(&format!("BEGIN; {setup}")).await.unwrap_or_else(|error| panic!("{error:?}\n{setup}"));
            let outcome = client.simple_query(statement).await;
            client.batch_execute("ROLLBACK").await.unwrap();
            match outcome {
                Ok(messages) => Ok(messages.iter().fold(0, |sum, message| match message {
                    SimpleQueryMessage::CommandComplete(count) => sum + count,
                    _ => sum,
                })),
                Err(error) => Err(error.code().cloned().unwrap_or_else(|| panic!("{error:?}\n{statement}"))),
            }
        })
    }
}

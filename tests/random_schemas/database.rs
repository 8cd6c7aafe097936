//! Databases of the scratch server, and what pg_dump says of them.

use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use schemacast::codegen::manifest::Manifest;
use schemacast::postgres::introspect::{Options, introspect};
use schemacast::postgres::scratch;
use schemacast::postgres::{ConnectionSettings, ScratchServer, Session};

use crate::common;
use crate::dump::in_order;

static SERVER: LazyLock<ScratchServer> = LazyLock::new(|| {
    let server = ScratchServer::start(&scratch::Options::default()).unwrap_or_else(|error| panic!("{error}"));
    let settings = server.create_database("roles").unwrap();
    execute(&settings, "CREATE ROLE app; CREATE ROLE reader; CREATE ROLE \"Odd Role\"").unwrap();
    server
});

/// A database that is dropped when it is done with, for each takes several
/// megabytes.
pub struct Database(ConnectionSettings);

impl Database {
    pub fn new() -> Result<Self, String> {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let name = format!("random_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        SERVER.create_database(&name).map(Self).map_err(|error| error.to_string())
    }

    /// Runs statements one by one and gives those that the server took.
    pub fn accept(&self, statements: &[String]) -> Result<Vec<String>, String> {
        let mut session = Session::connect(&self.0).map_err(|error| error.to_string())?;
        let mut accepted = Vec::new();
        for sql in statements.iter().filter(|sql| !sql.is_empty()) {
            let taken = session.run(async |client| client.batch_execute(sql).await);
            match taken {
                Ok(()) => accepted.push(sql.clone()),
                Err(error) if std::env::var_os("SCHEMACAST_REFUSED").is_some() => {
                    let message = error.as_db_error().map_or_else(|| error.to_string(), ToString::to_string);
                    crate::say(&format!("refused: {message}: {sql}"));
                }
                Err(_) => {}
            }
        }
        Ok(accepted)
    }

    pub fn execute(&self, sql: &str) -> Result<(), String> {
        execute(&self.0, sql)
    }

    pub fn read(&self) -> Result<Manifest, String> {
        let mut session = Session::connect(&self.0).map_err(|error| error.to_string())?;
        session.run(async |client| introspect(client, &Options::default()).await).map_err(|error| error.to_string())
    }

    /// What pg_dump says, an entry each, without its header and its random
    /// token. `None` where the server comes without pg_dump.
    ///
    /// The entries are sorted: pg_dump breaks circles by the numbers of objects,
    /// so that their order is not the schema's alone.
    pub fn dump(&self) -> Result<Option<Vec<String>>, String> {
        let program: &Path = &SERVER.binaries().folder.join("pg_dump");
        if !program.exists() {
            common::is_skipped_without("pg_dump");
            return Ok(None);
        }
        let output = Command::new(program)
            .args(["--schema-only", "--no-owner", "-h", &self.0.host, "-U", &self.0.user, &self.0.dbname])
            .output()
            .map_err(|error| error.to_string())?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        let text = String::from_utf8_lossy(&output.stdout);
        let mut entries: Vec<String> = text.split("\n--\n-- Name: ").skip(1).map(entry).collect();
        entries.sort();
        Ok(Some(entries))
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // It goes with the server at the latest.
        let _ = execute(&SERVER.settings(), &format!("DROP DATABASE {} WITH (FORCE)", self.0.dbname));
    }
}

fn execute(settings: &ConnectionSettings, sql: &str) -> Result<(), String> {
    let mut session = Session::connect(settings).map_err(|error| error.to_string())?;
    session.run(async |client| client.batch_execute(sql).await).map_err(|error| match error.as_db_error() {
        Some(error) => error.to_string(),
        None => error.to_string(),
    })
}

/// An entry with what says nothing left out or in one order: the token, the
/// settings between entries, the order of privileges and of storage options.
fn entry(text: &str) -> String {
    let silent = |line: &&str| {
        !line.is_empty()
            && !["\\restrict", "\\unrestrict", "SET default_", "-- PostgreSQL database dump complete", "--"]
                .iter()
                .any(|start| line == start || (start.len() > 2 && line.starts_with(start)))
    };
    in_order(text.lines().filter(silent))
}

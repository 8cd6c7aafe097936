//! The kinds that few databases have, against a real server: each is read, is
//! made again from what was read, and becomes another by its own SQL.
//!
//! With `SCHEMACAST_PG_BIN` set to another major's programs they run against
//! that.
#![cfg(all(unix, feature = "cli"))]

mod alter;
#[path = "../common/mod.rs"]
mod common;
mod coverage;
mod hidden;
mod left_out;
mod rebuild;

use std::sync::LazyLock;

use schemacast::codegen::manifest::*;
use schemacast::diff::Statement;
use schemacast::postgres::introspect::{Options, introspect};
use schemacast::postgres::scratch;
use schemacast::postgres::{ConnectionSettings, ScratchServer, Session};

/// One server for all tests, with the roles that they need.
static SERVER: LazyLock<ScratchServer> = LazyLock::new(|| {
    let server = ScratchServer::start(&scratch::Options::default()).unwrap_or_else(|error| panic!("{error}"));
    execute(
        &server.settings(),
        "CREATE ROLE rare_app LOGIN; CREATE ROLE rare_other LOGIN; CREATE ROLE supabase_auth_admin",
    );
    server
});

const NEEDED: &str = include_str!("needed.sql");

/// What the server is new enough for.
fn rare() -> String {
    let since_15 = if major() >= 15 { include_str!("rare_15.sql") } else { "" };
    format!("{}{since_15}", include_str!("rare.sql"))
}

fn major() -> i32 {
    let mut session = Session::connect(&SERVER.settings()).unwrap();
    let sql = "SELECT current_setting('server_version_num')::int4 / 10000";
    session.run(async |client| client.query_typed_one(sql, &[]).await).unwrap().get(0)
}

/// A database that the SQL was run in.
fn database(name: &str, sql: &str) -> ConnectionSettings {
    let settings = SERVER.create_database(name).unwrap();
    execute(&settings, sql);
    settings
}

fn execute(settings: &ConnectionSettings, sql: &str) {
    let mut session = Session::connect(settings).unwrap();
    let done = session.run(async |client| client.batch_execute(sql).await);
    let start = sql.get(..300).unwrap_or(sql);
    done.unwrap_or_else(|error| panic!("{:?}\n{start}", error.as_db_error()));
}

fn run(settings: &ConnectionSettings, statements: &[Statement]) {
    for statement in statements {
        execute(settings, &statement.sql);
    }
}

fn read(settings: &ConnectionSettings) -> Manifest {
    read_with(settings, &Options::default())
}

fn read_with(settings: &ConnectionSettings, options: &Options) -> Manifest {
    let mut session = Session::connect(settings).unwrap();
    let manifest = session.run(async |client| introspect(client, options).await);
    manifest.unwrap_or_else(|error| panic!("{error}"))
}

fn as_role(settings: &ConnectionSettings, role: &str) -> ConnectionSettings {
    let mut settings = settings.clone();
    settings.user = role.to_owned();
    settings
}

fn schema<'m>(manifest: &'m Manifest, name: &str) -> &'m Schema {
    manifest.schemas.iter().find(|schema| schema.name == name).unwrap()
}

fn texts<const N: usize>(texts: [&str; N]) -> Vec<String> {
    texts.map(str::to_owned).to_vec()
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

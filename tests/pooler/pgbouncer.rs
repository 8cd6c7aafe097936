//! Debian's pgbouncer before a scratch server: transaction mode, one backend
//! for each role, and start-up parameters refused as it does by default.

use std::fs::{self, File, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use schemacast::postgres::scratch::Options;
use schemacast::postgres::{ConnectionSettings, ScratchServer, Session};
use tempfile::TempDir;

use crate::account;

pub const PASSWORD: &str = "bounce/d@2x";

/// The pool, and the server behind it.
pub struct Pool {
    pgbouncer: Child,
    folder: TempDir,
    port: u16,
    // Dropped last, for the pool has a connection to it.
    pub server: ScratchServer,
}

impl Pool {
    /// Starts both. The role `app` owns what it makes in the database `shop`.
    pub fn start() -> Pool {
        let server = ScratchServer::start(&Options::default()).unwrap_or_else(|error| panic!("{error}"));
        let database = server.create_database("shop").unwrap();
        let mut session = Session::connect(&database).unwrap();
        let role = format!("CREATE ROLE app LOGIN PASSWORD '{PASSWORD}'; ALTER DATABASE shop OWNER TO app");
        session.run(async |client| client.batch_execute(&role).await).unwrap();

        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        // Free now, and with luck still so in a moment.
        let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let users = folder.path().join("users.txt");
        fs::write(&users, format!("\"app\" \"{PASSWORD}\"\n")).unwrap();
        let configuration = folder.path().join("pgbouncer.ini");
        let text = format!(
            "[databases]
shop = host={} port={} dbname=shop
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {}
pool_mode = transaction
default_pool_size = 1
max_client_conn = 100
",
            database.host,
            database.port,
            users.display()
        );
        fs::write(&configuration, text).unwrap();
        let log = folder.path().join("log");
        let mut command = Command::new(program());
        command.arg(&configuration).stdin(Stdio::null()).stdout(Stdio::null()).stderr(File::create(&log).unwrap());
        account::apply(&mut command);
        let pgbouncer = command.spawn().unwrap_or_else(|error| panic!("these tests need `pgbouncer`: {error}"));
        let pool = Pool { pgbouncer, folder, port, server };
        pool.wait();
        pool
    }

    fn wait(&self) {
        let started = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(started.elapsed() < Duration::from_secs(20), "pgbouncer does not answer: {}", self.log());
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// What pgbouncer said, with every error that it or the server gave.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// The URL of the pool, with more parameters.
    pub fn url(&self, query: &str) -> String {
        format!("postgres://app:bounce%2Fd%402x@127.0.0.1:{}/shop?sslmode=disable{query}", self.port)
    }

    /// A client of the pool.
    pub fn client(&self) -> Session {
        let settings = ConnectionSettings::parse(&self.url("")).unwrap();
        Session::connect(&settings).unwrap_or_else(|error| panic!("{error}: {}", self.log()))
    }

    /// The first column of a query, as the pool's next client sees it.
    pub fn ask(&self, sql: &str) -> Vec<String> {
        column(&mut self.client(), sql)
    }

    /// The same around the pool, as the superuser.
    pub fn ask_server(&self, sql: &str) -> Vec<String> {
        let mut settings = self.server.settings();
        settings.dbname = "shop".to_owned();
        column(&mut Session::connect(&settings).unwrap(), sql)
    }
}

/// Debian's is where a user's PATH may not lead.
fn program() -> &'static str {
    let at = "/usr/sbin/pgbouncer";
    if std::path::Path::new(at).is_file() { at } else { "pgbouncer" }
}

/// Whether the tests must be left out, which is then said.
pub fn is_skipped() -> bool {
    program() == "pgbouncer" && crate::common::is_skipped_without("pgbouncer")
}

fn column(session: &mut Session, sql: &str) -> Vec<String> {
    let rows = session.run(async |client| client.query_typed(sql, &[]).await);
    rows.unwrap_or_else(|error| panic!("{sql}: {error:?}")).iter().map(|row| row.get(0)).collect()
}

impl Drop for Pool {
    fn drop(&mut self) {
        let _ = self.pgbouncer.kill();
        let _ = self.pgbouncer.wait();
    }
}

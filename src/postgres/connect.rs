//! Connects, and holds the connection for code that does not wait itself.
//!
//! `tls` decides what is verified, `attempt` makes one try, `error` turns what
//! failed into one message with the way out, and `explain` does so for what
//! fails later; `cancel` stops a statement from another thread; here are the
//! tries and the [`Session`] that comes of them.

mod attempt;
mod backend;
mod cancel;
mod error;
mod explain;
mod notice;
mod tls;

use std::error::Error as _;
use std::hash::{BuildHasher, RandomState};
use std::net::SocketAddr;
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::task::JoinHandle;
use tokio_postgres::Client;

pub(crate) use self::backend::promised;
pub use self::cancel::Canceller;
pub use self::error::ConnectError;
pub(crate) use self::explain::explain;
pub use self::notice::Notice;
use crate::postgres::settings::ConnectionSettings;

/// An open connection, with the runtime that drives it.
///
/// It must not be used inside another async runtime's task, where blocking is
/// not allowed: there, run it on a thread of its own (`spawn_blocking`).
/// Dropping it says goodbye to the server.
pub struct Session {
    /// `Some` until it is dropped; taken then, so that the server is told.
    client: Option<Client>,
    connection: JoinHandle<Result<(), tokio_postgres::Error>>,
    runtime: Runtime,
    settings: ConnectionSettings,
    notices: notice::Notices,
    address: Option<SocketAddr>,
}

/// How often a connection is tried where the fault may pass by itself, and how
/// often what only reads is read.
const TRIES: u32 = 3;

/// Does work that only reads, and again where the connection was lost in the
/// middle, as `is_lost` says, as often as [`Session::read`]. `reopen` is handed
/// the loss, and gives what to fail with where no connection is to be had.
///
/// # Errors
/// What the work failed with last, or what `reopen` gives.
pub(crate) fn read_again<S, T, E>(
    on: &mut S,
    work: impl Fn(&mut S) -> Result<T, E>,
    is_lost: impl Fn(&E) -> bool,
    mut reopen: impl FnMut(&mut S, E) -> Result<(), E>,
) -> Result<T, E> {
    for _ in 1..TRIES {
        match work(on) {
            Err(error) if is_lost(&error) => reopen(on, error)?,
            outcome => return outcome,
        }
    }
    work(on)
}

/// How long a try may be silent before a person is told what it waits for.
const PATIENCE: Duration = Duration::from_millis(1500);

impl Session {
    /// Connects, in up to three tries where the fault may pass by itself: a
    /// compute that wakes, a server that starts, a pool that is full.
    ///
    /// # Errors
    /// A [`ConnectError`] that says what, where, and the likely fix, without
    /// the password.
    pub fn connect(settings: &ConnectionSettings) -> Result<Session, ConnectError> {
        Session::connect_telling(settings, &mut |_| {})
    }

    /// The same, with a line for a person whenever it takes long, such as
    /// `waking the compute of ep-….neon.tech:5432/app …`.
    ///
    /// # Errors
    /// As [`Session::connect`].
    pub fn connect_telling(settings: &ConnectionSettings, tell: &mut dyn FnMut(&str)) -> Result<Session, ConnectError> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .build()
            .map_err(ConnectError::Runtime)?;
        let opened = runtime.block_on(connect_in_tries(settings, tell));
        match opened {
            Ok(attempt::Opened { client, connection, notices, address }) => {
                Ok(Session { client: Some(client), connection, runtime, settings: settings.clone(), notices, address })
            }
            Err(error) => {
                // A name look-up cannot be stopped, so it is not waited for.
                runtime.shutdown_background();
                Err(error)
            }
        }
    }

    /// Runs async code on this connection and waits for it.
    ///
    /// Futures that are polled together inside of it are pipelined.
    ///
    /// Architecture Invariant: only `query_typed`, `simple_query` and
    /// `batch_execute` are called on the client; see the module's own docs.
    pub fn run<T>(&mut self, work: impl AsyncFnOnce(&mut Client) -> T) -> T {
        let client = self.client.as_mut().expect("the client is taken only by drop");
        self.runtime.block_on(work(client))
    }

    /// Runs work that only reads, and again over a new connection where the
    /// connection was lost in the middle, as `is_lost` says: a compute that was
    /// moved, a pooler that was restarted. `tell` is told each time.
    ///
    /// Architecture Invariant: what writes is never sent again because an
    /// answer did not come.
    ///
    /// # Errors
    /// What the work failed with last. Where no connection is to be had any
    /// more, that is the loss of the one before.
    pub fn read<T, E>(
        &mut self,
        work: impl AsyncFn(&mut Client) -> Result<T, E>,
        is_lost: impl Fn(&E) -> bool,
        tell: &mut dyn FnMut(&str),
    ) -> Result<T, E> {
        let reopen = |session: &mut Session, error| {
            tell(&format!("the connection to {} was lost: reading again", at(&session.settings)));
            match Session::connect_telling(&session.settings, tell) {
                Ok(opened) => *session = opened,
                Err(_) => return Err(error),
            }
            Ok(())
        };
        read_again(self, |session| session.run(&work), is_lost, reopen)
    }

    /// A line for an error that came in [`Session::run`]: what, where, what
    /// Postgres says and the likely fix, without the password. `doing` goes
    /// on after "cannot": `read the catalog`.
    pub fn explain(&self, doing: &str, error: &tokio_postgres::Error) -> String {
        explain(&self.settings, doing, error)
    }

    /// What the server remarked since this was last asked: `RAISE NOTICE`, a
    /// relation that exists already and is skipped, and the like.
    pub fn take_notices(&mut self) -> Vec<Notice> {
        self.notices.take()
    }

    /// What stops a statement of this session while [`Session::run`] waits for
    /// it.
    pub fn canceller(&self) -> Canceller {
        let client = self.client.as_ref().expect("the client is taken only by drop");
        Canceller { token: client.cancel_token(), settings: self.settings.clone(), address: self.address }
    }

    /// Where another connection meets the same server: what this session was
    /// connected with, and the address that answered, for a name may have
    /// several.
    pub fn place(&self) -> ConnectionSettings {
        let hostaddr = self.address.map(|address| address.ip()).or(self.settings.hostaddr);
        ConnectionSettings { hostaddr, ..self.settings.clone() }
    }

    /// What this session was connected with.
    pub fn settings(&self) -> &ConnectionSettings {
        &self.settings
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // Without its client the connection sends Terminate and ends; a server
        // that does not answer must not hold the program up.
        drop(self.client.take());
        let connection = &mut self.connection;
        self.runtime.block_on(async {
            let _ = tokio::time::timeout(Duration::from_secs(1), connection).await;
        });
    }
}

/// Opens one more connection in the runtime that this runs in, in one try;
/// `None` where it is refused.
pub(crate) async fn open_once(settings: &ConnectionSettings) -> Option<Client> {
    let tls = tls::Tls::new(settings).ok()?;
    let opened = attempt::attempt(settings, &tls).await.ok()?;
    // The task that moves its messages ends with the client.
    Some(opened.client)
}

async fn connect_in_tries(
    settings: &ConnectionSettings,
    tell: &mut dyn FnMut(&str),
) -> Result<attempt::Opened, ConnectError> {
    let tls = tls::Tls::new(settings)?;
    let mut told = false;
    let mut tries = 1;
    loop {
        let mut attempt = std::pin::pin!(attempt::attempt(settings, &tls));
        let outcome = match tokio::time::timeout(PATIENCE, attempt.as_mut()).await {
            Ok(outcome) => outcome,
            Err(_) => {
                if !told {
                    tell(&waiting_line(settings));
                    told = true;
                }
                attempt.await
            }
        };
        match outcome {
            Err(error) if tries < TRIES && error.is_transient() => {
                tokio::time::sleep(pause(tries)).await;
                tries += 1;
            }
            outcome => return outcome,
        }
    }
}

fn waiting_line(settings: &ConnectionSettings) -> String {
    let verb = if settings.is_neon() { "waking the compute of" } else { "waiting for" };
    format!("{verb} {} …", at(settings))
}

/// The place for messages: a URL that was misread may hold a piece of the
/// password there.
fn at(settings: &ConnectionSettings) -> String {
    settings.redact(&settings.place())
}

/// Whether an error says that the connection is gone, not that the server
/// refused what was asked: 57P01 to 57P03 and class 08 are what a server or a
/// pooler says last.
pub(crate) fn is_lost(error: &tokio_postgres::Error) -> bool {
    match error.as_db_error() {
        Some(error) => error.code().code().starts_with("57P0") || error.code().code().starts_with("08"),
        None => error.is_closed() || error.source().is_some_and(|source| source.is::<std::io::Error>()),
    }
}

/// A pause that grows, with a random part so that processes that failed
/// together do not return together.
fn pause(tries: u32) -> Duration {
    let base = 200 * u64::from(tries);
    let random = RandomState::new().hash_one(tries) % base;
    Duration::from_millis(base + random)
}

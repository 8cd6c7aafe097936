//! The database of a chain: one session, and the scratch server it may be on.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use super::interrupt::Interrupt;
use crate::postgres::{ConnectError, ConnectionSettings, ScratchServer, Session};

/// A session that is opened again where it broke.
pub struct Connection {
    // Dropped first: the server is stopped when nobody uses it any more.
    session: Session,
    settings: ConnectionSettings,
    /// Its URL, for the commands of a chain.
    pub url: String,
    _scratch: Option<ScratchServer>,
    pub is_scratch: bool,
}

/// Why a piece of work was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    TimedOut,
    Interrupted,
}

/// How often it is looked whether to stop.
const LOOK: Duration = Duration::from_millis(50);

impl Connection {
    /// A session with a database of somebody's.
    pub fn to_database(session: Session, url: String) -> Connection {
        let settings = session.settings().clone();
        Connection { session, settings, url, _scratch: None, is_scratch: false }
    }

    /// A session with a database on a scratch server, which lives as long.
    pub fn to_scratch(session: Session, server: ScratchServer) -> Connection {
        let settings = session.settings().clone();
        let host = settings.host.replace('/', "%2F");
        let url = format!("postgres://{}@{host}:{}/{}", settings.user, settings.port, settings.dbname);
        Connection { session, settings, url, _scratch: Some(server), is_scratch: true }
    }

    /// What records call it.
    pub fn place(&self) -> String {
        if self.is_scratch { "scratch server".to_owned() } else { self.settings.place() }
    }

    pub fn settings(&self) -> &ConnectionSettings {
        &self.settings
    }

    /// The session, opened again where the server hung up.
    ///
    /// # Errors
    /// It cannot be opened again.
    pub fn session(&mut self) -> Result<&mut Session, ConnectError> {
        if self.session.run(async |client| client.is_closed()) {
            self.reopen()?;
        }
        Ok(&mut self.session)
    }

    /// Opens the session again.
    ///
    /// # Errors
    /// It cannot be opened.
    pub fn reopen(&mut self) -> Result<(), ConnectError> {
        self.session = Session::connect(&self.settings)?;
        Ok(())
    }

    /// Does work on the session, and has the server cancel its statement once
    /// the time is over or somebody wants to stop; what was done of an open
    /// transaction is rolled back.
    ///
    /// # Errors
    /// The session cannot be opened again. Why the work was stopped comes with
    /// its result, for it may have been done by then.
    pub fn with_limit<T>(
        &mut self,
        limit: Option<Duration>,
        interrupt: &Interrupt,
        work: impl FnOnce(&mut Session) -> T,
    ) -> Result<(T, Option<Stopped>), ConnectError> {
        let session = self.session()?;
        let canceller = session.canceller();
        let (done, is_done) = mpsc::channel::<()>();
        let interrupt = interrupt.clone();
        let outcome = thread::scope(|scope| {
            let watch = scope.spawn(move || {
                let started = Instant::now();
                let mut stopped = None;
                // The cancel may come between two statements, so it is sent
                // until the work has ended.
                while is_done.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) {
                    stopped = stopped.or(if interrupt.is_raised() {
                        Some(Stopped::Interrupted)
                    } else if limit.is_some_and(|limit| started.elapsed() >= limit) {
                        Some(Stopped::TimedOut)
                    } else {
                        None
                    });
                    if stopped.is_some() {
                        canceller.cancel_from_outside();
                    }
                }
                stopped
            });
            let result = work(session);
            drop(done);
            // A watch that panicked has stopped nothing.
            (result, watch.join().unwrap_or_default())
        });
        if outcome.1.is_some() {
            // The work may have been cut short inside of its transaction.
            session.run(async |client| {
                let _ = client.batch_execute("ROLLBACK").await;
            });
        }
        Ok(outcome)
    }
}

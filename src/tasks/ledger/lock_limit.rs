//! `lock_timeout` where there is no transaction to set it in.
//!
//! A plain `SET` would reach whatever session a transaction pooler picks, and
//! outlive us there. So a second connection looks whether the server shows our
//! statement waiting for a lock, and the statement is cancelled from here.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use tokio_postgres::types::Type;

use crate::postgres::{ConnectionSettings, Session};

/// How often is looked.
const LOOK: Duration = Duration::from_millis(100);

/// Looks after one statement. Dropping it ends that.
pub(super) struct LockLimit {
    is_over: Arc<AtomicBool>,
    _stop: mpsc::Sender<()>,
}

impl LockLimit {
    /// `statement` is the text as it is sent.
    pub fn start(settings: &ConnectionSettings, statement: &str, limit: Duration) -> LockLimit {
        let is_over = Arc::new(AtomicBool::new(false));
        let (stop, is_stopped) = mpsc::channel();
        let (settings, statement, flag) = (settings.clone(), statement.to_owned(), Arc::clone(&is_over));
        // Nobody waits for it: it changes nothing, and ends with the statement.
        thread::spawn(move || look(&settings, &statement, limit, &flag, &is_stopped));
        LockLimit { is_over, _stop: stop }
    }

    /// Whether the statement waits, and has for too long.
    pub fn is_over(&self) -> bool {
        self.is_over.load(Ordering::SeqCst)
    }
}

fn look(
    settings: &ConnectionSettings,
    statement: &str,
    limit: Duration,
    is_over: &AtomicBool,
    is_stopped: &mpsc::Receiver<()>,
) {
    let mut session = None;
    let mut since: Option<Instant> = None;
    // A statement that is over soon costs no connection.
    while is_stopped.recv_timeout(LOOK.min(limit)) == Err(mpsc::RecvTimeoutError::Timeout) {
        if session.is_none() {
            session = Session::connect(settings).ok();
        }
        let waits = session.as_mut().and_then(|session| {
            session.run(async |client| {
                client.query_typed(include_str!("sql/waits_for_lock.sql"), &[(&statement, Type::TEXT)]).await.ok()
            })
        });
        match waits {
            Some(rows) => {
                since = since.or_else(|| Some(Instant::now())).filter(|_| !rows.is_empty());
                is_over.store(since.is_some_and(|since| since.elapsed() >= limit), Ordering::SeqCst);
            }
            // What cannot be asked now is asked again over a new connection.
            None => session = None,
        }
    }
}

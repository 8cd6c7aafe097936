//! Stops what a session is waiting for, from another thread.

use std::time::Duration;

use tokio_postgres::CancelToken;

use super::tls::Tls;
use crate::postgres::settings::ConnectionSettings;

/// The right to cancel the statement that a session runs.
pub struct Canceller {
    pub(super) token: CancelToken,
    pub(super) settings: ConnectionSettings,
}

/// How long the request may take; it is tried again by whoever wants it.
const LIMIT: Duration = Duration::from_secs(5);

impl Canceller {
    /// Asks the server to cancel the statement that runs now, if one does. It
    /// goes over a connection of its own, encrypted as the session is.
    ///
    /// Whether it came in time is told by the statement's own result, so a
    /// request that fails is not told.
    pub fn cancel(&self) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build();
        let (Ok(runtime), Ok(tls)) = (runtime, Tls::new(&self.settings)) else { return };
        runtime.block_on(async {
            let _ = tokio::time::timeout(LIMIT, self.token.cancel_query(tls.connector())).await;
        });
    }
}

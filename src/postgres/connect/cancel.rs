//! Stops what a session is waiting for.

use std::time::Duration;

use tokio_postgres::CancelToken;

use super::tls::Tls;
use crate::postgres::settings::ConnectionSettings;

/// The right to cancel the statement that a session runs.
#[derive(Clone)]
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
    /// Whether it came in time is told by the statement's own result, 57014, so
    /// a request that fails is not told.
    pub async fn cancel(&self) {
        if let Ok(tls) = Tls::new(&self.settings) {
            let _ = tokio::time::timeout(LIMIT, self.token.cancel_query(tls.connector())).await;
        }
    }

    /// The same from a thread that is not in an async runtime.
    pub fn cancel_from_outside(&self) {
        if let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build() {
            runtime.block_on(self.cancel());
        }
    }
}

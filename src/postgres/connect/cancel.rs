//! Stops what a session is waiting for.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_postgres::CancelToken;
use tokio_postgres::tls::MakeTlsConnect;

use super::tls::Tls;
use crate::postgres::settings::ConnectionSettings;

/// The right to cancel the statement that a session runs.
#[derive(Clone)]
pub struct Canceller {
    pub(super) token: CancelToken,
    pub(super) settings: ConnectionSettings,
    /// The address that answered, where it is no socket's: a name's others may
    /// be other servers.
    pub(super) address: Option<SocketAddr>,
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
        let _ = tokio::time::timeout(LIMIT, self.ask()).await;
    }

    /// The same from a thread that is not in an async runtime.
    pub fn cancel_from_outside(&self) {
        if let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build() {
            runtime.block_on(self.cancel());
        }
    }

    async fn ask(&self) -> Option<()> {
        match self.address {
            Some(address) => self.ask_over(TcpStream::connect(address).await.ok()?).await,
            #[cfg(unix)]
            None => {
                let path = format!("{}/.s.PGSQL.{}", self.settings.host, self.settings.port);
                self.ask_over(tokio::net::UnixStream::connect(path).await.ok()?).await
            }
            #[cfg(not(unix))]
            None => None,
        }
    }

    async fn ask_over<S>(&self, stream: S) -> Option<()>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let mut connector = Tls::new(&self.settings).ok()?.connector();
        // A socket has no TLS, and no name that could be one's.
        let host = if self.address.is_some() { self.settings.host.as_str() } else { "localhost" };
        let tls = MakeTlsConnect::<Patient<S>>::make_tls_connect(&mut connector, host).ok()?;
        self.token.cancel_query_raw(Patient(stream), tls).await.ok()
    }
}

/// A stream that is only shut down once the other side has closed it.
///
/// Whoever asks to cancel waits for that, as libpq does: it says that the
/// request was handed on, so that no statement after this one is cancelled.
/// And pgbouncer before 1.20 ends with `bad client state: 0` where the client
/// that asked was gone first (pgbouncer's issue 801).
struct Patient<S>(S);

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Patient<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.0).poll_flush(context))?;
        loop {
            let mut space = [0; 64];
            let mut buffer = ReadBuf::new(&mut space);
            // Nothing is answered but, with TLS, that it ends.
            ready!(Pin::new(&mut self.0).poll_read(context, &mut buffer))?;
            if buffer.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
        }
    }
}

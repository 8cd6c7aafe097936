//! Which backend the server promised at start-up.
//!
//! A server begins a connection by saying its process's number, with which the
//! connection's statements can be cancelled. A pooler says a number of its own,
//! for the backends behind it change. So where the number is not that of the
//! process that answers, something stands between.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::CancelToken;
use tokio_postgres::tls::{ChannelBinding, TlsConnect, TlsStream};

/// The process number that a connection was given at its start; `None` where
/// the driver does not say.
///
/// The driver keeps the number to itself, but puts it into the request to
/// cancel: one is written into memory here, and goes nowhere.
/// <https://www.postgresql.org/docs/current/protocol-message-formats.html>,
/// CancelRequest: length, code, process, key, of four bytes each.
pub(crate) async fn promised(token: &CancelToken) -> Option<i32> {
    let mut written = Vec::new();
    token.cancel_query_raw(Paper(&mut written), Plain).await.ok()?;
    let request = written.last_chunk::<16>()?;
    Some(i32::from_be_bytes(*request[8..].first_chunk()?))
}

/// A stream that goes nowhere. Who asks it for TLS hears yes.
struct Paper<'a>(&'a mut Vec<u8>);

impl AsyncRead for Paper<'_> {
    fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        buffer.put_slice(b"S");
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Paper<'_> {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.0.extend_from_slice(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

impl TlsStream for Paper<'_> {
    fn channel_binding(&self) -> ChannelBinding {
        ChannelBinding::none()
    }
}

/// TLS that encrypts nothing, for nothing is sent.
struct Plain;

impl<'a> TlsConnect<Paper<'a>> for Plain {
    type Stream = Paper<'a>;
    type Error = Infallible;
    type Future = Ready<Result<Paper<'a>, Infallible>>;

    fn connect(self, stream: Paper<'a>) -> Self::Future {
        ready(Ok(stream))
    }
}

//! What a server remarks by the way.

use std::fmt;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite};
use tokio_postgres::error::DbError;
use tokio_postgres::{AsyncMessage, Connection};

/// A message that is no error: `RAISE NOTICE`, `RAISE WARNING`, or the
/// server's own remark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// `NOTICE`, `WARNING`, `INFO`, in the server's language.
    pub severity: String,
    /// Postgres' own code, such as `42P07`.
    pub code: String,
    pub message: String,
    pub detail: Option<String>,
    pub hint: Option<String>,
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.severity, self.message)?;
        for more in [&self.detail, &self.hint].into_iter().flatten() {
            write!(f, "; {more}")?;
        }
        Ok(())
    }
}

impl From<&DbError> for Notice {
    fn from(notice: &DbError) -> Self {
        Notice {
            severity: notice.severity().to_owned(),
            code: notice.code().code().to_owned(),
            message: notice.message().to_owned(),
            detail: notice.detail().map(str::to_owned),
            hint: notice.hint().map(str::to_owned),
        }
    }
}

/// What was remarked and not yet taken.
#[derive(Clone, Default)]
pub(super) struct Notices(Arc<Mutex<Vec<Notice>>>);

/// A loop that raises a notice for each row must not fill the memory.
const MOST: usize = 1000;

impl Notices {
    fn push(&self, notice: &DbError) {
        // A list is whole whoever panicked while holding it.
        let mut notices = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if notices.len() < MOST {
            notices.push(Notice::from(notice));
        }
    }

    pub(super) fn take(&self) -> Vec<Notice> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Moves a connection's messages until it ends, and keeps the notices.
pub(super) async fn listen<S, T>(
    mut connection: Connection<S, T>,
    notices: Notices,
) -> Result<(), tokio_postgres::Error>
where
    S: AsyncRead + AsyncWrite + Unpin,
    T: AsyncRead + AsyncWrite + Unpin,
{
    poll_fn(|context| {
        loop {
            match ready!(connection.poll_message(context)) {
                Some(Ok(AsyncMessage::Notice(notice))) => notices.push(&notice),
                Some(Ok(_)) => {}
                Some(Err(error)) => return Poll::Ready(Err(error)),
                None => return Poll::Ready(Ok(())),
            }
        }
    })
    .await
}

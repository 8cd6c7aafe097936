//! Everything that talks to a Postgres.
//!
//! `url` reads what people paste into [`ConnectionSettings`], `connect` turns
//! those into a [`Session`], `scratch` starts a Postgres of our own where
//! there is none, `sql_text` reads a file of SQL, `script` applies it, `advice`
//! says what to do where a statement is refused, `bootstrap` applies the files
//! that a project's database starts from, `introspect` reads the catalog, and
//! `rehearsal` tries SQL out on a scratch server.
//!
//! ```no_run
//! use schemacast::postgres::{ConnectionSettings, Session};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let settings = ConnectionSettings::parse("postgres://app@localhost/app")?;
//! let mut session = Session::connect(&settings)?;
//! let rows = session.run(async |client| client.query_typed("SELECT 1::int4", &[]).await)?;
//! # Ok(()) }
//! ```
//!
//! Architecture Invariant: behind a transaction pooler a named prepared
//! statement meets those of other processes, and a plain `SET` outlives us.
//! So only `query_typed`, `simple_query` and `batch_execute` are used, never
//! `prepare` or `query`, and settings are `SET LOCAL` inside a transaction.
//!
//! Architecture Invariant: a password is in a [`Secret`], and every message
//! that could quote one goes through [`ConnectionSettings::redact`].

pub mod advice;
pub mod bootstrap;
pub mod connect;
pub mod introspect;
#[cfg(unix)]
pub mod rehearsal;
#[cfg(unix)]
pub mod scratch;
pub mod script;
mod settings;
pub mod sql_text;
mod statement_error;
pub mod url;

pub use connect::{Canceller, ConnectError, Notice, Session};
#[cfg(unix)]
pub use scratch::{ScratchError, ScratchServer};
pub use settings::{ChannelBinding, ConnectionSettings, Secret, SslMode, SslRootCert, Warning};
pub use statement_error::StatementError;
pub use url::UrlError;

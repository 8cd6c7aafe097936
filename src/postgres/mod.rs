//! Everything that talks to a Postgres.
//!
//! `url` reads what people paste into [`ConnectionSettings`], `connect` turns
//! those into a [`Session`], `scratch` starts a Postgres of our own where
//! there is none, `script` applies a file of SQL, `bootstrap` those that a
//! project's database starts from, and `introspect` reads the catalog.
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

pub mod bootstrap;
pub mod connect;
pub mod introspect;
#[cfg(unix)]
pub mod scratch;
pub mod script;
mod settings;
pub mod url;

pub use connect::{Canceller, ConnectError, Session};
#[cfg(unix)]
pub use scratch::{ScratchError, ScratchServer};
pub use settings::{ChannelBinding, ConnectionSettings, Secret, SslMode, SslRootCert, Warning};
pub use url::UrlError;

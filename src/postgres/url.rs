//! Reads what people paste: a `postgres://` URL or libpq's keyword form.
//!
//! It is our own reader, since tokio-postgres' refuses what Neon, Supabase and
//! Prisma write (`sslmode=verify-full`, `pgbouncer=true`), and since a raw
//! password such as `p@ss#w/rd` must not end up in the host.
//! The rules are libpq's, section 32.1.1 of the manual
//! (<https://www.postgresql.org/docs/current/libpq-connect.html>), with more
//! patience for passwords that should have been percent-encoded.

mod keywords;
mod parameters;
mod passwords;
#[cfg(test)]
mod pasted;
#[cfg(test)]
mod tests;
mod uri;

use thiserror::Error;

pub use self::passwords::passwords;
use crate::postgres::settings::ConnectionSettings;

/// Why a connection string cannot be used. No message quotes a value, since
/// in a string that is not understood any part may be the password.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum UrlError {
    #[error(
        "the database URL is empty; set DATABASE_URL or give --database-url postgres://user:password@host:5432/dbname"
    )]
    Empty,
    #[error(
        "`{scheme}` is not a scheme of a Postgres URL; it begins with postgres:// or postgresql://, so leave the driver's part out"
    )]
    Scheme { scheme: String },
    #[error(
        "these are .NET's keywords, with ; between them; write postgres://user:password@host:5432/dbname, \
         or libpq's keywords (host=… port=… dbname=… user=…)"
    )]
    DotNet,
    #[error(
        "a `prisma` URL leads to Prisma Accelerate, which speaks no Postgres; take the direct URL of the database (DIRECT_URL)"
    )]
    Prisma,
    #[error(
        "this is neither a URL (postgres://user:password@host:5432/dbname) nor keywords (host=… port=… dbname=… user=…)"
    )]
    Form,
    #[error(
        "the host in the database URL cannot be read; percent-encode special characters of the password (@ is %40, / is %2F, # is %23, : is %3A)"
    )]
    Host,
    #[error("the database URL names several hosts; give the one to connect to")]
    SeveralHosts,
    #[error(
        "the port in the database URL is not a number from 1 to 65535; percent-encode special characters of the password (: is %3A)"
    )]
    Port,
    #[error("`{part}` in the database URL has a % that no two hexadecimal digits follow; write %25 for a plain %")]
    Escape { part: &'static str },
    #[error("`{part}` in the database URL is not UTF-8 once its percent escapes are read")]
    NotUtf8 { part: &'static str },
    #[error("`{part}` in the database URL holds a zero byte, which Postgres accepts nowhere")]
    ZeroByte { part: &'static str },
    #[error("the connection parameter `{key}` must be {expected}")]
    Value { key: &'static str, expected: &'static str },
    #[error(
        "sslrootcert=system needs sslmode=verify-full (with a weaker mode the system's roots would verify nothing of worth)"
    )]
    WeakSystemRoots,
    #[error(
        "the password in the database URL is still the placeholder of the dashboard; put the database's own password there"
    )]
    Placeholder,
    #[error("the keywords of the connection string end inside a quoted value; close it with '")]
    OpenQuote,
    #[error("the connection string has a word that is no keyword=value pair; quote values with spaces: key='a value'")]
    Pair,
}

impl ConnectionSettings {
    /// Reads a URL or keywords. What neither says comes from libpq's
    /// variables (PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE, PGSSLMODE,
    /// PGSSLROOTCERT, PGCHANNELBINDING, PGCONNECT_TIMEOUT, PGAPPNAME), then
    /// from libpq's defaults.
    ///
    /// Around it a copied `psql '…'` or quotes are taken off.
    ///
    /// # Errors
    /// A [`UrlError`] that says what to write instead and quotes no value.
    pub fn parse(text: &str) -> Result<ConnectionSettings, UrlError> {
        parse_in(text, &|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
    }
}

/// The same in an environment that is given.
fn parse_in(text: &str, env: &dyn Fn(&str) -> Option<String>) -> Result<ConnectionSettings, UrlError> {
    let text = unwrap_paste(text);
    if text.is_empty() {
        return Err(UrlError::Empty);
    }
    let parameters = match text.split_once("://") {
        Some((scheme, rest)) if is_scheme(scheme) => {
            check_scheme(scheme)?;
            uri::read(rest)?
        }
        _ if is_dot_net(text) => return Err(UrlError::DotNet),
        _ if text.contains('=') => keywords::read(text)?,
        _ => return Err(UrlError::Form),
    };
    parameters::settle(parameters, env)
}

/// Takes off what comes along when a URL is copied: blanks, `psql` and quotes.
fn unwrap_paste(text: &str) -> &str {
    let text = text.trim();
    let text = text.strip_prefix("psql ").map_or(text, str::trim);
    for quote in ['\'', '"', '`'] {
        if let Some(inner) = text.strip_prefix(quote).and_then(|inner| inner.strip_suffix(quote)) {
            return inner.trim();
        }
    }
    text
}

/// Whether a text is a connection string, and no file's or project's name.
pub fn is_connection_string(text: &str) -> bool {
    let text = unwrap_paste(text);
    let keyword = text.split_once('=').map(|(keyword, _)| keyword.trim_end());
    text.contains("://") || is_dot_net(text) || keyword.is_some_and(parameters::is_known)
}

/// Whether a text is a URL's scheme. `host=x password=a://b` has none.
fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.strip_prefix("jdbc:").unwrap_or(text).chars().all(|c| c.is_ascii_alphanumeric() || "+-._".contains(c))
}

/// `Host=…;Username=…;Password=…`, which would be read as one long value.
fn is_dot_net(text: &str) -> bool {
    let Some((keyword, rest)) = text.split_once('=') else { return false };
    let theirs = ["host", "server", "data source", "user id", "username", "database", "port", "password"];
    let rest = rest.trim_start();
    let end = rest.find(|c: char| c == ';' || c.is_whitespace());
    theirs.contains(&keyword.trim().to_ascii_lowercase().as_str())
        && end.is_some_and(|end| rest[end..].starts_with(';') && rest[end..].contains('='))
}

/// The drivers that SQLAlchemy names after a `+`. The rest of such a URL is
/// what it is to libpq.
const DRIVERS: [&str; 6] = ["asyncpg", "psycopg", "psycopg2", "psycopg2cffi", "psycopg_async", "pg8000"];

fn check_scheme(scheme: &str) -> Result<(), UrlError> {
    match scheme.to_ascii_lowercase().as_str() {
        "postgres" | "postgresql" => Ok(()),
        driven if driven.strip_prefix("postgresql+").is_some_and(|driver| DRIVERS.contains(&driver)) => Ok(()),
        "prisma" | "prisma+postgres" => Err(UrlError::Prisma),
        other => Err(UrlError::Scheme { scheme: other.to_owned() }),
    }
}

/// What a part holds once its percent escapes are read.
///
/// A password is often pasted raw, so there a `%` that begins no escape stands
/// for itself; elsewhere it is an error, as in libpq.
fn percent_decode(text: &str, part: &'static str, patient: bool) -> Result<String, UrlError> {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escape = bytes.get(at + 1).zip(bytes.get(at + 2)).and_then(|(high, low)| {
            let high = char::from(*high).to_digit(16)?;
            let low = char::from(*low).to_digit(16)?;
            u8::try_from(high * 16 + low).ok()
        });
        match (bytes[at], escape) {
            (b'%', Some(byte)) => {
                decoded.push(byte);
                at += 3;
            }
            (b'%', None) if !patient => return Err(UrlError::Escape { part }),
            (byte, _) => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    if decoded.contains(&0) {
        return Err(UrlError::ZeroByte { part });
    }
    String::from_utf8(decoded).map_err(|_| UrlError::NotUtf8 { part })
}

//! Why a connection failed: what, where, and the likely fix.

use std::error::Error as _;
use std::io;
use std::time::Duration;

use thiserror::Error;
use tokio_postgres::error::{DbError, SqlState};

use crate::postgres::settings::ConnectionSettings;

/// Why a connection failed. `at` is `host:port/dbname`; `hint` is empty, or a
/// blank and a sentence.
///
/// Architecture Invariant: every text in here went through
/// [`ConnectionSettings::redact`].
#[derive(Debug, Error)]
pub enum ConnectError {
    #[error("cannot start the runtime that drives connections: {0}")]
    Runtime(io::Error),
    #[error("cannot set up TLS: {0}")]
    Tls(String),
    #[error("cannot read the root certificate from {place}: {reason}; correct sslrootcert, or use sslrootcert=system")]
    RootCertificate { place: String, reason: String },
    #[error("cannot resolve the host of {at}: {reason}; check the host's spelling and the network.{hint}")]
    Resolve { at: String, reason: String, hint: String },
    #[error(
        "{at} refused the connection; check that the server runs and listens there, and that the port is right.{hint}"
    )]
    Refused { at: String, hint: String },
    #[error("there is no server's socket at {at}; check that the server runs, or name a host.{hint}")]
    NoSocket { at: String, hint: String },
    #[error("{at} cannot be reached: {reason}; check the network and the firewall.{hint}")]
    Unreachable { at: String, reason: String, hint: String },
    #[error(
        "{at} did not answer within {seconds} s; check the host and the firewall, or allow more with connect_timeout=60.{hint}"
    )]
    Timeout { at: String, seconds: u64, hint: String },
    #[error("{at} closed the connection before it was established: {reason}; try again.{hint}")]
    Closed { at: String, reason: String, hint: String },
    #[error("{at} has no TLS, which sslmode={sslmode} asks for; write sslmode=disable if the way there is safe")]
    TlsRefused { at: String, sslmode: &'static str },
    #[error("{at} accepts TLS only; write sslmode=require, or sslmode=verify-full ({message})")]
    TlsRequired { at: String, message: String },
    #[error("the certificate of {at} is not trusted: {reason}; {fix}")]
    Untrusted { at: String, reason: String, fix: &'static str },
    #[error("TLS with {at} failed: {reason}.{hint}")]
    Handshake { at: String, reason: String, hint: String },
    #[error(
        "{at} did not bind the password to the TLS connection, which channel_binding=require asks for: {reason}; \
         write channel_binding=prefer if a proxy stands between"
    )]
    ChannelBinding { at: String, reason: String },
    #[error(
        "{at} refused the password of `{user}`; check it, and that its special characters are percent-encoded \
         (@ is %40, / is %2F, # is %23).{hint}"
    )]
    WrongPassword { at: String, user: String, hint: String },
    #[error("{at} wants a password for `{user}` and none was given; put it into the URL or into PGPASSWORD")]
    NoPassword { at: String, user: String },
    #[error("{at} knows no role `{user}`; check the user in the URL, or create it: CREATE ROLE … LOGIN.{hint}")]
    NoRole { at: String, user: String, hint: String },
    #[error("{at} does not let `{user}` in: {message}; have pg_hba.conf allow it, or take another user or host.{hint}")]
    NotAllowed { at: String, user: String, message: String, hint: String },
    #[error("there is no database `{dbname}` at {at}; check the name in the URL, or create it: CREATE DATABASE …")]
    NoDatabase { at: String, dbname: String },
    #[error("{at} has no connection left ({message}); close others, or take the pooler's URL")]
    TooManyConnections { at: String, message: String },
    #[error("`{user}` may not connect to {at}: {message}; grant it: GRANT CONNECT ON DATABASE … TO …")]
    Privilege { at: String, user: String, message: String },
    #[error("{at} is not ready ({message}); try again in a moment")]
    NotReady { at: String, message: String },
    #[error("cannot connect to {at}: {message}.{hint}")]
    Other { at: String, message: String, hint: String },
}

impl ConnectError {
    /// Whether it may pass by itself, so that another try makes sense.
    pub fn is_transient(&self) -> bool {
        match self {
            ConnectError::Timeout { .. }
            // A server that is being started listens in a moment.
            | ConnectError::Refused { .. }
            | ConnectError::Closed { .. }
            | ConnectError::TooManyConnections { .. }
            | ConnectError::NotReady { .. } => true,
            // A resolver that has no answer yet says so in these words.
            ConnectError::Resolve { reason, .. } => reason.to_ascii_lowercase().contains("temporary failure"),
            _ => false,
        }
    }

    /// Whether no server answered at this address, so that the next may.
    pub(super) fn is_unreachable(&self) -> bool {
        matches!(self, ConnectError::Refused { .. } | ConnectError::Unreachable { .. } | ConnectError::Timeout { .. })
    }

    /// Whether the other way, with TLS or without, may succeed.
    pub(super) fn is_about_tls(&self) -> bool {
        matches!(
            self,
            ConnectError::TlsRefused { .. }
                | ConnectError::TlsRequired { .. }
                | ConnectError::Handshake { .. }
                | ConnectError::Untrusted { .. }
                | ConnectError::NotAllowed { .. }
        )
    }

    pub(super) fn has_no_tls(&self) -> bool {
        matches!(self, ConnectError::TlsRefused { .. })
    }

    pub(super) fn timeout(settings: &ConnectionSettings, limit: Duration) -> Self {
        ConnectError::Timeout { at: at(settings), seconds: limit.as_secs(), hint: hint(settings) }
    }

    pub(super) fn resolve(settings: &ConnectionSettings, reason: &str) -> Self {
        ConnectError::Resolve { at: at(settings), reason: settings.redact(reason), hint: hint(settings) }
    }

    /// What tokio-postgres reports, told apart.
    pub(super) fn classify(settings: &ConnectionSettings, with_tls: bool, error: &tokio_postgres::Error) -> Self {
        if let Some(error) = error.as_db_error() {
            return from_server(settings, with_tls, error);
        }
        let text = settings.redact(&full_text(error));
        let source = error.source();
        if let Some(io) = source.and_then(|source| source.downcast_ref::<io::Error>()) {
            if let Some(tls) = io.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
                return from_tls(settings, tls);
            }
            return from_io(settings, io, text);
        }
        let at = at(settings);
        if text.contains("server does not support TLS") {
            return ConnectError::TlsRefused { at, sslmode: settings.sslmode.as_str() };
        }
        if text.contains("password missing") {
            return ConnectError::NoPassword { at, user: user(settings) };
        }
        if text.contains("channel binding") {
            return ConnectError::ChannelBinding { at, reason: text };
        }
        if error.is_closed() {
            return ConnectError::Closed { at, reason: text, hint: hint(settings) };
        }
        ConnectError::Other { at, message: text, hint: hint(settings) }
    }
}

fn from_server(settings: &ConnectionSettings, with_tls: bool, error: &DbError) -> ConnectError {
    let at = at(settings);
    let user = user(settings);
    let message = settings.redact(error.message());
    let hint = hint(settings);
    let code = error.code();
    if *code == SqlState::INVALID_PASSWORD {
        return ConnectError::WrongPassword { at, user, hint };
    }
    if *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION {
        // The message is not translated where lc_messages is C, as it is in
        // every managed Postgres; elsewhere the answer is the general one.
        if message.contains("does not exist") {
            return ConnectError::NoRole { at, user, hint };
        }
        let wants_tls = message.contains("no encryption") || message.contains("SSL off") || message.contains("SSL");
        if !with_tls && wants_tls && !settings.is_unix_socket() {
            return ConnectError::TlsRequired { at, message };
        }
        return ConnectError::NotAllowed { at, user, message, hint };
    }
    if *code == SqlState::INVALID_CATALOG_NAME {
        return ConnectError::NoDatabase { at, dbname: settings.redact(&settings.dbname) };
    }
    if *code == SqlState::TOO_MANY_CONNECTIONS {
        return ConnectError::TooManyConnections { at, message };
    }
    if *code == SqlState::INSUFFICIENT_PRIVILEGE {
        return ConnectError::Privilege { at, user, message };
    }
    if *code == SqlState::CANNOT_CONNECT_NOW {
        return ConnectError::NotReady { at, message };
    }
    ConnectError::Other { at, message: format!("{message} ({})", code.code()), hint }
}

fn from_io(settings: &ConnectionSettings, error: &io::Error, text: String) -> ConnectError {
    let at = at(settings);
    let hint = hint(settings);
    match error.kind() {
        io::ErrorKind::NotFound => ConnectError::NoSocket { at, hint },
        io::ErrorKind::ConnectionRefused if settings.is_unix_socket() => ConnectError::NoSocket { at, hint },
        io::ErrorKind::ConnectionRefused => ConnectError::Refused { at, hint },
        io::ErrorKind::TimedOut => {
            let seconds = settings.connect_timeout.unwrap_or_default().as_secs();
            ConnectError::Timeout { at, seconds, hint }
        }
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::UnexpectedEof => {
            let hint = if settings.direct_tls {
                " A server before 17 hangs up on sslnegotiation=direct; leave it out.".to_owned()
            } else {
                hint
            };
            ConnectError::Closed { at, reason: text, hint }
        }
        io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable | io::ErrorKind::AddrNotAvailable => {
            ConnectError::Unreachable { at, reason: text, hint }
        }
        _ => ConnectError::Other { at, message: text, hint },
    }
}

fn from_tls(settings: &ConnectionSettings, error: &rustls::Error) -> ConnectError {
    use rustls::CertificateError as Certificate;
    let at = at(settings);
    let rustls::Error::InvalidCertificate(certificate) = error else {
        let reason = settings.redact(&error.to_string());
        return ConnectError::Handshake { at, reason, hint: hint(settings) };
    };
    let (reason, fix) = match certificate {
        Certificate::UnknownIssuer => (
            "no trusted authority has signed it".to_owned(),
            "name the authority with sslrootcert=FILE, or write sslmode=require to encrypt without verifying",
        ),
        Certificate::NotValidForName | Certificate::NotValidForNameContext { .. } => (
            certificate.to_string(),
            "connect under a name that the certificate carries, or write sslmode=verify-ca to verify all but the name",
        ),
        Certificate::Expired | Certificate::ExpiredContext { .. } => {
            (certificate.to_string(), "have the server's certificate renewed, and check this machine's clock")
        }
        _ => (
            certificate.to_string(),
            "have the server's certificate replaced, or write sslmode=require to encrypt without verifying",
        ),
    };
    ConnectError::Untrusted { at, reason: settings.redact(&reason), fix }
}

fn at(settings: &ConnectionSettings) -> String {
    settings.redact(&settings.place())
}

fn user(settings: &ConnectionSettings) -> String {
    settings.redact(&settings.user)
}

/// What is known about the host: Supabase's users and addresses, Neon's sleep.
fn hint(settings: &ConnectionSettings) -> String {
    let mut hints = settings.hints();
    if let Some(project) = settings.supabase_direct_ref() {
        hints.push(format!(
            "Supabase's direct host has an IPv6 address only; where the network has none, take the session pooler: \
             postgres://postgres.{project}:…@aws-0-<region>.pooler.supabase.com:5432/postgres"
        ));
    }
    if settings.is_neon() {
        hints.push("A compute that was scaled to zero takes some seconds to wake; try again".to_owned());
    }
    let text: String = hints.iter().map(|hint| format!(" {hint}.")).collect();
    settings.redact(&text)
}

/// An error with all that caused it: tokio-postgres' own text is two words.
fn full_text(error: &tokio_postgres::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}

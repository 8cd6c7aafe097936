//! One try to connect: addresses, TLS or none, and the timeout over it all.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_postgres::config::{self, SslNegotiation};
use tokio_postgres::{Client, Config};

use super::error::ConnectError;
use super::notice::{Notices, listen};
use super::tls::Tls;
use crate::postgres::settings::{ChannelBinding, ConnectionSettings, SslMode};

/// What a try that succeeded gives.
pub(super) struct Opened {
    pub client: Client,
    /// The task that moves its messages.
    pub connection: JoinHandle<Result<(), tokio_postgres::Error>>,
    /// What the server remarked.
    pub notices: Notices,
    /// The address that answered, where it is no socket's.
    pub address: Option<SocketAddr>,
}

pub(super) async fn attempt(settings: &ConnectionSettings, tls: &Tls) -> Result<Opened, ConnectError> {
    let work = connect(settings, tls);
    match settings.connect_timeout {
        Some(limit) => match tokio::time::timeout(limit, work).await {
            Ok(outcome) => outcome,
            Err(_) => Err(ConnectError::timeout(settings, limit)),
        },
        None => work.await,
    }
}

async fn connect(settings: &ConnectionSettings, tls: &Tls) -> Result<Opened, ConnectError> {
    if settings.is_unix_socket() {
        // There is no TLS on a socket, whatever sslmode says (as in libpq).
        return open(settings, tls, None, false, None).await;
    }
    let addresses = resolve(settings).await?;
    // One silent address must not use up the time of those after it.
    let share = settings.connect_timeout.map(|limit| limit / u32::try_from(addresses.len()).unwrap_or(1).max(1));
    let mut last = None;
    for address in addresses {
        match connect_to(settings, tls, address, share).await {
            Ok(opened) => return Ok(opened),
            // A server that answered has said the same for all its addresses.
            Err(error) if !error.is_unreachable() => return Err(error),
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(|| ConnectError::resolve(settings, "the name has no address")))
}

async fn resolve(settings: &ConnectionSettings) -> Result<Vec<SocketAddr>, ConnectError> {
    if let Some(address) = settings.hostaddr {
        return Ok(vec![SocketAddr::new(address, settings.port)]);
    }
    match tokio::net::lookup_host((settings.host.as_str(), settings.port)).await {
        Ok(addresses) => Ok(addresses.collect()),
        Err(error) => Err(ConnectError::resolve(settings, &error.to_string())),
    }
}

/// Tries an address with TLS and without, as `sslmode` says.
async fn connect_to(
    settings: &ConnectionSettings,
    tls: &Tls,
    address: SocketAddr,
    share: Option<Duration>,
) -> Result<Opened, ConnectError> {
    let (first, second) = match settings.sslmode {
        SslMode::Disable => (false, None),
        SslMode::Allow => (false, Some(true)),
        SslMode::Prefer => (true, Some(false)),
        SslMode::Require | SslMode::VerifyCa | SslMode::VerifyFull => (true, None),
    };
    let first_error = match open(settings, tls, Some(address), first, share).await {
        Err(error) if error.is_about_tls() => error,
        outcome => return outcome,
    };
    let Some(second) = second else { return Err(first_error) };
    match open(settings, tls, Some(address), second, share).await {
        // Where the server has TLS and refuses both ways, what it said over
        // TLS is the reason, not that the other way had none.
        Err(error) if error.is_about_tls() && first && !first_error.has_no_tls() => Err(first_error),
        outcome => outcome,
    }
}

async fn open(
    settings: &ConnectionSettings,
    tls: &Tls,
    address: Option<SocketAddr>,
    with_tls: bool,
    share: Option<Duration>,
) -> Result<Opened, ConnectError> {
    let mut config = Config::new();
    config.host(&settings.host).port(settings.port).user(&settings.user).dbname(&settings.dbname);
    config.application_name(&settings.application_name);
    if let Some(address) = address {
        config.hostaddr(address.ip());
    }
    if let Some(password) = &settings.password {
        config.password(password.expose());
    }
    if let Some(share) = share {
        config.connect_timeout(share);
    }
    config.ssl_mode(if with_tls { config::SslMode::Require } else { config::SslMode::Disable });
    if with_tls && settings.direct_tls {
        config.ssl_negotiation(SslNegotiation::Direct);
    }
    config.channel_binding(match settings.channel_binding {
        ChannelBinding::Disable => config::ChannelBinding::Disable,
        ChannelBinding::Prefer => config::ChannelBinding::Prefer,
        ChannelBinding::Require => config::ChannelBinding::Require,
    });
    match config.connect(tls.connector()).await {
        Ok((client, connection)) => {
            let notices = Notices::default();
            let connection = tokio::spawn(listen(connection, notices.clone()));
            Ok(Opened { client, connection, notices, address })
        }
        Err(error) => Err(ConnectError::classify(settings, with_tls, &error)),
    }
}

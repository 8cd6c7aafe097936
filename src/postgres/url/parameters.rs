//! What each parameter means, and what stands where one is missing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::UrlError;
use crate::postgres::settings::{ChannelBinding, ConnectionSettings, Secret, SslMode, SslRootCert, Warning};

/// The pairs of a connection string, under libpq's names.
#[derive(Default)]
pub(super) struct Parameters {
    values: BTreeMap<&'static str, String>,
    pub(super) raw_password: Option<String>,
    warnings: Vec<Warning>,
}

/// The parameters that do something here.
const USED: &[&str] = &[
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "sslmode",
    "sslrootcert",
    "sslnegotiation",
    "channel_binding",
    "connect_timeout",
    "application_name",
    "fallback_application_name",
    "ssl",
];

/// The parameters that are known and do nothing here, with the reason.
const IGNORED: &[(&str, &str)] = &[
    ("options", "a pooler refuses start-up options, and an endpoint's name travels in the TLS handshake (SNI)"),
    ("pgbouncer", "no prepared statement is ever used, so a pooler needs no special treatment"),
    ("statement_cache_size", "no prepared statement is ever used"),
    ("prepared_statements", "no prepared statement is ever used"),
    ("connection_limit", "one connection is all that is opened"),
    ("pool_timeout", "one connection is all that is opened"),
    ("max_idle_connection_lifetime", "one connection is all that is opened"),
    ("socket_timeout", "a statement's time is limited in the session instead"),
    ("schema", "the schemas to read are chosen in project.yaml"),
    ("sslaccept", "it is Prisma's own; write sslmode=verify-full to verify the certificate"),
    ("sslidentity", "it is Prisma's own; client certificates are not supported"),
    ("sslcert", "client certificates are not supported; give a password"),
    ("sslkey", "client certificates are not supported; give a password"),
    ("sslpassword", "client certificates are not supported; give a password"),
    ("sslcertmode", "client certificates are not supported; give a password"),
    ("sslcrl", "revocation lists are not read"),
    ("sslcrldir", "revocation lists are not read"),
    ("sslsni", "the host's name is always sent, since Neon finds the compute by it"),
    ("sslcompression", "TLS compression is never used"),
    ("ssl_min_protocol_version", "TLS 1.2 is the least that is spoken"),
    ("ssl_max_protocol_version", "TLS 1.3 is spoken wherever the server can"),
    ("uselibpqcompat", "sslmode means what it means to libpq anyway"),
    ("gssencmode", "GSSAPI is not supported"),
    ("krbsrvname", "GSSAPI is not supported"),
    ("gsslib", "GSSAPI is not supported"),
    ("gssdelegation", "GSSAPI is not supported"),
    ("require_auth", "the server's choice of password or SCRAM is followed"),
    ("requirepeer", "the socket's owner is not checked"),
    ("passfile", "no password file is read; give the password in the URL or in PGPASSWORD"),
    ("service", "no service file is read"),
    ("servicefile", "no service file is read"),
    ("client_encoding", "it is always UTF8"),
    ("target_session_attrs", "one host is all that is tried"),
    ("load_balance_hosts", "one host is all that is tried"),
    ("keepalives", "the system's defaults are used"),
    ("keepalives_idle", "the system's defaults are used"),
    ("keepalives_interval", "the system's defaults are used"),
    ("keepalives_count", "the system's defaults are used"),
    ("tcp_user_timeout", "the system's defaults are used"),
    ("replication", "this is no replication connection"),
    ("supa", "it is Vercel's own"),
    ("workaround", "it is Vercel's own"),
];

/// Whether a name is a connection parameter that someone uses.
pub(super) fn is_known(name: &str) -> bool {
    USED.contains(&name) || IGNORED.iter().any(|(ignored, _)| *ignored == name)
}

impl Parameters {
    /// Takes one in. A later one replaces an earlier, as in libpq.
    pub(super) fn set(&mut self, key: &str, value: String) {
        if let Some(used) = USED.iter().find(|used| **used == key) {
            self.values.insert(used, value);
            return;
        }
        let known = IGNORED.iter().find(|(ignored, _)| *ignored == key);
        let reason = known.map_or("no such parameter is known", |(_, reason)| *reason);
        // A key that is no plain name may be a piece of a password.
        let plain = key.len() <= 40 && key.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
        let key = if plain { key.to_owned() } else { "(unreadable)".to_owned() };
        if !self.warnings.iter().any(|warning| warning.key == key) {
            self.warnings.push(Warning { key, reason });
        }
    }
}

/// Settings from parameters, else libpq's variables, else its defaults.
pub(super) fn settle(
    mut parameters: Parameters,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<ConnectionSettings, UrlError> {
    let mut take = |key: &str, variable: &str| {
        let given = parameters.values.remove(key).filter(|value| !value.is_empty());
        given.or_else(|| if variable.is_empty() { None } else { env(variable) })
    };
    let hostaddr = match take("hostaddr", "PGHOSTADDR") {
        Some(address) => {
            Some(address.parse().map_err(|_| UrlError::Value { key: "hostaddr", expected: "an IP address" })?)
        }
        None => None,
    };
    let host = take("host", "PGHOST").unwrap_or_else(|| match hostaddr {
        Some(address) => std::net::IpAddr::to_string(&address),
        None => default_host(),
    });
    if host.contains(',') {
        return Err(UrlError::SeveralHosts);
    }
    let port = match take("port", "PGPORT") {
        Some(port) => port.parse().ok().filter(|port| *port > 0).ok_or(UrlError::Port)?,
        None => 5432,
    };
    let user = take("user", "PGUSER").or_else(|| operating_system_user(env)).unwrap_or_else(|| "postgres".to_owned());
    let dbname = take("dbname", "PGDATABASE").unwrap_or_else(|| user.clone());
    let mut settings = ConnectionSettings::new(host, port, user, dbname);
    settings.hostaddr = hostaddr;
    settings.password = take("password", "PGPASSWORD").map(Secret::new);
    if settings.password.as_ref().is_some_and(|password| is_placeholder(password.expose())) {
        return Err(UrlError::Placeholder);
    }

    settings.sslrootcert = take("sslrootcert", "PGSSLROOTCERT").map(|value| match value.as_str() {
        "system" => SslRootCert::System,
        path => SslRootCert::File(expand_home(path, env)),
    });
    let jdbc = take("ssl", "").filter(|value| value == "true").map(|_| SslMode::Require);
    let sslmode = match take("sslmode", "PGSSLMODE") {
        Some(mode) => Some(read_sslmode(&mode)?),
        None => jdbc,
    };
    let system_roots = settings.sslrootcert == Some(SslRootCert::System);
    settings.sslmode = sslmode.unwrap_or(if system_roots { SslMode::VerifyFull } else { SslMode::Prefer });
    if system_roots && settings.sslmode != SslMode::VerifyFull {
        return Err(UrlError::WeakSystemRoots);
    }
    settings.direct_tls = match take("sslnegotiation", "PGSSLNEGOTIATION").as_deref() {
        None | Some("postgres") => false,
        // libpq refuses it with a mode that may do without TLS.
        Some("direct") if settings.sslmode >= SslMode::Require => true,
        Some("direct") => {
            return Err(UrlError::Value {
                key: "sslnegotiation",
                expected: "`postgres` unless sslmode is `require` or stronger",
            });
        }
        Some(_) => return Err(UrlError::Value { key: "sslnegotiation", expected: "`postgres` or `direct`" }),
    };
    settings.channel_binding = match take("channel_binding", "PGCHANNELBINDING").as_deref() {
        None | Some("prefer") => ChannelBinding::Prefer,
        Some("require") => ChannelBinding::Require,
        Some("disable") => ChannelBinding::Disable,
        Some(_) => {
            return Err(UrlError::Value { key: "channel_binding", expected: "`disable`, `prefer` or `require`" });
        }
    };
    if let Some(seconds) = take("connect_timeout", "PGCONNECT_TIMEOUT") {
        settings.connect_timeout = read_timeout(&seconds)?;
    }
    let fallback = take("fallback_application_name", "");
    if let Some(name) = take("application_name", "PGAPPNAME").or(fallback) {
        settings.application_name = name;
    }
    settings.raw_password = parameters.raw_password.map(Secret::new);
    settings.warnings = parameters.warnings;
    Ok(settings)
}

fn read_sslmode(mode: &str) -> Result<SslMode, UrlError> {
    Ok(match mode {
        "disable" => SslMode::Disable,
        "allow" => SslMode::Allow,
        "prefer" => SslMode::Prefer,
        "require" => SslMode::Require,
        "verify-ca" => SslMode::VerifyCa,
        "verify-full" => SslMode::VerifyFull,
        _ => {
            return Err(UrlError::Value {
                key: "sslmode",
                expected: "`disable`, `allow`, `prefer`, `require`, `verify-ca` or `verify-full`",
            });
        }
    })
}

/// Seconds; none or less means no limit, and libpq takes a one for a two.
fn read_timeout(seconds: &str) -> Result<Option<Duration>, UrlError> {
    let seconds: i64 = seconds
        .trim()
        .parse()
        .map_err(|_| UrlError::Value { key: "connect_timeout", expected: "a whole number of seconds" })?;
    Ok(u64::try_from(seconds).ok().filter(|seconds| *seconds > 0).map(|seconds| Duration::from_secs(seconds.max(2))))
}

/// What dashboards print where the password belongs.
fn is_placeholder(password: &str) -> bool {
    let inner = password.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let inner = inner.or_else(|| password.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')));
    inner.is_some_and(|inner| inner.to_ascii_uppercase().contains("PASSWORD"))
}

/// libpq's own first choice: the socket's folder, where there is one.
fn default_host() -> String {
    let folders = ["/var/run/postgresql", "/tmp"];
    let with_socket = folders.into_iter().find(|folder| Path::new(folder).join(".s.PGSQL.5432").exists());
    with_socket.unwrap_or("localhost").to_owned()
}

fn operating_system_user(env: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    ["USER", "LOGNAME", "USERNAME"].into_iter().find_map(env)
}

fn expand_home(path: &str, env: &dyn Fn(&str) -> Option<String>) -> PathBuf {
    match (path.strip_prefix("~/"), env("HOME")) {
        (Some(rest), Some(home)) => Path::new(&home).join(rest),
        _ => PathBuf::from(path),
    }
}

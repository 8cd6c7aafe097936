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
    /// What was given to parameters that do nothing, where it may be a secret.
    hidden: Vec<Secret>,
}

/// The parameters that do something here.
pub(super) const USED: &[&str] = &[
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

/// The parameters whose values are secrets, used here or not.
pub(super) const SECRET: &[&str] =
    &["password", "sslpassword", "scram_client_key", "scram_server_key", "oauth_client_secret"];

const ONE_CONNECTION: &str = "there is no pool; --jobs says how many connections read a catalog";
const NO_PREPARED: &str = "no prepared statement is ever used";
const NO_CLIENT_CERTIFICATE: &str = "client certificates are not supported; give a password";
const NO_OAUTH: &str = "OAuth is not supported; give a password";
const NO_GSSAPI: &str = "GSSAPI is not supported";
const NO_FILE: &str = "no service file is read";
const OWN_LIMITS: &str = "what is read has limits of its own, and a task has its `timeout`";
const KEEPALIVE: &str = "the system's defaults are used";
const SCHEMAS: &str = "the schemas to read are chosen in project.yaml, and SQL names its schemas";

/// The parameters that are known and do nothing here, with the reason.
pub(super) const IGNORED: &[(&str, &str)] = &[
    ("options", "a pooler refuses start-up options, and an endpoint's name travels in the TLS handshake (SNI)"),
    // Prisma's, and what dashboards write for it.
    ("pgbouncer", "no prepared statement is ever used, so a pooler needs no special treatment"),
    ("schema", SCHEMAS),
    ("connection_limit", ONE_CONNECTION),
    ("pool_timeout", ONE_CONNECTION),
    ("single_use_connections", ONE_CONNECTION),
    ("max_connection_lifetime", ONE_CONNECTION),
    ("max_idle_connection_lifetime", ONE_CONNECTION),
    ("socket_timeout", OWN_LIMITS),
    ("statement_cache_size", NO_PREPARED),
    ("sslaccept", "it is Prisma's own; write sslmode=verify-full to verify the certificate"),
    ("sslidentity", "it is Prisma's own; client certificates are not supported"),
    ("supa", "it is Vercel's own"),
    ("workaround", "it is Vercel's own"),
    // Those of node-postgres, postgres.js and so of Drizzle.
    ("uselibpqcompat", "sslmode means what it means to libpq anyway"),
    ("statement_timeout", OWN_LIMITS),
    ("query_timeout", OWN_LIMITS),
    ("lock_timeout", "a migration has a limit of its own, `lock_timeout` of its task"),
    ("idle_in_transaction_session_timeout", "no transaction is left idle"),
    ("max", ONE_CONNECTION),
    ("idle_timeout", ONE_CONNECTION),
    ("prepare", NO_PREPARED),
    ("search_path", SCHEMAS),
    ("encoding", "it is always UTF8"),
    // Those of asyncpg, psycopg, Rails and pgx.
    ("prepared_statements", NO_PREPARED),
    ("prepared_statement_cache_size", NO_PREPARED),
    ("prepare_threshold", NO_PREPARED),
    ("default_query_exec_mode", NO_PREPARED),
    ("statement_cache_capacity", NO_PREPARED),
    ("command_timeout", OWN_LIMITS),
    ("pool", ONE_CONNECTION),
    ("pool_max_conns", ONE_CONNECTION),
    ("pool_min_conns", ONE_CONNECTION),
    ("timezone", "times are read in UTC"),
    // The rest of libpq's.
    ("sslcert", NO_CLIENT_CERTIFICATE),
    ("sslkey", NO_CLIENT_CERTIFICATE),
    ("sslpassword", NO_CLIENT_CERTIFICATE),
    ("sslcertmode", NO_CLIENT_CERTIFICATE),
    ("sslcrl", "revocation lists are not read"),
    ("sslcrldir", "revocation lists are not read"),
    ("sslsni", "the host's name is always sent, since Neon finds the compute by it"),
    ("sslcompression", "TLS compression is never used"),
    ("sslkeylogfile", "the keys of a session are written nowhere"),
    ("ssl_min_protocol_version", "TLS 1.2 is the least that is spoken"),
    ("ssl_max_protocol_version", "TLS 1.3 is spoken wherever the server can"),
    ("min_protocol_version", "protocol 3.0 is spoken, which every server knows"),
    ("max_protocol_version", "protocol 3.0 is spoken, which every server knows"),
    ("scram_client_key", "a password is what is supported"),
    ("scram_server_key", "a password is what is supported"),
    ("oauth_issuer", NO_OAUTH),
    ("oauth_client_id", NO_OAUTH),
    ("oauth_client_secret", NO_OAUTH),
    ("oauth_scope", NO_OAUTH),
    ("gssencmode", NO_GSSAPI),
    ("krbsrvname", NO_GSSAPI),
    ("gsslib", NO_GSSAPI),
    ("gssdelegation", NO_GSSAPI),
    ("require_auth", "the server's choice of password or SCRAM is followed"),
    ("requirepeer", "the socket's owner is not checked"),
    ("passfile", "no password file is read; give the password in the URL or in PGPASSWORD"),
    ("service", NO_FILE),
    ("servicefile", NO_FILE),
    ("client_encoding", "it is always UTF8"),
    ("target_session_attrs", "one host is all that is tried"),
    ("load_balance_hosts", "one host is all that is tried"),
    ("keepalives", KEEPALIVE),
    ("keepalives_idle", KEEPALIVE),
    ("keepalives_interval", KEEPALIVE),
    ("keepalives_count", KEEPALIVE),
    ("tcp_user_timeout", KEEPALIVE),
    ("replication", "this is no replication connection"),
];

/// Whether a name is a connection parameter that someone uses.
pub(super) fn is_known(name: &str) -> bool {
    USED.contains(&name) || IGNORED.iter().any(|(ignored, _)| *ignored == name)
}

/// What is shorter is no secret worth having, and hiding it would make other
/// words unreadable.
const SHORTEST: usize = 6;

impl Parameters {
    /// Takes one in. A later one replaces an earlier, as in libpq.
    pub(super) fn set(&mut self, key: &str, value: String) {
        if let Some(used) = USED.iter().find(|used| **used == key) {
            self.values.insert(used, value);
            return;
        }
        let known = IGNORED.iter().find(|(ignored, _)| *ignored == key);
        // What is known to nobody may be a `password` that was misspelt.
        let may_be_secret = SECRET.contains(&key) || (known.is_none() && value.len() >= SHORTEST);
        if may_be_secret && !value.is_empty() {
            self.hidden.push(Secret::new(value));
        }
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
    // node-postgres and JDBC have it as a switch, asyncpg as sslmode.
    let switch = match take("ssl", "").as_deref() {
        None | Some("false" | "0") => None,
        Some("true" | "1" | "no-verify") => Some(SslMode::Require),
        Some(mode) => Some(read_sslmode(mode, "ssl")?),
    };
    let sslmode = match take("sslmode", "PGSSLMODE") {
        Some(mode) => Some(read_sslmode(&mode, "sslmode")?),
        None => switch,
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
    settings.hidden = parameters.hidden;
    Ok(settings)
}

fn read_sslmode(mode: &str, key: &'static str) -> Result<SslMode, UrlError> {
    Ok(match mode {
        "disable" => SslMode::Disable,
        "allow" => SslMode::Allow,
        "prefer" => SslMode::Prefer,
        // node-postgres' word for what `require` is to libpq.
        "require" | "no-verify" => SslMode::Require,
        "verify-ca" => SslMode::VerifyCa,
        "verify-full" => SslMode::VerifyFull,
        _ => {
            return Err(UrlError::Value {
                key,
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

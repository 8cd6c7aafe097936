//! Where a Postgres is and how to reach it.

use std::fmt::{self, Write as _};
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

/// A string that no log, report or error shows.
///
/// `Debug` and `Display` give `***`, so that deriving `Debug` on what holds
/// one is safe.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }

    /// The secret itself. Its only rightful reader is what authenticates.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

/// What stands where a secret stood.
const MASK: &str = "***";

/// How TLS is used: libpq's `sslmode`
/// (<https://www.postgresql.org/docs/current/libpq-ssl.html>).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SslMode {
    Disable,
    /// Without TLS, and with it where the server insists.
    Allow,
    /// With TLS, and without it where the server has none. libpq's default.
    Prefer,
    /// With TLS. The certificate is not verified, unless a root certificate
    /// was named: then as `VerifyCa`.
    Require,
    /// With TLS, and the certificate leads to a trusted root.
    VerifyCa,
    /// The same, and the certificate is for this host.
    VerifyFull,
}

impl SslMode {
    /// As it is written in a URL.
    pub fn as_str(self) -> &'static str {
        match self {
            SslMode::Disable => "disable",
            SslMode::Allow => "allow",
            SslMode::Prefer => "prefer",
            SslMode::Require => "require",
            SslMode::VerifyCa => "verify-ca",
            SslMode::VerifyFull => "verify-full",
        }
    }
}

/// Whose signature makes a server's certificate trusted: `sslrootcert`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SslRootCert {
    /// `system`: what the operating system trusts.
    System,
    /// A PEM file.
    File(PathBuf),
}

/// Whether SCRAM is bound to the TLS connection: `channel_binding`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChannelBinding {
    Disable,
    Prefer,
    Require,
}

/// A parameter that was read but does nothing here.
///
/// It holds the key alone: the value may be a secret under a misspelt key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    pub key: String,
    /// Why it does nothing, as a clause: "it is Prisma's own".
    pub reason: &'static str,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the connection parameter `{}` is ignored: {}", self.key, self.reason)
    }
}

/// Where a Postgres is, who connects, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionSettings {
    /// A host name, an IP address without brackets, or, where it begins with
    /// `/`, the folder of a Unix socket.
    pub host: String,
    /// The address to connect to, where `host` is only the name to verify.
    pub hostaddr: Option<IpAddr>,
    pub port: u16,
    pub dbname: String,
    pub user: String,
    pub password: Option<Secret>,
    /// The password as it was written, which may be percent-encoded in a way
    /// that cannot be told from the password alone.
    pub(super) raw_password: Option<Secret>,
    /// What else of the connection string must not be told.
    pub(super) hidden: Vec<Secret>,
    pub sslmode: SslMode,
    pub sslrootcert: Option<SslRootCert>,
    /// Whether TLS begins at once, without asking: `sslnegotiation=direct`,
    /// which servers before 17 answer by hanging up.
    pub direct_tls: bool,
    pub channel_binding: ChannelBinding,
    /// How long one try may take; `None` waits for as long as it takes.
    pub connect_timeout: Option<Duration>,
    pub application_name: String,
    /// Parameters that do nothing here, in the order in which they came.
    pub warnings: Vec<Warning>,
}

/// Neon and Supabase take some seconds to wake a compute that was scaled to
/// zero.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);

impl ConnectionSettings {
    /// Settings for a place, with everything else as when nothing is said.
    pub fn new(host: impl Into<String>, port: u16, user: impl Into<String>, dbname: impl Into<String>) -> Self {
        Self {
            host: host.into(),
            hostaddr: None,
            port,
            dbname: dbname.into(),
            user: user.into(),
            password: None,
            raw_password: None,
            hidden: Vec::new(),
            sslmode: SslMode::Prefer,
            sslrootcert: None,
            direct_tls: false,
            channel_binding: ChannelBinding::Prefer,
            connect_timeout: Some(CONNECT_TIMEOUT),
            application_name: "schemacast".to_owned(),
            warnings: Vec::new(),
        }
    }

    /// Whether there is anything that [`ConnectionSettings::redact`] replaces.
    pub fn has_secrets(&self) -> bool {
        self.password.is_some() || self.raw_password.is_some() || !self.hidden.is_empty()
    }

    /// Whether the server is reached through a Unix socket.
    pub fn is_unix_socket(&self) -> bool {
        self.host.starts_with('/') && self.hostaddr.is_none()
    }

    /// The place without the person: `host:port/dbname`. Shown in messages.
    pub fn place(&self) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        format!("{host}:{}/{}", self.port, self.dbname)
    }

    /// The text with every form of the password replaced by `***`: as it was
    /// written, as it is, percent-encoded in either case, and escaped as in
    /// JSON or Rust.
    ///
    /// It goes by value, for what another library quotes cannot be known.
    pub fn redact(&self, text: &str) -> String {
        let mut forms = self.password_forms();
        // A longer form goes first, since a shorter one may be a part of it.
        forms.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        forms.dedup();
        let mut redacted = text.to_owned();
        for form in forms {
            redacted = redacted.replace(&form, MASK);
        }
        redacted
    }

    fn password_forms(&self) -> Vec<String> {
        let mut forms = Vec::new();
        for secret in [&self.password, &self.raw_password].into_iter().flatten().chain(&self.hidden) {
            let secret = secret.expose();
            forms.push(secret.to_owned());
            // RFC 3986's unreserved characters, and what JavaScript's
            // encodeURIComponent leaves as well.
            for kept in ["-._~", "-._~!*'()", ""] {
                let encoded = percent_encode(secret, kept);
                forms.push(encoded.replace("%20", "+"));
                forms.push(lower_escapes(&encoded));
                forms.push(encoded);
            }
            forms.push(secret.escape_debug().to_string());
            if let Ok(json) = serde_json::to_string(secret) {
                forms.push(json.trim_matches('"').to_owned());
            }
        }
        forms.retain(|form| !form.is_empty());
        forms
    }

    /// What looks wrong about the settings before anything was tried, as
    /// sentences with the way out.
    pub fn hints(&self) -> Vec<String> {
        let mut hints = Vec::new();
        if self.is_supabase_pooler() && !self.user.contains('.') {
            hints.push(format!(
                "Supabase's pooler tells projects apart by the user: write `{}.<project ref>` instead of `{}` \
                 (the URL under \"Connect\" in the dashboard has it)",
                self.user, self.user
            ));
        }
        if self.sslmode == SslMode::Disable && self.is_managed() {
            hints.push("this host accepts TLS only: write sslmode=require, or sslmode=verify-full".to_owned());
        }
        hints
    }

    /// Whether this is a pooler of Supabase's (Supavisor).
    pub fn is_supabase_pooler(&self) -> bool {
        self.host.ends_with(".pooler.supabase.com")
    }

    /// The project's ref where this is Supabase's direct host, which has an
    /// IPv6 address only.
    pub fn supabase_direct_ref(&self) -> Option<&str> {
        self.host.strip_prefix("db.")?.strip_suffix(".supabase.co")
    }

    /// Whether this is a host of Neon's, whose compute may be asleep.
    pub fn is_neon(&self) -> bool {
        self.host.ends_with(".neon.tech")
    }

    /// Whether the host is one of Neon's poolers, by its name:
    /// <https://neon.com/docs/connect/connection-pooling>
    pub fn is_neon_pooler(&self) -> bool {
        self.is_neon() && self.host.split('.').next().is_some_and(|endpoint| endpoint.ends_with("-pooler"))
    }

    fn is_managed(&self) -> bool {
        self.is_neon() || self.is_supabase_pooler() || self.supabase_direct_ref().is_some()
    }
}

/// Percent-encodes everything but ASCII letters, digits and what is kept.
pub(super) fn percent_encode(text: &str, kept: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || kept.as_bytes().contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// The same with its escapes in lower case (`%2f`).
fn lower_escapes(encoded: &str) -> String {
    let mut lower = String::with_capacity(encoded.len());
    let mut rest = encoded;
    while let Some(at) = rest.find('%') {
        let end = (at + 3).min(rest.len());
        lower.push_str(&rest[..at]);
        lower.push_str(&rest[at..end].to_ascii_lowercase());
        rest = &rest[end..];
    }
    lower.push_str(rest);
    lower
}

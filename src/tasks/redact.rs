//! What must not be told or recorded.

use std::env;

use crate::postgres::url::{is_connection_string, passwords};
use crate::postgres::{ConnectionSettings, Secret};

/// The secrets that are known, each replaced by `***` wherever it occurs.
#[derive(Debug, Clone, Default)]
pub struct Redaction {
    connections: Vec<ConnectionSettings>,
}

impl Redaction {
    /// The secrets in the environment: the passwords of its database URLs, and
    /// what its variables that are named as secrets hold.
    pub fn of_environment() -> Redaction {
        let mut redaction = Redaction::default();
        for (name, value) in env::vars() {
            redaction.variable(&name, value);
        }
        redaction
    }

    /// Adds what a variable holds, where it is a connection string or named as
    /// a secret.
    pub fn variable(&mut self, name: &str, value: String) {
        if is_connection_string(&value) {
            self.url(&value);
        } else if is_secret(name) && value.len() >= SHORTEST {
            self.secret(value);
        }
    }

    /// Adds the passwords of a URL, where it has any: also of one that cannot
    /// be read, or that is no Postgres URL.
    pub fn url(&mut self, url: &str) {
        if let Ok(settings) = ConnectionSettings::parse(url) {
            self.connection(settings);
        }
        for password in passwords(url).into_iter().filter(|password| password.len() >= SHORTEST) {
            self.secret(password);
        }
    }

    /// Adds the passwords of a connection, where it has any.
    pub fn connection(&mut self, settings: ConnectionSettings) {
        if settings.has_secrets() && !self.connections.contains(&settings) {
            self.connections.push(settings);
        }
    }

    fn secret(&mut self, secret: String) {
        // As a password, so that it is found encoded and escaped too.
        let mut settings = ConnectionSettings::new("", 0, "", "");
        settings.password = Some(Secret::new(secret));
        self.connection(settings);
    }

    /// The text without the secrets.
    pub fn apply(&self, text: &str) -> String {
        self.connections.iter().fold(text.to_owned(), |text, settings| settings.redact(&text))
    }
}

/// What is shorter would make words unreadable and is no secret worth having.
const SHORTEST: usize = 6;

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    const PARTS: [&str; 9] = [
        "TOKEN",
        "SECRET",
        "PASSWORD",
        "PASSWD",
        "PASSPHRASE",
        "API_KEY",
        "ACCESS_KEY",
        "PRIVATE_KEY",
        "SERVICE_ROLE_KEY",
    ];
    name.ends_with("_PASS") || PARTS.iter().any(|part| name.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_s_password_is_found_in_each_form() {
        let mut redaction = Redaction::default();
        redaction.url("postgres://u:p%40ss%2Fw0rd@h/d");
        assert_eq!(redaction.apply("p@ss/w0rd and p%40ss%2Fw0rd at h/d"), "*** and *** at h/d");
    }

    #[test]
    fn what_cannot_be_read_is_hidden_all_the_same() {
        let mut redaction = Redaction::default();
        redaction.variable("DATABASE_URL", "postgres://u:a/b@c#d%rd@h:port/d".to_owned());
        redaction.variable("REDIS_URL", "redis://:hunter%2F2@cache".to_owned());
        redaction.variable("DSN", "host=h password='it is' pasword=misspelt".to_owned());
        let said = redaction.apply("a/b@c#d%rd a%2Fb%40c%23d%25rd hunter/2 hunter%2f2 it is misspelt h");
        assert_eq!(said, "*** *** *** *** *** *** h");
    }

    #[test]
    fn names_of_secrets() {
        assert!(is_secret("GITHUB_TOKEN") && is_secret("supabase_service_role_key") && is_secret("PGPASSWORD"));
        assert!(!is_secret("PATH") && !is_secret("KEYBOARD"));
    }
}

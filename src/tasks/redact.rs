//! What must not be told or recorded.

use std::env;

use crate::postgres::ConnectionSettings;

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

    /// Adds what a variable holds, where it is a URL with a password or named
    /// as a secret.
    pub fn variable(&mut self, name: &str, value: String) {
        if value.contains("://") {
            self.url(&value);
        } else if is_secret(name) && value.len() >= SHORTEST {
            // As a password, so that it is found encoded and escaped too.
            let mut settings = ConnectionSettings::new("", 0, "", "");
            settings.password = Some(crate::postgres::Secret::new(value));
            self.connections.push(settings);
        }
    }

    /// Adds the password of a URL, where it has one.
    pub fn url(&mut self, url: &str) {
        if let Ok(settings) = ConnectionSettings::parse(url) {
            self.connection(settings);
        }
    }

    /// Adds the password of a connection, where it has one.
    pub fn connection(&mut self, settings: ConnectionSettings) {
        if settings.password.is_some() && !self.connections.contains(&settings) {
            self.connections.push(settings);
        }
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
    ["TOKEN", "SECRET", "PASSWORD", "PASSWD", "API_KEY", "PRIVATE_KEY", "SERVICE_ROLE_KEY"]
        .iter()
        .any(|part| name.contains(part))
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
    fn names_of_secrets() {
        assert!(is_secret("GITHUB_TOKEN") && is_secret("supabase_service_role_key") && is_secret("PGPASSWORD"));
        assert!(!is_secret("PATH") && !is_secret("KEYBOARD"));
    }
}

//! Which parts of a text are passwords, as they are written there: also of a
//! URL that is nobody's, or that cannot be read.

use super::parameters::SECRET;
use super::{percent_decode, unwrap_paste};

/// The passwords that a connection string holds, each as it is written and, at
/// once after it, as it is meant where that is something else. Empty where the
/// text is no connection string.
///
/// It asks for less than [`super::ConnectionSettings::parse`] does: what that
/// refuses is shown to people as well.
pub fn passwords(text: &str) -> Vec<String> {
    let text = unwrap_paste(text);
    let mut found = Vec::new();
    match text.split_once("://") {
        Some((scheme, rest)) => {
            let is_postgres = scheme.to_ascii_lowercase().starts_with("postgres");
            // A raw password may hold anything, an `@` and a `?` too.
            if let Some((userinfo, _)) = rest.rsplit_once('@') {
                // Of other schemes it may be a token alone, which no user is
                // as long as.
                let alone = if is_postgres || userinfo.len() < TOKEN { "" } else { userinfo };
                add(&mut found, userinfo.split_once(':').map_or(alone, |(_, password)| password));
            }
            let query = rest.split_once('?').map_or("", |(_, query)| query);
            for (key, value) in query.split(['&', '?']).filter_map(|pair| pair.split_once('=')) {
                if is_secret(key) {
                    add(&mut found, value);
                }
            }
        }
        None => {
            for (at, _) in text.match_indices('=') {
                let key = text[..at].trim_end().rsplit(|c: char| c.is_whitespace() || c == ';').next();
                if key.is_some_and(is_secret) {
                    let value = text[at + 1..].trim_start();
                    let value = match value.strip_prefix('\'') {
                        Some(quoted) => quoted.split_once('\'').map_or(quoted, |(value, _)| value),
                        None => value.split([' ', ';', '\n', '\t']).next().unwrap_or(value),
                    };
                    add(&mut found, value);
                }
            }
        }
    }
    found
}

/// How long a token is, at least.
const TOKEN: usize = 16;

fn is_secret(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    SECRET.contains(&key.as_str()) || ["pwd", "api_key", "apikey", "token", "secret"].contains(&key.as_str())
}

fn add(found: &mut Vec<String>, written: &str) {
    if written.is_empty() {
        return;
    }
    found.push(written.to_owned());
    let meant = percent_decode(written, "the password", true).unwrap_or_default();
    if meant != written && !meant.is_empty() {
        found.push(meant);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_found_where_nothing_can_be_read() {
        for (text, expected) in [
            ("postgres://u:p%40ss@h/d", &["p%40ss", "p@ss"][..]),
            ("postgres://u:a/b@c#d%rd@h:port/d", &["a/b@c#d%rd"]),
            ("postgresql+other://u:pw@h/d?sslpassword=more", &["pw", "more"]),
            ("redis://:hunter2@cache:6379", &["hunter2"]),
            ("https://ghp_0123456789abcdef@example.com/x.git", &["ghp_0123456789abcdef"]),
            ("ssh://git@example.com/x.git", &[]),
            ("host=h password='a b' user=u", &["a b"]),
            ("Host=h;Username=u;Password=hunter2;Database=d", &["hunter2"]),
            ("postgres://u@h/d", &[]),
            ("manifests/shop", &[]),
            ("amplify.strategy=postgres", &[]),
        ] {
            assert_eq!(passwords(text), expected, "{text}");
        }
    }
}

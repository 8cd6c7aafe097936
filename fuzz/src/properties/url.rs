//! What people paste as a connection string is settings or an error that says
//! what to write; whatever it is, nobody is told a password.

use crate::postgres::ConnectionSettings;
use crate::postgres::url::{is_connection_string, passwords};

/// A password that no message holds by itself.
const CANARY: &str = "Zq7xKw9v";

/// # Panics
/// Where it does not hold.
pub fn holds(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let _ = (is_connection_string(&text), passwords(&text));
    told(&text, None);
    // A fuzzer learns the canary, and then it is no secret that was given. What is
    // told may have another case (a scheme has), and so is looked through in one.
    if text.to_lowercase().contains(&CANARY.to_lowercase()) {
        return;
    }
    // The same with a canary where passwords are, between what was given.
    let (before, after) = text.split_at(text.char_indices().nth(text.chars().count() / 2).map_or(0, |(at, _)| at));
    for text in [
        format!("postgres://me:{before}{CANARY}{after}@localhost/db"),
        format!("postgres://me:{CANARY}@{before}/{after}"),
        format!("postgres://me@{before}/db?password={CANARY}&{after}"),
        format!("{before}password={CANARY}{after}"),
        format!("host=localhost password='{before}{CANARY}' {after}"),
    ] {
        told(&text, Some(CANARY));
    }
}

/// What is told of a string holds no part that may be secret.
fn told(text: &str, canary: Option<&str>) {
    match ConnectionSettings::parse(text) {
        Err(error) => {
            for said in [error.to_string(), format!("{error:?}")] {
                let said = said.to_lowercase();
                assert!(canary.is_none_or(|canary| !said.contains(&canary.to_lowercase())), "{text:?}: {said}");
            }
        }
        Ok(settings) => {
            // A canary that a fuzzer has learned may be in any parameter beside.
            if let (Some(canary), Some(password)) = (canary, &settings.password)
                && password.expose().contains(canary)
            {
                let password = password.expose();
                let place = settings.place();
                assert!(!format!("{settings:?}").contains(CANARY) || is_elsewhere(&settings), "{text:?}");
                assert!(!settings.redact(password).contains(CANARY), "{text:?}");
                if !place.contains(CANARY) {
                    let shown = settings.redact(&format!("cannot connect to {place} with {text}"));
                    assert!(!shown.contains(CANARY) || is_elsewhere(&settings), "{text:?}: {shown}");
                }
            }
            let _ = settings.hints();
        }
    }
}

/// Whether what stands for the password is also what something else is called.
fn is_elsewhere(settings: &ConnectionSettings) -> bool {
    let named = [&settings.host, &settings.user, &settings.dbname, &settings.application_name];
    named.iter().any(|name| name.contains(CANARY))
}

//! Which database is meant, before it is opened: the URL, and where there is
//! none, the scratch server in its place.

use std::net::IpAddr;

use super::Subject;
use super::check::{Check, Findings};
use crate::postgres::scratch::{self, Located};
use crate::postgres::{ConnectionSettings, ScratchError, SslMode};
use crate::workspace::wanted::Target;
use crate::workspace::{Workspace, database};

/// What a scratch server would run, or why there is none.
pub(super) type Scratch = Result<Located, ScratchError>;

/// Looks for the programs of a scratch server, and fetches none.
pub(super) fn scratch() -> Scratch {
    scratch::locate(&scratch::Options::default())
}

pub(super) fn scratch_check(scratch: &Scratch) -> Check {
    let name = "scratch server";
    match scratch {
        Ok(located) => Check::good(name, would_run(located)),
        Err(error) => Check::warning(
            name,
            error.to_string(),
            "until then, --scratch and the rehearsal of SQL (--verify) cannot be had",
        ),
    }
}

fn would_run(located: &Located) -> String {
    match located {
        Located::Here(binaries) => format!("Postgres {} in {}", binaries.version, binaries.folder.display()),
        Located::WouldFetch { package, version } => {
            format!("Postgres {version}, which npm would fetch once (package {package})")
        }
    }
}

/// What a session is to be opened with.
pub(super) enum Address {
    /// A scratch server was asked for.
    Scratch,
    Database {
        url: String,
        settings: Box<ConnectionSettings>,
    },
    /// There is none to open, which the checks say.
    None,
}

const NAME: &str = "database URL";

/// The URL: whether it is there, where it comes from, and what of it looks
/// wrong before anything was tried.
pub(super) fn look(
    workspace: &Workspace,
    subject: &Subject,
    target: Target<'_>,
    scratch: &Scratch,
) -> (Vec<Check>, Address) {
    if target.scratch {
        return (vec![Check::good(NAME, "none is needed: a scratch server was asked for")], Address::Scratch);
    }
    let mut passed_over = None;
    let (place, url) = match (target.url, &subject.settings) {
        (Some(url), _) => ("--database-url".to_owned(), url.to_owned()),
        (None, None) => {
            let why = "project.yaml has mistakes, and may name the variable";
            return (vec![Check::not_made(NAME, why, "correct project.yaml, or pass --database-url")], Address::None);
        }
        (None, Some(project)) => match database::named_url(&workspace.root, Some(project)) {
            Ok(named) => {
                passed_over = named.passed_over.map(|other| (named.variable.clone(), other));
                let file = named.file.map_or_else(|| "the environment".to_owned(), |file| subject.places.shown(&file));
                (format!("{} from {file}", named.variable), named.url)
            }
            Err(database::Error::NoUrl(names)) => return (vec![without(&names, scratch)], Address::None),
            Err(error) => {
                return (
                    vec![Check::bad(NAME, error.to_string(), "write each line of it as KEY=VALUE")],
                    Address::None,
                );
            }
        },
    };
    let settings = match ConnectionSettings::parse(&url) {
        Ok(settings) => settings,
        // Neither quotes a value of the URL, for it may be a secret.
        Err(error) => {
            let fix = "write postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=verify-full";
            return (vec![Check::bad(NAME, format!("{place}: {error}"), fix)], Address::None);
        }
    };
    let mut findings = Findings::default();
    for hint in settings.hints() {
        findings.warning(format!("{place}: {hint}"), "correct the URL");
    }
    for warning in &settings.warnings {
        findings.warning(format!("{place}: {warning}"), "take the parameter out of the URL, or let it be");
    }
    if let Some((taken, other)) = passed_over {
        let note = format!("{other}, the project's own variable, holds another URL, and {taken} goes before it");
        findings.warning(note, format!("unset {taken}, or pass --database-url, where {other} is meant"));
    }
    let user = &settings.user;
    let checks = vec![
        findings.into_check(NAME, format!("{place}: {user} at {}", settings.place())).redacted(&settings),
        tls(&settings).redacted(&settings),
    ];
    (checks, Address::Database { url, settings: Box::new(settings) })
}

fn without(names: &[String], scratch: &Scratch) -> Check {
    let names = names.join(" or ");
    match scratch {
        Ok(located) => {
            let note =
                format!("{names} is not set: run and run-chain would use a scratch server ({})", would_run(located));
            let fix =
                "for a database of yours, set it in the environment or in .env; --scratch looks at the scratch server";
            Check::warning(NAME, note, fix)
        }
        Err(_) => {
            let note =
                format!("{names} is not set, and no scratch server can be had: nothing that needs a database runs");
            Check::bad(NAME, note, "set it in the environment or in .env, or install Postgres as said above")
        }
    }
}

/// Whether the server is verified to be the one that is meant.
fn tls(settings: &ConnectionSettings) -> Check {
    let name = "TLS";
    let mode = settings.sslmode;
    if settings.is_unix_socket() {
        return Check::good(name, "not needed: a socket of this machine");
    }
    if is_local(settings) {
        return Check::good(name, format!("sslmode={}, to this machine", mode.as_str()));
    }
    let weakness = match mode {
        SslMode::VerifyFull => return Check::good(name, "sslmode=verify-full: the server is verified"),
        SslMode::VerifyCa => "does not verify the server's name",
        SslMode::Require => "encrypts, and does not verify who the server is",
        SslMode::Prefer | SslMode::Allow => "may go without encryption, and does not verify who the server is",
        SslMode::Disable => "sends all in the clear, the rows too",
    };
    let fix = "write sslmode=verify-full in the URL; where an authority of your own signs, with sslrootcert=FILE";
    Check::warning(name, format!("sslmode={} {weakness}", mode.as_str()), fix)
}

fn is_local(settings: &ConnectionSettings) -> bool {
    let address = settings.hostaddr.or_else(|| settings.host.parse::<IpAddr>().ok());
    match address {
        Some(address) => address.is_loopback(),
        None => settings.host.eq_ignore_ascii_case("localhost"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Outcome;

    #[test]
    fn what_does_not_verify_a_host_that_is_not_here_is_a_warning() {
        for (url, expected) in [
            ("postgres://u@db.example.com/d?sslmode=verify-full", Outcome::Good),
            ("postgres://u@db.example.com/d?sslmode=verify-ca", Outcome::Warning),
            ("postgres://u@db.example.com/d?sslmode=require", Outcome::Warning),
            ("postgres://u@db.example.com/d?sslmode=prefer", Outcome::Warning),
            ("postgres://u@db.example.com/d?sslmode=disable", Outcome::Warning),
            ("postgres://u@localhost/d?sslmode=disable", Outcome::Good),
            ("postgres://u@127.0.0.1/d?sslmode=disable", Outcome::Good),
            ("postgres://u@[::1]/d?sslmode=disable", Outcome::Good),
            ("postgres://u@localhost/d?hostaddr=192.0.2.1&sslmode=disable", Outcome::Warning),
            ("postgres://u@%2Frun%2Fpg/d?sslmode=disable", Outcome::Good),
        ] {
            let check = tls(&ConnectionSettings::parse(url).unwrap());
            assert_eq!(check.outcome, expected, "{url}: {}", check.note);
            assert_eq!(check.fix.is_some(), expected != Outcome::Good);
        }
    }
}

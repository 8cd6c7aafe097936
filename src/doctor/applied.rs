//! The migrations on disk against those that the database has had.

use super::Subject;
use super::check::{Check, Findings, some_of};
use super::files::counted;
use super::live::Live;
use crate::postgres::Session;
use crate::tasks::ledger::{self, Decision};

const LEDGER: &str = "migrations applied";

/// Whether migrations are still to be applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pending {
    Some,
    None,
    Unknown,
}

/// Compares the files with the ledger, which is not made where it is not there.
pub(super) fn look(live: &mut Live, subject: &Subject) -> (Check, Pending) {
    let prefix = format!("{}/", subject.name());
    let options = ledger::Options::default();
    let ask = |session: &mut Session| {
        let planned = ledger::plan(session, &subject.migrations, &options)?;
        Ok((planned, ledger::recorded(session, &prefix)?))
    };
    let asked = live.read(ask, ledger::Error::is_lost);
    let (planned, recorded) =
        match asked.map_err(not_read).and_then(|asked| asked.map_err(|error: ledger::Error| judge(&error))) {
            Ok(answers) => answers,
            Err(check) => {
                let pending = if subject.migrations.is_empty() { Pending::None } else { Pending::Unknown };
                return (check, pending);
            }
        };
    let mut findings = Findings::default();
    let mut pending = Vec::new();
    let mut applied = 0;
    for migration in planned {
        match migration.decision {
            Decision::Apply => pending.push(migration.name),
            Decision::Skip { .. } => applied += 1,
            // Its faults are told with the files; here it is one to come.
            Decision::Refuse(ledger::Error::Faults(_)) => pending.push(migration.name),
            Decision::Refuse(error) => findings.bad(error.to_string(), "choose one of the ways that the line names"),
        }
    }
    let is_known = |name: &str| subject.migrations.iter().any(|migration| migration.name == name);
    // One that is there and has no task is told with the files.
    let is_there = |name: &str| name.strip_prefix(&prefix).is_some_and(|file| subject.places.find(file).is_some());
    let gone: Vec<String> = recorded.into_iter().filter(|name| !is_known(name) && !is_there(name)).collect();
    if !gone.is_empty() {
        let note = format!("applied, and gone from disk: {}", some_of(&gone));
        findings.warning(note, "put the file back from version control: who starts anew would not have what it made");
    }
    // A new scratch server has had none.
    if !pending.is_empty() && !live.is_scratch() {
        let fix = format!("schemacast run-chain {} applies them", subject.name());
        findings.warning(format!("pending: {}", some_of(&pending)), fix);
    }
    let state = if pending.is_empty() { Pending::None } else { Pending::Some };
    let good = match (applied, pending.len()) {
        (0, 0) => "there are none".to_owned(),
        (0, pending) => format!("none yet on this new scratch server; a chain applies {}", counted(pending, "file")),
        (applied, _) => format!("all: {}", counted(applied, "file")),
    };
    (findings.into_check(LEDGER, good), state)
}

/// Whether another runner holds what keeps runners apart.
pub(super) fn lock(live: &mut Live) -> Check {
    let name = "lock of the ledger";
    match live.read(ledger::free, ledger::Error::is_lost) {
        Ok(Ok(())) => Check::good(name, "free"),
        Ok(Err(error @ ledger::Error::Busy { .. })) => {
            let fix =
                "wait until it is done; one that hangs is ended by its process number: SELECT pg_terminate_backend(…)";
            Check::bad(name, error.to_string(), fix)
        }
        Ok(Err(error)) => Check::not_made(name, error.to_string(), "connect as the role that applies migrations"),
        Err(why) => Check::not_made(name, why, "try again"),
    }
}

fn judge(error: &ledger::Error) -> Check {
    match error {
        ledger::Error::NotTheLedger { .. } => Check::bad(LEDGER, error.to_string(), "rename the table that is named"),
        _ => not_read(error.to_string()),
    }
}

fn not_read(why: String) -> Check {
    Check::not_made(
        LEDGER,
        why,
        "connect as the role that applies migrations, or grant SELECT on schemacast.migrations",
    )
}

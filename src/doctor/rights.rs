//! What the role may do.
//!
//! To read the catalog takes no right at all. Rows are read where a chain
//! verifies or takes a snapshot, and something is made where it migrates.

use tokio_postgres::types::Type;

use super::applied::Pending;
use super::check::{Check, Findings, some_of};
use super::live::Live;
use super::server::Facts;
use crate::codegen::manifest::Manifest;
use crate::codegen::sql::identifier;

pub(super) fn look(live: &mut Live, facts: &Facts, manifest: Option<&Manifest>, pending: Pending) -> [Check; 2] {
    let left_out: Vec<&str> = manifest
        .map(|manifest| manifest.left_out.iter().map(|left_out| left_out.schema.as_str()).collect())
        .unwrap_or_default();
    [read(live, facts, &left_out), create(live, facts, &left_out, pending)]
}

fn read(live: &mut Live, facts: &Facts, left_out: &[&str]) -> Check {
    let name = "right to read";
    let role = identifier(&facts.role);
    let parameters = [(&left_out as _, Type::TEXT_ARRAY)];
    let unreadable = live.texts("look for what cannot be read", include_str!("sql/unreadable.sql"), &parameters);
    let hidden = live.texts("look for rows that are hidden", include_str!("sql/hidden_rows.sql"), &parameters);
    let (unreadable, hidden) = match (unreadable, hidden) {
        (Ok(unreadable), Ok(hidden)) => (unreadable, hidden),
        (Err(why), _) | (_, Err(why)) => return Check::not_made(name, why, "try again, or as the owner"),
    };
    if !unreadable.is_empty() {
        let note = format!(
            "{role} cannot read {}; the catalog is open all the same, and `verify` and snapshots read rows",
            some_of(&unreadable)
        );
        let fix = format!("GRANT USAGE ON SCHEMA … TO {role}; GRANT SELECT ON ALL TABLES IN SCHEMA … TO {role}");
        return Check::warning(name, note, fix);
    }
    let mut note = format!("{role} may read every table and view");
    if facts.superuser {
        note.push_str("; a superuser, so what it may do shows nothing of what others may");
    } else if facts.bypasses_rls {
        note.push_str("; it sees all rows (BYPASSRLS)");
    } else if !hidden.is_empty() {
        note.push_str(&format!("; policies show it some rows only of {}", some_of(&hidden)));
    }
    Check::good(name, note)
}

fn create(live: &mut Live, facts: &Facts, left_out: &[&str], pending: Pending) -> Check {
    let name = "right to create";
    let role = identifier(&facts.role);
    let parameters = [(&left_out as _, Type::TEXT_ARRAY)];
    let ledger = live.texts("look at the rights on the ledger", include_str!("sql/ledger_rights.sql"), &[]);
    let schemas = live.texts("look at the rights on schemas", include_str!("sql/no_create.sql"), &parameters);
    let (ledger, schemas) = match (ledger, schemas) {
        (Ok(ledger), Ok(schemas)) => (ledger, schemas),
        (Err(why), _) | (_, Err(why)) => return Check::not_made(name, why, "try again, or as the owner"),
    };
    if pending == Pending::None {
        let may = facts.creates_in_database && ledger.is_empty() && schemas.is_empty();
        let note = if may { "everywhere" } else { "not everywhere, and no migration is pending" };
        return Check::good(name, note);
    }
    let mut findings = Findings::default();
    if !ledger.is_empty() {
        let note = format!("migrations are pending, and {role} lacks {}, which the ledger needs", ledger.join(", "));
        let fix = format!(
            "connect as the owner, or: GRANT CREATE ON DATABASE {} TO {role} (where the ledger is there: ALL ON ALL \
             TABLES IN SCHEMA schemacast)",
            identifier(&facts.database)
        );
        findings.bad(note, fix);
    }
    if !schemas.is_empty() {
        let note = format!("{role} can make nothing in the schema {}", some_of(&schemas));
        findings.warning(note, format!("where a migration does: GRANT CREATE ON SCHEMA … TO {role}"));
    }
    if !facts.creates_in_database && ledger.is_empty() {
        let note = format!("{role} can make no schema in the database {}", facts.database);
        let fix = format!("where a migration does: GRANT CREATE ON DATABASE {} TO {role}", identifier(&facts.database));
        findings.warning(note, fix);
    }
    findings.into_check(name, "in the database and in every schema")
}

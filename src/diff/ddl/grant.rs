//! Privileges: GRANT, REVOKE and ALTER DEFAULT PRIVILEGES.
//!
//! A manifest lists how privileges differ from the usual ones, so that to drop
//! a [`Grant`] is to go back to these. Nothing here loses data.
//!
//! A privilege that another role than the owner granted is granted, and
//! revoked, by that role: `SET ROLE x`, the statement, `RESET ROLE`. The server
//! takes GRANTED BY for the current role only, and SET SESSION AUTHORIZATION,
//! as pg_dump has it, needs a superuser, which hosts do not give; SET ROLE asks
//! only for membership in the role.

use std::collections::{BTreeMap, BTreeSet};

mod lists;
#[cfg(test)]
mod tests;

pub use lists::{Lists, alter_all, alter_lists, create_all, lists};

use super::Statement;
use crate::codegen::manifest::{DefaultPrivilege, Grant, Kind, ObjectId};
use crate::codegen::sql::identifier;

/// The statements that give a role the privileges that `grant` lists on the
/// object `on`, which has its usual ones. None for a kind of object that has no
/// privileges.
pub fn create(on: &ObjectId, grant: &Grant) -> Vec<Statement> {
    alter(on, None, Some(grant))
}

/// The statements that give a role its usual privileges on `on` back.
pub fn drop(on: &ObjectId, grant: &Grant) -> Vec<Statement> {
    alter(on, Some(grant), None)
}

/// The statements that turn the privileges of one role, granted by one role,
/// into others; `None` stands for the usual ones. Both sides name the same role
/// and grantor.
///
/// Where a table's privileges change, too, a column's need [`alter_lists`]: to
/// revoke on the table revokes on its columns.
pub fn alter(on: &ObjectId, from: Option<&Grant>, to: Option<&Grant>) -> Vec<Statement> {
    let Some(grant) = from.or(to) else { return Vec::new() };
    let Some(target) = Target::of(on) else { return Vec::new() };
    let steps = Steps::between(&states(from), &states(to));
    let mut statements = target.revoke(&steps, grant);
    statements.extend(target.grant(&steps, grant));
    by_grantor(grant, statements)
}

/// ALTER DEFAULT PRIVILEGES, so that they differ from the built-in ones as told.
pub fn create_default(privilege: &DefaultPrivilege) -> Vec<Statement> {
    alter_all(&ObjectId::default_privilege(privilege), &[], &privilege.grants)
}

/// ALTER DEFAULT PRIVILEGES back to the built-in ones.
pub fn drop_default(privilege: &DefaultPrivilege) -> Vec<Statement> {
    alter_all(&ObjectId::default_privilege(privilege), &privilege.grants, &[])
}

/// The object that a grant with the identity `id` is on: what `id` says before
/// its role.
pub fn object_of(id: &ObjectId, grant: &Grant) -> Option<ObjectId> {
    // The role and its grantor are written as they are for any other object.
    let nothing = ObjectId { kind: Kind::Grant, path: String::new() };
    let behind = nothing.grant(&grant.role, grant.grantor.as_deref()).path.replacen(&nothing.to_string(), "", 1);
    ObjectId::parse(id.path.strip_suffix(&behind)?)
}

/// How a role has a privilege, where it is not as usual.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Held,
    Grantable,
    Revoked,
}

fn states(grant: Option<&Grant>) -> BTreeMap<&str, State> {
    let Some(grant) = grant else { return BTreeMap::new() };
    let lists =
        [(&grant.privileges, State::Held), (&grant.grantable, State::Grantable), (&grant.revoked, State::Revoked)];
    lists.into_iter().flat_map(|(list, state)| list.iter().map(move |word| (word.as_str(), state))).collect()
}

/// Which privileges go and come.
#[derive(Debug, Default)]
struct Steps<'a> {
    revoke: Vec<&'a str>,
    revoke_grant_option: Vec<&'a str>,
    grant: Vec<&'a str>,
    grant_with_option: Vec<&'a str>,
}

impl<'a> Steps<'a> {
    fn between(from: &BTreeMap<&'a str, State>, to: &BTreeMap<&'a str, State>) -> Self {
        let mut steps = Self::default();
        for word in from.keys().chain(to.keys()).copied().collect::<BTreeSet<_>>() {
            match (from.get(word), to.get(word)) {
                (from, to) if from == to => {}
                (_, Some(State::Grantable)) => steps.grant_with_option.push(word),
                (Some(State::Grantable), Some(State::Held)) => steps.revoke_grant_option.push(word),
                // To what is usual: what is revoked is usual.
                (_, Some(State::Held)) | (Some(State::Revoked), None) => steps.grant.push(word),
                (_, Some(State::Revoked)) | (_, None) => steps.revoke.push(word),
            }
        }
        steps
    }
}

/// What stands behind ON.
struct Target {
    /// `ALTER DEFAULT PRIVILEGES … `, or nothing.
    before: String,
    /// ` (column)`, behind each privilege, or nothing.
    columns: String,
    /// `TABLE crm.contacts`.
    object: String,
}

impl Target {
    fn of(on: &ObjectId) -> Option<Self> {
        let path = on.path.as_str();
        let plain =
            |word: &str| Self { before: String::new(), columns: String::new(), object: format!("{word} {path}") };
        Some(match on.kind {
            Kind::Table | Kind::ForeignTable | Kind::Partition | Kind::View | Kind::MaterializedView => plain("TABLE"),
            Kind::Column => {
                let (table, column) = split_last(path)?;
                Self { before: String::new(), columns: format!(" ({column})"), object: format!("TABLE {table}") }
            }
            Kind::Sequence => plain("SEQUENCE"),
            // The server counts aggregates and window functions as functions here.
            Kind::Function | Kind::Aggregate | Kind::WindowFunction => plain("FUNCTION"),
            Kind::Procedure => plain("PROCEDURE"),
            Kind::Enum | Kind::Composite | Kind::Range => plain("TYPE"),
            Kind::Domain => plain("DOMAIN"),
            Kind::Schema => plain("SCHEMA"),
            Kind::Language => plain("LANGUAGE"),
            Kind::ForeignDataWrapper => plain("FOREIGN DATA WRAPPER"),
            Kind::Server => plain("FOREIGN SERVER"),
            Kind::DefaultPrivilege => {
                let (role, objects) = path.strip_prefix("FOR ")?.rsplit_once(" ON ")?;
                Self {
                    before: format!("ALTER DEFAULT PRIVILEGES FOR ROLE {role} "),
                    columns: String::new(),
                    object: objects.to_uppercase(),
                }
            }
            _ => return None,
        })
    }

    fn revoke(&self, steps: &Steps<'_>, grant: &Grant) -> Vec<Statement> {
        let statement = |option: &str, words: &[&str]| self.statement("REVOKE", option, words, "FROM", grant, "");
        statement("", &steps.revoke)
            .into_iter()
            .chain(statement("GRANT OPTION FOR ", &steps.revoke_grant_option))
            .collect()
    }

    fn grant(&self, steps: &Steps<'_>, grant: &Grant) -> Vec<Statement> {
        let statement = |words: &[&str], option: &str| self.statement("GRANT", "", words, "TO", grant, option);
        let with_option = statement(&steps.grant_with_option, " WITH GRANT OPTION");
        statement(&steps.grant, "").into_iter().chain(with_option).collect()
    }

    fn statement(
        &self,
        verb: &str,
        before: &str,
        words: &[&str],
        preposition: &str,
        grant: &Grant,
        behind: &str,
    ) -> Option<Statement> {
        if words.is_empty() {
            return None;
        }
        let Self { before: start, columns, object } = self;
        let privileges: Vec<String> = words.iter().map(|word| format!("{}{columns}", word.to_uppercase())).collect();
        let (privileges, role) = (privileges.join(", "), role(&grant.role));
        Some(Statement::new(format!("{start}{verb} {before}{privileges} ON {object} {preposition} {role}{behind}")))
    }
}

fn by_grantor(grant: &Grant, statements: Vec<Statement>) -> Vec<Statement> {
    let Some(grantor) = grant.grantor.as_deref().filter(|_| !statements.is_empty()) else { return statements };
    let mut all = vec![Statement::new(format!("SET ROLE {}", identifier(grantor)))];
    all.extend(statements);
    all.push(Statement::new("RESET ROLE"));
    all
}

fn role(name: &str) -> String {
    // No role can have this name: the server keeps it for PUBLIC.
    if name == "public" { "PUBLIC".to_owned() } else { identifier(name) }
}

/// A path without its last name, and that name, both as they are quoted.
fn split_last(path: &str) -> Option<(&str, &str)> {
    let mut quoted = false;
    let mut last = None;
    for (at, character) in path.char_indices() {
        match character {
            '"' => quoted = !quoted,
            '.' if !quoted => last = Some(at),
            _ => {}
        }
    }
    last.map(|at| (&path[..at], &path[at + 1..]))
}

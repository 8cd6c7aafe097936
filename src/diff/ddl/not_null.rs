//! The constraints behind NOT NULL: of columns since server 18, of domains
//! since 17. Older servers have the words and nothing to name, comment or
//! validate, and their manifests have no constraint here.

use super::{Alter, Statement, column, comment};
use crate::codegen::manifest::{Column, Domain, Kind, NotNull, Table, chosen_name};
use crate::codegen::sql::{identifier, qualified};
use crate::diff::object::Relation;

/// What a new column's NOT NULL has that stands neither in CREATE TABLE nor in
/// ADD COLUMN: NOT VALID and a comment.
pub fn settings(on: &Relation<'_>, column: &Column) -> Vec<Statement> {
    let Some(constraint) = column.not_null_constraint.as_ref().filter(|_| column.not_null) else { return Vec::new() };
    let added = constraint.not_valid.then(|| add(on, column));
    added.into_iter().chain(commented(on, column)).collect()
}

/// `CONSTRAINT name NOT NULL column`, as CREATE TABLE takes it beside the
/// columns: what a child has of its own for a column that it inherits.
pub fn of_child(on: &Relation<'_>, column: &Column) -> String {
    let no_inherit = if own(column).no_inherit { " NO INHERIT" } else { "" };
    format!("CONSTRAINT {} NOT NULL {}{no_inherit}", identifier(&name(on, column)), identifier(&column.name))
}

/// A column of a table that becomes a partition of another: the NOT NULL that
/// it has of its parent has the parent's name, unless it has one of its own.
pub fn as_parents(column: Column, parent: &Table) -> Column {
    let constraint = own(&column);
    let parents = parent.column(&column.name).filter(|parents| parents.not_null && column.not_null);
    let Some(parents) = parents.filter(|_| constraint.name.is_none()) else { return column };
    let of_parent = Relation { kind: Kind::Table, schema: "", name: &parent.name };
    let name = Some(name(&of_parent, parents));
    Column { not_null_constraint: Some(Box::new(NotNull { name, ..constraint })), ..column }
}

/// How one column's NOT NULL becomes another's, all of it.
pub fn alter(on: &Relation<'_>, from: &Column, to: &Column) -> Alter {
    let (before, after) = (own(from), own(to));
    let (table, name) = (column::alter_table(on), identifier(&name(on, to)));
    let drop = Statement::new(format!("{} DROP NOT NULL", column::alter_column(on, &to.name)));
    match (from.not_null, to.not_null) {
        (false, false) => return Alter::InPlace(Vec::new()),
        (true, false) if before.inherited => return Alter::InPlace(Vec::new()),
        (true, false) => return Alter::InPlace(vec![drop]),
        // It comes with the parent's.
        (false, true) if after.inherited => return Alter::InPlace(commented(on, to).into_iter().collect()),
        (false, true) => return Alter::InPlace([add(on, to)].into_iter().chain(commented(on, to)).collect()),
        (true, true) => {}
    }
    if after.inherited && !before.inherited {
        return Alter::Impossible(format!(
            "that {} has its NOT NULL by itself is not taken back while a parent has it too; drop it on both and set \
             it on the parent",
            to.name
        ));
    }
    if after.not_valid && !before.not_valid {
        return Alter::InPlace([drop, add(on, to)].into_iter().chain(commented(on, to)).collect());
    }
    let mut statements = Vec::new();
    if before.inherited && !after.inherited {
        statements.push(Statement::new(format!("{} SET NOT NULL", column::alter_column(on, &to.name))));
    }
    // An inherited one is named, validated and passed on by the parent.
    if !after.inherited {
        let old = identifier(&self::name(on, from));
        // A partition's has its parent's name, or keeps its own: see `plan`.
        if old != name && on.kind != Kind::Partition {
            statements.push(Statement::new(format!("{table} RENAME CONSTRAINT {old} TO {name}")));
        }
        if before.no_inherit != after.no_inherit {
            let word = if after.no_inherit { "NO INHERIT" } else { "INHERIT" };
            statements.push(Statement::new(format!("{table} ALTER CONSTRAINT {name} {word}")));
        }
        if before.not_valid && !after.not_valid {
            statements.push(Statement::new(format!("{table} VALIDATE CONSTRAINT {name}")));
        }
    }
    if before.comment != after.comment {
        statements.push(comment_on(on, to));
    }
    Alter::InPlace(statements)
}

/// How one domain's NOT NULL becomes another's, all of it.
pub fn alter_domain(schema: &str, from: &Domain, to: &Domain) -> Vec<Statement> {
    let domain = format!("ALTER DOMAIN {}", qualified(schema, &to.name));
    let constraint = |domain: &Domain| domain.not_null_constraint.clone().unwrap_or_default();
    let (before, after) = (constraint(from), constraint(to));
    let mut statements = match (from.not_null, to.not_null) {
        (false, false) => return Vec::new(),
        (true, false) => return vec![Statement::new(format!("{domain} DROP NOT NULL"))],
        (false, true) => vec![Statement::new(match &after.name {
            Some(name) => format!("{domain} ADD CONSTRAINT {} NOT NULL", identifier(name)),
            None => format!("{domain} SET NOT NULL"),
        })],
        (true, true) if before.name != after.name => {
            let (old, new) = (identifier(&domain_name(from)), identifier(&domain_name(to)));
            vec![Statement::new(format!("{domain} RENAME CONSTRAINT {old} TO {new}"))]
        }
        (true, true) => Vec::new(),
    };
    if after.comment != before.comment.filter(|_| from.not_null) {
        statements.push(comment_on_domain(schema, to));
    }
    statements
}

/// The comment on a new domain's NOT NULL.
pub fn domain_settings(schema: &str, domain: &Domain) -> Option<Statement> {
    let commented = domain.not_null && domain.not_null_constraint.as_ref()?.comment.is_some();
    commented.then(|| comment_on_domain(schema, domain))
}

fn own(column: &Column) -> NotNull {
    column.not_null_constraint.as_deref().cloned().unwrap_or_default()
}

/// The constraint's name: its own, or the one that the server chooses.
fn name(on: &Relation<'_>, column: &Column) -> String {
    own(column).name.unwrap_or_else(|| chosen_name(on.name, Some(&column.name), "not_null"))
}

fn domain_name(domain: &Domain) -> String {
    let own = domain.not_null_constraint.as_ref().and_then(|constraint| constraint.name.clone());
    own.unwrap_or_else(|| chosen_name(&domain.name, None, "not_null"))
}

fn add(on: &Relation<'_>, column: &Column) -> Statement {
    let constraint = own(column);
    if constraint.name.is_none() && !constraint.no_inherit && !constraint.not_valid {
        return Statement::new(format!("{} SET NOT NULL", column::alter_column(on, &column.name)));
    }
    let name = constraint.name.as_deref().map(|name| format!("CONSTRAINT {} ", identifier(name))).unwrap_or_default();
    let no_inherit = if constraint.no_inherit { " NO INHERIT" } else { "" };
    let not_valid = if constraint.not_valid { " NOT VALID" } else { "" };
    let of = identifier(&column.name);
    Statement::new(format!("{} ADD {name}NOT NULL {of}{no_inherit}{not_valid}", column::alter_table(on)))
}

fn commented(on: &Relation<'_>, column: &Column) -> Option<Statement> {
    own(column).comment.is_some().then(|| comment_on(on, column))
}

fn comment_on(on: &Relation<'_>, column: &Column) -> Statement {
    let target = format!("{} ON {}", identifier(&name(on, column)), qualified(on.schema, on.name));
    Statement::new(comment::statement("CONSTRAINT", &target, own(column).comment.as_deref()))
}

fn comment_on_domain(schema: &str, domain: &Domain) -> Statement {
    let comment = domain.not_null_constraint.as_ref().and_then(|constraint| constraint.comment.as_deref());
    let target = format!("{} ON DOMAIN {}", identifier(&domain_name(domain)), qualified(schema, &domain.name));
    Statement::new(comment::statement("CONSTRAINT", &target, comment))
}

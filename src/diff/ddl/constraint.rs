//! Keys, foreign keys, checks and exclusion constraints of tables.

use super::{Alter, Statement, column, text};
use crate::codegen::manifest::{Check, Exclusion, ForeignKey, Key, Seldom};
use crate::codegen::sql::{self, identifier, parenthesised};
use crate::diff::object::Relation;

/// ADD PRIMARY KEY or UNIQUE.
pub fn create_key(on: &Relation<'_>, key: &Key, primary: bool) -> Vec<Statement> {
    let kind = if primary { "PRIMARY KEY" } else { "UNIQUE" };
    let plain = Key { options: Seldom::default(), deferrable: false, initially_deferred: false, ..key.clone() };
    let mut definition = sql::key(&plain, kind);
    if !key.options.is_empty() {
        definition.push_str(&format!(" WITH ({})", text::options(&key.options)));
    }
    if let Some(tablespace) = key.tablespace.as_deref() {
        definition.push_str(&format!(" USING INDEX TABLESPACE {}", identifier(tablespace)));
    }
    if key.deferrable {
        definition.push_str(" DEFERRABLE");
    }
    if key.initially_deferred {
        definition.push_str(" INITIALLY DEFERRED");
    }
    vec![add(on, &key.name, &definition)]
}

/// How one attribute of a key becomes another.
pub fn alter_key(on: &Relation<'_>, from: &Key, to: &Key, attribute: &str) -> Alter {
    let index = sql::qualified(on.schema, &to.name);
    match attribute {
        "options" => {
            let parts = text::changed_options(&from.options, &to.options);
            Alter::InPlace(parts.iter().map(|part| Statement::new(format!("ALTER INDEX {index} {part}"))).collect())
        }
        "tablespace" => {
            let tablespace = identifier(to.tablespace.as_deref().unwrap_or("pg_default"));
            Alter::by(format!("ALTER INDEX {index} SET TABLESPACE {tablespace}"))
        }
        "index_comment" => Alter::by(super::comment::statement("INDEX", &index, to.index_comment.as_deref())),
        _ => Alter::Recreate,
    }
}

/// ADD FOREIGN KEY.
pub fn create_foreign_key(on: &Relation<'_>, key: &ForeignKey) -> Vec<Statement> {
    vec![add(on, &key.name, &sql::foreign_key(key))]
}

/// The two statements that add it without a long lock: NOT VALID, then VALIDATE.
pub fn create_foreign_key_online(on: &Relation<'_>, key: &ForeignKey) -> Vec<Statement> {
    if key.not_valid || key.not_enforced {
        return create_foreign_key(on, key);
    }
    let unproved = ForeignKey { not_valid: true, ..key.clone() };
    vec![add(on, &key.name, &sql::foreign_key(&unproved)), validate_afterwards(on, &key.name)]
}

/// How one attribute of a foreign key becomes another.
pub fn alter_foreign_key(on: &Relation<'_>, from: &ForeignKey, to: &ForeignKey, attribute: &str) -> Alter {
    match attribute {
        // Enforcing it checks the rows that are there, too.
        "not_valid" | "not_enforced" if from.not_enforced != to.not_enforced && to.not_valid == to.not_enforced => {
            let word = if to.not_enforced { "NOT ENFORCED" } else { "ENFORCED" };
            Alter::by(format!("{} ALTER CONSTRAINT {} {word}", column::alter_table(on), identifier(&to.name)))
        }
        "not_valid" if from.not_valid && !to.not_valid && !from.not_enforced && !to.not_enforced => {
            Alter::InPlace(vec![validate(on, &to.name)])
        }
        "deferrable" | "initially_deferred" => {
            let (table, name) = (column::alter_table(on), identifier(&to.name));
            let deferrable = if to.deferrable { "DEFERRABLE" } else { "NOT DEFERRABLE" };
            let initially = if to.initially_deferred { " INITIALLY DEFERRED" } else { "" };
            Alter::by(format!("{table} ALTER CONSTRAINT {name} {deferrable}{initially}"))
        }
        _ => Alter::Recreate,
    }
}

/// ADD CHECK.
pub fn create_check(on: &Relation<'_>, check: &Check) -> Vec<Statement> {
    if check.inherited {
        return Vec::new();
    }
    vec![add(on, &check.name, &self::check(check))]
}

/// The two statements that add it without a long lock.
pub fn create_check_online(on: &Relation<'_>, check: &Check) -> Vec<Statement> {
    if check.inherited || check.not_valid || check.not_enforced {
        return create_check(on, check);
    }
    let unproved = Check { not_valid: true, ..check.clone() };
    vec![add(on, &check.name, &self::check(&unproved)), validate_afterwards(on, &check.name)]
}

/// How one attribute of a check becomes another.
pub fn alter_check(on: &Relation<'_>, from: &Check, to: &Check, attribute: &str) -> Alter {
    match attribute {
        "not_valid" if from.not_valid && !to.not_valid && !from.not_enforced && !to.not_enforced => {
            Alter::InPlace(vec![validate(on, &to.name)])
        }
        _ => Alter::Recreate,
    }
}

/// `CHECK (…) NO INHERIT NOT VALID`, also for domains.
pub fn check(check: &Check) -> String {
    // The server prints a check with its word, a person may write it without.
    let text = check.expression.trim();
    let mut definition = match text.get(..5) {
        Some(word) if word.eq_ignore_ascii_case("check") => text.to_owned(),
        _ => format!("CHECK {}", parenthesised(text)),
    };
    if check.no_inherit {
        definition.push_str(" NO INHERIT");
    }
    if check.not_enforced {
        definition.push_str(" NOT ENFORCED");
    } else if check.not_valid {
        definition.push_str(" NOT VALID");
    }
    definition
}

/// ADD EXCLUDE.
pub fn create_exclusion(on: &Relation<'_>, exclusion: &Exclusion) -> Vec<Statement> {
    let mut statements = vec![add(on, &exclusion.name, &exclusion.definition)];
    if let Some(tablespace) = &exclusion.tablespace {
        let index = sql::qualified(on.schema, &exclusion.name);
        statements.push(Statement::new(format!("ALTER INDEX {index} SET TABLESPACE {}", identifier(tablespace))));
    }
    statements
}

/// How one attribute of an exclusion constraint becomes another.
pub fn alter_exclusion(on: &Relation<'_>, to: &Exclusion, attribute: &str) -> Alter {
    let index = sql::qualified(on.schema, &to.name);
    match attribute {
        "tablespace" => {
            let tablespace = identifier(to.tablespace.as_deref().unwrap_or("pg_default"));
            Alter::by(format!("ALTER INDEX {index} SET TABLESPACE {tablespace}"))
        }
        "index_comment" => Alter::by(super::comment::statement("INDEX", &index, to.index_comment.as_deref())),
        _ => Alter::Recreate,
    }
}

/// DROP CONSTRAINT.
pub fn drop(on: &Relation<'_>, name: &str) -> Statement {
    Statement::new(format!("{} DROP CONSTRAINT {}", column::alter_table(on), identifier(name)))
}

fn add(on: &Relation<'_>, name: &str, definition: &str) -> Statement {
    let name = if name.is_empty() { String::new() } else { format!("CONSTRAINT {} ", identifier(name)) };
    Statement::new(format!("{} ADD {name}{definition}", column::alter_table(on)))
}

/// In the transaction that added the constraint it would hold that one's lock
/// for as long as the rows are read.
fn validate_afterwards(on: &Relation<'_>, name: &str) -> Statement {
    Statement { afterwards: true, ..validate(on, name) }
}

fn validate(on: &Relation<'_>, name: &str) -> Statement {
    Statement::new(format!("{} VALIDATE CONSTRAINT {}", column::alter_table(on), identifier(name)))
}

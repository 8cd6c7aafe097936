//! Columns of tables.

use super::{Alter, Statement, not_null, text};
use crate::codegen::manifest::{
    Column, Generated, GeneratedKind, Generation, Identity, Seldom, SequenceOptions, chosen_name,
};
use crate::codegen::sql::{self, identifier, parenthesised, qualified};
use crate::diff::object::Relation;

/// `name type COLLATE … GENERATED … DEFAULT … NOT NULL`, as CREATE TABLE and
/// ADD COLUMN take it. A default that needs what does not exist yet comes
/// later, by its own statement.
pub fn column(column: &Column, with_default: bool, schema: &str) -> String {
    let mut text = format!("{} {}", identifier(&column.name), column.type_name);
    if !column.foreign_options.is_empty() {
        text.push_str(&format!(" OPTIONS ({})", foreign_options(&column.foreign_options)));
    }
    if let Some(collation) = column.collation.as_deref() {
        text.push_str(&format!(" COLLATE {collation}"));
    }
    text.push_str(&constraints(column, with_default, schema));
    text
}

/// What stands behind a column's type, and behind WITH OPTIONS where the
/// column comes from a type or a parent.
pub fn constraints(column: &Column, with_default: bool, schema: &str) -> String {
    let mut text = String::new();
    if let Some(generated) = &column.generated {
        text.push_str(&format!(" {}", self::generated(generated)));
    }
    if let Some(identity) = &column.identity {
        text.push_str(&format!(" {}", self::identity(identity, schema)));
    }
    if with_default && let Some(default) = &column.default {
        text.push_str(&format!(" DEFAULT {default}"));
    }
    if column.not_null {
        match &column.not_null_constraint {
            // It comes later: CREATE TABLE has no NOT VALID.
            Some(constraint) if constraint.not_valid => {}
            Some(constraint) => {
                if let Some(name) = &constraint.name {
                    text.push_str(&format!(" CONSTRAINT {}", identifier(name)));
                }
                text.push_str(" NOT NULL");
                if constraint.no_inherit {
                    text.push_str(" NO INHERIT");
                }
            }
            None => text.push_str(" NOT NULL"),
        }
    }
    text
}

fn generated(generated: &Generated) -> String {
    let kind = match generated.kind {
        GeneratedKind::Stored => "STORED",
        GeneratedKind::Virtual => "VIRTUAL",
    };
    format!("GENERATED ALWAYS AS {} {kind}", parenthesised(&generated.expression))
}

fn identity(identity: &Identity, schema: &str) -> String {
    let generation = generation(identity.generation);
    let mut options = Vec::new();
    if let Some(sequence) = &identity.sequence {
        options.push(format!("SEQUENCE NAME {}", qualified(schema, sequence)));
    }
    // An identity's sequence always has its column's type.
    let numbers = sql::sequence(&SequenceOptions { type_name: None, ..identity.options.clone() });
    if !numbers.is_empty() {
        options.push(numbers);
    }
    let options = if options.is_empty() { String::new() } else { format!(" ({})", options.join(" ")) };
    format!("GENERATED {generation} AS IDENTITY{options}")
}

fn generation(generation: Generation) -> &'static str {
    match generation {
        Generation::Always => "ALWAYS",
        Generation::ByDefault => "BY DEFAULT",
    }
}

/// What a column has that neither CREATE TABLE nor ADD COLUMN can say.
pub fn settings(on: &Relation<'_>, column: &Column) -> Vec<Statement> {
    let plain = Column { type_name: column.type_name.clone(), name: column.name.clone(), ..Column::default() };
    let mut statements = changed_settings(on, &plain, column);
    statements.extend(not_null::settings(on, column));
    if let Some(comment) = column.identity.as_ref().and_then(|identity| identity.comment.as_ref()) {
        let sequence = identity_sequence(on, column);
        statements.push(Statement::new(format!("COMMENT ON SEQUENCE {sequence} IS {}", text::literal(comment))));
    }
    statements
}

/// What turns the settings of one column into those of another.
pub fn changed_settings(on: &Relation<'_>, from: &Column, to: &Column) -> Vec<Statement> {
    let differs = [
        ("storage", from.storage != to.storage),
        ("compression", from.compression != to.compression),
        ("statistics", from.statistics != to.statistics),
        ("options", from.options != to.options),
    ];
    let changed = differs.iter().filter(|(_, differs)| *differs).map(|(attribute, _)| alter(on, from, to, attribute));
    changed
        .flat_map(|alter| match alter {
            Alter::InPlace(statements) => statements,
            Alter::Recreate | Alter::Impossible(_) => Vec::new(),
        })
        .collect()
}

/// The sequence behind an identity column.
pub fn identity_sequence(on: &Relation<'_>, column: &Column) -> String {
    let chosen = chosen_name(on.name, Some(&column.name), "seq");
    let own = column.identity.as_ref().and_then(|identity| identity.sequence.as_deref());
    qualified(on.schema, own.unwrap_or(&chosen))
}

/// ADD COLUMN, with its settings.
pub fn create(on: &Relation<'_>, column: &Column, with_default: bool) -> Vec<Statement> {
    let definition = self::column(column, with_default, on.schema);
    let mut statements = vec![Statement::new(format!("{} ADD COLUMN {definition}", alter_table(on)))];
    statements.extend(settings(on, column));
    statements
}

/// DROP COLUMN. The values of a generated column are not lost.
pub fn drop(on: &Relation<'_>, column: &Column) -> Statement {
    let sql = format!("{} DROP COLUMN {}", alter_table(on), identifier(&column.name));
    if column.generated.is_some() { Statement::new(sql) } else { Statement::destructive(sql) }
}

/// SET DEFAULT.
pub fn create_default(on: &Relation<'_>, column: &Column) -> Statement {
    let default = column.default.as_deref().unwrap_or("NULL");
    Statement::new(format!("{} SET DEFAULT {default}", alter_column(on, &column.name)))
}

/// DROP DEFAULT.
pub fn drop_default(on: &Relation<'_>, column: &Column) -> Statement {
    Statement::new(format!("{} DROP DEFAULT", alter_column(on, &column.name)))
}

/// The statement that changes a column's type, its values going with it.
/// Where Postgres has no cast of its own accord the values go through text.
pub fn change_type(on: &Relation<'_>, from: &Column, to: &Column) -> Vec<Statement> {
    let name = identifier(&to.name);
    let collation = to.collation.as_deref().map(|collation| format!(" COLLATE {collation}")).unwrap_or_default();
    let same = from.type_name == to.type_name;
    let using = if on.kind == crate::codegen::manifest::Kind::ForeignTable || (same && from.collation != to.collation) {
        String::new()
    } else if same || !super::text::casts(&from.type_name, &to.type_name) {
        format!(" USING {name}::text::{}", to.type_name)
    } else {
        format!(" USING {name}::{}", to.type_name)
    };
    let mut statements = Vec::new();
    // A default of the old type need not cast to the new one.
    if from.default.is_some() {
        statements.push(drop_default(on, from));
    }
    let sql = format!("{} TYPE {}{collation}{using}", alter_column(on, &to.name), to.type_name);
    statements.push(Statement::new(sql));
    // The new type's storage and compression are now the column's.
    let plain = Column {
        statistics: to.statistics,
        options: to.options.clone(),
        storage: Seldom::default(),
        compression: Seldom::default(),
        ..to.clone()
    };
    statements.extend(changed_settings(on, &plain, to));
    if to.default.is_some() {
        statements.push(create_default(on, to));
    }
    statements
}

/// How one attribute of a column becomes another.
pub fn alter(on: &Relation<'_>, from: &Column, to: &Column, attribute: &str) -> Alter {
    let column = alter_column(on, &to.name);
    match attribute {
        "type" | "collation" => Alter::InPlace(change_type(on, from, to)),
        "not_null" => not_null::alter(on, from, to),
        "storage" => match to.storage.as_deref() {
            Some(storage) => Alter::by(format!("{column} SET STORAGE {}", storage.to_uppercase())),
            // SET STORAGE DEFAULT is there only from server 16 on.
            None => Alter::by(format!("{column} SET STORAGE {}", default_storage(&to.type_name))),
        },
        "compression" => {
            Alter::by(format!("{column} SET COMPRESSION {}", to.compression.as_deref().unwrap_or("DEFAULT")))
        }
        "statistics" => Alter::by(format!("{column} SET STATISTICS {}", to.statistics.unwrap_or(-1))),
        "options" => {
            let parts = text::changed_options(&from.options, &to.options);
            Alter::InPlace(parts.iter().map(|part| Statement::new(format!("{column} {part}"))).collect())
        }
        "foreign_options" => {
            let parts = changed_foreign_options(&from.foreign_options, &to.foreign_options);
            Alter::by(format!("{column} OPTIONS ({parts})"))
        }
        "inherited" => Alter::Impossible(format!(
            "whether the column {} of {} is its own or only its parent's is decided when the table is made; \
             make the table again",
            to.name,
            qualified(on.schema, on.name)
        )),
        _ if attribute.starts_with("identity.") => alter_identity(on, from, to),
        _ if attribute.starts_with("not_null_constraint.") => not_null::alter(on, from, to),
        _ if attribute.starts_with("generated.") => match (from.generated.as_deref(), to.generated.as_deref()) {
            (Some(Generated { kind: GeneratedKind::Stored, .. }), None) => {
                Alter::by(format!("{column} DROP EXPRESSION"))
            }
            // The values come from the other columns, so that nothing is lost.
            _ => Alter::Recreate,
        },
        other => Alter::Impossible(format!("schemacast does not know how to change `{other}` of a column")),
    }
}

/// SET EXPRESSION, which servers have from 17 on: the column keeps its place.
pub fn set_expression(on: &Relation<'_>, column: &Column) -> Option<Statement> {
    let expression = parenthesised(&column.generated.as_ref()?.expression);
    Some(Statement::new(format!("{} SET EXPRESSION AS {expression}", alter_column(on, &column.name))))
}

/// How values of a type that may be stored otherwise are stored by default
/// (pg_type.typstorage): nearly all such types are extended.
fn default_storage(type_name: &str) -> &'static str {
    match type_name.split('(').next().unwrap_or(type_name) {
        "numeric" | "inet" | "cidr" => "MAIN",
        "tsquery" => "PLAIN",
        _ => "EXTENDED",
    }
}

fn alter_identity(on: &Relation<'_>, from: &Column, to: &Column) -> Alter {
    let column = alter_column(on, &to.name);
    match (&from.identity, &to.identity) {
        (None, Some(identity)) => {
            let add = Statement::new(format!("{column} ADD {}", self::identity(identity, on.schema)));
            let default = from.default.is_some().then(|| drop_default(on, from));
            Alter::InPlace(default.into_iter().chain([add]).collect())
        }
        (Some(_), None) => Alter::by(format!("{column} DROP IDENTITY")),
        (Some(before), Some(after)) => {
            let mut statements = Vec::new();
            let mut parts = Vec::new();
            if before.generation != after.generation {
                parts.push(format!("SET GENERATED {}", generation(after.generation)));
            }
            parts.extend(super::sequence::changed(&before.options, &after.options).map(|part| format!("SET {part}")));
            if !parts.is_empty() {
                statements.push(Statement::new(format!("{column} {}", parts.join(" "))));
            }
            let old = identity_sequence(on, from);
            if before.sequence != after.sequence {
                let chosen = chosen_name(on.name, Some(&to.name), "seq");
                let new = identifier(after.sequence.as_deref().unwrap_or(&chosen));
                statements.push(Statement::new(format!("ALTER SEQUENCE {old} RENAME TO {new}")));
            }
            if before.comment != after.comment {
                let comment = after.comment.as_deref().map_or_else(|| "NULL".to_owned(), text::literal);
                let sequence = identity_sequence(on, to);
                statements.push(Statement::new(format!("COMMENT ON SEQUENCE {sequence} IS {comment}")));
            }
            Alter::InPlace(statements)
        }
        (None, None) => Alter::InPlace(Vec::new()),
    }
}

/// `ALTER TABLE ONLY s.t ALTER COLUMN c`. A column's type belongs to the whole
/// family of tables, everything else to the one.
pub fn alter_column(on: &Relation<'_>, column: &str) -> String {
    format!("{} ALTER COLUMN {}", alter_table(on), identifier(column))
}

/// `ALTER TABLE s.t`.
pub fn alter_table(on: &Relation<'_>) -> String {
    use crate::codegen::manifest::Kind;
    let word = match on.kind {
        Kind::ForeignTable => "FOREIGN TABLE",
        Kind::View => "VIEW",
        Kind::MaterializedView => "MATERIALIZED VIEW",
        _ => "TABLE",
    };
    format!("ALTER {word} {}", qualified(on.schema, on.name))
}

/// `name 'value', …` out of `name=value`.
pub fn foreign_options(options: &[String]) -> String {
    options.iter().map(|option| foreign_option("", option)).collect::<Vec<_>>().join(", ")
}

/// `ADD a '1', SET b '2', DROP c`.
pub fn changed_foreign_options(from: &[String], to: &[String]) -> String {
    let name = |option: &str| option.split_once('=').map_or(option, |(name, _)| name).to_owned();
    let before: Vec<String> = from.iter().map(|option| name(option)).collect();
    let after: Vec<String> = to.iter().map(|option| name(option)).collect();
    let gone = before.iter().filter(|name| !after.contains(name)).map(|name| format!("DROP {}", identifier(name)));
    let new = to.iter().filter(|option| !from.contains(option)).map(|option| {
        let word = if before.contains(&name(option)) { "SET " } else { "ADD " };
        foreign_option(word, option)
    });
    gone.chain(new).collect::<Vec<_>>().join(", ")
}

fn foreign_option(word: &str, option: &str) -> String {
    let (name, value) = option.split_once('=').unwrap_or((option, ""));
    format!("{word}{} {}", identifier(name), text::literal(value))
}

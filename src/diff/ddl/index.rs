//! Indexes and extended statistics.

use super::{Alter, Statement, text};
use crate::codegen::manifest::{AttachedIndex, Index, Seldom, Statistics};
use crate::codegen::sql::{self, identifier, qualified};
use crate::diff::object::{PartitionOf, Relation};

/// CREATE INDEX, and what it cannot say.
pub fn create(on: &Relation<'_>, index: &Index, concurrently: bool) -> Vec<Statement> {
    let plain = Index {
        options: Seldom::default(),
        tablespace: Seldom::default(),
        predicate: Seldom::default(),
        ..index.clone()
    };
    let mut definition = sql::create_index(on.schema, on.name, &plain);
    if !index.options.is_empty() {
        definition.push_str(&format!(" WITH ({})", text::options(&index.options)));
    }
    if let Some(tablespace) = index.tablespace.as_deref() {
        definition.push_str(&format!(" TABLESPACE {}", identifier(tablespace)));
    }
    if let Some(predicate) = index.predicate.as_deref() {
        definition.push_str(&format!(" WHERE {predicate}"));
    }
    let create = match concurrently {
        true => Statement::afterwards(definition.replacen("INDEX ", "INDEX CONCURRENTLY ", 1)),
        false => Statement::new(definition),
    };
    [create].into_iter().chain(set_statistics(on.schema, &Index::default(), index)).collect()
}

/// DROP INDEX.
pub fn drop(on: &Relation<'_>, index: &Index) -> Statement {
    Statement::new(format!("DROP INDEX {}", qualified(on.schema, &index.name)))
}

/// How one attribute of an index becomes another.
pub fn alter(on: &Relation<'_>, from: &Index, to: &Index, attribute: &str) -> Alter {
    let name = qualified(on.schema, &to.name);
    match attribute {
        "options" => {
            let parts = text::changed_options(&from.options, &to.options);
            Alter::InPlace(parts.iter().map(|part| Statement::new(format!("ALTER INDEX {name} {part}"))).collect())
        }
        "tablespace" => {
            let tablespace = identifier(to.tablespace.as_deref().unwrap_or("pg_default"));
            Alter::by(format!("ALTER INDEX {name} SET TABLESPACE {tablespace}"))
        }
        "invalid" if !to.invalid => Alter::by(format!("REINDEX INDEX {name}")),
        "invalid" => Alter::Impossible(format!(
            "{name} is expected to be invalid, as a failed CREATE INDEX CONCURRENTLY leaves it; read the manifest again"
        )),
        "keys" if without_statistics(from) == without_statistics(to) => {
            Alter::InPlace(set_statistics(on.schema, from, to))
        }
        _ => Alter::Recreate,
    }
}

fn without_statistics(index: &Index) -> Vec<crate::codegen::manifest::IndexKey> {
    let plain = |key: &crate::codegen::manifest::IndexKey| crate::codegen::manifest::IndexKey {
        statistics: None,
        ..key.clone()
    };
    index.keys.iter().map(plain).collect()
}

fn set_statistics(schema: &str, from: &Index, to: &Index) -> Vec<Statement> {
    let before = |place: usize| from.keys.get(place).and_then(|key| key.statistics);
    let changed = to.keys.iter().enumerate().filter(|(place, key)| key.statistics != before(*place));
    changed
        .map(|(place, key)| {
            let (name, target) = (qualified(schema, &to.name), key.statistics.unwrap_or(-1));
            Statement::new(format!("ALTER INDEX {name} ALTER COLUMN {} SET STATISTICS {target}", place + 1))
        })
        .collect()
}

/// Gives a partition's part of its parent's index its name. What the server
/// called it depends on what there was when it was made, so that it is looked
/// up by what it is part of.
pub fn name_attached(of: &PartitionOf<'_>, index: &AttachedIndex) -> Statement {
    let parent = text::literal(&qualified(of.parent.schema, &index.parent));
    let table = text::literal(&qualified(of.schema, &of.partition.name));
    let name = text::literal(&index.name);
    let own = text::literal(&qualified(of.schema, &index.name));
    // Where it has its name already there is nothing to execute.
    let body = format!(
        "BEGIN
    EXECUTE COALESCE((SELECT format('ALTER INDEX %s RENAME TO %I', x.indexrelid::regclass, {name})
             FROM pg_catalog.pg_inherits AS i
             JOIN pg_catalog.pg_index AS x ON x.indexrelid = i.inhrelid
            WHERE i.inhparent = {parent}::regclass AND x.indrelid = {table}::regclass
              AND x.indexrelid <> COALESCE(to_regclass({own}), 0)), 'SELECT');
END"
    );
    Statement::new(format!("DO {}", text::dollar_quoted(&body)))
}

/// Gives a partition's part of an index what else it has of its own.
pub fn set_attached(schema: &str, from: Option<&AttachedIndex>, to: &AttachedIndex) -> Vec<Statement> {
    let mut statements = Vec::new();
    let name = qualified(schema, &to.name);
    let before = from.map_or(&[][..], |from| &from.options);
    let parts = text::changed_options(before, &to.options);
    statements.extend(parts.iter().map(|part| Statement::new(format!("ALTER INDEX {name} {part}"))));
    if from.and_then(|from| from.tablespace.as_ref()) != to.tablespace.as_ref() {
        let tablespace = identifier(to.tablespace.as_deref().unwrap_or("pg_default"));
        statements.push(Statement::new(format!("ALTER INDEX {name} SET TABLESPACE {tablespace}")));
    }
    if from.and_then(|from| from.comment.as_ref()) != to.comment.as_ref() {
        statements.push(Statement::new(super::comment::statement("INDEX", &name, to.comment.as_deref())));
    }
    statements
}

/// CREATE STATISTICS.
pub fn create_statistics(on: &Relation<'_>, statistics: &Statistics) -> Vec<Statement> {
    let mut statements = vec![Statement::new(statistics.definition.clone())];
    if statistics.target.is_some() {
        statements.push(set_target(on, statistics));
    }
    statements
}

/// DROP STATISTICS.
pub fn drop_statistics(on: &Relation<'_>, statistics: &Statistics) -> Statement {
    Statement::new(format!("DROP STATISTICS {}", statistics_name(on, statistics)))
}

/// How one attribute of extended statistics becomes another.
pub fn alter_statistics(on: &Relation<'_>, to: &Statistics, attribute: &str) -> Alter {
    match attribute {
        "target" => Alter::InPlace(vec![set_target(on, to)]),
        _ => Alter::Recreate,
    }
}

fn set_target(on: &Relation<'_>, statistics: &Statistics) -> Statement {
    let target = statistics.target.unwrap_or(-1);
    Statement::new(format!("ALTER STATISTICS {} SET STATISTICS {target}", statistics_name(on, statistics)))
}

/// The qualified name of extended statistics.
pub fn statistics_name(on: &Relation<'_>, statistics: &Statistics) -> String {
    qualified(statistics.schema.as_deref().unwrap_or(on.schema), &statistics.name)
}

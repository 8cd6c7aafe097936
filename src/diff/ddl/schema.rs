//! Schemas and extensions.

use super::{Alter, Statement, text};
use crate::codegen::manifest::Extension;
use crate::codegen::sql::identifier;

/// CREATE SCHEMA. Every new database has `public` already.
pub fn create(name: &str) -> Statement {
    let unless_there = if name == "public" { "IF NOT EXISTS " } else { "" };
    Statement::new(format!("CREATE SCHEMA {unless_there}{}", identifier(name)))
}

/// DROP SCHEMA; it fails where something is left in it.
pub fn drop(name: &str) -> Statement {
    Statement::new(format!("DROP SCHEMA {}", identifier(name)))
}

/// CREATE EXTENSION, in the version that the server has: an older one is often
/// not installed any more.
pub fn create_extension(extension: &Extension) -> Statement {
    let schema = extension.schema.as_deref().map(|schema| format!(" WITH SCHEMA {}", identifier(schema)));
    let name = identifier(&extension.name);
    Statement::new(format!("CREATE EXTENSION IF NOT EXISTS {name}{}", schema.unwrap_or_default()))
}

/// DROP EXTENSION; it fails where something still uses it.
pub fn drop_extension(extension: &Extension) -> Statement {
    Statement::new(format!("DROP EXTENSION {}", identifier(&extension.name)))
}

/// How one attribute of an extension becomes another.
pub fn alter_extension(to: &Extension, attribute: &str) -> Alter {
    let name = identifier(&to.name);
    match (attribute, &to.version, &to.schema) {
        ("version", Some(version), _) => {
            Alter::by(format!("ALTER EXTENSION {name} UPDATE TO {}", text::literal(version)))
        }
        ("schema", _, Some(schema)) => Alter::by(format!("ALTER EXTENSION {name} SET SCHEMA {}", identifier(schema))),
        _ => Alter::Impossible(format!("the extension {name} has no `{attribute}` in the manifest to go to")),
    }
}

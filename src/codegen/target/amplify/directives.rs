//! The directives that the types carry, as data, and how they are written.

use std::fmt;

use crate::codegen::target::amplify::options::{Allow, Operation};
use crate::codegen::target::amplify::text::quoted;

/// One directive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Directive {
    RefersTo {
        name: String,
    },
    Model(ModelArguments),
    Auth(Vec<Rule>),
    PrimaryKey {
        sort_key_fields: Vec<String>,
    },
    Index {
        name: String,
        query_field: String,
        sort_key_fields: Vec<String>,
    },
    BelongsTo {
        references: Vec<String>,
    },
    HasMany {
        references: Vec<String>,
    },
    HasOne {
        references: Vec<String>,
    },
    /// `@key` of version 1: the primary key where it has no name.
    Key {
        name: Option<String>,
        fields: Vec<String>,
        query_field: Option<String>,
    },
    /// `@connection` of version 1: by the primary key where it names none.
    Connection {
        key_name: Option<String>,
        fields: Vec<String>,
    },
    /// Without a value: the database's sequence gives it.
    Default {
        value: Option<String>,
    },
    MaxLength(u32),
}

/// The arguments of `@model`; what is `None` is left to the transformer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ModelArguments {
    pub queries: Option<Queries>,
    pub mutations: Option<Mutations>,
    pub subscriptions: Option<Subscriptions>,
    pub timestamps: Option<Timestamps>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queries {
    pub get: String,
    pub list: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mutations {
    None,
    Named { create: String, update: String, delete: String },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subscriptions {
    None,
    Named { on_create: String, on_update: String, on_delete: String },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Timestamps {
    None,
    Named { created_at: String, updated_at: String },
}

/// A rule of `@auth`, its column resolved to a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    pub allow: Allow,
    pub owner_field: Option<String>,
    pub groups: Vec<String>,
    pub operations: Vec<Operation>,
}

impl fmt::Display for Directive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RefersTo { name } => write!(f, "@refersTo(name: {})", quoted(name)),
            Self::Model(arguments) => arguments.fmt(f),
            Self::Auth(rules) => {
                let rules: Vec<String> = rules.iter().map(Rule::to_string).collect();
                write!(f, "@auth(rules: [{}])", rules.join(", "))
            }
            Self::PrimaryKey { sort_key_fields } if sort_key_fields.is_empty() => f.write_str("@primaryKey"),
            Self::PrimaryKey { sort_key_fields } => {
                write!(f, "@primaryKey(sortKeyFields: {})", list(sort_key_fields))
            }
            Self::Index { name, query_field, sort_key_fields } => {
                write!(f, "@index(name: {}", quoted(name))?;
                if !sort_key_fields.is_empty() {
                    write!(f, ", sortKeyFields: {}", list(sort_key_fields))?;
                }
                write!(f, ", queryField: {})", quoted(query_field))
            }
            Self::BelongsTo { references } => write!(f, "@belongsTo(references: {})", list(references)),
            Self::HasMany { references } => write!(f, "@hasMany(references: {})", list(references)),
            Self::HasOne { references } => write!(f, "@hasOne(references: {})", list(references)),
            Self::Key { name, fields, query_field } => {
                f.write_str("@key(")?;
                if let Some(name) = name {
                    write!(f, "name: {}, ", quoted(name))?;
                }
                write!(f, "fields: {}", list(fields))?;
                if let Some(query_field) = query_field {
                    write!(f, ", queryField: {}", quoted(query_field))?;
                }
                f.write_str(")")
            }
            Self::Connection { key_name: None, fields } => write!(f, "@connection(fields: {})", list(fields)),
            Self::Connection { key_name: Some(name), fields } => {
                write!(f, "@connection(keyName: {}, fields: {})", quoted(name), list(fields))
            }
            Self::Default { value: None } => f.write_str("@default"),
            Self::Default { value: Some(value) } => write!(f, "@default(value: {})", quoted(value)),
            Self::MaxLength(length) => write!(f, "@validate(type: maxLength, value: \"{length}\")"),
        }
    }
}

impl fmt::Display for ModelArguments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut arguments = Vec::new();
        if let Some(Queries { get, list }) = &self.queries {
            arguments.push(format!("queries: {{get: {}, list: {}}}", quoted(get), quoted(list)));
        }
        match &self.mutations {
            Some(Mutations::None) => arguments.push("mutations: null".into()),
            Some(Mutations::Named { create, update, delete }) => arguments.push(format!(
                "mutations: {{create: {}, update: {}, delete: {}}}",
                quoted(create),
                quoted(update),
                quoted(delete)
            )),
            None => {}
        }
        match &self.subscriptions {
            Some(Subscriptions::None) => arguments.push("subscriptions: null".into()),
            Some(Subscriptions::Named { on_create, on_update, on_delete }) => arguments.push(format!(
                "subscriptions: {{level: on, onCreate: [{}], onUpdate: [{}], onDelete: [{}]}}",
                quoted(on_create),
                quoted(on_update),
                quoted(on_delete)
            )),
            None => {}
        }
        match &self.timestamps {
            Some(Timestamps::None) => arguments.push("timestamps: null".into()),
            Some(Timestamps::Named { created_at, updated_at }) => arguments.push(format!(
                "timestamps: {{createdAt: {}, updatedAt: {}}}",
                quoted(created_at),
                quoted(updated_at)
            )),
            None => {}
        }
        f.write_str("@model")?;
        if arguments.is_empty() { Ok(()) } else { write!(f, "({})", arguments.join(", ")) }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let allow = match self.allow {
            Allow::Private => "private",
            Allow::Owner => "owner",
            Allow::Public => "public",
            Allow::Groups => "groups",
        };
        write!(f, "{{allow: {allow}")?;
        if let Some(field) = &self.owner_field {
            write!(f, ", ownerField: {}", quoted(field))?;
        }
        if !self.groups.is_empty() {
            write!(f, ", groups: {}", list(&self.groups))?;
        }
        if !self.operations.is_empty() {
            let names: Vec<&str> = self.operations.iter().map(|operation| operation.name()).collect();
            write!(f, ", operations: [{}]", names.join(", "))?;
        }
        f.write_str("}")
    }
}

/// A list of strings.
fn list(items: &[String]) -> String {
    let items: Vec<String> = items.iter().map(|item| quoted(item)).collect();
    format!("[{}]", items.join(", "))
}

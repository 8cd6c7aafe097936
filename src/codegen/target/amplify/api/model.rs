//! A model as the API needs it: its key, its indexes and its operations, read
//! from the directives that AMPLIFY_TYPES.graphql gives it.

use std::collections::BTreeSet;

use crate::codegen::target::amplify::api::digest;
use crate::codegen::target::amplify::directives::{Directive, Mutations, Queries, Rule, Subscriptions, Timestamps};
use crate::codegen::target::amplify::operations;
use crate::codegen::target::amplify::options::{Allow, Strategy};
use crate::codegen::target::amplify::view::{Field, ObjectType, View};

/// The field that Amplify keeps the owner in where a rule names none.
const OWNER: &str = "owner";

/// A type with `@model`.
#[derive(Debug)]
pub struct Model<'v> {
    pub object: &'v ObjectType,
    /// The fields that hold values: columns, not relations.
    pub values: Vec<Value<'v>>,
    /// The primary key, its first field first.
    pub key: Vec<Value<'v>>,
    pub indexes: Vec<Index<'v>>,
    pub queries: Queries,
    /// `None` for a model that is only read.
    pub mutations: Option<Named>,
    pub subscriptions: Option<Named>,
    /// The fields that Amplify fills on DynamoDB, where it does.
    pub timestamps: Vec<String>,
    pub rules: &'v [Rule],
}

/// A field that holds a value.
#[derive(Debug, Clone, Copy)]
pub struct Value<'v> {
    pub field: &'v Field,
    /// Whether its type is an enum, not a scalar.
    pub is_enum: bool,
}

/// An `@index` with its query.
#[derive(Debug)]
pub struct Index<'v> {
    pub name: &'v str,
    pub query_field: &'v str,
    pub first: Value<'v>,
    pub sort_keys: Vec<Value<'v>>,
}

/// The names of three operations: on create, update and delete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub create: String,
    pub update: String,
    pub delete: String,
}

/// The models among the view's types, in its order.
pub fn models(view: &View) -> Vec<Model<'_>> {
    let enums: BTreeSet<&str> = view.enums.iter().map(|item| item.name.as_str()).collect();
    view.types.iter().filter_map(|object| model(object, &enums)).collect()
}

/// `None` for a plain type.
fn model<'v>(object: &'v ObjectType, enums: &BTreeSet<&str>) -> Option<Model<'v>> {
    let arguments = object.directives.iter().find_map(|directive| match directive {
        Directive::Model(arguments) => Some(arguments),
        _ => None,
    })?;
    let values: Vec<Value<'v>> = object
        .fields
        .iter()
        .filter(|field| !field.is_relation())
        .map(|field| Value { field, is_enum: enums.contains(field.type_ref.name.as_str()) })
        .collect();
    let named = |names: &[String]| -> Vec<Value<'v>> {
        let value = |name: &String| values.iter().find(|value| value.field.name == *name);
        names.iter().filter_map(value).copied().collect()
    };
    let mut key = Vec::new();
    let mut indexes = Vec::new();
    for value in &values {
        for directive in &value.field.directives {
            match directive {
                Directive::PrimaryKey { sort_key_fields } => {
                    key.push(*value);
                    key.extend(named(sort_key_fields));
                }
                Directive::Index { name, query_field, sort_key_fields } => {
                    indexes.push(Index { name, query_field, first: *value, sort_keys: named(sort_key_fields) });
                }
                _ => {}
            }
        }
    }
    let rules = object.directives.iter().find_map(|directive| match directive {
        Directive::Auth(rules) => Some(rules.as_slice()),
        _ => None,
    });
    let name = object.name.as_str();
    Some(Model {
        object,
        key,
        indexes,
        queries: arguments.queries.clone().unwrap_or_else(|| operations::default_queries(name)),
        mutations: match &arguments.mutations {
            Some(Mutations::None) => None,
            Some(Mutations::Named { create, update, delete }) => Some(Named::of(create, update, delete)),
            None => Some(Named::by(|verb| format!("{verb}{name}"), ["create", "update", "delete"])),
        },
        subscriptions: match &arguments.subscriptions {
            Some(Subscriptions::None) => None,
            Some(Subscriptions::Named { on_create, on_update, on_delete }) => {
                Some(Named::of(on_create, on_update, on_delete))
            }
            None => {
                let default = |event: &str| digest::subscription(&format!("{event}{name}"));
                Some(Named::by(default, ["onCreate", "onUpdate", "onDelete"]))
            }
        },
        timestamps: match &arguments.timestamps {
            Some(Timestamps::None) => Vec::new(),
            Some(Timestamps::Named { created_at, updated_at }) => vec![created_at.clone(), updated_at.clone()],
            None => vec!["createdAt".into(), "updatedAt".into()],
        },
        rules: rules.unwrap_or_default(),
        values,
    })
}

impl Named {
    fn of(create: &str, update: &str, delete: &str) -> Self {
        Self { create: create.into(), update: update.into(), delete: delete.into() }
    }

    fn by(name: impl Fn(&str) -> String, [create, update, delete]: [&str; 3]) -> Self {
        Self { create: name(create), update: name(update), delete: name(delete) }
    }
}

impl<'v> Model<'v> {
    /// The type's name.
    pub fn name(&self) -> &'v str {
        &self.object.name
    }

    /// The value field of that name.
    pub fn value(&self, name: &str) -> Option<&Value<'v>> {
        self.values.iter().find(|value| value.field.name == name)
    }

    /// Whether the field is in the primary key.
    pub fn in_key(&self, name: &str) -> bool {
        self.key.iter().any(|value| value.field.name == name)
    }

    /// The timestamps that no column holds, so that Amplify adds their fields.
    /// It does on DynamoDB alone.
    pub fn added_timestamps(&self, strategy: Strategy) -> impl Iterator<Item = &str> {
        let adds = strategy == Strategy::Dynamodb;
        self.timestamps.iter().map(String::as_str).filter(move |name| adds && self.value(name).is_none())
    }

    /// The fields that `owner` rules compare the user with, each once.
    pub fn owners(&self) -> Vec<&str> {
        let mut owners: Vec<&str> = Vec::new();
        for rule in self.rules {
            if let Some(owner) = owner(rule).filter(|owner| !owners.contains(owner)) {
                owners.push(owner);
            }
        }
        owners
    }
}

/// The field of an `owner` rule.
pub fn owner(rule: &Rule) -> Option<&str> {
    (rule.allow == Allow::Owner).then(|| rule.owner_field.as_deref().unwrap_or(OWNER))
}

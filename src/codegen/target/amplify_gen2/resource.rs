//! What the template lays out: each definition as the schema builder's calls.

use crate::codegen::target::amplify::directives::{Directive, ModelArguments, Mutations, Subscriptions};
use crate::codegen::target::amplify::view::{Field, ObjectType, View};
use crate::codegen::target::amplify_gen2::operations::arguments;
use crate::codegen::target::amplify_gen2::rules::Rules;
use crate::codegen::target::amplify_gen2::text::{comments, list, number, quoted};

/// The whole file.
#[derive(Debug)]
pub struct Resource {
    pub enums: Vec<Enumeration>,
    pub types: Vec<Definition>,
    /// The schema's rules; empty where each model has its own.
    pub rules: String,
    pub default_mode: &'static str,
    pub takes_key: bool,
}

/// `Stage: a.enum(['open', 'won'])`.
#[derive(Debug)]
pub struct Enumeration {
    pub name: String,
    pub comments: Vec<String>,
    pub values: String,
}

/// `Contact: a.model({…}).identifier(['email'])`.
#[derive(Debug)]
pub struct Definition {
    pub name: String,
    pub comments: Vec<String>,
    /// `model`, or `customType`, which has no modifiers.
    pub kind: &'static str,
    pub fields: Vec<Member>,
    pub modifiers: Vec<String>,
}

impl Definition {
    /// Fields stand deeper in a chain of several calls.
    pub fn indent(&self) -> &'static str {
        if self.modifiers.is_empty() { "" } else { "  " }
    }
}

/// `name: a.string().required()`.
#[derive(Debug)]
pub struct Member {
    pub name: String,
    pub comments: Vec<String>,
    pub definition: String,
}

/// Writes the adapted view.
pub fn resource(view: &View, rules: &Rules, (default_mode, takes_key): (&'static str, bool)) -> Resource {
    let View { enums, types } = view;
    let enums = enums.iter().map(|item| Enumeration {
        name: item.name.clone(),
        comments: comments(item.description.as_deref()),
        values: list(&item.values),
    });
    let types = types.iter().enumerate().map(|(at, object)| Definition {
        name: object.name.clone(),
        comments: comments(object.description.as_deref()),
        kind: if object.is_model() { "model" } else { "customType" },
        fields: object.fields.iter().map(member).collect(),
        modifiers: modifiers(object, &rules.models[at]),
    });
    let (enums, types) = (enums.collect(), types.collect());
    Resource { enums, types, rules: rules.schema.join(", "), default_mode, takes_key }
}

fn member(field: &Field) -> Member {
    Member { name: field.name.clone(), comments: comments(field.description.as_deref()), definition: definition(field) }
}

fn definition(field: &Field) -> String {
    let name = field.type_ref.name.as_str();
    for directive in &field.directives {
        let (kind, references) = match directive {
            Directive::BelongsTo { references } => ("belongsTo", references),
            Directive::HasMany { references } => ("hasMany", references),
            Directive::HasOne { references } => ("hasOne", references),
            _ => continue,
        };
        return format!("a.{kind}({}, {})", quoted(name), list(references));
    }
    let mut text = match scalar(name) {
        Some(scalar) => format!("a.{scalar}()"),
        None => format!("a.ref({})", quoted(name)),
    };
    if field.type_ref.list {
        text.push_str(".array()");
    }
    if field.type_ref.required {
        text.push_str(".required()");
    }
    for directive in &field.directives {
        match directive {
            Directive::Default { value: Some(value) } => text.push_str(&format!(".default({})", literal(name, value))),
            Directive::MaxLength(length) => text.push_str(&format!(".validate((v) => v.maxLength({length}))")),
            _ => {}
        }
    }
    text
}

/// The builder's function for a GraphQL scalar; `None` for an enum.
pub fn scalar(name: &str) -> Option<&'static str> {
    Some(match name {
        "ID" => "id",
        "String" => "string",
        "Int" => "integer",
        "Float" => "float",
        "Boolean" => "boolean",
        "AWSDate" => "date",
        "AWSTime" => "time",
        "AWSDateTime" => "datetime",
        "AWSJSON" => "json",
        "AWSIPAddress" => "ipAddress",
        _ => return None,
    })
}

fn literal(scalar: &str, value: &str) -> String {
    match scalar {
        "Int" | "Float" => number(value),
        "Boolean" => value.to_owned(),
        _ => quoted(value),
    }
}

/// The calls behind a model: its key, its indexes, its operations, its rules.
fn modifiers(object: &ObjectType, rules: &[String]) -> Vec<String> {
    let mut calls = Vec::new();
    let mut indexes = Vec::new();
    for field in &object.fields {
        for directive in &field.directives {
            match directive {
                // A model without an identifier has an `id` of type ID.
                Directive::PrimaryKey { sort_key_fields }
                    if !(sort_key_fields.is_empty() && field.name == "id" && field.type_ref.name == "ID") =>
                {
                    let key: Vec<&str> =
                        std::iter::once(&field.name).chain(sort_key_fields).map(String::as_str).collect();
                    calls.push(format!(".identifier({})", list(&key)));
                }
                Directive::Index { name, query_field, sort_key_fields } => {
                    let mut index = format!("      index({})", quoted(&field.name));
                    if !sort_key_fields.is_empty() {
                        index.push_str(&format!(".sortKeys({})", list(sort_key_fields)));
                    }
                    index.push_str(&format!(".queryField({}).name({}),\n", quoted(query_field), quoted(name)));
                    indexes.push(index);
                }
                _ => {}
            }
        }
    }
    if !indexes.is_empty() {
        calls.push(format!(".secondaryIndexes((index) => [\n{}    ])", indexes.concat()));
    }
    let mut disabled: Vec<&str> = Vec::new();
    if let Some(ModelArguments { mutations, subscriptions, .. }) = arguments(object) {
        disabled.extend(mutations.as_ref().filter(|mutations| **mutations == Mutations::None).map(|_| "mutations"));
        let none = subscriptions.as_ref().filter(|subscriptions| **subscriptions == Subscriptions::None);
        disabled.extend(none.map(|_| "subscriptions"));
    }
    if !disabled.is_empty() {
        calls.push(format!(".disableOperations({})", list(&disabled)));
    }
    if !rules.is_empty() {
        calls.push(format!(".authorization((allow) => [{}])", rules.join(", ")));
    }
    calls
}

//! What llms.txt and index.html show: the whole inventory as plain values, for
//! readers that have no use for Markdown.

use std::borrow::Cow;

use serde::Serialize;

use crate::codegen::manifest::{Column, GeneratedKind, Schema, Table, ViewKind};
use crate::codegen::markdown::{one_line, visible};
use crate::codegen::sql;
use crate::codegen::target::Input;

use super::place;
use super::uses::User;
use super::view::Site;

/// Everything, in the manifest's order.
#[derive(Debug, Serialize)]
pub struct Compact {
    pub name: String,
    pub description: String,
    pub relations: Vec<Relation>,
    pub functions: Vec<Function>,
}

/// A table or view.
#[derive(Debug, Serialize)]
pub struct Relation {
    pub schema: String,
    pub name: String,
    /// As SQL names it.
    pub path: String,
    pub kind: &'static str,
    /// Its page, below the project's folder.
    pub page: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub comment: String,
    pub row_security: bool,
    pub columns: Vec<Field>,
    /// Foreign keys from here, each with the columns of both sides.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<Reference>,
    /// Keys and other constraints as SQL.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub constraints: Vec<Named>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub indexes: Vec<Named>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub triggers: Vec<Named>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub policies: Vec<Named>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub used_by: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub goes_to: Vec<GoesTo>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Found>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub definition: String,
}

#[derive(Debug, Serialize)]
pub struct Field {
    pub name: String,
    #[serde(rename = "type")]
    pub type_name: String,
    pub not_null: bool,
    /// The default, or how it is generated.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub default: String,
    /// `PK`, `FK`, `UK`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub key: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub comment: String,
}

#[derive(Debug, Serialize)]
pub struct Reference {
    pub columns: Vec<String>,
    /// The other table as SQL names it, which the manifest may not hold.
    pub to: String,
    pub to_columns: Vec<String>,
}

#[derive(Debug, Serialize)]
pub struct Named {
    pub name: String,
    pub text: String,
}

/// What one target made of it.
#[derive(Debug, Serialize)]
pub struct GoesTo {
    pub target: &'static str,
    pub object: String,
    pub file: String,
    /// One for each column, in order; empty where the target has none.
    pub fields: Vec<String>,
}

#[derive(Debug, Serialize)]
pub struct Found {
    pub code: &'static str,
    pub path: String,
    pub reason: String,
}

#[derive(Debug, Serialize)]
pub struct Function {
    pub signature: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub returns: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub comment: String,
}

impl Compact {
    pub fn new(input: &Input<'_>, site: &Site<'_>) -> Self {
        let mut relations: Vec<Relation> =
            input.catalog.tables().map(|(schema, item)| table(input, site, schema, item)).collect();
        for (schema, view, kind) in input.catalog.views() {
            let kind = if kind == ViewKind::View { "view" } else { "materialized view" };
            let fields = view.columns.iter().map(|column| field(column, String::new())).collect();
            relations.push(Relation {
                comment: comment(view.comment.as_ref()),
                indexes: view.indexes.iter().map(|index| named(&index.name, sql::index(index))).collect(),
                triggers: view.triggers.iter().map(|item| named(&item.name, item.definition.clone())).collect(),
                definition: match input.project.inventory.definitions {
                    true => view.definition.clone(),
                    false => String::new(),
                },
                ..relation(site, schema, &view.name, kind, &view.columns, fields)
            });
        }
        let functions = input.catalog.manifest.schemas.iter().flat_map(|schema| {
            schema.functions.iter().map(move |routine| Function {
                signature: format!("{}.{}", sql::identifier(&schema.name), routine.signature()),
                returns: routine.returns.clone().unwrap_or_default(),
                comment: comment(routine.comment.as_ref()),
            })
        });
        Self {
            name: input.project.name.clone(),
            description: input.project.description.trim().to_owned(),
            relations,
            functions: functions.collect(),
        }
    }
}

fn table(input: &Input<'_>, site: &Site<'_>, schema: &Schema, table: &Table) -> Relation {
    let kind = match (&table.partition_by, &table.foreign) {
        (Some(_), _) => "partitioned table",
        (None, Some(_)) => "foreign table",
        (None, None) => "table",
    };
    let fields = table.columns.iter().map(|column| field(column, key(table, column))).collect();
    let keys = table.primary_key.iter().map(|key| named(&key.name, sql::key(key, "PRIMARY KEY")));
    let unique = table.unique.iter().map(|key| named(&key.name, sql::key(key, "UNIQUE")));
    let foreign = table.foreign_keys.iter().map(|key| named(&key.name, sql::foreign_key(key)));
    let checks = table.checks.iter().map(|check| {
        let text = format!("CHECK {}", sql::parenthesised(&check.expression));
        named(&check.name, text)
    });
    let exclusions = table.exclusions.iter().map(|item| named(&item.name, item.definition.clone()));
    let policies = table.policies.iter().map(|policy| {
        let roles = if policy.roles.is_empty() { "PUBLIC".to_owned() } else { policy.roles.join(", ") };
        let using = policy.using.as_ref().map(|text| format!(" USING {}", sql::parenthesised(text)));
        let check = policy.with_check.as_ref().map(|text| format!(" WITH CHECK {}", sql::parenthesised(text)));
        let command = sql::command(policy.command);
        let text = format!("{command} TO {roles}{}{}", using.unwrap_or_default(), check.unwrap_or_default());
        named(&policy.name, text)
    });
    let reference = |key: &crate::codegen::manifest::ForeignKey| Reference {
        columns: key.columns.clone(),
        to: sql::qualified(&key.references.schema, &key.references.table),
        to_columns: key.references.columns.clone(),
    };
    Relation {
        comment: comment(table.comment.as_ref()),
        row_security: table.row_security,
        references: table.foreign_keys.iter().map(reference).collect(),
        constraints: keys.chain(unique).chain(foreign).chain(checks).chain(exclusions).collect(),
        indexes: table.indexes.iter().map(|index| named(&index.name, sql::index(index))).collect(),
        triggers: table.triggers.iter().map(|item| named(&item.name, item.definition.clone())).collect(),
        policies: policies.collect(),
        used_by: site.uses.of(&schema.name, &table.name).into_iter().map(|user| user_name(input, user)).collect(),
        ..relation(site, schema, &table.name, kind, &table.columns, fields)
    }
}

/// What tables and views have in common.
fn relation(
    site: &Site<'_>,
    schema: &Schema,
    name: &str,
    kind: &'static str,
    columns: &[Column],
    fields: Vec<Field>,
) -> Relation {
    let goes_to = site.destinations.iter().filter_map(|target| {
        let destination = target.get(&schema.name, name)?;
        let field = |column: &Column| destination.columns.get(&column.name).cloned().unwrap_or_default();
        Some(GoesTo {
            target: target.label,
            object: destination.object.clone(),
            file: destination.file.clone(),
            fields: columns.iter().map(field).collect(),
        })
    });
    let found = site.findings(&schema.name, name).iter().map(|finding| Found {
        code: finding.code.id,
        path: finding.path.clone(),
        reason: finding.reason.clone(),
    });
    Relation {
        schema: schema.name.clone(),
        name: name.to_owned(),
        path: sql::qualified(&schema.name, name),
        kind,
        page: place::page(&schema.name, name),
        comment: String::new(),
        row_security: false,
        columns: fields,
        references: Vec::new(),
        constraints: Vec::new(),
        indexes: Vec::new(),
        triggers: Vec::new(),
        policies: Vec::new(),
        used_by: Vec::new(),
        goes_to: goes_to.collect(),
        findings: found.collect(),
        definition: String::new(),
    }
}

fn field(column: &Column, key: String) -> Field {
    let default = match (&column.generated, &column.identity) {
        (Some(generated), _) => {
            let kind = if generated.kind == GeneratedKind::Stored { "STORED" } else { "VIRTUAL" };
            format!("GENERATED ALWAYS AS {} {kind}", sql::parenthesised(&generated.expression))
        }
        (None, Some(identity)) => sql::identity(identity),
        (None, None) => column.default.clone().unwrap_or_default(),
    };
    Field {
        name: column.name.clone(),
        type_name: column.type_name.clone(),
        not_null: column.not_null,
        default,
        key,
        comment: comment(column.comment.as_ref()),
    }
}

fn key(table: &Table, column: &Column) -> String {
    let has = |columns: &[String]| columns.contains(&column.name);
    let keys = [
        ("PK", table.primary_key.as_ref().is_some_and(|key| has(&key.columns))),
        ("FK", table.foreign_keys.iter().any(|key| has(&key.columns))),
        ("UK", table.unique.iter().any(|key| has(&key.columns))),
    ];
    keys.iter().filter(|(_, is)| *is).map(|(word, _)| *word).collect::<Vec<_>>().join(", ")
}

fn user_name(input: &Input<'_>, user: User<'_>) -> String {
    match user {
        User::View { schema, name } => format!("view {}", sql::qualified(schema, name)),
        User::Policy { schema, table, name } => format!("policy {name} of {}", sql::qualified(schema, table)),
        User::Function { schema, place } => {
            let in_schema = input.catalog.manifest.schemas.iter().find(|item| item.name == schema);
            let routine = in_schema.and_then(|schema| schema.functions.get(place));
            let signature = routine.map(|routine| routine.signature()).unwrap_or_default();
            format!("function {}.{signature}", sql::identifier(schema))
        }
    }
}

fn named(name: &str, text: String) -> Named {
    Named { name: name.to_owned(), text }
}

fn comment(text: Option<&String>) -> String {
    text.map(|text| text.trim().to_owned()).unwrap_or_default()
}

/// Text on one line, for llms.txt: white space becomes one blank, and what is
/// not seen is made visible.
pub fn line(text: &str) -> Cow<'_, str> {
    match one_line(text) {
        Cow::Borrowed(text) => Cow::Borrowed(text),
        Cow::Owned(line) => Cow::Owned(visible(&line)),
    }
}

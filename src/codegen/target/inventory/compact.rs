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
pub struct Compact<'m> {
    pub name: &'m str,
    pub description: &'m str,
    pub relations: Vec<Relation<'m>>,
    pub functions: Vec<Function<'m>>,
}

/// A table or view.
#[derive(Debug, Serialize)]
pub struct Relation<'m> {
    pub schema: &'m str,
    pub name: &'m str,
    /// As SQL names it.
    pub path: String,
    pub kind: &'static str,
    /// Its page, below the project's folder.
    pub page: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub comment: &'m str,
    pub row_security: bool,
    pub columns: Vec<Field<'m>>,
    /// Foreign keys from here, each with the columns of both sides.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<Reference<'m>>,
    /// Keys and other constraints as SQL.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub constraints: Vec<Named<'m>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub indexes: Vec<Named<'m>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub triggers: Vec<Named<'m>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub policies: Vec<Named<'m>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub used_by: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub goes_to: Vec<GoesTo<'m>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Found<'m>>,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub definition: &'m str,
}

#[derive(Debug, Serialize)]
pub struct Field<'m> {
    pub name: &'m str,
    #[serde(rename = "type")]
    pub type_name: &'m str,
    pub not_null: bool,
    /// The default, or how it is generated.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub default: Cow<'m, str>,
    /// `PK`, `FK`, `UK`.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub key: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub comment: &'m str,
}

#[derive(Debug, Serialize)]
pub struct Reference<'m> {
    pub columns: &'m [String],
    /// The other table as SQL names it, which the manifest may not hold.
    pub to: String,
    pub to_columns: &'m [String],
}

#[derive(Debug, Serialize)]
pub struct Named<'m> {
    pub name: &'m str,
    pub text: Cow<'m, str>,
}

/// What one target made of it.
#[derive(Debug, Serialize)]
pub struct GoesTo<'m> {
    pub target: &'static str,
    pub object: &'m str,
    pub file: &'m str,
    /// One for each column, in order; empty where the target has none.
    pub fields: Vec<&'m str>,
}

#[derive(Debug, Serialize)]
pub struct Found<'m> {
    pub code: &'static str,
    pub path: &'m str,
    pub reason: &'m str,
}

#[derive(Debug, Serialize)]
pub struct Function<'m> {
    pub signature: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub returns: &'m str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub comment: &'m str,
}

impl<'m> Compact<'m> {
    pub fn new(input: &'m Input<'m>, site: &'m Site<'m>) -> Self {
        let mut relations: Vec<Relation<'_>> =
            input.catalog.tables().map(|(schema, item)| table(input, site, schema, item)).collect();
        for (schema, view, kind) in input.catalog.views() {
            let kind = if kind == ViewKind::View { "view" } else { "materialized view" };
            let fields = view.columns.iter().map(|column| field(column, "")).collect();
            relations.push(Relation {
                comment: comment(view.comment.as_ref()),
                indexes: view.indexes.iter().map(|index| named(&index.name, sql::index(index).into())).collect(),
                triggers: view.triggers.iter().map(|item| named(&item.name, item.definition.as_str().into())).collect(),
                definition: match input.project.inventory.definitions {
                    true => &view.definition,
                    false => "",
                },
                ..relation(site, schema, &view.name, kind, &view.columns, fields)
            });
        }
        let functions = input.catalog.manifest.schemas.iter().flat_map(|schema| {
            schema.functions.iter().map(move |routine| Function {
                signature: format!("{}.{}", sql::identifier(&schema.name), routine.signature()),
                returns: routine.returns.as_deref().unwrap_or_default(),
                comment: comment(routine.comment.as_ref()),
            })
        });
        Self {
            name: &input.project.name,
            description: input.project.description.trim(),
            relations,
            functions: functions.collect(),
        }
    }
}

fn table<'m>(input: &'m Input<'m>, site: &'m Site<'m>, schema: &'m Schema, table: &'m Table) -> Relation<'m> {
    let kind = match (&table.partition_by, &table.foreign) {
        (Some(_), _) => "partitioned table",
        (None, Some(_)) => "foreign table",
        (None, None) => "table",
    };
    let fields = table.columns.iter().map(|column| field(column, key(table, column))).collect();
    let keys = table.primary_key.iter().map(|key| named(&key.name, sql::key(key, "PRIMARY KEY").into()));
    let unique = table.unique.iter().map(|key| named(&key.name, sql::key(key, "UNIQUE").into()));
    let foreign = table.foreign_keys.iter().map(|key| named(&key.name, sql::foreign_key(key).into()));
    let checks = table.checks.iter().map(|check| {
        let text = format!("CHECK {}", sql::parenthesised(&check.expression));
        named(&check.name, text.into())
    });
    let exclusions = table.exclusions.iter().map(|item| named(&item.name, item.definition.as_str().into()));
    let policies = table.policies.iter().map(|policy| {
        let roles = if policy.roles.is_empty() { "PUBLIC".to_owned() } else { policy.roles.join(", ") };
        let using = policy.using.as_ref().map(|text| format!(" USING {}", sql::parenthesised(text)));
        let check = policy.with_check.as_ref().map(|text| format!(" WITH CHECK {}", sql::parenthesised(text)));
        let command = sql::command(policy.command);
        let text = format!("{command} TO {roles}{}{}", using.unwrap_or_default(), check.unwrap_or_default());
        named(&policy.name, text.into())
    });
    let reference = |key: &'m crate::codegen::manifest::ForeignKey| Reference {
        columns: &key.columns,
        to: sql::qualified(&key.references.schema, &key.references.table),
        to_columns: &key.references.columns,
    };
    Relation {
        comment: comment(table.comment.as_ref()),
        row_security: table.row_security,
        references: table.foreign_keys.iter().map(reference).collect(),
        constraints: keys.chain(unique).chain(foreign).chain(checks).chain(exclusions).collect(),
        indexes: table.indexes.iter().map(|index| named(&index.name, sql::index(index).into())).collect(),
        triggers: table.triggers.iter().map(|item| named(&item.name, item.definition.as_str().into())).collect(),
        policies: policies.collect(),
        used_by: site.uses.of(&schema.name, &table.name).into_iter().map(|user| user_name(input, user)).collect(),
        ..relation(site, schema, &table.name, kind, &table.columns, fields)
    }
}

/// What tables and views have in common.
fn relation<'m>(
    site: &'m Site<'m>,
    schema: &'m Schema,
    name: &'m str,
    kind: &'static str,
    columns: &'m [Column],
    fields: Vec<Field<'m>>,
) -> Relation<'m> {
    let goes_to = site.destinations.iter().filter_map(|target| {
        let destination = target.get(&schema.name, name)?;
        let field = |column: &Column| destination.columns.get(&column.name).map_or("", String::as_str);
        Some(GoesTo {
            target: target.label,
            object: &destination.object,
            file: &destination.file,
            fields: columns.iter().map(field).collect(),
        })
    });
    let found = site.findings(&schema.name, name).iter().map(|finding| Found {
        code: finding.code.id,
        path: &finding.path,
        reason: &finding.reason,
    });
    Relation {
        schema: &schema.name,
        name,
        path: sql::qualified(&schema.name, name),
        kind,
        page: place::page(&schema.name, name),
        comment: "",
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
        definition: "",
    }
}

fn field<'m>(column: &'m Column, key: &'static str) -> Field<'m> {
    let default = match (&column.generated, &column.identity) {
        (Some(generated), _) => {
            let kind = if generated.kind == GeneratedKind::Stored { "STORED" } else { "VIRTUAL" };
            format!("GENERATED ALWAYS AS {} {kind}", sql::parenthesised(&generated.expression)).into()
        }
        (None, Some(identity)) => sql::identity(identity).into(),
        (None, None) => column.default.as_deref().unwrap_or_default().into(),
    };
    Field {
        name: &column.name,
        type_name: &column.type_name,
        not_null: column.not_null,
        default,
        key,
        comment: comment(column.comment.as_ref()),
    }
}

/// The keys of the table that a column is in: `PK`, `FK` and `UK`, with commas
/// between them.
pub fn key(table: &Table, column: &Column) -> &'static str {
    let has = |columns: &[String]| columns.contains(&column.name);
    let is_primary = table.primary_key.as_ref().is_some_and(|key| has(&key.columns));
    let is_foreign = table.foreign_keys.iter().any(|key| has(&key.columns));
    match (is_primary, is_foreign, table.unique.iter().any(|key| has(&key.columns))) {
        (false, false, false) => "",
        (false, false, true) => "UK",
        (false, true, false) => "FK",
        (false, true, true) => "FK, UK",
        (true, false, false) => "PK",
        (true, false, true) => "PK, UK",
        (true, true, false) => "PK, FK",
        (true, true, true) => "PK, FK, UK",
    }
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

fn named<'m>(name: &'m str, text: Cow<'m, str>) -> Named<'m> {
    Named { name, text }
}

fn comment(text: Option<&String>) -> &str {
    text.map_or("", |text| text.trim())
}

/// Text on one line, for llms.txt: white space becomes one blank, and what is
/// not seen is made visible.
pub fn line(text: &str) -> Cow<'_, str> {
    match one_line(text) {
        Cow::Borrowed(text) => Cow::Borrowed(text),
        Cow::Owned(line) => Cow::Owned(visible(&line).into_owned()),
    }
}

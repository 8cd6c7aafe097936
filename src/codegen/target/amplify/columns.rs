//! Columns as fields, and the directives of types.

use std::collections::{BTreeMap, BTreeSet};

use crate::codegen::loss::Finding;
use crate::codegen::manifest::Column;
use crate::codegen::target::CastError;
use crate::codegen::target::amplify::defaults::{self, SqlDefault};
use crate::codegen::target::amplify::directives::{Directive, Timestamps};
use crate::codegen::target::amplify::indexes::ModelIndex;
use crate::codegen::target::amplify::names::{self, ARGUMENTS, composite_argument};
use crate::codegen::target::amplify::objects::Object;
use crate::codegen::target::amplify::options::{Directives, Operations, Strategy};
use crate::codegen::target::amplify::relations::of_child;
use crate::codegen::target::amplify::type_map::Base;
use crate::codegen::target::amplify::view::{Field, Plan, text, type_ref};
use crate::codegen::target::amplify::{auth, findings, operations};
use crate::codegen::types::Family;

/// The field of each column.
pub fn field_names(object: &Object<'_>) -> BTreeMap<String, String> {
    let columns: Vec<(&str, bool)> =
        object.columns.iter().map(|column| (column.name.as_str(), object.types[column.name.as_str()].list)).collect();
    let key = object.key.as_ref().map(|key| key.columns.as_slice()).unwrap_or_default();
    let mut keyed: BTreeSet<&str> = key.iter().copied().collect();
    if let Some(table) = object.table {
        keyed.extend(table.unique.iter().flat_map(|key| &key.columns).map(String::as_str));
        keyed.extend(table.foreign_keys.iter().flat_map(|key| &key.columns).map(String::as_str));
        let index_keys = table.indexes.iter().flat_map(|index| &index.keys);
        keyed.extend(index_keys.filter_map(|key| key.column.as_deref()));
    }
    let mut renamed = BTreeSet::new();
    loop {
        let fields = names::field_names(&columns, &keyed, &renamed);
        let names: Vec<&str> = key.iter().map(|column| fields[*column].as_str()).collect();
        match composite_clash(&names) {
            // Each sort key is renamed once at most, so that this ends.
            true if renamed.len() + 1 < key.len() => renamed.insert(key[renamed.len() + 1]),
            _ => return fields,
        };
    }
}

/// Whether the argument that the transformer makes of several sort keys is
/// one that the query has already.
fn composite_clash(fields: &[&str]) -> bool {
    let [first, sort_keys @ ..] = fields else { return false };
    let argument = composite_argument(sort_keys);
    sort_keys.len() > 1 && (argument == *first || ARGUMENTS.contains(&argument.as_str()))
}

/// Takes out the indexes whose arguments would have one name.
pub fn drop_clashing_indexes(
    fields: &BTreeMap<String, String>,
    indexes: &mut Vec<ModelIndex<'_>>,
    findings: &mut Vec<Finding>,
) {
    indexes.retain(|index| {
        let names: Vec<&str> = index.columns.iter().map(|column| fields[*column].as_str()).collect();
        let clashes = composite_clash(&names);
        if clashes {
            let why = "the argument that Amplify makes of its sort keys has the name of another argument";
            findings.push(Finding::new(&findings::NO_INDEX, index.path.clone(), why));
        }
        !clashes
    });
}

/// The fields of an object's columns, in order.
pub fn columns(plan: &Plan<'_>, at: usize, findings: &mut Vec<Finding>) -> Vec<Field> {
    let object = &plan.objects[at];
    let columns = object.columns.iter();
    columns
        .map(|column| {
            let field_type = &object.types[column.name.as_str()];
            let path = object.member(&column.name);
            for (code, reason) in &field_type.losses {
                findings.push(Finding::new(code, path.clone(), reason.clone()));
            }
            let name = plan.fields[at][&column.name].clone();
            let mut required = object.required(&column.name);
            let mut directives = Vec::new();
            if object.is_model() {
                let (default, relaxed) = default(plan, at, column, findings);
                required &= !relaxed;
                directives = column_directives(plan, at, column, &name);
                directives.extend(default);
                if plan.options.max_length && field_type.base == Base::String && !field_type.list {
                    directives.extend(field_type.max_length.map(Directive::MaxLength));
                }
            }
            let type_ref = type_ref(plan, &field_type.base, field_type.list, required);
            Field { name, description: text(column.comment.as_deref()), type_ref, directives }
        })
        .collect()
}

/// The key, the renaming and the indexes that begin with the column.
fn column_directives(plan: &Plan<'_>, at: usize, column: &Column, name: &str) -> Vec<Directive> {
    let object = &plan.objects[at];
    let field = |column: &&str| plan.fields[at][*column].clone();
    let mut directives = Vec::new();
    if let Some([first, sort_keys @ ..]) = object.key.as_ref().map(|key| key.columns.as_slice())
        && *first == column.name
    {
        directives.push(Directive::PrimaryKey { sort_key_fields: sort_keys.iter().map(field).collect() });
    }
    if plan.options.strategy == Strategy::Postgres && name != column.name {
        directives.push(Directive::RefersTo { name: column.name.clone() });
    }
    for index in plan.indexes[at].iter().filter(|index| index.columns[0] == column.name) {
        let (query_field, index_name) = &plan.queries.indexes[&index.path];
        directives.push(Directive::Index {
            name: index_name.clone(),
            query_field: query_field.clone(),
            sort_key_fields: index.columns[1..].iter().map(field).collect(),
        });
    }
    directives
}

/// The column's `@default`, and whether the column may be left out of a
/// create although it is NOT NULL.
///
/// On DynamoDB a required field stays required in the create input, default
/// or not (measured), so that a default makes the field nullable. On Postgres
/// the database gives the value; `@default` breaks the inputs of a model with
/// relations (measured), so that it is used for a sequence's key alone.
fn default(plan: &Plan<'_>, at: usize, column: &Column, findings: &mut Vec<Finding>) -> (Option<Directive>, bool) {
    let object = &plan.objects[at];
    let field = &object.types[column.name.as_str()];
    let name = plan.fields[at][&column.name].as_str();
    let own_id = name == "id" && matches!(field.base, Base::Id | Base::String);
    let bound = object.in_key(&column.name) || in_composite_reference(plan, at, &column.name);
    let sql = column.default.clone().or_else(|| domain_default(plan, column));
    let sql = sql.map(|text| (defaults::read(&text), text)).filter(|(read, _)| *read != SqlDefault::Null);
    let mut lost = |code, why: String| findings.push(Finding::new(code, object.member(&column.name), why));
    if plan.options.strategy == Strategy::Postgres {
        let given = sql.is_some() || column.identity.is_some() || column.generated.is_some();
        if !given || !bound {
            return (None, given);
        }
        let sequence = column.identity.is_some() || sql.is_some_and(|(_, text)| text.starts_with("nextval("));
        let related = plan.parents.contains(&at) || !of_child(&plan.links, at).is_empty();
        let first = object.key.as_ref().is_some_and(|key| key.columns[0] == column.name);
        if first && sequence && !related && field.base == Base::Int {
            return (Some(Directive::Default { value: None }), false);
        }
        if object.in_key(&column.name) && !own_id {
            lost(&findings::REQUIRED_KEY, "Amplify requires it although the database would give a value".into());
        }
        return (None, false);
    }
    if let Some(generated) = &column.generated {
        lost(&findings::NO_GENERATION, format!("it is generated AS ({})", generated.expression));
        return (None, false);
    }
    if column.identity.is_some() {
        lost(&findings::NO_DEFAULT, "it is an identity column, and DynamoDB has no sequences".into());
        return (None, false);
    }
    let Some((read, text)) = sql else { return (None, false) };
    let literal = match read {
        SqlDefault::Literal(literal) => literal,
        _ => {
            // Amplify sets an `id: ID` and the timestamps by itself.
            let set = own_id || timestamp_columns(plan, at).into_iter().flatten().any(|own| own.name == column.name);
            if !set {
                lost(&findings::NO_DEFAULT, format!("`{text}` is an expression"));
            }
            return (None, false);
        }
    };
    if field.list || bound {
        let why = if field.list { "a list has no default" } else { "a column of a key has no default" };
        lost(&findings::NO_DEFAULT, format!("`{text}`: {why}"));
        return (None, false);
    }
    let labels = match &plan.catalog.resolve(&column.type_name).without_domains().family {
        Family::Enum(named) => Some(named.item.labels.as_slice()),
        _ => None,
    };
    match defaults::value(&literal, &field.base, labels) {
        Ok(value) => (Some(Directive::Default { value: Some(value) }), true),
        Err(why) => {
            lost(&findings::NO_DEFAULT, why);
            (None, false)
        }
    }
}

/// The default of the column's domain.
fn domain_default(plan: &Plan<'_>, column: &Column) -> Option<String> {
    let mut declared = plan.catalog.resolve(&column.type_name);
    while let Family::Domain { domain, base } = declared.family {
        if let Some(default) = &domain.item.default {
            return Some(default.clone());
        }
        declared = *base;
    }
    None
}

/// Whether the column is one of several that refer to a parent together: they
/// are all required or all nullable.
fn in_composite_reference(plan: &Plan<'_>, at: usize, column: &str) -> bool {
    of_child(&plan.links, at).iter().any(|link| link.references.len() > 1 && link.references.contains(&column))
}

/// The columns `created_at` and `updated_at`, however they are spelt.
fn timestamp_columns<'m>(plan: &Plan<'m>, at: usize) -> [Option<&'m Column>; 2] {
    let find = |wanted: [&str; 2]| {
        let columns = &plan.objects[at].columns;
        wanted.into_iter().find_map(|name| columns.iter().find(|column| column.name == name).copied())
    };
    [find(["created_at", "createdAt"]), find(["updated_at", "updatedAt"])]
}

/// `@refersTo`, `@model` and `@auth`; nothing for a plain type.
pub fn type_directives(plan: &Plan<'_>, at: usize, findings: &mut Vec<Finding>) -> Result<Vec<Directive>, CastError> {
    let object = &plan.objects[at];
    let Some(key) = &object.key else { return Ok(Vec::new()) };
    let name = &plan.names.objects[&object.path];
    let mut directives = Vec::new();
    let table = table_name(object);
    if plan.options.strategy == Strategy::Postgres && table != *name {
        directives.push(Directive::RefersTo { name: table });
    }
    let queries = &plan.queries.models[name];
    // Version 1 makes names of its own where it is told none.
    let operations = match plan.options.directives {
        Directives::V2 => plan.options.operations,
        Directives::V1 => Operations::Explicit,
    };
    let mut arguments = operations::model_arguments(name, queries, operations, key.read_only);
    arguments.timestamps = timestamps(plan, at, key.read_only, findings);
    directives.push(Directive::Model(arguments));
    directives.push(Directive::Auth(auth::rules(object, &plan.fields[at], plan.options, findings)?));
    Ok(directives)
}

/// What `@refersTo` calls the table: its name, with the schema's before it
/// where that is not `public`. A name that holds a dot is quoted, so that no
/// two tables are called the same.
fn table_name(object: &Object<'_>) -> String {
    if object.name.contains('.') || object.schema.contains('.') {
        object.path.clone()
    } else if object.schema == "public" {
        object.name.to_owned()
    } else {
        format!("{}.{}", object.schema, object.name)
    }
}

/// What `@model` has to say about the timestamps. Amplify fills `createdAt`
/// and `updatedAt` on DynamoDB, and adds them where they are not there.
fn timestamps(plan: &Plan<'_>, at: usize, read_only: bool, findings: &mut Vec<Finding>) -> Option<Timestamps> {
    if read_only {
        return Some(Timestamps::None);
    }
    if plan.options.strategy == Strategy::Postgres {
        return None;
    }
    let object = &plan.objects[at];
    let [created, updated] = timestamp_columns(plan, at);
    let wrong = [created, updated].into_iter().flatten().find(|column| {
        let field = &object.types[column.name.as_str()];
        field.list || !matches!(field.base, Base::DateTime | Base::String)
    });
    if let Some(column) = wrong {
        let why = "it is neither a timestamp nor text";
        findings.push(Finding::new(&findings::TIMESTAMPS, object.member(&column.name), why));
        return Some(Timestamps::None);
    }
    let field = |column: Option<&Column>, own: &str| {
        column.map_or_else(|| own.to_owned(), |column| plan.fields[at][&column.name].clone())
    };
    let (created_at, updated_at) = (field(created, "createdAt"), field(updated, "updatedAt"));
    (created_at != "createdAt" || updated_at != "updatedAt").then_some(Timestamps::Named { created_at, updated_at })
}

//! The plain shape that a dump of information_schema gives, taken into the
//! manifest's own.
//!
//! ```yaml
//! tables:
//! - table_name: users
//!   columns:
//!   - {column_name: id, data_type: integer, is_nullable: 'NO', column_default: "nextval('users_id_seq'::regclass)"}
//! ```
//!
//! The names are those of the views `tables` and `columns` of
//! information_schema (PostgreSQL manual, chapter 37). Both shapes may stand in
//! one document; what only information_schema counts (lengths in bytes,
//! catalogs) is passed over.

use serde_json::{Map, Value};

use crate::codegen::document::Path;
use crate::codegen::sql;

/// What [`normalise`] did to a document.
#[derive(Default)]
pub struct Normalised {
    /// What could not be taken over.
    pub faults: Vec<(Path, String)>,
    /// Paths of tables as they are now, and as they were in the text.
    pub moved: Vec<(Path, Path)>,
}

/// Rewrites what has information_schema's shape.
pub fn normalise(document: &mut Value) -> Normalised {
    let mut normalised = Normalised::default();
    let Some(root) = document.as_object_mut() else { return normalised };
    normalised.moved = gather_tables(root);
    root.entry("version").or_insert_with(|| Value::from(super::read::VERSION));
    for (schema_path, schema) in items(root, "schemas", &Path::default()) {
        rename(schema, &["schema_name", "table_schema", "schema"], "name");
        drop_keys(schema, &["catalog_name", "schema_owner"]);
        for list in ["tables", "views", "materialized_views"] {
            for (path, relation) in items(schema, list, &schema_path) {
                rename(relation, &["table_name", "view_name", "matviewname"], "name");
                rename(relation, &["view_definition"], "definition");
                drop_keys(relation, &["table_catalog", "table_schema", "table_type"]);
                if let Some(Value::Array(columns)) = relation.get("primary_key").cloned() {
                    relation.insert(
                        "primary_key".to_owned(),
                        Value::Object(Map::from_iter([("columns".to_owned(), Value::Array(columns))])),
                    );
                }
                order_columns(relation);
                for (column_path, column) in items(relation, "columns", &path) {
                    if let Err(message) = normalise_column(column) {
                        normalised.faults.push((column_path, message));
                    }
                }
            }
        }
    }
    normalised
}

/// Tables at the root go to the schema that each names, else to `public`.
/// Gives where each went.
fn gather_tables(root: &mut Map<String, Value>) -> Vec<(Path, Path)> {
    if root.contains_key("schemas") || !root.get("tables").is_some_and(Value::is_array) {
        return Vec::new();
    }
    let Some(Value::Array(tables)) = root.remove("tables") else { return Vec::new() };
    let mut schemas: Vec<(String, Vec<Value>)> = Vec::new();
    let mut moved = Vec::new();
    for (index, table) in tables.into_iter().enumerate() {
        let schema = table.get("table_schema").and_then(Value::as_str).unwrap_or("public").to_owned();
        let at = schemas.iter().position(|(name, _)| *name == schema).unwrap_or_else(|| {
            schemas.push((schema, Vec::new()));
            schemas.len() - 1
        });
        let path = Path::default().key("schemas").index(at).key("tables").index(schemas[at].1.len());
        moved.push((path, Path::default().key("tables").index(index)));
        schemas[at].1.push(table);
    }
    let schemas =
        schemas.into_iter().map(|(name, tables)| serde_json::json!({ "name": name, "tables": tables })).collect();
    root.insert("schemas".to_owned(), Value::Array(schemas));
    moved
}

/// Columns that all say their `ordinal_position` are put into that order.
fn order_columns(relation: &mut Map<String, Value>) {
    let Some(Value::Array(columns)) = relation.get_mut("columns") else { return };
    let position = |column: &Value| column.get("ordinal_position").and_then(Value::as_i64);
    if columns.iter().all(|column| position(column).is_some()) {
        columns.sort_by_key(position);
    }
}

/// What information_schema says of a column that the manifest has no use for.
const PASSED_OVER: [&str; 33] = [
    "table_catalog",
    "table_schema",
    "table_name",
    "ordinal_position",
    "character_octet_length",
    "numeric_precision_radix",
    "character_set_catalog",
    "character_set_schema",
    "character_set_name",
    "collation_catalog",
    "collation_schema",
    "domain_catalog",
    "udt_catalog",
    "scope_catalog",
    "scope_schema",
    "scope_name",
    "maximum_cardinality",
    "dtd_identifier",
    "is_self_referencing",
    "is_updatable",
    "is_identity",
    "is_generated",
    "interval_precision",
    "interval_type",
    "domain_schema",
    "domain_name",
    "udt_schema",
    "udt_name",
    "character_maximum_length",
    "numeric_precision",
    "numeric_scale",
    "datetime_precision",
    "identity_cycle",
];

fn normalise_column(column: &mut Map<String, Value>) -> Result<(), String> {
    if !["column_name", "data_type", "is_nullable", "column_default"].iter().any(|key| column.contains_key(*key)) {
        return Ok(());
    }
    rename(column, &["column_name"], "name");
    rename(column, &["column_default"], "default");
    rename(column, &["collation_name"], "collation");
    if column.get("default").is_some_and(Value::is_null) {
        column.remove("default");
    }
    let mut fault = None;
    if let Some(nullable) = column.remove("is_nullable") {
        let not_null = match &nullable {
            Value::Bool(nullable) => !nullable,
            Value::String(text) if text.eq_ignore_ascii_case("no") => true,
            Value::String(text) if text.eq_ignore_ascii_case("yes") => false,
            other => return Err(format!("is_nullable is `YES` or `NO`, not {other}")),
        };
        if not_null {
            column.insert("not_null".to_owned(), Value::Bool(true));
        }
    }
    if let Some(data_type) = column.remove("data_type") {
        let type_name = type_name(&data_type, column);
        column.insert("type".to_owned(), type_name.clone().map_or(data_type, Value::String));
        fault = type_name.err();
    }
    identity_and_generated(column);
    drop_keys(column, &PASSED_OVER);
    column.retain(|_, value| !value.is_null());
    fault.map_or(Ok(()), Err)
}

/// The full type name that information_schema spreads over several columns.
fn type_name(data_type: &Value, column: &Map<String, Value>) -> Result<String, String> {
    let data_type = data_type.as_str().ok_or("data_type is not a text")?;
    let text = |key: &str| column.get(key).and_then(Value::as_str);
    let number = |key: &str| column.get(key).and_then(Value::as_i64);
    let qualified = |name: &str| match text("udt_schema") {
        Some("pg_catalog") | None => name.to_owned(),
        Some(schema) => sql::qualified(schema, name),
    };
    if let Some(domain) = text("domain_name") {
        return Ok(sql::qualified(text("domain_schema").unwrap_or("public"), domain));
    }
    Ok(match data_type {
        "ARRAY" => {
            let udt =
                text("udt_name").ok_or("data_type `ARRAY` says no element type: add udt_name (such as `_text`)")?;
            let element = udt.strip_prefix('_').unwrap_or(udt);
            format!("{}[]", qualified(element))
        }
        "USER-DEFINED" => {
            let udt = text("udt_name").ok_or("data_type `USER-DEFINED` names no type: add udt_name and udt_schema")?;
            qualified(udt)
        }
        "character varying" | "character" | "bit" | "bit varying" | "varchar" | "char" => {
            match number("character_maximum_length") {
                Some(length) => format!("{data_type}({length})"),
                None => data_type.to_owned(),
            }
        }
        "numeric" | "decimal" => match (number("numeric_precision"), number("numeric_scale")) {
            (Some(precision), Some(scale)) => format!("numeric({precision},{scale})"),
            (Some(precision), None) => format!("numeric({precision})"),
            _ => data_type.to_owned(),
        },
        other => other.to_owned(),
    })
}

fn identity_and_generated(column: &mut Map<String, Value>) {
    let text = |column: &Map<String, Value>, key: &str| column.get(key).and_then(Value::as_str).map(str::to_owned);
    let generation = match text(column, "identity_generation").as_deref() {
        Some("ALWAYS") => Some("always"),
        Some("BY DEFAULT") => Some("by_default"),
        _ => None,
    };
    if let Some(generation) = generation {
        let mut options = Map::new();
        for (key, name, usual) in [("identity_start", "start", 1), ("identity_increment", "increment", 1)] {
            let number = text(column, key).and_then(|number| number.parse::<i64>().ok());
            if let Some(number) = number.filter(|number| *number != usual) {
                options.insert(name.to_owned(), Value::from(number));
            }
        }
        let mut identity = Map::from_iter([("generation".to_owned(), Value::from(generation))]);
        if !options.is_empty() {
            identity.insert("options".to_owned(), Value::Object(options));
        }
        column.insert("identity".to_owned(), Value::Object(identity));
    }
    if let Some(expression) = text(column, "generation_expression") {
        column.insert("generated".to_owned(), serde_json::json!({ "expression": expression }));
    }
    let gone = [
        "identity_generation",
        "identity_start",
        "identity_increment",
        "identity_maximum",
        "identity_minimum",
        "generation_expression",
    ];
    drop_keys(column, &gone);
}

/// The mappings of a list, each with its path.
fn items<'v>(parent: &'v mut Map<String, Value>, list: &str, path: &Path) -> Vec<(Path, &'v mut Map<String, Value>)> {
    let list_path = path.key(list);
    let entries = parent.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten().enumerate();
    entries.filter_map(|(index, item)| Some((list_path.index(index), item.as_object_mut()?))).collect()
}

fn rename(map: &mut Map<String, Value>, from: &[&str], to: &str) {
    for key in from {
        if !map.contains_key(to)
            && let Some(value) = map.remove(*key)
        {
            map.insert(to.to_owned(), value);
        }
    }
}

fn drop_keys(map: &mut Map<String, Value>, keys: &[&str]) {
    for key in keys {
        map.remove(*key);
    }
}

//! `type_overrides` of project.yaml, read and checked.

use std::collections::BTreeMap;

use crate::codegen::catalog::Catalog;
use crate::codegen::names;
use crate::codegen::target::CastError;
use crate::codegen::types::{Family, PgType};

use super::findings;
use super::findings::READ_AS_TEXT;
use super::options::TypeOverrides;
use super::rust_type::{RustType, Traits};

/// The overrides by what they apply to.
#[derive(Debug, Default)]
pub(super) struct Overrides {
    /// By the type's key, see [`key`].
    types: BTreeMap<String, RustType>,
    /// By schema, table and column.
    columns: BTreeMap<(String, String, String), RustType>,
}

impl Overrides {
    /// Reads the overrides.
    ///
    /// # Errors
    /// A type or column that the manifest has not, and what is no Rust type:
    /// a typing error would override nothing.
    pub fn new(options: &TypeOverrides, catalog: &Catalog<'_>) -> Result<Self, CastError> {
        let mut overrides = Self::default();
        let mut faults = Vec::new();
        for (name, value) in &options.types {
            match (catalog.look_up(name), rust_type(value)) {
                (Ok(found), Ok(rust)) => {
                    overrides.types.insert(key(&found), rust);
                }
                (found, rust) => {
                    if found.is_err() {
                        faults.push(format!("models.type_overrides.types: there is no type `{name}`"));
                    }
                    faults.extend(rust.err().map(|fault| format!("models.type_overrides.types.{name}: {fault}")));
                }
            }
        }
        let columns: Vec<[&str; 3]> = catalog
            .tables()
            .flat_map(|(schema, table)| table.columns.iter().map(|column| [&*schema.name, &*table.name, &*column.name]))
            .chain(catalog.views().flat_map(|(schema, view, _)| {
                view.columns.iter().map(|column| [&*schema.name, &*view.name, &*column.name])
            }))
            .collect();
        for (path, value) in &options.columns {
            let found: Vec<&[&str; 3]> = columns
                .iter()
                .filter(|[schema, table, column]| {
                    *path == format!("{schema}.{table}.{column}") || *path == format!("{table}.{column}")
                })
                .collect();
            if found.is_empty() {
                let near = names::nearest(path, columns.iter().map(|column| column.join(".")));
                let hint = near.map(|near| format!(" (did you mean `{near}`?)")).unwrap_or_default();
                faults.push(format!("models.type_overrides.columns: there is no column `{path}`{hint}"));
            }
            match rust_type(value) {
                Ok(rust) => {
                    for [schema, table, column] in found {
                        let at = ((*schema).to_owned(), (*table).to_owned(), (*column).to_owned());
                        overrides.columns.insert(at, rust.clone());
                    }
                }
                Err(fault) => faults.push(format!("models.type_overrides.columns.{path}: {fault}")),
            }
        }
        if faults.is_empty() {
            Ok(overrides)
        } else {
            Err(CastError::impossible(&findings::BAD_OVERRIDE, faults.join("; ")))
        }
    }

    pub fn of_type(&self, pg: &PgType<'_>) -> Option<&RustType> {
        if self.types.is_empty() {
            return None;
        }
        self.types.get(&key(pg))
    }

    pub fn of_column(&self, schema: &str, table: &str, column: &str) -> Option<&RustType> {
        if self.columns.is_empty() {
            return None;
        }
        self.columns.get(&(schema.to_owned(), table.to_owned(), column.to_owned()))
    }
}

/// What tells types apart for an override: the type without its modifiers, so
/// that `numeric` means `numeric(10,2)` too, and the number of its brackets.
fn key(pg: &PgType<'_>) -> String {
    let family = match &pg.family {
        Family::Numeric { .. } => "numeric".to_owned(),
        Family::Varchar { .. } => "varchar".to_owned(),
        Family::Char { .. } => "char".to_owned(),
        Family::Bit { .. } => "bit".to_owned(),
        Family::Varbit { .. } => "varbit".to_owned(),
        Family::Geometry { geography, .. } => format!("geometry {geography}"),
        Family::Vector { .. } => "vector".to_owned(),
        Family::Halfvec { .. } => "halfvec".to_owned(),
        Family::Sparsevec { .. } => "sparsevec".to_owned(),
        Family::Range { name, .. } => format!("range {name}"),
        Family::Multirange { name, .. } => format!("multirange {name}"),
        Family::Enum(named) => format!("enum {}.{}", named.schema, named.item.name),
        Family::Domain { domain, .. } => format!("domain {}.{}", domain.schema, domain.item.name),
        Family::Composite(named) => format!("composite {}.{}", named.schema, named.item.name),
        Family::Row { schema, name, .. } => format!("row {schema}.{name}"),
        other => format!("{other:?}"),
    };
    format!("{family}{}", "[]".repeat(pg.dimensions))
}

/// The type that an override names.
fn rust_type(value: &str) -> Result<RustType, String> {
    if value == "text" {
        return Ok(RustType::text(&READ_AS_TEXT, "models.type_overrides says so"));
    }
    let parsed: syn::Type = syn::parse_str(value).map_err(|error| format!("`{value}` is no Rust type: {error}"))?;
    let traits = traits(&parsed);
    Ok(RustType::new(value.trim(), traits))
}

/// What can be known of a type by its name. Of any other type nothing is
/// assumed but Clone, Debug and PartialEq, and the impls that the features of
/// the including crate ask for.
fn traits(parsed: &syn::Type) -> Traits {
    let unknown = Traits { sqlx: true, sqlx_array: true, ..Traits::PLAIN };
    let syn::Type::Path(path) = parsed else { return unknown };
    let Some(last) = path.path.segments.last() else { return unknown };
    let argument = || match &last.arguments {
        syn::PathArguments::AngleBracketed(list) => list.args.iter().find_map(|argument| match argument {
            syn::GenericArgument::Type(inner) => Some(inner),
            _ => None,
        }),
        _ => None,
    };
    let is_bytes = || matches!(argument(), Some(syn::Type::Path(inner)) if inner.path.is_ident("u8"));
    match last.ident.to_string().as_str() {
        _ if path.path.segments.len() > 1 => unknown,
        "String" => Traits { display: true, ..Traits::KEY },
        "bool" | "i8" | "i16" | "i32" | "i64" => Traits { display: true, ..Traits::SMALL },
        "u8" | "u16" | "u32" | "u64" => Traits { display: true, ..Traits::SMALL }.without_sqlx(),
        "f32" | "f64" => Traits { copy: true, sqlx: true, sqlx_array: true, ..Traits::PLAIN },
        "Vec" if is_bytes() => Traits::KEY,
        // sqlx has no arrays of arrays.
        "Vec" => argument().map_or(unknown, |inner| Traits {
            copy: false,
            display: false,
            sqlx_array: false,
            ..traits(inner)
        }),
        "Option" => argument().map_or(unknown, |inner| Traits { display: false, ..traits(inner) }),
        _ => unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_a_common_type_can_do() {
        let of = |text: &str| rust_type(text).unwrap().traits;
        assert!(of("Vec<String>").hash && of("i64").copy && !of("crate::Email").eq && !of("Vec<f64>").eq);
        assert!(of("Vec<u8>").sqlx_array && !of("Vec<String>").sqlx_array && of("Vec<String>").sqlx);
        assert!(rust_type("Vec<").is_err());
        assert_eq!(rust_type("text").unwrap().path, "String");
    }
}

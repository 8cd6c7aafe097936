//! Which collection and fields each table became.

use crate::codegen::catalog::Catalog;
use crate::codegen::manifest::Column;
use crate::codegen::target::destination::{Destination, Destinations};

use super::names::{Names, field_path};

/// The collections and fields, by the names that the view uses.
pub(super) fn destinations(catalog: &Catalog<'_>, names: &Names<'_>) -> Destinations {
    let mut found = Destinations::new();
    let mut add = |schema: &str, name: &str, columns: &[Column]| {
        let Some(collection) = names.collection(schema, name) else { return };
        let field = |column: &Column| {
            let field = field_path(names.field(schema, name, &column.name));
            (column.name.clone(), format!("{collection}.{field}"))
        };
        let destination = Destination {
            object: names.document_path(schema, name).unwrap_or_else(|| collection.to_owned()),
            file: "FIRESTORE_SCHEMA.json".to_owned(),
            columns: columns.iter().map(field).collect(),
        };
        found.insert((schema.to_owned(), name.to_owned()), destination);
    };
    catalog.tables().for_each(|(schema, table)| add(&schema.name, &table.name, &table.columns));
    catalog.views().for_each(|(schema, view, _)| add(&schema.name, &view.name, &view.columns));
    found
}

//! Which struct and fields each table became.

use crate::codegen::catalog::Catalog;
use crate::codegen::manifest::Column;
use crate::codegen::target::destination::{Destination, Destinations};

use super::idents;
use super::naming::{Kind, Names};

/// The structs and fields, by the names that the view uses.
pub(super) fn destinations(catalog: &Catalog<'_>, names: &Names) -> Destinations {
    let mut found = Destinations::new();
    let mut add = |schema: &str, name: &str, kind: Kind, columns: &[Column]| {
        let module = names.module(schema);
        let object = format!("models::{}::{}", idents::raw(module), names.ident(schema, kind, name));
        let fields = idents::fields(columns.iter().map(|column| column.name.as_str()));
        let file = if kind == Kind::View { "views.rs" } else { "tables.rs" };
        let columns =
            columns.iter().zip(fields).map(|(column, field)| (column.name.clone(), format!("{object}::{field}")));
        let columns = columns.collect();
        let destination = Destination { file: format!("models/{module}/{file}"), object, columns };
        found.insert((schema.to_owned(), name.to_owned()), destination);
    };
    catalog.tables().for_each(|(schema, table)| add(&schema.name, &table.name, Kind::Row, &table.columns));
    catalog.views().for_each(|(schema, view, _)| add(&schema.name, &view.name, Kind::View, &view.columns));
    found
}

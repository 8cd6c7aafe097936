//! Whatever tables and columns are called, each target names them by its own
//! rules, each column of a table otherwise, and by nothing but the names.

use std::collections::BTreeSet;

use crate::codegen::catalog::Catalog;
use crate::codegen::manifest::{self, Column, Key, Manifest, Schema, Table, VERSION};
use crate::codegen::names::{ascii, camel, pascal, singular, snake};
use crate::codegen::project::Project;
use crate::codegen::target::destination::Destinations;
use crate::codegen::target::{self, Input};

/// # Panics
/// Where it does not hold.
pub fn holds(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let names: BTreeSet<&str> = text.split('\n').filter(|name| !name.is_empty()).take(8).collect();
    for name in &names {
        let folded = ascii(name);
        for name in [folded.clone(), pascal(&folded), camel(&folded), snake(&folded)] {
            assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'), "{name}");
        }
        assert!(!singular(name).is_empty(), "{name:?} has an empty singular");
        let _ = (pascal(name), camel(name), snake(name));
    }
    let manifest = manifest_of(&names);
    if names.is_empty() || !manifest::verify(&manifest).is_empty() {
        return;
    }
    for (target, is_valid) in
        [("models", is_rust as fn(&str) -> bool), ("amplify", is_graphql), ("firestore", is_field)]
    {
        let Some(found) = destinations(&manifest, target) else { continue };
        assert_eq!(Some(&found), destinations(&manifest, target).as_ref());
        for (table, destination) in &found {
            let mut own = BTreeSet::new();
            for (column, path) in &destination.columns {
                // What the object is called ends where its field's name begins.
                let object = destination.object.as_str();
                let object = object.rsplit_once("/{").map_or(object, |(collection, _)| collection);
                let Some(name) = path.strip_prefix(object).and_then(|rest| rest.strip_prefix([':', '.'])) else {
                    panic!("{target} says {path:?} of {column:?} in {object:?}")
                };
                let name = name.trim_start_matches(':');
                assert!(is_valid(name), "{target} names {column:?} of {table:?} {name:?}");
                assert!(own.insert(name), "{target} names two columns of {table:?} {name:?}");
            }
        }
    }
}

fn manifest_of(names: &BTreeSet<&str>) -> Manifest {
    let column = |name: &&str| Column { name: (*name).to_owned(), type_name: "text".to_owned(), ..Column::default() };
    let table = |name: &&str| {
        let mut columns: Vec<Column> = names.iter().map(column).collect();
        columns[0].not_null = true;
        let key = Key { name: format!("{name}_pkey"), columns: vec![columns[0].name.clone()], ..Key::default() };
        Table { name: (*name).to_owned(), columns, primary_key: Some(key), ..Table::default() }
    };
    let tables = names.iter().map(table).collect();
    let schema = Schema { name: "public".to_owned(), tables, ..Schema::default() };
    let mut manifest = Manifest { version: VERSION.to_owned(), schemas: vec![schema], ..Manifest::default() };
    manifest::sort(&mut manifest);
    manifest
}

fn destinations(manifest: &Manifest, name: &str) -> Option<Destinations> {
    let target = target::by_name(name).unwrap_or_else(|| panic!("no target {name}"));
    let catalog = Catalog::new(manifest);
    let input = Input { catalog: &catalog, project: &Project::default(), manifest_path: "m.yaml", others: &[] };
    target.cast(&input).ok().map(|output| output.destinations)
}

/// An identifier, or a raw one. (What is a keyword, the compiler's own parser
/// refuses: the target `render`.)
fn is_rust(name: &str) -> bool {
    let plain = name.strip_prefix("r#").unwrap_or(name);
    let mut rest = plain.chars();
    rest.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && rest.all(|c| c.is_alphanumeric() || c == '_')
        && plain != "_"
}

/// GraphQL's Name, without the two underscores that are its own
/// (specification, 2.1.9 and 3.1).
fn is_graphql(name: &str) -> bool {
    let starts = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    starts && !name.starts_with("__") && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Firestore's limits on a field's name
/// (<https://firebase.google.com/docs/firestore/quotas#collections_documents_and_fields>).
fn is_field(name: &str) -> bool {
    let is_reserved = name.len() >= 4 && name.starts_with("__") && name.ends_with("__");
    !name.is_empty() && !is_reserved && name.len() <= 1500
}

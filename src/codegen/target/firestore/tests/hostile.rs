//! Names, comments, labels and types that mean to break something.

use super::{files, files_of, table};
use crate::codegen::manifest::{
    Attribute, Column, Composite, Enum, Index, IndexKey, Key, Manifest, Reference, Schema, Table,
};
use crate::codegen::project::Project;

const NAMES: [&str; 20] = [
    "\"",
    "\\",
    "`",
    "{{ x }}",
    "{% if",
    "a\nb",
    "\u{0}\u{7f}\u{2028}",
    "</script>",
    "__x__",
    "____",
    "__name__",
    "*",
    "a/b",
    ".",
    "..",
    "a.b",
    "Ünïcödé 中 😀",
    "'; DROP TABLE x; --",
    "\"}, \"evil\": {",
    " ",
];

fn hostile() -> Manifest {
    let columns: Vec<Column> = NAMES
        .iter()
        .map(|name| Column {
            name: (*name).to_owned(),
            type_name: "s.e".to_owned(),
            comment: Some((*name).to_owned()).into(),
            default: Some(format!("'{}'::s.e", name.replace('\'', "''"))),
            ..Column::default()
        })
        .collect();
    let tables = NAMES.iter().map(|name| Table {
        name: (*name).to_owned(),
        comment: Some((*name).to_owned()).into(),
        primary_key: Some(Key { columns: vec!["__x__".to_owned(), "\"".to_owned()], ..Key::default() }),
        indexes: NAMES
            .iter()
            .map(|column| Index {
                name: (*column).to_owned(),
                keys: [*column, "*"]
                    .map(|column| IndexKey { column: Some(column.to_owned()), ..IndexKey::default() })
                    .to_vec(),
                ..Index::default()
            })
            .collect(),
        foreign_keys: vec![crate::codegen::manifest::ForeignKey {
            columns: vec!["\\".to_owned()],
            references: Reference { schema: "s".to_owned(), table: "a/b".to_owned(), columns: vec!["`".to_owned()] },
            ..Default::default()
        }],
        columns: columns.clone(),
        ..Table::default()
    });
    let labels = NAMES.iter().map(|name| (*name).to_owned()).collect();
    let schema = Schema {
        name: "s".to_owned(),
        enums: vec![Enum { name: "e".to_owned(), labels, ..Enum::default() }],
        tables: tables.collect(),
        ..Schema::default()
    };
    Manifest { version: "1.0".to_owned(), schemas: vec![schema], ..Manifest::default() }
}

#[test]
fn no_name_breaks_a_file() {
    let files = files_of(&hostile(), &Project::default());
    assert_eq!(files.schema["collections"].as_object().unwrap().len(), NAMES.len());
    for id in ["a_b", "table.", "table..", "table__x__", "\"}, \"evil\": {"] {
        assert_eq!(files.collection(id)["fields"].as_object().unwrap().len(), NAMES.len(), "{id}");
    }
    assert_eq!(files.findings.iter().filter(|finding| finding.starts_with("FIR021")).count(), 7);
    assert_eq!(files.collection("*")["fields"]["column__name__"]["default"], "__name__");
}

#[test]
fn a_very_wide_table() {
    let columns: Vec<String> = (0..1600).map(|n| format!("{{name: c{n}, type: jsonb}}")).collect();
    let files = files(&table(&format!("columns: [{}]", columns.join(", "))));
    assert_eq!(files.collection("t")["fields"].as_object().unwrap().len(), 1600);
    assert_eq!(files.indexes["fieldOverrides"].as_array().unwrap().len(), 1000);
    assert!(files.findings.contains(&"FIR044 firestore.indexes.json".to_owned()));
}

/// Types that hold two of the next, fifty deep: 2^50 fields if spelt out.
#[test]
fn types_that_double_at_each_level_end() {
    let composites = (0..50).map(|n| {
        let attribute = |name: &str| Attribute {
            name: name.to_owned(),
            type_name: format!("s.c{}{}", (n + 1) % 50, if n % 3 == 0 { "[]" } else { "" }),
            ..Attribute::default()
        };
        Composite { name: format!("c{n}"), attributes: vec![attribute("a"), attribute("b")], ..Composite::default() }
    });
    let column = Column { name: "v".to_owned(), type_name: "s.c0".to_owned(), ..Column::default() };
    let schema = Schema {
        name: "s".to_owned(),
        composites: composites.collect(),
        tables: vec![Table { name: "t".to_owned(), columns: vec![column], ..Table::default() }].into(),
        ..Schema::default()
    };
    let manifest = Manifest { version: "1.0".to_owned(), schemas: vec![schema], ..Manifest::default() };
    let files = files_of(&manifest, &Project::default());
    assert!(files.texts[0].len() < 1_000_000);
    assert!(files.findings.iter().any(|finding| finding.starts_with("FIR010")));
}

#[test]
fn what_contradicts_itself_does_no_harm() {
    let files = files(
        "{version: '1.0', schemas: [{name: s, domains: [{name: d, type: s.d}, {name: e, type: s.c}],
          composites: [{name: c, attributes: [{name: x, type: s.e}, {name: x, type: 's.c[]'}]}],
          tables: [{name: t, primary_key: {columns: [gone]}, unique: [{columns: []}],
            columns: [{name: a, type: s.d}, {name: a, type: s.c}, {name: b, type: s.e}],
            foreign_keys: [{columns: [], references: {schema: s, table: t, columns: []}}]}]}]}",
    );
    assert_eq!(files.collection("t")["documentId"]["strategy"], "auto");
    assert_eq!(files.collection("t")["fields"].as_object().unwrap().len(), 2);
}

#[test]
fn names_of_any_length() {
    let long = "x".repeat(3000);
    let files = files(&table(&format!("columns: [{{name: {long}a, type: jsonb}}, {{name: {long}b, type: text}}]")));
    let names: Vec<&String> = files.collection("t")["fields"].as_object().unwrap().keys().collect();
    assert!(names.iter().all(|name| name.len() < 1500) && names[0] != names[1]);
}

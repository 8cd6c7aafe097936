//! The target as a whole: small manifests in, files out.

use std::collections::BTreeMap;

use crate::codegen::catalog::Catalog;
use crate::codegen::check;
use crate::codegen::loss::Finding;
use crate::codegen::manifest::{self, Column, Manifest, Schema, Table};
use crate::codegen::project::Project;
use crate::codegen::target::{CastError, Input, Target};

use super::{Dates, DecimalType, Models, ModelsOptions};

/// The files by path, each accepted by its parser, and the findings.
fn cast(manifest: &Manifest, options: ModelsOptions) -> Result<(BTreeMap<String, String>, Vec<Finding>), CastError> {
    let mut manifest = manifest.clone();
    manifest::sort(&mut manifest);
    let project = Project { models: options, ..Project::default() };
    let catalog = Catalog::new(&manifest);
    let input = Input { catalog: &catalog, project: &project, manifest_path: "manifests/x/schema.yaml" };
    let output = Models.cast(&input)?;
    for artifact in &output.artifacts {
        assert_eq!(check::check(artifact), Ok(()), "{}\n{}", artifact.path, artifact.contents);
    }
    let files = output.artifacts.into_iter().map(|artifact| (artifact.path, artifact.contents)).collect();
    Ok((files, output.findings))
}

fn read(yaml: &str) -> Manifest {
    serde_yaml::from_str(yaml).unwrap()
}

fn codes(findings: &[Finding]) -> Vec<(&str, &str)> {
    let mut codes: Vec<(&str, &str)> =
        findings.iter().map(|finding| (finding.code.id, finding.path.as_str())).collect();
    codes.sort_unstable();
    codes
}

/// A manifest with one column for each type, all NOT NULL.
fn one_of_each(types: &[&str]) -> Manifest {
    let columns = types.iter().enumerate().map(|(index, type_name)| Column {
        name: format!("c{index}"),
        type_name: (*type_name).to_owned(),
        not_null: true,
        ..Column::default()
    });
    let mut manifest = read(
        "{version: '1.0', extensions: [{name: strange, types: [odd]}], schemas: [{name: s,
          enums: [{name: mood, labels: [sad, happy]}],
          domains: [{name: email, type: text}, {name: tags, type: 'text[]'}, {name: doc, type: xml}],
          composites: [{name: address, attributes: [{name: street, type: text}, {name: n, type: integer}]},
                       {name: opaque, attributes: [{name: a, type: tsvector}]}],
          ranges: [{name: floatrange, subtype: double precision, multirange: floatmultirange}],
          tables: []}]}",
    );
    manifest.schemas[0].tables.push(Table {
        name: "all_types".to_owned(),
        columns: columns.collect(),
        ..Table::default()
    });
    manifest
}

/// Every row of the type table: the Postgres type, its Rust type, and the cast
/// that it is read through.
const TYPE_TABLE: &[(&str, &str, &str)] = &[
    ("boolean", "bool", ""),
    ("smallint", "i16", ""),
    ("integer", "i32", ""),
    ("bigint", "i64", ""),
    ("real", "f32", ""),
    ("double precision", "f64", ""),
    ("text", "String", ""),
    ("character varying(20)", "String", ""),
    ("character(3)", "String", ""),
    ("name", "String", ""),
    ("citext", "String", ""),
    ("\"char\"", "i8", ""),
    ("bytea", "Vec<u8>", ""),
    ("uuid", "uuid::Uuid", ""),
    ("json", "serde_json::Value", ""),
    ("jsonb", "serde_json::Value", ""),
    ("numeric(28,28)", "rust_decimal::Decimal", ""),
    ("numeric(10,2)", "rust_decimal::Decimal", ""),
    ("numeric(29,0)", "String", "text"),
    ("numeric(10,30)", "String", "text"),
    ("numeric(28,-2)", "String", "text"),
    ("numeric", "String", "text"),
    ("timestamp with time zone", "chrono::DateTime<chrono::Utc>", ""),
    ("timestamp(3) without time zone", "chrono::NaiveDateTime", ""),
    ("date", "chrono::NaiveDate", ""),
    ("time without time zone", "chrono::NaiveTime", ""),
    ("time with time zone", "super::super::support::TimeTz", ""),
    ("money", "super::super::support::Money", ""),
    ("interval", "super::super::support::Interval", ""),
    ("int4range", "super::super::support::Range<i32>", ""),
    ("tstzrange", "super::super::support::Range<chrono::DateTime<chrono::Utc>>", ""),
    ("numrange", "String", "text"),
    ("int8multirange", "super::super::support::Multirange<i64>", ""),
    ("s.floatrange", "super::super::support::Range<f64>", ""),
    ("s.floatmultirange", "String", "text"),
    ("inet", "cidr::IpInet", ""),
    ("cidr", "cidr::IpCidr", ""),
    ("macaddr", "eui48::MacAddress", ""),
    ("bit(8)", "bit_vec::BitVec", ""),
    ("bit varying(8)", "bit_vec::BitVec", ""),
    ("pg_lsn", "super::super::support::PgLsn", ""),
    ("oid", "u32", ""),
    ("xml", "String", "text"),
    ("tsvector", "String", "text"),
    ("tsquery", "String", "text"),
    ("jsonpath", "String", "text"),
    ("macaddr8", "String", "text"),
    ("point", "String", "text"),
    ("polygon", "String", "text"),
    ("pg_snapshot", "String", "text"),
    ("regclass", "String", "text"),
    ("xid8", "String", "text"),
    ("geometry(Point,4326)", "String", "text"),
    ("text[]", "Vec<Option<String>>", ""),
    ("uuid[]", "Vec<Option<uuid::Uuid>>", ""),
    ("xml[]", "Vec<Option<String>>", "text[]"),
    ("integer[][]", "String", "text"),
    ("s.mood", "super::Mood", ""),
    ("s.mood[]", "Vec<Option<super::Mood>>", ""),
    ("s.email", "super::Email", ""),
    ("s.email[]", "Vec<Option<super::Email>>", ""),
    ("s.tags", "super::Tags", ""),
    ("s.tags[]", "String", "text"),
    ("s.doc", "super::Doc", "text"),
    ("s.doc[]", "Vec<Option<super::Doc>>", "text[]"),
    ("s.address", "super::Address", ""),
    ("s.address[]", "Vec<Option<super::Address>>", ""),
    ("s.opaque", "String", "text"),
    ("s.all_types", "String", "text"),
    ("hstore", "std::collections::HashMap<String, Option<String>>", ""),
    ("ltree", "String", ""),
    ("vector(3)", "pgvector::Vector", ""),
    ("halfvec(3)", "String", "text"),
    ("odd", "String", "text"),
    ("no_such_type", "String", "text"),
];

#[test]
fn every_row_of_the_type_table() {
    let types: Vec<&str> = TYPE_TABLE.iter().map(|(pg, _, _)| *pg).collect();
    let (files, findings) = cast(&one_of_each(&types), ModelsOptions::default()).unwrap();
    let rust = syn::parse_file(&files["models/s/tables.rs"]).unwrap();
    let row = rust.items.iter().find_map(|item| match item {
        syn::Item::Struct(item) if item.ident == "AllType" => Some(item),
        _ => None,
    });
    let fields: Vec<String> = row.unwrap().fields.iter().map(|field| type_text(&field.ty)).collect();
    for ((pg, rust, cast), (index, found)) in TYPE_TABLE.iter().zip(fields.iter().enumerate()) {
        assert_eq!(found, rust, "{pg}");
        let select = &files["models/s/tables.rs"];
        let read = match *cast {
            "" => format!("\\\"c{index}\\\""),
            cast => format!("\\\"c{index}\\\"::{cast} AS \\\"c{index}\\\""),
        };
        assert!(
            select.contains(&format!("{read},")) || select.contains(&format!("{read} FROM")),
            "{pg} is not read by {read}"
        );
        let lost = findings.iter().any(|finding| {
            finding.path == format!("s.all_types.c{index}")
                && matches!(finding.code.id, "RUS001" | "RUS002" | "RUS006" | "RUS010")
        });
        assert_eq!(lost, !cast.is_empty(), "{pg}: a cast has a finding");
    }
    assert_eq!(fields.len(), TYPE_TABLE.len());
}

/// The type as the test writes it.
fn type_text(found: &syn::Type) -> String {
    let item: syn::Item = syn::parse_quote_like(found);
    let _ = item;
    String::new()
}

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
    let input = Input { catalog: &catalog, project: &project, manifest_path: "manifests/x/schema.yaml", others: &[] };
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

/// The fields of a struct, with their types.
fn fields(file: &str, ident: &str) -> Vec<(String, String)> {
    let start = file.find(&format!("pub struct {ident} {{")).unwrap_or_else(|| panic!("no {ident} in\n{file}"));
    let body = file[start..].lines().skip(1).take_while(|line| !line.starts_with('}'));
    let field = |line: &str| {
        let (name, path) = line.strip_prefix("    pub ")?.split_once(": ")?;
        Some((name.to_owned(), path.trim_end_matches(',').to_owned()))
    };
    body.filter_map(field).collect()
}

fn names(fields: &[(String, String)]) -> Vec<&str> {
    fields.iter().map(|(name, _)| name.as_str()).collect()
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
    let tables = &files["models/s/tables.rs"];
    let fields = fields(tables, "AllType");
    for ((pg, rust, cast), (index, found)) in TYPE_TABLE.iter().zip(fields.iter().map(|(_, path)| path).enumerate()) {
        assert_eq!(found, rust, "{pg}");
        let read = match *cast {
            "" => format!("\\\"c{index}\\\""),
            cast => format!("\\\"c{index}\\\"::{cast} AS \\\"c{index}\\\""),
        };
        assert!(
            tables.contains(&format!("{read},")) || tables.contains(&format!("{read} FROM")),
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

#[test]
fn dates_and_decimals_are_of_the_chosen_crate() {
    let types = ["date", "time", "timestamp", "timestamptz", "numeric", "numeric(5,2)"];
    let of = |options: ModelsOptions| {
        let (files, _) = cast(&one_of_each(&types), options).unwrap();
        fields(&files["models/s/tables.rs"], "AllType").into_iter().map(|(_, path)| path).collect::<Vec<_>>()
    };
    let jiff = of(ModelsOptions { dates: Dates::Jiff, decimal: DecimalType::Text, ..ModelsOptions::default() });
    assert_eq!(
        jiff,
        ["jiff::civil::Date", "jiff::civil::Time", "jiff::civil::DateTime", "jiff::Timestamp", "String", "String"]
    );
    let time = of(ModelsOptions { dates: Dates::Time, decimal: DecimalType::Bigdecimal, ..ModelsOptions::default() });
    assert_eq!(time[..2], ["time::Date", "time::Time"]);
    assert_eq!(time[2..4], ["time::PrimitiveDateTime", "time::OffsetDateTime"]);
    assert_eq!(time[4..], ["super::super::support::Numeric", "super::super::support::Numeric"]);
}

const SHOP: &str = "
version: '1.0'
schemas:
- name: auth
  tables:
  - name: users
    comment: Who may sign in.
    columns:
    - {name: id, type: uuid, not_null: true, default: gen_random_uuid()}
    - {name: email, type: text, not_null: true, comment: 'Unique, folded.'}
    - {name: nick, type: text}
    - {name: score, type: integer, default: '0'}
    - {name: created_at, type: timestamptz, not_null: true, default: now()}
    - {name: shown, type: text, not_null: true, generated: {expression: 'lower(nick)'}}
    primary_key: {columns: [id]}
- name: shop
  comment: What is sold.
  enums: [{name: order_status, labels: [open, in progress, done]}]
  tables:
  - name: orders
    columns:
    - {name: id, type: bigint, not_null: true, identity: {generation: always}}
    - {name: user_id, type: uuid, not_null: true}
    - {name: status, type: shop.order_status, not_null: true, default: open_status()}
    primary_key: {columns: [id]}
    foreign_keys:
    - {name: fk, columns: [user_id], references: {schema: auth, table: users, columns: [id]}}
  - name: order_lines
    columns:
    - {name: order_id, type: bigint, not_null: true}
    - {name: line, type: integer, not_null: true}
    - {name: note, type: text}
    primary_key: {columns: [order_id, line]}
    foreign_keys:
    - {name: fk, columns: [order_id], references: {schema: shop, table: orders, columns: [id]}}
  views:
  - name: open_orders
    columns: [{name: id, type: bigint, not_null: true}, {name: nick, type: text}]
";

#[test]
fn a_row_the_values_of_a_new_one_and_an_update() {
    let (files, findings) = cast(&read(SHOP), ModelsOptions::default()).unwrap();
    let users = &files["models/auth/tables.rs"];
    let type_of = |ident: &str, name: &str| {
        fields(users, ident).into_iter().find(|(field, _)| field == name).map(|(_, path)| path)
    };
    assert_eq!(names(&fields(users, "User")), ["id", "email", "nick", "score", "created_at", "shown"]);
    assert_eq!(type_of("User", "id").as_deref(), Some("super::UserId"));
    assert_eq!(type_of("User", "nick").as_deref(), Some("Option<String>"));
    assert_eq!(names(&fields(users, "NewUser")), ["id", "email", "nick", "score", "created_at"]);
    assert_eq!(type_of("NewUser", "id").as_deref(), Some("Option<super::UserId>"));
    assert_eq!(type_of("NewUser", "email").as_deref(), Some("String"));
    assert_eq!(type_of("NewUser", "nick").as_deref(), Some("Option<String>"));
    assert_eq!(type_of("NewUser", "score").as_deref(), Some("Option<Option<i32>>"));
    assert_eq!(names(&fields(users, "UserUpdate")), ["email", "nick", "score", "created_at"]);
    assert_eq!(type_of("UserUpdate", "email").as_deref(), Some("Option<String>"));
    assert_eq!(type_of("UserUpdate", "nick").as_deref(), Some("Option<Option<String>>"));
    assert!(users.contains("/// Who may sign in.\n///\n/// A row of the table `auth.users`.\n"));
    assert!(users.contains("    /// Unique, folded.\n    ///\n    /// `email`: `text`, not null.\n"));

    let orders = &files["models/shop/tables.rs"];
    assert_eq!(
        fields(orders, "Order").into_iter().map(|(_, path)| path).collect::<Vec<_>>(),
        ["super::OrderId", "super::super::auth::UserId", "super::OrderStatus"]
    );
    assert_eq!(names(&fields(orders, "NewOrder")), ["user_id", "status"]);
    assert_eq!(fields(orders, "OrderLine")[0].1, "super::OrderId");
    assert_eq!(names(&fields(orders, "OrderLineUpdate")), ["note"]);
    assert!(orders.contains("pub const PRIMARY_KEY: &'static [&'static str] = &[\"order_id\", \"line\"];"));
    assert!(
        files["models/shop/enums.rs"].contains("#[cfg_attr(feature = \"serde\", serde(rename = \"in progress\"))]")
    );
    assert_eq!(fields(&files["models/shop/views.rs"], "OpenOrder")[1].1, "Option<String>");
    assert_eq!(codes(&findings), [("RUS003", "shop.open_orders"), ("RUS004", "auth.users.created_at")]);
    for file in files.values() {
        assert!(file.starts_with("// @generated by schemacast from manifests/x/schema.yaml; do not edit\n\n"));
    }
}

#[test]
fn without_ids_a_key_is_its_plain_type() {
    let (files, _) = cast(&read(SHOP), ModelsOptions { ids: false, ..ModelsOptions::default() }).unwrap();
    assert_eq!(fields(&files["models/shop/tables.rs"], "Order")[1].1, "uuid::Uuid");
    assert!(!files["models/auth/tables.rs"].contains("UserId"));
}

#[test]
fn overrides_are_used_and_checked() {
    let options =
        |yaml: &str| ModelsOptions { type_overrides: serde_yaml::from_str(yaml).unwrap(), ..ModelsOptions::default() };
    let wanted = "{types: {timestamptz: text, shop.order_status: 'crate::Status'}, columns: {users.nick: 'crate::Nick', shop.order_lines.line: u16}}";
    let (files, _) = cast(&read(SHOP), options(wanted)).unwrap();
    let users = fields(&files["models/auth/tables.rs"], "User");
    assert_eq!((users[2].1.as_str(), users[4].1.as_str()), ("Option<crate::Nick>", "String"));
    assert!(files["models/auth/tables.rs"].contains("\\\"created_at\\\"::text AS \\\"created_at\\\""));
    assert_eq!(fields(&files["models/shop/tables.rs"], "Order")[2].1, "crate::Status");
    assert_eq!(fields(&files["models/shop/tables.rs"], "OrderLine")[1].1, "u16");
    for (wrong, message) in [
        ("{columns: {users.nik: text}}", "there is no column `users.nik`"),
        ("{types: {shop.orderstatus: text}}", "there is no type `shop.orderstatus`"),
        ("{types: {text: 'Vec<'}}", "`Vec<` is no Rust type"),
    ] {
        let error = cast(&read(SHOP), options(wrong)).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
}

#[test]
fn the_order_of_lists_changes_no_byte() {
    let manifest = read(SHOP);
    let mut shuffled = manifest.clone();
    shuffled.schemas.reverse();
    for schema in &mut shuffled.schemas {
        schema.tables.reverse();
        schema.enums.reverse();
    }
    let options = ModelsOptions::default;
    assert_eq!(cast(&manifest, options()).unwrap(), cast(&shuffled, options()).unwrap());
}

#[test]
fn an_unrelated_table_changes_no_name() {
    let manifest = read(
        "{version: '1.0', schemas: [{name: s, enums: [{name: status, labels: [a]}], tables: [
          {name: statuses, columns: [{name: id, type: bigint}], primary_key: {columns: [id]}},
          {name: users, columns: []}, {name: new_users, columns: []}, {name: Users, columns: []},
          {name: options, columns: []}, {name: rs, columns: []}]}]}",
    );
    let idents = |manifest: &Manifest| {
        let (files, _) = cast(manifest, ModelsOptions::default()).unwrap();
        let lines = files["models/s/tables.rs"].lines().filter_map(|line| line.strip_prefix("pub struct "));
        lines.map(|line| line.trim_end_matches([' ', '{', '}', ';']).to_owned()).collect::<Vec<_>>()
    };
    let before = idents(&manifest);
    let mut more = manifest.clone();
    more.schemas[0].tables.push(Table { name: "invoices".to_owned(), ..Table::default() });
    let mut after = idents(&more);
    after.retain(|ident| !ident.contains("Invoice"));
    assert_eq!(before, after);
    let mut distinct = before.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), before.len(), "{before:?}");
    assert!(!before.iter().any(|ident| matches!(ident.as_str(), "Option" | "R")), "{before:?}");
}

#[test]
fn what_is_hostile_is_still_rust() {
    let nasty = "*/ \"\"\" \\ ```\n    panic!()\n#[x] \u{202e} \r\n// <b> [Self] {";
    let column = |name: &str| Column {
        name: name.to_owned(),
        type_name: "text".to_owned(),
        comment: Some(nasty.to_owned()).into(),
        default: Some(nasty.to_owned()),
        ..Column::default()
    };
    let table = Table {
        name: nasty.to_owned(),
        comment: Some(nasty.to_owned()).into(),
        columns: ["self", "type", "_", "", nasty, "a b", "a-b", "😀"].into_iter().map(column).collect(),
        ..Table::default()
    };
    let wide = Table {
        name: "wide".to_owned(),
        columns: (0..1600).map(|index| column(&format!("c{index}"))).collect(),
        ..Table::default()
    };
    let schema = Schema { name: nasty.to_owned(), tables: vec![table, wide].into(), ..Schema::default() };
    let manifest = Manifest { version: "1.0".to_owned(), schemas: vec![schema], ..Manifest::default() };
    let (files, _) = cast(&manifest, ModelsOptions::default()).unwrap();
    assert!(files.values().all(|file| !file.contains('\u{202e}')));
    assert!(files.keys().all(|path| path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._".contains(&byte))));
}

#[test]
fn composites_that_hold_themselves_are_text_whichever_comes_first() {
    let manifest = read(
        "{version: '1.0', schemas: [{name: s, composites: [
          {name: aa, attributes: [{name: b, type: s.bb}]}, {name: bb, attributes: [{name: a, type: 's.aa[]'}]},
          {name: cc, attributes: [{name: n, type: integer}]}],
          tables: [{name: t, columns: [{name: a, type: s.aa}, {name: b, type: s.bb}, {name: c, type: s.cc}]}]}]}",
    );
    let (files, findings) = cast(&manifest, ModelsOptions::default()).unwrap();
    // `T` alone could be a type parameter of what a derive writes.
    let types: Vec<String> = fields(&files["models/s/tables.rs"], "TRow").into_iter().map(|(_, path)| path).collect();
    assert_eq!(types, ["Option<String>", "Option<String>", "Option<super::Cc>"]);
    assert!(codes(&findings).contains(&("RUS010", "s.t.a")));
}

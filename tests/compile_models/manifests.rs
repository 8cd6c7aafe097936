//! The manifests whose models are compiled.

use schemacast::codegen::manifest::{self, Column, Manifest, Table, View};

/// What each kind of type needs, in every way that a column may hold it.
pub const TYPES: &[&str] = &[
    "boolean",
    "smallint",
    "integer",
    "bigint",
    "real",
    "double precision",
    "text",
    "character varying(20)",
    "character(3)",
    "name",
    "citext",
    "\"char\"",
    "bytea",
    "uuid",
    "json",
    "jsonb",
    "numeric(10,2)",
    "numeric(40)",
    "numeric",
    "timestamptz",
    "timestamp",
    "date",
    "time",
    "timetz",
    "money",
    "interval",
    "int4range",
    "int8range",
    "numrange",
    "tsrange",
    "tstzrange",
    "daterange",
    "int4multirange",
    "tstzmultirange",
    "t.floatrange",
    "t.floatmultirange",
    "inet",
    "cidr",
    "macaddr",
    "macaddr8",
    "bit(3)",
    "varbit",
    "pg_lsn",
    "oid",
    "xml",
    "tsvector",
    "tsquery",
    "jsonpath",
    "point",
    "box",
    "regclass",
    "pg_snapshot",
    "xid8",
    "geometry(Point,4326)",
    "hstore",
    "ltree",
    "vector(3)",
    "halfvec(3)",
    "t.mood",
    "t.nothing",
    "t.email",
    "t.tags",
    "t.doc",
    "t.amount",
    "t.place",
    "t.address",
    "t.deep",
    "t.opaque",
    "t.types",
    "no_such_type",
];

const USER_TYPES: &str = "
version: '1.0'
schemas:
- name: t
  enums:
  - {name: mood, labels: [sad, ok, happy]}
  - {name: nothing, labels: []}
  domains:
  - {name: email, type: citext, checks: [{expression: \"VALUE ~ '@'\"}]}
  - {name: tags, type: 'text[]'}
  - {name: doc, type: xml}
  - {name: amount, type: 'numeric(12,2)', not_null: true}
  - {name: place, type: t.address}
  composites:
  - {name: address, attributes: [{name: street, type: text}, {name: type, type: t.mood}, {name: Zip Code, type: t.email}]}
  - {name: deep, attributes: [{name: at, type: 't.address[]'}, {name: when, type: tstzrange}, {name: bits, type: bit(2)}]}
  - {name: opaque, attributes: [{name: words, type: tsvector}]}
  - {name: hollow, attributes: []}
  ranges:
  - {name: floatrange, subtype: double precision, multirange: floatmultirange}
";

/// What the choice of crates for dates and decimals bears upon.
pub const DATES_AND_DECIMALS: &[&str] = &[
    "timestamptz",
    "timestamp",
    "date",
    "time",
    "timetz",
    "interval",
    "money",
    "pg_lsn",
    "numeric(10,2)",
    "numeric",
    "int4range",
    "int8multirange",
    "tstzrange",
    "numrange",
    "datemultirange",
    "t.amount",
    "t.deep",
];

/// What `type_overrides` are tried on: plain, in composites, domains, ranges,
/// arrays and keys.
pub const OVERRIDDEN: &[&str] = &[
    "citext",
    "text",
    "bytea",
    "uuid",
    "jsonb",
    "oid",
    "bigint",
    "numeric(10,2)",
    "timestamptz",
    "date",
    "daterange",
    "int4range",
    "interval",
    "xml",
    "t.mood",
    "t.email",
    "t.tags",
    "t.amount",
    "t.address",
    "t.deep",
    "t.opaque",
    "aclitem",
];

/// The overrides: by type and by column, each with a type of the crate's own,
/// a type of std and `text`; dates and decimals as no other crate here has them.
pub const OVERRIDES: &str = "
models:
  dates: jiff
  decimal: bigdecimal
  type_overrides:
    types:
      citext: crate::own::Word
      'text[]': Vec<String>
      uuid: text
      date: 'crate::own::deep::Same<String>'
      interval: crate::own::Word
      xml: crate::own::Word
      t.mood: String
      t.tags: 'Vec<Option<String>>'
      aclitem: crate::own::Word
    columns:
      of_type_2.needed: crate::own::Word
      of_type_4.needed: 'crate::own::deep::Same<String>'
      t.of_type_4.may be null: text
      of_type_5.needed: i64
      of_type_6.needed: u32
      of_type_2.may be null: 'Vec<u8>'
      list_of_type_6.list: Vec<i64>
      list_of_type_18.list: 'Vec<Option<crate::own::Word>>'
      keyed_by_bigint.id: 'crate::own::deep::Same<i64>'
      keyed_by_integer.parent: i32
";

/// A table for each type, so that no derive is left out because of a
/// neighbour: the type as it is, and as what may be NULL and has a default. A
/// view for each holds an array of it.
pub fn type_table(types: &[&str]) -> Manifest {
    let mut manifest: Manifest = serde_yaml::from_str(USER_TYPES).unwrap();
    let schema = &mut manifest.schemas[0];
    for (index, type_name) in types.iter().enumerate() {
        let column = |name: &str| Column { name: name.into(), type_name: (*type_name).into(), ..Column::default() };
        let columns = vec![
            Column { not_null: true, ..column("needed") },
            Column { default: Some("x".into()), ..column("may be null") },
        ];
        let list = Column { type_name: format!("{type_name}[]"), not_null: true, ..column("list") };
        schema.tables.push(Table { name: format!("of_type_{index}"), columns, ..Table::default() });
        schema.views.push(View { name: format!("list_of_type_{index}"), columns: vec![list], ..View::default() });
    }
    for key in ["integer", "bigint", "uuid", "text", "citext"] {
        let yaml = format!(
            "{{name: keyed_by_{key}, columns: [{{name: id, type: {key}, not_null: true}}, {{name: parent, type: {key}}}],
              primary_key: {{columns: [id]}},
              foreign_keys: [{{columns: [parent], references: {{schema: t, table: keyed_by_{key}, columns: [id]}}}}]}}"
        );
        schema.tables.push(serde_yaml::from_str(&yaml).unwrap());
    }
    manifest
}

/// Names, comments and labels that nobody should use and somebody will.
pub fn hostile() -> Manifest {
    let nasty = "*/ \"\"\" \\ ```\n    panic!(\"a doctest\")\n```\n\n~~~rust\npanic!()\n~~~\n\tpanic!();\n- x\n\n      y!();\n\
                 [Self] [`x`](y) <b> &lt; https://example.org/a(b) (http://x) \u{202e} \r | a | b |\n|--|--|\n#[x] 1. {";
    let names = [
        "self",
        "Self",
        "super",
        "crate",
        "type",
        "gen",
        "async",
        "_",
        "__",
        "",
        " ",
        "a b",
        "a-b",
        "aB",
        "a_b",
        "A_B",
        "😀",
        "größe",
        "имя",
        "с",
        "о",
        "中文",
        "1st",
        "row",
        "f",
        "value",
        "e\u{301}",
        "é",
        "\u{202e}x",
        nasty,
    ];
    let columns = || {
        names.iter().map(|name| Column {
            name: (*name).into(),
            type_name: "text".into(),
            default: Some(nasty.into()),
            comment: Some(nasty.into()).into(),
            ..Column::default()
        })
    };
    let mut manifest: Manifest = serde_yaml::from_str(
        "{version: '1.0', schemas: [{name: type}, {name: support}, {name: con}, {name: std}, {name: core}, {name: A B}]}",
    )
    .unwrap();
    let labels =
        ["", " ", "Self", "self", "open", "Open", "in progress", "in-progress", "1", "é", "e\u{301}", "'", nasty];
    let table_names = [
        "options",
        "strings",
        "vecs",
        "results",
        "rs",
        "ds",
        "selfs",
        "Self",
        "users",
        "Users",
        "user",
        "new_users",
        "user_updates",
        "boxes",
        "clones",
        "defaults",
        "strs",
        "debugs",
        "2fa",
        "_",
        "types",
        nasty,
    ];
    for schema in &mut manifest.schemas {
        schema.comment = Some(nasty.into());
        for name in ["option", "status", "Status", "fn", "é", nasty] {
            let label_list = labels.iter().map(|label| (*label).into()).collect();
            let name = format!("{name} enum");
            schema.enums.push(manifest::Enum {
                name,
                comment: Some(nasty.into()),
                labels: label_list,
                ..manifest::Enum::default()
            });
        }
        schema.composites.push(manifest::Composite {
            name: nasty.into(),
            comment: Some(nasty.into()),
            attributes: names
                .iter()
                .map(|name| manifest::Attribute {
                    name: (*name).into(),
                    type_name: "text".into(),
                    ..Default::default()
                })
                .collect(),
            ..manifest::Composite::default()
        });
        schema.domains.push(manifest::Domain {
            name: format!("{nasty} domain"),
            type_name: "text".into(),
            checks: vec![manifest::Check { expression: nasty.into(), ..Default::default() }],
            ..Default::default()
        });
        for name in table_names {
            let key = manifest::Key { columns: vec!["self".into()], ..Default::default() };
            // All columns once is enough; the other tables are there for their names.
            let count = if name == nasty { names.len() } else { 1 };
            let table = Table { name: name.into(), columns: columns().take(count).collect(), ..Table::default() };
            let table = Table { comment: Some(nasty.into()).into(), ..table };
            schema.tables.push(Table { primary_key: Some(key), ..table });
        }
        schema.tables.push(Table { name: "no columns".into(), ..Table::default() });
    }
    manifest.schemas[0].views.push(View { name: "seen".into(), columns: columns().collect(), ..Default::default() });
    manifest
}

/// As many columns as Postgres lets a table have.
pub fn wide() -> Manifest {
    let mut manifest: Manifest = serde_yaml::from_str("{version: '1.0', schemas: [{name: s}]}").unwrap();
    let column =
        |index| Column { name: format!("c{index}"), type_name: "integer".into(), not_null: true, ..Column::default() };
    let columns = (0..1600).map(column).collect();
    manifest.schemas[0].tables.push(Table { name: "wide".into(), columns, ..Table::default() });
    manifest
}

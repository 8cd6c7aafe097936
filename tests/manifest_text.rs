//! The manifest's text: what is read, what is refused and how, what is written.

use proptest::prelude::*;
use schemacast::codegen::manifest::{
    Check, Column, Enum, Manifest, Policy, Routine, Schema, Table, View, read, sort, to_yaml, write,
};

const SMALL: &str = "\
version: '1.0'
schemas:
- name: crm
  tables:
  - name: accounts
    columns:
    - {name: id, type: uuid, not_null: true, default: gen_random_uuid()}
    - {name: title, type: text}
    primary_key: {name: accounts_pkey, columns: [id]}
  - name: contacts
    columns:
    - {name: id, type: bigint, not_null: true}
    - {name: account_id, type: uuid}
    foreign_keys:
    - {name: contacts_account_id_fkey, columns: [account_id], references: {schema: crm, table: accounts, columns: [id]}}
";

fn mistakes(text: &str) -> Vec<String> {
    read(text).expect_err("the text is wrong").iter().map(ToString::to_string).collect()
}

#[test]
fn every_mistake_of_form_is_reported_with_its_place_and_the_nearest_key() {
    let text = "\
version: '1.0'
schemas:
- name: crm
  tabels: []
  tables:
  - name: contacts
    columns:
    - {name: id, tpye: bigint}
    - {name: n, type: 12}
    - {name: m, type: text, not_null: perhaps}
    policies:
    - {name: p, command: selekt}
";
    assert_eq!(
        mistakes(text),
        [
            "4:3: unknown key `tabels`: did you mean `tables`?",
            "8:7: a column has no `type`, which it needs",
            "8:18: unknown key `tpye`: did you mean `type`?",
            "9:23: expected text, found the number `12`; put it in quotes",
            "10:39: expected `true` or `false`, found the text `perhaps`",
            "12:26: `selekt` is not known here: did you mean `select`?",
        ]
    );
}

#[test]
fn every_contradiction_is_reported_in_one_run() {
    let text = "\
version: '1.0'
schemas:
- name: crm
  tables:
  - name: contacts
    columns:
    - {name: id, type: bigintt}
    - {name: id, type: crm.mood}
    primary_key: {name: k, columns: [idd]}
    foreign_keys:
    - {name: f, columns: [id], references: {schema: crm, table: contract, columns: [id]}}
    - {name: g, columns: [id], references: {schema: auth, table: users, columns: [id]}}
  - name: contacts
    columns: []
";
    assert_eq!(
        mistakes(text),
        [
            "7:24: crm.contacts.id: there is no type `bigintt`; did you mean `bigint`?",
            "8:7: column `crm.contacts.id` is there twice; the first is schemas[0].tables[0].columns[0]",
            "8:24: crm.contacts.id: there is no type `crm.mood`: it is not Postgres' own, not in this manifest, and no extension lists it under `types`",
            "9:18: primary key of crm.contacts names the column `idd`, which is not there; did you mean `id`?",
            "11:44: foreign key `f` of crm.contacts refers to the table crm.contract, which is not there; did you mean `crm.contacts`?",
            "12:44: foreign key `g` of crm.contacts refers to the table auth.users, which is not there (a schema that is not described here belongs under `left_out`: `- {schema: auth, reason: …}`)",
            "13:5: relation `crm.contacts` is there twice; the first is schemas[0].tables[0]",
        ]
    );
}

#[test]
fn a_text_that_does_not_parse_says_where() {
    let yaml = mistakes("version: '1.0'\nschemas:\n- name: [crm\n");
    assert_eq!(yaml.len(), 1);
    assert!(yaml[0].contains("not valid YAML"), "{yaml:?}");
    assert!(yaml[0].starts_with(|c: char| c.is_ascii_digit()), "{yaml:?}");
    let json = mistakes("{\"version\": \"1.0\",\n \"schemas\": [,]}");
    assert!(json[0].starts_with("2:"), "{json:?}");
    assert!(mistakes("")[0].contains("empty"));
    assert!(mistakes("version: '9'\nschemas: []")[0].contains("version `9`"));
    let twice = mistakes("version: '1.0'\nversion: '1.0'\nschemas: []\n");
    assert!(twice[0].contains("version"), "{twice:?}");
}

#[test]
fn json_is_read_as_yaml_is() {
    let manifest = read(SMALL).unwrap();
    let json = serde_json::to_string(&manifest).unwrap();
    assert_eq!(read(&json).unwrap(), manifest);
    let escaped = r#"{"version":"1.0","schemas":[{"name":"s","comment":"\ud83d\ude00\/"}]}"#;
    assert_eq!(read(escaped).unwrap().schemas[0].comment.as_deref(), Some("😀/"));
}

#[test]
fn the_plain_shape_of_information_schema_is_read() {
    let plain = "\
tables:
- table_schema: crm
  table_name: contacts
  table_type: BASE TABLE
  columns:
  - {column_name: email, ordinal_position: 2, data_type: character varying, character_maximum_length: 320, is_nullable: 'YES', column_default: null}
  - {column_name: id, ordinal_position: 1, data_type: integer, is_nullable: 'NO', column_default: \"nextval('s'::regclass)\"}
  - {column_name: tags, ordinal_position: 3, data_type: ARRAY, udt_name: _text, udt_schema: pg_catalog, is_nullable: 'YES'}
  - {column_name: price, ordinal_position: 4, data_type: numeric, numeric_precision: 10, numeric_scale: 2, is_nullable: NO}
  - {column_name: n, ordinal_position: 5, data_type: bigint, is_nullable: 'NO', identity_generation: BY DEFAULT, identity_start: '10'}
";
    let canonical = "\
version: '1.0'
schemas:
- name: crm
  tables:
  - name: contacts
    columns:
    - {name: id, type: integer, not_null: true, default: \"nextval('s'::regclass)\"}
    - {name: email, type: character varying(320)}
    - {name: tags, type: 'text[]'}
    - {name: price, type: 'numeric(10,2)', not_null: true}
    - {name: n, type: bigint, not_null: true, identity: {generation: by_default, options: {start: 10}}}
";
    assert_eq!(read(plain).unwrap(), read(canonical).unwrap());
    let unresolved = mistakes("tables:\n- table_name: t\n  columns:\n  - {column_name: a, data_type: ARRAY}\n");
    assert_eq!(unresolved, ["4:5: data_type `ARRAY` says no element type: add udt_name (such as `_text`)"]);
}

#[test]
fn the_order_of_lists_says_nothing() {
    let mut shuffled = read(SMALL).unwrap();
    let sorted = to_yaml(&shuffled);
    shuffled.schemas[0].tables.reverse();
    assert_ne!(to_yaml(&shuffled), sorted);
    sort(&mut shuffled);
    assert_eq!(to_yaml(&shuffled), sorted);
}

#[test]
fn what_is_written_is_made_for_review() {
    let mut manifest = read(SMALL).unwrap();
    manifest.schemas[0].enums.push(Enum {
        name: "answer".into(),
        comment: Some("a: b\nc".into()),
        labels: ["yes", "no", "1_0", "0x1", "on", "12:30:45", "~", "=", "x"].map(String::from).to_vec(),
        ..Enum::default()
    });
    manifest.schemas[0].views.push(View {
        name: "v".into(),
        definition: " SELECT 1\n   FROM x".into(),
        ..View::default()
    });
    let expected = "\
# yaml-language-server: $schema=../manifest.schema.json
version: '1.0'
schemas:
- name: crm
  enums:
  - name: answer
    comment: |-
      a: b
      c
    labels: ['yes', 'no', '1_0', '0x1', 'on', '12:30:45', '~', '=', x]
  tables:
  - name: accounts
    columns:
    - {name: id, type: uuid, not_null: true, default: gen_random_uuid()}
    - {name: title, type: text}
    primary_key: {name: accounts_pkey, columns: [id]}
  - name: contacts
    columns:
    - {name: id, type: bigint, not_null: true}
    - {name: account_id, type: uuid}
    foreign_keys:
    - {name: contacts_account_id_fkey, columns: [account_id], references: {schema: crm, table: accounts, columns: [id]}}
  views:
  - name: v
    columns: []
    definition: |2-
       SELECT 1
         FROM x
";
    assert_eq!(write(&manifest, "../manifest.schema.json"), expected);
}

/// Texts that trip YAML writers, beside random ones.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("no".to_owned()),
        Just("- a\n# b: c\n".to_owned()),
        Just("\n  BEGIN\n\n\tx;\n END\n\n".to_owned()),
        Just("|*/ \"\"\" \\ ' é \u{85}\u{2028}\u{feff}".to_owned()),
        Just("{{ a }} %b `c` &d *e !f @g, [h]: i ".to_owned()),
        "[ -~\n\t]{0,30}",
        "\\PC{0,12}",
        any::<String>(),
    ]
}

proptest! {
    #[test]
    fn what_is_written_reads_back_the_same(a in text(), b in text(), c in text(), d in text(), labels in proptest::collection::vec(text(), 0..4)) {
        let manifest = Manifest {
            version: "1.0".into(),
            schemas: vec![Schema {
                name: a.clone(),
                comment: Some(b.clone()),
                enums: vec![Enum { name: c.clone(), labels: labels.clone(), ..Enum::default() }],
                tables: vec![Table {
                    name: d.clone(),
                    comment: Some(c.clone()).into(),
                    columns: vec![Column { name: a.clone(), type_name: b.clone(), default: Some(d.clone()), ..Column::default() }],
                    checks: vec![Check { name: b.clone(), expression: a.clone(), ..Check::default() }].into(),
                    policies: vec![Policy { name: c.clone(), roles: labels, using: Some(b.clone()), ..Policy::default() }],
                    ..Table::default()
                }]
                .into(),
                functions: vec![Routine { name: b, body: Some(a), cost: Some(0.1), ..Routine::default() }],
                ..Schema::default()
            }],
            ..Manifest::default()
        };
        let yaml = to_yaml(&manifest);
        let back: Manifest = serde_yaml::from_str(&yaml).map_err(|error| TestCaseError::fail(format!("{error}\n{yaml}")))?;
        prop_assert_eq!(back, manifest, "{}", yaml);
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in text(), key in "[a-z_]{1,12}") {
        let _ = read(&text);
        let _ = read(&format!("version: '1.0'\nschemas:\n- {{name: s, {key}: {text:?}}}\n"));
        let _ = read(&format!("tables:\n- table_name: {text:?}\n  {key}: [{text:?}]\n"));
    }
}

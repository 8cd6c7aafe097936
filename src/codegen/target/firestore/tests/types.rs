//! The type table, row by row.

use serde_json::{Value, json};

use super::{files, files_with};

const TYPES: &str = "
    extensions: [{name: postgis, types: [geometry, geography, raster]}]
    schemas:
    - name: crm
      enums:
      - {name: mood, labels: [\"sad\", \"it's \\\"ok\\\"\", \"\"]}
      - {name: nothing, labels: []}
      domains:
      - {name: email, type: character varying(320), not_null: true, default: \"'a@b'::text\",
         checks: [{name: email_at, expression: \"VALUE ~ '@'\"}]}
      - {name: tags, type: 'text[]'}
      composites:
      - name: address
        attributes: [{name: street, type: text, comment: Where}, {name: since, type: timestamp without time zone}]
      - name: place
        attributes: [{name: at, type: crm.address}, {name: __id__, type: bigint}]
      ranges:
      - {name: floatrange, subtype: double precision, multirange: floatmultirange}
";

fn cast(type_name: &str, options: &str) -> (Value, Vec<String>) {
    let column = format!("{{name: v, type: {}}}", serde_json::to_string(type_name).unwrap());
    let yaml = format!("    version: '1.0'{TYPES}      tables: [{{name: t, columns: [{column}]}}]\n");
    let files = files_with(&yaml, options);
    let mut field = files.collection("t")["fields"]["v"].clone();
    let findings = files.findings.iter().filter_map(|finding| finding.split_once(" crm.t.v"));
    let findings = findings.map(|(code, rest)| format!("{code}{rest}")).collect();
    let field_object = field.as_object_mut().unwrap();
    assert_eq!(field_object.remove("source").unwrap()["type"], type_name);
    field_object.remove("lossy");
    (field, findings)
}

/// The shape of a nullable column of the type, and the codes of its findings.
#[track_caller]
fn becomes(type_name: &str, mut expected: Value, codes: &[&str]) {
    let (field, findings) = cast(type_name, "{}");
    expected["nullable"] = json!(true);
    assert_eq!(field, expected, "{type_name}");
    assert_eq!(findings, codes, "{type_name}");
}

#[test]
fn text() {
    let string = json!({"type": "string"});
    becomes("text", string.clone(), &[]);
    becomes("character varying", string.clone(), &[]);
    becomes("character varying(255)", json!({"type": "string", "maxLength": 255}), &[]);
    becomes("character(2)", json!({"type": "string", "maxLength": 2}), &[]);
    becomes("bpchar", string.clone(), &[]);
    becomes("citext", string, &["FIR009"]);
    becomes("name", json!({"type": "string", "maxLength": 63}), &[]);
    becomes("\"char\"", json!({"type": "string", "maxLength": 1}), &[]);
}

#[test]
fn numbers() {
    let number = |format: &str| json!({"type": "number", "numberFormat": format});
    becomes("smallint", number("int16"), &[]);
    becomes("integer", number("int32"), &[]);
    becomes("serial", number("int32"), &[]);
    becomes("oid", number("int64"), &[]);
    becomes("bigint", number("int64"), &["FIR001"]);
    becomes("real", number("float32"), &[]);
    becomes("double precision", number("float64"), &[]);
    let decimal = json!({"type": "number", "numberFormat": "decimal", "precision": 15, "scale": 2});
    becomes("numeric(15,2)", decimal, &[]);
    let text = json!({"type": "string", "format": "decimal"});
    becomes("numeric(16,2)", text.clone(), &["FIR002"]);
    becomes("numeric(3,1000)", text.clone(), &["FIR002"]);
    becomes("numeric", text, &["FIR002"]);
    becomes("money", json!({"type": "string", "format": "money"}), &["FIR002"]);
    becomes("boolean", json!({"type": "boolean"}), &[]);
    becomes("bytea", json!({"type": "bytes", "indexed": false}), &[]);
}

#[test]
fn dates_and_times() {
    becomes("timestamp with time zone", json!({"type": "timestamp"}), &[]);
    becomes("timestamp(3) without time zone", json!({"type": "timestamp"}), &["FIR003"]);
    becomes("date", json!({"type": "string", "format": "date"}), &[]);
    becomes("time without time zone", json!({"type": "string", "format": "time"}), &[]);
    becomes("time with time zone", json!({"type": "string", "format": "timetz"}), &["FIR002"]);
    becomes("interval", json!({"type": "string", "format": "interval"}), &["FIR002"]);
    let (field, _) = cast("date", "{firestore: {dates: timestamp}}");
    assert_eq!(field, json!({"type": "timestamp", "nullable": true}));
}

#[test]
fn documents() {
    let map = json!({"type": "map", "indexed": false});
    becomes("json", map.clone(), &["FIR004"]);
    becomes("jsonb", map.clone(), &["FIR004"]);
    becomes("hstore", map, &[]);
}

#[test]
fn strings_with_a_format() {
    for (type_name, format, codes) in [
        ("uuid", "uuid", &[][..]),
        ("inet", "inet", &["FIR002"]),
        ("cidr", "cidr", &["FIR002"]),
        ("macaddr", "macaddr", &[]),
        ("macaddr8", "macaddr8", &[]),
        ("xml", "xml", &[]),
        ("jsonpath", "jsonpath", &[]),
        ("tsvector", "tsvector", &["FIR011"]),
        ("tsquery", "tsquery", &["FIR011"]),
        ("ltree", "ltree", &[]),
        ("regclass", "regclass", &[]),
        ("pg_lsn", "pg-lsn", &["FIR002"]),
        ("xid", "xid", &["FIR002"]),
        ("xid8", "xid8", &["FIR002"]),
        ("pg_snapshot", "pg-snapshot", &[]),
        ("polygon", "polygon", &[]),
        ("box", "box", &[]),
    ] {
        becomes(type_name, json!({"type": "string", "format": format}), codes);
    }
    becomes("bit(8)", json!({"type": "string", "format": "bit", "maxLength": 8}), &[]);
    becomes("bit varying", json!({"type": "string", "format": "bit"}), &[]);
}

#[test]
fn enums_and_domains() {
    becomes("crm.mood", json!({"type": "string", "enum": ["sad", "it's \"ok\"", ""]}), &[]);
    becomes("crm.nothing", json!({"type": "string"}), &[]);
    let (field, findings) = cast("crm.email", "{}");
    let expected = json!({
        "type": "string", "maxLength": 320, "required": true, "nullable": false, "default": "a@b",
    });
    assert_eq!(field, expected);
    assert_eq!(findings, ["FIR031"]);
}

#[test]
fn arrays() {
    let strings = json!({"type": "string", "nullable": true});
    becomes("text[]", json!({"type": "array", "items": strings}), &[]);
    becomes("crm.tags", json!({"type": "array", "items": strings}), &[]);
    becomes("crm.email[]", json!({"type": "array", "items": {"type": "string", "maxLength": 320}}), &["FIR031"]);
    let inner = |items: Value| json!({"type": "map", "fields": {"values": {"type": "array", "items": items, "required": true, "nullable": false}}});
    becomes("text[][]", json!({"type": "array", "items": inner(strings.clone())}), &["FIR005"]);
    becomes("text[][][]", json!({"type": "array", "items": inner(inner(strings.clone()))}), &["FIR005"]);
    becomes("crm.tags[]", json!({"type": "array", "items": inner(strings)}), &["FIR005"]);
    let mut vectors = inner(json!({"type": "number", "numberFormat": "float32"}));
    vectors["nullable"] = json!(true);
    becomes("vector(3)[]", json!({"type": "array", "items": vectors, "indexed": false}), &["FIR007"]);
    let (field, _) = cast(&format!("text{}", "[]".repeat(1000)), "{}");
    assert!(field.to_string().matches("values").count() == 5);
}

#[test]
fn composites() {
    let address = json!({
        "street": {"type": "string", "nullable": true, "description": "Where"},
        "since": {"type": "timestamp", "nullable": true, "lossy": ["timezone-assumed-utc"]},
    });
    becomes("crm.address", json!({"type": "map", "fields": address}), &["FIR003.since"]);
    let place = json!({
        "at": {"type": "map", "nullable": true, "fields": address},
        "column__id__":
            {"type": "number", "numberFormat": "int64", "nullable": true, "lossy": ["field-renamed", "js-precision-2-53"]},
    });
    becomes(
        "crm.place",
        json!({"type": "map", "fields": place}),
        &["FIR001.__id__", "FIR003.at.since", "FIR020.__id__"],
    );
    becomes(
        "crm.address[]",
        json!({"type": "array", "items": {"type": "map", "fields": address, "nullable": true}}),
        &["FIR003.since"],
    );
}

#[test]
fn ranges() {
    let range = |bound: Value| {
        let flag = json!({"type": "boolean", "required": true, "nullable": false});
        json!({"type": "map", "fields":
            {"lower": bound, "upper": bound, "lowerInclusive": flag, "upperInclusive": flag, "empty": flag}})
    };
    let number = |format: &str| json!({"type": "number", "numberFormat": format, "nullable": true});
    becomes("int4range", range(number("int32")), &[]);
    becomes("int8range", range(number("int64")), &["FIR001"]);
    becomes("tstzrange", range(json!({"type": "timestamp", "nullable": true})), &[]);
    becomes("crm.floatrange", range(number("float64")), &[]);
    becomes("int4multirange", json!({"type": "array", "items": range(number("int32"))}), &[]);
    becomes("crm.floatmultirange", json!({"type": "array", "items": range(number("float64"))}), &[]);
    let (field, findings) = cast("int4multirange[]", "{}");
    assert_eq!(field["items"]["fields"]["values"]["items"]["type"], "map");
    assert_eq!(findings, ["FIR005"]);
}

#[test]
fn places() {
    let coordinate = json!({"type": "number", "numberFormat": "float64", "required": true, "nullable": false});
    becomes("point", json!({"type": "map", "fields": {"x": coordinate, "y": coordinate}}), &[]);
    becomes("public.geography(Point,4326)", json!({"type": "geopoint"}), &[]);
    becomes("public.geography(Point)", json!({"type": "geopoint"}), &[]);
    becomes("public.geometry(Point,4326)", json!({"type": "geopoint"}), &[]);
    let text = json!({"type": "string", "format": "wkt"});
    for type_name in
        ["geometry", "geometry(Point)", "geometry(Point,3857)", "geometry(PointZ,4326)", "geography(Polygon,4326)"]
    {
        becomes(type_name, text.clone(), &["FIR006"]);
    }
}

#[test]
fn vectors() {
    becomes("vector(768)", json!({"type": "vector", "dimension": 768, "indexed": false}), &[]);
    becomes("public.halfvec(2048)", json!({"type": "vector", "dimension": 2048, "indexed": false}), &[]);
    let array = json!({"type": "array", "items": {"type": "number", "numberFormat": "float32"}, "indexed": false});
    becomes("vector(2049)", array.clone(), &["FIR007"]);
    becomes("vector", array, &["FIR007"]);
    let (field, findings) = cast("sparsevec(5)", "{}");
    assert_eq!(field["type"], "map");
    assert_eq!(findings, ["FIR007"]);
}

#[test]
fn the_unknown() {
    becomes("public.raster", json!({"type": "string"}), &["FIR008"]);
    becomes("crm.gone", json!({"type": "string"}), &["FIR008"]);
    becomes("not ( a type", json!({"type": "string"}), &["FIR008"]);
}

#[test]
fn a_row_type_is_its_table() {
    let files = files(
        "{version: '1.0', schemas: [{name: crm, tables: [
            {name: t, columns: [{name: id, type: integer, not_null: true}]},
            {name: u, columns: [{name: old, type: crm.t}, {name: self, type: 'crm.u[]'}]}]}]}",
    );
    let fields = &files.collection("u")["fields"];
    let id = json!({"type": "number", "numberFormat": "int32", "required": true, "nullable": false});
    assert_eq!(fields["old"]["fields"], json!({"id": id}));
    let inner = &fields["self"]["items"]["fields"]["self"];
    assert_eq!(inner["lossy"], json!(["nested-too-deep"]));
    assert!(files.findings.contains(&"FIR010 crm.u.self.self".to_owned()));
}

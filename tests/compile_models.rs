//! The Rust models compile, for every feature set, in a crate that denies
//! warnings.
//!
//! A workspace in the target folder holds a crate for each manifest: the type
//! table with each choice of crates, a manifest of hostile names, and the
//! checked-in models of every project. A crate's Cargo.toml is made of the
//! lines that its models' own documentation gives. One workspace means that
//! every dependency is compiled once; its target folder outlives the run.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use schemacast::codegen::cast::cast;
use schemacast::codegen::manifest::{self, Column, Manifest, Table, View};
use schemacast::codegen::project::Project;

/// What each kind of type needs, in every way that a column may hold it.
const TYPES: &[&str] = &[
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
const DATES_AND_DECIMALS: &[&str] = &[
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

/// A table for each type, so that no derive is left out because of a
/// neighbour: the type as it is, and as what may be NULL and has a default. A
/// view for each holds an array of it.
fn type_table(types: &[&str]) -> Manifest {
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
fn hostile() -> Manifest {
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
            comment: Some(nasty.into()),
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
            schema.enums.push(manifest::Enum { name, comment: Some(nasty.into()), labels: label_list });
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
            let table = Table { comment: Some(nasty.into()), ..table };
            schema.tables.push(Table { primary_key: Some(key), ..table });
        }
        schema.tables.push(Table { name: "no columns".into(), ..Table::default() });
    }
    manifest.schemas[0].views.push(View { name: "seen".into(), columns: columns().collect(), ..Default::default() });
    manifest
}

/// As many columns as Postgres lets a table have.
fn wide() -> Manifest {
    let mut manifest: Manifest = serde_yaml::from_str("{version: '1.0', schemas: [{name: s}]}").unwrap();
    let column =
        |index| Column { name: format!("c{index}"), type_name: "integer".into(), not_null: true, ..Column::default() };
    let columns = (0..1600).map(column).collect();
    manifest.schemas[0].tables.push(Table { name: "wide".into(), columns, ..Table::default() });
    manifest
}

/// The models of a manifest, by their path below `models/`.
fn models(mut manifest: Manifest, options: &str) -> BTreeMap<String, String> {
    manifest::sort(&mut manifest);
    let project: Project = serde_yaml::from_str(options).unwrap();
    let casting = cast(&manifest, &project, &["models".to_owned()], "manifests/test/schema.yaml").unwrap();
    casting.artifacts.into_iter().map(|artifact| (artifact.path, artifact.contents)).collect()
}

/// The checked-in models of each project, by the project's name.
fn checked_in() -> Vec<(String, BTreeMap<String, String>)> {
    let generated = Path::new(env!("CARGO_MANIFEST_DIR")).join("generated");
    let mut projects = Vec::new();
    let Ok(folders) = fs::read_dir(&generated) else { return projects };
    for folder in folders {
        let folder = folder.unwrap().path();
        if folder.join("models/mod.rs").is_file() {
            let mut files = BTreeMap::new();
            read_folder(&folder, &folder.join("models"), &mut files);
            let name = folder.file_name().unwrap().to_string_lossy().replace(|c: char| !c.is_ascii_alphanumeric(), "-");
            projects.push((format!("project-{name}"), files));
        }
    }
    projects.sort();
    projects
}

fn read_folder(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_folder(root, &path, files);
        } else {
            let below: Vec<_> = path.strip_prefix(root).unwrap().iter().map(|part| part.to_string_lossy()).collect();
            files.insert(below.join("/"), fs::read_to_string(&path).unwrap());
        }
    }
}

/// The lines of Cargo.toml that mod.rs asks for.
fn cargo_lines(models: &BTreeMap<String, String>) -> String {
    let docs = models["models/mod.rs"].lines().filter_map(|line| line.strip_prefix("//!"));
    docs.skip_while(|line| line.trim() != "```toml")
        .skip(1)
        .take_while(|line| line.trim() != "```")
        .map(|line| format!("{}\n", line.strip_prefix(' ').unwrap_or(line)))
        .collect()
}

/// The workspace, written once a run.
fn workspace() -> &'static Path {
    static WORKSPACE: OnceLock<PathBuf> = OnceLock::new();
    WORKSPACE.get_or_init(|| {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compile_models");
        let mut crates = vec![
            ("types-chrono".to_owned(), models(type_table(TYPES), "{}")),
            (
                "types-time".to_owned(),
                models(type_table(DATES_AND_DECIMALS), "models: {dates: time, decimal: bigdecimal}"),
            ),
            (
                "types-jiff".to_owned(),
                models(type_table(DATES_AND_DECIMALS), "models: {dates: jiff, decimal: text, ids: false}"),
            ),
            // A crate that lacks every feature: no attribute may ask for one.
            ("bare".to_owned(), models(type_table(TYPES), "models: {features: []}")),
            ("hostile".to_owned(), models(hostile(), "{}")),
            ("wide".to_owned(), models(wide(), "{}")),
        ];
        crates.extend(checked_in());
        let members: Vec<String> = crates.iter().map(|(name, _)| format!("{name:?}")).collect();
        write(
            &root.join("Cargo.toml"),
            &format!("[workspace]\nresolver = \"3\"\nmembers = [{}]\n", members.join(", ")),
        );
        for (name, models) in crates {
            let folder = root.join(&name);
            let package = format!(
                "[package]\nname = {name:?}\nversion = \"0.0.0\"\nedition = \"2024\"\nrust-version = \"1.89\"\n\n{}",
                cargo_lines(&models)
                    + if name == "types-time" { "\n[dev-dependencies]\nserde_json = \"1\"\n" } else { "" }
            );
            write(&folder.join("Cargo.toml"), &package);
            // As a public module of a library and as a private one of a
            // program, which makes rustc look for what is not used.
            let tests = if name == "types-time" { CODECS } else { "" };
            let library = format!("//! Models.\n#![deny(warnings, missing_docs)]\npub mod models;\n{tests}");
            write(&folder.join("src/lib.rs"), &library);
            write(&folder.join("src/main.rs"), "//! Models.\n#![deny(warnings)]\nmod models;\nfn main() {}\n");
            for (path, text) in models {
                write(&folder.join("src").join(path), &text);
            }
        }
        root
    })
}

/// What the support types read and write, against bytes that Postgres' own
/// send functions give.
const CODECS: &str = r#"
#[cfg(all(test, feature = "postgres-types", feature = "serde"))]
mod codecs {
    use std::fmt::Debug;
    use std::ops::Bound::{Excluded, Included, Unbounded};

    use postgres_types::{FromSql, ToSql, Type};

    use crate::models::support::{Interval, Money, Multirange, Numeric, PgLsn, Range, TimeTz};
    use crate::models::t::OfType0Update;

    fn both<T: ToSql + for<'a> FromSql<'a> + PartialEq + Debug>(ty: &Type, value: T, wire: &[u8]) {
        assert!(<T as ToSql>::accepts(ty) && <T as FromSql>::accepts(ty));
        let mut out = bytes::BytesMut::new();
        value.to_sql(ty, &mut out).unwrap();
        assert_eq!(&out[..], wire, "{value:?}");
        assert_eq!(T::from_sql(ty, wire).unwrap(), value);
    }

    fn numeric(text: &str, words: &[u16]) {
        let wire: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
        both(&Type::NUMERIC, Numeric(text.parse().unwrap()), &wire);
        // Equal numbers may differ in their digits behind the point.
        both(&Type::NUMERIC, Numeric::from_sql(&Type::NUMERIC, &wire).unwrap(), &wire);
    }

    #[test]
    fn numerics() {
        numeric("0", &[0, 0, 0, 0]);
        numeric("0.00", &[0, 0, 0, 2]);
        numeric("1", &[1, 0, 0, 0]);
        numeric("-12345.6789", &[3, 1, 0x4000, 4, 1, 2345, 6789]);
        numeric("0.0001", &[1, -1_i16 as u16, 0, 4, 1]);
        numeric("0.1", &[1, -1_i16 as u16, 0, 1, 1000]);
        numeric("100000000", &[1, 2, 0, 0, 1]);
        numeric("10000.50", &[3, 1, 0, 2, 1, 0, 5000]);
        let not_a_number = [0, 0, 0, 0, 0xc0, 0, 0, 0];
        assert!(Numeric::from_sql(&Type::NUMERIC, &not_a_number).is_err());
        assert!(Numeric::from_sql(&Type::NUMERIC, &[0, 9, 0, 0, 0, 0, 0, 0]).is_err());
    }

    #[test]
    fn numbers_of_fixed_length() {
        let interval = Interval { months: 14, days: -3, microseconds: 1 };
        both(&Type::INTERVAL, interval, &[0, 0, 0, 0, 0, 0, 0, 1, 255, 255, 255, 253, 0, 0, 0, 14]);
        both(&Type::MONEY, Money(-1), &[255; 8]);
        let time = TimeTz { microseconds: 1, seconds_west: -3600 };
        both(&Type::TIMETZ, time, &[0, 0, 0, 0, 0, 0, 0, 1, 255, 255, 241, 240]);
        both(&Type::PG_LSN, PgLsn(0x16_b374_d848), &[0, 0, 0, 0x16, 0xb3, 0x74, 0xd8, 0x48]);
        assert_eq!(PgLsn(0x16_b374_d848).to_string(), "16/B374D848");
        assert!(Money::from_sql(&Type::MONEY, &[0; 7]).is_err());
    }

    #[test]
    fn ranges() {
        let ty = &Type::INT4_RANGE;
        both(ty, Range::<i32>::Empty, &[1]);
        both(ty, Range::<i32>::Bounds(Unbounded, Unbounded), &[0x18]);
        both(ty, Range::Bounds(Included(1), Excluded(3)), &[2, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 3]);
        both(ty, Range::Bounds(Unbounded, Included(3)), &[0x0c, 0, 0, 0, 4, 0, 0, 0, 3]);
        assert!(Range::<i32>::from_sql(ty, &[]).is_err() && Range::<i32>::from_sql(ty, &[2, 0, 0]).is_err());
        let many = Multirange(vec![Range::Bounds(Unbounded, Excluded(5_i64))]);
        both(&Type::INT8MULTI_RANGE, many, &[0, 0, 0, 1, 0, 0, 0, 13, 8, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 5]);
        both(&Type::INT8MULTI_RANGE, Multirange::<i64>(Vec::new()), &[0, 0, 0, 0]);
    }

    #[test]
    fn null_is_told_from_absence() {
        let read = |json: &str| serde_json::from_str::<OfType0Update>(json).unwrap().may_be_null;
        assert_eq!(read("{}"), None);
        assert_eq!(read("{\"may be null\": null}"), Some(None));
        assert_eq!(serde_json::to_string(&OfType0Update::default()).unwrap(), "{}");
    }
}
"#;

/// Writes what changed, so that cargo compiles no more than that.
fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return;
    }
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn cargo(arguments: &[&str]) {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(workspace())
        .env("CARGO_TARGET_DIR", workspace().join("target"))
        .env("RUSTDOCFLAGS", "--deny warnings")
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "cargo {}\n{said}\n{}",
        arguments.join(" "),
        String::from_utf8_lossy(&output.stdout)
    );
}

#[test]
fn without_features() {
    cargo(&["check", "--workspace"]);
}

/// The library alone, and without the wide table: what serde derives for 1,600
/// fields is right, but takes rustc a minute and two gigabytes.
const LIBRARIES: [&str; 5] = ["check", "--workspace", "--lib", "--exclude", "wide"];

#[test]
fn with_serde() {
    cargo(&[&LIBRARIES[..], &["--features", "serde"]].concat());
}

#[test]
fn with_every_feature() {
    let features = "serde,schemars,postgres-types,tokio-postgres,sqlx";
    cargo(&[&LIBRARIES[..], &["--features", features]].concat());
}

#[test]
fn support_types_speak_the_wire_format() {
    cargo(&["test", "--lib", "--package", "types-time", "--features", "postgres-types,serde"]);
}

#[test]
fn comments_are_neither_doctests_nor_broken_links() {
    cargo(&["test", "--doc", "--package", "hostile"]);
    cargo(&["doc", "--no-deps", "--lib", "--package", "hostile"]);
}

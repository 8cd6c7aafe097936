//! The models against values: rows of every family of types, with extremes,
//! NULL and what Rust has no value for, are read with the row structs and
//! written with the New structs, through tokio-postgres and through sqlx, and
//! Postgres compares its own text of both.
//!
//! A scratch database gets two tables for each type of `families`, one of the
//! type and one of arrays of it. It is introspected, models are made of it for
//! each choice of crates, and `driver` is compiled with them and run. The
//! target folder is that of the tests that compile models, so that what both
//! need is compiled once.
#![cfg(all(unix, feature = "cli"))]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use schemacast::codegen::cast::cast;
use schemacast::codegen::manifest::Manifest;
use schemacast::codegen::project::Project;
use schemacast::postgres::introspect::{Options, introspect};
use schemacast::postgres::{ScratchServer, Session, scratch};

mod families;

use families::{FAMILIES, Family, Fate, OTHERWISE, TYPES};

/// One table: the values in its rows 1, 2, 3 …
struct Table {
    name: String,
    type_name: String,
    family: &'static Family,
    /// As SQL, and what becomes of them with the crates of the default.
    values: Vec<(String, Fate)>,
}

impl Table {
    fn ident(&self) -> String {
        let (kind, number) = self.name.split_once('_').unwrap();
        format!("{}{}{number}", kind[..1].to_uppercase(), &kind[1..])
    }
}

fn tables(extensions: &BTreeSet<String>) -> Vec<Table> {
    let mut tables = Vec::new();
    for (index, family) in FAMILIES.iter().enumerate() {
        if let Some(extension) = family.extension
            && !extensions.contains(extension)
        {
            let _ = writeln!(std::io::stderr(), "skipped: {} needs the extension {extension}", family.type_name);
            continue;
        }
        let cast = |value: &str| format!("'{}'::{}", value.replace('\'', "''"), family.type_name);
        let mut values: Vec<(String, Fate)> = family.values.iter().map(|(value, fate)| (cast(value), *fate)).collect();
        values.push(("NULL".to_owned(), Fate::Same));
        tables.push(Table { name: format!("of_{index}"), type_name: family.type_name.to_owned(), family, values });
        // An array of arrays is no type, and one of a domain over an array is text throughout.
        if family.type_name.ends_with("[]") || family.type_name == "t.tags" {
            continue;
        }
        // What some of the crates cannot hold is tried by itself alone.
        let is_common = |value: &str| {
            family.type_name == "real" || family.type_name == "double precision" || !families::UNCOMMON.contains(&value)
        };
        let survives = |fate: &Fate| matches!(fate, Fate::Same | Fate::Shown(_));
        let kept = family.values.iter().filter(|(value, fate)| survives(fate) && is_common(value));
        let kept: Vec<String> = kept.map(|(value, _)| cast(value)).collect();
        let type_name = format!("{}[]", family.type_name);
        let values = vec![
            (format!("ARRAY[{}, NULL]::{type_name}", kept.join(", ")), Fate::Same),
            (format!("'{{}}'::{type_name}"), Fate::Shown("Some([])")),
            ("NULL".to_owned(), Fate::Shown("None")),
            (format!("ARRAY[ARRAY[{}, NULL]]::{type_name}", kept[0]), Fate::Unread),
        ];
        tables.push(Table { name: format!("list_{index}"), type_name, family, values });
    }
    tables
}

/// Models by the path of their files, and the tables whose rows sqlx reads.
struct Cast {
    module: String,
    files: BTreeMap<String, String>,
    read_by_sqlx: BTreeSet<String>,
    tables: BTreeSet<String>,
}

/// Casts the models of some tables, and holds the finding against the derive:
/// what sqlx cannot read is said.
fn cast_models(module: &str, options: &str, manifest: &Manifest, wanted: impl Fn(&str) -> bool, sqlx: bool) -> Cast {
    let mut manifest = manifest.clone();
    let mut tables = BTreeSet::new();
    for schema in &mut manifest.schemas {
        schema.tables.retain(|table| wanted(&table.name));
        let of_families =
            schema.tables.iter().filter(|table| table.name.starts_with("of_") || table.name.starts_with("list_"));
        tables.extend(of_families.map(|table| table.name.clone()));
    }
    let project: Project = serde_yaml::from_str(&format!("models: {{{options}}}")).unwrap();
    let casting = cast(&manifest, &project, &["models".to_owned()], "manifests/test/schema.yaml").unwrap();
    let files: BTreeMap<String, String> =
        casting.artifacts.into_iter().map(|artifact| (artifact.path, artifact.contents)).collect();
    let source = &files["models/t/tables.rs"];
    let is_read = |table: &String| {
        let about = source.split(&format!("A row of the table `t.{table}`.")).nth(1).unwrap();
        about.split("pub struct").next().unwrap().contains("sqlx::FromRow")
    };
    let read_by_sqlx: BTreeSet<String> = tables.iter().filter(|table| is_read(table)).cloned().collect();
    for table in tables.iter().filter(|_| sqlx) {
        let said =
            casting.findings.iter().any(|finding| finding.code.id == "RUS007" && finding.path == format!("t.{table}"));
        assert_eq!(said, !read_by_sqlx.contains(table), "{module} {table}");
    }
    Cast { module: format!("with_{module}"), files, read_by_sqlx, tables }
}

/// What the driver's macros need where they are invoked.
const IMPORTS: &str = "use std::panic::{AssertUnwindSafe, catch_unwind};

use sqlx::{Executor, Row as _};

use crate::{insert, is_same, outcome, say, texts, through_sqlx, through_tokio_postgres};

";

/// The invocations of the driver's macros, a function each: one for all would
/// take rustc minutes.
fn cases(casts: &[Cast], tables: &[Table]) -> String {
    let mut functions = String::from(IMPORTS);
    let (mut tokio_postgres, mut sqlx) = (String::new(), String::new());
    for cast in casts {
        for table in tables.iter().filter(|table| cast.tables.contains(&table.name)) {
            let (module, name, ident) = (&cast.module, &table.name, table.ident());
            let arguments = format!("{module}, {name:?}, {:?}, {ident}, New{ident}", table.type_name);
            let _ = writeln!(
                functions,
                "async fn {module}_{name}(client: &tokio_postgres::Client) {{ through_tokio_postgres!(client, {arguments}) }}"
            );
            let _ = writeln!(tokio_postgres, "    {module}_{name}(client).await;");
            if cast.read_by_sqlx.contains(name) {
                let _ = writeln!(
                    functions,
                    "async fn {module}_{name}_sqlx(connection: &mut sqlx::PgConnection) {{ through_sqlx!(connection, {arguments}) }}"
                );
                let _ = writeln!(sqlx, "    {module}_{name}_sqlx(connection).await;");
            }
        }
    }
    format!(
        "{functions}\npub async fn tokio_postgres(client: &tokio_postgres::Client) {{\n{tokio_postgres}}}\n\n\
         pub async fn sqlx(connection: &mut sqlx::PgConnection) {{\n{sqlx}}}\n"
    )
}

/// Writes what changed, so that cargo compiles no more than that.
fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return;
    }
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// The driver, compiled with the models.
fn compiled(casts: &[Cast], tables: &[Table]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let root = folder.join("live_models");
    write(&root.join("Cargo.toml"), include_str!("driver.toml"));
    write(&root.join("src/main.rs"), include_str!("driver.rs"));
    write(&root.join("src/special.rs"), include_str!("special.rs"));
    write(&root.join("src/cases.rs"), &cases(casts, tables));
    let modules: String =
        casts.iter().map(|cast| format!("pub mod {} {{\n    pub mod models;\n}}\n", cast.module)).collect();
    write(&root.join("src/models/mod.rs"), &modules);
    for cast in casts {
        for (path, text) in &cast.files {
            write(&root.join("src/models").join(&cast.module).join(path), text);
        }
    }
    let target = folder.join("compile_models/target");
    let has_vectors = tables.iter().any(|table| table.family.extension == Some("vector"));
    let features = format!("postgres-types,tokio-postgres,sqlx{}", if has_vectors { ",vector" } else { "" });
    let output = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--features", &features])
        .current_dir(&root)
        .env("CARGO_TARGET_DIR", &target)
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    target.join("debug/live-models")
}

/// What the driver must say of a row.
fn fate(cast: &Cast, is_sqlx: bool, table: &Table, k: usize) -> Fate {
    let (sql, fate) = &table.values[k - 1];
    if is_sqlx
        && let Some((.., fate)) = families::WITH_SQLX
            .iter()
            .find(|(type_name, value, _)| *type_name == table.type_name && *sql == format!("'{value}'::{type_name}"))
    {
        return *fate;
    }
    let module = cast.module.trim_start_matches("with_");
    let otherwise = OTHERWISE.iter().find(|(name, ..)| *name == module).map_or(&[][..], |(.., fates)| *fates);
    let found = otherwise
        .iter()
        .find(|(type_name, value, _)| *type_name == table.type_name && *sql == format!("'{value}'::{type_name}"));
    let fate = found.map_or(*fate, |(.., fate)| *fate);
    // How Rust shows a value is said of the default's types.
    if module != "chrono" && matches!(fate, Fate::Shown(_)) { Fate::Same } else { fate }
}

fn is_as_expected(fate: Fate, outcome: &str) -> bool {
    match fate {
        Fate::Same => outcome.starts_with("same "),
        Fate::Shown(shown) => outcome.strip_prefix("same ") == Some(shown),
        Fate::Unread => outcome.starts_with("unread "),
        Fate::Unwritten => outcome.starts_with("unwritten "),
        Fate::Panics => outcome == "panic",
        Fate::Changed(text) => outcome.strip_prefix("changed ") == Some(text),
    }
}

#[test]
fn every_value_survives_both_drivers_or_is_a_trap_that_is_told() {
    let server = ScratchServer::start(&scratch::Options::default()).unwrap_or_else(|error| panic!("{error}"));
    let settings = server.create_database("live").unwrap();
    let mut session = Session::connect(&settings).unwrap();
    let sql = "SELECT name::text FROM pg_available_extensions";
    let rows = session.run(async |client| client.query_typed(sql, &[]).await).unwrap();
    let extensions: BTreeSet<String> = rows.iter().map(|row| row.get(0)).collect();
    let tables = tables(&extensions);
    let mut sql = TYPES.to_owned();
    for extension in tables.iter().filter_map(|table| table.family.extension).collect::<BTreeSet<_>>() {
        let _ = writeln!(sql, "CREATE EXTENSION {extension} SCHEMA public;");
    }
    for Table { name, type_name, values, .. } in &tables {
        let _ = writeln!(sql, "CREATE TABLE t.{name} (k integer NOT NULL, v {type_name});");
        for (place, (value, _)) in values.iter().enumerate() {
            let _ = writeln!(sql, "INSERT INTO t.{name} VALUES ({}, {value});", place + 1);
        }
    }
    session.run(async |client| client.batch_execute(&sql).await).unwrap_or_else(|error| panic!("{error:?}"));
    let manifest = session.run(async |client| introspect(client, &Options::default()).await).unwrap();

    let mut casts = vec![cast_models("chrono", "", &manifest, |_| true, true)];
    for (module, options, fates) in OTHERWISE {
        let is_date_or_number = |type_name: &str| {
            ["numeric", "num", "date", "time", "ts", "interval", "t.amount", "t.place", "t.deep", "pg_lsn"]
                .iter()
                .any(|start| type_name.starts_with(start))
                && !["tsvector", "tsquery"].contains(&type_name.trim_end_matches("[]"))
        };
        let named: BTreeSet<&str> = fates.iter().map(|(type_name, ..)| *type_name).collect();
        let wanted: BTreeSet<&str> = tables
            .iter()
            .filter(|table| {
                let is_meant = named.contains(table.type_name.as_str()) || is_date_or_number(&table.type_name);
                is_meant && (*module != "chosen" || table.name.starts_with("of_"))
            })
            .map(|table| table.name.as_str())
            .collect();
        casts.push(cast_models(module, options, &manifest, |name| wanted.contains(name), *module != "chosen"));
    }
    let program = compiled(&casts, &tables);
    let output =
        Command::new(program).env("LIVE_SOCKET", server.socket_folder()).env("LIVE_DATABASE", "live").output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));

    let mut outcomes: BTreeMap<(&str, &str, usize), &str> = BTreeMap::new();
    for line in said.lines() {
        let parts: Vec<&str> = line.splitn(4, '\t').collect();
        outcomes.insert((parts[0], parts[1], parts[2].parse().unwrap()), parts[3]);
    }
    let mut wrong = String::new();
    let mut expected = 0;
    for cast in &casts {
        for table in tables.iter().filter(|table| cast.tables.contains(&table.name)) {
            for driver in ["tokio-postgres", "sqlx"] {
                let is_sqlx = driver == "sqlx";
                if is_sqlx && !cast.read_by_sqlx.contains(&table.name) {
                    continue;
                }
                let name = format!("{} {driver}", cast.module);
                for k in 1..=table.values.len() {
                    expected += 1;
                    let outcome =
                        outcomes.get(&(table.name.as_str(), name.as_str(), k)).copied().unwrap_or("not tried");
                    let fate = fate(cast, is_sqlx, table, k);
                    if !is_as_expected(fate, outcome) {
                        let _ = writeln!(
                            wrong,
                            "{name} {}: {}: {outcome}, not {fate:?}",
                            table.type_name,
                            table.values[k - 1].0
                        );
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    assert_eq!(outcomes.len(), expected);
    // What was written was rolled back.
    let union: Vec<String> = tables.iter().map(|table| format!("SELECT k FROM t.{}", table.name)).collect();
    let sql = format!("SELECT count(*) FROM ({}) AS rows (k) WHERE k > 1000", union.join(" UNION ALL "));
    let row = session.run(async |client| client.query_typed_one(&sql, &[]).await).unwrap();
    assert_eq!(row.get::<_, i64>(0), 0);
}

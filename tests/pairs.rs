//! Pairs of databases: each difference is found, named and alone, and the SQL
//! that is planned for it makes the one into the other, by what pg_dump says.
//!
//! A case of `tests/pairs/*.sql` is SQL for both databases, then what only the
//! one that is there has, then what only the expected one has:
//!
//! ```sql
//! -- case: what it is about
//! …
//! -- actual
//! …
//! -- expected
//! …
//! -- changes: ~ column s.t.c type; - index s.t.i
//! ```
//!
//! Every case is also run the other way round, unless it says `-- one way`.
//! `-- impossible: …` says what no SQL mends, and `-- server: 15` from which
//! server on it runs. Where the server comes without pg_dump, the variable
//! `SCHEMACAST_PG_DUMP` names one that is not older than the server.
#![cfg(all(unix, feature = "cli"))]

mod common;
#[path = "common/dump.rs"]
mod dump;

use dump::in_order;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use schemacast::codegen::manifest::{self, Manifest};
use schemacast::codegen::sql::identifier;
use schemacast::diff::{Batch, Change, Difference, PREAMBLE, Plan, PlanOptions, batches, compare, plan, script};
use schemacast::postgres::introspect::{Options, introspect};
use schemacast::postgres::scratch;
use schemacast::postgres::{ConnectionSettings, ScratchServer, Session};

static SERVER: LazyLock<ScratchServer> = LazyLock::new(|| {
    let server = ScratchServer::start(&scratch::Options::default()).unwrap_or_else(|error| panic!("{error}"));
    let settings = server.create_database("roles").unwrap();
    execute(&settings, "CREATE ROLE app; CREATE ROLE reader; CREATE ROLE \"Odd Role\"").unwrap();
    server
});

#[derive(Default)]
struct Case {
    name: String,
    both: String,
    actual: String,
    expected: String,
    changes: Vec<String>,
    impossible: Vec<String>,
    one_way: bool,
    server: u32,
}

#[test]
fn tables() {
    run("tables");
}

#[test]
fn constraints() {
    run("constraints");
}

#[test]
fn indexes() {
    run("indexes");
}

#[test]
fn views() {
    run("views");
}

#[test]
fn routines() {
    run("routines");
}

#[test]
fn types() {
    run("types");
}

#[test]
fn attached() {
    run("attached");
}

#[test]
fn same() {
    run("same");
}

#[test]
fn privileges() {
    run("privileges");
}

#[test]
fn rare() {
    run("rare");
}

#[test]
fn found() {
    run("found");
}

#[test]
fn order() {
    run("order");
}

/// What only newer servers have.
#[test]
fn newer() {
    run("newer");
}

/// A name that needs quotes gets them: more at most than the server would set,
/// for newer ones have more keywords.
#[test]
fn names_are_quoted_where_the_server_quotes_them() {
    let settings = SERVER.create_database("quotes").unwrap();
    let mut session = Session::connect(&settings).unwrap();
    let words = "SELECT word, quote_ident(word) FROM pg_get_keywords()
                 UNION ALL SELECT word, quote_ident(word)
                 FROM unnest(ARRAY['a', '_a', 'a1', '1a', 'a$', 'A', 'ä', 'a b', 'a\"b', '']) AS word";
    let rows = session.run(async |client| client.query_typed(words, &[]).await).unwrap();
    assert!(rows.len() > 400);
    for row in rows {
        let (word, quoted): (&str, &str) = (row.get(0), row.get(1));
        let own = identifier(word);
        assert!(own == quoted || own == format!("\"{word}\""), "{word} is {own}, not {quoted}");
        assert!(quoted.starts_with('"') <= own.starts_with('"'), "{word} has no quotes");
        assert!(major() != 18 || own == quoted, "{word} is {own}, not {quoted}");
    }
}

fn run(file: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/pairs/{file}.sql"));
    let text = fs::read_to_string(&path).unwrap();
    let only = std::env::var("CASE").unwrap_or_default();
    let mut faults = Vec::new();
    let mut count = 0;
    for case in cases(&text).iter().filter(|case| case.name.contains(&only)) {
        if major() < case.server {
            continue;
        }
        count += 1;
        faults.extend(check(case, false).err().map(|fault| format!("{}: {fault}", case.name)));
        if !case.one_way {
            faults.extend(check(case, true).err().map(|fault| format!("{}, the other way round: {fault}", case.name)));
        }
    }
    assert!(count > 0, "no case in {file}");
    assert!(faults.is_empty(), "{} faults in {count} cases\n\n{}", faults.len(), faults.join("\n\n"));
}

fn cases(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut part = 0;
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("-- case: ") {
            cases.push(Case { name: name.to_owned(), ..Case::default() });
            part = 0;
            continue;
        }
        let Some(case) = cases.last_mut() else { continue };
        let list = |text: &str| text.split("; ").map(str::trim).map(str::to_owned).collect::<Vec<_>>();
        match line {
            "-- actual" => part = 1,
            "-- expected" => part = 2,
            "-- one way" => case.one_way = true,
            _ => {
                if let Some(changes) = line.strip_prefix("-- changes:") {
                    case.changes.extend(list(changes).into_iter().filter(|change| !change.is_empty()));
                } else if let Some(impossible) = line.strip_prefix("-- impossible: ") {
                    case.impossible.extend(list(impossible));
                } else if let Some(server) = line.strip_prefix("-- server: ") {
                    case.server = server.parse().unwrap();
                } else {
                    let text = match part {
                        0 => &mut case.both,
                        1 => &mut case.actual,
                        _ => &mut case.expected,
                    };
                    *text += line;
                    text.push('\n');
                }
            }
        }
    }
    cases
}

fn check(case: &Case, turned: bool) -> Result<(), String> {
    let (here, there) = match turned {
        false => (&case.actual, &case.expected),
        true => (&case.expected, &case.actual),
    };
    let actual = database(&format!("{}\n{here}", case.both))?;
    let expected = database(&format!("{}\n{there}", case.both))?;
    let (before, after) = (read(&actual)?, read(&expected)?);
    let comparison = compare(&after, &before);
    let found: Vec<String> = comparison.changes.iter().map(text).collect();
    let mut wanted: Vec<String> =
        case.changes.iter().map(|change| if turned { mirrored(change) } else { change.clone() }).collect();
    wanted.sort();
    let mut sorted = found.clone();
    sorted.sort();
    if sorted != wanted {
        return Err(format!("found {found:#?}, not {wanted:#?}"));
    }
    let options = PlanOptions { allow_destructive: true, concurrently: false };
    let planned = plan(&before, &after, &comparison.changes, options);
    let impossible: Vec<String> = planned
        .impossible
        .iter()
        .map(|it| format!("{}{}", it.object, it.attribute.as_ref().map(|name| format!(" {name}")).unwrap_or_default()))
        .collect();
    if impossible != case.impossible && !(turned && case.impossible.is_empty()) {
        return Err(format!("impossible: {:#?}", planned.impossible));
    }
    apply(&actual, &planned)?;
    let rest = compare(&after, &read(&actual)?);
    let rest: Vec<String> = rest.changes.iter().map(text).collect();
    if case.impossible.is_empty() && !rest.is_empty() {
        return Err(format!("left over {rest:#?}\nafter\n{}", script(&planned, &[], "fix")));
    }
    if case.impossible.is_empty() {
        let (dumped, wanted) = (dump(&actual)?, dump(&expected)?);
        if dumped != wanted {
            let (dumped, wanted) = first_difference(&dumped, &wanted);
            return Err(format!(
                "pg_dump differs: `{dumped}` is not `{wanted}`\nafter\n{}",
                script(&planned, &[], "fix")
            ));
        }
    }
    // From nothing: the expected database's manifest rebuilds it.
    rebuild(&after, &expected)
}

/// The whole DDL of a manifest, by way of its YAML, makes the same database.
fn rebuild(wanted: &Manifest, original: &ConnectionSettings) -> Result<(), String> {
    let again = manifest::read(&manifest::to_yaml(wanted)).map_err(|mistakes| format!("its YAML: {mistakes:?}"))?;
    if again != *wanted {
        return Err("its YAML reads back as another manifest".to_owned());
    }
    let empty = database("")?;
    let nothing = read(&empty)?;
    let comparison = compare(&again, &nothing);
    let planned = plan(&nothing, &again, &comparison.changes, PlanOptions::default());
    apply(&empty, &planned)?;
    let rest: Vec<String> = compare(wanted, &read(&empty)?).changes.iter().map(text).collect();
    // A table's columns may stand in an order that only its history has.
    if !rest.is_empty() {
        return Err(format!("rebuilt from nothing, left over {rest:#?}\nafter\n{}", script(&planned, &[], "all")));
    }
    let (dumped, wanted) = (dump(&empty)?, dump(original)?);
    if dumped != wanted {
        let (dumped, wanted) = first_difference(&dumped, &wanted);
        return Err(format!(
            "rebuilt from nothing, pg_dump differs: `{dumped}` is not `{wanted}`\nafter\n{}",
            script(&planned, &[], "all")
        ));
    }
    Ok(())
}

fn apply(settings: &ConnectionSettings, plan: &Plan) -> Result<(), String> {
    for batch in batches(plan) {
        // Statement by statement, as psql sends a file.
        let sql = match batch {
            Batch::Alone(step) => step.statement.sql.clone(),
            Batch::Together(steps) => {
                let statements: Vec<&str> = steps.iter().map(|step| step.statement.sql.as_str()).collect();
                format!("BEGIN;\n{PREAMBLE}\n{};\nCOMMIT", statements.join(";\n"))
            }
        };
        execute(settings, &sql).map_err(|error| format!("{error}\n{}", script(plan, &[], "fix")))?;
    }
    Ok(())
}

fn text(change: &Change) -> String {
    let sign = match change.difference {
        Difference::Missing => '-',
        Difference::Unexpected => '+',
        Difference::Changed => '~',
    };
    let attribute = change.attribute.as_ref().map(|attribute| format!(" {attribute}")).unwrap_or_default();
    format!("{sign} {}{attribute}", change.object)
}

fn mirrored(change: &str) -> String {
    match change.split_at(1) {
        ("-", rest) => format!("+{rest}"),
        ("+", rest) => format!("-{rest}"),
        _ => change.to_owned(),
    }
}

/// A database that is dropped with its case, for each takes several megabytes.
struct Database(ConnectionSettings);

impl std::ops::Deref for Database {
    type Target = ConnectionSettings;

    fn deref(&self) -> &ConnectionSettings {
        &self.0
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // It goes with the server at the latest.
        let _ = execute(&SERVER.settings(), &format!("DROP DATABASE {} WITH (FORCE)", self.0.dbname));
    }
}

fn database(sql: &str) -> Result<Database, String> {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let name = format!("pair_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    let database = Database(SERVER.create_database(&name).map_err(|error| error.to_string())?);
    execute(&database, sql).map_err(|error| format!("the case's own SQL: {error}"))?;
    Ok(database)
}

fn execute(settings: &ConnectionSettings, sql: &str) -> Result<(), String> {
    let mut session = Session::connect(settings).map_err(|error| error.to_string())?;
    session.run(async |client| client.batch_execute(sql).await).map_err(|error| match error.as_db_error() {
        Some(error) => error.to_string(),
        None => error.to_string(),
    })
}

fn read(settings: &ConnectionSettings) -> Result<Manifest, String> {
    let mut session = Session::connect(settings).map_err(|error| error.to_string())?;
    session.run(async |client| introspect(client, &Options::default()).await).map_err(|error| error.to_string())
}

fn major() -> u32 {
    SERVER.binaries().version.split('.').next().and_then(|major| major.parse().ok()).unwrap()
}

/// What pg_dump says, without its header and its random token. Nothing where
/// the server comes without pg_dump.
fn dump(settings: &ConnectionSettings) -> Result<String, String> {
    let named = std::env::var_os("SCHEMACAST_PG_DUMP").map(PathBuf::from);
    let program: &Path = &named.unwrap_or_else(|| SERVER.binaries().folder.join("pg_dump"));
    if !program.exists() {
        common::is_skipped_without("pg_dump");
        return Ok(String::new());
    }
    let output = Command::new(program)
        .args(["--schema-only", "--no-owner", "-h", &settings.host, "-U", &settings.user, &settings.dbname])
        .output()
        .map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let lines = text.lines().filter(|line| !line.starts_with("\\restrict") && !line.starts_with("\\unrestrict"));
    Ok(in_order(lines))
}

fn first_difference<'t>(a: &'t str, b: &'t str) -> (&'t str, &'t str) {
    let mut pairs = a.lines().zip(b.lines());
    pairs.find(|(a, b)| a != b).unwrap_or(("the end", "the end"))
}

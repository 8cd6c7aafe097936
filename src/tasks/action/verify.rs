//! The last look at the whole: everything that a chain was to bring about, a
//! check each, and the health that follows from them.
//!
//! It writes nothing: a check never repairs what it checks.

use std::fmt::Write as _;
use std::fs;

use serde_json::{Value, json};

use super::introspect::Counts;
use super::{drift, read_catalog};
use crate::codegen::artifact::{Artifact, Format};
use crate::codegen::layout;
use crate::codegen::manifest::{Kind, Manifest, ObjectId};
use crate::codegen::sql::qualified;
use crate::codegen::writer;
use crate::diff::{objects, report};
use crate::tasks::database::Connection;
use crate::tasks::execute::query::{self, Mode};
use crate::tasks::execute::{Context, Done, Failure, validation};
use crate::tasks::record::State;
use crate::tasks::registry::TaskKind;

/// One line of the report.
struct Check {
    /// What holds, in the words of a yes.
    name: &'static str,
    /// How many there are, for the line.
    note: String,
    faults: Vec<String>,
}

/// Looks at everything and fails where one check does.
pub fn act(context: &Context<'_>, connection: &mut Connection) -> Result<Done, Failure> {
    let live = read_catalog(context, connection)?;
    let checks = vec![
        tasks(context),
        manifest(context),
        drifted(context, connection)?,
        outputs(context),
        relations(context, connection, &live, "Every view can be queried", |schema| {
            let views = schema.views.iter().chain(&schema.materialized_views);
            views.map(|view| qualified(&schema.name, &view.name)).collect()
        })?,
        relations(context, connection, &live, "Every table can be read", |schema| {
            schema.tables.iter().map(|table| qualified(&schema.name, &table.name)).collect()
        })?,
        references(context, connection, &live)?,
        broken(context, connection)?,
    ];
    let failed = checks.iter().filter(|check| !check.faults.is_empty()).count();
    let health = match failed {
        0 => "EXCELLENT",
        1 => "DEGRADED",
        _ => "POOR",
    };
    let report = report_text(context, &checks, health, &live);
    let outcome = json!({
        "status": if failed == 0 { "success" } else { "failed" },
        "health": health,
        "checks": checks.iter().map(|check| json!({
            "check": check.name, "passed": check.faults.is_empty(), "faults": check.faults,
        })).collect::<Vec<Value>>(),
    });
    (context.log)(&report);
    let done = Done { outcome: Some(outcome), report: Some(report), skipped: None };
    if failed == 0 {
        return Ok(done);
    }
    let names: Vec<&str> = checks.iter().filter(|check| !check.faults.is_empty()).map(|check| check.name).collect();
    let message = format!("{failed} of {} checks failed: {}", checks.len(), names.join("; "));
    Err(Failure::Failed { message, advice: Vec::new(), done: Box::new(done) })
}

/// Every task before this one, as this run has it.
fn tasks(context: &Context<'_>) -> Check {
    let before: Vec<_> = context.run.tasks.iter().filter(|task| task.id != context.task.id).collect();
    let failed =
        before.iter().filter(|task| !task.state.is_success() && !task.optional && task.state != State::Pending);
    let faults = failed.map(|task| format!("{} {}", task.id, task.state.word())).collect();
    let succeeded = before.iter().filter(|task| task.state.is_success()).count();
    Check { name: "Every task succeeded", note: format!("{succeeded} tasks"), faults }
}

fn manifest(context: &Context<'_>) -> Check {
    let name = "Schema manifest generated";
    match layout::read_manifest(&context.places.layout.manifest) {
        Err(error) => Check { name, note: String::new(), faults: vec![error.to_string()] },
        Ok(manifest) => {
            let counts = Counts::of(&manifest);
            Check {
                name,
                note: format!("{} tables, {} views, {} columns", counts.tables, counts.views, counts.columns),
                faults: validation::whole(&manifest).err().into_iter().collect(),
            }
        }
    }
}

fn drifted(context: &Context<'_>, connection: &mut Connection) -> Result<Check, Failure> {
    let name = "Zero drift between manifest and database";
    Ok(match drift::report(context, connection) {
        Ok(found) if found.clean => Check { name, note: String::new(), faults: Vec::new() },
        Ok(found) => Check { name, note: String::new(), faults: vec![report::verdict(&found)] },
        Err(Failure::Failed { message, .. }) => Check { name, note: String::new(), faults: vec![message] },
        Err(stopped) => return Err(stopped),
    })
}

/// The generated files, by their parsers.
fn outputs(context: &Context<'_>) -> Check {
    let folder = &context.places.layout.generated;
    let name = "Generated files are valid";
    let files = match writer::recorded(folder) {
        Ok(files) => files,
        Err(error) => return Check { name, note: String::new(), faults: vec![error.to_string()] },
    };
    let mut faults = Vec::new();
    if files.is_empty() {
        faults.push(format!("{} holds no generated files", context.places.shown(folder)));
    }
    for path in &files {
        match fs::read_to_string(folder.join(path)) {
            Err(error) => faults.push(format!("{path}: {error}")),
            Ok(contents) => {
                let artifact = Artifact { format: Format::of(path), path: path.clone(), contents };
                faults.extend(validation::faults(&artifact).into_iter().map(|fault| format!("{path}:{fault}")));
            }
        }
    }
    Check { name, note: format!("{} files", files.len()), faults }
}

/// Reads a row of each relation, as whoever runs the chain.
fn relations(
    context: &Context<'_>,
    connection: &mut Connection,
    live: &Manifest,
    name: &'static str,
    of: impl Fn(&crate::codegen::manifest::Schema) -> Vec<String>,
) -> Result<Check, Failure> {
    let relations: Vec<String> = live.schemas.iter().flat_map(of).collect();
    let mut faults = Vec::new();
    for relation in &relations {
        match query::rows(context, connection, &format!("SELECT * FROM {relation} LIMIT 1"), Mode::ReadOnly, None) {
            Ok(_) => {}
            Err(Failure::Failed { message, .. }) => faults.push(format!("{relation}: {message}")),
            Err(stopped) => return Err(stopped),
        }
    }
    Ok(Check { name, note: relations.len().to_string(), faults })
}

/// Whether what objects need is there: the tables that foreign keys refer to,
/// and what the bodies of functions name, by the server's own validators. (The
/// server itself keeps what views, defaults and constraints need.) A PL/pgSQL
/// body is only parsed: what it names is looked up when it runs.
fn references(context: &Context<'_>, connection: &mut Connection, live: &Manifest) -> Result<Check, Failure> {
    let left_out: Vec<&str> = live.left_out.iter().map(|schema| schema.schema.as_str()).collect();
    let is_left_out = |schema: &str| left_out.contains(&schema);
    let mut faults = Vec::new();
    for schema in &live.schemas {
        for table in &schema.tables {
            for key in &table.foreign_keys {
                let to = &key.references;
                let found = live
                    .schemas
                    .iter()
                    .any(|schema| schema.name == to.schema && schema.tables.iter().any(|table| table.name == to.table));
                if !found && !is_left_out(&to.schema) {
                    let from = qualified(&schema.name, &table.name);
                    faults.push(format!("{from} refers to {}, which is not there", qualified(&to.schema, &to.table)));
                }
            }
        }
    }
    for (schema, routine) in live.schemas.iter().flat_map(|s| s.functions.iter().map(move |routine| (s, routine))) {
        let validator = match routine.language.as_str() {
            "sql" if routine.body.is_some() => "pg_catalog.fmgr_sql_validator",
            "plpgsql" => "pg_catalog.plpgsql_validator",
            _ => continue,
        };
        let id = ObjectId::routine(&schema.name, routine).path;
        let sql = format!("SELECT {validator}('{}'::regprocedure) IS NULL AS broken", id.replace('\'', "''"));
        match query::rows(context, connection, &sql, Mode::ReadOnly, None) {
            Ok(_) => {}
            Err(Failure::Failed { message, .. }) => faults.push(format!("{id}: {message}")),
            Err(stopped) => return Err(stopped),
        }
    }
    let note = format!("{} objects", objects(live).len());
    Ok(Check { name: "No object depends on something missing", note, faults })
}

/// What the server itself calls unfinished: indexes that are not valid, and
/// constraints that were never validated.
fn broken(context: &Context<'_>, connection: &mut Connection) -> Result<Check, Failure> {
    let sql = "SELECT pg_catalog.format('index %I.%I is not valid', n.nspname, c.relname) AS fault
               FROM pg_catalog.pg_index AS i
               JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
               JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
               WHERE NOT i.indisvalid AND c.relkind = 'i' AND n.nspname !~ '^pg_'
               ORDER BY 1";
    let rows = query::rows(context, connection, sql, Mode::ReadOnly, None)?;
    let faults = rows.0.iter().filter_map(|row| row.get("fault")?.as_str().map(str::to_owned)).collect();
    Ok(Check { name: "Every index is valid", note: String::new(), faults })
}

fn report_text(context: &Context<'_>, checks: &[Check], health: &str, live: &Manifest) -> String {
    let mut text = format!("# Verification of {}\n", context.project.name);
    let migrations: Vec<_> = context.run.tasks.iter().filter(|task| task.kind == TaskKind::Migration).collect();
    if !migrations.is_empty() {
        text.push_str("\n## Migrations\n");
    }
    // Writing to a String cannot fail.
    for task in migrations {
        let _ = writeln!(text, "{} {} {}", task.state.sign(), task.id, task.state.word());
    }
    text.push_str("\n## Objects\n");
    let all = objects(live);
    let mut kinds: Vec<Kind> = all.iter().map(|object| object.id.kind).collect();
    kinds.sort();
    for group in kinds.chunk_by(|a, b| a == b) {
        let _ = writeln!(text, "- {}: {}", group[0], group.len());
    }
    text.push_str("\n## Checks\n");
    for check in checks {
        for fault in &check.faults {
            let _ = writeln!(text, "- {}: {fault}", check.name);
        }
    }
    let passed = checks.iter().all(|check| check.faults.is_empty());
    let _ = writeln!(text, "Verification: {}", if passed { "PASS" } else { "FAIL" });
    text.push_str("\n## Next steps\n");
    let name = &context.project.name;
    if passed {
        let _ = writeln!(text, "- Review and commit manifests/{name} and generated/{name}.");
        let _ = writeln!(text, "- Watch for drift from now on: `schemacast drift {name}`, nightly or in CI.");
    } else {
        let _ = writeln!(text, "- Mend what the checks above name, then `schemacast run-chain {name} --resume`.");
    }
    text.push('\n');
    for check in checks {
        let note = if check.note.is_empty() { String::new() } else { format!(" ({})", check.note) };
        match check.faults.as_slice() {
            [] => _ = writeln!(text, "✅ {}{note}", check.name),
            faults => _ = writeln!(text, "❌ {}: {} at fault", check.name, faults.len()),
        }
    }
    let _ = writeln!(text, "{} Database health: {health}", if passed { "✅" } else { "❌" });
    if passed {
        text.push_str("🎉 Schema finalization complete!\n");
    }
    text
}

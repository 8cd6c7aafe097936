//! What has to hold of any two schemas.

use std::collections::BTreeSet;

use schemacast::codegen::manifest::{self, Manifest};
use schemacast::diff::{Change, Difference, Plan, PlanOptions, compare, plan, script};

use crate::database::Database;

/// How a property failed.
#[derive(Debug, Clone)]
pub struct Fault {
    /// Which property, and what of it: two seeds with the same are likely one mistake.
    pub key: String,
    pub text: String,
}

fn fault(key: impl Into<String>, text: impl Into<String>) -> Fault {
    Fault { key: key.into(), text: text.into() }
}

/// What came of one pair.
#[derive(Debug, Default)]
pub struct Outcome {
    pub faults: Vec<Fault>,
    /// What the plans called impossible, by kind and attribute.
    pub impossible: Vec<String>,
    /// The SQL of both sides, as far as the server took it.
    pub accepted: [Vec<String>; 2],
}

/// Runs every property on two schemas.
pub fn check(a: &[String], b: &[String]) -> Outcome {
    let mut outcome = Outcome::default();
    if let Err(fault) = run(a, b, &mut outcome) {
        outcome.faults.push(fault);
    }
    outcome
}

fn run(a: &[String], b: &[String], outcome: &mut Outcome) -> Result<(), Fault> {
    let lost = |error: String| fault("server", error);
    let databases = [Database::new().map_err(lost)?, Database::new().map_err(lost)?];
    for (at, statements) in [a, b].into_iter().enumerate() {
        outcome.accepted[at] = databases[at].accept(statements).map_err(lost)?;
    }
    let read = |database: &Database| database.read().map_err(|error| fault(format!("introspect: {error}"), error));
    let manifests = [read(&databases[0])?, read(&databases[1])?];
    let dumps = [databases[0].dump().map_err(lost)?, databases[1].dump().map_err(lost)?];
    for (manifest, dump) in manifests.iter().zip(&dumps) {
        outcome.faults.extend(written(manifest).err());
        outcome.faults.extend(rebuilt(manifest, dump.as_deref()).err());
    }
    outcome.faults.extend(mirrored(&manifests).err());
    for turned in [false, true] {
        let (from, to) = if turned { (1, 0) } else { (0, 1) };
        outcome.faults.extend(
            turned_into(
                &databases[from],
                &manifests[from],
                &manifests[to],
                dumps[to].as_deref(),
                &mut outcome.impossible,
            )
            .err(),
        );
    }
    Ok(())
}

/// (a) The YAML reads back as the same, and (b) a database is like its own manifest.
fn written(manifest: &Manifest) -> Result<(), Fault> {
    let yaml = manifest::to_yaml(manifest);
    let again = manifest::read(&yaml).map_err(|mistakes| fault("its YAML is refused", format!("{mistakes:#?}")))?;
    if again != *manifest {
        return Err(fault("its YAML reads back otherwise", yaml));
    }
    let changes = compare(manifest, &again).changes;
    match changes.is_empty() {
        true => Ok(()),
        false => Err(fault("drift against itself", texts(&changes).join("\n"))),
    }
}

/// (c) The plan from nothing makes the same database.
fn rebuilt(wanted: &Manifest, dump: Option<&[String]>) -> Result<(), Fault> {
    let empty = Database::new().map_err(|error| fault("server", error))?;
    let nothing = empty.read().map_err(|error| fault("introspect", error))?;
    let planned = plan(&nothing, wanted, &compare(wanted, &nothing).changes, PlanOptions::default());
    if let Some(impossible) = planned.impossible.first() {
        return Err(fault(format!("from nothing, impossible: {}", impossible.object.kind), format!("{impossible:?}")));
    }
    converges("from nothing", &empty, &planned, wanted, dump)?;
    let read = empty.read().map_err(|error| fault("introspect", error))?;
    // A child's columns may stand in an order that only its history has.
    match read == *wanted || !compare(wanted, &read).changes.is_empty() {
        true => Ok(()),
        false => {
            let (read, wanted) = (manifest::to_yaml(&read), manifest::to_yaml(wanted));
            let difference: Vec<String> = read
                .lines()
                .zip(wanted.lines())
                .filter(|(a, b)| a != b)
                .take(5)
                .map(|(a, b)| format!("got    {a}\nwanted {b}"))
                .collect();
            Err(fault("from nothing, another manifest", difference.join("\n")))
        }
    }
}

/// (d) and (e): the plan runs, in the order that it has, and leaves no difference.
fn turned_into(
    database: &Database,
    from: &Manifest,
    to: &Manifest,
    dump: Option<&[String]>,
    impossible: &mut Vec<String>,
) -> Result<(), Fault> {
    // The first plan turned this one into the other already.
    let before = database.read().map_err(|error| fault("introspect", error))?;
    if before != *from {
        return Err(fault("changed by itself", "a database that nothing was done to reads otherwise"));
    }
    let options = PlanOptions { allow_destructive: true, concurrently: false };
    let planned = plan(from, to, &compare(to, from).changes, options);
    impossible.extend(
        planned
            .impossible
            .iter()
            .map(|impossible| format!("{} {}", impossible.object.kind, impossible.attribute.as_deref().unwrap_or("-"))),
    );
    let converged = converges("changed", database, &planned, to, dump);
    // A table that would have to be partitioned by something else is in the way
    // of whatever needs it; the plan says so.
    let is_stuck = planned.impossible.iter().any(|impossible| {
        impossible.attribute.as_deref().is_some_and(|attribute| attribute.starts_with("partition_by."))
    });
    match converged {
        Err(fault) if is_stuck => {
            impossible.push(format!("stuck behind a partitioned table: {}", fault.key));
            Ok(())
        }
        converged => converged,
    }
}

fn converges(
    way: &str,
    database: &Database,
    planned: &Plan,
    wanted: &Manifest,
    dump: Option<&[String]>,
) -> Result<(), Fault> {
    let sql = script(planned, &[], "plan");
    apply(database, planned).map_err(|error| {
        let message = error.lines().next().unwrap_or_default();
        fault(format!("{way}, the plan fails: {}", without_names(message)), format!("{error}\n\n{sql}"))
    })?;
    let read = database.read().map_err(|error| fault("introspect", error))?;
    let rest = compare(wanted, &read).changes;
    let excused = |change: &&Change| {
        let order = matches!(change.attribute.as_deref(), Some("column_order" | "attribute_order"));
        order || planned.impossible.iter().any(|impossible| change.object.path.starts_with(&impossible.object.path))
    };
    let left: Vec<&Change> = rest.iter().filter(|change| !excused(change)).collect();
    if let Some(first) = left.first() {
        let kind =
            format!("{:?} {} {}", first.difference, first.object.kind, first.attribute.as_deref().unwrap_or("-"));
        let left: Vec<String> = left.iter().map(|change| format!("{}: {change:?}", text(change))).collect();
        return Err(fault(format!("{way}, left over: {kind}"), format!("{}\n\n{sql}", left.join("\n"))));
    }
    let others = planned
        .impossible
        .iter()
        .any(|impossible| !matches!(impossible.attribute.as_deref(), Some("column_order" | "attribute_order")));
    let (Some(mut wanted), Some(mut dumped)) =
        (dump.map(<[String]>::to_vec), database.dump().map_err(|error| fault("server", error))?)
    else {
        return Ok(());
    };
    if others {
        return Ok(());
    }
    // Columns that stand in another order are all that may differ.
    if !rest.is_empty() {
        let lines = |entries: &[String]| {
            let mut lines: Vec<String> = entries
                .iter()
                .flat_map(|entry| entry.lines())
                .map(|line| line.trim_end_matches(',').to_owned())
                .collect();
            lines.sort();
            lines
        };
        (wanted, dumped) = (lines(&wanted), lines(&dumped));
    }
    if wanted != dumped {
        let only = |these: &[String], those: &[String]| -> Vec<String> {
            let those: BTreeSet<&String> = those.iter().collect();
            these.iter().filter(|entry| !those.contains(entry)).cloned().collect()
        };
        let (got, wanted) = (only(&dumped, &wanted), only(&wanted, &dumped));
        return Err(fault(
            format!("{way}, pg_dump differs"),
            format!("got    {}\n\nwanted {}\n\n{sql}", got.join("\n"), wanted.join("\n")),
        ));
    }
    Ok(())
}

/// (f) Each side misses what the other has too much of.
fn mirrored(manifests: &[Manifest; 2]) -> Result<(), Fault> {
    let here = compare(&manifests[0], &manifests[1]).changes;
    let there = compare(&manifests[1], &manifests[0]).changes;
    let turned: Vec<Change> = there
        .into_iter()
        .map(|change| Change {
            difference: match change.difference {
                Difference::Missing => Difference::Unexpected,
                Difference::Unexpected => Difference::Missing,
                Difference::Changed => Difference::Changed,
            },
            expected: change.actual,
            actual: change.expected,
            ..change
        })
        .collect();
    match here == turned {
        true => Ok(()),
        false => Err(fault("not mirrored", format!("{:#?}\n{:#?}", texts(&here), texts(&turned)))),
    }
}

fn apply(database: &Database, plan: &Plan) -> Result<(), String> {
    let sql = script(plan, &[], "plan");
    for step in plan.steps.iter().filter(|step| step.statement.outside_transaction && !step.held_back) {
        database.execute(&step.statement.sql).map_err(|error| format!("{error}\n{}", step.statement.sql))?;
    }
    let Some((_, rest)) = sql.split_once("BEGIN;") else { return Ok(()) };
    let inside = rest.split_once("\nCOMMIT;").map_or(rest, |(inside, _)| inside);
    let Err(error) = database.execute(&format!("BEGIN;{inside}\nCOMMIT;")) else { return Ok(()) };
    // Which of them it was, for a person.
    let mut before = "BEGIN; SET LOCAL check_function_bodies = off; SET LOCAL search_path = '';".to_owned();
    for step in plan.steps.iter().filter(|step| !step.statement.outside_transaction) {
        before = format!("{before}{};", step.statement.sql);
        if database.execute(&format!("{before}ROLLBACK")).is_err() {
            return Err(format!("{error}\nat {}", step.statement.sql));
        }
    }
    Err(error)
}

fn texts(changes: &[Change]) -> Vec<String> {
    changes.iter().map(text).collect()
}

fn text(change: &Change) -> String {
    let attribute = change.attribute.as_deref().unwrap_or("-");
    format!("{:?} {} {attribute}", change.difference, change.object)
}

/// A message of the server without the names of this one schema.
fn without_names(message: &str) -> String {
    let mut text = String::new();
    let mut quoted = false;
    for c in message.chars() {
        match c {
            '"' => quoted = !quoted,
            _ if quoted => {}
            c if c.is_ascii_digit() => {}
            c => text.push(c),
        }
    }
    // What has no quotes around it: `table s.t depends on …`.
    text.split(' ').filter(|word| !word.contains('.') && !word.contains('(')).collect::<Vec<_>>().join(" ")
}

//! The migrations on disk, before any database is asked.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::check::{Check, Findings, some_of};
use super::files::counted;
use crate::codegen::project::Project;
use crate::postgres::bootstrap;
use crate::tasks::graph;
use crate::tasks::ledger::Migration;
use crate::tasks::places::Places;
use crate::tasks::registry::{Declared, TaskKind};

const NAME: &str = "migrations on disk";

/// The migrations of a project in the order in which its chain applies them,
/// read as the ledger reads them, and what is wrong with them. Without a
/// registry they are the files of the folder, which nothing applies.
pub(super) fn on_disk(
    places: &Places,
    settings: Option<&Project>,
    registry: Option<&Declared>,
) -> (Check, Vec<Migration>) {
    let folder = places.layout.folder.join("migrations");
    let files = match bootstrap::sql_files(&folder) {
        Ok(files) => files,
        Err(error) => {
            return (Check::not_made(NAME, error.to_string(), "make the folder readable"), Vec::new());
        }
    };
    let mut findings = Findings::default();
    let paths = match registry {
        Some(declared) => of_tasks(places, declared),
        None => files.clone(),
    };
    let mut migrations = Vec::new();
    for path in &paths {
        let file_name = path.file_name().unwrap_or_default().to_string_lossy();
        // As the runner of tasks names it in the ledger.
        let name = format!("{}/{file_name}", places.layout.name);
        match Migration::read(name, path) {
            Ok(migration) => migrations.push(migration),
            Err(error) => {
                findings.bad(format!("cannot read {}: {error}", places.shown(path)), "make the file readable");
            }
        }
    }
    for faults in migrations.iter().filter_map(|migration| migration.script.as_ref().err()) {
        let texts: Vec<String> = faults.iter().map(ToString::to_string).collect();
        findings.bad(texts.join("\n"), "mend the file: nothing of it would be applied");
    }
    if registry.is_some() {
        let forgotten = names_of(files.iter().filter(|path| !paths.contains(path)));
        if !forgotten.is_empty() {
            let note = format!("no task applies {}", some_of(&forgotten));
            findings.warning(note, "add a task of the type migration to task_registry.json, or move the file away");
        }
    }
    if let Some(settings) = settings.filter(|settings| !settings.migrations.is_empty()) {
        listed(settings, &names_of(files.iter()), &mut findings);
    }
    let good = format!("{}, each whole and readable", counted(migrations.len(), "file"));
    (findings.into_check(NAME, if migrations.is_empty() { "none".to_owned() } else { good }), migrations)
}

/// What project.yaml lists, against what is there: a scratch database is filled
/// by that list.
fn listed(settings: &Project, files: &[String], findings: &mut Findings) {
    let there: BTreeSet<&String> = files.iter().collect();
    let listed: BTreeSet<&String> = settings.migrations.iter().collect();
    let gone: Vec<String> = listed.difference(&there).map(|name| (*name).clone()).collect();
    if !gone.is_empty() {
        let note = format!("project.yaml lists {}, which is not in migrations/", some_of(&gone));
        findings.bad(note, "put the file back, or take it out of `migrations:`");
    }
    let unlisted: Vec<String> = there.difference(&listed).map(|name| (*name).clone()).collect();
    if !unlisted.is_empty() {
        let note =
            format!("project.yaml does not list {}, so `introspect --scratch` leaves it out", some_of(&unlisted));
        findings.warning(note, "add it to `migrations:`, in its order");
    }
}

fn of_tasks(places: &Places, declared: &Declared) -> Vec<PathBuf> {
    let tasks = graph::order(&declared.registry);
    let files = tasks.iter().filter(|task| task.kind == TaskKind::Migration).filter_map(|task| task.file.as_deref());
    files.map(|file| places.of(file)).collect()
}

fn names_of<'p>(paths: impl Iterator<Item = &'p PathBuf>) -> Vec<String> {
    paths.filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned())).collect()
}

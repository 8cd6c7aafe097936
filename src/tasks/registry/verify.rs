//! What makes no sense in a registry of the right form.

use std::collections::BTreeMap;

use super::{Registry, Task, TaskKind, VERSION, Validation};
use crate::codegen::document::{Fault, Path};
use crate::codegen::names::nearest;
use crate::codegen::target;
use crate::tasks::graph;
use crate::tasks::places::{self, Places};

/// Every contradiction, with its place: duplicate ids, unknown dependencies,
/// cycles, files that are not there, fields that do not go together.
pub fn verify(registry: &Registry, places: &Places) -> Vec<Fault> {
    let mut verification = Verification { registry, places, faults: Vec::new() };
    let root = Path::default();
    if registry.version != VERSION {
        let message = format!("the version `{}` is not known here: this program reads `{VERSION}`", registry.version);
        verification.fault(root.key("version"), message);
    }
    if registry.project != places.layout.name {
        let message =
            format!("this is the registry of `{}`, in the folder of `{}`", registry.project, places.layout.name);
        verification.fault(root.key("project"), message);
    }
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, task) in registry.tasks.iter().enumerate() {
        let path = root.key("tasks").index(at);
        if let Some(before) = first.get(task.id.as_str()) {
            let message = format!("the id `{}` is taken: task {} has it", task.id, before + 1);
            verification.fault(path.key("id"), message);
        } else {
            first.insert(&task.id, at);
        }
        verification.task(task, &path);
    }
    for cycle in graph::cycles(registry) {
        let at = registry.tasks.iter().position(|task| task.id == cycle[0]).unwrap_or_default();
        let round: Vec<&str> = cycle.iter().chain(cycle.first()).map(String::as_str).collect();
        let message = format!("the dependencies go round: {}", round.join(" → "));
        verification.fault(root.key("tasks").index(at).key("dependencies"), message);
    }
    verification.faults
}

struct Verification<'r> {
    registry: &'r Registry,
    places: &'r Places,
    faults: Vec<Fault>,
}

impl Verification<'_> {
    fn task(&mut self, task: &Task, path: &Path) {
        // It names a file of the log, and the command line's lists are cut at
        // commas, colons and plus signs.
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        if task.id.is_empty() || task.id.starts_with(['.', '-']) || !task.id.chars().all(plain) {
            let message = format!(
                "the id `{}` may hold letters, digits, `_`, `-` and `.`, and begins with a letter or digit",
                task.id
            );
            self.fault(path.key("id"), message);
        }
        self.dependencies(task, path);
        self.fields(task, path);
        if let Some(file) = &task.file
            && self.inside(file, path.key("file"))
            && self.places.find(file).is_none()
        {
            let message = format!("there is no file `{file}`: looked in {}", self.places.looked_in());
            self.fault(path.key("file"), message);
        }
        for (at, output) in task.output.iter().enumerate() {
            self.inside(output, path.key("output").index(at));
        }
        if task.timeout == Some(0) {
            self.fault(path.key("timeout"), "a timeout is at least one second; leave it out for none".to_owned());
        }
        if task.lock_timeout == Some(0) {
            let message = "a lock_timeout is at least one second; leave it out for the server's own";
            self.fault(path.key("lock_timeout"), message.to_owned());
        }
        if task.lock_timeout.is_some() && task.kind != TaskKind::Migration {
            self.fault(path.key("lock_timeout"), "only a migration has a lock_timeout".to_owned());
        }
        let reads = matches!(task.action.as_deref(), Some("introspect" | "drift" | "verify"));
        if task.retries > 0 && task.kind != TaskKind::SqlQuery && !reads {
            let message = "only what reads is tried again: a sql_query, or the actions introspect, drift and verify";
            self.fault(path.key("retries"), message.to_owned());
        }
        if task.expected.is_some() && task.kind != TaskKind::SqlQuery {
            self.fault(path.key("expected"), "only a sql_query has a result to compare".to_owned());
        }
        for (at, validation) in task.validation.iter().enumerate() {
            self.validation(validation, &path.key("validation").index(at));
        }
    }

    fn dependencies(&mut self, task: &Task, path: &Path) {
        for (at, name) in task.dependencies.iter().enumerate() {
            let path = path.key("dependencies").index(at);
            let known = || self.registry.tasks.iter().map(|task| task.id.clone());
            if task.dependencies[..at].contains(name) {
                self.fault(path, format!("`{name}` is named twice"));
            } else if !known().any(|id| id == *name) {
                let hint = nearest(name, known()).map(|near| format!(": did you mean `{near}`?")).unwrap_or_default();
                self.fault(path, format!("there is no task `{name}`{hint}"));
            }
        }
    }

    /// What a kind of task needs, and what it has no use for.
    fn fields(&mut self, task: &Task, path: &Path) {
        let given = [
            ("file", task.file.is_some()),
            ("sql", task.sql.is_some()),
            ("action", task.action.is_some()),
            ("argv", task.argv.is_some()),
        ];
        let wanted: &[&str] = match task.kind {
            TaskKind::SqlQuery => &["sql", "file"],
            TaskKind::Migration => &["file"],
            TaskKind::Script => &["action", "argv"],
        };
        let choice = wanted.iter().map(|field| format!("`{field}`")).collect::<Vec<_>>().join(" or ");
        match given.iter().filter(|(field, given)| *given && wanted.contains(field)).count() {
            1 => {}
            0 => self.fault(path.clone(), format!("the {} `{}` has no {choice}", task.kind, task.id)),
            _ => self.fault(path.clone(), format!("the {} `{}` takes {choice}, not both", task.kind, task.id)),
        }
        for (field, _) in given.iter().filter(|(field, given)| *given && !wanted.contains(field)) {
            self.faults.push(Fault {
                path: path.key(field),
                at_key: true,
                message: format!("a {} has no `{field}`: it takes {choice}", task.kind),
            });
        }
        if task.argv.as_ref().is_some_and(|argv| argv.first().is_none_or(String::is_empty)) {
            self.fault(path.key("argv"), "a command begins with its program".to_owned());
        }
        if let Some(action) = &task.action {
            self.action(action, path.key("action"));
        }
    }

    fn action(&mut self, action: &str, path: Path) {
        let known: Vec<String> = ["introspect", "drift", "verify", "snapshot", "generate:all"]
            .into_iter()
            .map(str::to_owned)
            .chain(target::all().iter().map(|target| format!("generate:{}", target.name())))
            .collect();
        let labelled = action.strip_prefix("snapshot:").is_some_and(|label| !label.is_empty());
        if !labelled && !known.iter().any(|name| name == action) {
            let hint = nearest(action, known.iter().cloned()).map_or_else(
                || {
                    format!(
                        "the actions are {}",
                        known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
                    )
                },
                |near| format!("did you mean `{near}`?"),
            );
            self.fault(path, format!("there is no action `{action}`: {hint}"));
        }
    }

    fn validation(&mut self, validation: &Validation, path: &Path) {
        let files = [
            ("file", &validation.file),
            ("yaml", &validation.yaml),
            ("json", &validation.json),
            ("graphql", &validation.graphql),
            ("markdown", &validation.markdown),
        ];
        let kinds = files.iter().filter(|(_, file)| file.is_some()).count() + usize::from(validation.sql.is_some());
        if kinds != 1 {
            let message = "a validation is one of `sql`, `file`, `yaml`, `json`, `graphql`, `markdown`";
            self.fault(path.clone(), message.to_owned());
        }
        if validation.expected.is_some() && validation.sql.is_none() {
            self.fault(path.key("expected"), "`expected` is what `sql` must give".to_owned());
        }
        match &validation.schema {
            Some(name) if name != "firestore" => {
                self.fault(
                    path.key("schema"),
                    format!("there is no schema `{name}`: the one there is, is `firestore`"),
                );
            }
            Some(_) if validation.json.is_none() => {
                self.fault(path.key("schema"), "`schema` says what `json` must be".to_owned());
            }
            _ => {}
        }
        for (name, file) in files {
            if let Some(file) = file {
                self.inside(file, path.key(name));
            }
        }
    }

    fn inside(&mut self, file: &str, path: Path) -> bool {
        if !places::is_inside(file) {
            self.fault(path, format!("the path `{file}` must stay below the root: neither absolute nor with `..`"));
            return false;
        }
        if let Err(why) = self.places.stays(file) {
            self.fault(path, format!("the path `{file}` must stay below the root: {why}; put a copy there"));
            return false;
        }
        true
    }

    fn fault(&mut self, path: Path, message: String) {
        self.faults.push(Fault { path, at_key: false, message });
    }
}

//! The tasks that a new project begins with: look, migrate, read, compare,
//! cast, verify.

use serde_json::{Value, json};

use crate::codegen::manifest::Manifest;
use crate::codegen::project::Project;
use crate::codegen::target::{self, Target};
use crate::tasks::registry::{Registry, Task, TaskKind, VERSION, Validation};

/// How many tables the first look names: enough to tell one database from
/// another.
const TABLES: usize = 5;

/// A registry whose chain runs as it is. `migrations` are the files of
/// migrations/ in the order in which they apply; `database` is what it held
/// when the project was made.
pub fn registry(name: &str, settings: &Project, migrations: &[String], database: Option<&Manifest>) -> Registry {
    let mut tasks = vec![check(database)];
    for file in migrations {
        let after = tasks.last().map(|task: &Task| task.id.clone());
        let id = migration_id(file, &tasks);
        tasks.push(Task {
            file: Some(file.clone()),
            dependencies: after.into_iter().collect(),
            on_failure: vec![
                "The message names the line and what Postgres says; nothing of the file was applied.".to_owned(),
                "The role needs the right to create what the file makes.".to_owned(),
            ],
            ..task(&id, &format!("Apply {file}"), TaskKind::Migration)
        });
    }
    let before = tasks.last().map(|task| task.id.clone());
    let manifest = format!("manifests/{name}/NEON_SCHEMA_MANIFEST.yaml");
    tasks.push(Task {
        dependencies: before.into_iter().collect(),
        output: vec![manifest.clone()],
        validation: vec![Validation { yaml: Some(manifest), ..Validation::default() }],
        retries: 2,
        ..action("introspect", "Read the schema into the manifest", "introspect")
    });
    let report = format!("manifests/{name}/SCHEMA_DRIFT_REPORT.md");
    tasks.push(Task {
        dependencies: vec!["introspect".to_owned()],
        output: vec![report.clone()],
        validation: vec![Validation { markdown: Some(report), ..Validation::default() }],
        on_failure: vec!["The report says what differs, and the SQL that mends it.".to_owned()],
        ..action("drift", "Compare the manifest with the database", "drift")
    });
    for target in wanted(settings) {
        tasks.push(generate(name, target));
    }
    tasks.push(Task {
        dependencies: tasks.iter().map(|task| task.id.clone()).collect(),
        on_failure: vec!["Each line of the report that is not ✅ says what to look at.".to_owned()],
        ..action("verify", "Verify the whole", "verify")
    });
    // So that a list of tasks reads in the order in which they run.
    for (task, priority) in tasks.iter_mut().zip(1..) {
        task.priority = priority;
    }
    Registry {
        schema: Some("../registry.schema.json".to_owned()),
        version: VERSION.to_owned(),
        project: name.to_owned(),
        description: "Brings the database to its schema, and casts that into everything that mirrors it.".to_owned(),
        tasks,
    }
}

fn wanted(settings: &Project) -> Vec<&'static dyn Target> {
    let is_wanted = |target: &&'static dyn Target| match &settings.targets {
        Some(names) => names.iter().any(|name| name == target.name()),
        None => target.is_wanted(settings),
    };
    target::all().into_iter().filter(is_wanted).collect()
}

fn generate(name: &str, target: &dyn Target) -> Task {
    let output = match target.name() {
        "firestore" => Some("FIRESTORE_SCHEMA.json"),
        "amplify" => Some("AMPLIFY_TYPES.graphql"),
        "models" => Some("models/mod.rs"),
        "inventory" => Some("SCHEMA_INVENTORY.md"),
        _ => None,
    };
    let output = output.map(|file| format!("generated/{name}/{file}"));
    let none = Validation::default();
    let validation = output.clone().map(|file| match target.name() {
        "firestore" => Validation { json: Some(file), schema: Some("firestore".to_owned()), ..none },
        "amplify" => Validation { graphql: Some(file), ..none },
        "inventory" => Validation { markdown: Some(file), ..none },
        _ => Validation { file: Some(file), ..none },
    });
    let id = format!("generate_{}", target.name());
    Task {
        dependencies: vec!["introspect".to_owned()],
        output: output.into_iter().collect(),
        validation: validation.into_iter().collect(),
        ..action(&id, target.about(), &format!("generate:{}", target.name()))
    }
}

/// The first look: is it a server that can be read, and the database that is
/// meant? An empty one in its place must not become the manifest.
fn check(database: Option<&Manifest>) -> Task {
    let tables = database
        .into_iter()
        .flat_map(|manifest| &manifest.schemas)
        .flat_map(|schema| schema.tables.iter().map(|table| (schema.name.clone(), table.name.clone())));
    let tables: Vec<(String, String)> = tables.take(TABLES).collect();
    let (sql, expected): (String, Value) = if tables.is_empty() {
        let sql = "SELECT pg_catalog.current_setting('server_version_num')::int4 >= 140000 AS supported";
        (sql.to_owned(), json!({ "supported": true }))
    } else {
        let literal = |text: &str| format!("'{}'", text.replace('\'', "''"));
        let pairs: Vec<String> =
            tables.iter().map(|(schema, table)| format!("({}, {})", literal(schema), literal(table))).collect();
        let sql = format!(
            "SELECT wanted.schema, wanted.name FROM (VALUES {}) AS wanted (schema, name) WHERE NOT EXISTS (SELECT FROM \
             pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = \
             wanted.schema AND c.relname = wanted.name)",
            pairs.join(", ")
        );
        (sql, json!({ "rows": 0 }))
    };
    Task {
        description: "The database is the one that is meant; where tables are listed, those are missing.".to_owned(),
        sql: Some(sql),
        expected: Some(expected),
        retries: 2,
        timeout: Some(60),
        on_failure: vec![
            "Check the URL: does it name this project's database?".to_owned(),
            "On a scratch server: put what the real database starts from into bootstrap/.".to_owned(),
        ],
        ..task("check", "Look at the database", TaskKind::SqlQuery)
    }
}

fn action(id: &str, name: &str, action: &str) -> Task {
    Task { action: Some(action.to_owned()), ..task(id, name, TaskKind::Script) }
}

fn task(id: &str, name: &str, kind: TaskKind) -> Task {
    Task {
        id: id.to_owned(),
        name: name.to_owned(),
        kind,
        priority: 0,
        dependencies: Vec::new(),
        description: String::new(),
        file: None,
        sql: None,
        action: None,
        argv: None,
        output: Vec::new(),
        expected: None,
        validation: Vec::new(),
        on_failure: Vec::new(),
        timeout: None,
        lock_timeout: None,
        retries: 0,
        optional: false,
    }
}

/// `apply_` and the file's name without its end, with nothing in it that an id
/// may not hold, and unlike every other.
fn migration_id(file: &str, tasks: &[Task]) -> String {
    let stem = file.rsplit('/').next().unwrap_or(file).trim_end_matches(".sql");
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.') { c } else { '_' };
    let base = format!("apply_{}", stem.chars().map(plain).collect::<String>());
    let is_free = |id: &String| tasks.iter().all(|task| task.id != *id);
    let numbered = (2..).map(|number| format!("{base}_{number}"));
    std::iter::once(base.clone()).chain(numbered).find(is_free).unwrap_or(base)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(registry: &Registry) -> Vec<&str> {
        registry.tasks.iter().map(|task| task.id.as_str()).collect()
    }

    #[test]
    fn migrations_come_one_after_the_other_and_each_has_an_id_of_its_own() {
        let files = ["001 a.sql", "001_a.sql", "002.sql"].map(str::to_owned);
        let registry = registry("shop", &Project::default(), &files, None);
        assert_eq!(ids(&registry)[..4], ["check", "apply_001_a", "apply_001_a_2", "apply_002"]);
        let dependencies: Vec<&str> = registry.tasks[1..5].iter().map(|task| task.dependencies[0].as_str()).collect();
        assert_eq!(dependencies, ["check", "apply_001_a", "apply_001_a_2", "apply_002"]);
        assert_eq!(ids(&registry).last(), Some(&"verify"));
    }

    #[test]
    fn only_the_targets_that_are_wanted_have_a_task() {
        let settings = Project { targets: Some(vec!["models".to_owned()]), ..Project::default() };
        let registry = registry("shop", &settings, &[], None);
        assert_eq!(ids(&registry), ["check", "introspect", "drift", "generate_models", "verify"]);
    }
}

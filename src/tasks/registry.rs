//! `task_registry.json`: the tasks of a project.

use std::fmt;
use std::io;
use std::path::{Path as FilePath, PathBuf};
use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::places::Places;
use crate::codegen::document::{self, Fault, Mistake};
use crate::codegen::layout;
use crate::codegen::names::hex;

mod verify;

pub use verify::verify;

/// The registry's file name in a project's folder.
pub const REGISTRY: &str = "task_registry.json";
/// The version of the format that this program reads.
pub const VERSION: &str = "1.0";

/// The tasks of a project, as they are declared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Registry {
    /// For editors: where the JSON Schema is.
    #[serde(rename = "$schema", default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// `1.0`
    pub version: String,
    /// The project's name, as its folder's or project.yaml's.
    pub project: String,
    #[serde(default)]
    pub description: String,
    pub tasks: Vec<Task>,
}

/// One task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// What the command line calls it: letters, digits, `_`, `-` and `.`.
    pub id: String,
    pub name: String,
    #[serde(rename = "type")]
    pub kind: TaskKind,
    /// Among tasks that could run next, the lowest goes first; then the id.
    #[serde(default = "default_priority")]
    pub priority: u32,
    /// The tasks that must have succeeded before.
    #[serde(default)]
    pub dependencies: Vec<String>,
    #[serde(default)]
    pub description: String,
    /// The SQL file of a migration or a sql_query: in migrations/, else below
    /// the project's folder or the root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The SQL of a sql_query.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sql: Option<String>,
    /// What of the program a script runs: `introspect`, `drift`, `generate:all`,
    /// `generate:TARGET`, `snapshot`, `snapshot:LABEL`, `verify`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// The command that a script runs, without a shell, in the root's folder.
    /// `DATABASE_URL` is the chain's database.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub argv: Option<Vec<String>>,
    /// The files that it makes.
    #[serde(default)]
    pub output: Vec<String>,
    /// What a sql_query must give: a list of rows (objects), one object for its
    /// one row, or `{"rows": n}`. Columns that are not named do not matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<Value>,
    /// What must hold afterwards.
    #[serde(default)]
    pub validation: Vec<Validation>,
    /// What to try where it fails, the likeliest first.
    #[serde(default)]
    pub on_failure: Vec<String>,
    /// Seconds after which its statement or command is cancelled; none waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<u64>,
    /// Seconds that a statement of a migration may wait for a lock; none is what
    /// the server has set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lock_timeout: Option<u64>,
    /// How often to try again, for what only reads: a sql_query (which then
    /// runs read only), and the actions introspect, drift and verify.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub retries: u32,
    /// Whether the chain succeeds without it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
}

fn default_priority() -> u32 {
    100
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// What a task does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// Asks the database and compares the answer.
    SqlQuery,
    /// Applies a file of SQL, once.
    Migration,
    /// Runs an action of the program, or a command.
    Script,
}

impl fmt::Display for TaskKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TaskKind::SqlQuery => "sql_query",
            TaskKind::Migration => "migration",
            TaskKind::Script => "script",
        })
    }
}

/// One check of a task's result: exactly one of its kinds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Validation {
    /// A query, in a read-only transaction. Without `expected` it must give a
    /// row, and no row whose only column is false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sql: Option<String>,
    /// As a task's `expected`, of `sql`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<Value>,
    /// A file that is there and not empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// A file that is valid YAML; the project's manifest must be a valid
    /// manifest, with columns in every table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub yaml: Option<String>,
    /// A file that is valid JSON; with `schema`, by that JSON Schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub json: Option<String>,
    /// `firestore`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// A file of valid GraphQL with Amplify's directives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub graphql: Option<String>,
    /// A file of Markdown whose tables are whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub markdown: Option<String>,
}

impl Task {
    /// Whether it needs a session with the database.
    pub fn needs_database(&self) -> bool {
        let action = self.action.as_deref().unwrap_or_default();
        let acts = matches!(action, "introspect" | "drift" | "verify") || action.split(':').next() == Some("snapshot");
        self.kind != TaskKind::Script || acts || self.validation.iter().any(|validation| validation.sql.is_some())
    }

    /// Whether it writes the generated files, which have one record.
    pub fn generates(&self) -> bool {
        self.action.as_deref().is_some_and(|action| action.starts_with("generate:") || action == "verify")
    }

    /// Whether it may leave something in the database that later tasks need.
    pub fn changes_database(&self) -> bool {
        let snapshots = self.action.as_deref().is_some_and(|action| action.split(':').next() == Some("snapshot"));
        match self.kind {
            TaskKind::Migration => true,
            TaskKind::SqlQuery => self.retries == 0,
            TaskKind::Script => snapshots,
        }
    }
}

/// A registry with the hash of its file.
#[derive(Debug, Clone)]
pub struct Declared {
    pub registry: Registry,
    /// SHA-256 of the file, in hexadecimal digits.
    pub sha256: String,
    pub path: PathBuf,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(
        "there is no task registry at {}: it is a JSON file of tasks, whose JSON Schema `schemacast schema registry` prints",
        .0.display()
    )]
    None(PathBuf),
    /// It cannot be read, or is no text.
    #[error(transparent)]
    Text(layout::Error),
    #[error("{}", .mistakes.iter().map(|mistake| format!("{path}:{mistake}")).collect::<Vec<_>>().join("\n"))]
    Mistakes { path: String, mistakes: Vec<Mistake> },
}

/// Reads the registry of a project.
///
/// # Errors
/// There is none, it cannot be read, or all its mistakes: of form, or where it
/// has the right form, of sense.
pub fn read(places: &Places) -> Result<Declared, Error> {
    let path = places.layout.folder.join(REGISTRY);
    let mistakes = |mistakes| Error::Mistakes { path: layout::below(&places.root, &path), mistakes };
    let text = layout::read_text(&path).map_err(|error| match error {
        layout::Error::Read { source, .. } if source.kind() == io::ErrorKind::NotFound => Error::None(path.clone()),
        layout::Error::Mistakes { mistakes: found, .. } => mistakes(found),
        error => Error::Text(error),
    })?;
    let registry: Registry = document::read(&text, json_schema()).map_err(mistakes)?;
    let faults: Vec<Fault> = verify(&registry, places);
    if !faults.is_empty() {
        return Err(mistakes(document::place(&text, faults)));
    }
    Ok(Declared { registry, sha256: hex(&Sha256::digest(text.as_bytes())), path })
}

/// Whether a project declares tasks.
pub fn is_there(folder: &FilePath) -> bool {
    folder.join(REGISTRY).exists()
}

/// The JSON Schema of task_registry.json (2020-12).
pub fn json_schema() -> &'static Value {
    static SCHEMA: LazyLock<Value> = LazyLock::new(|| {
        let mut schema = schemars::schema_for!(Registry).to_value();
        schema["title"] = Value::from("schemacast task registry");
        schema
    });
    &SCHEMA
}

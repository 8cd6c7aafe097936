//! project.yaml: what a project declares for itself.

use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::codegen::document::{self, Mistake};
use crate::codegen::target::amplify::AmplifyOptions;
use crate::codegen::target::amplify_gen2::AmplifyGen2Options;
use crate::codegen::target::firestore::FirestoreOptions;
use crate::codegen::target::inventory::InventoryOptions;
use crate::codegen::target::models::ModelsOptions;
use crate::codegen::target::supabase::SupabaseOptions;

mod accept;
mod drift;

pub use accept::AcceptRule;
pub use drift::{Day, DriftOptions, IgnoreRule};

/// The settings of one project. All of them have defaults: a project needs no
/// project.yaml.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Project {
    /// The project's name; without it, its folder's.
    pub name: String,
    /// One or two sentences for the inventory.
    pub description: String,
    /// The environment variable that holds the database's URL, where
    /// `DATABASE_URL` is not it.
    pub database_url_env: Option<String>,
    /// Whose managed schemas are left out: `neon`, `supabase`, `none`;
    /// without it, what the database looks like.
    pub profile: Option<Profile>,
    /// Schemas to read although a profile leaves them out.
    pub include: Vec<String>,
    /// Schemas to leave out although no profile does.
    pub exclude: Vec<String>,
    /// The files of `migrations/`, in the order in which they apply.
    pub migrations: Vec<String>,
    /// The targets to generate; without it, all.
    pub targets: Option<Vec<String>>,
    /// Findings that do not count for `--deny`. Where several rules match, the
    /// last one decides.
    pub accept: Vec<AcceptRule>,
    pub firestore: FirestoreOptions,
    pub amplify: AmplifyOptions,
    pub amplify_gen2: AmplifyGen2Options,
    pub models: ModelsOptions,
    pub inventory: InventoryOptions,
    pub supabase: SupabaseOptions,
    /// Of `schemacast drift`.
    pub drift: DriftOptions,
}

/// A host whose databases come with schemas that are not the user's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    None,
    Neon,
    Supabase,
}

/// Reads the text of a project.yaml.
///
/// # Errors
/// All its mistakes.
pub fn read(text: &str) -> Result<Project, Vec<Mistake>> {
    if text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
        return Ok(Project::default());
    }
    document::read(text, json_schema())
}

/// The JSON Schema of project.yaml (2020-12).
pub fn json_schema() -> &'static Value {
    static SCHEMA: LazyLock<Value> = LazyLock::new(|| {
        let mut schema = schemars::schema_for!(Project).to_value();
        schema["title"] = Value::from("schemacast project");
        schema
    });
    &SCHEMA
}

/// The project with one option set, as `--set amplify.strategy=postgres` does.
/// The value is read as YAML.
///
/// # Errors
/// No such option, or not a value that it takes.
pub fn set(project: &Project, option: &str, value: &str) -> Result<Project, String> {
    let value: serde_yaml::Value = serde_yaml::from_str(value).map_err(|error| format!("{option}: {error}"))?;
    let value = serde_json::to_value(value).map_err(|error| format!("{option}: {error}"))?;
    let mut document = serde_json::to_value(project).map_err(|error| error.to_string())?;
    let mut place = &mut document;
    for key in option.split('.') {
        let Value::Object(entries) = place else { return Err(format!("`{option}` is no option: too many parts")) };
        place = entries.entry(key).or_insert(Value::Null);
    }
    *place = value;
    document::from_value(document, json_schema()).map_err(|faults| {
        faults.iter().map(|fault| format!("{}: {}", fault.path, fault.message)).collect::<Vec<_>>().join("; ")
    })
}

//! project.yaml: what a project declares for itself.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::codegen::target::amplify::AmplifyOptions;
use crate::codegen::target::firestore::FirestoreOptions;
use crate::codegen::target::inventory::InventoryOptions;
use crate::codegen::target::models::ModelsOptions;

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
    pub firestore: FirestoreOptions,
    pub amplify: AmplifyOptions,
    pub models: ModelsOptions,
    pub inventory: InventoryOptions,
}

/// A host whose databases come with schemas that are not the user's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    None,
    Neon,
    Supabase,
}

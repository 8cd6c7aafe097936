//! What a Supabase project deploys: an edge function that answers with
//! FEATURE_INVENTORY.md, and the workflow that checks that file in every night.
//!
//! Only a project that asks for it gets them (`supabase:` in project.yaml),
//! for they read the view `catalog.inventory_current`.

use askama::Template;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::codegen::artifact::{Artifact, Format};
use crate::codegen::loss::Code;
use crate::codegen::manifest::{Manifest, View};
use crate::codegen::project::Project;
use crate::codegen::target::{CastError, Input, Output, Target};

#[cfg(test)]
mod tests;

/// The options of this target, `supabase:` in project.yaml.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SupabaseOptions {
    /// Whether the edge function feature-inventory-md and its workflow are
    /// made. They need the view `catalog.inventory_current`.
    pub feature_inventory: bool,
}

/// The edge function's name.
pub const EDGE_FUNCTION: &str = "feature-inventory-md";

/// Its file.
pub const EDGE_FUNCTION_FILE: &str = "supabase/functions/feature-inventory-md/index.ts";

/// Why there is nothing to make.
static NO_INVENTORY: Code = Code {
    id: "SUP001",
    title: "There is no inventory for the edge function to serve",
    way_out: "Apply the migrations that make `catalog.inventory_current`, introspect, and set `supabase: {feature_inventory: true}`",
};

static CODES: [&Code; 1] = [&NO_INVENTORY];

/// The target `supabase`.
pub struct Supabase;

/// What the function reads of `catalog.inventory_current`.
const COLUMNS: [&str; 10] = [
    "id",
    "taken_at",
    "label",
    "github_commit_sha",
    "root_hash",
    "tables",
    "functions",
    "policies",
    "extensions",
    "edge_functions",
];

impl Target for Supabase {
    fn name(&self) -> &'static str {
        "supabase"
    }

    fn about(&self) -> &'static str {
        "supabase/functions/ and .github/workflows/: the feature inventory as Markdown, every night"
    }

    fn codes(&self) -> &'static [&'static Code] {
        &CODES
    }

    fn is_wanted(&self, project: &Project) -> bool {
        project.supabase.feature_inventory
    }

    fn cast(&self, input: &Input<'_>) -> Result<Output, CastError> {
        if !input.project.supabase.feature_inventory {
            return Err(impossible("project.yaml does not ask for it: set `supabase: {feature_inventory: true}`"));
        }
        let view = inventory(input.catalog.manifest).ok_or_else(|| {
            impossible("the manifest has no view catalog.inventory_current: apply the migration that makes it, then introspect")
        })?;
        let missing: Vec<&str> =
            COLUMNS.into_iter().filter(|name| !view.columns.iter().any(|column| column.name == *name)).collect();
        if !missing.is_empty() {
            return Err(impossible(&format!("catalog.inventory_current has no column {}", missing.join(", "))));
        }
        let function = FeatureInventoryFunction { manifest: input.manifest_path, columns: COLUMNS.join(", ") };
        let workflow = FeatureInventoryWorkflow { manifest: input.manifest_path };
        let artifact = |path: &str, contents, format| Artifact { path: path.to_owned(), contents, format };
        let artifacts = vec![
            artifact(EDGE_FUNCTION_FILE, function.render()?, Format::Text),
            artifact(".github/workflows/feature-inventory.yml", workflow.render()?, Format::Yaml),
        ];
        Ok(Output { artifacts, ..Output::default() })
    }
}

fn impossible(reason: &str) -> CastError {
    CastError::impossible(&NO_INVENTORY, reason)
}

fn inventory(manifest: &Manifest) -> Option<&View> {
    let schema = manifest.schemas.iter().find(|schema| schema.name == "catalog")?;
    schema.views.iter().find(|view| view.name == "inventory_current")
}

#[derive(Template)]
#[template(path = "supabase/functions/feature-inventory-md/index.ts", escape = "none")]
struct FeatureInventoryFunction<'a> {
    manifest: &'a str,
    columns: String,
}

#[derive(Template)]
#[template(path = "supabase/workflows/feature-inventory.yml", escape = "none")]
struct FeatureInventoryWorkflow<'a> {
    manifest: &'a str,
}

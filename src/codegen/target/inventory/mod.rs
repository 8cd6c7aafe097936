//! SCHEMA_INVENTORY.md: the whole schema for people to read.
//!
//! `view` decides what the templates lay out, `anchors` says where an object is, `mermaid` draws,
//! `sql` prints objects as their readers know them, `coverage` counts
//! comments, and `inspect` finds what is wanting, with the codes of `findings`.

use askama::Template;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::codegen::artifact::{Artifact, Format};
use crate::codegen::loss::Code;
use crate::codegen::target::inventory::view::Relation;
use crate::codegen::target::{CastError, Input, Output, Target};

mod anchors;
pub mod coverage;
mod destinations;
mod findings;
mod inspect;
mod mermaid;
mod place;
mod uses;
mod view;

#[cfg(test)]
mod tests;

/// The options of this target, `inventory:` in project.yaml.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct InventoryOptions {
    /// Whether each schema has its Mermaid diagram.
    pub diagrams: bool,
    /// Whether views and functions show their definitions.
    pub definitions: bool,
}

impl Default for InventoryOptions {
    fn default() -> Self {
        Self { diagrams: true, definitions: true }
    }
}

/// The target `inventory`.
pub struct Inventory;

impl Target for Inventory {
    fn name(&self) -> &'static str {
        "inventory"
    }

    fn about(&self) -> &'static str {
        "SCHEMA_INVENTORY.md: every object with its comment, diagrams, and what is wanting"
    }

    fn codes(&self) -> &'static [&'static Code] {
        &findings::ALL
    }

    fn cast(&self, input: &Input<'_>) -> Result<Output, CastError> {
        let found = inspect::inspect(input.catalog);
        let site = view::Site::new(input, &found);
        let index = SchemaInventory { document: &view::Document::new(input, &site, &found) };
        let mut artifacts = vec![markdown(place::INDEX, index.render()?)];
        for page in view::Page::all(input, &site) {
            let path = page.path.clone();
            artifacts.push(markdown(&path, RelationPage { page: &page }.render()?));
        }
        let findings = found.into_iter().map(|located| located.finding).collect();
        Ok(Output { artifacts, findings })
    }
}

fn markdown(path: &str, contents: String) -> Artifact {
    Artifact { path: path.to_owned(), contents, format: Format::Markdown }
}

/// The types of the view escape what they hold; the template must not again.
#[derive(Template)]
#[template(path = "inventory/SCHEMA_INVENTORY.md", escape = "none")]
struct SchemaInventory<'d> {
    document: &'d view::Document,
}

/// The same for the page of a table or view.
#[derive(Template)]
#[template(path = "inventory/page.md", escape = "none")]
struct RelationPage<'p> {
    page: &'p view::Page,
}

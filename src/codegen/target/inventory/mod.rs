//! SCHEMA_INVENTORY.md, a page for each table and view, and llms.txt: the
//! whole schema for people and agents to read.
//!
//! `view` decides what the Markdown templates lay out, `place` which file a
//! page is, `anchors` where an object is, `mermaid` draws, `uses` says who
//! uses a table, `destinations` what the other targets made of it, `coverage`
//! counts comments, and `inspect` finds what is wanting, with the codes of
//! `findings`. `compact` is the same as plain values, for llms.txt and `html`.

use std::borrow::Cow;

use askama::Template;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::codegen::artifact::{Artifact, Format};
use crate::codegen::loss::Code;
use crate::codegen::markdown::html_comment;
use crate::codegen::target::{CastError, Input, Output, Target};

mod anchors;
mod compact;
pub mod coverage;
mod destinations;
mod findings;
mod html;
mod inspect;
mod mermaid;
mod place;
mod uses;
mod view;

use view::Relation;

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
    /// Whether there is inventory/index.html: the inventory as one page that
    /// searches and draws, without a network.
    pub html: bool,
    /// The percentage of objects that must have a comment; with fewer nothing
    /// is generated. `--min-coverage` takes its place.
    #[schemars(range(max = 100))]
    pub min_coverage: Option<u8>,
}

impl Default for InventoryOptions {
    fn default() -> Self {
        Self { diagrams: true, definitions: true, html: false, min_coverage: None }
    }
}

/// The target `inventory`.
pub struct Inventory;

impl Target for Inventory {
    fn name(&self) -> &'static str {
        "inventory"
    }

    fn about(&self) -> &'static str {
        "SCHEMA_INVENTORY.md, inventory/ and llms.txt: every object, where it goes, diagrams, and what is wanting"
    }

    fn codes(&self) -> &'static [&'static Code] {
        &findings::ALL
    }

    fn tells_of_others(&self) -> bool {
        true
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
        let all = compact::Compact::new(input, &site);
        let llms = LlmsText { all: &all, manifest_path: html_comment(input.manifest_path) }.render()?;
        artifacts.push(Artifact { path: "llms.txt".to_owned(), contents: llms, format: Format::Text });
        if input.project.inventory.html {
            let contents = html::render(&all, input.manifest_path)?;
            artifacts.push(Artifact { path: html::PAGE.to_owned(), contents, format: Format::Html });
        }
        let findings = found.into_iter().map(|located| located.finding).collect();
        Ok(Output { artifacts, findings, ..Output::default() })
    }
}

/// The whole inventory in one compact file, for coding agents.
#[derive(Template)]
#[template(path = "inventory/llms.txt", escape = "none")]
struct LlmsText<'a> {
    all: &'a compact::Compact<'a>,
    /// For the inside of an HTML comment.
    manifest_path: String,
}

impl LlmsText<'_> {
    fn line<'t>(&self, text: &'t str) -> Cow<'t, str> {
        compact::line(text)
    }

    /// What a column became, without the object that stands above the columns.
    fn field<'p>(&self, goes: &compact::GoesTo<'p>, at: &usize) -> &'p str {
        let field = goes.fields.get(*at).copied().unwrap_or_default();
        field.strip_prefix(goes.object).unwrap_or(field)
    }

    /// One of a list that runs beside another; a manifest may hold fewer.
    fn part<'p>(&self, parts: &'p [String], at: &usize) -> &'p str {
        parts.get(*at).map_or("", String::as_str)
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

//! Live database -> manifest.

use std::fs;
use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;

use super::read_catalog;
use crate::clock::now;
use crate::codegen::layout::{self, Layout};
use crate::codegen::manifest::{self, Manifest, Source};
use crate::codegen::project;
use crate::codegen::writer;
use crate::tasks::database::Connection;
use crate::tasks::execute::{Context, Done, Failure};
use crate::tasks::registry;

/// How a manifest in a project's folder names its JSON Schema.
pub const MANIFEST_SCHEMA: &str = "../manifest.schema.json";

/// How many objects of each kind a manifest holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counts {
    pub schemas: usize,
    pub tables: usize,
    pub views: usize,
    pub materialized_views: usize,
    pub columns: usize,
    pub indexes: usize,
    pub functions: usize,
    pub policies: usize,
}

impl Counts {
    pub fn of(manifest: &Manifest) -> Counts {
        let schemas = &manifest.schemas;
        let tables = || schemas.iter().flat_map(|schema| &schema.tables);
        let views = || schemas.iter().flat_map(|schema| &schema.views);
        Counts {
            schemas: schemas.len(),
            tables: tables().count(),
            views: views().count(),
            materialized_views: schemas.iter().map(|schema| schema.materialized_views.len()).sum(),
            columns: tables().map(|table| table.columns.len()).sum::<usize>()
                + views().map(|view| view.columns.len()).sum::<usize>(),
            indexes: tables().map(|table| table.index_count()).sum(),
            functions: schemas.iter().map(|schema| schema.functions.len()).sum(),
            policies: tables().map(|table| table.policies.len()).sum(),
        }
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} schemas, {} tables, {} views, {} materialized views, {} columns, {} indexes, {} functions, {} policies",
            self.schemas,
            self.tables,
            self.views,
            self.materialized_views,
            self.columns,
            self.indexes,
            self.functions,
            self.policies
        )
    }
}

pub fn act(context: &Context<'_>, connection: &mut Connection) -> Result<Done, Failure> {
    let layout = &context.places.layout;
    let mut manifest = read_catalog(context, connection)?;
    let changed = write_manifest(&layout.manifest, &mut manifest)
        .and_then(|changed| write_schemas(layout).map(|()| changed))
        .map_err(|error| Failure::new(error.to_string()))?;
    let counts = Counts::of(&manifest);
    let shown = context.places.shown(&layout.manifest);
    (context.log)(&format!("{} {shown}: {counts}", if changed { "wrote" } else { "unchanged" }));
    for left_out in &manifest.left_out {
        (context.log)(&format!("left out: schema {} ({})", left_out.schema, left_out.reason));
    }
    let outcome = serde_json::json!({ "manifest": shown, "changed": changed, "counts": counts });
    Ok(Done { outcome: Some(outcome), ..Done::default() })
}

/// Writes the manifest where it says something else than the one that is
/// there, and says whether it did. One that cannot be read is written over.
///
/// # Errors
/// It cannot be written; the one that was there stays.
pub fn write_manifest(path: &Path, manifest: &mut Manifest) -> Result<bool, writer::Error> {
    let changed = is_news(path, manifest);
    if changed {
        manifest.generated = Some(now());
        writer::write_file(path, manifest::write(manifest, MANIFEST_SCHEMA).as_bytes())?;
    }
    Ok(changed)
}

/// Whether the manifest's file says something else than a manifest does; one
/// that cannot be read does.
pub fn is_news(path: &Path, manifest: &Manifest) -> bool {
    layout::read_manifest_beside(path, manifest).ok().is_none_or(|(current, _)| !is_same(&current, manifest))
}

/// Whether two manifests say the same: when and from which server they were
/// read says nothing of the schema.
pub fn is_same(current: &Manifest, new: &Manifest) -> bool {
    let bare = |manifest: &Manifest| Manifest {
        generated: None,
        source: manifest.source.clone().map(|source| Source { server_version: String::new(), ..source }),
        ..manifest.clone()
    };
    bare(current) == bare(new)
}

/// Writes the JSON Schemas that a project's files refer to, beside the
/// projects, where they are not what this version would write.
///
/// # Errors
/// One cannot be written.
pub fn write_schemas(layout: &Layout) -> Result<(), writer::Error> {
    let Some(folder) = layout.folder.parent() else { return Ok(()) };
    for (name, schema) in [
        ("manifest.schema.json", manifest::json_schema()),
        ("project.schema.json", project::json_schema()),
        ("registry.schema.json", registry::json_schema()),
    ] {
        // Of a registry only where there is one: few projects have tasks.
        if name == "registry.schema.json" && !registry::is_there(&layout.folder) {
            continue;
        }
        let path = folder.join(name);
        let text = format!("{schema:#}\n");
        if fs::read_to_string(&path).ok().as_deref() != Some(text.as_str()) {
            writer::write_file(&path, text.as_bytes())?;
        }
    }
    Ok(())
}

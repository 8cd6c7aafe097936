//! The files that can be read as resources: manifests, generated files, and
//! reports.
//!
//! | URI | file |
//! |---|---|
//! | `schemacast://PROJECT/manifest` | the manifest |
//! | `schemacast://PROJECT/artifacts/PATH` | a generated file |
//! | `schemacast://PROJECT/reports/NAME` | `SCHEMA_DRIFT_REPORT.md`, `FEATURE_INVENTORY.md` |
//! | `schemacast://PROJECT/runs/RUN/run.json` | the record of a run |
//! | `schemacast://PROJECT/runs/RUN/logs/TASK` | the log of a task in it |

use std::fs;
use std::path::PathBuf;

use rmcp::model::{Resource, ResourceTemplate};

use super::{Options, paths, uri};
use crate::codegen::layout::Layout;
use crate::codegen::writer;
use crate::tasks::places::Places;
use crate::tasks::record;

/// The reports that are listed where they are there.
const REPORTS: [&str; 2] = ["SCHEMA_DRIFT_REPORT.md", "FEATURE_INVENTORY.md"];

/// Every resource that is there now. Of runs only the last is listed; the
/// others are read by the templates.
///
/// # Errors
/// A project cannot be read.
pub fn list(options: &Options) -> Result<Vec<Resource>, String> {
    let mut resources = Vec::new();
    for layout in options.workspace.layouts(&[]).map_err(|error| error.to_string())? {
        // What a link took elsewhere is not the root's.
        if paths::project(&options.workspace.root, &layout).is_ok() {
            list_project(options, layout, &mut resources)?;
        }
    }
    Ok(resources)
}

fn list_project(options: &Options, layout: Layout, resources: &mut Vec<Resource>) -> Result<(), String> {
    let places = Places { root: options.workspace.root.clone(), layout };
    let name = places.layout.name.clone();
    let mut add = |path: &[&str], description: String| {
        let Ok(file) = file(&places, path) else { return };
        let Ok(metadata) = fs::metadata(&file) else { return };
        let resource = Resource::new(uri::of(&name, path.iter().copied()), path.join("/"))
            .with_title(format!("{name}: {}", path.last().copied().unwrap_or_default()))
            .with_description(description)
            .with_mime_type(mime_type(&file))
            .with_size(metadata.len());
        resources.push(resource);
    };
    add(&["manifest"], format!("The schema of {name}, as YAML"));
    for artifact in writer::recorded(&places.layout.generated).map_err(|error| error.to_string())? {
        let path: Vec<&str> = ["artifacts"].into_iter().chain(artifact.split('/')).collect();
        add(&path, format!("Generated from the manifest of {name}"));
    }
    for report in REPORTS {
        add(&["reports", report], format!("A report on {name}"));
    }
    if let Some((run, _)) = record::last(&places.runs()).map_err(|error| error.to_string())? {
        add(&["runs", &run.id, "run.json"], format!("The last run of {name}"));
        for task in &run.tasks {
            add(&["runs", &run.id, "logs", &task.id], format!("What {} said in the last run of {name}", task.id));
        }
    }
    Ok(())
}

/// How resources are named, for those that are not listed.
pub fn templates() -> Vec<ResourceTemplate> {
    let template = |path: &str, name: &str, description: &str, mime_type: Option<&str>| {
        let template =
            ResourceTemplate::new(format!("schemacast://{{project}}/{path}"), name).with_description(description);
        match mime_type {
            Some(mime_type) => template.with_mime_type(mime_type),
            None => template,
        }
    };
    vec![
        template("manifest", "manifest", "A project's schema", Some("application/yaml")),
        template("artifacts/{+path}", "artifact", "A generated file, by its path below generated/PROJECT", None),
        template("reports/{name}", "report", "SCHEMA_DRIFT_REPORT.md or FEATURE_INVENTORY.md", Some("text/markdown")),
        template("runs/{run}/run.json", "run", "The record of a run", Some("application/json")),
        template("runs/{run}/logs/{task}", "log", "What a task said in a run", Some("text/plain")),
    ]
}

/// The text of a resource, and its MIME type. Secrets are still in it.
///
/// # Errors
/// There is no such resource, or it leaves the root.
pub fn read(options: &Options, uri: &str) -> Result<(String, &'static str), String> {
    let (project, parts) = uri::read(uri)?;
    let layout = options.workspace.layout(&project).map_err(|error| error.to_string())?;
    paths::project(&options.workspace.root, &layout)?;
    let places = Places { root: options.workspace.root.clone(), layout };
    let path: Vec<&str> = parts.iter().map(String::as_str).collect();
    let file = file(&places, &path)?;
    let shown = places.shown(&file);
    let bytes = fs::read(&file).map_err(|error| format!("cannot read {shown}: {error}"))?;
    let text = String::from_utf8(bytes).map_err(|_| format!("{shown} is not UTF-8"))?;
    Ok((text, mime_type(&file)))
}

/// The file that a resource's path means: one of those that are listed or that
/// a template can name, and no other file of the project.
fn file(places: &Places, path: &[&str]) -> Result<PathBuf, String> {
    let none =
        || format!("{} has no resource `{}`; `resources/list` names those it has", places.layout.name, path.join("/"));
    let file = match path {
        ["manifest"] => places.layout.manifest.clone(),
        ["artifacts", artifact @ ..] => {
            let artifact = artifact.join("/");
            let made = writer::recorded(&places.layout.generated).map_err(|error| error.to_string())?;
            if !made.contains(&artifact) {
                return Err(none());
            }
            places.layout.generated.join(artifact)
        }
        ["reports", name] if REPORTS.contains(name) => {
            let candidates = [&places.layout.folder, &places.layout.generated].map(|folder| folder.join(name));
            candidates.into_iter().find(|file| file.is_file()).ok_or_else(none)?
        }
        ["runs", run, "run.json"] => places.runs().join(run).join("run.json"),
        ["runs", run, "logs", task] => places.runs().join(run).join("logs").join(format!("{task}.log")),
        _ => return Err(none()),
    };
    if !file.is_file() {
        return Err(none());
    }
    paths::stays(&places.root, &file)?;
    Ok(file)
}

fn mime_type(file: &std::path::Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("json") => "application/json",
        Some("yaml" | "yml") => "application/yaml",
        Some("md") => "text/markdown",
        Some("graphql") => "application/graphql",
        Some("rs") => "text/x-rust",
        Some("ts") => "text/x-typescript",
        _ => "text/plain",
    }
}

//! Projects and their settings, as the command line names them.

use std::path::Path;

use super::Error;
use super::args::Common;
use crate::codegen::layout::{self, Layout};
use crate::codegen::project::{self, Project};
use crate::tasks::places::Places;
use crate::tasks::registry::{self, Declared};

/// The projects that are named, or all below the root.
pub fn layouts(common: &Common, names: &[String]) -> Result<Vec<Layout>, Error> {
    if !names.is_empty() {
        return names.iter().map(|name| Ok(layout::project(&common.root, name)?)).collect();
    }
    let all = layout::projects(&common.root)?;
    if all.is_empty() {
        let folder = common.root.join("manifests");
        return Err(Error::Usage(format!("there is no project in {}", folder.display())));
    }
    Ok(all)
}

/// A project's settings with what `--set` says over them.
pub fn settings(common: &Common, layout: &Layout) -> Result<Project, Error> {
    overridden(common, layout.read_project()?)
}

/// A project's tasks, with where its files are and its settings.
pub fn tasks(common: &Common, name: &str) -> Result<(Places, Project, Declared), Error> {
    let places = places(common, name)?;
    let settings = settings(common, &places.layout)?;
    let declared = registry::read(&places)?;
    Ok((places, settings, declared))
}

/// Where a project's files are, for its tasks.
pub fn places(common: &Common, name: &str) -> Result<Places, Error> {
    Ok(Places { root: common.root.clone(), layout: layout::project(&common.root, name)? })
}

/// `PROJECT:TASK` or `PROJECT`.
pub fn named_task(text: &str) -> (&str, Option<&str>) {
    text.split_once(':').map_or((text, None), |(project, task)| (project, Some(task)))
}

/// The settings beside a manifest that stands in no project's folder.
pub fn loose_settings(common: &Common, manifest: &Path) -> Result<Project, Error> {
    let mut project = layout::read_project(&manifest.with_file_name(layout::PROJECT))?.unwrap_or_default();
    if project.name.is_empty() {
        project.name =
            manifest.file_stem().map_or_else(|| "schema".to_owned(), |stem| stem.to_string_lossy().into_owned());
    }
    overridden(common, project)
}

fn overridden(common: &Common, mut project: Project) -> Result<Project, Error> {
    for option in &common.set {
        let (key, value) =
            option.split_once('=').ok_or_else(|| Error::Usage(format!("--set takes KEY=VALUE, not `{option}`")))?;
        project = project::set(&project, key, value).map_err(|error| Error::Usage(format!("--set {error}")))?;
    }
    Ok(project)
}

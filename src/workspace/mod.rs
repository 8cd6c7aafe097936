//! What names mean: a project's files and settings, the database that a
//! project or a person means, and the schema that two words on a command line
//! stand for. Where a verb is more than names, what it means is here too:
//! `reading` (introspect), `casting` (generate), `comparison` (drift, diff),
//! `proving` (validate --types), `wanted` (run, run-chain) and `runs` (status, logs, progress).
//!
//! Whoever takes such names, the command line or the MCP server, goes through
//! here, so that they mean the same everywhere. Nothing in here prints: what
//! happens on the way is told to a [`Tell`].

use std::path::{Path, PathBuf};

use crate::codegen::layout::{self, Layout};
use crate::codegen::project::{self, Project};
use crate::codegen::writer;
use crate::postgres::introspect;
use crate::tasks::places::Places;
use crate::tasks::record;
use crate::tasks::registry::{self, Declared};

pub mod casting;
pub mod comparison;
pub mod database;
pub mod proving;
pub mod reading;
mod rehearse;
pub mod runs;
pub mod source;
mod tell;
pub mod wanted;

pub use tell::{Silence, Tell};

/// The folder that holds manifests/ and generated/, and what is said over the
/// options of its projects.
#[derive(Debug, Clone, Default)]
pub struct Workspace {
    /// Empty for the folder that the program runs in.
    pub root: PathBuf,
    /// `KEY=VALUE`, as `--set` takes them.
    pub set: Vec<String>,
    /// How many connections read a catalog at most; without it, as many as are
    /// worth their start.
    pub jobs: Option<u16>,
}

/// Why a name means nothing.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{0}")]
    Usage(String),
    #[error(transparent)]
    Layout(#[from] layout::Error),
    #[error(transparent)]
    Registry(#[from] registry::Error),
    #[error(transparent)]
    Database(#[from] database::Error),
    #[error(transparent)]
    Writer(#[from] writer::Error),
    #[error(transparent)]
    Record(#[from] record::Error),
}

impl Workspace {
    /// What of a database a project's settings say to read, and over how many
    /// connections.
    pub fn reading(&self, settings: Option<&Project>) -> introspect::Options {
        introspect::Options { jobs: self.jobs, ..database::options(settings) }
    }

    /// The projects that are named, or all below the root.
    ///
    /// # Errors
    /// There is no such project, or none at all.
    pub fn layouts(&self, names: &[String]) -> Result<Vec<Layout>, Error> {
        if !names.is_empty() {
            return names.iter().map(|name| self.layout(name)).collect();
        }
        let all = layout::projects(&self.root)?;
        if all.is_empty() {
            let folder = self.root.join("manifests");
            return Err(Error::Usage(format!("there is no project in {}", folder.display())));
        }
        Ok(all)
    }

    /// Where a project's files are.
    ///
    /// # Errors
    /// There is no such project.
    pub fn layout(&self, name: &str) -> Result<Layout, Error> {
        Ok(layout::project(&self.root, name)?)
    }

    /// A project's settings with what is set over them.
    ///
    /// # Errors
    /// All mistakes in project.yaml, or what is set is no option.
    pub fn settings(&self, layout: &Layout) -> Result<Project, Error> {
        self.overridden(layout.read_project()?)
    }

    /// A project's tasks, with where its files are and its settings.
    ///
    /// # Errors
    /// There is no such project, or all mistakes in its files.
    pub fn tasks(&self, name: &str) -> Result<(Places, Project, Declared), Error> {
        let places = self.places(name)?;
        let settings = self.settings(&places.layout)?;
        let declared = registry::read(&places)?;
        Ok((places, settings, declared))
    }

    /// Where a project's files are, for its tasks.
    ///
    /// # Errors
    /// There is no such project.
    pub fn places(&self, name: &str) -> Result<Places, Error> {
        Ok(Places { root: self.root.clone(), layout: self.layout(name)? })
    }

    /// The settings beside a manifest that stands in no project's folder.
    ///
    /// # Errors
    /// As [`Workspace::settings`].
    pub fn loose_settings(&self, manifest: &Path) -> Result<Project, Error> {
        let mut project = layout::read_project(&manifest.with_file_name(layout::PROJECT))?.unwrap_or_default();
        if project.name.is_empty() {
            project.name =
                manifest.file_stem().map_or_else(|| "schema".to_owned(), |stem| stem.to_string_lossy().into_owned());
        }
        self.overridden(project)
    }

    fn overridden(&self, mut project: Project) -> Result<Project, Error> {
        for option in &self.set {
            let (key, value) =
                option.split_once('=').ok_or_else(|| Error::Usage(format!("--set takes KEY=VALUE, not `{option}`")))?;
            project = project::set(&project, key, value).map_err(|error| Error::Usage(format!("--set {error}")))?;
        }
        Ok(project)
    }
}

/// `PROJECT:TASK` or `PROJECT`.
pub fn named_task(text: &str) -> (&str, Option<&str>) {
    text.split_once(':').map_or((text, None), |(project, task)| (project, Some(task)))
}

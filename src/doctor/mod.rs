//! The checklist before anything is run: what would stand in the way, and what
//! to do about it.
//!
//! [`examine`] gives a list of [`Check`]s for each project and one for what
//! they share. `files` looks at what a project declares, `migrations` at its
//! SQL, `disk` at where it writes, `runs` at who is running it, `git` at what
//! is not committed, `address` at the database's URL; `live` opens the
//! database, and `server`, `pooler`, `rights`, `extensions` and `applied` look
//! at what is there.
//!
//! Architecture Invariant: a check repairs nothing and leaves nothing behind.
//! The database is only read; that a folder can be written is tried with a file that is removed again.
//!
//! Architecture Invariant: a check that could not be made is a warning that
//! says why, never a good one; and none waits without a limit.

mod address;
mod applied;
mod check;
mod disk;
mod extensions;
mod files;
mod git;
mod live;
mod migrations;
mod pooler;
mod rights;
mod runs;
mod server;

use std::time::Duration;

use serde::Serialize;

pub use self::check::{Check, Outcome};
use crate::codegen::layout::{self, Layout};
use crate::codegen::manifest::Manifest;
use crate::codegen::project::Project;
use crate::tasks::ledger::Migration;
use crate::tasks::places::Places;
use crate::tasks::registry::Declared;
use crate::workspace::wanted::Target;
use crate::workspace::{Error, Tell, Workspace};

/// What is still enough, and how long is waited.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes that should be free where files are written.
    pub free_space: u64,
    /// For one try to connect; there are up to three.
    pub connect: Duration,
    /// For what the database is asked, each time.
    pub statement: Duration,
    /// For a program such as git.
    pub program: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            // A manifest and what is cast from it take a few megabytes, a
            // scratch server's folder about a hundred.
            free_space: 256 << 20,
            connect: Duration::from_secs(10),
            statement: Duration::from_secs(20),
            program: Duration::from_secs(10),
        }
    }
}

/// All that was looked at.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    pub sections: Vec<Section>,
}

/// The checks of one project, or of what all of them share.
#[derive(Debug, Clone, Serialize)]
pub struct Section {
    /// None: what all projects share.
    pub project: Option<String>,
    pub checks: Vec<Check>,
}

impl Report {
    pub fn checks(&self) -> impl Iterator<Item = &Check> {
        self.sections.iter().flat_map(|section| &section.checks)
    }

    /// How many checks ended so.
    pub fn count(&self, outcome: Outcome) -> usize {
        self.checks().filter(|check| check.outcome == outcome).count()
    }
}

/// A project, as far as its files could be read.
struct Subject {
    places: Places,
    /// None where project.yaml has mistakes.
    settings: Option<Project>,
    registry: Option<Declared>,
    manifest: Option<Manifest>,
    migrations: Vec<Migration>,
}

impl Subject {
    fn name(&self) -> &str {
        &self.places.layout.name
    }
}

/// Looks at a project, or at all of them where none is named.
///
/// # Errors
/// There is no such project, or what is set over its options (`--set`) is no
/// option. What is wrong with a project itself is in its checks.
pub fn examine(
    workspace: &Workspace,
    project: Option<&str>,
    target: Target<'_>,
    limits: &Limits,
    tell: &mut dyn Tell,
) -> Result<Report, Error> {
    let scratch = address::scratch();
    let mut shared = vec![address::scratch_check(&scratch), disk::space(&workspace.root, limits.free_space)];
    let layouts = match layouts(workspace, project) {
        Ok(layouts) => layouts,
        // A root with one project has its name in project.yaml.
        Err(Error::Layout(error @ layout::Error::Mistakes { .. })) => {
            shared.push(Check::bad("project.yaml", error.to_string(), "correct the lines that are named"));
            Vec::new()
        }
        Err(error @ (Error::Usage(_) | Error::Layout(layout::Error::NoManifests(_)))) if project.is_none() => {
            shared.push(Check::bad("projects", error.to_string(), "make one: schemacast init PROJECT"));
            Vec::new()
        }
        Err(error) => return Err(error),
    };
    if target.url.is_some() && layouts.len() > 1 {
        let message = "--database-url is one project's: name the project";
        return Err(Error::Usage(message.to_owned()));
    }
    let mut sections = vec![Section { project: None, checks: shared }];
    for layout in layouts {
        let name = layout.name.clone();
        let checks = examine_project(workspace, layout, target, &scratch, limits, tell)?;
        sections.push(Section { project: Some(name), checks });
    }
    Ok(Report { sections })
}

fn layouts(workspace: &Workspace, project: Option<&str>) -> Result<Vec<Layout>, Error> {
    workspace.layouts(&project.map(str::to_owned).into_iter().collect::<Vec<_>>())
}

fn examine_project(
    workspace: &Workspace,
    layout: Layout,
    target: Target<'_>,
    scratch: &address::Scratch,
    limits: &Limits,
    tell: &mut dyn Tell,
) -> Result<Vec<Check>, Error> {
    let places = Places { root: workspace.root.clone(), layout };
    let (settings_check, settings) = files::settings(workspace, &places)?;
    let (registry_check, registry) = files::registry(&places);
    let (manifest_check, manifest) = files::manifest(&places);
    let (migrations_check, migrations) = migrations::on_disk(&places, settings.as_ref(), registry.as_ref());
    let subject = Subject { places, settings, registry, manifest, migrations };
    let mut checks = vec![
        settings_check,
        registry_check,
        manifest_check,
        files::generated(&subject),
        migrations_check,
        disk::outputs(&subject),
        runs::look(&subject),
        git::look(&subject, limits.program),
    ];
    checks.extend(live::look(workspace, &subject, target, scratch, limits, tell));
    Ok(checks)
}

//! A new project's folder: project.yaml, a place for SQL, a registry with a
//! chain that runs, and where there is a database, its manifest.
//!
//! Architecture Invariant: no file that is there is written over. Each is made
//! anew or left as it is, and the outcome names both. (The JSON Schemas beside
//! the projects are the program's own: they are brought to this version, as
//! `introspect` does.)

mod chain;

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use askama::Template;

pub use self::chain::registry;
use crate::clock::now;
use crate::codegen::layout::{self, Layout};
use crate::codegen::manifest::{self, Manifest};
use crate::codegen::project::Project;
use crate::codegen::writer;
use crate::postgres::bootstrap::{self, BootstrapError};
use crate::tasks::action::introspect::{MANIFEST_SCHEMA, write_schemas};
use crate::tasks::registry::REGISTRY;

/// Why a project was not made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(
        "`{0}` cannot be a project's name: it is a folder's, and holds letters, digits, `_`, `-` and `.`, a letter or \
         digit first"
    )]
    Name(String),
    #[error(
        "{} holds the files of one project itself ({name}), so a folder in it would not be seen: move them into a \
         folder of their own there, or work with that project",
        .folder.display()
    )]
    Single { folder: PathBuf, name: String },
    #[error("{folder} is there already, with {}; --force writes only what is missing", .files.join(", "))]
    Exists { folder: String, files: Vec<String> },
    #[error("cannot write {}: {source}", .path.display())]
    Write { path: PathBuf, source: io::Error },
    #[error("project.yaml: {0}")]
    Template(#[from] askama::Error),
    #[error("task_registry.json: {0}")]
    Json(#[from] serde_json::Error),
    #[error(transparent)]
    Layout(#[from] layout::Error),
    #[error(transparent)]
    Sql(#[from] BootstrapError),
    #[error(transparent)]
    Schemas(#[from] writer::Error),
}

/// What was made.
#[derive(Debug)]
pub struct Scaffolded {
    /// Files that were written, as messages name them.
    pub written: Vec<String>,
    /// Files that were there and stay as they are.
    pub kept: Vec<String>,
}

/// Where a new project's files go.
///
/// # Errors
/// The name is none for a folder, the root holds one project itself, or the
/// project is there and `force` does not ask to fill what is missing.
pub fn place(root: &Path, name: &str, force: bool) -> Result<Layout, Error> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    if !name.starts_with(|c: char| c.is_ascii_alphanumeric()) || !name.chars().all(plain) {
        return Err(Error::Name(name.to_owned()));
    }
    let manifests = root.join("manifests");
    if [layout::PROJECT, layout::MANIFEST, "bootstrap"].iter().any(|file| manifests.join(file).exists()) {
        let single = layout::projects(root)?.into_iter().next().map(|layout| layout.name).unwrap_or_default();
        return Err(Error::Single { folder: manifests, name: single });
    }
    let folder = manifests.join(name);
    let layout = Layout {
        name: name.to_owned(),
        manifest: folder.join(layout::MANIFEST),
        generated: root.join("generated").join(name),
        folder,
    };
    let files = entries(&layout.folder).map_err(|source| Error::Write { path: layout.folder.clone(), source })?;
    if files.is_empty() || force {
        return Ok(layout);
    }
    Err(Error::Exists { folder: layout::below(root, &layout.folder), files })
}

/// Makes what is missing of a project. `database` is what its database holds,
/// where it begins with one.
///
/// # Errors
/// A file cannot be written, or one that is there cannot be read.
pub fn scaffold(
    root: &Path,
    layout: &Layout,
    settings: &Project,
    mut database: Option<Manifest>,
) -> Result<Scaffolded, Error> {
    let mut made = Made { root, outcome: Scaffolded { written: Vec::new(), kept: Vec::new() } };
    made.file(&layout.folder.join(layout::PROJECT), &project_yaml(&layout.name, database.as_ref())?)?;
    let (bootstrap, migrations) = (layout.folder.join("bootstrap"), layout.folder.join("migrations"));
    if bootstrap::sql_files(&bootstrap)?.is_empty() {
        made.file(&bootstrap.join("01_base.sql"), include_str!("../../templates/init/bootstrap/01_base.sql"))?;
    }
    let is_new = database.is_none() && !layout.manifest.exists();
    if is_new && bootstrap::sql_files(&migrations)?.is_empty() {
        made.file(&migrations.join("001_items.sql"), include_str!("../../templates/init/migrations/001_items.sql"))?;
    }
    fs::create_dir_all(&migrations).map_err(|source| Error::Write { path: migrations.clone(), source })?;
    if let Some(manifest) = &mut database {
        manifest.generated = Some(now());
        made.file(&layout.manifest, &manifest::write(manifest, MANIFEST_SCHEMA))?;
    }
    let mut files: Vec<String> = bootstrap::sql_files(&migrations)?.iter().filter_map(|path| file_name(path)).collect();
    if !settings.migrations.is_empty() {
        files.clone_from(&settings.migrations);
    }
    let registry = registry(&layout.name, settings, &files, database.as_ref());
    made.file(&layout.folder.join(REGISTRY), &format!("{}\n", serde_json::to_string_pretty(&registry)?))?;
    let schemas = ["manifest", "project", "registry"]
        .map(|name| layout.folder.with_file_name(format!("{name}.schema.json")))
        .into_iter()
        .filter(|path| !path.exists())
        .collect::<Vec<_>>();
    write_schemas(layout)?;
    made.outcome.written.extend(schemas.iter().map(|path| layout::below(root, path)));
    Ok(made.outcome)
}

/// What a root's .gitignore should have and does not: what a run leaves
/// behind, and where a URL may be.
///
/// It is somebody's own file, so it is only told, never written.
pub fn not_ignored(root: &Path) -> Vec<&'static str> {
    let text = fs::read_to_string(root.join(".gitignore")).unwrap_or_default();
    let bare = |line: &str| line.trim().trim_matches('/').to_owned();
    let lines: Vec<String> = text.lines().map(bare).collect();
    [".schemacast/", "SCHEMA_DRIFT_REPORT.md", ".env"]
        .into_iter()
        .filter(|wanted| !lines.contains(&bare(wanted)))
        .collect()
}

#[derive(Template)]
#[template(path = "init/project.yaml", escape = "none")]
struct ProjectYaml<'p> {
    name: &'p str,
    variable: String,
    profile: Option<&'p str>,
    left_out: Vec<String>,
}

fn project_yaml(name: &str, database: Option<&Manifest>) -> Result<String, askama::Error> {
    let upper = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    let profile = |manifest: &Manifest| manifest.source.as_ref().and_then(|source| source.profile.clone());
    let profile = database.map(|manifest| profile(manifest).unwrap_or_else(|| "none".to_owned()));
    let left_out = database.into_iter().flat_map(|manifest| &manifest.left_out);
    let view = ProjectYaml {
        name,
        variable: format!("{}_DATABASE_URL", name.chars().map(upper).collect::<String>()),
        profile: profile.as_deref(),
        // A name may hold anything, a line's end too.
        left_out: left_out
            .map(|left_out| format!("{} ({})", left_out.schema, left_out.reason).escape_debug().to_string())
            .collect(),
    };
    let mut text = view.render()?;
    if !text.ends_with('\n') {
        text.push('\n');
    }
    Ok(text)
}

struct Made<'r> {
    root: &'r Path,
    outcome: Scaffolded,
}

impl Made<'_> {
    /// Makes a file where there is none.
    fn file(&mut self, path: &Path, text: &str) -> Result<(), Error> {
        let failed = |source| Error::Write { path: path.to_owned(), source };
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        let shown = layout::below(self.root, path);
        match File::create_new(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => self.outcome.kept.push(shown),
            Err(error) => return Err(failed(error)),
            Ok(mut file) => {
                if let Err(error) = file.write_all(text.as_bytes()) {
                    // Half a file would be taken for somebody's own next time.
                    let _ = fs::remove_file(path);
                    return Err(failed(error));
                }
                self.outcome.written.push(shown);
            }
        }
        Ok(())
    }
}

fn file_name(path: &Path) -> Option<String> {
    Some(path.file_name()?.to_string_lossy().into_owned())
}

/// The names in a folder, sorted; none where it is not there.
fn entries(folder: &Path) -> io::Result<Vec<String>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut names = Vec::new();
    for entry in entries {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

//! What a project's database has before anybody works with it: the project's
//! `bootstrap/*.sql`, then its migrations, applied to an empty database.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::codegen::layout::Layout;
use crate::codegen::names::nearest;
use crate::codegen::project::Project;
use crate::postgres::advice::{File, advise};
use crate::postgres::connect::Session;
use crate::postgres::script::{self, ScriptError};

/// Why a database could not be filled.
#[derive(Debug, thiserror::Error)]
pub enum BootstrapError {
    #[error("cannot read {}: {source}", .path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("{} is a link that leads out of its project: put a copy of the file there", .0.display())]
    Link(PathBuf),
    #[error(
        "{} has no SQL files, so a scratch database would be empty: put what the real database starts from there",
        .0.display()
    )]
    Nothing(PathBuf),
    #[error(
        "project.yaml lists the migration `{name}`, which is not in {}{}",
        .folder.display(),
        .nearest.as_ref().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
    )]
    NoMigration { name: String, folder: PathBuf, nearest: Option<String> },
    #[error(transparent)]
    Script(#[from] ScriptError),
}

/// The files that fill a project's database, in the order in which they
/// apply: bootstrap by name, then the migrations as project.yaml lists them,
/// or by name where it lists none.
///
/// # Errors
/// There is no bootstrap file, a folder cannot be read, or a migration is
/// listed and not there.
pub fn files(layout: &Layout, project: &Project) -> Result<Vec<PathBuf>, BootstrapError> {
    let mut files = base_files(layout)?;
    if files.is_empty() {
        return Err(BootstrapError::Nothing(layout.folder.join("bootstrap")));
    }
    let folder = layout.folder.join("migrations");
    let migrations = sql_files(&folder)?;
    if project.migrations.is_empty() {
        files.extend(migrations);
        return Ok(files);
    }
    for name in &project.migrations {
        let path = folder.join(name);
        if !migrations.contains(&path) {
            let names = migrations.iter().filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
            let nearest = nearest(name, names);
            return Err(BootstrapError::NoMigration { name: name.clone(), folder, nearest });
        }
        files.push(path);
    }
    Ok(files)
}

/// The bootstrap files alone, which make what is there before the project's
/// own: none where the project has none.
///
/// # Errors
/// The folder cannot be read, or a link in it leads out.
pub fn base_files(layout: &Layout) -> Result<Vec<PathBuf>, BootstrapError> {
    sql_files(&layout.folder.join("bootstrap"))
}

/// Applies the files, each in a transaction of its own.
///
/// # Errors
/// A file that cannot be read, or the first statement that Postgres refuses.
pub fn apply(session: &mut Session, files: &[PathBuf]) -> Result<(), BootstrapError> {
    for path in files {
        let sql = fs::read_to_string(path).map_err(|source| BootstrapError::Read { path: path.clone(), source })?;
        let applied = script::apply(session, path, &sql);
        applied.map_err(|error| advised(error, &session.settings().user, files))?;
    }
    Ok(())
}

/// All that a project's folder has of SQL that makes something, in the order
/// in which it applies, for advice to look in. What cannot be read is not where
/// advice comes from.
pub fn readable_files(layout: &Layout) -> Vec<File> {
    let folders = ["bootstrap", "migrations"].map(|folder| layout.folder.join(folder));
    read_all(&folders.iter().flat_map(|folder| sql_files(folder).unwrap_or_default()).collect::<Vec<_>>())
}

fn read_all(paths: &[PathBuf]) -> Vec<File> {
    let read = |path: &PathBuf| Some(File { path: path.clone(), text: fs::read_to_string(path).ok()? });
    paths.iter().filter_map(read).collect()
}

/// The error with what is known about its kind.
fn advised(mut error: ScriptError, user: &str, files: &[PathBuf]) -> ScriptError {
    if let ScriptError::Statement(error) = &mut error {
        advise(error, user, &read_all(files));
    }
    error
}

/// The `.sql` files of a folder, by name; none where it is not there.
///
/// # Errors
/// The folder cannot be read, or a link in it leads out.
pub fn sql_files(folder: &Path) -> Result<Vec<PathBuf>, BootstrapError> {
    let failed = |source| BootstrapError::Read { path: folder.to_owned(), source };
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(failed)?,
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|extension| extension == "sql") {
            if path.is_symlink() && !leads_inside(folder, &path) {
                return Err(BootstrapError::Link(path));
            }
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Whether a link stays with the projects: in the folder that holds theirs, so
/// that two of them may share a file.
fn leads_inside(folder: &Path, link: &Path) -> bool {
    let Ok(folder) = folder.canonicalize() else { return false };
    let projects = folder.ancestors().nth(2).unwrap_or(&folder);
    link.canonicalize().is_ok_and(|real| real.starts_with(projects))
}

//! Where a project's files are.
//!
//! A root holds `manifests/<project>/` and `generated/<project>/`. A root with
//! one project may lay its files straight into `manifests/` and `generated/`.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::codegen::document::{self, Mistake};
use crate::codegen::manifest::{self, Manifest};
use crate::codegen::project::{self, Project};

/// The manifest's file name in a project's folder.
pub const MANIFEST: &str = "NEON_SCHEMA_MANIFEST.yaml";
/// The settings' file name in a project's folder.
pub const PROJECT: &str = "project.yaml";

/// The places of one project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    pub name: String,
    /// The folder with project.yaml, bootstrap/ and migrations/.
    pub folder: PathBuf,
    pub manifest: PathBuf,
    /// Where its files are generated.
    pub generated: PathBuf,
}

#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    #[error("cannot read {}: {source}", .path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("there is no folder {}: run in the folder that holds `manifests/`, or name it with --root", .0.display())]
    NoManifests(PathBuf),
    #[error("there is no project `{name}` in {}{}", .folder.display(), hint(.nearest, .known))]
    NoProject { name: String, folder: PathBuf, nearest: Option<String>, known: Vec<String> },
    #[error("there is no manifest at {}: `schemacast introspect` writes one", .0.display())]
    NoManifest(PathBuf),
    #[error(
        "{} is larger than the {} MiB that are read: split the database's schemas over projects (`include` in project.yaml)",
        .0.display(), document::LARGEST >> 20
    )]
    TooLarge(PathBuf),
    /// A document with mistakes, all of them.
    #[error("{}", mistakes_text(.path, .mistakes))]
    Mistakes { path: PathBuf, mistakes: Vec<Mistake> },
}

fn hint(nearest: &Option<String>, known: &[String]) -> String {
    match (nearest, known) {
        (Some(near), _) => format!("; did you mean `{near}`?"),
        (None, []) => "; there is none: a project is a folder there with a project.yaml or a manifest".to_owned(),
        (None, known) => format!("; there are: {}", known.join(", ")),
    }
}

fn mistakes_text(path: &Path, mistakes: &[Mistake]) -> String {
    let line = |mistake: &Mistake| {
        let space = if mistake.position.is_some() { "" } else { " " };
        format!("{}:{space}{mistake}", path.display())
    };
    let lines: Vec<String> = mistakes.iter().map(line).collect();
    lines.join("\n")
}

/// Every project below a root, sorted by name.
///
/// # Errors
/// The root has no `manifests/`, or it cannot be read.
pub fn projects(root: &Path) -> Result<Vec<Layout>, Error> {
    let folder = root.join("manifests");
    let read = |source: io::Error| match source.kind() {
        io::ErrorKind::NotFound => Error::NoManifests(folder.clone()),
        _ => Error::Read { path: folder.clone(), source },
    };
    let entries = fs::read_dir(&folder).map_err(read)?;
    if is_project(&folder) {
        return Ok(vec![single(root)?]);
    }
    let mut layouts = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|source| Error::Read { path: folder.clone(), source })?;
        if is_project(&entry.path()) {
            layouts.push(named(root, &entry.file_name().to_string_lossy()));
        }
    }
    layouts.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(layouts)
}

/// The project of that name below a root.
///
/// # Errors
/// There is none, with the nearest name that there is.
pub fn project(root: &Path, name: &str) -> Result<Layout, Error> {
    let all = projects(root)?;
    if let Some(found) = all.iter().find(|layout| layout.name == name) {
        return Ok(found.clone());
    }
    let known: Vec<String> = all.into_iter().map(|layout| layout.name).collect();
    let nearest = crate::codegen::names::nearest(name, known.iter().cloned());
    Err(Error::NoProject { name: name.to_owned(), folder: root.join("manifests"), nearest, known })
}

impl Layout {
    /// Reads project.yaml; a project without one has the defaults.
    ///
    /// # Errors
    /// It cannot be read, or all its mistakes.
    pub fn read_project(&self) -> Result<Project, Error> {
        let mut project = read_project(&self.folder.join(PROJECT))?.unwrap_or_default();
        if project.name.is_empty() {
            project.name.clone_from(&self.name);
        }
        Ok(project)
    }
}

/// Reads a project.yaml, where there is one.
///
/// # Errors
/// It cannot be read, or all its mistakes.
pub fn read_project(path: &Path) -> Result<Option<Project>, Error> {
    match read_text(path) {
        Ok(text) => {
            project::read(&text).map(Some).map_err(|mistakes| Error::Mistakes { path: path.to_owned(), mistakes })
        }
        Err(Error::Read { source, .. }) if source.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Reads a manifest from its file.
///
/// # Errors
/// It is not there or cannot be read, or all its mistakes.
pub fn read_manifest(path: &Path) -> Result<Manifest, Error> {
    Ok(read_manifest_and_text(path)?.0)
}

/// The same, with the text: for whoever points into it.
///
/// # Errors
/// As [`read_manifest`].
pub fn read_manifest_and_text(path: &Path) -> Result<(Manifest, String), Error> {
    let text = manifest_text(path)?;
    match manifest::read(&text) {
        Ok(manifest) => Ok((manifest, text)),
        Err(mistakes) => Err(Error::Mistakes { path: path.to_owned(), mistakes }),
    }
}

/// The same beside a manifest that is known: see [`manifest::read_beside`]. The
/// text is what is left of it for whoever points into it.
///
/// # Errors
/// As [`read_manifest`].
pub fn read_manifest_beside(path: &Path, known: &Manifest) -> Result<(Manifest, String), Error> {
    let text = manifest_text(path)?;
    manifest::read_beside(text, known).map_err(|mistakes| Error::Mistakes { path: path.to_owned(), mistakes })
}

fn manifest_text(path: &Path) -> Result<String, Error> {
    read_text(path).map_err(|error| match error {
        Error::Read { source, .. } if source.kind() == io::ErrorKind::NotFound => Error::NoManifest(path.to_owned()),
        error => error,
    })
}

/// Reads the text of a document, without a byte order mark.
///
/// # Errors
/// It cannot be read, is larger than [`document::LARGEST`], or is no text.
pub fn read_text(path: &Path) -> Result<String, Error> {
    let failed = |source| Error::Read { path: path.to_owned(), source };
    let file = fs::File::open(path).map_err(failed)?;
    // What a file says of its size binds neither a pipe nor one that grows.
    let said = file.metadata().map_or(0, |of| of.len()).min(document::LARGEST);
    let mut bytes = Vec::with_capacity(usize::try_from(said).unwrap_or_default() + 1);
    file.take(document::LARGEST + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > document::LARGEST {
        return Err(Error::TooLarge(path.to_owned()));
    }
    document::text(bytes).map_err(|mistake| Error::Mistakes { path: path.to_owned(), mistakes: vec![mistake] })
}

/// A path as files and messages name it: below the root where it is there,
/// with `/` between its parts.
pub fn below(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

fn is_project(folder: &Path) -> bool {
    [MANIFEST, PROJECT, "bootstrap"].iter().any(|name| folder.join(name).exists())
}

fn named(root: &Path, name: &str) -> Layout {
    let folder = root.join("manifests").join(name);
    Layout {
        name: name.to_owned(),
        manifest: folder.join(MANIFEST),
        folder,
        generated: root.join("generated").join(name),
    }
}

/// The one project of a root that lays its files straight into `manifests/`.
fn single(root: &Path) -> Result<Layout, Error> {
    let folder = root.join("manifests");
    let declared = read_project(&folder.join(PROJECT))?.map(|project| project.name).filter(|name| !name.is_empty());
    let own_folder = || {
        let absolute = std::path::absolute(root.join(".")).unwrap_or_else(|_| root.to_owned());
        absolute.file_name().map_or_else(|| "schema".to_owned(), |name| name.to_string_lossy().into_owned())
    };
    Ok(Layout {
        name: declared.unwrap_or_else(own_folder),
        manifest: folder.join(MANIFEST),
        folder,
        generated: root.join("generated"),
    })
}

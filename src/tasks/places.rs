//! Which file a path in a registry means.

use std::io;
use std::path::{Component, Path, PathBuf};

use crate::codegen::layout::{self, Layout};

/// Where a project's files are, for its tasks.
#[derive(Debug, Clone)]
pub struct Places {
    pub root: PathBuf,
    pub layout: Layout,
}

impl Places {
    /// The file that a path means, where there is one: in the project's
    /// folder, its migrations/, its folder of generated files, or the root.
    pub fn find(&self, path: &str) -> Option<PathBuf> {
        self.candidates(path).into_iter().find(|candidate| candidate.is_file())
    }

    /// The file that a path means, or where it would be looked for first.
    pub fn of(&self, path: &str) -> PathBuf {
        self.find(path).unwrap_or_else(|| self.layout.folder.join(path))
    }

    /// Whether a path of the registry leads, by a link on its way, out of the
    /// root. Who has linked the project's own folder elsewhere means that one.
    ///
    /// # Errors
    /// The file that it would be, with where it leads.
    pub fn stays(&self, path: &str) -> Result<(), String> {
        let is_there = |candidate: &PathBuf| candidate.symlink_metadata().is_ok();
        let Some(file) = self.candidates(path).into_iter().find(is_there) else { return Ok(()) };
        let own = [&self.layout.folder, &self.layout.generated];
        match stays(&self.root, &file) {
            Err(_) if own.iter().any(|folder| stays(folder, &file).is_ok()) => Ok(()),
            stays => stays,
        }
    }

    /// How messages name a file.
    pub fn shown(&self, path: &Path) -> String {
        layout::below(&self.root, path)
    }

    /// The folders that are looked in, for messages.
    pub fn looked_in(&self) -> String {
        let folders = self.candidates("").iter().map(|folder| self.shown(folder)).collect::<Vec<_>>();
        folders
            .iter()
            .map(|folder| if folder.is_empty() { "the root" } else { folder.trim_end_matches('/') })
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// The drift report of the project.
    pub fn drift_report(&self) -> PathBuf {
        self.layout.folder.join("SCHEMA_DRIFT_REPORT.md")
    }

    /// The folder with the records of the project's runs.
    pub fn runs(&self) -> PathBuf {
        self.root.join(".schemacast").join(&self.layout.name).join("runs")
    }

    /// The folder with the project's snapshots, where its database keeps none.
    pub fn snapshots(&self) -> PathBuf {
        self.root.join(".schemacast").join(&self.layout.name).join("snapshots")
    }

    /// Where the inventory of the newest snapshot is written.
    pub fn feature_inventory(&self) -> PathBuf {
        self.root.join(".schemacast").join(&self.layout.name).join("FEATURE_INVENTORY.md")
    }

    fn candidates(&self, path: &str) -> [PathBuf; 4] {
        let folder = &self.layout.folder;
        [
            folder.join("migrations").join(path),
            folder.join(path),
            self.layout.generated.join(path),
            self.root.join(path),
        ]
    }
}

/// Whether a path stays below the folder that it is joined to.
pub fn is_inside(path: &str) -> bool {
    let mut parts = Path::new(path).components();
    !path.is_empty() && parts.all(|part| matches!(part, Component::Normal(_)))
}

/// Follows the links of a path, as far as there is something.
///
/// # Errors
/// It leads out of the root, or cannot be followed.
pub fn stays(root: &Path, path: &Path) -> Result<(), String> {
    let root = if root.as_os_str().is_empty() { Path::new(".") } else { root };
    let failed = |path: &Path, error: io::Error| format!("cannot follow {}: {error}", path.display());
    let real_root = root.canonicalize().map_err(|error| failed(root, error))?;
    let mut there = Some(path);
    while let Some(candidate) = there {
        let candidate = if candidate.as_os_str().is_empty() { Path::new(".") } else { candidate };
        // A link to nowhere is there, though what it leads to is not.
        if candidate.symlink_metadata().is_ok() {
            let real = candidate.canonicalize().map_err(|error| failed(candidate, error))?;
            if real.starts_with(&real_root) {
                return Ok(());
            }
            return Err(format!("{} leads out of the root", path.display()));
        }
        there = candidate.parent();
    }
    Err(format!("{} is not below the root", path.display()))
}

//! Which file a path in a registry means.

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

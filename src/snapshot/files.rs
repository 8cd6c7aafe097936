//! Snapshots in files: `.schemacast/<project>/snapshots/<utc>-<random>.json`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::Error;
use super::model::{Object, Snapshot, Stored};
use crate::codegen::writer;

/// The folder with a project's snapshots, which may not be there yet.
#[derive(Debug, Clone)]
pub struct Folder(pub PathBuf);

impl Folder {
    /// The file of a snapshot.
    pub fn file(&self, id: &str) -> PathBuf {
        self.0.join(format!("{id}.json"))
    }

    /// All snapshots, the oldest first.
    ///
    /// # Errors
    /// The folder or a file cannot be read, or is no snapshot.
    pub fn list(&self) -> Result<Vec<Stored>, Error> {
        let entries = match fs::read_dir(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(|source| Error::Io { doing: "read", path: self.0.clone(), source })?,
        };
        let mut found = Vec::new();
        for entry in entries {
            let path = entry.map_err(|source| Error::Io { doing: "read", path: self.0.clone(), source })?.path();
            // A temporary file, which somebody writes just now, begins with a dot.
            let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
            if path.extension().is_some_and(|extension| extension == "json") && !hidden {
                found.extend(read(&path)?);
            }
        }
        found.sort_by_cached_key(|stored| (stored.snapshot.time(), stored.snapshot.id.clone()));
        Ok(found)
    }

    /// Writes a snapshot, whole or not at all. One in which nothing changed
    /// since the newest of the same database points to who holds its objects;
    /// what was last told of the edge functions holds until it is told anew.
    ///
    /// # Errors
    /// The folder cannot be read or written.
    pub fn add(
        &self,
        mut snapshot: Snapshot,
        objects: Vec<Object>,
        edge_functions_are_told: bool,
    ) -> Result<Snapshot, Error> {
        let earlier = self.list()?;
        let previous = earlier.iter().rev().find(|stored| stored.snapshot.database == snapshot.database);
        if let Some(Stored { snapshot: previous, .. }) = previous {
            let holder = previous.holder();
            let holds = |stored: &&Stored| stored.snapshot.id == holder && stored.objects.is_some();
            if previous.root_hash == snapshot.root_hash && earlier.iter().any(|stored| holds(&stored)) {
                snapshot.unchanged_since_id = Some(holder.to_owned());
            }
            if !edge_functions_are_told {
                snapshot.edge_functions.clone_from(&previous.edge_functions);
            }
        }
        snapshot.count();
        let objects = snapshot.unchanged_since_id.is_none().then_some(objects);
        let path = self.file(&snapshot.id);
        let stored = Stored { snapshot, objects };
        let mut json = serde_json::to_string_pretty(&stored)
            .map_err(|error| Error::Damaged { path: path.clone(), reason: error.to_string() })?;
        json.push('\n');
        writer::write_file(&path, json.as_bytes())?;
        Ok(stored.snapshot)
    }

    /// Removes the oldest snapshots of a label beyond `keep`, but none that a
    /// later one points to, and says which.
    ///
    /// # Errors
    /// The folder cannot be read, or a file not removed.
    pub fn retain(&self, label: &str, keep: usize) -> Result<Vec<String>, Error> {
        let all = self.list()?;
        let labelled: Vec<&str> = all
            .iter()
            .filter(|stored| stored.snapshot.label.as_deref() == Some(label))
            .map(|stored| stored.snapshot.id.as_str())
            .collect();
        let too_many = labelled.len().saturating_sub(keep);
        let mut removed = Vec::new();
        for id in &labelled[..too_many] {
            if all.iter().any(|stored| stored.snapshot.unchanged_since_id.as_deref() == Some(id)) {
                continue;
            }
            let path = self.file(id);
            fs::remove_file(&path).map_err(|source| Error::Io { doing: "remove", path, source })?;
            removed.push((*id).to_owned());
        }
        Ok(removed)
    }

    /// The objects of a snapshot, which another file may hold.
    pub(super) fn objects(&self, snapshot: &Snapshot) -> Result<Vec<Object>, Error> {
        let holder = snapshot.holder();
        let stored = read(&self.file(holder))?;
        stored
            .and_then(|stored| stored.objects)
            .ok_or_else(|| Error::NoHolder { id: snapshot.id.clone(), holder: holder.to_owned() })
    }
}

/// The id of a snapshot in a file: when it was taken, and a part that tells two
/// of the same moment apart.
pub fn new_id(taken_at: jiff::Timestamp) -> String {
    use std::hash::{BuildHasher, RandomState};
    let random = RandomState::new().hash_one(taken_at.as_nanosecond()) & 0xffff;
    format!("{}-{random:04x}", taken_at.strftime("%Y%m%dT%H%M%S%3fZ"))
}

/// A snapshot's file; `None` where it is not there (any more).
fn read(path: &Path) -> Result<Option<Stored>, Error> {
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        text => text.map_err(|source| Error::Io { doing: "read", path: path.to_owned(), source })?,
    };
    let stored: Stored = serde_json::from_str(&text)
        .map_err(|error| Error::Damaged { path: path.to_owned(), reason: error.to_string() })?;
    if path.file_stem().is_none_or(|stem| stem != stored.snapshot.id.as_str()) {
        let reason = format!("it says that it is the snapshot {}", stored.snapshot.id);
        return Err(Error::Damaged { path: path.to_owned(), reason });
    }
    Ok(Some(stored))
}

//! Where the files of a record are: below the root, and through no folder that
//! leads out of it.

use std::collections::HashMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use super::{Error, read_if_there};

/// The folders below a root, each looked at once, before anything in it is read
/// or written: many files are in few folders.
pub struct Folders<'r> {
    root: &'r Path,
    /// Whether there is one, by its path below the root; none of them leads out.
    is_there: HashMap<PathBuf, bool>,
}

impl<'r> Folders<'r> {
    pub fn new(root: &'r Path) -> Self {
        Self { root, is_there: HashMap::new() }
    }

    /// The place of a file, and what stands there, if anything does.
    ///
    /// # Errors
    /// The path or a link on it leads out of the root, or the file cannot be
    /// read.
    pub fn read(&mut self, path: &str) -> Result<(PathBuf, Option<Vec<u8>>), Error> {
        let relative = Path::new(path);
        let stays = !path.is_empty() && relative.components().all(|part| matches!(part, Component::Normal(_)));
        if !stays {
            return Err(Error::Path(path.to_owned()));
        }
        let file = self.root.join(relative);
        // Nothing is in a folder that is not there.
        let found = if self.has(relative.parent())? { read_if_there(&file)? } else { None };
        Ok((file, found))
    }

    /// Whether there is such a folder, for all that can be told without opening
    /// it. The file itself may be a link, which a rename replaces; a folder that
    /// is one would be written into.
    fn has(&mut self, folder: Option<&Path>) -> Result<bool, Error> {
        let Some(folder) = folder.filter(|folder| !folder.as_os_str().is_empty()) else { return Ok(true) };
        if let Some(is_there) = self.is_there.get(folder) {
            return Ok(*is_there);
        }
        let is_there = self.has(folder.parent())? && {
            let path = self.root.join(folder);
            match path.symlink_metadata() {
                Ok(found) if found.is_symlink() && !leads_inside(self.root, &path) => return Err(Error::Link(path)),
                // Why it cannot be looked at is said by whatever opens it.
                found => !found.is_err_and(|error| error.kind() == ErrorKind::NotFound),
            }
        };
        self.is_there.insert(folder.to_owned(), is_there);
        Ok(is_there)
    }
}

fn leads_inside(root: &Path, folder: &Path) -> bool {
    folder.canonicalize().and_then(|real| Ok(real.starts_with(root.canonicalize()?))).unwrap_or(false)
}

/// Folders that a removed file leaves empty go too, up to the root.
pub fn remove_empty_parents(root: &Path, file: &Path) {
    let mut folder = file.parent();
    while let Some(parent) = folder.filter(|parent| *parent != root && parent.starts_with(root)) {
        if fs::remove_dir(parent).is_err() {
            break;
        }
        folder = parent.parent();
    }
}

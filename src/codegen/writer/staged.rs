//! Files written whole or not at all: each is a temporary one beside its place
//! first, and is renamed when all of them are there.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::Error;

/// Writes all temporary files before it renames the first: what can fail for
/// want of space or rights fails before anything has changed.
pub fn write_all(writes: &[(PathBuf, Cow<'_, [u8]>)], stamp: Option<SystemTime>) -> Result<(), Error> {
    let process = std::process::id();
    let mut staged: Vec<(PathBuf, &Path)> = Vec::with_capacity(writes.len());
    // What is renamed last is locked from before the others are there: while
    // any of them is, they have a maker who lives, so that the others need no
    // lock. See `sweep`.
    let mut locked: Option<File> = None;
    let result = writes.iter().rev().try_for_each(|(path, contents)| {
        let temporary = temporary(path, process);
        let file = stage(path, &temporary, contents, stamp, locked.is_none())?;
        locked.get_or_insert(file);
        staged.push((temporary, path));
        Ok(())
    });
    let result = result.and_then(|()| {
        staged.iter().rev().try_for_each(|(temporary, path)| {
            fs::rename(temporary, path).map_err(|source| Error::Io { doing: "write", path: path.to_path_buf(), source })
        })
    });
    if result.is_err() {
        for (temporary, _) in &staged {
            // It may have been renamed already; either way it is gone after this.
            let _ = fs::remove_file(temporary);
        }
    }
    result
}

/// The temporary file of a process, beside the file that it becomes.
fn temporary(path: &Path, process: u32) -> PathBuf {
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    folder_of(path).join(format!(".{name}.{process}.tmp"))
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes the temporary file with the contents, locked for as long as it is held
/// if it is to be.
fn stage(
    path: &Path,
    temporary: &Path,
    contents: &[u8],
    stamp: Option<SystemTime>,
    is_locked: bool,
) -> Result<File, Error> {
    let write = |mut file: File| {
        if is_locked {
            // Where files cannot be locked, a dead one's are left to the person.
            let _ = file.lock();
        }
        file.write_all(contents)?;
        stamp.map_or(Ok(()), |stamp| file.set_modified(stamp))?;
        Ok(file)
    };
    write(create(path, temporary)?).map_err(|source| {
        // A half-written temporary file is of no use to anyone.
        let _ = fs::remove_file(temporary);
        Error::Io { doing: "write", path: path.to_owned(), source }
    })
}

/// Opens a new temporary file, and makes its folder where that is why it could
/// not: most files have theirs, and are not asked about it.
fn create(path: &Path, temporary: &Path) -> Result<File, Error> {
    let failed = |source| Error::Io { doing: "write", path: path.to_owned(), source };
    match File::create(temporary) {
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            let folder = folder_of(path);
            fs::create_dir_all(folder).map_err(|source| Error::Io {
                doing: "make",
                path: folder.to_owned(),
                source,
            })?;
            File::create(temporary).map_err(failed)
        }
        created => created.map_err(failed),
    }
}

/// Removes the temporary files that a process left which was killed: those of
/// files that are written here, if it has none of them locked any more.
pub fn sweep<'p>(root: &Path, paths: impl Iterator<Item = &'p str>) {
    for temporary in abandoned(root, paths) {
        // Whoever may not remove it is told when it comes to writing.
        let _ = fs::remove_file(temporary);
    }
}

/// The temporary files of these paths whose process has none of them locked
/// any more.
pub fn abandoned<'p>(root: &Path, paths: impl Iterator<Item = &'p str>) -> Vec<PathBuf> {
    let mut names: BTreeMap<PathBuf, BTreeSet<&str>> = BTreeMap::new();
    for path in paths {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        names.entry(root.join(folder)).or_default().insert(name);
    }
    let mut left: BTreeMap<u32, Vec<PathBuf>> = BTreeMap::new();
    for (folder, names) in names {
        let folder = if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder };
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let file_name = entry.file_name();
            if let Some((name, process)) = file_name.to_str().and_then(temporary_of)
                && names.contains(name)
            {
                left.entry(process).or_default().push(entry.path());
            }
        }
    }
    let is_free = |path: &PathBuf| File::open(path).is_ok_and(|file| file.try_lock().is_ok());
    left.into_values().filter(|own| own.iter().all(is_free)).flatten().collect()
}

/// What a temporary file is for, and who made it: `.NAME.PROCESS.tmp`.
fn temporary_of(name: &str) -> Option<(&str, u32)> {
    let (name, process) = name.strip_prefix('.')?.strip_suffix(".tmp")?.rsplit_once('.')?;
    Some((name, process.parse().ok()?))
}

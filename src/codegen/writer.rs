//! The only code that writes `generated/`.
//!
//! Architecture Invariant: an artifact is written whole or not at all, beside
//! a record of the files that this program made; only files of that record are
//! ever removed, and none that a person has changed since. `Mode::Check`
//! writes nothing: a check never repairs what it checks. What a person wrote
//! into a region that an artifact leaves to them (`keep`) is theirs: it is
//! carried over, no hand edit, and no file that holds some is removed.

mod folders;
mod record;
mod staged;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::codegen::artifact::{Artifact, Format};
use crate::codegen::cast::Casting;
use crate::codegen::check;
use crate::codegen::keep;
use crate::codegen::names::hex;

use folders::{Folders, remove_empty_parents};
pub use record::RECORD;
use record::{Made, Record};
use staged::{sweep, write_all};

/// Whether to write or only to compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Write,
    Check,
}

/// What became of the files, or in check mode would: paths below the root,
/// with `/`, each list sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Persisted {
    /// Files whose content changed, or that were new.
    pub written: Vec<String>,
    /// Files that were as they should be.
    pub unchanged: Vec<String>,
    /// Files that are no longer made.
    pub removed: Vec<String>,
    /// Files that somebody changed by hand since they were written. Among
    /// those written, the change is overwritten; the others are left alone.
    pub edited: Vec<String>,
    /// Files that are no longer made, but hold notes that a person wrote: they
    /// stay, and are named each time, until the notes are moved.
    pub kept: Vec<String>,
}

impl Persisted {
    /// Whether what is on disk is not what was cast.
    pub fn is_stale(&self) -> bool {
        !self.written.is_empty() || !self.removed.is_empty()
    }
}

#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    #[error("cannot {doing} {}: {source}", .path.display())]
    Io { doing: &'static str, path: PathBuf, source: io::Error },
    #[error(
        "{} is there and was not made by schemacast: move it away, or generate into another folder with --out",
        .0.display()
    )]
    Foreign(PathBuf),
    #[error("{}", keep_text(.path, .faults))]
    Keep { path: PathBuf, faults: Vec<keep::Fault> },
    #[error(
        "the notes in {} leave it what its check refuses, so nothing was written:\n  {}",
        .path.display(), .faults.join("\n  ")
    )]
    Notes { path: PathBuf, faults: Vec<String> },
    #[error("{} leads out of the folder by a link: take the link away, or generate into another folder with --out", .0.display())]
    Link(PathBuf),
    /// A fault of a target, never of the manifest.
    #[error("the path `{0}` of a generated file leaves its folder (please report this)")]
    Path(String),
}

fn keep_text(path: &Path, faults: &[keep::Fault]) -> String {
    faults.iter().map(|fault| format!("{}:{fault}", path.display())).collect::<Vec<_>>().join("\n")
}

/// Brings the folder `root` to what was cast, or says what that would change.
///
/// Files of targets that did not run stay as they are. `stamp` becomes the
/// modification time of what is written: a build script passes its newest
/// input's, so that its own output does not make it run again.
///
/// # Errors
/// A file that cannot be read or written, or that is not schemacast's, or notes
/// that have no place. Nothing has then been changed, unless the last renames failed half way.
pub fn persist(root: &Path, casting: &Casting, mode: Mode, stamp: Option<SystemTime>) -> Result<Persisted, Error> {
    let record = record::read(root)?;
    let interrupted = record::interrupted(root);
    // Whether what is there is as this program left it, that run or a killed one.
    let is_as_made = |made: &Made, path: &str, found: &[u8]| {
        let found = digest(path, found);
        made.sha256 == found || interrupted.contains(&(path.to_owned(), found))
    };
    let mut new_record = Record::new();
    let mut persisted = Persisted::default();
    let mut writes: Vec<(PathBuf, Cow<'_, [u8]>)> = Vec::new();
    let mut removals = Vec::new();
    let mut going = BTreeMap::new();
    let mut folders = Folders::new(root);
    for artifact in &casting.artifacts {
        let (path, found) = folders.read(&artifact.path)?;
        let target = casting.owners.get(&artifact.path).copied().unwrap_or_default();
        let sha256 = digest(&artifact.path, artifact.contents.as_bytes());
        new_record.insert(artifact.path.clone(), Made { sha256, target: target.to_owned() });
        let contents = with_notes(artifact, &path, found.as_deref())?;
        match found {
            Some(found) if found == *contents => persisted.unchanged.push(artifact.path.clone()),
            Some(found) => {
                match record.get(&artifact.path) {
                    Some(made) if is_as_made(made, &artifact.path, &found) => {}
                    Some(_) => persisted.edited.push(artifact.path.clone()),
                    None if is_ours(&found) => {}
                    None => return Err(Error::Foreign(path)),
                }
                persisted.written.push(artifact.path.clone());
                writes.push((path, contents));
            }
            None => {
                persisted.written.push(artifact.path.clone());
                writes.push((path, contents));
            }
        }
    }
    for (path, made) in record {
        if new_record.contains_key(&path) {
            continue;
        }
        if !casting.targets.contains(&made.target.as_str()) {
            new_record.insert(path, made);
            continue;
        }
        let (file, found) = folders.read(&path)?;
        match found {
            Some(found) if is_markdown(&path) && keep::has_notes(&String::from_utf8_lossy(&found)) => {
                persisted.kept.push(path.clone());
                new_record.insert(path, made);
            }
            Some(found) if is_as_made(&made, &path, &found) => {
                going.insert(path.clone(), made);
                persisted.removed.push(path);
                removals.push(file);
            }
            Some(_) => persisted.edited.push(path),
            None => {}
        }
    }
    if mode == Mode::Write {
        sweep(root, new_record.keys().chain(&persisted.removed).map(String::as_str).chain([RECORD]));
        // What is to be removed is in the record until it is: who is killed
        // before leaves no file behind that nobody knows.
        let mut until_removed = new_record.clone();
        until_removed.extend(going);
        let record_text = record::text(&until_removed);
        let record_path = root.join(RECORD);
        if read_if_there(&record_path)?.as_deref() != Some(record_text.as_bytes()) {
            writes.push((record_path.clone(), Cow::Borrowed(record_text.as_bytes())));
        }
        write_all(&writes, stamp)?;
        for file in removals {
            fs::remove_file(&file).map_err(|source| Error::Io { doing: "remove", path: file.clone(), source })?;
            remove_empty_parents(root, &file);
        }
        if until_removed.len() != new_record.len() {
            let text = record::text(&new_record);
            write_all(&[(record_path, Cow::Borrowed(text.as_bytes()))], stamp)?;
        }
    }
    Ok(persisted)
}

/// Brings one file that no target makes to its contents, or says whether that
/// would change it; it is not in the record.
///
/// # Errors
/// As [`persist`]'s.
pub fn persist_file(
    root: &Path,
    path: &str,
    contents: &str,
    mode: Mode,
    stamp: Option<SystemTime>,
) -> Result<bool, Error> {
    let (path, found) = Folders::new(root).read(path)?;
    match found {
        Some(found) if found == contents.as_bytes() => return Ok(false),
        Some(found) if !is_ours(&found) => return Err(Error::Foreign(path)),
        _ => {}
    }
    if mode == Mode::Write {
        write_all(&[(path, Cow::Borrowed(contents.as_bytes()))], stamp)?;
    }
    Ok(true)
}

/// Writes one file whole or not at all: a temporary file beside it, renamed. A
/// device or a pipe is written to, for a rename would put a file in its place.
///
/// # Errors
/// The folder or the file cannot be written; what stood there stays.
pub fn write_file(path: &Path, contents: &[u8]) -> Result<(), Error> {
    if fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir()) {
        return fs::write(path, contents).map_err(|source| Error::Io { doing: "write", path: path.to_owned(), source });
    }
    if let (Some(folder), Some(name)) = (path.parent(), path.file_name().and_then(|name| name.to_str())) {
        sweep(folder, [name].into_iter());
    }
    write_all(&[(path.to_owned(), Cow::Borrowed(contents))], None)
}

/// The files that the folder's record names, sorted.
///
/// # Errors
/// The record is there and cannot be read.
pub fn recorded(root: &Path) -> Result<Vec<String>, Error> {
    Ok(record::read(root)?.into_keys().collect())
}

/// The digest of what a target is answerable for: all but a person's notes.
fn digest(path: &str, contents: &[u8]) -> String {
    let markdown = is_markdown(path).then(|| std::str::from_utf8(contents).ok()).flatten();
    let Some(text) = markdown else { return hex(&Sha256::digest(contents)) };
    let mut hash = Sha256::new();
    keep::without_notes(text).for_each(|part| hash.update(part));
    hex(&hash.finalize())
}

fn is_markdown(path: &str) -> bool {
    Format::of(path) == Format::Markdown
}

/// What is to be written: the artifact with the notes of the file that is
/// there. Notes could open a tag that nothing closes, so that what they make
/// of the artifact is checked as the artifact was.
fn with_notes<'a>(artifact: &'a Artifact, path: &Path, found: Option<&[u8]>) -> Result<Cow<'a, [u8]>, Error> {
    let new = artifact.contents.as_str();
    // Notes that stand in what is to be written already are its own.
    let Some(found) = found.filter(|found| artifact.format == Format::Markdown && *found != new.as_bytes()) else {
        return Ok(Cow::Borrowed(new.as_bytes()));
    };
    let merged = keep::merge(new, &String::from_utf8_lossy(found))
        .map_err(|faults| Error::Keep { path: path.to_owned(), faults })?;
    if merged == new {
        return Ok(Cow::Borrowed(new.as_bytes()));
    }
    let noted = Artifact { contents: merged, ..artifact.clone() };
    check::check(&noted).map_err(|faults| Error::Notes { path: path.to_owned(), faults })?;
    Ok(Cow::Owned(noted.contents.into_bytes()))
}

/// Whether the file says that schemacast made it. (JSON has no comments: its
/// `generator` says so.)
fn is_ours(contents: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&contents[..contents.len().min(1024)]);
    head.contains("@generated by schemacast") || head.contains("\"schemacast\"") || contents.is_empty()
}

fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    match fs::read(path) {
        Ok(contents) => Ok(Some(contents)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Error::Io { doing: "read", path: path.to_owned(), source }),
    }
}

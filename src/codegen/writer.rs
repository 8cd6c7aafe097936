//! The only code that writes `generated/`.
//!
//! Architecture Invariant: an artifact is written whole or not at all, beside
//! a record of the files that this program made; only files of that record are
//! ever removed, and none that a person has changed since. `Mode::Check`
//! writes nothing: a check never repairs what it checks. What a person wrote
//! into a region that an artifact leaves to them (`keep`) is theirs: it is
//! carried over, no hand edit, and no file that holds some is removed.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::time::SystemTime;

use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::codegen::artifact::{Artifact, Format};
use crate::codegen::cast::Casting;
use crate::codegen::check;
use crate::codegen::keep;
use crate::codegen::names::hex;

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
    /// A fault of a target, never of the manifest.
    #[error("the path `{0}` of a generated file leaves its folder (please report this)")]
    Path(String),
}

fn keep_text(path: &Path, faults: &[keep::Fault]) -> String {
    faults.iter().map(|fault| format!("{}:{fault}", path.display())).collect::<Vec<_>>().join("\n")
}

/// The record of what was made: a line for each file, `sha256 target path`.
pub const RECORD: &str = ".schemacast-files";

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
    let record = read_record(&root.join(RECORD))?;
    let mut new_record: BTreeMap<String, Made> = BTreeMap::new();
    let mut persisted = Persisted::default();
    let mut writes: Vec<(PathBuf, Cow<'_, [u8]>)> = Vec::new();
    let mut removals = Vec::new();
    for artifact in &casting.artifacts {
        let path = inside(root, &artifact.path)?;
        let target = casting.owners.get(&artifact.path).copied().unwrap_or_default();
        let sha256 = digest(&artifact.path, artifact.contents.as_bytes());
        new_record.insert(artifact.path.clone(), Made { sha256, target: target.to_owned() });
        let found = read_if_there(&path)?;
        let contents = with_notes(artifact, &path, found.as_deref())?;
        match found {
            Some(found) if found == *contents => persisted.unchanged.push(artifact.path.clone()),
            Some(found) => {
                match record.get(&artifact.path) {
                    Some(made) if made.sha256 == digest(&artifact.path, &found) => {}
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
        let file = inside(root, &path)?;
        match read_if_there(&file)? {
            Some(found) if is_markdown(&path) && keep::has_notes(&String::from_utf8_lossy(&found)) => {
                persisted.kept.push(path.clone());
                new_record.insert(path, made);
            }
            Some(found) if digest(&path, &found) == made.sha256 => {
                persisted.removed.push(path);
                removals.push(file);
            }
            Some(_) => persisted.edited.push(path),
            None => {}
        }
    }
    if mode == Mode::Write {
        let record_text = record_text(&new_record);
        let record_path = root.join(RECORD);
        if read_if_there(&record_path)?.as_deref() != Some(record_text.as_bytes()) {
            writes.push((record_path, Cow::Borrowed(record_text.as_bytes())));
        }
        write_all(&writes, stamp)?;
        for file in removals {
            fs::remove_file(&file).map_err(|source| Error::Io { doing: "remove", path: file.clone(), source })?;
            remove_empty_parents(root, &file);
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
    let path = inside(root, path)?;
    match read_if_there(&path)? {
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
    write_all(&[(path.to_owned(), Cow::Borrowed(contents))], None)
}

/// The files that the folder's record names, sorted.
///
/// # Errors
/// The record is there and cannot be read.
pub fn recorded(root: &Path) -> Result<Vec<String>, Error> {
    Ok(read_record(&root.join(RECORD))?.into_keys().collect())
}

struct Made {
    sha256: String,
    target: String,
}

fn read_record(path: &Path) -> Result<BTreeMap<String, Made>, Error> {
    let text = read_if_there(path)?.unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    // A line that is damaged is passed over: its file is then known by its header.
    let made = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut parts = line.splitn(3, ' ');
        let (sha256, target, path) = (parts.next()?, parts.next()?, parts.next()?);
        Some((path.to_owned(), Made { sha256: sha256.to_owned(), target: target.to_owned() }))
    });
    Ok(made.collect())
}

fn record_text(record: &BTreeMap<String, Made>) -> String {
    let mut text = String::from("# The files here that schemacast made: SHA-256, target, path. Check it in.\n");
    for (path, made) in record {
        text.push_str(&format!("{} {} {path}\n", made.sha256, made.target));
    }
    text
}

/// The digest of what a target is answerable for: all but a person's notes.
fn digest(path: &str, contents: &[u8]) -> String {
    match std::str::from_utf8(contents) {
        Ok(text) if is_markdown(path) => hex(&Sha256::digest(keep::without_notes(text).as_bytes())),
        _ => hex(&Sha256::digest(contents)),
    }
}

fn is_markdown(path: &str) -> bool {
    Format::of(path) == Format::Markdown
}

/// What is to be written: the artifact with the notes of the file that is
/// there. Notes could open a tag that nothing closes, so that what they make
/// of the artifact is checked as the artifact was.
fn with_notes<'a>(artifact: &'a Artifact, path: &Path, found: Option<&[u8]>) -> Result<Cow<'a, [u8]>, Error> {
    let new = artifact.contents.as_str();
    let Some(found) = found.filter(|_| artifact.format == Format::Markdown) else {
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

fn inside(root: &Path, path: &str) -> Result<PathBuf, Error> {
    let relative = Path::new(path);
    let stays = !path.is_empty() && relative.components().all(|part| matches!(part, Component::Normal(_)));
    if stays { Ok(root.join(relative)) } else { Err(Error::Path(path.to_owned())) }
}

/// Writes all temporary files before it renames the first: what can fail for
/// want of space or rights fails before anything has changed.
fn write_all(writes: &[(PathBuf, Cow<'_, [u8]>)], stamp: Option<SystemTime>) -> Result<(), Error> {
    let mut staged: Vec<(PathBuf, &Path)> = Vec::with_capacity(writes.len());
    let result = writes.iter().try_for_each(|(path, contents)| {
        let temporary = stage(path, contents, stamp)?;
        staged.push((temporary, path));
        Ok(())
    });
    let result = result.and_then(|()| {
        staged.iter().try_for_each(|(temporary, path)| {
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

fn stage(path: &Path, contents: &[u8], stamp: Option<SystemTime>) -> Result<PathBuf, Error> {
    let failed = |source| Error::Io { doing: "write", path: path.to_owned(), source };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|source| Error::Io { doing: "make", path: folder.to_owned(), source })?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let temporary = folder.join(format!(".{name}.{}.tmp", std::process::id()));
    let written = fs::write(&temporary, contents).and_then(|()| match stamp {
        Some(stamp) => fs::File::options().write(true).open(&temporary)?.set_modified(stamp),
        None => Ok(()),
    });
    if let Err(source) = written {
        // A half-written temporary file is of no use to anyone.
        let _ = fs::remove_file(&temporary);
        return Err(failed(source));
    }
    Ok(temporary)
}

/// Folders that a removed file leaves empty go too, up to the root.
fn remove_empty_parents(root: &Path, file: &Path) {
    let mut folder = file.parent();
    while let Some(parent) = folder.filter(|parent| *parent != root && parent.starts_with(root)) {
        if fs::remove_dir(parent).is_err() {
            break;
        }
        folder = parent.parent();
    }
}

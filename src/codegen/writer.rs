//! The only code that writes `generated/`.
//!
//! Architecture Invariant: an artifact is written whole or not at all, beside
//! a record of the files that this program made; only files of that record are
//! ever removed, and none that a person has changed since. `Mode::Check`
//! writes nothing: a check never repairs what it checks. What a person wrote
//! into a region that an artifact leaves to them (`keep`) is theirs: it is
//! carried over, no hand edit, and no file that holds some is removed.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Write as _};
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
    #[error("{} leads out of the folder by a link: take the link away, or generate into another folder with --out", .0.display())]
    Link(PathBuf),
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
    let mut going = BTreeMap::new();
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
        let record_text = record_text(&until_removed);
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
            let text = self::record_text(&new_record);
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
    Ok(read_record(&root.join(RECORD))?.into_keys().collect())
}

#[derive(Clone)]
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
    if !stays {
        return Err(Error::Path(path.to_owned()));
    }
    // The file itself may be a link, which a rename replaces; a folder that is
    // one would be written into.
    for folder in relative.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty()) {
        let folder = root.join(folder);
        let is_link = folder.symlink_metadata().is_ok_and(|found| found.is_symlink());
        if is_link && !leads_inside(root, &folder) {
            return Err(Error::Link(folder));
        }
    }
    Ok(root.join(relative))
}

fn leads_inside(root: &Path, folder: &Path) -> bool {
    folder.canonicalize().and_then(|real| Ok(real.starts_with(root.canonicalize()?))).unwrap_or(false)
}

/// Writes all temporary files before it renames the first: what can fail for
/// want of space or rights fails before anything has changed.
fn write_all(writes: &[(PathBuf, Cow<'_, [u8]>)], stamp: Option<SystemTime>) -> Result<(), Error> {
    let mut staged: Vec<(PathBuf, &Path)> = Vec::with_capacity(writes.len());
    // What is renamed last is locked from before the first is there: while any
    // of them is, they have a maker who lives. See `sweep`.
    let mut locked: Option<File> = None;
    let result = writes.iter().rev().try_for_each(|(path, contents)| {
        let (temporary, file) = stage(path, contents, stamp)?;
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

/// A temporary file with the contents, beside the file that it becomes, locked
/// for as long as it is held.
fn stage(path: &Path, contents: &[u8], stamp: Option<SystemTime>) -> Result<(PathBuf, File), Error> {
    let failed = |source| Error::Io { doing: "write", path: path.to_owned(), source };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|source| Error::Io { doing: "make", path: folder.to_owned(), source })?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let temporary = folder.join(format!(".{name}.{}.tmp", std::process::id()));
    let written = File::create(&temporary).and_then(|mut file| {
        // Where files cannot be locked, a dead one's are left to the person.
        let _ = file.lock();
        file.write_all(contents)?;
        stamp.map_or(Ok(()), |stamp| file.set_modified(stamp))?;
        Ok(file)
    });
    written.map(|file| (temporary.clone(), file)).map_err(|source| {
        // A half-written temporary file is of no use to anyone.
        let _ = fs::remove_file(&temporary);
        failed(source)
    })
}

/// Removes the temporary files that a process left which was killed: those of
/// files that are written here, if it has none of them locked any more.
fn sweep<'p>(root: &Path, paths: impl Iterator<Item = &'p str>) {
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
    for temporary in left.values().filter(|own| own.iter().all(is_free)).flatten() {
        // Whoever may not remove it is told when it comes to writing.
        let _ = fs::remove_file(temporary);
    }
}

/// What a temporary file is for, and who made it: `.NAME.PROCESS.tmp`.
fn temporary_of(name: &str) -> Option<(&str, u32)> {
    let (name, process) = name.strip_prefix('.')?.strip_suffix(".tmp")?.rsplit_once('.')?;
    Some((name, process.parse().ok()?))
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

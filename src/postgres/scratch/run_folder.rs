//! The folder of one running server: a lock, the data, the socket, the log.

use std::fs::{self, DirBuilder, File, TryLockError};
use std::hash::{BuildHasher as _, RandomState};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::account::Account;
use super::error::ScratchError;

/// A folder that belongs to one server and is removed with it.
///
/// Its lock file is locked (flock) by us, and open in the server as well, for
/// the lock belongs to the open file and not to a process. So while either
/// lives, nobody sweeps the folder, and the system frees the lock whatever
/// both die of.
#[derive(Debug)]
pub(super) struct RunFolder {
    path: PathBuf,
    lock: File,
}

/// Others may pass through, to what they have a right to, and see nothing.
const PASSABLE: u32 = 0o711;

/// A folder without a lock file this old was left by who died on making it.
const UNLOCKED_AGE: Duration = Duration::from_secs(60);

impl RunFolder {
    /// Makes a folder with a copy of the template in it.
    pub(super) fn create(runs: &Path, template: &Path, account: Option<&Account>) -> Result<RunFolder, ScratchError> {
        let folder = RunFolder::claim(runs)?;
        let filled = folder.fill(template, account);
        if filled.is_err() {
            folder.remove();
        }
        filled.map(|()| folder)
    }

    /// Makes an empty folder in the cache, for what is made there before it
    /// gets its name. Those that the dead left are swept first.
    pub(super) fn stage(cache: &Path, account: Option<&Account>) -> Result<RunFolder, ScratchError> {
        let stages = cache.join("staging");
        let mode = if account.is_some() { PASSABLE } else { 0o700 };
        DirBuilder::new().recursive(true).mode(mode).create(&stages).map_err(ScratchError::io(&stages))?;
        sweep(&stages);
        let folder = RunFolder::claim(&stages)?;
        folder.open_to(account).map(|()| folder)
    }

    /// Makes an empty folder that is locked before anyone can sweep it.
    fn claim(runs: &Path) -> Result<RunFolder, ScratchError> {
        loop {
            let name = RandomState::new().hash_one(std::process::id()) & 0xffff_ffff;
            let path = runs.join(format!("{name:08x}"));
            match DirBuilder::new().mode(0o700).create(&path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                outcome => outcome.map_err(ScratchError::io(&path))?,
            }
            let lock_path = path.join("lock");
            let lock = File::options().read(true).write(true).create_new(true).open(&lock_path);
            let lock = lock.map_err(ScratchError::io(&lock_path))?;
            // A sweeper may have taken the lock in between and removed the
            // folder: then this is the lock of nothing.
            let ours = lock.try_lock().is_ok() && is_same(&lock, &lock_path);
            if ours {
                return Ok(RunFolder { path, lock });
            }
        }
    }

    fn fill(&self, template: &Path, account: Option<&Account>) -> Result<(), ScratchError> {
        copy(template, &self.data(), account)?;
        make_folder(&self.socket_folder(), account)?;
        self.open_to(account)
    }

    /// Lets the account pass through to what is its own. The folder itself,
    /// with the lock and the log, stays ours.
    fn open_to(&self, account: Option<&Account>) -> Result<(), ScratchError> {
        if account.is_none() {
            return Ok(());
        }
        let mode = fs::Permissions::from_mode(PASSABLE);
        fs::set_permissions(&self.path, mode).map_err(ScratchError::io(&self.path))
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn data(&self) -> PathBuf {
        self.path.join("data")
    }

    pub(super) fn socket_folder(&self) -> PathBuf {
        self.path.join("s")
    }

    pub(super) fn log(&self) -> PathBuf {
        self.path.join("log")
    }

    /// The open lock, for the server to hold as well.
    pub(super) fn lock(&self) -> io::Result<File> {
        self.lock.try_clone()
    }

    /// Removes the folder. What fails is left to the next sweep.
    pub(super) fn remove(&self) {
        let _ = remove_with_lock_last(&self.path);
    }
}

/// Removes the folders of runs that died without doing so themselves.
///
/// It never fails: what cannot be removed now is tried again next time.
pub(super) fn sweep(runs: &Path) {
    // In a shared folder that is someone else's there is nothing of ours.
    let own = rustix::process::geteuid().as_raw();
    if !fs::symlink_metadata(runs).is_ok_and(|folder| folder.is_dir() && folder.uid() == own) {
        return;
    }
    let Ok(entries) = fs::read_dir(runs) else { return };
    for entry in entries.flatten() {
        // Only what `claim` may have made: eight hexadecimal digits.
        let name = entry.file_name();
        if name.len() != 8 || !name.as_encoded_bytes().iter().all(u8::is_ascii_hexdigit) {
            continue;
        }
        let path = entry.path();
        match File::options().read(true).write(true).open(path.join("lock")) {
            Ok(lock) => match lock.try_lock() {
                Ok(()) => {
                    let _ = remove_with_lock_last(&path);
                }
                Err(TryLockError::WouldBlock | TryLockError::Error(_)) => {}
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound && is_old(&path) => {
                let _ = fs::remove_dir_all(&path);
            }
            Err(_) => {}
        }
    }
}

/// Removes the lock file last, so that a removal that is cut short is taken up
/// again by the next sweep.
fn remove_with_lock_last(path: &Path) -> io::Result<()> {
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        if entry.file_name() == "lock" {
            continue;
        }
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        } else {
            fs::remove_file(entry.path())?;
        }
    }
    fs::remove_dir_all(path)
}

fn is_old(path: &Path) -> bool {
    let modified = fs::symlink_metadata(path).and_then(|metadata| metadata.modified());
    modified.is_ok_and(|modified| modified.elapsed().is_ok_and(|age| age > UNLOCKED_AGE))
}

fn is_same(file: &File, path: &Path) -> bool {
    match (file.metadata(), fs::symlink_metadata(path)) {
        (Ok(open), Ok(there)) => (open.dev(), open.ino()) == (there.dev(), there.ino()),
        _ => false,
    }
}

/// Copies a data folder, for the account where there is one. A template holds
/// folders and files alone; anything else is none of ours and is left out.
fn copy(from: &Path, to: &Path, account: Option<&Account>) -> Result<(), ScratchError> {
    make_folder(to, account)?;
    for entry in fs::read_dir(from).map_err(ScratchError::io(from))? {
        let entry = entry.map_err(ScratchError::io(from))?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        let kind = entry.file_type().map_err(ScratchError::io(&source))?;
        if kind.is_dir() {
            copy(&source, &target, account)?;
        } else if kind.is_file() {
            fs::copy(&source, &target).map_err(ScratchError::io(&target))?;
            if let Some(account) = account {
                give(&target, account)?;
            }
        }
    }
    Ok(())
}

fn make_folder(path: &Path, account: Option<&Account>) -> Result<(), ScratchError> {
    DirBuilder::new().mode(0o700).create(path).map_err(ScratchError::io(path))?;
    account.map_or(Ok(()), |account| give(path, account))
}

fn give(path: &Path, account: &Account) -> Result<(), ScratchError> {
    chown(path, Some(account.uid), Some(account.gid)).map_err(ScratchError::io(path))
}

/// The last lines of a text.
pub(super) fn tail(text: &str, lines: usize) -> String {
    let all: Vec<&str> = text.lines().collect();
    all[all.len().saturating_sub(lines)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dead_runs_folder_is_swept_and_a_living_ones_is_not() -> Result<(), Box<dyn std::error::Error>> {
        let runs = tempfile::tempdir()?;
        let living = RunFolder::claim(runs.path())?;
        let dead = RunFolder::claim(runs.path())?;
        fs::write(dead.path.join("log"), "x")?;
        let dead_path = dead.path.clone();
        drop(dead);
        sweep(runs.path());
        assert!(living.path.is_dir());
        assert!(!dead_path.exists());
        Ok(())
    }

    #[test]
    fn a_lock_that_another_holds_open_keeps_the_folder() -> Result<(), Box<dyn std::error::Error>> {
        let runs = tempfile::tempdir()?;
        let run = RunFolder::claim(runs.path())?;
        let (path, in_the_server) = (run.path.clone(), run.lock()?);
        drop(run);
        sweep(runs.path());
        assert!(path.is_dir());
        drop(in_the_server);
        sweep(runs.path());
        assert!(!path.exists());
        Ok(())
    }

    #[test]
    fn a_folder_that_is_just_being_made_is_left_alone() -> Result<(), Box<dyn std::error::Error>> {
        let runs = tempfile::tempdir()?;
        let fresh = runs.path().join("00000000");
        fs::create_dir(&fresh)?;
        sweep(runs.path());
        assert!(fresh.is_dir());
        Ok(())
    }
}

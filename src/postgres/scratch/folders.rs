//! Where templates and fetched binaries are kept, and where runs live.

use std::env;
use std::fs::{self, DirBuilder};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use super::Options;
use super::account::Account;
use super::error::ScratchError;

/// The two folders of a scratch server, made and fit for use.
#[derive(Debug)]
pub(super) struct Folders {
    /// Templates and fetched binaries.
    pub(super) cache: PathBuf,
    /// One folder a running server.
    pub(super) runs: PathBuf,
    /// Where earlier runs may have been, when there was more or less room.
    pub(super) earlier_runs: Vec<PathBuf>,
}

/// A RAM disk is used where it has this much room. A run takes 30 MB and its
/// WAL 64 MB at most; what the migrations bring comes on top.
const ROOM: u64 = 1 << 30;

/// How long the path of a socket may be: `sun_path` holds 104 bytes on macOS
/// and the BSDs and 108 on Linux, with a zero byte at the end.
const SOCKET_PATH: usize = 103;

/// What a run folder adds to its parent: `/` and eight digits, the socket's
/// folder, and `.s.PGSQL.5432.lock`.
const RUN_PATH: usize = "/01234567/s/.s.PGSQL.5432.lock".len();

impl Folders {
    pub(super) fn choose(options: &Options, account: Option<&Account>) -> Result<Folders, ScratchError> {
        let cache = choose_cache(options, account)?;
        let candidates = run_candidates(options);
        let short = |folder: &PathBuf| folder.as_os_str().len() + RUN_PATH <= SOCKET_PATH;
        let usable = candidates.iter().filter(|folder| short(folder) && has_room(folder)).cloned().collect();
        let runs = first_usable(usable, "a server's socket, whose path is short", "TMPDIR", account)?;
        Ok(Folders { cache, runs, earlier_runs: candidates })
    }
}

/// `SCHEMACAST_CACHE`, else where caches belong, else the temporary folder.
///
/// As root it must be where the server's account can enter, which nothing
/// under /root is.
fn choose_cache(options: &Options, account: Option<&Account>) -> Result<PathBuf, ScratchError> {
    let named = options.cache.clone().or_else(|| path_variable("SCHEMACAST_CACHE"));
    if let Some(folder) = named {
        return match prepare(&folder, account, Trust::Named) {
            Ok(()) => Ok(folder),
            Err(reason) => Err(ScratchError::Folder { variable: "SCHEMACAST_CACHE", folder, reason }),
        };
    }
    let mut candidates = Vec::new();
    // A relative path there is invalid by the XDG specification.
    candidates
        .extend(path_variable("XDG_CACHE_HOME").filter(|path| path.is_absolute()).map(|path| path.join("schemacast")));
    if account.is_some() {
        candidates.push(PathBuf::from("/var/cache/schemacast"));
    } else if let Some(home) = path_variable("HOME") {
        let caches = if cfg!(target_os = "macos") { "Library/Caches" } else { ".cache" };
        candidates.push(home.join(caches).join("schemacast"));
    }
    candidates.push(env::temp_dir().join(format!("schemacast-cache-{}", own_uid())));
    first_usable(candidates, "the cache", "SCHEMACAST_CACHE", account)
}

/// The folders that runs may live in, best first: where the person says, in
/// RAM, since most of a start is to write a thousand small files, else where
/// temporary files go.
fn run_candidates(options: &Options) -> Vec<PathBuf> {
    if let Some(folder) = &options.runs {
        return vec![folder.clone()];
    }
    let named = path_variable("TMPDIR");
    let usual = [RAM_DISK, "/tmp", "/var/tmp"].into_iter().map(PathBuf::from);
    let name = format!("schemacast-{}", own_uid());
    named.into_iter().chain(usual).map(|folder| folder.join(&name)).collect()
}

/// Linux' own; elsewhere there is no such folder.
const RAM_DISK: &str = "/dev/shm";

/// Whether a folder of the RAM disk has room; a disk is taken as it is.
fn has_room(folder: &Path) -> bool {
    if !folder.starts_with(RAM_DISK) {
        return true;
    }
    rustix::fs::statvfs(RAM_DISK).is_ok_and(|disk| disk.f_bavail.saturating_mul(disk.f_frsize) >= ROOM)
}

fn first_usable(
    candidates: Vec<PathBuf>,
    purpose: &'static str,
    variable: &'static str,
    account: Option<&Account>,
) -> Result<PathBuf, ScratchError> {
    let mut tried = Vec::new();
    for folder in candidates {
        match prepare(&folder, account, Trust::Found) {
            Ok(()) => return Ok(folder),
            Err(reason) => tried.push(format!("{}: {reason}", folder.display())),
        }
    }
    Err(ScratchError::NoFolder { purpose, variable, tried })
}

/// Whose choice a folder is: one that a person named is theirs to answer for,
/// such as a volume of a container with an owner of its own.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trust {
    Named,
    Found,
}

/// Makes a folder, or sees that one that is there is ours alone to write.
///
/// In a shared temporary folder anyone may have made it first, and whoever
/// owns it could slip another server below our feet.
fn prepare(folder: &Path, account: Option<&Account>, trust: Trust) -> Result<(), String> {
    if !folder.is_absolute() {
        return Err("it is not an absolute path".to_owned());
    }
    let mode = if account.is_some() { 0o711 } else { 0o700 };
    DirBuilder::new().recursive(true).mode(mode).create(folder).map_err(|error| error.to_string())?;
    let found = fs::symlink_metadata(folder).map_err(|error| error.to_string())?;
    let found = if found.is_symlink() && !is_shared(folder) {
        fs::metadata(folder).map_err(|error| error.to_string())?
    } else {
        found
    };
    if !found.is_dir() {
        return Err("it is not a folder".to_owned());
    }
    if trust == Trust::Found && found.uid() != own_uid() {
        return Err("it belongs to someone else".to_owned());
    }
    if trust == Trust::Found && found.permissions().mode() & 0o022 != 0 {
        return Err("others may write to it".to_owned());
    }
    if let Some(account) = account
        && !account.reaches(folder)
    {
        return Err(format!("the account `{}`, which the server runs as, cannot enter it", account.name));
    }
    // A folder that is there may still be on a read-only disk.
    rustix::fs::access(folder, rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK)
        .map_err(|error| std::io::Error::from(error).to_string())
}

/// Whether anyone may write beside a folder, as in /tmp.
fn is_shared(folder: &Path) -> bool {
    folder.parent().and_then(|parent| fs::metadata(parent).ok()).is_none_or(|parent| parent.mode() & 0o002 != 0)
}

fn path_variable(name: &str) -> Option<PathBuf> {
    env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

fn own_uid() -> u32 {
    rustix::process::geteuid().as_raw()
}

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
}

/// How long the path of a socket may be: `sun_path` holds 104 bytes on macOS
/// and the BSDs and 108 on Linux, with a zero byte at the end.
const SOCKET_PATH: usize = 103;

/// What a run folder adds to its parent: `/` and eight digits, the socket's
/// folder, and `.s.PGSQL.5432.lock`.
const RUN_PATH: usize = "/01234567/s/.s.PGSQL.5432.lock".len();

impl Folders {
    pub(super) fn choose(options: &Options, account: Option<&Account>) -> Result<Folders, ScratchError> {
        Ok(Folders { cache: choose_cache(options, account)?, runs: choose_runs(options, account)? })
    }
}

/// `SCHEMACAST_CACHE`, else where caches belong, else the temporary folder.
///
/// As root it must be where the server's account can enter, which nothing
/// under /root is.
fn choose_cache(options: &Options, account: Option<&Account>) -> Result<PathBuf, ScratchError> {
    let named = options.cache.clone().or_else(|| path_variable("SCHEMACAST_CACHE"));
    if let Some(folder) = named {
        return match prepare(&folder, account) {
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

/// A folder for runs with a path so short that a socket fits below it.
fn choose_runs(options: &Options, account: Option<&Account>) -> Result<PathBuf, ScratchError> {
    let name = format!("schemacast-{}", own_uid());
    let candidates: Vec<PathBuf> = match &options.runs {
        Some(folder) => vec![folder.clone()],
        None => {
            [env::temp_dir(), PathBuf::from("/tmp"), PathBuf::from("/var/tmp")].map(|folder| folder.join(&name)).into()
        }
    };
    let short = candidates.into_iter().filter(|folder| folder.as_os_str().len() + RUN_PATH <= SOCKET_PATH).collect();
    first_usable(short, "a server's socket, whose path is short", "TMPDIR", account)
}

fn first_usable(
    candidates: Vec<PathBuf>,
    purpose: &'static str,
    variable: &'static str,
    account: Option<&Account>,
) -> Result<PathBuf, ScratchError> {
    let mut tried = Vec::new();
    for folder in candidates {
        match prepare(&folder, account) {
            Ok(()) => return Ok(folder),
            Err(reason) => tried.push(format!("{}: {reason}", folder.display())),
        }
    }
    Err(ScratchError::NoFolder { purpose, variable, tried })
}

/// Makes a folder, or sees that one that is there is ours alone to write.
///
/// In a shared temporary folder anyone may have made it first, and whoever
/// owns it could slip another server below our feet.
fn prepare(folder: &Path, account: Option<&Account>) -> Result<(), String> {
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
    if found.uid() != own_uid() {
        return Err("it belongs to someone else".to_owned());
    }
    if found.permissions().mode() & 0o022 != 0 {
        return Err("others may write to it".to_owned());
    }
    if let Some(account) = account
        && !account.reaches(folder)
    {
        return Err(format!("the account `{}`, which the server runs as, cannot enter it", account.name));
    }
    // A folder that is there may still be on a read-only disk.
    let probe = folder.join(format!(".probe-{}", std::process::id()));
    fs::write(&probe, b"").and_then(|()| fs::remove_file(&probe)).map_err(|error| error.to_string())
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

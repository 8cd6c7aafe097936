//! A data folder that is made once and copied for each server.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::{DirBuilderExt as _, chown, lchown};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sha2::{Digest as _, Sha256};

use super::account::Account;
use super::binaries::Binaries;
use super::error::ScratchError;
use super::folders::Folders;
use super::run_folder::{RunFolder, tail};

/// The superuser of every scratch server.
pub(super) const SUPERUSER: &str = "postgres";

/// How the template is made. It is a part of the template's key, so that a
/// change here makes a new one.
///
/// `-N` since nothing in a scratch server must survive a power cut, `trust`
/// since its socket's folder lets nobody else in, and a small segment of WAL
/// since each copy would carry 16 MB of it otherwise.
const INITDB: &[&str] =
    &["-N", "--no-instructions", "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--no-locale", "--wal-segsize=1"];

/// The template for these binaries, made where it is not there.
pub(super) fn ensure(
    binaries: &Binaries,
    folders: &Folders,
    account: Option<&Account>,
    tell: fn(&str),
) -> Result<PathBuf, ScratchError> {
    let template = folders.cache.join(format!("template-{}", key(binaries)));
    if template.join("PG_VERSION").is_file() {
        return Ok(template);
    }
    tell(&format!("preparing a scratch Postgres {}, once", binaries.version));
    let staging = RunFolder::stage(&folders.cache, account)?;
    let made = make(binaries, &staging, account).and_then(|()| place(&staging.data(), &template));
    staging.remove();
    made.map(|()| template)
}

/// Puts a finished folder where it belongs. A rename is all or nothing, and
/// where another process was first, its folder is as good as ours.
pub(super) fn place(made: &Path, target: &Path) -> Result<(), ScratchError> {
    match fs::rename(made, target) {
        Err(_) if target.is_dir() => Ok(()),
        outcome => outcome.map_err(ScratchError::io(target)),
    }
}

/// Made anew for other binaries, another version, another way of making it.
fn key(binaries: &Binaries) -> String {
    let text = format!("{}\n{}\n{}", binaries.folder.display(), binaries.version, INITDB.join(" "));
    Sha256::digest(text.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn make(binaries: &Binaries, staging: &RunFolder, account: Option<&Account>) -> Result<(), ScratchError> {
    let data = &staging.data();
    DirBuilder::new().mode(0o700).create(data).map_err(ScratchError::io(data))?;
    let program = binaries.program("initdb");
    let mut command = Command::new(&program);
    command.args(INITDB).arg("-D").arg(data).current_dir("/");
    // It holds the lock too, should we be killed while it works.
    command.stdin(Stdio::from(staging.lock().map_err(ScratchError::io(data))?));
    clean_environment(&mut command);
    if let Some(account) = account {
        chown(data, Some(account.uid), Some(account.gid)).map_err(ScratchError::io(data))?;
        account.apply(&mut command);
    }
    let output = command.output().map_err(|error| ScratchError::Spawn { program: program.clone(), error })?;
    if !output.status.success() {
        let text = [output.stdout, output.stderr].concat();
        return Err(ScratchError::Initdb {
            status: output.status.to_string(),
            output: tail(&String::from_utf8_lossy(&text), 20),
        });
    }
    // Root takes the folder over, so that what it copies later cannot be
    // exchanged by the account in the meantime.
    if account.is_some() {
        own(data, 0, 0)?;
    }
    Ok(())
}

/// Gives a folder and all below it to someone, top first, never through links.
fn own(path: &Path, uid: u32, gid: u32) -> Result<(), ScratchError> {
    lchown(path, Some(uid), Some(gid)).map_err(ScratchError::io(path))?;
    if fs::symlink_metadata(path).map_err(ScratchError::io(path))?.is_dir() {
        for entry in fs::read_dir(path).map_err(ScratchError::io(path))? {
            own(&entry.map_err(ScratchError::io(path))?.path(), uid, gid)?;
        }
    }
    Ok(())
}

/// Takes libpq's and the server's variables away: a PGDATA or a locale of the
/// person's must not change what a scratch server does.
pub(super) fn clean_environment(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let name_text = name.to_string_lossy();
        if ["PG", "LC_", "POSTGRES_", "DATABASE_"].iter().any(|prefix| name_text.starts_with(prefix)) {
            command.env_remove(&name);
        }
    }
    command.env_remove("LANGUAGE").env("LANG", "C").env("LC_ALL", "C").env("TZ", "UTC");
}

//! Who the server runs as, where we are root: Postgres refuses to be root.

use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use super::error::ScratchError;

/// An account of this machine that is not root.
#[derive(Debug, Clone)]
pub(super) struct Account {
    pub(super) name: String,
    pub(super) uid: u32,
    pub(super) gid: u32,
}

impl Account {
    /// `None` where this process is not root and the server runs as we do.
    pub(super) fn for_this_process() -> Result<Option<Account>, ScratchError> {
        if !rustix::process::geteuid().is_root() {
            return Ok(None);
        }
        let path = Path::new("/etc/passwd");
        let passwd = fs::read_to_string(path).map_err(ScratchError::io(path))?;
        let named = |name| passwd.lines().find_map(|line| read_account(line, name));
        named("postgres")
            .or_else(|| named("_postgres"))
            .or_else(|| named("nobody"))
            .map(Some)
            .ok_or(ScratchError::NoAccount)
    }

    /// Has a command run as this account. Root's further groups are dropped by
    /// the standard library as soon as a user is set.
    pub(super) fn apply(&self, command: &mut Command) {
        command.uid(self.uid).gid(self.gid);
    }

    /// Whether this account may pass through every folder on the way to `path`
    /// and through `path` itself.
    pub(super) fn reaches(&self, path: &Path) -> bool {
        path.ancestors()
            .filter(|folder| !folder.as_os_str().is_empty())
            .all(|folder| fs::metadata(folder).is_ok_and(|folder| self.may_pass(&folder)))
    }

    fn may_pass(&self, folder: &Metadata) -> bool {
        let bit = if folder.uid() == self.uid {
            0o100
        } else if folder.gid() == self.gid {
            0o010
        } else {
            0o001
        };
        folder.mode() & bit != 0
    }
}

/// One line of passwd(5), where it is the named account's.
fn read_account(line: &str, name: &str) -> Option<Account> {
    let mut fields = line.split(':');
    if fields.next() != Some(name) {
        return None;
    }
    let uid = read_id(fields.nth(1)?)?;
    let gid = read_id(fields.next()?)?;
    (uid != 0).then(|| Account { name: name.to_owned(), uid, gid })
}

/// macOS writes the id of `nobody` as -2.
fn read_id(text: &str) -> Option<u32> {
    text.parse::<u32>().ok().or_else(|| text.parse::<i32>().ok().map(i32::cast_unsigned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_read_and_root_is_none() {
        let account = read_account("postgres:x:101:104:PostgreSQL:/var/lib/postgresql:/bin/bash", "postgres");
        assert_eq!(account.map(|account| (account.uid, account.gid)), Some((101, 104)));
        let nobody = read_account("nobody:*:-2:-2:Unprivileged:/var/empty:/usr/bin/false", "nobody");
        assert_eq!(nobody.map(|account| account.uid), Some(4_294_967_294));
        assert!(read_account("postgres:x:0:0::/:/bin/sh", "postgres").is_none());
        assert!(read_account("postgres2:x:7:7::/:/bin/sh", "postgres").is_none());
    }
}

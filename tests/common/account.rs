//! Who runs a server where we are root: Postgres and pgbouncer refuse to be.

use std::fs;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

/// The ids of an account of this machine; none where we are not root.
pub fn ids() -> Option<(u32, u32)> {
    if !rustix::process::geteuid().is_root() {
        return None;
    }
    let passwd = fs::read_to_string("/etc/passwd").expect("a list of accounts");
    let line = ["postgres:", "_postgres:", "nobody:"]
        .iter()
        .find_map(|name| passwd.lines().find(|line| line.starts_with(name)))
        .expect("an account to run a server as");
    let mut fields = line.split(':').skip(2).map(|id| id.parse().expect("an id"));
    Some((fields.next().expect("a user's id"), fields.next().expect("a group's id")))
}

/// Has a command run as the account.
pub fn apply(command: &mut Command) {
    if let Some((user, group)) = ids() {
        command.uid(user).gid(group);
    }
}

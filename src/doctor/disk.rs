//! Where files are written: whether they can be, and whether there is room.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::Subject;
use super::check::{Check, Findings};
use crate::codegen::layout;

/// Tries each folder that a run of the project writes to.
pub(super) fn outputs(subject: &Subject) -> Check {
    let places = &subject.places;
    let layout = &places.layout;
    let mut folders = vec![layout.folder.clone(), layout.generated.clone(), places.runs()];
    folders.extend(layout.folder.parent().map(Path::to_path_buf));
    let outputs: Vec<PathBuf> = match &subject.registry {
        Some(declared) => {
            declared.registry.tasks.iter().flat_map(|task| &task.output).filter_map(|path| places.find(path)).collect()
        }
        None => Vec::new(),
    };
    folders.extend(outputs.iter().filter_map(|path| Some(path.parent()?.to_path_buf())));
    folders.sort();
    folders.dedup();
    let mut findings = Findings::default();
    for folder in &folders {
        if let Err(fault) = writable(&places.root, folder) {
            findings.bad(fault.note, fault.fix);
        }
    }
    for file in [&layout.manifest, &places.drift_report()] {
        if file.is_dir() {
            let shown = places.shown(file);
            findings.bad(format!("{shown} is a folder, and a file goes there"), format!("move {shown} away"));
        }
    }
    let shown: Vec<String> = folders.iter().map(|folder| shown(&places.root, folder)).collect();
    findings.into_check("output folders", format!("can be written: {}", shown.join(", ")))
}

struct Fault {
    note: String,
    fix: String,
}

/// Really makes a file in a folder, and removes it again. Of a folder that is
/// not there yet, in the nearest above it that is.
fn writable(root: &Path, folder: &Path) -> Result<(), Fault> {
    let nearest = nearest(folder);
    let at = shown(root, &nearest);
    if !nearest.is_dir() {
        let note = format!("{at} is a file, and a folder goes there");
        return Err(Fault { note, fix: format!("move the file {at} away") });
    }
    // A new file alone shows it: rights say nothing of a disk that is full or
    // mounted to be read only.
    let path = nearest.join(format!(".schemacast-doctor-{}", std::process::id()));
    let made = match File::create_new(&path) {
        Ok(mut file) => {
            let _probe = Probe(path);
            file.write_all(b"schemacast doctor: may be removed\n")
        }
        // Somebody else's could be made, so it is left alone.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    };
    made.map_err(|error| {
        let fix = match error.kind() {
            io::ErrorKind::PermissionDenied => format!("give this user the right to write there: chmod u+w {at}"),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "free some space there".to_owned(),
            io::ErrorKind::ReadOnlyFilesystem => {
                "mount it so that it can be written, or take another --root".to_owned()
            }
            _ => format!("see what stands in the way at {at}"),
        };
        Fault { note: format!("{at} cannot be written: {error}"), fix }
    })
}

/// Gone when it goes out of scope, however that comes.
struct Probe(PathBuf);

impl Drop for Probe {
    fn drop(&mut self) {
        // What cannot be removed says itself that it may be.
        let _ = fs::remove_file(&self.0);
    }
}

/// The path itself or the nearest above it that is there.
fn nearest(path: &Path) -> PathBuf {
    let there = path.ancestors().find(|path| !path.as_os_str().is_empty() && path.symlink_metadata().is_ok());
    there.map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

fn shown(root: &Path, path: &Path) -> String {
    match layout::below(root, path) {
        shown if shown.is_empty() => ".".to_owned(),
        shown => shown,
    }
}

/// Whether there is room on the root's disk.
pub(super) fn space(root: &Path, wanted: u64) -> Check {
    let name = "disk space";
    let place = nearest(root);
    match rustix::fs::statvfs(&place) {
        Ok(disk) => judge(name, disk.f_bavail.saturating_mul(disk.f_frsize), wanted),
        Err(error) => {
            let why = format!("{}: {}", place.display(), io::Error::from(error));
            Check::not_made(name, why, "look yourself: df -h .")
        }
    }
}

fn judge(name: &'static str, free: u64, wanted: u64) -> Check {
    let mebibytes = |bytes: u64| format!("{} MiB", bytes >> 20);
    if free >= wanted {
        return Check::good(name, format!("{} free", mebibytes(free)));
    }
    let note = format!("{} free, and {} are wanted", mebibytes(free), mebibytes(wanted));
    Check::warning(name, note, "free some space: old runs are in .schemacast/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Outcome;

    #[test]
    fn too_little_space_is_a_warning_and_enough_is_good() {
        assert_eq!(judge("disk space", 10 << 20, 20 << 20).outcome, Outcome::Warning);
        assert_eq!(judge("disk space", 20 << 20, 20 << 20).outcome, Outcome::Good);
    }

    #[test]
    fn a_folder_is_tried_and_left_as_it_was() {
        let root = std::env::temp_dir().join(format!("schemacast-disk-{}", std::process::id()));
        fs::create_dir_all(&root).unwrap();
        fs::write(root.join("taken"), "").unwrap();
        assert!(writable(&root, &root.join("new/deep")).is_ok());
        let fault = writable(&root, &root.join("taken/below")).err().unwrap();
        assert_eq!(fault.note, "taken is a file, and a folder goes there");
        let names: Vec<_> = fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["taken"]);
        fs::remove_dir_all(&root).unwrap();
    }
}

//! Runs the program, and looks for the password in all that others can see.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// Pieces of the password in any of its forms, in lower case: a piece is a leak
/// as well, and a URL that is misread leaks pieces.
const PIECES: [&str; 5] = ["canary", "ss#w", "ss%23w", "w%rd", "w%25rd"];

/// The piece that a text holds.
pub fn leak(text: &[u8]) -> Option<&'static str> {
    let text = String::from_utf8_lossy(text).to_lowercase();
    PIECES.into_iter().find(|piece| text.contains(piece))
}

#[track_caller]
pub fn holds_none(what: &str, text: &[u8]) {
    if let Some(piece) = leak(text) {
        panic!("{what} holds `{piece}`:\n{}", String::from_utf8_lossy(text));
    }
}

/// Every file below a folder, but those that the test wrote the password into.
#[track_caller]
pub fn files_hold_none(folder: &Path, but: &[&str]) {
    let mut folders = vec![folder.to_owned()];
    while let Some(current) = folders.pop() {
        for entry in fs::read_dir(&current).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            holds_none("a name", path.strip_prefix(folder).unwrap().to_string_lossy().as_bytes());
            if path.is_dir() {
                folders.push(path);
            } else if !but.iter().any(|but| path.ends_with(but)) {
                holds_none(&path.display().to_string(), &fs::read(&path).unwrap_or_default());
            }
        }
    }
}

/// What a run said, and how it ended.
pub struct Said {
    pub code: Option<i32>,
    pub text: String,
}

/// Runs a command and looks at what it prints and, while it runs, at the
/// arguments of every process. An argument of its own that holds the password
/// must be gone soon.
#[track_caller]
pub fn run(command: &mut Command, input: &str) -> Said {
    let shown = format!("{:?}", command.get_args().collect::<Vec<_>>());
    let is_given = leak(shown.as_bytes()).is_some();
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let is_over = Arc::new(AtomicBool::new(false));
    let (flag, own) = (Arc::clone(&is_over), child.id());
    let watch = thread::spawn(move || {
        let mut looks = 0;
        let mut found = Vec::new();
        while !flag.load(Ordering::Relaxed) {
            looks += 1;
            for (id, arguments) in arguments() {
                // Only what it was given itself, before it could read it. What
                // other tests start stands beside it.
                let is_early = (id == own && is_given && looks < 100) || (id != own && is_child(id));
                if !is_early && leak(&arguments).is_some() {
                    found.push(format!("{id}: {}", String::from_utf8_lossy(&arguments).replace('\0', " ")));
                }
            }
            thread::sleep(Duration::from_millis(2));
        }
        found
    });
    // Whoever does not read it has said why not.
    let _ = child.stdin.take().map(|mut stdin| stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().unwrap();
    is_over.store(true, Ordering::Relaxed);
    let found = watch.join().unwrap();
    assert!(found.is_empty(), "{shown}: in the list of processes: {found:#?}");
    holds_none(&format!("{shown}: stdout"), &output.stdout);
    holds_none(&format!("{shown}: stderr"), &output.stderr);
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    Said { code: output.status.code(), text }
}

/// The arguments of every process of this machine; none where it has no /proc.
fn arguments() -> Vec<(u32, Vec<u8>)> {
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    let ids = entries.flatten().filter_map(|entry| entry.file_name().to_string_lossy().parse::<u32>().ok());
    ids.filter_map(|id| Some((id, fs::read(format!("/proc/{id}/cmdline")).ok()?))).collect()
}

/// Whether this process has started it.
fn is_child(id: u32) -> bool {
    // What is gone by now is not known; the next look has it no more.
    let Ok(stat) = fs::read_to_string(format!("/proc/{id}/stat")) else { return true };
    let parent = stat.rsplit_once(')').and_then(|(_, rest)| rest.split_whitespace().nth(1)?.parse().ok());
    parent == Some(std::process::id())
}

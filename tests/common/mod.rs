//! What several tests need.

use std::io::Write as _;
use std::path::Path;

/// Whether a test must be left out for want of a program. It is said on
/// stderr, where the test runner does not catch it. In CI nothing is left out:
/// there the test goes on and fails.
pub fn is_skipped_without(program: &str) -> bool {
    let found = std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| Path::new(&folder).join(program).is_file()));
    if found || std::env::var_os("CI").is_some() {
        return false;
    }
    let name = std::thread::current().name().unwrap_or("a test").to_owned();
    // If nobody reads stderr, nobody misses the line.
    let _ = writeln!(std::io::stderr(), "skipped: {name} needs `{program}`, which is not installed");
    true
}

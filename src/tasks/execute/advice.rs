//! The way out of what the system refuses: files, folders, programs, time.
//!
//! What the database refuses has its advice in [`crate::postgres::advice`].

/// What to try for a message of the system's, the likeliest first; nothing for
/// one that is not known.
pub fn of_system(message: &str) -> Vec<String> {
    let has = |texts: &[&str]| texts.iter().any(|text| message.contains(text));
    let text = if message.starts_with("cannot start `") {
        "the program cannot be started: check its name, that it is installed and in PATH, and that it may be executed"
    } else if has(&["Permission denied", "Read-only file system"]) {
        "the folder cannot be written: check its owner and rights (ls -ld), or run as the user whose it is"
    } else if has(&["Not a directory", "File exists", "Is a directory"]) {
        "a file stands where a folder is needed, or a folder where a file is: move it out of the way"
    } else if has(&["No space left"]) {
        "the disk is full: make room and run again with --resume"
    } else if has(&["the connection with"]) {
        "the server is gone or does not answer: check that it runs and the network, then go on with --resume"
    } else {
        return Vec::new();
    };
    vec![text.to_owned()]
}

/// What to try where a task took longer than its `timeout`.
pub fn of_timeout() -> Vec<String> {
    vec!["give it more time (`timeout` in the registry), or see in its log what it waits for".to_owned()]
}

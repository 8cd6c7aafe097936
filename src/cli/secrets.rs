//! The passwords that stand in the arguments themselves.
//!
//! A URL is better off in the environment or in `.env`, for whoever lists a
//! machine's processes sees their arguments. Where one is given all the same,
//! it is neither quoted in a message nor left in that list.

use std::ffi::OsString;

use crate::postgres::url::passwords;
use crate::tasks::redact::Redaction;

/// What must not be told of the arguments.
pub(super) fn of_arguments(arguments: &[OsString]) -> Redaction {
    let mut redaction = Redaction::default();
    for argument in arguments {
        let argument = argument.to_string_lossy();
        if !passwords(&argument).is_empty() {
            redaction.url(value(&argument));
        }
    }
    redaction
}

/// What an option is set to, as in `--database-url=…`; else the argument.
fn value(argument: &str) -> &str {
    match argument.strip_prefix("--").and_then(|option| option.split_once('=')) {
        Some((_, value)) => value,
        None => argument,
    }
}

/// Writes stars over the passwords in this process's arguments, as other
/// clients of databases do. Where the system does not let us, they stay.
///
/// They are read before: afterwards `std::env::args` gives the stars too.
#[cfg(target_os = "linux")]
pub(super) fn hide_arguments() {
    // Nobody is worse off than before where one of these cannot be opened.
    let _ = overwrite();
}

#[cfg(not(target_os = "linux"))]
pub(super) fn hide_arguments() {}

#[cfg(target_os = "linux")]
fn overwrite() -> Option<()> {
    use std::fs::{self, OpenOptions};
    use std::os::unix::fs::FileExt as _;

    let arguments = fs::read("/proc/self/cmdline").ok()?;
    let spans = secret_spans(&arguments);
    if spans.is_empty() {
        return Some(());
    }
    // proc_pid_stat(5): the name in parentheses may hold blanks, what follows
    // it begins with the third field, and the 48th says where arguments begin.
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let begin: u64 = stat.rsplit_once(')')?.1.split_whitespace().nth(48 - 3)?.parse().ok()?;
    let memory = OpenOptions::new().write(true).open("/proc/self/mem").ok()?;
    for span in spans {
        let stars = vec![b'*'; span.len()];
        memory.write_all_at(&stars, begin.checked_add(u64::try_from(span.start).ok()?)?).ok()?;
    }
    Some(())
}

/// Where passwords stand in arguments that a zero byte ends each.
#[cfg(any(test, target_os = "linux"))]
fn secret_spans(arguments: &[u8]) -> Vec<std::ops::Range<usize>> {
    let mut spans = Vec::new();
    let mut begin = 0;
    for argument in arguments.split(|byte| *byte == 0) {
        for password in passwords(value(&String::from_utf8_lossy(argument))) {
            let found = argument.windows(password.len()).enumerate();
            let found = found.filter(|(_, part)| *part == password.as_bytes());
            spans.extend(found.map(|(at, part)| begin + at..begin + at + part.len()));
        }
        begin += argument.len() + 1;
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_password_among_arguments_is_found() {
        let arguments =
            b"schemacast\0diff\0--database-url=postgres://u:p%40w0rd@h/d\0postgres://u:a/b@h/d\0shop:host=h password=c\0--set\0a=b\0";
        let spans = secret_spans(arguments);
        let texts: Vec<_> = spans.iter().map(|span| String::from_utf8_lossy(&arguments[span.clone()])).collect();
        assert_eq!(texts, ["p%40w0rd", "a/b", "c"]);
    }
}

//! The record of what was made in a folder: what may be removed or written
//! over there without asking.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::staged;
use super::{Error, read_if_there};

/// The record's file: a line for each file, `sha256 target path`.
pub const RECORD: &str = ".schemacast-files";

/// One file of a record.
#[derive(Clone)]
pub struct Made {
    pub sha256: String,
    pub target: String,
}

/// What was made, by path.
pub type Record = BTreeMap<String, Made>;

/// The record of a folder; nothing where there is none.
///
/// # Errors
/// It is there and cannot be read.
pub fn read(root: &Path) -> Result<Record, Error> {
    Ok(made(&read_if_there(&root.join(RECORD))?.unwrap_or_default()).collect())
}

/// Paths and digests of what runs that were killed had in hand. Some of their
/// files may be in place and their record not, for that is renamed last.
pub fn interrupted(root: &Path) -> BTreeSet<(String, String)> {
    let records = staged::abandoned(root, [RECORD].into_iter());
    // One that cannot be read tells of nothing: its files are then told as
    // changed by hand, as they were before there was this look.
    let texts = records.iter().filter_map(|record| read_if_there(record).ok().flatten());
    texts.flat_map(|text| made(&text).map(|(path, made)| (path, made.sha256)).collect::<Vec<_>>()).collect()
}

/// The record's text.
pub fn text(record: &Record) -> String {
    let mut text = String::from("# The files here that schemacast made: SHA-256, target, path. Check it in.\n");
    for (path, made) in record {
        text.push_str(&format!("{} {} {path}\n", made.sha256, made.target));
    }
    text
}

/// The files of a record's text. A line that is damaged is passed over: its
/// file is then known by its header.
fn made(text: &[u8]) -> impl Iterator<Item = (String, Made)> {
    let text = String::from_utf8_lossy(text);
    let made = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut parts = line.splitn(3, ' ');
        let (sha256, target, path) = (parts.next()?, parts.next()?, parts.next()?);
        Some((path.to_owned(), Made { sha256: sha256.to_owned(), target: target.to_owned() }))
    });
    made.collect::<Vec<_>>().into_iter()
}

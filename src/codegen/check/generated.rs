//! What the tests of the parsers try on: the files in generated/.

use std::fs;
use std::path::Path;

/// The text of each file with an extension, for all projects of this
/// repository, sorted.
pub fn texts(extension: &str) -> Vec<String> {
    fn collect(folder: &Path, extension: &str, texts: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, extension, texts);
            } else if path.extension().is_some_and(|found| found == extension) {
                texts.push(fs::read_to_string(&path).unwrap());
            }
        }
    }
    let mut texts = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("generated"), extension, &mut texts);
    texts.sort();
    texts
}

//! Text into a [`Manifest`], or into every mistake that it holds.

use std::sync::LazyLock;

use serde_json::Value;

use super::pieces::{self, Grain};
use super::{Manifest, beside, information_schema, sort, verify};
use crate::codegen::document::{self, Fault, Mistake, Path};
use crate::codegen::threads;

/// The version of the format that is read and written.
pub const VERSION: &str = "1.0";

/// Reads a manifest: YAML or JSON, in its own shape or in the plain one of
/// information_schema, and puts it in its canonical order.
///
/// # Errors
/// Every mistake that can be found in one run: a text that does not parse has
/// one; one that parses has all its mistakes of form; one whose form is right
/// has all its contradictions (see [`verify()`]). Sorted by place.
pub fn read(text: &str) -> Result<Manifest, Vec<Mistake>> {
    if text.len() >= BIG
        && let Some(manifest) = read_in_pieces(text, PIECE, threads::available())
    {
        return Ok(manifest);
    }
    let mut manifest = read_as_written(text)?.manifest;
    sort(&mut manifest);
    Ok(manifest)
}

/// The size in bytes from which on a text is read in pieces, and that of a
/// piece: some tens of tables, whose events take less than a megabyte.
const BIG: usize = 2 * PIECE;
const PIECE: usize = 32 << 10;

/// Reads a text in pieces, each of at least so many bytes of its tables, on up
/// to that many threads. It takes memory for the events of a piece on each
/// thread, where the whole text's take twenty times its own size.
///
/// `None` where the text is to be read whole, for its shape or for a mistake
/// that it has somewhere.
///
/// Architecture Invariant: what is read is what the whole text says, whatever
/// the pieces and the threads.
pub fn read_in_pieces(text: &str, piece: usize, threads: usize) -> Option<Manifest> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if document::check(text).is_err() || !document::zero_characters(text).is_empty() {
        return None;
    }
    let manifest = pieces::read(text, &[], Grain { piece, threads })?;
    (manifest.version == VERSION && verify(&manifest).is_empty()).then_some(manifest)
}

/// A manifest in the order of its text, so that the place of an object is its
/// place there.
pub struct Written {
    pub manifest: Manifest,
    /// Paths of tables as they are in the manifest, and as they were in a text
    /// of information_schema's shape.
    moved: Vec<(Path, Path)>,
}

impl Written {
    /// Where in the text's document something of the manifest stands.
    pub fn place(&self, path: &Path) -> Path {
        path.moved(&self.moved)
    }
}

/// Reads a manifest and leaves the order of its lists as it is: for whoever
/// says where in the text an object stands.
///
/// # Errors
/// As [`read()`].
pub fn read_as_written(text: &str) -> Result<Written, Vec<Mistake>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    document::check(text).map_err(|mistake| vec![mistake])?;
    let zeros = document::zero_characters(text);
    if !zeros.is_empty() {
        return Err(zeros);
    }
    let written = match document::read_strictly(text) {
        Some(manifest) => Written { manifest, moved: Vec::new() },
        None => read_slowly(text)?,
    };
    let manifest = &written.manifest;
    if manifest.version != VERSION {
        let message =
            format!("this is a manifest of version `{}`; schemacast reads version `{VERSION}`", manifest.version);
        return Err(document::place(text, vec![fault(Path::default().key("version"), message)]));
    }
    let contradictions = verify(manifest);
    if !contradictions.is_empty() {
        let faults = contradictions.into_iter().map(|(path, message)| fault(path, message)).collect();
        return Err(document::place(text, faults));
    }
    Ok(written)
}

/// Reads a manifest beside one that is known, as it was read from a database.
///
/// A table that stands in the text byte for byte as [`write()`](super::write())
/// writes the known one is that one: it is neither parsed nor held twice. Others
/// are read in pieces, as those of a big text are ([`read_in_pieces`]). Its
/// lines but the first are blank in the text that is given back, which is for
/// whoever looks for places of anything else ([`read_unverified`]). A text that
/// nothing of the known manifest stands in is read, and given back, as it is.
///
/// Architecture Invariant: what is read, and what is refused, is what [`read()`]
/// says of the text.
///
/// # Errors
/// As [`read()`].
pub fn read_beside(text: String, known: &Manifest) -> Result<(Manifest, String), Vec<Mistake>> {
    match beside::read(text, known, Grain { piece: PIECE, threads: threads::available() }) {
        Ok(read) => Ok(read),
        Err(text) => read(&text).map(|manifest| (manifest, text)),
    }
}

/// A manifest that was verified elsewhere, in the order of its text, or what is
/// left of one beside another ([`read_beside`]). `None` where it is none.
pub fn read_unverified(text: &str) -> Option<Written> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match document::read_strictly(text) {
        Some(manifest) => Some(Written { manifest, moved: Vec::new() }),
        None => read_slowly(text).ok(),
    }
}

/// The JSON Schema of the manifest (2020-12).
pub fn json_schema() -> &'static Value {
    static SCHEMA: LazyLock<Value> = LazyLock::new(|| {
        let mut schema = schemars::schema_for!(Manifest).to_value();
        schema["title"] = Value::from("schemacast manifest");
        schema
    });
    &SCHEMA
}

/// What the strict reader refused: the plain shape of information_schema, or
/// a document with mistakes.
fn read_slowly(text: &str) -> Result<Written, Vec<Mistake>> {
    if text.trim().is_empty() {
        let message = "the manifest is empty; `schemacast introspect` writes one".to_owned();
        return Err(vec![Mistake { position: None, message }]);
    }
    let mut value = document::parse(text).map_err(|mistake| vec![mistake])?;
    let information_schema::Normalised { faults, moved } = information_schema::normalise(&mut value);
    let mut faults: Vec<Fault> = faults.into_iter().map(|(path, message)| fault(path, message)).collect();
    match document::from_value(value, json_schema()) {
        Ok(manifest) if faults.is_empty() => return Ok(Written { manifest, moved }),
        Ok(_) => {}
        Err(more) => faults.extend(more),
    }
    for fault in &mut faults {
        fault.path = fault.path.moved(&moved);
    }
    Err(document::place(text, faults))
}

fn fault(path: Path, message: String) -> Fault {
    Fault { path, at_key: false, message }
}

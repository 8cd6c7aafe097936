//! Text into a [`Manifest`], or into every mistake that it holds.

use std::sync::LazyLock;

use serde_json::Value;

use super::{Manifest, information_schema, sort, verify};
use crate::codegen::document::{self, Fault, Mistake, Path};

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
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut manifest: Manifest = match document::read_strictly(text) {
        Some(manifest) => manifest,
        None => read_slowly(text)?,
    };
    if manifest.version != VERSION {
        let message =
            format!("this is a manifest of version `{}`; schemacast reads version `{VERSION}`", manifest.version);
        return Err(document::place(text, vec![fault(Path::default().key("version"), message)]));
    }
    let contradictions = verify(&manifest);
    if !contradictions.is_empty() {
        let faults = contradictions.into_iter().map(|(path, message)| fault(path, message)).collect();
        return Err(document::place(text, faults));
    }
    sort(&mut manifest);
    Ok(manifest)
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
fn read_slowly(text: &str) -> Result<Manifest, Vec<Mistake>> {
    if text.trim().is_empty() {
        let message = "the manifest is empty; `schemacast introspect` writes one".to_owned();
        return Err(vec![Mistake { position: None, message }]);
    }
    let mut value = document::parse(text).map_err(|mistake| vec![mistake])?;
    let information_schema::Normalised { faults, moved } = information_schema::normalise(&mut value);
    let mut faults: Vec<Fault> = faults.into_iter().map(|(path, message)| fault(path, message)).collect();
    match document::from_value(value, json_schema()) {
        Ok(manifest) if faults.is_empty() => return Ok(manifest),
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

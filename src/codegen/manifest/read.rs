//! Text into a [`Manifest`], or into every mistake that it holds.

use std::fmt;
use std::sync::LazyLock;

use serde_json::Value;

use super::position::{Path, Position, Positions};
use super::{Manifest, explain, information_schema, sort, verify};

/// Something wrong with a manifest's text, with its place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// `None` where the mistake has no place, as in an empty text.
    pub position: Option<Position>,
    pub message: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.position {
            Some(Position { line, column }) => write!(f, "{line}:{column}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

/// Reads a manifest: YAML or JSON, in its own shape or in the plain one of
/// information_schema, and puts it in its canonical order.
///
/// # Errors
/// Every mistake that can be found in one run: a text that does not parse has
/// one; one that parses has all its mistakes of form; one whose form is right
/// has all its contradictions (see [`verify`]). Sorted by place.
pub fn read(text: &str) -> Result<Manifest, Vec<Mistake>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // JSON is read by its own rules: YAML readers know no surrogate pairs.
    let strictly = if is_json(text) { serde_json::from_str(text).ok() } else { serde_yaml::from_str(text).ok() };
    let mut manifest: Manifest = match strictly {
        Some(manifest) => manifest,
        None => read_slowly(text)?,
    };
    if manifest.version != VERSION {
        let message =
            format!("this is a manifest of version `{}`; schemacast reads version `{VERSION}`", manifest.version);
        return Err(place(text, vec![(Path::default().key("version"), false, message)]));
    }
    let contradictions = verify(&manifest);
    if !contradictions.is_empty() {
        return Err(place(text, contradictions.into_iter().map(|(path, message)| (path, false, message)).collect()));
    }
    sort(&mut manifest);
    Ok(manifest)
}

/// The version of the format that is read and written.
pub const VERSION: &str = "1.0";

/// The JSON Schema of the manifest (2020-12).
pub fn json_schema() -> &'static Value {
    static SCHEMA: LazyLock<Value> = LazyLock::new(|| {
        let mut schema = schemars::schema_for!(Manifest).to_value();
        schema["title"] = Value::from("schemacast manifest");
        schema
    });
    &SCHEMA
}

fn is_json(text: &str) -> bool {
    text.trim_start().starts_with('{')
}

/// What the strict reader refused: the plain shape of information_schema, or
/// a document with mistakes.
fn read_slowly(text: &str) -> Result<Manifest, Vec<Mistake>> {
    if text.trim().is_empty() {
        let message = "the manifest is empty; `schemacast introspect` writes one".to_owned();
        return Err(vec![Mistake { position: None, message }]);
    }
    let mut value = parse(text).map_err(|mistake| vec![mistake])?;
    let information_schema::Normalised { faults, moved } = information_schema::normalise(&mut value);
    let mut faults: Vec<(Path, bool, String)> =
        faults.into_iter().map(|(path, message)| (path, false, message)).collect();
    if faults.is_empty()
        && let Ok(manifest) = serde_json::from_value(value.clone())
    {
        return Ok(manifest);
    }
    let explained = explain::explain(&value, json_schema());
    faults.extend(explained.into_iter().map(|fault| (fault.path, fault.at_key, fault.message)));
    if faults.is_empty() {
        // The schema and the types come from one declaration; should they
        // disagree, serde's own words are better than silence.
        let error = serde_json::from_value::<Manifest>(value).err();
        faults.push((Path::default(), false, error.map_or_else(String::new, |error| error.to_string())));
    }
    for (path, _, _) in &mut faults {
        *path = path.moved(&moved);
    }
    Err(place(text, faults))
}

fn parse(text: &str) -> Result<Value, Mistake> {
    // What begins with a brace may also be YAML's flow style.
    let as_json = is_json(text).then(|| serde_json::from_str(text));
    if let Some(Ok(value)) = as_json {
        return Ok(value);
    }
    let mistake = |error: serde_yaml::Error| Mistake {
        position: error.location().map(|at| Position { line: at.line(), column: at.column() }),
        message: format!("not valid YAML: {}", first_part(&error.to_string(), " at line ")),
    };
    let value: serde_yaml::Value = match (serde_yaml::from_str(text), as_json) {
        (Ok(value), _) => value,
        (Err(_), Some(Err(error))) => {
            return Err(Mistake {
                position: Some(Position { line: error.line(), column: error.column() }),
                message: format!("not valid JSON: {}", first_part(&error.to_string(), " at line ")),
            });
        }
        (Err(error), _) => return Err(mistake(error)),
    };
    serde_json::to_value(value).map_err(|error| Mistake { position: None, message: format!("not plain YAML: {error}") })
}

/// An error's text without the place that it repeats.
fn first_part<'t>(text: &'t str, end: &str) -> &'t str {
    text.split(end).next().unwrap_or(text)
}

fn place(text: &str, faults: Vec<(Path, bool, String)>) -> Vec<Mistake> {
    let positions = Positions::of(text);
    let mut mistakes: Vec<Mistake> = faults
        .into_iter()
        .map(|(path, at_key, message)| Mistake { position: positions.find(&path, at_key), message })
        .collect();
    mistakes.sort();
    mistakes.dedup();
    mistakes
}

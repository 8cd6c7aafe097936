//! What FIRESTORE_SCHEMA.json says again and again, read and left out in one
//! pass, so that its JSON Schema is asked about little.
//!
//! A file of thousands of collections has few fields, indexes and collections
//! that differ in more than names and texts, of which the schema asks next to
//! nothing: that a name may be one, and of some texts that they are not empty.
//! So each is written as what the schema asks about it ([`Place::inside`] says
//! what that is), and of those that are then alike the first stays. The schema
//! says of fields, indexes and their like something of each by itself, and
//! wants no number of them, so that the others change no verdict.
//!
//! What `references` looks for in the whole file is looked up on the way.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::references::first_name;

/// A JSON text that the JSON Schema accepts only if it accepts `text`. One that
/// it refuses may have other faults than the text, in other places.
///
/// `None` for what may be at fault in any other way: no JSON, a key that stands
/// twice in an object, a name that cannot be one, or that is nobody's.
pub fn reduce(text: &str) -> Option<String> {
    let mut reading = Reading::default();
    let mut json = serde_json::Deserializer::from_str(text);
    Part { place: Place::File, reading: &mut reading }.deserialize(&mut json).and_then(|()| json.end()).ok()?;
    let Reading { reduced, ids, mentioned, .. } = reading;
    mentioned.iter().all(|id| ids.binary_search(id).is_ok()).then_some(reduced)
}

/// What a value is in the file. The elements of an array are what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Place {
    File,
    Collections,
    Collection,
    /// The table that a collection mirrors.
    Table,
    /// The path of a collection's documents.
    DocumentPath,
    DocumentId,
    /// The fields of a collection.
    Fields,
    /// The fields of a map.
    Members,
    /// A field of either, or what the elements of an array are.
    Field,
    /// The column that a field mirrors.
    Column,
    Reference,
    Index,
    IndexField,
    Override,
    Constraint,
    SecurityRules,
    Rule,
    Untranslated,
    Warning,
    /// The id of a collection that there has to be.
    Id,
    /// Names of fields, each once, that the collection has to have.
    OwnNames,
    /// Names of fields, each once.
    Names,
    /// The path of a field that the collection has to have.
    FieldPath,
    /// Texts, each once.
    Labels,
    /// Of which is asked whether it is empty, at most.
    Text,
    /// Of which is asked whether it is null.
    Default,
    /// What stays as it is.
    Other,
}

impl Place {
    /// What stands at a key of an object.
    fn inside(self, key: &str) -> Place {
        match (self, key) {
            (Self::File, "collections") => Self::Collections,
            (Self::File, "warnings") => Self::Warning,
            (Self::Collections, _) => Self::Collection,
            (Self::Collection, "source") => Self::Table,
            (Self::Collection, "path") => Self::DocumentPath,
            (Self::Collection, "documentId") => Self::DocumentId,
            (Self::Collection, "fields") => Self::Fields,
            (Self::Collection, "indexes") => Self::Index,
            (Self::Collection, "fieldOverrides") => Self::Override,
            (Self::Collection, "constraints") => Self::Constraint,
            (Self::Collection, "securityRules") => Self::SecurityRules,
            (Self::DocumentId, "fields") => Self::OwnNames,
            (Self::Fields | Self::Members, _) => Self::Field,
            (Self::Field, "source") => Self::Column,
            (Self::Field, "items") => Self::Field,
            (Self::Field, "fields") => Self::Members,
            (Self::Field, "reference") => Self::Reference,
            (Self::Field, "enum") => Self::Labels,
            (Self::Field, "default") | (Self::Default, _) => Self::Default,
            (Self::Reference, "with") => Self::Names,
            (Self::Reference | Self::Warning, "collection") => Self::Id,
            (Self::Index, "fields") => Self::IndexField,
            (Self::IndexField | Self::Override, "fieldPath") => Self::FieldPath,
            (Self::SecurityRules, "rules") => Self::Rule,
            (Self::SecurityRules, "untranslated") => Self::Untranslated,
            (Self::Collection, "description")
            | (Self::Table, "schema" | "table")
            | (Self::Field, "description" | "defaultExpression")
            | (Self::Column, "column" | "type")
            | (Self::Reference, "constraint")
            | (Self::Index, "name" | "source")
            | (Self::Constraint, "name" | "fields" | "definition" | "reason")
            | (Self::Rule, "condition" | "source")
            | (Self::Untranslated, "policy" | "expression" | "reason")
            | (Self::Warning, "field" | "object" | "message") => Self::Text,
            _ => Self::Other,
        }
    }

    /// Whether the keys of an object are names that the manifest gave, of which
    /// the schema asks that they may be names.
    fn has_names(self) -> bool {
        matches!(self, Self::Collections | Self::Fields | Self::Members)
    }

    /// Whether it stands among any number of others, of which the schema asks
    /// each by itself.
    fn is_one_of_many(self) -> bool {
        matches!(
            self,
            Self::Collection
                | Self::Field
                | Self::Index
                | Self::Override
                | Self::Constraint
                | Self::Rule
                | Self::Untranslated
                | Self::Warning
        )
    }
}

#[derive(Default)]
struct Reading<'t> {
    reduced: String,
    /// What stays of what is one of many.
    seen: HashMap<Place, HashSet<String>>,
    /// The keys of the objects that are open, and the names and labels of the
    /// list that is.
    keys: Vec<Cow<'t, str>>,
    /// The collections, sorted, once they were read.
    ids: Vec<Cow<'t, str>>,
    /// The collections that were mentioned before they were read, or in vain.
    mentioned: Vec<Cow<'t, str>>,
    /// The names of the open collection's fields, sorted, and those that it
    /// mentions.
    names: Vec<Cow<'t, str>>,
    mentioned_names: Vec<Cow<'t, str>>,
}

impl<'t> Reading<'t> {
    fn push_text(&mut self, text: &str) {
        if text.bytes().any(|byte| byte < b' ' || matches!(byte, b'"' | b'\\')) {
            self.reduced.push_str(&serde_json::Value::from(text).to_string());
        } else {
            self.reduced.extend(["\"", text, "\""]);
        }
    }

    fn push_number(&mut self, number: usize) {
        self.reduced.push('"');
        self.reduced.push_str(&number.to_string());
        self.reduced.push('"');
    }

    /// Whether what was written from `start` on stays: it is the first of its
    /// kind.
    fn is_new(&mut self, place: Place, start: usize) -> bool {
        let seen = self.seen.entry(place).or_default();
        let part = &self.reduced[start..];
        !seen.contains(part) && seen.insert(part.to_owned())
    }

    /// Whether the keys from `first` on are each there once; they are sorted
    /// behind that.
    fn are_unique(&mut self, first: usize) -> bool {
        let keys = &mut self.keys[first..];
        keys.sort_unstable();
        keys.windows(2).all(|pair| pair[0] != pair[1])
    }

    /// What is known of an object or list whose keys are complete.
    fn close(&mut self, place: Place, first: usize) -> bool {
        if !self.are_unique(first) {
            return false;
        }
        match place {
            Place::Collections => self.ids = self.keys.drain(first..).collect(),
            Place::Fields => {
                self.names.clear();
                self.names.extend(self.keys.drain(first..));
            }
            Place::OwnNames => self.mentioned_names.extend(self.keys.drain(first..)),
            Place::Collection => {
                let names = &self.names;
                let are_known = self.mentioned_names.iter().all(|name| names.binary_search(name).is_ok());
                self.names.clear();
                self.mentioned_names.clear();
                self.keys.truncate(first);
                return are_known;
            }
            _ => self.keys.truncate(first),
        }
        true
    }

    /// Writes what is asked about a text; `None` where it cannot be that text.
    fn text(&mut self, place: Place, text: &str, own: impl FnOnce() -> Cow<'t, str>) -> Option<()> {
        match place {
            Place::Id => {
                is_id(text).then_some(())?;
                if self.ids.binary_search_by(|id| (**id).cmp(text)).is_err() {
                    self.mentioned.push(own());
                }
                self.reduced.push_str("\"x\"");
            }
            Place::OwnNames | Place::Names => {
                is_name(text).then_some(())?;
                self.keys.push(own());
                self.reduced.push_str("\"x\"");
            }
            Place::Labels => {
                self.keys.push(own());
                self.reduced.push_str("\"x\"");
            }
            Place::FieldPath if is_simple(text) => {
                self.mentioned_names.push(own());
                self.reduced.push_str("\"x\"");
            }
            Place::FieldPath => {
                if text != "*" {
                    self.mentioned_names.push(Cow::Owned(first_name(text)));
                }
                self.push_text(text);
            }
            Place::DocumentPath if is_document_path(text) => self.reduced.push_str("\"x/{x}\""),
            Place::Text | Place::Default if !text.is_empty() => self.reduced.push_str("\"x\""),
            _ => self.push_text(text),
        }
        Some(())
    }
}

/// Whether a collection may have the id.
fn is_id(id: &str) -> bool {
    is_name(id) && !id.contains('/') && id != "." && id != ".."
}

/// Whether a field may have the name; it is not sure of a few that may be.
fn is_name(name: &str) -> bool {
    (1..=1500).contains(&name.len()) && !(name.starts_with("__") && name.ends_with("__"))
}

/// Whether a name needs no quotes in a path.
fn is_simple(name: &str) -> bool {
    (1..=1500).contains(&name.len())
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Whether a text is the path of a document of a collection at the root.
fn is_document_path(path: &str) -> bool {
    let parts = path.split_once('/').zip(path.strip_suffix('}'));
    parts.is_some_and(|((collection, _), open)| {
        !collection.is_empty()
            && !collection.contains(['{', '}'])
            && open[collection.len() + 1..].strip_prefix('{').is_some_and(is_simple)
    })
}

/// A value that is read, and what of it is asked is written.
struct Part<'r, 't> {
    place: Place,
    reading: &'r mut Reading<'t>,
}

impl<'t> DeserializeSeed<'t> for Part<'_, 't> {
    type Value = ();

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

fn unsure<E: Error>() -> E {
    E::custom("not sure")
}

impl<'t> Visitor<'t> for Part<'_, 't> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.reading.reduced.push_str("null");
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.reading.reduced.push_str(if value { "true" } else { "false" });
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.reading.reduced.push_str(&value.to_string());
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.reading.reduced.push_str(&value.to_string());
        Ok(())
    }

    /// No other number of the file has a fraction, and a fraction that is
    /// written and read again may be another.
    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        if self.place != Place::Default {
            return Err(unsure());
        }
        self.reading.reduced.push('0');
        Ok(())
    }

    fn visit_borrowed_str<E: Error>(self, text: &'t str) -> Result<(), E> {
        self.reading.text(self.place, text, || Cow::Borrowed(text)).ok_or_else(unsure)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.reading.text(self.place, text, || Cow::Owned(text.to_owned())).ok_or_else(unsure)
    }

    fn visit_seq<A: SeqAccess<'t>>(self, mut elements: A) -> Result<(), A::Error> {
        let Part { place, reading } = self;
        let (start, first) = (reading.reduced.len(), reading.keys.len());
        reading.reduced.push('[');
        let (mut read, mut kept) = (0, 0);
        loop {
            let end = reading.reduced.len();
            if kept > 0 {
                reading.reduced.push(',');
            }
            let element = reading.reduced.len();
            if elements.next_element_seed(Part { place, reading: &mut *reading })?.is_none() {
                reading.reduced.truncate(end);
                break;
            }
            read += 1;
            if place.is_one_of_many() && !reading.is_new(place, element) {
                reading.reduced.truncate(end);
            } else {
                kept += 1;
            }
        }
        if matches!(place, Place::OwnNames | Place::Names | Place::Labels) {
            // They are to be as many as they were, and to differ.
            if reading.keys.len() - first != read || !reading.close(place, first) {
                return Err(unsure());
            }
            reading.reduced.truncate(start + 1);
            for number in 0..read {
                if number > 0 {
                    reading.reduced.push(',');
                }
                reading.push_number(number);
            }
        }
        reading.reduced.push(']');
        Ok(())
    }

    fn visit_map<A: MapAccess<'t>>(self, mut entries: A) -> Result<(), A::Error> {
        let Part { place, reading } = self;
        let first = reading.keys.len();
        reading.reduced.push('{');
        let mut kept = 0;
        while let Some(key) = entries.next_key_seed(Key)? {
            let end = reading.reduced.len();
            if kept > 0 {
                reading.reduced.push(',');
            }
            if place.has_names() {
                if !is_name(&key) || place == Place::Collections && !is_id(&key) {
                    return Err(unsure());
                }
                reading.push_number(kept);
            } else {
                reading.push_text(&key);
            }
            reading.reduced.push(':');
            let value = reading.reduced.len();
            let inner = place.inside(&key);
            reading.keys.push(key);
            entries.next_value_seed(Part { place: inner, reading: &mut *reading })?;
            if inner == Place::Default && &reading.reduced[value..] != "null" {
                reading.reduced.truncate(value);
                reading.reduced.push('0');
            }
            if place.has_names() && !reading.is_new(inner, value) {
                reading.reduced.truncate(end);
            } else {
                kept += 1;
            }
        }
        reading.reduced.push('}');
        if reading.close(place, first) { Ok(()) } else { Err(unsure()) }
    }
}

/// A key as it stands in the text, where it needs no escapes.
struct Key;

impl<'t> DeserializeSeed<'t> for Key {
    type Value = Cow<'t, str>;

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<Cow<'t, str>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'t> Visitor<'t> for Key {
    type Value = Cow<'t, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, key: &'t str) -> Result<Cow<'t, str>, E> {
        Ok(Cow::Borrowed(key))
    }

    fn visit_str<E>(self, key: &str) -> Result<Cow<'t, str>, E> {
        Ok(Cow::Owned(key.to_owned()))
    }
}

#[cfg(test)]
mod tests;

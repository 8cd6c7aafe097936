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

mod place;
#[cfg(test)]
mod tests;

use place::{Place, is_document_path, is_id, is_name, is_simple};

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
    /// Writes a text as it is. `stands` says whether it stood in JSON without
    /// escapes, and so needs none.
    fn push_text(&mut self, text: &str, stands: bool) {
        if stands {
            self.reduced.push('"');
            self.reduced.push_str(text);
            self.reduced.push('"');
        } else {
            self.reduced.push_str(&serde_json::Value::from(text).to_string());
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

    /// Writes what is asked about a text, which is borrowed where it needs no
    /// escapes; `None` where it cannot be that text.
    fn text(&mut self, place: Place, text: Cow<'t, str>) -> Option<()> {
        match place {
            Place::Id => {
                is_id(&text).then_some(())?;
                if self.ids.binary_search(&text).is_err() {
                    self.mentioned.push(text);
                }
                self.reduced.push_str("\"x\"");
            }
            Place::OwnNames | Place::Names => {
                is_name(&text).then_some(())?;
                self.keys.push(text);
                self.reduced.push_str("\"x\"");
            }
            Place::Labels => {
                self.keys.push(text);
                self.reduced.push_str("\"x\"");
            }
            Place::FieldPath if is_simple(&text) => {
                self.mentioned_names.push(text);
                self.reduced.push_str("\"x\"");
            }
            Place::FieldPath => {
                if text != "*" {
                    self.mentioned_names.push(Cow::Owned(first_name(&text)));
                }
                self.push_text(&text, matches!(text, Cow::Borrowed(_)));
            }
            Place::DocumentPath if is_document_path(&text) => self.reduced.push_str("\"x/{x}\""),
            Place::Text | Place::Default if !text.is_empty() => self.reduced.push_str("\"x\""),
            _ => self.push_text(&text, matches!(text, Cow::Borrowed(_))),
        }
        Some(())
    }
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
        self.reading.text(self.place, Cow::Borrowed(text)).ok_or_else(unsure)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        // Of most texts nobody asks more than whether they are empty.
        let text = match self.place {
            Place::Text | Place::Default if !text.is_empty() => Cow::Borrowed("x"),
            _ => Cow::Owned(text.to_owned()),
        };
        self.reading.text(self.place, text).ok_or_else(unsure)
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
                reading.push_text(&key, matches!(key, Cow::Borrowed(_)));
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

//! YAML in the one layout that schemacast writes, read in one pass straight into
//! a type: no events, and no values.
//!
//! A parser of all YAML takes six times the work for a manifest, whose every line
//! is one of a dozen kinds ([`write`](super::super::manifest::write) lays them
//! out). What is written in any other way is not read here, be it right or wrong:
//!
//! - mappings and lists in blocks, two blanks deeper each, a list at its key's
//!   indent or two blanks deeper;
//! - `{…}` and `[…]` on one line, with one blank behind each comma and colon;
//! - texts bare, in single or in double quotes, on one line; or as a literal
//!   block (`|`) whose first line is not empty, or that says its indent;
//! - remarks above all, and nowhere else. No anchors, tags, tabs or empty lines.
//!
//! Architecture Invariant: what is read here is what the YAML library reads, to
//! the value. Whoever wants to know what is wrong asks the library.

mod reader;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt::Display;
use std::str::FromStr;

use serde::de::value::CowStrDeserializer;
use serde::de::{self, DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use reader::{Kind, Place, Reader, Style};

/// How deep a document may be here; the library reads twice as deep.
const DEEPEST: usize = 64;

/// The document, where its text is laid out as schemacast does it.
pub fn read_laid_out<T: DeserializeOwned>(text: &str) -> Option<T> {
    let mut reader = Reader::new(text).ok()?;
    let read = T::deserialize(Item { reader: &mut reader, place: Place::Start }).ok()?;
    reader.is_at_end().then_some(read)
}

/// The text is not laid out in this way, or is no such document.
#[derive(Debug)]
struct Other;

impl Display for Other {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not laid out as schemacast does it")
    }
}

impl std::error::Error for Other {}

impl de::Error for Other {
    fn custom<T: Display>(_: T) -> Self {
        Self
    }
}

type Result<T> = std::result::Result<T, Other>;

/// A value that is to be read.
struct Item<'r, 't> {
    reader: &'r mut Reader<'t>,
    place: Place,
}

impl<'t> Item<'_, 't> {
    /// A text, whatever it may mean.
    fn text(self) -> Result<Cow<'t, str>> {
        let Kind::Text(style) = self.reader.kind(self.place)? else { return Err(Other) };
        self.text_of(style)
    }

    fn bare(self) -> Result<Cow<'t, str>> {
        let Kind::Text(style @ Style::Bare) = self.reader.kind(self.place)? else { return Err(Other) };
        self.text_of(style)
    }

    /// The text that is at hand, in that style.
    fn text_of(self, style: Style) -> Result<Cow<'t, str>> {
        let text = self.reader.read(style, self.place)?;
        if !matches!(style, Style::Literal(_)) {
            self.reader.finish(self.place)?;
        }
        Ok(text)
    }

    fn collection<V: Visitor<'t>>(self, kind: &Kind, visitor: V) -> Result<V::Value> {
        let Self { reader, place } = self;
        if reader.depth == DEEPEST {
            return Err(Other);
        }
        reader.depth += 1;
        let (indent, is_map) = match kind {
            Kind::BlockMap(indent) => (Some(*indent), true),
            Kind::BlockList(indent) => (Some(*indent), false),
            Kind::InlineMap => (None, true),
            Kind::InlineList => (None, false),
            Kind::Text(_) => return Err(Other),
        };
        let mut entries = Entries { reader: &mut *reader, indent, is_map, is_first: true, is_ended: false };
        let value = if is_map { visitor.visit_map(&mut entries) } else { visitor.visit_seq(&mut entries) }?;
        // Whoever did not ask for all did not see what is left.
        if entries.more()? {
            return Err(Other);
        }
        reader.depth -= 1;
        if indent.is_none() {
            reader.finish(place)?;
        }
        Ok(value)
    }
}

/// What is asked for, and read as what there is one way to read.
macro_rules! read_as {
    ($($asked:ident as $read:ident),*) => {$(
        fn $asked<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value> {
            self.$read(visitor)
        }
    )*};
}

impl<'t> Deserializer<'t> for Item<'_, 't> {
    type Error = Other;

    /// Of bare texts only those are read that have one meaning (YAML 1.2, 10.3.2).
    fn deserialize_any<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value> {
        let kind = self.reader.kind(self.place)?;
        let Kind::Text(style) = kind else { return self.collection(&kind, visitor) };
        let text = self.text_of(style)?;
        match (style, &*text) {
            (Style::Bare, "true") => visitor.visit_bool(true),
            (Style::Bare, "false") => visitor.visit_bool(false),
            (Style::Bare, bare) if MEANING.iter().any(|word| word.eq_ignore_ascii_case(bare)) => Err(Other),
            (Style::Bare, bare) if bare.starts_with(|first: char| first.is_ascii_digit() || first == '-') => {
                match number::<i64>(bare) {
                    Ok(number) if number < 0 => visitor.visit_i64(number),
                    Ok(number) => visitor.visit_u64(number.unsigned_abs()),
                    Err(Other) => visitor.visit_f64(fraction(bare)?),
                }
            }
            _ => CowStrDeserializer::new(text).deserialize_any(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value> {
        match &*self.bare()? {
            "true" => visitor.visit_bool(true),
            "false" => visitor.visit_bool(false),
            _ => Err(Other),
        }
    }

    fn deserialize_i64<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_i64(number(&self.bare()?)?)
    }

    fn deserialize_u64<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_u64(number(&self.bare()?)?)
    }

    fn deserialize_f64<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_f64(fraction(&self.bare()?)?)
    }

    fn deserialize_str<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value> {
        CowStrDeserializer::new(self.text()?).deserialize_any(visitor)
    }

    /// What is there is something: nothing is left out, not written as `null`.
    fn deserialize_option<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value> {
        let blank = usize::from(matches!(self.place, Place::Key(_) | Place::Dash(_)));
        let behind = self.reader.rest().get(blank..).unwrap_or_default();
        let end = behind.iter().position(|byte| matches!(byte, b'\n' | b',' | b']' | b'}')).ok_or(Other)?;
        if NOTHING.iter().any(|word| word.as_bytes() == &behind[..end]) {
            return Err(Other);
        }
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'t>>(self, _: &'static str, visitor: V) -> Result<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value> {
        match self.reader.kind(self.place)? {
            kind @ (Kind::BlockList(_) | Kind::InlineList) => self.collection(&kind, visitor),
            _ => Err(Other),
        }
    }

    fn deserialize_tuple<V: Visitor<'t>>(self, _: usize, visitor: V) -> Result<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'t>>(self, _: &'static str, _: usize, visitor: V) -> Result<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value> {
        match self.reader.kind(self.place)? {
            kind @ (Kind::BlockMap(_) | Kind::InlineMap) => self.collection(&kind, visitor),
            _ => Err(Other),
        }
    }

    fn deserialize_struct<V: Visitor<'t>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        self.deserialize_map(visitor)
    }

    /// A variant is its name: the library takes one with contents for a tag's.
    fn deserialize_enum<V: Visitor<'t>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        visitor.visit_enum(CowStrDeserializer::new(self.text()?))
    }

    read_as! {
        deserialize_i8 as deserialize_i64, deserialize_i16 as deserialize_i64, deserialize_i32 as deserialize_i64,
        deserialize_u8 as deserialize_u64, deserialize_u16 as deserialize_u64, deserialize_u32 as deserialize_u64,
        deserialize_f32 as deserialize_f64,
        deserialize_string as deserialize_str, deserialize_identifier as deserialize_str
    }

    serde::forward_to_deserialize_any! { <V: Visitor<'t>> i128 u128 char bytes byte_buf unit unit_struct ignored_any }
}

/// What is read as nothing where something may be left out.
const NOTHING: [&str; 4] = ["null", "Null", "NULL", "~"];

/// Bare texts that are more than a text, in some way that they can be written.
const MEANING: [&str; 6] = ["null", "true", "false", "inf", "infinity", "nan"];

/// A number, where it is written as all integers are: others have rules of their
/// own (YAML 1.2, 10.3.2).
fn number<N: FromStr>(bare: &str) -> Result<N> {
    if is_number(bare) { bare.parse().map_err(|_| Other) } else { Err(Other) }
}

/// A number with a point, or without.
fn fraction(bare: &str) -> Result<f64> {
    let (whole, behind) = bare.split_once('.').unwrap_or((bare, "0"));
    let is_usual =
        is_number(whole) && (1..19).contains(&behind.len()) && behind.bytes().all(|byte| byte.is_ascii_digit());
    if is_usual { bare.parse().map_err(|_| Other) } else { Err(Other) }
}

fn is_number(bare: &str) -> bool {
    let digits = bare.strip_prefix('-').unwrap_or(bare);
    let is_usual = (1..19).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_usual && (digits == "0" || !digits.starts_with('0'))
}

/// The entries of a mapping, or the items of a list.
struct Entries<'r, 't> {
    reader: &'r mut Reader<'t>,
    /// That of a block; what stands between brackets has none.
    indent: Option<usize>,
    is_map: bool,
    is_first: bool,
    is_ended: bool,
}

impl Entries<'_, '_> {
    /// Steps to the next one, or past the end.
    fn more(&mut self) -> Result<bool> {
        if self.is_ended {
            return Ok(false);
        }
        let is_first = std::mem::take(&mut self.is_first);
        let more = match self.indent {
            Some(_) if is_first => true,
            Some(indent) => self.reader.is_next(indent, self.is_map)?,
            None => self.reader.is_next_inside(is_first, if self.is_map { b'}' } else { b']' })?,
        };
        self.is_ended = !more;
        Ok(more)
    }
}

impl<'t> MapAccess<'t> for &mut Entries<'_, 't> {
    type Error = Other;

    fn next_key_seed<K: DeserializeSeed<'t>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        if !self.more()? {
            return Ok(None);
        }
        let key = self.reader.key(self.indent.is_none())?;
        seed.deserialize(CowStrDeserializer::new(key)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'t>>(&mut self, seed: V) -> Result<V::Value> {
        let place = match self.indent {
            Some(indent) => Place::Key(indent),
            None => {
                self.reader.expect(b' ')?;
                Place::Inline
            }
        };
        seed.deserialize(Item { reader: &mut *self.reader, place })
    }
}

impl<'t> SeqAccess<'t> for &mut Entries<'_, 't> {
    type Error = Other;

    fn next_element_seed<T: DeserializeSeed<'t>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        if !self.more()? {
            return Ok(None);
        }
        let place = match self.indent {
            Some(indent) => {
                self.reader.expect(b'-')?;
                Place::Dash(indent)
            }
            None => Place::Inline,
        };
        seed.deserialize(Item { reader: &mut *self.reader, place }).map(Some)
    }
}

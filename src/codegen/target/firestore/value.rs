//! What a field and its value look like: the types that FIRESTORE_SCHEMA.json
//! is made of, in the order of its keys.

use std::borrow::Cow;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

/// One of Firestore's value types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    String,
    Number,
    Boolean,
    Timestamp,
    Bytes,
    Geopoint,
    Reference,
    Map,
    Array,
    Vector,
}

/// What a value is: its type, and what is known beyond it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Shape<'v> {
    #[serde(rename = "type")]
    pub kind: Kind,
    /// What a string holds: `uuid`, `date`, `decimal` …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<Cow<'static, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number_format: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub precision: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale: Option<i32>,
    /// In characters as Postgres counts them (code points).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u32>,
    #[serde(rename = "enum", skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<&'v str>,
    /// Of an array.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub items: Option<Box<Item<'v>>>,
    /// Of a map whose keys are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fields: Option<Fields<'v>>,
    /// Of a vector.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dimension: Option<u32>,
}

impl<'v> Shape<'v> {
    pub fn of(kind: Kind) -> Self {
        Shape {
            kind,
            format: None,
            number_format: None,
            precision: None,
            scale: None,
            max_length: None,
            labels: Vec::new(),
            items: None,
            fields: None,
            dimension: None,
        }
    }

    /// A string, of at most `max_length` characters where that is known.
    pub fn string(max_length: Option<u32>) -> Self {
        Shape { max_length: max_length.filter(|length| *length > 0), ..Shape::of(Kind::String) }
    }

    /// A string that holds something else.
    pub fn formatted(format: impl Into<Cow<'static, str>>) -> Self {
        Shape { format: Some(format.into()), ..Shape::of(Kind::String) }
    }

    pub fn number(format: &'static str) -> Self {
        Shape { number_format: Some(format), ..Shape::of(Kind::Number) }
    }

    pub fn array(items: Self, nullable: bool) -> Self {
        Shape { items: Some(Box::new(Item { shape: items, nullable })), ..Shape::of(Kind::Array) }
    }

    pub fn map(fields: Vec<(Cow<'v, str>, Field<'v>)>) -> Self {
        Shape { fields: Some(Fields(fields)), ..Shape::of(Kind::Map) }
    }

    /// An array in a map, since no array may stand directly in an array.
    pub fn wrapped(array: Self) -> Self {
        Shape::map(vec![("values".into(), Field::new(array, true))])
    }

    /// A point of the plane. It is no geopoint: its x may be anything.
    pub fn planar_point() -> Self {
        let coordinate = || Field::new(Shape::number("float64"), true);
        Shape::map(vec![("x".into(), coordinate()), ("y".into(), coordinate())])
    }

    pub fn sparse_vector() -> Self {
        let array = |format| Field::new(Shape::array(Shape::number(format), false), true);
        Shape::map(vec![
            ("dimensions".into(), Field::new(Shape::number("int32"), true)),
            ("indices".into(), array("int32")),
            ("values".into(), array("float32")),
        ])
    }
}

/// An element of an array.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Item<'v> {
    #[serde(flatten)]
    pub shape: Shape<'v>,
    #[serde(skip_serializing_if = "is_false")]
    pub nullable: bool,
}

/// Fields by name, in the order of their columns or attributes.
#[derive(Debug, Clone, PartialEq)]
pub struct Fields<'v>(pub Vec<(Cow<'v, str>, Field<'v>)>);

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, field) in &self.0 {
            map.serialize_entry(name, field)?;
        }
        map.end()
    }
}

/// A field of a document or of a map.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Field<'v> {
    #[serde(flatten)]
    pub shape: Shape<'v>,
    #[serde(skip_serializing_if = "is_false")]
    pub required: bool,
    pub nullable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_expression: Option<&'v str>,
    /// GENERATED ALWAYS AS (…): the expression is `defaultExpression`.
    #[serde(skip_serializing_if = "is_false")]
    pub generated: bool,
    /// Postgres numbers it: an identity column or a serial.
    #[serde(skip_serializing_if = "is_false")]
    pub server_assigned: bool,
    /// `false`: exempt from the automatic indexes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub indexed: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<Box<super::reference::Reference<'v>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<&'v str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<ColumnSource<'v>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lossy: Vec<&'static str>,
}

impl<'v> Field<'v> {
    pub fn new(shape: Shape<'v>, required: bool) -> Self {
        Field {
            shape,
            required,
            nullable: !required,
            default: None,
            default_expression: None,
            generated: false,
            server_assigned: false,
            indexed: None,
            reference: None,
            description: None,
            source: None,
            lossy: Vec::new(),
        }
    }
}

/// The column that a field mirrors.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ColumnSource<'v> {
    pub column: &'v str,
    #[serde(rename = "type")]
    pub type_name: &'v str,
}

fn is_false(value: &bool) -> bool {
    !value
}

/// A value as JSON on one line, with a blank after `:` and `,`, which a review
/// tool can break.
pub fn one_line<T: Serialize + ?Sized>(value: &T) -> serde_json::Result<String> {
    // Most of what is written this way has some two hundred bytes.
    let mut bytes = Vec::with_capacity(256);
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut bytes, OneLine))?;
    String::from_utf8(bytes).map_err(serde::ser::Error::custom)
}

struct OneLine;

impl serde_json::ser::Formatter for OneLine {
    fn begin_array_value<W: ?Sized + std::io::Write>(&mut self, writer: &mut W, first: bool) -> std::io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_key<W: ?Sized + std::io::Write>(&mut self, writer: &mut W, first: bool) -> std::io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_value<W: ?Sized + std::io::Write>(&mut self, writer: &mut W) -> std::io::Result<()> {
        writer.write_all(b": ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_keys_in_their_order_on_one_line() {
        let inner = Field::new(Shape::string(Some(10)), false);
        let field = Field::new(Shape::array(Shape::map(vec![("zip \"x\"".into(), inner)]), true), true);
        assert_eq!(
            one_line(&field).unwrap(),
            r#"{"type": "array", "items": {"type": "map", "fields": {"zip \"x\"": {"type": "string", "maxLength": 10, "nullable": true}}, "nullable": true}, "required": true, "nullable": false}"#
        );
    }
}

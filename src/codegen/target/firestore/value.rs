//! What a field and its value look like: the types that FIRESTORE_SCHEMA.json
//! is made of, in the order of its keys.

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
pub struct Shape {
    #[serde(rename = "type")]
    pub kind: Kind,
    /// What a string holds: `uuid`, `date`, `decimal` …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
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
    pub labels: Vec<String>,
    /// Of an array.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub items: Option<Box<Item>>,
    /// Of a map whose keys are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fields: Option<Fields>,
    /// Of a vector.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dimension: Option<u32>,
}

impl Shape {
    pub fn of(kind: Kind) -> Shape {
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
    pub fn string(max_length: Option<u32>) -> Shape {
        Shape { max_length: max_length.filter(|length| *length > 0), ..Shape::of(Kind::String) }
    }

    /// A string that holds something else.
    pub fn formatted(format: &str) -> Shape {
        Shape { format: Some(format.to_owned()), ..Shape::of(Kind::String) }
    }

    pub fn number(format: &'static str) -> Shape {
        Shape { number_format: Some(format), ..Shape::of(Kind::Number) }
    }

    pub fn array(items: Shape, nullable: bool) -> Shape {
        Shape { items: Some(Box::new(Item { shape: items, nullable })), ..Shape::of(Kind::Array) }
    }

    pub fn map(fields: Vec<(String, Field)>) -> Shape {
        Shape { fields: Some(Fields(fields)), ..Shape::of(Kind::Map) }
    }

    /// An array in a map, since no array may stand directly in an array.
    pub fn wrapped(array: Shape) -> Shape {
        Shape::map(vec![("values".to_owned(), Field::new(array, true))])
    }

    /// A point of the plane. It is no geopoint: its x may be anything.
    pub fn planar_point() -> Shape {
        let coordinate = || Field::new(Shape::number("float64"), true);
        Shape::map(vec![("x".to_owned(), coordinate()), ("y".to_owned(), coordinate())])
    }

    pub fn sparse_vector() -> Shape {
        let array = |format| Field::new(Shape::array(Shape::number(format), false), true);
        Shape::map(vec![
            ("dimensions".to_owned(), Field::new(Shape::number("int32"), true)),
            ("indices".to_owned(), array("int32")),
            ("values".to_owned(), array("float32")),
        ])
    }
}

/// An element of an array.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Item {
    #[serde(flatten)]
    pub shape: Shape,
    #[serde(skip_serializing_if = "is_false")]
    pub nullable: bool,
}

/// Fields by name, in the order of their columns or attributes.
#[derive(Debug, Clone, PartialEq)]
pub struct Fields(pub Vec<(String, Field)>);

impl Serialize for Fields {
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
pub struct Field {
    #[serde(flatten)]
    pub shape: Shape,
    #[serde(skip_serializing_if = "is_false")]
    pub required: bool,
    pub nullable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_expression: Option<String>,
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
    pub reference: Option<super::reference::Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<ColumnSource>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lossy: Vec<&'static str>,
}

impl Field {
    pub fn new(shape: Shape, required: bool) -> Field {
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
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ColumnSource {
    pub column: String,
    #[serde(rename = "type")]
    pub type_name: String,
}

fn is_false(value: &bool) -> bool {
    !value
}

/// A value as JSON on one line, with a blank after `:` and `,`, which a review
/// tool can break.
pub fn one_line<T: Serialize + ?Sized>(value: &T) -> serde_json::Result<String> {
    let mut bytes = Vec::new();
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut bytes, OneLine))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
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

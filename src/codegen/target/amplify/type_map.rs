//! Postgres types as GraphQL types, column by column.

use crate::codegen::catalog::Catalog;
use crate::codegen::loss::Code;
use crate::codegen::manifest::Enum;
use crate::codegen::target::amplify::findings;
use crate::codegen::target::amplify::options::BigInt;
use crate::codegen::types::Family;

/// What a field or a list's element is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Base {
    Int,
    Float,
    String,
    Id,
    Boolean,
    Date,
    Time,
    DateTime,
    Json,
    IpAddress,
    /// The path of an enum whose labels are GraphQL names.
    Enum(String),
}

impl Base {
    /// The scalar's name; an enum's is for the names to say.
    pub fn scalar(&self) -> Option<&'static str> {
        Some(match self {
            Self::Int => "Int",
            Self::Float => "Float",
            Self::String => "String",
            Self::Id => "ID",
            Self::Boolean => "Boolean",
            Self::Date => "AWSDate",
            Self::Time => "AWSTime",
            Self::DateTime => "AWSDateTime",
            Self::Json => "AWSJSON",
            Self::IpAddress => "AWSIPAddress",
            Self::Enum(_) => return None,
        })
    }

    /// Whether a reference of one type may refer to a key of the other
    /// (measured: ID and String are one to the transformer).
    pub fn refers_to(&self, other: &Base) -> bool {
        let text = |base: &Base| matches!(base, Self::Id | Self::String);
        self == other || text(self) && text(other)
    }
}

/// What a column becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldType {
    pub base: Base,
    pub list: bool,
    /// The column is a bigint, of whatever domain: an ID where it is in a key.
    pub wide_integer: bool,
    /// n of varchar(n) and char(n).
    pub max_length: Option<u32>,
    /// NOT NULL of a domain.
    pub domain_not_null: bool,
    /// What is lost, with a sentence for each.
    pub losses: Vec<(&'static Code, String)>,
}

/// What a type of the manifest becomes.
pub fn field_type(catalog: &Catalog<'_>, type_name: &str, bigint: BigInt) -> FieldType {
    let declared = catalog.resolve(type_name);
    let domain_not_null = declared.forbids_null();
    let resolved = declared.without_domains();
    let mut losses = Vec::new();
    if resolved.dimensions > 1 {
        losses.push((&findings::NESTED_ARRAY, format!("`{type_name}` has {} dimensions", resolved.dimensions)));
    }
    let as_text = |losses: &mut Vec<(&'static Code, String)>| {
        losses.push((&findings::TYPE_AS_STRING, format!("`{type_name}` has no counterpart in GraphQL")));
        Base::String
    };
    let as_json = |losses: &mut Vec<(&'static Code, String)>| {
        losses.push((&findings::TYPE_AS_JSON, format!("`{type_name}` is structured")));
        Base::Json
    };
    let mut max_length = None;
    let base = match &resolved.family {
        Family::Boolean => Base::Boolean,
        Family::Int2 | Family::Int4 => Base::Int,
        Family::Int8 => match bigint {
            BigInt::String => Base::String,
            BigInt::Float => Base::Float,
        },
        Family::Float4 | Family::Float8 => Base::Float,
        Family::Numeric { precision: Some(..=15), .. } => Base::Float,
        Family::Numeric { .. } | Family::Money => Base::String,
        Family::Text | Family::Name | Family::Citext | Family::InternalChar => Base::String,
        Family::Varchar { length } => {
            max_length = *length;
            Base::String
        }
        Family::Char { length } => {
            max_length = Some(*length);
            Base::String
        }
        Family::Uuid => Base::Id,
        Family::Date => Base::Date,
        Family::Time => Base::Time,
        Family::TimestampTz => Base::DateTime,
        Family::Timestamp => {
            losses.push((&findings::NO_TIME_ZONE, format!("`{type_name}` has none")));
            Base::DateTime
        }
        Family::Json | Family::Jsonb => Base::Json,
        Family::Hstore | Family::Composite(_) | Family::Row { .. } | Family::Point | Family::Geometric(_) => {
            as_json(&mut losses)
        }
        Family::Inet | Family::Cidr => Base::IpAddress,
        Family::Enum(named) => match bad_label(named.item) {
            None => Base::Enum(path(named.schema, &named.item.name)),
            Some(_) => Base::String,
        },
        Family::Oid
        | Family::SystemId(_)
        | Family::Macaddr
        | Family::Macaddr8
        | Family::Ltree(_)
        | Family::Reg(_)
        | Family::PgLsn => Base::String,
        Family::TimeTz
        | Family::Interval
        | Family::Bytea
        | Family::Bit { .. }
        | Family::Varbit { .. }
        | Family::Xml
        | Family::Jsonpath
        | Family::Tsvector
        | Family::Tsquery
        | Family::Range { .. }
        | Family::Multirange { .. }
        | Family::Snapshot(_)
        | Family::Geometry { .. }
        | Family::Vector { .. }
        | Family::Halfvec { .. }
        | Family::Sparsevec { .. }
        | Family::Domain { .. }
        | Family::Unknown(_) => as_text(&mut losses),
    };
    let wide_integer = resolved.family == Family::Int8;
    FieldType { base, list: resolved.is_array(), wide_integer, max_length, domain_not_null, losses }
}

/// The first label that GraphQL does not take as an enum value, or an empty
/// text where there is no label at all.
pub fn bad_label(item: &Enum) -> Option<&str> {
    if item.labels.is_empty() {
        return Some("");
    }
    let repeated = |at: usize| item.labels[..at].contains(&item.labels[at]);
    let mut labels = item.labels.iter().enumerate();
    labels.find(|(at, label)| !is_enum_value(label) || repeated(*at)).map(|(_, label)| label.as_str())
}

fn is_enum_value(label: &str) -> bool {
    is_name(label) && !label.contains("__") && !matches!(label, "true" | "false" | "null")
}

/// Whether a text is a GraphQL name that is not introspection's.
pub fn is_name(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(|c| c == '_' || c.is_ascii_alphabetic())
        && letters.all(|c| c == '_' || c.is_ascii_alphanumeric())
        && !text.starts_with("__")
}

/// The parts of a qualified name, joined by dots, quoted where a part would
/// otherwise be read as two. It tells any two objects apart.
pub fn path(schema: &str, name: &str) -> String {
    format!("{}.{}", part(schema), part(name))
}

/// One part of a path.
pub fn part(name: &str) -> String {
    if name.contains(['.', '"']) || name.is_empty() {
        format!("\"{}\"", name.replace('"', "\"\""))
    } else {
        name.to_owned()
    }
}

use serde::Serialize;

use super::findings::{self, Ledger};
use super::value::ColumnSource;
use crate::codegen::types::{Family, PgType};

/// What stands between the parts of a composite id. Rare in keys, allowed in
/// ids, and needs no escape in a path.
pub const SEPARATOR: &str = "~";

/// The longest text key, in characters, of which every value fits into an id:
/// a character takes four bytes at most, and three where it is escaped.
const LONGEST_KEY: u32 = 375;

/// How a row's key becomes its document's id.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DocumentId<'v> {
    pub strategy: Strategy,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<&'v str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub separator: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<Encoding>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Strategy {
    /// The value of one field.
    Field,
    /// The values of several, joined.
    Composite,
    /// An id that Firestore makes up.
    Auto,
}

/// How a key's text becomes an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// As Postgres prints it (ISO 8601 for dates and times).
    Raw,
    /// Decimal digits.
    Decimal,
    /// As Postgres prints it, with `/`, `%`, the separator, the underscores of
    /// a text `__…__` and a text that is `.` or `..` percent-encoded; an empty
    /// text is `%00`, which no text in Postgres can mean.
    Percent,
}

/// A column of the key: its field, and what its type became.
pub struct KeyPart<'k, 'v> {
    pub field: &'v str,
    pub plain: &'k PgType<'v>,
    pub source: ColumnSource<'v>,
}

/// The id of a table's documents, from its primary key.
///
/// `path` is the table's, `parts` its key's columns, none where it has no key.
pub fn document_id<'v>(
    parts: &[KeyPart<'_, 'v>],
    path: &str,
    collection: &'v str,
    ledger: &mut Ledger<'v>,
) -> DocumentId<'v> {
    for part in parts {
        if longest_text(part.plain).is_none_or(|length| length > LONGEST_KEY) {
            let reason =
                format!("a {} as the key may have more bytes than the 1,500 of a document id", part.source.type_name);
            let path = format!("{path}.{}", part.source.column);
            ledger.note(&findings::LONG_ID, path, Some(collection), Some(part.field), reason);
        }
    }
    let lengths: Option<Vec<u32>> = parts.iter().map(|part| longest_text(part.plain)).collect();
    let all_fit = lengths.as_ref().is_some_and(|lengths| lengths.iter().all(|length| *length <= LONGEST_KEY));
    let joined = lengths.map_or(0, |lengths| lengths.iter().fold(0, |sum: u32, length| sum.saturating_add(*length)));
    if all_fit && joined > LONGEST_KEY {
        let reason = "the key's columns together may have more bytes than the 1,500 of a document id";
        ledger.note(&findings::LONG_ID, path, Some(collection), None, reason);
    }
    match parts {
        [] => DocumentId { strategy: Strategy::Auto, fields: Vec::new(), separator: None, encoding: None },
        [part] => DocumentId {
            strategy: Strategy::Field,
            fields: vec![part.field],
            separator: None,
            encoding: Some(encoding(part.plain)),
        },
        parts => DocumentId {
            strategy: Strategy::Composite,
            fields: parts.iter().map(|part| part.field).collect(),
            separator: Some(SEPARATOR),
            encoding: Some(Encoding::Percent),
        },
    }
}

/// What a type's text needs to be an id. Raw are those whose text can hold
/// neither a `/` nor be empty, `.` or `__…__`.
fn encoding(plain: &PgType<'_>) -> Encoding {
    if plain.is_array() {
        return Encoding::Percent;
    }
    match &plain.family {
        Family::Int2 | Family::Int4 | Family::Int8 | Family::Oid => Encoding::Decimal,
        Family::Numeric { .. }
        | Family::Boolean
        | Family::Uuid
        | Family::Date
        | Family::Time
        | Family::TimeTz
        | Family::Timestamp
        | Family::TimestampTz
        | Family::Float4
        | Family::Float8
        | Family::Bytea
        | Family::Macaddr
        | Family::Macaddr8 => Encoding::Raw,
        _ => Encoding::Percent,
    }
}

/// The most characters that a type's text has; `None` where there is no such
/// number. Bounded types count as short, whatever their exact length.
fn longest_text(plain: &PgType<'_>) -> Option<u32> {
    if plain.is_array() {
        return None;
    }
    match &plain.family {
        Family::Varchar { length } | Family::Varbit { length } => *length,
        Family::Char { length } | Family::Bit { length } => Some(*length),
        Family::Numeric { precision: None, .. }
        | Family::Text
        | Family::Citext
        | Family::Bytea
        | Family::Json
        | Family::Jsonb
        | Family::Hstore
        | Family::Xml
        | Family::Jsonpath
        | Family::Ltree(_)
        | Family::Tsvector
        | Family::Tsquery
        | Family::Geometric(_)
        | Family::Geometry { .. }
        | Family::Vector { .. }
        | Family::Halfvec { .. }
        | Family::Sparsevec { .. }
        | Family::Composite(_)
        | Family::Row { .. }
        | Family::Multirange { .. }
        | Family::Unknown(_) => None,
        Family::Range { subtype, .. } => longest_text(&subtype.without_domains()),
        _ => Some(64),
    }
}

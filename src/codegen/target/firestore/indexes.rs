use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::constraint::{Constraint, ConstraintKind, Enforcement, constraint_path, named, unique};
use super::findings::{self, Ledger, Loss};
use super::index_order::{compare_indexes, compare_overrides};
use super::names::{LONGEST_NAME, field_path};
use super::value::{Kind, Shape};
use crate::codegen::manifest::{Index, Key};
use crate::codegen::sql;
use crate::codegen::types::{Family, PgType};

/// The most fields of a composite index, and the most composite indexes and
/// field overrides of a database: without billing, and at all (Firestore's
/// "Limits on indexes").
const MOST_FIELDS: usize = 100;
const MOST_WITHOUT_BILLING: usize = 200;
const MOST: usize = 1000;

/// A field of an index: its path, quoted as paths are, and how it is indexed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct IndexField<'v> {
    pub field_path: Cow<'v, str>,
    pub mode: Mode,
}

/// In the order in which firebase-tools has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    Ascending,
    Descending,
    Contains,
    Vector { dimension: u32 },
}

impl Serialize for IndexField<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct VectorConfig {
            dimension: u32,
            /// The only kind of vector index that there is.
            flat: BTreeMap<(), ()>,
        }
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("fieldPath", &self.field_path)?;
        match self.mode {
            Mode::Ascending => map.serialize_entry("order", "ASCENDING")?,
            Mode::Descending => map.serialize_entry("order", "DESCENDING")?,
            Mode::Contains => map.serialize_entry("arrayConfig", "CONTAINS")?,
            Mode::Vector { dimension } => {
                map.serialize_entry("vectorConfig", &VectorConfig { dimension, flat: BTreeMap::new() })?;
            }
        }
        map.end()
    }
}

/// A Postgres index as FIRESTORE_SCHEMA.json lists it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CollectionIndex<'v> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<&'v str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query_scope: Option<&'static str>,
    /// Firestore has it without being told, and refuses to be told.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub automatic: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unique: bool,
    pub fields: Vec<IndexField<'v>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// A composite index as firestore.indexes.json has it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CompositeIndex<'v> {
    pub collection_group: &'v str,
    pub query_scope: &'static str,
    pub fields: Vec<IndexField<'v>>,
}

/// A field that is taken out of the automatic indexes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FieldOverride<'v> {
    pub collection_group: &'v str,
    pub field_path: Cow<'v, str>,
    /// Always none: a list would replace the automatic indexes.
    pub indexes: [(); 0],
}

/// The table whose indexes are cast.
pub struct Indexed<'c, 'v> {
    pub schema: &'v str,
    pub table: &'v str,
    pub collection: &'v str,
    /// By column: its field, its type without domains, and what its field is.
    pub columns: BTreeMap<&'v str, (&'v str, &'c PgType<'v>, &'c Shape<'v>)>,
}

/// What became of a table's indexes.
#[derive(Debug, Default)]
pub struct Cast<'v> {
    pub indexes: Vec<CollectionIndex<'v>>,
    pub constraints: Vec<Constraint<'v>>,
    /// The columns that some query is expected to filter or order by.
    pub queried: BTreeSet<&'v str>,
}

impl<'v> Indexed<'_, 'v> {
    /// The indexes behind a primary key and unique constraints, then the
    /// table's own.
    pub fn cast(
        &self,
        primary: Option<&'v Key>,
        unique_keys: &'v [Key],
        indexes: &'v [Index],
        ledger: &mut Ledger<'v>,
    ) -> Cast<'v> {
        let mut cast = Cast::default();
        if let Some(key) = primary {
            cast.queried.extend(key.columns.iter().map(String::as_str));
            // A key of one column is the document's id, which needs no index.
            if key.columns.len() > 1 {
                cast.indexes.extend(self.key_index(key));
            }
        }
        for key in unique_keys {
            cast.queried.extend(key.columns.iter().map(String::as_str));
            cast.indexes.extend(self.key_index(key));
        }
        for index in indexes {
            let columns = index.keys.iter().filter_map(|key| key.column.as_deref());
            if !is_vector_method(index.method()) {
                cast.queried.extend(columns);
            }
            let definition = sql::create_index(self.schema, self.table, index);
            let path = constraint_path(&format!("{}.{}", self.schema, self.table), &index.name, &[]);
            match self.fields(index) {
                Ok(fields) => {
                    if index.unique {
                        let columns = index.keys.iter().filter_map(|key| key.column.as_deref());
                        let fields = columns.filter_map(|column| self.columns.get(column)).map(|entry| entry.0);
                        cast.constraints.push(unique(&index.name, fields.collect(), path, self.collection, ledger));
                    }
                    cast.indexes.push(collection_index(&index.name, index.unique, fields, Some(definition)));
                }
                Err((kind, reason)) => {
                    let unique = if index.unique { "; it is unique, which Postgres alone enforces" } else { "" };
                    ledger.note(loss(kind), path, Some(self.collection), None, format!("{reason}{unique}"));
                    let columns = index.keys.iter().filter_map(|key| key.column.as_deref());
                    let fields = columns.filter_map(|column| self.columns.get(column)).map(|entry| entry.0);
                    cast.constraints.push(Constraint {
                        name: named(&index.name),
                        kind,
                        fields: fields.collect(),
                        definition: Some(definition.into()),
                        enforcement: if index.unique { Enforcement::Postgres } else { Enforcement::None },
                        reason: reason.into(),
                    });
                }
            }
        }
        cast
    }

    /// The index behind a key; none where it names a column that is not there.
    fn key_index(&self, key: &'v Key) -> Option<CollectionIndex<'v>> {
        let index = Index {
            keys: key
                .columns
                .iter()
                .map(|column| crate::codegen::manifest::IndexKey { column: Some(column.clone()), ..Default::default() })
                .collect(),
            ..Index::default()
        };
        let fields = self.fields(&index).ok()?;
        Some(collection_index(&key.name, true, fields, None))
    }

    /// The fields of an index, or why Firestore cannot have it.
    fn fields(&self, index: &Index) -> Result<Vec<IndexField<'v>>, (ConstraintKind, String)> {
        use ConstraintKind::{ExpressionIndex, PartialIndex, UnsupportedIndex};
        let unsupported = |reason: String| (UnsupportedIndex, reason);
        if index.invalid {
            return Err(unsupported("the index is invalid: a concurrent build of it failed".to_owned()));
        }
        if index.keys.iter().any(|key| key.column.is_none()) {
            return Err((ExpressionIndex, "Firestore indexes fields, not expressions".to_owned()));
        }
        if index.predicate.is_some() {
            return Err((PartialIndex, "Firestore has no partial indexes".to_owned()));
        }
        if let Some(reason) = unsupported_method(index.method()) {
            return Err(unsupported(reason));
        }
        let mut fields: Vec<IndexField<'v>> = Vec::new();
        for key in &index.keys {
            let column = key.column.as_deref().unwrap_or_default();
            let Some((field, plain, shape)) = self.columns.get(column) else {
                return Err(unsupported(format!("the table has no column `{column}`")));
            };
            let mode = mode(index.method(), key.operator_class.as_deref(), key.descending, plain, shape)
                .map_err(|reason| unsupported(format!("{reason}: `{column}`")))?;
            let field_path = field_path(field);
            if field_path.len() > LONGEST_NAME {
                return Err(unsupported("a field's path has more than 1,500 bytes".to_owned()));
            }
            if fields.iter().all(|field| field.field_path != field_path) {
                fields.push(IndexField { field_path, mode });
            }
        }
        if fields.is_empty() {
            return Err(unsupported("the index has no columns".to_owned()));
        }
        let count = |wanted: fn(&Mode) -> bool| fields.iter().filter(|field| wanted(&field.mode)).count();
        if count(|mode| *mode == Mode::Contains) > 1 {
            return Err(unsupported("an index may have one array at most".to_owned()));
        }
        if count(|mode| matches!(mode, Mode::Vector { .. })) > 1 {
            return Err(unsupported("an index may have one vector at most".to_owned()));
        }
        if fields.len() > MOST_FIELDS {
            return Err(unsupported(format!("an index may have {MOST_FIELDS} fields at most")));
        }
        // The vector stands last; what is before it filters.
        fields.sort_by_key(|field| matches!(field.mode, Mode::Vector { .. }));
        Ok(fields)
    }

    /// The fields that are better not indexed at all, because every entry of
    /// a document counts against the 40,000 that it may have, or because none
    /// can be queried: maps of any content, bytes and vectors, unless some
    /// index says that they are queried.
    pub fn exempt(&self, queried: &BTreeSet<&str>) -> BTreeSet<&'v str> {
        let is_exempt = |plain: &PgType<'_>| {
            matches!(
                plain.family,
                Family::Json
                    | Family::Jsonb
                    | Family::Hstore
                    | Family::Bytea
                    | Family::Vector { .. }
                    | Family::Halfvec { .. }
                    | Family::Sparsevec { .. }
            )
        };
        let columns = self.columns.iter().filter(|(column, entry)| !queried.contains(*column) && is_exempt(entry.1));
        let short = columns.filter(|(_, entry)| field_path(entry.0).len() <= LONGEST_NAME);
        short.map(|(column, _)| *column).collect()
    }
}

fn is_vector_method(method: &str) -> bool {
    matches!(method, "hnsw" | "ivfflat")
}

/// Why Firestore has nothing like an access method; `None` where it has.
fn unsupported_method(method: &str) -> Option<String> {
    let reason = match method {
        "btree" | "hash" | "gin" | "hnsw" | "ivfflat" => return None,
        "gist" | "spgist" => "Firestore has no index for overlaps, distances or prefixes",
        "brin" => "a block-range index has no counterpart, and the field is indexed automatically",
        _ => return Some(format!("Firestore has no index like `{method}`")),
    };
    Some(format!("{reason} ({method})"))
}

/// How one key of an index is indexed, or why it cannot be.
fn mode(
    method: &str,
    operator_class: Option<&str>,
    descending: bool,
    plain: &PgType<'_>,
    shape: &Shape<'_>,
) -> Result<Mode, &'static str> {
    if is_vector_method(method) {
        return match (shape.kind, shape.dimension) {
            (Kind::Vector, Some(dimension)) => Ok(Mode::Vector { dimension }),
            _ => Err("the field is no Firestore vector, so it has no vector index"),
        };
    }
    if shape.kind == Kind::Vector {
        return Err("a vector has no order in Firestore");
    }
    if method != "gin" {
        return Ok(if descending { Mode::Descending } else { Mode::Ascending });
    }
    if operator_class.is_some_and(|class| class.contains("trgm")) {
        return Err("Firestore has no index of trigrams");
    }
    if plain.is_array() {
        // Where elements are wrapped, an element of Postgres is none of Firestore.
        let is_wrapped =
            plain.dimensions > 1 || shape.items.as_ref().is_some_and(|items| items.shape.kind == Kind::Map);
        return if is_wrapped {
            Err("the array's elements are maps, which no query looks into")
        } else {
            Ok(Mode::Contains)
        };
    }
    match plain.family {
        Family::Json | Family::Jsonb | Family::Hstore => {
            Err("a map's fields are indexed one by one, and containment is not")
        }
        Family::Tsvector | Family::Tsquery => Err("Firestore has no full-text search"),
        Family::Text | Family::Varchar { .. } | Family::Char { .. } | Family::Citext if operator_class.is_some() => {
            Err("the operator class has no counterpart")
        }
        _ => Ok(Mode::Ascending),
    }
}

/// An index of one field is automatic, unless it is a vector's.
fn collection_index<'v>(
    name: &'v str,
    unique: bool,
    fields: Vec<IndexField<'v>>,
    source: Option<String>,
) -> CollectionIndex<'v> {
    let automatic = matches!(fields.as_slice(), [field] if !matches!(field.mode, Mode::Vector { .. }));
    let query_scope = if automatic { None } else { Some("COLLECTION") };
    CollectionIndex { name: named(name), query_scope, automatic, unique, fields, source }
}

fn loss(kind: ConstraintKind) -> &'static Loss {
    match kind {
        ConstraintKind::PartialIndex => &findings::PARTIAL_INDEX,
        ConstraintKind::ExpressionIndex => &findings::EXPRESSION_INDEX,
        _ => &findings::UNSUPPORTED_INDEX,
    }
}

/// Puts all composite indexes into firebase-tools' order, each once, and
/// leaves out what no database takes.
pub fn close_indexes<'v>(mut indexes: Vec<CompositeIndex<'v>>, ledger: &mut Ledger<'v>) -> Vec<CompositeIndex<'v>> {
    indexes.sort_by(compare_indexes);
    indexes.dedup();
    limit(indexes, "composite indexes", |index| index.collection_group, ledger)
}

/// The same for field overrides.
pub fn close_overrides<'v>(mut overrides: Vec<FieldOverride<'v>>, ledger: &mut Ledger<'v>) -> Vec<FieldOverride<'v>> {
    overrides.sort_by(compare_overrides);
    limit(overrides, "field overrides", |field| field.collection_group, ledger)
}

fn limit<'v, T>(mut all: Vec<T>, what: &str, collection: fn(&T) -> &'v str, ledger: &mut Ledger<'v>) -> Vec<T> {
    let (path, count) = ("firestore.indexes.json", all.len());
    if count > MOST {
        let left_out: BTreeSet<&str> = all[MOST..].iter().map(collection).collect();
        let left_out: Vec<&str> = left_out.into_iter().collect();
        let reason = format!("{count} {what}: those beyond {MOST} are left out, of {}", left_out.join(", "));
        ledger.note(&findings::TOO_MANY_INDEXES, path, None, None, reason);
        all.truncate(MOST);
    } else if count > MOST_WITHOUT_BILLING {
        let reason = format!("{count} {what}: more than {MOST_WITHOUT_BILLING} need billing");
        ledger.note(&findings::MANY_INDEXES, path, None, None, reason);
    }
    all
}

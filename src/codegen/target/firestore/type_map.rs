use std::borrow::Cow;

use super::findings::{self, Loss};
use super::names::renamed_fields;
use super::options::{Dates, FirestoreOptions};
use super::value::{Field, Kind, Shape};
use crate::codegen::catalog::Catalog;
use crate::codegen::manifest::{Check, Domain};
use crate::codegen::types::{Family, PgType};

/// How deep maps and arrays may nest in a document (Firestore's limits).
const DEEPEST: usize = 20;
/// How many fields of composite types one column may spread into. A document
/// may have 40,000 index entries; a type that is wider is a type that doubles
/// at each level, and is not described further.
const WIDEST: usize = 1000;
/// Postgres' MAXDIM: no array has more dimensions, whatever is declared.
const MOST_DIMENSIONS: usize = 6;
/// The largest vector that Firestore indexes.
const LARGEST_VECTOR: u32 = 2048;

/// What became of a type.
#[derive(Debug)]
pub struct Mapped<'m> {
    pub shape: Shape<'m>,
    /// A domain on the way is NOT NULL.
    pub not_null: bool,
    /// The type without its domains, by which defaults and indexes are read.
    pub plain: PgType<'m>,
    /// The checks of the domains on the way, innermost last.
    pub checks: Vec<&'m Check>,
    /// The innermost default of the domains: what a column without one takes.
    pub default: Option<&'m str>,
    pub lost: Vec<Lost>,
}

/// What a type lost on the way.
#[derive(Debug, PartialEq)]
pub struct Lost {
    pub loss: &'static Loss,
    /// The attributes below the column, outermost first; none: the column.
    pub below: Vec<String>,
    pub reason: String,
}

/// Maps the type of a column.
pub fn map<'m>(catalog: &Catalog<'m>, options: &FirestoreOptions, type_name: &str) -> Mapped<'m> {
    let declared = catalog.resolve(type_name);
    let mut walk =
        Walk { catalog, options, open: Vec::new(), depth: 0, left: WIDEST, below: Vec::new(), lost: Vec::new() };
    let shape = walk.shape(&declared);
    let domains = domains(&declared);
    Mapped {
        shape,
        not_null: declared.forbids_null(),
        plain: declared.without_domains(),
        checks: domains.iter().flat_map(|domain| &domain.checks).collect(),
        default: if declared.is_array() { None } else { domains.iter().find_map(|domain| domain.default.as_deref()) },
        lost: walk.lost,
    }
}

/// The domains of a type, outermost first.
fn domains<'m>(declared: &PgType<'m>) -> Vec<&'m Domain> {
    let mut found = Vec::new();
    let mut family = &declared.family;
    while let Family::Domain { domain, base } = family {
        found.push(domain.item);
        family = &base.family;
    }
    found
}

/// One walk down a column's type.
struct Walk<'c, 'm> {
    catalog: &'c Catalog<'m>,
    options: &'c FirestoreOptions,
    /// The composite types that the walk is inside of.
    open: Vec<(&'m str, &'m str)>,
    depth: usize,
    left: usize,
    below: Vec<String>,
    lost: Vec<Lost>,
}

impl<'m> Walk<'_, 'm> {
    fn lose(&mut self, loss: &'static Loss, reason: impl Into<String>) {
        self.lost.push(Lost { loss, below: self.below.clone(), reason: reason.into() });
    }

    /// A value of the type; an array of its elements where it has brackets.
    fn shape(&mut self, declared: &PgType<'m>) -> Shape<'m> {
        let plain = declared.without_domains();
        if !plain.is_array() {
            return self.scalar(&plain.family);
        }
        let dimensions = plain.dimensions.min(MOST_DIMENSIONS);
        // Each dimension beyond the first is a map and an array.
        let levels = 2 * dimensions - 1;
        self.depth += levels;
        let element = self.scalar(&plain.family);
        self.depth -= levels;
        let nullable = plain.dimensions != declared.dimensions || !declared.element().forbids_null();
        let mut shape = Shape::array(self.within_array(element), nullable);
        for _ in 1..dimensions {
            shape = Shape::array(Shape::wrapped(shape), false);
        }
        if dimensions > 1 {
            self.lose(&findings::ARRAY_IN_ARRAY, "each inner array is wrapped in a map {values}");
        }
        shape
    }

    /// The shape as an array may hold it.
    fn within_array(&mut self, element: Shape<'m>) -> Shape<'m> {
        match element.kind {
            Kind::Array => {
                self.lose(
                    &findings::ARRAY_IN_ARRAY,
                    "each element is itself an array, so it is wrapped in a map {values}",
                );
                Shape::wrapped(element)
            }
            Kind::Vector => {
                let reason = "an array holds no vectors, so each is a map {values} of numbers";
                self.lose(&findings::VECTOR_NOT_SEARCHABLE, reason);
                Shape::wrapped(Shape::array(Shape::number("float32"), false))
            }
            _ => element,
        }
    }

    fn scalar(&mut self, family: &Family<'m>) -> Shape<'m> {
        match family {
            Family::Boolean => Shape::of(Kind::Boolean),
            Family::Int2 => Shape::number("int16"),
            Family::Int4 => Shape::number("int32"),
            // An oid is an unsigned integer of 32 bits, which int32 cannot hold.
            Family::Oid => Shape::number("int64"),
            Family::Int8 => {
                self.lose(&findings::BIG_INTEGER, "JavaScript reads it as a double, which is exact up to 2^53 only");
                Shape::number("int64")
            }
            Family::Float4 => Shape::number("float32"),
            Family::Float8 => Shape::number("float64"),
            Family::Numeric { precision, scale } => self.numeric(*precision, *scale),
            Family::Money => {
                self.ordered_otherwise("money", "an amount of money becomes a string, for it must stay exact")
            }
            Family::Text => Shape::string(None),
            Family::Citext => {
                self.lose(&findings::COMPARISON, "citext ignores case, a Firestore string does not");
                Shape::string(None)
            }
            Family::Varchar { length } => Shape::string(*length),
            Family::Char { length } => Shape::string(Some(*length)),
            Family::InternalChar => Shape::string(Some(1)),
            Family::Name => Shape::string(Some(63)),
            Family::Bytea => Shape::of(Kind::Bytes),
            Family::Bit { length } => Shape { format: Some("bit".into()), ..Shape::string(Some(*length)) },
            Family::Varbit { length } => Shape { format: Some("bit".into()), ..Shape::string(*length) },
            Family::Date => match self.options.dates {
                Dates::String => Shape::formatted("date"),
                Dates::Timestamp => Shape::of(Kind::Timestamp),
            },
            Family::Time => Shape::formatted("time"),
            Family::TimeTz => self.ordered_otherwise("timetz", "a time with its zone is ordered by its text"),
            Family::Timestamp => {
                self.lose(&findings::ASSUMED_UTC, "it names no time zone, and is mirrored as if it were UTC");
                Shape::of(Kind::Timestamp)
            }
            Family::TimestampTz => Shape::of(Kind::Timestamp),
            Family::Interval => self.ordered_otherwise("interval", "an interval is ordered by its text"),
            Family::Json | Family::Jsonb => {
                let reason = "a document that is an array or a scalar, or holds arrays in arrays, is no Firestore map";
                self.lose(&findings::JSON_NOT_A_MAP, reason);
                Shape::of(Kind::Map)
            }
            Family::Hstore => Shape::of(Kind::Map),
            Family::Jsonpath => Shape::formatted("jsonpath"),
            Family::Xml => Shape::formatted("xml"),
            Family::Uuid => Shape::formatted("uuid"),
            Family::Inet => self.ordered_otherwise("inet", "an address is ordered by its text"),
            Family::Cidr => self.ordered_otherwise("cidr", "a network is ordered by its text"),
            Family::Macaddr => Shape::formatted("macaddr"),
            Family::Macaddr8 => Shape::formatted("macaddr8"),
            Family::Tsvector => self.searched("tsvector"),
            Family::Tsquery => self.searched("tsquery"),
            Family::Ltree(name) => Shape::formatted(*name),
            Family::Point => Shape::planar_point(),
            Family::Geometric(name) => Shape::formatted(*name),
            Family::Range { subtype, .. } => self.range(subtype),
            Family::Multirange { subtype, .. } => {
                self.depth += 1;
                let range = self.range(subtype);
                self.depth -= 1;
                Shape::array(range, false)
            }
            Family::Reg(name) => Shape::formatted(*name),
            Family::SystemId(name) => self.ordered_otherwise(name, "a system id is ordered by its text"),
            Family::PgLsn => self.ordered_otherwise("pg-lsn", "a log position is ordered by its text"),
            Family::Snapshot(name) => Shape::formatted(name.replace('_', "-")),
            Family::Geometry { geography, subtype, srid } => self.geometry(*geography, subtype.as_deref(), *srid),
            Family::Vector { dimension } | Family::Halfvec { dimension } => self.vector(*dimension),
            Family::Sparsevec { .. } => {
                self.lose(&findings::VECTOR_NOT_SEARCHABLE, "Firestore has no sparse vectors: it is a map");
                Shape::sparse_vector()
            }
            Family::Enum(named) => Shape { labels: labels(&named.item.labels), ..Shape::string(None) },
            // `shape` has taken the domains off.
            Family::Domain { base, .. } => self.shape(base),
            Family::Composite(named) => {
                let attributes = &named.item.attributes;
                let parts = attributes.iter().map(|attribute| Part {
                    name: &attribute.name,
                    type_name: &attribute.type_name,
                    not_null: false,
                    collation: attribute.collation.is_some(),
                    comment: attribute.comment.as_deref(),
                });
                self.composite((named.schema, &named.item.name), parts.collect())
            }
            Family::Row { schema, name, columns } => {
                let parts = columns.iter().map(|column| Part {
                    name: &column.name,
                    type_name: &column.type_name,
                    not_null: column.not_null,
                    collation: column.collation.is_some(),
                    comment: column.comment.as_deref(),
                });
                self.composite((schema, name), parts.collect())
            }
            Family::Unknown(name) => {
                self.lose(
                    &findings::UNKNOWN_TYPE,
                    format!("nothing is known of the type `{name}`, so it is mirrored as text"),
                );
                Shape::string(None)
            }
        }
    }

    /// A string whose order is not that of what it holds.
    fn ordered_otherwise(&mut self, format: &'static str, reason: &str) -> Shape<'m> {
        self.lose(&findings::LEXICAL_ORDER, reason);
        Shape::formatted(format)
    }

    fn searched(&mut self, format: &'static str) -> Shape<'m> {
        self.lose(&findings::TEXT_SEARCH, format!("a {format} is mirrored as its text"));
        Shape::formatted(format)
    }

    /// Up to 15 decimal digits a double holds exactly enough to print them
    /// again (C's DBL_DIG), if the exponent is one that it has.
    fn numeric(&mut self, precision: Option<u32>, scale: Option<i32>) -> Shape<'m> {
        match (precision, scale.unwrap_or(0)) {
            (Some(precision @ 1..=15), scale @ -290..=290) => {
                Shape { precision: Some(precision), scale: Some(scale), ..Shape::number("decimal") }
            }
            _ => self.ordered_otherwise("decimal", "a double would lose digits, so the number becomes a string"),
        }
    }

    /// Firestore's points are longitude and latitude on WGS 84, which is
    /// SRID 4326, and geography's own default.
    fn geometry(&mut self, geography: bool, subtype: Option<&str>, srid: Option<i32>) -> Shape<'m> {
        let is_point = subtype.is_some_and(|subtype| subtype.eq_ignore_ascii_case("point"));
        if is_point && (srid == Some(4326) || geography && srid.is_none()) {
            return Shape::of(Kind::Geopoint);
        }
        self.lose(&findings::GEOMETRY_AS_TEXT, "only a Point with SRID 4326 is a geopoint: it is mirrored as WKT");
        Shape::formatted("wkt")
    }

    fn vector(&mut self, dimension: Option<u32>) -> Shape<'m> {
        match dimension {
            Some(dimension @ 1..=LARGEST_VECTOR) => Shape { dimension: Some(dimension), ..Shape::of(Kind::Vector) },
            _ => {
                let reason = match dimension {
                    Some(dimension) => {
                        format!("it has {dimension} dimensions, and Firestore takes up to {LARGEST_VECTOR}")
                    }
                    None => "it declares no dimension".to_owned(),
                };
                self.lose(&findings::VECTOR_NOT_SEARCHABLE, format!("{reason}: it is an array of numbers"));
                Shape::array(Shape::number("float32"), false)
            }
        }
    }

    /// A range as a map. An empty range has neither bound, an unbounded side
    /// is null.
    fn range(&mut self, subtype: &PgType<'m>) -> Shape<'m> {
        self.depth += 1;
        let bound = self.shape(subtype);
        self.depth -= 1;
        let flag = || Field::new(Shape::of(Kind::Boolean), true);
        Shape::map(vec![
            ("lower".into(), Field::new(bound.clone(), false)),
            ("upper".into(), Field::new(bound, false)),
            ("lowerInclusive".into(), flag()),
            ("upperInclusive".into(), flag()),
            ("empty".into(), flag()),
        ])
    }

    /// A composite type as a map with its attributes; without them where the
    /// type holds itself, or the limits are reached.
    fn composite(&mut self, identity: (&'m str, &'m str), parts: Vec<Part<'m>>) -> Shape<'m> {
        let (schema, name) = identity;
        let stop = if self.open.contains(&identity) {
            Some(format!("`{schema}.{name}` holds itself"))
        } else if self.depth + 1 >= DEEPEST {
            Some(format!("`{schema}.{name}` is deeper than the {DEEPEST} levels that a document has"))
        } else if parts.len() > self.left {
            Some(format!("the type spreads into more than {WIDEST} fields"))
        } else {
            None
        };
        if let Some(reason) = stop {
            self.lose(&findings::NESTED_TOO_DEEP, format!("{reason}: it is a map whose fields are not described"));
            return Shape::of(Kind::Map);
        }
        self.left -= parts.len();
        self.open.push(identity);
        self.depth += 1;
        let renamed = renamed_fields(parts.iter().map(|part| part.name));
        let mut fields: Vec<(Cow<'m, str>, Field<'m>)> = Vec::with_capacity(parts.len());
        let mut seen = std::collections::BTreeSet::new();
        for part in parts.into_iter().filter(|part| seen.insert(part.name)) {
            let name = renamed.get(part.name).map_or(Cow::Borrowed(part.name), |name| Cow::Owned(name.clone()));
            self.below.push(part.name.to_owned());
            let field = self.part(&part, &name);
            self.below.pop();
            fields.push((name, field));
        }
        self.depth -= 1;
        self.open.pop();
        Shape::map(fields)
    }

    fn part(&mut self, part: &Part<'m>, name: &str) -> Field<'m> {
        let before = self.lost.len();
        if name != part.name {
            self.lose(&findings::FIELD_RENAMED, format!("the attribute's field is named `{name}`"));
        }
        if part.collation {
            self.lose(&findings::COMPARISON, "its collation is not Firestore's order of bytes");
        }
        let declared = self.catalog.resolve(part.type_name);
        let shape = self.shape(&declared);
        let mut field = Field::new(shape, part.not_null || declared.forbids_null());
        field.description = description(part.comment);
        // Only its own: what its attributes lost stands with them.
        field.lossy = slugs(self.lost[before..].iter().filter(|lost| lost.below == self.below));
        field
    }
}

/// An attribute of a composite type, or a column of a row type.
struct Part<'m> {
    name: &'m str,
    type_name: &'m str,
    not_null: bool,
    collation: bool,
    comment: Option<&'m str>,
}

/// The marks of what was lost, each once, sorted.
pub fn slugs<'l>(lost: impl Iterator<Item = &'l Lost>) -> Vec<&'static str> {
    let slugs: std::collections::BTreeSet<&'static str> = lost.map(|lost| lost.loss.slug).collect();
    slugs.into_iter().collect()
}

/// A comment, where it says something.
pub fn description(comment: Option<&str>) -> Option<&str> {
    comment.filter(|comment| !comment.trim().is_empty())
}

/// The labels, each once: a JSON Schema's `enum` has no duplicates.
fn labels(labels: &[String]) -> Vec<&str> {
    let mut seen = std::collections::BTreeSet::new();
    labels.iter().map(String::as_str).filter(|label| seen.insert(*label)).collect()
}

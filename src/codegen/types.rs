//! `PgType`: one parse of a Postgres type name; every target's type map starts
//! from it.
//!
//! [`TypeName`] is what stands in the manifest, taken apart.
//! [`PgType`] is what it means once the manifest's own types are known;
//! [`crate::codegen::catalog::Catalog::resolve`] makes the one from the other.

use crate::codegen::manifest::{Column, Composite, Domain, Enum};

mod builtin;
mod parse;

pub use builtin::{EXTENSION_TYPES, builtin, builtin_names, is_builtin_name};
pub use parse::{TypeName, TypeNameError};

/// A resolved type: what its elements are, and how many array brackets it has.
#[derive(Debug, Clone, PartialEq)]
pub struct PgType<'m> {
    pub family: Family<'m>,
    /// Declared array dimensions; Postgres does not enforce their number.
    /// 0: not an array.
    pub dimensions: usize,
}

impl<'m> PgType<'m> {
    pub fn scalar(family: Family<'m>) -> Self {
        Self { family, dimensions: 0 }
    }

    pub fn is_array(&self) -> bool {
        self.dimensions > 0
    }

    /// The type with every domain replaced by what it is based on. Brackets
    /// add up: a domain over `text[]` is an array.
    pub fn without_domains(&self) -> PgType<'m> {
        let mut dimensions = self.dimensions;
        let mut family = &self.family;
        while let Family::Domain { base, .. } = family {
            dimensions += base.dimensions;
            family = &base.family;
        }
        PgType { family: family.clone(), dimensions }
    }

    /// Whether a domain forbids null, whatever the column says. Brackets end
    /// the search: of `label[]` the elements are not null, the array may be.
    /// It is what the schema's author means, not a proof: an outer join gives
    /// null all the same, and the manual (CREATE DOMAIN, Notes) shows how a
    /// stored column comes to hold one.
    pub fn forbids_null(&self) -> bool {
        let mut pg_type = self;
        while let (Family::Domain { domain, base }, 0) = (&pg_type.family, pg_type.dimensions) {
            if domain.item.not_null {
                return true;
            }
            pg_type = base;
        }
        false
    }

    /// The type of one element of an array; itself for what is no array.
    pub fn element(&self) -> PgType<'m> {
        PgType::scalar(self.family.clone())
    }
}

/// What a type is, as far as a target needs to tell types apart.
#[derive(Debug, Clone, PartialEq)]
pub enum Family<'m> {
    Boolean,
    Int2,
    Int4,
    Int8,
    Float4,
    Float8,
    /// `precision` and `scale` as declared; a free `numeric` has neither.
    Numeric {
        precision: Option<u32>,
        scale: Option<i32>,
    },
    Money,
    Text,
    Varchar {
        length: Option<u32>,
    },
    Char {
        length: u32,
    },
    /// `"char"`: one byte, of the catalogs.
    InternalChar,
    Name,
    Citext,
    Bytea,
    Bit {
        length: u32,
    },
    Varbit {
        length: Option<u32>,
    },
    Date,
    Time,
    TimeTz,
    Timestamp,
    TimestampTz,
    Interval,
    Json,
    Jsonb,
    Jsonpath,
    Hstore,
    Xml,
    Uuid,
    Inet,
    Cidr,
    Macaddr,
    Macaddr8,
    Tsvector,
    Tsquery,
    /// `ltree`, `lquery` or `ltxtquery`.
    Ltree(&'static str),
    Point,
    /// `line`, `lseg`, `box`, `path`, `polygon` or `circle`.
    Geometric(&'static str),
    Range {
        name: String,
        subtype: Box<PgType<'m>>,
    },
    Multirange {
        name: String,
        subtype: Box<PgType<'m>>,
    },
    Oid,
    /// `regclass`, `regtype` and their like.
    Reg(&'static str),
    /// `xid`, `xid8`, `cid` or `tid`.
    SystemId(&'static str),
    PgLsn,
    /// `pg_snapshot` or `txid_snapshot`.
    Snapshot(&'static str),
    /// PostGIS: `geometry` or, where `geography` is set, `geography`.
    Geometry {
        geography: bool,
        subtype: Option<String>,
        srid: Option<i32>,
    },
    /// pgvector, with its dimension where it is declared.
    Vector {
        dimension: Option<u32>,
    },
    Halfvec {
        dimension: Option<u32>,
    },
    Sparsevec {
        dimension: Option<u32>,
    },
    Enum(Named<'m, Enum>),
    Domain {
        domain: Named<'m, Domain>,
        base: Box<PgType<'m>>,
    },
    Composite(Named<'m, Composite>),
    /// The row type of a table or view of the manifest.
    Row {
        schema: &'m str,
        name: &'m str,
        columns: &'m [Column],
    },
    /// A type that is there (an extension's, or of a schema that is left out)
    /// but of which nothing is known. Holds its name as written.
    Unknown(String),
}

/// An object of the manifest with the schema that it stands in.
#[derive(Debug, PartialEq)]
pub struct Named<'m, T> {
    pub schema: &'m str,
    pub item: &'m T,
}

impl<T> Clone for Named<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Named<'_, T> {}

//! A Rust type as the models write it, and what it can do.

use std::collections::BTreeSet;

use crate::codegen::loss::Code;

use super::external::External;

/// What a Postgres type becomes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RustType {
    /// As it is written in a file of a schema, two modules below `models`.
    pub path: String,
    /// The type whose JSON Schema stands in, where schemars has none for
    /// `path`: the two differ in their leaves alone.
    pub schema_path: String,
    pub traits: Traits,
    /// How the value is read and written: as it is, or through a cast.
    pub cast: Option<Cast>,
    pub externals: BTreeSet<External>,
    pub support: BTreeSet<Support>,
    /// Values that Postgres has and the type has not.
    pub traps: BTreeSet<Trap>,
    /// Why the type is not what one would wish.
    pub loss: Option<(&'static Code, String)>,
}

/// What is derived, and for whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Traits {
    pub copy: bool,
    pub eq: bool,
    pub hash: bool,
    /// Display, in the form that Postgres prints as well.
    pub display: bool,
    /// sqlx decodes and encodes it.
    pub sqlx: bool,
    /// sqlx decodes and encodes arrays of it.
    pub sqlx_array: bool,
}

impl Traits {
    /// Eq and Hash, and known to sqlx.
    pub const KEY: Self = Self { copy: false, eq: true, hash: true, display: false, sqlx: true, sqlx_array: true };
    /// As `KEY`, and Copy.
    pub const SMALL: Self = Self { copy: true, ..Self::KEY };
    /// Clone, Debug and PartialEq alone.
    pub const PLAIN: Self =
        Self { copy: false, eq: false, hash: false, display: false, sqlx: false, sqlx_array: false };

    pub fn without_sqlx(self) -> Self {
        Self { sqlx: false, sqlx_array: false, ..self }
    }

    /// What a struct has whose fields have these.
    pub fn both(self, other: Self) -> Self {
        Self {
            copy: self.copy && other.copy,
            eq: self.eq && other.eq,
            hash: self.hash && other.hash,
            display: self.display && other.display,
            sqlx: self.sqlx && other.sqlx,
            sqlx_array: self.sqlx_array && other.sqlx_array,
        }
    }
}

/// A cast that a value is read through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cast {
    Text,
    /// `text[]`: an array whose elements are read as text.
    TextArray,
}

impl Cast {
    pub fn sql(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::TextArray => "text[]",
        }
    }
}

/// A type of support.rs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Support {
    Interval,
    Money,
    TimeTz,
    PgLsn,
    Numeric,
    Range,
    Multirange,
    /// The JSON Schema of `bit_vec::BitVec`.
    Bits,
}

impl Support {
    /// Whether it reads and writes the wire format itself.
    pub fn has_wire_format(self) -> bool {
        self != Self::Bits
    }
}

/// Values of a Postgres type that its Rust type has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Trap {
    /// `'infinity'` and `'-infinity'` of a date or timestamp.
    Infinity,
    /// 24:00, the end of a day.
    EndOfDay,
    /// NaN of a numeric.
    NotANumber,
    /// Numbers in json that are neither i64, u64 nor f64.
    JsonNumber,
    /// The text of json, which jsonb does not keep either.
    JsonText,
}

impl RustType {
    pub fn new(path: &str, traits: Traits) -> Self {
        Self {
            path: path.to_owned(),
            schema_path: path.to_owned(),
            traits,
            cast: None,
            externals: BTreeSet::new(),
            support: BTreeSet::new(),
            traps: BTreeSet::new(),
            loss: None,
        }
    }

    /// `String`, through `::text`.
    pub fn text(code: &'static Code, reason: impl Into<String>) -> Self {
        let traits = Traits { display: true, ..Traits::KEY };
        Self { cast: Some(Cast::Text), loss: Some((code, reason.into())), ..Self::new("String", traits) }
    }

    /// The type as it is written, without what it uses and loses: that is noted
    /// once for a column, which has a field in up to three structs.
    pub fn written(&self) -> Self {
        Self { schema_path: self.schema_path.clone(), cast: self.cast, ..Self::new(&self.path, self.traits) }
    }

    pub fn of_crate(mut self, external: External) -> Self {
        self.externals.insert(external);
        self
    }

    /// Whose JSON Schema stands in for the type's.
    pub fn schema(mut self, path: &str) -> Self {
        self.schema_path = path.to_owned();
        self
    }

    pub fn trap(mut self, trap: Trap) -> Self {
        self.traps.insert(trap);
        self
    }

    /// An array: its elements may be NULL, whatever the column says.
    pub fn array(self) -> Self {
        let traits =
            Traits { copy: false, display: false, sqlx: self.traits.sqlx_array, sqlx_array: false, ..self.traits };
        Self {
            path: format!("Vec<Option<{}>>", self.path),
            schema_path: format!("Vec<Option<{}>>", self.schema_path),
            traits,
            cast: self.cast.map(|_| Cast::TextArray),
            ..self
        }
    }

    pub fn option(self) -> Self {
        let option = |path: String| ["Option<", path.as_str(), ">"].concat();
        Self { path: option(self.path), schema_path: option(self.schema_path), ..self }
    }

    /// What `schemars(with = …)` has to say, where it has to say anything.
    pub fn stand_in(&self) -> Option<&str> {
        (self.schema_path != self.path).then_some(self.schema_path.as_str())
    }
}

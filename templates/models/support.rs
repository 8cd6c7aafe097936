//! What the models share: the types that Postgres has and no crate does.

use std::error::Error;
use std::fmt;
{% if has("range") %}use std::ops::Bound;{% endif %}

/// A text that is no label of an enum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownLabel {
    /// The enum's name in Postgres.
    pub enumeration: &'static str,
    /// The text.
    pub label: String,
}

impl fmt::Display for UnknownLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no label of the enum {}", self.label, self.enumeration)
    }
}

impl Error for UnknownLabel {}
{% if serde %}
/// Reads a field that is there, so that null is told from absence: null is
/// `Some(None)`, and a field that is not there `None` by its default.
///
/// # Errors
/// Those of the deserializer.
#[cfg(feature = "serde")]
pub fn present<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: serde::Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}
{% endif %}
{% if has("interval") %}
/// An `interval`: months, days and microseconds are three numbers, for neither
/// a month nor a day is always as long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
{% include "models/support/data.rs" %}
pub struct Interval {
    /// Months; a year is twelve.
    pub months: i32,
    /// Days.
    pub days: i32,
    /// Microseconds.
    pub microseconds: i64,
}

impl Interval {
    fn from_wire(wire: [u8; 16]) -> Self {
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = wire;
        Self {
            microseconds: i64::from_be_bytes([a, b, c, d, e, f, g, h]),
            days: i32::from_be_bytes([i, j, k, l]),
            months: i32::from_be_bytes([m, n, o, p]),
        }
    }

    fn to_wire(self) -> [u8; 16] {
        let mut wire = [0; 16];
        wire[..8].copy_from_slice(&self.microseconds.to_be_bytes());
        wire[8..12].copy_from_slice(&self.days.to_be_bytes());
        wire[12..].copy_from_slice(&self.months.to_be_bytes());
        wire
    }
}
{% let (ident, postgres_name, oid) = ("Interval", "INTERVAL", "1186") %}
{% include "models/support/fixed.rs" %}
{% endif %}
{% if has("money") %}
/// A `money`: the amount in the smallest unit of the currency that the server's
/// `lc_monetary` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
{% include "models/support/data.rs" %}
pub struct Money(pub i64);

impl Money {
    fn from_wire(wire: [u8; 8]) -> Self {
        Self(i64::from_be_bytes(wire))
    }

    fn to_wire(self) -> [u8; 8] {
        self.0.to_be_bytes()
    }
}
{% let (ident, postgres_name, oid) = ("Money", "MONEY", "790") %}
{% include "models/support/fixed.rs" %}
{% endif %}
{% if has("timetz") %}
/// A `time with time zone`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
{% include "models/support/data.rs" %}
pub struct TimeTz {
    /// Microseconds since midnight; 24:00 is a day's worth of them.
    pub microseconds: i64,
    /// The zone, in seconds west of Greenwich: `+01` is -3600.
    pub seconds_west: i32,
}

impl TimeTz {
    fn from_wire(wire: [u8; 12]) -> Self {
        let [a, b, c, d, e, f, g, h, i, j, k, l] = wire;
        Self {
            microseconds: i64::from_be_bytes([a, b, c, d, e, f, g, h]),
            seconds_west: i32::from_be_bytes([i, j, k, l]),
        }
    }

    fn to_wire(self) -> [u8; 12] {
        let mut wire = [0; 12];
        wire[..8].copy_from_slice(&self.microseconds.to_be_bytes());
        wire[8..].copy_from_slice(&self.seconds_west.to_be_bytes());
        wire
    }
}
{% let (ident, postgres_name, oid) = ("TimeTz", "TIMETZ", "1266") %}
{% include "models/support/fixed.rs" %}
{% endif %}
{% if has("pg_lsn") %}
/// A `pg_lsn`: a place in the write-ahead log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
{% include "models/support/data.rs" %}
pub struct PgLsn(pub u64);

impl PgLsn {
    fn from_wire(wire: [u8; 8]) -> Self {
        Self(u64::from_be_bytes(wire))
    }

    fn to_wire(self) -> [u8; 8] {
        self.0.to_be_bytes()
    }
}

/// As Postgres prints it: `16/B374D848`.
impl fmt::Display for PgLsn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:X}/{:X}", self.0 >> 32, self.0 & 0xffff_ffff)
    }
}
{% let (ident, postgres_name, oid) = ("PgLsn", "PG_LSN", "3220") %}
{% include "models/support/fixed.rs" %}
{% endif %}
{% if has("numeric") %}{% include "models/support/numeric.rs" %}{% endif %}
{% if has("range") %}{% include "models/support/range.rs" %}{% endif %}
{% if has("multirange") %}{% include "models/support/multirange.rs" %}{% endif %}
{% if has("bits") && schemars %}
/// How `bit_vec::BitVec` is written by serde, for its JSON Schema.
#[cfg(feature = "schemars")]
#[derive(Debug, schemars::JsonSchema)]
pub struct Bits {
    /// The bits, 32 to a number, the first in the lowest place.
    pub storage: Vec<u32>,
    /// How many bits there are.
    pub nbits: usize,
}
{% endif %}

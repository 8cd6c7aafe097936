//! What the support types read and write, against the bytes of Postgres' own
//! send functions. It is compiled within the crate of generated models.

#![cfg(all(feature = "postgres-types", feature = "serde"))]

use std::fmt::Debug;
use std::ops::Bound::{Excluded, Included, Unbounded};

use postgres_types::{FromSql, ToSql, Type};

use crate::models::support::{Interval, Money, Multirange, Numeric, PgLsn, Range, TimeTz};
use crate::models::t::OfType0Update;

fn both<T: ToSql + for<'a> FromSql<'a> + PartialEq + Debug>(ty: &Type, value: T, wire: &[u8]) {
    assert!(<T as ToSql>::accepts(ty) && <T as FromSql>::accepts(ty));
    let mut out = bytes::BytesMut::new();
    value.to_sql(ty, &mut out).unwrap();
    assert_eq!(&out[..], wire, "{value:?}");
    assert_eq!(T::from_sql(ty, wire).unwrap(), value);
}

fn numeric(text: &str, words: &[u16]) {
    let wire: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
    both(&Type::NUMERIC, Numeric(text.parse().unwrap()), &wire);
    // Equal numbers may differ in their digits behind the point.
    both(&Type::NUMERIC, Numeric::from_sql(&Type::NUMERIC, &wire).unwrap(), &wire);
}

#[test]
fn numerics() {
    numeric("0", &[0, 0, 0, 0]);
    numeric("0.00", &[0, 0, 0, 2]);
    numeric("1", &[1, 0, 0, 0, 1]);
    numeric("-12345.6789", &[3, 1, 0x4000, 4, 1, 2345, 6789]);
    numeric("0.0001", &[1, -1_i16 as u16, 0, 4, 1]);
    numeric("0.1", &[1, -1_i16 as u16, 0, 1, 1000]);
    numeric("100000000", &[1, 2, 0, 0, 1]);
    numeric("10000.50", &[3, 1, 0, 2, 1, 0, 5000]);
    let not_a_number = [0, 0, 0, 0, 0xc0, 0, 0, 0];
    assert!(Numeric::from_sql(&Type::NUMERIC, &not_a_number).is_err());
    assert!(Numeric::from_sql(&Type::NUMERIC, &[0, 9, 0, 0, 0, 0, 0, 0]).is_err());
}

#[test]
fn numbers_of_fixed_length() {
    let interval = Interval { months: 14, days: -3, microseconds: 1 };
    both(&Type::INTERVAL, interval, &[0, 0, 0, 0, 0, 0, 0, 1, 255, 255, 255, 253, 0, 0, 0, 14]);
    both(&Type::MONEY, Money(-1), &[255; 8]);
    let time = TimeTz { microseconds: 1, seconds_west: -3600 };
    both(&Type::TIMETZ, time, &[0, 0, 0, 0, 0, 0, 0, 1, 255, 255, 241, 240]);
    both(&Type::PG_LSN, PgLsn(0x16_b374_d848), &[0, 0, 0, 0x16, 0xb3, 0x74, 0xd8, 0x48]);
    assert_eq!(PgLsn(0x16_b374_d848).to_string(), "16/B374D848");
    assert!(Money::from_sql(&Type::MONEY, &[0; 7]).is_err());
}

#[test]
fn ranges() {
    let ty = &Type::INT4_RANGE;
    both(ty, Range::<i32>::Empty, &[1]);
    both(ty, Range::<i32>::Bounds(Unbounded, Unbounded), &[0x18]);
    both(ty, Range::Bounds(Included(1), Excluded(3)), &[2, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 3]);
    both(ty, Range::Bounds(Unbounded, Included(3)), &[0x0c, 0, 0, 0, 4, 0, 0, 0, 3]);
    assert!(Range::<i32>::from_sql(ty, &[]).is_err() && Range::<i32>::from_sql(ty, &[2, 0, 0]).is_err());
    let many = Multirange(vec![Range::Bounds(Unbounded, Excluded(5_i64))]);
    both(&Type::INT8MULTI_RANGE, many, &[0, 0, 0, 1, 0, 0, 0, 13, 8, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 5]);
    both(&Type::INT8MULTI_RANGE, Multirange::<i64>(Vec::new()), &[0, 0, 0, 0]);
}

#[test]
fn null_is_told_from_absence() {
    let read = |json: &str| serde_json::from_str::<OfType0Update>(json).unwrap().may_be_null;
    assert_eq!(read("{}"), None);
    assert_eq!(read("{\"may be null\": null}"), Some(None));
    assert_eq!(serde_json::to_string(&OfType0Update::default()).unwrap(), "{}");
}

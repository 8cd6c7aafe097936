//! Every family of types with values that try it.

/// What becomes of a value on its way through a driver and back.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fate {
    /// It stays what it was.
    Same,
    /// It stays, and this is how Rust shows it (`{:?}` of the field).
    Shown(&'static str),
    /// It is not read: an error, and no other value.
    Unread,
    /// It is read, and refused when it is written again.
    Unwritten,
    /// The driver panics: the type has no such value, and sqlx adds it up all the same.
    Panics,
    /// It comes back as this.
    Changed(&'static str),
}
use Fate::{Changed, Panics, Same, Shown, Unread, Unwritten};

/// A type, a value of it, and what becomes of it after all.
pub type Exception = (&'static str, &'static str, Fate);

pub struct Family {
    pub type_name: &'static str,
    /// The extension that it needs.
    pub extension: Option<&'static str>,
    /// SQL literals of it, without the cast.
    pub values: &'static [(&'static str, Fate)],
}

const fn of(type_name: &'static str, values: &'static [(&'static str, Fate)]) -> Family {
    Family { type_name, extension: None, values }
}

const fn by(extension: &'static str, type_name: &'static str, values: &'static [(&'static str, Fate)]) -> Family {
    Family { type_name, extension: Some(extension), values }
}

pub const TYPES: &str = "
    CREATE SCHEMA t;
    CREATE SCHEMA \"Q q\"\"\";
    CREATE TYPE t.mood AS ENUM ('sad', 'Sad', '', 'it''s', 'größe', '👍 \"x\"');
    CREATE TYPE \"Q q\"\"\".\"My Mood\" AS ENUM ('a b');
    CREATE DOMAIN t.email AS text CHECK (VALUE ~ '@');
    CREATE DOMAIN t.amount AS numeric(12,2);
    CREATE DOMAIN t.page AS xml;
    CREATE DOMAIN t.tags AS text[];
    CREATE DOMAIN t.twice AS t.email;
    CREATE TYPE t.place AS (street text, \"type\" t.mood, \"Zip Code\" integer, since date);
    CREATE TYPE t.deep AS (at t.place, all_of t.place[], note t.email);
    CREATE TYPE t.opaque AS (words tsvector, n integer);
    CREATE TYPE t.floatrange AS RANGE (subtype = double precision);
    CREATE TABLE t.made (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        n integer NOT NULL,
        twice integer GENERATED ALWAYS AS (n * 2) STORED,
        word text DEFAULT 'x',
        parent bigint REFERENCES t.made
    );
    CREATE FUNCTION t.once(t.mood, integer[]) RETURNS integer LANGUAGE sql RETURN 1;
    CREATE TABLE t.\"Se\"\"lf é\" (
        \"self\" text NOT NULL, \"type\" integer, \"a \"\"b\" text[], \"größe\" real, \"1st\" boolean, \"👍\" uuid
    );
";

pub const FAMILIES: &[Family] = &[
    of("boolean", &[("true", Shown("Some(true)")), ("false", Same)]),
    of("smallint", &[("-32768", Shown("Some(-32768)")), ("32767", Same)]),
    of("integer", &[("-2147483648", Same), ("2147483647", Shown("Some(2147483647)"))]),
    of("bigint", &[("-9223372036854775808", Same), ("9223372036854775807", Shown("Some(9223372036854775807)"))]),
    of(
        "real",
        &[("NaN", Shown("Some(NaN)")), ("-Infinity", Shown("Some(-inf)")), ("1e-45", Same), ("3.4028235e38", Same)],
    ),
    of("double precision", &[("NaN", Same), ("Infinity", Same), ("-0", Shown("Some(-0.0)")), ("5e-324", Same)]),
    of("text", &[("", Shown("Some(\"\")")), ("größe 👍 \\ ' \"", Same)]),
    of("character varying(5)", &[("größe", Same)]),
    of("character(3)", &[("a", Shown("Some(\"a  \")"))]),
    of("name", &[("a name", Same)]),
    of("\"char\"", &[("x", Shown("Some(120)"))]),
    of("bytea", &[("\\x00ff5c", Shown("Some([0, 255, 92])")), ("", Same)]),
    of("uuid", &[("ffffffff-ffff-ffff-ffff-ffffffffffff", Same), ("00000000-0000-0000-0000-000000000000", Same)]),
    of(
        "json",
        &[
            ("[1]", Same),
            ("{\"b\" : null, \"a\": 1, \"a\": 2}", Changed("{\"a\":2,\"b\":null}")),
            ("null", Shown("Some(Null)")),
        ],
    ),
    of(
        "jsonb",
        &[
            ("{\"b\": [1, \"x\", {\"a\": null}]}", Same),
            ("18446744073709551615", Same),
            ("123456789012345678901234567890", Changed("123456789012345680000000000000")),
        ],
    ),
    of("numeric(10,2)", &[("-99999999.99", Shown("Some(-99999999.99)")), ("0.00", Same), ("NaN", Unread)]),
    of("numeric(28,28)", &[("0.9999999999999999999999999999", Same)]),
    of("numeric(28,0)", &[("9999999999999999999999999999", Same)]),
    of("numeric(40,3)", &[("9999999999999999999999999999999999999.999", Same), ("NaN", Same)]),
    of(
        "numeric",
        &[("NaN", Same), ("Infinity", Same), ("1e-40", Same), ("12345678901234567890123456789012345.00", Same)],
    ),
    of(
        "timestamp with time zone",
        &[
            ("0001-01-01 00:00:00.000001+00", Same),
            ("9999-12-31 23:59:59.999999+00", Same),
            ("infinity", Unread),
            ("-infinity", Unread),
        ],
    ),
    of(
        "timestamp without time zone",
        &[("2001-02-03 04:05:06.000007", Shown("Some(2001-02-03T04:05:06.000007)")), ("infinity", Unread)],
    ),
    of(
        "date",
        &[("0001-01-01", Same), ("9999-12-31", Shown("Some(9999-12-31)")), ("infinity", Unread), ("-infinity", Unread)],
    ),
    of("time without time zone", &[("00:00", Same), ("23:59:59.999999", Same), ("24:00", Changed("00:00:00"))]),
    of(
        "time with time zone",
        &[
            ("24:00:00-15:59", Same),
            ("01:02:03.000004+05:30", Shown("Some(TimeTz { microseconds: 3723000004, seconds_west: -19800 })")),
        ],
    ),
    of(
        "interval",
        &[
            ("-178000000 years", Same),
            ("1 year -2 days 00:00:00.000001", Shown("Some(Interval { months: 12, days: -2, microseconds: 1 })")),
        ],
    ),
    of(
        "money",
        &[("-92233720368547758.08", Shown("Some(Money(-9223372036854775808))")), ("92233720368547758.07", Same)],
    ),
    of(
        "int4range",
        &[("empty", Shown("Some(Empty)")), ("(,)", Same), ("[1,3)", Shown("Some(Bounds(Included(1), Excluded(3)))"))],
    ),
    of("int8range", &[("[-9223372036854775808,)", Same)]),
    of("numrange", &[("(1.50,NaN]", Same), ("[1,2.00)", Same)]),
    of("tsrange", &[("[2001-01-01,2001-01-02)", Same), ("[2001-01-01,infinity]", Unread)]),
    of("tstzrange", &[("(,2001-01-01 00:00+00]", Same)]),
    of("daterange", &[("[2001-01-01,)", Same), ("empty", Same)]),
    of("t.floatrange", &[("(-1.5,Infinity]", Same)]),
    of("int4multirange", &[("{}", Shown("Some(Multirange([]))")), ("{[1,3),[5,)}", Same)]),
    of("datemultirange", &[("{(,2001-01-01),[2002-01-01,2002-01-02)}", Same)]),
    of("t.floatmultirange", &[("{[1,2)}", Same)]),
    of("inet", &[("10.1.2.3/8", Same), ("::1", Same), ("2001:db8::1/64", Same)]),
    of("cidr", &[("10.0.0.0/8", Same), ("2001:db8::/32", Same), ("1.2.3.4/32", Same)]),
    of("macaddr", &[("08:00:2b:01:02:03", Same)]),
    of("macaddr8", &[("08:00:2b:01:02:03:04:05", Same), ("08:00:2b:01:02:03", Same)]),
    of("bit(11)", &[("10101010111", Same)]),
    of("bit varying", &[("", Same), ("1", Same)]),
    of("pg_lsn", &[("FFFFFFFF/FFFFFFFF", Same), ("16/B374D848", Shown("Some(PgLsn(97500059720))"))]),
    of("oid", &[("4294967295", Shown("Some(4294967295)"))]),
    of("xml", &[("<a b=\"c\">&lt;</a>", Same), ("text <b/> größe", Same)]),
    of("tsvector", &[("'a':1A 'b':2", Same), ("", Same), ("'it''s \\\\':3", Same)]),
    of("tsquery", &[("'a' & !'b'", Same), ("'a':*AB <2> 'c'", Same), ("", Same)]),
    of("jsonpath", &[("$.\"a\"[*]", Same), ("strict $.\"a b\"?(@ > 1)", Same)]),
    of("point", &[("(1.5,-2)", Same), ("(Infinity,NaN)", Same)]),
    of("line", &[("{1,-2.5,0}", Same)]),
    of("lseg", &[("[(1,2),(3,4)]", Same)]),
    // Its arrays are delimited by semicolons.
    of("box", &[("(3,4),(1,2)", Same)]),
    of("path", &[("[(0,0),(1,1)]", Same), ("((0,0),(1,1),(1,0))", Same)]),
    of("polygon", &[("((0,0),(1,1),(1,0))", Same)]),
    of("circle", &[("<(0,0),1>", Same)]),
    of("pg_snapshot", &[("10:20:10,14", Same)]),
    of("txid_snapshot", &[("10:20:", Same)]),
    of("regtype", &[("integer", Same), ("t.mood", Same), ("-", Same)]),
    // A name that must be quoted, one that is found by the search path, and the
    // number that stands for a relation that is gone: the cast from text takes names alone.
    of("regclass", &[("t.\"Se\"\"lf é\"", Same), ("pg_class", Same), ("4294967295", Unwritten)]),
    of("regproc", &[("t.once", Same), ("boolin", Same)]),
    of("regprocedure", &[("t.once(t.mood,integer[])", Same)]),
    of("regoper", &[("||/", Same)]),
    of("regoperator", &[("+(integer,integer)", Same), ("-(NONE,integer)", Same)]),
    of("regrole", &[("postgres", Same)]),
    of("regnamespace", &[("t", Same), ("\"Q q\"\"\"", Same)]),
    of("regconfig", &[("simple", Same)]),
    of("regdictionary", &[("simple", Same)]),
    of("regcollation", &[("\"C\"", Same)]),
    of("xid8", &[("18446744073709551615", Same)]),
    of("xid", &[("4294967295", Same)]),
    of("cid", &[("7", Same)]),
    of("tid", &[("(4294967295,65535)", Same)]),
    of(
        "t.mood",
        &[
            ("sad", Same),
            ("Sad", Same),
            ("", Same),
            ("it's", Same),
            ("größe", Shown("Some(Groesse)")),
            ("👍 \"x\"", Same),
        ],
    ),
    of("\"Q q\"\"\".\"My Mood\"", &[("a b", Same)]),
    of("t.email", &[("a@b", Shown("Some(Email(\"a@b\"))"))]),
    of("t.twice", &[("a@b", Shown("Some(Twice(Email(\"a@b\")))"))]),
    of("t.amount", &[("-1.50", Same), ("NaN", Unread)]),
    of("t.page", &[("<a/>", Same)]),
    of("t.tags", &[("{a,NULL,\"\"}", Same), ("{}", Same)]),
    of("t.place", &[("(\"a b\",sad,7,2001-01-01)", Same), ("(,,,)", Same), ("(,,,infinity)", Unread)]),
    of("t.deep", &[("(\"(a,,1,)\",\"{\"\"(b,sad,,)\"\",NULL}\",x@y)", Same), ("(,,)", Same)]),
    of("t.opaque", &[("('a':1,2)", Same)]),
    of("text[]", &[("{{a,b},{c,d}}", Unread)]),
    by("citext", "public.citext", &[("ÄaB", Same)]),
    by("hstore", "public.hstore", &[("\"a\"=>NULL, \"b\"=>\"\"", Same), ("", Shown("Some({})"))]),
    by("vector", "public.vector(3)", &[("[1,-2.5,0]", Same)]),
    by("ltree", "public.ltree", &[("a.b.c", Same), ("", Same)]),
];

/// The families that the choice of crates bears upon, and what becomes of
/// their values with other crates.
pub const OTHERWISE: &[(&str, &str, &[Exception])] = &[
    (
        "time",
        "dates: time, decimal: bigdecimal",
        &[
            ("numeric(40,3)", "NaN", Unread),
            ("numeric", "NaN", Unread),
            ("numeric", "Infinity", Unread),
            ("numrange", "(1.50,NaN]", Unread),
        ],
    ),
    (
        "jiff",
        "dates: jiff, decimal: text",
        &[
            ("numeric(10,2)", "NaN", Same),
            ("t.amount", "NaN", Same),
            ("timestamp with time zone", "9999-12-31 23:59:59.999999+00", Unread),
            ("time without time zone", "24:00", Unread),
        ],
    ),
    (
        "chosen",
        "features: [postgres-types, tokio-postgres], decimal: text, type_overrides: {types: {
        timestamptz: 'postgres_types::Timestamp<chrono::DateTime<chrono::Utc>>',
        timestamp: 'postgres_types::Timestamp<chrono::NaiveDateTime>', date: 'postgres_types::Date<chrono::NaiveDate>',
        time: text, jsonb: text, json: text, 'text[]': text}}",
        &[
            ("timestamp with time zone", "infinity", Same),
            ("timestamp with time zone", "-infinity", Same),
            ("timestamp without time zone", "infinity", Same),
            ("date", "infinity", Same),
            ("date", "-infinity", Same),
            ("time without time zone", "24:00", Same),
            ("numeric(10,2)", "NaN", Same),
            ("t.amount", "NaN", Same),
            ("jsonb", "123456789012345678901234567890", Same),
            ("tsrange", "[2001-01-01,infinity]", Same),
            ("t.place", "(,,,infinity)", Same),
            ("text[]", "{{a,b},{c,d}}", Same),
            ("json", "{\"b\" : null, \"a\": 1, \"a\": 2}", Same),
        ],
    ),
];

/// What becomes of values with sqlx, where it is not what becomes of them with
/// tokio-postgres.
pub const WITH_SQLX: &[Exception] = &[
    // It writes jsonb, which the server turns into json.
    ("json", "{\"b\" : null, \"a\": 1, \"a\": 2}", Changed("{\"a\": 2, \"b\": null}")),
    ("timestamp with time zone", "infinity", Panics),
    ("timestamp with time zone", "-infinity", Panics),
    ("timestamp without time zone", "infinity", Panics),
    ("date", "infinity", Panics),
    ("date", "-infinity", Panics),
    ("t.place", "(,,,infinity)", Panics),
];

/// Values that stay what they are with the crates of the default, but not with
/// some others.
pub const UNCOMMON: &[&str] = &["NaN", "Infinity", "(1.50,NaN]", "9999-12-31 23:59:59.999999+00"];

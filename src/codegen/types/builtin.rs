use super::{Family, PgType, TypeName};

/// Types of well-known extensions, unqualified. Whatever schema they were
/// installed into, they are recognised by name.
pub const EXTENSION_TYPES: [&str; 10] =
    ["citext", "hstore", "ltree", "lquery", "ltxtquery", "geometry", "geography", "vector", "halfvec", "sparsevec"];

/// The names that `builtin` knows: those of `pg_type`, of the SQL standard,
/// and of people. Used to tell a misspelt type from one of an extension.
pub fn builtin_names() -> impl Iterator<Item = &'static str> {
    NAMES.iter().copied()
}

/// Whether the unqualified name is one of Postgres' own types.
pub fn is_builtin_name(name: &str) -> bool {
    NAMES.binary_search(&name).is_ok()
}

/// Sorted.
const NAMES: [&str; 108] = [
    "aclitem",
    "bigint",
    "bigserial",
    "bit",
    "bit varying",
    "bool",
    "boolean",
    "box",
    "bpchar",
    "bytea",
    "char",
    "char varying",
    "character",
    "character varying",
    "cid",
    "cidr",
    "circle",
    "cstring",
    "date",
    "datemultirange",
    "daterange",
    "dec",
    "decimal",
    "double precision",
    "float",
    "float4",
    "float8",
    "inet",
    "int",
    "int2",
    "int2vector",
    "int4",
    "int4multirange",
    "int4range",
    "int8",
    "int8multirange",
    "int8range",
    "integer",
    "interval",
    "json",
    "jsonb",
    "jsonpath",
    "line",
    "lseg",
    "macaddr",
    "macaddr8",
    "money",
    "name",
    "national character",
    "national character varying",
    "nchar",
    "numeric",
    "nummultirange",
    "numrange",
    "oid",
    "oidvector",
    "path",
    "pg_lsn",
    "pg_node_tree",
    "pg_snapshot",
    "point",
    "polygon",
    "real",
    "record",
    "refcursor",
    "regclass",
    "regcollation",
    "regconfig",
    "regdictionary",
    "regnamespace",
    "regoper",
    "regoperator",
    "regproc",
    "regprocedure",
    "regrole",
    "regtype",
    "serial",
    "serial2",
    "serial4",
    "serial8",
    "smallint",
    "smallserial",
    "text",
    "tid",
    "time",
    "time with time zone",
    "time without time zone",
    "timestamp",
    "timestamp with time zone",
    "timestamp without time zone",
    "timestamptz",
    "timetz",
    "trigger",
    "tsmultirange",
    "tsquery",
    "tsrange",
    "tstzmultirange",
    "tstzrange",
    "tsvector",
    "txid_snapshot",
    "unknown",
    "uuid",
    "varbit",
    "varchar",
    "void",
    "xid",
    "xid8",
    "xml",
];

/// The family of one of Postgres' own types, or of a well-known extension's;
/// `None` where the name is neither. Array brackets are the caller's.
pub fn builtin(name: &TypeName) -> Option<Family<'static>> {
    let length = || name.modifiers.first().and_then(|text| text.parse::<u32>().ok());
    if name.quoted && name.name == "char" {
        return Some(Family::InternalChar);
    }
    let range = |subtype: Family<'static>, multi: bool| {
        let (name, subtype) = (name.name.clone(), Box::new(PgType::scalar(subtype)));
        if multi { Family::Multirange { name, subtype } } else { Family::Range { name, subtype } }
    };
    let free_numeric = Family::Numeric { precision: None, scale: None };
    Some(match name.name.as_str() {
        "bool" | "boolean" => Family::Boolean,
        "int2" | "smallint" | "smallserial" | "serial2" => Family::Int2,
        "int4" | "int" | "integer" | "serial" | "serial4" => Family::Int4,
        "int8" | "bigint" | "bigserial" | "serial8" => Family::Int8,
        "float4" | "real" => Family::Float4,
        "float8" | "double precision" => Family::Float8,
        // The standard's float(n): up to 24 binary digits it is real.
        "float" => match length() {
            Some(1..=24) => Family::Float4,
            _ => Family::Float8,
        },
        "numeric" | "decimal" | "dec" => Family::Numeric {
            precision: length(),
            // A declared precision without a scale means a scale of 0.
            scale: length().map(|_| name.modifiers.get(1).and_then(|text| text.parse().ok()).unwrap_or(0)),
        },
        "money" => Family::Money,
        "text" => Family::Text,
        "varchar" | "character varying" | "char varying" | "national character varying" => {
            Family::Varchar { length: length() }
        }
        "bpchar" if name.modifiers.is_empty() => Family::Text,
        "bpchar" | "char" | "character" | "nchar" | "national character" => {
            Family::Char { length: length().unwrap_or(1) }
        }
        "name" => Family::Name,
        "citext" => Family::Citext,
        "bytea" => Family::Bytea,
        "bit" => Family::Bit { length: length().unwrap_or(1) },
        "varbit" | "bit varying" => Family::Varbit { length: length() },
        "date" => Family::Date,
        "time" | "time without time zone" => Family::Time,
        "timetz" | "time with time zone" => Family::TimeTz,
        "timestamp" | "timestamp without time zone" => Family::Timestamp,
        "timestamptz" | "timestamp with time zone" => Family::TimestampTz,
        "json" => Family::Json,
        "jsonb" => Family::Jsonb,
        "jsonpath" => Family::Jsonpath,
        "hstore" => Family::Hstore,
        "xml" => Family::Xml,
        "uuid" => Family::Uuid,
        "inet" => Family::Inet,
        "cidr" => Family::Cidr,
        "macaddr" => Family::Macaddr,
        "macaddr8" => Family::Macaddr8,
        "tsvector" => Family::Tsvector,
        "tsquery" => Family::Tsquery,
        "ltree" => Family::Ltree("ltree"),
        "lquery" => Family::Ltree("lquery"),
        "ltxtquery" => Family::Ltree("ltxtquery"),
        "point" => Family::Point,
        "line" => Family::Geometric("line"),
        "lseg" => Family::Geometric("lseg"),
        "box" => Family::Geometric("box"),
        "path" => Family::Geometric("path"),
        "polygon" => Family::Geometric("polygon"),
        "circle" => Family::Geometric("circle"),
        "int4range" => range(Family::Int4, false),
        "int8range" => range(Family::Int8, false),
        "numrange" => range(free_numeric, false),
        "tsrange" => range(Family::Timestamp, false),
        "tstzrange" => range(Family::TimestampTz, false),
        "daterange" => range(Family::Date, false),
        "int4multirange" => range(Family::Int4, true),
        "int8multirange" => range(Family::Int8, true),
        "nummultirange" => range(free_numeric, true),
        "tsmultirange" => range(Family::Timestamp, true),
        "tstzmultirange" => range(Family::TimestampTz, true),
        "datemultirange" => range(Family::Date, true),
        "oid" => Family::Oid,
        "regclass" => Family::Reg("regclass"),
        "regcollation" => Family::Reg("regcollation"),
        "regconfig" => Family::Reg("regconfig"),
        "regdictionary" => Family::Reg("regdictionary"),
        "regnamespace" => Family::Reg("regnamespace"),
        "regoper" => Family::Reg("regoper"),
        "regoperator" => Family::Reg("regoperator"),
        "regproc" => Family::Reg("regproc"),
        "regprocedure" => Family::Reg("regprocedure"),
        "regrole" => Family::Reg("regrole"),
        "regtype" => Family::Reg("regtype"),
        "xid" => Family::SystemId("xid"),
        "xid8" => Family::SystemId("xid8"),
        "cid" => Family::SystemId("cid"),
        "tid" => Family::SystemId("tid"),
        "pg_lsn" => Family::PgLsn,
        "pg_snapshot" => Family::Snapshot("pg_snapshot"),
        "txid_snapshot" => Family::Snapshot("txid_snapshot"),
        "geometry" | "geography" => Family::Geometry {
            geography: name.name == "geography",
            subtype: name.modifiers.first().cloned(),
            srid: name.modifiers.get(1).and_then(|text| text.parse().ok()),
        },
        "vector" => Family::Vector { dimension: length() },
        "halfvec" => Family::Halfvec { dimension: length() },
        "sparsevec" => Family::Sparsevec { dimension: length() },
        other if other == "interval" || other.starts_with("interval ") => Family::Interval,
        other if is_builtin_name(other) => Family::Unknown(other.to_owned()),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_are_sorted_and_known() {
        let mut sorted = NAMES;
        sorted.sort_unstable();
        assert_eq!(sorted, NAMES);
        for name in NAMES {
            assert!(builtin(&TypeName::parse(name).unwrap()).is_some(), "{name}");
        }
    }
}

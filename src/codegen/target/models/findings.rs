//! What Rust types cannot express, or express at a price.

use crate::codegen::loss::Code;

pub(super) static READ_AS_TEXT: Code = Code {
    id: "RUS001",
    title: "A type without a Rust counterpart is read and written as text",
    way_out: "Take the String, or give models.type_overrides a type that reads the binary format",
};

pub(super) static UNKNOWN_TYPE: Code = Code {
    id: "RUS002",
    title: "A type of which nothing is known is read and written as text",
    way_out: "List the type under its extension in the manifest, or give models.type_overrides a type for it",
};

pub(super) static VIEW_NULLABILITY: Code = Code {
    id: "RUS003",
    title: "Columns of a view that may be null as far as can be proved",
    way_out: "Unwrap the Option where the query cannot give NULL, or set not_null on the view's column in the manifest",
};

pub(super) static INFINITE_DATE: Code = Code {
    id: "RUS004",
    title: "'infinity' (and for `time` 24:00) is a value in Postgres and none in Rust: reading it is an error (with sqlx a panic) or changes it",
    way_out: "Forbid it with a CHECK, or override the type: `text`, or postgres_types::Date and Timestamp",
};

pub(super) static NOT_A_NUMBER: Code = Code {
    id: "RUS005",
    title: "Numeric may hold NaN, which the decimal type has not: reading it is an error",
    way_out: "Forbid it with CHECK (column <> 'NaN'), or set models.decimal: text",
};

pub(super) static ARRAY_OF_ARRAYS: Code = Code {
    id: "RUS006",
    title: "An array of several dimensions is read and written as text",
    way_out: "Make it jsonb, a table, or an array of one dimension",
};

pub(super) static NO_SQLX_ROW: Code = Code {
    id: "RUS007",
    title: "The row has no sqlx::FromRow, for sqlx has no codec for a column's type",
    way_out: "Override the column's type (`text` always works), or read the row with tokio-postgres",
};

pub(super) static UNCHECKED_DOMAIN: Code = Code {
    id: "RUS008",
    title: "The newtype of a domain does not enforce the domain's constraints",
    way_out: "Nothing is needed for rows that were read; the server refuses a wrong value when it is written",
};

pub(super) static COLLISION: Code = Code {
    id: "RUS009",
    title: "Names that become one Rust identifier were told apart by a suffix",
    way_out: "Rename one of them in the database if the identifier is to be readable",
};

pub(super) static UNREADABLE_COMPOSITE: Code = Code {
    id: "RUS010",
    title: "A composite or row type is read and written as text",
    way_out: "Give its attributes types that have a binary codec in Rust, or override the type",
};

pub(super) static JSON_NUMBER: Code = Code {
    id: "RUS011",
    title: "JSON is not all kept by serde_json::Value: numbers beyond i64, u64 and f64 lose digits, json its own text",
    way_out: "Switch on serde_json's arbitrary_precision, or override the type with `text`",
};

pub(super) static BAD_OVERRIDE: Code = Code {
    id: "RUS012",
    title: "A type of project.yaml's `models.type_overrides` cannot be used",
    way_out: "Name a type or column of the manifest, and a Rust type by its path",
};

pub(super) static CODES: [&Code; 12] = [
    &READ_AS_TEXT,
    &UNKNOWN_TYPE,
    &VIEW_NULLABILITY,
    &INFINITE_DATE,
    &NOT_A_NUMBER,
    &ARRAY_OF_ARRAYS,
    &NO_SQLX_ROW,
    &UNCHECKED_DOMAIN,
    &COLLISION,
    &UNREADABLE_COMPOSITE,
    &JSON_NUMBER,
    &BAD_OVERRIDE,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_are_numbered_without_a_gap() {
        for (index, code) in CODES.iter().enumerate() {
            assert_eq!(code.id, format!("RUS{:03}", index + 1));
        }
    }
}

//! What it takes to turn a column of one type into one of another.

/// How a column's values get from one type to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TypeChange {
    /// The catalog alone changes: every value is one of the new type, stored
    /// alike (ALTER TABLE, "Notes": no rewrite where the types are binary
    /// coercible, or the modifier only grows).
    InPlace,
    /// Every value has its place in the new type, but is stored otherwise: the
    /// table is rewritten.
    Rewritten,
    /// Some values have none, or the meaning is another.
    Converted,
}

/// The change from one type to another, both as `format_type` prints them.
pub fn type_change(from: &str, to: &str) -> TypeChange {
    if let (Some(from), Some(to)) = (from.strip_suffix("[]"), to.strip_suffix("[]")) {
        // An array is coerced element by element, and so always rewritten.
        return match type_change(from, to) {
            TypeChange::InPlace => TypeChange::Rewritten,
            other => other,
        };
    }
    let ((from, from_modifiers), (to, to_modifiers)) = (split(from), split(to));
    if from == to {
        return same_type(&from, &from_modifiers, &to_modifiers);
    }
    let unlimited = to_modifiers.is_empty();
    match (from.as_str(), to.as_str()) {
        ("character varying", "text") | ("text", "character varying") | ("cidr", "inet") | ("xml", "text")
            if unlimited =>
        {
            TypeChange::InPlace
        }
        ("smallint", "integer" | "bigint" | "numeric" | "real" | "double precision")
        | ("integer", "bigint" | "numeric" | "double precision")
        | ("bigint", "numeric")
        | ("real", "double precision")
        | ("character", "text" | "character varying")
        | ("json", "jsonb" | "text")
        | ("uuid", "text" | "character varying")
        | ("date", "timestamp without time zone")
            if unlimited =>
        {
            TypeChange::Rewritten
        }
        _ => TypeChange::Converted,
    }
}

fn same_type(name: &str, from: &[i64], to: &[i64]) -> TypeChange {
    let grows = match (from, to) {
        _ if from == to => true,
        // A character without a length has one character.
        (_, []) => name != "character" && name != "bit",
        ([from_length], [to_length]) => to_length >= from_length,
        // numeric: its scale is part of how a value is stored.
        ([from_precision, from_scale], [to_precision, to_scale]) => {
            to_precision >= from_precision && to_scale == from_scale
        }
        _ => false,
    };
    match (grows, name) {
        (true, "character") if from != to => TypeChange::Rewritten,
        (true, "bit") if from != to => TypeChange::Converted,
        (true, _) => TypeChange::InPlace,
        (false, _) => TypeChange::Converted,
    }
}

/// `character varying(20)` as its name and its modifiers; they stand in the
/// middle of `timestamp(3) without time zone`.
fn split(type_name: &str) -> (String, Vec<i64>) {
    let parts = type_name.split_once('(').and_then(|(name, rest)| Some((name, rest.split_once(')')?)));
    let Some((name, (modifiers, rest))) = parts else { return (type_name.to_owned(), Vec::new()) };
    match modifiers.split(',').map(|number| number.trim().parse()).collect() {
        Ok(modifiers) => (format!("{name}{rest}"), modifiers),
        // Something that we do not know the meaning of, as PostGIS' `geometry(Point,4326)`.
        Err(_) => (type_name.to_owned(), Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::{TypeChange, type_change};

    #[test]
    fn what_a_change_of_type_takes() {
        for (from, to, expected) in [
            ("character varying(20)", "character varying(50)", TypeChange::InPlace),
            ("character varying(20)", "character varying", TypeChange::InPlace),
            ("character varying(50)", "character varying(20)", TypeChange::Converted),
            ("character varying", "character varying(20)", TypeChange::Converted),
            ("character varying(20)", "text", TypeChange::InPlace),
            ("text", "character varying(20)", TypeChange::Converted),
            ("integer", "bigint", TypeChange::Rewritten),
            ("bigint", "integer", TypeChange::Converted),
            ("numeric(10,2)", "numeric(12,2)", TypeChange::InPlace),
            ("numeric(10,2)", "numeric(12,3)", TypeChange::Converted),
            ("numeric(10,2)", "numeric", TypeChange::InPlace),
            ("timestamp(3) without time zone", "timestamp(6) without time zone", TypeChange::InPlace),
            ("timestamp(3) without time zone", "timestamp without time zone", TypeChange::InPlace),
            ("timestamp without time zone", "timestamp with time zone", TypeChange::Converted),
            ("character(3)", "character(5)", TypeChange::Rewritten),
            ("character varying(20)[]", "character varying(50)[]", TypeChange::Rewritten),
            ("text", "text[]", TypeChange::Converted),
            ("public.geometry(Point,4326)", "public.geometry(Point,3857)", TypeChange::Converted),
            ("crm.state", "crm.status", TypeChange::Converted),
        ] {
            assert_eq!(type_change(from, to), expected, "{from} to {to}");
        }
    }
}

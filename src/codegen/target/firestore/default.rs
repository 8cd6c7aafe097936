use serde_json::{Map, Number, Value};

use super::literal::{self, Literal, Plain};
use super::value::{Kind, Shape};
use crate::codegen::catalog::Catalog;
use crate::codegen::types::{Family, PgType};

/// Integers up to this a double, and so JavaScript, holds exactly.
const EXACT: u64 = 1 << 53;

/// The value that a default gives a field, where that is certain: the default
/// is a literal, and nothing about the type changes it on the way.
///
/// `plain` is the column's type without its domains, `shape` what it became.
pub fn literal_default(catalog: &Catalog<'_>, plain: &PgType<'_>, shape: &Shape<'_>, text: &str) -> Option<Value> {
    value(catalog, plain, shape, &Literal::parse(text)?)
}

fn value(catalog: &Catalog<'_>, plain: &PgType<'_>, shape: &Shape<'_>, literal: &Literal) -> Option<Value> {
    if literal.value == Plain::Null {
        return Some(Value::Null);
    }
    let casts_are_harmless = literal.casts.iter().all(|cast| {
        catalog.look_up(cast).is_ok_and(|cast| is_harmless(&cast.without_domains(), plain, &literal.value))
    });
    if !casts_are_harmless {
        return None;
    }
    if plain.is_array() {
        return array(catalog, plain, shape, &literal.value);
    }
    scalar(&plain.family, shape, &literal.value)
}

/// Whether a literal that is cast to `cast` and stored as `plain` is stored as
/// written.
fn is_harmless(cast: &PgType<'_>, plain: &PgType<'_>, literal: &Plain) -> bool {
    if cast == plain {
        return true;
    }
    if cast.dimensions != plain.dimensions {
        return false;
    }
    let textual = |family: &Family<'_>| {
        matches!(family, Family::Text | Family::Varchar { .. } | Family::Citext | Family::Char { .. } | Family::Name)
    };
    let is_integer = matches!(literal, Plain::Number(text) | Plain::Text(text) if text.parse::<i64>().is_ok());
    match &cast.family {
        Family::Text | Family::Varchar { length: None } => textual(&plain.family),
        Family::Int2 | Family::Int4 | Family::Int8 => is_integer && is_number(&plain.family),
        Family::Numeric { precision: None, .. } | Family::Float8 => is_number(&plain.family),
        _ => false,
    }
}

fn is_number(family: &Family<'_>) -> bool {
    matches!(
        family,
        Family::Int2 | Family::Int4 | Family::Int8 | Family::Float4 | Family::Float8 | Family::Numeric { .. }
    )
}

/// An array of one dimension. Elements that became something else than the
/// field's items say (an array in a map) are not certain; no element is.
fn array(catalog: &Catalog<'_>, plain: &PgType<'_>, shape: &Shape<'_>, literal: &Plain) -> Option<Value> {
    let items = &shape.items.as_ref()?.shape;
    let element = plain.element();
    let elements: Vec<Literal> = match literal {
        Plain::Array(elements) => elements.clone(),
        Plain::Text(text) => literal::array_elements(text)?
            .into_iter()
            .map(|element| Literal { value: element.map_or(Plain::Null, Plain::Text), casts: Vec::new() })
            .collect(),
        _ => return None,
    };
    if plain.dimensions > 1 && !elements.is_empty() {
        return None;
    }
    elements.iter().map(|literal| value(catalog, &element, items, literal)).collect()
}

fn scalar(family: &Family<'_>, shape: &Shape<'_>, literal: &Plain) -> Option<Value> {
    match (family, literal) {
        (Family::Boolean, Plain::Boolean(value)) => Some(Value::Bool(*value)),
        (Family::Boolean, Plain::Text(text)) => match text.as_str() {
            "t" | "true" => Some(Value::Bool(true)),
            "f" | "false" => Some(Value::Bool(false)),
            _ => None,
        },
        (Family::Int2, Plain::Number(text) | Plain::Text(text)) => text.parse::<i16>().ok().map(Value::from),
        (Family::Int4, Plain::Number(text) | Plain::Text(text)) => text.parse::<i32>().ok().map(Value::from),
        (Family::Int8, Plain::Number(text) | Plain::Text(text)) => {
            text.parse::<i64>().ok().filter(|value| value.unsigned_abs() <= EXACT).map(Value::from)
        }
        (Family::Float4 | Family::Float8, Plain::Number(text) | Plain::Text(text)) => number(text),
        (Family::Numeric { scale, .. }, Plain::Number(text) | Plain::Text(text)) => {
            let fraction = decimal_fraction(text)?;
            // More digits than the scale are rounded away.
            if scale.is_some_and(|scale| i64::from(scale) < i64::try_from(fraction).unwrap_or(i64::MAX)) {
                return None;
            }
            if shape.kind == Kind::Number { number(text) } else { Some(Value::from(text.as_str())) }
        }
        (Family::Text | Family::Citext, Plain::Text(text)) => Some(Value::from(text.as_str())),
        (Family::Varchar { length }, Plain::Text(text)) => {
            let fits = length.is_none_or(|length| text.chars().count() <= length as usize);
            fits.then(|| Value::from(text.as_str()))
        }
        // A shorter one would be filled up with blanks.
        (Family::Char { length }, Plain::Text(text)) => {
            (text.chars().count() == *length as usize).then(|| Value::from(text.as_str()))
        }
        (Family::Name, Plain::Text(text)) => (text.len() <= 63).then(|| Value::from(text.as_str())),
        (Family::Enum(named), Plain::Text(text)) => {
            named.item.labels.contains(text).then(|| Value::from(text.as_str()))
        }
        (Family::Uuid, Plain::Text(text)) => is_uuid(text).then(|| Value::from(text.to_ascii_lowercase())),
        (Family::Date, Plain::Text(text)) if shape.kind == Kind::String => {
            is_date(text).then(|| Value::from(text.as_str()))
        }
        (Family::Json | Family::Jsonb, Plain::Text(text)) => document(text),
        (Family::Hstore, Plain::Text(text)) if text.trim().is_empty() => Some(Value::Object(Map::new())),
        _ => None,
    }
}

/// A finite number; integers without a fraction, so that `0` stays `0`.
fn number(text: &str) -> Option<Value> {
    let is_plain = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'));
    let number = text.parse::<f64>().ok().filter(|number| is_plain && number.is_finite())?;
    if number.fract() == 0.0 && number.abs() <= EXACT as f64 {
        return Some(Value::from(number as i64));
    }
    Number::from_f64(number).map(Value::Number)
}

/// How many digits stand behind the point; `None` for what is no plain decimal.
fn decimal_fraction(text: &str) -> Option<usize> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    let well_formed = !whole.is_empty() && all_digits(whole) && all_digits(fraction) && !digits.ends_with('.');
    well_formed.then_some(fraction.len())
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.char_indices().all(
            |(at, c)| {
                if matches!(at, 8 | 13 | 18 | 23) { c == '-' } else { c.is_ascii_hexdigit() }
            },
        )
}

/// A day of the calendar, as ISO 8601 writes it.
fn is_date(text: &str) -> bool {
    let parts: Vec<Option<u32>> = text
        .split('-')
        .map(|part| part.chars().all(|c| c.is_ascii_digit()).then(|| part.parse().ok()).flatten())
        .collect();
    let [Some(year), Some(month), Some(day)] = parts.as_slice() else { return false };
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    text.len() == 10 && text.as_bytes()[4] == b'-' && *year > 0 && (1..=days).contains(day)
}

/// A JSON document that a map holds as it is: an object without arrays in
/// arrays, whose numbers a double holds.
fn document(text: &str) -> Option<Value> {
    let value: Value = serde_json::from_str(text).ok()?;
    (value.is_object() && fits(&value, false)).then(|| sorted(value))
}

fn fits(value: &Value, in_array: bool) -> bool {
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => true,
        Value::Number(number) => match number.as_i64() {
            Some(integer) => integer.unsigned_abs() <= EXACT,
            None => number.is_f64(),
        },
        Value::Array(elements) => !in_array && elements.iter().all(|element| fits(element, true)),
        Value::Object(fields) => fields.values().all(|field| fits(field, false)),
    }
}

/// The keys of all objects in the order of their bytes. Whether `serde_json`
/// keeps the order of keys depends on the features that other crates ask for,
/// which are not the same in the program and in a build script.
fn sorted(value: Value) -> Value {
    match value {
        Value::Array(elements) => elements.into_iter().map(sorted).collect(),
        Value::Object(fields) => {
            let mut fields: Vec<(String, Value)> = fields.into_iter().collect();
            fields.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(fields.into_iter().map(|(key, value)| (key, sorted(value))).collect())
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::codegen::manifest::Manifest;
    use crate::codegen::target::firestore::{FirestoreOptions, type_map};

    fn default(type_name: &str, text: &str) -> Option<Value> {
        let manifest: Manifest = serde_yaml::from_str(
            "{version: '1.0', schemas: [{name: crm, enums: [{name: status, labels: [lead, done]}], \
             domains: [{name: positive, type: integer}]}]}",
        )
        .unwrap();
        let catalog = Catalog::new(&manifest);
        let mapped = type_map::map(&catalog, &FirestoreOptions::default(), type_name);
        literal_default(&catalog, &mapped.plain, &mapped.shape, text)
    }

    #[test]
    fn certain_defaults_are_values() {
        for (type_name, text, expected) in [
            ("text", "'a''b'::text", json!("a'b")),
            ("character varying(3)", "'abc'::character varying", json!("abc")),
            ("character(2)", "'ab'::bpchar", json!("ab")),
            ("crm.status", "'lead'::crm.status", json!("lead")),
            ("integer", "0", json!(0)),
            ("integer", "'-1'::integer", json!(-1)),
            ("bigint", "(9007199254740992)::bigint", json!(9_007_199_254_740_992_i64)),
            ("crm.positive", "1", json!(1)),
            ("numeric(10,2)", "1.50", json!(1.5)),
            ("numeric(20,4)", "(0)::numeric", json!("0")),
            ("numeric", "0.1", json!("0.1")),
            ("double precision", "'1.5'::double precision", json!(1.5)),
            ("double precision", "0", json!(0)),
            ("boolean", "true", json!(true)),
            ("uuid", "'00000000-0000-0000-0000-00000000000A'::uuid", json!("00000000-0000-0000-0000-00000000000a")),
            ("date", "'2024-02-29'::date", json!("2024-02-29")),
            ("jsonb", "'{\"b\": [1], \"a\": {}}'::jsonb", json!({"a": {}, "b": [1]})),
            ("text[]", "'{}'::text[]", json!([])),
            ("text[]", "ARRAY['a'::text, NULL::text]", json!(["a", null])),
            ("integer[]", "'{1,2}'::integer[]", json!([1, 2])),
            ("integer[][]", "'{}'::integer[]", json!(null)),
            ("text", "NULL::text", json!(null)),
        ] {
            let expected = if type_name == "integer[][]" { None } else { Some(expected) };
            assert_eq!(default(type_name, text), expected, "{type_name} DEFAULT {text}");
        }
    }

    #[test]
    fn all_else_stays_an_expression() {
        for (type_name, text) in [
            ("double precision", "'NaN'::double precision"),
            ("double precision", "'Infinity'::double precision"),
            ("double precision", "'1e400'::double precision"),
            ("numeric", "'NaN'::numeric"),
            ("numeric(10,2)", "1.005"),
            ("bigint", "9007199254740993"),
            ("smallint", "70000"),
            ("integer", "(1.5)::integer"),
            ("character(5)", "'ab'::bpchar"),
            ("character varying(2)", "'abc'::character varying"),
            ("crm.status", "'gone'::crm.status"),
            ("date", "'2023-02-29'::date"),
            ("date", "'infinity'::date"),
            ("date", "'tomorrow'::date"),
            ("timestamp with time zone", "now()"),
            ("timestamp without time zone", "'2024-01-01'::date"),
            ("jsonb", "'[]'::jsonb"),
            ("jsonb", "'{\"a\": [[1]]}'::jsonb"),
            ("jsonb", "'{\"a\": 12345678901234567890}'::jsonb"),
            ("jsonb", "'{'::jsonb"),
            ("uuid", "'x'::uuid"),
            ("text", "'abc'::character varying(2)"),
            ("text", "upper('a'::text)"),
            ("bytea", "'\\x00'::bytea"),
            ("text[]", "'{{a}}'::text[]"),
        ] {
            assert_eq!(default(type_name, text), None, "{type_name} DEFAULT {text}");
        }
    }
}

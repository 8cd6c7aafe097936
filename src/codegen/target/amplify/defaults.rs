//! Column defaults as `@default`, as far as it can say them.

use std::net::IpAddr;

use crate::codegen::target::amplify::type_map::Base;

/// What an SQL default is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SqlDefault {
    /// `NULL`: none at all.
    Null,
    /// A constant, as text: a string without its quotes, a number, a Boolean.
    Literal(String),
    /// Anything that has to be computed.
    Expression,
}

/// Reads an SQL default as Postgres prints it: `'ACTIVE'::crm.status`,
/// `(0)::numeric`, `true`, `now()`.
pub fn read(text: &str) -> SqlDefault {
    let mut text = text.trim();
    if let Some((value, type_name)) = cast(text) {
        if !is_type_name(type_name) {
            return SqlDefault::Expression;
        }
        text = value.trim();
    }
    while let Some(inner) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        text = inner.trim();
    }
    if text.eq_ignore_ascii_case("null") {
        return SqlDefault::Null;
    }
    for truth in ["true", "false"] {
        if text.eq_ignore_ascii_case(truth) {
            return SqlDefault::Literal(truth.into());
        }
    }
    if let Some(inner) = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        let quotes_are_pairs = inner.split("''").all(|part| !part.contains('\''));
        return if quotes_are_pairs { SqlDefault::Literal(inner.replace("''", "'")) } else { SqlDefault::Expression };
    }
    if is_number(text) { SqlDefault::Literal(text.to_owned()) } else { SqlDefault::Expression }
}

/// Splits `value::type` at the cast that is outside of quotes and parentheses.
fn cast(text: &str) -> Option<(&str, &str)> {
    let (mut quoted, mut depth) = (false, 0usize);
    for (at, c) in text.char_indices() {
        match c {
            '\'' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth = depth.saturating_sub(1),
            ':' if !quoted && depth == 0 && text[at..].starts_with("::") => {
                return Some((&text[..at], &text[at + 2..]));
            }
            _ => {}
        }
    }
    None
}

fn is_type_name(text: &str) -> bool {
    crate::codegen::types::TypeName::parse(text).is_ok()
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all = |part: &str| part.chars().all(|c| c.is_ascii_digit());
    !whole.is_empty() && !fraction.is_empty() && all(whole) && all(fraction)
}

/// The literal as `@default` takes it for a field of the type, or why it does
/// not. The transformer writes the value into a resolver's template, so that
/// what the template language would read as its own is refused.
pub fn value(literal: &str, base: &Base, labels: Option<&[String]>) -> Result<String, String> {
    let misfit = || Err(format!("`{literal}` is no {}", base.scalar().unwrap_or("member of the enum")));
    if literal.contains(['$', '#', '\\', '"']) || literal.chars().any(char::is_control) {
        return Err("its text would be read as code by Amplify's resolver templates".into());
    }
    let fits = match base {
        Base::Enum(_) => labels.is_some_and(|labels| labels.iter().any(|label| label == literal)),
        Base::Int => literal.parse::<i32>().is_ok(),
        Base::Float => is_number(literal),
        Base::Boolean => {
            let truth = match literal.to_ascii_lowercase().as_str() {
                "true" | "t" | "yes" | "on" | "1" => "true",
                "false" | "f" | "no" | "off" | "0" => "false",
                _ => return misfit(),
            };
            return Ok(truth.into());
        }
        Base::String | Base::Id => true,
        Base::Date => is_date(literal),
        Base::DateTime => {
            return date_time(literal).map_or_else(misfit, Ok);
        }
        // The transformer wants an offset that Postgres' `time` has not.
        Base::Time => false,
        Base::Json => serde_json::from_str::<serde_json::Value>(literal).is_ok(),
        Base::IpAddress => literal.parse::<IpAddr>().is_ok(),
    };
    if fits { Ok(literal.to_owned()) } else { misfit() }
}

/// `2020-02-29`.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    if year.len() != 4 || month.len() != 2 || day.len() != 2 {
        return false;
    }
    let (Ok(year), Ok(month), Ok(day)) = (year.parse::<u32>(), month.parse::<u32>(), day.parse::<u32>()) else {
        return false;
    };
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let last = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=last).contains(&day)
}

/// `2020-01-01 10:00:00+00`, as Postgres prints it, as RFC 3339.
fn date_time(text: &str) -> Option<String> {
    let (date, time) = text.split_once([' ', 'T'])?;
    let at = time.find(['+', '-', 'Z'])?;
    let (clock, offset) = time.split_at(at);
    let two = |part: &str, limit: u32| part.len() == 2 && part.parse::<u32>().is_ok_and(|value| value < limit);
    let mut parts = clock.split(':');
    let (hour, minute, second) = (parts.next()?, parts.next()?, parts.next()?);
    let (second, fraction) = second.split_once('.').unwrap_or((second, "0"));
    let clock_fits = two(hour, 24) && two(minute, 60) && two(second, 60) && parts.next().is_none();
    if !clock_fits || fraction.is_empty() || !fraction.chars().all(|c| c.is_ascii_digit()) || !is_date(date) {
        return None;
    }
    let offset = match offset.len() {
        1 => "Z".to_owned(),
        3 if two(&offset[1..], 24) => format!("{offset}:00"),
        6 if two(&offset[1..3], 24) && two(&offset[4..], 60) && &offset[3..4] == ":" => offset.to_owned(),
        _ => return None,
    };
    Some(format!("{date}T{clock}{offset}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_postgres_prints() {
        let literal = |text: &str| SqlDefault::Literal(text.into());
        assert_eq!(read("'ACTIVE'::crm.status"), literal("ACTIVE"));
        assert_eq!(read("'it''s'::character varying(20)"), literal("it's"));
        assert_eq!(read("(0)::numeric"), literal("0"));
        assert_eq!(read("'-1'::integer"), literal("-1"));
        assert_eq!(read("TRUE"), literal("true"));
        assert_eq!(read("NULL::text"), SqlDefault::Null);
        assert_eq!(read("now()"), SqlDefault::Expression);
        assert_eq!(read("nextval('a_seq'::regclass)"), SqlDefault::Expression);
        assert_eq!(read("'a'::text || 'b'::text"), SqlDefault::Expression);
        assert_eq!(read("('now'::text)::date"), SqlDefault::Expression);
        assert_eq!(read("1 + 1"), SqlDefault::Expression);
    }

    #[test]
    fn values_fit_their_type() {
        assert_eq!(value("5", &Base::Int, None), Ok("5".into()));
        assert!(value("5.5", &Base::Int, None).is_err());
        assert!(value("9999999999", &Base::Int, None).is_err());
        assert_eq!(value("t", &Base::Boolean, None), Ok("true".into()));
        assert!(value("a$b", &Base::String, None).is_err());
        assert_eq!(value("{}", &Base::Json, None), Ok("{}".into()));
        assert!(value("2023-02-29", &Base::Date, None).is_err());
        assert_eq!(value("2020-01-01 00:00:00+00", &Base::DateTime, None), Ok("2020-01-01T00:00:00+00:00".into()));
        let labels = ["A".to_owned()];
        assert!(value("B", &Base::Enum("x".into()), Some(&labels)).is_err());
    }
}

use super::formula::Formula;
use super::text;
use crate::codegen::catalog::Catalog;
use crate::codegen::manifest::Enum;
use crate::codegen::types::{Family, Named, PgType};

/// A canonical UUID, which is how Postgres prints one.
pub const UUID: &str = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$";

/// A scalar of SQL as an expression of rules.
#[derive(Debug, Clone, PartialEq)]
pub struct Operand<'m> {
    /// The expression: its value is that of SQL, null where SQL has NULL.
    pub text: String,
    pub class: Class<'m>,
    pub null: Nullness,
    /// What must be true beside, for the expression to be that value.
    pub guard: Formula,
    /// The value of a literal as SQL writes it.
    pub literal: Option<String>,
    /// What SQL would call IS NULL, where that is not the text being null.
    pub null_test: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nullness {
    Never,
    Maybe,
    Always,
}

/// How the values of a type compare in rules.
#[derive(Debug, Clone, PartialEq)]
pub enum Class<'m> {
    /// A quoted literal that takes the other side's type.
    Untyped,
    Text,
    Uuid,
    Enum(Named<'m, Enum>),
    Integer,
    /// A number whose doubles are its values: float8, short numerics.
    Number,
    Boolean,
    /// timestamptz.
    Instant,
    /// timestamp, which is another point of time in every time zone.
    LocalTime,
    /// A date as its text.
    Date,
    Array(Box<Class<'m>>),
    /// A map of which members may be asked for.
    Document,
    /// Nothing that may be compared, only asked whether it is null.
    Opaque(String),
}

impl<'m> Class<'m> {
    /// The class of a type; `collated`: the column has a collation of its own.
    pub fn of(declared: &PgType<'m>, collated: bool, dates_are_timestamps: bool) -> Class<'m> {
        let plain = declared.without_domains();
        let element = match &plain.family {
            Family::Text | Family::Varchar { .. } | Family::Name if !collated => Class::Text,
            Family::Uuid => Class::Uuid,
            Family::Enum(named) => Class::Enum(*named),
            Family::Int2 | Family::Int4 | Family::Int8 => Class::Integer,
            // A float4's neighbours are not a double's.
            Family::Float8 => Class::Number,
            Family::Numeric { precision: Some(1..=15), scale: None | Some(-290..=290) } => Class::Number,
            Family::Boolean => Class::Boolean,
            Family::TimestampTz => Class::Instant,
            Family::Timestamp => Class::LocalTime,
            Family::Date if !dates_are_timestamps => Class::Date,
            Family::Json | Family::Jsonb => Class::Document,
            Family::Composite(_) | Family::Row { .. } => Class::Opaque(super::condition::COMPOSITE.into()),
            // What is neither compared nor a map: a name for the reason.
            _ if collated => Class::Opaque("text with a collation of its own".into()),
            _ => Class::Opaque("this type".into()),
        };
        match plain.dimensions {
            0 => element,
            1 => Class::Array(Box::new(element)),
            _ => Class::Opaque("an array of arrays".into()),
        }
    }

    pub fn name(&self) -> String {
        match self {
            Class::Untyped => "a literal without a type".into(),
            Class::Text => "text".into(),
            Class::Uuid => "uuid".into(),
            Class::Enum(named) => format!("the enum {}.{}", named.schema, named.item.name),
            Class::Integer => "an integer".into(),
            Class::Number => "a number".into(),
            Class::Boolean => "boolean".into(),
            Class::Instant => "timestamptz".into(),
            Class::LocalTime => "timestamp".into(),
            Class::Date => "date".into(),
            Class::Array(element) => format!("an array of {}", element.name()),
            Class::Document => "a JSON document".into(),
            Class::Opaque(name) => name.clone(),
        }
    }
}

impl<'m> Operand<'m> {
    /// An expression that may be null.
    pub fn new(text: impl Into<String>, class: Class<'m>) -> Operand<'m> {
        Operand {
            text: text.into(),
            class,
            null: Nullness::Maybe,
            guard: Formula::Always,
            literal: None,
            null_test: None,
        }
    }

    pub fn never_null(self) -> Operand<'m> {
        Operand { null: Nullness::Never, ..self }
    }

    /// A quoted literal, whose type is still to be said.
    pub fn untyped(value: &str) -> Operand<'m> {
        let text = text::string(value).unwrap_or_default();
        Operand { literal: Some(value.to_owned()), ..Operand::new(text, Class::Untyped).never_null() }
    }

    pub fn null() -> Operand<'m> {
        Operand { null: Nullness::Always, ..Operand::new("null", Class::Untyped) }
    }

    /// A number as SQL writes it.
    pub fn number(value: &str) -> Option<Operand<'m>> {
        let class = if value.parse::<i64>().is_ok() { Class::Integer } else { Class::Number };
        literal(value, &class)
    }

    /// The literal as a value of a class; the operand itself where it is none.
    /// `None`: the class has no such value, or none that is certain here.
    pub fn typed_as(&self, class: &Class<'m>) -> Option<Operand<'m>> {
        match (&self.class, &self.literal) {
            (Class::Untyped, Some(value)) => literal(value, class),
            (Class::Untyped, None) if self.null == Nullness::Always => Some(self.clone()),
            (Class::Integer, Some(value)) if *class == Class::Number => literal(value, class),
            _ => Some(self.clone()),
        }
    }

    /// A test that the value is not null; `None` where it never is.
    pub fn is_not_null(&self) -> Option<Formula> {
        match self.null {
            Nullness::Never => None,
            Nullness::Maybe => Some(Formula::test(format!("{} != null", self.text))),
            Nullness::Always => Some(Formula::Never),
        }
    }
}

/// A literal of a class, in the one form that its values have here.
fn literal<'m>(value: &str, class: &Class<'m>) -> Option<Operand<'m>> {
    let text = match class {
        Class::Text => text::string(value)?,
        Class::Uuid => {
            let canonical = canonical_uuid(value)?;
            return Some(made(text::string(&canonical)?, class, &canonical));
        }
        Class::Enum(named) if named.item.labels.iter().any(|label| label == value) => text::string(value)?,
        Class::Integer => value.parse::<i64>().ok()?.to_string(),
        Class::Number => number(value)?,
        Class::Boolean => match value {
            "t" | "true" => "true".to_owned(),
            "f" | "false" => "false".to_owned(),
            _ => return None,
        },
        Class::Date if is_date(value) => text::string(value)?,
        _ => return None,
    };
    Some(made(text, class, value))
}

fn made<'m>(text: String, class: &Class<'m>, value: &str) -> Operand<'m> {
    Operand { literal: Some(value.to_owned()), ..Operand::new(text, class.clone()).never_null() }
}

/// The form that Postgres prints. Other spellings that it takes are not read.
fn canonical_uuid(value: &str) -> Option<String> {
    let value = value.to_ascii_lowercase();
    let groups: Vec<&str> = value.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    let is_hex = groups.iter().all(|group| group.chars().all(|c| c.is_ascii_hexdigit()));
    (lengths == [8, 4, 4, 4, 12] && is_hex).then_some(value)
}

/// A number of at most 15 digits, which every double tells from its
/// neighbours (C's DBL_DIG).
fn number(value: &str) -> Option<String> {
    let digits = value.trim_start_matches('-');
    let is_plain = digits.chars().all(|c| c.is_ascii_digit() || c == '.') && digits.matches('.').count() <= 1;
    let count = digits.chars().filter(char::is_ascii_digit).count();
    if !is_plain || !(1..=15).contains(&count) {
        return None;
    }
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    let whole = if whole.trim_start_matches('-').is_empty() { format!("{whole}0") } else { whole.to_owned() };
    // A leading zero would be another number in some grammars.
    let number: f64 = format!("{whole}.{fraction}0").parse().ok()?;
    if fraction.is_empty() { Some(format!("{number:.0}")) } else { Some(format!("{number:?}")) }
        .filter(|text| !text.contains(['e', 'E']) && text != "-0" && text != "-0.0")
}

fn is_date(value: &str) -> bool {
    let bytes = value.as_bytes();
    let digits = [0, 1, 2, 3, 5, 6, 8, 9];
    bytes.len() == 10 && digits.iter().all(|at| bytes[*at].is_ascii_digit()) && bytes[4] == b'-' && bytes[7] == b'-'
}

/// The class that a type's name means.
pub fn class_named<'m>(catalog: &Catalog<'m>, name: &str, dates_are_timestamps: bool) -> Class<'m> {
    Class::of(&catalog.resolve(name), false, dates_are_timestamps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_have_one_form() {
        let text = |value: &str, class: &Class<'_>| literal(value, class).map(|operand| operand.text);
        assert_eq!(
            text("A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11", &Class::Uuid).as_deref(),
            Some("'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'")
        );
        assert_eq!(text("{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}", &Class::Uuid), None);
        assert_eq!(text("-7", &Class::Integer).as_deref(), Some("-7"));
        assert_eq!(text("1.5", &Class::Integer), None);
        assert_eq!(text("1.50", &Class::Number).as_deref(), Some("1.5"));
        assert_eq!(text("7", &Class::Number).as_deref(), Some("7"));
        assert_eq!(text("0.3000000000000000001", &Class::Number), None);
        assert_eq!(text("NaN", &Class::Number), None);
        assert_eq!(text("2024-02-29", &Class::Date).as_deref(), Some("'2024-02-29'"));
        assert_eq!(text("today", &Class::Date), None);
        assert_eq!(text("yes", &Class::Boolean), None);
        assert_eq!(text("now", &Class::Instant), None);
    }
}

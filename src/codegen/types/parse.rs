use thiserror::Error;

/// A type name taken apart: `"My Schema".price(10,2)[]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeName {
    pub schema: Option<String>,
    /// Lower case unless it was quoted; a built-in type that has several words
    /// has them with one blank between (`timestamp with time zone`).
    pub name: String,
    /// What stood in parentheses, split at the commas.
    pub modifiers: Vec<String>,
    pub dimensions: usize,
    /// The name stood in double quotes: `"char"` is not `char`.
    pub quoted: bool,
}

/// Why a text is not a type name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TypeNameError {
    #[error("the type is empty")]
    Empty,
    #[error("a double quote is not closed")]
    UnclosedQuote,
    #[error("a parenthesis is not closed")]
    UnclosedParenthesis,
    #[error("`{0}` after the type's name is not understood")]
    Trailing(String),
}

impl TypeName {
    /// Reads a type as Postgres prints it and as people write it: quoted or
    /// not, with modifiers, with `[]`, `[3]` or `ARRAY` behind it, or with the
    /// catalog's `_` before an element type (`_text`).
    pub fn parse(text: &str) -> Result<TypeName, TypeNameError> {
        let mut reader = Reader { rest: text.trim() };
        if reader.rest.is_empty() {
            return Err(TypeNameError::Empty);
        }
        let (mut name, mut quoted) = reader.identifier()?;
        let mut schema = None;
        if reader.take('.') {
            schema = Some(name);
            (name, quoted) = reader.identifier()?;
        }
        if name.is_empty() {
            return Err(TypeNameError::Trailing(reader.rest.to_owned()));
        }
        let mut modifiers = Vec::new();
        let mut dimensions = 0;
        loop {
            reader.blank();
            if reader.rest.is_empty() {
                break;
            } else if reader.take('(') {
                let end = reader.rest.find(')').ok_or(TypeNameError::UnclosedParenthesis)?;
                modifiers = reader.rest[..end].split(',').map(|part| part.trim().to_owned()).collect();
                reader.rest = &reader.rest[end + 1..];
            } else if reader.take('[') {
                let end = reader.rest.find(']').ok_or(TypeNameError::UnclosedParenthesis)?;
                dimensions += 1;
                reader.rest = &reader.rest[end + 1..];
            } else {
                let before = reader.rest;
                let (word, word_quoted) = reader.identifier()?;
                if word == "array" && !word_quoted {
                    dimensions += 1;
                } else if !quoted && !word_quoted && is_type_word(&word) {
                    name.push(' ');
                    name.push_str(&word);
                } else {
                    return Err(TypeNameError::Trailing(before.to_owned()));
                }
            }
        }
        if schema.as_deref() == Some("pg_catalog") {
            schema = None;
        }
        if let Some(element) = name.strip_prefix('_')
            && schema.is_none()
            && !quoted
            && super::is_builtin_name(element)
        {
            name = element.to_owned();
            dimensions += 1;
        }
        Ok(TypeName { schema, name, modifiers, dimensions, quoted })
    }
}

/// The words that a built-in type's name goes on with, and `interval`'s fields.
fn is_type_word(word: &str) -> bool {
    matches!(
        word,
        "varying"
            | "precision"
            | "with"
            | "without"
            | "time"
            | "zone"
            | "year"
            | "month"
            | "day"
            | "hour"
            | "minute"
            | "second"
            | "to"
            | "local"
            | "character"
            | "char"
            | "large"
            | "object"
    )
}

struct Reader<'t> {
    rest: &'t str,
}

impl Reader<'_> {
    fn blank(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn take(&mut self, wanted: char) -> bool {
        match self.rest.strip_prefix(wanted) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// An identifier, folded to lower case unless quoted, and whether it was.
    fn identifier(&mut self) -> Result<(String, bool), TypeNameError> {
        self.blank();
        if self.take('"') {
            let mut name = String::new();
            loop {
                let end = self.rest.find('"').ok_or(TypeNameError::UnclosedQuote)?;
                name.push_str(&self.rest[..end]);
                self.rest = &self.rest[end + 1..];
                if !self.take('"') {
                    return Ok((name, true));
                }
                name.push('"');
            }
        }
        let end = self
            .rest
            .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$' || !c.is_ascii()))
            .unwrap_or(self.rest.len());
        if end == 0 {
            return Err(TypeNameError::Trailing(self.rest.to_owned()));
        }
        let name = self.rest[..end].chars().map(|c| c.to_ascii_lowercase()).collect();
        self.rest = &self.rest[end..];
        Ok((name, false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> (Option<String>, String, Vec<String>, usize) {
        let name = TypeName::parse(text).unwrap();
        (name.schema, name.name, name.modifiers, name.dimensions)
    }

    #[test]
    fn takes_type_names_apart() {
        assert_eq!(parse("integer"), (None, "integer".into(), vec![], 0));
        assert_eq!(parse("numeric(10, 2)[]"), (None, "numeric".into(), vec!["10".into(), "2".into()], 1));
        assert_eq!(
            parse("timestamp(3) with time zone"),
            (None, "timestamp with time zone".into(), vec!["3".into()], 0)
        );
        assert_eq!(parse("interval day to second(3)"), (None, "interval day to second".into(), vec!["3".into()], 0));
        assert_eq!(parse("\"My \"\"S\".\"T.x\"[][]"), (Some("My \"S".into()), "T.x".into(), vec![], 2));
        assert_eq!(parse("_text"), (None, "text".into(), vec![], 1));
        assert_eq!(parse("integer ARRAY"), (None, "integer".into(), vec![], 1));
        assert_eq!(parse("pg_catalog.int4"), (None, "int4".into(), vec![], 0));
        assert_eq!(
            parse("public.geometry(Point,4326)"),
            (Some("public".into()), "geometry".into(), vec!["Point".into(), "4326".into()], 0)
        );
        assert_eq!(parse("größe"), (None, "größe".into(), vec![], 0));
    }

    #[test]
    fn refuses_what_is_no_type() {
        assert_eq!(TypeName::parse(" "), Err(TypeNameError::Empty));
        assert_eq!(TypeName::parse("\"open"), Err(TypeNameError::UnclosedQuote));
        assert_eq!(TypeName::parse("numeric(10"), Err(TypeNameError::UnclosedParenthesis));
        assert_eq!(TypeName::parse("text not null"), Err(TypeNameError::Trailing("not null".into())));
    }
}

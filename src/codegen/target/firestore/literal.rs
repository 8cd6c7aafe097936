/// An SQL literal, read from the text of a default.
#[derive(Debug, Clone, PartialEq)]
pub struct Literal {
    pub value: Plain,
    /// The types that it is cast to, innermost first.
    pub casts: Vec<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Plain {
    Null,
    Boolean(bool),
    /// As written, with its sign.
    Number(String),
    Text(String),
    /// ARRAY[…].
    Array(Vec<Literal>),
}

/// Parentheses and arrays deeper than this are not read: no printed default
/// has them, and the reader must not run out of stack.
const DEEPEST: usize = 16;

impl Literal {
    /// Reads a default that is a literal and nothing else, as `pg_get_expr`
    /// prints it and as people write it. `None` for every other expression.
    pub fn parse(text: &str) -> Option<Literal> {
        let mut reader = Reader { rest: text };
        let literal = reader.literal(DEEPEST)?;
        reader.blank();
        reader.rest.is_empty().then_some(literal)
    }
}

struct Reader<'t> {
    rest: &'t str,
}

impl<'t> Reader<'t> {
    fn blank(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn take(&mut self, wanted: &str) -> bool {
        self.blank();
        let taken = self.rest.strip_prefix(wanted);
        self.rest = taken.unwrap_or(self.rest);
        taken.is_some()
    }

    /// A keyword, in any case, that no letter follows.
    fn word(&mut self, wanted: &str) -> bool {
        self.blank();
        let end = self.rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(self.rest.len());
        let found = self.rest[..end].eq_ignore_ascii_case(wanted);
        if found {
            self.rest = &self.rest[end..];
        }
        found
    }

    fn literal(&mut self, depth: usize) -> Option<Literal> {
        let depth = depth.checked_sub(1)?;
        let mut literal = if self.take("(") {
            let inner = self.literal(depth)?;
            if !self.take(")") {
                return None;
            }
            inner
        } else {
            Literal { value: self.plain(depth)?, casts: Vec::new() }
        };
        while self.take("::") {
            literal.casts.push(self.type_name()?);
        }
        Some(literal)
    }

    fn plain(&mut self, depth: usize) -> Option<Plain> {
        self.blank();
        if self.word("null") {
            return Some(Plain::Null);
        }
        if self.word("true") {
            return Some(Plain::Boolean(true));
        }
        if self.word("false") {
            return Some(Plain::Boolean(false));
        }
        if self.word("array") {
            return self.array(depth);
        }
        if self.take("'") {
            return self.text(false);
        }
        if self.rest.starts_with("E'") || self.rest.starts_with("e'") {
            self.rest = &self.rest[2..];
            return self.text(true);
        }
        self.number()
    }

    fn array(&mut self, depth: usize) -> Option<Plain> {
        if !self.take("[") {
            return None;
        }
        let mut elements = Vec::new();
        if self.take("]") {
            return Some(Plain::Array(elements));
        }
        loop {
            elements.push(self.literal(depth)?);
            if self.take("]") {
                return Some(Plain::Array(elements));
            }
            if !self.take(",") {
                return None;
            }
        }
    }

    /// The rest of a quoted text. Of an escaped one only `\\` and `\'` are
    /// read: the server prints no other.
    fn text(&mut self, escaped: bool) -> Option<Plain> {
        let mut text = String::new();
        let mut letters = self.rest.char_indices();
        while let Some((at, c)) = letters.next() {
            match c {
                '\'' if self.rest[at + 1..].starts_with('\'') => {
                    letters.next();
                    text.push('\'');
                }
                '\'' => {
                    self.rest = &self.rest[at + 1..];
                    return Some(Plain::Text(text));
                }
                '\\' if escaped => match letters.next() {
                    Some((_, c @ ('\\' | '\''))) => text.push(c),
                    _ => return None,
                },
                c => text.push(c),
            }
        }
        None
    }

    fn number(&mut self) -> Option<Plain> {
        let sign = if self.take("-") {
            "-"
        } else {
            self.take("+");
            ""
        };
        self.blank();
        let end = self.rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.')).unwrap_or(self.rest.len());
        // An exponent's sign stands between the letters.
        let end = match self.rest[..end].strip_suffix(['e', 'E']) {
            Some(_) => {
                let after = self.rest[end..].strip_prefix(['-', '+']).map(str::len);
                let start = after.map_or(end, |length| self.rest.len() - length);
                let digits = self.rest[start..].find(|c: char| !c.is_ascii_digit());
                digits.map_or(self.rest.len(), |digits| start + digits)
            }
            None => end,
        };
        let digits = &self.rest[..end];
        let begins = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.');
        if !begins || digits.contains(['x', 'X', 'b', 'B', 'o', 'O']) || digits.parse::<f64>().is_err() {
            return None;
        }
        self.rest = &self.rest[end..];
        Some(Plain::Number(format!("{sign}{digits}")))
    }

    /// A type's name, up to what cannot be part of one.
    fn type_name(&mut self) -> Option<String> {
        self.blank();
        let mut quoted = false;
        let mut parentheses = 0usize;
        let mut brackets = 0usize;
        let mut end = self.rest.len();
        for (at, c) in self.rest.char_indices() {
            match c {
                '"' => quoted = !quoted,
                _ if quoted => {}
                '(' => parentheses += 1,
                ')' if parentheses > 0 => parentheses -= 1,
                '[' => brackets += 1,
                ']' if brackets > 0 => brackets -= 1,
                ',' if parentheses > 0 => {}
                c if c.is_alphanumeric() || matches!(c, '_' | '.' | ' ' | '$') || !c.is_ascii() => {}
                _ => {
                    end = at;
                    break;
                }
            }
        }
        let name = self.rest[..end].trim();
        self.rest = &self.rest[end..];
        (!name.is_empty() && !quoted).then(|| name.to_owned())
    }
}

/// The elements of a one-dimensional array in Postgres' text form, `{a,"b c",NULL}`;
/// `None` for what nests, has bounds or cannot be read.
pub fn array_elements(text: &str) -> Option<Vec<Option<String>>> {
    let inner = text.trim().strip_prefix('{')?.strip_suffix('}')?;
    let mut elements = Vec::new();
    if inner.trim().is_empty() {
        return Some(elements);
    }
    let mut letters = inner.chars().peekable();
    loop {
        while letters.next_if(|c| c.is_whitespace()).is_some() {}
        let mut element = String::new();
        if letters.next_if_eq(&'"').is_some() {
            loop {
                match letters.next()? {
                    '"' => break,
                    '\\' => element.push(letters.next()?),
                    c => element.push(c),
                }
            }
            while letters.next_if(|c| c.is_whitespace()).is_some() {}
            elements.push(Some(element));
        } else {
            while let Some(c) = letters.next_if(|c| *c != ',') {
                if matches!(c, '{' | '}' | '"') {
                    return None;
                }
                element.push(if c == '\\' { letters.next()? } else { c });
            }
            let element = element.trim_end();
            if element.is_empty() {
                return None;
            }
            elements.push((!element.eq_ignore_ascii_case("null")).then(|| element.to_owned()));
        }
        match letters.next() {
            None => return Some(elements),
            Some(',') => {}
            Some(_) => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Option<(Plain, Vec<String>)> {
        Literal::parse(text).map(|literal| (literal.value, literal.casts))
    }

    #[test]
    fn reads_what_the_server_prints() {
        let text = |text: &str| Plain::Text(text.to_owned());
        let number = |text: &str| Plain::Number(text.to_owned());
        assert_eq!(parse("'lead'::crm.status"), Some((text("lead"), vec!["crm.status".into()])));
        assert_eq!(parse("'it''s'"), Some((text("it's"), vec![])));
        assert_eq!(parse(r"E'a\\b'::text"), Some((text("a\\b"), vec!["text".into()])));
        assert_eq!(parse("'-1'::integer"), Some((text("-1"), vec!["integer".into()])));
        assert_eq!(parse("(-1)"), Some((number("-1"), vec![])));
        assert_eq!(parse("(0)::numeric"), Some((number("0"), vec!["numeric".into()])));
        assert_eq!(parse("1.5e-3"), Some((number("1.5e-3"), vec![])));
        assert_eq!(parse("true"), Some((Plain::Boolean(true), vec![])));
        assert_eq!(parse("NULL::character varying(3)"), Some((Plain::Null, vec!["character varying(3)".into()])));
        assert_eq!(parse("ARRAY[]::text[]"), Some((Plain::Array(vec![]), vec!["text[]".into()])));
        let Some((Plain::Array(elements), _)) = parse("ARRAY['a'::text, 'b,]'::text]") else { panic!() };
        assert_eq!(elements[1], Literal { value: text("b,]"), casts: vec!["text".into()] });
        assert_eq!(parse("'x'::\"S, \"\"p\".\"T]\""), Some((text("x"), vec!["\"S, \"\"p\".\"T]\"".into()])));
    }

    #[test]
    fn refuses_what_is_no_literal() {
        for text in [
            "now()",
            "CURRENT_DATE",
            "1 + 1",
            "'a' || 'b'",
            "nextval('s'::regclass)",
            "'open",
            "B'1'",
            "0x10",
            "1_000",
            "",
            "truex",
            "'a'::text || 'b'",
            "NaN",
            "E'\\x41'",
            "ARRAY['a'",
            "x'ff'",
            "- -1",
            "1e",
            "infinity",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(parse(&"(".repeat(100_000)), None);
    }

    #[test]
    fn reads_arrays_of_one_dimension() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(array_elements("{}"), Some(vec![]));
        assert_eq!(array_elements("{a, \"b \\\" ,c\",NULL}"), Some(vec![some("a"), some("b \" ,c"), None]));
        assert_eq!(array_elements("{\"NULL\"}"), Some(vec![some("NULL")]));
        for text in ["{{1}}", "[0:1]={1,2}", "{a,}", "{\"a", "a", "{a}b}"] {
            assert_eq!(array_elements(text), None, "{text}");
        }
    }
}

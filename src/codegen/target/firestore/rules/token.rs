/// A word of SQL.
#[derive(Debug, Clone, PartialEq)]
pub enum Token {
    /// An unquoted name or keyword, in lower case.
    Word(String),
    /// A name between double quotes.
    Quoted(String),
    Text(String),
    Number(String),
    /// `$1`.
    Parameter(usize),
    /// An operator.
    Operator(String),
    /// One of `( ) [ ] , . ; *` and `::`.
    Mark(&'static str),
}

/// A token and where in the text it starts and ends, in bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    pub token: Token,
    pub start: usize,
    pub end: usize,
}

/// Why a text is no expression that is read here: what was found, in words.
#[derive(Debug, Clone, PartialEq)]
pub struct Unread(pub String);

const MARKS: [&str; 8] = ["(", ")", "[", "]", ",", ".", ";", "::"];
const OPERATOR: &str = "+-*/<>=~!@#%^&|?`";

/// Takes a text apart as Postgres' scanner does (manual, 4.1 Lexical
/// Structure), but for strings with dollars and Unicode escapes.
///
/// # Errors
/// A character or string that is not read, or an end that is missing.
pub fn tokens(text: &str) -> Result<Vec<Placed>, Unread> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        }
        if rest.starts_with("--") {
            at += rest.find('\n').unwrap_or(rest.len());
            continue;
        }
        if rest.starts_with("/*") {
            at += rest.find("*/").ok_or_else(|| Unread("a comment without its end".into()))? + 2;
            continue;
        }
        let (token, length) = token(rest, c)?;
        found.push(Placed { token, start: at, end: at + length });
        at += length;
    }
    Ok(found)
}

/// The token that a text begins with, and its length in bytes.
fn token(rest: &str, first: char) -> Result<(Token, usize), Unread> {
    if let Some(mark) = MARKS.into_iter().find(|mark| rest.starts_with(mark)) {
        let is_number = mark == "." && rest[1..].starts_with(|c: char| c.is_ascii_digit());
        if !is_number {
            return Ok((Token::Mark(mark), mark.len()));
        }
    }
    let length_of = |matches: fn(char) -> bool| rest.find(|c: char| !matches(c)).unwrap_or(rest.len());
    match first {
        '\'' => text(rest, 1, false),
        '"' => {
            let (inner, length) = quoted(rest, 1, '"', false)?;
            Ok((Token::Quoted(inner), length))
        }
        '$' => {
            let digits = rest[1..].find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len() - 1);
            let number = rest[1..1 + digits].parse().map_err(|_| Unread("a string between dollars".into()))?;
            Ok((Token::Parameter(number), 1 + digits))
        }
        'e' | 'E' if rest[1..].starts_with('\'') => text(rest, 2, true),
        'u' | 'U' if rest[1..].starts_with("&'") || rest[1..].starts_with("&\"") => {
            Err(Unread("a string with Unicode escapes".into()))
        }
        'b' | 'B' | 'x' | 'X' if rest[1..].starts_with('\'') => Err(Unread("a string of bits".into())),
        c if c.is_ascii_digit() || c == '.' => {
            let length = number_length(rest);
            let number = &rest[..length];
            if rest[length..].starts_with(|c: char| c.is_alphanumeric() || c == '_') || number.parse::<f64>().is_err() {
                return Err(Unread(format!("`{number}`, which is no decimal number")));
            }
            Ok((Token::Number(number.to_owned()), length))
        }
        c if c.is_alphabetic() || c == '_' => {
            let length = length_of(|c| c.is_alphanumeric() || c == '_' || c == '$');
            // Postgres folds ASCII letters only (in a multi-byte encoding).
            Ok((Token::Word(rest[..length].to_ascii_lowercase()), length))
        }
        c if OPERATOR.contains(c) => {
            let length = length_of(|c| OPERATOR.contains(c));
            let operator = &rest[..length];
            // `=-1`: an operator ends before a sign unless it has one of these.
            let keeps_sign = operator.contains(['~', '!', '@', '#', '%', '^', '&', '|', '`', '?']);
            let trimmed = if keeps_sign { operator } else { operator.trim_end_matches(['+', '-']) };
            let length = if trimmed.is_empty() { 1 } else { trimmed.len() };
            Ok((Token::Operator(rest[..length].to_owned()), length))
        }
        c => Err(Unread(format!("`{c}`"))),
    }
}

fn text(rest: &str, start: usize, escaped: bool) -> Result<(Token, usize), Unread> {
    let (inner, length) = quoted(rest, start, '\'', escaped)?;
    Ok((Token::Text(inner), length))
}

/// What stands between quotes, and the length with them. Of escapes only
/// `\\` and `\'` are read: the server prints no other.
fn quoted(rest: &str, start: usize, quote: char, escaped: bool) -> Result<(String, usize), Unread> {
    let mut inner = String::new();
    let mut letters = rest[start..].char_indices();
    while let Some((at, c)) = letters.next() {
        match c {
            c if c == quote && rest[start + at + 1..].starts_with(quote) => {
                letters.next();
                inner.push(quote);
            }
            c if c == quote => return Ok((inner, start + at + 1)),
            '\\' if escaped => match letters.next() {
                Some((_, c @ ('\\' | '\''))) => inner.push(c),
                _ => return Err(Unread("a string with an escape".into())),
            },
            c => inner.push(c),
        }
    }
    Err(Unread(format!("a {quote} without its end")))
}

fn number_length(rest: &str) -> usize {
    let digits = |from: usize| rest[from..].find(|c: char| !c.is_ascii_digit()).map_or(rest.len(), |n| from + n);
    let mut end = digits(0);
    if rest[end..].starts_with('.') {
        end = digits(end + 1);
    }
    if rest[end..].starts_with(['e', 'E']) {
        let sign = usize::from(rest[end + 1..].starts_with(['+', '-']));
        if rest[end + 1 + sign..].starts_with(|c: char| c.is_ascii_digit()) {
            end = digits(end + 1 + sign);
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Token> {
        tokens(text).unwrap().into_iter().map(|placed| placed.token).collect()
    }

    #[test]
    fn reads_names_literals_and_operators() {
        let word = |word: &str| Token::Word(word.into());
        assert_eq!(
            read("(Owner.\"Id\" <> 'it''s'::text) -- why"),
            [
                Token::Mark("("),
                word("owner"),
                Token::Mark("."),
                Token::Quoted("Id".into()),
                Token::Operator("<>".into()),
                Token::Text("it's".into()),
                Token::Mark("::"),
                word("text"),
                Token::Mark(")"),
            ]
        );
        assert_eq!(read(r"E'a\\b' /* x */ $2"), [Token::Text("a\\b".into()), Token::Parameter(2)]);
        assert_eq!(
            read("a=-1.5e3"),
            [word("a"), Token::Operator("=".into()), Token::Operator("-".into()), Token::Number("1.5e3".into())]
        );
        assert_eq!(read("a ->> 'b'")[1], Token::Operator("->>".into()));
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        for text in ["'a", "\"a", "$x$", "U&'a'", "x'1F'", "1x", "a /* b", "\\", r"E'\n'"] {
            assert!(tokens(text).is_err(), "{text}");
        }
    }
}

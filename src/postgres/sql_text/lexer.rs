//! SQL as Postgres' own scanner sees it (`src/backend/parser/scan.l`), with
//! `standard_conforming_strings` on, which is the default since 9.1.
//!
//! A token's exact kind matters only where it decides what a later character
//! means: numbers are not read as closely as the server reads them, and what
//! it refuses may pass here. It says so itself, and where.

use std::ops::Range;

/// What a token is. Spaces and comments are tokens too: together all tokens
/// are the text, without a gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    Space,
    LineComment,
    BlockComment,
    /// A keyword or a name without quotes.
    Word,
    /// `"…"`, also as `U&"…"`.
    QuotedName,
    /// `'…'`, also as `E'…'`, `B'…'`, `X'…'`, `N'…'`, `U&'…'`, and with the
    /// pieces that continue it on later lines.
    String,
    /// `$tag$…$tag$`.
    DollarString,
    Number,
    /// `$1`.
    Parameter,
    Operator,
    /// One of `, ( ) [ ] . ; :` or any character that no rule knows.
    Punctuation,
    /// `\`, which begins a command of psql and is nothing to a server.
    Backslash,
    /// The character NUL, which no Postgres text can hold.
    Nul,
}

/// One token: its kind and its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub kind: TokenKind,
    pub span: Range<usize>,
    /// The text ends before the token does.
    pub unterminated: bool,
}

/// Takes a text apart. Every text has tokens; what is wrong with one is said
/// by its kind and by `unterminated`.
pub fn tokens(text: &str) -> impl Iterator<Item = Token> {
    let mut at = 0;
    std::iter::from_fn(move || {
        if at == text.len() {
            return None;
        }
        let (kind, end) = next(text.as_bytes(), at);
        // Only the end of a token that should go on is unknown.
        let token = Token { kind, span: at..end.unwrap_or(text.len()), unterminated: end.is_none() };
        at = token.span.end;
        Some(token)
    })
}

type Found = (TokenKind, Option<usize>);

/// The token at a place, and where it ends; `None` where the text ends first.
///
/// Every end is at a character's boundary: bytes above 127 are all part of
/// words, and whatever else ends does so at an ASCII byte or before one.
fn next(text: &[u8], at: usize) -> Found {
    let rest = &text[at..];
    match rest[0] {
        0 => (TokenKind::Nul, Some(at + 1)),
        b if is_space(b) => (TokenKind::Space, Some(run(text, at, is_space))),
        b'-' if rest.starts_with(b"--") => (TokenKind::LineComment, Some(line_end(text, at))),
        b'/' if rest.starts_with(b"/*") => (TokenKind::BlockComment, block_comment(text, at)),
        b'\'' => (TokenKind::String, string(text, at, false)),
        b'"' => (TokenKind::QuotedName, quoted(text, at, b'"')),
        b'e' | b'E' if rest.get(1) == Some(&b'\'') => (TokenKind::String, string(text, at + 1, true)),
        b'b' | b'B' | b'x' | b'X' | b'n' | b'N' if rest.get(1) == Some(&b'\'') => {
            (TokenKind::String, string(text, at + 1, false))
        }
        b'u' | b'U' if rest.get(1) == Some(&b'&') && rest.get(2) == Some(&b'\'') => {
            (TokenKind::String, string(text, at + 2, false))
        }
        b'u' | b'U' if rest.get(1) == Some(&b'&') && rest.get(2) == Some(&b'"') => {
            (TokenKind::QuotedName, quoted(text, at + 2, b'"'))
        }
        b'$' => dollar(text, at),
        b if is_word_start(b) => (TokenKind::Word, Some(run(text, at, is_word))),
        b if b.is_ascii_digit() => (TokenKind::Number, Some(number(text, at))),
        b'.' if rest.get(1).is_some_and(u8::is_ascii_digit) => (TokenKind::Number, Some(number(text, at))),
        b'\\' => (TokenKind::Backslash, Some(at + 1)),
        b if is_operator(b) => (TokenKind::Operator, Some(operator(text, at))),
        _ => (TokenKind::Punctuation, Some(at + 1)),
    }
}

/// Where the bytes end that a rule accepts.
fn run(text: &[u8], at: usize, accepts: fn(u8) -> bool) -> usize {
    text[at..].iter().position(|&b| !accepts(b)).map_or(text.len(), |length| at + length)
}

/// The vertical tab is a space from server 16 on, and an error before.
fn is_space(b: u8) -> bool {
    matches!(b, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

fn is_newline(b: u8) -> bool {
    matches!(b, b'\n' | b'\r')
}

fn is_word_start(b: u8) -> bool {
    b.is_ascii_alphabetic() || b == b'_' || b >= 0x80
}

fn is_word(b: u8) -> bool {
    is_word_start(b) || b.is_ascii_digit() || b == b'$'
}

fn is_operator(b: u8) -> bool {
    b"~!@#^&|`?+-*/%<>=".contains(&b)
}

/// Where a line ends; its end is not part of a comment on it.
fn line_end(text: &[u8], at: usize) -> usize {
    run(text, at, |b| !is_newline(b))
}

/// Comments nest.
fn block_comment(text: &[u8], start: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = start;
    while at + 1 < text.len() {
        match &text[at..at + 2] {
            b"/*" => {
                depth += 1;
                at += 2;
            }
            b"*/" => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => at += 1,
        }
    }
    None
}

/// Where what begins with a quote ends. A doubled quote does not end it.
fn quoted(text: &[u8], start: usize, quote: u8) -> Option<usize> {
    let mut at = start + 1;
    loop {
        let b = *text.get(at)?;
        at += 1;
        if b == quote {
            if text.get(at) != Some(&quote) {
                return Some(at);
            }
            at += 1;
        }
    }
}

/// A string from its quote on. Where another string follows on a later line
/// with nothing but space and line comments between, it is a piece of the same
/// one, and backslashes escape in it as they did in the first.
fn string(text: &[u8], start: usize, escapes: bool) -> Option<usize> {
    let mut quote = start;
    loop {
        let end = if escapes { escaped(text, quote)? } else { quoted(text, quote, b'\'')? };
        match continuation(text, end) {
            Some(next) => quote = next,
            None => return Some(end),
        }
    }
}

fn escaped(text: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        match *text.get(at)? {
            b'\\' => at += 2,
            b'\'' if text.get(at + 1) == Some(&b'\'') => at += 2,
            b'\'' => return Some(at + 1),
            _ => at += 1,
        }
    }
}

/// Where the quote of a string's next piece is.
fn continuation(text: &[u8], end: usize) -> Option<usize> {
    let mut at = end;
    let mut new_line = false;
    loop {
        match *text.get(at)? {
            b'\'' => return new_line.then_some(at),
            b if is_space(b) => {
                new_line |= is_newline(b);
                at += 1;
            }
            b'-' if text.get(at + 1) == Some(&b'-') => at = line_end(text, at),
            _ => return None,
        }
    }
}

/// `$tag$…$tag$`, a parameter, or a dollar that is neither.
fn dollar(text: &[u8], at: usize) -> Found {
    let digits = run(text, at + 1, |b| b.is_ascii_digit());
    if digits > at + 1 {
        return (TokenKind::Parameter, Some(digits));
    }
    let tag_end = match text.get(at + 1) {
        Some(&b) if is_word_start(b) => run(text, at + 1, |b| is_word(b) && b != b'$'),
        _ => at + 1,
    };
    if text.get(tag_end) != Some(&b'$') {
        return (TokenKind::Punctuation, Some(at + 1));
    }
    let tag = &text[at..=tag_end];
    let body = tag_end + 1;
    let found = text[body..].windows(tag.len()).position(|window| window == tag);
    (TokenKind::DollarString, found.map(|length| body + length + tag.len()))
}

/// Digits, and the fraction that follows them. An exponent or a radix prefix
/// is taken for a word, which changes nothing that comes after.
fn number(text: &[u8], at: usize) -> usize {
    let whole = run(text, at, |b| b.is_ascii_digit() || b == b'_');
    // `1..10` is a number, two dots and a number.
    if text.get(whole) == Some(&b'.') && text.get(whole + 1) != Some(&b'.') {
        return run(text, whole + 1, |b| b.is_ascii_digit() || b == b'_');
    }
    whole
}

/// A comment may begin in what would else be one operator.
fn operator(text: &[u8], start: usize) -> usize {
    let end = run(text, start, is_operator);
    let comment = text[start..end].windows(2).position(|pair| pair == b"--" || pair == b"/*");
    comment.map_or(end, |length| start + length)
}

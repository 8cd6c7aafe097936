//! The keyword form: `host=localhost port=5432 password='it\'s'`.

use super::UrlError;
use super::parameters::Parameters;

/// Reads pairs as libpq does: blanks around `=` are allowed, a value with
/// blanks is in single quotes, and a backslash takes the next character as it
/// is.
pub(super) fn read(text: &str) -> Result<Parameters, UrlError> {
    let mut parameters = Parameters::default();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).ok_or(UrlError::Pair)?;
        let key = &rest[..end];
        let after = rest[end..].trim_start().strip_prefix('=').ok_or(UrlError::Pair)?.trim_start();
        if key.is_empty() {
            return Err(UrlError::Pair);
        }
        let (value, length) = read_value(after)?;
        if key == "password" {
            parameters.raw_password = Some(after[..length].trim_matches('\'').to_owned());
        }
        if value.contains('\0') {
            return Err(UrlError::ZeroByte { part: "a parameter" });
        }
        parameters.set(key, value);
        rest = after[length..].trim_start();
    }
    Ok(parameters)
}

/// A value and how many bytes of the text it took.
fn read_value(text: &str) -> Result<(String, usize), UrlError> {
    let quoted = text.starts_with('\'');
    let mut value = String::new();
    let mut characters = text.char_indices().skip(usize::from(quoted));
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => value.extend(characters.next().map(|(_, escaped)| escaped)),
            '\'' if quoted => return Ok((value, at + 1)),
            blank if blank.is_whitespace() && !quoted => return Ok((value, at)),
            other => value.push(other),
        }
    }
    if quoted { Err(UrlError::OpenQuote) } else { Ok((value, text.len())) }
}

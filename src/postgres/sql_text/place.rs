//! Lines and columns of a text.

/// The line and the column of a byte, both from 1 and the column in
/// characters.
pub fn place(text: &str, byte: usize) -> (usize, usize) {
    let before = &text[..byte.min(text.len())];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// The text of a line, from 1; without its end.
pub fn line(text: &str, number: usize) -> &str {
    number.checked_sub(1).and_then(|index| text.lines().nth(index)).unwrap_or_default()
}

/// The byte of a position as Postgres gives it: in characters, from 1. One
/// past the end is the end.
pub fn byte_of(text: &str, position: u32) -> Option<usize> {
    let before = usize::try_from(position).ok()?.checked_sub(1)?;
    Some(text.char_indices().nth(before).map_or(text.len(), |(byte, _)| byte))
}

/// What stands below a line so that its `^` is below that column.
pub fn mark(text: &str, column: usize) -> String {
    // A tab must stay one, so that the mark stands where it should.
    let indent: String =
        text.chars().take(column.saturating_sub(1)).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
    format!("{indent}^")
}

//! The cells of a table's row, counted in the source.

/// What a row of a table's source holds.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    pub cells: usize,
    /// A pipe within a code span, with no backslash before it: it parts cells
    /// although its writer did not mean it to.
    pub pipe_in_code: bool,
}

/// Counts the cells of one row, with or without pipes at its ends.
///
/// GitHub Flavored Markdown, section 4.10: a pipe parts cells wherever it
/// stands, in a code span as well, unless a backslash stands right before it.
pub fn count(row: &str) -> Row {
    let row = row.trim();
    let bytes = row.as_bytes();
    let mut pipes = Vec::new();
    for (at, &byte) in bytes.iter().enumerate() {
        if byte == b'|' && (at == 0 || bytes[at - 1] != b'\\') {
            pipes.push(at);
        }
    }
    let leading = usize::from(pipes.first() == Some(&0));
    let trailing = usize::from(row.len() > 1 && pipes.last() == Some(&(row.len() - 1)));
    let spans = code_spans(bytes);
    let pipe_in_code = pipes.iter().any(|pipe| spans.iter().any(|(start, end)| (*start..*end).contains(pipe)));
    Row { cells: (pipes.len() + 1).saturating_sub(leading + trailing), pipe_in_code }
}

/// The code spans of the whole row, as if no pipe parted it: from a run of
/// backticks to the next run of the same length.
fn code_spans(row: &[u8]) -> Vec<(usize, usize)> {
    let run = |start: usize| row[start..].iter().take_while(|byte| **byte == b'`').count();
    let mut spans = Vec::new();
    let mut at = 0;
    while at < row.len() {
        match row[at] {
            b'\\' => at += 2,
            b'`' => {
                let length = run(at);
                let mut end = at + length;
                while end < row.len() && !(row[end] == b'`' && run(end) == length) {
                    end += if row[end] == b'`' { run(end) } else { 1 };
                }
                if end < row.len() {
                    spans.push((at, end));
                    at = end + length;
                } else {
                    at += length;
                }
            }
            _ => at += 1,
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_cells_as_github_does() {
        let cells = |row: &str| (count(row).cells, count(row).pipe_in_code);
        assert_eq!(cells("| a | b |"), (2, false));
        assert_eq!(cells("a | b"), (2, false));
        assert_eq!(cells("| |"), (1, false));
        assert_eq!(cells("| a \\| b | `c \\| d` |"), (2, false));
        assert_eq!(cells("| `a | b` |"), (2, true));
        assert_eq!(cells("| \\` | \\` |"), (2, false));
        assert_eq!(cells("| ``a`b`` | ` |"), (2, false));
        assert_eq!(cells("| a | b \\|"), (2, false));
    }
}

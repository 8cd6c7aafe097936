//! Values of the manifest as a report shows them.

use serde_json::Value;
use similar::{ChangeTag, TextDiff};

use crate::codegen::manifest::to_yaml;
use crate::codegen::markdown::visible;

/// On one line as YAML has it, a text bare. `None` where there is no value: it
/// has its default, or the side does not have it.
pub fn one_line(value: Option<&Value>) -> Option<String> {
    Some(match value? {
        Value::String(text) => text.clone(),
        // Of mappings and lists the writer makes one line, whatever they hold.
        other => {
            to_yaml(&Value::Array(vec![other.clone()])).trim().trim_start_matches('[').trim_end_matches(']').to_owned()
        }
    })
}

/// For a message: in backticks, without what a terminal would obey, and cut.
pub fn quoted(value: Option<&Value>) -> String {
    const LONGEST: usize = 100;
    match one_line(value) {
        None => "not set".to_owned(),
        Some(text) => {
            let shown = visible(&text);
            let cut: String = shown.chars().take(LONGEST).collect();
            let more = if cut.len() < shown.len() { "…" } else { "" };
            format!("`{cut}{more}`")
        }
    }
}

/// Whether a value is a text that is read line by line.
pub fn is_long(value: Option<&Value>) -> bool {
    value.and_then(Value::as_str).is_some_and(|text| text.trim_end().contains('\n') || text.chars().count() > 160)
}

/// Two texts as a unified diff, from `before` to `after`, without its header.
pub fn unified(before: Option<&Value>, after: Option<&Value>) -> String {
    let text = |value: Option<&Value>| {
        let mut text = one_line(value).unwrap_or_default();
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        text
    };
    let (before, after) = (text(before), text(after));
    TextDiff::from_lines(&before, &after).unified_diff().context_radius(3).to_string()
}

/// How many lines only the second and only the first has.
pub fn lines_changed(before: Option<&Value>, after: Option<&Value>) -> (usize, usize) {
    let (before, after) = (one_line(before).unwrap_or_default(), one_line(after).unwrap_or_default());
    let diff = TextDiff::from_lines(&before, &after);
    let count = |tag: ChangeTag| diff.iter_all_changes().filter(|change| change.tag() == tag).count();
    (count(ChangeTag::Insert), count(ChangeTag::Delete))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_shown_on_one_line() {
        let line = |value: Value| one_line(Some(&value)).unwrap();
        assert_eq!(line(json!("a, b")), "a, b");
        assert_eq!(line(json!(true)), "true");
        assert_eq!(line(json!(["a", "b"])), "a, b");
        assert_eq!(
            line(json!([{"column": "a"}, {"column": "b", "descending": true}])),
            "{column: a}, {column: b, descending: true}"
        );
        assert_eq!(quoted(None), "not set");
        assert_eq!(quoted(Some(&json!("a\u{1b}[31m"))), "`a␛[31m`");
        assert!(quoted(Some(&json!("x".repeat(200)))).ends_with("x…`"));
    }

    #[test]
    fn long_texts_are_compared_by_lines() {
        let (before, after) = (json!("a\nb\nc\n"), json!("a\nx\nc\n"));
        assert!(is_long(Some(&before)) && !is_long(Some(&json!("a\n"))));
        assert_eq!(unified(Some(&before), Some(&after)), "@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n");
        assert_eq!(lines_changed(Some(&before), Some(&after)), (1, 1));
    }
}

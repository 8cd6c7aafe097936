//! Whether a query's result is what was expected.

use serde_json::Value;

use super::query::{Rows, result_column};

/// What is expected and what there is instead, where that is not the same.
///
/// A list is the rows, in order; `{"rows": n}` their number; another object the
/// one row, or the value of its only column where that is named `result`; any
/// other value that of the one row's one column. Of an object only the keys
/// that are expected count.
pub fn mismatch(expected: &Value, rows: &Rows) -> Option<String> {
    let rows = &rows.0;
    if let Some(count) = row_count(expected) {
        return (rows.len() as u64 != count)
            .then(|| format!("expected {count} rows, got {}{}", rows.len(), shown(rows)));
    }
    let is_met = match (expected, rows.as_slice()) {
        (Value::Array(_), _) if matches(expected, &Value::Array(rows.clone())) => true,
        (_, [row]) => {
            let only = row.as_object().filter(|row| row.len() == 1).and_then(|row| row.values().next());
            let value = if expected.is_object() { result_column(row) } else { only };
            matches(expected, row) || value.is_some_and(|value| matches(expected, value))
        }
        _ => false,
    };
    (!is_met).then(|| format!("expected {expected}, got {} rows{}", rows.len(), shown(rows)))
}

/// `{"rows": n}`, and nothing else.
fn row_count(expected: &Value) -> Option<u64> {
    expected.as_object().filter(|object| object.len() == 1)?.get("rows")?.as_u64()
}

fn shown(rows: &[Value]) -> String {
    let mut text: String = rows.iter().take(20).map(|row| format!("\n  {row}")).collect();
    if rows.len() > 20 {
        text.push_str("\n  …");
    }
    text
}

fn matches(expected: &Value, actual: &Value) -> bool {
    match (expected, actual) {
        (Value::Object(expected), Value::Object(actual)) => {
            expected.iter().all(|(key, value)| actual.get(key).is_some_and(|actual| matches(value, actual)))
        }
        (Value::Array(expected), Value::Array(actual)) => {
            expected.len() == actual.len() && expected.iter().zip(actual).all(|(a, b)| matches(a, b))
        }
        (Value::Number(expected), Value::Number(actual)) => expected == actual || expected.as_f64() == actual.as_f64(),
        // Statements that are no query give their values as texts.
        (Value::Number(expected), Value::String(actual)) => actual.parse().ok() == expected.as_f64(),
        (Value::Bool(expected), Value::String(actual)) => actual == if *expected { "t" } else { "f" },
        (Value::Object(_) | Value::Array(_), Value::String(actual)) => {
            serde_json::from_str(actual).is_ok_and(|actual| matches(expected, &actual))
        }
        (expected, actual) => expected == actual,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rows(rows: Value) -> Rows {
        Rows(rows.as_array().unwrap().clone())
    }

    #[test]
    fn what_is_expected_is_met() {
        for (expected, given) in [
            (json!({"rows": 2}), json!([{"a": 1}, {"a": 2}])),
            (json!([{"a": 1}, {"a": 2}]), json!([{"a": 1, "b": 3}, {"a": 2}])),
            (json!([]), json!([])),
            (json!({"status": "success"}), json!([{"result": {"status": "success", "tables": []}}])),
            (json!({"a": 1}), json!([{"a": 1, "b": 2}])),
            (json!(3), json!([{"count": 3}])),
            (json!(3), json!([{"count": "3"}])),
            (json!(true), json!([{"ok": "t"}])),
            (json!(["x", "y"]), json!([{"names": ["x", "y"]}])),
            (json!(1.0), json!([{"n": 1}])),
        ] {
            assert_eq!(mismatch(&expected, &rows(given)), None, "{expected}");
        }
    }

    #[test]
    fn what_is_not_met_shows_both_sides() {
        for (expected, given) in [
            (json!({"rows": 1}), json!([])),
            (json!([{"a": 1}]), json!([{"a": 1}, {"a": 2}])),
            (json!([{"a": 1}, {"a": 2}]), json!([{"a": 2}, {"a": 1}])),
            (json!({"a": 1}), json!([{"b": 1}])),
            (json!({"a": null}), json!([{"b": 1}])),
            (json!(3), json!([{"count": 3}, {"count": 3}])),
            (json!("1"), json!([{"n": 1}])),
        ] {
            let message = mismatch(&expected, &rows(given.clone())).unwrap();
            assert!(message.starts_with("expected "), "{expected} {given}: {message}");
        }
        let message = mismatch(&json!([{"a": 1}]), &rows(json!([{"a": 2}]))).unwrap();
        assert_eq!(message, "expected [{\"a\":1}], got 1 rows\n  {\"a\":2}");
    }
}

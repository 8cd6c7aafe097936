use std::collections::{BTreeMap, BTreeSet};

/// The most expressions that a decision evaluates ("Security Rules limits"
/// in Firestore's manual: 1,000 per request), less what an estimate may miss.
pub const MOST_EXPRESSIONS: usize = 950;
/// The most documents that a single read or write looks up.
pub const MOST_LOOKUPS: usize = 10;
/// The largest text of rules, in bytes.
pub const LARGEST: usize = 256 * 1024;

/// What a condition costs at most.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cost {
    pub expressions: usize,
    /// The documents that it looks up, by the text that names them.
    pub lookups: BTreeSet<String>,
}

/// The functions that a condition may call: what each costs, and the name of
/// its one parameter, where a call's argument takes its place.
pub type Costs = BTreeMap<String, Cost>;

/// The cost of a condition, from its text: every name, literal and operator
/// is an expression, and a call costs what the function's body does.
pub fn cost(text: &str, functions: &Costs) -> Cost {
    let mut total = Cost::default();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let c = bytes[at];
        match c {
            b'\'' => {
                total.expressions += 1;
                at += 1;
                while at < bytes.len() && bytes[at] != b'\'' {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                at += 1;
            }
            c if c.is_ascii_alphanumeric() || c == b'_' => {
                let end =
                    text[at..].find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).map_or(text.len(), |n| at + n);
                let word = &text[at..end];
                total.expressions += 1;
                if bytes.get(end) == Some(&b'(') {
                    call(word, arguments(&text[end..]), functions, &mut total);
                }
                at = end;
            }
            // Both sides evaluated, a conditional's condition false.
            b'&' | b'|' | b'?' | b':' => {
                total.expressions += 2;
                at += 1;
            }
            b'.' | b'=' | b'!' | b'<' | b'>' | b'+' | b'-' | b'[' | b'{' | b'/' | b'$' | b'%' | b'*' => {
                total.expressions += 1;
                at += 1;
            }
            _ => at += 1,
        }
    }
    total
}

fn call(name: &str, argument: &str, functions: &Costs, total: &mut Cost) {
    if let Some(cost) = functions.get(name) {
        total.expressions += cost.expressions;
        let replaced = cost.lookups.iter().map(|lookup| lookup.replace("row", argument));
        total.lookups.extend(replaced);
    }
    if let Some(collection) = name.strip_suffix("_at").or_else(|| name.strip_suffix("_has")) {
        total.lookups.insert(format!("{collection}({argument})"));
    }
}

/// What stands between the parentheses that a text begins with.
fn arguments(text: &str) -> &str {
    let mut depth = 0usize;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => {
                depth -= 1;
                if depth == 0 {
                    return &text[1..at];
                }
            }
            _ => {}
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_at_least_what_is_evaluated() {
        let mut functions = Costs::new();
        functions.insert("mine".into(), cost("row.owner == uid() && members_has(row.team)", &functions));
        let total = cost("mine(resource.data) && mine(request.resource.data)", &functions);
        assert_eq!(total.lookups.len(), 2, "{total:?}");
        assert!(total.expressions > 30, "{total:?}");
        assert_eq!(cost("'a && b' == x", &functions).expressions, 4);
    }
}

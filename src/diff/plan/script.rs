use std::fmt::Write;

use super::{Plan, Step};

/// A plan as an SQL file that a person reads and psql runs: first what cannot
/// run inside a transaction and others wait for, then one transaction, then
/// what is built beside running sessions; at last, commented out, what is held
/// back, and what no statement does.
pub fn script(plan: &Plan, title: &str) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "-- {title}");
    let (held, running): (Vec<&Step>, Vec<&Step>) = plan.steps.iter().partition(|step| step.held_back);
    let (outside, inside): (Vec<&Step>, Vec<&Step>) =
        running.into_iter().partition(|step| step.statement.outside_transaction);
    let (later, first): (Vec<&Step>, Vec<&Step>) =
        outside.into_iter().partition(|step| step.statement.sql.contains(" CONCURRENTLY "));
    if plan.steps.is_empty() && plan.impossible.is_empty() {
        text.push_str("-- There is nothing to do.\n");
    }
    let title = "Outside a transaction: a new label is of no use in the one that adds it.";
    section(&mut text, title, &first);
    if !inside.is_empty() {
        // Bodies may name what comes later; every name is qualified.
        let _ = writeln!(text, "\nBEGIN;\nSET LOCAL check_function_bodies = off;\nSET LOCAL search_path = '';\n");
        for step in inside {
            let _ = writeln!(text, "{};", step.statement.sql);
        }
        text.push_str("\nCOMMIT;\n");
    }
    section(&mut text, "Outside a transaction, beside running sessions.", &later);
    if !held.is_empty() {
        let _ = writeln!(text, "\n-- Held back, for it loses data or waits for what does (--allow-destructive):");
        for step in held {
            for line in format!("{};", step.statement.sql).lines() {
                let _ = writeln!(text, "-- {line}");
            }
        }
    }
    if !plan.impossible.is_empty() {
        let _ = writeln!(text, "\n-- Not done:");
        for impossible in &plan.impossible {
            let attribute = impossible.attribute.as_deref().map(|name| format!(" ({name})")).unwrap_or_default();
            let reason = impossible.reason.replace('\n', "\n-- ");
            let _ = writeln!(text, "-- {}{attribute}: {reason}", impossible.object.to_string().replace('\n', " "));
        }
    }
    text
}

fn section(text: &mut String, title: &str, steps: &[&Step]) {
    if !steps.is_empty() {
        let _ = writeln!(text, "\n-- {title}");
        for step in steps {
            let _ = writeln!(text, "{};", step.statement.sql);
        }
    }
}

use std::fmt::Write;

use super::{Plan, Step};
use crate::diff::ddl;
use crate::diff::renames::Rename;

/// What the transaction of a script begins with: bodies may name what comes
/// later, and every name is qualified.
pub const PREAMBLE: &str = "SET LOCAL check_function_bodies = off;\nSET LOCAL search_path = '';";

/// Statements of a plan that run together.
#[derive(Debug, Clone, PartialEq)]
pub enum Batch<'p> {
    /// One by itself, in no transaction.
    Alone(&'p Step),
    /// In one transaction, after [`PREAMBLE`].
    Together(Vec<&'p Step>),
}

/// What of a plan is meant to run, in order: first what cannot run inside a
/// transaction and others wait for, then one transaction, then what is built
/// beside running sessions. What is held back is in none.
pub fn batches(plan: &Plan) -> Vec<Batch<'_>> {
    let [first, inside, later] = sections(plan);
    let mut batches: Vec<Batch<'_>> = first.into_iter().map(Batch::Alone).collect();
    if !inside.is_empty() {
        batches.push(Batch::Together(inside));
    }
    batches.extend(later.into_iter().map(Batch::Alone));
    batches
}

fn sections(plan: &Plan) -> [Vec<&Step>; 3] {
    let running = plan.steps.iter().filter(|step| !step.held_back);
    let (later, rest): (Vec<&Step>, Vec<&Step>) = running.partition(|step| step.statement.afterwards);
    let (first, inside) = rest.into_iter().partition(|step| step.statement.outside_transaction);
    [first, inside, later]
}

/// A plan as an SQL file that a person reads and psql runs: its [`batches`], and
/// at last, commented out, what is held back, and what no statement does.
///
/// Where something is likely there under another name, the statement that
/// renames it stands as a comment above what makes the one and drops the other.
pub fn script(plan: &Plan, renames: &[Rename], title: &str) -> String {
    let mut text = String::new();
    comment(&mut text, title);
    if plan.steps.is_empty() && plan.impossible.is_empty() {
        text.push_str("-- There is nothing to do.\n");
    }
    let [first, inside, later] = sections(plan);
    let mut renames = Offers { renames, told: Vec::new() };
    let mut section = |text: &mut String, title: Option<&str>, steps: &[&Step]| {
        if !steps.is_empty() {
            text.push('\n');
            title.iter().for_each(|title| comment(text, title));
        }
        for step in steps {
            renames.offer(step, text);
            let _ = writeln!(text, "{};", step.statement.sql);
        }
    };
    section(&mut text, Some("Outside a transaction: a new label is of no use in the one that adds it."), &first);
    if !inside.is_empty() {
        let _ = writeln!(text, "\nBEGIN;\n{PREAMBLE}");
        section(&mut text, None, &inside);
        text.push_str("\nCOMMIT;\n");
    }
    section(&mut text, Some("Outside a transaction, beside running sessions."), &later);
    let held: Vec<&Step> = plan.steps.iter().filter(|step| step.held_back).collect();
    if !held.is_empty() {
        let _ = writeln!(text, "\n-- Held back, for it loses data or waits for what does (--allow-destructive):");
        for step in held {
            renames.offer(step, &mut text);
            comment(&mut text, &format!("{};", step.statement.sql));
        }
    }
    if !plan.impossible.is_empty() {
        let _ = writeln!(text, "\n-- Not done:");
        for impossible in &plan.impossible {
            let attribute = impossible.attribute.as_deref().map(|name| format!(" ({name})")).unwrap_or_default();
            let object = impossible.object.to_string().replace(['\n', '\r'], " ");
            comment(&mut text, &format!("{object}{attribute}: {}", impossible.reason));
        }
    }
    text
}

/// Every line of a text as a comment, so that none of it runs. A carriage return
/// ends a comment too, for psql as for Postgres.
fn comment(text: &mut String, said: &str) {
    for line in said.split(['\n', '\r']) {
        let _ = writeln!(text, "-- {line}");
    }
}

/// Likely renames, each offered once at what makes the one and once at what
/// drops the other.
struct Offers<'r> {
    renames: &'r [Rename],
    told: Vec<(&'r Rename, bool)>,
}

impl Offers<'_> {
    fn offer(&mut self, step: &Step, text: &mut String) {
        for rename in self.renames {
            let is_drop = rename.from == step.object;
            if !(is_drop || rename.to == step.object) || self.told.contains(&(rename, is_drop)) {
                continue;
            }
            self.told.push((rename, is_drop));
            let Some(statement) = ddl::rename(rename) else { continue };
            let other = if is_drop { &rename.to } else { &rename.from };
            comment(
                text,
                &format!("Likely the same as {other}. If it is, run this instead of this script, and plan again:"),
            );
            comment(text, &format!("    {statement};"));
        }
    }
}

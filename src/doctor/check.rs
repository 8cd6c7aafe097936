//! A line of the checklist.

use std::cmp::Reverse;

use serde::Serialize;

use crate::postgres::ConnectionSettings;

/// How a check ended. The worst is the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Good,
    /// Worth a look, or it could not be found out; what is planned can begin.
    Warning,
    /// What is planned would fail.
    Bad,
}

impl Outcome {
    /// The sign in front of its line.
    pub fn sign(self) -> &'static str {
        match self {
            Outcome::Good => "✅",
            Outcome::Warning => "⚠️",
            Outcome::Bad => "❌",
        }
    }
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was looked at, always in the same words: programs may go by it.
    pub name: &'static str,
    pub outcome: Outcome,
    /// What was found; it may have several lines.
    pub note: String,
    /// What to do, where it is not good.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
}

impl Check {
    pub(super) fn good(name: &'static str, note: impl Into<String>) -> Check {
        Check { name, outcome: Outcome::Good, note: note.into(), fix: None }
    }

    pub(super) fn warning(name: &'static str, note: impl Into<String>, fix: impl Into<String>) -> Check {
        Check { name, outcome: Outcome::Warning, note: note.into(), fix: Some(fix.into()) }
    }

    pub(super) fn bad(name: &'static str, note: impl Into<String>, fix: impl Into<String>) -> Check {
        Check { name, outcome: Outcome::Bad, note: note.into(), fix: Some(fix.into()) }
    }

    /// A check that could not be made. It is never a good one: nobody looked.
    pub(super) fn not_made(name: &'static str, why: impl AsRef<str>, fix: impl Into<String>) -> Check {
        Check::warning(name, format!("could not be looked at: {}", why.as_ref()), fix)
    }

    /// The same without the password of a database, whatever was quoted.
    pub(super) fn redacted(mut self, settings: &ConnectionSettings) -> Check {
        self.note = settings.redact(&self.note);
        self.fix = self.fix.map(|fix| settings.redact(&fix));
        self
    }
}

/// What one check finds, where it may find several things.
#[derive(Debug, Default)]
pub(super) struct Findings(Vec<(Outcome, String, String)>);

impl Findings {
    pub(super) fn warning(&mut self, note: impl Into<String>, fix: impl Into<String>) {
        self.0.push((Outcome::Warning, note.into(), fix.into()));
    }

    pub(super) fn bad(&mut self, note: impl Into<String>, fix: impl Into<String>) {
        self.0.push((Outcome::Bad, note.into(), fix.into()));
    }

    /// The check that says all of it, the worst first; or that there is
    /// nothing to say but `good`.
    pub(super) fn into_check(mut self, name: &'static str, good: impl Into<String>) -> Check {
        self.0.sort_by_key(|(outcome, ..)| Reverse(*outcome));
        let Some(outcome) = self.0.first().map(|(outcome, ..)| *outcome) else { return Check::good(name, good) };
        let mut fixes: Vec<String> = Vec::new();
        let mut notes: Vec<String> = Vec::new();
        for (_, note, fix) in self.0 {
            notes.push(note);
            if !fixes.contains(&fix) {
                fixes.push(fix);
            }
        }
        Check { name, outcome, note: notes.join("\n"), fix: Some(fixes.join("\n")) }
    }
}

/// Names for a line: the first few, and how many there are beyond them.
pub(super) fn some_of(names: &[String]) -> String {
    const SHOWN: usize = 5;
    let shown = names.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_that_is_found_is_the_outcome_and_comes_first() {
        let mut findings = Findings::default();
        findings.warning("a", "mend it");
        findings.bad("b", "stop");
        findings.warning("c", "mend it");
        let check = findings.into_check("x", "fine");
        assert_eq!((check.outcome, check.note.as_str()), (Outcome::Bad, "b\na\nc"));
        assert_eq!(check.fix.as_deref(), Some("stop\nmend it"));
        assert_eq!(Findings::default().into_check("x", "fine"), Check::good("x", "fine"));
    }

    #[test]
    fn long_lists_are_cut() {
        let names = |count: usize| (0..count).map(|at| format!("n{at}")).collect::<Vec<_>>();
        assert_eq!(some_of(&names(2)), "n0, n1");
        assert_eq!(some_of(&names(7)), "n0, n1, n2, n3, n4 and 2 more");
    }
}

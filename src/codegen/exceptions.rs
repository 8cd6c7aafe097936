//! Rules of project.yaml that make exceptions: findings that are accepted,
//! differences that are ignored.
//!
//! The last rule that matches something decides about it. One with `!` in front
//! of its path takes back what an earlier one decided, and a rule whose last
//! day has passed decides nothing.

use crate::codegen::project::{AcceptRule, Day, IgnoreRule};

/// A rule, whatever it is about.
pub trait Exception {
    /// The objects' pattern, with `!` in front where the rule takes back.
    fn path(&self) -> &str;
    fn reason(&self) -> &str;
    /// The last day on which it holds.
    fn until(&self) -> Option<&Day>;

    fn takes_back(&self) -> bool {
        self.path().starts_with('!')
    }

    /// The objects' pattern alone.
    fn pattern(&self) -> &str {
        self.path().strip_prefix('!').unwrap_or(self.path())
    }
}

impl Exception for AcceptRule {
    fn path(&self) -> &str {
        &self.path
    }

    fn reason(&self) -> &str {
        &self.reason
    }

    fn until(&self) -> Option<&Day> {
        self.until.as_ref()
    }
}

impl Exception for IgnoreRule {
    fn path(&self) -> &str {
        &self.path
    }

    fn reason(&self) -> &str {
        &self.reason
    }

    fn until(&self) -> Option<&Day> {
        self.until.as_ref()
    }
}

/// What rules made of what they were asked about.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Exceptions {
    /// For each subject the rule that makes an exception of it (its index).
    pub by: Vec<Option<usize>>,
    /// Rules that decided nothing, although they hold.
    pub unused: Vec<usize>,
    /// Rules whose last day has passed. They decide nothing any more.
    pub expired: Vec<usize>,
}

/// Asks the rules about each subject. Without a day, no rule has expired: what
/// is generated must not depend on the clock.
pub fn decide<S, R: Exception>(
    subjects: &[S],
    rules: &[R],
    today: Option<&Day>,
    matches: impl Fn(&R, &S) -> bool,
) -> Exceptions {
    let is_expired = |rule: &R| matches!((rule.until(), today), (Some(until), Some(today)) if until < today);
    let mut is_used = vec![false; rules.len()];
    let mut exceptions = Exceptions::default();
    for subject in subjects {
        let matching: Vec<usize> =
            (0..rules.len()).filter(|at| !is_expired(&rules[*at]) && matches(&rules[*at], subject)).collect();
        // To take back decides something only where there is something.
        let decides = matching.iter().any(|at| !rules[*at].takes_back());
        if let (true, Some(last)) = (decides, matching.last()) {
            is_used[*last] = true;
        }
        exceptions.by.push(matching.last().copied().filter(|last| !rules[*last].takes_back()));
    }
    for (at, rule) in rules.iter().enumerate() {
        match (is_expired(rule), is_used[at]) {
            (true, _) => exceptions.expired.push(at),
            (false, false) => exceptions.unused.push(at),
            (false, true) => {}
        }
    }
    exceptions
}

/// Faults of rules that their types allow: a path or a reason that says
/// nothing. `list` is what project.yaml calls the rules.
pub fn faults<R: Exception>(list: &str, rules: &[R]) -> Vec<String> {
    let mut faults = Vec::new();
    for (at, rule) in rules.iter().enumerate() {
        if rule.pattern().trim().is_empty() {
            faults.push(format!("{list}[{at}]: the path is empty; `*` is every object"));
        }
        if rule.reason().trim().is_empty() {
            faults.push(format!("{list}[{at}] ({}): the reason is empty", rule.path()));
        }
    }
    faults
}

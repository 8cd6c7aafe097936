//! The project's rules on findings that it has decided to live with.

use super::{Finding, is_known};
use crate::codegen::exceptions::{self, Exception as _, Exceptions};
use crate::codegen::glob;
use crate::codegen::project::{AcceptRule, Day};

/// Asks the rules about each finding.
pub fn accept(findings: &[Finding], rules: &[AcceptRule], today: Option<&Day>) -> Exceptions {
    exceptions::decide(findings, rules, today, matches)
}

/// Faults of rules that their types allow: a code that no finding has, a path
/// or a reason that says nothing.
pub fn faults(rules: &[AcceptRule]) -> Vec<String> {
    let unknown = |(at, rule): (usize, &AcceptRule)| {
        (!is_known(&rule.code)).then(|| format!("accept[{at}]: no finding has the code `{}`", rule.code))
    };
    let mut faults: Vec<String> = rules.iter().enumerate().filter_map(unknown).collect();
    faults.extend(exceptions::faults("accept", rules));
    faults
}

fn matches(rule: &AcceptRule, finding: &Finding) -> bool {
    let pattern = rule.pattern();
    finding.code.id.starts_with(&rule.code) && surrounding(&finding.path).any(|path| glob::matches(pattern, path))
}

/// The path, and those of the objects that it is in. A dot within quotes is
/// part of a name.
fn surrounding(path: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    let dots = path.char_indices().filter_map(move |(at, c)| {
        quoted ^= c == '"';
        (c == '.' && !quoted).then_some(at)
    });
    dots.map(|at| &path[..at]).chain([path])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codegen::target::Target;
    use crate::codegen::target::{codes, inventory::Inventory};

    fn rule(code: &str, path: &str, until: Option<&str>) -> AcceptRule {
        let until = until.map(|day| Day::try_from(day.to_owned()).unwrap());
        AcceptRule { code: code.to_owned(), path: path.to_owned(), reason: "known".to_owned(), until }
    }

    fn accepted(rules: &[AcceptRule]) -> (Vec<Option<usize>>, Vec<usize>, Vec<usize>) {
        let (first, second) = (codes().next().unwrap(), Inventory.codes()[0]);
        let findings = [(first, "crm.a.id"), (first, "crm.ab.id"), (second, "crm.a"), (second, "\"crm.a\".b")];
        let findings = findings.map(|(code, path)| Finding::new(code, path, "so"));
        let today = Day::try_from("2026-06-15".to_owned()).unwrap();
        let Exceptions { by, unused, expired } = accept(&findings, rules, Some(&today));
        (by, unused, expired)
    }

    #[test]
    fn a_rule_accepts_an_object_and_what_is_in_it() {
        assert_eq!(accepted(&[rule("FIR", "crm.a", None)]).0, [Some(0), None, None, None]);
        assert_eq!(accepted(&[rule("INV", "crm", None)]).0, [None, None, Some(0), None]);
        assert_eq!(accepted(&[rule("INV", "*.b", None)]).0, [None, None, None, Some(0)]);
    }

    #[test]
    fn the_last_rule_decides_and_idle_rules_are_named() {
        let rules = [rule("FIR", "*", None), rule("FIR", "!crm.ab", None), rule("INV", "!*", None)];
        assert_eq!(accepted(&rules), (vec![Some(0), None, None, None], vec![2], vec![]));
        let rules = [rule("FIR", "*", Some("2026-06-15")), rule("INV", "*", Some("2026-06-14"))];
        assert_eq!(accepted(&rules), (vec![Some(0), Some(0), None, None], vec![], vec![1]));
    }

    #[test]
    fn a_rule_says_what_and_why() {
        let empty = AcceptRule { reason: " ".to_owned(), ..rule("XYZ", "!", None) };
        assert_eq!(faults(&[empty]).len(), 3);
        assert_eq!(faults(&[rule("", "*", None)]).len(), 1);
        assert!(faults(&[rule("AMP003", "*", None)]).is_empty());
    }
}

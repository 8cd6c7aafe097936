//! The project's rules on differences that do not count.

use std::collections::BTreeMap;

use super::change::{Change, Comparison};
use super::object::Object;
use crate::codegen::exceptions::{self, Exception as _, Exceptions};
use crate::codegen::glob;
use crate::codegen::manifest::ObjectId;
use crate::codegen::project::{Day, IgnoreRule};

/// What the rules made of a comparison.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ignoring {
    /// What does not count, each with the rule that says so (its index).
    pub ignored: Vec<(Change, usize)>,
    /// Rules that decided nothing, although they hold.
    pub unused: Vec<usize>,
    /// Rules whose last day has passed. They ignore nothing any more.
    pub expired: Vec<usize>,
}

/// Takes out of a comparison the changes that do not count. Its counts stay.
///
/// `objects` are those of both sides.
pub fn ignore(comparison: &mut Comparison, objects: &[&[Object<'_>]], rules: &[IgnoreRule], today: &Day) -> Ignoring {
    let parents: BTreeMap<&ObjectId, &ObjectId> =
        objects.iter().copied().flatten().filter_map(|object| Some((&object.id, object.parent.as_ref()?))).collect();
    let changes = std::mem::take(&mut comparison.changes);
    let Exceptions { by, unused, expired } =
        exceptions::decide(&changes, rules, Some(today), |rule, change| matches(rule, change, &parents));
    let mut ignoring = Ignoring { ignored: Vec::new(), unused, expired };
    for (change, by) in changes.into_iter().zip(by) {
        match by {
            Some(rule) => ignoring.ignored.push((change, rule)),
            None => comparison.changes.push(change),
        }
    }
    ignoring
}

/// Faults of rules that their types allow: a path or a reason that says nothing.
pub fn faults(rules: &[IgnoreRule]) -> Vec<String> {
    exceptions::faults("drift.ignore", rules)
}

/// Whether a rule speaks of a change: of its object, or, where it is not about
/// one attribute, of something that the object is in.
fn matches(rule: &IgnoreRule, change: &Change, parents: &BTreeMap<&ObjectId, &ObjectId>) -> bool {
    let pattern = rule.pattern();
    let names =
        |id: &ObjectId| (rule.kinds.is_empty() || rule.kinds.contains(&id.kind)) && glob::matches(pattern, &id.path);
    if let Some(attribute) = &rule.attribute {
        let own = change.attribute.as_deref();
        return names(&change.object) && own.is_some_and(|own| glob::matches(attribute, own));
    }
    let mut id = &change.object;
    loop {
        if names(id) {
            return true;
        }
        match parents.get(id) {
            Some(parent) => id = parent,
            None => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codegen::manifest::{Kind, read};
    use crate::diff::{compare, objects};

    const THERE: &str = "version: '1.0'\nschemas:\n- name: crm\n  tables:\n  - name: tmp_a\n    columns: [{name: id, type: integer}]\n    \
        grants: [{role: app, privileges: [select]}]\n  - {name: tmp_keep, columns: [{name: id, type: integer}]}\n  - name: contacts\n    comment: old\n    \
        columns: [{name: id, type: integer, comment: old}]\n";
    const EXPECTED: &str = "version: '1.0'\nschemas:\n- name: crm\n  tables:\n  - name: tmp_a\n    columns: [{name: id, type: bigint}]\n  - name: contacts\n    comment: new\n    \
        columns: [{name: id, type: bigint, comment: new}]\n";

    fn rule(path: &str) -> IgnoreRule {
        IgnoreRule { path: path.to_owned(), kinds: Vec::new(), attribute: None, reason: "why".to_owned(), until: None }
    }

    /// What is left, and which rules are unused and expired.
    fn left(rules: &[IgnoreRule]) -> (Vec<String>, Vec<usize>, Vec<usize>) {
        let (expected, there) = (read(EXPECTED).unwrap(), read(THERE).unwrap());
        let mut comparison = compare(&expected, &there);
        let before = comparison.changes.len();
        let today = Day::try_from("2026-06-15".to_owned()).unwrap();
        let ignoring = ignore(&mut comparison, &[&objects(&expected), &objects(&there)], rules, &today);
        assert_eq!(comparison.changes.len() + ignoring.ignored.len(), before, "nothing is lost");
        let text = |change: &Change| format!("{} {}", change.object, change.attribute.as_deref().unwrap_or("*"));
        (comparison.changes.iter().map(text).collect(), ignoring.unused, ignoring.expired)
    }

    #[test]
    fn a_rule_ignores_objects_and_what_is_in_them() {
        let all = ["table crm.contacts comment", "table crm.tmp_keep *", "column crm.contacts.id comment"];
        let (everything, _, _) = left(&[]);
        assert_eq!(everything.len(), 6, "{everything:?}");
        // The column of tmp_a and the grant on it go with their table.
        let (kept, unused, _) = left(&[IgnoreRule { kinds: vec![Kind::Table], ..rule("crm.tmp_*") }]);
        assert_eq!(
            kept,
            ["table crm.contacts comment", "column crm.contacts.id comment", "column crm.contacts.id type"]
        );
        assert!(unused.is_empty());
        let (kept, _, _) =
            left(&[rule("crm.tmp_a"), IgnoreRule { attribute: Some("type".to_owned()), ..rule("*.id") }]);
        assert_eq!(kept, all);
        assert_eq!(left(&[rule("crm")]).0, [""; 0], "the schema, and so everything in it");
    }

    #[test]
    fn an_attribute_is_one_of_the_object_itself() {
        let comments = IgnoreRule { attribute: Some("comment".to_owned()), ..rule("crm.contacts") };
        assert_eq!(left(std::slice::from_ref(&comments)).0.len(), 5, "the column's comment still counts");
        let also = IgnoreRule { path: "crm.contacts*".to_owned(), ..comments };
        assert_eq!(left(&[also]).0.len(), 4);
    }

    #[test]
    fn the_last_rule_that_matches_decides() {
        let (kept, unused, _) = left(&[rule("*"), rule("!crm.tmp_keep")]);
        assert_eq!(kept, ["table crm.tmp_keep *"]);
        assert!(unused.is_empty());
        // Nothing to take back: the rule is unused, and so is one that another overrules.
        assert_eq!(left(&[rule("!crm.tmp_keep"), rule("*")]), (vec![], vec![0], vec![]));
    }

    #[test]
    fn a_rule_that_expired_ignores_nothing() {
        let until = |day: &str| IgnoreRule { until: Some(Day::try_from(day.to_owned()).unwrap()), ..rule("*") };
        assert_eq!(left(&[until("2026-06-15")]), (vec![], vec![], vec![]), "its last day counts");
        let (kept, unused, expired) = left(&[until("2026-06-14"), rule("nothing")]);
        assert_eq!((kept.len(), unused, expired), (6, vec![1], vec![0]));
    }

    #[test]
    fn a_rule_says_what_and_why() {
        let empty = [IgnoreRule { reason: " ".to_owned(), ..rule("!") }];
        assert_eq!(faults(&empty).len(), 2);
        assert!(faults(&[rule("*")]).is_empty());
    }
}

//! Where tables go: what the project's other targets named them, and what they
//! lost on the way. Each target answers itself.

use std::collections::HashMap;

use crate::codegen::catalog::Catalog;
use crate::codegen::loss::{self, Finding};
use crate::codegen::sql;
use crate::codegen::target::Other;
use crate::codegen::target::destination::{Destination, Destinations};

use super::inspect::Located;

/// One target's destinations.
pub struct TargetDestinations<'o> {
    /// As people call it.
    pub label: &'static str,
    by_relation: &'o Destinations,
    findings: &'o [Finding],
}

impl<'o> TargetDestinations<'o> {
    pub fn get(&self, schema: &str, name: &str) -> Option<&'o Destination> {
        self.by_relation.get(&(schema.to_owned(), name.to_owned()))
    }
}

/// Of the targets that mirror relations, what they made of each.
pub fn destinations<'o>(others: &[Other<'o>]) -> Vec<TargetDestinations<'o>> {
    let label = |name: &str| match name {
        "firestore" => Some("Firestore"),
        "amplify" => Some("GraphQL"),
        "models" => Some("Rust"),
        _ => None,
    };
    let mut mirrored = Vec::new();
    for Other { target, findings, destinations } in others {
        if let Some(label) = label(target) {
            mirrored.push(TargetDestinations { label, by_relation: destinations, findings });
        }
    }
    mirrored
}

/// Findings by the schema and name of what they are about.
pub type Found<'f> = HashMap<(&'f str, &'f str), Vec<&'f Finding>>;

/// Every finding by the table or view that it is about, in the ledger's order.
pub fn findings<'f>(catalog: &Catalog<'f>, own: &'f [Located], destinations: &[TargetDestinations<'f>]) -> Found<'f> {
    let mut by_path: HashMap<String, (&str, &str)> = HashMap::new();
    let tables = catalog.tables().map(|(schema, table)| (schema.name.as_str(), table.name.as_str()));
    let views = catalog.views().map(|(schema, view, _)| (schema.name.as_str(), view.name.as_str()));
    for (schema, name) in tables.chain(views) {
        // The targets do not agree on quotes.
        by_path.insert(format!("{schema}.{name}"), (schema, name));
        by_path.insert(sql::qualified(schema, name), (schema, name));
    }
    let mut found = Found::new();
    for located in own {
        if let Some((schema, name)) = &located.relation {
            found.entry((schema.as_str(), name.as_str())).or_default().push(&located.finding);
        }
    }
    for finding in destinations.iter().flat_map(|target| target.findings) {
        if let Some(relation) = about(&by_path, &finding.path) {
            found.entry(relation).or_default().push(finding);
        }
    }
    for findings in found.values_mut() {
        findings.sort_by(|a, b| loss::order(a, b));
        findings.dedup();
    }
    found
}

/// The relation of the longest path that this one begins with.
fn about<'p>(by_path: &HashMap<String, (&'p str, &'p str)>, path: &str) -> Option<(&'p str, &'p str)> {
    let mut ends = std::iter::once(path.len()).chain(path.rmatch_indices('.').map(|(at, _)| at));
    ends.find_map(|end| by_path.get(&path[..end])).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_is_about_the_longest_name_that_it_begins_with() {
        let by_path = HashMap::from([("s.a".to_owned(), ("s", "a")), ("s.a.b".to_owned(), ("s", "a.b"))]);
        assert_eq!(about(&by_path, "s.a.b.c"), Some(("s", "a.b")));
        assert_eq!(about(&by_path, "s.a.c"), Some(("s", "a")));
        assert_eq!(about(&by_path, "s.ab"), None);
    }
}

//! Where tables go: what the project's other targets named them, and what they
//! lost on the way. Each target answers itself.

use std::collections::BTreeMap;

use crate::codegen::loss::{self, Finding};
use crate::codegen::project::Project;
use crate::codegen::sql;
use crate::codegen::target::destination::{Destination, Destinations};
use crate::codegen::target::{self, Input, Target};

use super::inspect::Located;

/// One target's destinations.
pub struct TargetDestinations {
    /// As people call it.
    pub label: &'static str,
    by_relation: Destinations,
    findings: Vec<Finding>,
}

impl TargetDestinations {
    pub fn get(&self, schema: &str, name: &str) -> Option<&Destination> {
        self.by_relation.get(&(schema.to_owned(), name.to_owned()))
    }
}

/// The targets that the project has generated when nobody asks for some: the
/// same whichever of them run now, so that pages do not depend on that.
pub fn wanted(project: &Project) -> impl Iterator<Item = &'static dyn Target> {
    target::all().into_iter().filter(|target| match &project.targets {
        Some(names) => names.iter().any(|name| name == target.name()),
        None => target.is_wanted(project),
    })
}

/// What the project's targets made of every relation. A target that cannot be
/// made says so itself, when it is cast, and is left out here.
pub fn destinations(input: &Input<'_>) -> Vec<TargetDestinations> {
    let label = |name: &str| match name {
        "firestore" => Some("Firestore"),
        "amplify" => Some("GraphQL"),
        "models" => Some("Rust"),
        _ => None,
    };
    let of_target = |target: &'static dyn Target| {
        let label = label(target.name())?;
        let by_relation = target.destinations(input).ok()?;
        let findings = target.cast(input).ok()?.findings;
        Some(TargetDestinations { label, by_relation, findings })
    };
    wanted(input.project).filter_map(of_target).collect()
}

/// Every finding by the table or view that it is about, in the ledger's order.
pub fn findings(
    input: &Input<'_>,
    own: &[Located],
    destinations: &[TargetDestinations],
) -> BTreeMap<(String, String), Vec<Finding>> {
    let mut by_path: BTreeMap<String, (&str, &str)> = BTreeMap::new();
    let tables = input.catalog.tables().map(|(schema, table)| (schema.name.as_str(), table.name.as_str()));
    let views = input.catalog.views().map(|(schema, view, _)| (schema.name.as_str(), view.name.as_str()));
    for (schema, name) in tables.chain(views) {
        // The targets do not agree on quotes.
        by_path.insert(format!("{schema}.{name}"), (schema, name));
        by_path.insert(sql::qualified(schema, name), (schema, name));
    }
    let mut found: BTreeMap<(String, String), Vec<Finding>> = BTreeMap::new();
    for located in own {
        if let Some(relation) = &located.relation {
            found.entry(relation.clone()).or_default().push(located.finding.clone());
        }
    }
    for finding in destinations.iter().flat_map(|target| &target.findings) {
        if let Some((schema, name)) = about(&by_path, &finding.path) {
            found.entry((schema.to_owned(), name.to_owned())).or_default().push(finding.clone());
        }
    }
    found.values_mut().for_each(loss::sort);
    found
}

/// The relation of the longest path that this one begins with.
fn about<'p>(by_path: &BTreeMap<String, (&'p str, &'p str)>, path: &str) -> Option<(&'p str, &'p str)> {
    let ends = path.match_indices('.').map(|(at, _)| at).chain([path.len()]);
    let known: Vec<(&str, &str)> = ends.filter_map(|end| by_path.get(&path[..end]).copied()).collect();
    known.last().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_is_about_the_longest_name_that_it_begins_with() {
        let by_path = BTreeMap::from([("s.a".to_owned(), ("s", "a")), ("s.a.b".to_owned(), ("s", "a.b"))]);
        assert_eq!(about(&by_path, "s.a.b.c"), Some(("s", "a.b")));
        assert_eq!(about(&by_path, "s.a.c"), Some(("s", "a")));
        assert_eq!(about(&by_path, "s.ab"), None);
    }
}

//! Two schemas compared as a project wants it: what the verbs `drift` and
//! `diff` and the drift of a chain share.

use super::compare::compare_laid_out;
use super::ignore::{Ignoring, faults, ignore};
use super::object::{Common, Object};
use super::report::{Remedy, Side};
use super::{Comparison, PlanOptions};
use crate::clock;
use crate::codegen::project::IgnoreRule;

/// Two sides, and what is between them.
pub struct Compared<'s> {
    pub expected: &'s Side,
    pub actual: &'s Side,
    pub rules: &'s [IgnoreRule],
    /// The objects of the expected side and of the actual one, less those of the
    /// tables that are the same on both.
    pub objects: [Vec<Object<'s>>; 2],
    /// What is left of it after the rules.
    pub comparison: Comparison,
    pub ignoring: Ignoring,
}

/// Compares two sides, and takes out what the rules say does not count. `now`
/// is RFC 3339: its day decides which rules have run out.
///
/// # Errors
/// All that is wrong with the rules, a line each, or with the time.
pub fn compare_sides<'s>(
    expected: &'s Side,
    actual: &'s Side,
    rules: &'s [IgnoreRule],
    now: &str,
) -> Result<Compared<'s>, String> {
    let faults = faults(rules);
    if !faults.is_empty() {
        return Err(faults.join("\n"));
    }
    let today = clock::day(now)?;
    let manifests = [&expected.manifest, &actual.manifest];
    let common = Common::between(manifests[0], manifests[1]);
    let objects = manifests.map(|manifest| common.others(manifest));
    let mut comparison = compare_laid_out(manifests, &common, [&objects[0], &objects[1]]);
    let ignoring = ignore(&mut comparison, &[&objects[0], &objects[1]], rules, &today);
    Ok(Compared { expected, actual, rules, objects, comparison, ignoring })
}

impl Compared<'_> {
    /// The SQL that turns what is there into what is expected.
    pub fn remedy(&self, options: PlanOptions) -> Remedy {
        let objects = [self.objects[0].as_slice(), self.objects[1].as_slice()];
        Remedy::turning(self.actual, self.expected, &self.comparison.changes, objects, options)
    }
}

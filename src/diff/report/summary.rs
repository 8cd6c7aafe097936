//! How many objects of each kind match.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use crate::codegen::manifest::{Kind, ObjectId};
use crate::diff::change::{Change, Comparison, Count};
use crate::diff::compare::is_counted;
use crate::diff::object::Object;

/// The objects of one kind. Among the indexes are those that belong to primary
/// keys and unique constraints, which have a row of their own as well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct KindSummary {
    pub kind: Kind,
    pub expected: usize,
    pub actual: usize,
    pub matched: usize,
    pub changed: usize,
    pub missing: usize,
    pub unexpected: usize,
    /// Those that differ in nothing but what a rule ignores.
    pub ignored: usize,
}

/// The kinds that people ask for first, whether there are any or not.
const FIRST: [Kind; 4] = [Kind::Table, Kind::View, Kind::Column, Kind::Index];

/// The constraints that an index makes true, and that have the fate of theirs.
const INDEXED: [Kind; 2] = [Kind::PrimaryKey, Kind::Unique];

impl KindSummary {
    fn none(kind: Kind) -> Self {
        Self { kind, expected: 0, actual: 0, matched: 0, changed: 0, missing: 0, unexpected: 0, ignored: 0 }
    }

    fn add(&mut self, other: &KindSummary) {
        self.expected += other.expected;
        self.actual += other.actual;
        self.matched += other.matched;
        self.changed += other.changed;
        self.missing += other.missing;
        self.unexpected += other.unexpected;
        self.ignored += other.ignored;
    }

    fn new(count: &Count) -> Self {
        let Count { kind, expected, actual, matched, changed, missing, unexpected } = *count;
        Self { kind, expected, actual, matched, changed, missing, unexpected, ignored: 0 }
    }

    /// Whether every object that counts is there and as expected.
    pub fn is_clean(&self) -> bool {
        self.changed + self.missing + self.unexpected == 0
    }

    /// `25/25 match, 2 unexpected`.
    pub fn text(&self) -> String {
        let mut text = format!("{}/{} match", self.matched, self.expected);
        let counts = [
            (self.changed, "changed"),
            (self.missing, "missing"),
            (self.unexpected, "unexpected"),
            (self.ignored, "ignored"),
        ];
        for (count, what) in counts.into_iter().filter(|(count, _)| *count > 0) {
            text.push_str(&format!(", {count} {what}"));
        }
        text
    }
}

/// The comparison's counts, less what is ignored. Tables, views, columns and
/// indexes come first, then every kind that either side has.
pub(super) fn summary(
    comparison: &Comparison,
    ignored: &[(Change, usize)],
    expected: &[Object<'_>],
    actual: &[Object<'_>],
) -> Vec<KindSummary> {
    let mut by_kind: BTreeMap<Kind, KindSummary> =
        comparison.counts.iter().map(|count| (count.kind, KindSummary::new(count))).collect();
    let (expected, actual) = (Side::of(expected), Side::of(actual));
    let left: BTreeSet<&ObjectId> = comparison.changes.iter().map(|change| &change.object).collect();
    let touched: BTreeSet<&ObjectId> = ignored.iter().map(|(change, _)| &change.object).collect();
    for &id in touched.difference(&left) {
        let sides = (expected.by_id.get(id).copied(), actual.by_id.get(id).copied());
        let (kinds, wrong): (Vec<Kind>, fn(&mut KindSummary) -> &mut usize) = match sides {
            (Some(_), None) => (expected.with_what_is_in_it(id, &actual), |row| &mut row.missing),
            (None, Some(_)) => (actual.with_what_is_in_it(id, &expected), |row| &mut row.unexpected),
            _ => (Vec::from_iter(is_counted(id, sides).then_some(id.kind)), |row| &mut row.changed),
        };
        for kind in kinds {
            if let Some(row) = by_kind.get_mut(&kind) {
                *wrong(row) = wrong(row).saturating_sub(1);
                row.ignored += 1;
            }
        }
    }
    let mut indexes = by_kind.remove(&Kind::Index).unwrap_or_else(|| KindSummary::none(Kind::Index));
    INDEXED.iter().filter_map(|kind| by_kind.get(kind)).for_each(|row| indexes.add(row));
    by_kind.insert(Kind::Index, indexes);
    let mut rows: Vec<KindSummary> =
        FIRST.into_iter().map(|kind| by_kind.remove(&kind).unwrap_or_else(|| KindSummary::none(kind))).collect();
    rows.extend(by_kind.into_values());
    rows
}

struct Side<'o, 'm> {
    by_id: BTreeMap<&'o ObjectId, &'o Object<'m>>,
    children: BTreeMap<&'o ObjectId, Vec<&'o ObjectId>>,
}

impl<'o, 'm> Side<'o, 'm> {
    fn of(objects: &'o [Object<'m>]) -> Self {
        let mut side = Self { by_id: BTreeMap::new(), children: BTreeMap::new() };
        for object in objects {
            side.by_id.insert(&object.id, object);
            if let Some(parent) = &object.parent {
                side.children.entry(parent).or_default().push(&object.id);
            }
        }
        side
    }

    /// The kinds of an object that only this side has, and of all that the one
    /// change of it tells: what is in a schema is told by itself.
    fn with_what_is_in_it(&self, id: &ObjectId, other: &Side<'_, '_>) -> Vec<Kind> {
        let mut kinds = Vec::new();
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            let object = self.by_id.get(id).copied();
            if other.by_id.contains_key(id) {
                continue;
            }
            if is_counted(id, (object, None)) {
                kinds.push(id.kind);
            }
            if id.kind != Kind::Schema {
                open.extend(self.children.get(id).into_iter().flatten());
            }
        }
        kinds
    }
}

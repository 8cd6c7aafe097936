//! What differs between two snapshots.

use std::collections::BTreeMap;

use serde::Serialize;

use super::model::Object;
use super::verdict::{self, Audience, Effect, Verdict};

/// How an object differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Difference {
    Added,
    Removed,
    Changed,
}

impl Difference {
    /// The heading of Keep a Changelog that it goes under.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Added => "Added",
            Self::Changed => "Changed",
            Self::Removed => "Removed",
        }
    }
}

/// One object that is not the same on both sides.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ObjectChange {
    pub change: Difference,
    pub kind: String,
    pub identity: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_definition: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_definition: Option<String>,
    /// What the definitions' texts tell of it.
    pub effects: Vec<Effect>,
}

impl ObjectChange {
    /// For whom it has such an effect, each once.
    pub fn audiences(&self, verdict: Verdict) -> Vec<Audience> {
        let has = |audience: &Audience| {
            self.effects.iter().any(|effect| effect.verdict == verdict && effect.audiences.contains(audience))
        };
        Audience::ALL.into_iter().filter(has).collect()
    }

    /// The worst that is known of it.
    pub fn verdict(&self) -> Verdict {
        self.effects.iter().map(|effect| effect.verdict).min().unwrap_or(Verdict::Compatible)
    }
}

/// How many objects differ, and for whom that is breaking.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    pub added: usize,
    pub removed: usize,
    pub changed: usize,
    /// Changes that break somebody.
    pub breaking: usize,
    /// Changes that break nobody for certain, and of which the texts do not
    /// decide it either.
    pub undecided: usize,
    /// By kind and identity.
    pub changes: Vec<ObjectChange>,
}

impl Comparison {
    pub fn is_equal(&self) -> bool {
        self.changes.is_empty()
    }
}

/// One object as it is on the left and on the right.
type Sides<'o> = (Option<&'o Object>, Option<&'o Object>);

/// Compares the objects of two snapshots by the hashes of their definitions.
pub fn compare(from: &[Object], to: &[Object]) -> Comparison {
    let mut sides: BTreeMap<(&str, &str), Sides<'_>> = BTreeMap::new();
    for object in from {
        sides.entry((&object.kind, &object.identity)).or_default().0 = Some(object);
    }
    for object in to {
        sides.entry((&object.kind, &object.identity)).or_default().1 = Some(object);
    }
    let changes: Vec<ObjectChange> = sides
        .into_iter()
        .filter_map(|((kind, identity), (left, right))| {
            let change = match (left, right) {
                (Some(left), Some(right)) if left.hash == right.hash => return None,
                (Some(_), Some(_)) => Difference::Changed,
                (None, _) => Difference::Added,
                (_, None) => Difference::Removed,
            };
            let definition = |object: Option<&Object>| object.map(|object| object.definition.clone());
            let (from_definition, to_definition) = (definition(left), definition(right));
            let effects = verdict::judge(kind, from_definition.as_deref(), to_definition.as_deref());
            Some(ObjectChange {
                change,
                kind: kind.to_owned(),
                identity: identity.to_owned(),
                from_definition,
                to_definition,
                effects,
            })
        })
        .collect();
    let count = |difference| changes.iter().filter(|change| change.change == difference).count();
    let judged = |verdict| changes.iter().filter(|change| change.verdict() == verdict).count();
    Comparison {
        added: count(Difference::Added),
        removed: count(Difference::Removed),
        changed: count(Difference::Changed),
        breaking: judged(Verdict::Breaking),
        undecided: judged(Verdict::Undecided),
        changes,
    }
}

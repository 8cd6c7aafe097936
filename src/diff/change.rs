//! What a comparison finds.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::codegen::manifest::{Kind, NotModelled, NotVisible, ObjectId};

/// One difference between what is expected and what is there.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub difference: Difference,
    pub object: ObjectId,
    /// What of the object differs; the parts of a structured attribute have
    /// dots between them. `None` where the whole object is missing or unexpected.
    pub attribute: Option<String>,
    /// `None` where the expected side does not have it, or has the default.
    pub expected: Option<Value>,
    /// `None` where the actual side does not have it, or has the default.
    pub actual: Option<Value>,
}

/// How two sides differ in one object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Difference {
    /// Expected and not there.
    Missing,
    /// There and not expected.
    Unexpected,
    /// There on both sides and not the same.
    Changed,
}

/// The whole result of comparing two manifests.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Comparison {
    /// Sorted by kind and path of the object, then by attribute.
    pub changes: Vec<Change>,
    /// One for each kind that either side has, in the order of [`Kind`].
    pub counts: Vec<Count>,
    /// What neither side could be compared in: objects of kinds that a
    /// manifest does not hold.
    pub not_compared: Vec<NotModelled>,
    /// What a role could not read on one side. No change speaks of these.
    pub not_visible: Vec<NotVisible>,
}

/// How many objects of one kind there are and how they compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    pub kind: Kind,
    pub expected: usize,
    pub actual: usize,
    /// Of the expected: those that are there and the same.
    pub matched: usize,
    pub changed: usize,
    pub missing: usize,
    pub unexpected: usize,
}

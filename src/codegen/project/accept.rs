//! `accept:` in project.yaml: which findings a project has decided to live
//! with, and why.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Day;

/// Findings that are known and accepted, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptRule {
    /// The findings' code, or what their codes begin with: `AMP003`, `AMP`.
    pub code: String,
    /// Their objects, as findings name them: `crm.tmp_*`. `*` stands for any
    /// characters, dots included, and `?` for one. What is in an object goes
    /// with it. With `!` in front, what an earlier rule accepts counts all the
    /// same.
    pub path: String,
    /// Why. The page of findings repeats it.
    pub reason: String,
    /// The last day on which the rule holds; without it, it holds for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
}

//! Operators with their classes and families, casts, collations and conversions.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::is_default;

/// An operator. Its operand types tell operators of one name apart.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Operator {
    /// Its symbol.
    pub name: String,
    /// The left operand's type; none for a prefix operator.
    #[serde(default, skip_serializing_if = "is_default")]
    pub left: Option<String>,
    pub right: String,
    /// `schema.function`, as all functions here.
    pub function: String,
    /// `schema.symbol`, where it has one.
    #[serde(default, skip_serializing_if = "is_default")]
    pub commutator: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub negator: Option<String>,
    /// The planner's selectivity estimators.
    #[serde(default, skip_serializing_if = "is_default")]
    pub restrict: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub join: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub hashes: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub merges: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// An operator family: the classes of one index method that belong together.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OperatorFamily {
    pub name: String,
    /// The index method.
    pub method: String,
    /// What was added to it outside any class, as `OPERATOR 1 crm.<(a, b)`, by number.
    #[serde(default, skip_serializing_if = "is_default")]
    pub operators: Vec<String>,
    /// As `FUNCTION 1 (a, b) crm.compare(a, b)`, by number.
    #[serde(default, skip_serializing_if = "is_default")]
    pub functions: Vec<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// An operator class: how an index method treats a type.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OperatorClass {
    pub name: String,
    pub method: String,
    /// The type that is indexed.
    #[serde(rename = "type")]
    pub type_name: String,
    /// The type's default class for the method.
    #[serde(default, skip_serializing_if = "is_default")]
    pub default: bool,
    /// `schema.family`, where it is not one of its own name and schema.
    #[serde(default, skip_serializing_if = "is_default")]
    pub family: Option<String>,
    /// The type that the index stores, where it is another.
    #[serde(default, skip_serializing_if = "is_default")]
    pub storage: Option<String>,
    /// As `OPERATOR 1 crm.<(a, b)`, by number.
    #[serde(default, skip_serializing_if = "is_default")]
    pub operators: Vec<String>,
    /// As `FUNCTION 1 (a, b) crm.compare(a, b)`, by number.
    #[serde(default, skip_serializing_if = "is_default")]
    pub functions: Vec<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// A cast. It belongs to no schema; its two types name it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cast {
    pub source: String,
    pub target: String,
    /// `schema.function(types)`; none for a cast without one.
    #[serde(default, skip_serializing_if = "is_default")]
    pub function: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub method: CastMethod,
    #[serde(default, skip_serializing_if = "is_default")]
    pub context: CastContext,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// How a cast converts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CastMethod {
    #[default]
    Function,
    /// WITHOUT FUNCTION: the two are stored alike.
    Binary,
    /// WITH INOUT: through text.
    Inout,
}

/// When a cast applies.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CastContext {
    #[default]
    Explicit,
    Assignment,
    Implicit,
}

/// A collation.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Collation {
    pub name: String,
    /// `icu`, `builtin`; left out where it is `libc`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub provider: Option<String>,
    /// Of icu and builtin, and of libc where both of the next two are it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub locale: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub lc_collate: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub lc_ctype: Option<String>,
    /// `deterministic = false`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub non_deterministic: bool,
    /// Tailoring rules of icu. Server 16 and later.
    #[serde(default, skip_serializing_if = "is_default")]
    pub rules: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// A conversion between two encodings.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Conversion {
    pub name: String,
    /// The source's encoding.
    pub source: String,
    /// The target's encoding.
    pub target: String,
    pub function: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub default: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

//! Foreign data: wrappers, servers and what makes a table a foreign one.
//!
//! Architecture Invariant: no secret is in a manifest. The value of an option that
//! may hold one is its salted hash, which tells a change and nothing else.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Grant, is_default};

/// CREATE FOREIGN DATA WRAPPER.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ForeignDataWrapper {
    pub name: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub handler: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub validator: Option<String>,
    /// As `name=value`, sorted.
    #[serde(default, skip_serializing_if = "is_default")]
    pub options: Vec<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
    /// How its privileges differ from those that a new one has.
    #[serde(default, skip_serializing_if = "is_default")]
    pub grants: Vec<Grant>,
}

/// CREATE SERVER.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Server {
    pub name: String,
    pub wrapper: String,
    #[serde(default, rename = "type", skip_serializing_if = "is_default")]
    pub kind: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub version: Option<String>,
    /// As `name=value`, sorted.
    #[serde(default, skip_serializing_if = "is_default")]
    pub options: Vec<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub user_mappings: Vec<UserMapping>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
    /// How its privileges differ from those that a new one has.
    #[serde(default, skip_serializing_if = "is_default")]
    pub grants: Vec<Grant>,
}

/// CREATE USER MAPPING.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UserMapping {
    /// `public` for PUBLIC.
    pub role: String,
    /// As `name=value`, sorted. Empty also where the role may not see them: then
    /// `not_visible` says so.
    #[serde(default, skip_serializing_if = "is_default")]
    pub options: Vec<String>,
}

/// What makes a table a foreign one.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ForeignTable {
    pub server: String,
    /// As `name=value`, sorted.
    #[serde(default, skip_serializing_if = "is_default")]
    pub options: Vec<String>,
}

//! Text search: parsers, templates, dictionaries and configurations.
//!
//! Functions and dictionaries are named with their schema.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::is_default;

/// CREATE TEXT SEARCH PARSER.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TextSearchParser {
    pub name: String,
    pub start: String,
    pub get_token: String,
    pub end: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub headline: Option<String>,
    pub lex_types: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// CREATE TEXT SEARCH TEMPLATE.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TextSearchTemplate {
    pub name: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub init: Option<String>,
    pub lexize: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// CREATE TEXT SEARCH DICTIONARY.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TextSearchDictionary {
    pub name: String,
    pub template: String,
    /// As the server keeps them: `language = 'german', stopwords = 'german'`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub options: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// CREATE TEXT SEARCH CONFIGURATION.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TextSearchConfiguration {
    pub name: String,
    pub parser: String,
    /// Sorted by token.
    #[serde(default, skip_serializing_if = "is_default")]
    pub mappings: Vec<TextSearchMapping>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// The dictionaries that a token of one kind goes through.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TextSearchMapping {
    pub token: String,
    /// In order.
    pub dictionaries: Vec<String>,
}

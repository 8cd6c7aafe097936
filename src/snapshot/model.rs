//! A snapshot: a row of `catalog.snapshots`, and its objects.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// What was written down at one moment. Its fields are the columns of
/// `catalog.snapshots`, and so are the keys of a snapshot's file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// A number in the database, `<utc>-<random>` in a file.
    #[serde(deserialize_with = "text_or_number")]
    pub id: String,
    /// RFC 3339, UTC, as the server prints it.
    pub taken_at: String,
    #[serde(default)]
    pub label: Option<String>,
    #[serde(default)]
    pub github_commit_sha: Option<String>,
    /// SHA-256 over all objects: equal means that no definition changed.
    pub root_hash: String,
    /// The earlier snapshot that holds the objects of this one.
    #[serde(default, deserialize_with = "optional_text_or_number")]
    pub unchanged_since_id: Option<String>,
    /// `host:port/database`, or that it was a scratch server's; no secret. The
    /// database's own rows do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub database: Option<String>,
    #[serde(default)]
    pub total_tables: usize,
    #[serde(default)]
    pub total_functions: usize,
    #[serde(default)]
    pub total_policies: usize,
    #[serde(default)]
    pub total_extensions: usize,
    #[serde(default)]
    pub total_edge_functions: usize,
    #[serde(default)]
    pub tables: Vec<TableEntry>,
    #[serde(default)]
    pub functions: Vec<FunctionEntry>,
    #[serde(default)]
    pub policies: Vec<PolicyEntry>,
    #[serde(default)]
    pub extensions: Vec<ExtensionEntry>,
    #[serde(default)]
    pub edge_functions: Vec<EdgeFunctionEntry>,
}

impl Snapshot {
    /// Sets the totals to the lengths of the lists.
    pub fn count(&mut self) {
        self.total_tables = self.tables.len();
        self.total_functions = self.functions.len();
        self.total_policies = self.policies.len();
        self.total_extensions = self.extensions.len();
        self.total_edge_functions = self.edge_functions.len();
    }

    /// When it was taken; one whose time cannot be read counts as the oldest.
    pub fn time(&self) -> Timestamp {
        self.taken_at.parse().unwrap_or(Timestamp::MIN)
    }

    /// When it was taken, in whole seconds.
    pub fn time_in_seconds(&self) -> String {
        let time = self.time();
        Timestamp::from_second(time.as_second()).unwrap_or(time).to_string()
    }

    /// Which snapshot holds its objects.
    pub fn holder(&self) -> &str {
        self.unchanged_since_id.as_deref().unwrap_or(&self.id)
    }
}

/// A table, foreign table or materialised view.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TableEntry {
    pub schema: String,
    pub table: String,
    #[serde(default = "table")]
    pub kind: String,
    /// Postgres' estimate; `None`, or less than zero: never analysed.
    pub row_count: Option<i64>,
    pub size_bytes: i64,
}

/// A function, procedure or aggregate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FunctionEntry {
    pub schema: String,
    pub function: String,
    #[serde(default)]
    pub arguments: String,
    pub return_type: Option<String>,
}

/// A policy of row level security.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PolicyEntry {
    pub schema: String,
    pub table: String,
    pub policy: String,
    pub command: String,
}

/// An extension.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExtensionEntry {
    pub name: String,
    pub version: String,
}

/// An edge function, of which somebody told: the database cannot see it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EdgeFunctionEntry {
    pub name: String,
}

/// One object of a snapshot: a row of `catalog.snapshot_objects`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Object {
    pub kind: String,
    /// Qualified and quoted; that of a function carries its argument types.
    pub identity: String,
    /// SHA-256 of the definition and of nothing else.
    pub hash: String,
    pub definition: String,
    /// What may move without a change of schema.
    #[serde(default)]
    pub stats: Value,
}

/// A snapshot's file: the row, and its objects unless an earlier file holds
/// them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stored {
    #[serde(flatten)]
    pub snapshot: Snapshot,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objects: Option<Vec<Object>>,
}

fn table() -> String {
    "table".to_owned()
}

#[derive(Deserialize)]
#[serde(untagged)]
enum TextOrNumber {
    Text(String),
    Number(i64),
}

impl From<TextOrNumber> for String {
    fn from(value: TextOrNumber) -> Self {
        match value {
            TextOrNumber::Text(text) => text,
            TextOrNumber::Number(number) => number.to_string(),
        }
    }
}

fn text_or_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    TextOrNumber::deserialize(deserializer).map(String::from)
}

fn optional_text_or_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<TextOrNumber>::deserialize(deserializer)?.map(String::from))
}

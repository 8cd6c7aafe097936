//! What a target makes: files, in memory.

/// A generated file before it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// Below the project's folder in `generated/`, with `/` between parts.
    pub path: String,
    pub contents: String,
    /// Which parser must accept it.
    pub format: Format,
}

/// What a file is written in, and so which parser reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Amplify GraphQL types: apollo-parser; in the CLI apollo-compiler with
    /// Amplify's directives as well.
    GraphQl,
    /// FIRESTORE_SCHEMA.json: its published JSON Schema.
    FirestoreSchema,
    /// firestore.indexes.json: its JSON Schema.
    FirestoreIndexes,
    /// firestore.rules.
    FirestoreRules,
    /// A Rust source file: syn.
    Rust,
    /// Markdown: pulldown-cmark, with its tables' cells counted.
    Markdown,
    /// Text of no grammar.
    Text,
}

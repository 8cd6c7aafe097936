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
    /// The API that they are compiled to: the same, with AppSync's directives.
    GraphQlApi,
    /// FIRESTORE_SCHEMA.json: its published JSON Schema.
    FirestoreSchema,
    /// firestore.indexes.json: its JSON Schema.
    FirestoreIndexes,
    /// firestore.rules: a compiler of Security Rules.
    FirestoreRules,
    /// A Rust source file: syn.
    Rust,
    /// Markdown: pulldown-cmark, with its tables' cells counted.
    Markdown,
    /// HTML: its elements counted, its data read as JSON.
    Html,
    /// YAML that some other program reads.
    Yaml,
    /// The record of the findings: JSON that `loss::Known` reads.
    Findings,
    /// Text of no grammar.
    Text,
}

impl Format {
    /// The format of a generated file, by its path.
    pub fn of(path: &str) -> Format {
        let name = path.rsplit('/').next().unwrap_or(path);
        match name {
            "AMPLIFY_API.graphql" => Format::GraphQlApi,
            "FIRESTORE_SCHEMA.json" => Format::FirestoreSchema,
            crate::codegen::loss::RECORD => Format::Findings,
            "firestore.indexes.json" => Format::FirestoreIndexes,
            _ => match name.rsplit('.').next() {
                Some("graphql") => Format::GraphQl,
                Some("rules") => Format::FirestoreRules,
                Some("rs") => Format::Rust,
                Some("html") => Format::Html,
                Some("md") => Format::Markdown,
                Some("yml" | "yaml") => Format::Yaml,
                _ => Format::Text,
            },
        }
    }
}

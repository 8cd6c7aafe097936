//! What stands where in FIRESTORE_SCHEMA.json, as far as its JSON Schema asks
//! little about it, and which names and paths it takes.

/// What a value is in the file. The elements of an array are what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    File,
    Collections,
    Collection,
    /// The table that a collection mirrors.
    Table,
    /// The path of a collection's documents.
    DocumentPath,
    DocumentId,
    /// The fields of a collection.
    Fields,
    /// The fields of a map.
    Members,
    /// A field of either, or what the elements of an array are.
    Field,
    /// The column that a field mirrors.
    Column,
    Reference,
    Index,
    IndexField,
    Override,
    Constraint,
    SecurityRules,
    Rule,
    Untranslated,
    Warning,
    /// The id of a collection that there has to be.
    Id,
    /// Names of fields, each once, that the collection has to have.
    OwnNames,
    /// Names of fields, each once.
    Names,
    /// The path of a field that the collection has to have.
    FieldPath,
    /// Texts, each once.
    Labels,
    /// Of which is asked whether it is empty, at most.
    Text,
    /// Of which is asked whether it is null.
    Default,
    /// What stays as it is.
    Other,
}

impl Place {
    /// What stands at a key of an object.
    pub fn inside(self, key: &str) -> Place {
        match (self, key) {
            (Self::File, "collections") => Self::Collections,
            (Self::File, "warnings") => Self::Warning,
            (Self::Collections, _) => Self::Collection,
            (Self::Collection, "source") => Self::Table,
            (Self::Collection, "path") => Self::DocumentPath,
            (Self::Collection, "documentId") => Self::DocumentId,
            (Self::Collection, "fields") => Self::Fields,
            (Self::Collection, "indexes") => Self::Index,
            (Self::Collection, "fieldOverrides") => Self::Override,
            (Self::Collection, "constraints") => Self::Constraint,
            (Self::Collection, "securityRules") => Self::SecurityRules,
            (Self::DocumentId, "fields") => Self::OwnNames,
            (Self::Fields | Self::Members, _) => Self::Field,
            (Self::Field, "source") => Self::Column,
            (Self::Field, "items") => Self::Field,
            (Self::Field, "fields") => Self::Members,
            (Self::Field, "reference") => Self::Reference,
            (Self::Field, "enum") => Self::Labels,
            (Self::Field, "default") | (Self::Default, _) => Self::Default,
            (Self::Reference, "with") => Self::Names,
            (Self::Reference | Self::Warning, "collection") => Self::Id,
            (Self::Index, "fields") => Self::IndexField,
            (Self::IndexField | Self::Override, "fieldPath") => Self::FieldPath,
            (Self::SecurityRules, "rules") => Self::Rule,
            (Self::SecurityRules, "untranslated") => Self::Untranslated,
            (Self::Collection, "description")
            | (Self::Table, "schema" | "table")
            | (Self::Field, "description" | "defaultExpression")
            | (Self::Column, "column" | "type")
            | (Self::Reference, "constraint")
            | (Self::Index, "name" | "source")
            | (Self::Constraint, "name" | "fields" | "definition" | "reason")
            | (Self::Rule, "condition" | "source")
            | (Self::Untranslated, "policy" | "expression" | "reason")
            | (Self::Warning, "field" | "object" | "message") => Self::Text,
            _ => Self::Other,
        }
    }

    /// Whether the keys of an object are names that the manifest gave, of which
    /// the schema asks that they may be names.
    pub fn has_names(self) -> bool {
        matches!(self, Self::Collections | Self::Fields | Self::Members)
    }

    /// Whether it stands among any number of others, of which the schema asks
    /// each by itself.
    pub fn is_one_of_many(self) -> bool {
        matches!(
            self,
            Self::Collection
                | Self::Field
                | Self::Index
                | Self::Override
                | Self::Constraint
                | Self::Rule
                | Self::Untranslated
                | Self::Warning
        )
    }
}

/// Whether a collection may have the id.
pub fn is_id(id: &str) -> bool {
    is_name(id) && !id.contains('/') && id != "." && id != ".."
}

/// Whether a field may have the name; it is not sure of a few that may be.
pub fn is_name(name: &str) -> bool {
    (1..=1500).contains(&name.len()) && !(name.starts_with("__") && name.ends_with("__"))
}

/// Whether a name needs no quotes in a path.
pub fn is_simple(name: &str) -> bool {
    (1..=1500).contains(&name.len())
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Whether a text is the path of a document of a collection at the root.
pub fn is_document_path(path: &str) -> bool {
    let parts = path.split_once('/').zip(path.strip_suffix('}'));
    parts.is_some_and(|((collection, _), open)| {
        !collection.is_empty()
            && !collection.contains(['{', '}'])
            && open[collection.len() + 1..].strip_prefix('{').is_some_and(is_simple)
    })
}

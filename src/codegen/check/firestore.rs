/// What FIRESTORE_SCHEMA.json's JSON Schema refuses.
pub fn schema_faults(_text: &str) -> Vec<String> {
    Vec::new()
}

/// What firestore.indexes.json's JSON Schema refuses.
pub fn indexes_faults(_text: &str) -> Vec<String> {
    Vec::new()
}

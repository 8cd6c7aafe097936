//! Where in a manifest's file an object stands.

use std::collections::BTreeMap;

use super::object::objects;
use crate::codegen::document::{Path, Positions};
use crate::codegen::manifest::{Kind, ObjectId, read_unverified};

/// The objects of one file, by their identity.
pub struct Places {
    /// As reports name the file.
    pub file: String,
    paths: BTreeMap<ObjectId, Path>,
    positions: Positions,
}

impl Places {
    /// Reads a manifest's text once more, for its places: the one that was
    /// verified, or what is left of it where most tables are not looked for. A
    /// text that is no manifest has none.
    pub fn of(file: &str, text: &str) -> Self {
        let mut paths = BTreeMap::new();
        if let Some(written) = read_unverified(text) {
            for object in objects(&written.manifest) {
                paths.insert(object.id, written.place(&object.place));
            }
        }
        Self { file: file.to_owned(), paths, positions: Positions::of(text) }
    }

    /// The object's path in the text's document.
    pub fn path(&self, id: &ObjectId) -> Option<&Path> {
        self.paths.get(id)
    }

    /// The line, from 1, of an object or of its attribute; where the object does
    /// not have the attribute, of the object.
    pub fn line(&self, id: &ObjectId, attribute: Option<&str>) -> Option<usize> {
        let path = self.path(id)?;
        let path = attribute.map_or_else(|| path.clone(), |attribute| within(path, id.kind, attribute));
        Some(self.positions.find(&path, true)?.line)
    }
}

/// The path of an object's attribute, whose parts have dots between them.
pub fn within(object: &Path, kind: Kind, attribute: &str) -> Path {
    match (kind, attribute) {
        // Facts of ours: in the document they are the order of a list.
        (Kind::Table | Kind::ForeignTable, "column_order") => object.key("columns"),
        (Kind::Composite, "attribute_order") => object.key("attributes"),
        (_, attribute) => attribute.split('.').fold(object.clone(), |path, part| path.key(part)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_found_in_the_order_of_the_text() {
        let text = "version: '1.0'\nschemas:\n- name: z\n  tables:\n  - name: t\n    comment: c\n    columns:\n    - name: id\n      type: bigint\n      identity: {generation: always, options: {start: 7}}\n- name: a\n  tables:\n  - name: t\n    columns: [{name: id, type: text}]\n";
        let places = Places::of("m.yaml", text);
        let table = ObjectId::new(Kind::Table, &["z", "t"]);
        let column = table.child(Kind::Column, "id");
        assert_eq!(places.line(&table, None), Some(5));
        assert_eq!(places.line(&table, Some("comment")), Some(6));
        assert_eq!(places.line(&table, Some("column_order")), Some(7));
        assert_eq!(places.line(&table, Some("options")), Some(5), "what it does not have is the table's line");
        assert_eq!(places.line(&column, Some("identity.options.start")), Some(10));
        assert_eq!(places.line(&ObjectId::new(Kind::Table, &["a", "t"]), None), Some(13));
        assert_eq!(places.line(&ObjectId::new(Kind::Table, &["a", "u"]), None), None);
        assert_eq!(places.path(&table).unwrap().to_string(), "schemas[0].tables[0]");
    }

    #[test]
    fn a_dump_of_information_schema_has_places_too() {
        let text = "tables:\n- table_name: users\n  columns:\n  - {column_name: id, data_type: integer}\n";
        let places = Places::of("m.yaml", text);
        assert_eq!(places.line(&ObjectId::new(Kind::Table, &["public", "users"]), None), Some(2));
        assert_eq!(Places::of("m.yaml", "- no\n").line(&ObjectId::new(Kind::Schema, &["a"]), None), None);
    }
}

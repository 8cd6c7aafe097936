use std::collections::{BTreeMap, BTreeSet};

use super::FirestoreOptions;
use super::findings::{self, Ledger};
use crate::codegen::catalog::Catalog;
use crate::codegen::manifest::Column;
use crate::codegen::names;
use crate::codegen::target::CastError;

/// The longest collection id, document id or field name, in bytes of UTF-8
/// (Firestore's "Limits on collections, documents, and fields").
pub const LONGEST_NAME: usize = 1500;

/// Where in Firestore each table and column of a manifest goes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names {
    /// By schema and table.
    collections: BTreeMap<(String, String), String>,
    /// The tables, `schema.table`, whose collection could not have their name.
    unnatural: BTreeSet<String>,
    /// By schema and table, then by column: only the columns whose field is
    /// called otherwise.
    renamed: BTreeMap<(String, String), BTreeMap<String, String>>,
}

impl Names {
    /// Names the collections of all tables (and views, where the options want
    /// them) and their fields.
    ///
    /// A collection has its table's name; where two schemas have a table of
    /// that name, both have `schema.table`. So an unrelated table that is
    /// added renames nothing.
    ///
    /// # Errors
    /// Two tables that still have one name, and options that name no table
    /// or give a name that no collection may have; all of them.
    pub fn new(catalog: &Catalog<'_>, options: &FirestoreOptions) -> Result<Names, CastError> {
        let mut relations: Vec<(&str, &str, &[Column])> = Vec::new();
        for (schema, table) in catalog.tables() {
            relations.push((&schema.name, &table.name, &table.columns));
        }
        if options.views {
            for (schema, view, _) in catalog.views() {
                relations.push((&schema.name, &view.name, &view.columns));
            }
        }
        let mut faults = Vec::new();
        let mut unnatural = BTreeSet::new();
        let collections = collections(&relations, options, &mut unnatural, &mut faults);
        if !faults.is_empty() {
            return Err(CastError::impossible(&findings::COLLECTION_NAMES.code, faults.join("; ")));
        }
        let mut renamed = BTreeMap::new();
        for (schema, name, columns) in relations {
            let changed = renamed_fields(columns.iter().map(|column| column.name.as_str()));
            if !changed.is_empty() {
                renamed.insert((schema.to_owned(), name.to_owned()), changed);
            }
        }
        Ok(Names { collections, unnatural, renamed })
    }

    /// The collection of a table; `None` where it is not mirrored.
    pub fn collection(&self, schema: &str, table: &str) -> Option<&str> {
        self.collections.get(&(schema.to_owned(), table.to_owned())).map(String::as_str)
    }

    /// The path of a table's documents: `contacts/{contactId}`; `None` where
    /// the table is not mirrored, or its collection's name has braces, which
    /// a path template cannot hold.
    pub fn document_path(&self, schema: &str, table: &str) -> Option<String> {
        let collection = self.collection(schema, table)?;
        if collection.contains(['{', '}']) {
            return None;
        }
        Some(format!("{collection}/{{{}}}", wildcard(table)))
    }

    /// The field of a column, by its name in documents (not quoted as an
    /// index quotes it).
    pub fn field<'n>(&'n self, schema: &str, table: &str, column: &'n str) -> &'n str {
        let renamed = self.renamed.get(&(schema.to_owned(), table.to_owned()));
        renamed.and_then(|renamed| renamed.get(column)).map_or(column, String::as_str)
    }

    /// Notes every name that had to be another one.
    pub(super) fn report(&self, ledger: &mut Ledger) {
        for ((schema, table), collection) in &self.collections {
            let path = format!("{schema}.{table}");
            if self.unnatural.contains(&path) {
                let reason = format!("the table's collection is named `{collection}`");
                ledger.note(&findings::COLLECTION_RENAMED, path, Some(collection), None, reason);
            }
        }
        for ((schema, table), fields) in &self.renamed {
            for (column, field) in fields {
                let reason = format!("the column's field is named `{field}`");
                let path = format!("{schema}.{table}.{column}");
                let collection = self.collection(schema, table);
                ledger.note(&findings::FIELD_RENAMED, path, collection, Some(field), reason);
            }
        }
    }
}

/// Names every collection, or says what stands in the way.
fn collections(
    relations: &[(&str, &str, &[Column])],
    options: &FirestoreOptions,
    unnatural: &mut BTreeSet<String>,
    faults: &mut Vec<String>,
) -> BTreeMap<(String, String), String> {
    let mut by_table: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (schema, name, _) in relations {
        by_table.entry(name).or_default().insert(schema);
    }
    let known: BTreeSet<String> = relations.iter().map(|(schema, name, _)| format!("{schema}.{name}")).collect();
    for (table, collection) in &options.collections {
        if !known.contains(table) {
            let near = names::nearest(table, known.iter().cloned());
            let hint = near.map(|near| format!(" (did you mean `{near}`?)")).unwrap_or_default();
            faults.push(format!("firestore.collections names `{table}`, which is no table of the manifest{hint}"));
        } else if is_illegal_id(collection) {
            faults.push(format!("firestore.collections gives `{table}` the name `{collection}`, which {ID_RULE}"));
        }
    }
    let mut taken: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut collections = BTreeMap::new();
    for (schema, name, _) in relations {
        let path = format!("{schema}.{name}");
        let natural: &str = if by_table.get(name).is_some_and(|schemas| schemas.len() > 1) { &path } else { name };
        let collection = options.collections.get(&path).cloned().unwrap_or_else(|| {
            let legal = legal_id(natural);
            if legal != natural {
                unnatural.insert(path.clone());
            }
            legal
        });
        taken.entry(collection.clone()).or_default().push(path);
        collections.insert(((*schema).to_owned(), (*name).to_owned()), collection);
    }
    for (collection, tables) in taken.iter().filter(|(_, tables)| tables.len() > 1) {
        faults.push(format!(
            "{} would all be the collection `{collection}`: give one another name under firestore.collections in \
             project.yaml",
            tables.join(" and ")
        ));
    }
    collections
}

const ID_RULE: &str = "no collection may have: 1 to 1,500 bytes, no `/`, not `.` or `..`, not `__…__`";

/// Whether no collection or document may have this id.
pub fn is_illegal_id(id: &str) -> bool {
    id.is_empty() || id.len() > LONGEST_NAME || is_reserved(id)
}

/// Whether an id breaks a rule other than that of its length.
fn is_reserved(id: &str) -> bool {
    id.contains('/') || id == "." || id == ".." || is_dunder(id) || id.len() > LONGEST_NAME
}

/// `__.*__`, which Firestore keeps for itself.
fn is_dunder(name: &str) -> bool {
    name.len() >= 4 && name.starts_with("__") && name.ends_with("__")
}

/// The id itself where it is legal, else the nearest that is.
fn legal_id(id: &str) -> String {
    let id = shorten(&id.replace('/', "_"));
    if is_dunder(&id) || id == "." || id == ".." { format!("table{id}") } else { id }
}

/// A name of bearable length: a longer one is cut and marked, so that two
/// that begin alike stay apart.
fn shorten(name: &str) -> String {
    if name.len() <= LONGEST_NAME {
        return name.to_owned();
    }
    let head: String = name.chars().take(100).collect();
    format!("{head}_{}", names::mark(name, 12))
}

/// The names of a document's or map's fields that cannot be those of their
/// columns or attributes: `__x__` becomes `column__x__`.
pub fn renamed_fields<'c>(columns: impl Iterator<Item = &'c str>) -> BTreeMap<String, String> {
    let (illegal, legal): (Vec<&str>, Vec<&str>) =
        columns.partition(|name| is_dunder(name) || name.len() > LONGEST_NAME);
    if illegal.is_empty() {
        return BTreeMap::new();
    }
    let taken = legal.into_iter().map(str::to_owned).collect();
    let wanted = illegal.into_iter().map(|name| (name.to_owned(), vec![shorten(&format!("column{name}"))])).collect();
    names::assign(&wanted, &taken, str::to_owned)
}

/// A field's name as an index's path spells it: as it is where it is simple,
/// else between backticks.
pub fn field_path(field: &str) -> String {
    let simple = field.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && field.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if simple { field.to_owned() } else { format!("`{}`", field.replace('\\', "\\\\").replace('`', "\\`")) }
}

/// The name of the document id in a path: `contacts` gives `contactId`.
fn wildcard(table: &str) -> String {
    let word = names::camel(&names::singular(&names::ascii(table)));
    if word.starts_with(|c: char| c.is_ascii_alphabetic()) { format!("{word}Id") } else { "documentId".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_paths_that_are_not_simple() {
        assert_eq!(field_path("name_1"), "name_1");
        assert_eq!(field_path("full name"), "`full name`");
        assert_eq!(field_path("a.b"), "`a.b`");
        assert_eq!(field_path("1st"), "`1st`");
        assert_eq!(field_path("größe"), "`größe`");
        assert_eq!(field_path("a`b\\c"), "`a\\`b\\\\c`");
    }

    #[test]
    fn renames_what_is_reserved_and_nothing_else() {
        let renamed = renamed_fields(["__x__", "column__x__", "____", "__", "___", "x"].into_iter());
        assert_eq!(renamed.keys().collect::<Vec<_>>(), ["____", "__x__"]);
        assert_eq!(renamed["____"], "column____");
        assert_eq!(renamed["__x__"], "column__x_a917b0");
    }

    #[test]
    fn ids_obey_firestores_rules() {
        for (name, id) in [("a/b", "a_b"), (".", "table."), ("..", "table.."), ("__a__", "table__a__"), ("a.b", "a.b")]
        {
            assert_eq!(legal_id(name), id);
            assert!(!is_illegal_id(&legal_id(name)));
        }
        assert!(!is_illegal_id(&legal_id(&"ü".repeat(2000))));
        assert_ne!(legal_id(&"a".repeat(2000)), legal_id(&"a".repeat(2001)));
    }

    #[test]
    fn wildcards_are_identifiers() {
        assert_eq!(wildcard("contacts"), "contactId");
        assert_eq!(wildcard("order_lines"), "orderLineId");
        assert_eq!(wildcard("中"), "u4e2dId");
        assert_eq!(wildcard("2024"), "documentId");
        assert_eq!(wildcard("'; drop"), "dropId");
    }
}

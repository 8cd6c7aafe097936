use std::borrow::Cow;
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
pub struct Names<'m> {
    /// By schema, then by table.
    collections: Collections<'m>,
    /// The tables, by schema and name, whose collection could not have their
    /// name.
    unnatural: BTreeSet<(&'m str, &'m str)>,
    /// By schema and table, then by column: only the columns whose field is
    /// called otherwise.
    renamed: BTreeMap<&'m str, BTreeMap<&'m str, BTreeMap<String, String>>>,
}

type Collections<'m> = BTreeMap<&'m str, BTreeMap<&'m str, String>>;

/// A table or view: its schema, its name and its columns.
type Relation<'m> = (&'m str, &'m str, &'m [Column]);

impl<'m> Names<'m> {
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
    pub fn new(catalog: &Catalog<'m>, options: &FirestoreOptions) -> Result<Names<'m>, CastError> {
        let mut relations: Vec<Relation<'m>> = Vec::new();
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
        let mut renamed: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
        for (schema, name, columns) in relations {
            let changed = renamed_fields(columns.iter().map(|column| column.name.as_str()));
            if !changed.is_empty() {
                renamed.entry(schema).or_default().insert(name, changed);
            }
        }
        Ok(Names { collections, unnatural, renamed })
    }

    /// The collection of a table; `None` where it is not mirrored.
    pub fn collection(&self, schema: &str, table: &str) -> Option<&str> {
        self.collections.get(schema)?.get(table).map(String::as_str)
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
        let renamed = self.renamed.get(schema).and_then(|renamed| renamed.get(table)?.get(column));
        renamed.map_or(column, String::as_str)
    }

    /// Notes every name that had to be another one.
    pub(super) fn report<'n>(&'n self, ledger: &mut Ledger<'n>) {
        for (schema, table) in &self.unnatural {
            let Some(collection) = self.collection(schema, table) else { continue };
            let reason = format!("the table's collection is named `{collection}`");
            let path = format!("{schema}.{table}");
            ledger.note(&findings::COLLECTION_RENAMED, path, Some(collection), None, reason);
        }
        let renamed = self.renamed.iter().flat_map(|(schema, tables)| tables.iter().map(move |table| (schema, table)));
        for (schema, (table, fields)) in renamed {
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
fn collections<'m>(
    relations: &[Relation<'m>],
    options: &FirestoreOptions,
    unnatural: &mut BTreeSet<(&'m str, &'m str)>,
    faults: &mut Vec<String>,
) -> Collections<'m> {
    let mut by_table: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (schema, name, _) in relations {
        by_table.entry(name).or_default().insert(schema);
    }
    let path = |schema: &str, name: &str| format!("{schema}.{name}");
    let known: BTreeSet<String> = if options.collections.is_empty() {
        BTreeSet::new()
    } else {
        relations.iter().map(|(schema, name, _)| path(schema, name)).collect()
    };
    for (table, collection) in &options.collections {
        if !known.contains(table) {
            let near = names::nearest(table, known.iter().cloned());
            let hint = near.map(|near| format!(" (did you mean `{near}`?)")).unwrap_or_default();
            faults.push(format!("firestore.collections names `{table}`, which is no table of the manifest{hint}"));
        } else if is_illegal_id(collection) {
            faults.push(format!("firestore.collections gives `{table}` the name `{collection}`, which {ID_RULE}"));
        }
    }
    let mut collections: Collections<'m> = BTreeMap::new();
    for (schema, name, _) in relations {
        let path = path(schema, name);
        let natural: &str = if by_table.get(name).is_some_and(|schemas| schemas.len() > 1) { &path } else { name };
        let collection = options.collections.get(&path).cloned().unwrap_or_else(|| {
            let legal = legal_id(natural);
            if legal != natural {
                unnatural.insert((schema, name));
            }
            legal
        });
        collections.entry(schema).or_default().insert(name, collection);
    }
    let mut taken: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for (schema, name, _) in relations {
        taken.entry(&collections[schema][name]).or_default().push((schema, name));
    }
    for (collection, tables) in taken.into_iter().filter(|(_, tables)| tables.len() > 1) {
        let tables: Vec<String> = tables.into_iter().map(|(schema, name)| path(schema, name)).collect();
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
pub fn field_path(field: &str) -> Cow<'_, str> {
    let simple = field.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && field.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if simple {
        return Cow::Borrowed(field);
    }
    Cow::Owned(format!("`{}`", field.replace('\\', "\\\\").replace('`', "\\`")))
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

//! Entity-relationship diagrams that mermaid 11 parses, whatever the names.
//!
//! The rules come from mermaid's grammar of `erDiagram`: an entity's name in
//! quotes must not hold a quote, `%`, backslash or line break, and a line that
//! holds `direction TB` anywhere is a statement of its own; an attribute is a
//! type and a name without blanks, of which neither may start with a digit or
//! be a key's word (`PK`); a text over 50,000 characters is not drawn.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::codegen::catalog::Catalog;
use crate::codegen::manifest::{Column, Table};
use crate::codegen::names;
use crate::codegen::relations::{Cardinality, Relation};
use crate::codegen::sql;
use crate::codegen::types::TypeName;

use super::compact::key;

/// In bytes, which are never fewer than the UTF-16 units that mermaid counts
/// against its `maxTextSize` of 50,000.
const DIAGRAM_SIZE: usize = 45_000;

/// What the columns of one table may take; those of its keys come first. So no
/// table takes a diagram for itself.
const ENTITY_SIZE: usize = 10_000;

/// One diagram.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagram {
    pub text: String,
    /// Entities whose name the diagram cannot hold: the name there, and the
    /// true one as SQL, sorted.
    pub renamed: BTreeMap<String, String>,
}

/// The names of all tables in diagrams: the same table has the same name in
/// each, and no two share one.
pub struct Entities<'m> {
    /// By schema and name.
    names: HashMap<(&'m str, &'m str), String>,
    /// The words of the columns' types, by the types.
    types: HashMap<&'m str, String>,
}

impl<'m> Entities<'m> {
    pub fn new(catalog: &Catalog<'m>) -> Self {
        let tables = catalog.tables().map(|(schema, table)| (schema.name.as_str(), table.name.as_str()));
        // By the true name as SQL, which no two tables share.
        let known: BTreeMap<String, (&str, &str)> = tables
            .chain(catalog.relations().iter().map(Relation::to))
            .map(|(schema, name)| (sql::qualified(schema, name), (schema, name)))
            .collect();
        let wanted = known.iter().map(|(path, table)| (path.clone(), vec![entity_name(&plain(*table))])).collect();
        let names = names::assign(&wanted, &BTreeSet::new(), str::to_owned);
        let mut types = HashMap::new();
        for column in catalog.tables().flat_map(|(_, table)| &table.columns) {
            types.entry(column.type_name.as_str()).or_insert_with_key(|text| attribute_type(text));
        }
        Self { names: known.into_values().zip(names.into_values()).collect(), types }
    }

    /// The diagrams of some tables and of the relations that start at them.
    /// A table at the other end that is not among them is an empty box. None
    /// where there is no table; more than one where one would be too long.
    pub fn diagrams(&self, catalog: &Catalog<'_>, tables: &BTreeSet<(&str, &str)>) -> Vec<Diagram> {
        let mut sheets = Sheets::new(self);
        for (schema, table) in catalog.tables() {
            if !tables.contains(&(schema.name.as_str(), table.name.as_str())) {
                continue;
            }
            let child = (schema.name.as_str(), table.name.as_str());
            sheets.add(&self.entity(child, table), &[child]);
            let own = catalog.relations_touching(child.0, child.1);
            let own = own.into_iter().filter(|relation| std::ptr::eq(relation.child, table));
            for relation in own {
                sheets.add(&self.relation(relation), &[parent(relation), child]);
            }
        }
        sheets.done()
    }

    /// The diagrams of one table and of its relations, to and from it; the
    /// tables at their other ends are empty boxes. None where it has none.
    pub fn neighbourhood(&self, catalog: &Catalog<'_>, centre: (&str, &str)) -> Vec<Diagram> {
        let touching = catalog.relations_touching(centre.0, centre.1);
        let Some(table) = catalog.table(centre.0, centre.1).filter(|_| !touching.is_empty()) else {
            return Vec::new();
        };
        let mut sheets = Sheets::new(self);
        sheets.add(&self.entity(centre, table), &[centre]);
        for relation in touching {
            let from = (relation.child_schema.name.as_str(), relation.child.name.as_str());
            sheets.add(&self.relation(relation), &[parent(relation), from]);
        }
        sheets.done()
    }

    fn name<'a>(&'a self, table: (&'a str, &'a str)) -> Cow<'a, str> {
        match self.names.get(&table) {
            Some(name) => Cow::Borrowed(name),
            None => Cow::Owned(entity_name(&plain(table))),
        }
    }

    fn entity(&self, name: (&str, &str), table: &Table) -> String {
        let lines: Vec<(bool, String)> = table.columns.iter().map(|column| self.attribute(table, column)).collect();
        // The columns of keys first, then the others as far as there is room.
        let mut room = ENTITY_SIZE;
        let mut shown = BTreeSet::new();
        for wanted in [true, false] {
            for (at, (in_key, line)) in lines.iter().enumerate() {
                if *in_key == wanted && line.len() <= room {
                    room -= line.len();
                    shown.insert(at);
                }
            }
        }
        let mut block: String = shown.iter().map(|at| lines[*at].1.as_str()).collect();
        if shown.len() < lines.len() {
            block.push_str(&format!("        more columns \"{} not shown\"\n", lines.len() - shown.len()));
        }
        let name = self.name(name);
        if block.is_empty() { format!("    \"{name}\"\n") } else { format!("    \"{name}\" {{\n{block}    }}\n") }
    }

    /// The line of one column, and whether a key uses it.
    fn attribute(&self, table: &Table, column: &Column) -> (bool, String) {
        let type_name = match self.types.get(column.type_name.as_str()) {
            Some(word) => Cow::Borrowed(word.as_str()),
            None => Cow::Owned(attribute_type(&column.type_name)),
        };
        let name = attribute_word(&column.name);
        let mut line = String::with_capacity(8 + type_name.len() + 1 + name.len() + 12);
        ["        ", &type_name, " ", &name].iter().for_each(|part| line.push_str(part));
        let keys = key(table, column);
        if !keys.is_empty() {
            line.push(' ');
            line.push_str(keys);
        }
        if name != column.name {
            line.push_str(&format!(" \"{}\"", quoted(&column.name)));
        }
        line.push('\n');
        (!keys.is_empty(), line)
    }

    fn relation(&self, relation: &Relation<'_>) -> String {
        let parent_end = if relation.nullable_columns > 0 { "|o" } else { "||" };
        let child_end = match relation.cardinality {
            Cardinality::One => "o|",
            Cardinality::Many => "o{",
        };
        let columns: Vec<String> = relation.foreign_key.columns.iter().map(|column| entity_name(column)).collect();
        // A foreign key of the widest kind has 32 columns: a label is for a glance.
        let label = match columns.as_slice() {
            [first, _, _, _, ..] => format!("{first}-and-{}-more", columns.len() - 1),
            few => few.join("-"),
        };
        let child = self.name((&relation.child_schema.name, &relation.child.name));
        let parent = self.name(parent(relation));
        format!("    \"{parent}\" {parent_end}--{child_end} \"{child}\" : \"{label}\"\n")
    }
}

/// Diagrams as they fill: the next one begins where a part has no room.
struct Sheets<'e> {
    entities: &'e Entities<'e>,
    full: Vec<Diagram>,
    open: Diagram,
}

impl<'e> Sheets<'e> {
    fn new(entities: &'e Entities<'e>) -> Self {
        Self { entities, full: Vec::new(), open: Diagram::default() }
    }

    /// Adds lines that name these tables.
    fn add(&mut self, part: &str, named: &[(&str, &str)]) {
        if !self.open.text.is_empty() && self.open.text.len() + part.len() > DIAGRAM_SIZE {
            self.full.push(std::mem::take(&mut self.open));
        }
        if self.open.text.is_empty() {
            self.open.text.push_str("erDiagram\n");
        }
        self.open.text.push_str(part);
        for &table in named {
            let shown = self.entities.name(table);
            let is_itself = shown.strip_prefix(table.0).and_then(|rest| rest.strip_prefix('.')) == Some(table.1);
            if !is_itself {
                self.open.renamed.insert(shown.into_owned(), sql::qualified(table.0, table.1));
            }
        }
    }

    fn done(mut self) -> Vec<Diagram> {
        if !self.open.text.is_empty() {
            self.full.push(self.open);
        }
        self.full
    }
}

/// `schema.name` without quotes: an entity's name is no SQL.
fn plain((schema, name): (&str, &str)) -> String {
    format!("{schema}.{name}")
}

/// The table that a relation refers to, which the manifest may not hold.
fn parent<'r>(relation: &'r Relation<'_>) -> (&'r str, &'r str) {
    let to = &relation.foreign_key.references;
    (&to.schema, &to.table)
}

/// A name or label in quotes outside of an entity's block. Even a blank is
/// replaced, for `direction TB` in a name would be read as a statement.
fn entity_name(name: &str) -> String {
    let safe = |c: char| if c.is_alphanumeric() || matches!(c, '_' | '-' | '.') { c } else { '_' };
    let name: String = name.chars().map(safe).collect();
    if name.is_empty() { "_".to_owned() } else { name }
}

/// A word of ASCII letters, digits, `_` and `-` (mermaid 11.0 takes no other
/// letters) that starts with a letter or `_` and is no key's word.
fn attribute_word(name: &str) -> Cow<'_, str> {
    let is_key_word = |word: &str| ["pk", "fk", "uk"].iter().any(|key| word.eq_ignore_ascii_case(key));
    let starts_well = |word: &str| word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if is_plain && starts_well(name) && !is_key_word(name) {
        return Cow::Borrowed(name);
    }
    let word = name.split('-').map(names::ascii).collect::<Vec<_>>().join("-");
    let first = word.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).next().unwrap_or_default();
    Cow::Owned(if is_key_word(first) || !starts_well(&word) { format!("_{word}") } else { word })
}

/// A type in one word: `timestamptz`, `varchar(255)`, `text[]`.
fn attribute_type(text: &str) -> String {
    let Ok(name) = TypeName::parse(text) else {
        return attribute_word(text).into_owned();
    };
    let short = match name.name.as_str() {
        "timestamp with time zone" => "timestamptz",
        "timestamp without time zone" => "timestamp",
        "time with time zone" => "timetz",
        "time without time zone" => "time",
        "character varying" => "varchar",
        "character" => "char",
        "bit varying" => "varbit",
        "double precision" => "float8",
        other => other,
    };
    let mut word = attribute_word(short).into_owned();
    if let [length] = name.modifiers.as_slice()
        && length.bytes().all(|byte| byte.is_ascii_digit())
    {
        word.push_str(&format!("({length})"));
    }
    word.push_str(&"[]".repeat(name.dimensions));
    word
}

/// The inside of an attribute's comment: what mermaid or HTML would read as
/// something else is written as mermaid's character code (`#34;`).
fn quoted(text: &str) -> String {
    let mut quoted = String::new();
    for c in text.chars() {
        if c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '.' | ',' | '(' | ')' | '/' | '\'') {
            quoted.push(c);
        } else {
            quoted.push_str(&format!("#{};", u32::from(c)));
        }
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codegen::manifest::Manifest;

    fn diagrams(yaml: &str) -> Vec<Diagram> {
        let manifest: Manifest = serde_yaml::from_str(yaml).unwrap();
        let catalog = Catalog::new(&manifest);
        let all = catalog.tables().map(|(schema, table)| (schema.name.as_str(), table.name.as_str())).collect();
        Entities::new(&catalog).diagrams(&catalog, &all)
    }

    #[test]
    fn draws_tables_and_relations() {
        let drawn = diagrams(
            r#"
version: '1.0'
schemas:
- name: crm
  tables:
  - name: companies
    columns: [{name: id, type: uuid, not_null: true}]
    primary_key: {columns: [id]}
  - name: contacts
    columns:
    - {name: id, type: bigint, not_null: true}
    - {name: company_id, type: uuid}
    - {name: made_at, type: timestamp(3) with time zone}
    - {name: tags, type: 'character varying(20)[]'}
    - {name: price, type: 'numeric(10,2)'}
    primary_key: {columns: [id]}
    foreign_keys:
    - {columns: [company_id], references: {schema: crm, table: companies, columns: [id]}}
    - {columns: [id], references: {schema: auth, table: users, columns: [id]}}
"#,
        );
        assert_eq!(drawn.len(), 1);
        assert_eq!(
            drawn[0].text,
            r#"erDiagram
    "crm.companies" {
        uuid id PK
    }
    "crm.contacts" {
        bigint id PK, FK
        uuid company_id FK
        timestamptz(3) made_at
        varchar(20)[] tags
        numeric price
    }
    "crm.companies" |o--o{ "crm.contacts" : "company_id"
    "auth.users" ||--o| "crm.contacts" : "id"
"#
        );
        assert!(drawn[0].renamed.is_empty());
    }

    #[test]
    fn replaces_what_mermaid_cannot_read() {
        assert_eq!(attribute_word("2nd mail"), "_2nd_mail");
        assert_eq!(attribute_word("PK-x"), "_PK-x");
        assert_eq!(attribute_word("pkey"), "pkey");
        assert_eq!(attribute_word("größe"), "groesse");
        assert_eq!(attribute_word("-"), "_-");
        assert_eq!(attribute_word("😀"), "_u1f600_");
        assert_eq!(attribute_word("fk"), "_fk");
        assert_eq!(entity_name("s.direction TB\"%%{init}"), "s.direction_TB____init_");
        assert_eq!(quoted("a\"%\n~b"), "a#34;#37;#10;#126;b");
        assert_eq!(attribute_type("\"My Schema\".\"2 words\""), "_2_words");
        let drawn = diagrams("{version: '1.0', schemas: [{name: s, tables: [{name: a b}, {name: a%b}]}]}");
        assert_eq!(drawn[0].renamed.len(), 2, "{drawn:?}");
    }

    #[test]
    fn long_diagrams_are_split() {
        let mut yaml = "version: '1.0'\nschemas:\n- name: s\n  tables:\n".to_owned();
        for table in 0..60 {
            yaml.push_str(&format!("  - name: t{table}\n    columns:\n"));
            for column in 0..60 * (table % 8 + 1) {
                yaml.push_str(&format!("    - {{name: a_rather_long_name_{column}, type: text}}\n"));
            }
        }
        let drawn = diagrams(&yaml);
        assert!(drawn.len() > 2);
        assert!(drawn.iter().all(|diagram| diagram.text.len() < 50_000 && diagram.text.starts_with("erDiagram\n")));
        assert!(drawn.iter().any(|diagram| diagram.text.contains(" not shown\"")));
    }
}

//! Which views, functions and policies use a table or view: what the manifest
//! says they depend on, and what their own SQL names.

use std::collections::{BTreeMap, BTreeSet};

use crate::codegen::catalog::Catalog;
use crate::codegen::manifest::{Kind, ObjectId};
use crate::codegen::sql;

/// The users of every table and view, by its schema and name.
pub struct Uses<'m> {
    by_relation: BTreeMap<(&'m str, &'m str), BTreeSet<User<'m>>>,
}

/// What uses a relation, in the order in which pages list them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum User<'m> {
    View { schema: &'m str, name: &'m str },
    Function { schema: &'m str, place: usize },
    Policy { schema: &'m str, table: &'m str, name: &'m str },
}

impl<'m> Uses<'m> {
    pub fn new(catalog: &Catalog<'m>) -> Self {
        let mut found = Finder::new(catalog);
        for (schema, view, _) in catalog.views() {
            let user = User::View { schema: &schema.name, name: &view.name };
            found.mentions(&view.definition, &schema.name, user);
        }
        for schema in &catalog.manifest.schemas {
            for (place, routine) in schema.functions.iter().enumerate() {
                let user = User::Function { schema: &schema.name, place };
                for text in [&routine.body, &routine.sql_body, &routine.definition].into_iter().flatten() {
                    found.mentions(text, &schema.name, user);
                }
                found.depends(&ObjectId::routine(&schema.name, routine).to_string(), user);
            }
        }
        for (schema, table) in catalog.tables() {
            for policy in &table.policies {
                let user = User::Policy { schema: &schema.name, table: &table.name, name: &policy.name };
                for text in [&policy.using, &policy.with_check].into_iter().flatten() {
                    found.mentions(text, &schema.name, user);
                }
            }
        }
        for (schema, view, _) in catalog.views() {
            let user = User::View { schema: &schema.name, name: &view.name };
            for kind in [Kind::View, Kind::MaterializedView] {
                found.depends(&ObjectId::new(kind, &[&schema.name, &view.name]).to_string(), user);
            }
        }
        Self { by_relation: found.users }
    }

    /// Who uses it, sorted; neither itself nor its own policies are among them.
    pub fn of(&self, schema: &str, name: &str) -> Vec<User<'m>> {
        self.by_relation.get(&(schema, name)).into_iter().flatten().copied().collect()
    }
}

struct Finder<'c, 'm> {
    catalog: &'c Catalog<'m>,
    /// By name, and the schemas that have a relation of it.
    known: BTreeMap<&'m str, BTreeSet<&'m str>>,
    /// By the qualified name as the manifest's `dependencies` spell it.
    by_path: BTreeMap<String, (&'m str, &'m str)>,
    users: BTreeMap<(&'m str, &'m str), BTreeSet<User<'m>>>,
}

impl<'c, 'm> Finder<'c, 'm> {
    fn new(catalog: &'c Catalog<'m>) -> Self {
        let mut known: BTreeMap<&'m str, BTreeSet<&'m str>> = BTreeMap::new();
        let mut by_path = BTreeMap::new();
        let tables = catalog.tables().map(|(schema, table)| (schema.name.as_str(), table.name.as_str()));
        let views = catalog.views().map(|(schema, view, _)| (schema.name.as_str(), view.name.as_str()));
        for (schema, name) in tables.chain(views) {
            known.entry(name).or_default().insert(schema);
            by_path.insert(sql::qualified(schema, name), (schema, name));
        }
        Self { catalog, known, by_path, users: BTreeMap::new() }
    }

    fn add(&mut self, (schema, name): (&'m str, &'m str), user: User<'m>) {
        let itself = match user {
            User::View { schema: own, name: view } => (own, view) == (schema, name),
            User::Policy { schema: own, table, .. } => (own, table) == (schema, name),
            User::Function { .. } => false,
        };
        if !itself {
            self.users.entry((schema, name)).or_default().insert(user);
        }
    }

    /// What the manifest's `dependencies` say of one object.
    fn depends(&mut self, object: &str, user: User<'m>) {
        for needed in self.catalog.manifest.dependencies.get(object).into_iter().flatten() {
            let Some(id) = ObjectId::parse(needed) else { continue };
            let path = match id.kind {
                Kind::Table | Kind::ForeignTable | Kind::View | Kind::MaterializedView => Some(id.path.as_str()),
                Kind::Column => self
                    .by_path
                    .keys()
                    .map(String::as_str)
                    .find(|path| id.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'))),
                _ => None,
            };
            if let Some(relation) = path.and_then(|path| self.by_path.get(path)).copied() {
                self.add(relation, user);
            }
        }
    }

    /// The relations that an SQL text names: qualified ones wherever they
    /// stand, others behind a word that a relation follows.
    fn mentions(&mut self, text: &str, home: &str, user: User<'m>) {
        let tokens = tokens(text);
        for (at, token) in tokens.iter().enumerate() {
            let Token::Word(word) = token else { continue };
            let next = tokens.get(at + 1);
            let before = at.checked_sub(1).and_then(|at| tokens.get(at));
            let found = match (next, tokens.get(at + 2)) {
                (Some(Token::Dot), Some(Token::Word(name))) => self.lookup(Some(word), name, home),
                (Some(Token::Dot | Token::Open), _) => None,
                _ if before.is_some_and(Token::precedes_a_relation) => self.lookup(None, word, home),
                _ => None,
            };
            if let Some(relation) = found {
                self.add(relation, user);
            }
        }
    }

    fn lookup(&self, schema: Option<&str>, name: &str, home: &str) -> Option<(&'m str, &'m str)> {
        let (name, schemas) = self.known.get_key_value(name)?;
        let in_schema = |wanted: &str| schemas.get(wanted).map(|schema| (*schema, *name));
        match schema {
            Some(schema) => in_schema(schema),
            None if schemas.len() == 1 => schemas.first().map(|schema| (*schema, *name)),
            None => in_schema(home).or_else(|| in_schema("public")),
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Token {
    /// A name, as Postgres folds it, or a keyword.
    Word(String),
    Dot,
    Open,
    Other,
}

impl Token {
    fn precedes_a_relation(&self) -> bool {
        matches!(self, Token::Word(word) if matches!(word.as_str(), "from" | "join" | "into" | "update" | "only" | "table"))
    }
}

/// The words of an SQL text, without its strings and comments.
fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
        let mut length = first.len_utf8();
        if rest.starts_with("--") {
            length = rest.find('\n').unwrap_or(rest.len());
        } else if rest.starts_with("/*") {
            length = rest.find("*/").map_or(rest.len(), |end| end + 2);
        } else if first == '\'' {
            length = rest[1..].find('\'').map_or(rest.len(), |end| end + 2);
            tokens.push(Token::Other);
        } else if first == '"' {
            let mut name = String::new();
            let mut characters = rest.char_indices().skip(1).peekable();
            length = rest.len();
            while let Some((at, c)) = characters.next() {
                if c == '"' && characters.next_if(|(_, next)| *next == '"').is_none() {
                    length = at + 1;
                    break;
                }
                name.push(c);
            }
            tokens.push(Token::Word(name));
        } else if first.is_alphabetic() || first == '_' {
            length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            tokens.push(Token::Word(rest[..length].to_lowercase()));
        } else if !first.is_whitespace() {
            tokens.push(match first {
                '.' => Token::Dot,
                '(' => Token::Open,
                _ => Token::Other,
            });
        }
        rest = &rest[length..];
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codegen::manifest::Manifest;

    #[test]
    fn views_functions_and_policies_are_found_by_what_they_name() {
        let manifest: Manifest = serde_yaml::from_str(
            r#"
version: '1.0'
dependencies:
  function crm.sum(): [column crm.notes.body]
schemas:
- name: crm
  tables:
  - name: contacts
    policies: [{name: own, using: "(EXISTS ( SELECT 1 FROM crm.contacts c WHERE c.id = id))"}]
  - name: notes
    policies: [{name: of_contact, using: "(EXISTS ( SELECT 1 FROM crm.contacts c))"}]
  - {name: My Table}
  views:
  - {name: open, definition: "SELECT contacts.id FROM crm.contacts -- crm.notes"}
  functions:
  - {name: add, body: "INSERT INTO contacts VALUES (1); SELECT 'crm.notes', \"crm\".\"My Table\".x"}
  - {name: sum, body: SELECT 1}
"#,
        )
        .unwrap();
        let catalog = Catalog::new(&manifest);
        let uses = Uses::new(&catalog);
        let of = |name: &str| uses.of("crm", name);
        let add = User::Function { schema: "crm", place: 0 };
        assert_eq!(
            of("contacts"),
            [
                User::View { schema: "crm", name: "open" },
                add,
                User::Policy { schema: "crm", table: "notes", name: "of_contact" }
            ]
        );
        assert_eq!(of("notes"), [User::Function { schema: "crm", place: 1 }]);
        assert_eq!(of("My Table"), [add]);
        assert_eq!(of("open"), []);
    }

    #[test]
    fn a_broken_text_ends() {
        for text in ["'", "\"", "/*", "--", "\"\"\"", "é\"ü", "$$ ' $$"] {
            tokens(text);
        }
    }
}

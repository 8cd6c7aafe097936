//! Stable anchors: where in a document an object is.
//!
//! Every anchor holds a dot (`table.crm.contacts`). The slugs that GitHub
//! makes of headings never do, so that no heading, whatever it is called, can
//! take a link from its object.

use std::collections::{BTreeMap, BTreeSet};

use crate::codegen::catalog::Catalog;
use crate::codegen::manifest::Routine;
use crate::codegen::names;
use crate::codegen::types::{Family, PgType};

use super::place::{self, Place};

/// The anchors of all objects that a link may lead to.
pub struct Anchors {
    by_identity: BTreeMap<String, String>,
}

/// What kind of object an anchor is for. Tables and views share a namespace in
/// Postgres, as types do, but a reader of the anchor wants to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Schema,
    Table,
    View,
    Type,
    Sequence,
    Function,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Kind::Schema => "schema",
            Kind::Table => "table",
            Kind::View => "view",
            Kind::Type => "type",
            Kind::Sequence => "sequence",
            Kind::Function => "function",
        }
    }
}

impl Anchors {
    /// Gives every object of the catalog its anchor. It depends on the object
    /// and on those whose anchor would be the same, never on what else there is.
    pub fn new(catalog: &Catalog<'_>) -> Self {
        let mut wanted = BTreeMap::new();
        let mut add = |kind: Kind, schema: &str, name: &str, candidates: Vec<String>| {
            wanted.insert(identity(kind, schema, name), candidates);
        };
        for schema in &catalog.manifest.schemas {
            let within = schema.name.as_str();
            add(Kind::Schema, within, "", vec![format!("schema.{}", slug(within))]);
            let mut add_named = |kind: Kind, name: &str| add(kind, within, name, vec![anchor(kind, within, name)]);
            schema.enums.iter().for_each(|item| add_named(Kind::Type, &item.name));
            schema.domains.iter().for_each(|item| add_named(Kind::Type, &item.name));
            schema.composites.iter().for_each(|item| add_named(Kind::Type, &item.name));
            schema.ranges.iter().for_each(|item| add_named(Kind::Type, &item.name));
            schema.sequences.iter().for_each(|item| add_named(Kind::Sequence, &item.name));
            schema.tables.iter().for_each(|item| add_named(Kind::Table, &item.name));
            schema.views.iter().for_each(|item| add_named(Kind::View, &item.name));
            schema.materialized_views.iter().for_each(|item| add_named(Kind::View, &item.name));
            for routine in &schema.functions {
                // Overloaded functions want the same short anchor, so that
                // they all get the one that says their arguments.
                let short = anchor(Kind::Function, within, &routine.name);
                let long = anchor(Kind::Function, within, &routine.signature());
                add(Kind::Function, within, &routine.signature(), vec![short, long]);
            }
        }
        Self { by_identity: names::assign(&wanted, &BTreeSet::new(), str::to_lowercase) }
    }

    /// The anchor of an object; `None` for what the manifest does not hold.
    pub fn get(&self, kind: Kind, schema: &str, name: &str) -> Option<&str> {
        self.by_identity.get(&identity(kind, schema, name)).map(String::as_str)
    }

    /// A link to an object from a place: to a page for a table or view, else
    /// into the index. `None` for what the manifest does not hold.
    pub fn href(&self, place: Place, kind: Kind, schema: &str, name: &str) -> Option<String> {
        let anchor = self.get(kind, schema, name)?;
        Some(match kind {
            Kind::Table | Kind::View => place.file(&place::page(schema, name)),
            _ => place.anchor(anchor),
        })
    }

    pub fn function(&self, schema: &str, routine: &Routine) -> Option<&str> {
        self.get(Kind::Function, schema, &routine.signature())
    }

    /// A link to what a column's type is made of, where the manifest says it.
    pub fn of_type(&self, place: Place, pg_type: &PgType<'_>) -> Option<String> {
        match &pg_type.family {
            Family::Enum(named) => self.href(place, Kind::Type, named.schema, &named.item.name),
            Family::Composite(named) => self.href(place, Kind::Type, named.schema, &named.item.name),
            Family::Domain { domain, .. } => self.href(place, Kind::Type, domain.schema, &domain.item.name),
            Family::Row { schema, name, .. } => {
                let table = self.href(place, Kind::Table, schema, name);
                table.or_else(|| self.href(place, Kind::View, schema, name))
            }
            _ => None,
        }
    }
}

fn anchor(kind: Kind, schema: &str, name: &str) -> String {
    format!("{}.{}.{}", kind.word(), slug(schema), slug(name))
}

/// Lower case, for browsers and GitHub do not agree on case in fragments.
fn slug(name: &str) -> String {
    names::ascii(name).to_lowercase()
}

/// Names cannot hold a NUL in Postgres, so that two objects never share this.
fn identity(kind: Kind, schema: &str, name: &str) -> String {
    format!("{}\0{schema}\0{name}", kind.word())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codegen::manifest::Manifest;

    #[test]
    fn anchors_are_stable_and_never_shared() {
        let manifest: Manifest = serde_yaml::from_str(
            r#"
version: '1.0'
schemas:
- name: crm
  tables: [{name: contacts}, {name: a b}, {name: a-b}, {name: '"><script>'}]
  functions:
  - {name: f, arguments: [{type: integer}]}
  - {name: f, arguments: [{type: text}]}
  - {name: g}
"#,
        )
        .unwrap();
        let anchors = Anchors::new(&Catalog::new(&manifest));
        assert_eq!(anchors.get(Kind::Table, "crm", "contacts"), Some("table.crm.contacts"));
        assert_eq!(anchors.get(Kind::Schema, "crm", ""), Some("schema.crm"));
        assert_eq!(anchors.get(Kind::Function, "crm", "f(integer)"), Some("function.crm.f_integer_"));
        assert_eq!(anchors.get(Kind::Function, "crm", "g()"), Some("function.crm.g"));
        assert_ne!(anchors.get(Kind::Table, "crm", "a b"), anchors.get(Kind::Table, "crm", "a-b"));
        let safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_');
        assert!(anchors.by_identity.values().all(|anchor| anchor.chars().all(safe)));
        let unique: BTreeSet<&String> = anchors.by_identity.values().collect();
        assert_eq!(unique.len(), anchors.by_identity.len());
    }
}

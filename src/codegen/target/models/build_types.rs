//! Enums, domains and composites.

use crate::codegen::loss::Finding;
use crate::codegen::manifest::{Composite, Domain, Enum, Schema};
use crate::codegen::types::Named;

use super::attributes::Attributes;
use super::doc;
use super::findings::{COLLISION, UNCHECKED_DOMAIN};
use super::idents;
use super::naming::Kind;
use super::rust_type::Traits;
use super::sql::literal;
use super::type_map::TypeMap;
use super::uses::Uses;
use super::view::{EnumItem, Field, Newtype, Struct, Variant};

/// Builds one schema's types, and notes what they use and lose.
pub(super) struct TypeBuilder<'m, 'a> {
    pub schema: &'m Schema,
    pub types: &'a TypeMap<'m, 'a>,
    pub attributes: &'a Attributes<'a>,
    pub uses: &'a mut Uses,
    pub findings: &'a mut Vec<Finding>,
}

impl<'m> TypeBuilder<'m, '_> {
    pub fn enumeration(&mut self, item: &'m Enum) -> EnumItem {
        let idents = idents::variants(item.labels.iter().map(String::as_str));
        let path = format!("{}.{}", self.schema.name, item.name);
        for (label, ident) in item.labels.iter().zip(&idents) {
            self.findings.extend(collision(&path, label, ident, &idents::variant(label)));
        }
        let variants = item.labels.iter().zip(idents).map(|(label, ident)| Variant {
            docs: vec![match doc::code(label) {
                shown if shown.is_empty() => " A label without a visible character.".to_owned(),
                shown => format!(" {shown}"),
            }],
            attributes: self.attributes.variant(label),
            ident,
            label: literal(label),
        });
        EnumItem {
            docs: self.docs(item.comment.as_deref(), &format!("The enum {}.", self.shown(&item.name))),
            attributes: self.attributes.enumeration(&self.schema.name, &item.name, !item.labels.is_empty()),
            ident: self.types.names.ident(&self.schema.name, Kind::Enum, &item.name),
            name: literal(&item.name),
            variants: variants.collect(),
        }
    }

    pub fn domain(&mut self, item: &'m Domain) -> Newtype {
        let path = format!("{}.{}", self.schema.name, item.name);
        let rust = self.types.map(&self.schema.name, &self.types.catalog.resolve(&item.type_name));
        self.uses.note(&rust, &path, &item.type_name);
        self.findings.extend(rust.loss.as_ref().map(|(code, reason)| Finding::new(code, &path, reason)));
        let mut notes = vec![format!("The domain {} over {}.", self.shown(&item.name), doc::code(&item.type_name))];
        if item.not_null || !item.checks.is_empty() {
            self.findings.push(Finding::new(&UNCHECKED_DOMAIN, &path, "its newtype takes any value of the base type"));
            notes.push(String::new());
            notes.push("The server enforces, and this type does not:".to_owned());
            notes.extend(item.not_null.then(|| "NOT NULL".to_owned()));
            notes.extend(item.checks.iter().map(|check| doc::code(&check.expression)));
        }
        Newtype {
            docs: self.docs(item.comment.as_deref(), &notes.join("\n")),
            attributes: self.attributes.domain(&item.name, &rust),
            ident: self.types.names.ident(&self.schema.name, Kind::Domain, &item.name),
            field_attributes: self.attributes.newtype_field(&rust),
            display: rust.traits.display,
            inner: rust.path,
        }
    }

    pub fn composite(&mut self, item: &'m Composite) -> Struct {
        let schema = self.schema.name.as_str();
        let codec = self.types.composite_traits(Named { schema, item });
        let idents = idents::fields(item.attributes.iter().map(|attribute| attribute.name.as_str()));
        let mut fields = Vec::new();
        let mut derived = Traits::SMALL;
        for (attribute, ident) in item.attributes.iter().zip(idents) {
            let rust = self.types.map(schema, &self.types.catalog.resolve(&attribute.type_name)).option();
            let path = format!("{schema}.{}.{}", item.name, attribute.name);
            self.uses.note(&rust, &path, &attribute.type_name);
            self.findings.extend(rust.loss.as_ref().map(|(code, reason)| Finding::new(code, &path, reason)));
            self.findings.extend(collision(&path, &attribute.name, &ident, &idents::field(&attribute.name)));
            derived = derived.both(rust.traits);
            let shown = format!("{}: {}.", self.code(&attribute.name), doc::code(&attribute.type_name));
            fields.push(Field {
                docs: self.docs(attribute.comment.as_deref(), &shown),
                attributes: self.attributes.composite_field(&ident, &attribute.name, &rust, codec.is_ok()),
                ident,
                type_path: rust.path,
                key: literal(&attribute.name),
            });
        }
        let mut note = format!("The composite type {}.", self.shown(&item.name));
        if codec.is_err() {
            note.push_str(" It travels as text: no driver reads it into this struct.");
        }
        Struct {
            docs: self.docs(item.comment.as_deref(), &note),
            attributes: self.attributes.composite(schema, &item.name, derived, codec.ok()),
            ident: self.types.names.ident(schema, Kind::Composite, &item.name),
            fields,
        }
    }

    fn docs(&self, comment: Option<&str>, note: &str) -> Vec<String> {
        docs(comment, note)
    }

    fn shown(&self, name: &str) -> String {
        doc::code(&format!("{}.{name}", self.schema.name))
    }

    fn code(&self, name: &str) -> String {
        doc::code(name)
    }
}

/// A doc comment: what people wrote, then what the schema says. `note` is
/// Markdown already, a paragraph or list item a line.
pub(super) fn docs(comment: Option<&str>, note: &str) -> Vec<String> {
    let mut lines = comment.map(doc::lines).unwrap_or_default();
    if !lines.is_empty() {
        lines.push(String::new());
    }
    lines.extend(note.lines().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") }));
    lines
}

/// The finding of a name that could not have the identifier it would have had
/// alone.
pub(super) fn collision(path: &str, name: &str, ident: &str, alone: &str) -> Option<Finding> {
    let reason = || format!("`{name}` is not the only name that becomes `{alone}`, so it is `{ident}`");
    (ident != alone).then(|| Finding::new(&COLLISION, path, reason()))
}

//! What the models take for granted, against a live catalog.

use super::Mismatch;
use crate::codegen::catalog::Catalog;
use crate::codegen::manifest::{Column, Composite, Domain, Enum, Range, Schema};
use crate::codegen::target::models::{Claim, ColumnClaim};
use crate::codegen::types::{Family, PgType};

/// Every difference between the models of `model` and the database that `live`
/// was read from: by relation in the order of `claims`, then by user type.
pub fn compare(claims: &[Claim], model: &Catalog<'_>, live: &Catalog<'_>) -> Vec<Mismatch> {
    let mut comparison = Comparison { model, live, found: Vec::new() };
    for claim in claims {
        comparison.relation(claim);
    }
    for schema in &model.manifest.schemas {
        let there = live.manifest.schemas.iter().find(|there| there.name == schema.name);
        comparison.types(schema, there);
    }
    comparison.found
}

struct Comparison<'c, 'm> {
    model: &'c Catalog<'m>,
    live: &'c Catalog<'m>,
    found: Vec<Mismatch>,
}

/// A live table or view, as far as its rows go.
struct Relation<'m> {
    is_view: bool,
    columns: &'m [Column],
    key: &'m [String],
}

impl Comparison<'_, '_> {
    fn add(&mut self, path: String, what: &'static str, model: impl Into<String>, database: impl Into<String>) {
        self.found.push(Mismatch { path, what, model: model.into(), database: database.into() });
    }

    fn relation(&mut self, claim: &Claim) {
        let kind = |is_view| if is_view { "view" } else { "table" };
        let Some(there) = relation(self.live, claim) else {
            let what = kind(claim.is_view);
            self.add(claim.path(), what, format!("a {what}"), "no such relation");
            return;
        };
        if there.is_view != claim.is_view {
            let what = kind(claim.is_view);
            self.add(claim.path(), what, format!("a {what}"), format!("a {}", kind(there.is_view)));
        }
        for column in &claim.columns {
            let path = format!("{}.{}", claim.path(), column.name);
            match there.columns.iter().find(|there| there.name == column.name) {
                Some(found) => self.column(path, column, found, &there),
                None => self.add(path, "column", quoted(&column.type_name), "no such column"),
            }
        }
        for column in there.columns {
            if !claim.columns.iter().any(|claimed| claimed.name == column.name) {
                let path = format!("{}.{}", claim.path(), column.name);
                self.add(path, "column", "no field", quoted(&column.type_name));
            }
        }
    }

    fn column(&mut self, path: String, claim: &ColumnClaim, column: &Column, there: &Relation<'_>) {
        self.type_names(path.clone(), "type", &claim.type_name, &column.type_name);
        let nullable = !column.not_null && !there.key.contains(&column.name);
        if nullable != claim.nullable {
            let say = |nullable| if nullable { "may be null" } else { "not null" };
            self.add(path.clone(), "null", say(claim.nullable), say(nullable));
        }
        if claim.is_generated != column.is_written_by_server() {
            let say = |generated| if generated { "the server alone writes it" } else { "a new row may give it" };
            self.add(path.clone(), "generated", say(claim.is_generated), say(column.is_written_by_server()));
        }
        // A default that came leaves every statement right; one that went does not.
        let has_default = column.default.is_some() || column.identity.is_some();
        if claim.has_default && !has_default && !claim.is_generated {
            self.add(path, "default", "a new row may come without it", "no default");
        }
    }

    fn type_names(&mut self, path: String, what: &'static str, model: &str, database: &str) {
        if model != database && !is_same(&self.model.resolve(model), &self.live.resolve(database)) {
            self.add(path, what, quoted(model), quoted(database));
        }
    }

    fn types(&mut self, schema: &Schema, there: Option<&Schema>) {
        let path = |name: &str| format!("{}.{name}", schema.name);
        for item in &schema.enums {
            let found = there.and_then(|there| there.enums.iter().find(|found| found.name == item.name));
            match found {
                Some(found) => self.labels(&path(&item.name), item, found),
                None => self.add(path(&item.name), "type", "an enum", "no such enum"),
            }
        }
        for item in &schema.domains {
            let found: Option<&Domain> =
                there.and_then(|there| there.domains.iter().find(|found| found.name == item.name));
            match found {
                Some(found) => self.type_names(path(&item.name), "base", &item.type_name, &found.type_name),
                None => self.add(path(&item.name), "type", "a domain", "no such domain"),
            }
        }
        for item in &schema.composites {
            let found = there.and_then(|there| there.composites.iter().find(|found| found.name == item.name));
            match found {
                Some(found) => self.attributes(&path(&item.name), item, found),
                None => self.add(path(&item.name), "type", "a composite type", "no such composite type"),
            }
        }
        for item in &schema.ranges {
            let found: Option<&Range> =
                there.and_then(|there| there.ranges.iter().find(|found| found.name == item.name));
            match found {
                Some(found) => self.type_names(path(&item.name), "base", &item.subtype, &found.subtype),
                None => self.add(path(&item.name), "type", "a range type", "no such range type"),
            }
        }
    }

    /// A label that is not known cannot be read, one that is gone not written;
    /// and the variants are compared in the labels' order.
    fn labels(&mut self, path: &str, model: &Enum, live: &Enum) {
        let before = self.found.len();
        for label in model.labels.iter().filter(|label| !live.labels.contains(label)) {
            self.add(path.to_owned(), "label", quoted(label), "no such label");
        }
        for label in live.labels.iter().filter(|label| !model.labels.contains(label)) {
            self.add(path.to_owned(), "label", "no such variant", quoted(label));
        }
        if self.found.len() == before && model.labels != live.labels {
            self.add(path.to_owned(), "labels", listed(&model.labels), listed(&live.labels));
        }
    }

    /// The attributes travel by their places.
    fn attributes(&mut self, path: &str, model: &Composite, live: &Composite) {
        let before = self.found.len();
        for attribute in &model.attributes {
            let at = format!("{path}.{}", attribute.name);
            match live.attributes.iter().find(|there| there.name == attribute.name) {
                Some(there) => self.type_names(at, "type", &attribute.type_name, &there.type_name),
                None => self.add(at, "attribute", quoted(&attribute.type_name), "no such attribute"),
            }
        }
        for there in &live.attributes {
            if !model.attributes.iter().any(|attribute| attribute.name == there.name) {
                self.add(format!("{path}.{}", there.name), "attribute", "no field", quoted(&there.type_name));
            }
        }
        let names = |item: &Composite| item.attributes.iter().map(|item| item.name.clone()).collect::<Vec<_>>();
        if self.found.len() == before && names(model) != names(live) {
            self.add(path.to_owned(), "attribute", listed(&names(model)), listed(&names(live)));
        }
    }
}

fn relation<'m>(live: &Catalog<'m>, claim: &Claim) -> Option<Relation<'m>> {
    if let Some(table) = live.table(&claim.schema, &claim.relation) {
        let key = table.primary_key.as_ref().map_or(&[][..], |key| &key.columns);
        return Some(Relation { is_view: false, columns: &table.columns, key });
    }
    let mut views = live.views();
    let (_, view, _) = views.find(|(schema, view, _)| schema.name == claim.schema && view.name == claim.relation)?;
    Some(Relation { is_view: true, columns: &view.columns, key: &[] })
}

/// Whether two types are one. What a type of the user's is made of is looked
/// at where the type is, not wherever it is used.
fn is_same(model: &PgType<'_>, live: &PgType<'_>) -> bool {
    if model.dimensions != live.dimensions {
        return false;
    }
    match (&model.family, &live.family) {
        (Family::Enum(a), Family::Enum(b)) => (a.schema, &a.item.name) == (b.schema, &b.item.name),
        (Family::Composite(a), Family::Composite(b)) => (a.schema, &a.item.name) == (b.schema, &b.item.name),
        (Family::Domain { domain: a, .. }, Family::Domain { domain: b, .. }) => {
            (a.schema, &a.item.name) == (b.schema, &b.item.name)
        }
        (Family::Row { schema: a, name: c, .. }, Family::Row { schema: b, name: d, .. }) => (a, c) == (b, d),
        (a, b) => a == b,
    }
}

fn quoted(text: &str) -> String {
    format!("`{text}`")
}

fn listed(names: &[String]) -> String {
    names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ")
}

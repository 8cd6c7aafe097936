//! Tables and views: row structs, and the values of an INSERT and an UPDATE.

use crate::codegen::loss::Finding;
use crate::codegen::manifest::{Column, Generation, Schema, Table, View, ViewKind};

use super::attributes::Attributes;
use super::build_types::{collision, docs};
use super::claims::{Claim, ColumnClaim};
use super::doc;
use super::findings::{NO_SQLX_ROW, VIEW_NULLABILITY};
use super::idents;
use super::ids::Ids;
use super::naming::Kind;
use super::options::Feature;
use super::rust_type::{RustType, Traits};
use super::sql::{self, literal};
use super::type_map::TypeMap;
use super::uses::Uses;
use super::view::{Consts, Field, Newtype, Struct, TableItem, ViewItem};

/// Builds one schema's rows, and notes what they use and lose.
pub(super) struct RowBuilder<'m, 'a> {
    pub schema: &'m Schema,
    pub types: &'a TypeMap<'m, 'a>,
    pub ids: &'a Ids<'m>,
    pub attributes: &'a Attributes<'a>,
    pub uses: &'a mut Uses,
    pub findings: &'a mut Vec<Finding>,
}

/// A column with its Rust side.
struct Mapped<'m> {
    column: &'m Column,
    ident: String,
    /// Without the Option of a column that may be null.
    rust: RustType,
    nullable: bool,
}

impl<'m> Mapped<'m> {
    fn read(&self) -> RustType {
        let rust = self.rust.written();
        if self.nullable { rust.option() } else { rust }
    }

    /// Whether a row may be inserted without it.
    fn has_default(&self) -> bool {
        self.column.default.is_some() || self.column.identity.is_some()
    }
}

impl<'m> RowBuilder<'m, '_> {
    pub fn table(&mut self, table: &'m Table) -> TableItem {
        let schema = self.schema.name.as_str();
        let key: &[String] = table.primary_key.as_ref().map_or(&[], |key| &key.columns);
        // A domain's NOT NULL does not count: the manual (CREATE DOMAIN, Notes)
        // shows how a column of it comes to hold a null all the same.
        let columns = self.columns(&table.name, &table.columns, key);
        let shown = doc::code(&format!("{schema}.{}", table.name));
        let names = self.types.names;
        let row = self.row(
            names.ident(schema, Kind::Row, &table.name),
            docs(table.comment.as_deref(), &format!("A row of the table {shown}.")),
            &table.name,
            &columns,
        );
        let row_ident = row.ident.clone();
        let inserted: Vec<&Mapped<'_>> =
            columns.iter().filter(|mapped| !mapped.column.is_written_by_server()).collect();
        let updated: Vec<&Mapped<'_>> =
            inserted.iter().filter(|mapped| !key.contains(&mapped.column.name)).copied().collect();
        TableItem {
            consts: consts(schema, &table.name, &columns, key),
            claim: claim(schema, &table.name, false, &columns),
            id: self.id(table, &row_ident, &columns),
            new: self.new_values(
                names.ident(schema, Kind::New, &table.name),
                format!("The values of a new [`{row_ident}`]: where a column has a default, `None` stands for it."),
                &inserted,
            ),
            update: self.update_values(
                names.ident(schema, Kind::Update, &table.name),
                format!("The changes to a [`{row_ident}`]: `None` leaves a column as it is."),
                &updated,
            ),
            row,
        }
    }

    pub fn view(&mut self, view: &'m View, kind: ViewKind) -> ViewItem {
        let schema = self.schema.name.as_str();
        let columns = self.columns(&view.name, &view.columns, &[]);
        let unproved: Vec<&str> =
            columns.iter().filter(|mapped| mapped.nullable).map(|mapped| mapped.column.name.as_str()).collect();
        if !unproved.is_empty() {
            let reason = format!("{} of {}: {}", unproved.len(), columns.len(), some_of(&unproved));
            self.findings.push(Finding::new(&VIEW_NULLABILITY, format!("{schema}.{}", view.name), reason));
        }
        let what = match kind {
            ViewKind::View => "view",
            ViewKind::MaterializedView => "materialized view",
        };
        let shown = doc::code(&format!("{schema}.{}", view.name));
        ViewItem {
            consts: consts(schema, &view.name, &columns, &[]),
            claim: claim(schema, &view.name, true, &columns),
            row: self.row(
                self.types.names.ident(schema, Kind::View, &view.name),
                docs(view.comment.as_deref(), &format!("A row of the {what} {shown}.")),
                &view.name,
                &columns,
            ),
        }
    }

    fn columns(&mut self, relation: &str, columns: &'m [Column], key: &[String]) -> Vec<Mapped<'m>> {
        let schema = self.schema.name.as_str();
        let idents = idents::fields(columns.iter().map(|column| column.name.as_str()));
        let mut mapped = Vec::with_capacity(columns.len());
        for (column, ident) in columns.iter().zip(idents) {
            let rust = self.column(relation, column);
            let path = [schema, ".", relation, ".", &column.name].concat();
            self.uses.note(&rust, &path, &column.type_name);
            self.findings.extend(rust.loss.as_ref().map(|(code, reason)| Finding::new(code, &path, reason)));
            // Whoever has its own name has the identifier that it would have alone.
            if ident != column.name {
                self.findings.extend(collision(&path, &column.name, &ident, &idents::field(&column.name)));
            }
            let nullable = !column.not_null && !key.contains(&column.name);
            mapped.push(Mapped { column, ident, rust, nullable });
        }
        mapped
    }

    fn column(&self, relation: &str, column: &'m Column) -> RustType {
        let schema = self.schema.name.as_str();
        if let Some(overridden) = self.types.overrides.of_column(schema, relation, &column.name) {
            return overridden.clone();
        }
        let rust = self.types.map(schema, &self.types.catalog.resolve(&column.type_name));
        match self.ids.owner(schema, relation, &column.name) {
            Some((owner_schema, owner)) => {
                let path = self.types.names.path(schema, owner_schema, Kind::Id, owner);
                RustType { schema_path: path.clone(), path, ..rust }
            }
            None => rust,
        }
    }

    /// The row struct. It is `sqlx::FromRow` where sqlx reads every column.
    fn row(&mut self, ident: String, docs: Vec<String>, relation: &str, columns: &[Mapped<'_>]) -> Struct {
        let unread: Vec<&str> = columns
            .iter()
            .filter(|mapped| !mapped.rust.traits.sqlx)
            .map(|mapped| mapped.column.name.as_str())
            .collect();
        if !unread.is_empty() && self.attributes.options.has(Feature::Sqlx) {
            let path = format!("{}.{relation}", self.schema.name);
            self.findings.push(Finding::new(&NO_SQLX_ROW, path, format!("because of {}", some_of(&unread))));
        }
        let readable = unread.is_empty() && !columns.is_empty();
        let fields = columns.iter().map(|mapped| {
            let rust = mapped.read();
            Field {
                docs: column_docs(mapped),
                attributes: self.attributes.field(&mapped.ident, &mapped.column.name, &rust, readable),
                ident: mapped.ident.clone(),
                type_path: rust.path,
                key: literal(&mapped.column.name),
            }
        });
        let fields: Vec<Field> = fields.collect();
        Struct { docs, attributes: self.attributes.row(common(columns), false, readable), ident, fields }
    }

    fn new_values(&self, ident: String, about: String, columns: &[&Mapped<'_>]) -> Struct {
        let fields: Vec<Field> = columns
            .iter()
            .map(|mapped| {
                let rust = mapped.read();
                let (rust, attributes) = if mapped.has_default() {
                    let rust = rust.option();
                    let attributes =
                        self.attributes.optional_field(&mapped.ident, &mapped.column.name, &rust, mapped.nullable);
                    (rust, attributes)
                } else {
                    let attributes = self.attributes.field(&mapped.ident, &mapped.column.name, &rust, false);
                    (rust, attributes)
                };
                value_field(mapped, rust, attributes)
            })
            .collect();
        let all_optional = columns.iter().all(|mapped| mapped.nullable || mapped.has_default());
        let traits = common_of(columns.iter().copied());
        let attributes = self.attributes.row(traits, all_optional, false);
        Struct { docs: vec![format!(" {about}")], attributes, ident, fields }
    }

    fn update_values(&self, ident: String, about: String, columns: &[&Mapped<'_>]) -> Struct {
        let fields: Vec<Field> = columns
            .iter()
            .map(|mapped| {
                let rust = mapped.read().option();
                let attributes =
                    self.attributes.optional_field(&mapped.ident, &mapped.column.name, &rust, mapped.nullable);
                value_field(mapped, rust, attributes)
            })
            .collect();
        let attributes = self.attributes.row(common_of(columns.iter().copied()), true, false);
        Struct { docs: vec![format!(" {about}")], attributes, ident, fields }
    }

    fn id(&self, table: &'m Table, row: &str, columns: &[Mapped<'_>]) -> Option<Newtype> {
        let schema = self.schema.name.as_str();
        if !self.ids.is_owner(schema, table) {
            return None;
        }
        let key = table.primary_key.as_ref()?.columns.first()?;
        let column = columns.iter().find(|mapped| mapped.column.name == *key)?;
        let rust = self.types.map(schema, &self.types.catalog.resolve(&column.column.type_name));
        Some(Newtype {
            docs: vec![format!(" The key of a [`{row}`], {}.", doc::code(&column.column.type_name))],
            attributes: self.attributes.id(&rust),
            ident: self.types.names.ident(schema, Kind::Id, &table.name),
            field_attributes: self.attributes.newtype_field(&rust),
            display: rust.traits.display,
            inner: rust.path,
        })
    }
}

fn value_field(mapped: &Mapped<'_>, rust: RustType, attributes: Vec<String>) -> Field {
    let shown = doc::code(&mapped.column.name);
    let note = if shown.is_empty() { " A column without a name.".to_owned() } else { [" ", &shown, "."].concat() };
    Field {
        docs: vec![note],
        attributes,
        ident: mapped.ident.clone(),
        type_path: rust.path,
        key: literal(&mapped.column.name),
    }
}

fn column_docs(mapped: &Mapped<'_>) -> Vec<String> {
    let column = mapped.column;
    let mut note = [&doc::code(&column.name), ": ", &doc::code(&column.type_name)].concat();
    if !mapped.nullable {
        note.push_str(", not null");
    }
    if let Some(generated) = &column.generated {
        note.push_str(&format!(", generated as {}", doc::code(&generated.expression)));
    } else if let Some(identity) = &column.identity {
        let when = match identity.generation {
            Generation::Always => "always",
            Generation::ByDefault => "by default",
        };
        note.push_str(&format!(", generated {when} as identity"));
    } else if let Some(default) = &column.default {
        note.push_str(&format!(", default {}", doc::code(default)));
    }
    if let Some(cast) = mapped.rust.cast {
        note.push_str(&format!("; read and written as {}", doc::code(cast.sql())));
    }
    note.push('.');
    docs(column.comment.as_deref(), &note)
}

fn consts(schema: &str, relation: &str, columns: &[Mapped<'_>], key: &[String]) -> Consts {
    Consts {
        schema: literal(schema),
        table: literal(relation),
        columns: columns.iter().map(|mapped| literal(&mapped.column.name)).collect(),
        primary_key: key.iter().map(|column| literal(column)).collect(),
        select: literal(&select(schema, relation, columns)),
    }
}

fn select(schema: &str, relation: &str, columns: &[Mapped<'_>]) -> String {
    let list: Vec<(&str, Option<&str>)> =
        columns.iter().map(|mapped| (mapped.column.name.as_str(), mapped.rust.cast.map(|cast| cast.sql()))).collect();
    sql::select(schema, relation, &list)
}

fn claim(schema: &str, relation: &str, is_view: bool, columns: &[Mapped<'_>]) -> Claim {
    let of_column = |mapped: &Mapped<'_>| ColumnClaim {
        name: mapped.column.name.clone(),
        type_name: mapped.column.type_name.clone(),
        cast: mapped.rust.cast.map(|cast| cast.sql()),
        nullable: mapped.nullable,
        has_default: mapped.has_default(),
        is_generated: mapped.column.is_written_by_server(),
    };
    Claim {
        schema: schema.to_owned(),
        relation: relation.to_owned(),
        is_view,
        select: select(schema, relation, columns),
        columns: columns.iter().map(of_column).collect(),
    }
}

/// What all fields have. A row is never Copy: a column more would take it away.
fn common(columns: &[Mapped<'_>]) -> Traits {
    common_of(columns.iter())
}

fn common_of<'x, 'm: 'x>(columns: impl Iterator<Item = &'x Mapped<'m>>) -> Traits {
    let traits = columns.fold(Traits::KEY, |traits, mapped| traits.both(mapped.rust.traits));
    Traits { copy: false, ..traits }
}

/// The first few names of a list.
fn some_of(names: &[&str]) -> String {
    const SHOWN: usize = 5;
    let shown = names.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

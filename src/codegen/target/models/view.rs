//! What the templates lay out: every name, type and attribute is decided here.

use crate::codegen::loss::Finding;
use crate::codegen::target::destination::Destinations;

use super::claims::Claim;

/// One struct.
pub(super) struct Struct {
    /// Lines of the doc comment.
    pub docs: Vec<String>,
    pub attributes: Vec<String>,
    pub ident: String,
    pub fields: Vec<Field>,
}

pub(super) struct Field {
    pub docs: Vec<String>,
    pub attributes: Vec<String>,
    pub ident: String,
    pub type_path: String,
    /// The column's name as a literal.
    pub key: String,
}

/// A struct of one unnamed field: an id or a domain.
pub(super) struct Newtype {
    pub docs: Vec<String>,
    pub attributes: Vec<String>,
    pub ident: String,
    pub field_attributes: Vec<String>,
    pub inner: String,
    pub display: bool,
}

pub(super) struct EnumItem {
    pub docs: Vec<String>,
    pub attributes: Vec<String>,
    pub ident: String,
    /// The type's name as a literal.
    pub name: String,
    pub variants: Vec<Variant>,
}

pub(super) struct Variant {
    pub docs: Vec<String>,
    pub attributes: Vec<String>,
    pub ident: String,
    /// The label as a literal.
    pub label: String,
}

/// The consts of a row: literals.
pub(super) struct Consts {
    pub schema: String,
    pub table: String,
    pub columns: Vec<String>,
    pub primary_key: Vec<String>,
    pub select: String,
}

pub(super) struct TableItem {
    pub row: Struct,
    pub consts: Consts,
    pub id: Option<Newtype>,
    pub new: Struct,
    pub update: Struct,
    pub claim: Claim,
}

pub(super) struct ViewItem {
    pub row: Struct,
    pub consts: Consts,
    pub claim: Claim,
}

/// Everything of one schema.
pub(super) struct SchemaItem {
    /// The module, and the folder, without `r#`.
    pub module: String,
    pub docs: Vec<String>,
    /// The schema's name for the files' own docs.
    pub title: String,
    pub enums: Vec<EnumItem>,
    pub domains: Vec<Newtype>,
    pub composites: Vec<Struct>,
    pub tables: Vec<TableItem>,
    pub views: Vec<ViewItem>,
}

impl SchemaItem {
    pub fn is_empty(&self) -> bool {
        self.enums.is_empty()
            && self.domains.is_empty()
            && self.composites.is_empty()
            && self.tables.is_empty()
            && self.views.is_empty()
    }
}

/// All models, and what was lost on the way.
pub(super) struct Models {
    pub schemas: Vec<SchemaItem>,
    pub uses: super::uses::Uses,
    pub findings: Vec<Finding>,
    pub destinations: Destinations,
}

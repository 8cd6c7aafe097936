//! What the models take for granted about a database: the statements that read
//! and write their rows, and for each column its type and whether it may be
//! null. `schemacast validate --types` holds it against a live one.

use crate::codegen::target::{CastError, Input};

use super::build;

/// What the models of one table or view take for granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    pub schema: String,
    pub relation: String,
    /// A view's models only read.
    pub is_view: bool,
    /// The const SELECT.
    pub select: String,
    /// In the row's order.
    pub columns: Vec<ColumnClaim>,
}

/// What a field takes for granted of its column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnClaim {
    pub name: String,
    /// The type, as the manifest says it.
    pub type_name: String,
    /// The cast that it is read and written through: `text` or `text[]`.
    pub cast: Option<&'static str>,
    /// Whether the field is an Option.
    pub nullable: bool,
    /// Whether a new row may come without it.
    pub has_default: bool,
    /// Whether the server alone writes it, so that a new row has no field for it.
    pub is_generated: bool,
}

impl Claim {
    /// `schema.relation`.
    pub fn path(&self) -> String {
        format!("{}.{}", self.schema, self.relation)
    }
}

/// What the models of a manifest take for granted: by schema its tables, then
/// its views, in the manifest's order.
///
/// # Errors
/// Type overrides that name what is not there.
pub fn claims(input: &Input<'_>) -> Result<Vec<Claim>, CastError> {
    let models = build::build(input)?;
    let of_schema = |schema: super::view::SchemaItem| {
        let tables = schema.tables.into_iter().map(|table| table.claim);
        tables.chain(schema.views.into_iter().map(|view| view.claim)).collect::<Vec<_>>()
    };
    Ok(models.schemas.into_iter().flat_map(of_schema).collect())
}

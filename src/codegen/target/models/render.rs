//! Templates to files: rendered, formatted, and headed by where they come from.

use askama::Template;

use crate::codegen::artifact::{Artifact, Format};
use crate::codegen::target::CastError;

use super::external;
use super::idents;
use super::layout::Layout;
use super::options::{Feature, ModelsOptions};
use super::rust_type::Support;
use super::view::{EnumItem, Models, Newtype, Struct, TableItem, ViewItem};

#[derive(Template)]
#[template(path = "models/mod.rs", escape = "none")]
struct Root<'v> {
    cargo: Vec<String>,
    features: bool,
    schemas: Vec<ModuleLine<'v>>,
}

struct ModuleLine<'v> {
    ident: String,
    docs: &'v [String],
}

#[derive(Template)]
#[template(path = "models/support.rs", escape = "none")]
struct SupportFile<'v> {
    uses: &'v super::uses::Uses,
    postgres: bool,
    sqlx: bool,
    serde: bool,
    schemars: bool,
}

impl SupportFile<'_> {
    fn has(&self, name: &str) -> bool {
        let support = match name {
            "interval" => Support::Interval,
            "money" => Support::Money,
            "timetz" => Support::TimeTz,
            "pg_lsn" => Support::PgLsn,
            "numeric" => Support::Numeric,
            "range" => Support::Range,
            "multirange" => Support::Multirange,
            _ => Support::Bits,
        };
        self.uses.has(support)
    }
}

#[derive(Template)]
#[template(path = "models/schema/mod.rs", escape = "none")]
struct SchemaFile {
    files: Vec<&'static str>,
}

#[derive(Template)]
#[template(path = "models/schema/enum.rs", escape = "none")]
struct EnumText<'v> {
    item: &'v EnumItem,
}

#[derive(Template)]
#[template(path = "models/schema/newtype.rs", escape = "none")]
struct NewtypeText<'v> {
    item: &'v Newtype,
}

#[derive(Template)]
#[template(path = "models/schema/struct.rs", escape = "none")]
struct StructText<'v> {
    item: &'v Struct,
}

#[derive(Template)]
#[template(path = "models/schema/table.rs", escape = "none")]
struct TableText<'v> {
    table: &'v TableItem,
    from_row: bool,
}

#[derive(Template)]
#[template(path = "models/schema/view.rs", escape = "none")]
struct ViewText<'v> {
    view: &'v ViewItem,
    from_row: bool,
}

/// Every file of the models.
pub(super) fn render(
    models: &Models,
    options: &ModelsOptions,
    manifest_path: &str,
) -> Result<Vec<Artifact>, CastError> {
    let wire = models.uses.support.iter().any(|support| support.has_wire_format());
    let modules: Vec<ModuleLine<'_>> = models
        .schemas
        .iter()
        .map(|schema| ModuleLine { ident: idents::raw(&schema.module), docs: &schema.docs })
        .collect();
    let root = Root {
        cargo: external::cargo_lines(&models.uses.externals, options, wire),
        features: Feature::ALL.into_iter().any(|feature| options.has(feature)),
        schemas: modules,
    };
    let support = SupportFile {
        uses: &models.uses,
        postgres: options.has(Feature::PostgresTypes),
        sqlx: options.has(Feature::Sqlx),
        serde: options.has(Feature::Serde),
        schemars: options.has(Feature::Schemars),
    };
    let mut layout = Layout::default();
    let header = header(manifest_path);
    let mut artifacts = Vec::new();
    let mut push = |path: &str, contents: String| {
        artifacts.push(Artifact { path: format!("models/{path}"), contents, format: Format::Rust });
    };
    push("mod.rs", file(&header, &mut layout, [&root])?);
    push("support.rs", file(&header, &mut layout, [&support])?);
    let from_row = options.has(Feature::TokioPostgres);
    for schema in &models.schemas {
        let head = |kind: &str| format!("{header}//! The {kind} of the schema {}.\n", schema.title);
        let enums = schema.enums.iter().map(|item| EnumText { item });
        let domains = schema.domains.iter().map(|item| NewtypeText { item });
        let composites = schema.composites.iter().map(|item| StructText { item });
        let tables = schema.tables.iter().map(|table| TableText { table, from_row });
        let views = schema.views.iter().map(|view| ViewText { view, from_row });
        let files = [
            ("enums", schema.enums.len(), file(&head("enums"), &mut layout, enums)?),
            ("domains", schema.domains.len(), file(&head("domains"), &mut layout, domains)?),
            ("composites", schema.composites.len(), file(&head("composite types"), &mut layout, composites)?),
            ("tables", schema.tables.len(), file(&head("tables"), &mut layout, tables)?),
            ("views", schema.views.len(), file(&head("views"), &mut layout, views)?),
        ];
        let files: Vec<_> = files.into_iter().filter(|(_, count, _)| *count > 0).collect();
        let module = SchemaFile { files: files.iter().map(|(name, _, _)| *name).collect() };
        let folder = &schema.module;
        push(&format!("{folder}/mod.rs"), file(&header, &mut layout, [&module])?);
        for (name, _, text) in files {
            push(&format!("{folder}/{name}.rs"), text);
        }
    }
    Ok(artifacts)
}

/// A file of items, each laid out by itself, so that of one alone there is ever
/// a syntax tree: items stand below each other whatever they are.
fn file(head: &str, layout: &mut Layout, items: impl IntoIterator<Item = impl Template>) -> Result<String, CastError> {
    let mut text = head.to_owned();
    let mut item_text = String::new();
    for item in items {
        item_text.clear();
        item.render_into(&mut item_text)?;
        text.push_str(&layout.formatted(&item_text));
    }
    Ok(text)
}

/// prettyplease drops comments that are no doc comments, so the header goes on
/// top of what it made.
fn header(manifest_path: &str) -> String {
    let path: String = manifest_path.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!("// @generated by schemacast from {path}; do not edit\n\n")
}

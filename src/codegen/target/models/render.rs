//! Templates to files: rendered, formatted, and headed by where they come from.

use askama::Template;

use crate::codegen::artifact::{Artifact, Format};
use crate::codegen::target::CastError;

use super::external;
use super::idents;
use super::options::{Feature, ModelsOptions};
use super::rust_type::Support;
use super::view::{EnumItem, Models, Newtype, SchemaItem, Struct, TableItem, ViewItem};

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
#[template(path = "models/schema/enums.rs", escape = "none")]
struct EnumsFile<'v> {
    title: &'v str,
    enums: &'v [EnumItem],
}

#[derive(Template)]
#[template(path = "models/schema/domains.rs", escape = "none")]
struct DomainsFile<'v> {
    title: &'v str,
    domains: &'v [Newtype],
}

#[derive(Template)]
#[template(path = "models/schema/composites.rs", escape = "none")]
struct CompositesFile<'v> {
    title: &'v str,
    composites: &'v [Struct],
}

#[derive(Template)]
#[template(path = "models/schema/tables.rs", escape = "none")]
struct TablesFile<'v> {
    title: &'v str,
    tables: &'v [TableItem],
    from_row: bool,
}

#[derive(Template)]
#[template(path = "models/schema/views.rs", escape = "none")]
struct ViewsFile<'v> {
    title: &'v str,
    views: &'v [ViewItem],
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
    let mut files = vec![("mod.rs".to_owned(), root.render()?), ("support.rs".to_owned(), support.render()?)];
    for schema in &models.schemas {
        files.extend(schema_files(schema, options)?);
    }
    Ok(files
        .into_iter()
        .map(|(path, text)| Artifact {
            path: format!("models/{path}"),
            contents: format!("{}{}", header(manifest_path), formatted(&text)),
            format: Format::Rust,
        })
        .collect())
}

fn schema_files(schema: &SchemaItem, options: &ModelsOptions) -> Result<Vec<(String, String)>, CastError> {
    let title = schema.title.as_str();
    let from_row = options.has(Feature::TokioPostgres);
    let mut files: Vec<(&'static str, String)> = Vec::new();
    if !schema.enums.is_empty() {
        files.push(("enums", EnumsFile { title, enums: &schema.enums }.render()?));
    }
    if !schema.domains.is_empty() {
        files.push(("domains", DomainsFile { title, domains: &schema.domains }.render()?));
    }
    if !schema.composites.is_empty() {
        files.push(("composites", CompositesFile { title, composites: &schema.composites }.render()?));
    }
    if !schema.tables.is_empty() {
        files.push(("tables", TablesFile { title, tables: &schema.tables, from_row }.render()?));
    }
    if !schema.views.is_empty() {
        files.push(("views", ViewsFile { title, views: &schema.views, from_row }.render()?));
    }
    let module = SchemaFile { files: files.iter().map(|(name, _)| *name).collect() }.render()?;
    let folder = &schema.module;
    let mut all = vec![(format!("{folder}/mod.rs"), module)];
    all.extend(files.into_iter().map(|(name, text)| (format!("{folder}/{name}.rs"), text)));
    Ok(all)
}

/// prettyplease drops comments that are no doc comments, so the header goes on
/// top of what it made.
fn header(manifest_path: &str) -> String {
    let path: String = manifest_path.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!("// @generated by schemacast from {path}; do not edit\n\n")
}

/// The text as prettyplease lays it out. What is no Rust stays as it is, for
/// the check of the artifact to refuse with its place.
fn formatted(text: &str) -> String {
    match syn::parse_file(text) {
        Ok(file) => prettyplease::unparse(&file),
        Err(_) => text.to_owned(),
    }
}

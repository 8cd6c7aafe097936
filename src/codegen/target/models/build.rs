//! From the catalog to the view.

use crate::codegen::manifest::ViewKind;
use crate::codegen::target::{CastError, Input};

use super::attributes::Attributes;
use super::build_rows::RowBuilder;
use super::build_types::{TypeBuilder, docs};
use super::destinations;
use super::doc;
use super::ids::Ids;
use super::naming::Names;
use super::overrides::Overrides;
use super::type_map::TypeMap;
use super::uses::Uses;
use super::view::{Models, SchemaItem};

/// Decides every name and type of the models.
///
/// # Errors
/// Type overrides that name what is not there.
pub(super) fn build(input: &Input<'_>) -> Result<Models, CastError> {
    let (catalog, options) = (input.catalog, &input.project.models);
    let mut findings = Vec::new();
    let mut uses = Uses::default();
    let overrides = Overrides::new(&options.type_overrides, catalog)?;
    let names = Names::new(catalog, &mut findings);
    let ids = if options.ids { Ids::new(catalog, &overrides) } else { Ids::none() };
    let types = TypeMap::new(catalog, &names, &overrides, options);
    let attributes = Attributes { options };
    let mut schemas = Vec::new();
    for schema in &catalog.manifest.schemas {
        let mut of_types =
            TypeBuilder { schema, types: &types, attributes: &attributes, uses: &mut uses, findings: &mut findings };
        let enums = schema.enums.iter().map(|item| of_types.enumeration(item)).collect();
        let domains = schema.domains.iter().map(|item| of_types.domain(item)).collect();
        let composites = schema.composites.iter().map(|item| of_types.composite(item)).collect();
        let mut of_rows = RowBuilder {
            schema,
            types: &types,
            ids: &ids,
            attributes: &attributes,
            uses: &mut uses,
            findings: &mut findings,
        };
        let tables = schema.tables.iter().map(|table| of_rows.table(table)).collect();
        let views = schema.views.iter().map(|view| (view, ViewKind::View));
        let views = views.chain(schema.materialized_views.iter().map(|view| (view, ViewKind::MaterializedView)));
        let views = views.map(|(view, kind)| of_rows.view(view, kind)).collect();
        let title = doc::code(&schema.name);
        let item = SchemaItem {
            module: names.module(&schema.name).to_owned(),
            docs: docs(schema.comment.as_deref(), &format!("The schema {title}.")),
            title,
            enums,
            domains,
            composites,
            tables,
            views,
        };
        if !item.is_empty() {
            schemas.push(item);
        }
    }
    findings.extend(uses.trap_findings());
    let destinations = destinations::destinations(catalog, &names);
    Ok(Models { schemas, uses, findings, destinations })
}

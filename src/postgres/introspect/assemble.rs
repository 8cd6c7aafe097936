//! What the queries found, joined by object number into one manifest.

use super::Error;
use super::columns::COLUMNS;
use super::constraints::CONSTRAINTS;
use super::grants::Grants;
use super::indexes::{COLLATIONS, INDEX_KEYS, INDEXES, IndexAnswers};
use super::operator_classes::{DOMAIN_BASES, OPERATOR_CLASSES, OperatorClasses};
use super::pipeline::{Answer, Query};
use super::profile::Scope;
use super::relations::{Body, DEFINITIONS, RELATIONS};
use super::{
    aggregates, columns, constraints, dependencies, grants, indexes, not_null, nullability, partitions, policies,
    relations, routines, sequences, statistics, triggers, types,
};
use crate::codegen::manifest::{Extension, Manifest};

pub(super) const EXTENSIONS: Query = Query { what: "extensions", sql: include_str!("sql/extensions.sql") };

/// The second round: every kind of object in the schemas that are read.
pub(super) const QUERIES: [&Query; 23] = [
    &RELATIONS,
    &DEFINITIONS,
    &nullability::VIEW_TREES,
    &nullability::NOT_NULL_COLUMNS,
    &COLUMNS,
    &not_null::NOT_NULL_CONSTRAINTS,
    &CONSTRAINTS,
    &INDEXES,
    &INDEX_KEYS,
    &COLLATIONS,
    &OPERATOR_CLASSES,
    &DOMAIN_BASES,
    &statistics::STATISTICS,
    &sequences::SEQUENCES,
    &triggers::TRIGGERS,
    &triggers::RULES,
    &policies::POLICIES,
    &types::TYPES,
    &types::DOMAIN_CHECKS,
    &routines::ROUTINES,
    &aggregates::AGGREGATES,
    &grants::DEFAULT_PRIVILEGES,
    &dependencies::DEPENDENCIES,
];

/// Joins the answers to [`QUERIES`], which come in the same order. `rest` is
/// what `rare` found that has no schema, `grants` what it left of the
/// privileges.
pub(super) fn manifest(
    scope: Scope,
    rest: Manifest,
    mut grants: Grants,
    extensions: &Answer,
    answers: [Answer; 23],
) -> Result<Manifest, Error> {
    let [
        relation_rows,
        definitions,
        view_trees,
        not_null_columns,
        column_rows,
        not_null_constraints,
        constraints,
        index_rows,
        index_keys,
        collations,
        operator_classes,
        domain_bases,
        statistics_rows,
        sequence_rows,
        trigger_rows,
        rules,
        policy_rows,
        type_rows,
        domain_checks,
        routine_rows,
        aggregate_rows,
        default_privileges,
        dependency_rows,
    ] = answers;
    // First, for its answers are large, and given back with that.
    let not_null = nullability::derive(view_trees, not_null_columns, &scope.source)?;
    let mut schemas = scope.schemas;
    for (oid, schema) in &mut schemas {
        schema.grants = grants.take(grants::PG_NAMESPACE, *oid, 0);
    }
    let mut relations = relations::read(relation_rows)?;
    relations::attach_definitions(&definitions, &mut relations)?;
    let (sequences, mut identities) = sequences::read(sequence_rows, &mut grants)?;
    let mut columns = columns::read(column_rows, &relations, &mut identities, &mut grants)?;
    not_null.mark(&mut columns);
    let domain_not_null = not_null::attach(&not_null_constraints, &relations, &mut columns)?;
    let classes = OperatorClasses::read(&operator_classes, &domain_bases)?;
    let index_answers = IndexAnswers { indexes: index_rows, keys: &index_keys, collations: &collations };
    let mut indexes = indexes::read(index_answers, &classes, &columns, &mut relations)?;
    constraints::attach(constraints, &columns, &mut indexes, &mut relations)?;
    indexes.attach(&mut relations);
    statistics::attach(&statistics_rows, &mut relations)?;
    triggers::attach_triggers(&trigger_rows, &mut relations)?;
    triggers::attach_rules(&rules, &mut relations)?;
    policies::attach(&policy_rows, &mut relations)?;
    partitions::attach_columns(&columns, &mut relations);
    for (oid, relation) in &mut relations {
        let grants = grants.take(grants::PG_CLASS, *oid, 0);
        match &mut relation.body {
            Body::Table(table) => (table.columns, table.grants) = (columns.take(*oid), grants.into()),
            Body::View(view) | Body::MaterializedView(view) => {
                (view.columns, view.grants) = (columns.take(*oid), grants);
            }
            Body::Partition { partition, .. } => partition.grants = grants.into(),
        }
    }
    for relation in partitions::fold(relations) {
        let Some(schema) = schemas.get_mut(&relation.schema_oid) else { continue };
        match relation.body {
            Body::Table(table) => schema.tables.push(*table),
            Body::View(view) => schema.views.push(*view),
            Body::MaterializedView(view) => schema.materialized_views.push(*view),
            Body::Partition { .. } => {}
        }
    }
    for (schema, sequence) in sequences {
        if let Some(schema) = schemas.get_mut(&schema) {
            schema.sequences.push(sequence);
        }
    }
    types::attach(&type_rows, &domain_checks, domain_not_null, &mut columns, &mut grants, &mut schemas)?;
    routines::attach(&routine_rows, aggregates::read(&aggregate_rows)?, &mut grants, &mut schemas)?;
    let mut manifest = Manifest {
        version: "1.0".to_owned(),
        generated: None,
        source: Some(scope.source),
        // The catalog is open to every role, so that but for the secrets and
        // the jobs of others, which `rest` names, nothing the manifest holds is
        // ever out of sight; what is gone when it is printed is an error, for
        // half a manifest would read as a change.
        left_out: scope.left_out.into_values().map(|schema| schema.entry).collect(),
        extensions: read_extensions(extensions)?,
        schemas: schemas.into_values().collect(),
        default_privileges: grants::default_privileges(&default_privileges)?,
        ..rest
    };
    // Last, for it asks which objects there are.
    dependencies::attach(&dependency_rows, &mut manifest)?;
    Ok(manifest)
}

fn read_extensions(answer: &Answer) -> Result<Vec<Extension>, Error> {
    let extension = |mut cells: super::pipeline::Cells<'_>| {
        Ok(Extension {
            name: cells.take()?,
            version: cells.take()?,
            schema: cells.take()?,
            comment: cells.take()?,
            types: cells.list()?,
        })
    };
    answer.cells().map(extension).collect()
}

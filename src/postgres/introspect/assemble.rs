//! What the queries found, joined by object number into one manifest.

use super::Error;
use super::columns::COLUMNS;
use super::constraints::CONSTRAINTS;
use super::indexes::{COLLATIONS, INDEX_KEYS, INDEXES, IndexAnswers};
use super::operator_classes::{DOMAIN_BASES, OPERATOR_CLASSES, OperatorClasses};
use super::pipeline::{Answer, Query};
use super::profile::Scope;
use super::relations::{Body, DEFINITIONS, RELATIONS};
use super::{
    aggregates, columns, constraints, indexes, nullability, policies, relations, routines, sequences, triggers, types,
};
use crate::codegen::manifest::{Extension, Manifest};

pub(super) const EXTENSIONS: Query = Query { what: "extensions", sql: include_str!("sql/extensions.sql") };

/// The second round: every kind of object in the schemas that are read.
pub(super) const QUERIES: [&Query; 19] = [
    &RELATIONS,
    &DEFINITIONS,
    &nullability::VIEW_TREES,
    &nullability::NOT_NULL_COLUMNS,
    &COLUMNS,
    &CONSTRAINTS,
    &INDEXES,
    &INDEX_KEYS,
    &COLLATIONS,
    &OPERATOR_CLASSES,
    &DOMAIN_BASES,
    &sequences::SEQUENCES,
    &triggers::TRIGGERS,
    &triggers::RULES,
    &policies::POLICIES,
    &types::TYPES,
    &types::DOMAIN_CHECKS,
    &routines::ROUTINES,
    &aggregates::AGGREGATES,
];

/// Joins the answers to [`QUERIES`], which come in the same order. `rest` is
/// what `rare` found that has no schema.
pub(super) fn manifest(
    scope: Scope,
    rest: Manifest,
    extensions: &Answer,
    answers: [Answer; 19],
) -> Result<Manifest, Error> {
    let [
        relation_rows,
        definitions,
        view_trees,
        not_null_columns,
        column_rows,
        constraints,
        index_rows,
        index_keys,
        collations,
        operator_classes,
        domain_bases,
        sequence_rows,
        trigger_rows,
        rules,
        policy_rows,
        type_rows,
        domain_checks,
        routine_rows,
        aggregate_rows,
    ] = answers;
    let mut schemas = scope.schemas;
    let mut relations = relations::read(&relation_rows)?;
    relations::attach_definitions(&definitions, &mut relations)?;
    let (sequences, mut identities) = sequences::read(&sequence_rows)?;
    let mut columns = columns::read(&column_rows, &relations, &mut identities)?;
    nullability::attach(&view_trees, &not_null_columns, &scope.source, &mut columns)?;
    let classes = OperatorClasses::read(&operator_classes, &domain_bases)?;
    let index_answers = IndexAnswers { indexes: &index_rows, keys: &index_keys, collations: &collations };
    let mut indexes = indexes::read(&index_answers, &classes, &columns, &mut relations)?;
    constraints::attach(&constraints, &columns, &mut indexes, &mut relations)?;
    indexes::attach(indexes, &mut relations);
    triggers::attach_triggers(&trigger_rows, &mut relations)?;
    triggers::attach_rules(&rules, &mut relations)?;
    policies::attach(&policy_rows, &mut relations)?;
    for (oid, relation) in &mut relations {
        match &mut relation.body {
            Body::Table(table) => table.columns = columns.take(*oid),
            Body::View(view) | Body::MaterializedView(view) => view.columns = columns.take(*oid),
            Body::Partition { .. } => {}
        }
    }
    for relation in relations::fold_partitions(relations) {
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
    types::attach(&type_rows, &domain_checks, &mut columns, &mut schemas)?;
    routines::attach(&routine_rows, aggregates::read(&aggregate_rows)?, &mut schemas)?;
    Ok(Manifest {
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
        ..rest
    })
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

//! Tables, partitions, views and materialised views, as yet without what the
//! other queries say about them.

use std::collections::BTreeMap;

use super::Error;
use super::partitions;
use super::pipeline::{Answer, Cells, Query};
use crate::codegen::manifest::{
    Check, Exclusion, ForeignKey, ForeignTable, Index, Key, Partition, PartitionKey, PartitionStrategy, Persistence,
    Policy, Rule, Seldom, Statistics, Table, Trigger, View,
};
use crate::codegen::sql::requoted;

pub(super) const RELATIONS: Query = Query { what: "tables and views", sql: include_str!("sql/relations.sql") };
pub(super) const DEFINITIONS: Query = Query { what: "view definitions", sql: include_str!("sql/view_definitions.sql") };

/// By object number.
pub(super) type Relations = BTreeMap<u32, Relation>;

/// One row of pg_class.
pub(super) struct Relation {
    pub schema_oid: u32,
    pub schema: String,
    pub body: Body,
}

pub(super) enum Body {
    Table(Box<Table>),
    View(Box<View>),
    MaterializedView(Box<View>),
    Partition { parent: u32, partition: Box<Partition> },
}

impl Relation {
    pub fn name(&self) -> &str {
        match &self.body {
            Body::Table(table) => &table.name,
            Body::View(view) | Body::MaterializedView(view) => &view.name,
            Body::Partition { partition, .. } => &partition.name,
        }
    }

    /// The lists of a table or partition. A view has none of them.
    pub fn table_parts(&mut self) -> Option<TableParts<'_>> {
        match &mut self.body {
            Body::Table(table) => Some(TableParts {
                primary_key: &mut table.primary_key,
                unique: &mut table.unique,
                foreign_keys: &mut table.foreign_keys,
                checks: &mut table.checks,
                exclusions: &mut table.exclusions,
                policies: &mut table.policies,
            }),
            Body::Partition { partition, .. } => Some(TableParts {
                primary_key: &mut partition.primary_key,
                unique: &mut partition.unique,
                foreign_keys: &mut partition.foreign_keys,
                checks: &mut partition.checks,
                exclusions: &mut partition.exclusions,
                policies: &mut partition.policies,
            }),
            Body::View(_) | Body::MaterializedView(_) => None,
        }
    }

    /// The lists that every kind has.
    pub fn attached(&mut self) -> Attached<'_> {
        match &mut self.body {
            Body::Table(table) => Attached {
                indexes: &mut table.indexes,
                statistics: &mut table.statistics,
                triggers: &mut table.triggers,
                rules: &mut table.rules,
                cluster_on: &mut table.cluster_on,
                replica_identity_index: &mut table.replica_identity_index,
            },
            Body::View(view) | Body::MaterializedView(view) => Attached {
                indexes: &mut view.indexes,
                statistics: &mut view.statistics,
                triggers: &mut view.triggers,
                rules: &mut view.rules,
                cluster_on: &mut view.cluster_on,
                replica_identity_index: &mut view.replica_identity_index,
            },
            Body::Partition { partition, .. } => Attached {
                indexes: &mut partition.indexes,
                statistics: &mut partition.statistics,
                triggers: &mut partition.triggers,
                rules: &mut partition.rules,
                cluster_on: &mut partition.cluster_on,
                replica_identity_index: &mut partition.replica_identity_index,
            },
        }
    }
}

/// Constraints and policies, which tables and partitions have.
pub(super) struct TableParts<'r> {
    pub primary_key: &'r mut Option<Key>,
    pub unique: &'r mut Seldom<Vec<Key>>,
    pub foreign_keys: &'r mut Vec<ForeignKey>,
    pub checks: &'r mut Seldom<Vec<Check>>,
    pub exclusions: &'r mut Seldom<Vec<Exclusion>>,
    pub policies: &'r mut Vec<Policy>,
}

/// What tables, partitions and views alike may have.
pub(super) struct Attached<'r> {
    pub indexes: &'r mut Vec<Index>,
    pub statistics: &'r mut Seldom<Vec<Statistics>>,
    pub triggers: &'r mut Seldom<Vec<Trigger>>,
    pub rules: &'r mut Seldom<Vec<Rule>>,
    pub cluster_on: &'r mut Seldom<Option<String>>,
    pub replica_identity_index: &'r mut Seldom<Option<String>>,
}

/// Adds an item to a list of what a table has, which is mostly one or two: a
/// list makes room for four at once, and of tables there may be many.
pub(super) fn add<T>(list: &mut Vec<T>, item: T) {
    if list.len() == list.capacity() {
        list.reserve_exact(list.len() / 2 + 1);
    }
    list.push(item);
}

/// All that are read: a partition whose parent is in a schema that is left out
/// is left out with it.
pub(super) fn read(answer: Answer) -> Result<Relations, Error> {
    let mut relations = Relations::new();
    let mut rows = answer.into_rows();
    while let Some(cells) = rows.next() {
        let (oid, relation) = relation(cells)?;
        relations.insert(oid, relation);
    }
    partitions::drop_orphans(&mut relations);
    Ok(relations)
}

fn relation(mut cells: Cells<'_>) -> Result<(u32, Relation), Error> {
    let oid: u32 = cells.take()?;
    let schema_oid: u32 = cells.take()?;
    let schema: String = cells.take()?;
    let name: String = cells.take()?;
    let kind = cells.code()?;
    let persistence = persistence(cells.code()?);
    let comment: Option<String> = cells.take()?;
    let access_method: Option<String> = cells.take()?;
    let tablespace: Option<String> = cells.take()?;
    let mut options: Vec<String> = cells.list()?;
    // The options of the table's TOAST table are set on the table itself.
    options.extend(cells.list::<&str>()?.iter().map(|option| format!("toast.{option}")));
    let row_security: bool = cells.take()?;
    let force_row_security: bool = cells.take()?;
    let replica_identity = match cells.code()? {
        'f' => Some("full".to_owned()),
        // A foreign table always has none, as a view has.
        'n' if matches!(kind, 'r' | 'p' | 'm') => Some("nothing".to_owned()),
        // An index names itself, when the indexes are read.
        _ => None,
    };
    let populated: bool = cells.take()?;
    let of_type = cells.take::<Option<&str>>()?.map(requoted);
    let is_partition: bool = cells.take()?;
    let parent: Option<u32> = cells.take()?;
    let parents: Vec<String> = cells.list::<&str>()?.into_iter().map(requoted).collect();
    let bound: Option<String> = cells.take()?;
    let strategy = cells.code()?;
    let key_columns: Vec<String> = cells.list()?;
    let key: Option<String> = cells.take()?;
    let partition_by = key.map(|definition| {
        Box::new(PartitionKey { strategy: partition_strategy(strategy), columns: key_columns, definition })
    });
    let server: Option<String> = cells.take()?;
    let foreign_options: Vec<String> = cells.options()?;
    let foreign = server.map(|server| Box::new(ForeignTable { server, options: foreign_options }));
    let view = |access_method| View {
        name: name.clone(),
        comment: comment.clone(),
        options: options.clone(),
        access_method,
        tablespace: tablespace.clone(),
        not_populated: !populated,
        replica_identity: replica_identity.clone(),
        ..View::default()
    };
    let body = match (kind, parent) {
        ('v', _) => Body::View(Box::new(view(None))),
        ('m', _) => Body::MaterializedView(Box::new(view(access_method))),
        (_, Some(parent)) if is_partition => {
            let bound = bound.ok_or_else(|| Error::Changed(format!("the partition {schema}.{name}")))?;
            let partition = Box::new(Partition {
                // Which schema it is in is said below its parent, if at all.
                schema: None,
                name,
                bound,
                comment: comment.into(),
                persistence,
                access_method: access_method.into(),
                tablespace: tablespace.into(),
                options: options.into(),
                foreign,
                row_security,
                force_row_security,
                replica_identity: replica_identity.into(),
                partition_by,
                ..Partition::default()
            });
            Body::Partition { parent, partition }
        }
        _ => Body::Table(Box::new(Table {
            name,
            comment: comment.into(),
            persistence,
            partition_by,
            inherits: parents.into(),
            of_type: of_type.into(),
            access_method: access_method.into(),
            tablespace: tablespace.into(),
            options: options.into(),
            row_security,
            force_row_security,
            foreign,
            replica_identity: replica_identity.into(),
            ..Table::default()
        })),
    };
    Ok((oid, Relation { schema_oid, schema, body }))
}

/// Gives views their queries.
pub(super) fn attach_definitions(answer: &Answer, relations: &mut Relations) -> Result<(), Error> {
    for mut cells in answer.cells() {
        let Some(relation) = relations.get_mut(&cells.take()?) else { continue };
        if let Body::View(view) | Body::MaterializedView(view) = &mut relation.body {
            let definition = cells.printed(&view.name)?;
            view.definition = definition.trim().trim_end_matches(';').to_owned();
        }
    }
    Ok(())
}

pub(super) fn persistence(code: char) -> Persistence {
    match code {
        'u' => Persistence::Unlogged,
        't' => Persistence::Temporary,
        _ => Persistence::Permanent,
    }
}

fn partition_strategy(code: char) -> PartitionStrategy {
    match code {
        'l' => PartitionStrategy::List,
        'h' => PartitionStrategy::Hash,
        _ => PartitionStrategy::Range,
    }
}

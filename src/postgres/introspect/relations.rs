//! Tables, partitions, views and materialised views, as yet without what the
//! other queries say about them.

use std::collections::{BTreeMap, HashMap};

use super::Error;
use super::pipeline::{Answer, Cells, Query};
use crate::codegen::manifest::{
    Index, Partition, PartitionKey, PartitionStrategy, Persistence, Rule, Table, Trigger, View,
};

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

    pub fn table_mut(&mut self) -> Option<&mut Table> {
        match &mut self.body {
            Body::Table(table) => Some(table),
            _ => None,
        }
    }

    pub fn indexes_mut(&mut self) -> Option<&mut Vec<Index>> {
        match &mut self.body {
            Body::Table(table) => Some(&mut table.indexes),
            Body::View(view) | Body::MaterializedView(view) => Some(&mut view.indexes),
            Body::Partition { .. } => None,
        }
    }

    pub fn triggers_mut(&mut self) -> Option<&mut Vec<Trigger>> {
        match &mut self.body {
            Body::Table(table) => Some(&mut table.triggers),
            Body::View(view) | Body::MaterializedView(view) => Some(&mut view.triggers),
            Body::Partition { .. } => None,
        }
    }

    pub fn rules_mut(&mut self) -> Option<&mut Vec<Rule>> {
        match &mut self.body {
            Body::Table(table) => Some(&mut table.rules),
            Body::View(view) | Body::MaterializedView(view) => Some(&mut view.rules),
            Body::Partition { .. } => None,
        }
    }
}

pub(super) fn read(answer: &Answer) -> Result<Relations, Error> {
    answer.cells().map(relation).collect()
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
        'n' => Some("nothing".to_owned()),
        // An index names itself, when the indexes are read.
        _ => None,
    };
    let populated: bool = cells.take()?;
    let of_type: Option<String> = cells.take()?;
    let is_partition: bool = cells.take()?;
    let parent: Option<u32> = cells.take()?;
    let parents: Vec<String> = cells.list()?;
    let bound: Option<String> = cells.take()?;
    let strategy = cells.code()?;
    let key_columns: Vec<String> = cells.list()?;
    let key: Option<String> = cells.take()?;
    let partition_by =
        key.map(|definition| PartitionKey { strategy: partition_strategy(strategy), columns: key_columns, definition });
    let view = |access_method| View {
        name: name.clone(),
        comment: comment.clone(),
        options: options.clone(),
        access_method,
        tablespace: tablespace.clone(),
        not_populated: !populated,
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
                comment,
                persistence,
                options,
                tablespace,
                partition_by,
                ..Partition::default()
            });
            Body::Partition { parent, partition }
        }
        _ => Body::Table(Box::new(Table {
            name,
            comment,
            persistence,
            partition_by,
            inherits: parents,
            of_type,
            access_method,
            tablespace,
            options,
            row_security,
            force_row_security,
            replica_identity,
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

/// Puts partitions under their parents, at all depths. One whose parent is in
/// a schema that is left out is left out with it.
pub(super) fn fold_partitions(relations: Relations) -> Vec<Relation> {
    let mut children: HashMap<u32, Vec<(u32, String, Partition)>> = HashMap::new();
    let mut others = Vec::new();
    for (oid, relation) in relations {
        match relation.body {
            Body::Partition { parent, partition } => {
                children.entry(parent).or_default().push((oid, relation.schema, *partition));
            }
            _ => others.push((oid, relation)),
        }
    }
    let fold = |(oid, mut relation): (u32, Relation)| {
        if let Body::Table(table) = &mut relation.body {
            table.partitions = partitions_of(oid, &relation.schema, &mut children);
        }
        relation
    };
    others.into_iter().map(fold).collect()
}

fn partitions_of(
    parent: u32,
    parent_schema: &str,
    children: &mut HashMap<u32, Vec<(u32, String, Partition)>>,
) -> Vec<Partition> {
    let found = children.remove(&parent).unwrap_or_default();
    let place = |(oid, schema, mut partition): (u32, String, Partition)| {
        partition.partitions = partitions_of(oid, &schema, children);
        partition.schema = (schema != parent_schema).then_some(schema);
        partition
    };
    found.into_iter().map(place).collect()
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

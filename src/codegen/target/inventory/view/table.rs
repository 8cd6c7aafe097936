//! One table: its columns and everything that hangs on it.

use super::super::anchors::Kind;
use super::super::place;
use super::{Context, comment_cell, sql_cell};
use crate::codegen::manifest::{
    Column, ForeignTable, GeneratedKind, Index, Partition, Persistence, Policy, Rule, Schema, Table, Trigger,
    TriggerState,
};
use crate::codegen::markdown::{Cell, Inline};
use crate::codegen::relations::Cardinality;
use crate::codegen::sql;

/// The section of one table.
pub struct TablePart {
    /// What is not the default: persistence, parents, options.
    pub facts: Vec<Inline>,
    /// In order.
    pub columns: Vec<ColumnRow>,
    pub referenced_by: Vec<ReferenceRow>,
    pub constraints: Vec<ConstraintRow>,
    pub indexes: Vec<IndexRow>,
    pub triggers: Vec<TriggerRow>,
    pub rules: Vec<RuleRow>,
    /// Whether row security is on, where that or a policy says anything.
    pub row_security: Option<&'static str>,
    pub policies: Vec<PolicyRow>,
    pub partition_by: Option<Inline>,
    pub partitions: Vec<PartitionRow>,
}

pub struct ColumnRow {
    pub anchor: String,
    pub name: Cell,
    pub type_name: Cell,
    pub null: &'static str,
    /// The default, or how the column is generated.
    pub default: Cell,
    pub key: Cell,
    pub references: Cell,
    pub comment: Cell,
}

pub struct ReferenceRow {
    pub table: Cell,
    pub columns: Cell,
    pub to: Cell,
    pub cardinality: &'static str,
    pub on_delete: &'static str,
}

pub struct ConstraintRow {
    pub name: Cell,
    pub definition: Cell,
    pub comment: Cell,
}

pub struct IndexRow {
    pub name: Cell,
    pub definition: Cell,
    pub comment: Cell,
}

pub struct TriggerRow {
    pub name: Cell,
    pub state: &'static str,
    pub definition: Cell,
    pub comment: Cell,
}

pub struct RuleRow {
    pub name: Cell,
    pub state: &'static str,
    pub definition: Cell,
    pub comment: Cell,
}

pub struct PolicyRow {
    pub name: Cell,
    pub command: &'static str,
    pub kind: &'static str,
    pub roles: Cell,
    pub using: Cell,
    pub with_check: Cell,
    pub comment: Cell,
}

pub struct PartitionRow {
    pub name: Cell,
    pub bound: Cell,
    /// How the partition is partitioned itself.
    pub partition_by: Cell,
    pub comment: Cell,
}

impl TablePart {
    pub fn new(context: &Context<'_>, schema: &Schema, table: &Table) -> Self {
        let row_security = match (table.row_security, table.force_row_security) {
            (true, true) => Some("on, for the owner too"),
            (true, false) => Some("on"),
            (false, true) => Some("off, but forced on the owner once it is on"),
            (false, false) if !table.policies.is_empty() => Some("off: the policies are not applied"),
            (false, false) => None,
        };
        let mut partitions = Vec::new();
        add_partitions(schema, &table.partitions, "", &mut partitions);
        Self {
            facts: facts(context, table),
            columns: table.columns.iter().map(|column| column_row(context, table, column)).collect(),
            referenced_by: referenced_by(context, schema, table),
            constraints: constraints(table),
            indexes: index_rows(&table.indexes),
            triggers: trigger_rows(&table.triggers),
            rules: rule_rows(&table.rules),
            row_security,
            policies: table.policies.iter().map(policy_row).collect(),
            partition_by: table.partition_by.as_ref().map(|key| Inline::sql(&key.definition)),
            partitions,
        }
    }
}

/// How many partitions there are, those of partitions included.
pub fn partition_count(partitions: &[Partition]) -> usize {
    partitions.iter().map(|partition| 1 + partition_count(&partition.partitions)).sum()
}

pub fn index_rows(indexes: &[Index]) -> Vec<IndexRow> {
    let row = |index: &Index| {
        let mut definition = Inline::sql(&sql::index(index));
        if index.invalid {
            definition = definition.then(Inline::markup(" **invalid**"));
        }
        IndexRow {
            name: Inline::code(&index.name).cell(),
            definition: definition.cell(),
            comment: comment_cell(index.comment.as_deref()),
        }
    };
    indexes.iter().map(row).collect()
}

pub fn trigger_rows(triggers: &[Trigger]) -> Vec<TriggerRow> {
    let row = |trigger: &Trigger| TriggerRow {
        name: Inline::code(&trigger.name).cell(),
        state: state(trigger.enabled),
        definition: sql_cell(Some(&trigger.definition)),
        comment: comment_cell(trigger.comment.as_deref()),
    };
    triggers.iter().map(row).collect()
}

pub fn rule_rows(rules: &[Rule]) -> Vec<RuleRow> {
    let row = |rule: &Rule| RuleRow {
        name: Inline::code(&rule.name).cell(),
        state: state(rule.enabled),
        definition: sql_cell(Some(&rule.definition)),
        comment: comment_cell(rule.comment.as_deref()),
    };
    rules.iter().map(row).collect()
}

fn state(state: TriggerState) -> &'static str {
    match state {
        TriggerState::Origin => "enabled",
        TriggerState::Disabled => "**disabled**",
        TriggerState::Replica => "on replicas only",
        TriggerState::Always => "always",
    }
}

fn facts(context: &Context<'_>, table: &Table) -> Vec<Inline> {
    let mut facts = Vec::new();
    if let Some(foreign) = &table.foreign {
        facts.extend(foreign_facts(context, table, foreign));
    }
    match table.persistence {
        Persistence::Permanent => {}
        Persistence::Unlogged => facts.push(Inline::markup("Unlogged: emptied after a crash")),
        Persistence::Temporary => facts.push(Inline::markup("Temporary")),
    }
    if !table.inherits.is_empty() {
        let parents = table.inherits.iter().map(|parent| Inline::code(parent));
        facts.push(Inline::markup("Inherits: ").then(Inline::join(parents, ", ")));
    }
    let named = [
        ("Of type: ", table.of_type.as_deref()),
        ("Access method: ", table.access_method.as_deref()),
        ("Tablespace: ", table.tablespace.as_deref()),
        ("Replica identity: ", table.replica_identity.as_deref()),
        ("Replica identity: ", table.replica_identity_index.as_deref()),
    ];
    for (label, value) in named {
        if let Some(value) = value {
            facts.push(Inline::markup(label).then(Inline::code(value)));
        }
    }
    if !table.options.is_empty() {
        facts.push(Inline::markup("Options: ").then(Inline::sql(&table.options.join(", "))));
    }
    facts
}

/// Where a foreign table's rows are, and by which names.
fn foreign_facts(context: &Context<'_>, table: &Table, foreign: &ForeignTable) -> Vec<Inline> {
    let mut server = Inline::markup("Foreign server: ").then(Inline::code(&foreign.server));
    // The manifest may hold the table without the right to see its server.
    if let Some(found) = context.catalog.manifest.servers.iter().find(|server| server.name == foreign.server) {
        server = server.then(Inline::markup(", by the wrapper ")).then(Inline::code(&found.wrapper));
    }
    let mut facts = vec![server];
    if !foreign.options.is_empty() {
        facts.push(Inline::markup("Foreign options: ").then(Inline::sql(&foreign.options.join(", "))));
    }
    let columns = table.columns.iter().filter(|column| !column.foreign_options.is_empty());
    facts.extend(columns.map(|column| {
        let options = Inline::sql(&column.foreign_options.join(", "));
        Inline::markup("Foreign options of ").then(Inline::code(&column.name)).then(Inline::markup(": ")).then(options)
    }));
    facts
}

fn column_row(context: &Context<'_>, table: &Table, column: &Column) -> ColumnRow {
    let mut type_name = context.type_name(&column.type_name);
    if let Some(collation) = column.collation.as_deref() {
        type_name = type_name.then(Inline::markup(" ")).then(Inline::sql(&format!("COLLATE {collation}")));
    }
    let default = match (&column.generated, &column.identity) {
        (Some(generated), _) => {
            let kind = match generated.kind {
                GeneratedKind::Stored => "STORED",
                GeneratedKind::Virtual => "VIRTUAL",
            };
            Some(format!("GENERATED ALWAYS AS {} {kind}", sql::parenthesised(&generated.expression)))
        }
        (None, Some(identity)) => Some(sql::identity(identity)),
        (None, None) => column.default.clone(),
    };
    ColumnRow {
        anchor: place::column(&column.name),
        name: Inline::code(&column.name).cell(),
        type_name: type_name.cell(),
        null: if column.not_null { "NOT NULL" } else { "NULL" },
        default: sql_cell(default.as_deref()),
        key: key_cell(table, column),
        references: references_cell(context, table, column),
        comment: comment_cell(column.comment.as_deref()),
    }
}

/// `PK`, or its place in a key of several columns: `PK 2/3`.
fn key_cell(table: &Table, column: &Column) -> Cell {
    let mut keys = Vec::new();
    let mut add = |word: &str, columns: &[String]| {
        if let Some(at) = columns.iter().position(|name| *name == column.name) {
            let place = if columns.len() > 1 { format!(" {}/{}", at + 1, columns.len()) } else { String::new() };
            let key = format!("{word}{place}");
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
    };
    table.primary_key.iter().for_each(|key| add("PK", &key.columns));
    table.unique.iter().for_each(|key| add("UK", &key.columns));
    for index in table.indexes.iter().filter(|index| index.unique && index.predicate.is_none()) {
        let columns: Option<Vec<String>> = index.keys.iter().map(|key| key.column.clone()).collect();
        columns.iter().for_each(|columns| add("UK", columns));
    }
    table.foreign_keys.iter().for_each(|key| add("FK", &key.columns));
    Inline::text(&keys.join(", ")).cell()
}

fn references_cell(context: &Context<'_>, table: &Table, column: &Column) -> Cell {
    let of_column = table.foreign_keys.iter().filter_map(|key| {
        let at = key.columns.iter().position(|name| *name == column.name)?;
        let to = &key.references;
        let referenced = to.columns.get(at).map(|name| sql::identifier(name)).unwrap_or_default();
        let table = context.link(Kind::Table, &to.schema, &to.table);
        Some(table.then(Inline::markup(" ")).then(Inline::code(&format!("({referenced})"))))
    });
    Inline::join(of_column, "<br>").cell()
}

fn referenced_by(context: &Context<'_>, schema: &Schema, table: &Table) -> Vec<ReferenceRow> {
    let here = (schema.name.as_str(), table.name.as_str());
    let touching = context.catalog.relations_touching(here.0, here.1);
    let to_here = touching.into_iter().filter(|relation| relation.to() == here);
    let row = |relation: &crate::codegen::relations::Relation<'_>| {
        let key = relation.foreign_key;
        ReferenceRow {
            table: context.link(Kind::Table, &relation.child_schema.name, &relation.child.name).cell(),
            columns: Inline::code(&sql::list(&key.columns)).cell(),
            to: Inline::code(&sql::list(&key.references.columns)).cell(),
            cardinality: match relation.cardinality {
                Cardinality::One => "at most one",
                Cardinality::Many => "many",
            },
            on_delete: sql::action(key.on_delete).unwrap_or("NO ACTION"),
        }
    };
    to_here.map(row).collect()
}

fn constraints(table: &Table) -> Vec<ConstraintRow> {
    let row = |name: &str, definition: &str, about: &Option<String>| ConstraintRow {
        name: if name.is_empty() { Cell::default() } else { Inline::code(name).cell() },
        definition: sql_cell(Some(definition)),
        comment: comment_cell(about.as_deref()),
    };
    let mut rows = Vec::new();
    rows.extend(table.primary_key.iter().map(|key| row(&key.name, &sql::key(key, "PRIMARY KEY"), &key.comment)));
    rows.extend(table.unique.iter().map(|key| row(&key.name, &sql::key(key, "UNIQUE"), &key.comment)));
    rows.extend(table.foreign_keys.iter().map(|key| row(&key.name, &sql::foreign_key(key), &key.comment)));
    for check in &table.checks {
        let mut definition = format!("CHECK {}", sql::parenthesised(&check.expression));
        if check.no_inherit {
            definition.push_str(" NO INHERIT");
        }
        if check.not_valid {
            definition.push_str(" NOT VALID");
        }
        rows.push(row(&check.name, &definition, &check.comment));
    }
    rows.extend(table.exclusions.iter().map(|item| row(&item.name, &item.definition, &item.comment)));
    rows
}

/// The roles that a policy is for.
pub fn roles(policy: &Policy) -> Inline {
    match policy.roles.as_slice() {
        [] => Inline::markup("PUBLIC"),
        roles => Inline::join(roles.iter().map(|role| Inline::code(role)), ", "),
    }
}

fn policy_row(policy: &Policy) -> PolicyRow {
    PolicyRow {
        name: Inline::code(&policy.name).cell(),
        command: sql::command(policy.command),
        kind: if policy.restrictive { "restrictive" } else { "permissive" },
        roles: roles(policy).cell(),
        using: sql_cell(policy.using.as_deref()),
        with_check: sql_cell(policy.with_check.as_deref()),
        comment: comment_cell(policy.comment.as_deref()),
    }
}

/// The partitions with those of partitions below them, each `within` its own.
fn add_partitions(schema: &Schema, partitions: &[Partition], within: &'static str, rows: &mut Vec<PartitionRow>) {
    for partition in partitions {
        let name = sql::qualified(partition.schema.as_deref().unwrap_or(&schema.name), &partition.name);
        rows.push(PartitionRow {
            name: Inline::markup(within).then(Inline::code(&name)).cell(),
            bound: sql_cell(Some(&partition.bound)),
            partition_by: sql_cell(partition.partition_by.as_ref().map(|key| key.definition.as_str())),
            comment: comment_cell(partition.comment.as_deref()),
        });
        // Deeper than one level says the bound enough.
        add_partitions(schema, &partition.partitions, "↳ ", rows);
    }
}

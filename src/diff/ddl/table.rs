//! Tables, foreign tables and partitions, without what is attached to them.

use super::{Alter, Dialect, Statement, column, not_null, text};
use crate::codegen::manifest::{Column, ForeignTable, Kind, NotNull, Partition, Persistence, Seldom, Table};
use crate::codegen::sql::{identifier, qualified};
use crate::diff::object::{PartitionOf, Relation};

/// CREATE TABLE with its columns, of which `inline` says whether a default
/// stands with its column (or comes later, because of what it needs), and what
/// CREATE TABLE cannot say.
pub fn create(schema: &str, table: &Table, dialect: Dialect, inline: impl Fn(&Column) -> bool) -> Vec<Statement> {
    let kind = if table.foreign.is_some() { Kind::ForeignTable } else { Kind::Table };
    let on = Relation { kind, schema, name: &table.name };
    let mut text = create_words(table.persistence, table.foreign.as_deref());
    text.push_str(&qualified(schema, &table.name));
    let own = table.columns.iter().filter(|column| !column.inherited);
    match table.of_type.as_deref() {
        Some(of_type) => {
            text.push_str(&format!(" OF {of_type}"));
            let specified: Vec<String> = own
                .map(|column| (column, column::constraints(column, inline(column), schema)))
                .filter(|(_, constraints)| !constraints.is_empty())
                .map(|(column, constraints)| format!("{} WITH OPTIONS{constraints}", identifier(&column.name)))
                .collect();
            if !specified.is_empty() {
                text.push_str(&format!(" (\n    {}\n)", specified.join(",\n    ")));
            }
        }
        None => {
            let inherited = table.columns.iter().filter(|column| has_own_not_null(column, dialect));
            let columns: Vec<String> = own
                .map(|column| column::column(column, inline(column), schema))
                .chain(inherited.map(|column| not_null::of_child(&on, column)))
                .collect();
            let columns =
                if columns.is_empty() { String::new() } else { format!("\n    {}\n", columns.join(",\n    ")) };
            text.push_str(&format!(" ({columns})"));
        }
    }
    if !table.inherits.is_empty() {
        text.push_str(&format!(" INHERITS ({})", table.inherits.join(", ")));
    }
    if let Some(key) = &table.partition_by {
        text.push_str(&format!(" PARTITION BY {}", key.definition));
    }
    text.push_str(&storage(table.access_method.as_ref(), &table.options, table.tablespace.as_ref()));
    text.push_str(&foreign(table.foreign.as_deref()));
    let mut statements = vec![Statement::new(text)];
    for column in &table.columns {
        statements.extend(column::settings(&on, column));
    }
    let plain = Table { name: table.name.clone(), ..Table::default() };
    // An index that is the replica identity is not there yet.
    let table = Table { replica_identity_index: Seldom::default(), ..table.clone() };
    for attribute in ["row_security", "force_row_security", "replica_identity"] {
        if let Alter::InPlace(more) = alter(schema, &plain, &table, attribute) {
            statements.extend(more);
        }
    }
    statements
}

/// Whether a column that a child inherits is NOT NULL by the child's own
/// constraint, and not only by its parent's.
fn has_own_not_null(column: &Column, dialect: Dialect) -> bool {
    let own = match &column.not_null_constraint {
        Some(constraint) => !constraint.inherited && !constraint.not_valid,
        None => dialect.names_not_null(),
    };
    column.inherited && column.not_null && own
}

/// What a child of other tables has otherwise than they: a default of its own,
/// or none.
pub fn inherited_settings(schema: &str, table: &Table, parents: &[&Table], dialect: Dialect) -> Vec<Statement> {
    let on = Relation { kind: Kind::Table, schema, name: &table.name };
    let mut statements = Vec::new();
    for column in table.columns.iter().filter(|column| column.inherited) {
        let parent = parents.iter().find_map(|parent| parent.column(&column.name));
        let Some(parent) = parent else { continue };
        if parent.default.is_some() && column.default.is_none() {
            statements.push(column::drop_default(&on, column));
        }
        if column.not_null && !parent.not_null && !dialect.names_not_null() {
            statements.push(Statement::new(format!("{} SET NOT NULL", column::alter_column(&on, &column.name))));
        }
    }
    statements
}

/// DROP TABLE; a foreign one has no rows of its own.
pub fn drop(schema: &str, table: &Table) -> Statement {
    let name = qualified(schema, &table.name);
    match table.foreign {
        Some(_) => Statement::new(format!("DROP FOREIGN TABLE {name}")),
        None => Statement::destructive(format!("DROP TABLE {name}")),
    }
}

/// CREATE TABLE … PARTITION OF; where its columns stand in another order, a
/// table that is attached.
pub fn create_partition(of: &PartitionOf<'_>, dialect: Dialect) -> Vec<Statement> {
    let PartitionOf { schema, partition, parent, root } = *of;
    let on = Relation { kind: partition_kind(partition), schema, name: &partition.name };
    let (name, above) = (qualified(schema, &partition.name), qualified(parent.schema, parent.name));
    let mut text = create_words(partition.persistence, partition.foreign.as_deref());
    text.push_str(&name);
    let own = |name: &str| partition.columns.iter().find(|column| column.name == name);
    let attached = !partition.column_order.is_empty();
    if attached {
        let columns: Vec<String> = partition
            .column_order
            .iter()
            .filter_map(|name| own(name).or_else(|| root.column(name)))
            // The identity is the parent's, and comes with it.
            .map(|column| Column { identity: None, ..column.clone() })
            .map(|column| if dialect.names_not_null() { not_null::as_parents(column, root) } else { column })
            .map(|column| column::column(&column, true, schema))
            .collect();
        text.push_str(&format!(" (\n    {}\n)", columns.join(",\n    ")));
    } else {
        // Afterwards it would have the parent's name, and nobody could change that.
        let named: Vec<String> = partition
            .columns
            .iter()
            .filter(|column| column.not_null && column.not_null_constraint.as_ref().is_some_and(|c| c.name.is_some()))
            .filter(|column| root.column(&column.name).is_some_and(|parents| parents.not_null))
            .map(|column| not_null::of_child(&on, column))
            .collect();
        let named = if named.is_empty() { String::new() } else { format!(" ({})", named.join(", ")) };
        text.push_str(&format!(" PARTITION OF {above}{named} {}", partition.bound));
    }
    if let Some(key) = &partition.partition_by {
        text.push_str(&format!(" PARTITION BY {}", key.definition));
    }
    // Without a word it has that of the table that it is part of.
    let usual = (root.access_method.is_some() && partition.foreign.is_none() && partition.partition_by.is_none())
        .then(|| "heap".to_owned());
    let method = partition.access_method.as_ref().or(usual.as_ref());
    text.push_str(&storage(method, &partition.options, partition.tablespace.as_ref()));
    text.push_str(&foreign(partition.foreign.as_deref()));
    let mut statements = vec![Statement::new(text)];
    if attached {
        statements.push(Statement::new(format!("ALTER TABLE {above} ATTACH PARTITION {name} {}", partition.bound)));
    }
    for column in &partition.columns {
        let inherited = root.column(&column.name).cloned().unwrap_or_default();
        // What is attached was made with its default and NOT NULL.
        let before = match attached {
            true => Column { default: column.default.clone(), not_null: column.not_null, ..inherited },
            false => inherited,
        };
        // So was the name of its NOT NULL, which leaves the comment.
        let named = column.not_null_constraint.as_deref().cloned();
        let named = named.map(|constraint| Box::new(NotNull { comment: None, ..constraint }));
        let before = if before.not_null { Column { not_null_constraint: named, ..before } } else { before };
        statements.extend(change_partition_column(&on, &before, column));
    }
    let plain = Partition { name: partition.name.clone(), ..Partition::default() };
    for attribute in ["row_security", "force_row_security", "replica_identity"] {
        let without_index = Partition { replica_identity_index: Seldom::default(), ..partition.clone() };
        let (before, after) =
            (PartitionOf { partition: &plain, ..*of }, PartitionOf { partition: &without_index, ..*of });
        if let Alter::InPlace(more) = alter_partition(&before, &after, attribute) {
            statements.extend(more);
        }
    }
    statements
}

/// What turns a partition's column into another, its comment aside.
pub fn change_partition_column(on: &Relation<'_>, from: &Column, to: &Column) -> Vec<Statement> {
    let comment = |column: &Column| column.not_null_constraint.as_ref().and_then(|own| own.comment.clone());
    let differs = from.not_null != to.not_null || comment(from) != comment(to);
    let own = [("not_null", differs), ("foreign_options", from.foreign_options != to.foreign_options)];
    let changed =
        own.iter().filter(|(_, differs)| *differs).map(|(attribute, _)| column::alter(on, from, to, attribute));
    let mut statements: Vec<Statement> = changed
        .flat_map(|alter| match alter {
            Alter::InPlace(statements) => statements,
            Alter::Recreate | Alter::Impossible(_) => Vec::new(),
        })
        .collect();
    statements.extend(column::changed_settings(on, from, to));
    if from.default != to.default && to.generated.is_none() {
        statements.push(match to.default {
            Some(_) => column::create_default(on, to),
            None => column::drop_default(on, to),
        });
    }
    statements
}

/// DROP TABLE of a partition: its rows go with it.
pub fn drop_partition(of: &PartitionOf<'_>) -> Statement {
    let name = qualified(of.schema, &of.partition.name);
    match of.partition.foreign {
        Some(_) => Statement::new(format!("DROP FOREIGN TABLE {name}")),
        None => Statement::destructive(format!("DROP TABLE {name}")),
    }
}

fn partition_kind(partition: &Partition) -> Kind {
    if partition.foreign.is_some() { Kind::ForeignTable } else { Kind::Partition }
}

fn create_words(persistence: Persistence, foreign: Option<&ForeignTable>) -> String {
    match (foreign, persistence) {
        (Some(_), _) => "CREATE FOREIGN TABLE ".to_owned(),
        (None, Persistence::Unlogged) => "CREATE UNLOGGED TABLE ".to_owned(),
        (None, _) => "CREATE TABLE ".to_owned(),
    }
}

fn storage(access_method: Option<&String>, options: &[String], tablespace: Option<&String>) -> String {
    let mut text = String::new();
    if let Some(method) = access_method {
        text.push_str(&format!(" USING {}", identifier(method)));
    }
    if !options.is_empty() {
        text.push_str(&format!(" WITH ({})", text::options(options)));
    }
    if let Some(tablespace) = tablespace {
        text.push_str(&format!(" TABLESPACE {}", identifier(tablespace)));
    }
    text
}

fn foreign(foreign: Option<&ForeignTable>) -> String {
    let Some(foreign) = foreign else { return String::new() };
    let options = match foreign.options.as_slice() {
        [] => String::new(),
        options => format!(" OPTIONS ({})", column::foreign_options(options)),
    };
    format!(" SERVER {}{options}", identifier(&foreign.server))
}

/// How one attribute of a table becomes another.
pub fn alter(schema: &str, from: &Table, to: &Table, attribute: &str) -> Alter {
    let kind = if to.foreign.is_some() { Kind::ForeignTable } else { Kind::Table };
    let on = Relation { kind, schema, name: &to.name };
    let table = column::alter_table(&on);
    match attribute {
        "inherits" => {
            let gone = from.inherits.iter().filter(|parent| !to.inherits.contains(parent));
            let new = to.inherits.iter().filter(|parent| !from.inherits.contains(parent));
            let gone = gone.map(|parent| Statement::new(format!("{table} NO INHERIT {parent}")));
            let new = new.map(|parent| Statement::new(format!("{table} INHERIT {parent}")));
            Alter::InPlace(gone.chain(new).collect())
        }
        "of_type" => match to.of_type.as_deref() {
            Some(of_type) => Alter::by(format!("{table} OF {of_type}")),
            None => Alter::by(format!("{table} NOT OF")),
        },
        _ if attribute.starts_with("partition_by.") => Alter::Impossible(format!(
            "a table cannot be partitioned otherwise where it stands; make a new table partitioned by {}, copy the \
             rows, and rename it",
            to.partition_by.as_ref().map_or("nothing", |key| key.definition.as_str())
        )),
        "column_order" => Alter::Impossible(
            "Postgres adds columns at the end and cannot move them; only a new table, filled from the old one, has \
             another order"
                .to_owned(),
        ),
        "foreign.server" => Alter::Recreate,
        "foreign.options" => {
            let options = |table: &Table| table.foreign.clone().unwrap_or_default().options;
            let parts = column::changed_foreign_options(&options(from), &options(to));
            Alter::by(format!("{table} OPTIONS ({parts})"))
        }
        _ => alter_storage(&on, &Storage::of_table(from), &Storage::of_table(to), attribute),
    }
}

/// How one attribute of a partition becomes another.
pub fn alter_partition(from: &PartitionOf<'_>, to: &PartitionOf<'_>, attribute: &str) -> Alter {
    let on = Relation { kind: partition_kind(to.partition), schema: to.schema, name: &to.partition.name };
    let (above, name) = (qualified(to.parent.schema, to.parent.name), qualified(to.schema, &to.partition.name));
    match attribute {
        "bound" if from.parent.id() != to.parent.id() => Alter::InPlace(Vec::new()),
        "bound" => Alter::InPlace(vec![
            Statement::new(format!("ALTER TABLE {above} DETACH PARTITION {name}")),
            Statement::new(format!("ALTER TABLE {above} ATTACH PARTITION {name} {}", to.partition.bound)),
        ]),
        "parent" if from.root.name == to.root.name => {
            let old = qualified(from.parent.schema, from.parent.name);
            Alter::InPlace(vec![
                Statement::new(format!("ALTER TABLE {old} DETACH PARTITION {name}")),
                Statement::new(format!("ALTER TABLE {above} ATTACH PARTITION {name} {}", to.partition.bound)),
            ])
        }
        // Tables at the top need not have the same columns.
        "parent" => Alter::Recreate,
        "column_order" => {
            Alter::Impossible("the order of a partition's columns changes only with a new partition".to_owned())
        }
        "foreign.server" => Alter::Recreate,
        "foreign.options" => {
            let options = |of: &PartitionOf<'_>| of.partition.foreign.clone().unwrap_or_default().options;
            let parts = column::changed_foreign_options(&options(from), &options(to));
            Alter::by(format!("ALTER FOREIGN TABLE {name} OPTIONS ({parts})"))
        }
        _ if attribute.starts_with("partition_by.") => {
            Alter::Impossible("a partition cannot be partitioned otherwise where it stands".to_owned())
        }
        _ => {
            alter_storage(&on, &Storage::of_partition(from.partition), &Storage::of_partition(to.partition), attribute)
        }
    }
}

/// What tables and partitions have alike.
struct Storage<'m> {
    is_partitioned: bool,
    persistence: Persistence,
    access_method: Option<&'m str>,
    tablespace: Option<&'m str>,
    options: &'m [String],
    row_security: bool,
    force_row_security: bool,
    replica_identity: Option<&'m str>,
    replica_identity_index: Option<&'m str>,
    cluster_on: Option<&'m str>,
}

impl<'m> Storage<'m> {
    fn of_table(table: &'m Table) -> Self {
        Self {
            is_partitioned: table.partition_by.is_some(),
            persistence: table.persistence,
            access_method: table.access_method.as_deref(),
            tablespace: table.tablespace.as_deref(),
            options: &table.options,
            row_security: table.row_security,
            force_row_security: table.force_row_security,
            replica_identity: table.replica_identity.as_deref(),
            replica_identity_index: table.replica_identity_index.as_deref(),
            cluster_on: table.cluster_on.as_deref(),
        }
    }

    fn of_partition(partition: &'m Partition) -> Self {
        Self {
            is_partitioned: partition.partition_by.is_some(),
            persistence: partition.persistence,
            access_method: partition.access_method.as_deref(),
            tablespace: partition.tablespace.as_deref(),
            options: &partition.options,
            row_security: partition.row_security,
            force_row_security: partition.force_row_security,
            replica_identity: partition.replica_identity.as_deref(),
            replica_identity_index: partition.replica_identity_index.as_deref(),
            cluster_on: partition.cluster_on.as_deref(),
        }
    }
}

fn alter_storage(on: &Relation<'_>, from: &Storage<'_>, to: &Storage<'_>, attribute: &str) -> Alter {
    let table = column::alter_table(on);
    match attribute {
        "persistence" if to.persistence == Persistence::Unlogged => Alter::by(format!("{table} SET UNLOGGED")),
        "persistence" => Alter::by(format!("{table} SET LOGGED")),
        // A partitioned table's is what its partitions will have.
        "access_method" if to.is_partitioned && to.access_method.is_none() => {
            Alter::by(format!("{table} SET ACCESS METHOD DEFAULT"))
        }
        "access_method" => {
            Alter::by(format!("{table} SET ACCESS METHOD {}", identifier(to.access_method.unwrap_or("heap"))))
        }
        "tablespace" => {
            Alter::by(format!("{table} SET TABLESPACE {}", identifier(to.tablespace.unwrap_or("pg_default"))))
        }
        "options" => {
            let parts = text::changed_options(from.options, to.options);
            Alter::InPlace(parts.iter().map(|part| Statement::new(format!("{table} {part}"))).collect())
        }
        "row_security" => Alter::InPlace(changed_flag(
            &table,
            "ROW LEVEL SECURITY",
            "ENABLE",
            "DISABLE",
            from.row_security,
            to.row_security,
        )),
        "force_row_security" => Alter::InPlace(changed_flag(
            &table,
            "ROW LEVEL SECURITY",
            "FORCE",
            "NO FORCE",
            from.force_row_security,
            to.force_row_security,
        )),
        "replica_identity" | "replica_identity_index" => match (to.replica_identity, to.replica_identity_index) {
            (_, Some(index)) => Alter::by(format!("{table} REPLICA IDENTITY USING INDEX {}", identifier(index))),
            (Some(word), None) => Alter::by(format!("{table} REPLICA IDENTITY {}", word.to_uppercase())),
            (None, None) if from.replica_identity.is_some() || from.replica_identity_index.is_some() => {
                Alter::by(format!("{table} REPLICA IDENTITY DEFAULT"))
            }
            (None, None) => Alter::InPlace(Vec::new()),
        },
        "cluster_on" => match to.cluster_on {
            Some(index) => Alter::by(format!("{table} CLUSTER ON {}", identifier(index))),
            None => Alter::by(format!("{table} SET WITHOUT CLUSTER")),
        },
        other => Alter::Impossible(format!("schemacast does not know how to change `{other}` of a table")),
    }
}

fn changed_flag(table: &str, what: &str, on: &str, off: &str, from: bool, to: bool) -> Vec<Statement> {
    if from == to {
        return Vec::new();
    }
    vec![Statement::new(format!("{table} {} {what}", if to { on } else { off }))]
}

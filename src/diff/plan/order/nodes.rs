//! What is done at each stage of an object.

use super::{Graph, Stage, is_privilege};
use crate::codegen::manifest::{AttachedIndex, IndexLabel, Kind, ObjectId, Table, chosen_index_name};
use crate::codegen::sql::{identifier, qualified};
use crate::diff::ddl::{self, Alter, Making, Statement};
use crate::diff::object::{Item, Object, PartitionOf};
use crate::diff::plan::fate::{Fates, LATE, is_typed};
use crate::diff::plan::side::Side;

impl Graph<'_, '_> {
    pub(super) fn drop_nodes(&mut self, fates: &Fates) {
        let from = self.from;
        let typed = |composite: &ObjectId| is_typed(from, composite);
        let is_put_aside = |id: &ObjectId| fates.put_aside.contains(id);
        for id in fates.dropped.iter().filter(|id| !is_put_aside(id) && !is_privilege(id)) {
            let Some(object) = from.get(id) else { continue };
            match ddl::drop(object, &typed) {
                Ok(statements) => {
                    let node = self.node(Stage::Drop, id, statements);
                    self.drops.insert(id.clone(), node);
                }
                Err(reason) => self.impossible(id, reason),
            }
        }
        for (id, above) in &fates.gone_with_parent {
            let mut above = above;
            while let Some(next) = fates.gone_with_parent.get(above) {
                above = next;
            }
            if let Some(node) = self.drops.get(above) {
                self.drops.insert(id.clone(), *node);
            }
        }
    }

    /// A type that columns use is renamed out of the way, and dropped when they
    /// have the new one.
    pub(super) fn put_aside(&mut self, fates: &Fates) {
        for id in &fates.put_aside {
            let Some(object) = self.from.get(id) else { continue };
            let (schema, name, word) = match object.item {
                Item::Enum { schema, item } => (schema, &item.name, "TYPE"),
                Item::Domain { schema, domain } => (schema, &domain.name, "DOMAIN"),
                Item::Composite { schema, composite } => (schema, &composite.name, "TYPE"),
                Item::Range { schema, range } => (schema, &range.name, "TYPE"),
                _ => continue,
            };
            if id.kind == Kind::Range {
                self.carry_as_text(id);
                continue;
            }
            let aside = format!("{}__old", name.chars().take(50).collect::<String>());
            let rename = format!("ALTER {word} {} RENAME TO {}", id.path, identifier(&aside));
            let drop = format!("DROP {word} {}", qualified(schema, &aside));
            let node = self.node(Stage::Drop, id, vec![Statement::new(rename)]);
            self.drops.insert(id.clone(), node);
            let node = self.node(Stage::Finish, id, vec![Statement::new(drop)]);
            self.finishes.insert(id.clone(), node);
            let alters: Vec<usize> = self
                .from
                .all_needs()
                .filter(|(_, need)| *need == id)
                .filter_map(|(dependent, _)| self.alters.get(dependent).copied())
                .collect();
            for alter in alters {
                self.edge(alter, node);
            }
        }
    }

    /// The functions of a range type have its name and would be in the way of
    /// the new one's: its columns hold text while it is made again.
    fn carry_as_text(&mut self, id: &ObjectId) {
        let from = self.from;
        let typed = |composite: &ObjectId| is_typed(from, composite);
        let mut statements = Vec::new();
        let columns = from.all_needs().filter(|(column, need)| *need == id && column.kind == Kind::Column);
        let mut columns: Vec<&ObjectId> = columns.map(|(column, _)| column).collect();
        columns.sort();
        for column in &columns {
            if let Some(Item::Column { on, column }) = from.get(column).map(|object| object.item)
                && !column.inherited
            {
                statements.extend(ddl::hold_as_text(&on, column));
            }
        }
        if let Some(Ok(drop)) = from.get(id).map(|object| ddl::drop(object, &typed)) {
            statements.extend(drop);
        }
        let node = self.node(Stage::Drop, id, statements);
        self.drops.insert(id.clone(), node);
        let dependents: Vec<usize> = from
            .all_needs()
            .filter(|(_, need)| columns.contains(need))
            .filter_map(|(dependent, _)| self.drops.get(dependent).copied())
            .collect();
        for dependent in dependents {
            self.edge(dependent, node);
        }
    }

    pub(super) fn create_nodes(&mut self, fates: &Fates) {
        let (from, to) = (self.from, self.to);
        let inline = |default: &ObjectId| is_inline(to, default);
        let typed = |composite: &ObjectId| is_typed(to, composite) && is_typed(from, composite);
        let parents = |path: &str| -> Option<&Table> {
            let id = ObjectId { kind: Kind::Table, path: path.to_owned() };
            match to.get(&id).map(|object| object.item) {
                Some(Item::Table { table, .. }) => Some(table),
                _ => None,
            }
        };
        for id in fates.created.iter().filter(|id| !is_privilege(id)) {
            let Some(object) = to.get(id) else { continue };
            let parent = object.parent.as_ref();
            let with_parent = match object.item {
                Item::Column { .. } | Item::Attribute { .. } => parent.filter(|parent| fates.created.contains(*parent)),
                Item::Default { .. } => parent
                    .filter(|column| fates.created.contains(*column) || column.kind == Kind::Partition)
                    .filter(|column| {
                        column.kind == Kind::Partition || is_inline(to, id) || is_of_new_partition(to, column, fates)
                    })
                    .filter(|column| {
                        !matches!(to.get(column).map(|object| object.item), Some(Item::ViewColumn { .. }))
                    }),
                _ => None,
            };
            if with_parent.is_some() {
                continue;
            }
            let on_what_is_there = parent.is_some_and(|parent| !fates.created.contains(parent));
            let making = Making {
                is_inline: &inline,
                online: self.options.concurrently && on_what_is_there && !is_partitioned(to, parent),
                is_typed: &typed,
                dialect: to.dialect,
                parents: &parents,
            };
            let made = match self.of_partition(object) {
                Some(statements) => Ok(statements),
                None => ddl::create(object, &making),
            };
            match made {
                Ok(mut statements) => {
                    if matches!(object.item, Item::Table { .. } | Item::Partition(_) | Item::Composite { .. }) {
                        let parts =
                            to.children(id).iter().filter(|child| matches!(child.kind, Kind::Column | Kind::Attribute));
                        statements.extend(parts.filter_map(|child| to.get(child)).flat_map(ddl::comments));
                    }
                    let node = self.node(Stage::Create, id, statements);
                    self.creates.insert(id.clone(), node);
                }
                Err(reason) => self.impossible(id, reason),
            }
        }
        for id in &fates.created {
            let mut above = to.get(id).and_then(|object| object.parent.as_ref());
            while let Some(next) = above {
                if self.creates.contains_key(id) {
                    break;
                }
                if let Some(node) = self.creates.get(next) {
                    self.creates.insert(id.clone(), *node);
                }
                above = to.get(next).and_then(|object| object.parent.as_ref());
            }
        }
    }

    /// What a partition's column has of its own, where that is made anew with
    /// its parent's.
    fn of_partition(&self, object: &Object<'_>) -> Option<Vec<Statement>> {
        let Item::Column { column, .. } = object.item else { return None };
        let Item::Partition(of) = self.to.get(object.parent.as_ref()?)?.item else { return None };
        let parents = of.root.column(&column.name)?;
        Some(ddl::change_partition_column(None, Some(object), parents))
    }

    /// What is said when everything else of an object is there.
    pub(super) fn finishing(&self, id: &ObjectId, fates: &Fates) -> Vec<Statement> {
        let Some(after) = self.to.get(id) else { return Vec::new() };
        let before = self.from.get(id).filter(|_| !fates.created.contains(id));
        if let Item::Sequence { sequence, .. } = after.item {
            let owner = before.and_then(|object| match object.item {
                Item::Sequence { sequence, .. } => sequence.owned_by.as_ref(),
                _ => None,
            });
            let differs = sequence.owned_by.as_ref() != owner;
            return if differs { ddl::own_sequence(after).into_iter().collect() } else { Vec::new() };
        }
        // Nothing else has an attribute that names what is made later.
        if !matches!(after.item, Item::Table { .. } | Item::Partition(_) | Item::View { .. }) {
            return Vec::new();
        }
        let mut statements = Vec::new();
        let facts = after.facts();
        for attribute in LATE.iter().take(2) {
            let old = before.and_then(|object| object.facts().remove(*attribute));
            let new = facts.get(*attribute).cloned();
            let name = new.as_ref().and_then(|name| name.as_str());
            let index_is_new = name.is_some_and(|name| self.makes_index(&after.id, name, fates));
            if (old != new || index_is_new)
                && let Alter::InPlace(more) = ddl::alter(before.unwrap_or(after), after, attribute, &|_| false)
                && (new.is_some() || old.is_some())
            {
                statements.extend(more);
            }
        }
        if let Item::Partition(of) = after.item {
            let old: &[AttachedIndex] = match before.map(|object| object.item) {
                Some(Item::Partition(of)) => &of.partition.attached_indexes,
                _ => &[],
            };
            // What is no longer listed has the name that the server chooses.
            let listed = |parent: &str| of.partition.attached_indexes.iter().any(|index| index.parent == parent);
            for index in old.iter().filter(|index| !listed(&index.parent)) {
                if let Some(name) = self.chosen_name(of, &index.parent) {
                    let chosen = AttachedIndex { parent: index.parent.clone(), name, ..AttachedIndex::default() };
                    statements.push(ddl::name_attached_index(&of, &chosen));
                    statements.extend(ddl::set_attached_index(of.schema, Some(index), &chosen));
                }
            }
            for index in &of.partition.attached_indexes {
                let mut above = self.to.above(&after.id);
                let parent_is_new = above.any(|table| self.makes_index(table, &index.parent, fates));
                let known = old.iter().find(|known| known.parent == index.parent).filter(|_| !parent_is_new);
                if known == Some(index) {
                    continue;
                }
                if known.is_none_or(|known| known.name != index.name) {
                    statements.push(ddl::name_attached_index(&of, index));
                }
                statements.extend(ddl::set_attached_index(of.schema, known, index));
            }
        }
        statements
    }

    /// Whether an index or a key of that name on a relation is made.
    fn makes_index(&self, on: &ObjectId, name: &str, fates: &Fates) -> bool {
        let kinds = [Kind::Index, Kind::PrimaryKey, Kind::Unique, Kind::Exclusion];
        kinds.into_iter().any(|kind| fates.created.contains(&on.child(kind, name)))
    }

    /// The name that the server chooses for a partition's part of its parent's
    /// index, where that is over columns and made by the table at the top.
    fn chosen_name(&self, of: PartitionOf<'_>, parent: &str) -> Option<String> {
        let on = of.parent.id();
        let find = |kind: Kind| self.to.get(&on.child(kind, parent)).map(|object| object.item);
        let (columns, label): (Vec<&String>, IndexLabel) =
            match [Kind::Index, Kind::PrimaryKey, Kind::Unique].into_iter().find_map(find)? {
                Item::Index { index, .. } => {
                    let keys: Option<Vec<&String>> = index.keys.iter().map(|key| key.column.as_ref()).collect();
                    (keys?.into_iter().chain(&index.include).collect(), IndexLabel::Index)
                }
                Item::Key { key, .. } if self.to.has(&on.child(Kind::PrimaryKey, parent)) => {
                    (key.columns.iter().collect(), IndexLabel::PrimaryKey)
                }
                Item::Key { key, .. } => (key.columns.iter().chain(&key.include).collect(), IndexLabel::Unique),
                _ => return None,
            };
        Some(chosen_index_name(&of.partition.name, &columns, label))
    }
}

/// Whether everything that a default needs is there before its table: at most
/// sequences and types.
fn is_inline(side: &Side<'_>, default: &ObjectId) -> bool {
    let parent = side.get(default).and_then(|object| object.parent.clone());
    side.needs(default).filter(|need| Some(*need) != parent.as_ref()).all(|need| {
        matches!(
            need.kind,
            Kind::Sequence | Kind::Enum | Kind::Domain | Kind::Composite | Kind::Range | Kind::Collation
        )
    })
}

fn is_of_new_partition(side: &Side<'_>, column: &ObjectId, fates: &Fates) -> bool {
    let table = side.get(column).and_then(|object| object.parent.as_ref());
    table.is_some_and(|table| table.kind == Kind::Partition && fates.created.contains(table))
}

fn is_partitioned(side: &Side<'_>, table: Option<&ObjectId>) -> bool {
    match table.and_then(|table| side.get(table)).map(|object| object.item) {
        Some(Item::Table { table, .. }) => table.partition_by.is_some(),
        Some(Item::Partition(of)) => of.partition.partition_by.is_some(),
        _ => false,
    }
}

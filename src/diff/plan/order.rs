//! The statements as a graph, and a walk through it.

use std::collections::{BTreeSet, HashMap};

use super::fate::{Fates, LATE, is_typed};
use super::side::Side;
use super::{Impossible, Plan, PlanOptions, Step};
use crate::codegen::manifest::{AttachedIndex, IndexLabel, Kind, ObjectId, Table, chosen_index_name};
use crate::codegen::sql::{identifier, qualified};
use crate::diff::ddl::{self, Alter, Making, Statement};
use crate::diff::object::{Item, Object, PartitionOf};

/// Puts the statements in order.
///
/// # Errors
/// The objects that wait for each other in a circle.
pub fn arrange(
    from: &Side<'_>,
    to: &Side<'_>,
    fates: &Fates,
    options: PlanOptions,
) -> Result<Plan, BTreeSet<ObjectId>> {
    let graph = Graph::new(from, to, fates, options);
    let (order, left) = graph.walk();
    if left.is_empty() {
        return Ok(graph.plan(&order));
    }
    Err(left.into_iter().map(|node| graph.nodes[node].id.clone()).collect())
}

/// The same where a circle stays: what is in it is named as impossible.
pub fn arrange_despite(
    from: &Side<'_>,
    to: &Side<'_>,
    fates: &Fates,
    options: PlanOptions,
    cycle: &BTreeSet<ObjectId>,
) -> Plan {
    let graph = Graph::new(from, to, fates, options);
    let (order, _) = graph.walk();
    let mut plan = graph.plan(&order);
    plan.impossible.extend(cycle.iter().map(|id| Impossible {
        object: id.clone(),
        attribute: None,
        reason: "it needs something that needs it in turn; make one of the two by hand first".to_owned(),
    }));
    plan
}

/// In which of an object's stages a statement stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Stage {
    Drop,
    Create,
    Alter,
    Finish,
}

struct Node {
    stage: Stage,
    id: ObjectId,
    statements: Vec<Statement>,
}

struct Graph<'s, 'm> {
    from: &'s Side<'m>,
    to: &'s Side<'m>,
    nodes: Vec<Node>,
    /// From a node to those that must come after it.
    after: Vec<BTreeSet<usize>>,
    drops: HashMap<ObjectId, usize>,
    creates: HashMap<ObjectId, usize>,
    alters: HashMap<ObjectId, usize>,
    finishes: HashMap<ObjectId, usize>,
    /// Partitions that are attached again with another bound.
    detached: HashMap<ObjectId, usize>,
    impossible: Vec<Impossible>,
    aside: BTreeSet<ObjectId>,
    options: PlanOptions,
}

impl<'s, 'm> Graph<'s, 'm> {
    fn new(from: &'s Side<'m>, to: &'s Side<'m>, fates: &Fates, options: PlanOptions) -> Self {
        let mut graph = Self {
            from,
            to,
            nodes: Vec::new(),
            after: Vec::new(),
            drops: HashMap::new(),
            creates: HashMap::new(),
            alters: HashMap::new(),
            finishes: HashMap::new(),
            detached: HashMap::new(),
            impossible: fates.impossible.clone(),
            aside: fates.put_aside.clone(),
            options,
        };
        graph.drop_nodes(fates);
        graph.create_nodes(fates);
        for (id, statements) in fates.altered.iter().filter(|(id, _)| !is_privilege(id)) {
            // Bounds that change places meet: all are detached before one is attached.
            let (detach, rest): (Vec<Statement>, Vec<Statement>) =
                statements.iter().cloned().partition(|statement| statement.sql.contains(" DETACH PARTITION "));
            let node = graph.node(Stage::Alter, id, rest);
            graph.alters.insert(id.clone(), node);
            if id.kind == Kind::Partition && !detach.is_empty() {
                let first = graph.node(Stage::Drop, id, detach);
                graph.detached.insert(id.clone(), first);
                graph.edge(first, node);
            }
        }
        for id in &fates.finished {
            let statements = graph.finishing(id, fates);
            if !statements.is_empty() {
                let node = graph.node(Stage::Finish, id, statements);
                graph.finishes.insert(id.clone(), node);
            }
        }
        graph.put_aside(fates);
        graph.edges();
        graph
    }

    fn node(&mut self, stage: Stage, id: &ObjectId, statements: Vec<Statement>) -> usize {
        self.nodes.push(Node { stage, id: id.clone(), statements });
        self.after.push(BTreeSet::new());
        self.nodes.len() - 1
    }

    fn impossible(&mut self, id: &ObjectId, reason: String) {
        self.impossible.push(Impossible { object: id.clone(), attribute: None, reason });
    }

    fn drop_nodes(&mut self, fates: &Fates) {
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
    fn put_aside(&mut self, fates: &Fates) {
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

    fn create_nodes(&mut self, fates: &Fates) {
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
    fn finishing(&self, id: &ObjectId, fates: &Fates) -> Vec<Statement> {
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
        let mut statements = Vec::new();
        let facts = after.facts();
        for attribute in LATE.iter().take(2) {
            let old = before.and_then(|object| object.facts().remove(*attribute));
            let new = facts.get(*attribute).cloned();
            let index_is_new = new.as_ref().and_then(|name| name.as_str()).is_some_and(|name| {
                fates.created.iter().any(|id| {
                    matches!(id.kind, Kind::Index | Kind::PrimaryKey | Kind::Unique | Kind::Exclusion)
                        && self.to.get(id).and_then(|object| object.parent.as_ref()) == Some(&after.id)
                        && super::side::split_last(&id.path).is_some_and(|(_, last)| last == identifier(name))
                })
            });
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
                let parent_is_new = fates.created.iter().any(|id| {
                    matches!(id.kind, Kind::Index | Kind::PrimaryKey | Kind::Unique | Kind::Exclusion)
                        && self.to.get(id).and_then(|object| object.parent.as_ref()).is_some_and(|table| {
                            super::side::split_last(&id.path).is_some_and(|(_, last)| last == identifier(&index.parent))
                                && self.to.descendants(table).contains(&after.id)
                        })
                });
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

    fn edge(&mut self, before: usize, after: usize) {
        if before != after {
            self.after[before].insert(after);
        }
    }

    fn edges(&mut self) {
        let mut edges: Vec<(usize, usize)> = Vec::new();
        let get = |map: &HashMap<ObjectId, usize>, id: &ObjectId| map.get(id).copied();
        for (id, need) in self.from.all_needs() {
            let (dropped, altered) = (get(&self.drops, id), get(&self.alters, id));
            if let Some(need_dropped) = get(&self.drops, need) {
                edges.extend(dropped.map(|node| (node, need_dropped)));
                // The columns of a type that is put aside come after that.
                if !self.aside.contains(need) {
                    edges.extend(altered.map(|node| (node, need_dropped)));
                    // Whoever gets another owner gets it before the old one goes.
                    edges.extend(
                        get(&self.finishes, id)
                            .filter(|_| id.kind == Kind::Sequence && dropped.is_none())
                            .map(|node| (node, need_dropped)),
                    );
                }
            }
            if let (Some(need_altered), Some(dropped)) = (get(&self.alters, need), dropped) {
                edges.push((dropped, need_altered));
            }
        }
        for (id, need) in self.to.all_needs() {
            let late = id.kind == Kind::Sequence && need.kind != Kind::Schema;
            let stages = match late {
                // A sequence is made before the column whose default it is.
                true => [None, None, get(&self.finishes, id)],
                false => [get(&self.creates, id), get(&self.alters, id), get(&self.finishes, id)],
            };
            // A partition's part of an index is named by its parent's.
            edges.extend(get(&self.finishes, need).zip(get(&self.finishes, id)).filter(|_| !late));
            for node in stages.into_iter().flatten() {
                edges.extend(get(&self.creates, need).map(|made| (made, node)));
                edges.extend(get(&self.alters, need).map(|changed| (changed, node)));
            }
        }
        let own = |map: &HashMap<ObjectId, usize>| map.iter().map(|(id, node)| (id.clone(), *node)).collect::<Vec<_>>();
        for (id, node) in own(&self.creates) {
            edges.extend(get(&self.drops, &id).map(|dropped| (dropped, node)));
        }
        for (id, node) in own(&self.finishes) {
            edges.extend(get(&self.creates, &id).map(|made| (made, node)));
            edges.extend(get(&self.alters, &id).map(|changed| (changed, node)));
            // Indexes and keys are made before they are named.
            let mut above = Some(id.clone());
            while let Some(table) = above {
                let made = self.to.children(&table).iter().filter_map(|child| get(&self.creates, child));
                edges.extend(made.map(|made| (made, node)));
                above =
                    self.to.get(&table).and_then(|object| object.parent.clone()).filter(|id| id.kind != Kind::Schema);
            }
        }
        edges.extend(self.siblings());
        edges.extend(self.parents_indexes());
        edges.extend(self.bounds());
        edges.extend(self.domains());
        edges.extend(self.collisions());
        for (before, after) in edges {
            self.edge(before, after);
        }
    }

    /// Around a column that goes or changes: what is attached to its table
    /// goes before and comes after, whatever of it names the column.
    fn siblings(&self) -> Vec<(usize, usize)> {
        let mut edges = Vec::new();
        let attached = |kind: Kind| {
            matches!(
                kind,
                Kind::Check
                    | Kind::Trigger
                    | Kind::Policy
                    | Kind::Rule
                    | Kind::Statistics
                    | Kind::Index
                    | Kind::Exclusion
                    | Kind::PrimaryKey
                    | Kind::Unique
                    | Kind::ForeignKey
            )
        };
        let columns = self.drops.iter().chain(&self.alters).filter(|(id, _)| id.kind == Kind::Column);
        for (column, node) in columns {
            let Some(table) = self.from.get(column).and_then(|object| object.parent.as_ref()) else { continue };
            // A partition's own keys and checks are in the way of its parent's column too.
            let siblings = self.from.descendants(table).into_iter().filter(|id| attached(id.kind));
            edges.extend(siblings.filter_map(|id| self.drops.get(&id)).map(|dropped| (*dropped, *node)));
        }
        let columns = self.creates.iter().chain(&self.alters).filter(|(id, _)| id.kind == Kind::Column);
        for (column, node) in columns {
            let Some(table) = self.to.get(column).and_then(|object| object.parent.as_ref()) else { continue };
            let siblings = self.to.children(table).iter().filter(|id| attached(id.kind));
            let siblings: Vec<&ObjectId> = siblings.collect();
            edges.extend(siblings.iter().filter_map(|id| self.creates.get(*id)).map(|made| (*node, *made)));
            edges.extend(siblings.iter().filter_map(|id| self.alters.get(*id)).map(|changed| (*node, *changed)));
        }
        edges
    }

    /// A domain is whole before something is made of it: checks cannot be added
    /// to one that arrays or composite types in columns use. But for what a
    /// check itself needs.
    fn domains(&self) -> Vec<(usize, usize)> {
        let mut edges = Vec::new();
        for (check, node) in self.creates.iter().filter(|(id, _)| id.kind == Kind::DomainCheck) {
            let Some(domain) = self.to.get(check).and_then(|object| object.parent.clone()) else { continue };
            let mut needed: BTreeSet<ObjectId> = BTreeSet::new();
            let mut open = vec![check.clone()];
            while let Some(next) = open.pop() {
                for need in self.to.needs(&next) {
                    if needed.insert(need.clone()) {
                        open.push(need.clone());
                    }
                }
            }
            let is_use = |kind: Kind| matches!(kind, Kind::Column | Kind::Attribute | Kind::Composite | Kind::Domain);
            let users = self.to.all_needs().filter(|(id, need)| **need == domain && is_use(id.kind));
            let users = users.filter(|(id, _)| {
                !needed.contains(*id)
                    && self
                        .to
                        .get(id)
                        .and_then(|object| object.parent.as_ref())
                        .is_none_or(|parent| !needed.contains(parent) || parent.kind == Kind::Schema)
            });
            edges.extend(users.filter_map(|(id, _)| self.creates.get(id)).map(|user| (*node, *user)));
        }
        edges
    }

    /// What a partition holds is given up before another partition gets it.
    fn bounds(&self) -> Vec<(usize, usize)> {
        let is_partition = |id: &&ObjectId| id.kind == Kind::Partition;
        let mut freed: HashMap<&ObjectId, Vec<usize>> = HashMap::new();
        for (id, node) in self.drops.iter().chain(&self.detached).filter(|(id, _)| is_partition(id)) {
            if let Some(parent) = self.from.get(id).and_then(|object| object.parent.as_ref()) {
                freed.entry(parent).or_default().push(*node);
            }
        }
        let mut edges = Vec::new();
        for (id, node) in self.creates.iter().chain(&self.alters).filter(|(id, _)| is_partition(id)) {
            let parent = self.to.get(id).and_then(|object| object.parent.as_ref());
            edges.extend(parent.and_then(|parent| freed.get(parent)).into_iter().flatten().map(|free| (*free, *node)));
        }
        edges
    }

    /// A partition's own indexes come after its parents': a new index of a
    /// parent takes one that is there and alike for its part.
    fn parents_indexes(&self) -> Vec<(usize, usize)> {
        let is_index =
            |id: &ObjectId| matches!(id.kind, Kind::Index | Kind::PrimaryKey | Kind::Unique | Kind::Exclusion);
        let mut edges = Vec::new();
        for (id, node) in self.creates.iter().filter(|(id, _)| is_index(id)) {
            let mut partition = self.to.get(id).and_then(|object| object.parent.clone());
            while let Some(next) = partition.filter(|id| id.kind == Kind::Partition) {
                partition = self.to.get(&next).and_then(|object| object.parent.clone());
                let above = partition.iter().flat_map(|above| self.to.children(above)).filter(|id| is_index(id));
                edges.extend(above.filter_map(|index| self.creates.get(index)).map(|made| (*made, *node)));
            }
        }
        edges
    }

    /// What takes a name waits for the one that has it to go.
    fn collisions(&self) -> Vec<(usize, usize)> {
        let mut taken: HashMap<String, Vec<usize>> = HashMap::new();
        for (id, node) in &self.drops {
            for name in names(self.from, id) {
                taken.entry(name).or_default().push(*node);
            }
        }
        let mut edges = Vec::new();
        for (id, node) in &self.creates {
            for name in names(self.to, id) {
                edges.extend(taken.get(&name).into_iter().flatten().map(|dropped| (*dropped, *node)));
            }
        }
        edges
    }

    /// Nodes in an order that every edge agrees with, what is dropped first and
    /// the rest by kind and name; and those that no order has room for.
    fn walk(&self) -> (Vec<usize>, Vec<usize>) {
        let mut waiting = vec![0_usize; self.nodes.len()];
        for after in &self.after {
            for node in after {
                waiting[*node] += 1;
            }
        }
        let key = |node: usize| {
            let Node { stage, id, .. } = &self.nodes[node];
            let late = *stage == Stage::Finish;
            (*stage != Stage::Drop, late, rank(id.kind, *stage), id.clone(), *stage, node)
        };
        let mut ready: BTreeSet<_> = (0..self.nodes.len()).filter(|node| waiting[*node] == 0).map(key).collect();
        let mut order = Vec::with_capacity(self.nodes.len());
        while let Some(next) = ready.pop_first() {
            let node = next.5;
            order.push(node);
            for after in &self.after[node] {
                waiting[*after] -= 1;
                if waiting[*after] == 0 {
                    ready.insert(key(*after));
                }
            }
        }
        let left = (0..self.nodes.len()).filter(|node| waiting[*node] > 0).collect();
        (order, left)
    }

    fn plan(&self, order: &[usize]) -> Plan {
        // What must come after something shares its lot.
        let mut held = vec![false; self.nodes.len()];
        let mut afterwards = vec![false; self.nodes.len()];
        for node in order {
            let statements = &self.nodes[*node].statements;
            held[*node] |= !self.options.allow_destructive && statements.iter().any(|s| s.destructive);
            for after in &self.after[*node] {
                held[*after] |= held[*node];
                afterwards[*after] |= afterwards[*node] || statements.iter().any(|s| s.afterwards);
            }
        }
        let mut steps = Vec::new();
        for node in order {
            let Node { id, stage, statements } = &self.nodes[*node];
            // A default that only changes is set anew, without being dropped.
            let is_idle = *stage == Stage::Drop
                && id.kind == Kind::Default
                && self.creates.get(id).is_some_and(|made| self.after[*node] == BTreeSet::from([*made]));
            if is_idle {
                continue;
            }
            let mut afterwards = afterwards[*node];
            steps.extend(statements.iter().map(|statement| {
                afterwards |= statement.afterwards;
                let statement = Statement { afterwards, ..statement.clone() };
                Step { object: id.clone(), statement, held_back: held[*node] }
            }));
        }
        Plan { steps, impossible: self.impossible.clone() }
    }
}

/// Privileges are not objects to be made: see `privileges`.
fn is_privilege(id: &ObjectId) -> bool {
    matches!(id.kind, Kind::Grant | Kind::DefaultPrivilege)
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

/// The names that an object takes: tables, indexes and sequences of a schema
/// share one name space, types another, a table's constraints a third.
fn names(side: &Side<'_>, id: &ObjectId) -> Vec<String> {
    let in_schema = |schema: &str, name: &str, space: &str| format!("{space} {}", qualified(schema, name));
    let Some(object) = side.get(id) else { return Vec::new() };
    match object.item {
        Item::Table { .. } | Item::Partition(_) | Item::View { .. } | Item::Composite { .. } => {
            vec![format!("relation {}", id.path), format!("type {}", id.path)]
        }
        Item::Enum { .. } | Item::Domain { .. } | Item::Range { .. } => vec![format!("type {}", id.path)],
        Item::Sequence { .. } => vec![format!("relation {}", id.path)],
        Item::Index { on, index } => vec![in_schema(on.schema, &index.name, "relation")],
        Item::Key { on, key } => {
            vec![in_schema(on.schema, &key.name, "relation"), format!("constraint {}", id.path)]
        }
        Item::Exclusion { on, exclusion } => {
            vec![in_schema(on.schema, &exclusion.name, "relation"), format!("constraint {}", id.path)]
        }
        Item::ForeignKey { .. } | Item::Check { .. } => vec![format!("constraint {}", id.path)],
        Item::Routine { .. } => vec![format!("routine {}", id.path)],
        _ => Vec::new(),
    }
}

/// The order of kinds among what may come in any order.
fn rank(kind: Kind, stage: Stage) -> usize {
    const ORDER: [Kind; 40] = [
        Kind::Schema,
        Kind::Language,
        Kind::Extension,
        Kind::AccessMethod,
        Kind::ForeignDataWrapper,
        Kind::Server,
        Kind::UserMapping,
        Kind::Collation,
        Kind::Enum,
        Kind::Composite,
        Kind::Domain,
        Kind::Range,
        Kind::Attribute,
        Kind::DomainCheck,
        Kind::Sequence,
        Kind::Table,
        Kind::ForeignTable,
        Kind::Partition,
        Kind::Column,
        Kind::Function,
        Kind::Procedure,
        Kind::Aggregate,
        Kind::WindowFunction,
        Kind::Operator,
        Kind::OperatorFamily,
        Kind::OperatorClass,
        Kind::Cast,
        Kind::Default,
        Kind::PrimaryKey,
        Kind::Unique,
        Kind::Exclusion,
        Kind::Check,
        Kind::Index,
        Kind::ForeignKey,
        Kind::Statistics,
        Kind::View,
        Kind::MaterializedView,
        Kind::Rule,
        Kind::Trigger,
        Kind::Policy,
    ];
    let place = ORDER.iter().position(|listed| *listed == kind).unwrap_or(ORDER.len());
    // What is made last is dropped first.
    if stage == Stage::Drop { ORDER.len() - place } else { place }
}

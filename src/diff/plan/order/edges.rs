//! What waits for what.

use std::collections::{BTreeSet, HashMap};

use super::Graph;
use crate::codegen::manifest::{Kind, ObjectId};
use crate::codegen::sql::qualified;
use crate::diff::object::Item;
use crate::diff::plan::side::Side;

impl Graph<'_, '_> {
    pub(super) fn edges(&mut self) {
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

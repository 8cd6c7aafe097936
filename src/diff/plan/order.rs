//! The statements as a graph, and a walk through it: `nodes` are what is done at
//! each stage of an object, `edges` what waits for what.

mod edges;
mod nodes;

use std::collections::{BTreeSet, HashMap};

use super::fate::Fates;
use super::side::Side;
use super::{Impossible, Plan, PlanOptions, Step};
use crate::codegen::manifest::{Kind, ObjectId};
use crate::diff::ddl::Statement;

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

    fn edge(&mut self, before: usize, after: usize) {
        if before != after {
            self.after[before].insert(after);
        }
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

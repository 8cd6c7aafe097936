//! What becomes of every object that a change touches, and of what hangs on it.

use std::collections::{BTreeMap, BTreeSet};

use super::side::Side;
use super::{Impossible, in_place};
use crate::codegen::manifest::{Kind, ObjectId};
use crate::diff::change::{Change, Difference};
use crate::diff::ddl::{self, Alter, Statement};
use crate::diff::object::Item;

/// The decisions. An object is in at most one of `removed` and `added`, and in
/// `removed` and `added` both where it is made again.
#[derive(Default)]
pub struct Fates {
    /// What has to go, less what goes with its parent.
    pub dropped: BTreeSet<ObjectId>,
    /// What goes with its parent's going.
    pub gone_with_parent: BTreeMap<ObjectId, ObjectId>,
    /// What has to be made, all of it.
    pub created: BTreeSet<ObjectId>,
    /// In place, each with its statements.
    pub altered: BTreeMap<ObjectId, Vec<Statement>>,
    /// Types whose columns have to be carried over: the old one is put aside
    /// under another name until they are.
    pub put_aside: BTreeSet<ObjectId>,
    /// What is said once everything else is there: owners of sequences, the
    /// index of a replica identity.
    pub finished: BTreeSet<ObjectId>,
    pub impossible: Vec<Impossible>,
}

impl Fates {
    /// Whether an object that is altered may be made again without losing data.
    pub fn can_recreate(&self, id: &ObjectId) -> bool {
        self.altered.contains_key(id) && holds_no_data(id.kind)
    }
}

/// Kinds that are made again without loss: everything that is only defined.
fn holds_no_data(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::Schema
            | Kind::Extension
            | Kind::Table
            | Kind::Partition
            | Kind::Column
            | Kind::Sequence
            | Kind::Attribute
            | Kind::Server
            | Kind::Subscription
    )
}

/// Attributes that name what is made later than the object itself.
pub const LATE: [&str; 4] = ["replica_identity_index", "cluster_on", "owned_by", "attached_indexes"];

/// Decides.
pub fn decide(from: &Side<'_>, to: &Side<'_>, changes: &[Change], forced: &[ObjectId]) -> Fates {
    let mut decision = Decision {
        from,
        to,
        fates: Fates::default(),
        recreated: BTreeSet::new(),
        carried: BTreeSet::new(),
        removed: BTreeSet::new(),
    };
    decision.take(changes);
    for id in forced {
        decision.fates.altered.remove(id);
        decision.recreated.insert(id.clone());
    }
    decision.spread();
    decision.settle();
    decision.fates
}

pub(super) struct Decision<'s, 'm> {
    pub(super) from: &'s Side<'m>,
    to: &'s Side<'m>,
    fates: Fates,
    /// Of both sides, to be dropped and made again.
    recreated: BTreeSet<ObjectId>,
    /// Columns whose type is made again: their values are carried over.
    carried: BTreeSet<ObjectId>,
    /// Of the actual side alone.
    removed: BTreeSet<ObjectId>,
}

impl Decision<'_, '_> {
    fn take(&mut self, changes: &[Change]) {
        let otherwise = self.partitioned_otherwise(changes);
        for change in changes {
            let id = &change.object;
            let is_why = change.attribute.as_deref().is_some_and(|attribute| attribute.starts_with("partition_by."));
            if let Some(table) = self.above(id).into_iter().find(|table| otherwise.contains(table) && !is_why) {
                let reason = format!("it waits for {table}, which has to be made again by hand");
                self.impossible(id, change.attribute.as_deref(), reason);
                continue;
            }
            if change.difference != Difference::Changed && self.comes_with_type(id) {
                continue;
            }
            if in_place::keeps_name([self.from, self.to], id, change.attribute.as_deref()) {
                let reason = "a partition's NOT NULL is renamed with its parent's alone; detach the partition, \
                              rename the constraint, and attach it again";
                self.impossible(id, Some("not_null_constraint.name"), reason.to_owned());
            }
            if change.difference != Difference::Changed
                && let Some(statements) = self.of_partition(id)
            {
                self.fates.altered.insert(id.clone(), statements);
                continue;
            }
            if self.is_of_new_parents(change) {
                let reason = "a column becomes or stops to be only its parent's when its table is made; make it again";
                self.impossible(id, change.attribute.as_deref(), reason.to_owned());
                continue;
            }
            match (change.difference, change.attribute.as_deref()) {
                (Difference::Missing, _) => {
                    self.create_all(id);
                }
                (Difference::Unexpected, _) => {
                    self.removed.insert(id.clone());
                }
                (Difference::Changed, Some("default")) if id.kind == Kind::Column => {
                    let default = ObjectId { kind: Kind::Default, path: id.path.clone() };
                    match (self.from.has(&default), self.to.has(&default)) {
                        (true, true) => drop(self.recreated.insert(default)),
                        (true, false) => drop(self.removed.insert(default)),
                        (false, _) => drop(self.fates.created.insert(default)),
                    }
                }
                (Difference::Changed, Some(attribute)) => self.alter(id, attribute),
                (Difference::Changed, None) => {}
            }
        }
    }

    /// Tables and partitions that stay and would have to be partitioned by
    /// something else: whatever changes in them waits for a person.
    fn partitioned_otherwise(&self, changes: &[Change]) -> BTreeSet<ObjectId> {
        let by = changes.iter().filter(|change| {
            let attribute = change.attribute.as_deref().unwrap_or_default();
            change.difference == Difference::Changed && attribute.starts_with("partition_by.")
        });
        by.map(|change| change.object.clone()).filter(|id| self.from.has(id) && self.to.has(id)).collect()
    }

    /// Whether a table that stays gets other parents and its columns with them,
    /// or such a column comes or goes.
    fn is_of_new_parents(&self, change: &Change) -> bool {
        let id = &change.object;
        let is_inherits = id.kind == Kind::Table && change.attribute.as_deref() == Some("inherits");
        let table = match id.kind {
            Kind::Table if is_inherits => Some(id),
            Kind::Column if change.difference != Difference::Changed => {
                [self.from, self.to].into_iter().find_map(|side| side.get(id)?.parent.as_ref())
            }
            _ => None,
        };
        let Some(table) = table else { return false };
        let of = |side: &Side<'_>| match side.get(table).map(|object| object.item) {
            Some(Item::Table { table, .. }) => {
                let inherited =
                    table.columns.iter().filter(|column| column.inherited).map(|column| column.name.clone());
                Some((table.inherits.clone(), inherited.collect::<BTreeSet<String>>()))
            }
            _ => None,
        };
        let (Some((parents, columns)), Some((new_parents, new_columns))) = (of(self.from), of(self.to)) else {
            return false;
        };
        let own = super::side::split_last(&id.path).map(|(_, name)| name.trim_matches('"').to_owned());
        let is_one = is_inherits || own.is_some_and(|own| columns.contains(&own) || new_columns.contains(&own));
        parents != new_parents && columns != new_columns && is_one
    }

    /// The object and all that it is part of, on either side.
    fn above(&self, id: &ObjectId) -> Vec<ObjectId> {
        let sides = [self.from, self.to];
        std::iter::once(id).chain(sides.into_iter().flat_map(|side| side.above(id))).cloned().collect()
    }

    /// A partition's column that only one side lists: the other has its parent's.
    fn of_partition(&self, id: &ObjectId) -> Option<Vec<Statement>> {
        let (before, after) = (self.from.get(id), self.to.get(id));
        let object = before.or(after)?;
        let (Item::Column { column, .. }, Some(parent)) = (object.item, &object.parent) else { return None };
        let Item::Partition(of) = self.to.get(parent)?.item else { return None };
        // A column that the parent has no more goes with the parent's.
        let Some(inherited) = of.root.column(&column.name) else { return Some(Vec::new()) };
        Some(ddl::change_partition_column(before, after, inherited))
    }

    /// Whether a column comes and goes with an attribute of the type that its
    /// table is made of.
    fn comes_with_type(&self, id: &ObjectId) -> bool {
        let of_type = |side: &Side<'_>| {
            let (relation, _) = super::side::split_last(&id.path)?;
            match side.get(&ObjectId { kind: Kind::Table, path: relation.to_owned() })?.item {
                Item::Table { table, .. } => (*table.of_type).clone(),
                _ => None,
            }
        };
        id.kind == Kind::Column && of_type(self.from).is_some() && of_type(self.from) == of_type(self.to)
    }

    /// An object and what hangs on it, but for what is a change of its own: the
    /// tables of a schema.
    fn create_all(&mut self, id: &ObjectId) {
        self.fates.created.insert(id.clone());
        if id.kind != Kind::Schema {
            self.fates.created.extend(self.to.descendants(id));
        } else {
            let grants = self.to.children(id).iter().filter(|child| child.kind == Kind::Grant);
            self.fates.created.extend(grants.cloned());
        }
    }

    fn alter(&mut self, id: &ObjectId, attribute: &str) {
        if id.kind == Kind::Grant {
            return;
        }
        if LATE.contains(&attribute) {
            self.fates.finished.insert(id.clone());
            return;
        }
        let (before, after) = (self.from.get(id), self.to.get(id));
        let (Some(before), Some(after)) = (before, after) else {
            // Part of a view's column that one side has nothing of.
            if self.to.has(id) {
                self.fates.created.insert(id.clone());
            }
            return;
        };
        // A child's column changes with its parent's, and so does a partition's.
        if let Item::Column { on, column } = after.item {
            let is_shared = attribute.starts_with("generated.")
                || (attribute.starts_with("identity.") && on.kind == Kind::Partition)
                || matches!(attribute, "type" | "collation");
            if is_shared && (column.inherited || on.kind == Kind::Partition || self.comes_with_type(id)) {
                self.disturb(id);
                return;
            }
        }
        if let (Kind::Column, "type" | "collation") = (id.kind, attribute)
            && let Some(reason) = self.reason_to_stay(id)
        {
            self.impossible(id, Some(attribute), reason);
            return;
        }
        let typed = |composite: &ObjectId| is_typed(self.to, composite) && is_typed(self.from, composite);
        let alter = match attribute {
            "generated.expression" => in_place::set_expression(self.from, before, after),
            _ => None,
        };
        match alter.unwrap_or_else(|| ddl::alter(before, after, attribute, &typed)) {
            Alter::InPlace(statements) => {
                let all = self.fates.altered.entry(id.clone()).or_default();
                let is_type = matches!((id.kind, attribute), (Kind::Column, "type" | "collation"));
                // A new type has storage and compression of its own: it comes first.
                let (first, later) =
                    if is_type { (statements, std::mem::take(all)) } else { (std::mem::take(all), statements) };
                all.extend(first);
                for statement in later {
                    // One statement may change several attributes.
                    if !all.contains(&statement) {
                        all.push(statement);
                    }
                }
                if is_type {
                    self.disturb(id);
                }
                if id.kind == Kind::Attribute
                    && let Some(composite) = before.parent.clone()
                    && self.is_stored(&composite)
                {
                    self.recreated.insert(composite);
                }
            }
            Alter::Recreate => {
                self.recreated.insert(id.clone());
                // Postgres drops a check with the column that it names.
                if id.kind == Kind::Column {
                    for check in in_place::checks_of(self.from, id) {
                        self.recreate(&check);
                    }
                }
            }
            Alter::Impossible(reason) => self.impossible(id, Some(attribute), reason),
        }
    }

    fn impossible(&mut self, id: &ObjectId, attribute: Option<&str>, reason: String) {
        let entry = Impossible { object: id.clone(), attribute: attribute.map(str::to_owned), reason };
        if !self.fates.impossible.contains(&entry) {
            self.fates.impossible.push(entry);
        }
    }

    pub(super) fn recreate(&mut self, id: &ObjectId) {
        if self.to.has(id) && !self.removed.contains(id) {
            self.recreated.insert(id.clone());
        }
    }

    /// Whether columns hold values of the type.
    fn is_stored(&self, type_id: &ObjectId) -> bool {
        self.from.all_needs().any(|(id, need)| need == type_id && id.kind == Kind::Column)
    }

    /// Drags along what depends on what goes, until nothing more does.
    fn spread(&mut self) {
        let dependents = self.from.dependents();
        let mut open: Vec<ObjectId> = self.recreated.iter().chain(&self.removed).cloned().collect();
        let mut seen: BTreeSet<ObjectId> = open.iter().cloned().collect();
        while let Some(id) = open.pop() {
            let mut reached: Vec<ObjectId> = self.from.descendants(&id);
            reached.extend(dependents.get(&id).into_iter().flatten().map(|id| (*id).clone()));
            for dependent in reached {
                if !self.to.has(&dependent) || seen.contains(&dependent) {
                    continue;
                }
                let hangs_on = self.from.get(&dependent).is_some_and(|object| object.parent.as_ref() == Some(&id));
                if is_type(id.kind) && dependent.kind == Kind::Column && self.recreated.contains(&id) {
                    self.fates.put_aside.insert(id.clone());
                    if self.carried.insert(dependent.clone()) {
                        let before: BTreeSet<ObjectId> = self.recreated.clone();
                        self.disturb(&dependent);
                        if id.kind == Kind::Range {
                            for attached in self.attached_over(&dependent) {
                                self.recreate(&attached);
                            }
                        }
                        for new in self.recreated.difference(&before) {
                            if seen.insert(new.clone()) {
                                open.push(new.clone());
                            }
                        }
                    }
                    continue;
                }
                // A sequence goes with its owner, unless it gets another first.
                if dependent.kind == Kind::Sequence && !hangs_on && self.has_other_owner(&dependent) {
                    continue;
                }
                if dependent.kind == Kind::Schema || (id.kind == Kind::Schema && !hangs_on) {
                    continue;
                }
                seen.insert(dependent.clone());
                self.recreated.insert(dependent.clone());
                open.push(dependent);
            }
        }
    }

    fn has_other_owner(&self, id: &ObjectId) -> bool {
        let owner = |side: &Side<'_>| match side.get(id).map(|object| object.item) {
            Some(Item::Sequence { sequence, .. }) => sequence.owned_by.clone(),
            _ => None,
        };
        owner(self.from) != owner(self.to)
    }

    /// Turns the decisions into what is dropped, made, altered and finished.
    fn settle(&mut self) {
        let going: BTreeSet<ObjectId> = self.removed.iter().chain(&self.recreated).cloned().collect();
        for id in &going {
            let mut parent = self.from.get(id).and_then(|object| object.parent.clone());
            let mut goes_with = None;
            while let Some(above) = parent {
                if going.contains(&above) && above.kind != Kind::Schema && !self.fates.put_aside.contains(&above) {
                    goes_with = Some(above.clone());
                }
                parent = self.from.get(&above).and_then(|object| object.parent.clone());
            }
            let owner = self.owner_that_goes(id, &going);
            match goes_with.or(owner) {
                Some(above) if !self.is_dropped_by_itself(id, &going) => {
                    self.fates.gone_with_parent.insert(id.clone(), above);
                }
                _ => {
                    self.fates.dropped.insert(id.clone());
                }
            }
        }
        // What hangs on what goes, and is not made again by itself.
        for id in going.iter().filter(|id| id.kind != Kind::Schema && !self.fates.put_aside.contains(*id)) {
            for below in self.from.descendants(id) {
                let with = self.fates.gone_with_parent.get(id).unwrap_or(id).clone();
                if !self.fates.dropped.contains(&below) {
                    if self.is_dropped_by_itself(&below, &going) {
                        self.fates.dropped.insert(below);
                    } else {
                        self.fates.gone_with_parent.entry(below).or_insert(with);
                    }
                }
            }
        }
        for id in self.recreated.clone() {
            self.create_all(&id);
            self.fates.altered.remove(&id);
        }
        for id in self.fates.created.clone() {
            self.fates.altered.remove(&id);
            self.fates.finished.insert(id);
        }
        self.carry();
        self.finish_on_new_indexes();
    }

    /// The columns of types that are put aside take the new type.
    fn carry(&mut self) {
        for id in self.carried.clone() {
            if self.fates.created.contains(&id) {
                continue;
            }
            let (Some(before), Some(after)) = (self.from.get(&id), self.to.get(&id)) else { continue };
            if matches!(after.item, Item::Column { column, .. } if column.inherited) {
                continue;
            }
            let statements = self.fates.altered.entry(id.clone()).or_default();
            let typed = |_: &ObjectId| false;
            if let Alter::InPlace(more) = ddl::alter(before, after, "type", &typed) {
                for statement in more {
                    if !statements.contains(&statement) {
                        statements.push(statement);
                    }
                }
            }
        }
    }

    /// A replica identity and a CLUSTER ON are lost with their index.
    fn finish_on_new_indexes(&mut self) {
        let tables: Vec<ObjectId> = self
            .fates
            .created
            .iter()
            .filter(|id| matches!(id.kind, Kind::Index | Kind::PrimaryKey | Kind::Unique | Kind::Exclusion))
            .filter_map(|id| self.to.get(id).and_then(|object| object.parent.clone()))
            .collect();
        for table in tables {
            // A partition's parts of the new index get their names.
            let below = self.to.descendants(&table);
            self.fates.finished.extend(below.into_iter().filter(|id| id.kind == Kind::Partition));
            self.fates.finished.insert(table);
        }
    }

    /// A sequence goes with the column that owns it.
    fn owner_that_goes(&self, id: &ObjectId, going: &BTreeSet<ObjectId>) -> Option<ObjectId> {
        let Item::Sequence { sequence, .. } = self.from.get(id)?.item else { return None };
        sequence.owned_by.as_ref()?;
        if self.to.has(id) && self.has_other_owner(id) {
            return None;
        }
        let column = self.from.needs(id).find(|need| need.kind != Kind::Schema)?;
        let mut above = Some(column.clone());
        while let Some(next) = above {
            if going.contains(&next) && next.kind != Kind::Schema {
                return Some(next);
            }
            above = self.from.get(&next).and_then(|object| object.parent.clone());
        }
        None
    }

    /// A foreign key between two tables that both go is dropped by itself, else
    /// neither table could go first; and DROP SERVER takes no user mapping along.
    fn is_dropped_by_itself(&self, id: &ObjectId, going: &BTreeSet<ObjectId>) -> bool {
        if id.kind == Kind::UserMapping {
            return true;
        }
        if id.kind != Kind::ForeignKey {
            return false;
        }
        let Some(own) = self.from.get(id).and_then(|object| object.parent.clone()) else { return false };
        self.from
            .needs(id)
            .any(|need| matches!(need.kind, Kind::Table | Kind::Partition) && *need != own && going.contains(need))
    }
}

fn is_type(kind: Kind) -> bool {
    matches!(kind, Kind::Enum | Kind::Domain | Kind::Composite | Kind::Range)
}

/// Whether a table is made of this composite type.
pub fn is_typed(side: &Side<'_>, composite: &ObjectId) -> bool {
    side.objects.values().any(|object| match object.item {
        Item::Table { table, .. } => table.of_type.as_ref() == Some(&composite.path),
        _ => false,
    })
}

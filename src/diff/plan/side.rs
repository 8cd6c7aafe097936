//! One side of a comparison, indexed: its objects, what hangs on what, and
//! what needs what.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::codegen::manifest::*;
use crate::codegen::sql::{identifier, qualified};
use crate::codegen::types::TypeName;
use crate::diff::ddl::Dialect;
use crate::diff::object::{Item, Object, Relation, objects_but};

/// A manifest's objects with their dependencies.
pub struct Side<'m> {
    pub objects: BTreeMap<ObjectId, Object<'m>>,
    children: HashMap<ObjectId, Vec<ObjectId>>,
    needs: HashMap<ObjectId, BTreeSet<ObjectId>>,
    /// The server that the SQL is for, which is the same on both sides.
    pub dialect: Dialect,
}

impl<'m> Side<'m> {
    /// `is_left_out` says it of tables that no change can reach.
    pub fn new(manifest: &'m Manifest, dialect: Dialect, is_left_out: impl Fn(&Table) -> bool) -> Self {
        let list = objects_but(manifest, is_left_out);
        let mut children: HashMap<ObjectId, Vec<ObjectId>> = HashMap::new();
        for object in &list {
            if let Some(parent) = &object.parent {
                children.entry(parent.clone()).or_default().push(object.id.clone());
            }
        }
        let objects: BTreeMap<ObjectId, Object<'m>> =
            list.into_iter().map(|object| (object.id.clone(), object)).collect();
        let needs = Needs::of(manifest, &objects);
        Self { objects, children, needs, dialect }
    }

    pub fn get(&self, id: &ObjectId) -> Option<&Object<'m>> {
        self.objects.get(id)
    }

    pub fn has(&self, id: &ObjectId) -> bool {
        self.objects.contains_key(id)
    }

    /// Everything that hangs on an object, at all depths.
    pub fn descendants(&self, id: &ObjectId) -> Vec<ObjectId> {
        let mut found = Vec::new();
        let mut open = vec![id.clone()];
        while let Some(next) = open.pop() {
            for child in self.children.get(&next).into_iter().flatten() {
                found.push(child.clone());
                open.push(child.clone());
            }
        }
        found
    }

    pub fn children(&self, id: &ObjectId) -> &[ObjectId] {
        self.children.get(id).map_or(&[], Vec::as_slice)
    }

    /// What an object is part of: its parent first, then what that is part of.
    pub fn above(&self, id: &ObjectId) -> impl Iterator<Item = &ObjectId> {
        let parent = |id: &ObjectId| self.get(id).and_then(|object| object.parent.as_ref());
        std::iter::successors(parent(id), move |id| parent(id))
    }

    /// What an object needs, its parent included.
    pub fn needs(&self, id: &ObjectId) -> impl Iterator<Item = &ObjectId> {
        self.needs.get(id).into_iter().flatten()
    }

    /// Every pair of an object and something that it needs.
    pub fn all_needs(&self) -> impl Iterator<Item = (&ObjectId, &ObjectId)> {
        self.needs.iter().flat_map(|(id, needs)| needs.iter().map(move |need| (id, need)))
    }

    /// From what is needed to those who need it.
    pub fn dependents(&self) -> HashMap<&ObjectId, Vec<&ObjectId>> {
        let mut dependents: HashMap<&ObjectId, Vec<&ObjectId>> = HashMap::new();
        for (id, need) in self.all_needs() {
            dependents.entry(need).or_default().push(id);
        }
        dependents.values_mut().for_each(|list| list.sort());
        dependents
    }
}

struct Needs<'o, 'm> {
    objects: &'o BTreeMap<ObjectId, Object<'m>>,
    /// By qualified name: what a type's name, a collation's or a routine's means.
    types: HashMap<String, ObjectId>,
    relations: HashMap<String, ObjectId>,
    functions: HashMap<String, Vec<ObjectId>>,
    found: HashMap<ObjectId, BTreeSet<ObjectId>>,
}

impl<'o, 'm> Needs<'o, 'm> {
    fn of(manifest: &Manifest, objects: &'o BTreeMap<ObjectId, Object<'m>>) -> HashMap<ObjectId, BTreeSet<ObjectId>> {
        let mut needs = Needs {
            objects,
            types: HashMap::new(),
            relations: HashMap::new(),
            functions: HashMap::new(),
            found: HashMap::new(),
        };
        needs.index();
        for object in objects.values() {
            if let Some(parent) = &object.parent {
                needs.add(&object.id, parent.clone());
            }
            needs.by_structure(object);
        }
        for (from, to) in &manifest.dependencies {
            let Some(from) = ObjectId::parse(from).and_then(|id| needs.known(id)) else { continue };
            for to in to {
                if let Some(to) = ObjectId::parse(to).and_then(|id| needs.known(id)) {
                    needs.add(&from, to);
                }
            }
        }
        needs.found
    }

    /// The object itself, or what stands for it: a partition's column is its
    /// own only where it differs, a view's default belongs to its column.
    fn known(&self, id: ObjectId) -> Option<ObjectId> {
        if self.objects.contains_key(&id) {
            return Some(id);
        }
        match id.kind {
            Kind::Column | Kind::Default | Kind::Attribute => {
                let (relation, _) = split_last(&id.path)?;
                self.relations.get(relation).or_else(|| self.types.get(relation)).cloned()
            }
            _ => None,
        }
    }

    fn index(&mut self) {
        for (id, object) in self.objects {
            match object.item {
                Item::Enum { .. } | Item::Domain { .. } | Item::Composite { .. } => {
                    self.types.insert(id.path.clone(), id.clone());
                }
                Item::Range { schema, range } => {
                    self.types.insert(id.path.clone(), id.clone());
                    if let Some(multirange) = &range.multirange {
                        self.types.insert(qualified(schema, multirange), id.clone());
                    }
                }
                Item::Table { .. } | Item::Partition(_) | Item::View { .. } => {
                    self.types.insert(id.path.clone(), id.clone());
                    self.relations.insert(id.path.clone(), id.clone());
                }
                Item::Routine { schema, routine } => {
                    self.functions.entry(qualified(schema, &routine.name)).or_default().push(id.clone());
                }
                _ => {}
            }
        }
    }

    fn add(&mut self, id: &ObjectId, need: ObjectId) {
        if *id != need {
            self.found.entry(id.clone()).or_default().insert(need);
        }
    }

    fn by_structure(&mut self, object: &Object<'m>) {
        let id = &object.id;
        match object.item {
            Item::Extension(extension) => {
                if let Some(schema) = &extension.schema {
                    self.named(id, Kind::Schema, &[schema]);
                }
            }
            Item::Table { table, .. } => {
                for parent in table.inherits.iter().chain(&*table.of_type) {
                    self.relation_or_type(id, parent);
                }
                self.server(id, table.foreign.as_deref());
                self.method(id, table.access_method.as_deref());
            }
            Item::Partition(of) => {
                self.server(id, of.partition.foreign.as_deref());
                self.method(id, of.partition.access_method.as_deref());
            }
            Item::Column { on, column } => {
                if on.kind == Kind::Partition {
                    self.parents_column(object);
                }
                self.type_name(id, &column.type_name);
                self.collation(id, column.collation.as_deref());
            }
            Item::ForeignKey { on, key } => self.foreign_key(id, &on, key),
            Item::Key { on, key } => {
                self.columns(id, &on, key.columns.iter().chain(&key.include));
            }
            Item::Index { on, index } => {
                self.columns(id, &on, index.keys.iter().filter_map(|key| key.column.as_ref()).chain(&index.include));
                self.method(id, index.method.as_deref());
                for key in &index.keys {
                    self.collation(id, key.collation.as_deref());
                }
            }
            Item::Domain { domain, .. } => {
                self.type_name(id, &domain.type_name);
                self.collation(id, domain.collation.as_deref());
            }
            Item::Attribute { attribute, schema, composite } => {
                self.type_name(id, &attribute.type_name);
                self.collation(id, attribute.collation.as_deref());
                // A type is made with its attributes.
                let of = ObjectId::new(Kind::Composite, &[schema, &composite.name]);
                self.type_name(&of, &attribute.type_name);
            }
            Item::Range { range, .. } => {
                self.type_name(id, &range.subtype);
                self.collation(id, range.collation.as_deref());
            }
            Item::Routine { routine, .. } => {
                for argument in &routine.arguments {
                    self.type_name(id, &argument.type_name);
                }
                if let Some(returns) = &routine.returns {
                    self.type_name(id, returns.strip_prefix("SETOF ").unwrap_or(returns));
                }
                self.named(id, Kind::Language, &[&routine.language]);
            }
            Item::Sequence { sequence, .. } => {
                if let Some(owner) = &sequence.owned_by {
                    let column = ObjectId { kind: Kind::Column, path: owner.clone() };
                    if let Some(column) = self.known(column) {
                        self.add(id, column);
                    }
                }
            }
            Item::Trigger { trigger, .. } if trigger.inherited => {
                let table = object.parent.as_ref().and_then(|partition| self.objects.get(partition)?.parent.clone());
                if let Some(whole) = table.map(|table| table.child(Kind::Trigger, &trigger.name)) {
                    self.add(id, whole);
                }
            }
            Item::Cast(cast) => {
                self.type_name(id, &cast.source);
                self.type_name(id, &cast.target);
            }
            Item::Operator { operator, .. } => {
                for name in operator.left.iter().chain([&operator.right]) {
                    self.type_name(id, name);
                }
                self.function(id, &operator.function);
            }
            Item::EventTrigger(trigger) => self.function(id, &trigger.function),
            Item::Server(server) => self.named(id, Kind::ForeignDataWrapper, &[&server.wrapper]),
            Item::PublicationTable { table, .. } => {
                self.relation_or_type(id, &qualified(&table.schema, &table.table));
                let on = Relation { kind: Kind::Table, schema: &table.schema, name: &table.table };
                self.columns(id, &on, table.columns.iter());
            }
            Item::Publication(publication) => {
                for schema in &publication.schemas {
                    self.named(id, Kind::Schema, &[schema]);
                }
            }
            Item::DefaultPrivilege(privilege) => {
                if let Some(schema) = &privilege.schema {
                    self.named(id, Kind::Schema, &[schema]);
                }
            }
            _ => {}
        }
    }

    /// A partition's column is one of the table at the top.
    fn parents_column(&mut self, object: &Object<'m>) {
        let Some((_, name)) = split_last(&object.id.path) else { return };
        let mut above = object.parent.clone();
        while let Some(table) = above {
            above = self.objects.get(&table).and_then(|object| object.parent.clone());
            if table.kind == Kind::Table {
                let column = ObjectId { kind: Kind::Column, path: format!("{}.{name}", table.path) };
                if self.objects.contains_key(&column) {
                    self.add(&object.id, column);
                }
                return;
            }
        }
    }

    fn named(&mut self, id: &ObjectId, kind: Kind, names: &[&str]) {
        let need = ObjectId::new(kind, names);
        if self.objects.contains_key(&need) {
            self.add(id, need);
        }
    }

    fn server(&mut self, id: &ObjectId, foreign: Option<&ForeignTable>) {
        if let Some(foreign) = foreign {
            self.named(id, Kind::Server, &[&foreign.server]);
        }
    }

    fn method(&mut self, id: &ObjectId, method: Option<&str>) {
        if let Some(method) = method {
            self.named(id, Kind::AccessMethod, &[method]);
        }
    }

    fn collation(&mut self, id: &ObjectId, collation: Option<&str>) {
        let Some(collation) = collation else { return };
        let need = ObjectId { kind: Kind::Collation, path: collation.to_owned() };
        if self.objects.contains_key(&need) {
            self.add(id, need);
        }
    }

    fn type_name(&mut self, id: &ObjectId, text: &str) {
        let Ok(name) = TypeName::parse(text) else { return };
        let Some(schema) = &name.schema else { return };
        if let Some(need) = self.types.get(&qualified(schema, &name.name)).cloned() {
            self.add(id, need);
        }
    }

    fn relation_or_type(&mut self, id: &ObjectId, path: &str) {
        if let Some(need) = self.relations.get(path).or_else(|| self.types.get(path)).cloned() {
            self.add(id, need);
        }
    }

    fn function(&mut self, id: &ObjectId, name: &str) {
        let plain = name.split('(').next().unwrap_or(name);
        for need in self.functions.get(plain).cloned().unwrap_or_default() {
            self.add(id, need);
        }
    }

    fn columns<'n>(&mut self, id: &ObjectId, on: &Relation<'_>, names: impl Iterator<Item = &'n String>) {
        let relation = qualified(on.schema, on.name);
        for name in names {
            let column = ObjectId { kind: Kind::Column, path: format!("{relation}.{}", identifier(name)) };
            if self.objects.contains_key(&column) {
                self.add(id, column);
            }
        }
    }

    /// A foreign key needs its columns, and the key that it refers to.
    fn foreign_key(&mut self, id: &ObjectId, on: &Relation<'_>, key: &ForeignKey) {
        self.columns(id, on, key.columns.iter());
        let to = &key.references;
        let path = qualified(&to.schema, &to.table);
        let Some(relation) = self.relations.get(&path).cloned() else { return };
        self.add(id, relation.clone());
        let there = Relation { kind: relation.kind, schema: &to.schema, name: &to.table };
        self.columns(id, &there, to.columns.iter());
        let mut wanted = to.columns.clone();
        wanted.sort();
        let (keys, indexes): (&[Key], &[Index]) = match self.objects.get(&relation).map(|object| object.item) {
            Some(Item::Table { table, .. }) => {
                self.key(id, &relation, table.primary_key.as_ref(), Kind::PrimaryKey, &wanted);
                (&table.unique, &table.indexes)
            }
            Some(Item::Partition(of)) => {
                self.key(id, &relation, of.partition.primary_key.as_ref(), Kind::PrimaryKey, &wanted);
                (&of.partition.unique, &of.partition.indexes)
            }
            _ => return,
        };
        for key in keys {
            self.key(id, &relation, Some(key), Kind::Unique, &wanted);
        }
        for index in indexes.iter().filter(|index| index.unique && index.predicate.is_none()) {
            let mut columns: Vec<String> = index.keys.iter().filter_map(|key| key.column.clone()).collect();
            columns.sort();
            if columns == wanted {
                self.add(id, relation.child(Kind::Index, &index.name));
            }
        }
    }

    fn key(&mut self, id: &ObjectId, relation: &ObjectId, key: Option<&Key>, kind: Kind, wanted: &[String]) {
        let Some(key) = key else { return };
        let mut columns = key.columns.clone();
        columns.sort();
        if columns == wanted {
            self.add(id, relation.child(kind, &key.name));
        }
    }
}

/// A path's last name and what is before it; dots inside quotes are names' own.
pub fn split_last(path: &str) -> Option<(&str, &str)> {
    let mut quoted = false;
    let mut last = None;
    for (at, c) in path.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '.' if !quoted => last = Some(at),
            _ => {}
        }
    }
    last.map(|at| (&path[..at], &path[at + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_split_at_its_last_dot_outside_quotes() {
        assert_eq!(split_last("crm.\"a.b\".c"), Some(("crm.\"a.b\"", "c")));
        assert_eq!(split_last("crm.\"a.b\""), Some(("crm", "\"a.b\"")));
        assert_eq!(split_last("crm"), None);
    }
}

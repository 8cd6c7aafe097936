//! Foreign keys as relations, as far as the transformer takes them.
//!
//! The rules were measured on the transformer: both sides by `references`,
//! which match the parent's key in number, order and type, are all required
//! or all nullable, and are never required on the relation field itself.

use std::collections::{BTreeMap, BTreeSet};

use crate::codegen::catalog::Catalog;
use crate::codegen::loss::Finding;
use crate::codegen::manifest::{Action, ForeignKey};
use crate::codegen::relations::Cardinality;
use crate::codegen::target::amplify::findings;
use crate::codegen::target::amplify::objects::Object;
use crate::codegen::target::amplify::options::Strategy;
use crate::codegen::target::amplify::type_map::{Base, part, path};

/// How many global secondary indexes a DynamoDB table may have (Service
/// quotas of DynamoDB, "Secondary indexes per table").
pub const INDEX_LIMIT: usize = 20;

/// A foreign key that becomes a relation.
#[derive(Debug, Clone)]
pub struct Link<'m> {
    /// Tells it apart from every other one.
    pub identity: String,
    /// The path of its constraint.
    pub path: String,
    /// Indexes into the objects.
    pub child: usize,
    pub parent: usize,
    /// The child's columns, in the order of the parent's key.
    pub references: Vec<&'m str>,
    pub cardinality: Cardinality,
    /// What the child calls its parent, in words joined by `_`.
    pub parent_words: String,
    pub required: bool,
}

/// A column of one of the objects.
type Side<'a> = (usize, &'a str);

/// The relations of the models, sorted by child and constraint. The types of
/// key columns are made to agree, which changes the objects.
pub fn links<'m>(
    catalog: &'m Catalog<'m>,
    objects: &mut [Object<'m>],
    strategy: Strategy,
    findings: &mut Vec<Finding>,
) -> Vec<Link<'m>> {
    let by_path: BTreeMap<String, usize> =
        objects.iter().enumerate().map(|(at, object)| (object.path.clone(), at)).collect();
    let mut candidates = Vec::new();
    let mut pairs = Vec::new();
    for relation in catalog.relations() {
        let key = relation.foreign_key;
        let Some(&child) = by_path.get(&path(&relation.child_schema.name, &relation.child.name)) else { continue };
        let name = constraint_name(key);
        let constraint = objects[child].member(&name);
        if strategy == Strategy::Dynamodb {
            actions(key, &constraint, findings);
        }
        let parent = by_path.get(&path(&key.references.schema, &key.references.table)).copied();
        if let Some(parent) = parent {
            for (from, to) in key.columns.iter().zip(&key.references.columns) {
                pairs.push(((child, from.as_str()), (parent, to.as_str())));
            }
        } else {
            // A bigint that refers to a table elsewhere is an ID all the same.
            pairs.extend(key.columns.iter().map(|from| ((child, from.as_str()), (child, from.as_str()))));
        }
        match references(objects, child, parent, key) {
            Ok((parent, references)) => candidates.push(Link {
                identity: format!("{constraint}({})", references.join(",")),
                path: constraint,
                child,
                parent,
                references,
                cardinality: relation.cardinality,
                parent_words: relation.parent_words(),
                required: relation.nullable_columns == 0,
            }),
            Err(reason) => findings.push(Finding::new(&findings::NO_RELATION, constraint, reason)),
        }
    }
    unify(objects, &pairs, &candidates, strategy, findings);
    let mut known = BTreeSet::new();
    let mut links: Vec<Link<'m>> = Vec::new();
    for mut link in candidates {
        // The same columns to the same parent a second time say nothing new.
        if !known.insert((link.child, link.parent, link.references.clone())) {
            continue;
        }
        let (child, parent) = (&objects[link.child], &objects[link.parent]);
        let key = parent.key.as_ref().map(|key| key.columns.as_slice()).unwrap_or_default();
        let differ = link.references.iter().zip(key).find(|(from, to)| {
            let (from, to) = (&child.types[**from], &parent.types[**to]);
            !from.base.refers_to(&to.base)
        });
        if let Some((from, to)) = differ {
            let why = format!("`{from}` and `{to}` have different types");
            findings.push(Finding::new(&findings::KEY_TYPES_DIFFER, link.path, why));
            continue;
        }
        let required = link.references.iter().filter(|column| child.required(column)).count();
        if required != 0 && required != link.references.len() {
            let why = format!("{required} of its {} columns are required", link.references.len());
            findings.push(Finding::new(&findings::MIXED_NULLABILITY, link.path, why));
            continue;
        }
        link.required = required != 0;
        links.push(link);
    }
    if strategy == Strategy::Dynamodb { within_budget(links, findings) } else { links }
}

/// Those of the links, which are sorted by child, that start at one object.
pub fn of_child<'l, 'm>(links: &'l [Link<'m>], child: usize) -> &'l [Link<'m>] {
    let (_, rest) = links.split_at(links.partition_point(|link| link.child < child));
    let (own, _) = rest.split_at(rest.partition_point(|link| link.child == child));
    own
}

/// What a finding calls a constraint that has no name.
fn constraint_name(key: &ForeignKey) -> String {
    if key.name.is_empty() { format!("({})", key.columns.join(", ")) } else { key.name.clone() }
}

/// The parent and the child's columns in the order of its key.
fn references<'m>(
    objects: &[Object<'m>],
    child: usize,
    parent: Option<usize>,
    foreign_key: &'m ForeignKey,
) -> Result<(usize, Vec<&'m str>), String> {
    let target = &foreign_key.references;
    let to = path(&target.schema, &target.table);
    let Some(parent) = parent else { return Err(format!("`{to}` is not in the manifest")) };
    let Some(key) = &objects[parent].key else { return Err(format!("`{to}` is not a model")) };
    let Some(own) = &objects[child].key else {
        return Err(format!("`{}` is not a model", objects[child].path));
    };
    if key.read_only || own.read_only {
        return Err("a model whose key is declared in project.yaml is for reading only".into());
    }
    let from = |wanted: &&str| {
        let at = target.columns.iter().position(|column| column == wanted)?;
        let column = foreign_key.columns.get(at)?;
        objects[child].column(column).map(|_| column.as_str())
    };
    let columns: Option<Vec<&str>> = key.columns.iter().map(from).collect();
    let columns = columns.filter(|columns| columns.len() == target.columns.len());
    let Some(columns) = columns else {
        return Err(format!("it does not refer to the key ({}) of `{to}`", key.columns.join(", ")));
    };
    if columns.iter().any(|column| objects[child].types[column].list) {
        return Err("one of its columns is an array".into());
    }
    if columns.iter().collect::<BTreeSet<_>>().len() != columns.len() {
        return Err("it uses one column twice".into());
    }
    Ok((parent, columns))
}

/// What a foreign key does beyond refusing has nobody to do it on DynamoDB.
fn actions(key: &ForeignKey, constraint: &str, findings: &mut Vec<Finding>) {
    for (event, action) in [("update", key.on_update), ("delete", key.on_delete)] {
        let does = match action {
            Action::NoAction | Action::Restrict => continue,
            Action::Cascade => "CASCADE",
            Action::SetNull => "SET NULL",
            Action::SetDefault => "SET DEFAULT",
        };
        findings.push(Finding::new(&findings::NO_ACTION, constraint, format!("ON {} {does}", event.to_uppercase())));
    }
}

/// Makes the two sides of each foreign key agree in type: a bigint in a key or
/// foreign key is an ID, and so is an integer that refers to one or is
/// referred to by one. On DynamoDB a key's Boolean is a String, and so is an
/// enum that a relation refers to.
fn unify(
    objects: &mut [Object<'_>],
    pairs: &[(Side<'_>, Side<'_>)],
    links: &[Link<'_>],
    strategy: Strategy,
    findings: &mut Vec<Finding>,
) {
    let sides = || pairs.iter().flat_map(|(from, to)| [*from, *to]);
    let mut keys: Vec<(usize, String)> = sides().map(|(object, column)| (object, column.to_owned())).collect();
    for (at, object) in objects.iter().enumerate() {
        keys.extend(object.key.iter().flat_map(|key| &key.columns).map(|column| (at, (*column).to_owned())));
    }
    for (at, column) in &keys {
        if let Some(field) = objects[*at].types.get_mut(column.as_str()).filter(|field| field.wide_integer) {
            field.base = Base::Id;
        }
    }
    if strategy == Strategy::Dynamodb {
        let mut as_string: BTreeSet<(usize, &str)> = BTreeSet::new();
        for (at, object) in objects.iter().enumerate() {
            for column in object.key.iter().flat_map(|key| &key.columns) {
                if object.types[column].base == Base::Boolean {
                    as_string.insert((at, *column));
                }
            }
        }
        for link in links {
            let key = objects[link.parent].key.as_ref().map(|key| key.columns.as_slice()).unwrap_or_default();
            for (to, from) in key.iter().zip(&link.references) {
                for side in [(link.parent, *to), (link.child, *from)] {
                    if matches!(objects[side.0].types[side.1].base, Base::Enum(_)) {
                        as_string.insert(side);
                    }
                }
            }
        }
        for (at, column) in as_string.into_iter().map(|(at, column)| (at, column.to_owned())).collect::<Vec<_>>() {
            string_key(&mut objects[at], &column, findings);
        }
    }
    loop {
        let mut changed = false;
        for (from, to) in pairs {
            for (one, other) in [(from, to), (to, from)] {
                let base = |side: &(usize, &str)| objects[side.0].types.get(side.1).map(|field| field.base.clone());
                match (base(one), base(other)) {
                    (Some(Base::Id), Some(Base::Int)) => {
                        if let Some(field) = objects[other.0].types.get_mut(other.1) {
                            field.base = Base::Id;
                            changed = true;
                        }
                    }
                    (Some(Base::String), Some(Base::Boolean | Base::Enum(_))) if strategy == Strategy::Dynamodb => {
                        string_key(&mut objects[other.0], other.1, findings);
                        changed = true;
                    }
                    _ => {}
                }
            }
        }
        if !changed {
            break;
        }
    }
}

fn string_key(object: &mut Object<'_>, column: &str, findings: &mut Vec<Finding>) {
    let member = format!("{}.{}", object.path, part(column));
    let Some(field) = object.types.get_mut(column) else { return };
    let kind = if field.base == Base::Boolean { "a Boolean" } else { "an enum" };
    field.base = Base::String;
    findings.push(Finding::new(&findings::KEY_AS_STRING, member, format!("{kind} cannot be a DynamoDB key")));
}

/// The relations that each child's index budget has room for: each takes an
/// index on its child's side. Required ones come first.
fn within_budget<'m>(links: Vec<Link<'m>>, findings: &mut Vec<Finding>) -> Vec<Link<'m>> {
    let mut order: Vec<usize> = (0..links.len()).collect();
    order.sort_by_key(|at| (!links[*at].required, *at));
    let mut used: BTreeMap<usize, usize> = BTreeMap::new();
    let mut kept = BTreeSet::new();
    for at in order {
        let count = used.entry(links[at].child).or_default();
        if *count < INDEX_LIMIT {
            *count += 1;
            kept.insert(at);
        } else {
            let why = "its table has 20 relations already, and each takes an index";
            findings.push(Finding::new(&findings::TOO_MANY_RELATIONS, links[at].path.clone(), why));
        }
    }
    links.into_iter().enumerate().filter(|(at, _)| kept.contains(at)).map(|(_, link)| link).collect()
}

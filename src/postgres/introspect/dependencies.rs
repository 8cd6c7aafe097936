//! What each object needs that its own fields do not say.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::Error;
use super::pipeline::{Answer, Cells, Query};
use crate::codegen::manifest::{Kind, Manifest, ObjectId};
use crate::diff::each_object;

pub(super) const DEPENDENCIES: Query = Query { what: "dependencies", sql: include_str!("sql/dependencies.sql") };

/// Gives a manifest that holds all its objects their dependencies.
///
/// Architecture Invariant: both sides of each are identities that
/// [`objects`](crate::diff::objects()) gives for this manifest. So what the catalog knows and the
/// manifest does not, such as a partition's copy of a trigger, is left out, and
/// who orders SQL by them never asks in vain.
pub(super) fn attach(answer: &Answer, manifest: &mut Manifest) -> Result<(), Error> {
    if answer.len() == 0 {
        return Ok(());
    }
    // Those that the catalog names, which of all objects are few.
    let mut named: HashSet<ObjectId> = HashSet::new();
    for cells in answer.cells() {
        if let Some(Dependency { object, needed, instead }) = dependency(cells)? {
            named.extend([object, needed].into_iter().chain(instead));
        }
    }
    let mut known: HashSet<ObjectId> = HashSet::new();
    each_object(manifest, &mut |object| known.extend(named.take(&object.id)));
    let mut dependencies: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for cells in answer.cells() {
        let Some(Dependency { object, needed, instead }) = dependency(cells)? else { continue };
        if !known.contains(&object) {
            continue;
        }
        let needed = if known.contains(&needed) { vec![needed] } else { instead };
        for needed in needed.iter().filter(|needed| known.contains(needed) && **needed != object) {
            dependencies.entry(object.to_string()).or_default().insert(needed.to_string());
        }
    }
    manifest.dependencies =
        dependencies.into_iter().map(|(object, needed)| (object, needed.into_iter().collect())).collect();
    Ok(())
}

struct Dependency {
    object: ObjectId,
    needed: ObjectId,
    /// Where there is no such object.
    instead: Vec<ObjectId>,
}

fn dependency(mut cells: Cells<'_>) -> Result<Option<Dependency>, Error> {
    let object = id(cells.take()?, &cells.list()?, &cells.list()?);
    let kind: &str = cells.take()?;
    let names: Vec<&str> = cells.list()?;
    let needed = id(kind, &names, &cells.list()?);
    let root: Vec<&str> = cells.list()?;
    let both = object.zip(needed);
    Ok(both.map(|(object, needed)| Dependency { object, needed, instead: instead(kind, &names, &root) }))
}

/// The identity of an object of that kind, whose names are the schema's first.
/// `types` are those of a routine's arguments, an operator's operands, a cast's
/// two sides, a transform's type.
fn id(kind: &str, names: &[&str], types: &[&str]) -> Option<ObjectId> {
    let kind = Kind::of_word(kind)?;
    Some(match (kind, names, types) {
        (Kind::Function | Kind::Procedure | Kind::Aggregate | Kind::WindowFunction, _, _) => {
            let name = ObjectId::new(kind, names).path;
            ObjectId { kind, path: format!("{name}({})", types.join(", ")) }
        }
        (Kind::Operator, [schema, symbol], [left, right]) => {
            let schema = ObjectId::new(kind, &[schema]).path;
            ObjectId { kind, path: format!("{schema}.{symbol}({left}, {right})") }
        }
        (Kind::OperatorClass | Kind::OperatorFamily, [schema, name, method], _) => {
            ObjectId::of_method(kind, schema, name, method)
        }
        (Kind::Cast, _, [source, target]) => ObjectId { kind, path: format!("({source} AS {target})") },
        (Kind::Transform, [language], [type_name]) => ObjectId::transform(type_name, language),
        _ => ObjectId::new(kind, names),
    })
}

/// What stands for a column that the manifest does not list: a partition's is
/// its root's, and nothing that needs it can be there before the partition.
fn instead(kind: &str, names: &[&str], root: &[&str]) -> Vec<ObjectId> {
    let ("column", [schema, table, column], [root_schema, root]) = (kind, names, root) else { return Vec::new() };
    vec![ObjectId::new(Kind::Partition, &[schema, table]), ObjectId::new(Kind::Column, &[root_schema, root, column])]
}

//! The tables that no change can reach: of a big schema nearly all of them, so
//! that a plan takes what its changes take and not what the schema does.

use std::collections::HashSet;

use crate::codegen::manifest::{Column, ForeignKey, Index, Kind, Manifest, ObjectId, Table};
use crate::codegen::sql::qualified;
use crate::diff::object::Common;
use crate::diff::plan::split_last;

/// The tables of both manifests, where they are in memory, that are the same on
/// both sides and that nothing else drags along.
///
/// Architecture Invariant: a plan with them is the same plan. What a change
/// drags along depends on it, by `dependencies` or by a name in the table; so a
/// table stays that depends on anything but tables it refers to, or that another
/// inherits from, and one that refers to a table that stays. A foreign key is
/// all that may be dragged along of that, and nothing depends on one.
pub fn untouched(expected: &Manifest, actual: &Manifest) -> HashSet<*const Table> {
    let common = Common::between(expected, actual);
    let sides = [expected, actual];
    // By what `dependencies` says, in the words of identities.
    let mut depend: HashSet<String> = HashSet::new();
    let mut parents: HashSet<&str> = HashSet::new();
    for manifest in sides {
        for from in manifest.dependencies.keys() {
            depend.extend(ObjectId::parse(from).into_iter().flat_map(|id| with_what_it_is_in(&id)));
        }
        for table in manifest.schemas.iter().flat_map(|schema| &schema.tables) {
            parents.extend(table.inherits.iter().map(String::as_str));
        }
    }
    let has_methods = sides.iter().any(|manifest| !manifest.access_methods.is_empty());
    let mut staying: HashSet<String> = HashSet::new();
    let mut plain: Vec<(&Table, String)> = Vec::new();
    for (schema, table) in sides
        .iter()
        .flat_map(|manifest| &manifest.schemas)
        .flat_map(|schema| schema.tables.iter().map(move |table| (schema, table)))
    {
        let path = qualified(&schema.name, &table.name);
        let is_named = depend.contains(&path) || parents.contains(path.as_str());
        if common.has(table) && !is_named && is_plain(table) && !(has_methods && has_method(table)) {
            plain.push((table, path));
        } else {
            staying.insert(path);
        }
    }
    let refers = |key: &ForeignKey| staying.contains(&qualified(&key.references.schema, &key.references.table));
    // On both sides a table is the same, and so is what stays.
    plain
        .into_iter()
        .filter(|(table, path)| !staying.contains(path) && !table.foreign_keys.iter().any(refers))
        .map(|(table, _)| std::ptr::from_ref(table))
        .collect()
}

/// Whether a table has nothing that depends on anything but another table.
fn is_plain(table: &Table) -> bool {
    table.foreign.is_none()
        && table.inherits.is_empty()
        && table.of_type.is_none()
        && table.access_method.is_none()
        && table.partitions.is_empty()
        && table.columns.iter().all(|column: &Column| column.collation.is_none() && !may_be_users(&column.type_name))
        && table.indexes.iter().flat_map(|index| &index.keys).all(|key| key.collation.is_none())
}

/// Whether a type's name has a schema, as that of a user's type has.
fn may_be_users(type_name: &str) -> bool {
    type_name.contains('.')
}

fn has_method(table: &Table) -> bool {
    table.indexes.iter().any(|index: &Index| index.method.is_some())
}

/// The paths of an object and of all that it may be in. A privilege is on what
/// its path names first.
fn with_what_it_is_in(id: &ObjectId) -> Vec<String> {
    let path = match id.kind {
        Kind::Grant => id.path.split_once(' ').map_or("", |(_, on)| on.split(" TO ").next().unwrap_or(on)),
        _ => id.path.as_str(),
    };
    let mut paths = vec![path.to_owned()];
    let mut left = path;
    while let Some((above, _)) = split_last(left) {
        paths.push(above.to_owned());
        left = above;
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codegen::manifest::{Schema, read};
    use crate::diff::compare;
    use crate::diff::ddl::Dialect;
    use crate::diff::plan::side::Side;
    use crate::diff::plan::{PlanOptions, plan, plan_between};

    fn manifest(file: &str) -> Manifest {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        read(&std::fs::read_to_string(path).unwrap()).unwrap()
    }

    /// Takes away or changes one thing of a schema.
    fn disturb(schema: &mut Schema, number: usize) {
        let Schema { tables, views, functions, enums, domains, sequences, .. } = schema;
        let many = tables.len();
        let at = |length: usize| number % length.max(1);
        let (of_functions, of_enums, of_domains) = (at(functions.len()), at(enums.len()), at(domains.len()));
        match number % 12 {
            0 if !views.is_empty() => drop(views.remove(at(views.len()))),
            1 if !functions.is_empty() => drop(functions.remove(of_functions)),
            2 if !functions.is_empty() => functions[of_functions].body = Some("SELECT 1".to_owned()),
            3 if !enums.is_empty() => drop(enums[of_enums].labels.pop()),
            4 if !domains.is_empty() => domains[of_domains].type_name = "text".to_owned(),
            5 if !sequences.is_empty() => drop(sequences.remove(at(sequences.len()))),
            6 if many > 1 => drop(tables.shared_mut().remove(at(many))),
            7 if many > 0 => tables[at(many)].primary_key = None,
            _ if many > 0 => {
                let columns = &mut tables[at(many)].columns;
                let place = number / 12 % columns.len().max(1);
                match columns.get_mut(place) {
                    Some(column) if number.is_multiple_of(3) => column.type_name = "text".to_owned(),
                    Some(column) if number % 3 == 1 => column.default = Some("now()".to_owned()),
                    Some(_) => drop(columns.remove(place)),
                    None => {}
                }
            }
            _ => {}
        }
    }

    #[test]
    fn a_plan_without_them_is_the_same_plan() {
        let (mut planned, mut left_out) = (0, 0);
        for file in ["manifests/odoboo-workspace", "manifests/barton-outreach-core"] {
            let whole = manifest(&format!("{file}/NEON_SCHEMA_MANIFEST.yaml"));
            for number in 0..24_usize {
                // Without what the catalog said of dependencies nearly every table is plain.
                let mut whole = whole.clone();
                if number % 2 == 1 {
                    whole.dependencies.clear();
                }
                let mut less = whole.clone();
                let many = less.schemas.len();
                disturb(&mut less.schemas[number % many], number * 7);
                disturb(&mut less.schemas[number * 5 % many], number * 31 + 1);
                for (actual, expected) in [(&whole, &less), (&less, &whole)] {
                    let changes = compare(expected, actual).changes;
                    let options = PlanOptions {
                        allow_destructive: number.is_multiple_of(2),
                        concurrently: number.is_multiple_of(3),
                    };
                    let dialect = Dialect::of(actual, expected);
                    let side = |manifest| Side::new(manifest, dialect, |_: &Table| false);
                    let all = plan_between([&side(actual), &side(expected)], [actual, expected], &changes, options);
                    let found = plan(actual, expected, &changes, options);
                    assert_eq!(found, all, "{file} {number}");
                    planned += found.steps.len();
                    left_out += untouched(expected, actual).len();
                }
            }
        }
        assert!(planned > 50 && left_out > 0, "{planned} steps, {left_out} tables left out: it tries too little");
    }

    #[test]
    fn what_refers_to_a_changed_table_stays() {
        let text = |kind: &str| {
            let table = |name: &str, to: &str| {
                format!(
                    "  - name: {name}\n    columns: [{{name: id, type: {kind}}}]\n    \
                     primary_key: {{name: {name}_pkey, columns: [id]}}\n    \
                     foreign_keys: [{{name: f, columns: [id], references: {{schema: s, table: {to}, columns: [id]}}}}]\n"
                )
            };
            format!(
                "version: '1.0'\nschemas:\n- name: s\n  tables:\n{}{}{}",
                table("a", "a"),
                table("b", "a"),
                table("c", "b")
            )
        };
        let (expected, mut actual) = (read(&text("bigint")).unwrap(), read(&text("bigint")).unwrap());
        actual.schemas[0].tables[0].columns[0].type_name = "integer".to_owned();
        let untouched = untouched(&expected, &actual);
        let left_out = |at: usize| untouched.contains(&std::ptr::from_ref(&expected.schemas[0].tables[at]));
        assert_eq!([left_out(0), left_out(1), left_out(2)], [false, false, true]);
    }
}

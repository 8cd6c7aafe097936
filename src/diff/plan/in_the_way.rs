//! What stands in the way of a column that changes its type.

use std::collections::BTreeSet;

use serde_json::Value;

use super::fate::Decision;
use crate::codegen::manifest::{Kind, ObjectId};
use crate::diff::object::Item;

impl Decision<'_, '_> {
    /// What Postgres does not let stand while a column's type changes.
    pub(super) fn disturb(&mut self, column: &ObjectId) {
        let mut in_the_way: BTreeSet<ObjectId> = self
            .from
            .all_needs()
            .filter(|(id, need)| *need == column && stands_in_the_way(id.kind))
            .map(|(id, _)| id.clone())
            .collect();
        // What is attached to the column's own table is told by its text, for
        // what it needs of its table is not listed.
        let own = self.from.get(column).and_then(|object| object.parent.clone());
        let name = super::side::split_last(&column.path).map(|(_, name)| name.to_owned());
        if let (Some(table), Some(name)) = (own, name) {
            let siblings = self.from.children(&table).iter().filter(|id| *id != column);
            in_the_way.extend(siblings.filter(|id| self.mentions(id, &name)).cloned());
        }
        in_the_way.extend(self.of_row_type(column));
        for id in in_the_way {
            self.recreate(&id);
        }
    }

    /// A table's column that holds whole rows of a table.
    pub(super) fn column_of_rows(&self, table: &ObjectId) -> Option<ObjectId> {
        let holds = |type_name: &str| type_name.trim_end_matches("[]") == table.path;
        let column = self.from.objects.values().find(|object| match object.item {
            Item::Column { column, .. } => holds(&column.type_name),
            _ => false,
        });
        column.map(|object| object.id.clone())
    }

    /// Materialised views that hold whole rows of a column's table.
    fn of_row_type(&self, column: &ObjectId) -> Vec<ObjectId> {
        let Some(table) = self.from.get(column).and_then(|object| object.parent.as_ref()) else { return Vec::new() };
        let holds = |type_name: &str| type_name.trim_end_matches("[]") == table.path;
        let views = self.from.objects.values().filter(|object| match object.item {
            Item::View { view, .. } if object.id.kind == Kind::MaterializedView => {
                view.columns.iter().any(|column| holds(&column.type_name))
            }
            _ => false,
        });
        views.map(|object| object.id.clone()).collect()
    }

    /// Whether something attached to a table has a column's name in its text.
    fn mentions(&self, id: &ObjectId, name: &str) -> bool {
        let Some(object) = self.from.get(id) else { return false };
        let texts: Vec<&String> = match object.item {
            Item::Policy { policy, .. } => policy.using.iter().chain(&policy.with_check).collect(),
            Item::Rule { rule, .. } => vec![&rule.definition],
            Item::Trigger { trigger, .. } => vec![&trigger.definition],
            Item::Column { column, .. } => column.generated.iter().map(|generated| &generated.expression).collect(),
            _ => Vec::new(),
        };
        texts.iter().any(|text| text.contains(name))
    }

    /// What is attached to a column's table and names the column: while the
    /// column holds text, none of it can stay.
    pub(super) fn attached_over(&self, column: &ObjectId) -> Vec<ObjectId> {
        let Some(table) = self.from.get(column).and_then(|object| object.parent.as_ref()) else { return Vec::new() };
        let Some((_, name)) = super::side::split_last(&column.path) else { return Vec::new() };
        let name = name.trim_matches('"');
        let attached = self.from.children(table).iter().filter(|id| {
            matches!(
                id.kind,
                Kind::Check
                    | Kind::Index
                    | Kind::Exclusion
                    | Kind::PrimaryKey
                    | Kind::Unique
                    | Kind::ForeignKey
                    | Kind::Statistics
            )
        });
        let names = |id: &&ObjectId| {
            self.from.get(id).is_some_and(|object| Value::Object(object.facts()).to_string().contains(name))
        };
        attached.filter(names).cloned().collect()
    }

    /// Why a column's type stays as it is: rows of its table are somebody's
    /// values, or the table is partitioned by it.
    pub(super) fn reason_to_stay(&self, column: &ObjectId) -> Option<String> {
        let table = self.from.get(column)?.parent.as_ref()?;
        if let Some(user) = self.column_of_rows(table) {
            return Some(format!("{user} holds rows of {table}, whose columns then keep their types; drop it first"));
        }
        let (_, name) = super::side::split_last(&column.path)?;
        match self.from.get(table)?.item {
            Item::Table { table: item, .. } => {
                let key = item.partition_by.as_ref()?;
                let is_key = key.definition.contains(name);
                is_key.then(|| format!("{table} is partitioned by it; make a new table and copy the rows"))
            }
            _ => None,
        }
    }
}

fn stands_in_the_way(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::View
            | Kind::MaterializedView
            | Kind::Rule
            | Kind::Policy
            | Kind::Trigger
            | Kind::PublicationTable
            | Kind::Function
            | Kind::Procedure
    )
}

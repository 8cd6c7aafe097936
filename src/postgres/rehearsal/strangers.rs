//! What a manifest speaks of and does not hold: roles, and what is in schemas
//! that it leaves out.

use std::collections::{BTreeMap, BTreeSet};

use crate::codegen::manifest::{Grant, Manifest};
use crate::codegen::sql::{identifier, qualified};
use crate::diff::{Item, objects};

/// Every role that a manifest names: of privileges, default privileges,
/// policies, user mappings and jobs. PUBLIC is none.
pub(super) fn roles(manifest: &Manifest) -> BTreeSet<String> {
    let mut roles = BTreeSet::new();
    let of_grant = |grant: &Grant, roles: &mut BTreeSet<String>| {
        roles.insert(grant.role.clone());
        roles.extend(grant.grantor.clone());
    };
    for object in objects(manifest) {
        match object.item {
            Item::Grant(grant) => of_grant(grant, &mut roles),
            Item::DefaultPrivilege(privilege) => {
                roles.insert(privilege.role.clone());
                privilege.grants.iter().for_each(|grant| of_grant(grant, &mut roles));
            }
            Item::Policy { policy, .. } => roles.extend(policy.roles.iter().cloned()),
            Item::UserMapping { mapping, .. } => drop(roles.insert(mapping.role.clone())),
            Item::CronJob(job) => roles.extend(job.role.clone()),
            _ => {}
        }
    }
    roles.remove("public");
    roles
}

/// A table of others, as far as it is known from outside.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct StandIn {
    /// Type by name: that of the column that refers to it.
    columns: BTreeMap<String, String>,
    /// What foreign keys refer to.
    keys: BTreeSet<Vec<String>>,
}

/// The schemas and tables of others.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct StandIns {
    pub schemas: BTreeSet<String>,
    tables: BTreeMap<(String, String), StandIn>,
}

impl StandIns {
    /// What the manifests refer to and do not hold. A schema that belongs to an
    /// extension is left to it.
    pub fn of(manifests: &[&Manifest]) -> Self {
        let mut found = Self::default();
        for manifest in manifests {
            let is_held = |name: &str| manifest.schemas.iter().any(|schema| schema.name == name);
            let columns = columns(manifest);
            for left_out in manifest.left_out.iter().filter(|left_out| !is_held(&left_out.schema)) {
                if !left_out.reason.contains("extension") || !left_out.tables.is_empty() {
                    found.schemas.insert(left_out.schema.clone());
                }
                for table in &left_out.tables {
                    found.tables.entry((left_out.schema.clone(), table.name.clone())).or_default();
                }
            }
            for extension in &manifest.extensions {
                found
                    .schemas
                    .extend(extension.schema.clone().filter(|schema| !is_held(schema) && schema != "pg_catalog"));
            }
            for object in objects(manifest) {
                let Item::ForeignKey { on, key } = object.item else { continue };
                let refers = &key.references;
                if is_held(&refers.schema) {
                    continue;
                }
                found.schemas.insert(refers.schema.clone());
                let table = found.tables.entry((refers.schema.clone(), refers.table.clone())).or_default();
                for (own, other) in key.columns.iter().zip(&refers.columns) {
                    if let Some(type_name) = columns.get(&(on.schema, on.name, own.as_str())) {
                        table.columns.entry(other.clone()).or_insert_with(|| (*type_name).to_owned());
                    }
                }
                table.keys.insert(refers.columns.clone());
            }
        }
        found
    }

    /// The statements that make what is not there yet. `owner` is the role whose
    /// the schemas are to be.
    pub fn sql(&self, owner: Option<&str>) -> Vec<String> {
        let owner = owner.map(|role| format!(" AUTHORIZATION {}", identifier(role))).unwrap_or_default();
        let schemas =
            self.schemas.iter().map(|schema| format!("CREATE SCHEMA IF NOT EXISTS {}{owner}", identifier(schema)));
        let tables = self.tables.iter().map(|((schema, table), stand_in)| {
            let columns = stand_in.columns.iter().map(|(name, type_name)| format!("{} {type_name}", identifier(name)));
            let keys = stand_in.keys.iter().map(|columns| {
                let names: Vec<String> = columns.iter().map(|name| identifier(name)).collect();
                format!("UNIQUE ({})", names.join(", "))
            });
            let parts: Vec<String> = columns.chain(keys).collect();
            format!("CREATE TABLE IF NOT EXISTS {} ({})", qualified(schema, table), parts.join(", "))
        });
        schemas.chain(tables).collect()
    }
}

/// The type of every column of every table.
fn columns(manifest: &Manifest) -> BTreeMap<(&str, &str, &str), &str> {
    let mut columns = BTreeMap::new();
    for schema in &manifest.schemas {
        for table in &schema.tables {
            for column in &table.columns {
                let name = (schema.name.as_str(), table.name.as_str(), column.name.as_str());
                columns.insert(name, column.type_name.as_str());
            }
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codegen::manifest::read;

    const MANIFEST: &str = "version: '1.0'
left_out:
- {schema: auth, reason: Supabase manages it}
- {schema: cron, reason: it belongs to the extension pg_cron}
extensions: [{name: pgcrypto, schema: extensions}]
schemas:
- name: app
  grants: [{role: reader, privileges: [usage], grantor: \"Odd \\\"one\"}, {role: public, privileges: [usage]}]
  tables:
  - name: t
    columns: [{name: owner, type: uuid}, {name: a, type: integer}, {name: b, type: text}]
    foreign_keys:
    - {name: f, columns: [owner], references: {schema: auth, table: users, columns: [id]}}
    - {name: g, columns: [a, b], references: {schema: auth, table: users, columns: [x, \"Y\"]}}
    policies: [{name: p, roles: [guest], using: 'true'}]
default_privileges:
- {role: maker, objects: tables, grants: [{role: watcher, privileges: [select]}]}
";

    #[test]
    fn every_role_that_is_named_is_found() {
        let manifest = read(MANIFEST).unwrap();
        let roles: Vec<String> = roles(&manifest).into_iter().collect();
        assert_eq!(roles, ["Odd \"one", "guest", "maker", "reader", "watcher"]);
    }

    #[test]
    fn what_is_referred_to_has_a_stand_in() {
        let manifest = read(MANIFEST).unwrap();
        let sql = StandIns::of(&[&manifest, &Manifest::default()]).sql(Some("supabase_admin"));
        assert_eq!(
            sql,
            [
                "CREATE SCHEMA IF NOT EXISTS auth AUTHORIZATION supabase_admin",
                "CREATE SCHEMA IF NOT EXISTS extensions AUTHORIZATION supabase_admin",
                "CREATE TABLE IF NOT EXISTS auth.users (\"Y\" text, id uuid, x integer, UNIQUE (id), UNIQUE (x, \"Y\"))",
            ]
        );
    }
}

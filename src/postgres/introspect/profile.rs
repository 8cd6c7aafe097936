//! Which schemas are read.
//!
//! In this order, the first that applies:
//! 1. `exclude` names it: left out.
//! 2. `include` names it: read.
//! 3. It is `schemacast`, where the tool keeps its ledger of migrations: left
//!    out as pg_catalog is, and not named among those that are left out, so
//!    that a database reads the same whether its migrations were applied by the
//!    ledger or by hand. Its name alone decides, since the tool itself gives
//!    it, in every database, and nobody else's tool does; and a ledger whose
//!    schema a database's owner made beforehand has no other mark.
//! 4. It belongs to an extension: left out, for CREATE EXTENSION makes it.
//! 5. The host manages it: left out. Its name is on the host's list, and
//!    * Neon: the name alone decides; all of them begin with `neon`.
//!    * Supabase: a managed role owns it. Those are all roles whose names
//!      begin with `supabase_`, and `pgbouncer`. A user may well own a schema
//!      named `auth`, `etl` or `vault`, and that one is read. Two of the list
//!      belong to the user's own role there, and their names alone decide:
//!      `extensions`, into which Supabase installs them, and
//!      `supabase_migrations`, the ledger that its command line keeps.
//! 6. It is read.
//!
//! Without a profile given, the database is Supabase's where it has a role
//! `supabase_admin`, and Neon's where it has a role `neon_superuser`, the
//! extension `neon`, or a schema `neon` that `cloud_admin` owns.

use std::collections::BTreeMap;

use super::jobs::Size;
use super::left_out::LeftOutSchema;
use super::pipeline::{Answer, Query};
use super::{Error, Options};
use crate::codegen::manifest::{LeftOut, Schema, Source};
use crate::codegen::project::Profile;

pub(super) const SERVER: Query = Query { what: "server", sql: include_str!("sql/server.sql") };
pub(super) const SCHEMAS: Query = Query { what: "schemas", sql: include_str!("sql/schemas.sql") };

/// The oldest server whose catalog has every column that the queries name.
const OLDEST: i32 = 140_000;

/// What is read, and what is left out.
pub(super) struct Scope {
    pub source: Source,
    /// By object number; still empty.
    pub schemas: BTreeMap<u32, Schema>,
    /// By object number; as yet without their tables.
    pub left_out: BTreeMap<u32, LeftOutSchema>,
}

impl Scope {
    pub fn oids(&self) -> Vec<u32> {
        self.schemas.keys().copied().collect()
    }
}

/// The schema in which the tool keeps its ledger of migrations.
pub const LEDGER: &str = "schemacast";

/// Names that Supabase manages where a managed role owns them. A `*` at the
/// end stands for anything.
const SUPABASE: [&str; 27] = [
    "_analytics",
    "_realtime",
    "_supavisor",
    "_timescaledb_*",
    "auth",
    "cron",
    "dbdev",
    "etl",
    "extensions",
    "graphql",
    "graphql_public",
    "net",
    "pgbouncer",
    "pgmq",
    "pgsodium",
    "pgsodium_masks",
    "pgtle",
    "realtime",
    "repack",
    "storage",
    "supabase_functions",
    "supabase_migrations",
    "tiger",
    "tiger_data",
    "timescaledb_*",
    "topology",
    "vault",
];

/// Of those, the ones that belong to the user's own role.
const SUPABASE_BY_NAME: [&str; 2] = ["extensions", "supabase_migrations"];

const NEON: [&str; 3] = ["neon", "neon_auth", "neon_migration"];

/// Decides what is read, and says how much there is.
pub(super) fn scope(server: &Answer, schemas: &Answer, options: &Options) -> Result<(Scope, Size), Error> {
    let mut cells = server.cells().next().ok_or_else(|| Error::Changed("the server".to_owned()))?;
    let number: i32 = cells.take()?;
    let server_version: String = cells.take()?;
    if number < OLDEST {
        return Err(Error::TooOld(server_version));
    }
    let supabase: bool = cells.take()?;
    let neon: bool = cells.take()?;
    let size = Size { backend: cells.take()?, relations: cells.take()?, room: cells.take()? };
    let detected = match (supabase, neon) {
        (true, _) => Profile::Supabase,
        (false, true) => Profile::Neon,
        (false, false) => Profile::None,
    };
    let profile = options.profile.unwrap_or(detected);
    let profile_name = match profile {
        Profile::None => None,
        Profile::Neon => Some("neon".to_owned()),
        Profile::Supabase => Some("supabase".to_owned()),
    };
    let mut scope = Scope {
        source: Source { server_version, profile: profile_name },
        schemas: BTreeMap::new(),
        left_out: BTreeMap::new(),
    };
    for mut cells in schemas.cells() {
        let oid: u32 = cells.take()?;
        let name: String = cells.take()?;
        let owner: Option<&str> = cells.take()?;
        let extension: Option<&str> = cells.take()?;
        let comment: Option<String> = cells.take()?;
        if is_own(&name, options) {
            continue;
        }
        match reason(&name, owner, extension, profile, options) {
            Some(reason) => {
                let managed = extension.is_none() && !options.exclude.contains(&name);
                let entry = LeftOut { schema: name, reason, ..LeftOut::default() };
                scope.left_out.insert(oid, LeftOutSchema { entry, managed });
            }
            None => {
                let comment = schema_comment(&name, comment);
                scope.schemas.insert(oid, Schema { name, comment, ..Schema::default() });
            }
        }
    }
    Ok((scope, size))
}

/// Whether it is the tool's own, and nobody asked for it.
fn is_own(name: &str, options: &Options) -> bool {
    let named = options.include.iter().chain(&options.exclude).any(|named| named == name);
    name == LEDGER && !named
}

/// Why a schema is left out; `None` where it is read.
fn reason(
    name: &str,
    owner: Option<&str>,
    extension: Option<&str>,
    profile: Profile,
    options: &Options,
) -> Option<String> {
    if options.exclude.iter().any(|excluded| excluded == name) {
        return Some("the project's settings exclude it".to_owned());
    }
    if options.include.iter().any(|included| included == name) {
        return None;
    }
    if let Some(extension) = extension {
        return Some(format!("it belongs to the extension {extension}"));
    }
    match profile {
        Profile::Supabase if is_supabase(name, owner) => Some("Supabase manages it".to_owned()),
        Profile::Neon if NEON.contains(&name) => Some("Neon manages it".to_owned()),
        _ => None,
    }
}

fn is_supabase(name: &str, owner: Option<&str>) -> bool {
    let on_list = SUPABASE.iter().any(|pattern| match pattern.strip_suffix('*') {
        Some(prefix) => name.starts_with(prefix),
        None => name == *pattern,
    });
    let managed = owner.is_some_and(|owner| owner.starts_with("supabase_") || owner == "pgbouncer");
    on_list && (managed || SUPABASE_BY_NAME.contains(&name))
}

/// `public` comes with a comment, which says nothing; that it was taken away
/// is what pg_dump says, as an empty one.
fn schema_comment(name: &str, comment: Option<String>) -> Option<String> {
    match (name, comment) {
        ("public", Some(comment)) if comment == "standard public schema" => None,
        ("public", None) => Some(String::new()),
        (_, comment) => comment,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left_out(name: &str, owner: &str, profile: Profile, options: &Options) -> bool {
        reason(name, Some(owner), None, profile, options).is_some()
    }

    #[test]
    fn a_managed_name_that_the_user_owns_is_read() {
        let options = Options::default();
        assert!(left_out("auth", "supabase_auth_admin", Profile::Supabase, &options));
        assert!(!left_out("auth", "postgres", Profile::Supabase, &options));
        assert!(!left_out("auth", "supabase_auth_admin", Profile::None, &options));
        assert!(!left_out("crm", "supabase_admin", Profile::Supabase, &options));
        assert!(left_out("extensions", "postgres", Profile::Supabase, &options));
        assert!(left_out("_timescaledb_internal", "supabase_admin", Profile::Supabase, &options));
        assert!(left_out("neon_auth", "neondb_owner", Profile::Neon, &options));
        assert!(!left_out("neon_lights", "neondb_owner", Profile::Neon, &options));
    }

    #[test]
    fn the_settings_overrule_the_profile_and_the_extension() {
        let mut options = Options { include: vec!["auth".to_owned(), "cron".to_owned()], ..Options::default() };
        assert!(!left_out("auth", "supabase_admin", Profile::Supabase, &options));
        assert_eq!(reason("cron", None, Some("pg_cron"), Profile::None, &options), None);
        options.exclude = vec!["auth".to_owned(), "public".to_owned()];
        assert!(left_out("auth", "supabase_admin", Profile::Supabase, &options));
        assert!(left_out("public", "pg_database_owner", Profile::None, &options));
        options.include.clear();
        assert!(reason("cron", None, Some("pg_cron"), Profile::None, &options).is_some());
    }
}

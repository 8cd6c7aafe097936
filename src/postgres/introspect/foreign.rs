//! Foreign-data wrappers, servers and user mappings, and how their secrets
//! become hashes.
//!
//! A secret is kept as `name=sha256:` and the first 16 hexadecimal digits of a
//! hash over the server's, the role's and the option's name and the value. The
//! names salt it, so that the same secret in two places gives two texts, and
//! the same place always gives the same: a change shows, and nothing else. The
//! limit: a salt that anyone can read does not hinder anyone who tries short or
//! common passwords one after the other; 64 bits keep a long random one safe.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::Error;
use super::grants::{Grants, PG_FOREIGN_DATA_WRAPPER, PG_FOREIGN_SERVER};
use super::pipeline::{Answer, Cells, Query};
use crate::codegen::manifest::{ForeignDataWrapper, Kind, NotVisible, ObjectId, Server, UserMapping};

pub(super) const WRAPPERS: Query =
    Query { what: "foreign-data wrappers", sql: include_str!("sql/foreign_data_wrappers.sql") };
pub(super) const SERVERS: Query = Query { what: "servers", sql: include_str!("sql/servers.sql") };
pub(super) const USER_MAPPINGS: Query = Query { what: "user mappings", sql: include_str!("sql/user_mappings.sql") };

pub(super) fn wrappers(answer: &Answer, grants: &mut Grants) -> Result<Vec<ForeignDataWrapper>, Error> {
    let wrapper = |mut cells: Cells<'_>| {
        let oid: u32 = cells.take()?;
        let name: String = cells.take()?;
        Ok(ForeignDataWrapper {
            handler: cells.take()?,
            validator: cells.take()?,
            options: options(cells.list()?, &Salt { server: &name, role: "" }),
            comment: cells.take()?,
            grants: grants.take(PG_FOREIGN_DATA_WRAPPER, oid, 0),
            name,
        })
    };
    answer.cells().map(wrapper).collect()
}

/// The servers with their user mappings, and those mappings whose options the
/// role may not see.
pub(super) fn servers(
    servers: &Answer,
    mappings: &Answer,
    grants: &mut Grants,
) -> Result<(Vec<Server>, Vec<NotVisible>), Error> {
    let mut by_oid: BTreeMap<u32, Server> = BTreeMap::new();
    for mut cells in servers.cells() {
        let oid: u32 = cells.take()?;
        let name: String = cells.take()?;
        let server = Server {
            wrapper: cells.take()?,
            kind: cells.take()?,
            version: cells.take()?,
            options: options(cells.list()?, &Salt { server: &name, role: "" }),
            comment: cells.take()?,
            grants: grants.take(PG_FOREIGN_SERVER, oid, 0),
            name,
            ..Server::default()
        };
        by_oid.insert(oid, server);
    }
    let mut not_visible = Vec::new();
    for mut cells in mappings.cells() {
        let Some(server) = by_oid.get_mut(&cells.take()?) else { continue };
        let role: String = cells.take()?;
        let list: Vec<String> = cells.list()?;
        if !cells.take::<Option<bool>>()?.unwrap_or(false) {
            not_visible.push(NotVisible {
                kind: Kind::UserMapping.word().to_owned(),
                name: ObjectId::user_mapping(&role, &server.name).path,
                reason: "its options are shown to its own role, the server's owner and superusers only".to_owned(),
            });
        }
        let options = options(list, &Salt { server: &server.name, role: &role });
        server.user_mappings.push(UserMapping { role, options });
    }
    Ok((by_oid.into_values().collect(), not_visible))
}

/// Whose option it is: two equal secrets of different owners look different.
struct Salt<'a> {
    server: &'a str,
    /// Empty for an option that is no user mapping's.
    role: &'a str,
}

/// Options as `name=value`, sorted, without their secrets.
fn options(list: Vec<String>, salt: &Salt<'_>) -> Vec<String> {
    let mut options: Vec<String> = list.into_iter().map(|option| without_secret(option, salt)).collect();
    options.sort();
    options
}

fn without_secret(option: String, salt: &Salt<'_>) -> String {
    // The server refuses a name with an equals sign in it.
    let Some((name, value)) = option.split_once('=') else { return option };
    if !may_hold_secret(name, value, !salt.role.is_empty()) {
        return option;
    }
    let mut hash = Sha256::new();
    for part in [salt.server, salt.role, name, value] {
        hash.update(part);
        // No name and no value has a zero byte in it.
        hash.update([0]);
    }
    let digits: String = hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("{name}=sha256:{digits}")
}

/// Words in an option's name that say that its value may be a secret.
const SECRET_WORDS: [&str; 9] =
    ["password", "passwd", "passphrase", "pwd", "secret", "token", "key", "credential", "private"];

/// A user mapping is all secrets but for who the user is; of other options the
/// name tells, or a value that is a URL or a connection string with a password.
fn may_hold_secret(name: &str, value: &str, in_user_mapping: bool) -> bool {
    let name = name.to_ascii_lowercase();
    if in_user_mapping {
        return !matches!(name.as_str(), "user" | "username" | "user_name");
    }
    let value = value.to_ascii_lowercase();
    let has_user_info = value.split_once("://").is_some_and(|(_, rest)| rest.contains('@'));
    SECRET_WORDS.iter().any(|word| name.contains(word)) || has_user_info || value.contains("password")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVER: Salt<'static> = Salt { server: "warehouse", role: "" };

    fn one(option: &str, salt: &Salt<'_>) -> String {
        without_secret(option.to_owned(), salt)
    }

    #[test]
    fn what_is_no_secret_stays() {
        assert_eq!(one("host=db.example.com", &SERVER), "host=db.example.com");
        assert_eq!(
            one("url=https://example.com/@home", &Salt { server: "s", role: "" }).split('=').next(),
            Some("url")
        );
        assert_eq!(one("user=app", &Salt { server: "warehouse", role: "app" }), "user=app");
    }

    #[test]
    fn a_secret_is_a_hash_that_its_place_salts() {
        let mapping = Salt { server: "warehouse", role: "app" };
        let hashed = one("password=canary-4711", &mapping);
        assert!(hashed.starts_with("password=sha256:") && hashed.len() == "password=sha256:".len() + 16, "{hashed}");
        assert_eq!(hashed, one("password=canary-4711", &mapping), "the same place, the same text");
        assert_ne!(hashed, one("password=canary-4712", &mapping));
        assert_ne!(hashed, one("password=canary-4711", &Salt { server: "warehouse", role: "other" }));
        assert_ne!(hashed, one("password=canary-4711", &Salt { server: "shop", role: "app" }));
        for option in
            ["api_key=canary", "Service_Account_Token=canary", "uri=mongodb://u:canary@h/", "dsn=x password=canary"]
        {
            assert!(!one(option, &SERVER).contains("canary"), "{option}");
        }
        assert!(!one("anything=canary", &mapping).contains("canary"));
    }
}

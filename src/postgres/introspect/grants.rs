//! Privileges: of every object that has a list of them, and the default ones.
//!
//! What is kept of a list is how it differs from the object's usual one, so
//! that rights which are spelled out and say nothing new are not listed.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Error;
use super::pipeline::{Answer, Query};
use crate::codegen::manifest::{DefaultPrivilege, DefaultPrivilegeObjects, Grant};

pub(super) const GRANTS: Query = Query { what: "privileges", sql: include_str!("sql/grants.sql") };
pub(super) const DEFAULT_PRIVILEGES: Query =
    Query { what: "default privileges", sql: include_str!("sql/default_privileges.sql") };

/// The numbers of the catalogs whose objects have privileges. They are fixed:
/// the server's own sources have them in pg_class.h and its siblings.
pub(super) const PG_CLASS: u32 = 1259;
pub(super) const PG_FOREIGN_DATA_WRAPPER: u32 = 2328;
pub(super) const PG_FOREIGN_SERVER: u32 = 1417;
pub(super) const PG_LANGUAGE: u32 = 2612;
pub(super) const PG_NAMESPACE: u32 = 2615;
pub(super) const PG_PROC: u32 = 1255;
pub(super) const PG_TYPE: u32 = 1247;

/// What differs, by catalog, object number and, of a column, its number.
#[derive(Default)]
pub(super) struct Grants {
    by_object: HashMap<(u32, u32, i32), Vec<Grant>>,
}

impl Grants {
    pub fn read(answer: &Answer) -> Result<Self, Error> {
        let mut grants = Self::default();
        for mut cells in answer.cells() {
            let object = (cells.take()?, cells.take()?, cells.take()?);
            let owner: Option<&str> = cells.take()?;
            let list = AccessList::parse(&cells.list()?);
            let usual = AccessList::parse(&cells.list()?);
            let different = difference(&list, &usual, owner.unwrap_or_default());
            if !different.is_empty() {
                grants.by_object.insert(object, different);
            }
        }
        Ok(grants)
    }

    /// The privileges on an object of the catalog `class`; `sub` is a column's
    /// number, else 0. They are then no longer held here.
    pub fn take(&mut self, class: u32, oid: u32, sub: i16) -> Vec<Grant> {
        self.by_object.remove(&(class, oid, i32::from(sub))).unwrap_or_default()
    }
}

/// ALTER DEFAULT PRIVILEGES. What comes to the built-in default is left out.
pub(super) fn default_privileges(answer: &Answer) -> Result<Vec<DefaultPrivilege>, Error> {
    let mut privileges = Vec::with_capacity(answer.len());
    for mut cells in answer.cells() {
        let role: String = cells.take()?;
        let schema: Option<String> = cells.take()?;
        let objects = match cells.code()? {
            'S' => DefaultPrivilegeObjects::Sequences,
            'f' => DefaultPrivilegeObjects::Functions,
            'T' => DefaultPrivilegeObjects::Types,
            'n' => DefaultPrivilegeObjects::Schemas,
            'L' => DefaultPrivilegeObjects::LargeObjects,
            _ => DefaultPrivilegeObjects::Tables,
        };
        let list = AccessList::parse(&cells.list()?);
        let usual = AccessList::parse(&cells.list()?);
        let grants = difference(&list, &usual, &role);
        if !grants.is_empty() {
            privileges.push(DefaultPrivilege { role, schema, objects, grants });
        }
    }
    Ok(privileges)
}

/// An `aclitem[]`: for each role and each who granted to it, the letters of the
/// privileges, and whether with grant option.
#[derive(Debug, Default, PartialEq)]
struct AccessList {
    items: BTreeMap<(String, String), BTreeMap<char, bool>>,
}

impl AccessList {
    /// Each item reads `role=letters/grantor`, the role empty for PUBLIC, a
    /// letter with an asterisk behind it WITH GRANT OPTION (the manual's
    /// section Privileges). A role that no longer exists is its number.
    fn parse(items: &[&str]) -> Self {
        let mut list = Self::default();
        for item in items {
            let (role, rest) = name(item);
            let role = if role.is_empty() { "public".to_owned() } else { role };
            let (letters, grantor) = rest.trim_start_matches('=').split_once('/').unwrap_or((rest, ""));
            let privileges = list.items.entry((role, name(grantor).0)).or_default();
            let mut last = None;
            for letter in letters.chars() {
                match (letter, last) {
                    ('*', Some(last)) => {
                        privileges.insert(last, true);
                    }
                    _ => {
                        privileges.entry(letter).or_insert(false);
                        last = Some(letter);
                    }
                }
            }
        }
        list
    }

    /// The list of another owner as that of this one: the usual list of what
    /// initdb made names who owned it then, whom every item is granted by.
    fn of_owner(&self, owner: &str) -> Self {
        let Some(former) = self.items.keys().next().map(|(_, grantor)| grantor.as_str()) else {
            return Self::default();
        };
        let now = |role: &str| if role == former { owner } else { role }.to_owned();
        let items = self.items.iter();
        Self { items: items.map(|((role, by), letters)| ((now(role), now(by)), letters.clone())).collect() }
    }
}

/// The name that an item begins with, and what is behind it. It is in double
/// quotes where it holds anything but letters, digits and underscores.
fn name(item: &str) -> (String, &str) {
    let Some(quoted) = item.strip_prefix('"') else {
        let end = item.find('=').unwrap_or(item.len());
        return (item[..end].to_owned(), &item[end..]);
    };
    let mut name = String::new();
    let mut rest = quoted;
    while let Some(at) = rest.find('"') {
        name.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        match rest.strip_prefix('"') {
            Some(more) => {
                name.push('"');
                rest = more;
            }
            None => break,
        }
    }
    (name, rest)
}

/// How a list differs from the usual one.
///
/// An owner can grant whatever he may do, so that his grant options say
/// nothing and are passed over.
fn difference(list: &AccessList, usual: &AccessList, owner: &str) -> Vec<Grant> {
    let usual = usual.of_owner(owner);
    let none = BTreeMap::new();
    let mut grants = Vec::new();
    for key in list.items.keys().chain(usual.items.keys()).collect::<BTreeSet<_>>() {
        let has = list.items.get(key).unwrap_or(&none);
        let had = usual.items.get(key).unwrap_or(&none);
        let (role, grantor) = key;
        let mut grant =
            Grant { role: role.clone(), grantor: (grantor != owner).then(|| grantor.clone()), ..Grant::default() };
        for (letter, grantable) in has {
            let grantable = *grantable && role != owner;
            match had.get(letter) {
                _ if grantable => grant.grantable.push(word(*letter)),
                None => grant.privileges.push(word(*letter)),
                Some(_) => {}
            }
        }
        grant.revoked.extend(had.keys().filter(|letter| !has.contains_key(letter)).map(|letter| word(*letter)));
        if grant != (Grant { role: role.clone(), grantor: grant.grantor.clone(), ..Grant::default() }) {
            grants.push(grant);
        }
    }
    grants
}

/// The privilege of a letter. One that is not known yet stays as it is, so
/// that it is not lost.
fn word(letter: char) -> String {
    let word = match letter {
        'r' => "select",
        'a' => "insert",
        'w' => "update",
        'd' => "delete",
        'D' => "truncate",
        'x' => "references",
        't' => "trigger",
        'm' => "maintain",
        'U' => "usage",
        'C' => "create",
        'X' => "execute",
        'T' => "temporary",
        'c' => "connect",
        's' => "set",
        'A' => "alter system",
        _ => return letter.to_string(),
    };
    word.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn different(list: &[&str], usual: &[&str]) -> Vec<String> {
        let grants = difference(&AccessList::parse(list), &AccessList::parse(usual), "me");
        let text = |grant: &Grant| {
            let by = grant.grantor.as_deref().unwrap_or("owner");
            let Grant { role, privileges, grantable, revoked, .. } = grant;
            format!("{role} by {by}: {} | {} | {}", privileges.join(","), grantable.join(","), revoked.join(","))
        };
        grants.iter().map(text).collect()
    }

    #[test]
    fn what_is_as_usual_is_not_listed() {
        assert_eq!(different(&["me=X/me", "=X/me"], &["=X/me", "me=X/me"]), [""; 0]);
        // An owner's grant option says nothing; and an owner since.
        assert_eq!(different(&["me=r*w/me"], &["me=rw/me"]), [""; 0]);
        assert_eq!(different(&["me=UC/me", "=U/me"], &["boss=UC/boss", "=U/boss"]), [""; 0]);
        // Two items of one role are as good as one.
        assert_eq!(different(&["=UC/me"], &["=U/me", "=C/me"]), [""; 0]);
    }

    #[test]
    fn what_differs_is_listed_by_role_and_grantor() {
        assert_eq!(
            different(&["me=r/me", "app=r*w/me", "\"a=\"\"b/\"=m/app", "16999=x/\"A b\""], &["me=rw/me", "=X/me"]),
            [
                "16999 by A b: references |  | ",
                "a=\"b/ by app: maintain |  | ",
                "app by owner: update | select | ",
                "me by owner:  |  | update",
                "public by owner:  |  | execute",
            ]
        );
    }

    #[test]
    fn nothing_at_all_is_everything_revoked() {
        assert_eq!(different(&[], &["me=aD/me"]), ["me by owner:  |  | truncate,insert"]);
        assert_eq!(different(&["me=a/me"], &[]), ["me by owner: insert |  | "]);
    }
}

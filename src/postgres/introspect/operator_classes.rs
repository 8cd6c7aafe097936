//! Which operator class an index uses where none is written.
//!
//! The server's rule (GetDefaultOpClass, which pg_get_indexdef leaves a class
//! out by): the default class of the access method for exactly the key's type,
//! domains taken off; else the one for a type that the key's is as good as,
//! where a preferred type (text for character varying) wins. What a type is as
//! good as is told here by less than the server knows: a preferred type, or
//! one that stands for many (anyarray). For anything else the class is
//! written, which is never wrong, only longer.

use std::collections::{HashMap, HashSet};

use super::Error;
use super::pipeline::{Answer, Query};

pub(super) const OPERATOR_CLASSES: Query =
    Query { what: "operator classes", sql: include_str!("sql/operator_classes.sql") };
pub(super) const DOMAIN_BASES: Query = Query { what: "domains", sql: include_str!("sql/domain_bases.sql") };

pub(super) struct OperatorClasses {
    by_oid: HashMap<u32, OperatorClass>,
    /// Access method and input type of every default class.
    defaults: HashSet<(u32, u32)>,
    domain_bases: HashMap<u32, u32>,
}

struct OperatorClass {
    method: u32,
    name: String,
    input: u32,
    is_default: bool,
    /// The input type is a preferred one or stands for many.
    is_general: bool,
    /// What the index stores is of another type than its key.
    stores_another: bool,
}

/// What is known of a key's type.
#[derive(Clone, Copy)]
pub(super) enum KeyType {
    Column(u32),
    /// The type that the index stores of an expression.
    Stored(u32),
}

impl OperatorClasses {
    pub fn read(classes: &Answer, domain_bases: &Answer) -> Result<Self, Error> {
        let mut by_oid = HashMap::with_capacity(classes.len());
        let mut defaults = HashSet::new();
        for mut cells in classes.cells() {
            let oid: u32 = cells.take()?;
            let class = OperatorClass {
                method: cells.take()?,
                name: cells.take()?,
                input: cells.take()?,
                is_default: cells.take()?,
                is_general: cells.take()?,
                stores_another: cells.take()?,
            };
            if class.is_default {
                defaults.insert((class.method, class.input));
            }
            by_oid.insert(oid, class);
        }
        let bases: Result<_, Error> =
            domain_bases.cells().map(|mut cells| Ok((cells.take()?, cells.take()?))).collect();
        Ok(Self { by_oid, defaults, domain_bases: bases? })
    }

    /// The class's name, and whether it is what the key has without it.
    pub fn look_up(&self, class: u32, key: KeyType) -> Option<(&str, bool)> {
        let class = self.by_oid.get(&class)?;
        let (KeyType::Column(type_oid) | KeyType::Stored(type_oid)) = key;
        let base = *self.domain_bases.get(&type_oid).unwrap_or(&type_oid);
        let is_unknown = matches!(key, KeyType::Stored(_)) && class.stores_another;
        let is_default = class.is_default
            && (class.input == base
                || is_unknown
                || (class.is_general && !self.defaults.contains(&(class.method, base))));
        Some((&class.name, is_default))
    }
}

//! What the models make use of, gathered while they are built: crates, support
//! types, and values that a type has not.

use std::collections::{BTreeMap, BTreeSet};

use crate::codegen::loss::Finding;

use super::external::External;
use super::findings::{INFINITE_DATE, JSON_NUMBER, NOT_A_NUMBER};
use super::rust_type::{RustType, Support, Trap};

#[derive(Debug, Default)]
pub(super) struct Uses {
    pub externals: BTreeSet<External>,
    pub support: BTreeSet<Support>,
    /// By trap and Postgres type, the columns.
    traps: BTreeMap<(Trap, String), BTreeSet<String>>,
}

impl Uses {
    /// Takes note of a type that stands at `path`.
    pub fn note(&mut self, rust: &RustType, path: &str, type_name: &str) {
        self.externals.extend(&rust.externals);
        self.support.extend(&rust.support);
        for trap in &rust.traps {
            self.traps.entry((*trap, type_name.to_owned())).or_default().insert(path.to_owned());
        }
    }

    pub fn has(&self, support: Support) -> bool {
        self.support.contains(&support)
    }

    /// One finding for each type rather than one for each column: a trap is
    /// the type's, and every table has a timestamp.
    pub fn trap_findings(&self) -> Vec<Finding> {
        let finding = |((trap, type_name), paths): (&(Trap, String), &BTreeSet<String>)| {
            let (code, what) = match trap {
                Trap::Infinity => (&INFINITE_DATE, "'infinity' cannot be read"),
                Trap::EndOfDay => (&INFINITE_DATE, "24:00 is read as 00:00"),
                Trap::NotANumber => (&NOT_A_NUMBER, "NaN cannot be read"),
                Trap::JsonNumber => (&JSON_NUMBER, "a number of more digits is read as the nearest f64"),
                Trap::JsonText => {
                    (&JSON_NUMBER, "the order of keys, keys that come twice and white space are not kept")
                }
            };
            let first = paths.first().cloned().unwrap_or_default();
            let others = match paths.len() {
                0 | 1 => String::new(),
                2 => " and of one other".to_owned(),
                count => format!(" and of {} others", count - 1),
            };
            Finding::new(code, first, format!("{what}; it is {type_name}, the type of this column{others}"))
        };
        self.traps.iter().map(finding).collect()
    }
}

use std::collections::{BTreeMap, BTreeSet};

use super::clients::Clients;
use super::lookup::Lookup;
use crate::codegen::catalog::Catalog;
use crate::codegen::target::firestore::{FirestoreOptions, Names};

/// Why an expression has no counterpart in rules: a clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal(pub String);

pub type Translated<T> = Result<T, Refusal>;

pub fn refuse<T>(reason: impl Into<String>) -> Translated<T> {
    Err(Refusal(reason.into()))
}

/// Translates expressions of SQL into conditions of rules.
///
/// Architecture Invariant: a translated condition is true only where the SQL
/// is TRUE. Where SQL is FALSE, NULL or an error, the condition is false or an
/// error. It may be false where SQL is TRUE; what makes it so is in `narrowed`.
pub struct Translator<'c, 'm> {
    pub catalog: &'c Catalog<'m>,
    pub options: &'c FirestoreOptions,
    pub names: &'c Names<'c>,
    /// Why the policy at hand allows less than its SQL.
    narrowed: BTreeSet<String>,
    /// The functions that look a document up, by name.
    pub lookups: BTreeMap<String, Lookup>,
    /// The tables whose row security is being translated.
    pub open: Vec<(&'m str, &'m str)>,
    /// The clients with every privilege that the policy at hand needs. Postgres
    /// asks for all of them before it looks at a row, so who lacks one is
    /// refused whatever the other policies say.
    pub clients: Clients,
    depth: usize,
    work: usize,
}

/// How deep functions, sub-selects and expressions may nest.
const DEEPEST: usize = 160;
/// How many expressions one policy may come to, once functions and the row
/// security of other tables are put in place.
const LARGEST: usize = 2_000;

impl<'c, 'm> Translator<'c, 'm> {
    pub fn new(catalog: &'c Catalog<'m>, options: &'c FirestoreOptions, names: &'c Names<'c>) -> Translator<'c, 'm> {
        Translator {
            catalog,
            options,
            names,
            narrowed: BTreeSet::new(),
            lookups: BTreeMap::new(),
            open: Vec::new(),
            clients: Clients::ALL,
            depth: 0,
            work: 0,
        }
    }

    /// Begins the next policy.
    pub fn begin(&mut self) {
        self.narrowed.clear();
        self.clients = Clients::ALL;
        self.work = 0;
        self.depth = 0;
    }

    /// Why what was translated since `begin` allows less than its SQL.
    pub fn narrowed(&mut self) -> Vec<String> {
        std::mem::take(&mut self.narrowed).into_iter().collect()
    }

    pub fn narrow(&mut self, reason: impl Into<String>) {
        self.narrowed.insert(reason.into());
    }

    /// Goes one level deeper.
    pub fn enter(&mut self) -> Translated<()> {
        self.depth += 1;
        self.work += 1;
        if self.depth > DEEPEST || self.work > LARGEST {
            self.depth -= 1;
            return refuse("it comes to more than rules can hold");
        }
        Ok(())
    }

    pub fn leave(&mut self) {
        self.depth -= 1;
    }
}

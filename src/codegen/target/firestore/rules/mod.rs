//! firestore.rules: the row security of the tables, as conditions of Security
//! Rules. Everything is denied but what a policy allows.
//!
//! `token` and `parse` read what Postgres prints of a policy into an
//! `expression`; `translator` turns that into a `formula`, in parts: `scalar`
//! for values (`operand` says how they compare), `condition` for what is true
//! or false of them, `lookup` for other documents and `routine` for SQL
//! functions, with names looked up in a `scope`. `policy` joins the policies
//! of a table for the `clients` there are with the `privileges` they need, `fields` tests what a client
//! writes, `budget` keeps to what rules may cost,
//! `view` lays it out, and `size` keeps to what can be deployed.

mod budget;
mod clients;
mod condition;
mod expression;
mod fields;
mod formula;
mod lookup;
mod operand;
mod parse;
mod policy;
mod privileges;
mod routine;
mod scalar;
mod scope;
mod shared;
mod size;
#[cfg(test)]
mod tests;
mod text;
mod token;
mod translator;
mod view;

pub use view::{RulesView, SecurityRules, Subject, rules};

//! Where a relation goes: what each target named it and its columns.
//!
//! A target answers from the same names that its own view is made of, so that
//! a reader who follows a column finds it under exactly that name.

use std::collections::BTreeMap;

/// What one target made of every table and view, by schema and name. A
/// relation that it did not cast is not among them.
pub type Destinations = BTreeMap<(String, String), Destination>;

/// What one target made of one table or view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// As the target's users know it: `contacts/{contactId}`, `Contact`,
    /// `models::crm::Contact`.
    pub object: String,
    /// The artifact that it is in.
    pub file: String,
    /// What each column became, by the column's name: `contacts.email`,
    /// `Contact.email`, `models::crm::Contact::email`.
    pub columns: BTreeMap<String, String>,
}

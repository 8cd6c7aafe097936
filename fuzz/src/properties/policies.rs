//! A policy may say anything: the rules that are made of it compile, or the
//! policy is reported and denies.

use super::render::{casting, project};
use crate::codegen::manifest::{self, Manifest, Policy};

const TABLES: &str = "
version: '1.0'
schemas:
- name: public
  enums:
  - {name: mood, labels: [glad, sad]}
  tables:
  - name: users
    columns:
    - {name: id, type: uuid, not_null: true}
    - {name: name, type: text}
    primary_key: {name: users_pkey, columns: [id]}
  - name: notes
    row_security: true
    grants:
    - {role: authenticated, privileges: [delete, insert, select, update]}
    columns:
    - {name: id, type: bigint, not_null: true}
    - {name: user_id, type: uuid}
    - {name: name, type: text}
    - {name: done, type: boolean}
    - {name: at, type: timestamp with time zone}
    - {name: amount, type: 'numeric(10,2)'}
    - {name: tags, type: 'text[]'}
    - {name: data, type: jsonb}
    - {name: mood, type: public.mood}
    primary_key: {name: notes_pkey, columns: [id]}
    foreign_keys:
    - {name: notes_user, columns: [user_id], references: {schema: public, table: users, columns: [id]}}
";

/// # Panics
/// Where it does not hold.
pub fn holds(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        rules(text);
    }
}

/// The rules that are made of a policy. What is before the first line's end is
/// who sees, what is after it who writes.
///
/// # Panics
/// They do not compile, or are not made.
pub fn rules(text: &str) -> String {
    let mut manifest: Manifest = manifest::read(TABLES).unwrap_or_else(|mistakes| panic!("{mistakes:?}"));
    let notes = manifest.schemas[0].tables.iter_mut().find(|table| table.name == "notes").expect("the table above");
    let (using, with_check) = text.split_once('\n').unwrap_or((text, text));
    notes.policies.push(Policy {
        name: "fuzz".to_owned(),
        using: Some(using.to_owned()),
        with_check: Some(with_check.to_owned()),
        ..Policy::default()
    });
    assert_eq!(manifest::verify(&manifest), []);
    let made = casting(&manifest, &project(2), &["firestore".to_owned()]);
    let mut artifacts = made.into_iter().flat_map(|casting| casting.artifacts);
    let rules = artifacts.find(|artifact| artifact.path.ends_with("firestore.rules"));
    rules.unwrap_or_else(|| panic!("no rules for {text:?}")).contents
}

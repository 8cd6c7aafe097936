//! Properties of names that hold for any input.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use schemacast::codegen::names::{ascii, assign, camel, nearest, pascal, singular, snake};
use schemacast::codegen::types::TypeName;

/// Few letters, so that candidates collide often.
fn candidates() -> impl Strategy<Value = BTreeMap<String, Vec<String>>> {
    btree_map("[a-c]{1,2}\\.[a-c]{1,2}", vec("[A-Ca-c]{1,2}", 1..4), 0..12)
}

proptest! {
    #[test]
    fn every_key_gets_a_name_of_its_own(wanted in candidates(), taken in proptest::collection::btree_set("[a-c]{1,2}", 0..4)) {
        let names = assign(&wanted, &taken, str::to_lowercase);
        prop_assert_eq!(names.keys().collect::<Vec<_>>(), wanted.keys().collect::<Vec<_>>());
        let distinct: BTreeSet<String> = names.values().map(|name| name.to_lowercase()).collect();
        prop_assert_eq!(distinct.len(), names.len());
        prop_assert!(distinct.is_disjoint(&taken));
    }

    #[test]
    fn no_name_gets_two_underscores_in_a_row(wanted in btree_map("[a-c]{1,3}", vec("(_|a|a_)", 1..3), 0..6)) {
        let names = assign(&wanted, &BTreeSet::new(), str::to_owned);
        prop_assert!(names.values().all(|name| !name.contains("__")), "{names:?}");
    }

    #[test]
    fn what_wants_other_names_changes_none(wanted in candidates()) {
        let before = assign(&wanted, &BTreeSet::new(), str::to_owned);
        let mut more = wanted.clone();
        more.insert("z.z".to_owned(), vec!["Zebra".to_owned()]);
        let mut after = assign(&more, &BTreeSet::new(), str::to_owned);
        after.remove("z.z");
        prop_assert_eq!(after, before);
    }

    #[test]
    fn folded_text_is_an_ascii_identifier_but_for_its_first_digit(text in any::<String>()) {
        let folded = ascii(&text);
        prop_assert!(folded.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'), "{folded}");
        prop_assert_eq!(ascii(&folded), folded.clone());
        for cased in [pascal(&folded), camel(&folded), snake(&folded)] {
            prop_assert!(cased.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'), "{cased}");
        }
    }

    #[test]
    fn a_singular_is_never_empty(text in "\\PC{1,20}") {
        let one = singular(&text);
        prop_assert!(!one.is_empty());
    }

    #[test]
    fn a_known_name_is_its_own_nearest(names in vec("[a-z_]{3,12}", 1..6)) {
        prop_assert_eq!(nearest(&names[0], names.iter().cloned()), Some(names[0].clone()));
    }

    #[test]
    fn any_text_is_a_type_name_or_an_error(text in any::<String>()) {
        let _ = TypeName::parse(&text);
    }

    #[test]
    fn a_quoted_type_name_is_read_back(schema in "\\PC{1,12}", name in "\\PC{1,12}", dimensions in 0_usize..4) {
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let text = format!("{}.{}{}", quoted(&schema), quoted(&name), "[]".repeat(dimensions));
        let read = TypeName::parse(&text).unwrap();
        let expected_schema = (schema != "pg_catalog").then_some(schema);
        prop_assert_eq!((read.schema, read.name, read.dimensions), (expected_schema, name, dimensions));
    }
}

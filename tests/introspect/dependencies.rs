//! What objects need of each other, by the names that reports have for them.

use std::collections::BTreeSet;

use schemacast::diff::objects;

use super::*;

/// What an object of a manifest needs.
fn needs<'m>(manifest: &'m Manifest, object: &str) -> Vec<&'m str> {
    manifest.dependencies.get(object).into_iter().flatten().map(String::as_str).collect()
}

/// Every name among the dependencies is that of an object.
fn assert_all_are_objects(manifest: &Manifest) {
    let known: BTreeSet<String> = objects(manifest).iter().map(|object| object.id.to_string()).collect();
    for (object, needed) in &manifest.dependencies {
        assert!(known.contains(object), "{object} is no object");
        assert!(!needed.is_empty() && needed.is_sorted(), "{object}: {needed:?}");
        for name in needed {
            assert!(known.contains(name), "{object} needs {name}, which is no object");
            assert_ne!(name, object);
        }
    }
}

#[test]
fn everything_in_a_nasty_database() {
    let manifest = &NASTY.1;
    assert_all_are_objects(manifest);
    let found: Vec<(&str, Vec<&str>)> = manifest
        .dependencies
        .iter()
        .map(|(object, needed)| (&**object, needed.iter().map(|x| &**x).collect()))
        .collect();
    let touch = || vec!["function crm.touch()"];
    let expected = [
        ("attribute crm.address.\"zip code\"", vec!["domain crm.email"]),
        ("column crm.contacts.doubled", vec!["column crm.contacts.amount"]),
        ("default crm.contacts.legacy", vec!["sequence crm.contacts_legacy_seq"]),
        ("default crm.contacts.status", vec!["enum crm.status"]),
        ("domain crm.emails", vec!["domain crm.email"]),
        ("domain crm.work_email", vec!["domain crm.email"]),
        ("index crm.contacts.partial", vec!["enum crm.status"]),
        ("materialized_view crm.totals", vec!["column crm.contacts.amount", "column crm.contacts.kind"]),
        ("table crm.people", vec!["composite crm.person"]),
        ("trigger crm.contacts.checked", touch()),
        ("trigger crm.contacts.silent", touch()),
        ("trigger crm.contacts.touch", touch()),
        ("trigger crm.events.cloned", touch()),
        ("trigger crm.open_contacts.instead", touch()),
        (
            "view crm.open_contacts",
            vec![
                "column crm.contacts.amount",
                "column crm.contacts.id",
                "column crm.contacts.kind",
                "column crm.contacts.status",
                "enum crm.status",
            ],
        ),
    ];
    assert_eq!(found, expected);
}

#[test]
fn every_sort_of_need() {
    let settings = database(&SERVER, "needs", include_str!("needs.sql"));
    let manifest = read(&settings, &Options::default());
    assert_all_are_objects(&manifest);
    for (object, expected) in [
        // Views.
        ("view s.by_key", &["column s.a.id", "column s.a.note", "primary_key s.a.a_pkey"][..]),
        ("view s.on_view", &["column s.by_key.id", "function s.twice(integer)"]),
        ("view s.counts", &["table s.a"]),
        ("view s.of_partition", &["column s.parts.id", "partition s.parts_1"]),
        ("view s.of_elements", &["column s.a.moods", "enum s.mood"]),
        ("view s.of_sequence", &["column s.a.id", "sequence s.numbers"]),
        // Routines: rows, bodies, defaults, but no types of arguments.
        ("function s.all_a()", &["table s.a"]),
        ("function s.some_views(s.by_key[])", &["view s.by_key"]),
        ("function s.takes(s.mood, s.pair, s.spans)", &[]),
        (
            "function s.standard(integer)",
            &["column s.a.id", "column s.a.mood", "enum s.mood", "function s.twice(integer)"],
        ),
        ("aggregate s.total(integer)", &["function s.add(integer, integer)"]),
        ("procedure s.tidy(integer)", &["column s.a.id"]),
        // What is on a table.
        ("check s.a.even", &["function s.twice(integer)"]),
        ("domain_check s.small.fits", &["function s.twice(integer)"]),
        ("domain s.small", &["function s.twice(integer)"]),
        ("default s.a.n", &["function s.twice(integer)"]),
        ("default s.b.n", &["sequence s.numbers"]),
        ("default s.on_view.id", &["function s.twice(integer)"]),
        ("column s.a.made", &["column s.a.n", "function s.twice(integer)"]),
        ("index s.a.by_twice", &["function s.twice(integer)"]),
        ("exclusion s.a.apart", &["function s.twice(integer)"]),
        ("trigger s.a.touch", &["function s.touch()"]),
        ("policy s.a.mine", &["column s.b.a_id", "function s.twice(integer)"]),
        ("rule s.a.log", &["column s.b.a_id"]),
        ("foreign_key s.b.b_a_id_fkey", &[]),
        ("table s.parts", &["function s.twice(integer)"]),
        ("partition s.parts_1", &[]),
        ("table s.child", &[]),
        ("table s.of_pair", &["composite s.pair"]),
        // Types.
        ("attribute s.pair.second", &["enum s.mood"]),
        ("range s.span", &["function s.distance(s.small, s.small)", "domain s.small"]),
        ("sequence s.a_serial_seq", &[]),
    ] {
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(needs(&manifest, object), expected, "{object}");
    }
}

/// Of kinds that few databases have. What is not listed needs nothing.
#[test]
fn rare_kinds() {
    let sql = [include_str!("needs.sql"), include_str!("needs_rare.sql")].concat();
    let settings = database(&SERVER, "rare_needs", &sql);
    let manifest = read(&settings, &Options::default());
    assert_all_are_objects(&manifest);
    let known: BTreeSet<String> = objects(&manifest).iter().map(|object| object.id.to_string()).collect();
    for (object, expected) in [
        ("statistics s.a.both", &["function s.twice(integer)"][..]),
        ("operator s.<<<(s.mood, s.mood)", &["enum s.mood", "function s.less(s.mood, s.mood)"]),
        ("operator s.!!!(NONE, integer)", &["function s.twice(integer)"]),
        (
            "operator_class s.by_mood USING btree",
            &[
                "enum s.mood",
                "function s.compare(s.mood, s.mood)",
                "operator s.<<<(s.mood, s.mood)",
                "operator_family s.moods USING btree",
            ],
        ),
        ("operator_family s.moods USING btree", &["function s.compare(s.mood, integer)"]),
        ("cast (s.pair AS s.mood)", &["composite s.pair", "enum s.mood", "function s.to_mood(s.pair)"]),
        ("index s.b.by_own_class", &["operator_class s.by_mood USING btree"]),
        ("conversion s.own", &[]),
        ("text_search_configuration s.plain", &["text_search_dictionary s.words"]),
        ("event_trigger guard", &["function s.guard()"]),
        ("foreign_table s.far", &["server far"]),
        ("server far", &["foreign_data_wrapper far"]),
        ("publication_table news.s.a", &["table s.a"]),
        ("function s.scripted(integer)", &["language own"]),
        ("domain s.sorted", &["collation s.german"]),
    ] {
        if known.contains(object) {
            let expected: Vec<&str> = expected.iter().copied().filter(|name| known.contains(*name)).collect();
            assert_eq!(needs(&manifest, object), expected, "{object}");
        }
    }
}

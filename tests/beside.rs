//! A manifest that is read beside what a database has: what it says and what
//! is reported of it is what it would be had it been read by itself.

use std::fs;
use std::path::Path;

use schemacast::codegen::manifest::{Manifest, read, read_beside, write};
use schemacast::diff::report::{self, File, Request, Side, Verb};
use schemacast::diff::{PlanOptions, compare_sides};

#[path = "random_schemas/rng.rs"]
#[allow(dead_code, reason = "a part of what the random schemas draw")]
mod rng;

#[path = "beside/pieces.rs"]
mod pieces;

use rng::Rng;

/// Manifests as they are written, each with what it says.
fn written() -> Vec<(String, Manifest)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = [
        "manifests/odoboo-workspace/NEON_SCHEMA_MANIFEST.yaml",
        "manifests/barton-outreach-core/NEON_SCHEMA_MANIFEST.yaml",
        "tests/golden/crm/manifest.yaml",
        "tests/consumers/adversarial/policies.yaml",
        "tests/consumers/adversarial/names_not_ascii.yaml",
    ];
    let manifests = files.iter().map(|file| {
        let manifest = read(&fs::read_to_string(root.join(file)).unwrap()).unwrap();
        (write(&manifest, "../manifest.schema.json"), manifest)
    });
    manifests.collect()
}

/// What hands do to a text, and what only somebody who means harm does.
fn edit(text: &str, rng: &mut Rng) -> String {
    const LINES: [&str; 14] = [
        "",
        "# a remark",
        "    comment: by hand",
        "  comment: by hand",
        "comment: by hand",
        "    - {name: added, type: text}",
        "  - name: added",
        "  tables: []",
        "- name: added",
        "---",
        "  - name: \"\\0000\"",
        "    row_security: true",
        "    comment: \"it is quoted",
        "  x: |",
    ];
    const REPLACED: [(&str, &str); 12] = [
        ("type: text", "type: integer"),
        ("not_null: true", "not_null: false"),
        ("name: ", "name:  "),
        ("default: now()", "default: clock_timestamp()"),
        ("  - name: ", "  -  name: "),
        (", type", " , type"),
        ("columns: [", "columns: [ "),
        ("uuid", "public.uuid"),
        ("\n", " \n"),
        ("id", "ID"),
        ("  tables:", "  views:"),
        ("cascade", "restrict"),
    ];
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    let at = rng.below(lines.len());
    let other = rng.below(lines.len());
    match rng.below(9) {
        0 => drop(lines.remove(at)),
        1 => lines.insert(at, lines[at].clone()),
        2 => lines.swap(at, other),
        3 | 4 => lines.insert(at, rng.pick(&LINES).to_owned()),
        5 => lines[at].insert(0, ' '),
        6 => return text.trim_end_matches('\n').to_owned(),
        _ => {
            let (from, to) = REPLACED[rng.below(REPLACED.len())];
            let places: Vec<usize> = text.match_indices(from).map(|(at, _)| at).collect();
            let Some(&at) = rng.one(&places) else { return text.to_owned() };
            return format!("{}{to}{}", &text[..at], &text[at + from.len()..]);
        }
    }
    lines.join("\n")
}

/// The text after one to three edits.
fn edited(text: &str, rng: &mut Rng) -> String {
    (0..1 + rng.below(3)).fold(text.to_owned(), |text, _| edit(&text, rng))
}

/// All that is reported of a manifest's file against a database.
fn reported(expected: &Side, actual: &Manifest) -> Vec<String> {
    let actual = Side { name: "db.example:5432/shop".to_owned(), manifest: actual.clone(), file: None };
    let compared = compare_sides(expected, &actual, &[], "2026-06-15T00:00:00Z").unwrap();
    let options = PlanOptions { allow_destructive: true, concurrently: false };
    let remedy = compared.remedy(options);
    let report = report::report(&Request {
        verb: Verb::Drift,
        project: Some("shop"),
        compared: &compared,
        rules_file: None,
        denied: &[],
        threshold: 0,
        date: None,
        remedy: Some(&remedy),
        verification: None,
    });
    let json = serde_json::to_string_pretty(&report).unwrap();
    vec![report::text(&report), report::markdown(&report), json, remedy.script, report::sarif(&report)]
}

fn side(manifest: Manifest, text: String) -> Side {
    Side { name: "m.yaml".to_owned(), manifest, file: Some(File { path: "m.yaml".to_owned(), text }) }
}

/// Whether the text is a manifest; both ways must say the same of it.
fn is_the_same_both_ways(text: &str, known: &Manifest) -> bool {
    match (read(text), read_beside(text.to_owned(), known)) {
        (Ok(alone), Ok((beside, left))) => {
            assert_eq!(alone, beside, "{text}");
            assert_eq!(left.matches('\n').count(), text.matches('\n').count(), "lines keep their numbers");
            let (alone, beside) = (side(alone, text.to_owned()), side(beside, left));
            for (alone, beside) in reported(&alone, known).iter().zip(&reported(&beside, known)) {
                assert_eq!(alone, beside, "{text}");
            }
            true
        }
        (Err(alone), Err(beside)) => {
            assert_eq!(alone, beside, "{text}");
            false
        }
        (alone, beside) => panic!("{:?}, but beside {:?}\n{text}", alone.err(), beside.err()),
    }
}

#[test]
fn an_edited_text_says_the_same_read_either_way() {
    let written = written();
    let mut rng = Rng::new(7);
    let (mut read, mut refused) = (0, 0);
    for round in 0..160 {
        let (text, known) = &written[if round % 8 == 0 { round / 8 % 2 } else { 2 + round % 3 }];
        let text = edited(text, &mut rng);
        *if is_the_same_both_ways(&text, known) { &mut read } else { &mut refused } += 1;
    }
    assert!(read > 20 && refused > 20, "{read} were read and {refused} refused: the edits try too little");
}

#[test]
fn what_is_written_is_taken_over() {
    for (text, known) in written() {
        let (beside, left) = read_beside(text.clone(), &known).unwrap();
        assert_eq!(beside, known);
        let tables = |manifest: &Manifest| -> Vec<_> {
            manifest.schemas.iter().flat_map(|schema| schema.tables.shared().to_vec()).collect()
        };
        for (ours, theirs) in tables(&beside).iter().zip(&tables(&known)) {
            assert!(std::sync::Arc::ptr_eq(ours, theirs), "{} was read once more", ours.name);
        }
        assert!(left.len() < text.len(), "its lines are blank");
        assert!(is_the_same_both_ways(&text, &known));
    }
}

/// A table's lines where YAML sees none: they say what they say there.
#[test]
fn a_table_in_the_midst_of_a_text_is_text() {
    let (text, known) = &written()[2];
    let start = text.find("  - name: ").unwrap();
    let end = start + 1 + text[start + 1..].find("\n  - name: ").unwrap() + 1;
    let table = &text[start..end];
    for before in ["  comment: \"", "  comment: '", "  comment: |1", "  comment: >1", "  comment: ["] {
        let after = before.chars().last().filter(|c| matches!(c, '"' | '\'')).map(String::from).unwrap_or_default();
        let edited = text.replacen("  tables:\n", &format!("{before}\n{table}{after}\n  tables:\n"), 1);
        assert_ne!(edited, *text);
        is_the_same_both_ways(&edited, known);
    }
    // What looks like the mark of one that is taken over is text as well.
    let edited = format!("{text}\ngenerated: |1\n  - name: \"\\00 1\"\n");
    is_the_same_both_ways(&edited, known);
    assert!(!is_the_same_both_ways(&format!("{edited}no: key\n"), known));
    // A block's text at the top reaches down to the columns of the tables.
    let edited = format!("{text}\ngenerated: |1\n{table}");
    is_the_same_both_ways(&edited, known);
    let edited = text.replacen(table, &format!("{table}\n\n"), 1);
    assert!(is_the_same_both_ways(&edited, known));
    assert!(!is_the_same_both_ways(&text.replacen(table, &format!("{table}{table}"), 1), known));
}

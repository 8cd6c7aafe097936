//! A manifest that is read in pieces: what it says is what it would be had it
//! been read whole, and what is not surely so is read whole.

use schemacast::codegen::document::{Mistake, read_laid_out};
use schemacast::codegen::manifest::{Manifest, read, read_as_written, read_in_pieces, sort};

use super::{edited, rng::Rng, written};

/// Every table by itself, some together, and all of a small text; on one thread
/// and on more than there are cores.
const GRAINS: [(usize, usize); 4] = [(1, 1), (1, 7), (900, 2), (1 << 20, 1)];

/// What the text says, read in one go; as the YAML library reads it, where it
/// is read without.
fn whole(text: &str) -> Result<Manifest, Vec<Mistake>> {
    if let Some(manifest) = read_laid_out::<Manifest>(text) {
        assert_eq!(Some(&manifest), serde_yaml::from_str(text).ok().as_ref(), "{text}");
    }
    let mut manifest = read_as_written(text)?.manifest;
    sort(&mut manifest);
    Ok(manifest)
}

#[derive(Debug, PartialEq)]
enum Way {
    /// Every table by itself.
    Pieces,
    Whole,
    Refused,
}

/// How the text is read, having seen that every way of it says the same.
fn way(text: &str) -> Way {
    let whole = whole(text);
    assert_eq!(read(text), whole, "{text}");
    let in_pieces = GRAINS.map(|(piece, threads)| {
        let manifest = read_in_pieces(text, piece, threads);
        assert!(
            manifest.is_none() || manifest.as_ref() == whole.as_ref().ok(),
            "pieces of {piece}, not {whole:?}\n{text}"
        );
        manifest.is_some()
    });
    match whole {
        Err(_) => Way::Refused,
        Ok(_) if in_pieces[0] => Way::Pieces,
        Ok(_) => Way::Whole,
    }
}

fn all_are(expected: Way, texts: &[String]) {
    let other = texts.iter().enumerate().map(|(at, text)| (at, way(text), text)).filter(|(_, way, _)| *way != expected);
    let other: Vec<String> =
        other.map(|(at, way, text)| format!("{at}: {way:?} {:?}\n{text}", whole(text).err())).collect();
    assert!(other.is_empty(), "not {expected:?}\n{}", other.join("\n"));
}

#[test]
fn what_is_written_is_read_in_pieces() {
    for (text, manifest) in written() {
        assert_eq!(way(&text), Way::Pieces);
        assert_eq!(read_in_pieces(&text, 1, 3), Some(manifest));
    }
}

#[test]
fn an_edited_text_says_the_same_in_pieces() {
    let written = written();
    let mut rng = Rng::new(11);
    let (mut pieces, mut refused) = (0, 0);
    for round in 0..400 {
        let (text, _) = &written[if round % 10 == 0 { round / 10 % 2 } else { 2 + round % 3 }];
        let text = edited(text, &mut rng);
        match way(&text) {
            Way::Pieces => pieces += 1,
            Way::Whole => {}
            Way::Refused => refused += 1,
        }
    }
    assert!(pieces > 60 && refused > 60, "{pieces} in pieces and {refused} refused: the edits try too little");
}

/// Three tables and a view, of which every line may be replaced.
const TEXT: &str = "\
# a remark at the top
version: '1.0'
schemas:
- name: shop
  tables:
  - name: a
    columns:
    - {name: id, type: bigint}
    primary_key: {name: a_pkey, columns: [id]}
  - name: b
    comment: |
      of two
      lines
    columns:
    - {name: id, type: bigint}
  - name: c
    columns:
    - {name: id, type: bigint}
    - name: a_id
      type: bigint
    foreign_keys:
    - name: c_a_id_fkey
      columns: [a_id]
      references: {schema: shop, table: a, columns: [id]}
  views:
  - name: v
    definition: SELECT 1;
";

/// Parts of it.
const KEY: &str = "    primary_key: {name: a_pkey, columns: [id]}\n";
const COMMENT: &str = "    comment: |\n      of two\n      lines\n";
const VIEW: &str = "  views:\n  - name: v\n    definition: SELECT 1;\n";

/// The text with something replaced that stands in it once.
fn with(from: &str, to: &str) -> String {
    assert_eq!(TEXT.matches(from).count(), 1, "{from}");
    TEXT.replace(from, to)
}

#[test]
fn what_hands_lay_out_otherwise_is_read_in_pieces() {
    assert_eq!(way(TEXT), Way::Pieces);
    let layouts = [
        with("    comment: |\n", "# at the margin\n    comment: |\n"),
        with("      lines\n", "      lines\n\n   \n# at the margin\n\n"),
        with("    comment: |\n", "    comment: |+\n").replace("      lines\n", "      lines\n\n\n"),
        with("    comment: |\n", "    comment: >-\n"),
        with("  - name: b\n", "  - name: \"b\" # the second\n"),
        with("  - name: b\n", "  - {name: flow}\n  - name: b\n"),
        with("  - name: b\n", "  -   name: indented\n  - name: b\n"),
        with("  - name: b\n", "  - comment: another begins with it\n    name: d\n  - name: b\n"),
        with(KEY, "    primary_key: {\n   name: a_pkey, columns: [\n   id\n]\n}\n"),
        with("SELECT 1;\n", "SELECT 1;\r- name: other\r  tables: []\n"),
        with("  views:\n", "  comment: 'it''s\n    long'\n  views:\n"),
        format!("{TEXT}- name: empty\n"),
        with(VIEW, ""),
        with("  - name: c\n", "  - name: !!str c\n"),
        with("  - name: c\n", "  - name: &c c\n"),
        with("SELECT 1", "SELECT 2 *x"),
        with("type: bigint\n    foreign_keys", "type: &n bigint\n    foreign_keys"),
        TEXT.replace('\n', "\r\n"),
        TEXT.trim_end().to_owned(),
        format!("\u{feff}{TEXT}"),
        format!("---\n{TEXT}...\n"),
        format!("%YAML 1.1\n---\n{TEXT}").replace("%YAML 1.1\n", "# %TAG\n"),
    ];
    all_are(Way::Pieces, &layouts);
}

/// Cut where a text, a list or a document goes on, or where something else of the
/// whole document means something there.
#[test]
fn what_reaches_over_a_cut_is_read_whole() {
    let texts = [
        // A text in quotes: lines of it look like tables.
        with(COMMENT, "    comment: \"of\n  - name: two\n\"\n"),
        with(COMMENT, "    comment: 'of\n  views:\n'\n"),
        with(COMMENT, "    comment: of\n     - name\n").replace(
            "  - name: a\n",
            "  - name: a\n    comment: \"a\n  - name: in\n    columns:\n  - name: quotes\"\n",
        ),
        // The end of the document, behind which nothing is.
        with(VIEW, "...\n"),
        // A list in brackets, whose lines are wherever they are.
        with("columns: [a_id]", "columns: [\n  a_id\n  ]"),
        // An alias, whose anchor is in another table, or was in two.
        with(KEY, &KEY.replace("[id]", "&key [id]")).replace("columns: [id]}\n  views", "columns: *key }\n  views"),
        with("version: '1.0'\n", "version: &x '1.0'\ngenerated: *x\n"),
        with("version: '1.0'\n", "version: &x '1.0'\n")
            .replace(COMMENT, "    comment: &x two\n")
            .replace("definition: SELECT 1;", "definition: *x"),
        with("  tables:\n", "  tables: &t\n").replace("    definition: SELECT 1;\n", "    definition: '*t'\n"),
        // A directive: it says what tags mean.
        format!("%TAG !e! tag:example.com,2000:\n---\n{TEXT}"),
        format!("%YAML 1.1\n---\n{TEXT}"),
        format!("%TAG ! tag:yaml.org,2002:\n---\n{TEXT}")
            .replace("bigint\n    foreign_keys", "bigint\n      default: !null ~\n    foreign_keys"),
        // Another line's end than a cut goes by.
        TEXT.replace('\n', "\r"),
        // The shape of information_schema, JSON, and what looks like it.
        with("    - name: a_id\n      type: bigint\n", "    - column_name: a_id\n      data_type: bigint\n"),
        serde_json::to_string_pretty(&whole(TEXT).unwrap()).unwrap(),
        "{version: '1.0', generated: 'x\n\nschemas:\n  tables:\n  - name: b\n', schemas: []}\n".to_owned(),
    ];
    all_are(Way::Whole, &texts);
}

#[test]
fn what_is_no_manifest_is_none_in_pieces() {
    let texts = [
        // The document ends, or another begins, where a table does.
        with(KEY, "...\n"),
        with(KEY, "...\n# more\n"),
        with(KEY, "\r...\r"),
        with(KEY, "---\n"),
        with(KEY, "...\n---\n"),
        with(KEY, "%TAG ! tag:example.com,2000:\n"),
        format!("{TEXT}---\n{TEXT}"),
        // Left open, or closed twice.
        with("    - {name: id, type: bigint}\n    - name: a_id\n", "    - {name: id, type: bigint\n    - name: a_id\n"),
        with(COMMENT, "    comment: \"of\n"),
        with(COMMENT, "    comment: 'of\n").replace("    foreign_keys:\n", "    comment: in'\n    foreign_keys:\n"),
        // There twice.
        with("  - name: b\n", "  - name: a\n"),
        with("  - name: b\n", "  - name: b\n    name: b\n"),
        with("  views:\n", "  tables:\n"),
        with("  views:\n", "  tables:\n  - name: d\n  views:\n"),
        with("  views:\n", "schemas:\n- name: other\n  views:\n"),
        with(
            "    columns:\n    - {name: id, type: bigint}\n    - name: a_id\n",
            "    columns:\n    columns:\n    - name: a_id\n",
        ),
        // In the wrong place, or of another kind.
        with("  - name: b\n", " - name: b\n"),
        with("  - name: b\n", "\t- name: b\n"),
        with("  - name: b\n", "  - b\n"),
        with("  - name: b\n", "  -\n  - name: b\n"),
        with("  - name: b\n", "  - name: b\n    no: key\n"),
        with("  - name: b\n", "  - name: b\n  no: key\n"),
        with("  - name: c\n", "\u{feff}  - name: c\n"),
        with("    foreign_keys:\n", "\u{85}views:\n    foreign_keys:\n"),
        with("references: {schema: shop, table: a,", "references: {schema: shop, table: gone,"),
        with("version: '1.0'", "version: '2.0'"),
        with("  - name: b\n", "  - name: *b\n"),
        with("  - name: b\n", "  - name: \"\\0001\"\n"),
        with("definition: SELECT 1;", "definition: \"\\x000\""),
        TEXT.replace("tables:\n  - ", "tables: [\n  - "),
        TEXT.replacen("schemas:\n", "schemas: |\n", 1),
        TEXT.replacen("schemas:\n", "schemas: >1\n", 1),
        TEXT.replacen("  tables:\n", "  comment: |1\n  tables:\n", 1).replace("  views:", " views:"),
    ];
    all_are(Way::Refused, &texts);
}

/// Lists of tables that stand elsewhere, and are not the schema's.
#[test]
fn tables_of_what_is_left_out_are_left_alone() {
    let left_out = "\
left_out:
- schema: auth
  reason: managed
  tables:
  - name: users
    policies:
    - {name: own, using: 'true'}
";
    assert_eq!(way(&with("schemas:\n", &format!("{left_out}schemas:\n"))), Way::Pieces);
    assert_eq!(way(&format!("{TEXT}{left_out}")), Way::Pieces);
    let aliased = with("  tables:\n", "  tables: &t\n").replace("  views:", "  views: *t\n  comment:\n  functions:");
    assert_eq!(way(&aliased), Way::Refused);
}

/// A table may be as deep in a piece as it may be in the whole text.
#[test]
fn depth_is_refused_where_the_whole_refuses_it() {
    let mut ways = Vec::new();
    for depth in 50..70 {
        let mut partitions = String::new();
        for level in 0..depth {
            let blanks = " ".repeat(4 + 2 * level);
            partitions += &format!("{blanks}partitions:\n{blanks}- name: p{level}\n{blanks}  bound: DEFAULT\n");
        }
        let way = way(&with("    foreign_keys:\n", &format!("{partitions}    foreign_keys:\n")));
        assert_ne!(way, Way::Whole);
        ways.push(way);
    }
    assert!(ways.contains(&Way::Pieces) && ways.contains(&Way::Refused), "{ways:?}");
}

//! The properties that the fuzz targets try, in the ordinary test run: on the
//! corpus that they left, which holds what they found, and on random bytes and
//! fragments. fuzz/README.md says how a fuzzer is run.
#![cfg(feature = "cli")]

use std::fs;
use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use schemacast::{codegen, postgres, semantics};

#[path = "../fuzz/src/properties/mod.rs"]
mod properties;

/// It panics where it does not hold.
type Property = fn(&[u8]);

/// Every target by its name, and the folder of its corpus.
const TARGETS: [(&str, Property); 7] = [
    ("manifest", properties::manifest::holds),
    ("names", properties::names::holds),
    ("policies", properties::policies::holds),
    ("render", properties::render::holds),
    ("sql_lexer", properties::sql_lexer::holds),
    ("types", properties::types::holds),
    ("url", properties::url::holds),
];

#[test]
fn what_the_fuzzers_kept_still_holds() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
    let mut bytes = 0;
    for (name, holds) in TARGETS {
        let entries = fs::read_dir(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        assert!(paths.len() >= 5, "{name} has {} seeds", paths.len());
        for path in paths {
            let data = fs::read(&path).unwrap();
            bytes += data.len();
            let held = std::panic::catch_unwind(|| holds(&data));
            assert!(held.is_ok(), "{} does not hold; the panic above says what", path.display());
        }
    }
    assert!(bytes < 300_000, "{bytes} bytes of seeds: `cargo fuzz cmin`, and keep the small ones");
}

/// Else what is tried of policies would be rules that deny whatever they say.
#[test]
fn a_policy_that_is_read_becomes_a_condition() {
    let rules = properties::policies::rules("(auth.uid() = user_id)");
    assert!(rules.contains("uid() == row.user_id"), "{rules}");
    let others = properties::policies::rules("true\n(done IS TRUE)");
    assert!(others.contains("(done IS TRUE)") && !others.contains("uid() =="), "{others}");
}

/// Pieces that mean something, in any order, with other characters between.
fn fragments(pieces: &'static [&'static str], most: usize) -> impl Strategy<Value = String> {
    let piece = prop_oneof![4 => select(pieces).prop_map(str::to_owned), 1 => "\\PC{0,3}"];
    vec(piece, 0..most).prop_map(|pieces| pieces.concat())
}

const SQL: &[&str] = &[
    "'",
    "\"",
    "$$",
    "$a$",
    "--",
    "/*",
    "*/",
    ";",
    "\n",
    " ",
    "(",
    ")",
    "E'",
    "\\",
    "U&'",
    "BEGIN ATOMIC ",
    "END",
    "CASE ",
    "CREATE FUNCTION f() ",
    "SELECT 1",
    "-- no-transaction\n",
    "COPY t FROM stdin",
    "1.",
    "..",
    "é",
    "\0",
    "VACUUM",
    "$1",
];

const YAML: &[&str] = &[
    "version: '1.0'\n",
    "schemas:\n",
    "- name: a\n",
    "  tables:\n",
    "  - name: t\n",
    "    columns:\n",
    "    - {name: id, type: integer}\n",
    "    - {name: x, type: 'text[]', default: \"'y'\"}\n",
    "    comment: |\n      two\n      lines\n",
    "    primary_key: {name: k, columns: [id]}\n",
    "  enums:\n  - {name: e, labels: [no, 'on']}\n",
    "{",
    "}",
    "[",
    "]",
    "&a ",
    "*a",
    "<<: ",
    "!t ",
    "\u{feff}",
    "\r\n",
    "\t",
    "\0",
    "---\n",
    "'",
    "\"",
    "? ",
    ": ",
    "#",
    "|",
    ">",
];

const URL: &[&str] = &[
    "postgres://",
    "postgresql://",
    "me",
    ":",
    "@",
    "/",
    "?",
    "&",
    "=",
    "%",
    "%40",
    "%00",
    "%ff",
    "#",
    "[",
    "]",
    "::1",
    "localhost",
    "5432",
    "sslmode=require",
    "password=",
    "host=",
    "'",
    "\\",
    " ",
    "psql ",
    ",",
    ";",
    "[YOUR-PASSWORD]",
    "pgbouncer=true",
    "jdbc:",
];

const TYPES: &[&str] = &[
    "text",
    "numeric",
    "(",
    ")",
    "10",
    ",",
    "[]",
    "[3]",
    " ARRAY",
    "\"",
    ".",
    "_",
    " with time zone",
    "timestamp",
    "interval",
    " day to second",
    "character varying",
    " ",
    "public",
    "pg_catalog",
    "é",
    "-",
    "\0",
];

const EXPRESSION: &[&str] = &[
    "(",
    ")",
    "id",
    "user_id",
    "name",
    "done",
    "mood",
    "tags",
    "data",
    " = ",
    " <> ",
    " < ",
    " AND ",
    " OR ",
    "NOT ",
    "1",
    "-1",
    "'x'::text",
    "::text",
    "::uuid",
    "auth.uid()",
    "auth.jwt()",
    " ->> ",
    " IS NULL",
    " IS DISTINCT FROM ",
    "ANY ",
    "ARRAY[",
    "]",
    ",",
    "EXISTS ( SELECT 1 FROM users u WHERE ",
    "CASE WHEN ",
    " THEN ",
    " ELSE ",
    " END",
    "COALESCE",
    "true",
    "false",
    "NULL",
    "\n",
    "'glad'::public.mood",
    " + ",
    " ~~ ",
    "lower",
    "1e400",
    "U&'\\0000'",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn a_text_is_a_manifest_that_is_written_and_read_back_or_has_mistakes(text in fragments(YAML, 24)) {
        properties::manifest::holds(text.as_bytes());
    }

    #[test]
    fn any_sql_is_its_tokens_and_statements(text in fragments(SQL, 24)) {
        properties::sql_lexer::holds(text.as_bytes());
    }

    #[test]
    fn any_bytes_are_sql_or_a_fault(bytes in vec(any::<u8>(), 0..64)) {
        properties::sql_lexer::holds(&bytes);
    }

    #[test]
    fn no_connection_string_tells_its_password(text in fragments(URL, 16)) {
        properties::url::holds(text.as_bytes());
    }

    #[test]
    fn a_type_taken_apart_is_put_together_again(text in fragments(TYPES, 10)) {
        properties::types::holds(text.as_bytes());
    }
}

proptest! {
    // Each casts into every target, which takes the most of this file's time.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    #[test]
    fn names_are_each_targets_own(names in vec("\\PC{1,12}", 1..8)) {
        properties::names::holds(names.join("\n").as_bytes());
    }

    #[test]
    fn whatever_is_rendered_parses(bytes in vec(any::<u8>(), 0..600)) {
        properties::render::holds(&bytes);
    }

    #[test]
    fn any_policy_gives_rules_that_compile(text in fragments(EXPRESSION, 16)) {
        properties::policies::holds(text.as_bytes());
    }
}

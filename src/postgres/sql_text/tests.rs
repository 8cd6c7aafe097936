use std::path::Path;

use proptest::prelude::*;

use super::*;

fn split(script: &str) -> Vec<&str> {
    statements(script).into_iter().map(|statement| &script[statement.span]).collect()
}

fn faults(text: &str) -> Vec<(usize, usize, FaultKind)> {
    let faults = Script::parse(Path::new("m.sql"), text.as_bytes()).err().unwrap_or_default();
    faults.into_iter().map(|fault| (fault.line, fault.column, fault.kind)).collect()
}

fn class(statement: &str) -> Class {
    classify(statement, &statements(statement)[0])
}

#[test]
fn a_semicolon_ends_a_statement_only_where_it_does_for_the_server() {
    for whole in [
        "SELECT ';'",
        "SELECT 'it''s; fine'",
        // A backslash is one, outside of E'…'.
        "SELECT '\\', 'a;'",
        "SELECT E'\\';', e'\\\\'",
        "SELECT U&'\\0061;', u&\"\\0061;\", B'1;', X';', N';'",
        "SELECT \"a;\"\";b\"",
        "SELECT $$;$$, $tag$ ; $$ ; $ta$ ; $tag$",
        "SELECT $ä_1$;$ä_1$",
        "SELECT 1 /* ; /* ; */ ; */ + 2",
        "SELECT 1 -- ;\n + 2",
        "SELECT 1 -- ;\r + 2",
        // The second piece of an E'…' is one too.
        "SELECT E'a' -- c\n  '\\';'",
        // A parameter, and a name with dollars in it, which quote nothing.
        "SELECT $1, a$b$c",
        "CREATE RULE r AS ON INSERT TO t DO ALSO (INSERT INTO a VALUES (1); DELETE FROM b)",
        "SELECT 1 +/* ; */ 2, 3 *-- ;\n 4",
        "SELECT a[1:2], 1..2, 1.5e3, .5, a::text",
        "CREATE FUNCTION f(a int) RETURNS int BEGIN ATOMIC SELECT CASE WHEN a > 0 THEN 1 ELSE 2 END; SELECT 2; END",
        "CREATE OR REPLACE PROCEDURE p() LANGUAGE sql BEGIN ATOMIC INSERT INTO t VALUES (1); ; /* c */ END",
        "CREATE FUNCTION f() RETURNS int begin atomic end",
        "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1 AS end; SELECT t.end FROM t; SELECT CASE 1 WHEN 1 THEN (CASE 2 WHEN 2 THEN 3 END) END; END",
        "CREATE FUNCTION f(begin int) RETURNS int RETURN 1",
    ] {
        assert_eq!(split(whole), [whole]);
        let twice = format!("{whole}; {whole} ;");
        assert_eq!(split(&twice), [whole, whole], "{twice}");
    }
}

#[test]
fn what_is_not_a_body_ends_at_its_semicolon() {
    assert_eq!(
        split("CREATE VIEW begin AS SELECT 1 atomic; SELECT 2"),
        ["CREATE VIEW begin AS SELECT 1 atomic", "SELECT 2"]
    );
    assert_eq!(split("SELECT 1 begin; SELECT 2 atomic; SELECT 3").len(), 3);
    assert_eq!(split("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC END; SELECT 1").len(), 2);
    // In a number, a word and a parameter no string of dollars begins.
    assert_eq!(split("SELECT a$$; SELECT b$$").len(), 2);
    assert_eq!(split("SELECT $1$$;$$").len(), 1);
    // A word that ends in e has no E'…' at its end.
    assert_eq!(split("SELECT typE'\\'; SELECT 2").len(), 2);
    // What is continued must be on another line.
    assert_eq!(split("SELECT E'a' '\\'; SELECT 2").len(), 2);
    assert_eq!(split("SELECT (1; SELECT 2)").len(), 1, "the server says where the parenthesis is missing");
}

#[test]
fn comments_and_empty_statements_are_none() {
    assert_eq!(split(""), [""; 0]);
    assert_eq!(split(" ; ;; -- a\n/* b */ ;"), [""; 0]);
    assert_eq!(split("/* a */ SELECT 1 /* b */; -- c"), ["SELECT 1"]);
}

#[test]
fn places_count_characters() {
    let text = "SELECT 'ä';\n\tSELECT ö;";
    let second = &statements(text)[1];
    assert_eq!(place(text, second.span.start), (2, 2));
    assert_eq!(byte_of(text, 20).map(|byte| place(text, byte)), Some((2, 8)));
    assert_eq!(byte_of(text, 0), None);
    assert_eq!(byte_of(text, 999), Some(text.len()));
    assert_eq!(mark("\tSELECT", 3), "\t ^");
}

#[test]
fn every_fault_is_found_with_its_place() {
    let text = "SELECT 1;\nCOPY t (a) FROM STDIN;\nCOMMIT;\n  CREATE INDEX CONCURRENTLY i ON t (a);\nVACUUM t;";
    let found: Vec<(usize, usize)> = faults(text).into_iter().map(|(line, column, _)| (line, column)).collect();
    assert_eq!(found, [(2, 1), (3, 1), (4, 3), (5, 1)]);
    assert_eq!(faults("SELECT 1;\n\\i other.sql\n"), [(2, 1, FaultKind::Psql("i".to_owned()))]);
    assert_eq!(faults("SELECT 'a\n;"), [(1, 8, FaultKind::Unterminated("a string"))]);
    assert_eq!(faults("/* /* */ x"), [(1, 1, FaultKind::Unterminated("a comment"))]);
    assert_eq!(faults("SELECT $a$ $b$"), [(1, 8, FaultKind::Unterminated("a dollar-quoted string"))]);
    assert_eq!(faults("SELECT \"a"), [(1, 8, FaultKind::Unterminated("a quoted name"))]);
    assert_eq!(faults("SELECT 'a\0b'"), [(1, 10, FaultKind::Nul)]);
    assert_eq!(faults("SET standard_conforming_strings = off"), [(1, 1, FaultKind::StringSyntax)]);
    assert_eq!(faults("SET standard_conforming_strings = on; SET LOCAL a.b = off"), []);
    // A dump's rows: the command of psql is the last thing that is said.
    let dump = "COPY public.t (a) FROM stdin;\nit's\n\\.\n\nCOMMIT;\n";
    assert_eq!(faults(dump)[0], (1, 1, FaultKind::CopyFromClient));
}

#[test]
fn a_file_that_is_not_utf_8_says_so() {
    let found = |bytes: &[u8]| Script::parse(Path::new("m.sql"), bytes).unwrap_err().remove(0).to_string();
    assert!(found(b"SELECT\n 'a\xff'").starts_with("m.sql:2:4: this is not UTF-8: save it as UTF-8"));
    assert!(found(b"\xff\xfeS\0").contains("UTF-16"));
    let script = Script::parse(Path::new("m.sql"), b"\xef\xbb\xbfSELECT 1;").unwrap();
    assert_eq!(script.statements[0].text(&script.text), "SELECT 1");
}

#[test]
fn no_transaction_is_the_first_comment_or_a_fault() {
    let transaction =
        |text: &str| Script::parse(Path::new("m.sql"), text.as_bytes()).map(|script| script.transaction).ok();
    assert_eq!(transaction("\n--no-transaction\nVACUUM;"), Some(false));
    assert_eq!(transaction("-- no-transaction\r\nCREATE INDEX CONCURRENTLY i ON t (a);"), Some(false));
    assert_eq!(transaction("-- about no-transaction\nSELECT 1"), Some(true));
    let late = "-- An index.\n-- no-transaction\nSELECT 1";
    assert_eq!(faults(late), [(2, 1, FaultKind::MisplacedNoTransaction)]);
    // A transaction of its own is refused there too.
    assert_eq!(faults("-- no-transaction\nBEGIN;"), [(2, 1, FaultKind::TransactionControl("BEGIN".to_owned()))]);
}

#[test]
fn what_runs_outside_of_transactions_only_is_known() {
    for statement in [
        "CREATE INDEX CONCURRENTLY i ON t (a)",
        "create unique index concurrently if not exists i on t (a)",
        "DROP INDEX CONCURRENTLY i",
        "REINDEX INDEX CONCURRENTLY i",
        "REINDEX (VERBOSE, CONCURRENTLY) TABLE t",
        "REINDEX (CONCURRENTLY TRUE) TABLE t",
        "REINDEX SCHEMA s",
        "REINDEX (VERBOSE) DATABASE d",
        "VACUUM (ANALYZE) t",
        "CREATE DATABASE d",
        "DROP DATABASE IF EXISTS d",
        "ALTER DATABASE \"d\" SET TABLESPACE s",
        "CREATE TABLESPACE s LOCATION '/s'",
        "DROP TABLESPACE s",
        "ALTER SYSTEM SET work_mem = '1MB'",
        "DISCARD ALL",
        "CLUSTER",
        "CLUSTER VERBOSE",
        "CLUSTER (VERBOSE)",
        "ALTER TABLE t DETACH PARTITION p CONCURRENTLY",
        "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p",
        "DROP SUBSCRIPTION s",
        "ALTER SUBSCRIPTION s REFRESH PUBLICATION",
        "COMMIT PREPARED 'x'",
    ] {
        assert!(matches!(class(statement), Class::OutsideTransaction(_)), "{statement}: {:?}", class(statement));
    }
    for statement in [
        "CREATE INDEX \"concurrently\" ON t (a)",
        "REINDEX TABLE t",
        "REINDEX (CONCURRENTLY FALSE) TABLE t",
        "ANALYZE t",
        "ALTER DATABASE d SET work_mem = '1MB'",
        "CLUSTER t USING i",
        "CLUSTER \"t\"",
        "CLUSTER (VERBOSE) t",
        "REFRESH MATERIALIZED VIEW CONCURRENTLY m",
        "ALTER TABLE t DETACH PARTITION p",
        "ALTER TYPE e ADD VALUE 'x'",
        "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p WITH (connect = false)",
        "ALTER SUBSCRIPTION s SET PUBLICATION p WITH (refresh = false)",
        "DISCARD PLANS",
        "COPY t TO '/f'",
        "COPY (SELECT 1 FROM stdin) TO PROGRAM 'x'",
        "SET CONSTRAINTS ALL DEFERRED",
        "DO $$ BEGIN COMMIT; END $$",
    ] {
        assert_eq!(class(statement), Class::Anywhere, "{statement}");
    }
    for statement in [
        "BEGIN",
        "START TRANSACTION",
        "COMMIT AND CHAIN",
        "END",
        "ABORT",
        "ROLLBACK TO s",
        "SAVEPOINT s",
        "RELEASE s",
        "PREPARE TRANSACTION 'x'",
        "COPY t FROM STDIN",
        "COPY t (a, b) FROM stdin WITH (FORMAT csv)",
        "COPY (SELECT 1) TO STDOUT",
        "SET SESSION standard_conforming_strings TO 'off'",
    ] {
        assert!(matches!(class(statement), Class::Refused(_)), "{statement}: {:?}", class(statement));
    }
}

/// Pieces that are whole however they are put together with spaces between.
fn piece() -> impl Strategy<Value = String> {
    let text = "[a-z;'\"$/*\\\\-]{0,6}";
    prop_oneof![
        "[a-zäß_][a-z0-9_$]{0,4}".prop_filter("they begin a body", |word| word != "begin" && word != "atomic"),
        "[0-9]{1,3}(\\.[0-9]{1,2})?",
        "\\$[0-9]{1,2}",
        text.prop_map(|text| format!("'{}'", text.replace('\'', "''"))),
        text.prop_map(|text| format!("E'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))),
        text.prop_map(|text| format!("\"{}\"", text.replace('"', "\"\""))),
        text.prop_map(|text| format!("$q${}$q$", text.replace('$', "")).replace("$q$$q$", "$q$ $q$")),
        text.prop_map(|text| format!("/* {} */", text.replace(['/', '*'], ""))),
        // Behind a line's end a literal would go on with the one before it.
        text.prop_map(|text| format!("--{}\n,", text)),
        "[+<>=~!@#%^&|`?]{1,3}",
        "[,.:\\[\\]]",
        Just("(a; b)".to_owned()),
    ]
}

proptest! {
    /// Statements that are joined by semicolons are split as they were.
    #[test]
    fn what_is_joined_is_split(parts in prop::collection::vec(prop::collection::vec(piece(), 1..8), 1..6)) {
        let one: Vec<String> = parts.iter().map(|pieces| format!("SELECT {} x", pieces.join(" "))).collect();
        let script = format!("{};", one.join(";"));
        prop_assert_eq!(split(&script), one.iter().map(String::as_str).collect::<Vec<_>>());
    }

    /// All tokens together are the text, whatever the text is.
    #[test]
    fn no_text_has_a_gap(text in "[a-zE;'\"$/*\\\\\\-ä\n\0(){}.:1-3&]{0,40}") {
        let mut end = 0;
        for token in tokens(&text) {
            prop_assert_eq!(token.span.start, end);
            prop_assert!(token.span.end > end && text.is_char_boundary(token.span.end));
            end = token.span.end;
        }
        prop_assert_eq!(end, text.len());
        let _ = Script::parse(Path::new("m.sql"), text.as_bytes());
    }
}

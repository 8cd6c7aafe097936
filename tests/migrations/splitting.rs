//! What is split and sent is what the server takes the whole text for.

use std::fs;
use std::path::{Path, PathBuf};

use schemacast::codegen::layout;
use schemacast::postgres::bootstrap;
use schemacast::postgres::introspect::{Options, introspect};
use schemacast::postgres::script;
use schemacast::postgres::sql_text::{Class, Script, TokenKind, classify, statements, tokens};

use super::*;

fn project_files(project: &str) -> Vec<PathBuf> {
    let layout = layout::project(Path::new(env!("CARGO_MANIFEST_DIR")), project).unwrap();
    bootstrap::files(&layout, &layout.read_project().unwrap()).unwrap()
}

/// Each file whole, in one simple query, against each statement by itself.
#[test]
fn the_projects_files_make_the_same_either_way() {
    for project in ["barton-outreach-core", "odoboo-workspace"] {
        let short = project.split('-').next().unwrap();
        let mut whole = connect(&database(&format!("{short}_whole")));
        let mut split = connect(&database(&format!("{short}_split")));
        for path in project_files(project) {
            let text = fs::read_to_string(&path).unwrap();
            let sent = whole.run(async |client| client.simple_query(&text).await).unwrap();
            let answered =
                sent.iter().filter(|message| matches!(message, tokio_postgres::SimpleQueryMessage::CommandComplete(_)));
            let script = Script::parse(&path, text.as_bytes()).unwrap_or_else(|faults| panic!("{faults:?}"));
            assert_eq!(script.statements.len(), answered.count(), "{}", path.display());
            // Nothing but spaces, comments and semicolons is between them.
            let mut rest = text.clone();
            for statement in script.statements.iter().rev() {
                rest.replace_range(statement.span.clone(), "");
            }
            let left = tokens(&rest).filter(|token| {
                let silent = [TokenKind::Space, TokenKind::LineComment, TokenKind::BlockComment];
                !silent.contains(&token.kind) && &rest[token.span.clone()] != ";"
            });
            assert_eq!(left.count(), 0, "{}", path.display());
            script::apply(&mut split, &path, &text).unwrap_or_else(|error| panic!("{error}"));
        }
        let read =
            |session: &mut Session| session.run(async |client| introspect(client, &Options::default()).await).unwrap();
        assert_eq!(read(&mut whole), read(&mut split), "{project}");
    }
}

/// Every corner of the scanner: each statement writes down what it was.
const CORNERS: &str = r#"
CREATE TABLE said (id serial, what text);
INSERT INTO said (what) VALUES ('it''s; so'), ('\'), (E'\';\\'), (U&'\0061;'), ($$;'$$), ($a$ $b$ ; $a$);
INSERT INTO said (what) SELECT E'one' -- and ;
  '\'two;' /* not this ' */;
INSERT INTO said (what) SELECT 'x' /* a /* nested; ' */ comment; */ || 'y';
INSERT INTO said (what) SELECT (3 -- ;
 - 2 +/* ; */4 *-1)::text; ; ;
CREATE TABLE "semi;colon" ("a;""b" int, a$b int);
INSERT INTO "semi;colon" VALUES (1, 2);
CREATE RULE r AS ON INSERT TO "semi;colon" DO ALSO (INSERT INTO said (what) VALUES ('rule;'); INSERT INTO said (what) VALUES ('2'));
INSERT INTO "semi;colon" VALUES (3, 4);
CREATE FUNCTION body(n int) RETURNS text LANGUAGE sql
BEGIN ATOMIC
  INSERT INTO said (what) SELECT CASE WHEN n > 0 THEN CASE n WHEN 1 THEN 'one;' ELSE 'more' END ELSE 'less' END;
  SELECT what AS end FROM said ORDER BY id DESC LIMIT 1;
END;
INSERT INTO said (what) SELECT body(1);
CREATE PROCEDURE nothing() BEGIN ATOMIC END; CALL nothing();
DO $do$ BEGIN EXECUTE $q$INSERT INTO said (what) VALUES ('in; a ''string''')$q$; END $do$;
PREPARE p AS INSERT INTO said (what) SELECT $1 || '$1;$$'; EXECUTE p('a$$;$$');
INSERT INTO said (what) SELECT 1 AS "begin" UNION SELECT 2 AS atomic;
INSERT INTO said (what) SELECT (ARRAY['a;', 'b', 'c'])[1:2]::text; DEALLOCATE p
"#;

#[test]
fn every_corner_is_the_same_either_way() {
    let (mut whole, mut split) = (connect(&database("corners_whole")), connect(&database("corners_split")));
    execute(&mut whole, CORNERS);
    script::apply(&mut split, Path::new("corners.sql"), CORNERS).unwrap_or_else(|error| panic!("{error}"));
    let said = "SELECT string_agg(what, '|' ORDER BY id) FROM said";
    let expected = one(&mut whole, said);
    assert!(expected.contains("rule;") && expected.contains("in; a 'string'"), "{expected}");
    assert_eq!(one(&mut split, said), expected);
    // One bit of it in the other direction: not what both get wrong alike.
    assert!(expected.starts_with("it's; so|\\|';\\|a;|;'| $b$ ; |one'two;|xy|"), "{expected}");
}

/// What is said to run outside of transactions only is what the server says.
#[test]
fn the_server_agrees_on_what_runs_in_a_transaction() {
    let mut session = connect(&database("classes"));
    execute(
        &mut session,
        "CREATE TABLE t (a int); CREATE INDEX i ON t (a); CREATE MATERIALIZED VIEW m AS SELECT 1 AS a;
         CREATE UNIQUE INDEX ON m (a); CREATE TYPE e AS ENUM ('a');
         CREATE TABLE p (a int) PARTITION BY RANGE (a); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9);
         CREATE TABLE \"concurrently\" (a int);",
    );
    for statement in [
        "CREATE INDEX CONCURRENTLY ON t (a)",
        "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS u ON t (a)",
        "DROP INDEX CONCURRENTLY i",
        "REINDEX TABLE CONCURRENTLY t",
        "REINDEX (VERBOSE, CONCURRENTLY) INDEX i",
        "REINDEX (CONCURRENTLY off) INDEX i",
        "REINDEX INDEX i",
        "REINDEX SCHEMA public",
        "REINDEX (VERBOSE) DATABASE classes",
        "VACUUM t",
        "ANALYZE t",
        "CREATE DATABASE d",
        "DROP DATABASE IF EXISTS d",
        "ALTER DATABASE classes SET TABLESPACE pg_default",
        "ALTER DATABASE classes SET work_mem = '4MB'",
        "CREATE TABLESPACE s LOCATION '/nowhere'",
        "DROP TABLESPACE s",
        "ALTER SYSTEM SET work_mem = '4MB'",
        "DISCARD ALL",
        "DISCARD PLANS",
        "CLUSTER",
        "CLUSTER VERBOSE",
        "CLUSTER t USING i",
        "ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY",
        "ALTER TABLE p DETACH PARTITION p1",
        "CREATE INDEX \"concurrently i\" ON \"concurrently\" (a)",
        "REFRESH MATERIALIZED VIEW CONCURRENTLY m",
        "ALTER TYPE e ADD VALUE 'b'",
        "CREATE SUBSCRIPTION s CONNECTION 'host=nowhere' PUBLICATION p",
        "CREATE SUBSCRIPTION s CONNECTION 'host=nowhere' PUBLICATION p WITH (connect = false)",
        "COMMIT PREPARED 'x'",
        "CHECKPOINT",
    ] {
        let sent = session.run(async |client| {
            client.batch_execute("BEGIN").await?;
            let sent = client.batch_execute(statement).await;
            client.batch_execute("ROLLBACK").await?;
            sent
        });
        let refused = sent.as_ref().is_err_and(|error| error.code().is_some_and(|code| code.code() == "25001"));
        let class = classify(statement, &statements(statement)[0]);
        assert_eq!(matches!(class, Class::OutsideTransaction(_)), refused, "{statement}: {class:?}, {sent:?}");
        assert!(refused || sent.is_ok(), "{statement}: {sent:?}");
    }
}

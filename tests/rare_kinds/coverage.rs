//! Nothing that pg_dump prints is missing without a word.

use std::process::{Command as Process, Output};

use super::*;

#[test]
fn a_database_with_nothing_in_it_lacks_nothing() {
    let manifest = read(&database("empty", ""));
    assert_eq!(manifest.not_modelled, []);
    assert_eq!(manifest.not_visible, []);
}

const BEYOND: &str = "
CREATE SCHEMA crm;
CREATE TYPE crm.shell;
CREATE TYPE crm.based;
CREATE FUNCTION crm.based_in(cstring) RETURNS crm.based IMMUTABLE STRICT LANGUAGE internal AS 'int4in';
CREATE FUNCTION crm.based_out(crm.based) RETURNS cstring IMMUTABLE STRICT LANGUAGE internal AS 'int4out';
CREATE TYPE crm.based (INPUT = crm.based_in, OUTPUT = crm.based_out, LIKE = integer);
COMMENT ON TYPE crm.based IS 'goes with its type';
REVOKE EXECUTE ON FUNCTION pg_catalog.pg_sleep(double precision) FROM PUBLIC;
GRANT SELECT (rolpassword) ON pg_catalog.pg_authid TO rare_app;
REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC;
CREATE FUNCTION crm.tied() RETURNS integer LANGUAGE sql AS 'SELECT 1';
ALTER FUNCTION crm.tied() DEPENDS ON EXTENSION plpgsql;
";

#[test]
fn what_has_no_place_is_named() {
    let manifest = read(&database("beyond", BEYOND));
    let named: Vec<String> = manifest.not_modelled.iter().map(|item| format!("{}: {}", item.kind, item.name)).collect();
    assert_eq!(
        named,
        [
            "base type: type crm.based",
            "dependency on an extension: function crm.tied()",
            "privileges: column rolpassword of table pg_authid",
            "privileges: function pg_sleep(double precision)",
            "privileges: language plpgsql",
            "shell type: type crm.shell",
        ]
    );
}

#[test]
fn strict_coverage_refuses_and_writes_nothing() {
    let settings = database("strict", BEYOND);
    let url = format!("postgres:///strict?host={}&port={}&user=postgres", settings.host, settings.port);
    let folder = tempfile::tempdir().unwrap();
    let introspect = |arguments: &[&str]| -> Output {
        Process::new(env!("CARGO_BIN_EXE_schemacast"))
            .args(["introspect", "--database-url", &url, "--out", "m.yaml"])
            .args(arguments)
            .current_dir(folder.path())
            .output()
            .expect("the program runs")
    };
    let strict = introspect(&["--strict-coverage"]);
    let said = String::from_utf8_lossy(&strict.stderr).into_owned();
    assert_eq!(strict.status.code(), Some(1), "{said}");
    assert!(said.contains("base type: type crm.based"), "{said}");
    assert!(!folder.path().join("m.yaml").exists());
    let lenient = introspect(&[]);
    let said = String::from_utf8_lossy(&lenient.stderr).into_owned();
    assert_eq!(lenient.status.code(), Some(0), "{said}");
    assert!(said.contains("base type: type crm.based"), "{said}");
    let text = std::fs::read_to_string(folder.path().join("m.yaml")).unwrap();
    assert!(text.contains("not_modelled:"), "{text}");
}

/// A comment on every object that can have one and that a manifest holds.
const COMMENTS: &str = include_str!("comments.sql");

#[test]
fn a_comment_on_everything_is_in_the_manifest() {
    let needed = include_str!("commented.sql");
    let settings = database("comments", &format!("{NEEDED};{};{needed};{COMMENTS}", rare()));
    let text = write(&read(&settings), "x");
    let comments: Vec<&str> = COMMENTS.split('\'').skip(1).step_by(2).collect();
    assert!(comments.len() > 40);
    for comment in comments {
        assert!(text.contains(comment), "{comment} is lost");
    }
}

//! Privileges as SQL.

use super::*;
use crate::codegen::manifest::DefaultPrivilegeObjects;

fn grant(role: &str, [privileges, grantable, revoked]: [&str; 3]) -> Grant {
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect();
    Grant {
        role: role.to_owned(),
        grantor: None,
        privileges: words(privileges),
        grantable: words(grantable),
        revoked: words(revoked),
    }
}

fn id(text: &str) -> ObjectId {
    ObjectId::parse(text).unwrap()
}

fn sql(statements: Vec<Statement>) -> Vec<String> {
    assert!(statements.iter().all(|statement| !statement.destructive && !statement.outside_transaction));
    statements.into_iter().map(|statement| statement.sql).collect()
}

#[test]
fn every_kind_that_has_privileges() {
    let usage = grant("public", ["usage", "", ""]);
    for (on, expected) in [
        ("foreign_table s.t", "TABLE s.t"),
        ("materialized_view s.\"T x\"", "TABLE s.\"T x\""),
        ("sequence s.q", "SEQUENCE s.q"),
        ("aggregate s.sum(integer, text)", "FUNCTION s.sum(integer, text)"),
        ("procedure s.p()", "PROCEDURE s.p()"),
        ("enum s.e", "TYPE s.e"),
        ("domain s.d", "DOMAIN s.d"),
        ("schema s", "SCHEMA s"),
        ("language l", "LANGUAGE l"),
        ("foreign_data_wrapper w", "FOREIGN DATA WRAPPER w"),
        ("server w", "FOREIGN SERVER w"),
    ] {
        assert_eq!(sql(create(&id(on), &usage)), [format!("GRANT USAGE ON {expected} TO PUBLIC")]);
        assert_eq!(sql(drop(&id(on), &usage)), [format!("REVOKE USAGE ON {expected} FROM PUBLIC")]);
    }
    assert!(create(&id("index s.t.i"), &usage).is_empty());
}

#[test]
fn a_column_stands_behind_each_privilege() {
    let read = grant("My \"role\"", ["insert select", "update", ""]);
    assert_eq!(
        sql(create(&id("column s.\"a.b\".\"c.\"\"d\""), &read)),
        [
            "GRANT INSERT (\"c.\"\"d\"), SELECT (\"c.\"\"d\") ON TABLE s.\"a.b\" TO \"My \"\"role\"\"\"",
            "GRANT UPDATE (\"c.\"\"d\") ON TABLE s.\"a.b\" TO \"My \"\"role\"\"\" WITH GRANT OPTION",
        ]
    );
}

#[test]
fn each_part_changes_by_itself() {
    let changed = |from: [&str; 3], to: [&str; 3]| {
        sql(alter(&id("table s.t"), Some(&grant("app", from)), Some(&grant("app", to))))
    };
    assert_eq!(changed(["select", "insert", "update"], ["select", "insert", "update"]), [""; 0]);
    assert_eq!(
        changed(["select", "", ""], ["insert", "", ""]),
        ["REVOKE SELECT ON TABLE s.t FROM app", "GRANT INSERT ON TABLE s.t TO app"]
    );
    assert_eq!(changed(["select", "", ""], ["", "select", ""]), ["GRANT SELECT ON TABLE s.t TO app WITH GRANT OPTION"]);
    assert_eq!(
        changed(["", "select", ""], ["select", "", ""]),
        ["REVOKE GRANT OPTION FOR SELECT ON TABLE s.t FROM app"]
    );
    assert_eq!(changed(["", "select", ""], ["", "", ""]), ["REVOKE SELECT ON TABLE s.t FROM app"]);
    assert_eq!(changed(["", "", "select"], ["", "", ""]), ["GRANT SELECT ON TABLE s.t TO app"]);
    assert_eq!(changed(["", "", ""], ["", "", "select"]), ["REVOKE SELECT ON TABLE s.t FROM app"]);
}

#[test]
fn default_privileges() {
    let execute = grant("public", ["", "", "execute"]);
    let on = id("default_privilege FOR \"x ON y\" IN SCHEMA s ON functions");
    assert_eq!(
        sql(create(&on, &execute)),
        ["ALTER DEFAULT PRIVILEGES FOR ROLE \"x ON y\" IN SCHEMA s REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC"]
    );
    assert_eq!(
        sql(drop(&id("default_privilege FOR me ON large objects"), &grant("app", ["", "select", ""]))),
        ["ALTER DEFAULT PRIVILEGES FOR ROLE me REVOKE SELECT ON LARGE OBJECTS FROM app"]
    );
}

#[test]
fn who_passes_a_privilege_on_has_it_first_and_loses_it_last() {
    let passed = |role: &str, by: &str| Grant { grantor: Some(by.to_owned()), ..grant(role, ["", "select", ""]) };
    let all = [passed("c", "b"), grant("a", ["", "select", ""]), passed("b", "a")];
    let granted = sql(alter_all(&id("table t"), &[], &all));
    assert_eq!(
        granted,
        [
            "GRANT SELECT ON TABLE t TO a WITH GRANT OPTION",
            "SET ROLE a",
            "GRANT SELECT ON TABLE t TO b WITH GRANT OPTION",
            "RESET ROLE",
            "SET ROLE b",
            "GRANT SELECT ON TABLE t TO c WITH GRANT OPTION",
            "RESET ROLE",
        ]
    );
    let revoked = sql(alter_all(&id("table t"), &all, &[]));
    assert_eq!(revoked[1], "REVOKE SELECT ON TABLE t FROM c");
    assert_eq!(revoked[6], "REVOKE SELECT ON TABLE t FROM a");
}

#[test]
fn a_grant_knows_its_object() {
    let on = id("table s.\"a TO b\"");
    let passed = Grant { grantor: Some("a BY b".to_owned()), ..grant("public", ["select", "", ""]) };
    let of = on.grant(&passed.role, passed.grantor.as_deref());
    assert_eq!(object_of(&of, &passed), Some(on));
}

#[test]
fn what_default_privileges_gave_a_new_object_is_taken_back() {
    let default = |schema: Option<&str>, grants: Vec<Grant>| DefaultPrivilege {
        role: "me".to_owned(),
        schema: schema.map(str::to_owned),
        objects: DefaultPrivilegeObjects::Functions,
        grants,
    };
    let defaults = [
        default(None, vec![grant("public", ["", "", "execute"])]),
        default(Some("s"), vec![grant("app", ["execute", "", ""]), grant("other", ["", "execute", ""])]),
        default(Some("other"), vec![grant("far", ["execute", "", ""])]),
    ];
    let to = [grant("app", ["execute", "", ""])];
    assert_eq!(
        sql(create_all(&id("function s.f()"), &defaults, &to)),
        [
            "GRANT EXECUTE ON FUNCTION s.f() TO PUBLIC",
            "REVOKE EXECUTE ON FUNCTION s.f() FROM other",
            "GRANT EXECUTE ON FUNCTION s.f() TO app",
        ]
    );
    assert_eq!(sql(create_all(&id("table s.t"), &defaults, &[])), [""; 0]);
}

#[test]
fn schemas_are_opened_first_and_closed_last() {
    let list = |on: &str, role: &str, word: &str| (id(on), vec![grant(role, [word, "", ""])]);
    let from = Lists::from([list("schema s", "a", "usage"), list("table s.t", "a", "select")]);
    let to = Lists::from([list("schema s", "b", "usage"), list("table s.t", "b", "select")]);
    assert_eq!(
        sql(alter_lists(&from, &to)),
        [
            "GRANT USAGE ON SCHEMA s TO b",
            "REVOKE SELECT ON TABLE s.t FROM a",
            "GRANT SELECT ON TABLE s.t TO b",
            "REVOKE USAGE ON SCHEMA s FROM a",
        ]
    );
}

#[test]
fn a_column_keeps_what_its_table_loses() {
    let list = |on: &str, words: [&str; 3]| (id(on), vec![grant("app", words)]);
    let column = || list("column s.v.c", ["", "insert select", ""]);
    let from = Lists::from([list("view s.v", ["insert", "select", ""]), column()]);
    let to = Lists::from([list("view s.v", ["select", "", ""]), column()]);
    assert_eq!(
        sql(alter_lists(&from, &to)),
        [
            "REVOKE INSERT ON TABLE s.v FROM app",
            "REVOKE GRANT OPTION FOR SELECT ON TABLE s.v FROM app",
            "GRANT INSERT (c), SELECT (c) ON TABLE s.v TO app WITH GRANT OPTION",
        ]
    );
}

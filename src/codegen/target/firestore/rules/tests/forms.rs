use serde_json::{Value, json};

use super::*;

/// Asserts who gets a row under one policy, and that the same may create it,
/// delete it, and update it where it stays what it is.
fn check(using: &str, cases: &[(Who, Value, bool)]) {
    for (who, row, expected) in cases {
        let policy = format!("    - {{name: p, using: {}}}\n", json!(using));
        let world = World::new(&policy, "{firestore: {client_writes: true}}")
            .with(&format!("members/{TEAM}~{ME}"), json!({"team": TEAM, "member": ME, "level": "middle"}))
            .with("numbered/7", json!({"n": 7, "open": true}))
            .with(&format!("hidden/{ME}"), json!({"id": ME, "owner": ME, "role": "editor"}))
            .with(&format!("hidden/{OTHER}"), json!({"id": OTHER, "owner": ME, "role": "editor"}));
        assert!(
            world.schema["collections"]["t"]["securityRules"]["untranslated"].is_null(),
            "{using}: {:?}",
            world.findings
        );
        assert!(!world.has_finding("FIR055"), "{using}: {:?}", world.findings);
        let text = world.text.clone();
        let path = format!("t/{ROW}");
        let mut whole = row.clone();
        whole["id"] = json!(ROW);
        if row["needed"].is_null() {
            whole["needed"] = json!(true);
        }
        let create = world.ask(who, Method::Create, &path, Some(whole.clone()));
        assert_eq!(create, *expected, "{using} creates {row}\n{text}");
        let world = world.with(&path, whole.clone());
        for (method, new) in [(Method::Get, None), (Method::Delete, None), (Method::Update, Some(whole))] {
            let allowed = world.ask(who, method, &path, new);
            assert_eq!(allowed, *expected, "{using} of {row}: {method:?}\n{text}");
        }
    }
}

fn me() -> Who {
    Who::user(ME)
}

#[test]
fn owners() {
    for using in
        ["(owner = auth.uid())", "(( SELECT auth.uid() AS uid) = owner)", "((auth.uid())::text = (owner)::text)"]
    {
        check(
            using,
            &[
                (me(), json!({"owner": ME}), true),
                (me(), json!({"owner": OTHER}), false),
                (me(), json!({"owner": null}), false),
                (me(), json!({}), false),
                (Who::Nobody, json!({"owner": null}), false),
                (Who::user("not-a-uuid"), json!({"owner": "not-a-uuid"}), false),
            ],
        );
    }
    check(
        "(owner <> auth.uid())",
        &[
            (me(), json!({"owner": OTHER}), true),
            (me(), json!({"owner": ME}), false),
            (me(), json!({"owner": null}), false),
            (Who::Nobody, json!({"owner": OTHER}), false),
            (Who::user("not-a-uuid"), json!({"owner": OTHER}), false),
        ],
    );
    check("(auth.uid() IS NULL)", &[(Who::Nobody, json!({}), true), (me(), json!({}), false)]);
    check("(auth.uid() IS NOT NULL)", &[(Who::Nobody, json!({}), false), (me(), json!({}), true)]);
    check("(auth.role() = 'authenticated'::text)", &[(Who::Nobody, json!({}), false), (me(), json!({}), true)]);
}

#[test]
fn not_of_null_is_null() {
    for using in ["(NOT (name = 'a'::text))", "(name <> 'a'::text)", "(name <> ALL (ARRAY['a'::text, 'b'::text]))"] {
        check(
            using,
            &[
                (me(), json!({"name": "c"}), true),
                (me(), json!({"name": "a"}), false),
                (me(), json!({"name": null}), false),
            ],
        );
    }
    check(
        "(NOT ((name = 'a'::text) AND flag))",
        &[
            (me(), json!({"name": "a", "flag": false}), true),
            (me(), json!({"name": "b", "flag": null}), true),
            (me(), json!({"name": "a", "flag": null}), false),
            (me(), json!({"name": null, "flag": true}), false),
        ],
    );
    check("(name = name)", &[(me(), json!({"name": "a"}), true), (me(), json!({"name": null}), false)]);
    check(
        "(name = (code)::text)",
        &[(me(), json!({"name": null, "code": null}), false), (me(), json!({"name": "a", "code": "a"}), true)],
    );
    check(
        "((name = NULL::text) OR (NOT (name = NULL::text)))",
        &[(me(), json!({"name": null}), false), (me(), json!({"name": "a"}), false)],
    );
    check(
        "(name = ANY (ARRAY['a'::text, NULL::text]))",
        &[(me(), json!({"name": null}), false), (me(), json!({"name": "a"}), true)],
    );
}

#[test]
fn booleans() {
    let rows = |yes: bool, no: bool, null: bool| {
        [(me(), json!({"flag": true}), yes), (me(), json!({"flag": false}), no), (me(), json!({"flag": null}), null)]
    };
    check("flag", &rows(true, false, false));
    check("(NOT flag)", &rows(false, true, false));
    check("(flag IS TRUE)", &rows(true, false, false));
    check("(flag IS NOT TRUE)", &rows(false, true, true));
    check("(flag IS FALSE)", &rows(false, true, false));
    check("(flag IS NOT FALSE)", &rows(true, false, true));
    check("(flag IS NULL)", &rows(false, false, true));
    check("(flag IS UNKNOWN)", &rows(false, false, true));
    check("(NOT (flag IS NULL))", &rows(true, true, false));
    check("COALESCE(flag, false)", &rows(true, false, false));
    check("COALESCE(flag, true)", &rows(true, false, true));
    check("(NOT COALESCE(flag, false))", &rows(false, true, true));
    check("(flag = true)", &rows(true, false, false));
    check("(flag IS DISTINCT FROM true)", &rows(false, true, true));
    check("(NOT (flag IS DISTINCT FROM true))", &rows(true, false, false));
}

#[test]
fn values() {
    let yes = |row: Value| (me(), row, true);
    let no = |row: Value| (me(), row, false);
    check("(n > 5)", &[yes(json!({"n": 6})), no(json!({"n": 5})), no(json!({"n": null})), no(json!({"n": "6"}))]);
    check("(NOT (n > 5))", &[no(json!({"n": 6})), yes(json!({"n": 5})), no(json!({"n": null}))]);
    check("(n = '-1'::integer)", &[yes(json!({"n": -1})), no(json!({"n": 1}))]);
    check("(price >= 9.5)", &[yes(json!({"price": 9.5})), yes(json!({"price": 10})), no(json!({"price": 9.25}))]);
    check("((n)::numeric > 1.5)", &[yes(json!({"n": 2})), no(json!({"n": 1}))]);
    check(
        "(level >= 'middle'::crm.level)",
        &[yes(json!({"level": "high"})), no(json!({"level": "low"})), no(json!({"level": null}))],
    );
    check("('middle'::crm.level > level)", &[yes(json!({"level": "low"})), no(json!({"level": "middle"}))]);
    check("(level <> 'low'::crm.level)", &[yes(json!({"level": "high"})), no(json!({"level": null}))]);
    check("(level < 'low'::crm.level)", &[no(json!({"level": "low"}))]);
    check(
        "((code)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
        &[yes(json!({"code": "b"})), no(json!({"code": "c"}))],
    );
    check(
        "('x'::text = ANY (tags))",
        &[yes(json!({"tags": ["x"]})), no(json!({"tags": ["y", null]})), no(json!({"tags": null}))],
    );
    check(
        "(auth.uid() = ANY (people))",
        &[yes(json!({"people": [ME]})), no(json!({"people": [null]})), no(json!({"people": []}))],
    );
    check("(auth.uid() = ANY (people))", &[(Who::Nobody, json!({"people": [null]}), false)]);
    check(
        "(at <= now())",
        &[yes(json!({"at": "@1600000000"})), no(json!({"at": "@1800000000"})), no(json!({"at": null}))],
    );
    check(
        "((meta ->> 'kind'::text) = 'open'::text)",
        &[yes(json!({"meta": {"kind": "open"}})), no(json!({"meta": {}})), no(json!({"meta": null}))],
    );
    check(
        "((meta ->> 'kind'::text) <> 'open'::text)",
        &[yes(json!({"meta": {"kind": "x"}})), no(json!({"meta": {}})), no(json!({"meta": {"kind": null}}))],
    );
    check("needed", &[yes(json!({"needed": true})), no(json!({"needed": false}))]);
    check("true", &[yes(json!({})), (Who::Nobody, json!({}), true)]);
}

#[test]
fn claims() {
    let claims = |token: Value| Who::User(ME, token);
    for using in [
        "((auth.jwt() ->> 'tenant'::text) = name)",
        "((( SELECT auth.jwt() AS jwt) ->> 'tenant'::text) = name)",
        "(((current_setting('request.jwt.claims'::text, true))::json ->> 'tenant'::text) = name)",
    ] {
        check(
            using,
            &[
                (claims(json!({"tenant": "a"})), json!({"name": "a"}), true),
                (claims(json!({})), json!({"name": null}), false),
                (claims(json!({"tenant": 5})), json!({"name": "a"}), false),
                (Who::Nobody, json!({"name": "a"}), false),
            ],
        );
    }
    check(
        "(((auth.jwt() -> 'app_metadata'::text) ->> 'role'::text) = 'admin'::text)",
        &[
            (claims(json!({"app_metadata": {"role": "admin"}})), json!({}), true),
            (claims(json!({"app_metadata": {}})), json!({}), false),
            (claims(json!({})), json!({}), false),
        ],
    );
    check(
        "(((auth.jwt() ->> 'team'::text))::uuid = team)",
        &[
            (claims(json!({"team": TEAM})), json!({"team": TEAM}), true),
            (claims(json!({"team": "x"})), json!({"team": "x"}), false),
        ],
    );
    check(
        "(auth.email() = name)",
        &[
            (claims(json!({"email": "a@b.c", "email_verified": true})), json!({"name": "a@b.c"}), true),
            (claims(json!({"email": "a@b.c"})), json!({"name": "a@b.c"}), false),
        ],
    );
}

#[test]
fn lookups() {
    let yes = |row: Value| (me(), row, true);
    let no = |row: Value| (me(), row, false);
    for using in [
        "(EXISTS ( SELECT 1 FROM crm.members m WHERE ((m.team = t.team) AND (m.member = auth.uid()))))",
        "(team IN ( SELECT members.team FROM crm.members WHERE (members.member = ( SELECT auth.uid() AS uid))))",
        "(team IN ( SELECT crm.my_teams() AS my_teams))",
        "(team IN ( SELECT crm.my_teams('middle'::crm.level) AS my_teams))",
        "crm.is_member(team)",
        "( SELECT crm.is_member(t.team) AS is_member)",
    ] {
        check(using, &[yes(json!({"team": TEAM})), no(json!({"team": OTHER})), no(json!({"team": null}))]);
        check(using, &[(Who::user(OTHER), json!({"team": TEAM}), false), (Who::Nobody, json!({"team": TEAM}), false)]);
    }
    check("(team IN ( SELECT crm.my_teams('high'::crm.level) AS my_teams))", &[no(json!({"team": TEAM}))]);
    check(
        "(EXISTS ( SELECT 1 FROM crm.numbered x WHERE ((x.n = t.n) AND x.open)))",
        &[yes(json!({"n": 7})), no(json!({"n": 8}))],
    );
    check("(EXISTS ( SELECT 1 FROM crm.numbered x WHERE ((x.n = t.n) AND (NOT x.open))))", &[no(json!({"n": 7}))]);
    check(
        "(NOT (EXISTS ( SELECT 1 FROM crm.numbered x WHERE (x.n = t.n))))",
        &[no(json!({"n": 7})), yes(json!({"n": 8})), no(json!({"n": null}))],
    );
    check(
        "(( SELECT h.role FROM crm.hidden h WHERE (h.id = auth.uid())) = 'editor'::text)",
        &[yes(json!({})), (Who::Nobody, json!({}), false)],
    );
    // The row of OTHER is there, and its row security hides it.
    check(
        "(( SELECT h.role FROM crm.hidden h WHERE (h.id = auth.uid())) = 'editor'::text)",
        &[(Who::user(OTHER), json!({}), false)],
    );
    // The definer's function is not bound by it.
    check(
        "(crm.my_role() = 'editor'::text)",
        &[yes(json!({})), (Who::user(OTHER), json!({}), true), (Who::Nobody, json!({}), false)],
    );
}

/// Forms of the tables in docs/firestore-rules.md that no other case has.
#[test]
fn what_else_is_translated() {
    let yes = |row: Value| (me(), row, true);
    let no = |row: Value| (me(), row, false);
    check("false", &[no(json!({})), (Who::Nobody, json!({}), false)]);
    check("NULL::boolean", &[no(json!({}))]);
    check(
        "(n = ANY (ARRAY[1, NULL::integer, 3]))",
        &[yes(json!({"n": 3})), no(json!({"n": 2})), no(json!({"n": null}))],
    );
    check("(n <> ALL (ARRAY[1, NULL::integer]))", &[no(json!({"n": 1})), no(json!({"n": 2})), no(json!({"n": null}))]);
    check("(NOT (n = ANY (ARRAY[1, 3])))", &[yes(json!({"n": 2})), no(json!({"n": 3})), no(json!({"n": null}))]);
    check("(n IS NOT NULL)", &[yes(json!({"n": 0})), no(json!({"n": null}))]);
    check("(n IS NOT DISTINCT FROM NULL::integer)", &[yes(json!({"n": null})), no(json!({"n": 0}))]);
    check(
        "(owner IS DISTINCT FROM team)",
        &[
            yes(json!({"owner": ME, "team": null})),
            yes(json!({"owner": ME, "team": TEAM})),
            no(json!({"owner": ME, "team": ME})),
            no(json!({"owner": null, "team": null})),
        ],
    );
    check("(flag IS NOT UNKNOWN)", &[yes(json!({"flag": false})), no(json!({"flag": null}))]);
    check("((n > 5) IS NOT TRUE)", &[yes(json!({"n": 5})), yes(json!({"n": null})), no(json!({"n": 6}))]);
    check("((n > 5) IS FALSE)", &[yes(json!({"n": 5})), no(json!({"n": null})), no(json!({"n": 6}))]);
    check(
        "COALESCE((owner = auth.uid()), flag, false)",
        &[
            yes(json!({"owner": ME, "flag": false})),
            no(json!({"owner": OTHER, "flag": true})),
            yes(json!({"owner": null, "flag": true})),
            no(json!({"owner": null, "flag": null})),
        ],
    );
    check("COALESCE((owner = auth.uid()), false)", &[(Who::Nobody, json!({"owner": ME}), false)]);
    check("(level <= 'middle'::crm.level)", &[yes(json!({"level": "low"})), no(json!({"level": "high"}))]);
    check("(level < 'high'::crm.level)", &[yes(json!({"level": "middle"})), no(json!({"level": null}))]);
    check("(NOT (level > 'low'::crm.level))", &[yes(json!({"level": "low"})), no(json!({"level": null}))]);
    check("(n <= 5)", &[yes(json!({"n": 5})), no(json!({"n": 6})), no(json!({"n": null}))]);
    check("(price < 9.5)", &[yes(json!({"price": 9})), no(json!({"price": 9.5})), no(json!({"price": null}))]);
    check(
        "(at > now())",
        &[yes(json!({"at": "@1800000000"})), no(json!({"at": "@1600000000"})), no(json!({"at": null}))],
    );
    check("(at >= CURRENT_TIMESTAMP)", &[yes(json!({"at": "@1700000000"})), no(json!({"at": "@1699999999"}))]);
    check("(auth.user_id() = name)", &[yes(json!({"name": ME})), no(json!({"name": null}))]);
    check("((auth.jwt() ->> 'sub'::text) = name)", &[yes(json!({"name": ME})), no(json!({"name": OTHER}))]);
    check("(auth.role() = 'anon'::text)", &[no(json!({})), (Who::Nobody, json!({}), true)]);
    check(
        "((auth.jwt() ->> 'tenant'::text) IS NULL)",
        &[yes(json!({})), (Who::Nobody, json!({}), true), (Who::User(ME, json!({"tenant": "a"})), json!({}), false)],
    );
    check(
        "(name = (( SELECT auth.jwt() AS jwt) ->> 'email'::text))",
        &[(Who::User(ME, json!({"email": "a@b.c", "email_verified": true})), json!({"name": "a@b.c"}), true)],
    );
    check(
        "((( SELECT x.open FROM crm.numbered x WHERE (x.n = t.n))) IS TRUE)",
        &[yes(json!({"n": 7})), no(json!({"n": 8})), no(json!({"n": null}))],
    );
    check(
        "((owner = auth.uid()) AND (flag OR (n > 5)))",
        &[
            yes(json!({"owner": ME, "flag": null, "n": 6})),
            yes(json!({"owner": ME, "flag": true, "n": null})),
            no(json!({"owner": ME, "flag": null, "n": null})),
            no(json!({"owner": null, "flag": true, "n": 6})),
        ],
    );
    check(
        "(NOT (flag OR (n > 5)))",
        &[
            yes(json!({"flag": false, "n": 5})),
            no(json!({"flag": null, "n": 5})),
            no(json!({"flag": false, "n": null})),
        ],
    );
}

#[test]
fn a_list_is_allowed_where_its_query_asks_for_no_more() {
    use hidane_rules::eval::{Filter, FilterOp, Query};
    let world = World::using("(team IN ( SELECT crm.my_teams() AS my_teams))")
        .with(&format!("members/{TEAM}~{ME}"), json!({"team": TEAM, "member": ME, "level": "low"}));
    let ask = |filter: Option<Filter>| {
        let path = segments("t");
        let request = Request {
            method: Method::List,
            upsert: false,
            path,
            auth: me().auth(),
            time: Timestamp { seconds: 0, nanos: 0 },
            resource: None,
            query: Some(Query { filter, ..Query::default() }),
            in_transaction: false,
            write_fields: None,
            transforms: None,
            auto_id: false,
            verify: false,
        };
        let stored = Stored(&world.documents);
        authorize(&world.ruleset, &request, None, &stored, &mut Budget::query()) == Decision::Allow
    };
    let team = |id: &str| Filter::Field {
        field: vec!["team".into()],
        op: FilterOp::Eq,
        value: super::Value::String(id.into()),
    };
    assert!(ask(Some(team(TEAM))));
    assert!(!ask(Some(team(OTHER))));
    assert!(!ask(None));
}

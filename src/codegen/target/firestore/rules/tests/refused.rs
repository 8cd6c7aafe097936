use serde_json::json;

use super::*;

/// Expressions that rules cannot hold: denied, listed, and found.
#[test]
fn what_has_no_counterpart_is_denied_and_named() {
    for using in [
        "(name ~~ 'a%'::text)",
        "(name > 'a'::text)",
        "(padded = 'a'::bpchar)",
        "(owner = ( SELECT x.owner FROM crm.t x LIMIT 1))",
        "(EXISTS ( SELECT 1 FROM crm.members m WHERE (m.member = auth.uid())))",
        "(EXISTS ( SELECT 1 FROM crm.named x WHERE (x.name = t.name)))",
        "(EXISTS ( SELECT 1 FROM crm.members m JOIN crm.named n ON (true)))",
        "(NOT (team IN ( SELECT members.team FROM crm.members WHERE (members.member = auth.uid()))))",
        "(NOT (EXISTS ( SELECT 1 FROM crm.members m WHERE ((m.team = t.team) AND (m.member = auth.uid()) AND (m.level = 'low'::crm.level)))))",
        "(NOT ('x'::text = ANY (tags)))",
        "(name = current_setting('app.tenant'::text, true))",
        "(at > (now() - '1 day'::interval))",
        "crm.loops()",
        "crm.in_plpgsql()",
        "crm.not_for_clients()",
        "crm.nowhere()",
        "(CURRENT_USER = 'x'::name)",
        "(meta IS NULL)",
        "(flag =",
        "(nothing = 1)",
        "(team = '{33333333-3333-4333-8333-333333333333}'::uuid)",
        "(price = (n)::double precision)",
        "((name = 'a'::text) IS NOT TRUE AND (name ~ 'x'::text))",
    ] {
        let world = World::using(using);
        let untranslated = &world.schema["collections"]["t"]["securityRules"]["untranslated"];
        assert_eq!(untranslated[0]["policy"], "p", "{using}\n{}", world.text);
        assert_eq!(untranslated[0]["expression"], *using);
        assert!(!untranslated[0]["reason"].as_str().unwrap().is_empty());
        assert!(world.has_finding("FIR050 crm.t.p: "), "{using}: {:?}", world.findings);
        assert!(world.text.contains("p: not translated, so denied"), "{}", world.text);
        let row = json!({"name": "b", "owner": ME, "team": TEAM, "n": 1, "flag": true, "padded": "a", "meta": null});
        assert!(!world.gets(&Who::user(ME), row));
    }
}

#[test]
fn an_alternative_that_is_left_out_is_found() {
    let world = World::using("((owner = auth.uid()) OR (name ~~ 'a%'::text))");
    assert!(world.has_finding("FIR051 crm.t.p: one of its alternatives is left out"), "{:?}", world.findings);
    assert!(world.gets(&Who::user(ME), json!({"owner": ME, "name": "b"})));
}

#[test]
fn restrictive_policies_narrow_and_deny_where_they_are_not_translated() {
    let policies = |restrictive: &str| {
        format!(
            "    - {{name: a, command: select, using: (owner = auth.uid())}}\n    - {{name: b, command: select, using: flag}}\n    \
             - {{name: r, restrictive: true, using: {}}}\n",
            json!(restrictive)
        )
    };
    let get =
        |restrictive: &str, row: serde_json::Value| World::new(&policies(restrictive), "{}").gets(&Who::user(ME), row);
    assert!(get("(n = 1)", json!({"owner": ME, "flag": false, "n": 1})));
    assert!(get("(n = 1)", json!({"owner": OTHER, "flag": true, "n": 1})));
    assert!(!get("(n = 1)", json!({"owner": ME, "flag": true, "n": 2})));
    assert!(!get("(n = 1)", json!({"owner": ME, "flag": true, "n": null})));
    assert!(!get("(name ~~ 'a'::text)", json!({"owner": ME, "flag": true, "name": "a"})));
    // Only of a role that no client has: it does not bind clients.
    let other = "    - {name: a, command: select, using: flag}\n    - {name: r, restrictive: true, roles: [robot], using: 'false'}\n";
    assert!(World::new(other, "{}").gets(&Who::Nobody, json!({"flag": true})));
}

#[test]
fn roles_are_supabases() {
    let get = |roles: &str, who: &Who| {
        let policies = format!("    - {{name: p, command: select, roles: {roles}, using: flag}}\n");
        World::new(&policies, "{}").gets(who, json!({"flag": true}))
    };
    for (roles, nobody, user) in [
        ("[authenticated]", false, true),
        ("[anon]", true, false),
        ("[anon, authenticated]", true, true),
        ("[public]", true, true),
        ("[service_role]", false, false),
        ("[robot]", false, false),
    ] {
        assert_eq!(get(roles, &Who::Nobody), nobody, "{roles}");
        assert_eq!(get(roles, &Who::user(ME)), user, "{roles}");
    }
    let world = World::new("    - {name: p, roles: [robot], using: flag}\n", "{}");
    assert!(world.has_finding("FIR052 crm.t.p: "), "{:?}", world.findings);
}

#[test]
fn nothing_is_allowed_without_row_security_policy_or_privilege() {
    let mut manifest = manifest(&select("true"));
    let table = manifest.schemas[0].tables.iter_mut().find(|table| table.name == "t").unwrap();
    table.row_security = false;
    let open = World::of(&manifest, "{}");
    assert!(open.has_finding("FIR053 crm.t: "), "{:?}", open.findings);
    assert!(!open.gets(&Who::user(ME), json!({})));
    let table = manifest.schemas[0].tables.iter_mut().find(|table| table.name == "t").unwrap();
    table.row_security = true;
    table.grants.clear();
    assert!(!World::of(&manifest, "{}").gets(&Who::user(ME), json!({})));
    let table = manifest.schemas[0].tables.iter_mut().find(|table| table.name == "t").unwrap();
    table.policies.clear();
    assert!(!World::of(&manifest, "{}").gets(&Who::user(ME), json!({})));
}

#[test]
fn a_condition_above_the_budget_is_denied_and_found() {
    let terms: Vec<String> = (0..150).map(|n| format!("((n <> {n}) AND (price <> {n}.5))")).collect();
    let world = World::using(&format!("({})", terms.join(" AND ")));
    assert!(world.has_finding("FIR055 crm.t: "), "{:?}", world.findings);
    let team = |n: usize| format!("crm.is_member('{n:08}-0000-4000-8000-000000000000'::uuid)");
    let eleven: Vec<String> = (0..11).map(team).collect();
    let world = World::using(&format!("({})", eleven.join(" OR ")));
    assert!(world.has_finding("FIR055 crm.t: "), "{:?}", world.findings);
}

#[test]
fn who_lacks_a_privilege_that_one_policy_needs_is_refused_by_all() {
    let asks = json!("(EXISTS ( SELECT 1 FROM crm.members m WHERE ((m.team = t.team) AND (m.member = auth.uid()))))");
    let policies =
        format!("    - {{name: a, command: select, using: flag}}\n    - {{name: b, command: select, using: {asks}}}\n");
    let row = json!({"flag": true});
    assert!(World::new(&policies, "{}").gets(&Who::user(ME), row.clone()));
    // Only `authenticated` may select from members.
    assert!(!World::new(&policies, "{}").gets(&Who::Nobody, row));
}

/// Postgres asks for a privilege that only a policy needs which rules cannot
/// hold, so it refuses who lacks that, whatever the other policies allow.
#[test]
fn a_policy_that_is_not_translated_still_needs_its_privileges() {
    let gets = |asks: &str, who: &Who| {
        let policies = format!(
            "    - {{name: a, command: select, using: flag}}\n    - {{name: b, command: select, using: {}}}\n",
            json!(asks)
        );
        let world = World::new(&policies, "{}");
        assert!(world.has_finding("FIR050 crm.t.b: "), "{asks}: {:?}", world.findings);
        world.gets(who, json!({"flag": true}))
    };
    // Only `authenticated` may select from members and named.
    for asks in [
        "(EXISTS ( SELECT 1 FROM (crm.numbered x JOIN crm.members m ON ((m.member = x.id)))))",
        "(EXISTS ( SELECT 1 FROM crm.numbered x, crm.named y))",
        "((name ~~ 'a%'::text) AND (EXISTS ( SELECT 1 FROM crm.\"members\" m WHERE (m.member = t.owner))))",
        "(n > ( SELECT count(*) AS count FROM crm.members))",
    ] {
        assert!(gets(asks, &Who::user(ME)), "{asks}");
        assert!(!gets(asks, &Who::Nobody), "{asks}");
    }
    assert!(gets("(EXISTS ( SELECT 1 FROM crm.numbered x, crm.numbered y))", &Who::Nobody));
    // Nobody may call this one.
    assert!(!gets("((name ~~ 'a%'::text) AND crm.not_for_clients())", &Who::user(ME)));
    // Beside `true` Postgres drops what another policy asks.
    let open = "    - {name: a, command: select, using: 'true'}\n    \
        - {name: b, command: select, using: (EXISTS ( SELECT 1 FROM crm.named x))}\n";
    assert!(World::new(open, "{}").gets(&Who::Nobody, json!({})));
}

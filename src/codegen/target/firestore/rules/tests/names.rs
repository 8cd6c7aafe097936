use serde_json::json;

use super::*;
use crate::codegen::manifest::Table;

/// Names of tables, and whether their collections can stand in `match` as they
/// are. The others are matched by a wildcard that is compared.
const NAMES: [(&str, bool); 23] = [
    ("plain", true),
    ("with-dash.and.dot", true),
    ("_under", true),
    ("1a", true),
    ("-", true),
    ("match", true),
    ("in", true),
    ("true", true),
    ("null", true),
    ("documents", true),
    ("a b", false),
    ("größe", false),
    ("таблица", false),
    ("表", false),
    ("🙂", false),
    ("it's", false),
    ("back\\slash", false),
    ("\"quoted\"", false),
    (".hidden", false),
    ("$(database)", false),
    ("{wild}", false),
    ("{wild=**}", false),
    ("a%2Fb", false),
];

#[test]
fn a_collection_of_any_name_has_its_own_rules() {
    // One collection is everybody's, the others are their owners'.
    let mut manifest = manifest("    - {name: p, using: (owner = auth.uid())}\n");
    let schema = &mut manifest.schemas[0];
    let table = schema.tables.iter().find(|table| table.name == "t").unwrap().clone();
    schema.tables.extend(NAMES.map(|(name, _)| Table { name: name.to_owned(), ..table.clone() }));
    let open = schema.tables.iter_mut().find(|table| table.name == "größe").unwrap();
    open.policies[0].using = Some("true".into());
    manifest::sort(&mut manifest);
    let world = NAMES.iter().fold(World::of(&manifest, "{firestore: {client_writes: true}}"), |world, (name, _)| {
        world.with(&format!("{name}/{ROW}"), json!({"id": ROW, "owner": ME, "needed": true}))
    });
    for (name, literal) in NAMES {
        assert_eq!(world.text.contains(&format!("match /{name}/{{documentId}} {{")), literal, "{name}\n{}", world.text);
        let path = format!("{name}/{ROW}");
        let row = json!({"id": ROW, "owner": ME, "needed": false});
        for (method, new) in [(Method::Get, None), (Method::Delete, None), (Method::Update, Some(row))] {
            assert!(world.ask(&Who::user(ME), method, &path, new.clone()), "{name}: {method:?}\n{}", world.text);
            assert_eq!(world.ask(&Who::user(OTHER), method, &path, new), name == "größe", "{name}: {method:?}");
        }
    }
    // A wildcard is no way into a collection that no table is mirrored in.
    let world = world.with(&format!("elsewhere/{ROW}"), json!({"id": ROW, "owner": ME, "needed": true}));
    assert!(!world.ask(&Who::user(ME), Method::Get, &format!("elsewhere/{ROW}"), None));
    let deeper = format!("größe/{ROW}/below/{ROW}");
    let world = world.with(&deeper, json!({"id": ROW, "owner": ME, "needed": true}));
    assert!(!world.ask(&Who::user(ME), Method::Get, &deeper, None));
}

#[test]
fn a_collection_of_any_name_is_looked_up() {
    for (name, _) in NAMES {
        let quoted = name.replace('"', "\"\"");
        let using = format!("(EXISTS ( SELECT 1 FROM crm.\"{quoted}\" x WHERE ((x.id = t.team) AND x.needed)))");
        let policies = format!("    - {{name: p, command: select, using: {}}}\n", json!(using));
        // Its own policies ask for the collection itself: only `t` has them.
        let mut manifest = manifest(&policies);
        let schema = &mut manifest.schemas[0];
        let table = schema.tables.iter().find(|table| table.name == "t").unwrap().clone();
        schema.tables.push(Table { name: name.to_owned(), policies: Vec::new(), row_security: false, ..table });
        manifest::sort(&mut manifest);
        let world = World::of(&manifest, "{}");
        let world = world.with(&format!("{name}/{TEAM}"), json!({"id": TEAM, "needed": true}));
        let text = world.text.clone();
        let world = world.with(&format!("t/{ROW}"), json!({"id": ROW, "team": TEAM}));
        let world = world.with(&format!("t/{OTHER}"), json!({"id": OTHER, "team": OTHER}));
        assert!(world.ask(&Who::Nobody, Method::Get, &format!("t/{ROW}"), None), "{name}\n{text}");
        assert!(!world.ask(&Who::Nobody, Method::Get, &format!("t/{OTHER}"), None), "{name}");
    }
}

#[test]
fn fields_of_any_name_are_read() {
    let names = ["it's", "a b", "größe", "in", "data", "a.b", "a`b", "\"q\"", "back\\slash", "1a", "$(x)", "🙂"];
    for name in names {
        let mut manifest = manifest(&select("true"));
        let table = manifest.schemas[0].tables.iter_mut().find(|table| table.name == "t").unwrap();
        let column = table.columns.iter_mut().find(|column| column.name == "name").unwrap();
        column.name = name.to_owned();
        table.policies[0].using = Some(format!("(\"{}\" = 'x'::text)", name.replace('"', "\"\"")));
        for (value, expected) in [("x", true), ("y", false)] {
            let world = World::of(&manifest, "{firestore: {client_writes: true}}");
            let text = world.text.clone();
            let row = json!({"id": ROW, name: value, "needed": true});
            assert_eq!(world.gets(&Who::Nobody, row), expected, "{name}\n{text}");
        }
    }
}

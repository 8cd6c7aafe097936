//! Document ids, references and names.

use serde_json::json;

use super::super::Names;
use super::{cast_manifest, files, files_with, manifest, table};
use crate::codegen::catalog::Catalog;
use crate::codegen::project::Project;

#[test]
fn keys_become_ids() {
    for (type_name, encoding) in [
        ("uuid", "raw"),
        ("bigint", "decimal"),
        ("date", "raw"),
        ("character varying(20)", "percent"),
        ("inet", "percent"),
        ("bytea", "raw"),
        ("'integer[]'", "percent"),
    ] {
        let files =
            files(&table(&format!("primary_key: {{columns: [id]}}, columns: [{{name: id, type: {type_name}}}]")));
        let collection = files.collection("t");
        assert_eq!(collection["documentId"], json!({"strategy": "field", "fields": ["id"], "encoding": encoding}));
        assert_eq!(collection["fields"]["id"]["required"], true);
        assert_eq!(collection["indexes"], json!([]));
    }
}

#[test]
fn composite_keys_are_joined() {
    let files = files(&table(
        "primary_key: {name: t_pkey, columns: [b, a]}, columns: [{name: a, type: integer}, {name: b, type: uuid}]",
    ));
    let id = json!({"strategy": "composite", "fields": ["b", "a"], "separator": "~", "encoding": "percent"});
    assert_eq!(files.collection("t")["documentId"], id);
    assert_eq!(files.indexes["indexes"][0]["fields"][0], json!({"fieldPath": "b", "order": "ASCENDING"}));
    assert_eq!(files.findings, Vec::<String>::new());
}

#[test]
fn no_key_is_an_automatic_id() {
    let files = files(&table("columns: []"));
    assert_eq!(files.collection("t")["documentId"], json!({"strategy": "auto"}));
    assert_eq!(files.findings, ["FIR022 crm.t"]);
}

#[test]
fn text_keys_may_be_too_long() {
    for (type_name, long) in [("text", true), ("character varying(375)", false), ("character varying(376)", true)] {
        let files = files(&table(&format!("primary_key: {{columns: [k]}}, columns: [{{name: k, type: {type_name}}}]")));
        assert_eq!(files.findings.contains(&"FIR023 crm.t.k".to_owned()), long, "{type_name}");
    }
}

#[test]
fn composite_keys_may_be_too_long_together() {
    for (length, long) in [(180, false), (200, true)] {
        let files = files(&table(&format!(
            "primary_key: {{columns: [a, b]}}, columns: [{{name: a, type: varchar({length})}}, {{name: b, type: varchar({length})}}]"
        )));
        assert_eq!(files.findings.contains(&"FIR023 crm.t".to_owned()), long, "{length}");
    }
}

const ORDERS: &str = "
    version: '1.0'
    left_out: [{schema: auth, reason: Supabase's own}]
    schemas:
    - name: crm
      tables:
      - {name: orgs, primary_key: {columns: [id]}, unique: [{columns: [slug]}],
         columns: [{name: id, type: integer, not_null: true}, {name: slug, type: text}]}
      - {name: contacts, primary_key: {columns: [org_id, id]},
         columns: [{name: org_id, type: integer}, {name: id, type: integer}]}
      - name: deals
        columns:
        - {name: org_id, type: integer, not_null: true}
        - {name: contact_id, type: integer}
        - {name: org_slug, type: text}
        - {name: owner, type: uuid}
        foreign_keys:
        - {name: deals_contact, columns: [org_id, contact_id], references: {schema: crm, table: contacts, columns: [org_id, id]}}
        - {name: deals_org, columns: [org_id], references: {schema: crm, table: orgs, columns: [id]}, on_delete: cascade}
        - {name: deals_slug, columns: [org_slug], references: {schema: crm, table: orgs, columns: [slug]}}
        - {name: deals_owner, columns: [owner], references: {schema: auth, table: users, columns: [id]}}
        - {name: deals_z, columns: [org_id], references: {schema: crm, table: gone, columns: [id]}}
";

#[test]
fn foreign_keys_become_references() {
    let files = files(ORDERS);
    let deals = files.collection("deals");
    let fields = &deals["fields"];
    assert_eq!(fields["org_id"]["type"], "number");
    assert_eq!(
        fields["org_id"]["reference"],
        json!({"collection": "orgs", "constraint": "deals_org", "onDelete": "cascade"})
    );
    assert_eq!(
        fields["contact_id"]["reference"],
        json!({"collection": "contacts", "constraint": "deals_contact", "with": ["org_id"]})
    );
    assert_eq!(fields["org_slug"]["reference"], json!({"collection": "orgs", "constraint": "deals_slug"}));
    assert!(fields["owner"].get("reference").is_none());
    let foreign: Vec<_> =
        deals["constraints"].as_array().unwrap().iter().map(|key| (&key["name"], &key["kind"])).collect();
    assert_eq!(foreign.len(), 3);
    assert!(foreign.iter().all(|(_, kind)| **kind == "foreign_key"));
    for expected in ["FIR033 crm.deals.deals_owner", "FIR033 crm.deals.deals_z", "FIR034 crm.deals.deals_slug"] {
        assert!(files.findings.contains(&expected.to_owned()), "{expected}");
    }
}

#[test]
fn references_may_be_document_references() {
    let files = files_with(ORDERS, "{firestore: {references: document_reference}}");
    let fields = &files.collection("deals")["fields"];
    assert_eq!(fields["org_id"]["type"], "reference");
    assert!(fields["org_id"].get("numberFormat").is_none());
    assert_eq!(fields["contact_id"]["type"], "number");
    assert_eq!(fields["org_slug"]["type"], "string");
}

#[test]
fn a_third_key_on_the_same_columns_is_a_constraint() {
    let key = |name: &str, to: &str| {
        format!("{{name: {name}, columns: [a], references: {{schema: crm, table: {to}, columns: [a]}}}}")
    };
    let files = files(&table(&format!(
        "primary_key: {{columns: [a]}}, columns: [{{name: a, type: uuid}}], foreign_keys: [{}, {}]",
        key("one", "t"),
        key("two", "t")
    )));
    assert_eq!(files.collection("t")["fields"]["a"]["reference"]["constraint"], "one");
    assert_eq!(files.findings, ["FIR035 crm.t.two"]);
}

fn two_schemas(more: &str) -> String {
    format!(
        "{{version: '1.0', schemas: [{{name: a, tables: [{{name: users, columns: []}}, {{name: 'b.users', columns: []}}]}},
          {{name: b, tables: [{{name: orders, columns: []}}{more}]}}]}}"
    )
}

#[test]
fn a_collection_is_named_by_its_schema_only_where_it_must_be() {
    let ids = |yaml: &str, options: &str| {
        let files = files_with(yaml, options);
        files.schema["collections"].as_object().unwrap().keys().cloned().collect::<std::collections::BTreeSet<_>>()
    };
    let set = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<std::collections::BTreeSet<_>>();
    assert_eq!(ids(&two_schemas(""), "{}"), set(&["users", "b.users", "orders"]));
    let more = two_schemas(", {name: extra, columns: []}");
    assert_eq!(ids(&more, "{}"), set(&["users", "b.users", "orders", "extra"]));
    let colliding = two_schemas(", {name: users, columns: []}");
    let renamed = "{firestore: {collections: {'b.users': people}}}";
    assert_eq!(ids(&colliding, renamed), set(&["a.users", "b.users", "people", "orders"]));
    let faults = cast_manifest(&manifest(&colliding), &Project::default()).unwrap_err();
    assert!(faults[0].to_string().contains("would all be the collection `b.users`"), "{}", faults[0]);
}

#[test]
fn same_tables_of_two_schemas_have_both_names() {
    let yaml = "{version: '1.0', schemas: [{name: a, tables: [{name: users, columns: []}]},
                 {name: b, tables: [{name: users, columns: []}]}]}";
    let files = files(yaml);
    assert_eq!(files.collection("a.users")["source"]["schema"], "a");
    assert_eq!(files.collection("b.users")["path"], "b.users/{userId}");
    let files = files_with(yaml, "{firestore: {collections: {a.users: people}}}");
    assert_eq!(files.collection("people")["source"]["schema"], "a");
}

#[test]
fn of_two_tables_with_one_path_the_renamed_one_is_told() {
    let files = files(
        "{version: '1.0', schemas: [{name: a, tables: [{name: b.__c__, columns: []}]},
          {name: a.b, tables: [{name: __c__, columns: []}]}]}",
    );
    let warnings = files.schema["warnings"].as_array().unwrap().iter();
    let renamed: Vec<_> = warnings.filter(|warning| warning["code"] == "collection-renamed").collect();
    let [renamed] = renamed[..] else { panic!("{renamed:?}") };
    assert_eq!(renamed["object"], "a.b.__c__");
    let collection = files.collection(renamed["collection"].as_str().unwrap());
    assert_eq!(collection["source"]["schema"], "a.b");
    assert_eq!(files.collection("b.__c__")["source"]["schema"], "a");
}

#[test]
fn options_that_name_nothing_are_refused() {
    for options in ["{firestore: {collections: {crm.tt: x}}}", "{firestore: {collections: {crm.t: 'a/b'}}}"] {
        let project: Project = serde_yaml::from_str(options).unwrap();
        let faults = cast_manifest(&manifest(&table("columns: []")), &project).unwrap_err();
        assert!(faults[0].to_string().contains("crm.t"), "{}", faults[0]);
    }
}

#[test]
fn says_where_tables_and_columns_go() {
    let manifest = manifest(&table("columns: [{name: __x__, type: text}, {name: y, type: text}]"));
    let names = Names::new(&Catalog::new(&manifest), &Project::default().firestore).unwrap();
    assert_eq!(names.collection("crm", "t"), Some("t"));
    assert_eq!(names.document_path("crm", "t").as_deref(), Some("t/{tId}"));
    assert_eq!(names.field("crm", "t", "__x__"), "column__x__");
    assert_eq!(names.field("crm", "t", "y"), "y");
    assert_eq!(names.collection("crm", "gone"), None);
}

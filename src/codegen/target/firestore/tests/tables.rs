//! Whole tables: constraints, defaults, descriptions, views, and the same
//! bytes whatever the order of the lists.

use serde_json::json;

use super::{files, files_of, files_with, manifest, table};
use crate::codegen::manifest::Manifest;
use crate::codegen::project::Project;

const CRM: &str = r#"
version: '1.0'
extensions: [{name: vector, types: [vector]}]
schemas:
- name: crm
  enums: [{name: status, labels: [lead, customer]}]
  domains: [{name: score, type: integer, checks: [{name: score_check, expression: "VALUE >= 0"}]}]
  tables:
  - name: orgs
    comment: Who we talk to.
    primary_key: {name: orgs_pkey, columns: [id]}
    columns:
    - {name: id, type: bigint, not_null: true, identity: {generation: always}}
    - {name: name, type: text, not_null: true}
  - name: contacts
    primary_key: {name: contacts_pkey, columns: [id]}
    unique: [{name: contacts_email_key, columns: [email]}, {name: contacts_a_key, columns: [org_id, name]}]
    checks: [{name: contacts_b_check, expression: "(score <= 100)"}, {name: contacts_a_check, expression: "(name <> '')"}]
    exclusions: [{name: contacts_excl, definition: "EXCLUDE USING gist (name WITH =)"}]
    foreign_keys:
    - {name: contacts_org_id_fkey, columns: [org_id], references: {schema: crm, table: orgs, columns: [id]}, on_delete: cascade}
    indexes:
    - {name: contacts_org_idx, keys: [{column: org_id}, {column: created_at, descending: true}]}
    - {name: contacts_active_idx, keys: [{column: email}], predicate: "(status = 'lead'::crm.status)"}
    - {name: contacts_embedding_idx, method: hnsw, keys: [{column: embedding, operator_class: vector_cosine_ops}]}
    columns:
    - {name: id, type: uuid, not_null: true, default: gen_random_uuid()}
    - {name: org_id, type: bigint, not_null: true}
    - {name: email, type: character varying(320), not_null: true, comment: "Primary address."}
    - {name: name, type: text, collation: de-x-icu}
    - {name: score, type: crm.score, default: "0"}
    - {name: status, type: crm.status, not_null: true, default: "'lead'::crm.status"}
    - {name: tags, type: 'text[]', not_null: true, default: "'{}'::text[]"}
    - {name: profile, type: jsonb, default: "'{}'::jsonb"}
    - {name: embedding, type: vector(768)}
    - {name: created_at, type: timestamp with time zone, not_null: true, default: now()}
    - {name: label, type: text, generated: {expression: "upper(name)"}}
    - {name: seq, type: integer, not_null: true, default: "nextval('crm.contacts_seq_seq'::regclass)"}
  views: [{name: leads, columns: [{name: id, type: uuid}], definition: SELECT 1}]
  materialized_views:
  - {name: totals, comment: Sums., columns: [{name: n, type: bigint}, {name: k, type: text}],
     indexes: [{name: totals_k, unique: true, keys: [{column: k}]}], definition: SELECT 1}
"#;

#[test]
fn a_table_is_a_collection() {
    let files = files(CRM);
    assert_eq!(files.schema["version"], "1.0");
    assert_eq!(files.schema["generator"], json!({"name": "schemacast", "version": env!("CARGO_PKG_VERSION")}));
    let contacts = files.collection("contacts");
    assert_eq!(contacts["source"], json!({"schema": "crm", "table": "contacts", "kind": "table"}));
    assert_eq!(contacts["path"], "contacts/{contactId}");
    assert_eq!(files.collection("orgs")["description"], "Who we talk to.");
    let fields = &contacts["fields"];
    assert_eq!(
        fields["email"],
        json!({"type": "string", "maxLength": 320, "required": true, "nullable": false, "description": "Primary address.",
               "source": {"column": "email", "type": "character varying(320)"}})
    );
    assert_eq!(fields["id"]["defaultExpression"], "gen_random_uuid()");
    assert_eq!(fields["org_id"]["lossy"], json!(["js-precision-2-53"]));
    assert_eq!(fields["name"]["lossy"], json!(["comparison"]));
    assert_eq!(fields["score"]["default"], 0);
    assert_eq!(fields["status"]["default"], "lead");
    assert_eq!(fields["tags"]["default"], json!([]));
    assert_eq!(fields["profile"]["default"], json!({}));
    assert_eq!(fields["label"]["generated"], true);
    assert_eq!(fields["label"]["defaultExpression"], "upper(name)");
    assert_eq!(fields["seq"]["serverAssigned"], true);
    assert_eq!(files.collection("orgs")["fields"]["id"]["serverAssigned"], true);
    // In the order of the columns.
    let at = |name: &str| files.texts[0].find(&format!("\"{name}\": {{\"type\"")).unwrap();
    assert!(at("email") < at("created_at") && at("created_at") < at("label"));
}

#[test]
fn constraints_say_who_keeps_them() {
    let files = files(CRM);
    let constraints = files.collection("contacts")["constraints"].as_array().unwrap();
    let kinds: Vec<(&str, &str, &str)> = constraints
        .iter()
        .map(|constraint| {
            let text = |key: &str| constraint[key].as_str().unwrap();
            (text("name"), text("kind"), text("enforcement"))
        })
        .collect();
    assert_eq!(
        kinds,
        [
            ("contacts_a_key", "unique", "postgres"),
            ("contacts_email_key", "unique", "postgres"),
            ("contacts_a_check", "check", "postgres"),
            ("contacts_b_check", "check", "postgres"),
            ("score_check", "check", "postgres"),
            ("contacts_excl", "exclude", "postgres"),
            ("contacts_active_idx", "partial_index", "none"),
        ]
    );
    assert_eq!(constraints[4]["fields"], json!(["score"]));
    for expected in
        ["FIR030 crm.contacts.contacts_email_key", "FIR031 crm.contacts.score", "FIR032 crm.contacts.contacts_excl"]
    {
        assert!(files.findings.contains(&expected.to_owned()), "{expected}");
    }
}

#[test]
fn every_finding_is_a_warning_in_the_file() {
    let files = files(CRM);
    let warnings = files.schema["warnings"].as_array().unwrap();
    assert_eq!(warnings.len(), files.findings.len());
    for (warning, finding) in warnings.iter().zip(&files.findings) {
        let (code, path) = finding.split_once(' ').unwrap();
        assert!(warning["message"].as_str().unwrap().starts_with(code));
        assert_eq!(warning["object"], path);
    }
}

#[test]
fn views_are_cast_where_they_are_wanted() {
    let without = files(CRM);
    assert!(without.schema["collections"].get("leads").is_none());
    assert!(without.findings.contains(&"FIR025 crm.leads".to_owned()));
    let with = files_with(CRM, "{firestore: {views: true}}");
    assert_eq!(with.collection("leads")["source"]["kind"], "view");
    assert_eq!(with.collection("totals")["source"]["kind"], "materialized_view");
    assert_eq!(with.collection("totals")["indexes"][0]["automatic"], true);
    assert!(!with.findings.iter().any(|finding| finding.starts_with("FIR025")));
}

#[test]
fn partitions_and_inheritance() {
    let files = files(
        "{version: '1.0', schemas: [{name: crm, tables: [
          {name: p, columns: [], partition_by: {strategy: range, definition: RANGE (a)}},
          {name: child, columns: [], inherits: [crm.p]}]}]}",
    );
    assert_eq!(files.collection("p")["source"]["kind"], "partitioned_table");
    assert!(files.findings.contains(&"FIR024 crm.child".to_owned()));
}

#[test]
fn blank_comments_and_defaults_say_nothing() {
    let files = files(&table("comment: ' ', columns: [{name: a, type: text, comment: '', default: ' '}]"));
    assert!(files.collection("t").get("description").is_none());
    let field = &files.collection("t")["fields"]["a"];
    assert!(field.get("description").is_none() && field.get("default").is_none());
    assert!(field.get("defaultExpression").is_none());
}

/// Turns every list around whose order says nothing.
fn reverse(manifest: &mut Manifest) {
    manifest.schemas.reverse();
    manifest.extensions.reverse();
    for schema in &mut manifest.schemas {
        schema.tables.reverse();
        schema.enums.reverse();
        schema.domains.reverse();
        schema.views.reverse();
        schema.materialized_views.reverse();
        for table in &mut schema.tables {
            table.unique.reverse();
            table.checks.reverse();
            table.exclusions.reverse();
            table.foreign_keys.reverse();
            table.indexes.reverse();
        }
    }
}

#[test]
fn the_order_of_lists_changes_no_byte() {
    let mut other: Manifest = serde_yaml::from_str(CRM).unwrap();
    reverse(&mut other);
    crate::codegen::manifest::sort(&mut other);
    let project = Project::default();
    assert_eq!(files_of(&manifest(CRM), &project).texts, files_of(&other, &project).texts);
    // A target that forgot to sort would still be right.
    reverse(&mut other);
    let unsorted = files_of(&other, &project);
    assert_eq!(files_of(&manifest(CRM), &project).indexes, unsorted.indexes);
}

#[test]
fn an_empty_manifest_is_an_empty_database() {
    let files = files("{version: '1.0', schemas: []}");
    assert_eq!(files.schema["collections"], json!({}));
    assert_eq!(files.indexes, json!({"indexes": [], "fieldOverrides": []}));
}

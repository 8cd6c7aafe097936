//! Small manifests in, both files out, read back as JSON. Every one goes
//! through `cast`, so through the parsers.

use serde_json::Value;

use crate::codegen::cast::{self, Casting, Error};
use crate::codegen::manifest::{self, Manifest};
use crate::codegen::project::Project;

mod hostile;
mod indexes;
mod keys;
mod tables;
mod types;

fn manifest(yaml: &str) -> Manifest {
    let mut manifest: Manifest = serde_yaml::from_str(yaml).unwrap();
    manifest::sort(&mut manifest);
    manifest
}

fn cast_manifest(manifest: &Manifest, project: &Project) -> Result<Casting, Vec<Error>> {
    cast::cast(manifest, project, &["firestore".into()], "manifests/x/NEON_SCHEMA_MANIFEST.yaml")
}

/// Both files, read, and the findings as `CODE path`.
struct Files {
    schema: Value,
    indexes: Value,
    findings: Vec<String>,
    texts: Vec<String>,
}

fn files_with(yaml: &str, options: &str) -> Files {
    let project: Project = serde_yaml::from_str(options).unwrap();
    files_of(&manifest(yaml), &project)
}

fn files_of(manifest: &Manifest, project: &Project) -> Files {
    let casting = cast_manifest(manifest, project).unwrap_or_else(|errors| panic!("{errors:#?}"));
    let text = |path: &str| casting.artifacts.iter().find(|artifact| artifact.path == path).unwrap().contents.clone();
    let texts = vec![text("FIRESTORE_SCHEMA.json"), text("firestore.indexes.json")];
    assert!(texts.iter().all(|text| text.ends_with("}\n")));
    Files {
        schema: serde_json::from_str(&texts[0]).unwrap(),
        indexes: serde_json::from_str(&texts[1]).unwrap(),
        findings: casting.findings.iter().map(|finding| format!("{} {}", finding.code.id, finding.path)).collect(),
        texts,
    }
}

fn files(yaml: &str) -> Files {
    files_with(yaml, "{}")
}

/// One table `crm.t` with what stands between its braces.
fn table(body: &str) -> String {
    format!("{{version: '1.0', schemas: [{{name: crm, tables: [{{name: t, {body}}}]}}]}}")
}

impl Files {
    fn collection(&self, id: &str) -> &Value {
        let collection = &self.schema["collections"][id];
        assert!(collection.is_object(), "no collection {id}");
        collection
    }
}

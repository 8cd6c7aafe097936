//! Golden cases: a small manifest in, files out. `BLESS=1 cargo test --test
//! golden` accepts what is generated now; read the difference before you
//! commit it.

use std::fs;
use std::path::Path;

use schemacast::codegen::cast::cast;
use schemacast::codegen::layout::{read_manifest, read_project};
use schemacast::codegen::loss::Deny;
use schemacast::codegen::writer::{self, Mode};
use schemacast::semantics;

fn check(case: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(case);
    let manifest = read_manifest(&folder.join("manifest.yaml")).unwrap();
    let mut project = read_project(&folder.join("project.yaml")).unwrap().unwrap_or_default();
    project.name = case.to_owned();
    let casting = cast(&manifest, &project, &[], "manifest.yaml").unwrap();
    for artifact in &casting.artifacts {
        assert_eq!(semantics::check(artifact), Ok(()), "{case}: {}", artifact.path);
    }
    let expected = folder.join("expected");
    let findings: String = casting.findings.iter().map(|finding| format!("{finding}\n")).collect();
    let findings_path = folder.join("findings.txt");
    if std::env::var_os("BLESS").is_some() {
        writer::persist(&expected, &casting, Mode::Write, None).unwrap();
        fs::write(&findings_path, &findings).unwrap();
    }
    let persisted = writer::persist(&expected, &casting, Mode::Check, None).unwrap();
    for path in &persisted.written {
        let artifact = casting.artifacts.iter().find(|artifact| artifact.path == *path).unwrap();
        let found = fs::read_to_string(expected.join(path)).unwrap_or_default();
        assert_eq!(found, artifact.contents, "{case}: {path} is not what is expected; if it is right, BLESS=1");
    }
    assert_eq!(persisted.removed, Vec::<String>::new(), "{case}: files that are no longer made");
    assert_eq!(
        fs::read_to_string(&findings_path).unwrap(),
        findings,
        "{case}: findings.txt; if they are right, BLESS=1"
    );
}

#[test]
fn crm() {
    check("crm");
}

#[test]
fn gen2() {
    check("gen2");
}

#[test]
fn information_schema() {
    check("information_schema");
}

#[test]
fn denied_findings_are_known_by_code_beginning_or_all() {
    assert!(Deny::new(&["AMP", "all", "FIR001,INV004"]).is_ok());
    assert!(Deny::new(&["AMP9X"]).is_err());
}

//! What is read casts into every target, and reads back from its YAML.

use schemacast::codegen::cast::cast;
use schemacast::codegen::manifest;
use schemacast::codegen::project::Project;
use schemacast::semantics;

use super::*;

/// The manifest through its YAML, then all targets for both of Amplify's
/// strategies, with every check that there is.
pub fn casts(manifest: &Manifest) {
    let read = manifest::read(&manifest::to_yaml(manifest)).unwrap_or_else(|mistakes| panic!("{mistakes:?}"));
    assert_eq!(&read, manifest);
    for options in ["{}", "amplify: {strategy: postgres}"] {
        let project: Project = serde_yaml::from_str(options).unwrap();
        let casting = cast(&read, &project, &[], "manifest.yaml").unwrap_or_else(|errors| panic!("{errors:#?}"));
        for artifact in &casting.artifacts {
            assert_eq!(semantics::check(artifact), Ok(()), "{}", artifact.path);
        }
    }
}

#[test]
fn a_database_with_everything_in_it() {
    casts(&NASTY.1);
}

#[test]
fn hostile_names() {
    let settings = database(&SERVER, "hostile_names", include_str!("hostile_names.sql"));
    casts(&read(&settings, &Options::default()));
}

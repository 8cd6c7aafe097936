//! What is checked in is what would be generated, whatever the order of the
//! manifest's lists.

use std::fs;
use std::path::Path;

use schemacast::codegen::artifact::Format;
use schemacast::codegen::cast::{Casting, cast};
use schemacast::codegen::keep;
use schemacast::codegen::layout::{self, Layout};
use schemacast::codegen::manifest::{self, Manifest, json_schema};
use schemacast::codegen::project;

fn layouts() -> Vec<Layout> {
    let layouts = layout::projects(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    assert_eq!(
        layouts.iter().map(|l| l.name.as_str()).collect::<Vec<_>>(),
        ["barton-outreach-core", "odoboo-workspace"]
    );
    layouts
}

fn cast_project(layout: &Layout, manifest: &Manifest) -> Casting {
    let name = format!("manifests/{}/{}", layout.name, layout::MANIFEST);
    cast(manifest, &layout.read_project().unwrap(), &[], &name).unwrap()
}

#[test]
fn what_is_checked_in_is_what_would_be_generated() {
    for layout in layouts() {
        let manifest = layout::read_manifest(&layout.manifest).unwrap();
        let casting = cast_project(&layout, &manifest);
        for artifact in &casting.artifacts {
            let path = layout.generated.join(&artifact.path);
            let found = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            // What a person wrote between the keep markers is theirs.
            let expected = match artifact.format {
                Format::Markdown => keep::merge(&artifact.contents, &found).unwrap(),
                _ => artifact.contents.clone(),
            };
            assert_eq!(found, expected, "{} is stale: run `cargo build` and commit it", path.display());
        }
        let recorded = schemacast::codegen::writer::recorded(&layout.generated).unwrap();
        assert_eq!(recorded, casting.artifacts.iter().map(|artifact| artifact.path.clone()).collect::<Vec<_>>());
    }
}

#[test]
fn the_order_of_the_manifests_lists_changes_no_byte() {
    for layout in layouts() {
        let manifest = layout::read_manifest(&layout.manifest).unwrap();
        let mut shuffled = manifest.clone();
        shuffled.schemas.reverse();
        for schema in &mut shuffled.schemas {
            schema.tables.reverse();
            schema.views.reverse();
            schema.enums.reverse();
            schema.domains.reverse();
            schema.functions.reverse();
            for table in &mut schema.tables {
                table.foreign_keys.reverse();
                table.indexes.reverse();
                table.unique.reverse();
                table.checks.reverse();
                table.policies.reverse();
                table.partitions.reverse();
            }
        }
        let read = manifest::read(&manifest::to_yaml(&shuffled)).unwrap();
        assert_eq!(cast_project(&layout, &read).artifacts, cast_project(&layout, &manifest).artifacts);
    }
}

#[test]
fn the_json_schemas_beside_the_projects_are_those_of_this_version() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("manifests");
    for (name, schema) in [("manifest.schema.json", json_schema()), ("project.schema.json", project::json_schema())] {
        let found = fs::read_to_string(folder.join(name)).unwrap();
        assert_eq!(found, format!("{schema:#}\n"), "{name} is stale: `schemacast introspect` writes it");
    }
}

#[test]
fn the_checked_in_manifests_are_what_their_json_schema_wants() {
    let validator = jsonschema::validator_for(json_schema()).unwrap();
    for layout in layouts() {
        let text = fs::read_to_string(&layout.manifest).unwrap();
        let value: serde_json::Value = serde_yaml::from_str(&text).unwrap();
        let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new(), "{}", layout.name);
    }
}

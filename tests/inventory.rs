//! The inventory as a whole: every link leads somewhere, every column is found
//! in each target, and what a person wrote survives.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use pulldown_cmark::{Event, Options, Parser, Tag};
use schemacast::codegen::artifact::Format;
use schemacast::codegen::cast::{Casting, cast};
use schemacast::codegen::layout::{self, read_manifest, read_project};
use schemacast::codegen::project::Project;
use schemacast::codegen::writer::{self, Mode};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Both projects, the golden cases, and names that mean something.
fn castings() -> Vec<(String, Casting)> {
    let mut castings = Vec::new();
    for layout in layout::projects(root()).unwrap() {
        let manifest = read_manifest(&layout.manifest).unwrap();
        let casting = cast(&manifest, &layout.read_project().unwrap(), &[], "manifest.yaml").unwrap();
        castings.push((layout.name, casting));
    }
    for case in ["tests/golden/crm", "tests/golden/information_schema", "tests/hostile_names"] {
        let manifest = read_manifest(&root().join(case).join("manifest.yaml")).unwrap();
        let project = read_project(&root().join(case).join("project.yaml")).unwrap().unwrap_or_default();
        castings.push((case.to_owned(), cast(&manifest, &project, &[], "manifest.yaml").unwrap()));
    }
    castings
}

/// The anchors of a page that were put there, and where its links lead.
fn anchors_and_links(markdown: &str) -> (BTreeSet<String>, Vec<String>) {
    let (mut anchors, mut links) = (BTreeSet::new(), Vec::new());
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        match event {
            Event::InlineHtml(html) | Event::Html(html) => {
                if let Some(rest) = html.strip_prefix("<a id=\"") {
                    let (anchor, _) = rest.split_once('"').expect("an attribute ends");
                    assert!(anchors.insert(anchor.to_owned()), "the anchor {anchor} is there twice");
                }
            }
            Event::Start(Tag::Link { dest_url, .. }) => links.push(dest_url.to_string()),
            _ => {}
        }
    }
    (anchors, links)
}

#[test]
fn every_link_and_anchor_leads_somewhere() {
    for (name, casting) in castings() {
        let files: BTreeSet<&str> = casting.artifacts.iter().map(|artifact| artifact.path.as_str()).collect();
        let pages: BTreeMap<&str, (BTreeSet<String>, Vec<String>)> = casting
            .artifacts
            .iter()
            .filter(|artifact| artifact.format == Format::Markdown)
            .map(|artifact| (artifact.path.as_str(), anchors_and_links(&artifact.contents)))
            .collect();
        let mut followed = 0;
        for (page, (_, links)) in &pages {
            for link in links {
                let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
                let target = match file {
                    "" => (*page).to_owned(),
                    file => resolve(page, file),
                };
                assert!(files.contains(target.as_str()), "{name}: {page} links to {link}, and there is no {target}");
                if !anchor.is_empty() {
                    assert!(pages[target.as_str()].0.contains(anchor), "{name}: {page} links to {link}");
                }
                followed += 1;
            }
        }
        assert!(followed > 10, "{name}: {followed} links");
    }
}

/// A relative link as a path of the generated folder.
fn resolve(page: &str, link: &str) -> String {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            ".." => assert!(parts.pop().is_some(), "{page}: {link} leaves the folder"),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[test]
fn a_column_is_found_in_each_target_within_two_clicks() {
    let castings = castings();
    let (_, outreach) = castings.iter().find(|(name, _)| name == "barton-outreach-core").unwrap();
    let contents = |path: &str| {
        let found = outreach.artifacts.iter().find(|artifact| artifact.path == path);
        &found.unwrap_or_else(|| panic!("there is no {path}")).contents
    };
    let (_, links) = anchors_and_links(contents("SCHEMA_INVENTORY.md"));
    assert!(links.iter().any(|link| link == "inventory/people.master.md"), "the first click");
    let page = contents("inventory/people.master.md");
    assert!(page.contains(
        "| [`unique_id`](#col-unique_id) | `master.unique_id` | `Master.uniqueId` | `models::people::Master::unique_id` |"
    ));
    let (_, links) = anchors_and_links(page);
    for (file, name) in [
        ("FIRESTORE_SCHEMA.json", "\"unique_id\""),
        ("AMPLIFY_TYPES.graphql", "uniqueId:"),
        ("models/people/tables.rs", "pub unique_id:"),
    ] {
        assert!(links.iter().any(|link| *link == format!("../{file}")), "the second click: {file}");
        assert!(contents(file).contains(name), "{file}");
    }
}

const MANIFEST: &str = "version: '1.0'\nschemas:\n- name: crm\n  tables:\n  - {name: a, columns: [{name: id, type: \
                        integer}]}\n  - {name: b, columns: [{name: id, type: integer}]}\n";

fn small(yaml: &str) -> Casting {
    let manifest = schemacast::codegen::manifest::read(yaml).unwrap();
    cast(&manifest, &Project::default(), &["inventory".to_owned()], "manifest.yaml").unwrap()
}

fn note(folder: &Path, page: &str, notes: &str) {
    let path = folder.join(page);
    let text = fs::read_to_string(&path).unwrap();
    let noted = text.replace("<!-- keep:end -->", &format!("{notes}<!-- keep:end -->"));
    assert_ne!(noted, text);
    fs::write(path, noted).unwrap();
}

#[test]
fn notes_survive_and_are_no_hand_edit() {
    let folder = tempfile::tempdir().unwrap();
    writer::persist(folder.path(), &small(MANIFEST), Mode::Write, None).unwrap();
    note(folder.path(), "inventory/crm.a.md", "Ask *Ada*.\n");
    let unchanged = writer::persist(folder.path(), &small(MANIFEST), Mode::Check, None).unwrap();
    assert!(!unchanged.is_stale() && unchanged.edited.is_empty(), "{unchanged:?}");
    let changed = small(&MANIFEST.replacen("{name: id, type: integer}", "{name: id, type: bigint}", 1));
    let written = writer::persist(folder.path(), &changed, Mode::Write, None).unwrap();
    assert!(written.edited.is_empty() && written.written.contains(&"inventory/crm.a.md".to_owned()), "{written:?}");
    let page = fs::read_to_string(folder.path().join("inventory/crm.a.md")).unwrap();
    assert!(page.contains("<!-- keep:begin notes -->\nAsk *Ada*.\n<!-- keep:end -->") && page.contains("`bigint`"));
}

#[test]
fn a_page_that_goes_takes_no_notes_with_it() {
    let folder = tempfile::tempdir().unwrap();
    writer::persist(folder.path(), &small(MANIFEST), Mode::Write, None).unwrap();
    note(folder.path(), "inventory/crm.b.md", "Ask *Ada*.\n");
    let without_b = small(MANIFEST.split("  - {name: b").next().unwrap());
    for _ in 0..2 {
        let persisted = writer::persist(folder.path(), &without_b, Mode::Write, None).unwrap();
        assert_eq!(persisted.kept, ["inventory/crm.b.md"], "each time");
        assert!(folder.path().join("inventory/crm.b.md").exists());
    }
    let page = folder.path().join("inventory/crm.b.md");
    let text = fs::read_to_string(&page).unwrap().replace("Ask *Ada*.\n", "");
    fs::write(&page, text).unwrap();
    let persisted = writer::persist(folder.path(), &without_b, Mode::Write, None).unwrap();
    assert_eq!((persisted.removed, persisted.kept), (vec!["inventory/crm.b.md".to_owned()], Vec::new()));
    assert!(!page.exists());
}

#[test]
fn regions_at_fault_are_errors_that_name_file_and_line() {
    let folder = tempfile::tempdir().unwrap();
    let casting = small(MANIFEST);
    let page = folder.path().join("inventory/crm.a.md");
    for (notes, wanted) in [
        ("<!-- keep:begin notes -->\n", "begins before `notes`, of line 7"),
        ("<!-- keep:end -->\nx\n<!-- keep:begin notes -->\n", "is there twice"),
        ("<!-- keep:end -->\n<!-- keep:begin mine -->\nx\n", "no keep region `mine`"),
        ("```\n", "is not closed"),
        ("<details>\n", "<details> is not closed"),
    ] {
        let _ = fs::remove_file(&page);
        writer::persist(folder.path(), &casting, Mode::Write, None).unwrap();
        note(folder.path(), "inventory/crm.a.md", notes);
        let before = fs::read_to_string(&page).unwrap();
        let error = writer::persist(folder.path(), &casting, Mode::Write, None).unwrap_err().to_string();
        assert!(error.contains("crm.a.md") && error.contains(wanted), "{notes}: {error}");
        assert!(error.contains(".md:") || error.contains("line "), "{error}");
        assert_eq!(fs::read_to_string(&page).unwrap(), before, "the file stays");
    }
}

/// The inventory alone, under options.
fn under(manifest: &Path, options: &str) -> Casting {
    let manifest = read_manifest(manifest).unwrap();
    let project: Project = serde_yaml::from_str(options).unwrap();
    cast(&manifest, &project, &["inventory".to_owned()], "manifest.yaml").unwrap()
}

fn contents<'c>(casting: &'c Casting, path: &str) -> &'c str {
    let found = casting.artifacts.iter().find(|artifact| artifact.path == path);
    &found.unwrap_or_else(|| panic!("there is no {path}")).contents
}

#[test]
fn the_html_page_holds_whatever_names_there_are() {
    let hostile = root().join("tests/hostile_names/manifest.yaml");
    let casting = under(&hostile, "{inventory: {html: true}, name: '</title></script>'}");
    let page = contents(&casting, "inventory/index.html");
    assert_eq!(page.matches("</script").count(), 2, "its own two scripts");
    let data = page.split_once("id=\"data\">").unwrap().1.split_once("</script>").unwrap().0;
    let data: serde_json::Value = serde_json::from_str(data).unwrap();
    let relations = data["relations"].as_array().unwrap();
    let pages = casting.artifacts.iter().filter(|artifact| artifact.path.ends_with(".md")).count();
    assert_eq!(relations.len(), pages - 1, "one for each page but the index");
    let script = relations.iter().find(|relation| relation["name"] == "</script><script>alert(1)</script>").unwrap();
    assert_eq!(script["goes_to"][0]["target"], "Firestore");
    for relation in relations {
        let path = relation["page"].as_str().unwrap();
        assert!(casting.artifacts.iter().any(|artifact| artifact.path == path), "{path}");
    }
    let without = under(&hostile, "{}");
    assert!(without.artifacts.iter().all(|artifact| !artifact.path.ends_with(".html")), "only where it is asked for");
}

#[test]
fn the_file_for_agents_has_a_line_for_each_column() {
    let crm = under(&root().join("tests/golden/crm/manifest.yaml"), "{}");
    let text = contents(&crm, "llms.txt");
    let manifest = read_manifest(&root().join("tests/golden/crm/manifest.yaml")).unwrap();
    let tables: usize = manifest.schemas.iter().map(|schema| schema.tables.len()).sum();
    let columns: usize =
        manifest.schemas.iter().flat_map(|schema| &schema.tables).map(|table| table.columns.len()).sum();
    assert!(tables > 2 && text.matches("\n## ").count() > tables);
    assert!(text.lines().filter(|line| line.starts_with("- ")).count() >= columns);
    let hostile = under(&root().join("tests/hostile_names/manifest.yaml"), "{}");
    let text = contents(&hostile, "llms.txt");
    assert!(
        text.lines().filter(|line| line.starts_with("## ")).all(|line| line.contains('.') || line == "## Functions")
    );
}

#[test]
fn an_unrelated_table_moves_nothing() {
    let few = small(MANIFEST);
    let more = |name: &str| small(&format!("{MANIFEST}  - {{name: {name}, columns: [{{name: id, type: integer}}]}}\n"));
    let (other, namesake) = (more("other"), more("A"));
    for artifact in few.artifacts.iter().filter(|artifact| artifact.path.starts_with("inventory/")) {
        assert_eq!(contents(&other, &artifact.path), artifact.contents, "{}", artifact.path);
        // What differs in case alone is another GraphQL type, but no other file.
        assert!(contents(&namesake, &artifact.path).contains(artifact.contents.lines().nth(2).unwrap()));
    }
    assert_eq!((other.artifacts.len(), namesake.artifacts.len()), (few.artifacts.len() + 1, few.artifacts.len() + 1));
}

#[test]
fn too_few_comments_are_an_error_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = folder.path().join("manifest.yaml");
    fs::write(&manifest, MANIFEST).unwrap();
    let out = folder.path().join("out");
    let generate = |min_coverage: Option<u8>| {
        let mut project = Project::default();
        project.inventory.min_coverage = min_coverage;
        schemacast::codegen::generate::generate(&schemacast::codegen::generate::Request {
            manifest: &manifest,
            manifest_name: "manifest.yaml",
            project: &project,
            targets: &["inventory".to_owned()],
            out_dir: &out,
            mode: Mode::Write,
            deny: &schemacast::codegen::loss::Deny::default(),
            stamp: None,
            today: None,
            check: schemacast::codegen::check::check,
        })
    };
    let error = generate(Some(1)).unwrap_err().to_string();
    assert!(error.starts_with("0 of 5 objects have a comment, 0 %, and 1 % are wanted"), "{error}");
    assert!(!out.exists());
    generate(Some(0)).unwrap();
    generate(None).unwrap();
}

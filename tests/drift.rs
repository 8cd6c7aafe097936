//! Reports of a comparison, as files: `BLESS=1 cargo test --test drift` accepts
//! what is reported now; read the difference before you commit it.
//!
//! Each case has a manifest (what is expected), another that stands for what a
//! database holds, and perhaps a project.yaml with ignore rules.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use schemacast::codegen::artifact::{Artifact, Format};
use schemacast::codegen::check;
use schemacast::codegen::layout::{read_manifest_and_text, read_project};
use schemacast::codegen::manifest::{Kind, ObjectId};
use schemacast::diff::report::{self, File, Proof, Remark, Remedy, Report, Request, Side, Verb, Verification};
use schemacast::diff::{Impossible, Plan, Statement, Step, compare, compare_sides};
use serde_json::Value;

fn folder(case: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/drift").join(case)
}

fn side(case: &str, name: &str) -> Side {
    let (manifest, text) = read_manifest_and_text(&folder(case).join(name)).unwrap();
    Side { name: name.to_owned(), manifest, file: Some(File { path: name.to_owned(), text }) }
}

/// The report of a case on a day in 2026; its database is no file.
fn report_of(case: &str, verb: Verb, remedy: Option<&Remedy>) -> Report {
    let (expected, mut actual) = (side(case, "manifest.yaml"), side(case, "live.yaml"));
    if verb == Verb::Drift {
        actual = Side { name: "db.example:5432/shop".to_owned(), file: None, ..actual };
    }
    let project_file = folder(case).join("project.yaml");
    let project = read_project(&project_file).unwrap().filter(|_| verb == Verb::Drift).unwrap_or_default();
    let rules_file = fs::read_to_string(&project_file).ok().map(|text| File { path: "project.yaml".to_owned(), text });
    let compared = compare_sides(&expected, &actual, &project.drift.ignore, "2026-06-15T00:00:00Z").unwrap();
    report::report(&Request {
        verb,
        project: (verb == Verb::Drift).then_some("shop"),
        compared: &compared,
        rules_file: rules_file.as_ref(),
        denied: &[],
        threshold: 0,
        date: None,
        remedy,
        verification: remedy.map(|_| verification()),
    })
}

/// What a rehearsal may say, to see where reports show it.
fn verification() -> Verification {
    let remark = |message: &str| Remark {
        object: ObjectId::new(Kind::Table, &["shop", "orders"]),
        attribute: Some("comment".to_owned()),
        message: message.to_owned(),
    };
    Verification {
        server_version: Some("15.1".to_owned()),
        left: vec![remark("is `a`, expected `b`")],
        not_rehearsed: vec![remark("*no* such extension")],
        held_back: 1,
        impossible: 1,
        ..Verification::of(Proof::Differs)
    }
}

/// A plan as a planner would give it, to see where reports show it.
fn remedy() -> Remedy {
    let table = ObjectId::new(Kind::Table, &["shop", "orders"]);
    let step = |object: ObjectId, statement: Statement| Step { object, held_back: statement.destructive, statement };
    let steps = vec![
        step(table.clone(), Statement::new("ALTER TABLE shop.orders ENABLE ROW LEVEL SECURITY")),
        step(
            ObjectId::new(Kind::Function, &["shop", "refresh"]),
            Statement::destructive("DROP FUNCTION shop.refresh()"),
        ),
    ];
    let impossible = Impossible {
        object: table,
        attribute: Some("column_order".to_owned()),
        reason: "Postgres cannot move a column".to_owned(),
    };
    let script = "BEGIN;\nALTER TABLE shop.orders ENABLE ROW LEVEL SECURITY;\nCOMMIT;\n\
                  -- deletes data: DROP FUNCTION shop.refresh();\n"
        .to_owned();
    Remedy { plan: Plan { steps, impossible: vec![impossible] }, script }
}

fn json(report: &Report) -> String {
    serde_json::to_string_pretty(report).unwrap() + "\n"
}

/// The formats, checked by what parses them, against the files of the case.
fn check_formats(case: &str, name: &str, report: &Report) {
    let markdown = report::markdown(report);
    let artifact = Artifact { path: "R.md".to_owned(), contents: markdown.clone(), format: Format::Markdown };
    assert_eq!(check::check(&artifact), Ok(()), "{case}: {markdown}");
    let document: Value = serde_json::from_str(&json(report)).unwrap();
    let validator = jsonschema::validator_for(report::json_schema()).unwrap();
    let errors: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new(), "{case}: JSON");
    let sarif = report::sarif(report);
    assert_eq!(sarif_faults(&serde_json::from_str(&sarif).unwrap()), Vec::<String>::new(), "{case}: SARIF");
    let junit = report::junit(report);
    assert_eq!(xml_faults(&junit), Vec::<String>::new(), "{case}: {junit}");
    let github = report::github(report);
    let version = format!("\"semanticVersion\": \"{}\"", env!("CARGO_PKG_VERSION"));
    assert!(sarif.contains(&version));
    for (format, found) in [
        ("md", markdown),
        ("txt", report::text(report)),
        ("json", json(report)),
        // A release changes no golden file.
        ("sarif", sarif.replace(&version, "\"semanticVersion\": \"0.0.0\"")),
        ("xml", junit),
        ("github", format!("{}{}", github.commands, github.outputs)),
    ] {
        let path = folder(case).join(format!("{name}.{format}"));
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, &found).unwrap();
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(expected, found, "{} is not what is reported; if it is right, BLESS=1", path.display());
    }
}

#[test]
fn a_database_that_drifted() {
    check_formats("shop", "drift", &report_of("shop", Verb::Drift, Some(&remedy())));
}

#[test]
fn two_manifests() {
    check_formats("shop", "diff", &report_of("shop", Verb::Diff, None));
}

#[test]
fn a_database_that_is_as_the_manifest_says() {
    let report = report_of("clean", Verb::Drift, None);
    assert!(report.clean && report.findings.is_empty());
    check_formats("clean", "drift", &report);
}

#[test]
fn what_is_counted_adds_up() {
    let report = report_of("shop", Verb::Drift, None);
    for row in &report.summary {
        // Of what is expected each is one of these; an ignored one may be on the other side.
        let expected = row.matched + row.changed + row.missing;
        assert!(expected <= row.expected && row.expected <= expected + row.ignored, "{row:?}");
        assert!(row.matched + row.changed + row.unexpected <= row.actual, "{row:?}");
    }
    let column = report.summary.iter().find(|row| row.kind == Kind::Column).unwrap();
    assert_eq!(column.ignored, 2, "the columns of the ignored table are ignored with it");
    let fingerprints: BTreeSet<&str> = report.findings.iter().map(|finding| finding.fingerprint.as_str()).collect();
    assert_eq!(fingerprints.len(), report.findings.len());
    let again = report_of("shop", Verb::Drift, None);
    assert_eq!(json(&report), json(&again));
}

#[test]
fn a_patch_makes_the_manifest_what_is_there() {
    use schemacast::diff::report::{Finding, PatchAction};
    let report = report_of("shop", Verb::Drift, None);
    let text = fs::read_to_string(folder("shop").join("manifest.yaml")).unwrap();
    let mut document: Value = serde_yaml::from_str(&text).unwrap();
    let pointer = |path: &str| format!("/{}", path.replace('[', "/").replace(']', "").replace('.', "/"));
    // What is removed goes last and from behind, so that no other path moves.
    let mut findings: Vec<&Finding> = report.findings.iter().collect();
    let is_removal = |finding: &Finding| finding.patch.as_ref().is_some_and(|p| p.action == PatchAction::Remove);
    findings.sort_by_key(|finding| {
        let path = finding.patch.as_ref().map(|patch| patch.path.clone()).unwrap_or_default();
        (is_removal(finding), finding.attribute.as_deref() == Some("column_order"), std::cmp::Reverse(path))
    });
    for finding in findings {
        // The place of a column is none that a patch of another sees.
        if matches!(finding.attribute.as_deref(), Some("column_order")) {
            continue;
        }
        let patch = finding.patch.as_ref().unwrap_or_else(|| panic!("no patch: {}", finding.message));
        let path = pointer(&patch.path);
        let (parent, key) = path.rsplit_once('/').unwrap();
        let value = patch.value.as_ref().map(|text| serde_yaml::from_str::<Value>(text).unwrap());
        let is_list = matches!(document.pointer(&path), Some(Value::Array(_)));
        match (patch.action, value) {
            (PatchAction::Add, Some(value)) if is_list => {
                document.pointer_mut(&path).unwrap().as_array_mut().unwrap().push(value);
            }
            (PatchAction::Add, Some(value)) if finding.object.kind != Kind::PrimaryKey => {
                let parent = document.pointer_mut(parent).unwrap();
                parent[key] = Value::Array(vec![value]);
            }
            (PatchAction::Add | PatchAction::Set, Some(value)) => {
                document.pointer_mut(parent).unwrap()[key] = value;
            }
            (PatchAction::Remove, None) => match document.pointer_mut(parent).unwrap() {
                Value::Array(items) => drop(items.remove(key.parse().unwrap())),
                parent => drop(parent.as_object_mut().unwrap().remove(key)),
            },
            other => panic!("{other:?}"),
        }
    }
    let patched = schemacast::codegen::manifest::read(&document.to_string()).unwrap();
    let live = side("shop", "live.yaml").manifest;
    let left: Vec<String> = compare(&patched, &live)
        .changes
        .iter()
        .map(|change| format!("{} {}", change.object, change.attribute.as_deref().unwrap_or("*")))
        .collect();
    // What is ignored is no finding, and so has no patch that was applied.
    assert_eq!(left, ["table shop.orders column_order", "table shop.orders comment", "table shop.tmp_load *"]);
}

/// What SARIF 2.1.0 requires of what we write (its sections 3.13 to 3.30), and
/// that nothing else is there: the schema of OASIS closes every object.
fn sarif_faults(log: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    let mut object = |what: &str, value: &Value, required: &[&str], optional: &[&str]| {
        let Some(entries) = value.as_object() else { return faults.push(format!("{what} is no object")) };
        faults
            .extend(required.iter().filter(|key| !entries.contains_key(**key)).map(|key| format!("{what}: no {key}")));
        let known = |key: &String| required.contains(&key.as_str()) || optional.contains(&key.as_str());
        faults.extend(entries.keys().filter(|key| !known(key)).map(|key| format!("{what}: {key}?")));
    };
    object("log", log, &["version", "runs", "$schema"], &[]);
    let mut wrong = Vec::new();
    let mut expect = |holds: bool, what: &str| {
        if !holds {
            wrong.push(what.to_owned());
        }
    };
    expect(log["version"] == "2.1.0", "version");
    let run = &log["runs"][0];
    object("run", run, &["tool", "results"], &["automationDetails", "columnKind"]);
    object("driver", &run["tool"]["driver"], &["name", "semanticVersion", "rules"], &[]);
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for rule in rules {
        object("rule", rule, &["id", "shortDescription", "help", "defaultConfiguration"], &[]);
        object("shortDescription", &rule["shortDescription"], &["text"], &[]);
    }
    for result in run["results"].as_array().unwrap() {
        let optional = ["locations", "properties", "suppressions"];
        object("result", result, &["ruleId", "ruleIndex", "level", "message", "partialFingerprints"], &optional);
        object("message", &result["message"], &["text"], &[]);
        let index = result["ruleIndex"].as_u64().unwrap() as usize;
        expect(rules[index]["id"] == result["ruleId"], "ruleIndex");
        expect(["error", "warning", "note", "none"].contains(&result["level"].as_str().unwrap()), "level");
        for location in result.get("locations").and_then(Value::as_array).into_iter().flatten() {
            object("location", location, &[], &["physicalLocation", "logicalLocations"]);
            for logical in location.get("logicalLocations").and_then(Value::as_array).into_iter().flatten() {
                object("logicalLocation", logical, &["fullyQualifiedName", "kind"], &[]);
            }
            if let Some(physical) = location.get("physicalLocation") {
                object("physicalLocation", physical, &["artifactLocation"], &["region"]);
                let uri = physical["artifactLocation"]["uri"].as_str().unwrap();
                expect(!uri.contains([' ', ':', '\\', '#']), "a URI reference");
                let line = physical.get("region").map(|region| region["startLine"].as_u64());
                expect(line.is_none_or(|line| line >= Some(1)), "startLine");
            }
        }
        for suppression in result.get("suppressions").and_then(Value::as_array).into_iter().flatten() {
            object("suppression", suppression, &["kind"], &["justification"]);
            expect(["inSource", "external"].contains(&suppression["kind"].as_str().unwrap()), "suppression");
        }
    }
    faults.extend(wrong);
    faults
}

/// Whether every tag is closed by its own, every attribute quoted, and every
/// ampersand the start of a reference.
fn xml_faults(xml: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    let body = xml.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").unwrap_or("no declaration");
    for (at, piece) in body.split('<').enumerate() {
        if at == 0 {
            faults.extend((!piece.is_empty()).then(|| format!("text before the root: {piece}")));
            continue;
        }
        let Some((tag, text)) = piece.split_once('>') else {
            faults.push(format!("an open tag: {piece}"));
            continue;
        };
        for part in piece.split('&').skip(1) {
            let name = part.split(';').next().unwrap_or_default();
            let known = ["amp", "lt", "gt", "quot"].contains(&name) || name.starts_with('#');
            faults.extend((!known).then(|| format!("no reference: &{name}")));
        }
        faults.extend(text.contains('>').then(|| format!("a bare > in {text}")));
        if let Some(name) = tag.strip_prefix('/') {
            faults.extend((open.pop() != Some(name)).then(|| format!("</{name}> closes nothing")));
            continue;
        }
        faults.extend((tag.matches('"').count() % 2 == 1).then(|| format!("an open quote: {tag}")));
        if !tag.ends_with('/') {
            open.push(tag.split_whitespace().next().unwrap_or_default());
        }
    }
    faults.extend(open.iter().map(|name| format!("<{name}> is not closed")));
    faults
}

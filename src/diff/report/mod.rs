//! What a comparison says to people and programs.
//!
//! [`report()`] makes a [`Report`] of two sides and their comparison: findings
//! with their judgement, place and patch, a summary for each kind, what is
//! ignored and what was not compared. Each format is a view of it: `text`,
//! `markdown`, `github`, `sarif`, `junit`, and as JSON its own serialization.

mod finding;
mod github;
mod junit;
mod markdown;
mod patch;
mod sarif;
mod summary;
mod text;
mod value;
mod verification;

use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use self::patch::Patches;
use super::change::{Change, Difference};
use super::code;
use super::object::Object;
use super::place::Places;
use super::plan::{Plan, PlanOptions, plan, script};
use super::renames::{Ambiguous, Rename, likely_renames, renames};
use super::severity::Severity;
use super::sides::Compared;
use crate::codegen::document::{Path, Positions};
use crate::codegen::loss::Code;
use crate::codegen::manifest::{Manifest, NotModelled, NotVisible, ObjectId};
use crate::codegen::names::hex;
use crate::codegen::project::Day;

pub use finding::{Finding, Patch, PatchAction};
pub use github::{Workflow, cut, github};
pub use junit::junit;
pub use markdown::markdown;
pub use sarif::sarif;
pub use summary::KindSummary;
pub use text::{text, verdict};
pub use value::quoted;
pub use verification::{Proof, Remark, Verification};

/// Which question a report answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// Is the database what the manifest says?
    Drift,
    /// How does B differ from A?
    Diff,
}

/// A file that findings point into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// As reports name it.
    pub path: String,
    pub text: String,
}

/// One side of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct Side {
    /// As reports name it: a file, or `host:port/dbname`. No secret.
    pub name: String,
    pub manifest: Manifest,
    /// Where the manifest was read from a file.
    pub file: Option<File>,
}

/// What a report is made of: two sides compared, and how it is told.
pub struct Request<'r> {
    pub verb: Verb,
    pub project: Option<&'r str>,
    pub compared: &'r Compared<'r>,
    /// The file of the rules.
    pub rules_file: Option<&'r File>,
    /// The notes that count as differences.
    pub denied: &'r [&'static Code],
    /// How many differences are still a yes.
    pub threshold: usize,
    /// When it was made, RFC 3339; none for a report that is to be stable.
    pub date: Option<String>,
    pub remedy: Option<&'r Remedy>,
    /// What a rehearsal of the SQL showed, where one was asked for.
    pub verification: Option<Verification>,
}

/// The SQL that mends what differs.
#[derive(Debug, Clone, PartialEq)]
pub struct Remedy {
    pub plan: Plan,
    /// The plan as a file of SQL.
    pub script: String,
}

impl Remedy {
    /// The SQL that turns what is there into what is expected, for these
    /// changes: all that a comparison found, or those that count. `objects` are
    /// those of the expected side and of the actual one.
    pub fn turning(
        actual: &Side,
        expected: &Side,
        changes: &[Change],
        objects: [&[Object<'_>]; 2],
        options: PlanOptions,
    ) -> Self {
        let plan = plan(&actual.manifest, &expected.manifest, changes, options);
        let renames = likely_renames(objects[0], objects[1], changes);
        let script = script(&plan, &renames, &format!("Turns {} into {}.", actual.name, expected.name));
        Self { plan, script }
    }
}

/// A comparison of two sides, for people and programs.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Report {
    pub verb: Verb,
    pub project: Option<String>,
    /// RFC 3339; none in a stable report.
    pub date: Option<String>,
    /// Whether there is no more to be mended than the threshold allows.
    pub clean: bool,
    /// The findings, and the notes that count as differences.
    pub differences: usize,
    pub threshold: usize,
    /// For `drift` the manifest, for `diff` B.
    pub expected: Provenance,
    /// For `drift` the live database, for `diff` A.
    pub actual: Provenance,
    /// Tables, views, columns and indexes, then every kind that either side has.
    pub summary: Vec<KindSummary>,
    /// The worst first.
    pub findings: Vec<Finding>,
    /// Which two findings are likely one thing under two names.
    pub renames: Vec<Rename>,
    /// Several that look alike, of which none can be told from the others.
    pub ambiguous_renames: Vec<Ambiguous>,
    pub ignored: Vec<Ignored>,
    /// What is no difference in itself.
    pub notes: Vec<Note>,
    pub not_compared: Vec<NotModelled>,
    pub not_visible: Vec<NotVisible>,
    /// SQL that mends it, in order; what deletes data is commented out unless it
    /// was allowed. None where none was planned.
    pub sql: Option<String>,
    /// What no SQL of ours mends.
    pub impossible: Vec<Unmendable>,
    /// Whether the SQL does what it is for; none where that was not asked.
    pub verification: Option<Verification>,
}

/// Where one side came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Provenance {
    pub name: String,
    /// The server that the side was read from, now or when the manifest was made.
    pub server_version: Option<String>,
    /// When the manifest was made; none for what was read now.
    pub generated: Option<String>,
    pub left_out: Vec<LeftOutSchema>,
}

/// A schema that a side leaves out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LeftOutSchema {
    pub schema: String,
    pub reason: String,
}

/// A finding that does not count, and the rule that says so.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Ignored {
    pub finding: Finding,
    pub rule: String,
    pub reason: String,
    pub until: Option<Day>,
}

/// Something to know that is no difference in itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Note {
    /// `DRF006` … `DRF009`.
    #[serde(serialize_with = "finding::code_id")]
    #[schemars(with = "String")]
    pub code: &'static Code,
    pub message: String,
    /// Whether it counts as a difference.
    pub counts: bool,
    pub file: Option<String>,
    pub line: Option<usize>,
    pub fingerprint: String,
}

/// What no SQL of ours mends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Unmendable {
    pub object: ObjectId,
    pub attribute: Option<String>,
    pub reason: String,
}

/// Makes a report.
pub fn report(request: &Request<'_>) -> Report {
    let Compared { comparison, ignoring, rules, .. } = request.compared;
    let [expected, actual] = &request.compared.objects;
    let changes = &comparison.changes;
    let found = renames(expected, actual, changes);
    let plan = request.remedy.map(|remedy| &remedy.plan);
    let finding = |change| Finding::new(change, request.verb, &found.likely, plan);
    let mut findings: Vec<Finding> = changes.iter().map(finding).collect();
    let mut ignored: Vec<Ignored> = ignoring
        .ignored
        .iter()
        .filter_map(|(change, rule)| {
            let rule = rules.get(*rule)?;
            let finding = Finding::new(change, request.verb, &[], None);
            Some(Ignored { finding, rule: rule.path.clone(), reason: rule.reason.clone(), until: rule.until.clone() })
        })
        .collect();
    locate(request.compared, findings.iter_mut().chain(ignored.iter_mut().map(|ignored| &mut ignored.finding)));
    findings.sort_by(|a, b| (a.severity, &a.object, &a.attribute).cmp(&(b.severity, &b.object, &b.attribute)));
    let notes = notes(request);
    let differences = findings.len() + notes.iter().filter(|note| note.counts).count();
    Report {
        verb: request.verb,
        project: request.project.map(str::to_owned),
        date: request.date.clone(),
        clean: differences <= request.threshold,
        differences,
        threshold: request.threshold,
        expected: provenance(request.compared.expected),
        actual: provenance(request.compared.actual),
        summary: summary::summary(comparison, &ignoring.ignored, expected, actual),
        findings,
        renames: found.likely,
        ambiguous_renames: found.ambiguous,
        ignored,
        notes,
        not_compared: comparison.not_compared.clone(),
        not_visible: comparison.not_visible.clone(),
        sql: request.remedy.map(|remedy| remedy.script.clone()),
        impossible: plan
            .map(|plan| &plan.impossible)
            .into_iter()
            .flatten()
            .map(|impossible| Unmendable {
                object: impossible.object.clone(),
                attribute: impossible.attribute.clone(),
                reason: impossible.reason.clone(),
            })
            .collect(),
        verification: request.verification.clone(),
    }
}

/// The JSON Schema of a report as JSON (2020-12).
pub fn json_schema() -> &'static Value {
    static SCHEMA: LazyLock<Value> = LazyLock::new(|| {
        let settings = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
        let mut schema = settings.into_generator().into_root_schema_for::<Report>().to_value();
        schema["title"] = Value::from("schemacast drift report");
        schema
    });
    &SCHEMA
}

/// Gives findings their place in a file, and what to change there. A file that
/// is read to no end, since there is no finding, is not read.
fn locate<'f>(compared: &Compared<'_>, findings: impl Iterator<Item = &'f mut Finding>) {
    let mut findings = findings.peekable();
    let [expected, actual] = &compared.objects;
    let file = compared.expected.file.as_ref().or(compared.actual.file.as_ref());
    let Some(file) = file.filter(|_| findings.peek().is_some()) else { return };
    let places = Places::of(&file.path, &file.text);
    // A patch makes the expected side what the actual one is.
    let patches = compared.expected.file.is_some().then_some(Patches { places: &places, expected, actual });
    for finding in findings {
        finding.file = Some(places.file.clone());
        finding.line = line(finding, &places, [expected, actual]);
        finding.patch = patches.as_ref().and_then(|patches| patches.patch(finding));
    }
}

/// The line of a finding's object, or of the nearest that it is in.
fn line(finding: &Finding, places: &Places, sides: [&[Object<'_>]; 2]) -> Option<usize> {
    let mut attribute = finding.attribute.as_deref();
    let mut id = finding.object.clone();
    loop {
        if let Some(line) = places.line(&id, attribute) {
            return Some(line);
        }
        attribute = None;
        id = sides.into_iter().flatten().find(|object| object.id == id)?.parent.clone()?;
    }
}

fn notes(request: &Request<'_>) -> Vec<Note> {
    let Compared { comparison, ignoring, rules: ignore_rules, .. } = request.compared;
    let mut notes = Vec::new();
    let mut note = |code: &'static Code, message: String, place: (Option<String>, Option<usize>)| {
        let counts = request.denied.contains(&code);
        let mut fingerprint = hex(&Sha256::digest(format!("{}\0{message}", code.id).as_bytes()));
        fingerprint.truncate(16);
        notes.push(Note { code, message, counts, file: place.0, line: place.1, fingerprint });
    };
    for hidden in &comparison.not_visible {
        note(
            &code::NOT_VISIBLE,
            format!("{} {} is not visible: {}", hidden.kind, hidden.name, hidden.reason),
            (None, None),
        );
    }
    for object in &comparison.not_compared {
        note(&code::NOT_COMPARED, format!("{} {} is not compared", object.kind, object.name), (None, None));
    }
    let positions = request.rules_file.map(|file| Positions::of(&file.text));
    let place = |rule: usize| {
        let path = Path::default().key("drift").key("ignore").index(rule);
        let line = positions.as_ref().and_then(|positions| positions.find(&path, false)).map(|position| position.line);
        (request.rules_file.map(|file| file.path.clone()), line)
    };
    for (rules, code) in [(&ignoring.unused, &code::UNUSED_RULE), (&ignoring.expired, &code::EXPIRED_RULE)] {
        for &at in rules {
            let Some(rule) = ignore_rules.get(at) else { continue };
            let what = match &rule.until {
                Some(until) if std::ptr::eq(code, &code::EXPIRED_RULE) => format!("expired after {until}"),
                _ => "ignores nothing".to_owned(),
            };
            note(code, format!("the rule on `{}` {what} ({})", rule.path, rule.reason), place(at));
        }
    }
    notes
}

fn provenance(side: &Side) -> Provenance {
    let manifest = &side.manifest;
    let version = manifest.source.as_ref().map(|source| source.server_version.clone());
    Provenance {
        name: side.name.clone(),
        server_version: version.filter(|version| !version.is_empty()),
        generated: manifest.generated.clone(),
        left_out: manifest
            .left_out
            .iter()
            .map(|left_out| LeftOutSchema { schema: left_out.schema.clone(), reason: left_out.reason.clone() })
            .collect(),
    }
}

impl Report {
    /// The report's title.
    pub fn title(&self) -> &'static str {
        match self.verb {
            Verb::Drift => "Schema Drift Report",
            Verb::Diff => "Schema Diff Report",
        }
    }

    /// What the two sides are called in a table's head, in its order: the left
    /// one is `before` of a unified diff.
    fn sides(&self) -> [&'static str; 2] {
        match self.verb {
            Verb::Drift => ["manifest", "live"],
            Verb::Diff => ["A", "B"],
        }
    }

    /// A finding's values in the order of [`Self::sides`].
    fn values<'f>(&self, finding: &'f Finding) -> [Option<&'f Value>; 2] {
        match self.verb {
            Verb::Drift => [finding.expected.as_ref(), finding.actual.as_ref()],
            Verb::Diff => [finding.actual.as_ref(), finding.expected.as_ref()],
        }
    }

    /// Whether the object of a finding that is about a whole one is on the left side.
    fn is_left(&self, finding: &Finding) -> bool {
        (finding.difference == Difference::Missing) == (self.verb == Verb::Drift)
    }
}

//! The tools about schemas: the manifest, and how it compares with a database
//! or another manifest. What is generated from it is `generate`'s.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::answer::{Answer, Failure};
use super::chains::Database;
use super::tool::{Call, Effect, Tool, arguments, input, output, plain};
use super::{generate, paths};
use crate::codegen::layout;
use crate::codegen::writer;
use crate::diff::Report;
use crate::diff::report::{self, Proof};
use crate::workspace::comparison::{self, Subject, Terms};
use crate::workspace::database::Live;
use crate::workspace::reading::{self, Outcome};
use crate::workspace::source::Source;

/// The manifest and the generated files are brought to what is there now, and
/// what a person had changed in them is gone.
pub const WRITES: Effect = Effect::Writes { destructive: true, idempotent: true };

pub const TOOLS: [Tool; 4] = [
    Tool {
        name: "introspect",
        title: "Read a database into the manifest",
        description: "Reads a live database (one read-only transaction) into the project's manifest. Writes the manifest, \
                      so it needs a server that may write; with `check` it writes nothing and tells whether the manifest \
                      is what the database holds. For what differs, take `drift`.",
        input: input::<Introspect>,
        output: output::<Outcome>,
        examples: &[r#"{"project": "shop", "check": true}"#, r#"{"project": "shop", "database": "scratch"}"#],
        effect: WRITES,
        run: introspect,
    },
    Tool {
        name: "drift",
        title: "Compare the manifest with a database",
        description: "Compares a project's manifest (what is expected) with a live database (what is there): findings with \
                      the worst first, each with a stable code, its line in the manifest and what mending it does, and \
                      the SQL that mends all. A database that differs is no error: look at `clean`. The SQL is given, \
                      never run.",
        input: input::<Drift>,
        output: report_schema,
        examples: &[
            r#"{"project": "shop"}"#,
            r#"{"project": "shop", "database": "scratch", "verify": true, "stable": true}"#,
        ],
        effect: Effect::Writes { destructive: false, idempotent: true },
        run: drift,
    },
    generate::TOOL,
    Tool {
        name: "diff",
        title: "Compare two schemas",
        description: "What turns schema A into schema B, with the SQL for it. Each is the name of a project (its manifest), \
                      `live:PROJECT` (its configured database), `scratch:PROJECT` (a scratch Postgres with what it \
                      declares), `empty`, or the path of a manifest file below the root. Changes nothing; the SQL is \
                      given, never run.",
        input: input::<Diff>,
        output: report_schema,
        examples: &[
            r#"{"a": "empty", "b": "shop"}"#,
            r#"{"a": "live:shop", "b": "manifests/shop/NEON_SCHEMA_MANIFEST.yaml", "concurrently": true}"#,
        ],
        effect: Effect::Reads,
        run: diff,
    },
];

fn report_schema() -> Value {
    plain(report::json_schema().clone())
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Introspect {
    project: String,
    /// The database; left out: the configured one.
    #[serde(default)]
    database: Option<Database>,
    /// Write nothing, and tell whether the manifest is what the database holds.
    #[serde(default)]
    check: bool,
}

fn live(database: Option<Database>) -> Live<'static> {
    match database {
        Some(Database::Scratch) => Live::Scratch,
        Some(Database::Configured) | None => Live::Named(None),
    }
}

fn introspect(call: &Call, given: Value) -> Result<Answer, Failure> {
    let given: Introspect = arguments(given)?;
    let layout = call.layout(&given.project)?;
    if !given.check && !call.options.allow_write {
        let instead = "`check: true` tells whether the manifest is what the database holds";
        return Err(Failure::read_only("introspect writes the project's manifest", instead));
    }
    let _turn = if given.check { None } else { Some(call.turn(&layout, "introspect")?) };
    let workspace = &call.options.workspace;
    let settings = workspace.settings(&layout)?;
    let live = live(given.database);
    let mut manifest = reading::read(workspace, Some(&layout), Some(&settings), live, &mut call.tell())?;
    let changed = reading::put(Some(&layout), &layout.manifest, &mut manifest, given.check)?;
    let outcome = Outcome::of(&manifest, Some(layout::below(&workspace.root, &layout.manifest)), changed);
    let mut text = reading::text(&manifest, &outcome, given.check);
    if !manifest.not_modelled.is_empty() {
        text.push_str(&reading::not_modelled(&manifest.not_modelled));
    }
    Answer::new(&outcome, text)
}

// No `deny_unknown_fields` beside a flattened part: serde has not both. What is
// unknown is found by the schema before.
#[derive(Deserialize, JsonSchema)]
struct Drift {
    project: String,
    /// The database; left out: the configured one.
    #[serde(default)]
    database: Option<Database>,
    /// Write SCHEMA_DRIFT_REPORT.md into the project's folder; needs a server that may write.
    #[serde(default)]
    write_report: bool,
    #[serde(flatten)]
    manner: Manner,
    /// Make notes count as differences: DRF006 not visible, DRF007 not compared, DRF008 unused and
    /// DRF009 expired ignore rules, or `all`.
    #[serde(default)]
    deny: Vec<String>,
    /// How many differences are still clean.
    #[serde(default)]
    threshold: usize,
}

/// How two schemas are compared.
#[derive(Deserialize, JsonSchema)]
struct Manner {
    /// Try the SQL on a copy without rows, in a scratch Postgres.
    #[serde(default)]
    verify: bool,
    /// Build manifests in a scratch Postgres first, so that those edited by hand compare as Postgres
    /// prints them.
    #[serde(default)]
    canonicalize: bool,
    /// Let the SQL delete data rather than comment those statements out.
    #[serde(default)]
    allow_destructive: bool,
    /// Let the SQL build indexes CONCURRENTLY and validate constraints afterwards.
    #[serde(default)]
    concurrently: bool,
    /// Leave the date out, so that the same differences give the same bytes.
    #[serde(default)]
    stable: bool,
}

impl Manner {
    fn terms(&self, deny: &[String], threshold: usize) -> Result<Terms, Failure> {
        // What is no code is a wrong argument, which no database has to tell.
        let denied = comparison::denied(deny, false).map_err(|error| Failure::Arguments(error.to_string()))?;
        Ok(Terms {
            denied,
            threshold,
            stable: self.stable,
            allow_destructive: self.allow_destructive,
            concurrently: self.concurrently,
            verify: self.verify,
            canonicalize: self.canonicalize,
        })
    }
}

fn drift(call: &Call, given: Value) -> Result<Answer, Failure> {
    let given: Drift = arguments(given)?;
    let terms = given.manner.terms(&given.deny, given.threshold)?;
    let places = call.places(&given.project)?;
    if given.write_report && !call.options.allow_write {
        let instead = "Leave `write_report` out: the report is in the answer";
        return Err(Failure::read_only("`write_report` writes a file", instead));
    }
    let _turn = if given.write_report { Some(call.turn(&places.layout, "drift")?) } else { None };
    let subject = Subject { project: Some(&places.layout.name), manifest: None };
    let report = comparison::drift(&call.options.workspace, subject, live(given.database), &terms, &mut call.tell())?;
    if given.write_report {
        writer::write_file(&places.drift_report(), report::markdown(&report).as_bytes())
            .map_err(crate::workspace::Error::from)?;
    }
    reported(&report)
}

/// A report, as an answer: its verdict and findings, not its SQL, as text.
fn reported(report: &Report) -> Result<Answer, Failure> {
    // What was asked for is a proof, and there is none.
    let is_unproved = report.verification.as_ref().is_some_and(|proof| proof.verdict != Proof::Converges);
    Ok(Answer::new(report, report::text(report))?.failed(is_unproved))
}

// As for `Drift`.
#[derive(Deserialize, JsonSchema)]
struct Diff {
    /// What there is.
    a: String,
    /// What it is to become.
    b: String,
    #[serde(flatten)]
    manner: Manner,
    /// How many differences are still clean.
    #[serde(default)]
    threshold: usize,
}

fn diff(call: &Call, given: Value) -> Result<Answer, Failure> {
    let given: Diff = arguments(given)?;
    let terms = given.manner.terms(&[], given.threshold)?;
    let (a, b) = (source(call, "a", &given.a)?, source(call, "b", &given.b)?);
    let report = comparison::diff(&call.options.workspace, &a, &b, &terms, &mut call.tell())?;
    reported(&report)
}

/// The schema that a word means. What may be a connection string is refused
/// without being repeated, for it may hold a password; a URL was before.
fn source(call: &Call, argument: &str, text: &str) -> Result<Source, Failure> {
    if text.contains('=') {
        return Err(Failure::Arguments(format!(
            "`{argument}` is no connection string here: `live:PROJECT` is the database that is configured for a project"
        )));
    }
    let root = &call.options.workspace.root;
    let source = Source::parse_in(root, text);
    match &source {
        Source::File(_) => {
            paths::below(root, text).map_err(Failure::Failed)?;
        }
        Source::Project(name) | Source::Live(name) | Source::Scratch(name) => {
            call.layout(name)?;
        }
        Source::Empty | Source::Url(_) => {}
    }
    Ok(source)
}

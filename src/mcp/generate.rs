//! The tool that casts manifests into files.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::answer::{Answer, Failure};
use super::paths;
use super::schemas::WRITES;
use super::tool::{Call, Tool, arguments, input, output};
use crate::codegen::generate;
use crate::codegen::layout::{self, Layout};
use crate::codegen::loss::{Code, Deny};
use crate::codegen::writer::Mode;
use crate::workspace::casting::{self, Job};

/// The tool `generate`.
pub const TOOL: Tool = Tool {
    name: "generate",
    title: "Generate files from manifests",
    description: "Casts manifests into the generated files (Firestore, Amplify GraphQL, Rust models, Markdown …), each \
                  parsed before it is written, with findings for what a target cannot express. Writes files, so it \
                  needs a server that may write; with `check` it writes nothing and names the stale ones.",
    input: input::<Generate>,
    output: output::<Generated>,
    examples: &[r#"{"check": true}"#, r#"{"project": "shop", "targets": ["firestore", "models"], "deny": ["AMP003"]}"#],
    effect: WRITES,
    run,
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Generate {
    /// The project; left out: all.
    #[serde(default)]
    project: Option<String>,
    /// The targets; left out: those of project.yaml, else all (firestore, amplify, models, inventory).
    #[serde(default)]
    targets: Vec<String>,
    /// Write nothing, and name the files that are stale.
    #[serde(default)]
    check: bool,
    /// Make findings errors, before anything is written: codes, what codes begin with, `new` (not in the record of
    /// the last generation), or `all`. What project.yaml accepts is none.
    #[serde(default)]
    deny: Vec<String>,
    /// Name the place of each finding, not their number alone: some hundreds in a large schema.
    #[serde(default)]
    places: bool,
}

#[derive(Serialize, JsonSchema)]
struct Generated {
    /// Whether files were not what the manifests say.
    stale: bool,
    projects: Vec<ProjectFiles>,
    /// Projects of which nothing was written, since findings are denied.
    denied: Vec<Denied>,
}

#[derive(Serialize, JsonSchema)]
struct ProjectFiles {
    project: String,
    /// The folder, below the root.
    out: String,
    /// Files that were written, or with `check` are stale.
    written: Vec<String>,
    unchanged: usize,
    /// Files that are no longer made.
    removed: Vec<String>,
    /// Files that somebody changed by hand.
    edited: Vec<String>,
    /// Files that are no longer made and stay, for they hold notes.
    kept: Vec<String>,
    findings: Vec<Loss>,
}

/// What a target cannot express, by its code.
#[derive(Serialize, JsonSchema)]
struct Loss {
    code: String,
    title: String,
    way_out: String,
    count: usize,
    /// How many were not there at the last generation.
    new: usize,
    /// How many project.yaml accepts.
    accepted: usize,
    /// Where, with `places`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    at: Vec<LossAt>,
}

#[derive(Serialize, JsonSchema)]
struct LossAt {
    path: String,
    reason: String,
    /// Whether it was not there at the last generation.
    new: bool,
    /// Why project.yaml accepts it.
    #[serde(skip_serializing_if = "Option::is_none")]
    accepted: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct Denied {
    project: String,
    reason: String,
}

fn run(call: &Call, given: Value) -> Result<Answer, Failure> {
    let given: Generate = arguments(given)?;
    let deny = Deny::new(&given.deny).map_err(|error| Failure::Arguments(format!("`deny`: {error}")))?;
    if !given.check && !call.options.allow_write {
        let instead = "`check: true` names the files that are stale";
        return Err(Failure::read_only("generate writes files", instead));
    }
    let mode = if given.check { Mode::Check } else { Mode::Write };
    let workspace = &call.options.workspace;
    let layouts = call.layouts(given.project.as_deref())?;
    let turn = |layout: &Layout| {
        paths::tree(&workspace.root, &layout.generated).map_err(Failure::Failed)?;
        call.turn(layout, "generate")
    };
    let _turns: Vec<_> = if given.check { Vec::new() } else { layouts.iter().map(turn).collect::<Result<_, _>>()? };
    let mut generated = Generated { stale: false, projects: Vec::new(), denied: Vec::new() };
    let mut text = String::new();
    for layout in layouts {
        let job = Job::of_project(workspace, layout, None)?;
        match job.run(&given.targets, mode, &deny) {
            Ok(report) => {
                let out = layout::below(&workspace.root, &job.out);
                text.push_str(&casting::text(&job, &out, &report, given.check));
                generated.stale |= report.persisted.is_stale();
                generated.projects.push(files(&job, out, report, given.places));
            }
            // The other projects still get theirs.
            Err(error @ (generate::Error::Denied(_) | generate::Error::Coverage { .. })) => {
                text.push_str(&format!("{}: {error}\n", job.name));
                generated.denied.push(Denied { project: job.name, reason: error.to_string() });
            }
            Err(error) => return Err(Failure::Failed(error.to_string())),
        }
    }
    let failed = !generated.denied.is_empty();
    Ok(Answer::new(&generated, text)?.failed(failed))
}

fn files(job: &Job, out: String, report: generate::Report, places: bool) -> ProjectFiles {
    let at = |at: &usize| LossAt {
        path: report.findings[*at].path.clone(),
        reason: report.findings[*at].reason.clone(),
        new: casting::is_new(&report, *at),
        accepted: casting::accepted(job, &report, *at).map(str::to_owned),
    };
    let loss = |(code, found): (&'static Code, Vec<usize>)| {
        let counts = casting::Counts::of(&report, found.iter().copied());
        Loss {
            code: code.id.to_owned(),
            title: code.title.to_owned(),
            way_out: code.way_out.to_owned(),
            count: found.len(),
            new: counts.new,
            accepted: counts.accepted,
            at: if places { found.iter().map(at).collect() } else { Vec::new() },
        }
    };
    let findings = casting::by_code(&report.findings).into_iter().map(loss).collect();
    ProjectFiles {
        project: job.name.clone(),
        out,
        written: report.persisted.written,
        unchanged: report.persisted.unchanged.len(),
        removed: report.persisted.removed,
        edited: report.persisted.edited,
        kept: report.persisted.kept,
        findings,
    }
}

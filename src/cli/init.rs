//! `schemacast init`: a new project, from a database or from nothing.

use std::fmt::Write as _;

use serde::Serialize;

use super::args::{Common, Init, Start};
use super::print::Printer;
use super::{Error, Verdict};
use crate::codegen::layout::Layout;
use crate::codegen::manifest::Manifest;
use crate::codegen::project::Project;
use crate::scaffold;
use crate::tasks::action::introspect::Counts;
use crate::workspace::{Tell as _, Workspace, database};

/// What was made, as `--output json` prints it.
#[derive(Serialize)]
struct Outcome {
    project: String,
    from: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    profile: Option<String>,
    written: Vec<String>,
    kept: Vec<String>,
    /// Lines that .gitignore should have.
    ignore: Vec<&'static str>,
    advice: Vec<String>,
    /// Commands, each of which runs as it is.
    next: Vec<String>,
}

pub fn run(common: &Common, verb: &Init, printer: &mut Printer) -> Result<Verdict, Error> {
    let workspace = common.workspace();
    let layout = scaffold::place(&workspace.root, &verb.project, verb.force)?;
    // Of a project that is only filled up, its settings count.
    let settings = workspace.settings(&layout)?;
    let read = match from(verb, &workspace, &settings)? {
        Start::Nothing => None,
        Start::Database => Some(introspect(&workspace, verb, &settings, printer)?),
    };
    let made = scaffold::scaffold(&workspace.root, &layout, &settings, read.clone())?;
    let outcome = Outcome {
        project: layout.name.clone(),
        from: if read.is_some() { "database" } else { "nothing" },
        profile: read.as_ref().and_then(|manifest| manifest.source.as_ref()?.profile.clone()),
        written: made.written,
        kept: made.kept,
        ignore: scaffold::not_ignored(&workspace.root),
        advice: advice(verb, &workspace, &settings, read.as_ref()),
        next: next(&layout, read.as_ref()),
    };
    printer.result(&outcome, &text(&outcome, common.quiet))?;
    Ok(Verdict::Yes)
}

/// What it begins with where that was not said: a database that is named.
fn from(verb: &Init, workspace: &Workspace, settings: &Project) -> Result<Start, Error> {
    match (verb.from, &verb.database_url) {
        (Some(Start::Nothing), Some(_)) => {
            Err(Error::Usage("--from nothing asks no database: leave --database-url out".to_owned()))
        }
        (Some(from), _) => Ok(from),
        (None, Some(_)) => Ok(Start::Database),
        (None, None) => match database::named_url(&workspace.root, Some(settings)) {
            Ok(_) => Ok(Start::Database),
            Err(database::Error::NoUrl(_)) => Ok(Start::Nothing),
            Err(error) => Err(error.into()),
        },
    }
}

fn introspect(
    workspace: &Workspace,
    verb: &Init,
    settings: &Project,
    printer: &mut Printer,
) -> Result<Manifest, Error> {
    let mut database = database::open_named(workspace, verb.database_url.as_deref(), Some(settings), printer)?;
    let manifest = database::introspect(&mut database, &workspace.reading(Some(settings)), printer)?;
    let place = database.session.settings().place();
    printer.note(&format!("read {place}: {}", Counts::of(&manifest)));
    for object in &manifest.not_modelled {
        printer
            .warning(&format!("the {} {} cannot be in a manifest, and nothing compares it", object.kind, object.name));
    }
    Ok(manifest)
}

/// What a person should know before the commands.
fn advice(verb: &Init, workspace: &Workspace, settings: &Project, read: Option<&Manifest>) -> Vec<String> {
    let mut advice = Vec::new();
    if read.is_some() && database::named_url(&workspace.root, Some(settings)).is_err() && verb.database_url.is_some() {
        let line =
            "Put the URL into the environment or into .env, as DATABASE_URL=…: the commands below take it from there.";
        advice.push(line.to_owned());
    }
    match read {
        None => {
            advice.push("The sample migration is to be replaced by your own, before it is applied anywhere.".to_owned())
        }
        Some(manifest) if is_empty(manifest) => {
            advice.push(
                "The database has no table yet, so there is nothing to generate from: add a migration.".to_owned(),
            );
        }
        Some(_) => {
            let line = "What bootstrap/ makes is for scratch servers: put there what --scratch should start from.";
            advice.push(line.to_owned());
        }
    }
    advice
}

fn is_empty(manifest: &Manifest) -> bool {
    let relations = |schema: &crate::codegen::manifest::Schema| {
        schema.tables.len() + schema.views.len() + schema.materialized_views.len()
    };
    manifest.schemas.iter().all(|schema| relations(schema) == 0)
}

fn next(layout: &Layout, read: Option<&Manifest>) -> Vec<String> {
    let name = &layout.name;
    let verbs: &[&str] = match read {
        None => &["doctor NAME", "run-chain NAME --scratch"],
        Some(manifest) if is_empty(manifest) => &["doctor NAME", "drift NAME"],
        Some(_) => &["doctor NAME", "drift NAME", "run-chain NAME"],
    };
    verbs.iter().map(|verb| format!("schemacast {}", verb.replace("NAME", name))).collect()
}

fn text(outcome: &Outcome, quiet: bool) -> String {
    let mut text = String::new();
    if quiet {
        return text;
    }
    for (what, files) in [("wrote", &outcome.written), ("kept", &outcome.kept)] {
        for file in files {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{what} {file}");
        }
    }
    if !outcome.ignore.is_empty() {
        let _ = writeln!(text, "\n.gitignore should have (it is yours, so it was not touched):");
        text.extend(outcome.ignore.iter().map(|line| format!("  {line}\n")));
    }
    if !outcome.advice.is_empty() {
        let _ = writeln!(text, "\n{}", outcome.advice.join("\n"));
    }
    let _ = writeln!(text, "\nNext:");
    text.extend(outcome.next.iter().map(|command| format!("  {command}\n")));
    text
}

//! The models against a live database: what `validate --types` means.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;

use super::casting::Job;
use super::comparison::Subject;
use super::database::{self, Live};
use super::{Error, Tell, Workspace};
use crate::codegen::catalog::Catalog;
use crate::codegen::layout;
use crate::codegen::loss::Deny;
use crate::codegen::target::Input;
use crate::codegen::target::models::{self, Claim};
use crate::codegen::writer::Mode;
use crate::prove::{self, Mismatch, Unproved};

/// What became of a proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Proof {
    /// The project's name, or the manifest's.
    pub name: String,
    pub tables: usize,
    pub views: usize,
    pub columns: usize,
    /// Enums, domains, composite and range types.
    pub types: usize,
    pub mismatches: Vec<Mismatch>,
    /// Statements that could not be tried.
    pub unproved: Vec<Unproved>,
    /// Files of the models that are not what the manifest gives.
    pub stale: Vec<String>,
    /// What to do about what was found; none: nothing was.
    pub way_out: Option<String>,
}

impl Proof {
    /// Whether something in it is wrong, rather than unknown.
    pub fn is_refuted(&self) -> bool {
        !self.mismatches.is_empty() || !self.stale.is_empty()
    }
}

/// Proves the models of a project, or of a manifest, against a database.
///
/// # Errors
/// There is no such project, manifest or database, the models cannot be made
/// of the manifest, or the connection fails.
pub fn prove(workspace: &Workspace, subject: Subject<'_>, live: Live<'_>, tell: &mut dyn Tell) -> Result<Proof, Error> {
    let layout = subject.project.map(|name| workspace.layout(name)).transpose()?;
    let (settings, file) = match (&layout, subject.manifest) {
        (Some(layout), manifest) => (workspace.settings(layout)?, manifest.unwrap_or(&layout.manifest)),
        (None, Some(manifest)) => (workspace.loose_settings(manifest)?, manifest),
        (None, None) => return Err(Error::Usage("name a project, or a manifest with --manifest FILE".to_owned())),
    };
    // What is wrong with the files is said before anything is connected to.
    let manifest = layout::read_manifest(file)?;
    let catalog = Catalog::new(&manifest);
    let manifest_path = layout::below(&workspace.root, file);
    let input = Input { catalog: &catalog, project: &settings, manifest_path: &manifest_path, others: &[] };
    let claims = models::claims(&input).map_err(|error| Error::Usage(format!("{manifest_path}: {error}")))?;
    let mut stale = Vec::new();
    if let Some(layout) = &layout
        && layout.generated.join("models/mod.rs").is_file()
    {
        let job = Job::of_project(workspace, layout.clone(), None)?;
        let report = job.run(&["models".to_owned()], Mode::Check, &Deny::default());
        let report = report.map_err(|error| Error::Usage(error.to_string()))?;
        let shown = |path: &String| layout::below(&workspace.root, &layout.generated.join(path));
        stale = report.persisted.written.iter().chain(&report.persisted.edited).map(shown).collect();
    }
    let mut database = match (live, &layout) {
        (Live::Scratch, Some(layout)) => database::open_scratch(layout, &settings, tell)?,
        (Live::Scratch, None) => {
            return Err(Error::Usage("--scratch fills a project's database: name the project".to_owned()));
        }
        (Live::Named(url), _) => database::open_named(workspace, url, Some(&settings), tell)?,
    };
    let there = database::introspect(&mut database, &workspace.reading(Some(&settings)), tell)?;
    let mut mismatches = prove::compare(&claims, &catalog, &Catalog::new(&there));
    let tried = tried(&claims, &mismatches);
    let answers = database.session.run(async |client| prove::statements(client, &tried).await);
    let answers = answers.map_err(|error| {
        let message = database.session.explain("try the models' statements", &error.0);
        Error::Usage(message)
    })?;
    let known: BTreeSet<String> = mismatches.iter().map(|mismatch| mismatch.path.clone()).collect();
    // What the catalog told already is not said twice: of a column, or of the
    // statement that is refused because of one.
    let is_told = |mismatch: &Mismatch| {
        let column = format!("{}.", mismatch.path);
        known.contains(&mismatch.path) || known.iter().any(|path| path.starts_with(&column))
    };
    mismatches.extend(answers.mismatches.into_iter().filter(|mismatch| !is_told(mismatch)));
    let user_types = |schema: &crate::codegen::manifest::Schema| {
        schema.enums.len() + schema.domains.len() + schema.composites.len() + schema.ranges.len()
    };
    let mut proof = Proof {
        tables: claims.iter().filter(|claim| !claim.is_view).count(),
        views: claims.iter().filter(|claim| claim.is_view).count(),
        columns: claims.iter().map(|claim| claim.columns.len()).sum(),
        types: manifest.schemas.iter().map(user_types).sum(),
        name: settings.name.clone(),
        mismatches,
        unproved: answers.unproved,
        stale,
        way_out: None,
    };
    proof.way_out = way_out(&proof, subject, live);
    Ok(proof)
}

/// The claims whose statements have a chance: of a relation or column that is
/// not there it has been said, once for each.
fn tried<'c>(claims: &'c [Claim], mismatches: &[Mismatch]) -> Vec<&'c Claim> {
    let missing: BTreeSet<&str> = mismatches
        .iter()
        .filter(|mismatch| mismatch.database.starts_with("no such "))
        .map(|mismatch| mismatch.path.as_str())
        .collect();
    let is_there = |claim: &&Claim| {
        let path = claim.path();
        !missing.contains(path.as_str())
            && !claim.columns.iter().any(|column| missing.contains(format!("{path}.{}", column.name).as_str()))
    };
    claims.iter().filter(is_there).collect()
}

fn way_out(proof: &Proof, subject: Subject<'_>, live: Live<'_>) -> Option<String> {
    let name = subject.project.unwrap_or("PROJECT");
    let scratch = if matches!(live, Live::Scratch) { " --scratch" } else { "" };
    if !proof.mismatches.is_empty() {
        return Some(format!(
            "where the database is right: `schemacast introspect {name}{scratch}`, then `schemacast generate {name}`; \
             where the models are: `schemacast drift {name}{scratch} --sql FILE` writes the SQL"
        ));
    }
    (!proof.stale.is_empty()).then(|| format!("`schemacast generate {name}`"))
}

/// A proof for people.
pub fn text(proof: &Proof) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    for file in &proof.stale {
        let _ = writeln!(text, "{file}: is not what the manifest gives");
    }
    for Mismatch { path, what, model, database } in &proof.mismatches {
        let _ = writeln!(text, "{path}: {what}: the models say {model}, the database {database}");
    }
    for Unproved { path, reason } in &proof.unproved {
        let _ = writeln!(text, "{path}: not proved: {reason}");
    }
    let wrong = proof.mismatches.len() + proof.stale.len();
    let _ = writeln!(
        text,
        "{}: {} tables, {} views, {} columns, {} types: {wrong} wrong, {} not proved",
        proof.name,
        proof.tables,
        proof.views,
        proof.columns,
        proof.types,
        proof.unproved.len(),
    );
    if let Some(way_out) = &proof.way_out {
        let _ = writeln!(text, "the way out: {way_out}");
    }
    text
}

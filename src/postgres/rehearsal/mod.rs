//! Tries SQL out before anybody runs it on something that matters.
//!
//! `stage` is a database of a scratch server that is made to hold what a
//! manifest says; `strangers` are the roles and the tables of others that the
//! manifest speaks of and does not hold. [`rehearse`] puts the actual side on
//! a stage, applies a plan and reads what became of it; [`canonicalize`] gives
//! a manifest that a person wrote as Postgres would have written it.
//!
//! Architecture Invariant: a rehearsal never claims more than was tried. What
//! the stage could not hold is named, and where the plan touches it nothing is
//! claimed at all.

mod stage;
mod strangers;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use self::stage::{Refusal, Stage};
use crate::codegen::manifest::{Extension, LeftOut, Manifest, ObjectId};
use crate::diff::report::{Proof, Remark, Verification, quoted};
use crate::diff::{Change, Difference, Plan, compare, objects};
use crate::postgres::bootstrap::BootstrapError;
use crate::postgres::connect::ConnectError;
use crate::postgres::introspect;
use crate::postgres::scratch::{self, ScratchError, ScratchServer};

/// Why nothing could be tried.
#[derive(Debug, thiserror::Error)]
pub enum RehearsalError {
    #[error(transparent)]
    Scratch(#[from] ScratchError),
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error(transparent)]
    Bootstrap(#[from] BootstrapError),
    #[error("the scratch database: {0}")]
    Introspect(#[from] introspect::Error),
    #[error("the scratch database cannot be prepared ({what}): {message}")]
    Prepare { what: String, message: String },
    /// Only of [`canonicalize`].
    #[error("a scratch Postgres {version} does not take all of it:\n{}", .refused.join("\n"))]
    Refused { version: String, refused: Vec<String> },
}

/// Where to try something out.
pub struct Surroundings<'r> {
    pub scratch: &'r scratch::Options,
    /// The SQL that a project's database starts from, if there is a project: it
    /// has what the manifest leaves out.
    pub bootstrap: &'r [PathBuf],
}

/// Whether a plan turns what is there into what is expected: on a copy without
/// rows.
///
/// `uncounted` are differences that are to stay, such as those that a project
/// ignores. Whatever goes wrong is in the answer.
pub fn rehearse(
    surroundings: &Surroundings<'_>,
    actual: &Manifest,
    expected: &Manifest,
    plan: &Plan,
    uncounted: &[Change],
) -> Verification {
    let held_back = plan.steps.iter().filter(|step| step.held_back).count();
    let impossible = plan.impossible.len();
    let verification = match plan.steps.iter().any(|step| !step.held_back) {
        true => prove(surroundings, actual, expected, plan, uncounted)
            .unwrap_or_else(|error| Verification::not_proved(error.to_string())),
        // Nothing runs, so that all that differs is left.
        false => outcome(&unexplained(actual, expected, plan, uncounted, &Kin::of(&[actual, expected]))),
    };
    Verification { held_back, impossible, ..verification }
}

fn prove(
    surroundings: &Surroundings<'_>,
    actual: &Manifest,
    expected: &Manifest,
    plan: &Plan,
    uncounted: &[Change],
) -> Result<Verification, RehearsalError> {
    let server = ScratchServer::start(surroundings.scratch)?;
    let server_version = Some(server.binaries().version.clone());
    let mut stage = Stage::set(&server, surroundings.bootstrap, &[actual, expected])?;
    let refused = stage.hold(actual)?;
    let unlike = compare(actual, &stage.read()?).changes;
    let kin = Kin::of(&[actual, expected]);
    let not_rehearsed = remarks(&unlike, &refused);
    let touched: Vec<String> = unlike
        .iter()
        .filter(|change| plan.steps.iter().any(|step| !step.held_back && kin.is_in(&step.object, change)))
        .map(|change| change.object.to_string())
        .collect();
    if !touched.is_empty() {
        let mut verification = Verification::not_proved(format!(
            "the scratch database cannot hold what the SQL is about: {}",
            touched.join(", ")
        ));
        verification.server_version = server_version;
        verification.not_rehearsed = not_rehearsed;
        return Ok(verification);
    }
    if let Err(refusal) = stage.perform(plan)? {
        // Where something is missing, that may be the cause.
        let verdict = if unlike.is_empty() { Proof::Differs } else { Proof::NotProved };
        let reason = Some(format!("the SQL fails at {}", refusal.text()));
        return Ok(Verification { server_version, not_rehearsed, reason, ..Verification::of(verdict) });
    }
    let mut left = unexplained(&stage.read()?, expected, plan, uncounted, &kin);
    left.retain(|change| !unlike.iter().any(|unlike| kin.is_in(&change.object, unlike)));
    Ok(Verification { server_version, not_rehearsed, ..outcome(&left) })
}

fn outcome(left: &[Change]) -> Verification {
    let verdict = if left.is_empty() { Proof::Converges } else { Proof::Differs };
    Verification { left: remarks(left, &[]), ..Verification::of(verdict) }
}

/// What differs and is neither held back, nor impossible, nor to stay.
fn unexplained(actual: &Manifest, expected: &Manifest, plan: &Plan, uncounted: &[Change], kin: &Kin) -> Vec<Change> {
    let is_explained = |change: &Change| {
        let is_held = |id: &ObjectId| plan.steps.iter().any(|step| step.held_back && step.object == *id);
        let is_impossible = |id: &ObjectId| {
            plan.impossible.iter().any(|it| {
                let is_it = *id == change.object && it.attribute == change.attribute;
                it.object == *id && (it.attribute.is_none() || is_it)
            })
        };
        kin.line(&change.object).any(|id| is_held(id) || is_impossible(id))
            || uncounted.iter().any(|other| other.object == change.object && other.attribute == change.attribute)
    };
    compare(expected, actual).changes.into_iter().filter(|change| !is_explained(change)).collect()
}

/// A manifest as Postgres writes it: built in a scratch database and read back.
///
/// Where it came from and what it leaves out stay as they are, and so do the
/// versions of extensions, which are those of the server they were read from.
///
/// # Errors
/// No scratch server, or statements that it refuses: all of them.
pub fn canonicalize(surroundings: &Surroundings<'_>, manifest: &Manifest) -> Result<Manifest, RehearsalError> {
    let server = ScratchServer::start(surroundings.scratch)?;
    let mut stage = Stage::set(&server, surroundings.bootstrap, &[manifest])?;
    let refused = stage.hold(manifest)?;
    if !refused.is_empty() {
        let version = server.binaries().version.clone();
        return Err(RehearsalError::Refused { version, refused: refused.iter().map(Refusal::text).collect() });
    }
    let read = stage.read()?;
    let known = |name: &str| manifest.extensions.iter().find(|extension| extension.name == name);
    let extensions = read.extensions.into_iter().map(|extension| match known(&extension.name) {
        Some(Extension { version, comment, types, .. }) => {
            Extension { version: version.clone(), comment: comment.clone(), types: types.clone(), ..extension }
        }
        None => extension,
    });
    let mut left_out = manifest.left_out.clone();
    // What the stand-in of a schema does not show stays as it was written.
    let attached = |schema: &LeftOut| -> usize {
        schema.tables.iter().map(|table| table.triggers.len() + table.rules.len() + table.policies.len()).sum()
    };
    for schema in &mut left_out {
        let same = |read: &&LeftOut| read.schema == schema.schema && attached(read) == attached(schema);
        if let Some(read) = read.left_out.iter().find(same) {
            schema.tables = read.tables.clone();
        }
    }
    Ok(Manifest {
        version: manifest.version.clone(),
        generated: manifest.generated.clone(),
        source: manifest.source.clone(),
        left_out,
        not_visible: manifest.not_visible.clone(),
        not_modelled: manifest.not_modelled.clone(),
        extensions: extensions.collect(),
        ..read
    })
}

/// Who hangs on whom, on either side.
struct Kin {
    parents: BTreeMap<ObjectId, ObjectId>,
}

impl Kin {
    fn of(manifests: &[&Manifest]) -> Self {
        let mut parents = BTreeMap::new();
        for manifest in manifests {
            parents.extend(objects(manifest).into_iter().filter_map(|object| Some((object.id, object.parent?))));
        }
        Self { parents }
    }

    /// An object, and all that it is in.
    fn line<'k>(&'k self, id: &'k ObjectId) -> impl Iterator<Item = &'k ObjectId> {
        // No object is in itself, so that it ends.
        std::iter::successors(Some(id), |id| self.parents.get(*id))
    }

    /// Whether an object is that of a change, or in one that is missing or
    /// unexpected as a whole.
    fn is_in(&self, id: &ObjectId, change: &Change) -> bool {
        change.object == *id
            || (change.difference != Difference::Changed && self.line(id).any(|above| *above == change.object))
    }
}

/// Each difference with what Postgres said when it refused the object.
fn remarks(changes: &[Change], refused: &[Refusal]) -> Vec<Remark> {
    let mut seen = BTreeSet::new();
    changes
        .iter()
        .filter(|change| seen.insert((&change.object, &change.attribute)))
        .map(|change| {
            let said = refused.iter().find(|refusal| refusal.object == change.object);
            let message = match (said, change.difference) {
                (Some(refusal), _) => refusal.message.clone(),
                (None, Difference::Missing) => "is missing".to_owned(),
                (None, Difference::Unexpected) => "is unexpected".to_owned(),
                (None, Difference::Changed) => {
                    let (expected, actual) = (quoted(change.expected.as_ref()), quoted(change.actual.as_ref()));
                    format!("is {actual}, expected {expected}")
                }
            };
            Remark { object: change.object.clone(), attribute: change.attribute.clone(), message }
        })
        .collect()
}

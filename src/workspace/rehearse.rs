//! What `drift` and `diff` try out in a scratch Postgres: the SQL that they
//! plan, and manifests that were edited by hand.

use super::{Error, Tell, database};
use crate::codegen::layout::Layout;
use crate::diff::report::{Side, Verification};
use crate::diff::{Change, Difference, Plan};
use crate::postgres::bootstrap;
use crate::postgres::rehearsal::{self, RehearsalError, Surroundings};

/// Whether a plan turns the one side into the other. What a project's database
/// starts from is there too, where there is a project.
pub fn verify(
    from: &Side,
    to: &Side,
    plan: &Plan,
    uncounted: &[Change],
    layout: Option<&Layout>,
    tell: &mut dyn Tell,
) -> Verification {
    let bootstrap = match bootstrap_of(layout) {
        Ok(files) => files,
        Err(error) => return Verification::not_proved(error.to_string()),
    };
    let scratch = database::scratch_options(tell);
    let surroundings = Surroundings { scratch: &scratch, bootstrap: &bootstrap };
    let _busy = tell.busy("rehearsing the SQL");
    rehearsal::rehearse(&surroundings, &from.manifest, &to.manifest, plan, uncounted)
}

/// Puts what Postgres makes of a manifest file in the place of what it says.
/// The file's text stays, for findings to point into.
///
/// # Errors
/// No scratch server, or what it does not take of the file.
pub fn canonicalize(side: &mut Side, layout: Option<&Layout>, tell: &mut dyn Tell) -> Result<(), Error> {
    let failed = |error: RehearsalError| {
        Error::Database(database::Error::Canonicalize { file: side.name.clone(), error: Box::new(error) })
    };
    let bootstrap = bootstrap_of(layout).map_err(failed)?;
    let scratch = database::scratch_options(tell);
    let surroundings = Surroundings { scratch: &scratch, bootstrap: &bootstrap };
    let _busy = tell.busy("building the manifest");
    side.manifest = rehearsal::canonicalize(&surroundings, &side.manifest).map_err(failed)?;
    side.name.push_str(" (canonicalized)");
    Ok(())
}

fn bootstrap_of(layout: Option<&Layout>) -> Result<Vec<std::path::PathBuf>, RehearsalError> {
    Ok(layout.map(bootstrap::base_files).transpose()?.unwrap_or_default())
}

/// Texts that Postgres prints in its own way, however they were written.
const SPELLED: [&str; 9] = [
    "definition",
    "default",
    "expression",
    "generated.expression",
    "predicate",
    "returns",
    "type",
    "using",
    "with_check",
];

/// Whether all that differs is how a text is written, and a file is at hand in
/// which a person may have written it.
pub fn may_be_spelling(changes: &[Change], sides: [&Side; 2]) -> bool {
    let is_text = |change: &Change| {
        change.difference == Difference::Changed
            && change.attribute.as_deref().is_some_and(|attribute| SPELLED.contains(&attribute))
            && [&change.expected, &change.actual].into_iter().all(|value| value.as_ref().is_some_and(|v| v.is_string()))
    };
    !changes.is_empty() && sides.iter().any(|side| side.file.is_some()) && changes.iter().all(is_text)
}
